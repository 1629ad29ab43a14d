//! Splitting: the corpus, its positions, and what holds of every text.

use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;
use revdag::internals::text::{
    Dialect, Digester, Piece, catalog_effect, concurrent_index, digest_tokens, effect, kind, split,
};

use super::any_dialect;

fn corpus(dialect: Dialect) {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/split").join(dialect.name());
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    assert!(!files.is_empty(), "no corpus in {}", folder.display());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for file in files {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&file).unwrap();
            let result = split(dialect, &text);
            assert_eq!(result.is_err(), name.starts_with("error_"), "{name}: {result:?}");
            if let Ok(pieces) = &result {
                well_formed(&text, pieces);
            }
            insta::assert_snapshot!(name, described(dialect, result));
        }
    });
}

fn described(
    dialect: Dialect,
    result: Result<Vec<Piece>, revdag::internals::text::SplitError>,
) -> String {
    let mut out = String::new();
    match result {
        Ok(pieces) => {
            for piece in pieces {
                let kind = kind(dialect, &piece.sql);
                writeln!(out, "===== line {}, {kind:?}", piece.line).unwrap();
                writeln!(out, "{}", piece.sql.replace('\r', "␍")).unwrap();
                if let Some(rows) = piece.copy_data {
                    writeln!(out, "----- rows\n{}", rows.replace('\r', "␍").replace('\t', "␉"))
                        .unwrap();
                }
            }
        }
        Err(error) => {
            writeln!(out, "line {}: {error}", error.line).unwrap();
            if let Some(hint) = error.hint {
                writeln!(out, "hint: {hint}").unwrap();
            }
        }
    }
    out
}

/// What must hold of every split: pieces are cut out of the text in order, with true positions.
fn well_formed(text: &str, pieces: &[Piece]) {
    let mut end = 0;
    for piece in pieces {
        assert!(piece.offset >= end, "pieces overlap: {piece:?}");
        assert!(!piece.sql.trim_ascii().is_empty(), "an empty piece: {piece:?}");
        assert!(text[piece.offset..].starts_with(&piece.sql), "not in the text: {piece:?}");
        let line = text[..piece.offset].matches('\n').count() + 1;
        assert_eq!(piece.line, line, "{piece:?}");
        end = piece.offset + piece.sql.len();
    }
}

#[test]
fn corpus_postgres() {
    corpus(Dialect::Postgres);
}

#[test]
fn corpus_mysql() {
    corpus(Dialect::Mysql);
}

#[test]
fn corpus_mariadb() {
    corpus(Dialect::Mariadb);
}

#[test]
fn corpus_sqlite() {
    corpus(Dialect::Sqlite);
}

/// What makes lexers stumble.
const FRAGMENTS: &[&str] = &[
    "'",
    "\"",
    "`",
    "[",
    "]",
    "$$",
    "$a$",
    "$",
    "$1",
    "\\",
    "\\'",
    "''",
    "--",
    "-- ",
    "#",
    "/*",
    "*/",
    "/*!",
    "/*!50003 ",
    "/*M!",
    "/*+",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    ";",
    ";;",
    "(",
    ")",
    "E'",
    "e'",
    "U&'",
    "U&\"",
    "x'",
    "N'",
    "b'",
    ".",
    ":",
    "@",
    "@@",
    ":=",
    "::",
    "+",
    "-",
    "1",
    "1.5e3",
    "1e",
    "0x",
    "COPY t FROM stdin",
    "\\.\n",
    "\\.",
    "DELIMITER //\n",
    "DELIMITER ;\n",
    "//",
    "CREATE ",
    "OR REPLACE ",
    "FUNCTION ",
    "PROCEDURE p() ",
    "TRIGGER t ",
    "EVENT e ",
    "BEGIN ",
    "ATOMIC ",
    "NOT ",
    "END ",
    "END;",
    "CASE ",
    "WHEN ",
    "THEN ",
    "ELSE ",
    "ELSEIF ",
    "IF ",
    "LOOP ",
    "WHILE ",
    "REPEAT ",
    "UNTIL ",
    "DO ",
    "FOR ",
    "DECLARE ",
    "HANDLER ",
    "SELECT ",
    "WITH a AS (",
    "COMMIT",
    "ROLLBACK TO s",
    "SET autocommit = 0",
    "ALTER TABLE t ",
    "ADD ",
    "DROP ",
    "RENAME ",
    "TO ",
    "INDEX i ON t ",
    "CONCURRENTLY ",
    "a",
    "ü",
    "表",
    "😀",
    "\u{feff}",
    "\0",
    "\u{1}",
    "é'",
    "|",
    "||",
    "~",
    "@-",
    "#>>",
    "<-",
    "->>",
];

