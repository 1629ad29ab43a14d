//! SQL as text: tokens, statement splitting, quoting, what a statement is, digests.
//! Strings in, strings out. One file a dialect family; only this file matches on [`Dialect`].

mod catalog_effect;
mod definer;
mod dialect;
mod digest;
mod effect;
mod excerpt;
mod fence;
mod keywords;
mod kind;
mod mysql;
mod mysql_atomic;
mod mysql_body;
mod mysql_external_effects;
mod names;
mod nested;
mod postgres;
mod postgres_external_effects;
mod postgres_normalize_expr;
mod redact;
mod scan;
mod session;
mod split;
mod sqlite;
mod sqlite_external_effects;
pub mod sqlite_table;
mod token;
mod widening;
mod words;

use std::borrow::Cow;

#[cfg(feature = "mysql")]
pub use definer::definer_at;
pub use definer::without_definer;
pub use dialect::Dialect;
pub use digest::{Digest, Digester};
pub use effect::Effect;
pub use excerpt::Excerpt;
pub use fence::Fenced;
pub use session::SessionUse;
pub use token::{Depth, Token, TokenKind};
pub use words::{nearest, one_of};

fn family(dialect: Dialect) -> &'static dyn token::Family {
    match dialect {
        Dialect::Postgres => &postgres::Postgres,
        Dialect::Mysql => &mysql::Mysql { mariadb: false },
        Dialect::Mariadb => &mysql::Mysql { mariadb: true },
        Dialect::Sqlite => &sqlite::Sqlite,
    }
}

/// One statement cut out of a text, without its terminator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The statement as written, comments inside it included.
    pub sql: String,
    /// Where it begins in the text, in bytes.
    pub offset: usize,
    /// The line it begins on, counted from 1 in the text.
    pub line: usize,
    /// The rows behind `COPY … FROM stdin`, without the closing `\.`.
    pub copy_data: Option<String>,
}

/// Why a text cannot be split into statements.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SplitError {
    /// What is wrong, as a lower-case fragment.
    pub message: String,
    /// The line of the text it is on, counted from 1.
    pub line: usize,
    /// What to write instead, where there is something to say.
    pub hint: Option<String>,
}

/// Splits a text into statements by the dialect's own rules.
///
/// # Errors
/// An unterminated quote, comment or body, a psql backslash line.
pub fn split(dialect: Dialect, sql: &str) -> Result<Vec<Piece>, SplitError> {
    split::split(family(dialect), sql)
}

/// What a statement is to the executor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The first token is INSERT, UPDATE, DELETE, REPLACE or a WITH of these.
    Dml,
    /// COMMIT, ROLLBACK, BEGIN, START TRANSACTION, SET autocommit, …: the words found.
    TransactionControl(String),
    /// SAVEPOINT, RELEASE or ROLLBACK TO, which do no harm inside a transaction: the words found.
    Savepoint(String),
    /// Everything else; without transactional DDL it counts as DDL.
    Other,
}

/// Classifies one statement.
pub fn kind(dialect: Dialect, sql: &str) -> Kind {
    kind::kind(family(dialect), sql)
}

/// Whether a statement that fails outside of a transaction, or is cancelled, has done nothing, as far as
/// its words tell: of one that [`writes_rows`], the engine of what it writes has a say, too.
pub fn all_or_nothing(dialect: Dialect, sql: &str) -> bool {
    let family = family(dialect);
    family.all_or_nothing(&token::statement(family, sql).collect::<Vec<_>>())
}

/// Whether a statement may write rows, or calls what may.
pub fn writes_rows(dialect: Dialect, sql: &str) -> bool {
    let first = token::statement(family(dialect), sql).next();
    let reads = |token: Token<'_>| token.is_any(&["SELECT", "VALUES", "TABLE", "WITH", "SET"]);
    kind(dialect, sql) == Kind::Dml || first.is_some_and(reads)
}

/// Whether a statement does nothing but set up its session (`USE`, `SET` without GLOBAL and its like,
/// `RESET`, `PRAGMA`): it leaves nothing behind, and is done again in a new one.
pub fn sets_up_session(dialect: Dialect, sql: &str) -> bool {
    session::sets_up_session(family(dialect), sql)
}

/// What statements that run one after the other leave in their session and take from it.
pub fn session_use<'a>(
    dialect: Dialect,
    statements: impl IntoIterator<Item = &'a str>,
) -> SessionUse {
    session::session_use(family(dialect), statements.into_iter())
}

