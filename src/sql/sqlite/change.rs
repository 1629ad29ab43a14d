//! A table under change: operation by operation, each as a statement of SQLite's own where there is one
//! that surely does it, and all together as a table made anew where there is not.

use serde_json::Value;

use super::known::{self, referrers};
use super::rebuild::Rebuild;
use super::state::State;
use super::table::{self, Keyed, SQLITE};
use crate::model::operation::{
    AddColumn, AlterColumn, Column, CreateIndex, DefaultValue, DropColumn, DropConstraint,
    DropIndex, Generated, PrimaryKey, RenameConstraint, RenameIndex,
};
use crate::model::{ByDialect, Entry, Name, Operation, Schema, StoredDdl};
use crate::sql::clauses::{bracketed, said};
use crate::sql::lowering::{CatalogDelta, Lowered, Unsupported};
use crate::text::ident;
use crate::text::sqlite_table::{
    Body, ColumnRuleKind, ColumnSql, ConstraintSqlKind, ReadError, TableSql, mentions,
    rename_index, same,
};

/// The table that an operation changes, if it changes one.
pub(super) fn table_of(operation: &Operation) -> Option<&str> {
    Some(match operation {
        Operation::AddColumn(own) => &own.table,
        Operation::DropColumn(own) => &own.table,
        Operation::AlterColumn(own) => &own.table,
        Operation::CreateIndex(own) => &own.table,
        Operation::DropIndex(own) => &own.table,
        Operation::RenameIndex(own) => &own.table,
        Operation::CreatePrimaryKey(own) => &own.table,
        Operation::CreateUnique(own) => &own.table,
        Operation::CreateForeignKey(own) => &own.table,
        Operation::CreateCheck(own) => &own.table,
        Operation::DropConstraint(own) => &own.table,
        Operation::RenameConstraint(own) => &own.table,
        _ => return None,
    })
}

/// A table under change.
pub(super) struct Change<'a> {
    schema: &'a Schema,
    /// What follows these operations.
    later: &'a [Entry],
    /// The table as an operation names it.
    said: String,
    /// The table; `None` until an operation takes its definition.
    state: Option<State>,
    /// Statements of SQLite's own, which do what has changed since the last that are out.
    native: Vec<Lowered>,
    /// What needs a table made anew, since then: the part of the operation.
    anew: Option<String>,
    out: Vec<Lowered>,
}

pub(super) type Done = Result<(), Unsupported>;

pub(super) fn refuse(path: &str, message: impl Into<String>, hint: Option<&str>) -> Unsupported {
    Unsupported {
        path: path.to_owned(),
        message: message.into(),
        hint: hint.map(str::to_owned),
        unknown: None,
    }
}

fn unreadable(path: &str) -> impl Fn(ReadError) -> Unsupported + '_ {
    move |error| refuse(path, format!("SQLite could not parse this: {error}"), None)
}

impl<'a> Change<'a> {
    /// The operations on one table, behind each other, done to what the schema knows of it.
    pub(super) fn of(
        entries: &'a [Entry],
        later: &'a [Entry],
        schema: &'a Schema,
    ) -> Result<Self, Unsupported> {
        let said = entries.first().and_then(|entry| table_of(&entry.operation)).unwrap_or_default();
        let mut change = Change {
            schema,
            later,
            said: said.to_owned(),
            state: None,
            native: Vec::new(),
            anew: None,
            out: Vec::new(),
        };
        // An index or a column may come and go without anybody knowing the table; but if it is known, it
        // is kept up to date.
        if let Ok(table) = known::readable(schema, said, "") {
            change.state = Some(State::of(table, schema));
        }
        for entry in entries {
            change.operation(&entry.operation)?;
        }
        change.flush()?;
        Ok(change)
    }

    /// The statements, and what the database keeps afterwards.
    pub(super) fn done(self) -> (Vec<Lowered>, CatalogDelta) {
        let schema = self.schema;
        let mut kept = CatalogDelta::of(schema);
        let Some(state) = self.state else { return (self.out, kept) };
        let own = |stored: &StoredDdl| {
            stored.table.as_ref().is_some_and(|table| same(&table.name, &state.now.name))
        };
        kept.indexes.retain(|stored| !own(stored));
        kept.triggers.retain(|stored| !own(stored));
        kept.indexes.extend(state.indexes);
        kept.triggers.extend(state.triggers);
        kept.unknown.extend(state.lost);
        if let Some((key, _)) = known::table(schema, &state.now.name) {
            match state.unsure {
                true => kept.unknown.push(key.clone()),
                false => kept.tables.push((key.clone(), state.now.text())),
            }
        }
        kept.tables.extend(state.others);
        (self.out, kept)
    }

