//! What each operation reads and writes.

use super::{Footprint, Object, ObjectClass, Part};
use crate::model::ByDialect;
use crate::model::operation::{
    AlterColumn, Column, CommentObject, Constraint, Grant, GrantObject, Index, IndexKey, Leaf,
    Operation, SetComment, TableDefinition,
};
use crate::text::{self, Dialect};
use ObjectClass::{Extension, Relation, Routine, Rows, Schema, Type};

pub(super) fn footprint(operation: &Operation) -> Footprint {
    let mut touch = Touch::default();
    touch.operation(operation);
    if !matches!(operation, Operation::Sql(_) | Operation::ByDialect(_)) {
        touch.fragments(operation);
    }
    touch.footprint
}

type Own<'a> = Option<&'a String>;

#[derive(Default)]
struct Touch {
    footprint: Footprint,
    /// The table that the operation is about, whose columns its SQL may name.
    table: Option<(Option<String>, String)>,
}

impl Touch {
    fn read(
        &mut self,
        class: ObjectClass,
        own: Own<'_>,
        name: &str,
        part: impl Into<Option<Part>>,
    ) {
        let object =
            Object { class, schema: own.cloned(), name: name.to_owned(), part: part.into() };
        self.footprint.reads.insert(object);
        self.read_schema(own);
    }

    fn write(
        &mut self,
        class: ObjectClass,
        own: Own<'_>,
        name: &str,
        part: impl Into<Option<Part>>,
    ) {
        let object =
            Object { class, schema: own.cloned(), name: name.to_owned(), part: part.into() };
        self.footprint.writes.insert(object);
        self.read_schema(own);
    }

    fn read_schema(&mut self, own: Own<'_>) {
        if let Some(name) = own {
            let (class, name, part) = (Schema, name.clone(), Some(Part::Itself));
            self.footprint.reads.insert(Object { class, schema: None, name, part });
        }
    }

    /// The table is there; the SQL of the operation is about its columns.
    fn on(&mut self, own: Own<'_>, table: &str) {
        self.read(Relation, own, table, Part::Itself);
        self.table = Some((own.cloned(), table.to_owned()));
    }

    fn read_column(&mut self, own: Own<'_>, table: &str, column: &str) {
        self.read(Relation, own, table, Part::Column(column.to_owned()));
    }

    fn read_values(&mut self, own: Own<'_>, table: &str, column: &str) {
        self.read(Rows, own, table, Part::Column(column.to_owned()));
    }

    fn write_column(&mut self, own: Own<'_>, table: &str, column: &str) {
        self.write(Relation, own, table, Part::Column(column.to_owned()));
        self.write(Rows, own, table, Part::Column(column.to_owned()));
    }

