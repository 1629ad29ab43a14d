//! SQL as it stands in the file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::Touch;
use super::schema_change::SchemaChange;
use super::summary::short;
use super::texts::{HasTexts, Visit, VisitMut};
use super::{Irreversible, Operation, Rules, SchemaMismatch, TextRole};
use crate::model::{ByDialect, Schema, SqlText};
use crate::text::{self, Dialect, Effect};

/// SQL, for all dialects or by dialect.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(from = "SqlText", into = "SqlText")]
#[schemars(with = "SqlText", inline, extend("format" = "sql"))]
pub struct Sql {
    /// The sections as the file has them; at most one for each dialect and one for all.
    pub sections: Vec<SqlSection>,
}

/// One text of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlSection {
    /// The dialect it is for; `None`: every dialect that has no section of its own.
    pub dialect: Option<Dialect>,
    /// The statements.
    pub text: String,
    /// The line of the file on which the text begins, counted from 1.
    pub line: usize,
    /// `false` for `no-transaction`: each statement runs by itself.
    pub transactional: bool,
}

impl Sql {
    /// The section that a dialect runs: its own, else its fallback's, else the one for all.
    /// `None` says that nobody has said what this dialect should run.
    pub fn section(&self, dialect: Dialect) -> Option<&SqlSection> {
        let of = |wanted: Option<Dialect>| {
            self.sections.iter().find(|section| section.dialect == wanted)
        };
        of(Some(dialect))
            .or_else(|| dialect.fallback().and_then(|fallback| of(Some(fallback))))
            .or_else(|| of(None))
    }
}

impl From<SqlText> for Sql {
    fn from(text: SqlText) -> Self {
        let section = |dialect, text| SqlSection { dialect, text, line: 1, transactional: true };
        let sections = match text {
            ByDialect::All(text) => vec![section(None, text)],
            ByDialect::Each(texts) => {
                texts.into_iter().map(|(dialect, text)| section(Some(dialect), text)).collect()
            }
        };
        Sql { sections }
    }
}

impl From<Sql> for SqlText {
    fn from(sql: Sql) -> Self {
        let mut texts = Vec::new();
        for section in sql.sections {
            match section.dialect {
                None => return ByDialect::All(section.text),
                Some(dialect) => texts.push((dialect, section.text)),
            }
        }
        ByDialect::Each(texts)
    }
}

impl Rules for Sql {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Err(Irreversible("SQL cannot be reversed automatically: write the `down`".to_owned()))
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let text = self.section(change.dialect).map_or("", |section| &section.text);
        match text::split(change.dialect, text) {
            Ok(pieces) => {
                for piece in pieces {
                    change.schema.invalidate_referenced(change.dialect, &piece.sql);
                }
            }
            Err(_) => change.schema.forget(),
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, dialect: Dialect) -> Effect {
        let text = self.section(dialect).map_or("", |section| &section.text);
        let Ok(pieces) = text::split(dialect, text) else { return Effect::Unknown };
        let effects = pieces.iter().map(|piece| text::effect(dialect, &piece.sql));
        effects.max().unwrap_or_default()
    }

    fn touch(&self, touch: &mut Touch) {
        touch.opaque_if(true);
    }

    fn summary(&self) -> String {
        let first = |text: &str| short(text.trim_start().lines().next().unwrap_or_default());
        match self.sections.as_slice() {
            [section] if section.dialect.is_none() => first(&section.text),
            sections => {
                let dialects = sections
                    .iter()
                    .filter_map(|section| section.dialect)
                    .map(|dialect| dialect.name());
                format!("on {}", dialects.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn texts(&self, visit: &mut Visit<'_>) {
        SqlText::from(self.clone()).texts(TextRole::Statements, visit);
    }

    fn texts_mut(&mut self, visit: &mut VisitMut<'_>) {
        let before = SqlText::from(self.clone());
        let mut text = before.clone();
        text.texts_mut(TextRole::Statements, visit);
        // One that stays keeps the lines of its sections.
        if text != before {
            *self = Sql::from(text);
        }
    }
}
