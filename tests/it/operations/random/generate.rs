//! Makes a small schema and a sequence of operations that fit it.

use revdag::internals::text::Dialect;
use serde_json::{Value, json};

use super::super::matrix::case::{Case, stripped};
use super::choices::Choices;
use super::model::{Column, Part, PartKind, TYPES, Table};

pub(super) struct Made<'a> {
    pub(super) choices: &'a mut Choices,
    pub(super) dialect: Dialect,
    pub(super) tables: Vec<Table>,
    /// The numbers of tables whose rows the way back needs.
    pub(super) needed: Vec<usize>,
    /// How many names have been given: none is given twice.
    pub(super) names: usize,
    pub(super) case: Case,
}

/// A case of random operations.
pub fn case(choices: &mut Choices, dialect: Dialect) -> Case {
    let case = Case { name: "random".to_owned(), ..Case::default() };
    let mut made =
        Made { choices, dialect, tables: Vec::new(), needed: Vec::new(), names: 0, case };
    for _ in 0..=made.choices.below(2) {
        made.first_table();
    }
    let operations = 1 + made.choices.below(8);
    for _ in 0..operations {
        made.operation();
        if made.choices.are_over() {
            break;
        }
    }
    if made.case.up.is_empty() {
        made.add_column(0);
    }
    made.case
}

