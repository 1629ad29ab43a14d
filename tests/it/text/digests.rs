//! Digests of revisions and states.

use proptest::prelude::*;
use revdag::internals::text::{Dialect, Digest, Digester, digest_tokens};
use revdag::model::{
    Created, Down, Entry, Header, Id, Revision, down_digest, state_digest, up_digest,
};

use super::{any_dialect, sections};

fn digest(dialect: Dialect, sql: &str) -> Digest {
    let mut digester = Digester::new("test");
    digest_tokens(dialect, sql, &mut digester);
    digester.finish()
}

proptest! {
    /// Comments and layout do not count, every byte of a token does.
    #[test]
    fn digests_see_tokens_only(
        dialect in any_dialect(),
        first in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
        second in prop::collection::vec(any::<prop::sample::Index>(), 40),
        changed in any::<prop::sample::Index>(),
    ) {
        let tokens: Vec<&str> = first.iter().map(|index| *index.get(TOKENS)).collect();
        let laid_out = |tokens: &[&str]| -> String {
            tokens.iter().zip(&second).map(|(token, gap)| {
                let gaps = ["\n", " ", "\t \r\n", " /* a 'comment; */ ", " -- another \" one\n"];
                format!("{token}{}", gap.get(&gaps))
            }).collect()
        };
        prop_assert_eq!(digest(dialect, &tokens.join(" ")), digest(dialect, &laid_out(&tokens)));
        let mut other = tokens.clone();
        let at = changed.index(other.len());
        let longer = format!("{}1", other[at].trim_end_matches(['\'', '"']));
        let longer = if other[at].starts_with('\'') { format!("{longer}'") } else { longer };
        other[at] = &longer;
        if !tokens[at].starts_with('"') {
            prop_assert_ne!(digest(dialect, &tokens.join(" ")), digest(dialect, &laid_out(&other)));
        }
        let fewer = &tokens[1..];
        prop_assert_ne!(digest(dialect, &tokens.join(" ")), digest(dialect, &laid_out(fewer)));
    }
}

const TOKENS: &[&str] = &[
    "SELECT",
    "select",
    "a",
    "ünï",
    "1",
    "1.5",
    "''",
    "'it''s'",
    "'-- no comment'",
    "'/*'",
    "\"name\"",
    "(",
    ")",
    ",",
    ".",
    "<",
    "=",
    ">=",
    "*",
    "+",
    "||",
];

fn revision(up: Vec<Entry>, down: Down) -> Revision {
    let header = Header {
        id: Id::from("a1"),
        parents: Vec::new(),
        depends_on: Vec::new(),
        labels: Vec::new(),
        message: String::new(),
        created: None,
        replaces: Vec::new(),
        transactional: true,
    };
    Revision { header, up, down, file: "a.yaml".to_owned(), text: String::new() }
}

fn up(dialect: Dialect, text: &str) -> Digest {
    up_digest(&revision(vec![sections(&[(None, text)])], Down::Derived), dialect)
}

#[test]
fn a_digest_is_over_what_runs() {
    use Dialect::{Mariadb, Mysql, Postgres, Sqlite};
    let same = |dialect, one: &str, two: &str| {
        assert_eq!(up(dialect, one), up(dialect, two), "{one} | {two}")
    };
    let other = |dialect, one: &str, two: &str| {
        assert_ne!(up(dialect, one), up(dialect, two), "{one} | {two}")
    };
    for dialect in Dialect::ALL {
        same(dialect, "SELECT 1; SELECT 2", "-- c\r\nSELECT /* c */ 1;;\r\n\r\nSELECT\n2;\n");
        same(dialect, "SELECT a.b", "SELECT a . b");
        other(dialect, "SELECT 1; SELECT 2", "SELECT 1 SELECT 2");
        other(dialect, "SELECT 1; SELECT 2", "SELECT 2; SELECT 1");
        other(dialect, "SELECT 'a b'", "SELECT 'a  b'");
        other(dialect, "SELECT 'a\n'", "SELECT 'a\r\n'");
        other(dialect, "SELECT 'a''b'", "SELECT 'a' 'b'");
        other(dialect, "SELECT a", "SELECT A");
        other(dialect, "SELECT 12", "SELECT 1 2");
        // A text that cannot be split has a digest all the same.
        other(dialect, "SELECT 'a", "SELECT 'b");
    }
    same(Mysql, "DELIMITER //\nSELECT 1//", "SELECT 1");
    same(
        Mysql,
        "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END;//",
        "CREATE PROCEDURE p() BEGIN SELECT 1; END",
    );
    other(Mysql, "SELECT 1", "SELECT /*!1*/");
    other(Mysql, "CREATE TABLE t (a int)", "CREATE TABLE t (a int) /*! ENGINE=InnoDB */");
    other(Mariadb, "SELECT 1", "SELECT 1 /*M!+ 1*/");
    same(Mysql, "SELECT 1", "SELECT 1 /*M!+ 1*/");
    same(Postgres, "SELECT 1", "SELECT 1 /*!+ 1*/");
    other(Mysql, "SELECT 1", "SELECT /*+ x */ 1");
    other(Postgres, "SELECT 1", "/*+ x */ SELECT 1");
    other(Postgres, "SELECT a @- b", "SELECT a @ - b");
    same(Postgres, "SELECT a=-1", "SELECT a = - 1");
    other(Postgres, "SELECT $$a b$$", "SELECT $$a  b$$");
    let copy = |rows: &str| format!("COPY t FROM stdin;\n{rows}\\.\n");
    other(Postgres, &copy("1\t2\n"), &copy("1 2\n"));
    other(Postgres, &copy(""), &copy("\n"));
    other(Sqlite, "SELECT [a b]", "SELECT [a  b]");

    let one = sections(&[(None, "SELECT 1; SELECT 2")]);
    let two = vec![sections(&[(None, "SELECT 1")]), sections(&[(None, "SELECT 2")])];
    let whole = |up| up_digest(&revision(up, Down::Derived), Postgres);
    assert_ne!(whole(vec![one]), whole(two));
    assert_ne!(whole(Vec::new()), whole(vec![sections(&[(None, "")])]));
    assert_ne!(up(Mysql, "SELECT 1"), up(Mariadb, "SELECT 1"));
}

