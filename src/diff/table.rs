//! The changes of a table that stays, foreign keys aside.

use crate::model::operation::{
    AddColumn, AlterTableOptions, Column, CommentObject, Constraint, ConstraintKind, DefaultValue,
    DropColumn, SetComment, TableDefinition, TableOptions, TableOptionsChange,
};
use crate::model::{ByDialect, ObjectKey, Operation, ServerDefaults};
use crate::text;

use super::actions::needs_recreate;
use super::equal::nullable;
use super::objects::reversible;
use super::planner::Planner;
use super::table_parts::split;

impl Planner<'_> {
    pub(super) fn alter_table(
        &mut self,
        key: &ObjectKey,
        before: &TableDefinition,
        after: &TableDefinition,
    ) {
        // Dropping foreign keys may have taken indexes along, or given them other names.
        let working = self.working.tables.get(&key.name).map(|table| table.definition.clone());
        let before = &working.unwrap_or_else(|| before.clone());
        let own = self.with_own_charset(before, after);
        let (before, after) = own.as_ref().map_or((before, after), |(one, other)| (one, other));
        let again: Vec<&Column> = before
            .columns
            .iter()
            .filter(|column| {
                let at = after.column_at(self.same.0, &column.name);
                at.is_some_and(|at| needs_recreate(column, &after.columns[at], self.same))
            })
            .collect();
        let gives_way = |columns: &[&str]| {
            again.iter().any(|one| columns.iter().any(|own| self.same.part(own, &one.name)))
        };
        let constraints = split(
            &before.constraints,
            &after.constraints,
            |one, other| self.same.constraint(one, other) && !gives_way(&one.columns()),
            |one, other| self.same.constraint_but_name(one, other) && !gives_way(&one.columns()),
        );
        let indexes = split(
            &before.indexes,
            &after.indexes,
            |one, other| {
                let columns: Vec<&str> = one.column_names().collect();
                self.same.index(one, other) && !gives_way(&columns)
            },
            |one, other| {
                let columns: Vec<&str> = one.column_names().collect();
                self.same.index_but_name(one, other) && !gives_way(&columns)
            },
        );
        let constraints = self.key_with_parts(key, before, after, constraints);
        let constraints = self.keep_by_rename(key, constraints);
        let indexes = self.keep_index(key, indexes);
        let counters = self.stop_counters(key, before, after, (&constraints.gone, &indexes.gone));
        let meanwhile = counters.as_ref().map(|(_, meanwhile)| meanwhile);
        let (before, goal) = counters.as_ref().map_or((before, after), |(now, goal)| (now, goal));
        for constraint in constraints.gone {
            self.drop_constraint(key, &constraint);
        }
        for index in indexes.gone {
            self.drop_index(key, &index);
        }
        let made_key = self.alter_columns(key, before, goal);
        for constraint in constraints.new {
            if !(made_key && constraint.kind() == ConstraintKind::PrimaryKey) {
                self.create_constraint(key, constraint);
            }
        }
        for index in indexes.new {
            if !self.comes_with_key(key, &index) {
                self.create_index(key, index);
            }
        }
        if let Some(meanwhile) = meanwhile {
            self.start_counters(key, meanwhile, after);
        }
        if before.comment != after.comment {
            self.set_comment(
                key,
                CommentObject::Table,
                &key.name.name,
                before.comment.clone(),
                after.comment.clone(),
            );
        }
        self.alter_options(key, before, after);
        self.tell_beyond(key, before, after);
    }

    fn alter_options(
        &mut self,
        key: &ObjectKey,
        before: &TableDefinition,
        after: &TableDefinition,
    ) {
        if self.same.options(&before.options, &after.options) {
            return;
        }
        let (before, after) = self.with_defaults(&before.options, &after.options);
        let (before, after) = (&before, &after);
        // What no operation changes must be the same.
        let others = TableOptions {
            with: before.with.clone(),
            engine: before.engine.clone(),
            charset: before.charset.clone(),
            collation: before.collation.clone(),
            row_format: before.row_format.clone(),
            ..after.clone()
        };
        let is_possible = self.same.options(before, &others);
        let change = is_possible.then(|| TableOptionsChange::between(before, after)).flatten();
        let Some((set, was)) = change else {
            return self.skipped(
                key,
                "its options differ, such as storage, partitions or inheritance",
                "change them in SQL: no operation supports it",
            );
        };
        self.change(
            key,
            Operation::AlterTableOptions(AlterTableOptions {
                schema: key.name.schema.clone(),
                table: key.name.name.clone(),
                set,
                was: Some(was),
            }),
        );
    }

    /// The options with what the database takes where only one of them says nothing.
    fn with_defaults(
        &self,
        before: &TableOptions,
        after: &TableOptions,
    ) -> (TableOptions, TableOptions) {
        let whole = |options: &TableOptions, other: &TableOptions, defaults: &ServerDefaults| {
            let mut options = options.clone();
            if options.charset.is_none() && other.charset.is_some() && !defaults.charset.is_empty()
            {
                options.charset = Some(defaults.charset.clone());
                options.collation = Some(defaults.collation.clone());
            }
            options
        };
        let (from, to) = (&self.from.defaults, &self.to.defaults);
        (whole(before, after, from), whole(after, before, to))
    }

    /// The columns of a table whose character set changes, each with its own: the server leaves it to
    /// them when that of the table changes.
    fn with_own_charset(
        &self,
        before: &TableDefinition,
        after: &TableDefinition,
    ) -> Option<(TableDefinition, TableDefinition)> {
        let (was, is) = self.with_defaults(&before.options, &after.options);
        if (&was.charset, &was.collation) == (&is.charset, &is.collation) {
            return None;
        }
        let dialect = self.options.dialect;
        let own = |table: &TableDefinition, options: &TableOptions| {
            let mut table = table.clone();
            for column in &mut table.columns {
                let type_ = column.type_.get(dialect).map_or("", String::as_str).to_lowercase();
                let word = type_.split(['(', ' ']).next().unwrap_or_default();
                let is_text = ["char", "text"].iter().any(|end| word.ends_with(end))
                    || matches!(word, "enum" | "set");
                if is_text && column.charset.is_none() {
                    column.charset.clone_from(&options.charset);
                    let usual = options.collation.clone();
                    let usual = usual.map(|usual| ByDialect::Each(vec![(dialect, usual)]));
                    column.collation = column.collation.take().or(usual);
                }
            }
            table
        };
        Some((own(before, &was), own(after, &is)))
    }

    pub(super) fn set_comment(
        &mut self,
        key: &ObjectKey,
        on: CommentObject,
        name: &str,
        was: Option<String>,
        comment: Option<String>,
    ) {
        let (schema, of) = (key.name.schema.clone(), key.name.name.clone());
        let own = matches!(on, CommentObject::Column | CommentObject::Constraint);
        self.change(
            key,
            Operation::Comment(SetComment {
                on,
                schema,
                table: own.then_some(of),
                name: name.to_owned(),
                comment,
                was: Some(was),
            }),
        );
    }

    /// Brings the columns over: columns that are worked out go first and come last, and new ones are
    /// there before old ones go. Says whether a new column has brought the primary key along.
    fn alter_columns(
        &mut self,
        key: &ObjectKey,
        before: &TableDefinition,
        after: &TableDefinition,
    ) -> bool {
        let same = self.same;
        let of_before =
            |column: &Column| before.column_at(same.0, &column.name).map(|at| &before.columns[at]);
        let of_after =
            |column: &Column| after.column_at(same.0, &column.name).map(|at| &after.columns[at]);
        let goes = |column: &Column| {
            of_after(column).is_none_or(|other| needs_recreate(column, other, same))
        };
        let comes = |column: &Column| {
            of_before(column).is_none_or(|other| needs_recreate(other, column, same))
        };
        for column in before.columns.iter().filter(|one| one.generated.is_some() && goes(one)) {
            self.drop_column(key, column);
        }
        // One that holds values, and is to be worked out, makes room for itself.
        let in_the_way =
            |column: &&Column| column.generated.is_none() && of_after(column).is_some();
        for column in before.columns.iter().filter(|one| goes(one)).filter(in_the_way) {
            self.drop_column(key, column);
        }
        let mut made_key = false;
        for column in after.columns.iter().filter(|one| one.generated.is_none() && comes(one)) {
            made_key |= self.add_column(key, column, after);
            let was = of_before(column).and_then(|before| before.generated.as_ref());
            if let Some(sql) = was.and_then(|was| was.sql.get(same.0)) {
                self.fill(key, &column.name, sql);
            }
        }
        for column in after.columns.iter().filter(|one| !comes(one)) {
            if let Some(was) = of_before(column) {
                self.alter_column(key, was, column, after);
            }
        }
        let left = |column: &&Column| column.generated.is_none() && of_after(column).is_none();
        for column in before.columns.iter().filter(left) {
            self.drop_column(key, column);
        }
        for column in after.columns.iter().filter(|one| one.generated.is_some() && comes(one)) {
            self.add_column(key, column, after);
        }
        made_key
    }

    fn add_column(&mut self, key: &ObjectKey, column: &Column, after: &TableDefinition) -> bool {
        if let Some(beyond) = &column.beyond {
            self.skipped(
                key,
                format!("the column {} is missing, which is {beyond}", column.name),
                "add it in SQL: no operation supports it",
            );
            return false;
        }
        let mut column = column.clone();
        self.serials.fold_column_made(&key.name, &mut column);
        // A server that counts a column up wants it to be a key at once.
        let is_key = |constraint: &Constraint| matches!(constraint, Constraint::PrimaryKey(key) if key.columns == [column.name.clone()]);
        if column.autoincrement && after.constraints.iter().any(is_key) {
            column.primary_key = true;
        }
        let made_key = column.primary_key;
        let fills_itself = column.default.is_some()
            || column.identity.is_some()
            || column.generated.is_some()
            || column.autoincrement
            || self.serials.is_counted(&column);
        if !nullable(&column) && !fills_itself {
            self.difference.notices.push(format!(
                "{}.{} is new, NOT NULL and has no default: that fails where there are rows; give \
                 it a default, or add it, fill it and set it NOT NULL",
                key.name, column.name
            ));
        }
        let add = |column: Column| {
            Operation::AddColumn(AddColumn {
                schema: key.name.schema.clone(),
                table: key.name.name.clone(),
                column,
                if_not_exists: false,
                after: None,
                first: false,
            })
        };
        let bare = Column { default: None, nullable: None, ..column.clone() };
        match &column.default {
            Some(DefaultValue::Sql(sql))
                if !self.can(&add(column.clone())) && self.can(&add(bare.clone())) =>
            {
                self.change(key, add(bare.clone()));
                let own = sql.get(self.options.dialect).cloned().unwrap_or_default();
                self.fill(key, &column.name, &own);
                self.alter_column(key, &bare, &column, after);
            }
            _ => self.change(key, add(column)),
        }
        made_key
    }

    /// Gives a column the values that it was worked out to have.
    fn fill(&mut self, key: &ObjectKey, column: &str, sql: &str) {
        let dialect = self.options.dialect;
        let table = text::qualified(dialect, key.name.schema.as_deref(), &key.name.name);
        let update = format!("UPDATE {table} SET {} = {sql}", text::ident(dialect, column));
        self.push(key, (super::objects::sql(dialect, &update), Vec::new()), None);
    }

    pub(super) fn drop_column(&mut self, key: &ObjectKey, column: &Column) {
        if let Some(beyond) = &column.beyond {
            return self.skipped(
                key,
                format!("the column {} should not be there, which is {beyond}", column.name),
                "drop it in SQL: no operation brings it back",
            );
        }
        let mut was = column.clone();
        self.serials.fold_column_dropped(&key.name, &mut was);
        let destroys = column
            .generated
            .is_none()
            .then(|| format!("the values of {}.{}", key.name, column.name));
        let drop = Operation::DropColumn(DropColumn {
            schema: key.name.schema.clone(),
            table: key.name.name.clone(),
            column: column.name.clone(),
            if_exists: false,
            cascade: false,
            was: Some(was),
        });
        self.push(key, reversible(drop), destroys);
    }
}
