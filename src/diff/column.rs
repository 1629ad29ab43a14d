//! The changes of a column that stays.

use serde_json::Value;

use crate::model::operation::{
    AddColumn, Column, ColumnChange, DefaultValue, DropColumn, TableDefinition,
};
use crate::model::{ByDialect, ObjectKey, Operation, ServerDefaults, SqlText};
use crate::sql;
use crate::text;

use super::dependents::alter;
use super::equal::nullable;
use super::objects::reversible;
use super::planner::Planner;

impl Planner<'_> {
    /// What the database takes where neither the column nor the table says anything.
    fn database_default(&self, part: fn(&ServerDefaults) -> &String) -> Option<String> {
        Some(part(&self.to.defaults)).filter(|own| !own.is_empty()).cloned()
    }

    pub(super) fn alter_column(
        &mut self,
        key: &ObjectKey,
        before: &Column,
        after: &Column,
        table: &TableDefinition,
    ) {
        let (same, dialect) = (self.same, self.options.dialect);
        if same.column(before, after) {
            return;
        }
        let (mut to, mut was) = (ColumnChange::default(), ColumnChange::default());
        let mut destroys = None;
        let said = |text: &SqlText| text.get(dialect).cloned().unwrap_or_default();
        let diff_rules = sql::diff_rules(dialect);
        if !same.text(&before.type_, &after.type_) {
            let (old, new) = (said(&before.type_), said(&after.type_));
            let using = |from: &str, to: &str| {
                diff_rules
                    .conversion(from, to, &before.name)
                    .map(|sql| ByDialect::Each(vec![(dialect, sql)]))
            };
            to.using = using(&old, &new);
            was.using = using(&new, &old);
            if !text::widens(dialect, &old, &new) && !self.comes_back(key, after) {
                destroys = Some(format!(
                    "values of {}.{} that {new} does not hold",
                    key.name, before.name
                ));
            }
            to.type_ = Some(after.type_.clone());
            was.type_ = Some(before.type_.clone());
        }
        if nullable(before) != nullable(after) {
            to.nullable = Some(nullable(after));
        }
        if !same.default(before.default.as_ref(), after.default.as_ref()) {
            let or_null = |default: &Option<DefaultValue>| {
                Some(default.clone().unwrap_or(DefaultValue::Literal(Value::Null)))
            };
            to.default = or_null(&after.default);
            was.default = or_null(&before.default);
        }
        if before.identity != after.identity {
            to.identity = Some(after.identity.clone());
            was.identity = Some(before.identity.clone());
            if after.identity.is_none() {
                let place = format!("the position of {}.{}", key.name, before.name);
                destroys = Some(match destroys {
                    Some(values) => format!("{values}, and {place}"),
                    None => place,
                });
            }
        }
        if before.generated.is_some() && after.generated.is_none() {
            self.no_longer_generated(key, before);
        }
        if !same.given(before.collation.as_ref(), after.collation.as_ref()) {
            let usual = diff_rules.default_collation().map(str::to_owned);
            let usual = usual.or_else(|| table.options.collation.clone());
            let usual = usual.or_else(|| self.database_default(|own| &own.collation));
            let named = |collation: &Option<SqlText>| {
                collation.clone().or_else(|| Some(ByDialect::Each(vec![(dialect, usual.clone()?)])))
            };
            to.collation = named(&after.collation);
            was.collation = named(&before.collation);
        }
        if before.charset != after.charset {
            let named = |charset: &Option<String>| {
                let of_table = charset.clone().or_else(|| table.options.charset.clone());
                of_table.or_else(|| self.database_default(|own| &own.charset))
            };
            to.charset = named(&after.charset);
            was.charset = named(&before.charset);
        }
        if before.autoincrement != after.autoincrement {
            to.autoincrement = Some(after.autoincrement);
            was.autoincrement = Some(before.autoincrement);
        }
        if !same.given(before.on_update.as_ref(), after.on_update.as_ref()) {
            to.on_update = Some(after.on_update.clone());
            was.on_update = Some(before.on_update.clone());
        }
        if before.comment != after.comment {
            to.comment = Some(after.comment.clone());
            was.comment = Some(before.comment.clone());
        }
        let others = [
            ("whether it is invisible", before.invisible != after.invisible),
            ("how it is compressed", before.compression != after.compression),
            ("how it is stored", before.storage != after.storage),
            ("what the server says beside of it", !same.beyond_column(before, after)),
            ("what it checks itself", !same.given(before.check.as_ref(), after.check.as_ref())),
        ];
        for (what, _) in others.iter().filter(|(_, differs)| *differs) {
            self.skipped(
                key,
                format!("{what} differs for {}.{}", key.name, before.name),
                "change it in SQL: no operation supports it",
            );
        }
        if to != ColumnChange::default() {
            let alter = alter(key, before, to, was);
            self.push(key, reversible(alter), destroys);
        }
    }
}

impl Planner<'_> {
    /// A column that was worked out keeps its values as one like others. Where a column cannot become one
    /// that is worked out again, the way back drops it and adds it anew: nothing of it is lost.
    fn no_longer_generated(&mut self, key: &ObjectKey, before: &Column) {
        let (schema, table) = (key.name.schema.clone(), key.name.name.clone());
        let generated =
            |generated| ColumnChange { generated: Some(generated), ..Default::default() };
        let (to, was) = (generated(None), generated(before.generated.clone()));
        let (operation, mut reverse) = reversible(alter(key, before, to, was));
        if !reverse.iter().all(|back| self.can(back)) {
            reverse = vec![
                Operation::DropColumn(DropColumn {
                    schema: schema.clone(),
                    table: table.clone(),
                    column: before.name.clone(),
                    if_exists: false,
                    cascade: false,
                    was: None,
                }),
                Operation::AddColumn(AddColumn {
                    schema,
                    table,
                    column: before.clone(),
                    if_not_exists: false,
                    after: None,
                    first: false,
                }),
            ];
        }
        self.push(key, (operation, reverse), None);
    }
}
