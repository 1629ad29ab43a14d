//! What a statement is to the executor, from its first words.

use super::Kind;
use super::token::{Depth, Family, Token, statement};

pub(super) const DML: [&str; 4] = ["INSERT", "UPDATE", "DELETE", "REPLACE"];

pub(super) fn kind(family: &'static dyn Family, sql: &str) -> Kind {
    let mut tokens = statement(family, sql);
    let Some(first) = tokens.next() else { return Kind::Other };
    let control = |words: &str| Kind::TransactionControl(words.to_owned());
    if first.is_any(&DML) {
        Kind::Dml
    } else if first.is("WITH") {
        if with_verbs(first, tokens).any(|verb| verb.is_any(&DML)) {
            Kind::Dml
        } else {
            Kind::Other
        }
    } else if first.is("BEGIN") {
        // MariaDB's BEGIN NOT ATOMIC is a compound statement.
        let compound = tokens.next().is_some_and(|token| token.is("NOT"))
            && tokens.next().is_some_and(|token| token.is("ATOMIC"));
        if compound { Kind::Other } else { control("BEGIN") }
    } else if first.is("ROLLBACK") {
        match tokens.find(|token| !token.is_any(&["WORK", "TRANSACTION"])) {
            Some(token) if token.is("TO") => Kind::Savepoint("ROLLBACK TO".to_owned()),
            _ => control("ROLLBACK"),
        }
    } else if first.is_any(&["SAVEPOINT", "RELEASE"]) {
        Kind::Savepoint(first.text.to_ascii_uppercase())
    } else if first.is_any(&["COMMIT", "END", "ABORT", "XA"]) {
        control(&first.text.to_ascii_uppercase())
    } else if first.is("SET") {
        set(tokens)
    } else {
        let second = tokens.next();
        let pair = |one, two| first.is(one) && second.is_some_and(|token| token.is(two));
        if pair("START", "TRANSACTION") {
            control("START TRANSACTION")
        } else if pair("PREPARE", "TRANSACTION") {
            control("PREPARE TRANSACTION")
        } else {
            Kind::Other
        }
    }
}

/// SET TRANSACTION is about the transaction that runs or comes next, as is MySQL's autocommit;
/// a user variable of that name, `@autocommit`, is not.
fn set<'a>(tokens: impl Iterator<Item = Token<'a>>) -> Kind {
    let mut before: Option<Token<'_>> = None;
    let mut autocommit = false;
    for token in tokens {
        if before.is_none() && token.is("TRANSACTION") {
            return Kind::TransactionControl("SET TRANSACTION".to_owned());
        }
        if autocommit && (token.is_symbol("=") || token.is_symbol(":=")) {
            return Kind::TransactionControl("SET autocommit".to_owned());
        }
        let user_variable = before.is_some_and(|before| before.is_symbol("@"));
        let name = token.text.trim_matches('`');
        autocommit = name.eq_ignore_ascii_case("autocommit") && !user_variable;
        before = Some(token);
    }
    Kind::Other
}

/// The verb behind a WITH, and the verbs in its brackets that change data (PostgreSQL).
pub(super) fn with_verbs<'a>(
    with: Token<'a>,
    tokens: impl Iterator<Item = Token<'a>>,
) -> impl Iterator<Item = Token<'a>> {
    let mut depth = Depth::default();
    let mut before = with;
    let mut ended = false;
    tokens.filter(move |token| {
        let behind = std::mem::replace(&mut before, *token);
        let depth = depth.behind(token);
        let named = behind.is_any(&["WITH", "RECURSIVE", "AS"])
            || behind.is_symbol(",")
            || behind.is_symbol(".");
        let verb = match depth {
            // Behind the verb of the statement itself, the words mean other things.
            0 => !ended && !named,
            _ => !ended && behind.is_symbol("("),
        };
        let is_verb = verb && (token.is_any(&DML) || token.is_any(&["SELECT", "VALUES", "TABLE"]));
        ended |= is_verb && depth == 0;
        is_verb
    })
}
