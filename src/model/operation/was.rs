//! Whether what an operation says was there before can be so: it would be the way back.

use serde_json::Value;

use super::reverse::{
    Attribute, column_attributes, domain_attributes, policy_attributes, sequence_attributes,
};
use super::{
    AlterColumn, Column, Constraint, DefaultValue, DropColumn, DropConstraint, DropEnumValue,
    DropIndex, Index, Operation, SchemaMismatch, SetComment, TableDefinition,
};
use crate::model::{ByDialect, Schema, SqlText};
use crate::text::{self, Dialect};

const HINT: &str =
    "`was` does not match the current definition: the downgrade would not restore it";

impl Operation {
    /// Why the `was` of the operation cannot be right: it contradicts the operation, or what the schema
    /// knows before it. What the schema does not know is not judged; what only the server could
    /// compare, such as types in other words, neither.
    pub fn check_was(&self, schema: &Schema, dialect: Dialect) -> Option<SchemaMismatch> {
        let wrong = self.contradicts_itself().or_else(|| self.contradicts(schema, dialect));
        wrong.map(|message| SchemaMismatch {
            message,
            hint: Some(HINT.to_owned()),
            path: format!("{}.was", self.kind()),
        })
    }

    /// Whether it says what was there before.
    pub fn says_was(&self) -> bool {
        // An operation is plain JSON of one key: it can always be written.
        serde_json::to_value(self)
            .is_ok_and(|value| value.get(self.kind()).is_some_and(|said| said.get("was").is_some()))
    }

    fn contradicts_itself(&self) -> Option<String> {
        let first = |attributes: Vec<Attribute>| attributes.iter().find_map(Attribute::wrong);
        match self {
            Operation::AlterColumn(alter) => first(column_attributes(alter)),
            Operation::AlterDomain(alter) => first(domain_attributes(alter)),
            Operation::AlterSequence(alter) => first(sequence_attributes(alter)),
            Operation::AlterPolicy(alter) => first(policy_attributes(alter)),
            Operation::DropColumn(DropColumn { was: Some(was), column, .. })
                if was.name != *column =>
            {
                Some(format!("`was` is of {}, not of {column}", was.name))
            }
            Operation::DropIndex(DropIndex { was: Some(was), name, .. }) => {
                other_name(was.name.as_deref(), Some(name))
            }
            Operation::DropConstraint(DropConstraint { was: Some(was), name, kind, .. }) => {
                if was.kind() == *kind {
                    other_name(was.name(), name.as_deref())
                } else {
                    Some("`was` is a constraint of another kind".to_owned())
                }
            }
            Operation::DropEnumValue(DropEnumValue { was: Some(place), .. })
                if place.before.is_some() && place.after.is_some() =>
            {
                Some("a value was placed either before or after another".to_owned())
            }
            Operation::Comment(SetComment { comment, was: Some(was), .. }) if comment == was => {
                Some("`was` has the new comment".to_owned())
            }
            Operation::CreateView(create) => unreplaced(create.or_replace, create.was.is_some()),
            Operation::CreateFunction(create) | Operation::CreateProcedure(create) => {
                unreplaced(create.or_replace, create.was.is_some())
            }
            Operation::CreateTrigger(create) => unreplaced(create.or_replace, create.was.is_some()),
            _ => None,
        }
    }

    fn contradicts(&self, schema: &Schema, dialect: Dialect) -> Option<String> {
        let definition = |own: &Option<String>, table: &str| {
            schema.table(dialect, own.as_deref(), table).map(|(_, table)| &table.definition)
        };
        match self {
            Operation::DropTable(drop) => {
                table(definition(&drop.schema, &drop.name)?, drop.was.as_ref()?, dialect)
            }
            Operation::DropColumn(drop) => {
                let table = definition(&drop.schema, &drop.table)?;
                let known = &table.columns[table.column_at(dialect, &drop.column)?];
                let was = drop.was.as_ref()?;
                column(known, was, dialect).or_else(|| taken_along(table, was, dialect))
            }
            Operation::AlterColumn(alter) => {
                let table = definition(&alter.schema, &alter.table)?;
                let known = &table.columns[table.column_at(dialect, &alter.column)?];
                altered(known, alter, dialect)
            }
            Operation::DropIndex(drop) => {
                let indexes = &definition(&drop.schema, &drop.table)?.indexes;
                let called = |index: &&Index| {
                    let name = index.name.as_deref();
                    name.is_some_and(|name| text::same_part(dialect, name, &drop.name))
                };
                index(indexes.iter().find(called)?, drop.was.as_ref()?, dialect)
            }
            Operation::DropConstraint(drop) => {
                let constraints = &definition(&drop.schema, &drop.table)?.constraints;
                let is_it = |one: &&Constraint| {
                    one.kind() == drop.kind && same_names(one.name(), drop.name.as_deref(), dialect)
                };
                constraint(constraints.iter().find(is_it)?, drop.was.as_ref()?, dialect)
            }
            Operation::DropEnum(drop) => {
                let known = schema.enums.get(&schema.name(drop.schema.as_deref(), &drop.name))?;
                (drop.was.as_ref()? != known)
                    .then(|| format!("the values of {} are {}", drop.name, known.join(", ")))
            }
            Operation::DropEnumValue(drop) => {
                let known = schema.enums.get(&schema.name(drop.schema.as_deref(), &drop.name))?;
                let at = known.iter().position(|value| *value == drop.value)?;
                let place = drop.was.as_ref()?;
                let (before, after) = (known.get(at + 1), at.checked_sub(1).map(|at| &known[at]));
                let right = match (&place.before, &place.after) {
                    (None, None) => before.is_none(),
                    (Some(_), _) => place.before.as_ref() == before,
                    (None, Some(_)) => place.after.as_ref() == after,
                };
                (!right).then(|| format!("the values of {} are {}", drop.name, known.join(", ")))
            }
            Operation::ByDialect(operations) => {
                // Each of them meets what those before it leave.
                let mut schema = schema.clone();
                operations.get(dialect)?.iter().find_map(|operation| {
                    let wrong = operation.check_was(&schema, dialect);
                    let applied = operation.apply(&mut schema, dialect);
                    wrong.filter(|_| applied.is_ok()).map(|mismatch| mismatch.message)
                })
            }
            _ => None,
        }
    }
}

