//! What leads from one catalog to another.

use crate::model::{ObjectKey, Operation, Schema};
use crate::sql;
use crate::text::{Dialect, Effect};

use super::objects::reversible;

/// How a difference becomes operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiffOptions {
    /// The dialect of both catalogs.
    pub dialect: Dialect,
    /// Use the forms of operations that keep tables readable and writable meanwhile, such as CONCURRENTLY.
    pub safe: bool,
}

/// What leads from one catalog to another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// The changes, in an order that works.
    pub changes: Vec<Change>,
    /// What looks like a rename and is a drop and a creation among the changes.
    pub renames: Vec<PossibleRename>,
    /// What differs and no operation can change.
    pub skipped: Vec<Skipped>,
    /// The changes must run outside a transaction, such as a new enum value and its use.
    pub outside_transaction: bool,
    /// What the user should know.
    pub notices: Vec<String>,
}

/// One operation, and what takes it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The object that it is about.
    pub about: ObjectKey,
    /// The operation.
    pub operation: Operation,
    /// What takes it back, in the order in which it runs.
    pub reverse: Vec<Operation>,
    /// What it does to what the database holds.
    pub effect: Effect,
    /// The rows, values or positions that are lost by it, in words; `None`: none are.
    pub destroys: Option<String>,
}

/// A drop and a creation that may be a rename.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PossibleRename {
    /// What `--rename` takes: `table:old:new` or `column:table.old:new`.
    pub argument: String,
    /// What speaks for it, in words.
    pub evidence: String,
}

/// A difference that no operation can make go away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The object.
    pub about: ObjectKey,
    /// What differs and why it is left.
    pub why: String,
    /// What to do.
    pub hint: String,
}

impl Difference {
    /// Whether the two are equal.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.skipped.is_empty()
    }

    /// The operations of the changes, in the order in which they run.
    pub fn up(&self) -> Vec<Operation> {
        self.changes.iter().map(|change| change.operation.clone()).collect()
    }

    /// The operations that take the changes back, in the order in which they run.
    pub fn down(&self) -> Vec<Operation> {
        self.changes.iter().rev().flat_map(|change| change.reverse.iter().cloned()).collect()
    }
}

impl Difference {
    /// Takes out the drops of views and triggers that would name what was renamed by its old name, where the
    /// dialect leaves it to them: they belong in front of the renames.
    pub fn take_texts(&mut self, dialect: Dialect) -> Vec<Change> {
        if !sql::diff_rules(dialect).texts_keep_old_names() {
            return Vec::new();
        }
        let is_text = |change: &Change| {
            matches!(change.operation, Operation::DropView(_) | Operation::DropTrigger(_))
        };
        let (texts, others) = std::mem::take(&mut self.changes).into_iter().partition(is_text);
        self.changes = others;
        texts
    }
}

impl Change {
    /// Makes it one that stands in front of the renames of tables.
    pub fn before_renames(&mut self, renames: &[Change]) {
        for rename in renames.iter().rev() {
            let Operation::RenameTable(rename) = &rename.operation else { continue };
            let old = |schema: &Option<String>, table: &mut String| {
                if *schema == rename.schema && *table == rename.to {
                    table.clone_from(&rename.name);
                }
            };
            for operation in self.reverse.iter_mut().chain([&mut self.operation]) {
                match operation {
                    Operation::DropTrigger(drop) => old(&drop.schema, &mut drop.table),
                    Operation::CreateTrigger(create) => old(&create.schema, &mut create.table),
                    _ => {}
                }
            }
        }
    }

    /// A rename, by an operation that says itself what takes it back.
    pub fn rename(about: ObjectKey, operation: Operation) -> Self {
        let (operation, reverse) = reversible(operation);
        Change { about, operation, reverse, effect: Effect::Additive, destroys: None }
    }
}

/// A change that only SQL makes, and takes back.
pub fn sql_change(about: ObjectKey, dialect: Dialect, there: &str, back: &str) -> Change {
    let sql = |text| super::objects::sql(dialect, text);
    let (operation, reverse) = (sql(there), vec![sql(back)]);
    let effect = operation.effect(&Schema::default(), dialect);
    Change { about, operation, reverse, effect, destroys: None }
}
