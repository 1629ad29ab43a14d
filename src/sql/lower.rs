//! Operations into statements.

use std::collections::BTreeSet;

use super::lowering::{Group, Lowered};
use super::refused;
use super::unsupported::Unsupported;
use super::{LowerError, Source, Statement, lowering};
use crate::model::operation::ObjectClass;
use crate::model::{Entry, Lines, Operation, Schema, SchemaMismatch, Sql, SqlSection, Task};
use crate::text::{self, Dialect, Effect, Kind, Piece};

/// Whether operations become statements only by what their tables are.
pub fn needs_schema(entries: &[Entry], dialect: Dialect) -> bool {
    entries
        .iter()
        .filter_map(|entry| entry.for_dialect(dialect))
        .any(|entries| entries.iter().any(|entry| lowering(dialect).needs_schema(&entry.operation)))
}

/// The schemas that operations name.
pub fn schemas(entries: &[Entry]) -> Vec<String> {
    let reads = entries.iter().flat_map(|entry| entry.operation.footprint().reads);
    let schemas = reads.filter(|object| object.class == ObjectClass::Schema);
    let schemas: BTreeSet<String> = schemas.map(|object| object.name).collect();
    schemas.into_iter().collect()
}

/// Refuses what a dialect cannot honour, whatever the schema.
///
/// # Errors
/// The first option that the dialect has no words for; SQL as in [`lower`].
pub fn check(entries: &[Entry], dialect: Dialect, file: &str) -> Result<(), LowerError> {
    for entry in entries {
        for entry in entries_for(entry, dialect, file)?.iter() {
            match &entry.operation {
                Operation::Sql(sql) => lower_sql(sql, dialect, file, &mut Vec::new())?,
                _ => {
                    if let Some(refusal) = refusal_of(entry, dialect) {
                        return Err(error(refusal, &entry.lines, file));
                    }
                }
            }
        }
    }
    Ok(())
}

/// The statements of the operations on a dialect. `schema` is what the first of them meets, and
/// afterwards what the last of them leaves.
///
/// # Errors
/// What the dialect cannot honour, or the schema contradicts; a table whose definition it takes and
/// that the schema does not know. SQL that cannot be split, nothing said for this dialect, transaction
/// control where `rev` itself keeps the transaction.
pub fn lower(
    entries: &[Entry],
    dialect: Dialect,
    file: &str,
    schema: &mut Schema,
) -> Result<Vec<Statement>, LowerError> {
    let mut statements = Vec::new();
    walk(entries, dialect, file, schema, Some(&mut statements))?;
    Ok(statements)
}

/// Changes a schema as the operations change a database. What they would take of a table that the
/// schema does not know stays unknown.
///
/// # Errors
/// As [`lower`], but for an unknown table.
pub fn replay(
    entries: &[Entry],
    dialect: Dialect,
    file: &str,
    schema: &mut Schema,
) -> Result<(), LowerError> {
    walk(entries, dialect, file, schema, None)
}

/// Refuses what operations say was there before, where it cannot be so: it would be the way back.
/// `schema` is what the first of them meets.
///
/// # Errors
/// A `was` that contradicts its operation or what is known by then; else as [`replay`].
pub fn check_was(
    entries: &[Entry],
    dialect: Dialect,
    file: &str,
    schema: &Schema,
) -> Result<(), LowerError> {
    let mut flat = Vec::with_capacity(entries.len());
    for entry in entries {
        flat.extend(entries_for(entry, dialect, file)?.into_owned());
    }
    if !flat.iter().any(|entry| entry.operation.has_was()) {
        return Ok(());
    }
    let mut schema = schema.clone();
    for entry in &flat {
        if let Some(mismatch) = entry.operation.check_was(&schema, dialect) {
            return Err(mismatch_at(mismatch, &entry.lines, file));
        }
        replay(std::slice::from_ref(entry), dialect, file, &mut schema)?;
    }
    Ok(())
}

/// Whether what a table is may say more of operations than they do themselves: [`check_live`] is then worth it.
pub fn has_live_checks(entries: &[Entry], dialect: Dialect) -> bool {
    entries.iter().filter_map(|entry| entry.for_dialect(dialect)).any(|entries| {
        entries.iter().any(|entry| {
            !matches!(entry.operation, Operation::CreateTable(_))
                && lowering(dialect).altered(&entry.operation).is_some()
        })
    })
}

