//! Defaults that are bytes: MariaDB shows a byte that is no character as it is, or as a question mark.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{AT_ONCE, Place};
use crate::db::DbError;
use crate::db::mysql::{Mysql, show_create};
use crate::model::SqlText;
use crate::model::operation::{Column, DefaultValue, TableDefinition};
use crate::text::{Dialect, quote_ident};

/// What may stand for a byte that is no character.
const MASKS: [char; 2] = ['?', '\u{fffd}'];

/// The columns of a table and their defaults, in hexadecimal.
pub(super) type Bytes = Vec<(String, String)>;

impl Mysql {
    /// Asks for the defaults of which the statements that make the tables do not show each byte.
    pub(super) async fn binary_defaults(
        &mut self,
        place: Place<'_>,
        shown: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, Bytes>, DbError> {
        let mut found = BTreeMap::new();
        if self.dialect != Dialect::Mariadb {
            return Ok(found);
        }
        let ident = |name: &str| quote_ident(Dialect::Mariadb, name);
        let mut asked: Vec<(&str, Vec<String>, String)> = Vec::new();
        for (name, sql) in shown.iter().filter(|(_, sql)| sql.contains(MASKS)) {
            let Some(table) = show_create::table(self.dialect, sql) else { continue };
            let columns: Vec<String> = table
                .columns
                .iter()
                .filter(|one| is_masked(one))
                .map(|one| one.name.clone())
                .collect();
            if !columns.is_empty() {
                let values: Vec<String> =
                    columns.iter().map(|one| format!("HEX(DEFAULT(t.{}))", ident(one))).collect();
                // A row is needed, and the table may have none.
                let sql = format!(
                    "SELECT {} FROM (SELECT 1) AS one LEFT JOIN {}.{} AS t ON FALSE",
                    values.join(", "),
                    ident(place.name),
                    ident(name)
                );
                asked.push((name, columns, sql));
            }
        }
        for asked in asked.chunks(AT_ONCE) {
            let statements: Vec<String> = asked.iter().map(|(.., sql)| sql.clone()).collect();
            for ((name, columns, _), row) in asked.iter().zip(self.answers(&statements).await?) {
                let values = row.unwrap_or_default().into_iter().map(Option::unwrap_or_default);
                let bytes: Bytes = columns.iter().cloned().zip(values).collect();
                found.insert((*name).to_owned(), bytes);
            }
        }
        Ok(found)
    }
}

/// Whether a character of a column's default may stand for any byte.
fn is_masked(column: &Column) -> bool {
    let type_ = column.type_.get(Dialect::Mariadb).map_or("", String::as_str);
    let is_binary = type_.starts_with("binary") || type_.starts_with("varbinary");
    let is_text = match &column.default {
        Some(DefaultValue::Literal(Value::String(text))) => text.contains(MASKS),
        // One with a NUL is bytes by now.
        Some(DefaultValue::Sql(sql)) => {
            sql.get(Dialect::Mariadb).is_some_and(|sql| sql.starts_with("x'"))
        }
        _ => false,
    };
    is_binary && is_text
}

/// Says the defaults of a table that are bytes as bytes.
pub(super) fn say(dialect: Dialect, table: &mut TableDefinition, bytes: Option<&Bytes>) {
    for (name, hex) in bytes.into_iter().flatten() {
        let column = table.columns.iter_mut().find(|column| column.name == *name);
        if let Some(column) = column {
            let sql = SqlText::Each(vec![(dialect, format!("x'{hex}'"))]);
            column.default = Some(DefaultValue::Sql(sql));
        }
    }
}
