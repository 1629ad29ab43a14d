//! Reads all that a database of PostgreSQL's holds, as operations would make it.

mod objects;
mod rest;
mod settings;
mod words;

use std::collections::{BTreeMap, HashMap};

use super::Postgres;
use super::introspect::{Part, unreadable};
use super::relations;
use crate::db::{DbError, Row};
use crate::model::operation::{
    CommentObject, Constraint, Index, MaterializedViewDefinition, PolicyDefinition,
    RoutineDefinition, SetComment, TableDefinition, TriggerDefinition, ViewDefinition,
};
use crate::model::{ByDialect, Catalog, CatalogObject, Definition, Name, ObjectKey, ObjectKind};
use crate::text::{Dialect, quote_literal};

pub(super) use settings::setting;

/// What the server prints leaves out the schemas that are searched, so only the session's own is, and two
/// databases print alike; a temporary table must not stand in front of one of its name.
const BEFORE: &str = "SELECT pg_catalog.set_config('rev.search_path', \
    pg_catalog.current_setting('search_path'), true); \
    SELECT pg_catalog.set_config('search_path', COALESCE(pg_catalog.quote_ident(\
    pg_catalog.current_schema()) || ', ', '') || 'pg_temp', true); ";

/// Puts it back, for a transaction that may be open.
const AFTER: &str = "; SELECT pg_catalog.set_config('search_path', \
    pg_catalog.current_setting('rev.search_path'), true)";

impl Postgres {
    /// What the database holds, in one round trip.
    pub(super) async fn read_whole(&mut self) -> Result<Catalog, DbError> {
        let rows = self.catalogue_rows(&self.whole()).await?;
        let mut reading = Reading::default();
        reading.catalog.dialect = Some(Dialect::Postgres);
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
    fn whole(&self) -> String {
        let literal = |text: &String| quote_literal(Dialect::Postgres, text);
        let names: Vec<String> = self.catalogue.names.iter().map(literal).collect();
        let journal = format!(
            "AND NOT (n.nspname = {} AND c.relname IN ({}))",
            literal(&self.schema),
            names.join(", ")
        );
        let mut parts = vec![
            "SELECT 'own', NULL, pg_catalog.current_schema()::text, 0, NULL".to_owned(),
            relations::tables(&journal),
            relations::columns("AND a.attislocal AND NOT c.relispartition"),
            relations::constraints("AND o.conislocal AND o.conparentid = 0"),
            relations::indexes("'r', 'p', 'm'", "AND NOT ic.relispartition"),
            relations::enums(),
        ];
        parts.extend(objects::parts());
        parts.extend(rest::comments());
        parts.extend(rest::unsupported());
        parts.push(rest::hidden());
        parts.extend(rest::belongings());
        parts.push(rest::needs());
        format!("{BEFORE}{} ORDER BY 4{AFTER}", parts.join(" UNION ALL "))
    }
}

/// The class of an object in the catalogue, and its number there.
type Address = (String, String);

/// What has been read so far.
#[derive(Default)]
struct Reading {
    catalog: Catalog,
    tables: BTreeMap<Name, TableDefinition>,
    materialized: BTreeMap<Name, MaterializedViewDefinition>,
    /// Where each object stands in the catalogue.
    found: HashMap<Address, ObjectKey>,
    /// What belongs to what.
    wholes: HashMap<Address, Address>,
    /// The objects of comments.
    commented: Vec<(ObjectKey, Address)>,
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

#[derive(serde::Deserialize)]
struct Trigger {
    name: String,
    sql: String,
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

#[derive(serde::Deserialize)]
struct Need {
    oid: String,
    column: Option<String>,
}

impl Reading {
    fn take(&mut self, part: &Part<'_>) -> Result<(), DbError> {
        let name = part.name.clone();
        let plain = |kind| ObjectKey::new(kind, name.clone());
        match part.kind {
            "own" => self.catalog.own = Some(name.name),
            "table" => {
                self.found.insert(address("pg_class", part), plain(ObjectKind::Table));
                self.tables.insert(name, part.read()?);
            }
            "materialized view" => {
                self.found.insert(address("pg_class", part), plain(ObjectKind::MaterializedView));
                let mut view: MaterializedViewDefinition = part.read()?;
                view.query = query(&view.query);
                self.materialized.insert(name, view);
            }
            "column" => {
                if let Some(table) = self.tables.get_mut(&name) {
                    table.columns.push(part.read()?);
                }
            }
            "constraint" => {
                if let Some(table) = self.tables.get_mut(&name) {
                    table.constraints.push(part.read()?);
                }
            }
            "index" => {
                if let Some(table) = self.tables.get_mut(&name) {
                    table.indexes.push(part.read()?);
                } else if let Some(view) = self.materialized.get_mut(&name) {
                    view.indexes.push(part.read()?);
                }
            }
            "unseen" => self.catalog.unsupported.push(name.name),
            "hidden" => drop(self.catalog.hidden.insert(name)),
            "part" => {
                let (Some(class), Some(whole)) = (name.schema, part.text()) else {
                    return Err(unreadable("a part belongs to nothing"));
                };
                // Of a part the row says its class first and that of the whole where a name stands.
                let whole = (name.name, whole.to_owned());
                self.wholes.insert((class, part.number.to_owned()), whole);
            }
            "need" => {}
            "comment" => self.comment(part)?,
            "row security" => {
                let RowSecurity { enabled, forced } = part.read()?;
                let definition = Definition::RowSecurity { enabled, forced };
                self.catalog.objects.insert(plain(ObjectKind::RowSecurity), definition.into());
            }
            _ => self.object(part)?,
        }
        Ok(())
    }

