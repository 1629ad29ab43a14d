//! The canonical form of what a database holds: each object in the one form that its equals have, too.

mod routine;
mod sequence;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::operation::{CheckOption, DefaultValue, TriggerDefinition, ViewDefinition};
use crate::model::{
    ByDialect, Catalog, CatalogObject, Definition, Entries, ObjectKey, ObjectKind, RawCatalog,
    ServerDefaults, SqlText,
};
use crate::text::{self, Dialect, Token};

/// What a session and its database are like.
struct Place {
    dialect: Dialect,
    /// The database.
    name: String,
    defaults: ServerDefaults,
}

impl Place {
    fn own(&self, sql: impl Into<String>) -> SqlText {
        ByDialect::Each(vec![(self.dialect, sql.into())])
    }

    /// Whoever an object belongs to, if that is not who is connected, who may make objects for others.
    fn definer(&self, definer: &str) -> Option<String> {
        let is_other = definer != self.defaults.user;
        (is_other && self.defaults.sets_definer).then(|| definer.to_owned())
    }

    /// SQL of the server without the name of its database in front of names: in a database of another
    /// name the same object says the same.
    fn without_own(&self, sql: &str) -> String {
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

/// The catalog in the canonical form.
pub(in crate::db) fn canonical(raw: RawCatalog) -> Catalog {
    let RawCatalog { dialect, own, defaults, objects, unsupported, hidden, unseen, .. } = raw;
    let place = Place { dialect, name: own.clone().unwrap_or_default(), defaults };
    let mut catalog = Catalog {
        dialect: Some(dialect),
        own,
        unsupported,
        hidden,
        unseen,
        defaults: place.defaults.clone(),
        ..Catalog::default()
    };
    for (key, object) in objects {
        let found = match (object.definition, object.sql) {
            (Definition::Table(table), Some(sql)) => Some(table::read(&place, key, table, &sql)),
            (Definition::Trigger(definition), _) => Some((key, trigger(&place, definition))),
            (Definition::Sql { create, drop }, _) => statement(&place, key, &create, drop),
            (definition, _) => Some((key, definition)),
        };
        if let Some((key, definition)) = found {
            catalog
                .objects
                .insert(key, CatalogObject { depends_on: object.depends_on, ..definition.into() });
        }
    }
    say_needs(&mut catalog, dialect);
    catalog
}

/// What the server gives as a statement alone; `None`: a view that cannot be read.
fn statement(
    place: &Place,
    key: ObjectKey,
    sql: &str,
    drop: String,
) -> Option<(ObjectKey, Definition)> {
    let sql = &place.without_own(sql);
    let definition = match key.kind {
        ObjectKind::Table => return Some(table::by_sql(place, key, sql)),
        ObjectKind::View => view(place, sql)?,
        ObjectKind::Sequence => Definition::Sequence(sequence::read(place.dialect, sql)),
        _ => match (key.kind, routine::read(place, sql)) {
            (ObjectKind::Function, Some(routine)) => Definition::Function(routine),
            (ObjectKind::Procedure, Some(routine)) => Definition::Procedure(routine),
            _ => {
                let of = key.of.clone().or_else(|| Some("routine".to_owned()));
                let create = routine::without_definer(place, sql);
                let key = ObjectKey { kind: ObjectKind::Sql, of, ..key };
                return Some((key, Definition::Sql { create, drop }));
            }
        },
    };
    Some((key, definition))
}

fn trigger(place: &Place, definition: TriggerDefinition) -> Definition {
    let own = |body: &SqlText| Some(place.own(place.without_own(body.get(place.dialect)?)));
    Definition::Trigger(TriggerDefinition {
        body: definition.body.as_ref().and_then(own),
        definer: definition.definer.as_deref().and_then(|definer| place.definer(definer)),
        ..definition
    })
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
    // MySQL keeps the names of the columns apart from the query.
    let columns = match tokens[..at].iter().rposition(|token| token.is_symbol("(")) {
        Some(open) => {
            tokens[open..at].iter().filter_map(|one| text::name_of(dialect, one)).collect()
        }
        None => Vec::new(),
    };
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
        columns,
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
        let may_be_named = key.kind != ObjectKind::Trigger && key.of.as_deref() != Some("event");
        if may_be_named {
            by_name.entry(key.name.name.clone()).or_default().push(key.clone());
        }
    }
    let named = |sql: &str| -> Vec<ObjectKey> {
        let names: BTreeSet<String> = text::names_in(dialect, sql).into_iter().collect();
        names.iter().filter_map(|name| by_name.get(name)).flatten().cloned().collect()
    };
    let said = |sql: &SqlText| sql.get(dialect).cloned().unwrap_or_default();
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
        needs.retain(|need| need != key);
        object.depends_on.extend(needs.into_iter().map(|need| (need, BTreeSet::new())));
    }
}
