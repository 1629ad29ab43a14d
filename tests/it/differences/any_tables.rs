//! Whatever two catalogs hold: no table of both is dropped or made by their difference.

use proptest::prelude::*;
use revdag::internals::diff::{DiffOptions, diff};
use revdag::internals::text::{Dialect, quote_ident};
use revdag::model::operation::{Column, TableDefinition, ViewDefinition};
use revdag::model::{
    ByDialect, Catalog, CatalogObject, Definition, Name, ObjectKey, ObjectKind, Operation,
};

/// What a catalog has of a name.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Has {
    Nothing,
    /// A table with so many columns.
    Table(u8),
    /// One that is partitioned so.
    Partitioned(u8),
    /// A partition of the table of this place, with these bounds.
    PartOf(usize, u8),
    Heir(usize),
    Text(u8),
    Virtual(u8),
    Hidden,
    View,
}

const NAMES: [&str; 4] = ["a", "b", "C d", "e"];

fn any_has() -> impl Strategy<Value = Has> {
    prop_oneof![
        Just(Has::Nothing),
        (1..3_u8).prop_map(Has::Table),
        (1..3_u8).prop_map(Has::Partitioned),
        (0..4_usize, 1..3_u8).prop_map(|(of, bounds)| Has::PartOf(of, bounds)),
        (0..4_usize).prop_map(Has::Heir),
        (1..3_u8).prop_map(Has::Text),
        (1..3_u8).prop_map(Has::Virtual),
        Just(Has::Hidden),
        Just(Has::View),
    ]
}

fn name(at: usize) -> Name {
    Name { schema: None, name: NAMES[at].to_owned() }
}

