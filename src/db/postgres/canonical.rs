//! The canonical form of what a database holds: each object in the one form that its equals have, too.

use std::collections::BTreeSet;

use crate::model::operation::{Constraint, Index, TableDefinition};
use crate::model::{
    Catalog, CatalogObject, Definition, ObjectKind, ObjectPart, RawCatalog, RawObject, TableParts,
};

/// The catalog in the canonical form: what the server has made for another object is left out, and parts
/// of tables stand in one order.
pub(in crate::db) fn canonical(raw: RawCatalog) -> Catalog {
    let RawCatalog { dialect, own, objects, unsupported, hidden, unseen, .. } = raw;
    // A trigger of what cannot be compared cannot be, either.
    let of_hidden = |table| hidden.contains(&table);
    let objects = objects
        .into_iter()
        .filter(|(key, object)| {
            let is_trigger = key.kind == ObjectKind::Trigger;
            !(object.is_derived || is_trigger && key.table().is_some_and(of_hidden))
        })
        .map(|(key, object)| {
            let definition = match object.definition {
                Definition::Table(table) => {
                    Definition::Table(self::table(table, &object.inherited))
                }
                Definition::MaterializedView(mut view) => {
                    sort(&mut view.indexes);
                    Definition::MaterializedView(view)
                }
                definition => definition,
            };
            let RawObject { depends_on, parts, unsupported, inherited, is_held, .. } = object;
            let is_own = |part: &ObjectPart| match part {
                ObjectPart::Column(name) | ObjectPart::Default(name) => {
                    !inherited.columns.contains(name)
                }
                ObjectPart::Constraint(name) => !inherited.constraints.contains(name),
                ObjectPart::Index(name) => !inherited.indexes.contains(name),
                ObjectPart::Type => true,
            };
            let parts = parts.into_iter().filter(|(part, _)| is_own(part)).collect();
            (key, CatalogObject { definition, depends_on, parts, unsupported, is_held })
        })
        .collect();
    let unsupported = unsupported.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let defaults = Default::default();
    Catalog { dialect: Some(dialect), own, objects, unsupported, hidden, unseen, defaults }
}

/// A table without what it has of others.
fn table(mut table: TableDefinition, inherited: &TableParts) -> TableDefinition {
    let is_inherited =
        |all: &BTreeSet<String>, name: Option<&str>| name.is_some_and(|name| all.contains(name));
    table.columns.retain(|column| !inherited.columns.contains(&column.name));
    table.constraints.retain(|constraint| !is_inherited(&inherited.constraints, constraint.name()));
    table.indexes.retain(|index| !is_inherited(&inherited.indexes, index.name.as_deref()));
    table.constraints.sort_by(|one, other| rank(one).cmp(&rank(other)));
    sort(&mut table.indexes);
    table
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
