//! What MySQL and MariaDB have no words for, whatever the schema.

use super::lowering::Flavour;
use crate::model::Operation;
use crate::model::operation::{
    Column, CreateRoutine, DefaultValue, Grant, GrantObject, Index, TableDefinition,
    TriggerDefinition, TriggerEvent,
};
use crate::sql::lowering::Unsupported;
use crate::sql::refused::{POSTGRES_ONLY, Refused, refusal, refused, walk};
use crate::sql::unnamed::unnamed;
use crate::text::Dialect;

const ONLY_POSTGRES: &str = "only PostgreSQL supports it";
const SQLITE_ONLY: &str = "only SQLite supports it";
const AT_ONCE: &str = "constraints are always checked immediately";
const NO_CASCADE: &str = "dependent objects have to be dropped by their own operations";

/// What neither of the two has.
static BOTH: &[Refused] = &[
    (POSTGRES_ONLY, ONLY_POSTGRES),
    (
        &[
            "create_table.options.unlogged",
            "create_table.options.inherits",
            "create_table.options.partition_of",
            "create_table.options.partition_bounds",
            "create_table.options.with",
            "create_table.options.using",
            "create_table.columns.*.compression",
            "create_table.columns.*.storage",
            "add_column.column.compression",
            "add_column.column.storage",
            "create_table.indexes.*.include",
            "create_table.indexes.*.with",
            "create_table.indexes.*.tablespace",
            "create_table.indexes.*.columns.*.opclass",
            "create_index.include",
            "create_index.with",
            "create_index.tablespace",
            "create_index.columns.*.opclass",
            "create_index.only",
            "create_table.constraints.*.*.include",
            "create_table.constraints.*.*.tablespace",
            "create_table.constraints.*.*.no_inherit",
            "create_primary_key.include",
            "create_primary_key.tablespace",
            "create_unique.include",
            "create_unique.tablespace",
            "create_check.no_inherit",
            "create_schema.owner",
            "create_view.with",
            "create_view.comment",
            "create_trigger.constraint",
            "create_trigger.execute",
            "create_trigger.old_table",
            "create_trigger.new_table",
            "create_trigger.comment",
            "create_trigger.for_each=statement",
            "drop_function.arguments",
            "drop_procedure.arguments",
            "create_sequence.type",
            "create_sequence.owned_by",
            "alter_sequence.type",
            "alter_sequence.owned_by",
            "grant.on=type",
            "grant.on=all_sequences",
            "grant.on=all_functions",
            "revoke.on=type",
            "revoke.on=all_sequences",
            "revoke.on=all_functions",
        ],
        ONLY_POSTGRES,
    ),
    (&["create_table.options.strict", "create_table.options.without_rowid"], SQLITE_ONLY),
    (
        &[
            "create_table.columns.*.references.deferrable",
            "create_table.columns.*.references.initially=deferred",
            "add_column.column.references.deferrable",
            "add_column.column.references.initially=deferred",
            "create_table.constraints.*.*.deferrable",
            "create_table.constraints.*.*.initially=deferred",
            "create_primary_key.deferrable",
            "create_primary_key.initially=deferred",
            "create_unique.deferrable",
            "create_unique.initially=deferred",
            "create_foreign_key.deferrable",
            "create_foreign_key.initially=deferred",
            "create_trigger.deferrable",
            "create_trigger.initially",
        ],
        AT_ONCE,
    ),
    (
        &[
            "create_table.constraints.*.*.not_valid",
            "create_foreign_key.not_valid",
            "create_check.not_valid",
        ],
        "existing rows are always checked",
    ),
    (
        &[
            "create_table.constraints.*.*.nulls_distinct=false",
            "create_unique.nulls_distinct=false",
            "create_table.indexes.*.nulls_distinct=false",
            "create_index.nulls_distinct=false",
        ],
        "NULLs are always distinct",
    ),
    (
        &[
            "create_table.constraints.*.*.match=full",
            "create_table.constraints.*.*.match=partial",
            "create_foreign_key.match=full",
            "create_foreign_key.match=partial",
        ],
        "InnoDB supports only `simple`",
    ),
    (
        &[
            "create_table.constraints.*.*.on_delete=set_default",
            "create_table.constraints.*.*.on_update=set_default",
            "create_foreign_key.on_delete=set_default",
            "create_foreign_key.on_update=set_default",
            "create_table.columns.*.references.on_delete=set_default",
            "create_table.columns.*.references.on_update=set_default",
            "add_column.column.references.on_delete=set_default",
            "add_column.column.references.on_update=set_default",
        ],
        "InnoDB does not support SET DEFAULT",
    ),
    (&["create_table.indexes.*.where", "create_index.where"], "an index always covers all rows"),
    (
        &["create_table.indexes.*.columns.*.collation", "create_index.columns.*.collation"],
        "an index has the collation of its column",
    ),
    (
        &["create_table.indexes.*.columns.*.nulls", "create_index.columns.*.nulls"],
        "NULLs always sort first",
    ),
    (
        &["create_index.concurrently", "drop_index.concurrently"],
        "use `algorithm: inplace` and `lock: none`",
    ),
    (
        &[
            "create_table.columns.*.identity=always",
            "create_table.columns.*.identity.kind=always",
            "add_column.column.identity=always",
            "add_column.column.identity.kind=always",
            "alter_column.identity=always",
            "alter_column.identity.kind=always",
        ],
        "an explicit value always overrides AUTO_INCREMENT: use `by_default`",
    ),
    (
        &[
            "create_table.columns.*.identity.increment",
            "create_table.columns.*.identity.min",
            "create_table.columns.*.identity.max",
            "create_table.columns.*.identity.cache",
            "create_table.columns.*.identity.cycle",
            "add_column.column.identity.increment",
            "add_column.column.identity.min",
            "add_column.column.identity.max",
            "add_column.column.identity.cache",
            "add_column.column.identity.cycle",
            "alter_column.identity.increment",
            "alter_column.identity.min",
            "alter_column.identity.max",
            "alter_column.identity.cache",
            "alter_column.identity.cycle",
        ],
        "AUTO_INCREMENT has only a start value",
    ),
    (
        &["alter_column.using"],
        "values are converted by the server's own rules; convert them before with `sql` or `backfill`",
    ),
    (
        &[
            "drop_table.cascade",
            "drop_column.cascade",
            "drop_index.cascade",
            "drop_constraint.cascade",
            "drop_view.cascade",
            "drop_function.cascade",
            "drop_procedure.cascade",
            "drop_trigger.cascade",
            "drop_sequence.cascade",
        ],
        NO_CASCADE,
    ),
    (
        &["grant.cascade", "revoke.cascade"],
        "privileges that were granted to others are not revoked",
    ),
    (&["rename_constraint.kind=primary_key"], "every primary key is called PRIMARY"),
    (
        &[
            "comment.on=index",
            "comment.on=constraint",
            "comment.on=trigger",
            "comment.on=policy",
            "comment.on=view",
            "comment.on=materialized_view",
            "comment.on=sequence",
            "comment.on=type",
            "comment.on=domain",
            "comment.on=schema",
            "comment.on=extension",
        ],
        "only tables, columns, functions and procedures take a new comment",
    ),
    (&["create_view.temporary"], "views cannot be temporary"),
    (
        &["create_trigger.update_of"],
        "a trigger fires for every update: compare OLD and NEW in its body",
    ),
    (&["create_trigger.when"], "a trigger fires for every row: write IF in its body"),
    (&["create_trigger.timing=instead_of"], "a view has no triggers"),
    (&["create_trigger.events.*=truncate"], "TRUNCATE fires no trigger"),
];

