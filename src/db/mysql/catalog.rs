//! All that a database holds, as its server shows it, each object in the one form that its equals have.

mod routine;
mod sequence;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use super::Mysql;
use super::introspect::name_and_text;
use crate::db::{DbError, Row};
use crate::model::operation::{
    CheckOption, DefaultValue, SchemaDefinition, Timing, TriggerDefinition, TriggerEvent,
    ViewDefinition,
};
use crate::model::{
    ByDialect, Catalog, CatalogObject, Definition, Entries, Name, ObjectKey, ObjectKind, SqlText,
};
use crate::text::{self, Dialect, Token, quote_ident, quote_literal};

/// What a session and a database are like.
struct Place {
    dialect: Dialect,
    /// The database.
    name: String,
    /// How its objects are named; `None`: it is the session's own.
    known_as: Option<String>,
    charset: String,
    collation: String,
    engine: String,
    /// Whoever is connected.
    user: String,
}

impl Place {
    fn own(&self, sql: impl Into<String>) -> SqlText {
        ByDialect::Each(vec![(self.dialect, sql.into())])
    }

    fn named(&self, name: impl Into<String>) -> Name {
        Name { schema: self.known_as.clone(), name: name.into() }
    }

    /// Whoever an object belongs to, if that is not who is connected.
    fn definer(&self, definer: &str) -> Option<String> {
        (definer != self.user).then(|| definer.to_owned())
    }

    /// SQL of the server without the name of its database in front of names: in a database of another
    /// name the same object says the same.
    fn without_own(&self, sql: &str) -> String {
        if self.known_as.is_some() {
            return sql.to_owned();
        }
        let tokens = text::tokens(self.dialect, sql);
        let (mut out, mut copied) = (String::with_capacity(sql.len()), 0);
        for two in tokens.windows(2) {
            let is_own = text::name_of(self.dialect, &two[0]).as_deref() == Some(&self.name)
                && two[0].text.starts_with('`')
                && two[1].is_symbol(".")
                && two[1].start == two[0].end();
            if is_own && two[0].start >= copied {
                out.push_str(&sql[copied..two[0].start]);
                copied = two[1].end();
            }
        }
        out.push_str(&sql[copied..]);
        out
    }
}

impl Mysql {
    /// All that the session's database holds, and others.
    pub(super) async fn catalog(&mut self, others: &[String]) -> Result<Catalog, DbError> {
        let own = self.rows("SELECT DATABASE()").await?.pop().and_then(|mut row| row.pop()?);
        let mut catalog =
            Catalog { dialect: Some(self.dialect), own: own.clone(), ..Catalog::default() };
        if let Some(own) = &own {
            self.read_place(own, None, &mut catalog).await?;
        }
        for other in others.iter().filter(|other| Some(*other) != own.as_ref()) {
            self.read_place(other, Some(other.clone()), &mut catalog).await?;
        }
        say_needs(&mut catalog, self.dialect);
        Ok(catalog)
    }

    async fn read_place(
        &mut self,
        name: &str,
        known_as: Option<String>,
        catalog: &mut Catalog,
    ) -> Result<(), DbError> {
        let literal = quote_literal(self.dialect, name);
        let about = format!(
            "SELECT default_character_set_name, default_collation_name, \
             @@default_storage_engine, CURRENT_USER() \
             FROM information_schema.schemata WHERE schema_name = {literal}"
        );
        let Some(row) = self.rows(&about).await?.pop() else { return Ok(()) };
        let mut values = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || values.next().unwrap_or_default();
        let place = Place {
            dialect: self.dialect,
            name: name.to_owned(),
            known_as,
            charset: next(),
            collation: next(),
            engine: next(),
            user: next(),
        };
        if let Some(known_as) = &place.known_as {
            let key =
                ObjectKey::new(ObjectKind::Schema, Name { schema: None, name: known_as.clone() });
            let schema = SchemaDefinition {
                charset: Some(place.charset.clone()),
                collation: Some(place.collation.clone()),
                ..SchemaDefinition::default()
            };
            catalog.objects.insert(key, Definition::Schema(schema).into());
        }
        self.read_relations(&place, catalog).await?;
        self.read_routines(&place, catalog).await?;
        self.read_triggers(&place, catalog).await?;
        self.read_events(&place, catalog).await
    }

