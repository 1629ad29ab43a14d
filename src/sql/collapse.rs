//! What is said by dialect, said for all where it means the same.

use super::{Portable, type_name};
use crate::model::operation::{TextMut, TextRole};
use crate::model::{ByDialect, Operation, SqlText};
use crate::text::Dialect;

/// The operations with each text that is given for this dialect alone as the text itself, where that
/// means the very same on the dialect. A type stays as it is if its words name a portable type that
/// the dialect has other words for.
pub fn collapse_dialects(operations: &[Operation], dialect: Dialect) -> Vec<Operation> {
    let is_same = |role, text: &str| {
        role != TextRole::Type
            || Portable::parse(text).is_none_or(|portable| type_name(dialect, portable) == text)
    };
    let mut operations = operations.to_vec();
    for operation in &mut operations {
        operation.texts_mut(&mut |_, role, text| {
            if let TextMut::ByDialect(text) = text
                && let Some(only) = only(text, dialect).filter(|only| is_same(role, only))
            {
                *text = ByDialect::All(only);
            }
        });
    }
    operations
}

/// A text that is given for this dialect and no other.
fn only(text: &SqlText, dialect: Dialect) -> Option<String> {
    match text {
        ByDialect::Each(each) => match each.as_slice() {
            [(own, text)] if *own == dialect => Some(text.clone()),
            _ => None,
        },
        ByDialect::All(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn said(operation: Value, dialect: Dialect) -> Value {
        let operation: Operation = serde_json::from_value(operation).unwrap();
        serde_json::to_value(collapse_dialects(&[operation], dialect)).unwrap()[0].clone()
    }

    #[test]
    fn only_what_means_the_same_is_said_for_all() {
        let column = |type_: &str| {
            let operation = serde_json::json!({"add_column": {"table": "t", "column":
                {"name": "c", "type": {"mysql": type_}, "default": {"sql": {"mysql": "now()"}}}}});
            let said = said(operation, Dialect::Mysql)["add_column"]["column"].clone();
            assert_eq!(said["default"], serde_json::json!({"sql": "now()"}));
            said["type"].to_string()
        };
        assert_eq!(column("bigint"), "\"bigint\"");
        assert_eq!(column("varchar(20)"), "\"varchar(20)\"");
        // `boolean` is MySQL's tinyint(1), and `timestamp` a datetime(6).
        assert_eq!(column("timestamp"), "{\"mysql\":\"timestamp\"}");
        let other = serde_json::json!({"sql": {"postgres": "SELECT 1"}});
        assert_eq!(said(other.clone(), Dialect::Mysql), other);
        assert_eq!(said(other, Dialect::Postgres), serde_json::json!({"sql": "SELECT 1"}));
        let rows = serde_json::json!({"bulk_insert": {"table": "t", "columns": {"type": "text"},
            "rows": [{"type": {"postgres": "x"}}]}});
        assert_eq!(said(rows.clone(), Dialect::Postgres), rows);
    }
}
