//! What a reader that is not ours sees of a database, and when two such sights are equal.

mod mariadb;
mod postgres;
mod sqlite;

use std::collections::{BTreeMap, BTreeSet};

pub use mariadb::see as mariadb;
pub use postgres::see as postgres;
pub use sqlite::see as sqlite;

/// What is seen of a database as a whole, rows aside.
pub fn whole(db: &crate::support::TestDb) -> Seen {
    match db.engine() {
        crate::support::Engine::Sqlite => sqlite::whole(db),
        crate::support::Engine::Postgres => postgres::whole(db),
        crate::support::Engine::Mariadb | crate::support::Engine::Mysql => mariadb::whole(db),
    }
}

/// A row: its values as text by column; no value for null.
pub type Row = BTreeMap<String, Option<String>>;

/// What is seen of a database, without the journal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// The statements that make its objects.
    pub objects: BTreeSet<String>,
    /// The rows of its tables.
    pub rows: BTreeMap<String, Vec<Row>>,
}

impl Seen {
    /// The one equality of schemas: what differs between two sights, or `None` if they are equal.
    ///
    /// Equal means equal by names. Every object counts with all that the foreign reader writes of it:
    /// tables with columns, types, defaults, collations and comments; constraints, indexes, views,
    /// routines, triggers, sequences, types, policies and rights. What does not count: the order of
    /// columns and constraints in a table, the order in which objects were made, internal numbers,
    /// where a sequence or counter stands, layout and comments of SQL, and the journal of `rev` itself.
    pub fn schema_difference(&self, other: &Seen) -> Option<String> {
        let gone = self.objects.difference(&other.objects).map(|text| marked('-', text));
        let come = other.objects.difference(&self.objects).map(|text| marked('+', text));
        let all: Vec<String> = gone.chain(come).collect();
        (!all.is_empty()).then(|| all.join("\n"))
    }

    /// The same without the lines that hold a part.
    #[must_use]
    pub fn without(&self, part: &Option<String>) -> Seen {
        let Some(part) = part else { return self.clone() };
        let kept = |object: &String| {
            let lines: Vec<&str> = object.lines().filter(|line| !line.contains(part)).collect();
            lines.join("\n")
        };
        Seen { objects: self.objects.iter().map(kept).collect(), rows: self.rows.clone() }
    }

    /// The same for rows: those of each table, by column name, whatever their order. `but` names
    /// tables, or `table.column`s, that do not count.
    pub fn row_difference(&self, other: &Seen, but: &[String]) -> Option<String> {
        let mut all = Vec::new();
        let tables: BTreeSet<&String> = self.rows.keys().chain(other.rows.keys()).collect();
        for table in tables {
            if but.contains(table) {
                continue;
            }
            let named = |column: &str| !but.contains(&format!("{table}.{column}"));
            let (before, after) = (projected(self, table, &named), projected(other, table, &named));
            if before != after {
                all.push(format!("rows of {table}\n- {before:?}\n+ {after:?}"));
            }
        }
        (!all.is_empty()).then(|| all.join("\n"))
    }

    /// The rows that were there and no longer are, by the columns that both have; new ones do not count.
    /// A table that is gone has nothing to say.
    pub fn lost_rows(&self, later: &Seen, but: &[String]) -> Option<String> {
        let mut all = Vec::new();
        for (table, rows) in &self.rows {
            let (Some(first), Some(now)) =
                (rows.first(), later.rows.get(table).and_then(|rows| rows.first()))
            else {
                if !rows.is_empty() && later.rows.contains_key(table) && !but.contains(table) {
                    all.push(format!("the rows of {table} are gone"));
                }
                continue;
            };
            if but.contains(table) {
                continue;
            }
            let common: BTreeSet<&String> = first
                .keys()
                .filter(|column| now.contains_key(*column))
                .filter(|column| !but.contains(&format!("{table}.{column}")))
                .collect();
            let named = |column: &str| common.iter().any(|name| *name == column);
            let (before, mut after) =
                (projected(self, table, &named), projected(later, table, &named));
            let lost = before.iter().filter(|row| {
                let at = after.iter().position(|other| other == *row);
                at.map(|at| after.swap_remove(at)).is_none()
            });
            let lost: Vec<_> = lost.collect();
            if !lost.is_empty() {
                all.push(format!("rows of {table}\n- {lost:?}\n+ {after:?}"));
            }
        }
        (!all.is_empty()).then(|| all.join("\n"))
    }
}

fn projected<'a>(
    seen: &'a Seen,
    table: &str,
    named: &dyn Fn(&str) -> bool,
) -> Vec<BTreeMap<&'a str, &'a Option<String>>> {
    let rows = seen.rows.get(table).map(Vec::as_slice).unwrap_or_default();
    let own = |row: &'a Row| -> BTreeMap<&'a str, &'a Option<String>> {
        row.iter()
            .filter(|(column, _)| named(column))
            .map(|(column, value)| (column.as_str(), value))
            .collect()
    };
    let mut rows: Vec<_> = rows.iter().map(own).collect();
    rows.sort();
    rows
}

fn marked(mark: char, text: &str) -> String {
    text.lines().map(|line| format!("{mark} {line}")).collect::<Vec<_>>().join("\n")
}

/// A dump's text with the body of each CREATE TABLE in the order of its lines' letters.
fn without_order(text: &str) -> String {
    let (mut out, mut body): (Vec<String>, Option<Vec<String>>) = (Vec::new(), None);
    for line in text.lines() {
        match &mut body {
            None => {
                let opens = line.starts_with("CREATE ") && line.contains("TABLE ");
                out.push(line.trim_end().to_owned());
                if opens && line.trim_end().ends_with('(') {
                    body = Some(Vec::new());
                }
            }
            Some(lines) if line.starts_with(')') => {
                lines.sort();
                out.append(lines);
                out.push(line.trim_end().to_owned());
                body = None;
            }
            Some(lines) => lines.push(line.trim_end().trim_end_matches(',').to_owned()),
        }
    }
    out.extend(body.unwrap_or_default());
    out.join("\n")
}

#[test]
fn the_order_of_columns_does_not_count() {
    let one = without_order("CREATE TABLE a.t (\n    b integer,\n    a text\n);\nx");
    let two = without_order("CREATE TABLE a.t (\n    a text,\n    b integer\n);\nx");
    assert_eq!(one, two);
    let row = |values: &[(&str, &str)]| -> Row {
        values.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned()))).collect()
    };
    let seen = |rows: Vec<Row>| Seen { rows: [("t".to_owned(), rows)].into(), ..Seen::default() };
    let before = seen(vec![row(&[("a", "1"), ("b", "2")]), row(&[("a", "3"), ("b", "4")])]);
    let after = seen(vec![row(&[("b", "4"), ("a", "3")]), row(&[("b", "2"), ("a", "1")])]);
    assert_eq!(before.row_difference(&after, &[]), None);
    let swapped = seen(vec![row(&[("a", "1"), ("b", "4")]), row(&[("a", "3"), ("b", "2")])]);
    assert!(before.row_difference(&swapped, &[]).is_some());
    assert_eq!(before.row_difference(&swapped, &["t.b".to_owned()]), None);
    let without = seen(vec![row(&[("a", "1"), ("c", "x")]), row(&[("a", "3"), ("c", "y")])]);
    assert_eq!(before.lost_rows(&without, &[]), None);
    assert!(before.lost_rows(&seen(vec![row(&[("a", "1")])]), &[]).is_some());
    assert!(before.lost_rows(&seen(vec![]), &[]).is_some());
}
