//! Reads what a database of PostgreSQL's holds. The server writes it as a file would, so that it is read
//! as a file is.

mod journals;
mod needs;
mod objects;
mod part;
mod relations;
mod rest;
mod settings;
mod unsupported;
mod words;

use std::collections::HashMap;

use super::Postgres;
use crate::db::{DbError, Row, Wanted};
use crate::model::operation::{
    Column, CommentObject, Constraint, Index, MaterializedViewDefinition, PolicyDefinition,
    RoutineDefinition, SetComment, TriggerDefinition, ViewDefinition,
};
use crate::model::{
    ByDialect, Definition, Name, ObjectKey, ObjectKind, ObjectPart, RawCatalog, RawObject,
};
use crate::text::{Dialect, quote_literal};
use part::{Part, unreadable};
use relations::SHARED;

pub(super) use settings::setting;

/// Such a query is large and short-lived: compiling it takes seconds, running it milliseconds; and so does
/// looking for an order of its joins, which are written in a good one. What the server prints leaves out
/// the schemas that are searched, so only the session's own is, and two databases print alike; a temporary
/// table must not stand in front of one of its name.
const BEFORE: &str = "SELECT pg_catalog.set_config('rev.jit', \
    pg_catalog.current_setting('jit'), true), pg_catalog.set_config('rev.join_collapse_limit', \
    pg_catalog.current_setting('join_collapse_limit'), true), pg_catalog.set_config('rev.search_path', \
    pg_catalog.current_setting('search_path'), true); \
    SELECT pg_catalog.set_config('jit', 'off', true), \
    pg_catalog.set_config('join_collapse_limit', '1', true), \
    pg_catalog.set_config('search_path', COALESCE(pg_catalog.quote_ident(\
    pg_catalog.current_schema()) || ', ', '') || 'pg_temp', true); ";

/// Puts it back, for a transaction that may be open.
const AFTER: &str = "; SELECT pg_catalog.set_config('search_path', \
    pg_catalog.current_setting('rev.search_path'), true), pg_catalog.set_config('jit', \
    pg_catalog.current_setting('rev.jit'), true), pg_catalog.set_config('join_collapse_limit', \
    pg_catalog.current_setting('rev.join_collapse_limit'), true)";

impl Postgres {
    /// What the database holds, in one statement, which sees one state and costs one round trip.
    pub(super) async fn read(&mut self, wanted: Wanted<'_>) -> Result<RawCatalog, DbError> {
        let mut rows = self.rows(&self.query(wanted)).await?;
        // What is set is a row of three values.
        rows.retain(|row| row.len() > 3);
        journals::leave_out(&mut rows)?;
        let catalog = RawCatalog::new(Dialect::Postgres, None);
        let mut reading = Reading {
            catalog,
            found: HashMap::new(),
            wholes: HashMap::new(),
            parts: HashMap::new(),
            commented: Vec::new(),
            unsupported: Vec::new(),
        };
        let first = |kind: &str| matches!(kind, "table" | "materialized view");
        for wanted in [true, false] {
            for row in &rows {
                let part = Part::of(row)?;
                if first(part.kind) == wanted {
                    reading.take(&part)?;
                }
            }
        }
        reading.finish(&rows)
    }

    /// The query, without the journal's tables.
    fn query(&self, wanted: Wanted<'_>) -> String {
        let literal = |text: &String| quote_literal(Dialect::Postgres, text);
        let names: Vec<String> = self.catalogue.names.iter().map(literal).collect();
        let journal = format!(
            "AND NOT (c.nspname = {} AND c.relname IN ({}))",
            literal(&self.schema),
            names.join(", "),
        );
        let mut parts = vec![
            "SELECT 'own', NULL::text, pg_catalog.current_schema()::text, 0::bigint, NULL::text"
                .to_owned(),
            relations::tables(&journal),
            relations::columns(),
            relations::constraints(),
            relations::indexes(),
            relations::enums(),
            objects::views(),
            objects::materialized_views(),
            objects::triggers(),
        ];
        if let Wanted::All = wanted {
            parts.extend(objects::rest());
            parts.extend(rest::comments());
            parts.extend(unsupported::alone());
            parts.extend(unsupported::of_relations());
            parts.push(rest::hidden());
            parts.extend(rest::belongings());
            parts.push(rest::needs());
        }
        format!("{BEFORE}{SHARED}{} ORDER BY 4{AFTER}", parts.join(" UNION ALL "))
    }
}