/// Whether a statement takes what only the one right before it leaves, such as `ROW_COUNT()`.
pub fn takes_last_result(dialect: Dialect, sql: &str) -> bool {
    session::takes_last_result(family(dialect), sql)
}

/// What a statement does to what the database holds, as far as its tokens tell.
pub fn effect(dialect: Dialect, sql: &str) -> Effect {
    effect::effect(family(dialect), sql)
}

/// Whether a type of a column holds every value of another, as far as their words tell.
pub fn widens(dialect: Dialect, from: &str, to: &str) -> bool {
    widening::widens(family(dialect), from, to)
}

/// A name of an object as a statement writes it: unquoted, in the dialect's folding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectName {
    /// The schema (PostgreSQL) or database (MySQL) in front, where one is written.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
}

/// What kind of object a one-clause DDL statement makes, drops or renames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// A table.
    Table,
    /// An index.
    Index,
    /// A view.
    View,
}

/// What the catalogue shows once a statement has run: the evidence by which `resume` settles an
/// intent without a done row. Only for statements of one clause, without `IF [NOT] EXISTS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogEffect {
    /// The object is there afterwards and was not before.
    Creates {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: ObjectName,
        /// The table of an index.
        table: Option<ObjectName>,
    },
    /// The object was there before and is gone afterwards.
    Drops {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: ObjectName,
        /// The table of an index, where the statement says it (MySQL).
        table: Option<ObjectName>,
    },
    /// `from` is gone and `to` is there afterwards.
    Renames {
        /// What it is.
        kind: ObjectKind,
        /// The name before.
        from: ObjectName,
        /// The name afterwards; on PostgreSQL and SQLite in the schema of `from`.
        to: ObjectName,
        /// The table of an index, where the statement says it (MySQL).
        table: Option<ObjectName>,
    },
    /// The table has the column afterwards.
    AddsColumn {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
    },
    /// The table no longer has the column afterwards.
    DropsColumn {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
    },
}

/// The effect of a statement that the catalogue can prove, or `None`.
pub fn catalog_effect(dialect: Dialect, sql: &str) -> Option<CatalogEffect> {
    catalog_effect::catalog_effect(family(dialect), sql)
}

/// The name, in its table's schema, of the index that a `CREATE INDEX CONCURRENTLY` (PostgreSQL) builds, or `None`.
pub fn concurrent_index(dialect: Dialect, sql: &str) -> Option<ObjectName> {
    catalog_effect::concurrent_index(family(dialect), sql)
}

/// The statement in the form that does nothing where what it makes is there already. Only of `CREATE
/// EXTENSION` and `CREATE SCHEMA`, which models may say of what stands there before them.
pub fn unless_there(dialect: Dialect, sql: &str) -> Cow<'_, str> {
    let tokens = tokens(dialect, sql);
    match tokens.as_slice() {
        [create, extension, next, ..]
            if create.is("CREATE")
                && extension.is_any(&["EXTENSION", "SCHEMA"])
                && !next.is_any(&["IF", "AUTHORIZATION"]) =>
        {
            let (before, behind) = sql.split_at(extension.end());
            format!("{before} IF NOT EXISTS{behind}").into()
        }
        _ => sql.into(),
    }
}

/// The schema that a `CREATE SCHEMA` makes.
pub fn schema_made(dialect: Dialect, sql: &str) -> Option<String> {
    let mut tokens = tokens(dialect, sql).into_iter();
    let first = [tokens.next()?, tokens.next()?];
    (first[0].is("CREATE") && first[1].is("SCHEMA")).then_some(())?;
    let is_name = |token: &Token<'_>| !token.is_any(&["IF", "NOT", "EXISTS", "AUTHORIZATION"]);
    tokens.find(is_name).and_then(|token| name_of(dialect, &token))
}

/// The identifier in the dialect's quotes, always quoted.
pub fn quote_ident(dialect: Dialect, name: &str) -> String {
    family(dialect).quote_ident(name)
}

/// The identifier as a statement needs it: bare where it is lower-case ASCII and no word of the dialect's
/// own, else quoted.
pub fn ident(dialect: Dialect, name: &str) -> String {
    let plain = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_');
    let begins = name.starts_with(|c: char| plain(c) && !c.is_ascii_digit());
    if begins && name.chars().all(plain) && !family(dialect).reserves(name) {
        name.to_owned()
    } else {
        quote_ident(dialect, name)
    }
}

/// A name behind its schema, if it has one, both as [`ident`] writes them.
pub fn qualified(dialect: Dialect, schema: Option<&str>, name: &str) -> String {
    match schema {
        Some(schema) => format!("{}.{}", ident(dialect, schema), ident(dialect, name)),
        None => ident(dialect, name),
    }
}

