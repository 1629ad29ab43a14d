//! MariaDB and MySQL through `mariadb-dump` and `mysqldump` (SHOW CREATE of everything), `mariadb` and `mysql`.

use std::collections::BTreeMap;

use super::{Row, Seen, without_order};
use crate::support::ground::Place;
use crate::support::{Output, TestDb};

/// What is seen of each place.
pub fn see(db: &TestDb, places: &[Place]) -> Vec<Seen> {
    let prefix = format!("{}_", db.name());
    let found = format!("left(SCHEMA_NAME, {}) = '{prefix}'", prefix.len());
    let databases =
        db.query(&format!("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE {found}"));
    let databases: Vec<String> = databases.into_iter().map(|mut row| row.remove(0)).collect();
    let mut seen = vec![Seen::default(); places.len()];
    let owner = |database: &str| {
        places.iter().position(|place| {
            database == place.name
                || database.strip_prefix(&place.name).is_some_and(|rest| rest.starts_with('_'))
        })
    };
    for (database, text) in sections(&dump(db, &databases)) {
        if let Some(at) = owner(&database) {
            for object in objects(&text) {
                seen[at].objects.insert(format!("{database}: {object}"));
            }
        }
    }
    for (database, table, values) in rows(db, &prefix) {
        if let Some(at) = owner(&database) {
            let name =
                if database == places[at].name { table } else { format!("{database}.{table}") };
            let rows = seen[at].rows.entry(name).or_default();
            rows.extend(values);
        }
    }
    seen
}