    async fn read_relations(
        &mut self,
        place: &Place,
        catalog: &mut Catalog,
    ) -> Result<(), DbError> {
        let literal = quote_literal(self.dialect, &place.name);
        let listed = self
            .rows(&format!(
                "SELECT table_name, table_type FROM information_schema.tables \
                 WHERE table_schema = {literal} ORDER BY table_name"
            ))
            .await?;
        let journal = self.catalogue.names.clone();
        let mut kinds: BTreeMap<String, String> = BTreeMap::new();
        for row in listed {
            if let Ok([Some(name), Some(kind)]) = <[_; 2]>::try_from(row)
                && !journal.contains(&name)
            {
                kinds.insert(name, kind);
            }
        }
        let names: Vec<(String, bool)> = kinds
            .iter()
            .filter(|(_, kind)| *kind != "SEQUENCE")
            .map(|(name, kind)| (name.clone(), kind == "VIEW"))
            .collect();
        let sequences: Vec<String> = kinds
            .iter()
            .filter(|(_, kind)| *kind == "SEQUENCE")
            .map(|(name, _)| format!("SHOW CREATE SEQUENCE {}", self.qualified(&place.name, name)))
            .collect();
        let mut shown = self.show_all(&place.name, &names).await?;
        let sequences = self.shown(&sequences).await?.into_iter().filter_map(name_and_text);
        shown.extend(sequences);
        for (name, kind) in &kinds {
            if !shown.iter().any(|(one, _)| one == name) {
                let is_view = kind == "VIEW";
                let kind = if is_view { "view" } else { "table" };
                let name = place.named(name.clone());
                if !is_view {
                    catalog.hidden.insert(name.clone());
                }
                // Such as a default of bytes that are no text.
                catalog
                    .unsupported
                    .push(format!("{kind} {name}, which the server does not show as text"));
            }
        }
        for (name, sql) in shown {
            let key = |kind| ObjectKey::new(kind, place.named(name.clone()));
            let sql = place.without_own(&sql);
            match kinds.get(&name).map(String::as_str) {
                Some("VIEW") => {
                    if let Some(view) = view(place, &sql) {
                        catalog.objects.insert(key(ObjectKind::View), view.into());
                    }
                }
                Some("SEQUENCE") => {
                    let sequence = sequence::read(place.dialect, &sql);
                    catalog
                        .objects
                        .insert(key(ObjectKind::Sequence), Definition::Sequence(sequence).into());
                }
                _ => {
                    let definition = table::read(place, &name, &sql);
                    let key = match definition {
                        Definition::Sql { .. } => {
                            ObjectKey { of: Some("table".to_owned()), ..key(ObjectKind::Sql) }
                        }
                        _ => key(ObjectKind::Table),
                    };
                    catalog.objects.insert(key, definition.into());
                }
            }
        }
        Ok(())
    }

    async fn read_routines(&mut self, place: &Place, catalog: &mut Catalog) -> Result<(), DbError> {
        let literal = quote_literal(self.dialect, &place.name);
        let listed = self
            .rows(&format!(
                "SELECT routine_type, routine_name FROM information_schema.routines \
                 WHERE routine_schema = {literal} AND routine_type IN ('FUNCTION', 'PROCEDURE') \
                 ORDER BY routine_type, routine_name"
            ))
            .await?;
        let statements: Vec<String> = listed
            .iter()
            .filter_map(|row| match row.as_slice() {
                [Some(kind), Some(name)] => {
                    Some(format!("SHOW CREATE {kind} {}", self.qualified(&place.name, name)))
                }
                _ => None,
            })
            .collect();
        // The name, the session's mode, the statement.
        for (row, listed) in self.shown(&statements).await?.into_iter().zip(&listed) {
            let [Some(kind), Some(name)] = listed.as_slice() else { continue };
            let is_function = kind == "FUNCTION";
            let kind = if is_function { ObjectKind::Function } else { ObjectKind::Procedure };
            let key = ObjectKey::new(kind, place.named(name.clone()));
            let sql = row.into_iter().nth(2).flatten();
            match sql.as_deref().and_then(|sql| routine::read(place, sql)) {
                Some(routine) => {
                    let definition = match is_function {
                        true => Definition::Function(routine),
                        false => Definition::Procedure(routine),
                    };
                    catalog.objects.insert(key, definition.into());
                }
                None => {
                    let Some(sql) = sql else { continue };
                    let create = routine::without_definer(place, &place.without_own(&sql));
                    let name =
                        text::qualified(place.dialect, key.name.schema.as_deref(), &key.name.name);
                    let drop = format!("DROP {} {name}", listed[0].as_deref().unwrap_or_default());
                    let of = Some("routine".to_owned());
                    let key = ObjectKey { kind: ObjectKind::Sql, of, ..key };
                    catalog.objects.insert(key, Definition::Sql { create, drop }.into());
                }
            }
        }
        Ok(())
    }

