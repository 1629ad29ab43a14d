//! What a SQLite file holds. It keeps every statement that has made something, and the statements
//! say all: of a table with another one's key they say more than the pragmas do.

use crate::db::{Connection, DbError};
use crate::model::operation::{
    Check, Column, Constraint, DefaultValue, ForeignKey, Generated, Index, IndexColumn, IndexKey,
    Initially, Match, Order, PrimaryKey, ReferenceAction, References, TableDefinition,
    TableOptions, Unique,
};
use crate::model::{ByDialect, Entries, Name, Schema, SqlText, StoredDdl, Table};
use crate::text::Dialect;
use crate::text::sqlite_table::{
    ColumnRuleKind, ColumnSql, ConstraintSqlKind, Deferral, IndexSql, TableSql, Target, same,
};

/// Reads the schema, the journal's tables left out.
pub(super) async fn introspect(
    connection: &mut dyn Connection,
    journal: &[String],
) -> Result<Schema, DbError> {
    let rows = connection
        .query(
            "SELECT type, name, tbl_name, sql, 0, rowid FROM main.sqlite_master UNION ALL \
             SELECT type, name, tbl_name, sql, 1, rowid FROM temp.sqlite_master ORDER BY 5, 6",
        )
        .await?;
    let mut schema = Schema { own: Some("main".to_owned()), complete: true, ..Schema::default() };
    let mut counts = false;
    for row in rows {
        let [Some(kind), Some(name), Some(table), sql, temporary, _] = &row[..] else { continue };
        counts |= same(name, "sqlite_sequence");
        let own = starts_with(name, "sqlite_") || journal.iter().any(|own| same(own, table));
        // The indexes that belong to constraints have no statement.
        let (false, Some(sql)) = (own, sql) else { continue };
        let stored = |table| StoredDdl { name: named(name), table, sql: Some(sql.clone()) };
        match kind.as_str() {
            "table" => {
                let read = TableSql::read(sql);
                let mut definition = read.map(|read| definition(&read)).unwrap_or_default();
                definition.options.temporary = temporary.as_deref() == Some("1");
                let table = Table { definition, sql: Some(sql.clone()), sequence: None };
                schema.tables.insert(named(name), table);
            }
            "view" => schema.views.push(stored(None)),
            "trigger" => schema.triggers.push(stored(Some(named(table)))),
            "index" => {
                if let (Some(table), Ok(read)) =
                    (schema.tables.get_mut(&named(table)), IndexSql::read(sql))
                {
                    table.definition.indexes.push(index(read));
                }
                schema.indexes.push(stored(Some(named(table))));
            }
            _ => {}
        }
    }
    if counts {
        for row in connection.query("SELECT name, seq FROM main.sqlite_sequence").await? {
            if let [Some(name), Some(last)] = &row[..]
                && let Some(table) = schema.tables.get_mut(&named(name))
            {
                table.sequence = last.parse::<i64>().ok().map(|last| last.saturating_add(1));
            }
        }
    }
    Ok(schema)
}

fn named(name: &str) -> Name {
    Name { schema: None, name: name.to_owned() }
}

fn starts_with(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| same(start, prefix))
}

/// A text in SQLite's own words.
fn own(sql: &str) -> SqlText {
    ByDialect::Each(vec![(Dialect::Sqlite, sql.to_owned())])
}

fn definition(table: &TableSql) -> TableDefinition {
    let mut constraints = Vec::new();
    let columns = table.columns().map(|read| column(read, table, &mut constraints)).collect();
    for read in table.constraints() {
        let name = read.name.clone();
        constraints.push(match &read.kind {
            ConstraintSqlKind::PrimaryKey { columns, .. } => primary_key(name, columns.clone()),
            ConstraintSqlKind::Unique(columns) => unique(name, columns.clone()),
            ConstraintSqlKind::Check(sql) => check(name, sql),
            ConstraintSqlKind::ForeignKey { columns, target } => {
                foreign_key(name, columns.clone(), target)
            }
            ConstraintSqlKind::Nothing => continue,
        });
    }
    TableDefinition {
        columns,
        constraints,
        options: TableOptions {
            strict: table.strict,
            without_rowid: table.without_rowid,
            ..TableOptions::default()
        },
        ..TableDefinition::default()
    }
}