/// A catalog of these; a view beside each table stands on it.
fn catalog(dialect: Dialect, all: &[Has], is_upper: bool) -> Catalog {
    let mut catalog =
        Catalog { dialect: Some(dialect), own: Some("public".to_owned()), ..Catalog::default() };
    let said = |text: String| ByDialect::Each(vec![(dialect, text)]);
    let view = |over: &Name| {
        Definition::View(ViewDefinition {
            query: said(format!("SELECT 1 FROM {over}")),
            columns: Vec::new(),
            check_option: None,
            with: Default::default(),
            algorithm: None,
            sql_security: None,
            definer: None,
            temporary: false,
            comment: None,
        })
    };
    for (at, has) in all.iter().enumerate() {
        let mut name = name(at);
        if is_upper && dialect == Dialect::Sqlite {
            name.name = name.name.to_uppercase();
        }
        let mut table = TableDefinition::default();
        let columns = if let Has::Table(columns) = has { *columns } else { 1 };
        for column in 0..columns {
            table.columns.push(Column::new(format!("c{column}"), said("int".to_owned())));
        }
        let mut of = None;
        let definition = match has {
            Has::Nothing => continue,
            Has::Hidden => {
                catalog.hidden.insert(name);
                continue;
            }
            Has::View => view(&Name { schema: None, name: "elsewhere".to_owned() }),
            Has::Text(_) | Has::Virtual(_) => {
                let is_virtual = matches!(has, Has::Virtual(_));
                of = Some(if is_virtual { "virtual table" } else { "table" }.to_owned());
                let create = format!("CREATE TABLE x ({has:?})");
                Definition::Sql { create, drop: "DROP TABLE x".to_owned() }
            }
            Has::Table(_) => Definition::Table(table),
            Has::Partitioned(by) => {
                table.options.partition_by = Some(said(format!("LIST (c{by})")));
                Definition::Table(table)
            }
            Has::PartOf(whole, bounds) => {
                table.columns.clear();
                table.options.partition_of = Some(quote_ident(dialect, NAMES[*whole]));
                table.options.partition_bounds = Some(format!("FOR VALUES IN ({bounds})"));
                Definition::Table(table)
            }
            Has::Heir(parent) => {
                table.options.inherits = vec![quote_ident(dialect, NAMES[*parent])];
                Definition::Table(table)
            }
        };
        let kind = match (&definition, &of) {
            (Definition::View(_), _) => ObjectKind::View,
            (_, Some(_)) => ObjectKind::Sql,
            _ => ObjectKind::Table,
        };
        let key = ObjectKey { kind, name: name.clone(), of };
        if key.is_table() {
            let over = Name { schema: None, name: format!("v_{at}") };
            let mut object = CatalogObject::from(view(&name));
            object.depends_on.insert(key.clone(), Default::default());
            catalog.objects.insert(ObjectKey::new(ObjectKind::View, over), object);
        }
        catalog.objects.insert(key, definition.into());
    }
    catalog
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever two catalogs hold: of a table that both have, nothing is dropped or made; and no partition
    /// that both have goes with the table that it is of.
    #[test]
    fn no_table_is_dropped_and_made(
        one in prop::collection::vec(any_has(), 4),
        other in prop::collection::vec(any_has(), 4),
        is_upper: bool,
        safe: bool,
    ) {
        let is_table = |has: Has| !matches!(has, Has::Nothing | Has::View);
        for dialect in [Dialect::Postgres, Dialect::Mariadb, Dialect::Sqlite] {
            let (from, to) = (catalog(dialect, &one, false), catalog(dialect, &other, is_upper));
            let found = diff(&from, &to, &|_| true, DiffOptions { dialect, safe });
            for at in 0..NAMES.len() {
                let is_it = |other: &str| other.eq_ignore_ascii_case(&name(at).name);
                let drops = |operation: &Operation| match operation {
                    Operation::DropTable(drop) => is_it(&drop.name),
                    _ => false,
                };
                let made = |operation: &Operation| match operation {
                    Operation::CreateTable(create) => is_it(&create.name),
                    _ => false,
                };
                let by_sql = |change: &&revdag::internals::diff::Change| {
                    change.about.kind == ObjectKind::Sql && is_it(&change.about.name.name)
                };
                let replaces = found.changes.iter().filter(|change| {
                    drops(&change.operation)
                        || made(&change.operation)
                        || by_sql(change)
                });
                let count = replaces.count();
                if is_table(one[at]) && is_table(other[at]) {
                    prop_assert_eq!(count, 0, "{:?} {:?} {:#?}", dialect, name(at), found);
                }
                prop_assert!(count < 2, "{:?} {:?} {:#?}", dialect, name(at), found);
                // Only what was made is dropped on the way back.
                for change in &found.changes {
                    let is_right = !change.reverse.iter().any(drops) || made(&change.operation);
                    prop_assert!(is_right, "{:?} {:#?}", dialect, change);
                }
                let is_part = |(part, has): (usize, &Has)| {
                    matches!(has, Has::PartOf(whole, _) if *whole == at) && is_table(other[part])
                };
                if one.iter().enumerate().any(is_part) {
                    let mut changes = found.changes.iter();
                    prop_assert!(!changes.any(|change| drops(&change.operation)), "{:#?}", found);
                }
            }
        }
    }

    /// A difference of tables that is not made is told, and once: nothing is passed over in silence.
    #[test]
    fn what_is_not_made_is_told(
        one in prop::collection::vec(any_has(), 4),
        other in prop::collection::vec(any_has(), 4),
    ) {
        let dialect = Dialect::Postgres;
        let (from, to) = (catalog(dialect, &one, false), catalog(dialect, &other, false));
        let found = diff(&from, &to, &|_| true, DiffOptions { dialect, safe: false });
        for at in 0..NAMES.len() {
            let told = found.skipped.iter().filter(|skipped| skipped.about.name == name(at)).count();
            prop_assert!(told < 2, "{:#?}", found);
            let changed = found.changes.iter().any(|change| change.about.name == name(at));
            // What is hidden is told apart.
            let seen = |has| if has == Has::Hidden { Has::Nothing } else { has };
            let is_same = seen(one[at]) == seen(other[at]);
            prop_assert!(is_same || told > 0 || changed, "{:?} {:#?}", name(at), found);
        }
    }
}
