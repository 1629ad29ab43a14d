//! A column changed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Column, DefaultValue, Generated, Identity, differs};
use crate::model::operation::footprint::Touch;
use crate::model::operation::schema_change::SchemaChange;
use crate::model::operation::summary::{changes, nullability, of, text, value};
use crate::model::operation::texts::texts;
use crate::model::operation::validate::Validation;
use crate::model::operation::was::{Attribute, complete, first_wrong};
use crate::model::operation::{Irreversible, Operation, Rules, SchemaMismatch, given};
use crate::model::{Name, Schema, SqlText};
use crate::text::{self, Dialect, Effect};

/// Attributes of a column: in an operation what they become, in its `was` what they were.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ColumnBefore")]
pub struct ColumnChange {
    /// Its type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<SqlText>,
    /// USING: the expression that converts the values (PostgreSQL, and SQLite by a rebuild).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<SqlText>,
    /// NULL or NOT NULL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nullable: Option<bool>,
    /// Its default; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
    /// Its identity; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub identity: Option<Option<Identity>>,
    /// Its expression; `null`: it becomes an ordinary column and keeps its values.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub generated: Option<Option<Generated>>,
    /// Its collation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<SqlText>,
    /// Its character set (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// AUTO_INCREMENT (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autoincrement: Option<bool>,
    /// ON UPDATE: the value that an UPDATE of the row sets (MySQL, MariaDB); `null`: nothing.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub on_update: Option<Option<SqlText>>,
    /// Its comment; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub comment: Option<Option<String>>,
    /// AFTER: the column that it is moved after (MySQL, MariaDB, and SQLite by a rebuild).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// FIRST: it becomes the first column (MySQL, MariaDB, and SQLite by a rebuild).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub first: bool,
}

texts!(ColumnChange {
    type_ as "type": Type,
    using,
    default,
    generated,
    collation: Word,
    on_update: Word,
});

/// Changes a column. What is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlterColumn {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// Its new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// The attributes that change.
    #[serde(flatten)]
    pub change: ColumnChange,
    /// The previous values of what changes, for the downgrade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<ColumnChange>,
}