/// What is seen of a database as a whole, rows aside.
pub fn whole(db: &TestDb) -> Seen {
    let mut seen = Seen::default();
    for (_, text) in sections(&dump(db, &[db.name().to_owned()])) {
        let text = text.replace(&format!("`{}`.", db.name()), "");
        // InnoDB does the same where nothing is said.
        let text = text.replace(" ON DELETE NO ACTION", "").replace(" ON UPDATE NO ACTION", "");
        let own = |object: &String| {
            !object.starts_with("CREATE DATABASE")
                && !object.is_empty()
                && !object.contains("alembic_version")
        };
        // Only of a table lines count; else it is all the same how a statement is laid out.
        let laid_out = |object: String| match object.starts_with("CREATE TABLE") {
            true => object,
            false => object.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        seen.objects.extend(objects(&text).into_iter().filter(own).map(laid_out));
    }
    seen
}

fn dump(db: &TestDb, databases: &[String]) -> String {
    let mut command = db.mysqldump();
    command.args(["--no-data", "--routines", "--triggers", "--events", "--skip-comments"]);
    command.args(["--skip-add-drop-table", "--skip-set-charset", "--databases"]);
    command.args(databases);
    Output::of(command.output().expect("the dump tool runs")).success().stdout
}

/// The text of each database: its tables come first, its views in a second part.
fn sections(dump: &str) -> Vec<(String, String)> {
    let mut sections: Vec<(String, String)> = Vec::new();
    let (mut before, mut current) = (String::new(), 0);
    for line in dump.lines() {
        let used = line.strip_prefix("USE `").and_then(|rest| rest.strip_suffix("`;"));
        if line.starts_with("CREATE DATABASE ") {
            before = format!("{line}\n");
        } else if let Some(name) = used {
            current =
                sections.iter().position(|(database, _)| database == name).unwrap_or_else(|| {
                    sections.push((name.to_owned(), std::mem::take(&mut before)));
                    sections.len() - 1
                });
        } else if let Some((_, text)) = sections.get_mut(current) {
            text.push_str(line);
            text.push('\n');
        }
    }
    sections
}

/// The objects of a database's text, without the noise of the session and where counters stand.
fn objects(text: &str) -> Vec<String> {
    let (mut objects, mut object) = (Vec::new(), String::new());
    let noise = |line: &str| {
        line.is_empty()
            || line.starts_with("/*!40101 SET")
            || line.starts_with("/*!40103 SET")
            || line.starts_with("/*!50001 SET")
            || line.starts_with("/*!50001 DROP VIEW")
            || line.starts_with("/*!50003 SET")
            || line.starts_with("/*!50106 SET")
            || line.starts_with("/*!40014 SET")
            || line.starts_with("/*!40111 SET")
            || line.starts_with("/*!50503 SET")
            || line.starts_with("/*!50717 ")
            || line.starts_with("/*!80000 SET")
            || line.starts_with("/*M!")
            || line.starts_with("SET @")
            || line.starts_with("SET character_set")
            || line.starts_with("DELIMITER ")
            || line.starts_with("DO SETVAL")
            || line.starts_with("SELECT SETVAL")
    };
    for line in text.lines().filter(|line| !noise(line)) {
        let begins = line.starts_with("CREATE ")
            || line.starts_with("/*!50001 CREATE ")
            || line.starts_with("/*!50003 ")
            || line.starts_with("/*!50106 CREATE")
            || line.starts_with("ALTER DATABASE");
        if begins && !object.is_empty() {
            objects.push(std::mem::take(&mut object));
        }
        object.push_str(&without_counter(line));
        object.push('\n');
    }
    objects.push(object);
    let own = |object: &String| {
        !["rev_applied", "rev_text", "rev_piece", "rev_log"]
            .iter()
            .any(|name| object.starts_with(&format!("CREATE TABLE `{name}`")))
    };
    objects
        .into_iter()
        .filter(own)
        .map(|object| without_collation(&without_order(object.trim())))
        .collect()
}

fn without_counter(line: &str) -> String {
    let Some((before, rest)) = line.split_once(" AUTO_INCREMENT=") else { return line.to_owned() };
    format!("{before}{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// MySQL remembers that a column was given the collation of its table by name.
fn without_collation(object: &str) -> String {
    let Some((_, options)) = object.rsplit_once(" DEFAULT CHARSET=") else {
        return object.to_owned();
    };
    let mut words = options.split([' ', ';']);
    let charset = words.next().unwrap_or_default();
    let Some(collation) = words.next().and_then(|word| word.strip_prefix("COLLATE=")) else {
        return object.to_owned();
    };
    object
        .replace(&format!(" CHARACTER SET {charset} COLLATE {collation}"), "")
        .replace(&format!(" COLLATE {collation} "), " ")
}

/// The rows of each table.
fn rows(db: &TestDb, prefix: &str) -> Vec<(String, String, Vec<Row>)> {
    let columns = db.query(&format!(
        "SELECT c.TABLE_SCHEMA, c.TABLE_NAME, c.COLUMN_NAME \
         FROM information_schema.COLUMNS c JOIN information_schema.TABLES t \
         ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME \
         WHERE left(c.TABLE_SCHEMA, {}) = '{prefix}' AND t.TABLE_TYPE <> 'VIEW' \
         AND t.TABLE_TYPE <> 'SEQUENCE' AND c.TABLE_NAME NOT LIKE 'rev\\_%'",
        prefix.len()
    ));
    let mut tables: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for mut row in columns {
        let column = row.remove(2);
        tables.entry((row.remove(0), row.remove(0))).or_default().push(column);
    }
    let tables: Vec<_> = tables.into_iter().collect();
    let quoted = |name: &str| format!("`{}`", name.replace('`', "``"));
    let selects: Vec<String> = tables
        .iter()
        .enumerate()
        .map(|(at, ((schema, table), columns))| {
            let values: Vec<String> = columns
                .iter()
                .map(|name| format!("IFNULL(HEX(CAST({} AS BINARY)), 'NULL')", quoted(name)))
                .collect();
            let values = values.join(", ',', ");
            format!("SELECT {at}, CONCAT({values}) FROM {}.{}", quoted(schema), quoted(table))
        })
        .collect();
    let mut found: Vec<(String, String, Vec<Row>)> = tables
        .iter()
        .map(|((schema, table), _)| (schema.clone(), table.clone(), Vec::new()))
        .collect();
    if selects.is_empty() {
        return found;
    }
    for row in db.query(&selects.join("\nUNION ALL\n")) {
        let at: usize = row[0].parse().expect("a number");
        let values = row[1].split(',').map(|value| (value != "NULL").then(|| text(value)));
        found[at].2.push(tables[at].1.iter().cloned().zip(values).collect());
    }
    found
}

/// What hex digits say, if it is text; else the digits.
fn text(hex: &str) -> String {
    let bytes: Option<Vec<u8>> = (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok())
        .collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| format!("0x{hex}"))
}