    async fn read_triggers(&mut self, place: &Place, catalog: &mut Catalog) -> Result<(), DbError> {
        let literal = quote_literal(self.dialect, &place.name);
        let rows = self
            .rows(&format!(
                "SELECT trigger_name, event_object_table, action_timing, event_manipulation, \
                 definer, action_statement FROM information_schema.triggers \
                 WHERE trigger_schema = {literal} \
                 ORDER BY event_object_table, action_timing, event_manipulation, action_order"
            ))
            .await?;
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
                body: Some(place.own(place.without_own(&body))),
                constraint: false,
                deferrable: None,
                initially: None,
                old_table: None,
                new_table: None,
                follows: follows.clone(),
                precedes: None,
                definer: place.definer(&definer),
                comment: None,
            };
            let key = |name: &str| ObjectKey {
                kind: ObjectKind::Trigger,
                name: place.named(name),
                of: Some(table.clone()),
            };
            let mut object = CatalogObject::from(Definition::Trigger(definition));
            if let Some(other) = follows {
                object.depends_on.insert(key(&other), BTreeSet::new());
            }
            catalog.objects.insert(key(&name), object);
            before = Some((name, table, timing, event));
        }
        Ok(())
    }

    async fn read_events(&mut self, place: &Place, catalog: &mut Catalog) -> Result<(), DbError> {
        let literal = quote_literal(self.dialect, &place.name);
        let listed = self
            .rows(&format!(
                "SELECT event_name FROM information_schema.events WHERE event_schema = {literal} \
                 ORDER BY event_name"
            ))
            .await?;
        let names: Vec<String> = listed.into_iter().filter_map(|mut row| row.pop()?).collect();
        let statements: Vec<String> = names
            .iter()
            .map(|name| format!("SHOW CREATE EVENT {}", self.qualified(&place.name, name)))
            .collect();
        // The name, the mode, the zone, the statement.
        for (row, name) in self.shown(&statements).await?.into_iter().zip(&names) {
            let Some(sql) = row.into_iter().nth(3).flatten() else { continue };
            let named = place.named(name.clone());
            let create = routine::without_definer(place, &place.without_own(&sql));
            let drop = format!(
                "DROP EVENT {}",
                text::qualified(place.dialect, named.schema.as_deref(), name)
            );
            let key =
                ObjectKey { kind: ObjectKind::Sql, name: named, of: Some("event".to_owned()) };
            catalog.objects.insert(key, Definition::Sql { create, drop }.into());
        }
        Ok(())
    }

    fn qualified(&self, database: &str, name: &str) -> String {
        format!("{}.{}", quote_ident(self.dialect, database), quote_ident(self.dialect, name))
    }

    /// The tables, views and sequences as the server shows them, in few round trips.
    async fn show_all(
        &mut self,
        database: &str,
        names: &[(String, bool)],
    ) -> Result<Vec<(String, String)>, DbError> {
        let mut shown = Vec::with_capacity(names.len());
        for names in names.chunks(super::introspect::AT_ONCE) {
            shown.extend(self.show(database, names).await?);
        }
        Ok(shown)
    }

    /// The rows of statements that show one each, in one round trip.
    async fn shown(&mut self, statements: &[String]) -> Result<Vec<Row>, DbError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let all = format!(
            "{}; {}; {}",
            super::introspect::KEEP,
            statements.join("; "),
            super::introspect::PUT_BACK
        );
        self.rows(&all).await
    }
}