/// The text as a string literal that is right whatever the session's settings are
/// (backslashes in MySQL with and without NO_BACKSLASH_ESCAPES, in PostgreSQL with
/// standard_conforming_strings off).
pub fn quote_literal(dialect: Dialect, value: &str) -> String {
    family(dialect).quote_literal(value)
}

/// The statement on one line as a log may show it: without comments, with `?` for each literal, cut
/// where it is long.
pub fn without_literals(dialect: Dialect, sql: &str) -> String {
    redact::redact(family(dialect), sql)
}

/// The tokens that the server acts on: no space, comments or hints, nor the marks around MySQL's
/// `/*! … */`.
pub fn tokens(dialect: Dialect, sql: &str) -> Vec<Token<'_>> {
    token::significant(family(dialect), sql).collect()
}

/// The name that a token stands for, unquoted and in the dialect's folding; `None` if it is no name.
pub fn name_of(dialect: Dialect, token: &Token<'_>) -> Option<String> {
    family(dialect).name(token)
}

/// Feeds a digest with the statement's tokens, length-prefixed, bytes as written; comments, blank
/// lines, line ends and layout outside literals do not count, `/*! */` and `/*+ */` do.
pub fn digest_tokens(dialect: Dialect, sql: &str, digester: &mut Digester) {
    for token in token::Lexer::new(family(dialect), sql) {
        if !matches!(token.sort, token::TokenKind::Space | token::TokenKind::Comment) {
            digester.part(token.text.as_bytes());
        }
    }
}

/// Whether two names of tables, views or types are the same to the dialect.
pub fn same_object(dialect: Dialect, one: &str, other: &str) -> bool {
    family(dialect).same_object(one, other)
}

/// Whether two names of columns, indexes, constraints or triggers are the same to the dialect.
pub fn same_part(dialect: Dialect, one: &str, other: &str) -> bool {
    family(dialect).same_part(one, other)
}

/// Every name that a statement holds, unquoted and folded, keywords and the words of its strings
/// included.
pub fn names_in(dialect: Dialect, sql: &str) -> Vec<String> {
    names::names(family(dialect), sql)
}

/// Whether a statement may run SQL that it does not show, or changes where names are looked up.
pub fn hides_sql(dialect: Dialect, sql: &str) -> bool {
    names::hides_sql(family(dialect), sql)
}

/// What a statement does beyond its own database or to files of the server, as it completes "the
/// statement …"; `None` if it stays inside.
pub fn reaches_out(dialect: Dialect, sql: &str) -> Option<String> {
    family(dialect).reaches_out(sql)
}

/// The routine that a statement only stores, and what it does beyond its own database when it is called.
pub fn reaches_out_when_called(dialect: Dialect, sql: &str) -> Option<(String, String)> {
    family(dialect).reaches_out_when_called(sql)
}

/// A statement for an account that has rights in its database alone: what it makes belongs to the account,
/// whatever owner the statement names.
pub fn fenced(dialect: Dialect, sql: &str) -> Fenced<'_> {
    match dialect {
        Dialect::Postgres => fence::of_postgres(sql),
        Dialect::Mysql | Dialect::Mariadb | Dialect::Sqlite => Fenced::plain(sql),
    }
}

/// Whether a statement runs texts as SQL, or defines what does: nobody can tell what those do.
pub fn runs_dynamic_sql(dialect: Dialect, sql: &str) -> bool {
    fence::is_dynamic(family(dialect), sql, 2)
}

/// Whether two expressions, as the server prints them, mean the same, as far as their tokens tell.
pub fn same_sql(dialect: Dialect, one: &str, other: &str) -> bool {
    let family = family(dialect);
    let canonical = |sql| family.canonical(token::significant(family, sql).collect());
    one == other || canonical(one) == canonical(other)
}

/// An expression with the name of a column, or a text with that of a type, replaced by another.
pub fn rename_in(dialect: Dialect, sql: &str, from: &str, to: &str) -> String {
    names::rename(family(dialect), sql, from, &ident(dialect, to), &quote_ident(dialect, to))
}

/// Whether indexes belong to their table: their names are its own, and a column that is dropped leaves
/// what is left of them. Else they share a space of names, and go with any of their columns.
pub fn table_owns_indexes(dialect: Dialect) -> bool {
    family(dialect).table_owns_indexes()
}

/// Whether a foreign key can only be made when the table that it refers to is there.
pub fn needs_referred_table(dialect: Dialect) -> bool {
    family(dialect).needs_referred_table()
}