    fn operation(&mut self, operation: &Operation) -> Done {
        match operation {
            Operation::AddColumn(own) => self.add_column(own),
            Operation::DropColumn(own) => self.drop_column(own),
            Operation::AlterColumn(own) => self.alter_column(own),
            Operation::CreateIndex(own) => self.create_index(own),
            Operation::DropIndex(own) => self.drop_index(own),
            Operation::RenameIndex(own) => self.rename_index(own),
            Operation::CreatePrimaryKey(own) => self.create_primary_key(&own.key),
            Operation::CreateUnique(own) => {
                self.create_constraint(&table::unique(&own.unique), "create_unique")
            }
            Operation::CreateForeignKey(own) => {
                self.create_constraint(&table::foreign_key(&own.key), "create_foreign_key")
            }
            Operation::CreateCheck(own) => {
                self.create_constraint(&table::check(&own.check, "create_check")?, "create_check")
            }
            Operation::DropConstraint(own) => self.drop_constraint(own),
            Operation::RenameConstraint(own) => self.rename_constraint(own),
            _ => Ok(()),
        }
    }

    /// What is known of the table, for an operation that takes it.
    fn state(&mut self, path: &str) -> Result<&mut State, Unsupported> {
        if self.state.as_ref().is_none_or(|state| state.unsure) {
            known::readable(self.schema, &self.said, path)?;
            return Err(known::unknown(&self.said, path));
        }
        let said = &self.said;
        self.state.as_mut().ok_or_else(|| known::unknown(said, path))
    }

    /// Whether the table may be there, and be one that can be changed.
    fn may_be_there(&self, path: &str) -> Done {
        match known::readable(self.schema, &self.said, path) {
            Err(refusal) if refusal.unknown.is_none() => Err(refusal),
            _ => Ok(()),
        }
    }

    fn native(&mut self, sql: String, path: &str) {
        self.native.push(Lowered::new(sql, path));
    }

    /// The table has to be made anew.
    fn anew(&mut self, path: &str) {
        self.anew.get_or_insert_with(|| path.to_owned());
    }

    /// Sends what has changed on its way.
    fn flush(&mut self) -> Done {
        let native = std::mem::take(&mut self.native);
        let Some(path) = self.anew.take() else {
            self.out.extend(native);
            if let Some(state) = &mut self.state {
                // SQLite's own DROP COLUMN does not look at every place.
                if state.before.columns().any(|own| state.now.column(&own.name).is_none()) {
                    let probes = state.probes(self.schema, self.later);
                    let path = "drop_column";
                    self.out.extend(probes.into_iter().map(|sql| Lowered::new(sql, path)));
                }
                state.settle();
            }
            return Ok(());
        };
        let (schema, later) = (self.schema, self.later);
        let state = self.state(&path)?;
        let now = &state.now;
        if now.columns().next().is_none() {
            let hint = Some("drop the table");
            return Err(refuse(&path, format!("{} would be left without columns", now.name), hint));
        }
        if now.without_rowid && now.primary_key().is_empty() {
            let message = format!("{} has no rowids, and so needs a primary key", now.name);
            let hint = "create the new primary key in the same revision, right after it";
            return Err(refuse(&path, message, Some(hint)));
        }
        state.refuse_lost_keys(schema, &path)?;
        let rebuild = Rebuild {
            before: &state.before,
            after: now,
            aside: &known::free_name(schema, &format!("rev_old_{}", now.name)),
            copies: &state.copies,
            indexes: &state.indexes,
            triggers: &state.triggers,
        };
        let mut statements = rebuild.statements();
        let names = |table: &TableSql| -> Vec<String> {
            table.columns().map(|column| column.name.clone()).collect()
        };
        if names(&state.before) != names(now) {
            statements.extend(state.probes(schema, later));
        }
        self.out.extend(statements.into_iter().map(|sql| Lowered::new(sql, path.clone())));
        if let Some(state) = &mut self.state {
            state.settle();
        }
        Ok(())
    }

