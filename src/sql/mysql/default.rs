//! What stands behind DEFAULT and ON UPDATE.

use serde_json::Value;

use super::writer::Writer;
use crate::model::operation::DefaultValue;
use crate::sql::literal;
use crate::sql::types::Type;
use crate::sql::unsupported::Unsupported;
use crate::text::{Depth, Dialect, Token, TokenKind, tokens};

/// What stands behind DEFAULT.
pub(super) fn default(
    writer: &Writer<'_>,
    default: &DefaultValue,
    of: Type<'_>,
    column_type: &str,
    path: &str,
) -> Result<String, Unsupported> {
    let DefaultValue::Literal(value) = default else {
        let written = literal::default(writer.flavour.types, of, default)
            .map_err(|reason| writer.no(path, &reason))?;
        if is_no_date(&written) {
            writer.with_no_date();
        }
        return Ok(expression(writer, &written, column_type));
    };
    let column_type = column_type.to_lowercase();
    let long = ["text", "blob", "json", "geometry", "point", "linestring", "polygon"];
    let first = column_type.split(|c: char| !c.is_ascii_alphanumeric()).next();
    let is_long = first.is_some_and(|word| long.iter().any(|long| word.ends_with(long)));
    let written = match (of, value) {
        // Of a type of the server's own only the server knows what texts it takes.
        (Type::Own(_), Value::String(text)) => literal::string(writer.flavour.types, text),
        _ => literal::literal(writer.flavour.types, of, value),
    };
    let mut written = written.map_err(|reason| writer.no(path, &reason))?;
    if value.is_null() {
        return Ok(written);
    }
    if let (true, Value::String(text)) = (is_long, value) {
        // MariaDB keeps such a default as SQL, and not rightly if it is hexadecimal.
        written = writer.plain_text(text, path)?;
    }
    if column_type.starts_with("timestamp") {
        writer.in_utc();
    }
    // MySQL takes a default of a text, blob, JSON or place only as an expression.
    Ok(if is_long && !writer.flavour.plain_long_defaults {
        format!("({written})")
    } else {
        written
    })
}

/// Whether a default is a date that is none, such as `'0000-00-00'`.
pub(super) fn is_no_date(written: &str) -> bool {
    written.starts_with("'0000") || written.starts_with('\'') && written.contains("-00")
}

/// An expression behind DEFAULT: in brackets, unless it has its own or must not have any.
fn expression(writer: &Writer<'_>, sql: &str, column_type: &str) -> String {
    if let Some(clock) = self::clock(writer, sql, column_type) {
        return clock;
    }
    let tokens = tokens(writer.flavour.dialect, sql);
    let bare = match tokens.as_slice() {
        [one] => is_value(one) || one.is("NULL") || is_clock(one),
        [sign, number] if sign.is_symbol("-") || sign.is_symbol("+") => {
            number.sort == TokenKind::Number
        }
        [charset, text] => charset.text.starts_with('_') && text.sort == TokenKind::Text,
        [first, rest @ ..] if is_clock(first) => is_one_group(rest),
        all => is_one_group(all),
    };
    if bare { sql.trim().to_owned() } else { format!("({})", sql.trim()) }
}

/// The clock's value as fine as the column, which MySQL asks for, where nothing is said of that.
pub(super) fn clock(writer: &Writer<'_>, sql: &str, column_type: &str) -> Option<String> {
    // MariaDB's own words for a default that is less fine than its column.
    let is_shown = writer.flavour.shown_clock == Some(sql);
    if is_shown || !says_clock(sql, writer.flavour.dialect) {
        return None;
    }
    let word = sql.split('(').next()?.trim();
    let type_ = column_type.to_lowercase();
    let digits = type_.strip_prefix("timestamp").or_else(|| type_.strip_prefix("datetime"))?;
    let digits = digits.trim_start().strip_prefix('(')?.split(')').next()?.trim();
    Some(format!("{word}({digits})"))
}

/// Whether an expression calls a function of which MySQL says that its value differs from row to row, or
/// from server to server.
pub(super) fn is_unsafe(sql: &str) -> bool {
    const FUNCTIONS: [&str; 14] = [
        "UUID",
        "UUID_SHORT",
        "RAND",
        "RANDOM_BYTES",
        "USER",
        "CURRENT_USER",
        "SESSION_USER",
        "SYSTEM_USER",
        "SYSDATE",
        "VERSION",
        "CONNECTION_ID",
        "LAST_INSERT_ID",
        "ROW_COUNT",
        "FOUND_ROWS",
    ];
    let tokens = tokens(Dialect::Mysql, sql);
    tokens.windows(2).any(|two| two[0].is_any(&FUNCTIONS) && two[1].is_symbol("("))
}

fn is_value(token: &Token<'_>) -> bool {
    matches!(token.sort, TokenKind::Text | TokenKind::Number) || token.is_any(&["TRUE", "FALSE"])
}

fn is_clock(token: &Token<'_>) -> bool {
    token.is_any(&["CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"])
}

/// Whether SQL is the clock's value, and does not say how fine.
pub(super) fn says_clock(sql: &str, dialect: Dialect) -> bool {
    match tokens(dialect, sql).as_slice() {
        [first] => is_clock(first),
        [first, open, close] => is_clock(first) && open.is_symbol("(") && close.is_symbol(")"),
        _ => false,
    }
}

/// Whether the tokens are one pair of brackets and what is in it.
fn is_one_group(tokens: &[Token<'_>]) -> bool {
    let mut depth = Depth::default();
    let closes = tokens.iter().position(|token| depth.behind(token) == 0);
    tokens.len() > 1 && closes == Some(tokens.len() - 1)
}
