//! A change of a column that takes a rebuild of its table.

use serde_json::Value;

use super::change::{Change, unreadable};
use crate::model::ByDialect;
use crate::model::operation::{AlterColumn, DefaultValue, Generated};
use crate::sql::clauses::{bracketed, text_for};
use crate::sql::sqlite::clauses::{SQLITE, id, mismatch};
use crate::sql::sqlite::column;
use crate::sql::unsupported::Unsupported;
use crate::text::sqlite_table::{ColumnRuleKind, ColumnSql, same};

/// Changes all but the name.
pub(in crate::sql::sqlite) fn change(
    change: &mut Change<'_>,
    alter: &AlterColumn,
) -> Result<(), Unsupported> {
    let state = change.state("alter_column.table")?;
    let before = state.now.text();
    let strict = state.now.strict;
    let numbered = state.now.autoincrement();
    let alias = state.now.rowid_alias().is_some_and(|own| same(own, &alter.column));
    let Some(own) = state.now.column_mut(&alter.column) else {
        return Err(state.no_column(&alter.column, "alter_column.column"));
    };
    let name = own.name.clone();
    let mut value = None;
    if let Some(type_) = &alter.change.type_ {
        let type_ = column::type_name(type_, strict, "alter_column.type")?;
        if alias && numbered && !same(&type_, "integer") {
            let message = format!("{name} is the autoincrement key, and so has to be an integer");
            let hint = "drop the primary key first, with drop_constraint";
            return Err(mismatch("alter_column.type", message, Some(hint)));
        }
        own.set_type(&type_);
    }
    if let Some(using) = &alter.change.using {
        value = Some(bracketed(text_for(using, SQLITE, "alter_column.using")?));
    }
    match alter.change.nullable {
        Some(true) => {
            own.drop_rules(|rule| matches!(rule.kind, ColumnRuleKind::NotNull));
        }
        Some(false) if own.rule(|kind| matches!(kind, ColumnRuleKind::NotNull)).is_none() => {
            own.drop_rules(|rule| matches!(rule.kind, ColumnRuleKind::Null));
            own.push_rule("NOT NULL").map_err(unreadable("alter_column.nullable"))?;
        }
        _ => {}
    }
    if let Some(default) = &alter.change.default {
        own.drop_rules(|rule| matches!(rule.kind, ColumnRuleKind::Default(_)));
        if *default != DefaultValue::Literal(Value::Null) {
            let path = "alter_column.default";
            let type_ = match &alter.change.type_ {
                Some(type_) => type_.clone(),
                None => ByDialect::Each(vec![(SQLITE, own.type_.clone())]),
            };
            let text = column::default(default, &type_, path)?;
            own.push_rule(&format!("DEFAULT {text}")).map_err(unreadable(path))?;
        }
    }
    if let Some(collation) = &alter.change.collation {
        let path = "alter_column.collation";
        let collation = id(text_for(collation, SQLITE, path)?);
        own.drop_rules(|rule| matches!(rule.kind, ColumnRuleKind::Collate(_)));
        // What SQLite takes where nothing is said need not be said.
        if !same(&collation, "binary") {
            own.push_rule(&format!("COLLATE {collation}")).map_err(unreadable(path))?;
        }
    }
    if let Some(generated) = &alter.change.generated {
        let was = own.drop_rules(|rule| matches!(rule.kind, ColumnRuleKind::Generated { .. }));
        if let Some(expression) = generated {
            push_generated(own, expression)?;
        } else if was && value.is_none() {
            value = Some(id(&name));
        }
    }
    let is_generated = own.is_generated();
    if alter.change.first || alter.change.after.is_some() {
        let after = alter.change.after.as_deref();
        if after.is_some_and(|after| same(after, &name)) {
            let message = format!("{name} cannot be placed after itself");
            return Err(mismatch("alter_column.after", message, None));
        }
        let from = state.now.position(&name).unwrap_or_default();
        let place = state.place(alter.change.first, after, "alter_column.after")?;
        let to = place.unwrap_or(from);
        // Taken out, it leaves those behind it one place further to the front.
        state.now.move_column(from, if from < to { to - 1 } else { to });
    }
    if is_generated {
        state.copies.retain(|(copied, _)| !same(copied, &name));
    }
    let is_new = value.is_some();
    if let Some(value) = value {
        match state.copies.iter_mut().find(|(copied, _)| same(copied, &name)) {
            Some((_, old)) => *old = value,
            // A column that has come with an operation before has no old values.
            None if state.before.column(&name).is_some() => state.copies.push((name, value)),
            None => {}
        }
    }
    if is_new || state.now.text() != before {
        change.needs_rebuild("alter_column");
    }
    Ok(())
}

fn push_generated(column: &mut ColumnSql, expression: &Generated) -> Result<(), Unsupported> {
    let path = "alter_column.generated";
    column.drop_rules(|rule| matches!(rule.kind, ColumnRuleKind::Default(_)));
    column.push_rule(&column::generated(expression, path)?).map_err(unreadable(path))
}