/// Refuses what a server would refuse in the middle of a step for what its tables are, and where the `down` is
/// derived (`restores`) a column whose `was` does not bring back all that goes with it. `schema` is what a database
/// has, and afterwards what the operations leave; `mode` is what the session's mode says. Whether the operations fit it.
///
/// # Errors
/// What is refused, as far as the operations before it fit the schema.
pub fn check_live(
    entries: &[Entry],
    dialect: Dialect,
    file: &str,
    schema: &mut Schema,
    mode: &str,
    restores: bool,
) -> Result<bool, LowerError> {
    for entry in entries {
        for entry in entries_for(entry, dialect, file)?.iter() {
            if restores
                && matches!(entry.operation, Operation::DropColumn(_))
                && let Some(mismatch) = entry.operation.check_was(schema, dialect)
            {
                return Err(mismatch_at(mismatch, &entry.lines, file));
            }
            let table = |schema: &Schema| {
                let (own, name) = lowering(dialect).altered(&entry.operation)?;
                Some(schema.table(dialect, own, name)?.1.definition.clone())
            };
            let before = table(schema);
            if replay(std::slice::from_ref(entry), dialect, file, schema).is_err() {
                return Ok(false);
            }
            let refused = lowering(dialect).refuse_live(
                &entry.operation,
                before.as_ref(),
                table(schema).as_ref(),
                mode,
            );
            if let Some(refusal) = refused {
                return Err(error(refusal, &entry.lines, file));
            }
        }
    }
    Ok(true)
}

/// Goes through the operations in groups that become statements together.
fn walk(
    entries: &[Entry],
    dialect: Dialect,
    file: &str,
    schema: &mut Schema,
    mut statements: Option<&mut Vec<Statement>>,
) -> Result<(), LowerError> {
    let mut flat = Vec::with_capacity(entries.len());
    for entry in entries {
        flat.extend(entries_for(entry, dialect, file)?.into_owned());
    }
    let mut rest = flat.as_slice();
    while let Some(first) = rest.first() {
        if let Operation::Sql(sql) = &first.operation {
            let mut own = Vec::new();
            lower_sql(sql, dialect, file, &mut own)?;
            for statement in &own {
                schema.invalidate_referenced(dialect, &statement.sql);
            }
            statements.iter_mut().for_each(|statements| statements.append(&mut own));
            rest = &rest[1..];
            continue;
        }
        // Only what stands before the next SQL can go together.
        let typed = rest.iter().take_while(|entry| !matches!(entry.operation, Operation::Sql(_)));
        let (typed, behind) = rest.split_at(typed.count());
        let walked = walk_typed(typed, dialect, file, schema, statements.as_deref_mut());
        let lacks_text = |entry: &Entry| refused::missing_text(&entry.operation, dialect).is_some();
        if walked.is_err() || typed.iter().any(lacks_text) {
            // The first that is refused is told, in the order of the file.
            for entry in typed {
                if let Some(refusal) = refusal_of(entry, dialect) {
                    return Err(error(refusal, &entry.lines, file));
                }
            }
        }
        walked?;
        rest = behind;
    }
    Ok(())
}

/// Goes through operations none of which is SQL.
fn walk_typed(
    entries: &[Entry],
    dialect: Dialect,
    file: &str,
    schema: &mut Schema,
    mut statements: Option<&mut Vec<Statement>>,
) -> Result<(), LowerError> {
    let mut rest = entries;
    while !rest.is_empty() {
        let group = match lowering(dialect).lower(rest, schema) {
            Err(refusal) if statements.is_none() && refusal.unknown.is_some() => {
                Group::one(Vec::new())
            }
            group => group.map_err(|refusal| {
                let lines = lines_of(rest, &refusal.path);
                error(refusal, lines, file)
            })?,
        };
        let (own, behind) = rest.split_at(group.taken);
        let mut declared = Effect::default();
        for entry in own {
            // Nobody asks for it where the operations are only replayed.
            if statements.is_some() {
                declared = declared.max(entry.operation.effect(schema, dialect));
            }
            apply(entry, dialect, file, schema)?;
        }
        if let Some(statements) = &mut statements {
            let lowered = group.statements.into_iter();
            statements.extend(lowered.map(|lowered| {
                let lines = lines_of(own, &lowered.path);
                let statement = statement(lowered, lines, dialect, file);
                Statement { effect: statement.effect.max(declared), ..statement }
            }));
        }
        if let Some(kept) = group.kept {
            kept.put(schema);
        }
        rest = behind;
    }
    Ok(())
}

fn apply(
    entry: &Entry,
    dialect: Dialect,
    file: &str,
    schema: &mut Schema,
) -> Result<(), LowerError> {
    let applied = entry.operation.apply(schema, dialect);
    applied.map_err(|mismatch| mismatch_at(mismatch, &entry.lines, file))
}

fn mismatch_at(mismatch: SchemaMismatch, lines: &Lines, file: &str) -> LowerError {
    let at = Source { file: file.to_owned(), line: lines.of(&mismatch.path) };
    LowerError { message: mismatch.message, at, hint: mismatch.hint, unknown: None }
}

/// What is refused of an operation whatever the schema: a text that says nothing for the dialect, what
/// the dialect cannot honour.
fn refusal_of(entry: &Entry, dialect: Dialect) -> Option<Unsupported> {
    let refusal = || lowering(dialect).refuse(entry);
    refused::missing_text(&entry.operation, dialect).or_else(refusal)
}

/// The entries that the dialect runs in the place of one.
fn entries_for<'a>(
    entry: &'a Entry,
    dialect: Dialect,
    file: &str,
) -> Result<std::borrow::Cow<'a, [Entry]>, LowerError> {
    entry.for_dialect(dialect).ok_or_else(|| LowerError {
        message: format!("by_dialect has no entry for {dialect}"),
        at: Source { file: file.to_owned(), line: entry.lines.own() },
        hint: Some(format!("add `{dialect}: []` if there is nothing to do on it")),
        unknown: None,
    })
}

