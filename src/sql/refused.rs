//! Refusals, and what is refused whatever the object.

use super::unsupported::Unsupported;
use crate::model::Operation;
use crate::model::operation::Text;
use crate::text::Dialect;

/// The refusal of an option.
pub(super) fn refusal(dialect: Dialect, path: &str, reason: &str) -> Unsupported {
    Unsupported {
        path: path.to_owned(),
        message: format!("`{path}` is not supported on {dialect}: {reason}"),
        hint: None,
        unknown: None,
    }
}

/// What is wrong with a part of an operation that the dialect does have words for.
pub(super) fn mismatch(dialect: Dialect, path: &str, reason: &str) -> Unsupported {
    let message = format!("`{path}` on {dialect}: {reason}");
    Unsupported { path: path.to_owned(), message, hint: None, unknown: None }
}

/// The first text of an operation that names dialects and not this one. What was there before is not
/// looked at, since what it becomes is; rows are when they are written.
pub(super) fn missing_text(operation: &Operation, dialect: Dialect) -> Option<Unsupported> {
    let kind = operation.kind();
    let is_left = |path: &str| {
        let part = path.strip_prefix(kind).and_then(|rest| rest.strip_prefix('.'));
        part.is_some_and(|part| matches!(part.split('.').next(), Some("was" | "rows")))
    };
    let mut found = None;
    operation.texts(&mut |path, _, text| {
        if let Text::ByDialect(text) = text
            && found.is_none()
            && text.get(dialect).is_none()
            && !is_left(path)
        {
            found = Some(super::clauses::missing_text(dialect, path));
        }
    });
    found
}