fn any_sql() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        8 => prop::sample::select(FRAGMENTS).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(fragment, 0..60).prop_map(|fragments| fragments.concat())
}

proptest! {
    #[test]
    fn whatever_the_text_nothing_panics(dialect in any_dialect(), text in any_sql()) {
        if let Ok(pieces) = split(dialect, &text) {
            well_formed(&text, &pieces);
        }
        read_every_way(dialect, &text);
    }

    /// Between the pieces there is nothing that would be a statement, and a piece is one statement.
    #[test]
    fn pieces_and_gaps_are_the_text(dialect in any_dialect(), text in any_sql()) {
        prop_assume!(!text.contains("DELIMITER"));
        let Ok(pieces) = split(dialect, &text) else { return Ok(()) };
        let mut end = 0;
        for piece in &pieces {
            prop_assert_eq!(split(dialect, &text[end..piece.offset]), Ok(Vec::new()));
            end = piece.offset + piece.sql.len();
            if let Some(rows) = &piece.copy_data {
                let behind = &text[end..];
                let begin = behind.find('\n').unwrap() + 1;
                prop_assert!(behind[begin..].starts_with(rows.as_str()));
                let last = &behind[begin + rows.len()..];
                prop_assert!(last.starts_with("\\."));
                end += begin + rows.len() + last.find('\n').map_or(last.len(), |at| at + 1);
            } else if !piece.sql.ends_with("--") && !piece.sql.starts_with('\u{feff}') {
                // (Two dashes at the end are a comment to MySQL, a mark at the beginning is space.)
                let again = split(dialect, &piece.sql).map(|pieces| {
                    pieces.into_iter().map(|piece| piece.sql).collect::<Vec<_>>()
                });
                prop_assert_eq!(again, Ok(vec![piece.sql.clone()]));
            }
        }
        prop_assert_eq!(split(dialect, &text[end..]), Ok(Vec::new()));
    }

    /// Whole statements, put together with whatever may stand between them, come out as they were.
    #[test]
    fn statements_come_out_as_they_went_in(
        dialect in any_dialect(),
        chosen in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..8),
    ) {
        let statements = statements(dialect);
        let mut text = String::new();
        let mut expected = Vec::new();
        for (statement, gap) in chosen {
            text.push_str(GAPS[gap.index(GAPS.len())]);
            let statement = *statement.get(&statements);
            expected.push(statement.to_owned());
            text.push_str(statement);
            text.push(';');
        }
        let pieces = split(dialect, &text).unwrap();
        let found: Vec<_> = pieces.into_iter().map(|piece| piece.sql).collect();
        prop_assert_eq!(found, expected);
    }
}

const GAPS: &[&str] = &[
    "",
    " ",
    "\n",
    "\r\n\r\n",
    ";",
    " ; ;\n",
    "-- a 'comment;\n",
    "/* another \" one; */",
    "\t/* a */ -- b;\n /* c */",
];

