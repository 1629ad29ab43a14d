//! The texts of an operation that a database reads: SQL, types, and other words, with the path of each.

use std::fmt::Display;

use serde::Deserialize;
use serde_json::Value;

use super::{DefaultValue, Operation};
use crate::model::{Entries, SqlText};

/// What a text of an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextRole {
    /// A fragment of SQL, such as an expression or a query.
    Sql,
    /// The name of a type.
    Type,
    /// Another word of the dialect, such as a collation.
    Word,
    /// Statements, which run as they are.
    Statements,
}

/// A text of an operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Text<'a> {
    /// One that may differ by dialect.
    ByDialect(&'a SqlText),
    /// One for all dialects.
    All(&'a str),
}

/// A text of an operation, to be changed.
#[derive(Debug, PartialEq)]
pub enum TextMut<'a> {
    /// One that may differ by dialect.
    ByDialect(&'a mut SqlText),
    /// One for all dialects.
    All(&'a mut String),
}

impl Operation {
    /// Calls with each text, its path such as `create_table.columns.0.type`, and what it is.
    pub fn texts(&self, visit: &mut dyn FnMut(&str, TextRole, Text<'_>)) {
        let mut visit = Visit { path: self.kind().to_owned(), visit };
        self.rules().texts(&mut visit);
    }

    /// As [`Operation::texts`], to change them.
    pub fn texts_mut(&mut self, visit: &mut dyn FnMut(&str, TextRole, TextMut<'_>)) {
        let mut visit = VisitMut { path: self.kind().to_owned(), visit };
        self.rules_mut().texts_mut(&mut visit);
    }
}

/// A walk over the texts of an operation.
pub(super) struct Visit<'v> {
    path: String,
    visit: &'v mut dyn FnMut(&str, TextRole, Text<'_>),
}

/// A walk over the texts of an operation that may change them.
pub(super) struct VisitMut<'v> {
    path: String,
    visit: &'v mut dyn FnMut(&str, TextRole, TextMut<'_>),
}

impl<'v> Visit<'v> {
    /// A walk whose paths begin with nothing.
    pub(super) fn new(visit: &'v mut dyn FnMut(&str, TextRole, Text<'_>)) -> Self {
        Visit { path: String::new(), visit }
    }

    /// Walks a part; an empty key is that of a part whose fields are written beside those around it.
    pub(super) fn at(&mut self, key: impl Display, inner: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        extend(&mut self.path, key);
        inner(self);
        self.path.truncate(length);
    }
}

impl VisitMut<'_> {
    /// As [`Visit::at`].
    pub(super) fn at(&mut self, key: impl Display, inner: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        extend(&mut self.path, key);
        inner(self);
        self.path.truncate(length);
    }
}

fn extend(path: &mut String, key: impl Display) {
    let key = key.to_string();
    if !path.is_empty() && !key.is_empty() {
        path.push('.');
    }
    path.push_str(&key);
}

