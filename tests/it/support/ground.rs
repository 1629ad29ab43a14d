//! Many small databases beside each other, made and read together: reading one costs as much as
//! reading all.

use super::seen::{self, Seen};
use super::{Engine, TestDb};

/// Places of one engine: schemas of one database on PostgreSQL, databases on MariaDB and MySQL, files on SQLite.
pub struct Ground {
    /// The database that holds them, or that gives them their names.
    pub db: TestDb,
    pub places: Vec<Place>,
}

/// A place that is empty but for a second schema beside it, where the engine has schemas.
pub struct Place {
    /// What everything of it has in its name or stands in: `case7`, then no digit.
    pub name: String,
    /// Its address, as `rev` takes it.
    pub url: String,
    /// The database of a SQLite file.
    pub file: Option<TestDb>,
}

impl Ground {
    pub fn new(engine: Engine, places: usize) -> Ground {
        let db = TestDb::new(engine);
        let (mut made, mut script) = (Vec::new(), String::new());
        for at in 0..places {
            let name = match engine {
                Engine::Mariadb | Engine::Mysql => format!("{}_case{at}", db.name()),
                _ => format!("case{at}"),
            };
            let (url, file) = match engine {
                Engine::Postgres => (format!("{}?options=-csearch_path%3D{name}", db.url()), None),
                Engine::Mariadb | Engine::Mysql => (db.url().replace(db.name(), &name), None),
                Engine::Sqlite => {
                    let file = TestDb::new(engine);
                    (file.url().to_owned(), Some(file))
                }
            };
            let word = match engine {
                Engine::Postgres => "SCHEMA",
                Engine::Mariadb | Engine::Mysql => "DATABASE",
                Engine::Sqlite => "",
            };
            if !word.is_empty() {
                script.push_str(&format!("CREATE {word} {name}; CREATE {word} {name}_other;\n"));
            }
            made.push(Place { name, url, file });
        }
        if !script.is_empty() {
            db.execute(&script);
        }
        Ground { db, places: made }
    }

    /// What a foreign reader sees of each place.
    pub fn see(&self) -> Vec<Seen> {
        match self.db.engine() {
            Engine::Postgres => seen::postgres(&self.db, &self.places),
            Engine::Mariadb | Engine::Mysql => seen::mariadb(&self.db, &self.places),
            Engine::Sqlite => self.places.iter().map(seen::sqlite).collect(),
        }
    }
}

impl Place {
    /// The name of the second schema.
    pub fn other(&self) -> String {
        if self.file.is_some() { "main".to_owned() } else { format!("{}_other", self.name) }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if !self.db.engine().is_mysql_like() {
            return;
        }
        // Also those that a test has made itself.
        let prefix = format!("{}_", self.db.name());
        let found = self.db.try_execute(&format!(
            "SELECT schema_name FROM information_schema.schemata \
             WHERE left(schema_name, {}) = '{prefix}'",
            prefix.len()
        ));
        let drops: String = found
            .unwrap_or_default()
            .lines()
            .map(|name| format!("DROP DATABASE `{name}`;"))
            .collect();
        // Foreign keys may go from one to another.
        let script = format!("SET foreign_key_checks = 0; {drops}");
        if let Err(error) = self.db.try_execute(&script) {
            eprintln!("{error}");
        }
    }
}