/// Statements without their terminator, each with something that a naive splitter falls for.
fn statements(dialect: Dialect) -> Vec<&'static str> {
    let mut all = vec![
        "SELECT 1",
        "INSERT INTO t VALUES ('a;b', 'it''s;', '-- ;', '/* ;')",
        "SELECT 1 -- two; \n + /* ; */ 3",
        "SELECT CASE WHEN a THEN 1 ELSE CASE b WHEN 2 THEN 3 END END FROM t",
        "BEGIN",
        "COMMIT",
        "CREATE TABLE t (begin int, cases int)",
    ];
    match dialect.name() {
        "postgres" => all.extend([
            "SELECT 'a\\', \";\", E'\\';', $$ ; $$, $a$ ; $b$ ; $a$, U&';'",
            "/* a /* b; */ ; */ SELECT 1".strip_prefix("/* a /* b; */ ; */ ").unwrap(),
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN 1 THEN 2 END; SELECT 3; END",
            "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)",
            "END",
        ]),
        "sqlite" => all.extend([
            "SELECT [;], `;`, \";\", 'a\\'",
            "CREATE TRIGGER t AFTER INSERT ON u BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT 3; END",
            "CREATE TEMP TRIGGER t AFTER INSERT ON u BEGIN DELETE FROM v; END",
            "END",
        ]),
        _ => all.extend([
            "SELECT '\\';', \"\\\";\", `;`, 1 # ; \n + 2",
            "/*!40101 SET a = 1; SET b = 2 */",
            "CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; ELSEIF b THEN SELECT 2; END IF; END",
            "CREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW IF a THEN SET b = IF(c, REPEAT('x', 2), 3); END IF",
            "CREATE FUNCTION f() RETURNS INT RETURN CASE WHEN 1 THEN 2 END",
            "CREATE PROCEDURE p() l: LOOP REPEAT SELECT 1; UNTIL 1 END REPEAT; WHILE 1 DO SELECT 2; END WHILE; END LOOP l",
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN CASE a WHEN 1 THEN SELECT 1; ELSE BEGIN END; END CASE; END",
            "CREATE TRIGGER t AFTER INSERT ON u FOR EACH ROW INSERT INTO v SELECT end FROM w",
        ]),
    }
    all
}

// ---- bodies of MySQL routines, which no DELIMITER ends ----