    fn add_column(&mut self, add: &AddColumn) -> Done {
        let path = "add_column.column";
        let AddColumn { column, .. } = add;
        let keyed = Keyed { in_key: column.primary_key, alone: column.primary_key };
        if self.state.is_none() && is_simple(add) {
            self.may_be_there("add_column.table")?;
            let text = table::column(column, false, keyed, path)?;
            let table = ident(SQLITE, &self.said);
            self.native(format!("ALTER TABLE {table} ADD COLUMN {text}"), path);
            return Ok(());
        }
        let state = self.state("add_column.table")?;
        if state.now.column(&column.name).is_some() {
            if add.if_not_exists {
                return Ok(());
            }
            let message = format!("{} has a column {} already", state.now.name, column.name);
            return Err(refuse("add_column.column.name", message, None));
        }
        if column.primary_key && !state.now.primary_key().is_empty() {
            let message = format!("{} has a primary key already", state.now.name);
            let hint = Some("drop it first, with drop_constraint");
            return Err(refuse("add_column.column.primary_key", message, hint));
        }
        let text = table::column(column, state.now.strict, keyed, path)?;
        let sql = TableSql::read_column(&text).map_err(unreadable(path))?;
        let count = state.now.columns().count();
        let at = state.place(add.first, add.after.as_deref(), "add_column.after")?.unwrap_or(count);
        let is_native = can_be_added(column) && at == count;
        state.now.insert_column(sql, at);
        let table = ident(SQLITE, &state.now.name);
        match is_native {
            true => self.native(format!("ALTER TABLE {table} ADD COLUMN {text}"), path),
            false => self.anew(path),
        }
        Ok(())
    }

    fn drop_column(&mut self, drop: &DropColumn) -> Done {
        let path = "drop_column.column";
        let schema = self.schema;
        let state = self.state("drop_column.table")?;
        let Some(column) = state.now.column(&drop.column).cloned() else {
            if drop.if_exists {
                return Ok(());
            }
            return Err(state.no_column(&drop.column, path));
        };
        let name = &column.name;
        let table = state.now.name.clone();
        let by_name = |key: &known::Key| match key.target.columns.is_empty() {
            true => state.now.primary_key().iter().any(|own| same(own, name)),
            false => key.target.columns.iter().any(|own| same(own, name)),
        };
        if let Some((other, _)) =
            referrers(schema, &table).into_iter().find(|(_, key)| by_name(key))
        {
            let message = format!("rows of {other} refer to {table}.{name}");
            let hint = format!("drop that foreign key of {other} first, with drop_constraint");
            return Err(refuse(path, message, Some(&hint)));
        }
        // What is worked out from the column cannot be kept without it.
        let worked_out = state.now.columns().find(|other| {
            !same(&other.name, name)
                && other.rules.iter().any(|rule| match &rule.kind {
                    ColumnRuleKind::Generated { sql, .. } => mentions(sql, name),
                    _ => false,
                })
        });
        if let Some(other) = worked_out {
            let message = format!("the column {} is generated from {name}", other.name);
            return Err(refuse(path, message, Some("drop or change that column first")));
        }
        let own = column.rules.iter().any(|rule| {
            matches!(
                rule.kind,
                ColumnRuleKind::PrimaryKey { .. }
                    | ColumnRuleKind::Unique
                    | ColumnRuleKind::References(_)
            )
        });
        let mut is_native = !own;
        let stands = state.stands_on(name);
        for standing in &stands {
            is_native = false;
            if !(drop.cascade || standing.alone) {
                let message = format!("{} of {table} depends on {name}", standing.what);
                let hint = "drop it first, or use `cascade: true`";
                return Err(refuse(path, message, Some(hint)));
            }
        }
        state.drop_standing(name);
        if let Some(at) = state.now.position(name) {
            state.now.remove(at);
        }
        state.copies.retain(|(own, _)| !same(own, name));
        if state.now.columns().next().is_none() {
            is_native = false;
        }
        match is_native {
            true => {
                let (table, column) = (ident(SQLITE, &table), ident(SQLITE, name));
                self.native(format!("ALTER TABLE {table} DROP COLUMN {column}"), path);
            }
            false => self.anew(path),
        }
        Ok(())
    }

