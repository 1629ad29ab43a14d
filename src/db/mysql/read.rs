//! What databases hold, as their server says it.
//!
//! `SHOW CREATE` is the truth: information_schema leaves out a column's own check, how a default was
//! written, options of indexes. All of a kind are asked for in one round trip.

mod bytes;
mod programs;
mod session;
mod unseen;

use std::collections::BTreeMap;

use super::Mysql;
use super::privileges::Privileges;
use super::show_create;
use crate::db::{DbError, Row, Wanted};
use crate::model::operation::{Constraint, TableDefinition};
use crate::model::{Definition, Name, ObjectKey, ObjectKind, RawCatalog};
use crate::text::{qualified, quote_ident, quote_literal};

/// How many tables one round trip asks for.
const AT_ONCE: usize = 1000;

/// The server writes names, texts and instants as these say. What the session says is kept meanwhile.
const KEEP: &str = "SET @rev_shown_mode = @@SESSION.sql_mode, \
     @rev_shown_quotes = @@SESSION.sql_quote_show_create, @rev_shown_zone = @@SESSION.time_zone; \
     SET SESSION sql_mode = '', sql_quote_show_create = 1, time_zone = '+00:00'";
const PUT_BACK: &str = "SET SESSION sql_mode = @rev_shown_mode, \
     sql_quote_show_create = @rev_shown_quotes, time_zone = @rev_shown_zone";

/// A database that is read.
#[derive(Clone, Copy)]
struct Place<'a> {
    name: &'a str,
    /// How its objects are named; `None`: it is the session's own.
    known_as: Option<&'a str>,
}

impl Place<'_> {
    fn key(self, kind: ObjectKind, name: &str) -> ObjectKey {
        let name = Name { schema: self.known_as.map(str::to_owned), name: name.to_owned() };
        ObjectKey::new(kind, name)
    }
}

impl Mysql {
    /// The session's own database, and others where not all is wanted.
    pub(super) async fn read(&mut self, wanted: Wanted<'_>) -> Result<RawCatalog, DbError> {
        let own = self.rows("SELECT DATABASE()").await?.pop().and_then(|mut row| row.pop()?);
        let mut catalog = RawCatalog::new(self.dialect, own.clone());
        let is_all = matches!(wanted, Wanted::All);
        if let Some(name) = own.as_deref() {
            let place = Place { name, known_as: None };
            let privileges = match is_all {
                true => self.read_session(name, &mut catalog.defaults).await?,
                false => Privileges::default(),
            };
            self.read_relations(place, is_all, &mut catalog).await?;
            self.read_triggers(place, &mut catalog).await?;
            if is_all {
                self.read_routines(place, &mut catalog).await?;
                self.read_events(place, &mut catalog).await?;
                unseen::note(self.dialect, place, &privileges, &mut catalog);
            }
        }
        let Wanted::Schema(others) = wanted else { return Ok(catalog) };
        for name in others.iter().filter(|other| Some(*other) != own.as_ref()) {
            let place = Place { name, known_as: Some(name) };
            self.read_relations(place, false, &mut catalog).await?;
            self.read_triggers(place, &mut catalog).await?;
        }
        Ok(catalog)
    }

