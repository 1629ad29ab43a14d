//! Names and literals, read back by the servers under every setting that changes what quotes mean.

use revdag::internals::text::{Dialect, quote_ident, quote_literal};

use crate::support::{Engine, TestDb, for_each_engine};

/// Texts that break out of careless quotes.
const HOSTILE: &[&str] = &[
    "",
    "plain",
    "it's",
    "''",
    "'; DROP TABLE t; --",
    "\\",
    "\\'",
    "a\\'; DROP TABLE t; -- \\",
    "\\\\' OR 1=1 #",
    "\"double\" `back` [square]",
    "line\nline\r\nline\rline\n",
    "\t tab, \u{1} control, \u{7f}",
    "$$ $a$ /* */ -- # ; :name ? $1 %s {x}",
    "ünï – 多言語 😀",
    "\u{feff}mark",
    "e'x' E'\\n' x'41'",
    "\\.\n.quit\n/\ngo\ndelimiter //\n",
    "\\n\\0\\Z\\%\\_",
    "ends in a backslash \\",
];

fn dialect(engine: Engine) -> Dialect {
    match engine {
        Engine::Sqlite => Dialect::Sqlite,
        Engine::Postgres => Dialect::Postgres,
        Engine::Mariadb => Dialect::Mariadb,
        Engine::Mysql => Dialect::Mysql,
    }
}

#[test]
fn literals_arrive_as_they_are() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let settings: &[&str] = match engine {
            Engine::Sqlite => &[""],
            Engine::Postgres => &[
                "SET client_encoding = 'UTF8';",
                "SET client_encoding = 'UTF8'; SET standard_conforming_strings = off; SET escape_string_warning = off;",
                "SET client_encoding = 'UTF8'; SET backslash_quote = off;",
            ],
            Engine::Mariadb | Engine::Mysql => &[
                "SET NAMES utf8mb4;",
                "SET NAMES latin1;",
                "SET NAMES utf8mb4; SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES';",
            ],
        };
        let hostile: Vec<&str> = match engine {
            // PostgreSQL has no NUL in text.
            Engine::Postgres => HOSTILE.to_vec(),
            _ => HOSTILE.iter().copied().chain(["a\0b", "\0"]).collect(),
        };
        for setting in settings {
            let mut script = format!("{setting}\n");
            for text in &hostile {
                let literal = quote_literal(dialect(engine), text);
                script += &match engine {
                    Engine::Sqlite => format!("SELECT 'x' || lower(hex({literal}));\n"),
                    Engine::Postgres => {
                        format!("SELECT 'x' || encode(convert_to({literal}, 'UTF8'), 'hex');\n")
                    }
                    Engine::Mariadb | Engine::Mysql => {
                        format!(
                            "SELECT CONCAT('x', LOWER(HEX(CONVERT({literal} USING utf8mb4))));\n"
                        )
                    }
                };
            }
            let answer = db.try_execute(&script).unwrap();
            let rows = answer.split(['\n', '\x1e']).filter(|row| !row.is_empty());
            let mut answers: Vec<_> = rows.filter(|row| row.starts_with('x')).collect();
            answers.reverse();
            for text in &hostile {
                let expected: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(answers.pop(), Some(&*format!("x{expected}")), "{setting} {text:?}");
            }
        }
    });
}

#[test]
fn names_arrive_as_they_are() {
    let names = [
        "plain", "Mixed", "select", "a b", "a'b", "a\"b", "a`b", "a``b\"\"", "a;b", "a\\b", "a.b",
        "a]b", "a$b", "1a", "ünï", "表", "--", "/*", "#a",
    ];
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let columns: Vec<_> = names
            .iter()
            .map(|name| format!("{} int", quote_ident(dialect(engine), name)))
            .collect();
        let prefix = match engine {
            Engine::Mariadb | Engine::Mysql => "SET NAMES utf8mb4;",
            _ => "",
        };
        db.execute(&format!("{prefix} CREATE TABLE t ({});", columns.join(", ")));
        let mut found: Vec<_> = db
            .query(match engine {
                Engine::Sqlite => "SELECT lower(hex(name)) FROM pragma_table_info('t')",
                Engine::Postgres => {
                    "SELECT encode(convert_to(attname::text, 'UTF8'), 'hex') FROM pg_attribute \
                     WHERE attrelid = 't'::regclass AND attnum > 0"
                }
                Engine::Mariadb | Engine::Mysql => {
                    "SELECT LOWER(HEX(column_name)) FROM information_schema.columns \
                     WHERE table_schema = DATABASE()"
                }
            })
            .into_iter()
            .flatten()
            .collect();
        let mut expected: Vec<String> = names
            .iter()
            .map(|name| name.bytes().map(|byte| format!("{byte:02x}")).collect())
            .collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{engine:?}");
    });
}