    fn alter_column(&mut self, alter: &AlterColumn) -> Done {
        let changes = alter.type_.is_some()
            || alter.using.is_some()
            || alter.nullable.is_some()
            || alter.default.is_some()
            || alter.generated.is_some()
            || alter.collation.is_some()
            || alter.after.is_some()
            || alter.first;
        if changes {
            self.change_column(alter)?;
        }
        match &alter.rename {
            Some(to) => self.rename_column(&alter.column, to),
            None => Ok(()),
        }
    }

    fn change_column(&mut self, alter: &AlterColumn) -> Done {
        let state = self.state("alter_column.table")?;
        let before = state.now.text();
        let strict = state.now.strict;
        let counted = state.now.autoincrement();
        let alias = state.now.rowid_alias().is_some_and(|own| same(own, &alter.column));
        let Some(column) = state.now.column_mut(&alter.column) else {
            return Err(state.no_column(&alter.column, "alter_column.column"));
        };
        let name = column.name.clone();
        let mut value = None;
        if let Some(type_) = &alter.type_ {
            let type_ = table::type_name(type_, strict, "alter_column.type")?;
            if alias && counted && !same(&type_, "integer") {
                let message =
                    format!("{name} is the autoincrement key, and so has to be an integer");
                let hint = "drop the primary key first, with drop_constraint";
                return Err(refuse("alter_column.type", message, Some(hint)));
            }
            column.set_type(&type_);
        }
        if let Some(using) = &alter.using {
            value = Some(bracketed(said(using, SQLITE, "alter_column.using")?));
        }
        match alter.nullable {
            Some(true) => {
                column.drop_rules(|rule| matches!(rule.kind, ColumnRuleKind::NotNull));
            }
            Some(false)
                if column.rule(|kind| matches!(kind, ColumnRuleKind::NotNull)).is_none() =>
            {
                column.drop_rules(|rule| matches!(rule.kind, ColumnRuleKind::Null));
                column.push_rule("NOT NULL").map_err(unreadable("alter_column.nullable"))?;
            }
            _ => {}
        }
        if let Some(default) = &alter.default {
            column.drop_rules(|rule| matches!(rule.kind, ColumnRuleKind::Default(_)));
            if *default != DefaultValue::Literal(Value::Null) {
                let path = "alter_column.default";
                let type_ = match &alter.type_ {
                    Some(type_) => type_.clone(),
                    None => ByDialect::Each(vec![(SQLITE, column.type_.clone())]),
                };
                let text = table::default(default, &type_, path)?;
                column.push_rule(&format!("DEFAULT {text}")).map_err(unreadable(path))?;
            }
        }
        if let Some(collation) = &alter.collation {
            let path = "alter_column.collation";
            let collation = ident(SQLITE, said(collation, SQLITE, path)?);
            column.drop_rules(|rule| matches!(rule.kind, ColumnRuleKind::Collate(_)));
            // What SQLite takes where nothing is said need not be said.
            if !same(&collation, "binary") {
                column.push_rule(&format!("COLLATE {collation}")).map_err(unreadable(path))?;
            }
        }
        if let Some(generated) = &alter.generated {
            let was =
                column.drop_rules(|rule| matches!(rule.kind, ColumnRuleKind::Generated { .. }));
            if let Some(own) = generated {
                push_generated(column, own)?;
            } else if was && value.is_none() {
                value = Some(ident(SQLITE, &name));
            }
        }
        let is_generated = column.is_generated();
        if alter.first || alter.after.is_some() {
            let after = alter.after.as_deref();
            if after.is_some_and(|after| same(after, &name)) {
                let message = format!("{name} cannot be placed after itself");
                return Err(refuse("alter_column.after", message, None));
            }
            let from = state.now.position(&name).unwrap_or_default();
            let place = state.place(alter.first, after, "alter_column.after")?;
            let to = place.unwrap_or(from);
            // Taken out, it leaves those behind it one place further to the front.
            state.now.move_column(from, if from < to { to - 1 } else { to });
        }
        if is_generated {
            state.copies.retain(|(own, _)| !same(own, &name));
        }
        let is_new = value.is_some();
        if let Some(value) = value {
            match state.copies.iter_mut().find(|(own, _)| same(own, &name)) {
                Some((_, old)) => *old = value,
                // A column that has come with an operation before has no old values.
                None if state.before.column(&name).is_some() => state.copies.push((name, value)),
                None => {}
            }
        }
        if is_new || state.now.text() != before {
            self.anew("alter_column");
        }
        Ok(())
    }