/// What MariaDB has and MySQL has not.
static MYSQL: &[Refused] = &[
    (
        &[
            "add_column.if_not_exists",
            "drop_column.if_exists",
            "create_index.if_not_exists",
            "drop_index.if_exists",
            "drop_constraint.if_exists",
            "create_view.if_not_exists",
        ],
        "only MariaDB supports it",
    ),
    (
        &["create_table.columns.*.check", "add_column.column.check"],
        "MySQL turns it into a check of the table: write it as one, with a name",
    ),
    (
        &["create_function.or_replace", "create_procedure.or_replace", "create_trigger.or_replace"],
        "only MariaDB supports it: drop the existing one, with `was`, and create the new one",
    ),
    (&["create_sequence", "alter_sequence", "drop_sequence"], "MySQL has no sequences"),
    (&["grant.on=sequence", "revoke.on=sequence"], "MySQL has no sequences"),
    (&["create_schema.comment"], "a database has no comment"),
];

/// What MySQL has and MariaDB has not.
static MARIADB: &[Refused] = &[
    (
        &["create_table.indexes.*.columns.*.sql", "create_index.columns.*.sql"],
        "an index is over columns: index a generated column",
    ),
    (
        &["create_table.constraints.*.*.enforced=false", "create_check.enforced=false"],
        "a check is always enforced",
    ),
    (&["create_table.indexes.*.parser", "create_index.parser"], "MariaDB has one parser"),
    (&["create_table.options.tablespace"], "MariaDB accepts and ignores it"),
];

