//! What an operation touches, so that two can be told to commute: neither writes what the other reads
//! or writes.
//!
//! Whatever SQL names may be a table, a type or a function: it is read as each of them. What the
//! database does by itself when rows change (triggers, cascading keys) is not seen here: of operations
//! that write rows, a footprint proves something only where the tables have none of it.

mod touch;

use std::collections::BTreeSet;
use std::fmt;

use super::{Operation, Rules};
pub(super) use touch::{Own, Touch, names};

/// The classes of objects that share one space of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectClass {
    /// Tables, views, materialized views, sequences, and the names of indexes, constraints and triggers,
    /// which on one dialect or another share a space of names with each other.
    Relation,
    /// Enums and domains, and tables as types of their rows.
    Type,
    /// Functions and procedures.
    Routine,
    /// Schemas.
    Schema,
    /// Extensions.
    Extension,
    /// Rows of a table.
    Rows,
}

/// A part of an object that can change while the others stay.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// That it is there, by its name.
    Itself,
    /// A column, or what the rows have in it.
    Column(String),
    /// An index.
    Index(String),
    /// A constraint.
    Constraint(String),
    /// The primary key and the unique constraints, on which foreign keys of other tables rest.
    Keys,
    /// Its triggers: one may hang on the order of them.
    Triggers,
    /// A policy.
    Policy(String),
    /// Its row-level security.
    RowSecurity,
    /// Its comment.
    Comment,
    /// Its options, such as its storage.
    Options,
    /// Who has which rights to it.
    Rights,
}

/// An object, or a part of it, that an operation reads or writes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    /// What it is.
    pub class: ObjectClass,
    /// Its schema, where the operation says it.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// The part; `None`: all of it.
    pub part: Option<Part>,
}

impl Object {
    /// Whether the two may be the same, or one a part of the other. An object without a schema may stand
    /// in any, and names may be compared without case.
    pub fn overlaps(&self, other: &Object) -> bool {
        let same =
            |one: &str, other: &str| one == other || one.to_lowercase() == other.to_lowercase();
        let same_part = match (&self.part, &other.part) {
            (None, _) | (_, None) => true,
            (Some(Part::Column(one)), Some(Part::Column(other)))
            | (Some(Part::Index(one)), Some(Part::Index(other)))
            | (Some(Part::Constraint(one)), Some(Part::Constraint(other)))
            | (Some(Part::Policy(one)), Some(Part::Policy(other))) => same(one, other),
            (Some(one), Some(other)) => one == other,
        };
        let same_schema = match (&self.schema, &other.schema) {
            (Some(one), Some(other)) => same(one, other),
            _ => true,
        };
        self.class == other.class && same(&self.name, &other.name) && same_schema && same_part
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.clone(),
        };
        let what = match self.class {
            ObjectClass::Relation => "",
            ObjectClass::Type => "type ",
            ObjectClass::Routine => "routine ",
            ObjectClass::Schema => "schema ",
            ObjectClass::Extension => "extension ",
            ObjectClass::Rows => "the rows of ",
        };
        match &self.part {
            None | Some(Part::Itself) => write!(f, "{what}{name}"),
            Some(Part::Column(column)) if self.class == ObjectClass::Rows => {
                write!(f, "the values of {name}.{column}")
            }
            Some(Part::Column(column)) => write!(f, "column {name}.{column}"),
            Some(Part::Index(index)) => write!(f, "index {index} of {name}"),
            Some(Part::Constraint(constraint)) => write!(f, "constraint {constraint} of {name}"),
            Some(Part::Keys) => write!(f, "the keys of {name}"),
            Some(Part::Triggers) => write!(f, "the triggers of {name}"),
            Some(Part::Policy(policy)) => write!(f, "policy {policy} of {name}"),
            Some(Part::RowSecurity) => write!(f, "row-level security of {name}"),
            Some(Part::Comment) => write!(f, "the comment of {what}{name}"),
            Some(Part::Options) => write!(f, "the options of {name}"),
            Some(Part::Rights) => write!(f, "the privileges on {what}{name}"),
        }
    }
}

/// The objects that an operation reads and writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Footprint {
    /// What it rests on.
    pub reads: BTreeSet<Object>,
    /// What it changes.
    pub writes: BTreeSet<Object>,
    /// Whether it may touch anything else.
    pub opaque: bool,
}

impl Footprint {
    /// Something that one of the two writes and the other reads or writes; `None`: by what they name,
    /// it is all the same which comes first. What is opaque may touch anything beside.
    pub fn conflict(&self, other: &Footprint) -> Option<&Object> {
        let met =
            |object: &&Object, by: &BTreeSet<Object>| by.iter().any(|one| one.overlaps(object));
        let written = |object: &&Object| met(object, &other.reads) || met(object, &other.writes);
        self.writes
            .iter()
            .find(written)
            .or_else(|| self.reads.iter().find(|object| met(object, &other.writes)))
    }

    /// Takes in what another touches.
    pub fn extend(&mut self, other: Footprint) {
        self.reads.extend(other.reads);
        self.writes.extend(other.writes);
        self.opaque |= other.opaque;
    }
}

