//! What equal means, in one place: two databases are alike if every object of the one is an object of
//! the other and the two say the same.
//!
//! Objects, columns, constraints and indexes are compared by their names, never by their place; a
//! constraint without a name by what it says. SQL is compared as the dialect reads it
//! ([`text::same_sql`]). The order of columns, the next number of a counted column or a sequence, and
//! whether a materialized view is filled are no part of it.

use crate::model::operation::{
    Check, Column, Constraint, DefaultValue, DomainDefinition, Exclude, ForeignKey, Generated,
    Index, IndexColumn, IndexKey, MaterializedViewDefinition, Nulls, Order, PolicyDefinition,
    RoutineDefinition, SequenceDefinition, TableDefinition, TableOptions, TriggerDefinition,
    ViewDefinition,
};
use crate::model::{Definition, Name, SqlText};
use crate::text::{self, Dialect};

/// Compares as a dialect does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Same(pub Dialect);

impl Same {
    /// Whether two objects of the same key say the same.
    pub(super) fn definition(self, one: &Definition, other: &Definition) -> bool {
        match (one, other) {
            (Definition::Table(one), Definition::Table(other)) => self.table(one, other),
            (Definition::View(one), Definition::View(other)) => self.view(one, other),
            (Definition::MaterializedView(one), Definition::MaterializedView(other)) => {
                self.materialized_view(one, other)
            }
            (Definition::Function(one), Definition::Function(other))
            | (Definition::Procedure(one), Definition::Procedure(other)) => {
                self.routine(one, other) && one.comment == other.comment
            }
            (Definition::Trigger(one), Definition::Trigger(other)) => self.trigger(one, other),
            (Definition::Policy(one), Definition::Policy(other)) => self.policy(one, other),
            (Definition::Domain(one), Definition::Domain(other)) => self.domain(one, other),
            (Definition::Sequence(one), Definition::Sequence(other)) => sequence(one, other),
            (Definition::Sql { create: one, .. }, Definition::Sql { create: other, .. }) => {
                let without = || text::without_definer(self.0, one);
                self.sql(one, other)
                    || text::without_definer(self.0, other).is_none()
                        && without().is_some_and(|one| self.sql(&one, other))
            }
            (one, other) => one == other,
        }
    }

    /// Whether whoever an object belongs to is right: one counts only where it is wanted.
    fn definer(self, one: Option<&String>, wanted: Option<&String>) -> bool {
        wanted.is_none() || one == wanted
    }

    /// Whether two names of columns, indexes or constraints are the same.
    pub(super) fn part(self, one: &str, other: &str) -> bool {
        text::same_part(self.0, one, other)
    }

    /// Whether two names of tables, views or types are the same.
    pub(super) fn name(self, one: &Name, other: &Name) -> bool {
        let schema = match (&one.schema, &other.schema) {
            (None, None) => true,
            (Some(one), Some(other)) => text::same_object(self.0, one, other),
            _ => false,
        };
        schema && text::same_object(self.0, &one.name, &other.name)
    }

    fn parts(self, one: &[String], other: &[String]) -> bool {
        all(one, other, |one, other| self.part(one, other))
    }

    fn sql(self, one: &str, other: &str) -> bool {
        one == other || text::same_sql(self.0, one, other)
    }

    /// Whether two texts mean the same on the dialect.
    pub(super) fn text(self, one: &SqlText, other: &SqlText) -> bool {
        match (one.get(self.0), other.get(self.0)) {
            (Some(one), Some(other)) => self.sql(one, other),
            _ => one == other,
        }
    }

    /// Whether two texts that may be left out mean the same.
    pub(super) fn given(self, one: Option<&SqlText>, other: Option<&SqlText>) -> bool {
        both(one, other, |one, other| self.text(one, other))
    }

    fn given_sql(self, one: Option<&String>, other: Option<&String>) -> bool {
        both(one, other, |one, other| self.sql(one, other))
    }

    fn table(self, one: &TableDefinition, other: &TableDefinition) -> bool {
        let columns = one.columns.len() == other.columns.len()
            && one.columns.iter().all(|column| {
                let other = other.column_at(self.0, &column.name).map(|at| &other.columns[at]);
                other.is_some_and(|other| self.column(column, other))
            });
        columns
            && matched(&one.constraints, &other.constraints, |one, other| {
                self.constraint(one, other)
            })
            && matched(&one.indexes, &other.indexes, |one, other| self.index(one, other))
            && one.comment == other.comment
            && self.options(&one.options, &other.options)
            && self.beyond(one, other)
    }

