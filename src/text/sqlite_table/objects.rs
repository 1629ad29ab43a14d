//! SQLite's CREATE VIEW and CREATE TRIGGER as values.

use super::ReadError;
use super::read::Reader;

/// A CREATE VIEW.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewSql {
    /// The names of its columns, where it gives them.
    pub columns: Vec<String>,
    /// The SELECT behind it.
    pub query: String,
}

/// When a trigger fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggerTiming {
    /// Before the change, which is so where nothing is said.
    Before,
    /// After the change.
    After,
    /// In its place.
    InsteadOf,
}

/// What fires a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TriggerChange {
    /// A new row.
    Insert,
    /// A row that goes.
    Delete,
    /// A changed row, of these columns; none: any.
    Update(Vec<String>),
}

/// A CREATE TRIGGER.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriggerSql {
    /// When it fires.
    pub timing: TriggerTiming,
    /// What fires it.
    pub change: TriggerChange,
    /// The condition.
    pub when: Option<String>,
    /// `BEGIN … END`.
    pub body: String,
}

impl ViewSql {
    /// Reads a statement.
    ///
    /// # Errors
    /// It is no CREATE VIEW.
    pub fn read(sql: &str) -> Result<ViewSql, ReadError> {
        let mut reader = begin(sql, "VIEW")?;
        let mut columns = Vec::new();
        if reader.symbol_ahead("(") {
            columns = names(&mut reader)?;
        }
        reader.word("AS")?;
        Ok(ViewSql { columns, query: rest(&reader, sql) })
    }
}

impl TriggerSql {
    /// Reads a statement.
    ///
    /// # Errors
    /// It is no CREATE TRIGGER.
    pub fn read(sql: &str) -> Result<TriggerSql, ReadError> {
        let mut reader = begin(sql, "TRIGGER")?;
        let timing = if reader.take("AFTER") {
            TriggerTiming::After
        } else if reader.take("INSTEAD") {
            reader.word("OF")?;
            TriggerTiming::InsteadOf
        } else {
            reader.take("BEFORE");
            TriggerTiming::Before
        };
        let change = if reader.take("INSERT") {
            TriggerChange::Insert
        } else if reader.take("DELETE") {
            TriggerChange::Delete
        } else {
            reader.word("UPDATE")?;
            let mut columns = Vec::new();
            if reader.take("OF") {
                columns.push(reader.name()?);
                while reader.symbol_ahead(",") {
                    reader.symbol(",")?;
                    columns.push(reader.name()?);
                }
            }
            TriggerChange::Update(columns)
        };
        reader.word("ON")?;
        name(&mut reader)?;
        if reader.take("FOR") {
            reader.word("EACH")?;
            reader.word("ROW")?;
        }
        let mut when = None;
        if reader.take("WHEN") {
            let from = reader.start();
            // A condition has no BEGIN of its own, unless as a quoted name.
            while reader.peek().is_some() && !reader.ahead("BEGIN") {
                reader.next();
            }
            when = Some(sql[from..reader.start()].trim().to_owned());
        }
        if !reader.ahead("BEGIN") {
            return reader.unexpected();
        }
        Ok(TriggerSql { timing, change, when, body: rest(&reader, sql) })
    }
}

/// `CREATE WHAT [IF NOT EXISTS] name`.
fn begin<'a>(sql: &'a str, what: &str) -> Result<Reader<'a>, ReadError> {
    let mut reader = Reader::new(sql);
    reader.word("CREATE")?;
    let _ = reader.take("TEMP") || reader.take("TEMPORARY");
    reader.word(what)?;
    if reader.take("IF") {
        reader.word("NOT")?;
        reader.word("EXISTS")?;
    }
    name(&mut reader)?;
    Ok(reader)
}

/// A name, behind its schema if it says one.
fn name(reader: &mut Reader<'_>) -> Result<(), ReadError> {
    reader.name()?;
    if reader.symbol_ahead(".") {
        reader.symbol(".")?;
        reader.name()?;
    }
    Ok(())
}

fn names(reader: &mut Reader<'_>) -> Result<Vec<String>, ReadError> {
    reader.symbol("(")?;
    let mut names = vec![reader.name()?];
    while reader.symbol_ahead(",") {
        reader.symbol(",")?;
        names.push(reader.name()?);
    }
    reader.symbol(")")?;
    Ok(names)
}

fn rest(reader: &Reader<'_>, sql: &str) -> String {
    sql[reader.start()..].trim_end().trim_end_matches(';').trim_end().to_owned()
}
