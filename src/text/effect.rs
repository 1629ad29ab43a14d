//! What a statement does to what a database holds, from its tokens.

use std::fmt;

use super::kind::with_verbs;
use super::nested::nested;
use super::token::{Depth, Family, Token, TokenKind, statement};

/// What a change does to what a database holds, from the mildest to the worst.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// It adds something, or says something else of what is there: no value is written or lost.
    #[default]
    Additive,
    /// What is there may hold more than before, and keeps every value.
    Widening,
    /// It writes rows or values, and takes none away.
    Data,
    /// Nobody can tell before it runs: a routine, SQL made of texts, a type that is not known.
    Unknown,
    /// Rows, values or objects are gone afterwards.
    Destructive,
}

impl Effect {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Effect::Additive => "additive",
            Effect::Widening => "widening",
            Effect::Data => "data",
            Effect::Unknown => "unknown",
            Effect::Destructive => "destructive",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The statements that change nothing which a database holds, by their first word.
const HARMLESS: [&str; 42] = [
    "ABORT",
    "ANALYZE",
    "ATTACH",
    "BEGIN",
    "CHECK",
    "CHECKPOINT",
    "CHECKSUM",
    "CLOSE",
    "CLUSTER",
    "COMMENT",
    "COMMIT",
    "DEALLOCATE",
    "DESC",
    "DESCRIBE",
    "DETACH",
    "DISCARD",
    "END",
    "EXPLAIN",
    "FETCH",
    "FLUSH",
    "GRANT",
    "LISTEN",
    "LOCK",
    "MOVE",
    "NOTIFY",
    "OPTIMIZE",
    "PRAGMA",
    "REASSIGN",
    "REINDEX",
    "RELEASE",
    "RENAME",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SECURITY",
    "SHOW",
    "START",
    "UNLISTEN",
    "UNLOCK",
    "USE",
    "VACUUM",
];

/// Functions that write nothing; a query that calls another may do anything.
const PURE: [&str; 41] = [
    "abs",
    "array_agg",
    "avg",
    "cast",
    "char_length",
    "coalesce",
    "concat",
    "concat_ws",
    "count",
    "current_database",
    "current_schema",
    "current_setting",
    "database",
    "date",
    "exists",
    "format",
    "generate_series",
    "group_concat",
    "ifnull",
    "json_agg",
    "jsonb_agg",
    "length",
    "lower",
    "max",
    "min",
    "now",
    "nullif",
    "replace",
    "row_number",
    "round",
    "set_config",
    "string_agg",
    "substr",
    "substring",
    "sum",
    "to_char",
    "to_regclass",
    "trim",
    "unnest",
    "upper",
    "version",
];

/// Words that stand in front of a bracket and call nothing.
const NO_CALL: [&str; 31] = [
    "ALL",
    "AND",
    "ANY",
    "ARRAY",
    "AS",
    "BETWEEN",
    "BY",
    "DISTINCT",
    "ELSE",
    "EXCEPT",
    "FILTER",
    "FROM",
    "HAVING",
    "IN",
    "INTERSECT",
    "IS",
    "JOIN",
    "LATERAL",
    "LIKE",
    "LIMIT",
    "MATERIALIZED",
    "NOT",
    "ON",
    "OR",
    "OVER",
    "SELECT",
    "THEN",
    "UNION",
    "USING",
    "WHEN",
    "WHERE",
];

pub(super) fn effect(family: &'static dyn Family, sql: &str) -> Effect {
    effect_of(family, &statement(family, sql).collect::<Vec<_>>())
}

/// The effect of a statement by its tokens.
pub(super) fn effect_of(family: &'static dyn Family, tokens: &[Token<'_>]) -> Effect {
    if let Some(found) = nested(family, tokens) {
        return found;
    }
    let tokens: Vec<Token<'_>> = tokens
        .iter()
        .copied()
        .filter(|token| token.sort != TokenKind::Terminator)
        .skip_while(|token| token.is_symbol("("))
        .collect();
    let Some((first, rest)) = tokens.split_first() else { return Effect::Additive };
    let has = |words: &[&str]| rest.iter().any(|token| token.is_any(words));
    let second = |words: &[&str]| rest.first().is_some_and(|token| token.is_any(words));
    if first.is_any(&["DROP", "TRUNCATE", "DELETE", "REPLACE"]) {
        return Effect::Destructive;
    }
    if first.is("INSERT") {
        let replaces = second(&["OR"]) && rest.get(1).is_some_and(|token| token.is("REPLACE"));
        return if replaces { Effect::Destructive } else { Effect::Data };
    }
    if first.is("MERGE") {
        return if has(&["DELETE"]) { Effect::Destructive } else { Effect::Data };
    }
    if first.is("COPY") && has(&["PROGRAM"]) {
        return Effect::Unknown;
    }
    if first.is("LOAD") && has(&["REPLACE"]) {
        return Effect::Destructive;
    }
    if first.is_any(&["UPDATE", "COPY", "LOAD", "REFRESH"]) {
        return Effect::Data;
    }
    if first.is("WITH") {
        return with(&tokens);
    }
    if first.is_any(&["SELECT", "VALUES", "TABLE", "SET"]) {
        return query(rest);
    }
    if first.is("CREATE") {
        return create(rest);
    }
    if first.is("ALTER") {
        return alter(rest);
    }
    let is_more = (first.is("START") && !second(&["TRANSACTION"]))
        || (first.is("RESET") && second(&["MASTER", "BINARY", "REPLICA", "SLAVE", "PERSIST"]))
        || (first.is("PRAGMA") && has(&["WRITABLE_SCHEMA"]));
    let is_harmless = first.is_any(&HARMLESS) || (first.is("IMPORT") && second(&["FOREIGN"]));
    if is_harmless && !is_more { Effect::Additive } else { Effect::Unknown }
}