fn other_name(was: Option<&str>, name: Option<&str>) -> Option<String> {
    let (was, name) = (was?, name?);
    (was != name).then(|| format!("`was` is of {was}, not of {name}"))
}

fn unreplaced(or_replace: bool, was: bool) -> Option<String> {
    (was && !or_replace).then(|| "`was` is given without `or_replace`".to_owned())
}

/// Whether two names may be of the same; what has none may be anything.
fn same_names(one: Option<&str>, other: Option<&str>, dialect: Dialect) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => text::same_part(dialect, one, other),
        _ => true,
    }
}

fn same_lists(one: &[&str], other: &[&str], dialect: Dialect) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| text::same_part(dialect, one, other))
}

fn table(known: &TableDefinition, was: &TableDefinition, dialect: Dialect) -> Option<String> {
    if !known.names_all_columns() || !was.names_all_columns() {
        return None;
    }
    if let Some(gone) = was.columns.iter().find(|one| known.column_at(dialect, &one.name).is_none())
    {
        return Some(format!("there is no column {}", gone.name));
    }
    for column_known in &known.columns {
        let Some(at) = was.column_at(dialect, &column_known.name) else {
            return Some(format!("`was` does not have the column {}", column_known.name));
        };
        if let Some(wrong) = column(column_known, &was.columns[at], dialect) {
            return Some(wrong);
        }
    }
    // Only what has a name is surely the same, and only those names are the file's.
    for one in &known.constraints {
        let Some(name) = one.name() else { continue };
        let is_it = |other: &&Constraint| {
            other.kind() == one.kind()
                && other.name().is_some_and(|own| text::same_part(dialect, own, name))
        };
        if let Some(wrong) =
            was.constraints.iter().find(is_it).and_then(|other| constraint(one, other, dialect))
        {
            return Some(wrong);
        }
    }
    for one in &known.indexes {
        let Some(name) = one.name.as_deref() else { continue };
        let is_it = |other: &&Index| {
            other.name.as_deref().is_some_and(|own| text::same_part(dialect, own, name))
        };
        if let Some(wrong) =
            was.indexes.iter().find(is_it).and_then(|other| index(one, other, dialect))
        {
            return Some(wrong);
        }
    }
    left_out(known, was, dialect)
}

/// A constraint or index of the table that `was` does not have, by name or by what it is over.
fn left_out(known: &TableDefinition, was: &TableDefinition, dialect: Dialect) -> Option<String> {
    let has = |name: &str| was.part_names().any(|own| text::same_part(dialect, own, name));
    // An index stands behind each key (and, on MySQL, foreign key), and may be told as either.
    let mut over: Vec<Vec<&str>> = was.constraints.iter().map(Constraint::columns).collect();
    over.extend(was.indexes.iter().map(|index| index.column_names().collect()));
    let inline =
        was.columns.iter().filter(|column| column.primary_key || column.references.is_some());
    over.extend(inline.map(|column| vec![column.name.as_str()]));
    let covers = |columns: &[&str]| {
        !columns.is_empty() && over.iter().any(|own| same_lists(own, columns, dialect))
    };
    let constraint = known.constraints.iter().find_map(|one| {
        let name = one.name().filter(|name| !has(name))?;
        let is_key = matches!(one, Constraint::PrimaryKey(_));
        (!is_key && !covers(&one.columns())).then_some(name)
    });
    let index = || {
        known.indexes.iter().find_map(|index| {
            let name = index.name.as_deref().filter(|name| !has(name))?;
            let columns: Vec<&str> = index.column_names().collect();
            (!covers(&columns)).then_some(name)
        })
    };
    let name = constraint.or_else(index)?;
    Some(format!("`was` does not have the constraint or index {name}"))
}

