//! What the difference of two schemas must know of a dialect.

use crate::model::operation::RoutineDefinition;

/// A dialect's habits.
pub trait DiffRules: Sync {
    /// Whether rights go with an object that is dropped, and do not come back with one of its name.
    fn rights_go_with_object(&self) -> bool {
        false
    }

    /// A query of the server's version and of the settings that decide what DDL means: a name and a value each.
    fn circumstances(&self) -> Option<&'static str> {
        None
    }

    /// Whether a routine's body may be created before what it names.
    fn body_can_wait(&self, routine: &RoutineDefinition) -> bool {
        let _ = routine;
        false
    }

    /// A query of what checks the bodies of routines: the statement that does, and the routine, each.
    fn body_checks(&self) -> Option<&'static str> {
        None
    }

    /// The collation of a column that names none, if a column can be given it by name.
    fn default_collation(&self) -> Option<&'static str> {
        None
    }

    /// How many numbers a session takes at once from a sequence that says nothing.
    fn default_cache(&self) -> i64 {
        1
    }

    /// The comment that the server itself gives a schema, which counts for none.
    fn usual_schema_comment(&self, name: &str) -> Option<&'static str> {
        let _ = name;
        None
    }

    /// The type of a sequence that names none, where sequences have types.
    fn sequence_type(&self) -> Option<&'static str> {
        None
    }

    /// The lowest and the highest number that a sequence of a type can have.
    fn sequence_bounds(&self, type_: Option<&str>) -> Option<(i64, i64)> {
        let _ = type_;
        None
    }

    /// The expression by which values of one type become values of another, where the dialect does
    /// not convert them by itself; `None`: it does, or nothing can.
    fn conversion(&self, from: &str, to: &str, column: &str) -> Option<String> {
        let _ = (from, to, column);
        None
    }

    /// The word for a column of a type that is counted by a sequence of its own.
    fn serial_type(&self, type_: &str, sequence_type: Option<&str>) -> Option<&'static str> {
        let _ = (type_, sequence_type);
        None
    }

    /// Whether views and triggers go on naming what was renamed by its old name.
    fn texts_keep_old_names(&self) -> bool {
        false
    }

    /// The statement that gives a sequence another name, in its schema.
    fn rename_sequence(&self, schema: Option<&str>, name: &str, to: &str) -> Option<String> {
        let _ = (schema, name, to);
        None
    }
}
