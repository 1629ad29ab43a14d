//! Operations on columns.

use revdag::internals::text::Dialect;
use serde_json::{Value, json};

use super::generate::Made;

impl Made<'_> {
    pub(super) fn add_column(&mut self, at: usize) {
        let mut column = self.column();
        if column.default.is_none() {
            column.nullable = true;
        }
        column.has_null = column.default.is_none();
        let table = self.tables[at].name.clone();
        let mut operation = json!({"table": table, "column": column.definition()});
        if self.dialect != Dialect::Postgres && self.choices.once_in(4) {
            operation["first"] = true.into();
        }
        if self.push(json!({"add_column": operation})) {
            self.tables[at].columns.push(column);
        }
    }

    /// A column beside the key that no part is over.
    pub(super) fn free_column(&mut self, at: usize) -> Option<usize> {
        let table = &self.tables[at];
        let free: Vec<usize> = (1..table.columns.len()).filter(|one| !table.uses(*one)).collect();
        self.choices.one(&free).copied()
    }

    pub(super) fn drop_column(&mut self, at: usize) {
        let Some(column) = self.free_column(at) else { return };
        let table = &self.tables[at];
        let (name, was) = (table.columns[column].name.clone(), table.columns[column].clone());
        // A column that may not be empty cannot come back to rows, nor one whose values have to differ.
        if was.needed || !was.nullable && was.default.is_none() {
            return;
        }
        let table = table.name.clone();
        let operation = json!({"table": table, "column": name, "was": was.definition()});
        if self.push(json!({"drop_column": operation})) {
            let table = &mut self.tables[at];
            table.columns.remove(column);
            for part in &mut table.parts {
                for used in &mut part.columns {
                    *used -= usize::from(*used > column);
                }
            }
            for (table, name) in
                [(Some(&table.name), Some(&name)), (table.before.as_ref(), was.before.as_ref())]
            {
                if let (Some(table), Some(name)) = (table, name) {
                    self.case.loses.push(format!("{table}.{name}"));
                }
            }
        }
    }

    pub(super) fn alter(&mut self, at: usize, column: usize, change: Value) -> bool {
        let table = &self.tables[at];
        let mut operation = json!({"table": table.name, "column": table.columns[column].name});
        for (key, value) in change.as_object().expect("a map") {
            operation[key] = value.clone();
        }
        self.push(json!({"alter_column": operation}))
    }

    pub(super) fn rename_column(&mut self, at: usize) {
        let column = self.choices.below(self.tables[at].columns.len());
        let to = self.name("c");
        // What a view reads keeps its name.
        if !(column == 0 && self.tables[at].viewed) && self.alter(at, column, json!({"rename": to}))
        {
            self.tables[at].columns[column].name = to;
        }
    }

    pub(super) fn widen(&mut self, at: usize) {
        let Some(column) = self.free_column(at) else { return };
        let own = self.tables[at].columns[column].clone();
        let Some(wider) = own.kind().wider.filter(|_| !own.wide) else { return };
        if self.alter(at, column, json!({"type": wider, "was": {"type": own.kind().name}})) {
            self.tables[at].columns[column].wide = true;
        }
    }

    pub(super) fn nullable(&mut self, at: usize) {
        let Some(column) = self.free_column(at) else { return };
        let own = &self.tables[at].columns[column];
        let (nullable, has_null) = (own.nullable, own.has_null);
        if nullable && has_null {
            return;
        }
        let change = json!({"nullable": !nullable, "was": {"nullable": nullable}});
        if self.alter(at, column, change) {
            self.tables[at].columns[column].nullable = !nullable;
            self.tables[at].columns[column].needed = true;
        }
    }

    pub(super) fn default(&mut self, at: usize) {
        let Some(column) = self.free_column(at) else { return };
        let own = self.tables[at].columns[column].clone();
        if matches!(own.kind().name, "text" | "bytes") {
            return;
        }
        let default = self.choices.once_in(2).then(|| own.kind().value(1));
        if default == own.default {
            return;
        }
        let change = json!({"default": default, "was": {"default": own.default}});
        if self.alter(at, column, change) {
            self.tables[at].columns[column].default = default;
        }
    }
}