    /// Renames a column by SQLite's own statement, which follows the name everywhere.
    fn rename_column(&mut self, from: &str, to: &str) -> Done {
        self.flush()?;
        let path = "alter_column.rename";
        let (table, schema) = (self.said.clone(), self.schema);
        let sql = format!(
            "ALTER TABLE {} RENAME COLUMN {} TO {}",
            ident(SQLITE, &table),
            ident(SQLITE, from),
            ident(SQLITE, to)
        );
        if let Some(state) = &mut self.state {
            if !state.unsure && state.now.column(from).is_none() {
                return Err(state.no_column(from, "alter_column.column"));
            }
            if !same(from, to) && state.now.column(to).is_some() {
                let message = format!("{table} has a column {to} already");
                return Err(refuse(path, message, None));
            }
            state.rename_column(from, to, schema);
            state.settle();
        } else {
            self.may_be_there("alter_column.table")?;
        }
        self.native("PRAGMA legacy_alter_table = OFF".to_owned(), path);
        self.native(sql, path);
        self.flush()
    }

    fn create_index(&mut self, create: &CreateIndex) -> Done {
        let path = "create_index";
        let sql = table::create_index(create, path)?;
        let Some(name) = create.index.name.as_deref() else { return Ok(()) };
        if let Some(state) = &mut self.state {
            let is_there = state.indexes.iter().any(|own| same(&own.name.name, name));
            if is_there && create.if_not_exists {
                return Ok(());
            }
            let kept = CreateIndex { if_not_exists: false, ..create.clone() };
            let own = Name { schema: None, name: state.now.name.clone() };
            state.indexes.push(StoredDdl {
                name: Name { schema: None, name: name.to_owned() },
                table: Some(own),
                sql: Some(table::create_index(&kept, path)?),
            });
        }
        self.native(sql, path);
        Ok(())
    }

    fn drop_index(&mut self, drop: &DropIndex) -> Done {
        if let Some(state) = &mut self.state {
            let count = state.indexes.len();
            state.indexes.retain(|own| !same(&own.name.name, &drop.name));
            if count == state.indexes.len() {
                if drop.if_exists {
                    return Ok(());
                }
                let message = format!("{} has no index {}", state.now.name, drop.name);
                return Err(refuse("drop_index.name", message, None));
            }
        }
        let exists = if drop.if_exists { "IF EXISTS " } else { "" };
        self.native(format!("DROP INDEX {exists}{}", ident(SQLITE, &drop.name)), "drop_index");
        Ok(())
    }

    fn rename_index(&mut self, rename: &RenameIndex) -> Done {
        let path = "rename_index.name";
        let state = self.state("rename_index.table")?;
        let table = state.now.name.clone();
        let index = state.indexes.iter_mut().find(|own| same(&own.name.name, &rename.name));
        let Some(index) = index else {
            return Err(refuse(path, format!("{table} has no index {}", rename.name), None));
        };
        let Some(sql) = &index.sql else { return Err(known::unknown(&table, path)) };
        let sql = rename_index(sql, &rename.to);
        rename.to.clone_into(&mut index.name.name);
        index.sql = Some(sql.clone());
        self.native(format!("DROP INDEX {}", ident(SQLITE, &rename.name)), path);
        self.native(sql, path);
        Ok(())
    }

    fn create_primary_key(&mut self, key: &PrimaryKey) -> Done {
        let path = "create_primary_key";
        let state = self.state("create_primary_key.table")?;
        if !state.now.primary_key().is_empty() {
            let message = format!("{} has a primary key already", state.now.name);
            return Err(refuse(path, message, Some("drop it first, with drop_constraint")));
        }
        self.create_constraint(&table::primary_key(key, false), path)?;
        let state = self.state(path)?;
        let alias = state.now.rowid_alias().map(str::to_owned);
        for name in &key.columns {
            let Some(column) = state.now.column_mut(name) else {
                return Err(state.no_column(name, "create_primary_key.columns"));
            };
            let is_said = column.rule(|kind| matches!(kind, ColumnRuleKind::NotNull)).is_some();
            if !is_said && !alias.as_deref().is_some_and(|alias| same(alias, name)) {
                column.push_rule("NOT NULL").map_err(unreadable(path))?;
            }
        }
        Ok(())
    }

