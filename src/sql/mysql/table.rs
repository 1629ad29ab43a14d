//! Tables, their indexes and constraints.

use super::column::{Key, reference, start};
use super::writer::{Writer, same};
use crate::model::ImplicitIndex;
use crate::model::operation::{
    AlterColumn, Check, CommentObject, Constraint, ConstraintKind, CreateCheck, CreateForeignKey,
    CreateIndex, CreatePrimaryKey, CreateTable, CreateUnique, DropConstraint, DropIndex, DropTable,
    ForeignKey, Index, IndexColumn, IndexKey, IndexKind, Order, PrimaryKey, RenameConstraint,
    RenameIndex, RenameTable, SetComment, TableDefinition, TableOptions, Unique,
};
use crate::sql::clauses;
use crate::sql::lowering::{Lowered, Unsupported};

impl Writer<'_> {
    pub(super) fn create_table(&self, create: &CreateTable) -> Result<Vec<Lowered>, Unsupported> {
        let table = &create.definition;
        let in_key: Vec<&str> = table
            .constraints
            .iter()
            .filter_map(|constraint| match constraint {
                Constraint::PrimaryKey(key) => Some(&key.columns),
                _ => None,
            })
            .flatten()
            .map(String::as_str)
            .collect();
        let mut parts = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            let key = if column.primary_key {
                Key::Inline
            } else if in_key.iter().any(|name| same(name, &column.name)) {
                Key::Yes
            } else {
                Key::No
            };
            parts.push(self.column(column, key, &format!("create_table.columns.{at}"))?);
        }
        for (at, constraint) in table.constraints.iter().enumerate() {
            parts.push(self.constraint(constraint, &format!("create_table.constraints.{at}"))?);
        }
        for (at, index) in table.indexes.iter().enumerate() {
            let path = format!("create_table.indexes.{at}");
            let (kind, name) = (self.index_kind(index), index.name.as_deref().unwrap_or_default());
            let (columns, options) = self.index_parts(index, &path)?;
            parts.push(format!("{kind}INDEX {} ({columns}){options}", self.ident(name)));
        }
        for key in table.columns.iter().filter_map(reference) {
            parts.push(self.foreign_key(&key));
        }
        let temporary = if table.options.temporary { "TEMPORARY " } else { "" };
        let if_not_exists = if create.if_not_exists { "IF NOT EXISTS " } else { "" };
        let sql = format!(
            "CREATE {temporary}TABLE {if_not_exists}{} (\n  {}\n){}",
            self.name(create.schema.as_deref(), &create.name),
            parts.join(",\n  "),
            self.table_options(table)?
        );
        Ok(vec![Lowered::new(sql, "create_table")])
    }

    fn table_options(&self, table: &TableDefinition) -> Result<String, Unsupported> {
        let TableOptions {
            engine,
            charset,
            collation,
            auto_increment,
            row_format,
            tablespace,
            partition_by,
            ..
        } = &table.options;
        let mut sql = String::new();
        let starts = table.columns.iter().find_map(|column| start(column.identity.as_ref()));
        let words = [
            ("ENGINE =", engine.as_deref().map(|name| self.ident(name))),
            ("AUTO_INCREMENT =", auto_increment.or(starts).map(|number| number.to_string())),
            ("DEFAULT CHARACTER SET =", charset.as_deref().map(|name| self.ident(name))),
            ("COLLATE =", collation.as_deref().map(|name| self.ident(name))),
            ("ROW_FORMAT =", row_format.as_deref().map(str::to_uppercase)),
            ("TABLESPACE =", tablespace.as_deref().map(|name| self.ident(name))),
        ];
        for (word, value) in words {
            if let Some(value) = value {
                sql.push_str(&format!(" {word} {value}"));
            }
        }
        sql.push_str(&self.comment(table.comment.as_deref(), "create_table")?);
        if let Some(partition) = partition_by {
            let partition = self.said(partition, "create_table.options.partition_by")?;
            sql.push_str(&format!("\nPARTITION BY {}", self.body(partition)));
        }
        Ok(sql)
    }

    pub(super) fn drop_table(&self, drop: &DropTable) -> Vec<Lowered> {
        let temporary = match &drop.was {
            Some(was) if was.options.temporary => "TEMPORARY ",
            _ => "",
        };
        let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
        let name = self.name(drop.schema.as_deref(), &drop.name);
        vec![Lowered::new(format!("DROP {temporary}TABLE {if_exists}{name}"), "drop_table")]
    }

    pub(super) fn rename_table(&self, rename: &RenameTable) -> Vec<Lowered> {
        let schema = rename.schema.as_deref();
        let sql = format!(
            "RENAME TABLE {} TO {}",
            self.name(schema, &rename.name),
            self.name(schema, &rename.to)
        );
        vec![Lowered::new(sql, "rename_table")]
    }

    fn index_kind(&self, index: &Index) -> &'static str {
        match index.kind {
            Some(IndexKind::Fulltext) => "FULLTEXT ",
            Some(IndexKind::Spatial) => "SPATIAL ",
            None if index.unique => "UNIQUE ",
            None => "",
        }
    }

    /// What an index is over, and what else is said of it, with a blank in front.
    fn index_parts(&self, index: &Index, path: &str) -> Result<(String, String), Unsupported> {
        let columns = index
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| self.index_column(column, &format!("{path}.columns.{at}")));
        let columns = columns.collect::<Result<Vec<_>, _>>()?.join(", ");
        let mut options = String::new();
        if let Some(method) = &index.method {
            options.push_str(&format!(" USING {}", method.to_uppercase()));
        }
        if let Some(parser) = &index.parser {
            options.push_str(&format!(" WITH PARSER {}", self.ident(parser)));
        }
        options.push_str(&self.comment(index.comment.as_deref(), path)?);
        if index.invisible {
            options.push_str(if self.flavour.mariadb() { " IGNORED" } else { " INVISIBLE" });
        }
        Ok((columns, options))
    }

    fn index_column(&self, column: &IndexColumn, path: &str) -> Result<String, Unsupported> {
        let mut sql = match &column.key {
            IndexKey::Column(name) => self.ident(name),
            IndexKey::Sql(sql) => format!("({})", self.said(sql, &format!("{path}.sql"))?),
        };
        if let Some(length) = column.length {
            sql.push_str(&format!("({length})"));
        }
        match column.order {
            Some(Order::Desc) => sql.push_str(" DESC"),
            Some(Order::Asc) => sql.push_str(" ASC"),
            None => {}
        }
        Ok(sql)
    }

    pub(super) fn create_index(&self, create: &CreateIndex) -> Result<Vec<Lowered>, Unsupported> {
        let index = &create.index;
        let (columns, options) = self.index_parts(index, "create_index")?;
        let sql = format!(
            "CREATE {}INDEX {}{} ON {} ({columns}){options}{}",
            self.index_kind(index),
            if create.if_not_exists { "IF NOT EXISTS " } else { "" },
            self.ident(index.name.as_deref().unwrap_or_default()),
            self.name(create.schema.as_deref(), &create.table),
            how(" ", create.algorithm.as_deref(), create.lock.as_deref()),
        );
        Ok(vec![Lowered::new(sql, "create_index")])
    }

    pub(super) fn drop_index(&self, drop: &DropIndex) -> Vec<Lowered> {
        let table = self.name(drop.schema.as_deref(), &drop.table);
        let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
        let index = self.ident(&drop.name);
        let how = how(", ", drop.algorithm.as_deref(), drop.lock.as_deref());
        let sql = match how.is_empty() {
            true => format!("DROP INDEX {if_exists}{index} ON {table}"),
            // MariaDB's DROP INDEX takes neither.
            false => format!("ALTER TABLE {table} DROP INDEX {if_exists}{index}{how}"),
        };
        vec![Lowered::new(sql, "drop_index")]
    }

    pub(super) fn rename_index(&self, rename: &RenameIndex) -> Vec<Lowered> {
        let RenameIndex { schema, table, name, to } = rename;
        let what = self.rename_of_index(name, to);
        let sql = format!("ALTER TABLE {} {what}", self.name(schema.as_deref(), table));
        vec![Lowered::new(sql, "rename_index")]
    }

    fn rename_of_index(&self, from: &str, to: &str) -> String {
        format!("RENAME INDEX {} TO {}", self.ident(from), self.ident(to))
    }

    fn constraint(&self, constraint: &Constraint, path: &str) -> Result<String, Unsupported> {
        Ok(match constraint {
            Constraint::PrimaryKey(key) => self.primary_key(key),
            Constraint::Unique(unique) => {
                let name = self.ident(unique.name.as_deref().unwrap_or_default());
                format!("UNIQUE INDEX {name} ({})", self.idents(&unique.columns))
            }
            Constraint::ForeignKey(key) => self.foreign_key(key),
            Constraint::Check(check) => self.check(check, &format!("{path}.check"))?,
            Constraint::Exclude(_) => return Err(self.no(path, "only PostgreSQL supports it")),
        })
    }

    fn primary_key(&self, key: &PrimaryKey) -> String {
        format!("PRIMARY KEY ({})", self.idents(&key.columns))
    }

    fn foreign_key(&self, key: &ForeignKey) -> String {
        // What stands for what the server does anyhow has no words here.
        let key = ForeignKey { match_: None, deferrable: None, initially: None, ..key.clone() };
        clauses::foreign_key(self.flavour.dialect, &key)
    }

    fn check(&self, check: &Check, path: &str) -> Result<String, Unsupported> {
        let sql = clauses::check(self.flavour.dialect, check, path)?;
        let not_enforced = if check.enforced == Some(false) { " NOT ENFORCED" } else { "" };
        Ok(format!("{sql}{not_enforced}"))
    }

    pub(super) fn create_primary_key(&self, create: &CreatePrimaryKey) -> Vec<Lowered> {
        let table = self.name(create.schema.as_deref(), &create.table);
        let key = self.primary_key(&create.key);
        vec![Lowered::new(format!("ALTER TABLE {table} ADD {key}"), "create_primary_key")]
    }

    /// A unique constraint is an index, and a statement that makes an index is proven by the catalogue.
    pub(super) fn create_unique(&self, create: &CreateUnique) -> Vec<Lowered> {
        let Unique { name, columns, .. } = &create.unique;
        let sql = format!(
            "CREATE UNIQUE INDEX {} ON {} ({})",
            self.ident(name.as_deref().unwrap_or_default()),
            self.name(create.schema.as_deref(), &create.table),
            self.idents(columns),
        );
        vec![Lowered::new(sql, "create_unique")]
    }

    pub(super) fn create_foreign_key(&self, create: &CreateForeignKey) -> Vec<Lowered> {
        let table = self.name(create.schema.as_deref(), &create.table);
        let key = self.foreign_key(&create.key);
        vec![Lowered::new(format!("ALTER TABLE {table} ADD {key}"), "create_foreign_key")]
    }

    pub(super) fn create_check(&self, create: &CreateCheck) -> Result<Vec<Lowered>, Unsupported> {
        let table = self.name(create.schema.as_deref(), &create.table);
        let check = self.check(&create.check, "create_check")?;
        Ok(vec![Lowered::new(format!("ALTER TABLE {table} ADD {check}"), "create_check")])
    }

    pub(super) fn drop_constraint(
        &self,
        drop: &DropConstraint,
    ) -> Result<Vec<Lowered>, Unsupported> {
        let path = "drop_constraint";
        let table = self.name(drop.schema.as_deref(), &drop.table);
        let given = drop.name.as_deref().unwrap_or_default();
        let name = self.ident(given);
        let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
        let sql = match drop.kind {
            ConstraintKind::PrimaryKey => format!("ALTER TABLE {table} DROP PRIMARY KEY"),
            ConstraintKind::Unique => format!("DROP INDEX {if_exists}{name} ON {table}"),
            ConstraintKind::Check => {
                let word = if self.flavour.mariadb() { "CONSTRAINT" } else { "CHECK" };
                format!("ALTER TABLE {table} DROP {word} {if_exists}{name}")
            }
            ConstraintKind::ForeignKey => {
                let (known, _) = self.live(drop.schema.as_deref(), &drop.table, path)?;
                // The server makes an index for it that nobody has asked for, and leaves it behind.
                let and_index = match self.schema.implicit_index(self.flavour.dialect, known, given)
                {
                    ImplicitIndex::Free => format!(", DROP INDEX {name}"),
                    ImplicitIndex::For(other) => {
                        format!(", {}", self.rename_of_index(given, &other))
                    }
                    ImplicitIndex::None => String::new(),
                };
                format!("ALTER TABLE {table} DROP FOREIGN KEY {if_exists}{name}{and_index}")
            }
            ConstraintKind::Exclude => {
                return Err(self.no("drop_constraint.kind", "only PostgreSQL supports it"));
            }
        };
        Ok(vec![Lowered::new(sql, path)])
    }

    pub(super) fn rename_constraint(
        &self,
        rename: &RenameConstraint,
    ) -> Result<Vec<Lowered>, Unsupported> {
        let path = "rename_constraint";
        let table = self.name(rename.schema.as_deref(), &rename.table);
        let lowered = |what: String| Lowered::new(format!("ALTER TABLE {table} {what}"), path);
        if rename.kind == ConstraintKind::Unique {
            return Ok(vec![lowered(self.rename_of_index(&rename.name, &rename.to))]);
        }
        let (_, live) = self.live(rename.schema.as_deref(), &rename.table, path)?;
        let live = &live.definition;
        let name = self.ident(&rename.name);
        let to = Some(rename.to.clone());
        if rename.kind == ConstraintKind::ForeignKey
            && let Some(key) = foreign_key_of(live, &rename.name)
        {
            // The server adds and drops in one statement only where it checks no rows.
            let add = self.foreign_key(&ForeignKey { name: to, ..key });
            // An index that the server has made takes the name of the new one by itself.
            return Ok(vec![
                lowered(format!("ADD {add}")),
                lowered(format!("DROP FOREIGN KEY {name}")),
            ]);
        }
        let check = live.constraints.iter().find_map(|constraint| match constraint {
            Constraint::Check(check) if rename.kind == ConstraintKind::Check => {
                check.name.as_deref().is_some_and(|own| same(own, &rename.name)).then_some(check)
            }
            _ => None,
        });
        let Some(check) = check else {
            return Err(Unsupported {
                path: format!("{path}.name"),
                message: format!("the table {table} has no such constraint {name}"),
                hint: None,
                unknown: None,
            });
        };
        let add = self.check(&Check { name: to, ..check.clone() }, path)?;
        let word = if self.flavour.mariadb() { "CONSTRAINT" } else { "CHECK" };
        Ok(vec![lowered(format!("DROP {word} {name}, ADD {add}"))])
    }

    pub(super) fn comment_on(&self, comment: &SetComment) -> Result<Vec<Lowered>, Unsupported> {
        let SetComment { on, schema, table, name, comment, .. } = comment;
        let text = self.plain_text(comment.as_deref().unwrap_or_default(), "comment.comment")?;
        // A routine has no brother of the same name: the types of its arguments say nothing here.
        let routine = name.split('(').next().unwrap_or(name).trim_end();
        let routine = self.name(schema.as_deref(), routine);
        let sql = match on {
            CommentObject::Table => {
                format!("ALTER TABLE {} COMMENT = {text}", self.name(schema.as_deref(), name))
            }
            CommentObject::Function => format!("ALTER FUNCTION {routine} COMMENT {text}"),
            CommentObject::Procedure => format!("ALTER PROCEDURE {routine} COMMENT {text}"),
            _ => {
                let Some(table) = table else {
                    return Err(self.no("comment.table", "it says which table has the column"));
                };
                let alter = AlterColumn {
                    schema: schema.clone(),
                    table: table.clone(),
                    column: name.clone(),
                    comment: Some(comment.clone()),
                    ..AlterColumn::default()
                };
                return self.alter_column(&alter, "comment");
            }
        };
        Ok(vec![Lowered::new(sql, "comment")])
    }
}

/// `ALGORITHM = … LOCK = …`, each behind the separator, or nothing.
fn how(separator: &str, algorithm: Option<&str>, lock: Option<&str>) -> String {
    let clause = |word: &str, value: Option<&str>| {
        value.map_or_else(String::new, |value| {
            format!("{separator}{word} = {}", value.to_uppercase())
        })
    };
    clause("ALGORITHM", algorithm) + &clause("LOCK", lock)
}

fn foreign_key_of(table: &TableDefinition, name: &str) -> Option<ForeignKey> {
    let constraints = table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::ForeignKey(key) => Some(key.clone()),
        _ => None,
    });
    let mut keys = constraints.chain(table.columns.iter().filter_map(reference));
    keys.find(|key| key.name.as_deref().is_some_and(|own| same(own, name)))
}
