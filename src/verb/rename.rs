//! `--rename`: what was renamed, as the user says it.

use std::str::FromStr;

use crate::diff::{Change, has_identity, sequences_named_after, sql_change};
use crate::model::operation::{AlterColumn, RenameEnumValue, RenameTable};
use crate::model::{Catalog, Definition, Name, ObjectKey, ObjectKind, Operation};
use crate::run;
use crate::text::Dialect;

/// A rename.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rename {
    /// `table:OLD:NEW`
    Table(Name, String),
    /// `column:TABLE.OLD:NEW`
    Column(Name, String, String),
    /// `value:ENUM.OLD:NEW`
    Value(Name, String, String),
}

impl FromStr for Rename {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form =
            || "it is written table:OLD:NEW, column:TABLE.OLD:NEW or value:ENUM.OLD:NEW".to_owned();
        let (kind, rest) = text.split_once(':').ok_or_else(form)?;
        let (old, new) = rest.rsplit_once(':').ok_or_else(form)?;
        if old.is_empty() || new.is_empty() {
            return Err(form());
        }
        let named = |name: &str| match name.split_once('.') {
            Some((schema, name)) => Name { schema: Some(schema.to_owned()), name: name.to_owned() },
            None => Name { schema: None, name: name.to_owned() },
        };
        let part = || {
            let (of, part) = old.rsplit_once('.').ok_or_else(form)?;
            Ok::<_, String>((named(of), part.to_owned()))
        };
        match kind {
            "table" => Ok(Rename::Table(named(old), new.to_owned())),
            "column" => part().map(|(table, old)| Rename::Column(table, old, new.to_owned())),
            "value" => part().map(|(name, old)| Rename::Value(name, old, new.to_owned())),
            _ => Err(form()),
        }
    }
}

impl Rename {
    /// The operations, and those for what is named after it.
    pub(super) fn changes(
        &self,
        current: &Catalog,
        models: &Catalog,
        dialect: Dialect,
    ) -> Result<Vec<Change>, run::Error> {
        let missing = |what: String| run::Error::Refused {
            message: format!("`--rename`: there is no {what}"),
            hint: Some("correct the name, or omit it".to_owned()),
        };
        let own = |name: &Name| Name {
            schema: name.schema.clone().filter(|schema| current.own.as_ref() != Some(schema)),
            name: name.name.clone(),
        };
        match self {
            Rename::Table(name, to) => {
                let name = own(name);
                let is_it = |key: &&ObjectKey| key.is_table() && key.name == name;
                let about = current.objects.keys().find(is_it);
                let about = about.ok_or_else(|| missing(format!("table {name}")))?.clone();
                let rename = Operation::RenameTable(RenameTable {
                    schema: name.schema.clone(),
                    name: name.name.clone(),
                    to: to.clone(),
                });
                let mut changes = vec![Change::rename(about, rename)];
                for (sequence, column) in sequences_named_after(current, &name) {
                    let new = format!("{to}_{column}_seq");
                    let renamed = Name { schema: name.schema.clone(), name: to.clone() };
                    let column = (&renamed, column.as_str());
                    changes.extend(self.sequence(&sequence, &new, column, models, dialect));
                }
                Ok(changes)
            }
            Rename::Column(table, old, to) => {
                let table = own(table);
                let definition =
                    current.table(&table).ok_or_else(|| missing(format!("table {table}")))?;
                let at = definition
                    .column_at(dialect, old)
                    .ok_or_else(|| missing(format!("column {table}.{old}")))?;
                let rename = Operation::AlterColumn(AlterColumn {
                    schema: table.schema.clone(),
                    table: table.name.clone(),
                    column: definition.columns[at].name.clone(),
                    rename: Some(to.clone()),
                    ..AlterColumn::default()
                });
                let about = ObjectKey::new(ObjectKind::Table, table.clone());
                let mut changes = vec![Change::rename(about, rename)];
                let named = sequences_named_after(current, &table);
                for (sequence, _) in named.iter().filter(|(_, column)| column == old) {
                    let new = format!("{}_{to}_seq", table.name);
                    let column = (&table, to.as_str());
                    changes.extend(self.sequence(sequence, &new, column, models, dialect));
                }
                Ok(changes)
            }
            Rename::Value(name, old, to) => {
                let name = own(name);
                let about = ObjectKey::new(ObjectKind::Enum, name.clone());
                let values = match current.objects.get(&about).map(|object| &object.definition) {
                    Some(Definition::Enum(values)) => values,
                    _ => return Err(missing(format!("enum {name}"))),
                };
                if !values.contains(old) {
                    return Err(missing(format!("value {old} in {name}")));
                }
                let rename = Operation::RenameEnumValue(RenameEnumValue {
                    schema: name.schema.clone(),
                    name: name.name.clone(),
                    value: old.clone(),
                    to: to.clone(),
                });
                Ok(vec![Change::rename(about, rename)])
            }
        }
    }

    /// The rename of a sequence that follows its column, if the models call it so.
    fn sequence(
        &self,
        sequence: &Name,
        to: &str,
        (table, column): (&Name, &str),
        models: &Catalog,
        dialect: Dialect,
    ) -> Option<Change> {
        let new = Name { schema: sequence.schema.clone(), name: to.to_owned() };
        let key = |name: &Name| ObjectKey::new(ObjectKind::Sequence, name.clone());
        // A column that the models do not have is renamed next.
        let is_left =
            models.table(table).is_some_and(|one| one.column_at(dialect, column).is_none());
        let is_so = models.objects.contains_key(&key(&new))
            || has_identity(models, table, column)
            || is_left;
        is_so.then_some(())?;
        let diff_rules = crate::sql::diff_rules(dialect);
        let schema = sequence.schema.as_deref();
        let there = diff_rules.rename_sequence(schema, &sequence.name, to)?;
        let back = diff_rules.rename_sequence(schema, to, &sequence.name)?;
        Some(sql_change(key(sequence), dialect, &there, &back))
    }
}
