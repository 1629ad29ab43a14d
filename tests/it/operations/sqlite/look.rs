//! What a file holds, as `sqlite3` tells it.

use std::collections::BTreeMap;

use revdag::internals::text::{Dialect, tokens};
use revdag::model::{Schema, StoredDdl};

use crate::support::TestDb;

/// Everything in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    /// The statements of all objects by kind and name.
    pub(super) objects: BTreeMap<String, String>,
    /// The rows of all tables, each value as SQLite quotes it, the rowid in front where there is one.
    pub(super) rows: BTreeMap<String, Vec<Vec<String>>>,
}

impl Look {
    pub(super) fn at(db: &TestDb) -> Look {
        let mut objects = BTreeMap::new();
        for row in db.query(
            "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema \
             WHERE name NOT LIKE 'sqlite_autoindex_%' ORDER BY 1",
        ) {
            objects.insert(row[0].clone(), row[1].clone());
        }
        // One question gives the questions for the rows.
        let questions = db.query(
            "SELECT t.name, 'SELECT ' || CASE WHEN t.wr OR t.name = 'sqlite_sequence' THEN '''''' ELSE '_rowid_' END || \
             (SELECT group_concat(', quote(\"' || replace(x.name, '\"', '\"\"') || '\")', '') \
              FROM pragma_table_xinfo(t.name) x) || ' FROM \"' || replace(t.name, '\"', '\"\"') \
              || '\" ORDER BY 1, 2' FROM pragma_table_list t \
             WHERE t.schema = 'main' AND t.type = 'table' AND t.name <> 'sqlite_schema' ORDER BY 1",
        );
        let rows = questions.into_iter().map(|row| (row[0].clone(), db.query(&row[1]))).collect();
        Look { objects, rows }
    }

    /// The statement of an object.
    #[track_caller]
    pub(super) fn sql(&self, object: &str) -> &str {
        self.objects.get(object).unwrap_or_else(|| panic!("{object}: {:#?}", self.objects))
    }

    /// As it is, but for the layout and the quotes of the statements.
    pub(super) fn meaning(&self) -> Look {
        let objects = self.objects.iter().map(|(name, sql)| (name.clone(), meant(sql)));
        Look { objects: objects.collect(), rows: self.rows.clone() }
    }
}

/// A statement's words, names without their quotes.
pub(super) fn meant(sql: &str) -> String {
    let words = tokens(Dialect::Sqlite, sql).into_iter().map(|token| {
        let plain = token.text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        plain.unwrap_or(token.text).to_lowercase()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether what was worked out is what is there, as far as lowering rests on it.
#[track_caller]
pub(super) fn assert_alike(worked_out: &Schema, real: &Schema) {
    let tables = |schema: &Schema| -> BTreeMap<String, Option<String>> {
        let tables = schema.tables.iter();
        tables.map(|(key, table)| (key.name.clone(), table.sql.as_deref().map(meant))).collect()
    };
    let (known, mut there) = (tables(worked_out), tables(real));
    // What only the database can tell is not claimed.
    if !worked_out.complete {
        there.retain(|name, _| known.contains_key(name));
    }
    assert_eq!(known, there);
    let stored = |all: &[StoredDdl], known: &BTreeMap<String, Option<String>>| {
        let mut all: Vec<_> = all
            .iter()
            .filter(|one| one.table.as_ref().is_none_or(|table| known.contains_key(&table.name)))
            .map(|one| (one.name.name.clone(), one.sql.as_deref().map(meant)))
            .collect();
        all.sort();
        all
    };
    assert_eq!(stored(&worked_out.indexes, &known), stored(&real.indexes, &known), "indexes");
    assert_eq!(stored(&worked_out.triggers, &known), stored(&real.triggers, &known), "triggers");
    let names = |all: &[StoredDdl]| {
        let mut names: Vec<_> = all.iter().map(|one| one.name.name.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&worked_out.views), names(&real.views), "views");
}
