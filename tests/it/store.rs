//! Stores read from disk: right ones, broken ones with every problem named, and what is written.

use std::fs;
use std::path::Path;

use revdag::model::{Down, Entry, Header, Id, Operation};
use revdag::store::{DatabaseSettings, Format, NewRevision, Store, StoreError, Variables, clock};

const CONFIG: &str = "databases: {default: {url: 'sqlite://store.db'}}\n";

/// A store of a few files, in a folder of its own.
struct Files(tempfile::TempDir);

impl Files {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Files(tempfile::tempdir().unwrap());
        fs::create_dir(folder.path().join("revisions")).unwrap();
        if !files.iter().any(|(name, _)| *name == "store.yaml") {
            folder.put("store.yaml", CONFIG);
        }
        for (name, text) in files {
            folder.put(name, text);
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn open(&self) -> Store {
        match Store::open(self.path(), Variables::default()) {
            Ok(store) => store,
            Err(error) => panic!("{}", words(&error)),
        }
    }

    /// What is wrong with the store, or else with the bodies of its revisions.
    fn problems(&self) -> String {
        let store = match Store::open(self.path(), Variables::default()) {
            Ok(store) => store,
            Err(error) => return words(&error),
        };
        let errors = store.graph().ordered().into_iter().filter_map(|id| store.revision(&id).err());
        errors.map(|error| words(&error)).collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn a_folder_of_revisions_that_does_not_exist_is_an_error() {
    let config = "revisions: [revisions, ./db/more/]\n".to_owned() + CONFIG;
    let files = Files::new(&[
        ("store.yaml", &config),
        // Its parent may be in the folder that does not exist, so it is no problem of its own.
        ("revisions/a.yaml", "revision: a\nparents: [b]\nmessage: a\nup: []\n"),
    ]);
    assert_eq!(
        files.problems(),
        "store.yaml:1: the folder of revisions \"db/more\" does not exist\n    create it, with a file \
         such as .gitkeep that keeps it in git, or correct `revisions`"
    );
    files.put("db/more/b.yaml", "revision: b\nmessage: b\nup: []\n");
    assert_eq!(files.problems(), "");
    // The folder that is meant where none is named.
    let files = Files::new(&[]);
    fs::remove_dir(files.path().join("revisions")).unwrap();
    assert!(files.problems().starts_with("store.yaml: the folder of revisions \"revisions\""));
    // A link that leads nowhere, and a file.
    std::os::unix::fs::symlink("nowhere", files.path().join("revisions")).unwrap();
    assert!(files.problems().contains("does not exist"));
    fs::remove_file(files.path().join("revisions")).unwrap();
    files.put("revisions", "");
    assert!(files.problems().starts_with("revisions: cannot be read:"), "{}", files.problems());
}

fn problems(files: &[(&str, &str)]) -> String {
    Files::new(files).problems()
}

fn words(error: &StoreError) -> String {
    let hinted =
        |hint: &Option<String>| hint.as_ref().map_or(String::new(), |hint| format!("\n    {hint}"));
    match error {
        StoreError::Problems(problems) => {
            let one = |problem: &revdag::store::Problem| {
                let line = problem.line.map_or(String::new(), |line| format!(":{line}"));
                format!("{}{line}: {}{}", problem.file, problem.message, hinted(&problem.hint))
            };
            problems.iter().map(one).collect::<Vec<_>>().join("\n")
        }
        StoreError::Value { message, file, line, hint } => {
            let line = line.map_or(String::new(), |line| format!(":{line}"));
            format!("{file}{line}: {message}{}", hinted(hint))
        }
        StoreError::Refused { message, hint } => format!("{message}{}", hinted(hint)),
        StoreError::Database { message, known } => format!("{message} {known:?}"),
        StoreError::NotFound(_) => "not found".to_owned(),
        error => error.to_string(),
    }
}

fn header(id: &str, parents: &[&str], message: &str) -> Header {
    Header {
        id: Id::from(id),
        parents: parents.iter().map(Id::from).collect(),
        depends_on: Vec::new(),
        labels: Vec::new(),
        message: message.to_owned(),
        created: Some(clock::now()),
        replaces: Vec::new(),
        transactional: true,
    }
}

fn new(header: Header) -> NewRevision {
    NewRevision { header, format: None, folder: None, body: None }
}

fn ids(store: &Store) -> String {
    store.graph().ordered().iter().map(Id::as_str).collect::<Vec<_>>().join(" ")
}

// ---- store.yaml ----

#[test]
fn every_problem_of_the_settings_is_named_at_once() {
    insta::assert_snapshot!(problems(&[("store.yaml", r#"
revisoins: [revisions]
format: yml
format: sql
file_name: "{date}_{slug}"
timezone: Mars/Olympus
tags: {head: [a], "b c": [a], no: x}
hooks: [[], [1], black]
databases:
  default:
    url: 12
    kind: Protected
    lines: billing
    role: no
    on_connect: [SET x = 1, 2]
    table_prefix: "1; DROP TABLE x"
    transaction: per-step
    lock_timeout: 60
    statement_lock_timeout: 5 parsecs
    colour: x
  other: {url: {file: a, command: b}}
  third: {kind: shared}
  fourth: sqlite://x.db
"#)]), @r#"
    store.yaml:2: unknown key "revisoins" in store.yaml
        did you mean revisions?
    store.yaml:3: format must be yaml or sql
        did you mean yaml?
    store.yaml:4: the key "format" is given twice, first on line 3
    store.yaml:5: file_name must hold {id}
        the fields are id, slug, date, datetime, epoch, year, month, day, hour, minute, second
    store.yaml:6: there is no time zone "Mars/Olympus"
        write UTC, or a name such as Europe/Berlin
    store.yaml:7: "b c" cannot be a tag
        use letters, digits, _ and .
    store.yaml:7: "head" cannot be a tag
        head, heads, base and current are reserved words
    store.yaml:7: the tag no must be a list
        write [one, another]; [] is the empty list
    store.yaml:8: a hook has no command
    store.yaml:8: a hook must be a list
        write [one, another]; [] is the empty list
    store.yaml:8: a hook must be a text, but YAML takes 1 for a number
        put it in quotes: "1"
    store.yaml:11: url must be a text, but YAML takes 12 for a number
        put it in quotes: "12"
    store.yaml:12: kind must be development, shared or protected
        did you mean protected?
    store.yaml:13: lines must be a list
        write [one, another]; [] is the empty list
    store.yaml:14: role must be a text, but YAML takes no for yes or no
        put it in quotes: "no"
    store.yaml:15: on_connect must be a text, but YAML takes 2 for a number
        put it in quotes: "2"
    store.yaml:16: table_prefix is not valid in a table name: "1; DROP TABLE x"
        letters, digits and _, beginning with no digit, at most 40
    store.yaml:17: transaction must be per-revision, all or none
    store.yaml:18: lock_timeout must be a duration
        write a whole number and ms, s, m or h: 500ms, 60s, 2m
    store.yaml:19: statement_lock_timeout must be a duration
        write a whole number and ms, s, m or h: 500ms, 60s, 2m
    store.yaml:20: unknown key "colour" in the database default
        the keys are url, kind, labels, lines, role, on_connect, table_prefix, table_schema, transaction, lock, lock_timeout, statement_lock_timeout, silent_after, schema, scratch_url, seed, include, exclude
    store.yaml:21: url needs either file or command
        write a text, {file: …} or {command: […]}
    store.yaml:22: the database third has no url
        write url: followed by an address, such as sqlite://store.db
    store.yaml:23: the database fourth must be a map of keys and values
    "#);
}

#[test]
fn a_store_needs_its_settings() {
    insta::assert_snapshot!(problems(&[("store.yaml", "")]), @r"
    store.yaml: the file is empty
        databases.default.url is all it needs
    ");
    insta::assert_snapshot!(problems(&[("store.yaml", "# nothing\n")]), @r"
    store.yaml: the file is empty
        databases.default.url is all it needs
    ");
    insta::assert_snapshot!(problems(&[("store.yaml", "- a\n")]), @"store.yaml:1: store.yaml must be a map of keys and values");
    insta::assert_snapshot!(problems(&[("store.yaml", "revisions: []\n")]), @r"
    store.yaml:1: databases is missing
        write databases: {default: {url: …}}
    store.yaml:1: revisions names no folder
    ");
    insta::assert_snapshot!(problems(&[("store.yaml", "databases: {a: {url: x}\n")]), @"store.yaml:2: while parsing a flow mapping, did not find expected ',' or '}'");
}

#[test]
fn what_yaml_can_do_beyond_plain_values_is_refused() {
    insta::assert_snapshot!(problems(&[("store.yaml", "databases: &all\n  a: {url: x}\n")]), @r"
    store.yaml:1: an anchor (`&name`) is not supported here
        write the value without it; a text that begins so belongs in quotes
    ");
    insta::assert_snapshot!(problems(&[("store.yaml", "databases: *all\n")]), @"store.yaml:1: while parsing node, found unknown anchor");
    insta::assert_snapshot!(problems(&[("store.yaml", "databases: !!map {}\n")]), @r"
    store.yaml:1: a tag (`!name`) is not supported here
        write the value without it; a text that begins so belongs in quotes
    ");
    insta::assert_snapshot!(problems(&[("store.yaml", "a: b\n---\nc: d\n")]), @"store.yaml:2: a second document begins here");
    insta::assert_snapshot!(problems(&[("store.yaml", "? [a]\n: b\n")]), @"store.yaml:1: a key must be a word");
    // Readers of YAML do not agree on these: nothing is read in two ways.
    insta::assert_snapshot!(problems(&[("revisions/a.yaml", "revision: a1\nup:\n  - sql: |\n      SELECT 'a\u{2028}b';\n")]), @r#"
    revisions/a.yaml:4: the character U+2028 means different things to YAML parsers
        write it in double quotes, as "\u2028"
    "#);
    insta::assert_snapshot!(problems(&[("revisions/a.yaml", "revision: a1\nmessage: x\u{1}y\nup: []\n")]), @r#"
    revisions/a.yaml:2: the character U+0001 means different things to YAML parsers
        write it in double quotes, as "\u0001"
    "#);
    insta::assert_snapshot!(problems(&[("store.yaml", "databases: {a: {url: {file: a, flie: b}}, b: {url: {}}, c: {url: {command: []}}, d: {url: [x], role: null, table_schema: ~}}\n")]), @r#"
    store.yaml:1: command is empty
    store.yaml:1: unknown key "flie" in url
        did you mean file?
    store.yaml:1: url must be a text
    store.yaml:1: url needs either file or command
        write a text, {file: …} or {command: […]}
    "#);
    let deep = format!("databases: {}\n", "[".repeat(100_000));
    insta::assert_snapshot!(problems(&[("store.yaml", &deep)]), @"store.yaml:1: recursion limit exceeded");
    let deep = (0..1000).map(|n| format!("{}a:\n", " ".repeat(n))).collect::<String>();
    insta::assert_snapshot!(problems(&[("store.yaml", &deep)]), @"store.yaml:33: lists and maps are nested too deeply here");
}

// ---- values ----

fn database(store: &Store, name: &str) -> Result<DatabaseSettings, StoreError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(store.database(name))
}

fn url(files: &Files, x: &[(&str, &str)]) -> String {
    let x = x.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let store = Store::open(files.path(), Variables { x }).unwrap();
    let name = store.database_name(None).unwrap();
    match database(&store, name) {
        Ok(settings) => settings.url.reveal().to_owned(),
        Err(error) => words(&error),
    }
}

fn url_of(text: &str) -> String {
    let config = format!("databases:\n  default:\n    url: {text}\n");
    let files = Files::new(&[("store.yaml", &config), (".env", "REV_T_A=alpha\nREV_T_E=\n")]);
    files.put("secret/url", "postgres://u:p@h/d\n");
    url(&files, &[("host", "db1")])
}

#[test]
fn an_address_comes_from_variables_files_and_commands() {
    assert_eq!(url_of("sqlite://${REV_T_A}.db"), "sqlite://alpha.db");
    assert_eq!(url_of("${REV_T_NONE:-sqlite://x.db}"), "sqlite://x.db");
    assert_eq!(url_of("${REV_T_E:-empty}"), "empty");
    assert_eq!(url_of("postgres://${x.host}/${x.name:-app}"), "postgres://db1/app");
    assert_eq!(url_of("a$b$${c}"), "a$b${c}");
    assert_eq!(url_of("{file: secret/url}"), "postgres://u:p@h/d");
    assert_eq!(url_of("{command: [cat, secret/url]}"), "postgres://u:p@h/d");
    // The environment goes before .env.
    assert_eq!(url_of("${PATH}"), std::env::var("PATH").unwrap());
}

#[test]
fn an_address_that_cannot_be_had_says_why() {
    insta::assert_snapshot!(url_of("${REV_T_NONE}"), @r"
    store.yaml:3: the variable REV_T_NONE is not set
        set it, write it to .env beside store.yaml, or give a default: ${REV_T_NONE:-…}
    ");
    insta::assert_snapshot!(url_of("${REV_T_E}"), @r"
    store.yaml:3: the variable REV_T_E is not set
        set it, write it to .env beside store.yaml, or give a default: ${REV_T_E:-…}
    ");
    insta::assert_snapshot!(url_of("${x.name}"), @r"
    store.yaml:3: the value name is not given
        give it as -x name=VALUE
    ");
    insta::assert_snapshot!(url_of("${REV_T_A"), @"store.yaml:3: the url has a ${ without its }");
    insta::assert_snapshot!(url_of("${a b}"), @r"
    store.yaml:3: the url has a ${…} that names no variable
        write ${NAME}, ${NAME:-default} or ${x.NAME}; $${ stands for ${ itself
    ");
    insta::assert_snapshot!(url_of("'  '"), @"store.yaml:3: the url of the database default is empty");
    insta::assert_snapshot!(url_of("{command: [sh, -c, 'exit 3']}"), @"store.yaml:3: the url's command sh failed: exit status: 3");
    insta::assert_snapshot!(url_of("{command: [no-such-program-here]}"), @"store.yaml:3: the url's command no-such-program-here does not run: No such file or directory (os error 2)");
    let missing = url_of("{file: none}");
    assert!(missing.contains("store.yaml:3: the url cannot be read"), "{missing}");
}

#[test]
fn a_bad_line_of_the_dotenv_file_is_not_shown() {
    let files = Files::new(&[
        ("store.yaml", "databases: {a: {url: '${REV_T_A}'}}\n"),
        (".env", "REV_T_A=hunter2 and more\n"),
    ]);
    insta::assert_snapshot!(url(&files, &[]), @r"
    .env: a line is not right
        each line is NAME=VALUE; a value with spaces belongs in quotes
    ");
}

#[test]
fn only_the_database_that_is_asked_for_is_resolved() {
    let config =
        "databases:\n  a: {url: 'sqlite://a.db', lines: [x]}\n  b: {url: '${REV_T_NONE}'}\n";
    let store = Files::new(&[("store.yaml", config)]).open();
    assert_eq!(store.database_names(), ["a", "b"]);
    assert_eq!(database(&store, "a").unwrap().url.reveal(), "sqlite://a.db");
    assert_eq!(store.lines("a"), ["x"]);
    insta::assert_snapshot!(words(&store.database_name(None).unwrap_err()), @r#"there are several databases, and none of them is the default ["a", "b"]"#);
    insta::assert_snapshot!(words(&store.database_name(Some("c")).unwrap_err()), @r#"store.yaml has no database "c" ["a", "b"]"#);
    let shown = format!("{store:?} {:?}", database(&store, "a").unwrap());
    assert!(!shown.contains("a.db"), "{shown}");
}

#[test]
fn the_labels_of_a_database_have_an_older_name() {
    let config = |keys: &str| format!("databases: {{default: {{url: 'sqlite://a.db', {keys}}}}}\n");
    for keys in ["labels: [x, z]", "lines: [x, z]"] {
        let store = Files::new(&[("store.yaml", &config(keys))]).open();
        assert_eq!(store.lines("default"), ["x", "z"], "{keys}");
        assert_eq!(database(&store, "default").unwrap().lines, ["x", "z"], "{keys}");
    }
    let both = config("labels: [x], lines: [x]");
    insta::assert_snapshot!(problems(&[("store.yaml", &both)]), @"
    store.yaml:1: the database default has both labels and lines
        remove one of them
    ");
}

// ---- headers ----

#[test]
fn every_problem_of_the_headers_is_named_at_once() {
    insta::assert_snapshot!(problems(&[
        ("revisions/a.yaml", "revision: a1\nparents: [nowhere]\nlabels: [billing, head]\nup: []\n"),
        ("revisions/b.yaml", "revision: b1\nparent: [a1]\nmessage: no\nup: []\n"),
        ("revisions/c.yaml", "revision: c1\nparents: a1\ncreated: yesterday\ncreated: 2026-11-22\nup: []\n"),
        ("revisions/d.sql", "-- revision: a1\n-- message: x\n\n-- rev: up\n"),
        ("revisions/e.yaml", "revision: base\nup: []\n"),
        ("revisions/f.yaml", "revision: f-1\nup: []\n"),
        ("revisions/g.sql", "SELECT 1;\n"),
        ("revisions/h.yaml", ""),
        ("revisions/i.yaml", "message: x\nup: []\n"),
        ("revisions/j.yaml", "revision: j1\nlabels: [billing]\ntransaction: all\nup: []\n"),
        ("revisions/k.yaml", "revision: k1\nparents: [k3]\nup: []\n"),
        ("revisions/l.yaml", "revision: k2\nparents: [k1, k1]\nup: []\n"),
        ("revisions/m.yaml", "revision: k3\n# here\nparents: [k2]\nup: []\n"),
        ("revisions/n.yaml", "revision: n1\nreplaces: [{parents: []}, {revision: n0, up: {oracle: x}}]\nup: []\n"),
    ]), @r#"
    revisions/a.yaml:3: "head" cannot be a label
        head, heads, base and current are reserved words
    revisions/b.yaml:2: unknown key "parent" in the header
        did you mean parents?
    revisions/b.yaml:3: message must be a text, but YAML takes no for yes or no
        put it in quotes: "no"
    revisions/c.yaml:2: parents must be a list
        write [one, another]; [] is the empty list
    revisions/c.yaml:3: created is not a timestamp with time zone
        write it as 2026-11-22T19:06:22Z
    revisions/c.yaml:4: the key "created" is given twice, first on line 3
    revisions/d.sql:1: the revision a1 is in revisions/a.yaml already
        each revision has an id of its own: give one of them another
    revisions/e.yaml:1: "base" cannot be a revision's id
        head, heads, base and current are reserved words
    revisions/f.yaml:1: "f-1" cannot be a revision's id
        use letters, digits and _
    revisions/g.sql:1: the header has no revision
        a revision begins with its header: revision, parents, message
    revisions/h.yaml: the file is empty
    revisions/i.yaml:1: the header has no revision
        a revision begins with its header: revision, parents, message
    revisions/j.yaml:2: the label "billing" is also given by a1
        a label is given once, at any revision of its branch: remove it from one
    revisions/j.yaml:3: transaction must be none
    revisions/k.yaml:2: a cycle: k1 depends on k3 depends on k2 depends on k1
        remove one of them from `parents`
    revisions/l.yaml:2: parents names k1 twice
    revisions/n.yaml:2: replaces has an entry without revision
    revisions/n.yaml:2: unknown dialect "oracle": it is one of postgres, mysql, mariadb, sqlite
    "#);
}

#[test]
fn what_the_graph_finds_is_shown_in_the_files() {
    insta::assert_snapshot!(problems(&[
        ("store.yaml", "databases: {a: {url: x}}\ntags:\n  v1: [a1]\n  # here\n  v2: [a1, nowhere]\n  b1: [a1]\n"),
        ("revisions/a.yaml", "# b2 is not meant\nrevision: a1\nmessage: x\nparents: [b2]\nup: []\n"),
        ("revisions/b.sql", "-- revision: b1\n-- parents: [a1]\n-- depends_on:\n--   - a1\n--   - billing\n-- labels: [a1]\n\n-- rev: up\n"),
    ]), @r#"
    revisions/a.yaml:4: there is no revision b2, which a1 has as its parent
        was b1 meant?
    revisions/b.sql:5: there is no revision or label billing, on which b1 depends
        is its file missing here?
    revisions/b.sql:6: the label "a1" is also the id of a revision
        choose another label
    store.yaml:5: the tag "v2" names nowhere, which is not a revision
        correct or remove it
    store.yaml:6: the tag "b1" is also the id of a revision
        choose another tag
    "#);
}

#[test]
fn what_is_missing_may_be_in_a_file_that_cannot_be_read() {
    insta::assert_snapshot!(problems(&[
        ("revisions/a.yaml", "revision: a1\nparents: [b1]\nup: []\n"),
        ("revisions/b.yaml", "revision: [b1]\nup: []\n"),
    ]), @"revisions/b.yaml:1: revision must be a text");
}

#[test]
fn names_are_what_is_written() {
    let files = Files::new(&[
        ("revisions/a.yaml", "revision: 0123\nlabels: [1.20]\nup: []\n"),
        ("revisions/b.yaml", "revision: 1e3\nparents: [0123]\nup: []\n"),
        ("revisions/c.sql", "-- revision: 0x10\n-- parents: ['1e3']\n\n-- rev: up\n-- rev: down\n"),
    ]);
    let store = files.open();
    assert_eq!(ids(&store), "0123 1e3 0x10");
    assert_eq!(store.header(&Id::from("0123")).unwrap().labels, ["1.20"]);
}

#[test]
fn a_header_may_stand_behind_the_body() {
    let files = Files::new(&[
        ("revisions/a.yaml", "up:\n  - sql: |\n      SELECT 1;\nrevision: a1\nmessage: late\n"),
        ("revisions/b.yaml", "{revision: b1, parents: [a1], up: []}\n"),
        ("revisions/c.yaml", "\"revision\": c1\n\"parents\": [b1]\n\"up\": []\n"),
        ("revisions/d.yaml", "---\nrevision: d1\nparents:\n- c1\nup:\n- sql: 'SELECT 1'\n"),
        ("revisions/e.yaml", "\"up\": []\nrevision: e1\nparents: [d1]\ndown: irreversible\n"),
    ]);
    let store = files.open();
    assert_eq!(ids(&store), "a1 b1 c1 d1 e1");
    assert_eq!(store.header(&Id::from("a1")).unwrap().message, "late");
    for id in ["a1", "b1", "c1", "d1", "e1"] {
        store.revision(&Id::from(id)).unwrap();
    }
}

#[test]
fn a_header_on_both_sides_of_the_body_is_a_problem() {
    insta::assert_snapshot!(problems(&[(
        "revisions/a.yaml",
        "revision: a1\nup: []\nlabels: [x]\n",
    )]), @r"
    revisions/a.yaml:3: labels comes after the body
        move it up, to the other keys of the header
    ");
}

#[test]
fn headers_longer_than_the_first_read_are_read() {
    let long = "lorem ipsum ".repeat(1000);
    let files = Files::new(&[
        ("revisions/a.yaml", &format!("revision: a1\nmessage: |\n  {long}\nup: []\n")),
        (
            "revisions/b.sql",
            &format!(
                "-- revision: b1\n-- parents: [a1]\n-- message: \"{long}\"\n\n-- rev: up\n-- rev: down\n"
            ),
        ),
    ]);
    let store = files.open();
    assert_eq!(store.header(&Id::from("a1")).unwrap().message.trim(), long.trim());
    assert_eq!(store.header(&Id::from("b1")).unwrap().message, long);
}

// ---- bodies ----

#[test]
fn every_problem_of_a_yaml_body_is_named_at_once() {
    insta::assert_snapshot!(problems(&[("revisions/a.yaml", r#"revision: a1
up:
  - sql: SELECT 1
  - sql: >
      SELECT 2
  - sq: x
  - sql: |
      SELECT 3
    more: y
  - [a]
  - sql:
      postgers: x
      sqlite: |
        SELECT 4
      sqlite: |
        SELECT 5
  - sql:
down: reversible
dwon: []
"#)]), @r#"
    revisions/a.yaml:3: SQL must be a `|` block or in quotes: YAML cuts a text without them at the first ` #`
        put all of it in quotes, as in `sql: "…"`, or write `sql: |` and the SQL below it
    revisions/a.yaml:5: SQL must not be a `>` block: YAML joins its lines, and a comment would hide what follows it
        write `|` instead of `>`
    revisions/a.yaml:6: unknown operation "sq"
        did you mean sql?
    revisions/a.yaml:7: an operation is one key with its value
        indent what belongs to sql further than its key
    revisions/a.yaml:10: an operation is one key with its value
        write `- create_table: {…}`
    revisions/a.yaml:12: unknown dialect "postgers": it is one of postgres, mysql, mariadb, sqlite
        did you mean postgres?
    revisions/a.yaml:15: the key "sqlite" is given twice, first on line 13
    revisions/a.yaml:17: sql must be a text of SQL
        write `sql: |` and the SQL below it
    revisions/a.yaml:18: down must be a list of operations, or the word irreversible
        omit it to have it derived, or write down: irreversible
    revisions/a.yaml:19: unknown key "dwon" in the revision
        did you mean down?
    "#);
    insta::assert_snapshot!(problems(&[("revisions/a.yaml", "revision: a1\ndown: {}\n")]), @"
    revisions/a.yaml:1: up is missing
        `up: []` says that there is nothing to do
    revisions/a.yaml:2: down must be a list of operations, or the word irreversible
        omit it to have it derived, or write down: irreversible
    ");
}

#[test]
fn every_problem_of_a_sql_body_is_named_at_once() {
    insta::assert_snapshot!(problems(&[("revisions/a.sql", r#"-- revision: a1

-- a comment
/* and
   another */
SELECT 0;
-- rev: up
SELECT 1;
-- rev: up oracle
-- rev: up postgres mysql
-- rev: upp
-- rev: up no-transacton
-- rev: up
SELECT 2;
-- rev: irreversible postgres
"#)]), @r#"
    revisions/a.sql:6: there is SQL before the first section
        write it under `-- rev: up`
    revisions/a.sql:9: unknown word "oracle" in a section's line
        a section takes a dialect (postgres, mysql, mariadb, sqlite) and no-transaction
    revisions/a.sql:10: a section is for one dialect or for all
        write a section for each
    revisions/a.sql:11: unknown section "upp"
        did you mean up?
    revisions/a.sql:12: unknown word "no-transacton" in a section's line
        did you mean no-transaction?
    revisions/a.sql:13: the section `up` is given twice, first on line 7
        join the two
    revisions/a.sql:15: `-- rev: irreversible` takes no "postgres"
        it holds for every dialect
    "#);
    insta::assert_snapshot!(problems(&[("revisions/a.sql", "-- revision: a1\n\n-- rev: up\nSELECT 1;\n")]), @r"
    revisions/a.sql:4: the section down is missing
        write `-- rev: down` above the SQL that undoes it, or `-- rev: irreversible`
    ");
    insta::assert_snapshot!(problems(&[("revisions/a.sql", "-- revision: a1\n\n-- rev: down\nSELECT 1;\n")]), @r"
    revisions/a.sql:4: the section up is missing
        write `-- rev: up` above the SQL that applies it
    ");
    insta::assert_snapshot!(problems(&[("revisions/a.sql", "-- revision: a1\n\nSELECT 1;\n")]), @"
    revisions/a.sql:3: the section down is missing
        write `-- rev: down` above the SQL that undoes it, or `-- rev: irreversible`
    revisions/a.sql:3: the section up is missing
        write `-- rev: up` above the SQL that applies it
    revisions/a.sql:3: there is SQL before the first section
        write it under `-- rev: up`
    ");
    insta::assert_snapshot!(problems(&[(
        "revisions/a.sql",
        "-- revision: a1\n\n-- rev: up\n-- rev: down\n-- rev: irreversible\n-- rev: irreversible\nSELECT 1;\n",
    )]), @r"
    revisions/a.sql:5: irreversible, but there is a section down
    revisions/a.sql:6: the section `irreversible` is given twice, first on line 5
        join the two
    revisions/a.sql:7: there is SQL after `-- rev: irreversible`
        write it under `-- rev: up`
    ");
}

fn sections(entries: &[Entry]) -> String {
    let mut out = String::new();
    for entry in entries {
        let Operation::Sql(sql) = &entry.operation else { panic!("{entry:?}") };
        for section in &sql.sections {
            let dialect = section.dialect.map_or("all", |dialect| dialect.name());
            let how = if section.transactional { "" } else { " no-transaction" };
            out += &format!("{dialect}{how} line {}: {:?}\n", section.line, section.text);
        }
    }
    out
}

#[test]
fn sections_are_read_with_their_lines() {
    let files = Files::new(&[
        (
            "revisions/a.sql",
            "-- revision: a1\n\n-- why\n-- rev: up\nSELECT 1;\n\n--rev: up postgres no-transaction\nSELECT 2;\n-- rev: down\n-- rev: down mariadb\nSELECT 3;",
        ),
        (
            "revisions/b.yaml",
            "revision: b1\nparents: [a1]\nup:\n  - sql: |\n\n      SELECT 1;\n        x\n  - sql: \"a\\nb\"\n  - sql:\n      sqlite: |\n        SELECT 2;\n      mysql: ''\ndown: irreversible\n",
        ),
        (
            "revisions/c.sql",
            "-- revision: c1\n-- parents: [b1]\n-- transaction: none\n-- rev: up\nA\n-- rev: irreversible\n",
        ),
        ("revisions/d.yaml", "revision: d1\nparents: [c1]\ntransaction: none\nup: [{sql: 'A'}]\n"),
    ]);
    let store = files.open();
    let revision = |id: &str| store.revision(&Id::from(id)).unwrap();
    let a = revision("a1");
    insta::assert_snapshot!(sections(&a.up), @r#"
    all line 5: "SELECT 1;\n\n"
    postgres no-transaction line 8: "SELECT 2;\n"
    "#);
    let Down::Operations(down) = &a.down else { panic!() };
    insta::assert_snapshot!(sections(down), @r#"
    all line 10: ""
    mariadb line 11: "SELECT 3;"
    "#);
    assert_eq!(a.file, "revisions/a.sql");
    assert_eq!(a.text, files.read("revisions/a.sql"));
    let b = revision("b1");
    insta::assert_snapshot!(sections(&b.up), @r#"
    all line 5: "\nSELECT 1;\n  x\n"
    all line 8: "a\nb"
    sqlite line 11: "SELECT 2;\n"
    mysql line 12: ""
    "#);
    assert_eq!(b.down, Down::Irreversible);
    let c = revision("c1");
    insta::assert_snapshot!(sections(&c.up), @r#"all no-transaction line 5: "A\n""#);
    assert_eq!(c.down, Down::Irreversible);
    let d = revision("d1");
    insta::assert_snapshot!(sections(&d.up), @r#"all no-transaction line 4: "A""#);
    assert_eq!(d.down, Down::Derived);
}

#[test]
fn both_forms_of_a_revision_have_the_same_digests() {
    let yaml = "revision: a1\nup:\n  - sql: |\n      CREATE TABLE t (a int); -- why\n      INSERT INTO t VALUES (1);\n\
                down:\n  - sql:\n      sqlite: |\n        DROP TABLE t;\n      mysql: |\n        DROP TABLE t CASCADE;\n";
    let sql = "-- revision: a1\n-- message: another\n\n-- rev: up\nCREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n\n\
               -- rev: down mysql\nDROP TABLE t CASCADE;\n-- rev: down sqlite\nDROP TABLE t;\n";
    let digests = |name: &str, text: &str| {
        let revision = Files::new(&[(name, text)]).open().revision(&Id::from("a1")).unwrap();
        revdag::internals::text::Dialect::ALL.map(|dialect| {
            (
                revdag::model::up_digest(&revision, dialect),
                revdag::model::down_digest(&revision, dialect),
            )
        })
    };
    assert_eq!(digests("revisions/a.yaml", yaml), digests("revisions/a.sql", sql));
    let empty = "revision: a1\nup: []\ndown: []\n";
    let blank = "-- revision: a1\n\n-- rev: up\n\n-- rev: down\n";
    assert_eq!(digests("revisions/a.yaml", empty), digests("revisions/a.sql", blank));
}

// ---- files ----

#[test]
fn folders_are_searched_and_what_is_not_a_revision_is_left_out() {
    let files = Files::new(&[
        (
            "store.yaml",
            "revisions: [revisions, ./more/, revisions/2026]\ndatabases: {default: {url: x}}\n",
        ),
        ("revisions/2026/11/b.yaml", "revision: b1\nparents: [a1]\nup: []\n"),
        ("revisions/a.yml", "revision: a1\nup: []\n"),
        ("revisions/.hidden.yaml", "junk: ["),
        ("revisions/.git/c.yaml", "junk: ["),
        ("revisions/README.md", "junk"),
        ("more/übung ☃.sql", "-- revision: d1\n-- parents: [b1]\n-- rev: up\n-- rev: down\n"),
    ]);
    let store = files.open();
    assert_eq!(ids(&store), "a1 b1 d1");
    assert_eq!(store.file(&Id::from("b1")), Some("revisions/2026/11/b.yaml"));
    assert_eq!(store.file(&Id::from("d1")), Some("more/übung ☃.sql"));
    store.revision(&Id::from("d1")).unwrap();
}

#[cfg(unix)]
#[test]
fn links_are_followed_once_and_never_in_circles() {
    use std::os::unix::fs::symlink;
    let files = Files::new(&[
        ("revisions/z/a.yaml", "revision: a1\nup: []\n"),
        ("elsewhere/b.yaml", "revision: b1\nup: []\n"),
    ]);
    let root = files.path();
    symlink("../z", root.join("revisions/z/loop")).unwrap();
    symlink("..", root.join("revisions/z/up")).unwrap();
    symlink("z/a.yaml", root.join("revisions/again.yaml")).unwrap();
    symlink("../elsewhere", root.join("revisions/beside")).unwrap();
    symlink("../elsewhere/b.yaml", root.join("revisions/b.yaml")).unwrap();
    let store = files.open();
    assert_eq!(ids(&store), "a1 b1");
    assert_eq!(store.file(&Id::from("a1")), Some("revisions/z/a.yaml"));
    symlink("gone.yaml", root.join("revisions/broken.yaml")).unwrap();
    insta::assert_snapshot!(files.problems(), @"revisions/broken.yaml: cannot be read: No such file or directory (os error 2)");
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let files = Files::new(&[]);
    files.put("revisions/a.yaml", b"revision: a1\nmessage: caf\xe9\nup: []\n");
    files.put("revisions/b.yaml", b"\xff\xfer\0e\0v\0");
    files.put("revisions/c.sql", b"\x7fELF\x02\x01\x01\0\0\0\0junk\n");
    files.put("revisions/d.yaml", b"\x89PNG\r\n\x1a\n\0\0");
    files.put("revisions/e.yaml", vec![0u8; 50 << 20]);
    insta::assert_snapshot!(files.problems(), @"
    revisions/a.yaml:2: the file is not UTF-8 here
        save it as UTF-8
    revisions/b.yaml:1: the file is UTF-16, not UTF-8
        save it as UTF-8
    revisions/c.sql:1: the file holds binary data: a zero byte
    revisions/d.yaml:3: the file holds binary data: a zero byte
    revisions/e.yaml:1: the file holds binary data: a zero byte
    ");
    let files = Files::new(&[]);
    files.put("revisions/a.yaml", b"revision: a1\nup:\n  - sql: |\n      SELECT '\xe9';\n");
    files.put("revisions/b.sql", b"-- revision: b1\n-- rev: up\nSELECT '\0';\n-- rev: down\n");
    insta::assert_snapshot!(files.problems(), @r"
    revisions/a.yaml:4: the file is not UTF-8 here
        save it as UTF-8
    revisions/b.sql:3: the file holds binary data: a zero byte
    ");
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let files = Files::new(&[
        ("store.yaml", "\u{feff}databases:\r\n  default:\r\n    url: x\r\ntags:\r\n  v1: [a1]\r\n"),
        (
            "revisions/a.yaml",
            "\u{feff}revision: a1\r\nmessage: x y\r\nup:\r\n  - sql: |\r\n      SELECT 1;\r\n",
        ),
        (
            "revisions/b.sql",
            "\u{feff}-- revision: b1\r\n-- parents: [a1]\r\n\r\n-- rev: up\r\nSELECT 1;\r\n-- rev: down\r\n",
        ),
    ]);
    let store = files.open();
    assert_eq!(ids(&store), "a1 b1");
    assert_eq!(store.header(&Id::from("a1")).unwrap().message, "x y");
    assert_eq!(
        sections(&store.revision(&Id::from("a1")).unwrap().up),
        "all line 5: \"SELECT 1;\\n\"\n"
    );
    assert_eq!(
        sections(&store.revision(&Id::from("b1")).unwrap().up),
        "all line 5: \"SELECT 1;\\n\"\n"
    );
    store.set_tag("v1", &[Id::from("b1")]).unwrap();
    assert_eq!(
        files.read("store.yaml"),
        "\u{feff}databases:\r\n  default:\r\n    url: x\r\ntags:\r\n  v1: [b1]\r\n"
    );
}

#[test]
fn of_a_large_file_only_the_beginning_is_read() {
    let files = Files::new(&[]);
    let row = "INSERT INTO t VALUES ('some row of a long seed');\n";
    let body = row.repeat((50 << 20) / row.len());
    files.put("revisions/a.sql", format!("-- revision: a1\n\n-- rev: up\n{body}-- rev: down\n"));
    let indented = format!("      {row}").repeat((1 << 20) / row.len());
    files.put(
        "revisions/b.yaml",
        format!("revision: b1\nparents: [a1]\nup:\n  - sql: |\n{indented}"),
    );
    let store = files.open();
    assert_eq!(ids(&store), "a1 b1");
    let Operation::Sql(sql) = &store.revision(&Id::from("b1")).unwrap().up[0].operation else {
        panic!()
    };
    assert_eq!(sql.sections[0].text.len(), row.len() * ((1 << 20) / row.len()));
    let Operation::Sql(sql) = &store.revision(&Id::from("a1")).unwrap().up[0].operation else {
        panic!()
    };
    assert_eq!(sql.sections[0].text.len(), body.len());
}

#[test]
fn the_store_above_is_found() {
    let files = Files::new(&[("a/b/c", "")]);
    assert_eq!(Store::find(&files.path().join("a/b")).unwrap(), files.path());
    let none = tempfile::tempdir().unwrap();
    assert!(matches!(Store::find(none.path()), Err(StoreError::NotFound(_))));
    assert!(matches!(Store::open(none.path(), Variables::default()), Err(StoreError::NotFound(_))));
}

// ---- writing ----

#[test]
fn what_is_written_can_be_read_and_names_its_schema() {
    let config = "revisions: [revisions, ../beside]\nfile_name: '{year}/{id}_{slug}'\ndatabases: {default: {url: x}}\n";
    let files = Files::new(&[("db/store.yaml", config), ("store.yaml", "unused: true")]);
    for folder in ["db/revisions", "beside"] {
        fs::create_dir(files.path().join(folder)).unwrap();
    }
    let open = || Store::open(&files.path().join("db"), Variables::default()).unwrap();
    let written = open()
        .write(&new(header("a1", &[], "Add accounts: the first, of (perhaps) very many tables")))
        .unwrap();
    let name = written.path.strip_prefix(files.path()).unwrap().to_str().unwrap();
    let name = format!("[YEAR]{}", name.strip_prefix("db/revisions/").unwrap().get(4..).unwrap());
    assert_eq!(name, "[YEAR]/a1_add_accounts_the_first_of_perhaps_very.yaml");
    let text = fs::read_to_string(&written.path).unwrap();
    assert!(
        text.starts_with(
            "# yaml-language-server: $schema=../../.rev/revision.schema.json\nrevision: a1\n"
        ),
        "{text}"
    );
    let beside = NewRevision {
        folder: Some("../beside/deep".into()),
        format: Some(Format::Sql),
        ..new(header("b1", &["a1"], ""))
    };
    let written = open().write(&beside).unwrap();
    assert!(written.path.ends_with("b1.sql"), "{:?}", written.path);
    // A child goes beside its parent, a merge does nothing yet.
    let merge = open().write(&new(header("c1", &["b1", "a1"], "no"))).unwrap();
    assert!(merge.path.to_str().unwrap().contains("beside"), "{:?}", merge.path);
    let store = open();
    assert_eq!(ids(&store), "a1 b1 c1");
    assert_eq!(store.header(&Id::from("c1")).unwrap().message, "no");
    assert_eq!(store.revision(&Id::from("c1")).unwrap().up, []);
    store.revision(&Id::from("a1")).unwrap();
    store.revision(&Id::from("b1")).unwrap();
    let text = fs::read_to_string(&merge.path).unwrap();
    assert!(text.contains("$schema=../../db/.rev/revision.schema.json\n"), "{text}");
}

#[test]
fn nothing_is_written_over() {
    let files =
        Files::new(&[("store.yaml", "file_name: '{id}'\ndatabases: {default: {url: x}}\n")]);
    let store = files.open();
    files.put("revisions/a1.yaml", "mine");
    let error = store.write(&new(header("a1", &[], "x"))).unwrap_err();
    assert!(words(&error).contains("cannot write"), "{}", words(&error));
    assert_eq!(files.read("revisions/a1.yaml"), "mine");
    assert_eq!(fs::read_dir(files.path().join("revisions")).unwrap().count(), 1);
    let elsewhere = NewRevision { folder: Some("elsewhere".into()), ..new(header("b1", &[], "x")) };
    let error = words(&store.write(&elsewhere).unwrap_err());
    assert!(error.ends_with("elsewhere is not one of the store's folders\n    they are revisions; store.yaml lists them"), "{error}");
    insta::assert_snapshot!(words(&store.write(&new(header("head", &[], "x"))).unwrap_err()), @r#"
    "head" cannot be a revision's id
        head, heads, base and current are reserved words
    "#);
}

#[cfg(unix)]
#[test]
fn hooks_run_on_a_new_file_and_their_failures_are_told() {
    let config = "file_name: '{id}'\nhooks:\n  - [sed, -i, 's/old/new/', '{path}']\n  - [sh, -c, 'echo out; echo err >&2; exit 3']\n  - [no-such-program-here]\ndatabases: {default: {url: x}}\n";
    let files = Files::new(&[("store.yaml", config)]);
    let written = files.open().write(&new(header("a1", &[], "an old word"))).unwrap();
    insta::assert_snapshot!(written.hook_failures.join("\n"), @r"
    hook sh: exit status: 3
    out
    err
    hook no-such-program-here does not run: No such file or directory (os error 2)
    ");
    assert!(files.read("revisions/a1.yaml").contains("message: an new word\n"));
}

#[test]
fn tags_are_set_and_removed_in_place() {
    let config = "# mine\ndatabases: {default: {url: x}}\ntags: {v1: [a1]}   # released\n";
    let files = Files::new(&[
        ("store.yaml", config),
        ("revisions/a.yaml", "revision: a1\nlabels: [main]\nup: []\n"),
        ("revisions/b.yaml", "revision: b1\nparents: [a1]\nup: []\n"),
    ]);
    let both = [Id::from("b1"), Id::from("a1")];
    files.open().set_tag("v1", &both).unwrap();
    assert_eq!(files.read("store.yaml"), config.replace("[a1]}", "[b1, a1]}"));
    assert_eq!(files.open().tags()["v1"], both);
    files.open().set_tag("v1", &[Id::from("a1")]).unwrap();
    assert_eq!(files.read("store.yaml"), config);
    files.open().set_tag("v2", &both).unwrap();
    assert_eq!(files.read(".rev/tags/v2"), "b1\na1\n");
    assert_eq!(files.open().tags()["v2"], both);
    files.open().set_tag("v2", &[]).unwrap();
    assert!(!files.open().tags().contains_key("v2"));
    assert_eq!(files.read("store.yaml"), config);
    let refused = |name: &str, ids: &[&str]| {
        let ids: Vec<Id> = ids.iter().map(Id::from).collect();
        words(&files.open().set_tag(name, &ids).unwrap_err())
    };
    insta::assert_snapshot!(refused("v 1", &["a1"]), @r#"
    "v 1" cannot be a tag
        use letters, digits, _, . and -, and begin with neither . nor -
    "#);
    insta::assert_snapshot!(refused("heads", &["a1"]), @r#"
    "heads" cannot be a tag
        head, heads, base and current are reserved words
    "#);
    insta::assert_snapshot!(refused("v9", &[]), @r#"there is no tag "v9""#);
    insta::assert_snapshot!(refused("main", &["a1"]), @r#"
    the tag "main" is also a label
        choose another tag
    "#);
    insta::assert_snapshot!(refused("b1", &["a1"]), @r#"
    the tag "b1" is also the id of a revision
        choose another tag
    "#);
    insta::assert_snapshot!(refused("v3", &["c1"]), @r#"
    the tag "v3" names c1, which is not a revision
        was a1 or b1 meant?
    "#);
    assert_eq!(files.read("store.yaml"), config);
}

#[test]
fn a_new_id_is_a_word_that_no_tool_takes_for_a_number() {
    let store = Files::new(&[]).open();
    for _ in 0..100 {
        let id = store.new_id();
        assert_eq!(id.as_str().len(), 12);
        assert!(id.as_str().starts_with(|c: char| c.is_ascii_alphabetic()));
    }
}

// ---- init ----

#[test]
fn every_template_makes_a_store_that_opens() {
    for template in revdag::store::TEMPLATES {
        let folder = tempfile::tempdir().unwrap();
        let made = revdag::store::init(folder.path(), template.name, None).unwrap();
        assert!(made.made.iter().all(|path| path.exists()));
        let store = Store::open(folder.path(), Variables::default()).unwrap();
        for (name, variable) in store.database_names().into_iter().zip(template.variables) {
            let unset = words(&database(&store, name).unwrap_err());
            assert!(unset.contains(&format!("the variable {variable} is not set")), "{unset}");
        }
        let written = store.write(&new(header("a1", &[], "x"))).unwrap();
        let text = fs::read_to_string(&written.path).unwrap();
        let schema = text.lines().next().unwrap().split_once("$schema=").unwrap().1;
        assert!(written.path.parent().unwrap().join(schema).is_file(), "{schema}");
        let again = revdag::store::init(folder.path(), template.name, None).unwrap_err();
        assert!(words(&again).contains("already exists"));
    }
    let folder = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(words(&revdag::store::init(folder.path(), "genric", None).unwrap_err()), @r#"
    there is no template "genric"
        did you mean generic?
    "#);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_project_that_exists_keeps_its_files() {
    let files = Files::new(&[
        ("store.yaml", "x"),
        (".gitignore", "mine\n"),
        ("revisions/a.yaml", "revision: a1\nup: []\n"),
    ]);
    fs::remove_file(files.path().join("store.yaml")).unwrap();
    let made = revdag::store::init(files.path(), "generic", None).unwrap();
    let names: Vec<_> = made
        .made
        .iter()
        .map(|path| path.strip_prefix(files.path()).unwrap().to_str().unwrap())
        .collect();
    assert_eq!(names, [".rev/store.schema.json", ".rev/revision.schema.json", "store.yaml"]);
    assert_eq!(files.read(".gitignore"), "mine\n");
    assert_eq!(ids(&files.open()), "a1");
}

// ---- embedded ----

#[test]
fn a_store_in_the_program_reads_as_one_on_disk() {
    static EMBEDDED: include_dir::Dir<'static> =
        include_dir::include_dir!("$CARGO_MANIFEST_DIR/tests/it/embedded");
    let disk = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/embedded");
    let disk = Store::open(&disk, Variables::default()).unwrap();
    let embedded = Store::embedded(&EMBEDDED, Variables::default()).unwrap();
    assert_eq!(ids(&embedded), "a1 b1 c1");
    assert_eq!(ids(&embedded), ids(&disk));
    assert_eq!(embedded.tags(), disk.tags());
    for id in disk.graph().ordered() {
        assert_eq!(embedded.revision(&id).unwrap(), disk.revision(&id).unwrap());
    }
    let refused = embedded.write(&new(header("d1", &[], "x"))).unwrap_err();
    insta::assert_snapshot!(words(&refused), @"a store that is embedded in a program cannot be written to");
}