/// The class of an object in the catalogue, and its number there.
type Address = (String, String);

/// The kinds that share their names.
const RELATIONS: [ObjectKind; 4] =
    [ObjectKind::Table, ObjectKind::MaterializedView, ObjectKind::View, ObjectKind::Sequence];

/// What has been read so far.
struct Reading {
    catalog: RawCatalog,
    /// Where each object stands in the catalogue.
    found: HashMap<Address, ObjectKey>,
    /// What belongs to what.
    wholes: HashMap<Address, Address>,
    /// Parts that can be dropped by themselves.
    parts: HashMap<Address, ObjectPart>,
    /// The objects of comments.
    commented: Vec<(ObjectKey, Address)>,
    /// What relations have beyond their definitions, in words.
    unsupported: Vec<(Name, String)>,
}

#[derive(serde::Deserialize)]
struct Routine {
    of: String,
    #[serde(default)]
    settings: Vec<String>,
    /// The whole statement, where the body is not kept as text.
    whole: Option<String>,
    #[serde(flatten)]
    definition: RoutineDefinition,
}

/// A view, materialized or not.
#[derive(serde::Deserialize)]
struct View<T> {
    /// What stands in front of its query in the statement that makes it.
    create: String,
    #[serde(flatten)]
    definition: T,
}

#[derive(serde::Deserialize)]
struct Trigger {
    name: String,
    sql: String,
    /// A partition's, which it has of its table.
    #[serde(default)]
    derived: bool,
    #[serde(flatten)]
    definition: TriggerDefinition,
}

#[derive(serde::Deserialize)]
struct Policy {
    name: String,
    #[serde(flatten)]
    definition: PolicyDefinition,
}

#[derive(serde::Deserialize)]
struct RowSecurity {
    enabled: bool,
    forced: bool,
}

#[derive(serde::Deserialize)]
struct MadeBySql {
    what: String,
    create: String,
    drop: String,
}

#[derive(serde::Deserialize)]
struct Comment {
    class: String,
    comment: String,
    on: Option<CommentObject>,
    table: Option<String>,
    /// Of what no operation comments on: the words for it, and its name in a statement.
    what: Option<String>,
    object: Option<String>,
}

impl Reading {
    fn take(&mut self, part: &Part<'_>) -> Result<(), DbError> {
        let name = part.name.clone();
        let plain = |kind| ObjectKey::new(kind, name.clone());
        let (kind, is_inherited) = match part.kind.strip_prefix("inherited ") {
            Some(kind) => (kind, true),
            None => (part.kind, false),
        };
        match kind {
            "own" => self.catalog.own = Some(name.name),
            "table" => {
                self.add(
                    part,
                    Some("pg_class"),
                    plain(ObjectKind::Table),
                    Definition::Table(part.read()?),
                );
            }
            "materialized view" => {
                let View { create, definition } = part.read()?;
                let mut view: MaterializedViewDefinition = definition;
                let sql = format!("{create}{}", view.query);
                view.query = query(&view.query);
                let (key, view) =
                    (plain(ObjectKind::MaterializedView), Definition::MaterializedView(view));
                self.add(part, Some("pg_class"), key, view).sql = Some(sql);
            }
            "view" => {
                let View { create, definition } = part.read()?;
                let mut view: ViewDefinition = definition;
                let mut sql = create;
                if let ByDialect::All(text) = &mut view.query {
                    sql.push_str(text);
                    *text = query(text);
                }
                let key = plain(ObjectKind::View);
                self.add(part, Some("pg_class"), key, Definition::View(view)).sql = Some(sql);
            }
            "trigger" => self.trigger(part)?,
            "column" | "constraint" | "index" => self.table_part(part, kind, is_inherited)?,
            "unseen" => self.catalog.unsupported.push(name.name),
            "unsupported" => {
                self.unsupported.extend(part.text().map(|words| (name, words.to_owned())))
            }
            "hidden" => drop(self.catalog.hidden.insert(name)),
            "part" => {
                let (Some(class), Some(whole)) = (name.schema, part.text()) else {
                    return Err(unreadable("a part belongs to nothing"));
                };
                // Of a part the row says its class first and that of the whole where a name stands.
                let address = (class, part.number.to_owned());
                let mut words = whole.splitn(3, ' ');
                let whole = (name.name, words.next().unwrap_or_default().to_owned());
                self.wholes.insert(address.clone(), whole);
                if let (Some(what), Some(name)) = (words.next(), words.next()) {
                    self.parts.insert(address, needs::part(what, name));
                }
            }
            "need" => {}
            "comment" => self.comment(part)?,
            "row security" => {
                let RowSecurity { enabled, forced } = part.read()?;
                let definition = Definition::RowSecurity { enabled, forced };
                self.catalog.add(plain(ObjectKind::RowSecurity), definition);
            }
            _ => self.object(part)?,
        }
        Ok(())
    }