    fn create_constraint(&mut self, text: &str, path: &str) -> Done {
        let state = self.state(&format!("{path}.table"))?;
        let constraint = TableSql::read_constraint(text).map_err(unreadable(path))?;
        let columns: &[String] = match &constraint.kind {
            ConstraintSqlKind::PrimaryKey { columns, .. }
            | ConstraintSqlKind::Unique(columns)
            | ConstraintSqlKind::ForeignKey { columns, .. } => columns,
            _ => &[],
        };
        if let Some(name) = columns.iter().find(|name| state.now.column(name).is_none()) {
            return Err(state.no_column(name, &format!("{path}.columns")));
        }
        if let Some(name) = &constraint.name
            && state.names().any(|own| same(own, name))
        {
            let message = format!("{} has a constraint {name} already", state.now.name);
            return Err(refuse(&format!("{path}.name"), message, None));
        }
        state.now.push_constraint(constraint);
        self.anew(path);
        Ok(())
    }

    fn drop_constraint(&mut self, drop: &DropConstraint) -> Done {
        let state = self.state("drop_constraint.table")?;
        match state.find(drop.kind, drop.name.as_deref(), drop.was.as_ref()) {
            Some(place) => {
                state.take(place);
                self.anew("drop_constraint");
                Ok(())
            }
            None if drop.if_exists => Ok(()),
            None => {
                Err(state.no_constraint(drop.kind, drop.name.as_deref(), "drop_constraint.name"))
            }
        }
    }

    fn rename_constraint(&mut self, rename: &RenameConstraint) -> Done {
        let path = "rename_constraint";
        let state = self.state("rename_constraint.table")?;
        let Some(place) = state.find(rename.kind, Some(&rename.name), None) else {
            let path = "rename_constraint.name";
            return Err(state.no_constraint(rename.kind, Some(&rename.name), path));
        };
        if !same(&rename.name, &rename.to) && state.names().any(|own| same(own, &rename.to)) {
            let message = format!("{} has a constraint {} already", state.now.name, rename.to);
            return Err(refuse("rename_constraint.to", message, None));
        }
        let element = &mut state.now.elements[place.element].body;
        match (element, place.rule) {
            (Body::Column(column), Some(rule)) => column.rules[rule].set_name(&rename.to),
            (Body::Constraint(constraint), _) => constraint.set_name(&rename.to),
            _ => {}
        }
        self.anew(path);
        Ok(())
    }
}

/// Whether a column is added by SQLite's own ADD COLUMN, whatever its table is.
pub(super) fn is_simple(add: &AddColumn) -> bool {
    let placed = add.first || add.after.is_some();
    let is_same = table::is_same_when_strict(&add.column.type_);
    !placed && !add.if_not_exists && is_same && can_be_added(&add.column)
}

/// Whether SQLite's own ADD COLUMN takes a column, whatever rows there are.
fn can_be_added(column: &Column) -> bool {
    if column.primary_key || column.generated.as_ref().is_some_and(|generated| generated.stored) {
        return false;
    }
    let none = matches!(column.default, None | Some(DefaultValue::Literal(Value::Null)));
    let constant = matches!(column.default, None | Some(DefaultValue::Literal(_)));
    let needs_value = column.nullable == Some(false) && column.generated.is_none();
    constant && !(none && needs_value) && (none || column.references.is_none())
}

fn push_generated(column: &mut ColumnSql, own: &Generated) -> Done {
    let path = "alter_column.generated";
    column.drop_rules(|rule| matches!(rule.kind, ColumnRuleKind::Default(_)));
    column.push_rule(&table::generated(own, path)?).map_err(unreadable(path))
}

/// Whether later operations drop a view or trigger, or the table of it.
pub(super) fn is_dropped(later: &[Entry], stored: &StoredDdl) -> bool {
    let name = &stored.name.name;
    later.iter().any(|entry| match &entry.operation {
        Operation::DropView(drop) => same(&drop.name, name),
        Operation::CreateView(create) => create.or_replace && same(&create.name, name),
        Operation::DropTrigger(drop) => same(&drop.name, name),
        Operation::DropTable(drop) => {
            stored.table.as_ref().is_some_and(|table| same(&table.name, &drop.name))
        }
        _ => false,
    })
}