/// `WITH … INSERT`, and what its brackets do.
fn with(tokens: &[Token<'_>]) -> Effect {
    let Some((with, rest)) = tokens.split_first() else { return Effect::Additive };
    let verbs = with_verbs(*with, rest.iter().copied()).map(|verb| match () {
        () if verb.is_any(&["DELETE", "REPLACE"]) => Effect::Destructive,
        () if verb.is_any(&["INSERT", "UPDATE"]) => Effect::Data,
        () => Effect::Additive,
    });
    let merges = rest.iter().any(|token| token.is("MERGE"));
    let deletes = merges && rest.iter().any(|token| token.is("DELETE"));
    let merge = match () {
        () if deletes => Effect::Destructive,
        () if merges => Effect::Data,
        () => Effect::Additive,
    };
    verbs.max().unwrap_or_default().max(merge).max(query(rest))
}

/// A query writes by the functions that it calls.
pub(super) fn query(tokens: &[Token<'_>]) -> Effect {
    let calls = tokens.windows(2).filter(|pair| pair[1].is_symbol("(")).map(|pair| pair[0]);
    let effects = calls.map(|name| match name.sort {
        TokenKind::Word if name.is_any(&NO_CALL) || name.is_any(&PURE) => Effect::Additive,
        TokenKind::Word if name.is_any(&["NEXTVAL", "SETVAL"]) => Effect::Data,
        TokenKind::Word | TokenKind::Name => Effect::Unknown,
        _ => Effect::Additive,
    });
    effects.max().unwrap_or_default()
}

/// `OR REPLACE` drops what holds rows or counts.
fn create(rest: &[Token<'_>]) -> Effect {
    let replaces = matches!(rest, [or, replace, ..] if or.is("OR") && replace.is("REPLACE"));
    let mut kind = rest.iter().skip(2).filter(|token| !token.is("TEMPORARY"));
    let holds =
        kind.next().is_some_and(|kind| kind.is_any(&["TABLE", "SEQUENCE", "DATABASE", "SCHEMA"]));
    if replaces && holds { Effect::Destructive } else { Effect::Additive }
}

/// The worst of the clauses of an ALTER.
fn alter(rest: &[Token<'_>]) -> Effect {
    let mut depth = Depth::default();
    let mut named = false;
    let outside = rest.iter().filter(|token| {
        let name = std::mem::replace(&mut named, token.is_symbol("."));
        depth.behind(token) == 0 && !token.is_symbol(")") && !name
    });
    let outside: Vec<&Token<'_>> = outside.collect();
    let of = |word: &str| outside.first().is_some_and(|token| token.is(word));
    let kind = if of("TYPE") { Kind::Type } else { Kind::Other };
    let clauses = outside.split(|token| token.is_symbol(","));
    clauses.map(|words| clause(words, kind)).max().unwrap_or_default()
}

/// What an ALTER is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Type,
    Other,
}

fn clause(words: &[&Token<'_>], kind: Kind) -> Effect {
    let pair =
        |one: &str, other: &str| words.windows(2).any(|pair| pair[0].is(one) && pair[1].is(other));
    let has = |any: &[&str]| words.iter().any(|word| word.is_any(any));
    let drop = words.iter().position(|word| word.is("DROP"));
    let dropped = drop.map(|at| match words.get(at + 1) {
        Some(next) if next.is("NOT") => Effect::Widening,
        Some(next) if next.is_any(&["DEFAULT", "EXPRESSION"]) => Effect::Additive,
        _ => Effect::Destructive,
    });
    let changes_type = kind == Kind::Other
        && words.iter().position(|word| word.is("ALTER")).is_some_and(|at| {
            let mut behind = words[at + 1..].iter().skip_while(|word| word.is("COLUMN")).skip(1);
            behind
                .next()
                .is_some_and(|word| word.is("TYPE") || (word.is("SET") && pair("SET", "DATA")))
        });
    let other = match () {
        () if has(&["TRUNCATE"]) || pair("DISCARD", "TABLESPACE") => Effect::Destructive,
        () if pair("DISCARD", "PARTITION") => Effect::Destructive,
        () if changes_type || (kind == Kind::Type && pair("ALTER", "ATTRIBUTE")) => Effect::Unknown,
        () if has(&["MODIFY", "CHANGE", "CONVERT", "ENGINE", "EXCHANGE", "REORGANIZE"]) => {
            Effect::Unknown
        }
        () if has(&["COALESCE", "DETACH"]) || pair("REMOVE", "PARTITIONING") => Effect::Unknown,
        () if pair("PARTITION", "BY") || has(&["AUTO_INCREMENT"]) && !has(&["ADD"]) => Effect::Data,
        () if has(&["RESTART"]) || pair("SET", "EXPRESSION") => Effect::Data,
        () if kind == Kind::Type && pair("ADD", "VALUE") => Effect::Widening,
        () => Effect::Additive,
    };
    dropped.unwrap_or_default().max(other)
}