impl Made<'_> {
    pub(super) fn name(&mut self, word: &str) -> String {
        self.names += 1;
        let number = self.names;
        match self.choices.below(8) {
            6 => format!("Order By {word}{number}"),
            7 => format!("{word}\"'` é{number}"),
            _ => format!("{word}{number}"),
        }
    }

    pub(super) fn column(&mut self) -> Column {
        let name = self.name("c");
        let type_ = self.choices.below(TYPES.len());
        let nullable = !self.choices.once_in(3);
        // MySQL's long types have no literal defaults.
        let can = !matches!(TYPES[type_].name, "text" | "bytes");
        let default = (can && self.choices.once_in(3)).then(|| TYPES[type_].value(0));
        Column {
            name,
            type_,
            wide: false,
            nullable,
            default,
            comment: None,
            before: None,
            has_null: false,
            differs: false,
            needed: false,
        }
    }

    fn table(&mut self) -> Table {
        let name = self.name("t");
        let number = self.names;
        let mut columns =
            vec![Column { type_: 0, nullable: false, default: None, ..self.column() }];
        for _ in 0..self.choices.below(4) {
            columns.push(self.column());
        }
        let key = (self.dialect == Dialect::Postgres).then(|| self.name("pk"));
        Table {
            number,
            name,
            before: None,
            comment: None,
            key,
            columns,
            parts: Vec::new(),
            viewed: false,
        }
    }

    /// What a reference to a table of this number says: its name and that of its key.
    fn named(&self) -> impl Fn(usize) -> (String, String) + use<> {
        let names: Vec<_> = self
            .tables
            .iter()
            .map(|table| (table.number, table.name.clone(), table.columns[0].name.clone()))
            .collect();
        move |number| {
            let found = names.iter().find(|(own, ..)| *own == number).expect("a table");
            (found.1.clone(), found.2.clone())
        }
    }

    fn create(&self, table: &Table) -> Value {
        let mut value = table.definition(&self.named());
        value["name"] = table.name.clone().into();
        json!({"create_table": value})
    }

    /// A table of the setup, with rows.
    fn first_table(&mut self) {
        let mut table = self.table();
        for column in &mut table.columns {
            column.before = Some(column.name.clone());
            column.differs = column.kind().key;
        }
        table.before = Some(table.name.clone());
        if self.choices.once_in(2) {
            let at = self.choices.below(table.columns.len());
            let kind = match self.choices.below(3) {
                _ if !table.columns[at].kind().key => PartKind::Check,
                0 => PartKind::Index { unique: false },
                // PostgreSQL makes one of the key and what is alike.
                1 if at > 0 => PartKind::Unique,
                _ => PartKind::Check,
            };
            let columns = vec![if kind == PartKind::Check { 0 } else { at }];
            let part = Part { name: self.name("p"), columns, kind };
            table.parts.push(part);
        }
        // A child of the first table, or of itself.
        let mut above = None;
        if self.choices.once_in(2) {
            let (name, parent) =
                (self.name("above"), self.tables.first().map_or(table.number, |t| t.number));
            table.columns.push(Column {
                name: name.clone(),
                before: Some(name),
                type_: 0,
                default: None,
                nullable: true,
                differs: true,
                ..self.column()
            });
            let columns = vec![table.columns.len() - 1];
            let index = Part {
                name: self.name("ix"),
                columns: columns.clone(),
                kind: PartKind::Index { unique: false },
            };
            let key = Part { name: self.name("fk"), columns, kind: PartKind::ForeignKey(parent) };
            table.parts.extend([index, key]);
            above = Some(table.columns.len() - 1);
        }
        self.tables.push(table.clone());
        let create = self.create(&table);
        self.case.setup.push(create);
        let columns: serde_json::Map<String, Value> =
            table.columns.iter().map(|one| (one.name.clone(), one.type_name().into())).collect();
        let row = |row: usize| -> Value {
            let values = table.columns.iter().enumerate().map(|(at, column)| {
                let value = match above {
                    // Every row's parent is the one before it, of the first table or its own.
                    Some(above) if above == at => {
                        if row == 0 {
                            Value::Null
                        } else {
                            TYPES[0].value(row - 1)
                        }
                    }
                    _ => column.kind().value(row),
                };
                (column.name.clone(), value)
            });
            Value::Object(values.collect())
        };
        let rows: Vec<Value> = (0..3).map(row).collect();
        let insert = json!({"table": table.name, "columns": columns, "rows": rows});
        self.case.setup.push(json!({"bulk_insert": insert}));
        if let (Some(at), Some(last)) = (above, self.tables.last_mut()) {
            last.columns[at].has_null = true;
        }
    }

    /// Adds an operation, unless the dialect refuses some of it.
    pub(super) fn push(&mut self, operation: Value) -> bool {
        let (left, _) = stripped(&operation, self.dialect);
        let whole = left.as_ref() == Some(&operation);
        if whole {
            self.case.up.push(operation);
        }
        whole
    }

    fn operation(&mut self) {
        if self.tables.is_empty() {
            return self.create_table();
        }
        let at = self.choices.below(self.tables.len());
        match self.choices.below(17) {
            0 => self.add_column(at),
            1 => self.drop_column(at),
            2 => self.rename_column(at),
            3 => self.widen(at),
            4 => self.nullable(at),
            5 => self.default(at),
            6 => self.create_part(at, PartKind::Index { unique: false }),
            7 => self.create_part(at, PartKind::Unique),
            8 => self.create_part(at, PartKind::Check),
            9 => self.drop_part(at),
            10 => self.rename_part(at),
            11 => self.foreign_key(at),
            12 => self.create_table(),
            13 => self.drop_table(at),
            14 => self.rename_table(at),
            15 => self.comment(at),
            _ => self.insert_or_view(at),
        }
    }

    fn create_table(&mut self) {
        let table = self.table();
        self.tables.push(table.clone());
        let create = self.create(&table);
        self.push(create);
    }

    fn drop_table(&mut self, at: usize) {
        let number = self.tables[at].number;
        let referred = self.tables.iter().any(|table| {
            table.number != number
                && table.parts.iter().any(|part| part.kind == PartKind::ForeignKey(number))
        });
        if referred || self.tables[at].viewed || self.needed.contains(&number) {
            return;
        }
        let table = self.tables[at].clone();
        let was = table.definition(&self.named());
        if self.push(json!({"drop_table": {"name": table.name, "was": was}})) {
            self.tables.remove(at);
            self.case.loses.extend(table.before);
            self.case.loses.push(table.name);
        }
    }

    fn rename_table(&mut self, at: usize) {
        let to = self.name("t");
        let name = self.tables[at].name.clone();
        // Views of MySQL and MariaDB do not follow.
        if !self.tables[at].viewed && self.push(json!({"rename_table": {"name": name, "to": to}})) {
            self.tables[at].name = to;
        }
    }

    fn create_part(&mut self, at: usize, kind: PartKind) {
        let table = &self.tables[at];
        // PostgreSQL makes one of constraints that are alike.
        let is_unique = |column: usize| {
            let over = |part: &Part| part.kind == PartKind::Unique && part.columns == [column];
            table.parts.iter().any(over)
        };
        let can: Vec<usize> = (0..table.columns.len())
            .filter(|one| {
                let column = &table.columns[*one];
                column.kind().key
                    && (kind != PartKind::Unique || column.differs && *one > 0 && !is_unique(*one))
            })
            .collect();
        let Some(column) = self.choices.one(&can).copied() else { return };
        // A check is over the key, in which every row has a value.
        let mut columns = vec![if kind == PartKind::Check { 0 } else { column }];
        if matches!(kind, PartKind::Index { .. }) && self.choices.once_in(3) {
            columns.extend(can.iter().find(|one| **one != column));
        }
        let part = Part { name: self.name("p"), columns, kind };
        let mut value = self.tables[at].part(&part, &self.named());
        value["table"] = self.tables[at].name.clone().into();
        let word = match part.kind {
            PartKind::Index { .. } => "create_index",
            PartKind::Unique => "create_unique",
            PartKind::Check => "create_check",
            PartKind::ForeignKey(_) => "create_foreign_key",
        };
        if self.push(json!({ word: value })) {
            self.tables[at].parts.push(part);
        }
    }

    fn drop_part(&mut self, at: usize) {
        let table = &self.tables[at];
        // An index below a foreign key stays.
        let needed = |part: &Part| {
            matches!(part.kind, PartKind::Index { .. } | PartKind::Unique)
                && table.parts.iter().any(|other| {
                    matches!(other.kind, PartKind::ForeignKey(_))
                        && part.columns.first() == other.columns.first()
                })
        };
        let free: Vec<usize> =
            (0..table.parts.len()).filter(|one| !needed(&table.parts[*one])).collect();
        let Some(which) = self.choices.one(&free).copied() else { return };
        let (part, name) = (table.parts[which].clone(), table.name.clone());
        let was = table.part(&part, &self.named());
        let operation = match constraint(&part.kind) {
            None => json!({"drop_index": {"table": name, "name": part.name, "was": was}}),
            Some(kind) => json!({"drop_constraint": {
                "table": name, "name": part.name, "kind": kind, "was": { kind: was },
            }}),
        };
        if self.push(operation) {
            self.tables[at].parts.remove(which);
            if let PartKind::ForeignKey(table) = part.kind {
                self.needed.push(table);
            }
            for column in part.columns {
                self.tables[at].columns[column].needed = true;
            }
        }
    }

    fn rename_part(&mut self, at: usize) {
        let which = self.choices.below(self.tables[at].parts.len());
        let Some(part) = self.tables[at].parts.get(which).cloned() else { return };
        let (table, to) = (self.tables[at].name.clone(), self.name("p"));
        let operation = match constraint(&part.kind) {
            None => json!({"rename_index": {"table": table, "name": part.name, "to": to}}),
            Some(kind) => json!({"rename_constraint": {
                "table": table, "name": part.name, "kind": kind, "to": to,
            }}),
        };
        if self.push(operation) {
            self.tables[at].parts[which].name = to;
        }
    }

    fn foreign_key(&mut self, at: usize) {
        let name = self.name("above");
        let column = Column {
            name,
            type_: 0,
            default: None,
            nullable: true,
            has_null: true,
            ..self.column()
        };
        let table = self.tables[at].name.clone();
        let columns = vec![self.tables[at].columns.len()];
        self.push(json!({"add_column": {"table": table, "column": column.definition()}}));
        self.tables[at].columns.push(column);
        // MySQL and MariaDB would make an index themselves, and keep it.
        let index = Part {
            name: self.name("ix"),
            columns: columns.clone(),
            kind: PartKind::Index { unique: false },
        };
        let mut value = self.tables[at].part(&index, &self.named());
        value["table"] = table.clone().into();
        self.push(json!({ "create_index": value }));
        self.tables[at].parts.push(index);
        let to = self.choices.below(self.tables.len());
        let key = Part {
            name: self.name("fk"),
            columns,
            kind: PartKind::ForeignKey(self.tables[to].number),
        };
        let mut value = self.tables[at].part(&key, &self.named());
        value["table"] = table.into();
        self.push(json!({ "create_foreign_key": value }));
        self.tables[at].parts.push(key);
    }

    fn comment(&mut self, at: usize) {
        let table = self.tables[at].clone();
        let text = self.name("what it's for");
        let operation = if self.choices.once_in(2) {
            json!({"on": "table", "name": table.name, "comment": text, "was": table.comment})
        } else {
            let column = &table.columns[0];
            json!({"on": "column", "table": table.name, "name": column.name, "comment": text, "was": column.comment})
        };
        let is_table = operation["on"] == "table";
        if self.push(json!({ "comment": operation })) {
            let table = &mut self.tables[at];
            let comment = if is_table { &mut table.comment } else { &mut table.columns[0].comment };
            *comment = Some(text);
        }
    }

    fn insert_or_view(&mut self, at: usize) {
        let table = self.tables[at].clone();
        let key = &table.columns[0].name;
        let bare = key.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if self.choices.once_in(2)
            && bare
            && table.name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            let view = self.name("v");
            let query = format!("SELECT {key} FROM {}", table.name);
            if self.push(json!({"create_view": {"name": view, "query": query}})) {
                self.tables[at].viewed = true;
            }
            return;
        }
        let needs_more =
            table.columns[1..].iter().any(|one| !one.nullable && one.default.is_none());
        let limited = table.parts.iter().any(|part| matches!(part.kind, PartKind::Unique));
        if needs_more || limited {
            return;
        }
        self.names += 1;
        let row = json!({ key.as_str(): self.names + 1000 });
        let insert = json!({"bulk_insert": {
            "table": table.name, "columns": { key.as_str(): "integer" }, "rows": [row], "key": [key],
        }});
        if self.push(insert) {
            for column in &mut self.tables[at].columns[1..] {
                column.has_null |= column.default.is_none();
                column.differs &= column.default.is_none();
            }
        }
    }
}

fn constraint(kind: &PartKind) -> Option<&'static str> {
    match kind {
        PartKind::Index { .. } => None,
        PartKind::Unique => Some("unique"),
        PartKind::Check => Some("check"),
        PartKind::ForeignKey(_) => Some("foreign_key"),
    }
}