/// How many characters a name may have.
const LONGEST_NAME: usize = 64;

impl Flavour {
    /// The first thing of an operation that this one has no words for.
    pub(super) fn refusal(&self, operation: &Operation) -> Option<Unsupported> {
        let own = if self.mariadb() { MARIADB } else { MYSQL };
        refused(operation, self.dialect, BOTH)
            .or_else(|| refused(operation, self.dialect, own))
            .or_else(|| unnamed(operation, self.dialect))
            .or_else(|| long_name(operation, self.dialect))
            .or_else(|| self.by_value(operation).err())
    }

    fn no(&self, path: &str, reason: &str) -> Unsupported {
        refusal(self.dialect, path, reason)
    }

    /// What is refused by more than one value, or by the want of one.
    fn by_value(&self, operation: &Operation) -> Result<(), Unsupported> {
        match operation {
            Operation::CreateTable(table) => self.table(&table.definition),
            Operation::AddColumn(add) => self.column(&add.column, "add_column.column"),
            Operation::AlterColumn(alter) => {
                let counted = matches!(&alter.identity, Some(Some(_)));
                if counted && alter.autoincrement == Some(false) {
                    let reason = "an identity is AUTO_INCREMENT";
                    return Err(self.no("alter_column.autoincrement", reason));
                }
                Ok(())
            }
            Operation::CreateIndex(create) => {
                self.algorithm(
                    "create_index",
                    create.algorithm.as_deref(),
                    create.lock.as_deref(),
                )?;
                self.index(&create.index, "create_index")
            }
            Operation::DropIndex(drop) => {
                self.algorithm("drop_index", drop.algorithm.as_deref(), drop.lock.as_deref())
            }
            Operation::DropConstraint(drop) => {
                use crate::model::operation::ConstraintKind::PrimaryKey;
                if drop.kind == PrimaryKey && drop.if_exists {
                    let reason = "DROP PRIMARY KEY has no IF EXISTS";
                    return Err(self.no("drop_constraint.if_exists", reason));
                }
                if drop.kind != PrimaryKey && drop.name.is_none() {
                    return Err(
                        self.no("drop_constraint.name", "a constraint is found by its name")
                    );
                }
                Ok(())
            }
            Operation::CreateView(view) => {
                if view.or_replace && view.if_not_exists {
                    let reason = "`or_replace` and `if_not_exists` cannot be used together";
                    return Err(self.no("create_view.if_not_exists", reason));
                }
                let view = &view.definition;
                let algorithms = ["merge", "temptable", "undefined"];
                self.word("create_view.algorithm", view.algorithm.as_deref(), &algorithms)?;
                let security = ["definer", "invoker"];
                self.word("create_view.sql_security", view.sql_security.as_deref(), &security)
            }
            Operation::CreateFunction(function) => self.routine(function, true),
            Operation::CreateProcedure(procedure) => self.routine(procedure, false),
            Operation::CreateTrigger(trigger) => {
                if trigger.or_replace && trigger.if_not_exists {
                    let reason = "`or_replace` and `if_not_exists` cannot be used together";
                    return Err(self.no("create_trigger.if_not_exists", reason));
                }
                self.trigger(&trigger.definition)
            }
            Operation::Grant(grant) => self.grant(grant, "grant"),
            Operation::Revoke(grant) => self.grant(grant, "revoke"),
            _ => Ok(()),
        }
    }

    fn table(&self, table: &TableDefinition) -> Result<(), Unsupported> {
        for (at, column) in table.columns.iter().enumerate() {
            self.column(column, &format!("create_table.columns.{at}"))?;
        }
        for (at, index) in table.indexes.iter().enumerate() {
            self.index(index, &format!("create_table.indexes.{at}"))?;
        }
        Ok(())
    }

    fn column(&self, column: &Column, path: &str) -> Result<(), Unsupported> {
        if self.mariadb() && column.generated.is_some() && column.nullable == Some(false) {
            let reason = "a generated column cannot be NOT NULL: add a check";
            return Err(self.no(&format!("{path}.nullable"), reason));
        }
        if column.generated.is_some() && column.default.is_some() {
            let reason = "a generated column has no default";
            return Err(self.no(&format!("{path}.default"), reason));
        }
        let null = Some(&DefaultValue::Literal(serde_json::Value::Null));
        if column.default.as_ref() == null && column.nullable == Some(false) {
            let reason = "the column is NOT NULL";
            return Err(self.no(&format!("{path}.default"), reason));
        }
        Ok(())
    }