impl Rules for AlterColumn {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        if self.change.using.is_some() && self.change.type_.is_none() {
            return Err(Irreversible::new(Self::KIND, "`using` requires a new `type`"));
        }
        complete(Self::KIND, &self.attributes())?;
        let was = self.was.clone().unwrap_or_default();
        // Where it may be NULL, the one is told by the other.
        let before = ColumnChange {
            nullable: was.nullable.and(self.change.nullable),
            ..self.change.clone()
        };
        Ok(vec![Operation::AlterColumn(AlterColumn {
            schema: self.schema.clone(),
            table: self.table.clone(),
            column: self.rename.as_ref().unwrap_or(&self.column).clone(),
            rename: self.rename.as_ref().map(|_| self.column.clone()),
            change: ColumnChange {
                nullable: self.change.nullable.map(|nullable| !nullable),
                ..was
            },
            was: (before != ColumnChange::default()).then_some(before),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        self.change.validate(check);
        check.changes(self.rename.is_some() || self.change != ColumnChange::default());
        if let Some(was) = &self.was {
            check.part("was", "was", |check| was.validate(check));
        }
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        if self.change.using.is_some() && self.change.type_.is_none() {
            let hint = "give the type, too, even if it stays the same";
            return Err(change.mismatch("using", "`using` requires a new `type`", hint));
        }
        let own = self.schema.as_ref();
        let Some(name) = change.find("table", own, &self.table)? else { return Ok(()) };
        let mut table = change.schema.tables[&name].definition.clone();
        let Some(at) = table.column_at(change.dialect, &self.column) else {
            if !table.names_all_columns() {
                return Ok(());
            }
            return Err(change.no_column("column", &name.to_string(), &self.column, &table));
        };
        self.change.apply(&mut table.columns[at]);
        let column = table.columns.remove(at);
        let to = change.place(&table, self.change.first, self.change.after.as_ref())?;
        table.columns.insert(to.unwrap_or(at), column);
        if let Some(to) = &self.rename {
            let taken = table.column_at(change.dialect, to).is_some();
            if taken && !change.same(to, &self.column) {
                let message = format!("{name} has a column {to} already");
                return Err(change.mismatch("rename", message, "choose another name"));
            }
            table.rename_column(change.dialect, &self.column, to);
            let (dialect, session) = (change.dialect, change.schema.own.clone());
            let mut rename =
                |schema: &mut Option<String>, referred: &mut String, columns: &mut [String]| {
                    let schema = schema.clone().filter(|schema| Some(schema) != session.as_ref());
                    let referred = Name { schema, name: referred.clone() };
                    let mut renamed = false;
                    for column in columns.iter_mut().filter(|_| referred.is(dialect, &name)) {
                        if text::same_part(dialect, column, &self.column) {
                            column.clone_from(to);
                            renamed = true;
                        }
                    }
                    renamed
                };
            table.change_referred(&mut rename);
            for other in change.schema.tables.values_mut() {
                if other.definition.change_referred(&mut rename) {
                    other.sql = None;
                }
            }
            change.reword(&self.column);
        }
        change.put(own, &self.table, table)
    }

    fn effect(&self, schema: &Schema, dialect: Dialect) -> Effect {
        let live = schema.table(dialect, self.schema.as_deref(), &self.table);
        let live = live.and_then(|(_, table)| {
            let table = &table.definition;
            table.columns.get(table.column_at(dialect, &self.column)?)
        });
        self.change.effect(live, self.was.as_ref(), dialect)
    }

    fn touch(&self, touch: &mut Touch) {
        let own = self.schema.as_ref();
        touch.on(own, &self.table);
        touch.write_column(own, &self.table, &self.column);
        if let Some(to) = &self.rename {
            touch.write_column(own, &self.table, to);
        }
        if let Some(after) = &self.change.after {
            touch.read_column(own, &self.table, after);
        }
    }

    fn summary(&self) -> String {
        let table = of(self.schema.as_ref(), &self.table);
        let none = |what: &str, is_none: bool| match is_none {
            true => format!("no {what}"),
            false => what.to_owned(),
        };
        let ColumnChange {
            type_,
            using: _,
            nullable,
            default,
            identity,
            generated,
            collation,
            charset,
            autoincrement,
            on_update,
            comment,
            after,
            first,
        } = &self.change;
        let changes = changes([
            self.rename.as_ref().map(|name| format!("rename to {name}")),
            type_.as_ref().map(|type_| format!("type {}", text(type_))),
            nullable.map(nullability),
            default.as_ref().map(|default| match default {
                DefaultValue::Literal(Value::Null) => "no default".to_owned(),
                default => format!("default {}", value(default)),
            }),
            identity.as_ref().map(|identity| none("identity", identity.is_none())),
            generated.as_ref().map(|generated| none("expression", generated.is_none())),
            collation.as_ref().map(|collation| format!("collation {}", text(collation))),
            charset.as_ref().map(|charset| format!("charset {charset}")),
            autoincrement.map(|counted| none("autoincrement", !counted)),
            on_update.as_ref().map(|update| match update {
                Some(update) => format!("on update {}", text(update)),
                None => "no on update".to_owned(),
            }),
            comment.as_ref().map(|comment| none("comment", comment.is_none())),
            after.as_ref().map(|after| format!("after {after}")),
            first.then(|| "first".to_owned()),
        ]);
        format!("{table}.{} {}", self.column, changes)
    }
    texts!(change as "", was);
    fn has_was(&self) -> bool {
        self.was.is_some()
    }

    fn check_was(&self, schema: &Schema, dialect: Dialect) -> Option<String> {
        first_wrong(&self.attributes()).or_else(|| {
            let (_, table) = schema.table(dialect, self.schema.as_deref(), &self.table)?;
            let table = &table.definition;
            let known = &table.columns[table.column_at(dialect, &self.column)?];
            let mut before = known.clone();
            self.was.as_ref()?.apply(&mut before);
            differs(known, &before, dialect)
        })
    }
}

impl AlterColumn {
    /// What `was` must say of it.
    fn attributes(&self) -> Vec<Attribute> {
        self.change.attributes(self.was.as_ref().unwrap_or(&ColumnChange::default()))
    }
}

impl ColumnChange {
    /// What it does to the values of a column: by what the column is, else by what it is said to have been.
    fn effect(
        &self,
        live: Option<&Column>,
        was: Option<&ColumnChange>,
        dialect: Dialect,
    ) -> Effect {
        let ColumnChange {
            type_,
            using,
            nullable,
            default: _,
            identity,
            generated,
            collation: _,
            charset,
            autoincrement: _,
            on_update: _,
            comment: _,
            after: _,
            first: _,
        } = self;
        let old = live.map(|column| &column.type_).or_else(|| was?.type_.as_ref());
        let said = |text: &SqlText| text.get(dialect).cloned();
        let type_ = type_.as_ref().map(|new| match (old.and_then(said), said(new)) {
            (Some(old), Some(new)) if !text::widens(dialect, &old, &new) => Effect::Destructive,
            (Some(_), Some(_)) => Effect::Widening,
            _ => Effect::Unknown,
        });
        let was_generated = match live {
            Some(column) => column.generated.is_some(),
            None => was.is_some_and(|was| matches!(was.generated, Some(Some(_)))),
        };
        let old_charset = match live {
            Some(column) => column.charset.as_ref(),
            None => was.and_then(|was| was.charset.as_ref()),
        };
        let same = |old: &&String| old.eq_ignore_ascii_case(charset.as_deref().unwrap_or_default());
        [
            type_,
            using.as_ref().map(|_| Effect::Data),
            (*nullable == Some(true)).then_some(Effect::Widening),
            // Its sequence goes with it.
            matches!(identity, Some(None)).then_some(Effect::Destructive),
            match generated {
                Some(Some(_)) if was_generated => Some(Effect::Data),
                Some(Some(_)) => Some(Effect::Destructive),
                Some(None) | None => None,
            },
            charset.as_ref().map(|new| match new.as_str() {
                _ if old_charset.as_ref().is_some_and(same) => Effect::Additive,
                "utf8mb4" => Effect::Widening,
                _ => Effect::Unknown,
            }),
        ]
        .into_iter()
        .flatten()
        .max()
        .unwrap_or_default()
    }

    fn validate(&self, check: &mut Validation<'_>) {
        check.at_most_one(&[("after", self.after.is_some()), ("first", self.first)]);
    }

    /// What `was` must say of it. Where it may be NULL, the one is told by the other.
    fn attributes(&self, was: &ColumnChange) -> Vec<Attribute> {
        let ColumnChange {
            type_,
            using,
            nullable,
            default,
            identity,
            generated,
            collation,
            charset,
            autoincrement,
            on_update,
            comment,
            after: _,
            first: _,
        } = self;
        vec![
            Attribute {
                // The values may be made anew in the same type.
                same: type_.is_some()
                    && *type_ == was.type_
                    && using.is_none()
                    && was.using.is_none(),
                ..Attribute::of("type", type_, &was.type_)
            },
            Attribute {
                name: "using",
                changes: was.type_.is_some(),
                was: was.using.is_some() || was.type_.is_some(),
                same: false,
            },
            Attribute::of("default", default, &was.default),
            Attribute::of("identity", identity, &was.identity),
            Attribute::of("generated", generated, &was.generated),
            Attribute::of("collation", collation, &was.collation),
            Attribute::of("charset", charset, &was.charset),
            Attribute::of("autoincrement", autoincrement, &was.autoincrement),
            Attribute::of("on_update", on_update, &was.on_update),
            Attribute::of("comment", comment, &was.comment),
            Attribute::of("after", &self.place(), &was.place()),
            Attribute {
                name: "nullable",
                changes: nullable.is_some(),
                was: nullable.is_some() || was.nullable.is_some(),
                same: nullable.is_some() && *nullable == was.nullable,
            },
        ]
    }

    /// Where the column goes; `None`: it stays.
    fn place(&self) -> Option<(bool, &Option<String>)> {
        (self.first || self.after.is_some()).then_some((self.first, &self.after))
    }

    /// Changes a column.
    fn apply(&self, column: &mut Column) {
        let ColumnChange {
            type_,
            using: _,
            nullable,
            default,
            identity,
            generated,
            collation,
            charset,
            autoincrement,
            on_update,
            comment,
            after: _,
            first: _,
        } = self;
        fn set<T: Clone>(own: &mut T, to: &Option<T>) {
            if let Some(to) = to {
                own.clone_from(to);
            }
        }
        set(&mut column.type_, type_);
        column.nullable = nullable.or(column.nullable);
        match default {
            Some(DefaultValue::Literal(Value::Null)) => column.default = None,
            Some(_) => column.default.clone_from(default),
            None => {}
        }
        set(&mut column.identity, identity);
        set(&mut column.generated, generated);
        // Each of the two says what the other may be.
        if collation.is_some() || charset.is_some() {
            column.collation.clone_from(collation);
            column.charset.clone_from(charset);
        }
        set(&mut column.autoincrement, autoincrement);
        set(&mut column.on_update, on_update);
        set(&mut column.comment, comment);
    }
}