    fn opaque_if(&mut self, opaque: bool) {
        self.footprint.opaque |= opaque;
    }

    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::CreateTable(create) => {
                self.whole(create.schema.as_ref(), &create.name);
                self.definition(create.schema.as_ref(), &create.name, &create.definition);
            }
            Operation::DropTable(drop) => {
                self.whole(drop.schema.as_ref(), &drop.name);
                if let Some(was) = &drop.was {
                    self.definition(drop.schema.as_ref(), &drop.name, was);
                }
                self.opaque_if(drop.cascade);
            }
            Operation::RenameTable(rename) => {
                self.whole(rename.schema.as_ref(), &rename.name);
                self.whole(rename.schema.as_ref(), &rename.to);
            }
            Operation::AddColumn(add) => {
                let own = add.schema.as_ref();
                self.on(own, &add.table);
                self.write_column(own, &add.table, &add.column.name);
                self.column(own, &add.table, &add.column);
                if let Some(after) = &add.after {
                    self.read_column(own, &add.table, after);
                }
            }
            Operation::DropColumn(drop) => {
                let own = drop.schema.as_ref();
                self.on(own, &drop.table);
                self.write_column(own, &drop.table, &drop.column);
                // A key may go with it.
                self.write(Relation, own, &drop.table, Part::Keys);
                self.opaque_if(drop.cascade);
            }
            Operation::AlterColumn(alter) => self.alter_column(alter),
            Operation::CreateIndex(create) => {
                self.on(create.schema.as_ref(), &create.table);
                self.index(create.schema.as_ref(), &create.table, &create.index);
            }
            Operation::DropIndex(drop) => {
                self.on(drop.schema.as_ref(), &drop.table);
                self.index_name(drop.schema.as_ref(), &drop.table, &drop.name);
                // A unique index may be what foreign keys rest on.
                self.write(Relation, drop.schema.as_ref(), &drop.table, Part::Keys);
                self.opaque_if(drop.cascade);
            }
            Operation::RenameIndex(rename) => {
                self.on(rename.schema.as_ref(), &rename.table);
                self.index_name(rename.schema.as_ref(), &rename.table, &rename.name);
                self.index_name(rename.schema.as_ref(), &rename.table, &rename.to);
            }
            Operation::CreatePrimaryKey(create) => {
                let constraint = Constraint::PrimaryKey(create.key.clone());
                self.add_constraint(create.schema.as_ref(), &create.table, &constraint);
            }
            Operation::CreateUnique(create) => {
                let constraint = Constraint::Unique(create.unique.clone());
                self.add_constraint(create.schema.as_ref(), &create.table, &constraint);
            }
            Operation::CreateForeignKey(create) => {
                let constraint = Constraint::ForeignKey(create.key.clone());
                self.add_constraint(create.schema.as_ref(), &create.table, &constraint);
            }
            Operation::CreateCheck(create) => {
                let constraint = Constraint::Check(create.check.clone());
                self.add_constraint(create.schema.as_ref(), &create.table, &constraint);
            }
            Operation::CreateExclude(create) => {
                let constraint = Constraint::Exclude(create.exclude.clone());
                self.add_constraint(create.schema.as_ref(), &create.table, &constraint);
            }
            Operation::DropConstraint(drop) => {
                let own = drop.schema.as_ref();
                self.on(own, &drop.table);
                self.write(Relation, own, &drop.table, Part::Keys);
                self.constraint_name(own, &drop.table, drop.name.as_deref().unwrap_or_default());
                self.opaque_if(drop.cascade);
            }
            Operation::RenameConstraint(rename) => {
                self.on(rename.schema.as_ref(), &rename.table);
                self.constraint_name(rename.schema.as_ref(), &rename.table, &rename.name);
                self.constraint_name(rename.schema.as_ref(), &rename.table, &rename.to);
            }
            Operation::ValidateConstraint(validate) => {
                let own = validate.schema.as_ref();
                self.on(own, &validate.table);
                self.constraint_name(own, &validate.table, &validate.name);
                self.read(Rows, own, &validate.table, None);
            }
            Operation::Comment(set) => self.comment(set),
            Operation::CreateEnum(create) => {
                self.write(Type, create.schema.as_ref(), &create.name, None);
            }
            Operation::DropEnum(drop) => {
                self.write(Type, drop.schema.as_ref(), &drop.name, None);
                self.opaque_if(drop.cascade);
            }
            Operation::AddEnumValue(add) => self.write(Type, add.schema.as_ref(), &add.name, None),
            Operation::RenameEnumValue(rename) => {
                self.write(Type, rename.schema.as_ref(), &rename.name, None);
            }
            Operation::DropEnumValue(drop) => {
                self.write(Type, drop.schema.as_ref(), &drop.name, None);
                // Columns of it are converted, in whatever table.
                self.opaque_if(true);
            }
            Operation::RenameType(rename) => {
                self.write(Type, rename.schema.as_ref(), &rename.name, None);
                self.write(Type, rename.schema.as_ref(), &rename.to, None);
            }
            Operation::CreateDomain(create) => {
                self.write(Type, create.schema.as_ref(), &create.name, None);
            }
            Operation::AlterDomain(alter) => {
                self.write(Type, alter.schema.as_ref(), &alter.name, None);
                // What it says of values is checked in whatever table has them.
                self.opaque_if(alter.nullable == Some(false) || alter.add_check.is_some());
            }
            Operation::DropDomain(drop) => {
                self.write(Type, drop.schema.as_ref(), &drop.name, None);
                self.opaque_if(drop.cascade);
            }
            Operation::CreateSequence(create) => {
                self.sequence(create.schema.as_ref(), &create.name, &create.definition.owned_by);
            }
            Operation::AlterSequence(alter) => {
                self.sequence(alter.schema.as_ref(), &alter.name, &alter.definition.owned_by);
            }
            Operation::DropSequence(drop) => {
                self.sequence(drop.schema.as_ref(), &drop.name, &None);
                self.opaque_if(drop.cascade);
            }
            Operation::CreateView(create) => self.whole(create.schema.as_ref(), &create.name),
            Operation::DropView(drop) => {
                self.whole(drop.schema.as_ref(), &drop.name);
                self.opaque_if(drop.cascade);
            }
            Operation::CreateMaterializedView(create) => {
                let own = create.schema.as_ref();
                self.whole(own, &create.name);
                for index in &create.definition.indexes {
                    self.index(own, &create.name, index);
                }
                // It takes the rows that are there just then.
                for name in names(None, &create.definition.query) {
                    self.read(Rows, None, &name, None);
                }
            }
            Operation::DropMaterializedView(drop) => {
                self.whole(drop.schema.as_ref(), &drop.name);
                self.opaque_if(drop.cascade);
            }
            Operation::RefreshMaterializedView(refresh) => {
                self.read(Relation, refresh.schema.as_ref(), &refresh.name, None);
                self.write(Rows, refresh.schema.as_ref(), &refresh.name, None);
                // Whose rows it takes is not said.
                self.opaque_if(true);
            }
            Operation::CreateFunction(create) | Operation::CreateProcedure(create) => {
                self.write(Routine, create.schema.as_ref(), &create.name, None);
            }
            Operation::DropFunction(drop) | Operation::DropProcedure(drop) => {
                self.write(Routine, drop.schema.as_ref(), &drop.name, None);
                self.opaque_if(drop.cascade);
            }
            Operation::CreateTrigger(create) => {
                let own = create.schema.as_ref();
                self.trigger(own, &create.table, &create.name);
                for column in &create.definition.update_of {
                    self.read_column(own, &create.table, column);
                }
            }
            Operation::DropTrigger(drop) => {
                self.trigger(drop.schema.as_ref(), &drop.table, &drop.name);
                self.opaque_if(drop.cascade);
            }
            Operation::CreateSchema(create) => self.write(Schema, None, &create.name, None),
            Operation::DropSchema(drop) => {
                self.write(Schema, None, &drop.name, None);
                // MySQL's goes with all that is in it, whatever was said.
                self.opaque_if(true);
            }
            // What objects it brings along is not said.
            Operation::CreateExtension(create) => {
                self.write(Extension, None, &create.name, None);
                self.opaque_if(true);
            }
            Operation::DropExtension(drop) => {
                self.write(Extension, None, &drop.name, None);
                self.opaque_if(true);
            }
            Operation::CreatePolicy(create) => {
                self.policy(create.schema.as_ref(), &create.table, &create.name);
            }
            Operation::AlterPolicy(alter) => {
                self.policy(alter.schema.as_ref(), &alter.table, &alter.name);
                if let Some(to) = &alter.rename {
                    self.policy(alter.schema.as_ref(), &alter.table, to);
                }
            }
            Operation::DropPolicy(drop) => {
                self.policy(drop.schema.as_ref(), &drop.table, &drop.name);
            }
            Operation::RowSecurity(security) => {
                self.on(security.schema.as_ref(), &security.table);
                self.write(Relation, security.schema.as_ref(), &security.table, Part::RowSecurity);
            }
            Operation::Grant(grant) | Operation::Revoke(grant) => self.rights(grant),
            Operation::BulkInsert(rows) | Operation::BulkDelete(rows) => {
                let own = rows.schema.as_ref();
                self.on(own, &rows.table);
                for (column, _) in rows.columns.iter() {
                    self.read_column(own, &rows.table, column);
                }
                self.write(Rows, own, &rows.table, None);
                self.queried(operation);
            }
            Operation::Backfill(backfill) => {
                let own = backfill.schema.as_ref();
                self.on(own, &backfill.table);
                for column in &backfill.key {
                    self.read_column(own, &backfill.table, column);
                    self.read_values(own, &backfill.table, column);
                }
                for (column, _) in backfill.set.iter() {
                    self.read_column(own, &backfill.table, column);
                    self.write(Rows, own, &backfill.table, Part::Column(column.to_owned()));
                }
                self.queried(operation);
            }
            Operation::Sql(_) | Operation::Program(_) => self.opaque_if(true),
            Operation::ByDialect(operations) => {
                let all = match operations {
                    ByDialect::All(operations) => vec![operations],
                    ByDialect::Each(each) => {
                        each.iter().map(|(_, operations)| operations).collect()
                    }
                };
                for operation in all.into_iter().flatten() {
                    self.footprint.extend(footprint(operation));
                }
            }
        }
    }

    /// What the SQL of an operation names, and its types.
    fn fragments(&mut self, operation: &Operation) {
        let mut found: Vec<String> = Vec::new();
        let mut types: Vec<String> = Vec::new();
        operation.said(None, &mut |path, said| match said {
            Leaf::Sql(dialect, sql) => found.extend(names(dialect, sql)),
            Leaf::Plain(value) if path.ends_with(".type") || path.contains(".type.") => {
                types.extend(value.as_str().into_iter().flat_map(|type_| names(None, type_)));
            }
            _ => {}
        });
        let table = self.table.clone();
        for name in found {
            for class in [Relation, Routine, Type] {
                self.read(class, None, &name, None);
            }
            if let Some((own, table)) = &table {
                self.read_column(own.as_ref(), table, &name);
                self.read_values(own.as_ref(), table, &name);
            }
        }
        for name in types {
            self.read(Type, None, &name, None);
        }
    }

    /// The rows of whatever the SQL of an operation names.
    fn queried(&mut self, operation: &Operation) {
        let own = self.table.as_ref().map(|(_, table)| table.clone());
        let mut found = Vec::new();
        operation.said(None, &mut |_, said| {
            if let Leaf::Sql(dialect, sql) = said {
                found.extend(names(dialect, sql));
            }
        });
        // Its own rows are read by column.
        for name in found.into_iter().filter(|name| Some(name) != own.as_ref()) {
            self.read(Rows, None, &name, None);
        }
    }

    /// All of a table or view, which is a type of its rows, too.
    fn whole(&mut self, own: Own<'_>, name: &str) {
        for class in [Relation, Type, Rows] {
            self.write(class, own, name, None);
        }
        self.table = Some((own.cloned(), name.to_owned()));
    }

    fn definition(&mut self, own: Own<'_>, name: &str, definition: &TableDefinition) {
        for column in &definition.columns {
            self.column(own, name, column);
        }
        for constraint in &definition.constraints {
            self.constraint(own, name, constraint);
        }
        for index in &definition.indexes {
            self.index(own, name, index);
        }
        for above in definition.options.inherits.iter().chain(&definition.options.partition_of) {
            // It may be said with its schema.
            let above = above.rsplit('.').next().unwrap_or(above).trim_matches('"');
            self.write(Relation, None, above, None);
            self.write(Rows, None, above, None);
        }
    }

    /// What a column rests on beside its table.
    fn column(&mut self, own: Own<'_>, table: &str, column: &Column) {
        if column.primary_key {
            self.write(Relation, own, table, Part::Keys);
        }
        if let Some(to) = &column.references {
            let name = to.name.as_deref();
            let columns = std::slice::from_ref(&to.column);
            self.refers(to.schema.as_ref(), &to.table, columns, name);
            name.into_iter().for_each(|name| self.constraint_name(own, table, name));
        }
    }

    fn alter_column(&mut self, alter: &AlterColumn) {
        let own = alter.schema.as_ref();
        self.on(own, &alter.table);
        self.write_column(own, &alter.table, &alter.column);
        if let Some(to) = &alter.rename {
            self.write_column(own, &alter.table, to);
        }
        if let Some(after) = &alter.after {
            self.read_column(own, &alter.table, after);
        }
    }

    fn refers(&mut self, own: Own<'_>, table: &str, columns: &[String], name: Option<&str>) {
        self.read(Relation, own, table, Part::Itself);
        self.read(Relation, own, table, Part::Keys);
        for column in columns {
            self.read_column(own, table, column);
            self.read_values(own, table, column);
        }
        if let Some(name) = name {
            self.write(Relation, own, table, Part::Constraint(name.to_owned()));
        }
    }

    fn add_constraint(&mut self, own: Own<'_>, table: &str, constraint: &Constraint) {
        self.on(own, table);
        self.constraint(own, table, constraint);
    }

    fn constraint(&mut self, own: Own<'_>, table: &str, constraint: &Constraint) {
        for column in constraint.columns() {
            self.read_column(own, table, column);
            self.read_values(own, table, column);
        }
        // Without a name it may be any.
        self.constraint_name(own, table, constraint.name().unwrap_or_default());
        match constraint {
            Constraint::PrimaryKey(_) | Constraint::Unique(_) => {
                self.write(Relation, own, table, Part::Keys);
            }
            Constraint::ForeignKey(key) => {
                let to = &key.references;
                self.refers(to.schema.as_ref(), &to.table, &to.columns, key.name.as_deref());
            }
            Constraint::Check(_) | Constraint::Exclude(_) => {}
        }
    }

    fn constraint_name(&mut self, own: Own<'_>, table: &str, name: &str) {
        self.write(Relation, own, table, Part::Constraint(name.to_owned()));
        self.write(Relation, own, name, None);
    }

    fn index(&mut self, own: Own<'_>, table: &str, index: &Index) {
        self.index_name(own, table, index.name.as_deref().unwrap_or_default());
        for column in index.column_names() {
            self.read_column(own, table, column);
            if index.unique {
                self.read_values(own, table, column);
            }
        }
        if index.unique {
            self.write(Relation, own, table, Part::Keys);
            let is_sql = |key: &IndexKey| matches!(key, IndexKey::Sql(_));
            if index.columns.iter().any(|column| is_sql(&column.key)) {
                self.read(Rows, own, table, None);
            }
        }
    }

    fn index_name(&mut self, own: Own<'_>, table: &str, name: &str) {
        self.write(Relation, own, table, Part::Index(name.to_owned()));
        self.write(Relation, own, name, None);
    }

    fn trigger(&mut self, own: Own<'_>, table: &str, name: &str) {
        self.on(own, table);
        self.write(Relation, own, table, Part::Triggers);
        self.write(Relation, own, name, None);
        // Rows that come before it and behind it fare differently.
        self.read(Rows, own, table, None);
    }

    fn policy(&mut self, own: Own<'_>, table: &str, name: &str) {
        self.on(own, table);
        self.write(Relation, own, table, Part::Policy(name.to_owned()));
    }

    fn sequence(&mut self, own: Own<'_>, name: &str, owned_by: &Option<String>) {
        self.write(Relation, own, name, None);
        let mut words = owned_by.iter().flat_map(|owner| names(None, owner)).collect::<Vec<_>>();
        if let (Some(column), Some(table)) = (words.pop(), words.pop()) {
            self.read(Relation, None, &table, Part::Itself);
            self.read_column(None, &table, &column);
        }
    }

    fn comment(&mut self, set: &SetComment) {
        let own = set.schema.as_ref();
        let table = set.table.as_deref().unwrap_or_default();
        let name = set.name.as_str();
        let class = match set.on {
            CommentObject::Column => {
                self.on(own, table);
                return self.write(Relation, own, table, Part::Column(name.to_owned()));
            }
            CommentObject::Constraint => {
                self.on(own, table);
                return self.write(Relation, own, table, Part::Constraint(name.to_owned()));
            }
            CommentObject::Policy => return self.policy(own, table, name),
            CommentObject::Trigger => {
                self.on(own, table);
                return self.write(Relation, own, table, Part::Triggers);
            }
            CommentObject::Table
            | CommentObject::View
            | CommentObject::MaterializedView
            | CommentObject::Sequence
            | CommentObject::Index => Relation,
            CommentObject::Type | CommentObject::Domain => Type,
            CommentObject::Function | CommentObject::Procedure => Routine,
            CommentObject::Schema => Schema,
            CommentObject::Extension => Extension,
        };
        let name = name.split('(').next().unwrap_or(name).trim_end();
        self.read(class, own, name, Part::Itself);
        self.write(class, own, name, Part::Comment);
    }

    fn rights(&mut self, grant: &Grant) {
        let own = grant.schema.as_ref();
        let class = match grant.on {
            GrantObject::Table | GrantObject::Sequence => Relation,
            GrantObject::Function | GrantObject::Procedure => Routine,
            GrantObject::Type => Type,
            GrantObject::Schema => Schema,
            // Which those are is not said.
            GrantObject::AllTables | GrantObject::AllSequences | GrantObject::AllFunctions => {
                return self.opaque_if(true);
            }
        };
        let name = grant.name.as_deref().or(own.map(String::as_str)).unwrap_or_default();
        let name = name.split('(').next().unwrap_or(name).trim_end();
        let own = own.filter(|_| class != Schema);
        self.read(class, own, name, Part::Itself);
        self.write(class, own, name, Part::Rights);
        for column in &grant.columns {
            self.read_column(own, name, column);
        }
    }
}

/// The names in a text, in the dialect's reading or in that of each.
fn names(dialect: Option<Dialect>, sql: &str) -> Vec<String> {
    match dialect {
        Some(dialect) => text::names_in(dialect, sql),
        None => Dialect::ALL.iter().flat_map(|&dialect| text::names_in(dialect, sql)).collect(),
    }
}