impl Operation {
    /// What the operation touches, on whatever dialect.
    pub fn footprint(&self) -> Footprint {
        let mut touch = Touch::default();
        let rules: &dyn Rules = self.rules();
        rules.touch(&mut touch);
        touch.texts(rules);
        touch.footprint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn footprint(json: &str) -> Footprint {
        serde_json::from_str::<Operation>(json).unwrap().footprint()
    }

    fn conflict(one: &str, other: &str) -> bool {
        let (one, other) = (footprint(one), footprint(other));
        assert_eq!(one.conflict(&other).is_some(), other.conflict(&one).is_some());
        one.conflict(&other).is_some()
    }

    const ADD_A: &str = r#"{"add_column":{"table":"t","column":{"name":"a","type":"text"}}}"#;
    const ADD_B: &str = r#"{"add_column":{"table":"t","column":{"name":"b","type":"text"}}}"#;

    #[test]
    fn what_touches_other_parts_commutes() {
        for (one, other) in [
            (ADD_A, ADD_B),
            (ADD_A, r#"{"create_index":{"table":"t","name":"ix_b","columns":["b"]}}"#),
            (ADD_A, r#"{"create_check":{"table":"t","name":"ck_b","sql":"b > 0"}}"#),
            (ADD_A, r#"{"comment":{"on":"table","name":"t","comment":"c"}}"#),
            (
                ADD_A,
                r#"{"create_table":{"name":"u","columns":[{"name":"t_b","type":"bigint","references":{"table":"t","column":"b"}}]}}"#,
            ),
            (
                ADD_A,
                r#"{"add_column":{"schema":"s","table":"u","column":{"name":"a","type":"text"}}}"#,
            ),
            (
                r#"{"backfill":{"table":"t","key":["id"],"set":{"a":1}}}"#,
                r#"{"backfill":{"table":"t","key":["id"],"set":{"b":1}}}"#,
            ),
            (r#"{"create_enum":{"name":"e","values":[]}}"#, ADD_A),
            (r#"{"grant":{"privileges":["select"],"on":"table","name":"t","roles":["r"]}}"#, ADD_A),
        ] {
            assert!(!conflict(one, other), "{one} | {other}");
        }
    }

    #[test]
    fn what_meets_is_seen() {
        for (one, other) in [
            (ADD_A, ADD_A),
            (
                ADD_A,
                r#"{"add_column":{"schema":"public","table":"T","column":{"name":"A","type":"text"}}}"#,
            ),
            (ADD_A, r#"{"drop_table":{"name":"t"}}"#),
            (ADD_A, r#"{"rename_table":{"name":"u","to":"t"}}"#),
            (ADD_A, r#"{"create_index":{"table":"t","name":"i","columns":[{"sql":"lower(a)"}]}}"#),
            (ADD_A, r#"{"create_view":{"name":"v","query":"SELECT * FROM t"}}"#),
            (ADD_A, r#"{"bulk_insert":{"table":"t","columns":{"b":"text"},"rows":[]}}"#),
            (ADD_A, r#"{"alter_column":{"table":"t","column":"b","rename":"a"}}"#),
            (
                r#"{"drop_table":{"name":"u"}}"#,
                r#"{"create_foreign_key":{"table":"t","name":"f","columns":["a"],"references":{"table":"u","columns":["id"]}}}"#,
            ),
            (
                r#"{"drop_constraint":{"table":"u","name":"pk","kind":"primary_key"}}"#,
                r#"{"create_foreign_key":{"table":"t","name":"f","columns":["a"],"references":{"table":"u","columns":["id"]}}}"#,
            ),
            (
                r#"{"create_enum":{"name":"mood","values":[]}}"#,
                r#"{"add_column":{"table":"t","column":{"name":"a","type":"mood"}}}"#,
            ),
            (
                r#"{"create_index":{"table":"t","name":"i","columns":["a"]}}"#,
                r#"{"create_index":{"table":"u","name":"i","columns":["a"]}}"#,
            ),
            (
                r#"{"create_function":{"name":"f","body":"SELECT 1"}}"#,
                r#"{"create_trigger":{"table":"t","name":"x","timing":"before","events":["insert"],"execute":"f()"}}"#,
            ),
            (
                r#"{"create_trigger":{"table":"t","name":"x","timing":"before","events":["insert"],"execute":"f()"}}"#,
                r#"{"bulk_insert":{"table":"t","columns":{"b":"text"},"rows":[]}}"#,
            ),
            (r#"{"create_schema":{"name":"s"}}"#, r#"{"create_table":{"schema":"s","name":"t"}}"#),
            (
                r#"{"backfill":{"table":"t","key":["id"],"set":{"a":1},"where":"b > 1"}}"#,
                r#"{"backfill":{"table":"t","key":["id"],"set":{"b":1}}}"#,
            ),
        ] {
            assert!(conflict(one, other), "{one} | {other}");
        }
    }

    #[test]
    fn what_may_touch_anything_says_so() {
        for json in [
            r#"{"sql":"SELECT 1"}"#,
            r#"{"program":{"command":["x"]}}"#,
            r#"{"drop_table":{"name":"t","cascade":true}}"#,
            r#"{"create_extension":{"name":"x"}}"#,
            r#"{"by_dialect":{"sqlite":[{"sql":"SELECT 1"}]}}"#,
            r#"{"grant":{"privileges":["select"],"on":"all_tables","schema":"s","roles":["r"]}}"#,
        ] {
            assert!(footprint(json).opaque, "{json}");
        }
        assert!(!footprint(ADD_A).opaque);
    }
}