    /// Reads tables and views; sequences (MariaDB), which no operation is lowered by, where they are
    /// wanted.
    async fn read_relations(
        &mut self,
        place: Place<'_>,
        sequences: bool,
        catalog: &mut RawCatalog,
    ) -> Result<(), DbError> {
        let listed = self
            .rows(&format!(
                "SELECT table_name, table_type FROM information_schema.tables \
                 WHERE table_schema = {} ORDER BY table_name",
                quote_literal(self.dialect, place.name)
            ))
            .await?;
        let mut kinds: BTreeMap<String, ObjectKind> = BTreeMap::new();
        for row in listed {
            if let Ok([Some(name), Some(kind)]) = <[_; 2]>::try_from(row)
                && !self.catalogue.names.contains(&name)
            {
                let kind = match kind.as_str() {
                    "VIEW" => ObjectKind::View,
                    "SEQUENCE" => ObjectKind::Sequence,
                    _ => ObjectKind::Table,
                };
                kinds.insert(name, kind);
            }
        }
        let is_sequence = |name: &&String| kinds[*name] == ObjectKind::Sequence;
        let (counters, names): (Vec<&String>, Vec<&String>) = kinds.keys().partition(is_sequence);
        let mut shown = BTreeMap::new();
        let mut refused = BTreeMap::new();
        let tables = names.into_iter().map(|name| ("TABLE", name.as_str()));
        let counters = counters.into_iter().map(|name| ("SEQUENCE", name.as_str()));
        let asked: Vec<(&str, &str)> = tables.chain(counters.filter(|_| sequences)).collect();
        for asked in asked.chunks(AT_ONCE) {
            for ((_, name), row) in asked.iter().zip(self.show_each(place, asked).await?) {
                match row.map(name_and_text) {
                    Ok(Some((_, sql))) => drop(shown.insert((*name).to_owned(), sql)),
                    Ok(None) => {}
                    Err(why) => drop(refused.insert((*name).to_owned(), why)),
                }
            }
        }
        let binary = self.binary_defaults(place, &shown).await?;
        let wanted = kinds.iter().filter(|(_, kind)| sequences || **kind != ObjectKind::Sequence);
        for (name, kind) in wanted.filter(|(name, _)| !shown.contains_key(*name)) {
            // Another session may have dropped it meanwhile, this user may not look at it, or it has
            // a default of bytes that are no text.
            catalog.is_partial = true;
            let why =
                refused.get(name).map_or("the server does not show it as text", String::as_str);
            unseen::add(self.dialect, catalog, place.key(*kind, name), why);
        }
        for (name, sql) in shown {
            let kind = kinds.get(&name).copied().unwrap_or(ObjectKind::Table);
            let table = match kind {
                ObjectKind::Table => show_create::table(self.dialect, &sql),
                _ => None,
            };
            let key = place.key(kind, &name);
            if let Some(mut table) = table {
                say_schema(&mut table, place);
                bytes::say(self.dialect, &mut table, binary.get(&name));
                catalog.add(key, Definition::Table(table)).sql = Some(sql);
            } else {
                catalog.is_partial |= kind == ObjectKind::Table;
                self.add_statement(catalog, key, kind.noun(), sql);
            }
        }
        Ok(())
    }

    /// Adds what the server gives as a statement alone.
    fn add_statement(&self, catalog: &mut RawCatalog, key: ObjectKey, noun: &str, create: String) {
        let name = qualified(self.dialect, key.name.schema.as_deref(), &key.name.name);
        let drop = format!("DROP {} {name}", noun.to_uppercase());
        catalog.add(key, Definition::Sql { create, drop });
    }

    /// What the server shows of each of some objects, of a kind and name, or why it does not.
    async fn show_each(
        &mut self,
        place: Place<'_>,
        asked: &[(&str, &str)],
    ) -> Result<Vec<Result<Row, String>>, DbError> {
        let statements: Vec<String> =
            asked.iter().map(|one| self.show_statement(place, *one)).collect();
        self.answers(&statements).await
    }

    /// The row that each of some statements gives, or why it gives none; in one round trip, unless one
    /// of them fails.
    async fn answers(
        &mut self,
        statements: &[String],
    ) -> Result<Vec<Result<Row, String>>, DbError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let all = format!("{KEEP}; {}; {PUT_BACK}", statements.join("; "));
        match self.rows_of_any(&all).await {
            Ok(rows) if rows.len() == statements.len() => {
                return Ok(rows.into_iter().map(Ok).collect());
            }
            Ok(_) => drop(self.rows(KEEP).await?),
            Err(DbError::Statement(_)) => {}
            Err(error) => return Err(error),
        }
        let mut answers = Vec::with_capacity(statements.len());
        for statement in statements {
            answers.push(match self.rows_of_any(statement).await {
                Err(DbError::Statement(error)) => Err(error.message),
                rows => rows?.pop().ok_or_else(|| "the server does not show it".to_owned()),
            });
        }
        self.rows(PUT_BACK).await?;
        Ok(answers)
    }

    fn show_statement(&self, place: Place<'_>, (kind, name): (&str, &str)) -> String {
        let ident = |name: &str| quote_ident(self.dialect, name);
        format!("SHOW CREATE {kind} {}.{}", ident(place.name), ident(name))
    }
}

/// The first two columns: a name and the statement that makes what is called so.
fn name_and_text(row: Row) -> Option<(String, String)> {
    let mut values = row.into_iter();
    Some((values.next()??, values.next()??))
}

/// What a table of another database refers to without naming one stands in its own.
fn say_schema(table: &mut TableDefinition, place: Place<'_>) {
    for constraint in &mut table.constraints {
        if let Constraint::ForeignKey(key) = constraint {
            let schema = key.references.schema.take();
            key.references.schema = schema.or_else(|| place.known_as.map(str::to_owned));
        }
    }
}
