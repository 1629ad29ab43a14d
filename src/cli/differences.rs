//! A difference of two schemas in words and as JSON, the same in every command.

use std::fmt::Write as _;

use serde_json::{Value, json};

use revdag::verb::Position;
use revdag::{Change, Difference, Effect};

use super::output::style;

/// The changes, a line each, the destructive ones marked with `!`; then what else there is to say.
pub fn in_words(difference: &Difference) -> String {
    let (warning, hint, error) = (style::WARNING, style::HINT, style::ERROR);
    let mut text = String::new();
    for change in &difference.changes {
        let _ = match change.effect {
            Effect::Destructive => {
                writeln!(text, "{error}!{error:#} {}", change.operation.summary())
            }
            _ => writeln!(text, "{} {}", mark(change), change.operation.summary()),
        };
        if let Some(lost) = &change.destroys {
            let _ = writeln!(text, "    {error}loses{error:#} {lost}");
        }
    }
    for left in &difference.skipped {
        let _ = writeln!(text, "{warning}skipped:{warning:#} {}: {}", left.about, left.why);
        let _ = writeln!(text, "    {hint}hint:{hint:#} {}", left.hint);
    }
    for rename in &difference.renames {
        let _ = writeln!(
            text,
            "{hint}possible rename:{hint:#} --rename {} ({})",
            rename.argument, rename.evidence
        );
    }
    text
}

/// Where a database is that was compared as it is; nothing if it is where the files are.
pub fn position_in_words(position: &Position) -> String {
    let reasons = position.reasons();
    if reasons.is_empty() {
        return String::new();
    }
    let (warning, hint) = (style::WARNING, style::HINT);
    let mut text = format!(
        "{warning}the database {} does not match the files:{warning:#}\n",
        position.database
    );
    for reason in reasons {
        let _ = writeln!(text, "    {reason}");
    }
    let _ = writeln!(text, "    {hint}hint:{hint:#} {}", position.way_out());
    text
}

/// `+` for what comes, `~` for what changes.
fn mark(change: &Change) -> &'static str {
    let kind = change.operation.kind();
    match kind.split('_').next() {
        Some("create" | "add") => "+",
        _ => "~",
    }
}

/// The difference for programs.
pub fn value(difference: &Difference) -> Value {
    let changes: Vec<Value> = difference
        .changes
        .iter()
        .map(|change| {
            json!({
                "object": change.about.to_string(),
                "summary": change.operation.summary(),
                "operation": change.operation,
                "effect": change.effect.name(),
                "destroys": change.destroys,
            })
        })
        .collect();
    let skipped: Vec<Value> = difference
        .skipped
        .iter()
        .map(|left| json!({"object": left.about.to_string(), "why": left.why, "hint": left.hint}))
        .collect();
    let renames: Vec<Value> = difference
        .renames
        .iter()
        .map(|rename| json!({"rename": rename.argument, "evidence": rename.evidence}))
        .collect();
    json!({
        "changes": changes,
        "not_made": skipped,
        "possible_renames": renames,
        "notices": difference.notices,
    })
}
