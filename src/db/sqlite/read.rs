//! What a SQLite file holds. It keeps every statement that has made something, and the statements
//! say all: of a table with another one's key they say more than the pragmas do.

use super::Sqlite;
use crate::db::DbError;
use crate::model::operation::{
    Check, Column, Constraint, DefaultValue, ForeignKey, Generated, Index, IndexColumn, IndexKey,
    Initially, Match, Order, PrimaryKey, ReferenceAction, References, TableDefinition,
    TableOptions, Unique,
};
use crate::model::{
    ByDialect, Definition, Entries, Name, ObjectKey, ObjectKind, RawCatalog, SqlText, StoredDdl,
};
use crate::text::sqlite_table::{
    ColumnRuleKind, ColumnSql, ConstraintSqlKind, Deferral, IndexSql, ReadError, TableSql, Target,
    same,
};
use crate::text::{Dialect, ident};

impl Sqlite {
    /// Reads all that the file holds, what is temporary too, the journal's tables left out.
    pub(super) async fn read(&mut self) -> Result<RawCatalog, DbError> {
        let rows = self
            .rows(
                "SELECT type, name, tbl_name, sql, 0, rowid FROM main.sqlite_master UNION ALL \
                 SELECT type, name, tbl_name, sql, 1, rowid FROM temp.sqlite_master ORDER BY 5, 6",
            )
            .await?;
        let mut catalog = RawCatalog::new(Dialect::Sqlite, Some("main".to_owned()));
        let journal = &self.catalogue.names;
        let (mut counts, mut is_virtual) = (false, false);
        for row in rows {
            let [Some(kind), Some(name), Some(table), sql, temporary, _] = &row[..] else {
                continue;
            };
            counts |= same(name, "sqlite_sequence");
            let own = starts_with(name, "sqlite_") || journal.iter().any(|own| same(own, table));
            // The indexes that belong to constraints have no statement.
            let (false, Some(sql)) = (own, sql) else { continue };
            let statement = || Definition::Sql {
                create: sql.clone(),
                drop: format!("DROP {} {}", kind.to_uppercase(), ident(Dialect::Sqlite, name)),
            };
            match kind.as_str() {
                "table" => {
                    let read = TableSql::read(sql);
                    is_virtual |= read == Err(ReadError::Virtual);
                    let mut definition = read.map(|read| definition(&read)).unwrap_or_default();
                    definition.options.temporary = temporary.as_deref() == Some("1");
                    let key = ObjectKey::new(ObjectKind::Table, named(name));
                    catalog.add(key, Definition::Table(definition)).sql = Some(sql.clone());
                }
                "view" => {
                    let key = ObjectKey::new(ObjectKind::View, named(name));
                    catalog.add(key, statement());
                }
                "trigger" => {
                    let key = ObjectKey {
                        of: Some(table.clone()),
                        ..ObjectKey::new(ObjectKind::Trigger, named(name))
                    };
                    catalog.add(key, statement());
                }
                _ => {
                    let of = named(table);
                    let Some(object) = catalog.table_mut(of.clone()) else { continue };
                    if let (Definition::Table(table), Ok(read)) =
                        (&mut object.definition, IndexSql::read(sql))
                    {
                        table.indexes.push(index(read));
                    }
                    let sql = Some(sql.clone());
                    object.indexes.push(StoredDdl { name: named(name), table: Some(of), sql });
                }
            }
        }
        if counts {
            for row in self.rows("SELECT name, seq FROM main.sqlite_sequence").await? {
                if let [Some(name), Some(last)] = &row[..]
                    && let Some(table) = catalog.table_mut(named(name))
                {
                    table.sequence = last.parse::<i64>().ok().map(|last| last.saturating_add(1));
                }
            }
        }
        // Only a virtual table has shadow tables, and asking for them looks into every table.
        if is_virtual {
            let sql =
                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'";
            for name in self.rows(sql).await?.into_iter().filter_map(|mut row| row.pop()?) {
                if let Some(table) = catalog.table_mut(named(&name)) {
                    table.is_derived = true;
                }
            }
        }
        Ok(catalog)
    }
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
