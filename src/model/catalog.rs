//! All that a database holds, as a revision would make it: what is compared, printed and made anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::operation::{
    DomainDefinition, ExtensionDefinition, MaterializedViewDefinition, PolicyDefinition,
    RoutineDefinition, SchemaDefinition, SequenceDefinition, SetComment, TableDefinition,
    TriggerDefinition, ViewDefinition,
};
use super::{Name, ServerDefaults};
use crate::text::Dialect;

/// All that a database holds. The journal's own tables are never in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalog {
    /// The dialect of its texts; `None` where nothing was read.
    pub dialect: Option<Dialect>,
    /// The name of the session's own schema; names in it go without one.
    pub own: Option<String>,
    /// The objects.
    pub objects: BTreeMap<ObjectKey, CatalogObject>,
    /// What is there and cannot be compared, in words such as `aggregate public.median`.
    pub unsupported: Vec<String>,
    /// The tables among what cannot be compared.
    pub hidden: BTreeSet<Name>,
    /// What the account may not see, and may be there all the same.
    pub unseen: Vec<Unseen>,
    /// What the database takes where a table says nothing (MySQL, MariaDB).
    pub defaults: ServerDefaults,
}

/// Objects that the account that reads may not see: they may be there, or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unseen {
    /// Their kind.
    pub kind: ObjectKind,
    /// As [`ObjectKey::of`]; `None`: whatever it is.
    pub of: Option<String>,
    /// The name of the one; `None`: all of the kind.
    pub name: Option<Name>,
    /// Why they are not seen.
    pub why: String,
    /// What to do so that they are.
    pub hint: String,
}

impl Unseen {
    /// A key that stands for them.
    pub fn key(&self) -> ObjectKey {
        let all = || Name { schema: None, name: "*".to_owned() };
        ObjectKey {
            kind: self.kind,
            name: self.name.clone().unwrap_or_else(all),
            of: self.of.clone(),
        }
    }
}

impl fmt::Display for Unseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key(), self.why)
    }
}

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogObject {
    /// What it is.
    pub definition: Definition,
    /// The objects that it stands on, as far as the server tells, each with the columns of it that
    /// are used; none: the object as a whole.
    pub depends_on: BTreeMap<ObjectKey, BTreeSet<String>>,
    /// What it has and no operation supports, in words such as `disabled trigger t`.
    pub unsupported: BTreeSet<String>,
}

impl From<Definition> for CatalogObject {
    fn from(definition: Definition) -> Self {
        CatalogObject { definition, depends_on: BTreeMap::new(), unsupported: BTreeSet::new() }
    }
}

/// The kinds of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A schema.
    Schema,
    /// An extension.
    Extension,
    /// An enum type.
    Enum,
    /// A domain.
    Domain,
    /// A sequence that is no identity column's.
    Sequence,
    /// A table.
    Table,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// A trigger.
    Trigger,
    /// A policy.
    Policy,
    /// Row-level security of a table.
    RowSecurity,
    /// A comment that no definition holds.
    Comment,
    /// What no operation makes but SQL.
    Sql,
}

/// What tells an object from all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name. That of a trigger, a policy or a comment stands in the schema of its table.
    pub name: Name,
    /// What else it takes to tell it from others: the table of a trigger or policy, the types of a
    /// routine's arguments (PostgreSQL), what a comment is on, the words for what only SQL makes.
    pub of: Option<String>,
}

/// What an object is, beside its name.
#[derive(Debug, Clone, PartialEq)]
pub enum Definition {
    /// A schema.
    Schema(SchemaDefinition),
    /// An extension.
    Extension(ExtensionDefinition),
    /// An enum type: its values, in order.
    Enum(Vec<String>),
    /// A domain.
    Domain(DomainDefinition),
    /// A sequence.
    Sequence(SequenceDefinition),
    /// A table.
    Table(TableDefinition),
    /// A view.
    View(ViewDefinition),
    /// A materialized view.
    MaterializedView(MaterializedViewDefinition),
    /// A function.
    Function(RoutineDefinition),
    /// A procedure.
    Procedure(RoutineDefinition),
    /// A trigger.
    Trigger(TriggerDefinition),
    /// A policy.
    Policy(PolicyDefinition),
    /// Row-level security of a table; at least one of the two.
    RowSecurity {
        /// ENABLE ROW LEVEL SECURITY.
        enabled: bool,
        /// FORCE ROW LEVEL SECURITY: policies apply to the table's owner, too.
        forced: bool,
    },
    /// A comment that no other definition holds.
    Comment(SetComment),
    /// What no operation makes but SQL: a composite type, a rule, a virtual table, an event.
    Sql {
        /// The statement that makes it.
        create: String,
        /// The statement that drops it.
        drop: String,
    },
}

impl ObjectKind {
    /// What people call it.
    pub fn noun(self) -> &'static str {
        match self {
            ObjectKind::Schema => "schema",
            ObjectKind::Extension => "extension",
            ObjectKind::Enum => "enum",
            ObjectKind::Domain => "domain",
            ObjectKind::Sequence => "sequence",
            ObjectKind::Table => "table",
            ObjectKind::View => "view",
            ObjectKind::MaterializedView => "materialized view",
            ObjectKind::Function => "function",
            ObjectKind::Procedure => "procedure",
            ObjectKind::Trigger => "trigger",
            ObjectKind::Policy => "policy",
            ObjectKind::RowSecurity => "row security",
            ObjectKind::Comment => "comment",
            ObjectKind::Sql => "object",
        }
    }
}

impl ObjectKey {
    /// An object that its name alone tells from others of its kind.
    pub fn new(kind: ObjectKind, name: Name) -> Self {
        ObjectKey { kind, name, of: None }
    }

    /// Whether it is a table, be it one that only SQL makes.
    pub fn is_table(&self) -> bool {
        match self.kind {
            ObjectKind::Table => true,
            ObjectKind::Sql => matches!(self.of.as_deref(), Some("table" | "virtual table")),
            _ => false,
        }
    }

    /// The table of a trigger, policy or row security.
    pub fn table(&self) -> Option<Name> {
        match self.kind {
            ObjectKind::Trigger | ObjectKind::Policy => self
                .of
                .as_ref()
                .map(|table| Name { schema: self.name.schema.clone(), name: table.clone() }),
            ObjectKind::RowSecurity => Some(self.name.clone()),
            _ => None,
        }
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ObjectKey { kind, name, of } = self;
        let of = of.as_deref();
        match (kind, of) {
            (ObjectKind::Trigger | ObjectKind::Policy, Some(table)) => {
                write!(f, "{} {} on {table}", kind.noun(), name)
            }
            (ObjectKind::Function | ObjectKind::Procedure, Some(arguments)) => {
                write!(f, "{} {name}({arguments})", kind.noun())
            }
            (ObjectKind::Comment, Some(on)) => write!(f, "comment on {on} {name}"),
            (ObjectKind::Sql, Some(what)) => write!(f, "{what} {name}"),
            (ObjectKind::RowSecurity, _) => write!(f, "row security of {name}"),
            (kind, _) => write!(f, "{} {name}", kind.noun()),
        }
    }
}

impl Catalog {
    /// The definition of a table.
    pub fn table(&self, name: &Name) -> Option<&TableDefinition> {
        match self.objects.get(&ObjectKey::new(ObjectKind::Table, name.clone()))?.definition {
            Definition::Table(ref table) => Some(table),
            _ => None,
        }
    }
}
