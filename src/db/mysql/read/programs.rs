//! Routines, triggers and events.

use std::collections::BTreeSet;

use super::{Place, name_and_text, unseen};
use crate::db::mysql::Mysql;
use crate::db::{DbError, Row};
use crate::model::operation::{Timing, TriggerDefinition, TriggerEvent};
use crate::model::{ByDialect, Definition, ObjectKey, ObjectKind, RawCatalog};
use crate::text::{self, Dialect, quote_ident, quote_literal};

impl Mysql {
    /// Reads functions and procedures.
    pub(super) async fn read_routines(
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
        let asked: Vec<(&str, &str)> =
            names.iter().map(|(kind, name)| (kind.as_str(), name.as_str())).collect();
        // The name, the session's mode, the statement.
        for (row, (word, name)) in self.show_each(place, &asked).await?.into_iter().zip(&names) {
            let kind = match word.as_str() {
                "FUNCTION" => ObjectKind::Function,
                _ => ObjectKind::Procedure,
            };
            let key = place.key(kind, name);
            match shown(row, 2, "the account may not read its text") {
                Ok(sql) => self.add_statement(catalog, key, word, sql),
                Err(why) => unseen::add(self.dialect, catalog, key, &why),
            }
        }
        Ok(())
    }

    /// Reads triggers. information_schema takes the backslashes out of a body, the statement does not.
    pub(super) async fn read_triggers(
        &mut self,
        place: Place<'_>,
        catalog: &mut RawCatalog,
    ) -> Result<(), DbError> {
        let rows = self
            .rows(&format!(
                "SELECT trigger_name, event_object_table, action_timing, event_manipulation, \
                 definer FROM information_schema.triggers \
                 WHERE trigger_schema = {} \
                 ORDER BY event_object_table, action_timing, event_manipulation, action_order",
                quote_literal(self.dialect, place.name)
            ))
            .await?;
        let listed: Vec<[String; 5]> = rows
            .into_iter()
            .filter_map(|row| row.into_iter().collect::<Option<Vec<_>>>()?.try_into().ok())
            .collect();
        let asked: Vec<(&str, &str)> =
            listed.iter().map(|[name, ..]| ("TRIGGER", name.as_str())).collect();
        // The name, the session's mode, the statement.
        let rows = self.show_each(place, &asked).await?;
        let ident = |name: &str| quote_ident(self.dialect, name);
        let mut before: Option<(String, String, String, String)> = None;
        for (row, [name, table, timing, event, definer]) in rows.into_iter().zip(listed.clone()) {
            let key = |name: &str| ObjectKey {
                of: Some(table.clone()),
                ..place.key(ObjectKind::Trigger, name)
            };
            let sql = match shown(row, 2, "the server does not show it") {
                Ok(sql) => sql,
                Err(why) => {
                    unseen::add(self.dialect, catalog, key(&name), &why);
                    continue;
                }
            };
            let Some(body) = body_of(self.dialect, &sql) else { continue };
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
            let object = catalog.add(key(&name), Definition::Trigger(definition));
            object.sql = Some(sql);
            object.depends_on.extend(follows.map(|other| (key(&other), BTreeSet::new())));
            before = Some((name, table, timing, event));
        }
        Ok(())
    }

    /// Reads events.
    pub(super) async fn read_events(
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
        let asked: Vec<(&str, &str)> = names.iter().map(|name| ("EVENT", name.as_str())).collect();
        // The name, the mode, the zone, the statement.
        for (row, name) in self.show_each(place, &asked).await?.into_iter().zip(&names) {
            let key =
                ObjectKey { of: Some("event".to_owned()), ..place.key(ObjectKind::Sql, name) };
            match shown(row, 3, "the server does not show it") {
                Ok(sql) => self.add_statement(catalog, key, "EVENT", sql),
                Err(why) => unseen::add(self.dialect, catalog, key, &why),
            }
        }
        Ok(())
    }
}

/// The statement in a column of what the server shows, or why there is none; `hidden` if it is NULL.
fn shown(row: Result<Row, String>, column: usize, hidden: &str) -> Result<String, String> {
    row?.into_iter().nth(column).flatten().ok_or_else(|| hidden.to_owned())
}

/// What a trigger does, from the statement that makes it.
fn body_of(dialect: Dialect, sql: &str) -> Option<String> {
    let tokens = text::tokens(dialect, sql);
    let is_row =
        |three: &[text::Token<'_>]| three[0].is("FOR") && three[1].is("EACH") && three[2].is("ROW");
    let mut at = tokens.windows(3).position(is_row)? + 3;
    if tokens.get(at)?.is_any(&["FOLLOWS", "PRECEDES"]) {
        at += 2;
    }
    let begin = tokens.get(at - 1)?.end();
    Some(sql[begin..].trim().to_owned())
}