    /// Adds an object of a class, in which others find it; `None`: nobody looks for it.
    fn add(
        &mut self,
        part: &Part<'_>,
        class: Option<&str>,
        key: ObjectKey,
        definition: Definition,
    ) -> &mut RawObject {
        self.found.extend(class.map(|class| (address(class, part), key.clone())));
        let object = self.catalog.add(key, definition);
        // The numbers are given in the order in which objects are made.
        object.place = part.number.parse().unwrap_or(object.place);
        object
    }

    /// An object that one row tells all of.
    fn object(&mut self, part: &Part<'_>) -> Result<(), DbError> {
        let (mut name, mut of) = (part.name.clone(), None);
        let (kind, class, definition) = match part.kind {
            "schema" => (ObjectKind::Schema, "pg_namespace", Definition::Schema(part.read()?)),
            "extension" => {
                (ObjectKind::Extension, "pg_extension", Definition::Extension(part.read()?))
            }
            "enum" => {
                let values = part.read::<Option<_>>()?.unwrap_or_default();
                (ObjectKind::Enum, "pg_type", Definition::Enum(values))
            }
            "domain" => (ObjectKind::Domain, "pg_type", Definition::Domain(part.read()?)),
            "sequence" => (ObjectKind::Sequence, "pg_class", Definition::Sequence(part.read()?)),
            "function" | "procedure" => {
                let Routine { of: arguments, settings, whole, mut definition } = part.read()?;
                definition.language = definition.language.filter(|language| language != "sql");
                definition
                    .attributes
                    .extend(settings.iter().map(|one| format!("set {}", setting(one))));
                if let Some(body) = whole.as_deref().and_then(words::body) {
                    definition.body = body.to_owned().into();
                }
                of = Some(arguments);
                match part.kind {
                    "function" => {
                        (ObjectKind::Function, "pg_proc", Definition::Function(definition))
                    }
                    _ => (ObjectKind::Procedure, "pg_proc", Definition::Procedure(definition)),
                }
            }
            "policy" => {
                let Policy { name: policy, definition } = part.read()?;
                of = Some(std::mem::replace(&mut name.name, policy));
                (ObjectKind::Policy, "pg_policy", Definition::Policy(definition))
            }
            kind => {
                let class = match kind {
                    "type" => "pg_type",
                    "collation" => "pg_collation",
                    "rule" => "pg_rewrite",
                    "statistics" => "pg_statistic_ext",
                    _ => "pg_attrdef",
                };
                let MadeBySql { what, create, drop } = part.read()?;
                of = Some(what);
                (ObjectKind::Sql, class, Definition::Sql { create, drop })
            }
        };
        self.add(part, Some(class), ObjectKey { kind, name, of }, definition);
        Ok(())
    }

    /// A column, constraint or index of a table, or an index of a materialized view. The temporary
    /// tables and the journal's are not here.
    fn table_part(
        &mut self,
        part: &Part<'_>,
        kind: &str,
        is_inherited: bool,
    ) -> Result<(), DbError> {
        let kinds = [ObjectKind::Table, ObjectKind::MaterializedView];
        let key = kinds
            .map(|kind| ObjectKey::new(kind, part.name.clone()))
            .into_iter()
            .find(|key| self.catalog.objects.contains_key(key));
        let object = key.and_then(|key| self.catalog.objects.get_mut(&key));
        let Some(RawObject { definition, inherited, .. }) = object else { return Ok(()) };
        match (definition, kind) {
            (Definition::Table(table), "column") => {
                let column: Column = part.read()?;
                if is_inherited {
                    inherited.columns.insert(column.name.clone());
                }
                table.columns.push(column);
            }
            (Definition::Table(table), "constraint") => {
                let constraint: Constraint = part.read()?;
                if is_inherited {
                    inherited.constraints.extend(constraint.name().map(str::to_owned));
                }
                table.constraints.push(constraint);
            }
            (Definition::Table(table), _) => {
                let index: Index = part.read()?;
                if is_inherited {
                    inherited.indexes.extend(index.name.clone());
                }
                table.indexes.push(index);
            }
            (Definition::MaterializedView(view), "index") => view.indexes.push(part.read()?),
            _ => {}
        }
        Ok(())
    }