/// A view from the statement that makes it.
fn view(place: &Place, sql: &str) -> Option<Definition> {
    let dialect = place.dialect;
    let tokens = text::tokens(dialect, sql);
    let value = |word: &str| -> Option<&Token<'_>> {
        let at = tokens.iter().position(|token| token.is(word))?;
        tokens.get(at + 2).filter(|_| tokens[at + 1].is_symbol("="))
    };
    let algorithm = value("ALGORITHM").map(|token| token.text.to_lowercase());
    let at = tokens.iter().position(|token| token.is("AS"))?;
    let begin = tokens.get(at + 1)?.start;
    let security = tokens
        .windows(3)
        .find(|three| three[0].is("SQL") && three[1].is("SECURITY"))
        .map(|three| three[2].text.to_lowercase());
    let (mut query, mut check_option) = (&sql[begin..], None);
    if let [.., with, which, check, option] = tokens.as_slice()
        && with.is("WITH")
        && check.is("CHECK")
        && option.is("OPTION")
    {
        check_option = Some(match which.is("LOCAL") {
            true => CheckOption::Local,
            false => CheckOption::Cascaded,
        });
        query = &sql[begin..with.start];
    }
    Some(Definition::View(ViewDefinition {
        query: place.own(query.trim()),
        columns: Vec::new(),
        check_option,
        with: Entries::default(),
        algorithm: algorithm.filter(|algorithm| algorithm != "undefined"),
        sql_security: security.filter(|security| security != "definer"),
        definer: routine::definer_in(place, sql).and_then(|definer| place.definer(&definer)),
        temporary: false,
        comment: None,
    }))
}

/// Says what stands on what, as far as names tell: the server does not.
fn say_needs(catalog: &mut Catalog, dialect: Dialect) {
    let mut by_name: BTreeMap<String, Vec<ObjectKey>> = BTreeMap::new();
    for key in catalog.objects.keys() {
        let may_be_named = !matches!(key.kind, ObjectKind::Trigger | ObjectKind::Schema)
            && key.of.as_deref() != Some("event");
        if may_be_named {
            by_name.entry(key.name.name.clone()).or_default().push(key.clone());
        }
    }
    let named = |sql: &str| -> Vec<ObjectKey> {
        let names: BTreeSet<String> = text::names_in(dialect, sql).into_iter().collect();
        names.iter().filter_map(|name| by_name.get(name)).flatten().cloned().collect()
    };
    let said = |sql: &SqlText| sql.get(dialect).cloned().unwrap_or_default();
    let schemas: Vec<ObjectKey> =
        catalog.objects.keys().filter(|key| key.kind == ObjectKind::Schema).cloned().collect();
    for (key, object) in &mut catalog.objects {
        let mut needs = match &object.definition {
            Definition::View(view) => named(&said(&view.query)),
            Definition::Table(table) => {
                let referred = table.referred().flat_map(|(_, table)| {
                    by_name.get(table).into_iter().flatten().cloned().collect::<Vec<_>>()
                });
                let defaults = table.columns.iter().filter_map(|column| match &column.default {
                    Some(DefaultValue::Sql(sql)) => Some(named(&said(sql))),
                    _ => None,
                });
                let sequences = defaults.flatten().filter(|need| need.kind == ObjectKind::Sequence);
                referred.chain(sequences).collect()
            }
            Definition::Trigger(_) => {
                let table = key.of.as_deref().unwrap_or_default();
                by_name.get(table).cloned().unwrap_or_default()
            }
            _ => Vec::new(),
        };
        let of_schema =
            schemas.iter().filter(|schema| key.name.schema.as_ref() == Some(&schema.name.name));
        needs.extend(of_schema.cloned());
        needs.retain(|need| need != key);
        object.depends_on.extend(needs.into_iter().map(|need| (need, BTreeSet::new())));
    }
}