    fn index(&self, index: &Index, path: &str) -> Result<(), Unsupported> {
        let methods = ["btree", "hash", "rtree"];
        self.word(&format!("{path}.method"), index.method.as_deref(), &methods)?;
        if index.parser.is_some() && index.kind.is_none() {
            let reason = "only a full-text index has a parser";
            return Err(self.no(&format!("{path}.parser"), reason));
        }
        if index.kind.is_some() && index.unique {
            let reason = "a full-text or spatial index is not unique";
            return Err(self.no(&format!("{path}.unique"), reason));
        }
        Ok(())
    }

    fn algorithm(
        &self,
        path: &str,
        algorithm: Option<&str>,
        lock: Option<&str>,
    ) -> Result<(), Unsupported> {
        let mut algorithms = vec!["default", "inplace", "copy", "instant"];
        if self.mariadb() {
            algorithms.push("nocopy");
        }
        self.word(&format!("{path}.algorithm"), algorithm, &algorithms)?;
        let locks = ["default", "none", "shared", "exclusive"];
        self.word(&format!("{path}.lock"), lock, &locks)
    }

    /// A word that is one of a few.
    fn word(&self, path: &str, word: Option<&str>, known: &[&str]) -> Result<(), Unsupported> {
        match word {
            Some(word) if !known.iter().any(|known| known.eq_ignore_ascii_case(word)) => {
                Err(self.no(path, &format!("it is one of {}", known.join(", "))))
            }
            _ => Ok(()),
        }
    }

    fn routine(&self, routine: &CreateRoutine, returns: bool) -> Result<(), Unsupported> {
        let path = if returns { "create_function" } else { "create_procedure" };
        if routine.or_replace && routine.if_not_exists {
            let reason = "`or_replace` and `if_not_exists` cannot be used together";
            return Err(self.no(&format!("{path}.if_not_exists"), reason));
        }
        self.word(&format!("{path}.language"), routine.definition.language.as_deref(), &["sql"])?;
        match (returns, &routine.definition.returns) {
            (true, None) => Err(self.no(&format!("{path}.returns"), "a function needs `returns`")),
            (false, Some(_)) => {
                Err(self.no(&format!("{path}.returns"), "a procedure has no `returns`"))
            }
            _ => Ok(()),
        }
    }

    fn trigger(&self, trigger: &TriggerDefinition) -> Result<(), Unsupported> {
        let [event] = trigger.events.as_slice() else {
            return Err(self.no("create_trigger.events", "a trigger has exactly one event"));
        };
        if *event == TriggerEvent::Truncate {
            return Err(self.no("create_trigger.events", "TRUNCATE fires no trigger"));
        }
        if trigger.body.is_none() {
            return Err(self.no("create_trigger.body", "it is what a trigger does here"));
        }
        if trigger.follows.is_some() && trigger.precedes.is_some() {
            let reason = "use either `follows` or `precedes`";
            return Err(self.no("create_trigger.precedes", reason));
        }
        Ok(())
    }

    fn grant(&self, grant: &Grant, path: &str) -> Result<(), Unsupported> {
        let letters = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '_');
        for (at, privilege) in grant.privileges.iter().enumerate() {
            if privilege.trim().is_empty() || !privilege.chars().all(letters) {
                let path = format!("{path}.privileges.{at}");
                return Err(self.no(&path, "it is not a privilege"));
            }
        }
        if grant.privileges.is_empty() || grant.roles.is_empty() {
            let part = if grant.roles.is_empty() { "roles" } else { "privileges" };
            return Err(self.no(&format!("{path}.{part}"), "it is empty"));
        }
        if grant.name.is_none() && grant.on != GrantObject::AllTables {
            return Err(
                self.no(&format!("{path}.name"), "the object of the privileges is required")
            );
        }
        if !grant.columns.is_empty() && grant.on != GrantObject::Table {
            return Err(self.no(&format!("{path}.columns"), "only a table has columns"));
        }
        Ok(())
    }
}

/// A name that the server would refuse only when some of the step has run.
fn long_name(operation: &Operation, dialect: Dialect) -> Option<Unsupported> {
    if matches!(operation, Operation::BulkInsert(_) | Operation::BulkDelete(_)) {
        return None;
    }
    let mut found = None;
    walk(operation, &mut |path, value| {
        let is_name = matches!(path.last(), Some(&("name" | "to" | "rename" | "table" | "schema")));
        let length = value.as_str().map_or(0, |text| text.chars().count());
        if is_name && length > LONGEST_NAME && found.is_none() {
            let reason = format!("the name has {length} characters and may have {LONGEST_NAME}");
            found = Some(refusal(dialect, &path.join("."), &reason));
        }
    });
    found
}
