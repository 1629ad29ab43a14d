//! What a plan meets in the database, where only what its tables are can tell that a step fails in its middle, or
//! drops what its `down` does not bring back.

use std::borrow::Cow;

use crate::graph::Plan;
use crate::model::{Direction, Down, Entry};
use crate::sql;
use crate::store::Store;

use super::{Database, Error};

/// A step by what its file says.
struct Step {
    file: String,
    entries: Vec<Entry>,
    /// Its way down is derived, and has to restore what is dropped.
    restores: bool,
}

/// Refuses what the server would refuse in the middle of a step, or what does not come back, by what the tables are
/// now and the steps make of them. Only where the dialect has such checks.
///
/// # Errors
/// The first of it; a schema that cannot be read.
pub(super) async fn refuse_by_tables(
    store: &Store,
    database: &mut Database,
    plan: &Plan,
) -> Result<(), Error> {
    let dialect = database.connection.dialect();
    // No other dialect has such checks, and none of their files are read for nothing.
    let Some(mode_query) = sql::dialect(dialect).session_mode() else { return Ok(()) };
    let mut steps = Vec::new();
    for step in &plan.steps {
        // What only the journal holds has become statements long ago.
        if store.file(&step.revision).is_none() {
            break;
        }
        let revision = store.revision(&step.revision)?;
        let entries = match step.direction {
            Direction::Up => Cow::Borrowed(revision.up.as_slice()),
            Direction::Down => match revision.way_down_on(dialect) {
                Ok(entries) => entries,
                Err(_) => break,
            },
        };
        steps.push(Step {
            entries: entries.into_owned(),
            restores: step.direction == Direction::Up && revision.down == Down::Derived,
            file: revision.file,
        });
    }
    let is_told = |step: &Step| sql::has_live_checks(&step.entries, dialect);
    let Some(last) = steps.iter().rposition(is_told) else { return Ok(()) };
    let steps = &steps[..=last];
    let schemas: Vec<String> = steps.iter().flat_map(|step| sql::schemas(&step.entries)).collect();
    let mut schema = database.connection.read_schema(&schemas).await?;
    let rows = database.connection.query(mode_query).await?;
    let mode = rows.into_iter().flatten().flatten().next().unwrap_or_default();
    for Step { file, entries, restores } in steps {
        let fits = sql::check_live(entries, dialect, file, &mut schema, &mode, *restores)?;
        // What does not fit is told by the plan or the step itself.
        if !fits {
            return Ok(());
        }
    }
    Ok(())
}
