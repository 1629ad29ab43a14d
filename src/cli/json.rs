//! The shapes of `--json`, the same in every command. A missing value is null.

use serde_json::{Value, json};

use revdag::Interruption;
use revdag::model::Id;
use revdag::verb::{Position, RevisionView, Step};

/// A revision.
pub fn revision(view: &RevisionView) -> Value {
    json!({
        "revision": view.header.id.as_str(),
        "parents": ids(&view.header.parents),
        "depends_on": ids(&view.header.depends_on),
        "labels": view.labels,
        "message": view.header.message,
        "created": view.header.created.as_ref().map(|created| created.text.as_str()),
        "path": view.path,
        "head": view.head,
        "base": view.base(),
        "merge": view.merge(),
        "branch_point": view.branch_point,
    })
}

/// Revisions, in their order.
pub fn revisions(views: &[RevisionView]) -> Value {
    views.iter().map(revision).collect()
}

/// Where a database is.
pub fn current(
    database: &str,
    heads: &[Id],
    missing: &[Id],
    applied: usize,
    pending: usize,
) -> Value {
    json!({
        "database": database,
        "heads": ids(heads),
        "missing": ids(missing),
        "applied": applied,
        "pending": pending,
    })
}

/// A step that has begun and not ended.
pub fn interruption(step: &Interruption) -> Value {
    json!({
        "revision": step.revision.as_str(),
        "direction": step.direction.name(),
        "done": step.done,
        "total": step.total,
        "open": step.open,
        "rows": step.batches.as_ref().map(|(rows, _)| rows),
        "key": step.batches.as_ref().map(|(_, key)| key),
        "failed": step.failed,
        "aborting": step.is_abort,
    })
}

/// Where a database is that was compared as it is.
pub fn position(position: &Position) -> Value {
    let Position { database, pending, differences, interrupted } = position;
    json!({
        "database": database,
        "at_heads": position.is_at_heads(),
        "pending": ids(pending),
        "missing": ids(&differences.gaps),
        "moved": ids(&differences.moved),
        "edited": ids(&differences.edited),
        "unknown": ids(&differences.unknown),
        "interrupted": interrupted.as_ref().map(interruption),
    })
}

/// A plan, before or after it ran.
pub fn plan(database: &str, heads_before: &[Id], heads_after: &[Id], steps: &[Step]) -> Value {
    let steps: Vec<Value> = steps
        .iter()
        .map(|step| {
            json!({
                "direction": step.direction.name(),
                "revision": step.revision.as_str(),
                "message": step.message,
                "effect": step.effect.name(),
            })
        })
        .collect();
    json!({
        "database": database,
        "heads_before": ids(heads_before),
        "heads_after": ids(heads_after),
        "steps": steps,
    })
}

/// Revisions, by their ids.
pub fn ids(ids: &[Id]) -> Vec<&str> {
    ids.iter().map(Id::as_str).collect()
}