    /// An object that one row tells all of.
    fn object(&mut self, part: &Part<'_>) -> Result<(), DbError> {
        let (kind, class, name, of, definition) = read(part)?;
        let key = ObjectKey { kind, name, of };
        self.found.insert(address(class, part), key.clone());
        self.catalog.objects.insert(key, definition.into());
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
        self.catalog.objects.insert(key, definition.into());
        Ok(())
    }

    /// The object at an address, or the one that what stands there belongs to.
    fn at(&self, address: &Address) -> Option<&ObjectKey> {
        let mut address = address;
        // As deep as anything is kept: an array of the type of a table.
        for _ in 0..8 {
            if let Some(key) = self.found.get(address) {
                return Some(key);
            }
            address = self.wholes.get(address)?;
        }
        None
    }

    fn finish(mut self, rows: &[Row]) -> Result<Catalog, DbError> {
        for (name, mut table) in std::mem::take(&mut self.tables) {
            table.constraints.sort_by(|one, other| rank(one).cmp(&rank(other)));
            sort(&mut table.indexes);
            let key = ObjectKey::new(ObjectKind::Table, name);
            self.catalog.objects.insert(key, Definition::Table(table).into());
        }
        for (name, mut view) in std::mem::take(&mut self.materialized) {
            sort(&mut view.indexes);
            let key = ObjectKey::new(ObjectKind::MaterializedView, name);
            self.catalog.objects.insert(key, Definition::MaterializedView(view).into());
        }
        let mut edges = Vec::new();
        for row in rows {
            let part = Part::of(row)?;
            if part.kind != "need" {
                continue;
            }
            let Need { oid, column } = part.read()?;
            let class = part.name.schema.clone().unwrap_or_default();
            let on = self.at(&(part.name.name.clone(), oid));
            edges.push((self.at(&(class, part.number.to_owned())).cloned(), on.cloned(), column));
        }
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
                implied(key, object).into_iter().map(|on| (Some(key.clone()), Some(on), None)),
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
        part_sequences(objects);
        self.catalog.unsupported.sort();
        self.catalog.unsupported.dedup();
        Ok(self.catalog)
    }
}

fn address(class: &str, part: &Part<'_>) -> Address {
    (class.to_owned(), part.number.to_owned())
}

/// What a row tells all of: its kind and class, its name and what else tells it from others.
type Told = (ObjectKind, &'static str, Name, Option<String>, Definition);

fn read(part: &Part<'_>) -> Result<Told, DbError> {
    let Name { schema, name } = part.name.clone();
    let own = |name: String| Name { schema: schema.clone(), name };
    let plain = |kind, class, definition| Ok((kind, class, own(name.clone()), None, definition));
    match part.kind {
        "schema" => plain(ObjectKind::Schema, "pg_namespace", Definition::Schema(part.read()?)),
        "extension" => {
            plain(ObjectKind::Extension, "pg_extension", Definition::Extension(part.read()?))
        }
        "enum" => {
            let values = part.read::<Option<_>>()?.unwrap_or_default();
            plain(ObjectKind::Enum, "pg_type", Definition::Enum(values))
        }
        "domain" => plain(ObjectKind::Domain, "pg_type", Definition::Domain(part.read()?)),
        "sequence" => plain(ObjectKind::Sequence, "pg_class", Definition::Sequence(part.read()?)),
        "view" => {
            let mut view: ViewDefinition = part.read()?;
            if let ByDialect::All(text) = &mut view.query {
                *text = query(text);
            }
            plain(ObjectKind::View, "pg_class", Definition::View(view))
        }
        "function" | "procedure" => {
            let Routine { of, settings, whole, mut definition } = part.read()?;
            definition.language = definition.language.filter(|language| language != "sql");
            definition
                .attributes
                .extend(settings.iter().map(|one| format!("set {}", setting(one))));
            if let Some(body) = whole.as_deref().and_then(words::body) {
                definition.body = body.to_owned().into();
            }
            let (kind, definition) = match part.kind {
                "function" => (ObjectKind::Function, Definition::Function(definition)),
                _ => (ObjectKind::Procedure, Definition::Procedure(definition)),
            };
            Ok((kind, "pg_proc", part.name.clone(), Some(of), definition))
        }
        "trigger" => {
            let Trigger { name: trigger, sql, mut definition } = part.read()?;
            let (when, execute) = words::trigger(&sql)
                .ok_or_else(|| unreadable(&format!("trigger {trigger} of {name}")))?;
            definition.when = when.map(|when| when.to_owned().into());
            definition.execute = Some(execute.to_owned());
            let definition = Definition::Trigger(definition);
            Ok((ObjectKind::Trigger, "pg_trigger", own(trigger), Some(name.clone()), definition))
        }
        "policy" => {
            let Policy { name: policy, definition } = part.read()?;
            let definition = Definition::Policy(definition);
            Ok((ObjectKind::Policy, "pg_policy", own(policy), Some(name.clone()), definition))
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
            let definition = Definition::Sql { create, drop };
            Ok((ObjectKind::Sql, class, part.name.clone(), Some(what), definition))
        }
    }
}

/// The objects that one stands on by its very name.
fn implied(key: &ObjectKey, object: &CatalogObject) -> Vec<ObjectKey> {
    let named =
        |kind, name: &str| ObjectKey::new(kind, Name { schema: None, name: name.to_owned() });
    let mut all = Vec::new();
    let mut schema = key.name.schema.as_ref();
    if let Definition::Extension(extension) = &object.definition {
        schema = extension.schema.as_ref();
    }
    all.extend(schema.map(|schema| named(ObjectKind::Schema, schema)));
    if key.kind == ObjectKind::RowSecurity {
        all.push(ObjectKey::new(ObjectKind::Table, key.name.clone()));
    }
    all
}

/// A sequence that goes with a table whose default counts by it is made before the table, and given to it
/// afterwards: it does not stand on it.
fn part_sequences(objects: &mut BTreeMap<ObjectKey, CatalogObject>) {
    let is_used = |sequence: &ObjectKey, table: &ObjectKey| {
        objects.get(table).is_some_and(|table| table.depends_on.contains_key(sequence))
    };
    let mut apart = Vec::new();
    for (key, object) in objects.iter().filter(|(key, _)| key.kind == ObjectKind::Sequence) {
        let used = object.depends_on.keys().filter(|table| is_used(key, table));
        apart.extend(used.map(|table| (key.clone(), table.clone())));
    }
    for (sequence, table) in apart {
        if let Some(object) = objects.get_mut(&sequence) {
            object.depends_on.remove(&table);
        }
    }
}

/// A query without the space in front and the semicolon behind.
fn query(text: &str) -> String {
    text.trim().trim_end_matches(';').to_owned()
}

/// In which order constraints are told.
fn rank(constraint: &Constraint) -> (u8, Option<&str>) {
    let kind = match constraint {
        Constraint::PrimaryKey(_) => 0,
        Constraint::Unique(_) => 1,
        Constraint::ForeignKey(_) => 2,
        Constraint::Check(_) => 3,
        Constraint::Exclude(_) => 4,
    };
    (kind, constraint.name())
}

fn sort(indexes: &mut [Index]) {
    indexes.sort_by(|one, other| one.name.cmp(&other.name));
}