    fn trigger(&mut self, part: &Part<'_>) -> Result<(), DbError> {
        let Name { schema, name: table } = part.name.clone();
        let Trigger { name, sql, derived, mut definition } = part.read()?;
        let (when, execute) = words::trigger(&sql)
            .ok_or_else(|| unreadable(&format!("trigger {name} of {table}")))?;
        definition.when = when.map(|when| when.to_owned().into());
        definition.execute = Some(execute.to_owned());
        let key = ObjectKey {
            of: Some(table),
            ..ObjectKey::new(ObjectKind::Trigger, Name { schema, name })
        };
        let class = (!derived).then_some("pg_trigger");
        let object = self.add(part, class, key, Definition::Trigger(definition));
        object.is_derived = derived;
        object.sql = Some(sql);
        Ok(())
    }

    fn comment(&mut self, part: &Part<'_>) -> Result<(), DbError> {
        let Comment { class, comment, on, table, what, object } = part.read()?;
        let name = part.name.clone();
        let (kind, of, definition) = match (on, what, object) {
            (Some(on), _, _) => {
                let of = words::commented(on);
                let of = table.as_ref().map_or(of.to_owned(), |table| format!("{of} of {table}"));
                let Name { schema, name } = name.clone();
                let comment = Some(comment);
                let set = SetComment { on, schema, table, name, comment, was: None };
                (ObjectKind::Comment, of, Definition::Comment(set))
            }
            (None, Some(what), Some(object)) => {
                let text = quote_literal(Dialect::Postgres, &comment);
                let create = format!("COMMENT ON {object} IS {text}");
                let drop = format!("COMMENT ON {object} IS NULL");
                (ObjectKind::Sql, what, Definition::Sql { create, drop })
            }
            _ => return Err(unreadable("a comment is on nothing")),
        };
        let key = ObjectKey { kind, name, of: Some(of) };
        self.commented.push((key.clone(), (class, part.number.to_owned())));
        self.catalog.add(key, definition);
        Ok(())
    }

    fn finish(mut self, rows: &[Row]) -> Result<RawCatalog, DbError> {
        let needs::Edges { mut edges, of_parts, held } = self.edges(rows)?;
        for (key, address) in std::mem::take(&mut self.commented) {
            let on = self.at(&address).cloned();
            // The comment of the session's own schema stands by itself.
            if on.is_none() && address.0 != "pg_namespace" {
                self.catalog.objects.remove(&key);
            }
            edges.push((Some(key), on, None));
        }
        let objects = &mut self.catalog.objects;
        for (key, object) in objects.iter() {
            edges.extend(
                needs::implied(key, object)
                    .into_iter()
                    .map(|on| (Some(key.clone()), Some(on), None)),
            );
        }
        for (key, on, column) in edges {
            let (Some(key), Some(on)) = (key, on) else { continue };
            if key == on || !objects.contains_key(&on) {
                continue;
            }
            if let Some(object) = objects.get_mut(&key) {
                object.depends_on.entry(on).or_default().extend(column);
            }
        }
        for (key, part, on, column) in of_parts {
            if let Some(object) = objects.get_mut(&key) {
                object.parts.entry(part).or_default().entry(on).or_default().extend(column);
            }
        }
        for key in held {
            if let Some(object) = objects.get_mut(&key) {
                object.is_held = true;
            }
        }
        needs::part_sequences(objects);
        for (name, words) in self.unsupported {
            let key = RELATIONS.map(|kind| ObjectKey::new(kind, name.clone()));
            // The journal's tables and what cannot be compared are not here.
            if let Some(key) = key.iter().find(|key| objects.contains_key(key))
                && let Some(object) = objects.get_mut(key)
            {
                object.unsupported.insert(words);
            }
        }
        Ok(self.catalog)
    }
}

fn address(class: &str, part: &Part<'_>) -> Address {
    (class.to_owned(), part.number.to_owned())
}

/// A query without the space in front and the semicolon behind.
fn query(text: &str) -> String {
    text.trim().trim_end_matches(';').to_owned()
}