/// An expression; `begin` and `end` are columns, IF and REPEAT functions, CASE an expression.
fn mysql_expression() -> impl Strategy<Value = String> + Clone {
    let leaf = prop::sample::select(vec![
        "1",
        "'a;'",
        "a",
        "t.end",
        "t.begin",
        "@end",
        "`case`",
        "NULL",
        "(SELECT MAX(end) FROM t)",
        "begin",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(3, 12, 3, |inner| {
        let three = (inner.clone(), inner.clone(), inner);
        prop_oneof![
            three.clone().prop_map(|(a, b, c)| format!("IF({a}, {b}, {c})")),
            three.clone().prop_map(|(a, b, _)| format!("REPEAT({a}, {b})")),
            three.clone().prop_map(|(a, b, c)| format!("CASE WHEN {a} = {b} THEN {c} END")),
            three.clone().prop_map(|(a, b, c)| format!("CASE {a} WHEN {b} THEN {c} ELSE {a} END")),
            three.prop_map(|(a, b, c)| format!("({a} + {b} AND NOT {c})")),
        ]
    })
}

/// A statement of a body, without its semicolon.
fn mysql_statement() -> impl Strategy<Value = String> {
    let plain = (0..7, mysql_expression()).prop_map(|(which, a)| match which {
        0 => format!("SELECT {a}, begin, end FROM t"),
        1 => format!("SET x = {a}"),
        2 => format!("UPDATE t SET end = {a}, begin = 1 WHERE end > 1 -- ; a comment\n"),
        3 => format!("DO {a}"),
        4 => "BEGIN END".to_owned(),
        5 => "INSERT INTO t (begin, end) VALUES (1, 2) /* ; */".to_owned(),
        _ => format!("DECLARE x INT DEFAULT {a}"),
    });
    plain.prop_recursive(4, 24, 3, |inner| {
        let two = (mysql_expression(), inner.clone(), inner);
        prop_oneof![
            two.clone().prop_map(|(a, s, t)| format!("IF {a} THEN {s}; {t}; END IF")),
            two.clone().prop_map(|(a, s, t)| format!(
                "IF ({a}) THEN {s}; ELSEIF {a} THEN {t}; ELSE {s}; END IF"
            )),
            two.clone()
                .prop_map(|(a, s, t)| format!("CASE {a} WHEN {a} THEN {s}; ELSE {t}; END CASE")),
            two.clone().prop_map(|(a, s, t)| format!(
                "CASE WHEN {a} THEN {s}; WHEN {a} THEN {t}; END CASE"
            )),
            two.clone().prop_map(|(_, s, t)| format!("l: LOOP {s}; {t}; LEAVE l; END LOOP l")),
            two.clone().prop_map(|(a, s, t)| format!("WHILE {a} DO {s}; {t}; END WHILE")),
            two.clone().prop_map(|(a, s, t)| format!("REPEAT {s}; {t}; UNTIL {a} END REPEAT")),
            two.clone().prop_map(|(_, s, t)| format!("FOR i IN 1..3 DO {s}; {t}; END FOR")),
            two.clone().prop_map(|(_, s, t)| format!("b: BEGIN {s}; {t}; END b")),
            two.prop_map(|(_, s, t)| format!(
                "DECLARE EXIT HANDLER FOR NOT FOUND BEGIN {s}; {t}; END"
            )),
        ]
    })
}

proptest! {
    #[test]
    fn bodies_of_routines_hold_together(
        bodies in prop::collection::vec((0..8, mysql_statement()), 1..5),
    ) {
        let mut text = String::new();
        let mut expected = Vec::new();
        for (which, body) in bodies {
            let head = match which {
                0 => "CREATE PROCEDURE p(INOUT begin INT) COMMENT 'x;' READS SQL DATA",
                1 => "CREATE DEFINER=`root`@`localhost` TRIGGER t BEFORE UPDATE ON u FOR EACH ROW",
                2 => "CREATE OR REPLACE FUNCTION f() RETURNS VARCHAR(9) CHARACTER SET utf8mb4 DETERMINISTIC",
                3 => "CREATE EVENT e ON SCHEDULE EVERY 1 DAY ENDS '2030-01-01' DO",
                4 => "CREATE DEFINER = begin@end PROCEDURE p()",
                5 => "BEGIN NOT ATOMIC SELECT 1;",
                6 => "/*!50003 CREATE*/ /*!50003 TRIGGER t AFTER DELETE ON u FOR EACH ROW FOLLOWS v",
                _ => "CREATE PROCEDURE p() l:",
            };
            let tail = match which {
                5 => "; END",
                6 => " */",
                _ => "",
            };
            // FOR and DECLARE stand only inside of a block.
            let body = match body.as_str() {
                bare if bare.starts_with("FOR") || bare.starts_with("DECLARE") => {
                    format!("BEGIN {bare}; END")
                }
                _ => body,
            };
            let statement = format!("{head} {body}{tail}");
            text.push_str(&statement);
            text.push_str(";\n");
            expected.push(statement.trim_end().to_owned());
        }
        for dialect in [Dialect::Mysql, Dialect::Mariadb] {
            let pieces = split(dialect, &text);
            prop_assert!(pieces.is_ok(), "{:?} in\n{}", pieces, text);
            let pieces = pieces.unwrap();
            prop_assert_eq!(pieces.len(), expected.len(), "{}", text);
            for (piece, whole) in pieces.iter().zip(&expected) {
                // A comment at the end is no part of the piece.
                prop_assert!(whole.starts_with(&piece.sql), "{} of {}", piece.sql, whole);
            }
        }
    }
}

#[test]
fn long_texts_take_linear_time() {
    // Quadratic work would take hours here, whatever the text is long in.
    let size = 1 << 16;
    for dialect in Dialect::ALL {
        for part in [
            "+", "-+", "(", "/*", "$a", "$", "'", "a", "1", "\n", ";", ")", "BEGIN ", "E'a'\n",
            "\\", "@", "é",
        ] {
            let text = part.repeat(size / part.len());
            if let Ok(pieces) = split(dialect, &text) {
                well_formed(&text, &pieces[..pieces.len().min(3)]);
            }
            kind(dialect, &text);
            effect(dialect, &text);
        }
        let body = "CREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW ".to_owned()
            + &"BEGIN CASE ".repeat(size / 11);
        let _ = split(dialect, &body);
    }
    let delimited = "DELIMITER aaaaaaaaaaaaaab\n".to_owned() + &"a".repeat(size);
    assert_eq!(split(Dialect::Mysql, &delimited).unwrap().len(), 1);
}

/// The texts of the corpus of a dialect.
fn texts(dialect: Dialect) -> Vec<String> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/split").join(dialect.name());
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

/// A place between two characters.
fn place(text: &str, at: prop::sample::Index) -> usize {
    let mut at = at.index(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A text of the corpus with fragments put in, parts cut out, and the rest of another behind.
fn changed_sql(dialect: Dialect) -> impl Strategy<Value = String> {
    let one = prop::sample::select(texts(dialect));
    let change = (any::<[prop::sample::Index; 2]>(), prop::sample::select(FRAGMENTS), 0..40_usize);
    let end = any::<[prop::sample::Index; 2]>();
    (one.clone(), one, prop::collection::vec(change, 0..12), end).prop_map(
        |(mut text, other, changes, [end, begin])| {
            for ([at, from], fragment, cut) in changes {
                text.insert_str(place(&text, at), fragment);
                let from = place(&text, from);
                let part: usize = text[from..].chars().take(cut / 2).map(char::len_utf8).sum();
                text.replace_range(from..from + part, "");
            }
            format!("{}{}", &text[..place(&text, end)], &other[place(&other, begin)..])
        },
    )
}

/// Splits a text, and reads it in every other way.
fn looked_at(dialect: Dialect, text: &str) {
    if let Ok(pieces) = split(dialect, text) {
        well_formed(text, &pieces);
        for piece in pieces {
            // A piece is one statement by itself; a byte order mark is one only at the beginning.
            let is_marked = piece.sql.starts_with('\u{feff}');
            if piece.copy_data.is_none() && !text.contains("DELIMITER") && !is_marked {
                let again = split(dialect, &piece.sql);
                assert!(again.is_ok_and(|pieces| pieces.len() <= 1), "{:?}", piece.sql);
            }
        }
    }
    read_every_way(dialect, text);
}

fn read_every_way(dialect: Dialect, text: &str) {
    kind(dialect, text);
    catalog_effect(dialect, text);
    effect(dialect, text);
    concurrent_index(dialect, text);
    digest_tokens(dialect, text, &mut Digester::new("test"));
    revdag::internals::text::names_in(dialect, text);
    revdag::internals::text::rename_in(dialect, text, "a", "b");
}

/// `REV_FUZZ_SECONDS` says how long to try.
#[test]
fn changed_texts_are_split_or_refused() {
    use proptest::test_runner::{Config, TestRunner};
    let seconds = std::env::var("REV_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let until = std::time::Instant::now() + std::time::Duration::from_secs(seconds.unwrap_or(0));
    let mut tried = 0;
    loop {
        for dialect in Dialect::ALL {
            let config = Config { source_file: Some(file!()), ..Config::with_cases(64) };
            let outcome = TestRunner::new(config).run(&changed_sql(dialect), |text| {
                looked_at(dialect, &text);
                Ok(())
            });
            outcome.unwrap_or_else(|error| panic!("{dialect}: {error}"));
            tried += 64;
        }
        if std::time::Instant::now() >= until {
            break;
        }
    }
    println!("{tried} texts");
}

#[test]
fn large_and_deep_texts_are_split_or_refused() {
    let large = "x".repeat(1_000_000);
    for dialect in Dialect::ALL {
        for text in [
            format!("INSERT INTO t VALUES ('{large}');"),
            format!("SELECT {large}"),
            format!("-- {large}\nSELECT 1"),
            "SELECT 1;\n".repeat(10_000),
            "/*".repeat(20_000),
            "(".repeat(20_000),
            "'".repeat(20_001),
            "$a".repeat(20_000),
            "BEGIN ".repeat(10_000),
            "CREATE PROCEDURE p() BEGIN ".repeat(2_000),
            format!("CREATE TRIGGER t AFTER INSERT ON u BEGIN {} END", "CASE ".repeat(10_000)),
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC ".repeat(1_000),
            "\\".repeat(10_000),
            "/*!50000 ".repeat(10_000),
        ] {
            let _ = split(dialect, &text);
            read_every_way(dialect, &text);
        }
    }
}