#[test]
fn a_digest_is_of_one_dialect() {
    use Dialect::{Mariadb, Mysql, Postgres};
    let digest = |dialect, parts: &[(Option<Dialect>, &str)]| {
        up_digest(&revision(vec![sections(parts)], Down::Derived), dialect)
    };
    let before = [(Some(Postgres), "SELECT 1"), (Some(Mysql), "SELECT 2")];
    let after = [(Some(Mysql), "SELECT 3"), (None, "SELECT 4"), (Some(Postgres), "SELECT 1")];
    assert_eq!(digest(Postgres, &before), digest(Postgres, &after));
    assert_ne!(digest(Mysql, &before), digest(Mysql, &after));
    // MariaDB takes MySQL's section.
    assert_ne!(digest(Mariadb, &before), digest(Mariadb, &after));
}

#[test]
fn digests_do_not_see_the_header_and_tell_downs_apart() {
    let dialect = Dialect::Sqlite;
    let plain = revision(vec![sections(&[(None, "SELECT 1")])], Down::Derived);
    let mut dressed = plain.clone();
    dressed.header.id = Id::from("b2");
    dressed.header.message = "something else".to_owned();
    dressed.header.labels = vec!["billing".to_owned()];
    dressed.header.parents = vec![Id::from("a1")];
    dressed.header.created = Some(Created { text: "2026-11-22T19:06:22Z".to_owned(), micros: 1 });
    dressed.file = "b.sql".to_owned();
    assert_eq!(up_digest(&plain, dialect), up_digest(&dressed, dialect));
    assert_eq!(down_digest(&plain, dialect).as_str(), "derived");
    let irreversible = revision(Vec::new(), Down::Irreversible);
    assert_eq!(down_digest(&irreversible, dialect).as_str(), "irreversible");
    let given = revision(Vec::new(), Down::Operations(vec![sections(&[(None, "SELECT 1")])]));
    assert_eq!(down_digest(&given, dialect), up_digest(&plain, dialect));
}

/// The numbers are in databases by now: whoever changes them needs another version than `rev1`.
#[test]
fn digests_stay_what_they_are() {
    let text = "CREATE TABLE t (a int); INSERT INTO t VALUES ('x')";
    let all: Vec<_> =
        Dialect::ALL.iter().map(|&dialect| format!("{dialect} {}", up(dialect, text))).collect();
    insta::assert_snapshot!(all.join("\n"), @"
    postgres 17cbfd01319497bf7bc17b893562800d745a5b0e90b4cc0aab49f076edd2b442
    mysql 8520e42d1dd481af7def0c443c724c3dc81433e25decabacf2ba8775cce5239e
    mariadb d13de927b9fe38e539ad6f8ca6ee41c2c9f3c2dfacdbf9680cebc707886ddd0d
    sqlite b953d0b606bdef10102afddbc3f1732a7c04b74ffcb75634de170ad94649635e
    ");
    let copy = "COPY t FROM stdin;\n1\n\\.\n";
    insta::assert_snapshot!(up(Dialect::Postgres, copy), @"d9ce5d83265bc4ac25269c4e8cc50b7d10c06e255397c244b86fd6753efbd3b9");
    let (id, digest) = (Id::from("a1"), Digest::stored("00"));
    insta::assert_snapshot!(state_digest([(&id, &digest)]), @"e720dfa47e9ee4af8982e02a4e73ff8f3e5581e0c885fd5088244d5278a5a3c6");
}

#[test]
fn a_state_has_one_digest_in_any_order() {
    let rows: Vec<(Id, Digest)> = ["a", "b", "c"]
        .iter()
        .map(|id| (Id::from(id), Digest::stored(format!("{id}{id}"))))
        .collect();
    let digest = |rows: &[&(Id, Digest)]| state_digest(rows.iter().map(|(id, up)| (id, up)));
    let [a, b, c] = [&rows[0], &rows[1], &rows[2]];
    assert_eq!(digest(&[a, b, c]), digest(&[c, a, b]));
    assert_ne!(digest(&[a, b, c]), digest(&[a, b]));
    let swapped = (a.0.clone(), b.1.clone());
    assert_ne!(digest(&[a]), digest(&[&swapped]));
    assert_ne!(digest(&[]), digest(&[a]));
}