    /// Whether the clauses of two tables for which there is no place are the same.
    pub(super) fn beyond(self, one: &TableDefinition, other: &TableDefinition) -> bool {
        all(one.clauses_beyond(), other.clauses_beyond(), |one, other| self.sql(one, other))
    }

    /// Whether two tables say the same beyond columns, constraints, indexes and the comment.
    pub(super) fn options(self, one: &TableOptions, other: &TableOptions) -> bool {
        let rest = |options: &TableOptions| TableOptions {
            auto_increment: None,
            partition_by: None,
            partition_bounds: None,
            ..options.clone()
        };
        self.given(one.partition_by.as_ref(), other.partition_by.as_ref())
            && self.given_sql(one.partition_bounds.as_ref(), other.partition_bounds.as_ref())
            && rest(one) == rest(other)
    }

    /// Whether two columns say the same.
    pub(super) fn column(self, one: &Column, other: &Column) -> bool {
        self.text(&one.type_, &other.type_)
            && nullable(one) == nullable(other)
            && self.default(one.default.as_ref(), other.default.as_ref())
            && one.identity == other.identity
            && self.generated(one.generated.as_ref(), other.generated.as_ref())
            && self.given(one.check.as_ref(), other.check.as_ref())
            && one.primary_key == other.primary_key
            && one.references == other.references
            && self.given(one.collation.as_ref(), other.collation.as_ref())
            && one.charset == other.charset
            && one.autoincrement == other.autoincrement
            && self.given(one.on_update.as_ref(), other.on_update.as_ref())
            && one.invisible == other.invisible
            && one.compression == other.compression
            && one.storage == other.storage
            && one.comment == other.comment
            && self.beyond_column(one, other)
    }

    /// Whether the clauses of two columns for which there is no place are the same.
    pub(super) fn beyond_column(self, one: &Column, other: &Column) -> bool {
        self.given_sql(one.beyond.as_ref(), other.beyond.as_ref())
    }

    /// Whether two defaults are the same; NULL is none.
    pub(super) fn default(self, one: Option<&DefaultValue>, other: Option<&DefaultValue>) -> bool {
        let said = |value: Option<&DefaultValue>| {
            value.filter(|value| **value != DefaultValue::Literal(serde_json::Value::Null)).cloned()
        };
        match (said(one), said(other)) {
            (Some(DefaultValue::Sql(one)), Some(DefaultValue::Sql(other))) => {
                self.text(&one, &other) && self.quoted(&one, &other)
            }
            (one, other) => one == other,
        }
    }

    /// Whether what stands in double quotes in two defaults is the same to the letter: no column can be
    /// meant there, and on SQLite it is a text.
    fn quoted(self, one: &SqlText, other: &SqlText) -> bool {
        let texts = |sql: &SqlText| -> Vec<String> {
            let tokens = text::tokens(self.0, sql.get(self.0).map_or("", String::as_str));
            let quoted = tokens.iter().filter(|token| token.text.starts_with('"'));
            quoted.map(|token| token.text.to_owned()).collect()
        };
        texts(one) == texts(other)
    }

    /// Whether two expressions of generated columns are the same.
    pub(super) fn generated(self, one: Option<&Generated>, other: Option<&Generated>) -> bool {
        both(one, other, |one, other| one.stored == other.stored && self.text(&one.sql, &other.sql))
    }

    /// Whether two constraints are the same, names included.
    pub(super) fn constraint(self, one: &Constraint, other: &Constraint) -> bool {
        both(one.name(), other.name(), |one, other| self.part(one, other))
            && self.constraint_but_name(one, other)
    }

