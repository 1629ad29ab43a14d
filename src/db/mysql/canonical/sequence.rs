//! Sequences (MariaDB) from the statements that make them.

use crate::model::operation::{SequenceDefinition, SequenceOptions};
use crate::text::{self, Dialect};

/// What a sequence upwards is where nothing is said.
const USUAL: [(&str, i64); 4] =
    [("minvalue", 1), ("maxvalue", i64::MAX - 1), ("increment", 1), ("cache", 1000)];

/// A sequence; what it would be anyhow is left out.
pub(super) fn read(dialect: Dialect, sql: &str) -> SequenceDefinition {
    let tokens = text::tokens(dialect, sql);
    let value = |word: &str| -> Option<i64> {
        let at = tokens.iter().position(|token| token.is(&word.to_uppercase()))?;
        let mut behind = tokens[at + 1..].iter().skip_while(|token| token.is_any(&["WITH", "BY"]));
        let first = behind.next()?;
        match first.is_symbol("-") {
            true => behind.next()?.text.parse::<i64>().ok().map(|number| -number),
            false => first.text.parse().ok(),
        }
    };
    let unless_usual = |word: &str| {
        let usual = USUAL.iter().find(|(known, _)| *known == word).map(|(_, value)| *value);
        value(word).filter(|value| Some(*value) != usual)
    };
    let first = value("minvalue").unwrap_or(1);
    SequenceDefinition {
        type_: None,
        options: SequenceOptions {
            start: value("start").filter(|start| *start != first),
            increment: unless_usual("increment"),
            min: unless_usual("minvalue"),
            max: unless_usual("maxvalue"),
            cache: match tokens.iter().any(|token| token.is("NOCACHE")) {
                true => Some(0),
                false => unless_usual("cache"),
            },
            cycle: tokens.iter().any(|token| token.is("CYCLE")).then_some(true),
        },
        owned_by: None,
    }
}