/// The lines of the operation that a path begins with, of those that go together: at least one.
fn lines_of<'a>(typed: &'a [Entry], path: &str) -> &'a Lines {
    let kind = path.split('.').next().unwrap_or_default();
    let named = typed.iter().find(|entry| entry.operation.kind() == kind);
    &named.unwrap_or(&typed[0]).lines
}

/// What a statement or a task does, as far as its words tell.
pub fn effect(dialect: Dialect, sql: &str, task: Option<&Task>) -> Effect {
    match task {
        None => text::effect(dialect, sql),
        Some(Task::Assert(_)) => Effect::Additive,
        Some(Task::Backfill(_)) => Effect::Data,
        Some(Task::Program(_)) => Effect::Unknown,
    }
}

fn statement(lowered: Lowered, lines: &Lines, dialect: Dialect, file: &str) -> Statement {
    let Lowered { sql, path, transactional, task, no_worse } = lowered;
    let source = Source { file: file.to_owned(), line: lines.of(&path) };
    let effect = match no_worse {
        true => Effect::Additive,
        false => effect(dialect, &sql, task.as_ref()),
    };
    Statement { sql, source, transactional, copy_data: None, task, effect }
}

fn error(refusal: Unsupported, lines: &Lines, file: &str) -> LowerError {
    let Unsupported { path, message, hint, unknown } = refusal;
    let at = Source { file: file.to_owned(), line: lines.of(&path) };
    LowerError { message, at, hint, unknown: unknown.map(Box::new) }
}

fn lower_sql(
    sql: &Sql,
    dialect: Dialect,
    file: &str,
    statements: &mut Vec<Statement>,
) -> Result<(), LowerError> {
    let at = |line| Source { file: file.to_owned(), line };
    let Some(section) = sql.section(dialect) else {
        return Err(LowerError {
            message: format!("the SQL has no entry for {dialect}"),
            at: at(sql.sections.first().map_or(1, |section| section.line)),
            hint: Some(format!(
                "add a section for {dialect}, an empty one if there is nothing to do"
            )),
            unknown: None,
        });
    };
    let line = |line: usize| section.line + line - 1;
    let pieces = text::split(dialect, &section.text).map_err(|error| LowerError {
        message: error.message,
        at: at(line(error.line)),
        hint: error.hint,
        unknown: None,
    })?;
    let is_marked = !section.transactional || !super::dialect(dialect).transactional_ddl();
    // Whether the statement before shares a transaction with what takes its result.
    let mut shares = false;
    for piece in pieces {
        let source = at(line(piece.line));
        let takes = is_marked && text::takes_last_result(dialect, &piece.sql);
        if takes && !shares {
            return Err(LowerError {
                message: "this takes the result of the statement before it, and the journal marks that one \
                          in between"
                    .to_owned(),
                at: source,
                hint: Some(
                    "right behind an INSERT, UPDATE, DELETE or REPLACE it works; else put both into one \
                     statement or a procedure"
                        .to_owned(),
                ),
                unknown: None,
            });
        }
        shares = takes || text::kind(dialect, &piece.sql) == Kind::Dml;
        if let Some((message, hint)) = refusal(section, dialect, &piece) {
            let hint = Some(hint.to_owned());
            return Err(LowerError { message, at: source, hint, unknown: None });
        }
        statements.push(Statement {
            effect: text::effect(dialect, &piece.sql),
            sql: piece.sql,
            source,
            transactional: section.transactional,
            copy_data: piece.copy_data,
            task: None,
        });
    }
    Ok(())
}

const LEAVE_IT_OUT: &str = "omit it";

/// Why a statement cannot run where `rev` itself begins and commits, and what to do.
fn refusal(
    section: &SqlSection,
    dialect: Dialect,
    piece: &Piece,
) -> Option<(String, &'static str)> {
    let (message, hint) = match text::kind(dialect, &piece.sql) {
        Kind::Dml | Kind::Other => return None,
        Kind::TransactionControl(words) if section.transactional => (
            format!("{words} would end or change the transaction that holds this step"),
            "omit it; if the statements must run each by itself, make it `no-transaction` \
             (in YAML `transaction: none`)",
        ),
        // A transaction of the file's own would hold back the marks of its statements: if it were
        // rolled back, or the program died in it, the journal would not say what had run.
        Kind::TransactionControl(words) => (
            format!("{words} would break the journal's record of each statement"),
            "omit it: each statement here commits by itself, together with its journal row; \
             statements that belong together need a revision with a transaction",
        ),
        Kind::Savepoint(words) if !section.transactional => {
            (format!("{words} needs a transaction"), LEAVE_IT_OUT)
        }
        Kind::Savepoint(words) if !super::dialect(dialect).transactional_ddl() => (
            format!("{words} needs a transaction: on {dialect} each statement commits by itself"),
            LEAVE_IT_OUT,
        ),
        Kind::Savepoint(_) => return None,
    };
    Some((message, hint))
}
