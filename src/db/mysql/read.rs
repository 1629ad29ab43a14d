//! What databases hold, as their server says it.
//!
//! `SHOW CREATE` is the truth: information_schema leaves out a column's own check, how a default was
//! written, options of indexes. All of a kind are asked for in one round trip.

use std::collections::{BTreeMap, BTreeSet};

use super::Mysql;
use super::show_create;
use crate::db::{DbError, Row, Wanted};
use crate::model::operation::{
    Constraint, TableDefinition, Timing, TriggerDefinition, TriggerEvent,
};
use crate::model::{
    ByDialect, Definition, Name, ObjectKey, ObjectKind, RawCatalog, ServerDefaults,
};
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
            self.read_relations(place, is_all, &mut catalog).await?;
            self.read_triggers(place, &mut catalog).await?;
            if is_all {
                self.read_defaults(name, &mut catalog.defaults).await?;
                self.read_routines(place, &mut catalog).await?;
                self.read_events(place, &mut catalog).await?;
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

    async fn read_defaults(
        &mut self,
        database: &str,
        defaults: &mut ServerDefaults,
    ) -> Result<(), DbError> {
        let rows = self
            .rows(&format!(
                "SELECT default_character_set_name, default_collation_name, \
                 @@default_storage_engine, CURRENT_USER() \
                 FROM information_schema.schemata WHERE schema_name = {}",
                quote_literal(self.dialect, database)
            ))
            .await?;
        for row in rows {
            if let Ok([Some(charset), Some(collation), Some(engine), Some(user)]) =
                <[_; 4]>::try_from(row)
            {
                *defaults = ServerDefaults { charset, collation, engine, user };
            }
        }
        Ok(())
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
        let mut shown = Vec::with_capacity(kinds.len());
        for names in names.chunks(AT_ONCE) {
            shown.extend(self.show_tables(place, names).await?);
        }
        if sequences {
            let names = counters.iter().map(|name| ("SEQUENCE", name.as_str()));
            shown.extend(self.show(place, names).await?.into_iter().filter_map(name_and_text));
        }
        let is_shown: BTreeSet<&String> = shown.iter().map(|(name, _)| name).collect();
        let wanted = kinds.iter().filter(|(_, kind)| sequences || **kind != ObjectKind::Sequence);
        for (name, kind) in wanted.filter(|(name, _)| !is_shown.contains(name)) {
            // Another session may have dropped it meanwhile, this user may not look at it, or it has
            // a default of bytes that are no text.
            catalog.is_partial = true;
            let is_view = *kind == ObjectKind::View;
            let noun = if is_view { "view" } else { "table" };
            let ObjectKey { name, .. } = place.key(*kind, name);
            catalog
                .unsupported
                .push(format!("{noun} {name}, which the server does not show as text"));
            if !is_view {
                catalog.hidden.insert(name);
            }
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
                catalog.add(key, Definition::Table(table)).sql = Some(sql);
            } else {
                catalog.is_partial |= kind == ObjectKind::Table;
                self.add_statement(catalog, key, kind.noun(), sql);
            }
        }
        Ok(())
    }

    async fn read_routines(
        &mut self,
        place: Place<'_>,
        catalog: &mut RawCatalog,
    ) -> Result<(), DbError> {
        let listed = self
            .rows(&format!(
                "SELECT routine_type, routine_name FROM information_schema.routines \
                 WHERE routine_schema = {} AND routine_type IN ('FUNCTION', 'PROCEDURE') \
                 ORDER BY routine_type, routine_name",
                quote_literal(self.dialect, place.name)
            ))
            .await?;
        let names: Vec<(String, String)> = listed.into_iter().filter_map(name_and_text).collect();
        let asked = names.iter().map(|(kind, name)| (kind.as_str(), name.as_str()));
        // The name, the session's mode, the statement.
        for (row, (word, name)) in self.show(place, asked).await?.into_iter().zip(&names) {
            let Some(sql) = row.into_iter().nth(2).flatten() else { continue };
            let kind = match word.as_str() {
                "FUNCTION" => ObjectKind::Function,
                _ => ObjectKind::Procedure,
            };
            self.add_statement(catalog, place.key(kind, name), word, sql);
        }
        Ok(())
    }

    async fn read_triggers(
        &mut self,
        place: Place<'_>,
        catalog: &mut RawCatalog,
    ) -> Result<(), DbError> {
        let rows = self
            .rows(&format!(
                "SELECT trigger_name, event_object_table, action_timing, event_manipulation, \
                 definer, action_statement FROM information_schema.triggers \
                 WHERE trigger_schema = {} \
                 ORDER BY event_object_table, action_timing, event_manipulation, action_order",
                quote_literal(self.dialect, place.name)
            ))
            .await?;
        let ident = |name: &str| quote_ident(self.dialect, name);
        let mut before: Option<(String, String, String, String)> = None;
        for row in rows {
            let Ok([Some(name), Some(table), Some(timing), Some(event), Some(definer), Some(body)]) =
                <[_; 6]>::try_from(row)
            else {
                continue;
            };
            let follows = before
                .take()
                .filter(|one| (&one.1, &one.2, &one.3) == (&table, &timing, &event))
                .map(|one| one.0);
            let (user, host) = definer.rsplit_once('@').unwrap_or((&definer, "%"));
            let sql = format!(
                "CREATE DEFINER={}@{} TRIGGER {} {timing} {event} ON {} FOR EACH ROW {body}",
                ident(user),
                ident(host),
                ident(&name),
                ident(&table),
            );
            let definition = TriggerDefinition {
                timing: if timing == "BEFORE" { Timing::Before } else { Timing::After },
                events: vec![match event.as_str() {
                    "UPDATE" => TriggerEvent::Update,
                    "DELETE" => TriggerEvent::Delete,
                    _ => TriggerEvent::Insert,
                }],
                update_of: Vec::new(),
                for_each: None,
                when: None,
                execute: None,
                body: Some(ByDialect::Each(vec![(self.dialect, body)])),
                constraint: false,
                deferrable: None,
                initially: None,
                old_table: None,
                new_table: None,
                follows: follows.clone(),
                precedes: None,
                definer: Some(definer),
                comment: None,
            };
            let key = |name: &str| ObjectKey {
                of: Some(table.clone()),
                ..place.key(ObjectKind::Trigger, name)
            };
            let object = catalog.add(key(&name), Definition::Trigger(definition));
            object.sql = Some(sql);
            object.depends_on.extend(follows.map(|other| (key(&other), BTreeSet::new())));
            before = Some((name, table, timing, event));
        }
        Ok(())
    }

    async fn read_events(
        &mut self,
        place: Place<'_>,
        catalog: &mut RawCatalog,
    ) -> Result<(), DbError> {
        let listed = self
            .rows(&format!(
                "SELECT event_name FROM information_schema.events WHERE event_schema = {} \
                 ORDER BY event_name",
                quote_literal(self.dialect, place.name)
            ))
            .await?;
        let names: Vec<String> = listed.into_iter().filter_map(|mut row| row.pop()?).collect();
        let asked = names.iter().map(|name| ("EVENT", name.as_str()));
        // The name, the mode, the zone, the statement.
        for (row, name) in self.show(place, asked).await?.into_iter().zip(&names) {
            let Some(sql) = row.into_iter().nth(3).flatten() else { continue };
            let key =
                ObjectKey { of: Some("event".to_owned()), ..place.key(ObjectKind::Sql, name) };
            self.add_statement(catalog, key, "EVENT", sql);
        }
        Ok(())
    }

    /// Adds what the server gives as a statement alone.
    fn add_statement(&self, catalog: &mut RawCatalog, key: ObjectKey, noun: &str, create: String) {
        let name = qualified(self.dialect, key.name.schema.as_deref(), &key.name.name);
        let drop = format!("DROP {} {name}", noun.to_uppercase());
        catalog.add(key, Definition::Sql { create, drop });
    }

    /// The statements that make tables and views. Those that the server does not show are left out.
    async fn show_tables(
        &mut self,
        place: Place<'_>,
        names: &[&String],
    ) -> Result<Vec<(String, String)>, DbError> {
        let asked = || names.iter().map(|name| ("TABLE", name.as_str()));
        let rows = match self.show(place, asked()).await {
            Err(DbError::Statement(_)) => {
                let mut rows = Vec::new();
                for one in asked() {
                    match self.rows(&self.show_statement(place, one)).await {
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

    /// The rows that the server shows of objects, each of a kind and name, in one round trip.
    async fn show(
        &mut self,
        place: Place<'_>,
        asked: impl Iterator<Item = (&str, &str)>,
    ) -> Result<Vec<Row>, DbError> {
        let statements: Vec<String> = asked.map(|one| self.show_statement(place, one)).collect();
        match statements.as_slice() {
            [] => Ok(Vec::new()),
            all => self.rows(&format!("{KEEP}; {}; {PUT_BACK}", all.join("; "))).await,
        }
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
