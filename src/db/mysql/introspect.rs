//! What the session's database holds, as its server says it.
//!
//! `SHOW CREATE TABLE` is the truth: information_schema leaves out a column's own check, how a default
//! was written, options of indexes. All are asked for in one round trip.

use super::Mysql;
use super::show_create;
use crate::db::{DbError, Row};
use crate::model::operation::{Constraint, TableDefinition};
use crate::model::{Name, Schema, StoredDdl, Table};
use crate::text::{quote_ident, quote_literal};

/// How many tables one round trip asks for.
pub(super) const AT_ONCE: usize = 1000;

/// The server writes names, texts and instants as these say. What the session says is kept meanwhile.
pub(super) const KEEP: &str = "SET @rev_shown_mode = @@SESSION.sql_mode, \
     @rev_shown_quotes = @@SESSION.sql_quote_show_create, @rev_shown_zone = @@SESSION.time_zone; \
     SET SESSION sql_mode = '', sql_quote_show_create = 1, time_zone = '+00:00'";
pub(super) const PUT_BACK: &str = "SET SESSION sql_mode = @rev_shown_mode, \
     sql_quote_show_create = @rev_shown_quotes, time_zone = @rev_shown_zone";

/// A query of what a schema holds, with its name left open.
const TABLES: &str = "SELECT table_name, table_type FROM information_schema.tables \
     WHERE table_schema = {} ORDER BY table_name";

const TRIGGERS: &str = "SELECT trigger_name, event_object_table, action_timing, \
     event_manipulation, definer, action_statement FROM information_schema.triggers \
     WHERE trigger_schema = {} \
     ORDER BY event_object_table, action_timing, event_manipulation, action_order";

impl Mysql {
    /// The tables, views and triggers of the session's database, and of others.
    pub(super) async fn introspect(&mut self, others: &[String]) -> Result<Schema, DbError> {
        let own = self.rows("SELECT DATABASE()").await?.pop().and_then(|mut row| row.pop()?);
        let mut schema = Schema { own: own.clone(), complete: true, ..Schema::default() };
        if let Some(own) = &own {
            self.read_database(own, None, &mut schema).await?;
        }
        for other in others.iter().filter(|other| Some(*other) != own.as_ref()) {
            self.read_database(other, Some(other), &mut schema).await?;
        }
        Ok(schema)
    }

    /// Reads one database; `known_as` is how its objects are named.
    async fn read_database(
        &mut self,
        database: &str,
        known_as: Option<&String>,
        schema: &mut Schema,
    ) -> Result<(), DbError> {
        let literal = quote_literal(self.dialect, database);
        let listed = self.rows(&TABLES.replace("{}", &literal)).await?;
        // A sequence of MariaDB's is no table that an operation changes.
        let names: Vec<(String, bool)> = listed
            .into_iter()
            .filter_map(|row| match <[_; 2]>::try_from(row).ok()? {
                [Some(name), Some(kind)] if kind != "SEQUENCE" => Some((name, kind == "VIEW")),
                _ => None,
            })
            .collect();
        for names in names.chunks(AT_ONCE) {
            let shown = self.show(database, names).await?;
            // Another session may have dropped one meanwhile, or this user may not look at it.
            schema.complete &= shown.len() == names.len();
            for (name, sql) in shown {
                let is_view = names.iter().any(|(one, is_view)| *one == name && *is_view);
                let name = Name { schema: known_as.cloned(), name };
                if is_view {
                    schema.views.push(StoredDdl { name, table: None, sql: Some(sql) });
                } else if let Some(mut definition) = show_create::table(self.dialect, &sql) {
                    say_schema(&mut definition, known_as);
                    schema.tables.insert(name, Table { definition, sql: None, sequence: None });
                } else {
                    schema.complete = false;
                }
            }
        }
        for row in self.rows(&TRIGGERS.replace("{}", &literal)).await? {
            schema.triggers.extend(self.trigger(row, known_as));
        }
        Ok(())
    }

    /// The statements that make tables and views. Those that the server does not show are left out.
    pub(super) async fn show(
        &mut self,
        database: &str,
        names: &[(String, bool)],
    ) -> Result<Vec<(String, String)>, DbError> {
        let ident = |name: &str| quote_ident(self.dialect, name);
        let database = ident(database);
        let one =
            |(name, _): &(String, bool)| format!("SHOW CREATE TABLE {database}.{}", ident(name));
        let statements: Vec<String> = names.iter().map(one).collect();
        let all = format!("{KEEP}; {}; {PUT_BACK}", statements.join("; "));
        let rows = match self.rows(&all).await {
            Err(DbError::Statement(_)) => {
                let mut rows = Vec::new();
                for statement in &statements {
                    match self.rows(statement).await {
                        Err(DbError::Statement(_)) => {}
                        shown => rows.extend(shown?),
                    }
                }
                self.rows(PUT_BACK).await?;
                rows
            }
            rows => rows?,
        };
        Ok(rows.into_iter().filter_map(name_and_text).collect())
    }

    fn trigger(&self, row: Row, known_as: Option<&String>) -> Option<StoredDdl> {
        let [name, table, timing, event, definer, body] = <[_; 6]>::try_from(row).ok()?;
        let (name, table, definer) = (name?, table?, definer?);
        let ident = |name: &str| quote_ident(self.dialect, name);
        let (user, host) = definer.rsplit_once('@').unwrap_or((&definer, "%"));
        let sql = format!(
            "CREATE DEFINER={}@{} TRIGGER {} {} {} ON {} FOR EACH ROW {}",
            ident(user),
            ident(host),
            ident(&name),
            timing?,
            event?,
            ident(&table),
            body?
        );
        let named = |name| Name { schema: known_as.cloned(), name };
        Some(StoredDdl { name: named(name), table: Some(named(table)), sql: Some(sql) })
    }
}

/// The first two columns: a table and the statement that makes it.
pub(super) fn name_and_text(row: Row) -> Option<(String, String)> {
    let mut values = row.into_iter();
    Some((values.next()??, values.next()??))
}

/// What a table of another database refers to without naming one stands in its own.
fn say_schema(table: &mut TableDefinition, known_as: Option<&String>) {
    for constraint in &mut table.constraints {
        if let Constraint::ForeignKey(key) = constraint {
            key.references.schema = key.references.schema.take().or_else(|| known_as.cloned());
        }
    }
}
