//! What failed on a scratch database, or before one was there.

use revdag::{SchemaProgram, StepError, Unloadable};

use super::{Report, db_report, line_and_column, report, step_report};

const UNCHANGED: &str = "this was a scratch database; nothing else was changed";

/// A revision that failed.
pub(super) fn replay_report(step: &StepError) -> Report {
    let said = db_report(&step.error).hint;
    let hint = "correct the file: the revision does not run on a new database";
    Report {
        kind: "replay",
        state: Some(UNCHANGED.to_owned()),
        hint: said.or_else(|| Some(hint.to_owned())),
        ..step_report(step)
    }
}

/// A statement of a desired schema that failed.
pub(super) fn unloadable_report(error: &Unloadable) -> Report {
    let said = db_report(&error.error);
    let (line, column) = match said.position {
        Some(position) => {
            let (line, column) = line_and_column(&error.sql, position);
            (error.source.line + line, Some(column + 1))
        }
        None => (error.source.line, None),
    };
    Report {
        kind: "desired_schema",
        message: format!("the desired schema does not load: {}", said.message),
        file: Some(error.source.file.clone()),
        line: Some(line),
        column,
        statement: Some(error.sql.clone()),
        state: Some(UNCHANGED.to_owned()),
        hint: said.hint.clone().or_else(|| Some("correct the models".to_owned())),
        ..said
    }
}

/// A statement of `seed` that failed.
pub(super) fn seed_report(error: &Unloadable) -> Report {
    let said = db_report(&error.error);
    Report {
        kind: "seed",
        message: format!("the rows of `seed` do not load: {}", said.message),
        hint: said.hint.or_else(|| {
            let hint = "correct the file: it is loaded where the branches to merge begin";
            Some(hint.to_owned())
        }),
        ..unloadable_report(error)
    }
}

/// A program that did not print a desired schema.
pub(super) fn program_report(error: &SchemaProgram) -> Report {
    Report {
        file: Some("store.yaml".to_owned()),
        line: Some(error.line),
        details: match error.said.is_empty() {
            true => Vec::new(),
            false => vec![format!("output:\n{}", error.said.join("\n"))],
        },
        state: Some("nothing was changed".to_owned()),
        hint: Some(error.hint.clone()),
        ..report("schema_program", &error.message)
    }
}