fn column(known: &Column, was: &Column, dialect: Dialect) -> Option<String> {
    let of = |what: &str| Some(format!("{} of {} is another", what, known.name));
    if other_type(&known.type_, &was.type_, dialect) {
        return of("the type");
    }
    if matches!((known.nullable, was.nullable), (Some(known), Some(was)) if known != was) {
        return Some(format!("`was` differs in whether {} may be NULL", known.name));
    }
    if other_default(known.default.as_ref(), was.default.as_ref()) {
        return of("the default");
    }
    (known.generated.is_some() != was.generated.is_some())
        .then(|| format!("`was` differs in whether {} is generated", known.name))
}

fn altered(known: &Column, alter: &AlterColumn, dialect: Dialect) -> Option<String> {
    let was = alter.was.as_ref()?;
    let of = |what: &str| Some(format!("{} of {} is another", what, known.name));
    if was.type_.as_ref().is_some_and(|type_| other_type(&known.type_, type_, dialect)) {
        return of("the type");
    }
    if matches!((known.nullable, was.nullable), (Some(known), Some(was)) if known != was) {
        return Some(format!("`was` differs in whether {} may be NULL", known.name));
    }
    if was.default.is_some() && other_default(known.default.as_ref(), was.default.as_ref()) {
        return of("the default");
    }
    let generated = was.generated.as_ref().map(Option::is_some);
    generated
        .is_some_and(|generated| generated != known.generated.is_some())
        .then(|| format!("`was` differs in whether {} is generated", known.name))
}

/// Whether two types surely differ: a type has many names, so only the numbers of the same word tell.
fn other_type(known: &SqlText, was: &SqlText, dialect: Dialect) -> bool {
    let (ByDialect::All(_), ByDialect::All(_)) = (known, was) else { return false };
    let parts = |type_: &SqlText| -> Option<(String, Vec<String>)> {
        let (word, rest) = type_.get(dialect)?.split_once('(')?;
        let numbers = rest.strip_suffix(')')?.split(',').map(|number| number.trim().to_owned());
        Some((word.trim().to_lowercase(), numbers.collect()))
    };
    match (parts(known), parts(was)) {
        (Some((one, numbers)), Some((other, others))) => {
            one == other && numbers.len() == others.len() && numbers != others
        }
        _ => false,
    }
}

/// Whether two defaults surely differ: two literals of one kind.
fn other_default(known: Option<&DefaultValue>, was: Option<&DefaultValue>) -> bool {
    use DefaultValue::Literal;
    match (known, was) {
        (Some(Literal(Value::String(one))), Some(Literal(Value::String(other)))) => one != other,
        (Some(Literal(Value::Bool(one))), Some(Literal(Value::Bool(other)))) => one != other,
        (Some(Literal(Value::Number(one))), Some(Literal(Value::Number(other)))) => one != other,
        _ => false,
    }
}

fn constraint(known: &Constraint, was: &Constraint, dialect: Dialect) -> Option<String> {
    let name = known.name().unwrap_or("the constraint");
    if !same_lists(&known.columns(), &was.columns(), dialect) {
        return Some(format!("{name} is over {}", known.columns().join(", ")));
    }
    match (known, was) {
        (Constraint::ForeignKey(one), Constraint::ForeignKey(other)) => {
            let (one, other) = (&one.references.table, &other.references.table);
            (!text::same_object(dialect, one, other)).then(|| format!("{name} refers to {one}"))
        }
        _ => None,
    }
}

fn index(known: &Index, was: &Index, dialect: Dialect) -> Option<String> {
    let name = known.name.as_deref().unwrap_or("the index");
    let columns = |index: &Index| -> Option<Vec<String>> {
        index.columns.iter().map(|column| column.column().map(str::to_owned)).collect()
    };
    // Expressions are told in many words.
    if let (Some(one), Some(other)) = (columns(known), columns(was)) {
        let (one, other): (Vec<&str>, Vec<&str>) =
            (one.iter().map(String::as_str).collect(), other.iter().map(String::as_str).collect());
        if !same_lists(&one, &other, dialect) {
            return Some(format!("{name} is over {}", one.join(", ")));
        }
    }
    (known.unique != was.unique).then(|| format!("`was` differs in whether {name} is unique"))
}

/// What goes with a column and does not come back with it.
fn taken_along(table: &TableDefinition, was: &Column, dialect: Dialect) -> Option<String> {
    let is_it = |name: &str| text::same_part(dialect, name, &was.name);
    let lost = |one: &&Constraint| {
        let back = match one {
            Constraint::PrimaryKey(_) => was.primary_key,
            Constraint::ForeignKey(_) => was.references.is_some(),
            _ => false,
        };
        let columns = one.columns();
        columns.iter().any(|name| is_it(name)) && !(back && columns.len() == 1)
    };
    let constraint = table.constraints.iter().find(lost).map(|one| ("constraint", one.name()));
    let index = || {
        let index = table.indexes.iter().find(|index| index.column_names().any(is_it));
        index.map(|index| ("index", index.name.as_deref()))
    };
    let (what, name) = constraint.or_else(index)?;
    let name = name.map(|name| format!(" {name}")).unwrap_or_default();
    Some(format!(
        "the {what}{name} is dropped with {} and not restored with it: drop it first",
        was.name
    ))
}
