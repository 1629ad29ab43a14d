//! Notes what an operation reads and writes.

use super::{Footprint, Object, ObjectClass, Part};
use crate::model::ByDialect;
use crate::model::operation::{Rules, Text, TextRole, Visit};
use crate::text::{self, Dialect};
use ObjectClass::{Relation, Routine, Rows, Schema, Type};

/// The schema that an operation names.
pub(in crate::model::operation) type Own<'a> = Option<&'a String>;

/// What one operation touches, as far as it has said.
#[derive(Default)]
pub(in crate::model::operation) struct Touch {
    pub(in crate::model::operation) footprint: Footprint,
    /// The table that the operation is about, whose columns its SQL may name.
    table: Option<(Option<String>, String)>,
}

impl Touch {
    pub(in crate::model::operation) fn read(
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

    pub(in crate::model::operation) fn write(
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

    pub(in crate::model::operation) fn read_schema(&mut self, own: Own<'_>) {
        if let Some(name) = own {
            let (class, name, part) = (Schema, name.clone(), Some(Part::Itself));
            self.footprint.reads.insert(Object { class, schema: None, name, part });
        }
    }

    /// The table is there; the SQL of the operation is about its columns.
    pub(in crate::model::operation) fn on(&mut self, own: Own<'_>, table: &str) {
        self.read(Relation, own, table, Part::Itself);
        self.table = Some((own.cloned(), table.to_owned()));
    }

    pub(in crate::model::operation) fn read_column(
        &mut self,
        own: Own<'_>,
        table: &str,
        column: &str,
    ) {
        self.read(Relation, own, table, Part::Column(column.to_owned()));
    }

    pub(in crate::model::operation) fn read_values(
        &mut self,
        own: Own<'_>,
        table: &str,
        column: &str,
    ) {
        self.read(Rows, own, table, Part::Column(column.to_owned()));
    }

    pub(in crate::model::operation) fn write_column(
        &mut self,
        own: Own<'_>,
        table: &str,
        column: &str,
    ) {
        self.write(Relation, own, table, Part::Column(column.to_owned()));
        self.write(Rows, own, table, Part::Column(column.to_owned()));
    }

    pub(in crate::model::operation) fn opaque_if(&mut self, opaque: bool) {
        self.footprint.opaque |= opaque;
    }

    /// All of a table or view, which is a type of its rows, too.
    pub(in crate::model::operation) fn whole(&mut self, own: Own<'_>, name: &str) {
        for class in [Relation, Type, Rows] {
            self.write(class, own, name, None);
        }
        self.table = Some((own.cloned(), name.to_owned()));
    }

    pub(in crate::model::operation) fn refers(
        &mut self,
        own: Own<'_>,
        table: &str,
        columns: &[String],
        name: Option<&str>,
    ) {
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

    pub(in crate::model::operation) fn constraint_name(
        &mut self,
        own: Own<'_>,
        table: &str,
        name: &str,
    ) {
        self.write(Relation, own, table, Part::Constraint(name.to_owned()));
        self.write(Relation, own, name, None);
    }

    pub(in crate::model::operation) fn index_name(
        &mut self,
        own: Own<'_>,
        table: &str,
        name: &str,
    ) {
        self.write(Relation, own, table, Part::Index(name.to_owned()));
        self.write(Relation, own, name, None);
    }

    /// What the SQL of an operation names, and its types.
    pub(super) fn texts(&mut self, rules: &dyn Rules) {
        let table = self.table.clone();
        for name in named_by(rules, TextRole::Sql) {
            for class in [Relation, Routine, Type] {
                self.read(class, None, &name, None);
            }
            if let Some((own, table)) = &table {
                self.read_column(own.as_ref(), table, &name);
                self.read_values(own.as_ref(), table, &name);
            }
        }
        for name in named_by(rules, TextRole::Type) {
            self.read(Type, None, &name, None);
        }
    }

    /// The rows of whatever the SQL of an operation names.
    pub(in crate::model::operation) fn queried(&mut self, rules: &dyn Rules) {
        let own = self.table.as_ref().map(|(_, table)| table.clone());
        // Its own rows are read by column.
        for name in
            named_by(rules, TextRole::Sql).into_iter().filter(|name| Some(name) != own.as_ref())
        {
            self.read(Rows, None, &name, None);
        }
    }
}

/// The names in the texts of an operation.
fn named_by(rules: &dyn Rules, wanted: TextRole) -> Vec<String> {
    let mut found = Vec::new();
    rules.texts(&mut Visit::new(&mut |_, role, text| match text {
        _ if role != wanted => {}
        Text::All(sql) => found.extend(names(None, sql)),
        Text::ByDialect(ByDialect::All(sql)) => found.extend(names(None, sql)),
        // A type is read as every dialect reads it.
        Text::ByDialect(ByDialect::Each(each)) => {
            let read = |dialect| (wanted == TextRole::Sql).then_some(dialect);
            found
                .extend(each.iter().flat_map(|(dialect, sql)| names(read(*dialect), sql.as_str())));
        }
    }));
    found
}

/// The names in a text, in the dialect's reading or in that of each.
pub(in crate::model::operation) fn names(dialect: Option<Dialect>, sql: &str) -> Vec<String> {
    match dialect {
        Some(dialect) => text::names_in(dialect, sql),
        None => Dialect::ALL.iter().flat_map(|&dialect| text::names_in(dialect, sql)).collect(),
    }
}