/// A part of an operation that has texts. The role is that of a text that stands in it by itself.
pub(super) trait HasTexts {
    /// Calls with each text.
    fn texts(&self, role: TextRole, visit: &mut Visit<'_>);
    /// Calls with each text, to change it.
    fn texts_mut(&mut self, role: TextRole, visit: &mut VisitMut<'_>);
}

/// The fields of an operation or part that have texts: `field`, `field as "key"` where its key is another
/// one, with `: Role` where it is no SQL. Within an `impl Rules` it writes the two methods; with a type
/// before the list, the `impl HasTexts`.
macro_rules! texts {
    ($type:ty { $($field:tt $(as $key:literal)? $(: $role:ident)?),* $(,)? }) => {
        impl $crate::model::operation::texts::HasTexts for $type {
            fn texts(
                &self,
                _: $crate::model::operation::TextRole,
                visit: &mut $crate::model::operation::texts::Visit<'_>,
            ) {
                $($crate::model::operation::texts::field!(
                    visit, &self.$field, texts, $field $(as $key)? $(: $role)?
                );)*
            }

            fn texts_mut(
                &mut self,
                _: $crate::model::operation::TextRole,
                visit: &mut $crate::model::operation::texts::VisitMut<'_>,
            ) {
                $($crate::model::operation::texts::field!(
                    visit, &mut self.$field, texts_mut, $field $(as $key)? $(: $role)?
                );)*
            }
        }
    };
    ($($field:tt $(as $key:literal)? $(: $role:ident)?),* $(,)?) => {
        fn texts(&self, visit: &mut $crate::model::operation::texts::Visit<'_>) {
            $($crate::model::operation::texts::field!(
                visit, &self.$field, texts, $field $(as $key)? $(: $role)?
            );)*
        }

        fn texts_mut(&mut self, visit: &mut $crate::model::operation::texts::VisitMut<'_>) {
            $($crate::model::operation::texts::field!(
                visit, &mut self.$field, texts_mut, $field $(as $key)? $(: $role)?
            );)*
        }
    };
}

/// One field of `texts!`.
macro_rules! field {
    ($visit:ident, $value:expr, $method:ident, $field:tt) => {
        $crate::model::operation::texts::field!($visit, $value, $method, stringify!($field), Sql)
    };
    ($visit:ident, $value:expr, $method:ident, $field:tt as $key:literal) => {
        $crate::model::operation::texts::field!($visit, $value, $method, $key, Sql)
    };
    ($visit:ident, $value:expr, $method:ident, $field:tt : $role:ident) => {
        $crate::model::operation::texts::field!($visit, $value, $method, stringify!($field), $role)
    };
    ($visit:ident, $value:expr, $method:ident, $field:tt as $key:literal : $role:ident) => {
        $crate::model::operation::texts::field!($visit, $value, $method, $key, $role)
    };
    ($visit:ident, $value:expr, $method:ident, $key:expr, $role:ident) => {
        $visit.at($key, |visit| {
            $crate::model::operation::texts::HasTexts::$method(
                $value,
                $crate::model::operation::TextRole::$role,
                visit,
            )
        })
    };
}

pub(super) use {field, texts};

impl HasTexts for SqlText {
    fn texts(&self, role: TextRole, visit: &mut Visit<'_>) {
        (visit.visit)(&visit.path, role, Text::ByDialect(self));
    }

    fn texts_mut(&mut self, role: TextRole, visit: &mut VisitMut<'_>) {
        (visit.visit)(&visit.path, role, TextMut::ByDialect(self));
    }
}

impl HasTexts for String {
    fn texts(&self, role: TextRole, visit: &mut Visit<'_>) {
        (visit.visit)(&visit.path, role, Text::All(self));
    }

    fn texts_mut(&mut self, role: TextRole, visit: &mut VisitMut<'_>) {
        (visit.visit)(&visit.path, role, TextMut::All(self));
    }
}

impl<T: HasTexts> HasTexts for Option<T> {
    fn texts(&self, role: TextRole, visit: &mut Visit<'_>) {
        self.iter().for_each(|value| value.texts(role, visit));
    }

    fn texts_mut(&mut self, role: TextRole, visit: &mut VisitMut<'_>) {
        self.iter_mut().for_each(|value| value.texts_mut(role, visit));
    }
}

impl<T: HasTexts> HasTexts for Vec<T> {
    fn texts(&self, role: TextRole, visit: &mut Visit<'_>) {
        for (at, value) in self.iter().enumerate() {
            visit.at(at, |visit| value.texts(role, visit));
        }
    }

    fn texts_mut(&mut self, role: TextRole, visit: &mut VisitMut<'_>) {
        for (at, value) in self.iter_mut().enumerate() {
            visit.at(at, |visit| value.texts_mut(role, visit));
        }
    }
}

impl<T: HasTexts> HasTexts for Entries<T> {
    fn texts(&self, role: TextRole, visit: &mut Visit<'_>) {
        for (name, value) in self.iter() {
            visit.at(name, |visit| value.texts(role, visit));
        }
    }

    fn texts_mut(&mut self, role: TextRole, visit: &mut VisitMut<'_>) {
        for (name, value) in &mut self.0 {
            visit.at(name, |visit| value.texts_mut(role, visit));
        }
    }
}

impl HasTexts for DefaultValue {
    fn texts(&self, role: TextRole, visit: &mut Visit<'_>) {
        if let DefaultValue::Sql(sql) = self {
            visit.at("sql", |visit| sql.texts(role, visit));
        }
    }

    fn texts_mut(&mut self, role: TextRole, visit: &mut VisitMut<'_>) {
        if let DefaultValue::Sql(sql) = self {
            visit.at("sql", |visit| sql.texts_mut(role, visit));
        }
    }
}

/// A value of a row, which may be an expression as `{sql: …}`.
impl HasTexts for Value {
    fn texts(&self, role: TextRole, visit: &mut Visit<'_>) {
        if let Some(sql) = expression(self) {
            visit.at("sql", |visit| sql.texts(role, visit));
        }
    }

    fn texts_mut(&mut self, role: TextRole, visit: &mut VisitMut<'_>) {
        let Some(mut sql) = expression(self) else { return };
        visit.at("sql", |visit| sql.texts_mut(role, visit));
        if let Ok(sql) = serde_json::to_value(sql) {
            self["sql"] = sql;
        }
    }
}

fn expression(cell: &Value) -> Option<SqlText> {
    let map = cell.as_object().filter(|map| map.len() == 1)?;
    SqlText::deserialize(map.get("sql")?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ByDialect;

    #[test]
    fn every_text_comes_with_its_path() {
        let json = r#"{"create_table": {"name": "t", "columns": [
            {"name": "a", "type": {"postgres": "int4", "sqlite": "integer"}, "default": {"sql": "f()"}, "collation": "c"}],
            "constraints": [{"check": {"sql": "a > 0"}}], "indexes": [{"columns": [{"sql": "-a"}]}]}}"#;
        let mut operation: Operation = serde_json::from_str(json).unwrap();
        let mut told = Vec::new();
        operation.texts(&mut |path, role, text| {
            let text = match text {
                Text::ByDialect(text) => serde_json::to_string(text).unwrap(),
                Text::All(text) => text.to_owned(),
            };
            told.push(format!("{path} {role:?} {text}"));
        });
        insta::assert_snapshot!(told.join("\n"), @r#"
        create_table.columns.0.type Type {"postgres":"int4","sqlite":"integer"}
        create_table.columns.0.default.sql Sql "f()"
        create_table.columns.0.collation Word "c"
        create_table.constraints.0.check.sql Sql "a > 0"
        create_table.indexes.0.columns.0.sql Sql "-a"
        "#);
        operation.texts_mut(&mut |_, _, text| {
            if let TextMut::ByDialect(text) = text {
                *text = ByDialect::All("x".to_owned());
            }
        });
        insta::assert_snapshot!(serde_json::to_string(&operation).unwrap(), @r#"{"create_table":{"name":"t","columns":[{"name":"a","type":"x","default":{"sql":"x"},"collation":"x"}],"constraints":[{"check":{"sql":"x"}}],"indexes":[{"columns":[{"sql":"x"}]}]}}"#);
    }
}