    /// Whether two constraints say the same.
    pub(super) fn constraint_but_name(self, one: &Constraint, other: &Constraint) -> bool {
        match (one, other) {
            (Constraint::PrimaryKey(one), Constraint::PrimaryKey(other)) => {
                self.parts(&one.columns, &other.columns)
                    && self.parts(&one.include, &other.include)
                    && (one.deferrable, one.initially, &one.tablespace)
                        == (other.deferrable, other.initially, &other.tablespace)
            }
            (Constraint::Unique(one), Constraint::Unique(other)) => {
                self.parts(&one.columns, &other.columns)
                    && self.parts(&one.include, &other.include)
                    && (one.nulls_distinct, one.deferrable, one.initially, &one.tablespace)
                        == (
                            other.nulls_distinct,
                            other.deferrable,
                            other.initially,
                            &other.tablespace,
                        )
            }
            (Constraint::ForeignKey(one), Constraint::ForeignKey(other)) => {
                self.foreign_key(one, other)
            }
            (Constraint::Check(one), Constraint::Check(other)) => self.check(one, other),
            (Constraint::Exclude(one), Constraint::Exclude(other)) => self.exclude(one, other),
            _ => false,
        }
    }

    fn foreign_key(self, one: &ForeignKey, other: &ForeignKey) -> bool {
        let (to, others) = (&one.references, &other.references);
        let name = |schema: &Option<String>, table: &str| Name {
            schema: schema.clone(),
            name: table.to_owned(),
        };
        self.parts(&one.columns, &other.columns)
            && self.name(&name(&to.schema, &to.table), &name(&others.schema, &others.table))
            && self.parts(&to.columns, &others.columns)
            && (one.on_delete, one.on_update, one.match_, one.deferrable, one.initially)
                == (
                    other.on_delete,
                    other.on_update,
                    other.match_,
                    other.deferrable,
                    other.initially,
                )
            && one.not_valid == other.not_valid
    }

    fn check(self, one: &Check, other: &Check) -> bool {
        self.text(&one.sql, &other.sql)
            && (one.not_valid, one.no_inherit, one.enforced)
                == (other.not_valid, other.no_inherit, other.enforced)
    }

    fn exclude(self, one: &Exclude, other: &Exclude) -> bool {
        all(&one.elements, &other.elements, |one, other| {
            one.column == other.column
                && self.given_sql(one.sql.as_ref(), other.sql.as_ref())
                && one.opclass == other.opclass
                && one.with == other.with
        }) && self.given_sql(one.where_.as_ref(), other.where_.as_ref())
            && self.parts(&one.include, &other.include)
            && (&one.method, one.deferrable, one.initially, &one.tablespace)
                == (&other.method, other.deferrable, other.initially, &other.tablespace)
    }

    /// Whether two indexes are the same, names included.
    pub(super) fn index(self, one: &Index, other: &Index) -> bool {
        both(one.name.as_deref(), other.name.as_deref(), |one, other| self.part(one, other))
            && self.index_but_name(one, other)
            && one.comment == other.comment
    }

    /// Whether two indexes say the same, comments aside.
    pub(super) fn index_but_name(self, one: &Index, other: &Index) -> bool {
        all(&one.columns, &other.columns, |one, other| self.index_column(one, other))
            && one.unique == other.unique
            && one.method == other.method
            && self.given(one.where_.as_ref(), other.where_.as_ref())
            && self.parts(&one.include, &other.include)
            && one.nulls_distinct == other.nulls_distinct
            && one.with == other.with
            && (&one.tablespace, one.kind, &one.parser, one.invisible)
                == (&other.tablespace, other.kind, &other.parser, other.invisible)
    }

    fn index_column(self, one: &IndexColumn, other: &IndexColumn) -> bool {
        let key = match (&one.key, &other.key) {
            (IndexKey::Column(one), IndexKey::Column(other)) => self.part(one, other),
            (IndexKey::Sql(one), IndexKey::Sql(other)) => self.text(one, other),
            _ => false,
        };
        let order = |column: &IndexColumn| column.order.unwrap_or(Order::Asc);
        let nulls = |column: &IndexColumn| {
            let usual = if order(column) == Order::Asc { Nulls::Last } else { Nulls::First };
            column.nulls.unwrap_or(usual)
        };
        key && order(one) == order(other)
            && nulls(one) == nulls(other)
            && (&one.collation, &one.opclass, one.length)
                == (&other.collation, &other.opclass, other.length)
    }

    fn view(self, one: &ViewDefinition, other: &ViewDefinition) -> bool {
        let rest = |view: &ViewDefinition| ViewDefinition {
            query: String::new().into(),
            definer: None,
            ..view.clone()
        };
        self.text(&one.query, &other.query)
            && self.definer(one.definer.as_ref(), other.definer.as_ref())
            && rest(one) == rest(other)
    }