/// A column; what it says that a table can say, too, stands among the constraints.
fn column(read: &ColumnSql, table: &TableSql, constraints: &mut Vec<Constraint>) -> Column {
    let mut column = Column::new(read.name.clone(), own(&read.type_));
    let itself = || vec![read.name.clone()];
    for (at, rule) in read.rules.iter().enumerate() {
        let name = rule.name.clone();
        match &rule.kind {
            ColumnRuleKind::PrimaryKey { .. } => constraints.push(primary_key(name, itself())),
            ColumnRuleKind::NotNull => column.nullable = Some(false),
            ColumnRuleKind::Unique => constraints.push(unique(name, itself())),
            ColumnRuleKind::Check(sql) => constraints.push(check(name, sql)),
            ColumnRuleKind::Default(sql) => column.default = Some(DefaultValue::Sql(own(sql))),
            ColumnRuleKind::Collate(collation) => column.collation = Some(own(collation)),
            ColumnRuleKind::References(target) => {
                let mut target = target.clone();
                let behind = read.rules[at + 1..].iter();
                if let Some(deferral) = behind
                    .take_while(|rule| !matches!(rule.kind, ColumnRuleKind::References(_)))
                    .find_map(|rule| match rule.kind {
                        ColumnRuleKind::Deferral(deferral) => Some(deferral),
                        _ => None,
                    })
                {
                    target.deferral = deferral;
                }
                constraints.push(foreign_key(name, itself(), &target));
            }
            ColumnRuleKind::Generated { sql, stored } => {
                column.generated = Some(Generated { sql: own(sql), stored: *stored });
            }
            ColumnRuleKind::Null | ColumnRuleKind::Deferral(_) | ColumnRuleKind::Nothing => {}
        }
    }
    column.autoincrement =
        table.autoincrement() && table.primary_key().iter().any(|key| same(key, &read.name));
    column
}

fn primary_key(name: Option<String>, columns: Vec<String>) -> Constraint {
    Constraint::PrimaryKey(PrimaryKey {
        name,
        columns,
        include: Vec::new(),
        deferrable: None,
        initially: None,
        tablespace: None,
    })
}

fn unique(name: Option<String>, columns: Vec<String>) -> Constraint {
    Constraint::Unique(Unique {
        name,
        columns,
        include: Vec::new(),
        nulls_distinct: None,
        deferrable: None,
        initially: None,
        tablespace: None,
    })
}

fn check(name: Option<String>, sql: &str) -> Constraint {
    let sql = own(sql);
    Constraint::Check(Check { name, sql, not_valid: false, no_inherit: false, enforced: None })
}

fn foreign_key(name: Option<String>, columns: Vec<String>, target: &Target) -> Constraint {
    let Deferral { deferrable, deferred } = target.deferral;
    Constraint::ForeignKey(ForeignKey {
        name,
        columns,
        references: References {
            schema: None,
            table: target.table.clone(),
            columns: target.columns.clone(),
        },
        on_delete: target.on_delete.as_deref().and_then(action),
        on_update: target.on_update.as_deref().and_then(action),
        match_: match target.match_.as_deref() {
            Some("simple") => Some(Match::Simple),
            Some("full") => Some(Match::Full),
            Some("partial") => Some(Match::Partial),
            _ => None,
        },
        deferrable,
        initially: deferred
            .map(|deferred| if deferred { Initially::Deferred } else { Initially::Immediate }),
        not_valid: false,
    })
}

fn action(words: &str) -> Option<ReferenceAction> {
    Some(match words {
        "no action" => ReferenceAction::NoAction,
        "restrict" => ReferenceAction::Restrict,
        "cascade" => ReferenceAction::Cascade,
        "set null" => ReferenceAction::SetNull,
        "set default" => ReferenceAction::SetDefault,
        _ => return None,
    })
}

fn index(read: IndexSql) -> Index {
    let columns = read.items.into_iter().map(|item| IndexColumn {
        key: match item.column {
            Some(column) => IndexKey::Column(column),
            None => IndexKey::Sql(own(&item.sql)),
        },
        collation: item.collation,
        opclass: None,
        order: item.descending.then_some(Order::Desc),
        nulls: None,
        length: None,
    });
    Index {
        name: Some(read.name),
        columns: columns.collect(),
        unique: read.unique,
        method: None,
        where_: read.where_.as_deref().map(own),
        include: Vec::new(),
        nulls_distinct: None,
        with: Entries::default(),
        tablespace: None,
        kind: None,
        parser: None,
        invisible: false,
        comment: None,
    }
}