    fn materialized_view(
        self,
        one: &MaterializedViewDefinition,
        other: &MaterializedViewDefinition,
    ) -> bool {
        let rest = |view: &MaterializedViewDefinition| MaterializedViewDefinition {
            query: String::new(),
            with_data: None,
            indexes: Vec::new(),
            ..view.clone()
        };
        self.sql(&one.query, &other.query)
            && matched(&one.indexes, &other.indexes, |one, other| self.index(one, other))
            && rest(one) == rest(other)
    }

    /// Whether two routines say the same, comments aside. A body is kept by the servers as it is
    /// written, and compared so, but for how its lines end.
    pub(super) fn routine(self, one: &RoutineDefinition, other: &RoutineDefinition) -> bool {
        let said = |text: &SqlText| text.get(self.0).map(|body| body.replace("\r\n", "\n"));
        self.signature(one, other)
            && one.language == other.language
            && one.attributes == other.attributes
            && self.definer(one.definer.as_ref(), other.definer.as_ref())
            && said(&one.body) == said(&other.body)
    }

    /// Whether one routine can take the place of the other without being dropped.
    pub(super) fn signature(self, one: &RoutineDefinition, other: &RoutineDefinition) -> bool {
        self.given(one.arguments.as_ref(), other.arguments.as_ref())
            && self.given(one.returns.as_ref(), other.returns.as_ref())
    }

    fn trigger(self, one: &TriggerDefinition, other: &TriggerDefinition) -> bool {
        let rest = |trigger: &TriggerDefinition| TriggerDefinition {
            when: None,
            execute: None,
            body: None,
            update_of: Vec::new(),
            definer: None,
            ..trigger.clone()
        };
        let said = |text: &Option<SqlText>| {
            let body = text.as_ref().and_then(|text| text.get(self.0));
            body.map(|body| body.replace("\r\n", "\n"))
        };
        let (body, others) = (said(&one.body), said(&other.body));
        self.given(one.when.as_ref(), other.when.as_ref())
            && self.given_sql(one.execute.as_ref(), other.execute.as_ref())
            && self.given_sql(body.as_ref(), others.as_ref())
            && matched(&one.update_of, &other.update_of, |one, other| self.part(one, other))
            && self.definer(one.definer.as_ref(), other.definer.as_ref())
            && rest(one) == rest(other)
    }

    fn policy(self, one: &PolicyDefinition, other: &PolicyDefinition) -> bool {
        self.given_sql(one.using.as_ref(), other.using.as_ref())
            && self.given_sql(one.check.as_ref(), other.check.as_ref())
            && (one.permissive, one.command, &one.comment)
                == (other.permissive, other.command, &other.comment)
            && matched(&one.roles, &other.roles, |one, other| one == other)
    }

    fn domain(self, one: &DomainDefinition, other: &DomainDefinition) -> bool {
        self.domain_type(one, other)
            && one.nullable.unwrap_or(true) == other.nullable.unwrap_or(true)
            && self.default(one.default.as_ref(), other.default.as_ref())
            && matched(&one.checks, &other.checks, |one, other| {
                one.name == other.name && self.check(one, other)
            })
    }

    /// Whether two domains are of the same type.
    pub(super) fn domain_type(self, one: &DomainDefinition, other: &DomainDefinition) -> bool {
        self.text(&one.type_, &other.type_) && one.collation == other.collation
    }

    /// Whether two checks of a domain are the same, names included.
    pub(super) fn domain_check(self, one: &Check, other: &Check) -> bool {
        one.name == other.name && self.check(one, other)
    }
}

/// Whether a column may be NULL, as far as it says.
pub(super) fn nullable(column: &Column) -> bool {
    column.nullable.unwrap_or(true)
}

fn sequence(one: &SequenceDefinition, other: &SequenceDefinition) -> bool {
    one == other
}

fn both<T>(one: Option<T>, other: Option<T>, same: impl FnOnce(T, T) -> bool) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same(one, other),
        (None, None) => true,
        _ => false,
    }
}

fn all<T>(one: &[T], other: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
}

/// Whether each of the one has its like among the other, whatever the order.
fn matched<T>(one: &[T], other: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    let mut left: Vec<&T> = other.iter().collect();
    one.len() == other.len()
        && one.iter().all(|one| {
            let at = left.iter().position(|other| same(one, other));
            at.map(|at| left.swap_remove(at)).is_some()
        })
}
