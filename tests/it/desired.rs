//! The desired schema: what store.yaml says of it, and what is loaded of it into a scratch database.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use revdag::internals::db::DbError;
use revdag::internals::run::{self, Cancel, Event};
use revdag::model::{Catalog, Name, ObjectKey, ObjectKind, Operation};
use revdag::store::{Problem, SchemaFrom, Secret, Store, StoreError, Variables};

use crate::support::{Engine, TestDb};

/// A store of these files, whose database is SQLite's.
struct Ground(tempfile::TempDir);

impl Ground {
    fn new(schema: &str, files: &[(&str, &str)]) -> Ground {
        let ground = Ground(tempfile::tempdir().unwrap());
        ground.put(
            "store.yaml",
            &format!("databases:\n  default:\n    url: sqlite://store.db\n{schema}"),
        );
        fs::create_dir(ground.path().join("revisions")).unwrap();
        for (name, text) in files {
            ground.put(name, text);
        }
        ground
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn open(&self) -> Result<Store, StoreError> {
        Store::open(self.path(), Variables::default())
    }

    fn problems(&self) -> String {
        self.open().map_or_else(|error| words(&error), |_| "none".to_owned())
    }

    /// Loads the desired schema, or tells why not.
    fn desired(&self) -> Result<(Catalog, Vec<String>), String> {
        self.desired_until(&Cancel::default()).map_err(|error| told(&error))
    }

    fn desired_until(&self, cancel: &Cancel) -> Result<(Catalog, Vec<String>), run::Error> {
        let store = self.open().unwrap();
        let mut notices = Vec::new();
        let catalog = block_on(async {
            let settings = store.database("default").await?;
            run::desired(&store, &settings, None, cancel, &mut |event| notices.push(event)).await
        })?;
        assert!(!self.path().join("store.db").exists(), "the database itself is left alone");
        Ok((catalog, notices.into_iter().filter_map(notice).collect()))
    }
}

fn notice(event: Event) -> Option<String> {
    match event {
        Event::Notice(text) => Some(text),
        _ => None,
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn words(error: &StoreError) -> String {
    let hinted =
        |hint: &Option<String>| hint.as_ref().map_or(String::new(), |hint| format!("\n    {hint}"));
    match error {
        StoreError::Problems(problems) => {
            let one = |problem: &Problem| {
                let line = problem.line.map_or(String::new(), |line| format!(":{line}"));
                format!("{}{line}: {}{}", problem.file, problem.message, hinted(&problem.hint))
            };
            problems.iter().map(one).collect::<Vec<_>>().join("\n")
        }
        StoreError::Value { message, file, line, hint } => {
            format!("{file}:{}: {message}{}", line.unwrap_or(0), hinted(hint))
        }
        error => error.to_string(),
    }
}

fn told(error: &run::Error) -> String {
    match error {
        run::Error::Store(error) => words(error),
        run::Error::Unloadable(failed) => {
            let at = &failed.source;
            format!("{}:{}: {}\n  {}", at.file, at.line, failed.error, failed.sql)
        }
        run::Error::SchemaProgram(failed) => {
            format!(
                "store.yaml:{}: {}\n  {}",
                failed.line,
                failed.message,
                failed.said.join("\n  ")
            )
        }
        run::Error::Lower(error) => format!("{}:{}: {error}", error.at.file, error.at.line),
        run::Error::Replay(failed) => {
            let at = &failed.statement.source;
            format!(
                "{} {}: {} at {}:{}",
                failed.direction, failed.revision, failed.error, at.file, at.line
            )
        }
        run::Error::Refused { message, hint } => {
            format!("{message}\n  {}", hint.as_deref().unwrap_or_default())
        }
        error => error.to_string(),
    }
}

fn has_table(catalog: &Catalog, name: &str) -> bool {
    let name = Name { schema: None, name: name.to_owned() };
    catalog.objects.contains_key(&ObjectKey::new(ObjectKind::Table, name))
}

// ---- store.yaml ----

#[test]
fn every_form_of_a_source_is_read() {
    let ground = Ground::new(
        "    schema:\n    - file: schema.sql\n    - {program: [make, ddl], timeout: 2m}\n    \
         - program: [sh]\n    \
         include: ['public.*']\n    exclude: ['view:*_old']\n    scratch_url: ${SCRATCH}\n",
        &[],
    );
    let store = ground.open().unwrap();
    // What is not needed is not resolved.
    let settings = block_on(store.database("default")).unwrap();
    let from: Vec<&SchemaFrom> = settings.schema.iter().map(|source| &source.from).collect();
    let program = |words: &[&str], seconds| SchemaFrom::Program {
        command: words.iter().map(|word| (*word).to_owned()).collect(),
        timeout: Duration::from_secs(seconds),
    };
    assert_eq!(
        from,
        [
            &SchemaFrom::File("schema.sql".to_owned()),
            &program(&["make", "ddl"], 120),
            &program(&["sh"], 60)
        ]
    );
    assert_eq!(settings.schema[1].line, 6);
    assert_eq!((settings.filter.include.len(), settings.filter.exclude.len()), (1, 1));
    let error = block_on(store.scratch_url(&settings)).unwrap_err();
    insta::assert_snapshot!(words(&error), @r"
    store.yaml:10: the variable SCRATCH is not set
        set it, write it to .env beside store.yaml, or give a default: ${SCRATCH:-…}
    ");
    assert!(!format!("{settings:?}").contains("SCRATCH"));
}

#[test]
fn every_problem_of_the_sources_is_named() {
    insta::assert_snapshot!(Ground::new(
        "    schema: [{file: a, program: [b]}, {}, {files: a}, a, {program: []}, {file: a, timeout: 1s}]\n",
        &[],
    ).problems(), @r#"
    store.yaml:4: a schema source has both file and program
        such as {file: schema.sql} or {program: [python, print_ddl.py]}
    store.yaml:4: a schema source must be a map of keys and values
    store.yaml:4: a schema source needs one of file, program, database or url
        such as {file: schema.sql} or {program: [python, print_ddl.py]}
    store.yaml:4: program is empty
    store.yaml:4: timeout is for a program
        such as {file: schema.sql} or {program: [python, print_ddl.py]}
    store.yaml:4: unknown key "files" in a schema source
        did you mean file?
    "#);
    insta::assert_snapshot!(Ground::new(
        "    schema:\n    - {database: default}\n    - {database: other}\n    - url: sqlite://x.db\n    \
         include: ['tabel:a', 'a b']\n    exclude: ['']\n    scratch_url: {files: x}\n",
        &[],
    ).problems(), @r#"
    store.yaml:5: a database as a desired schema must be the only source: it is read as it is
        write either a database, or files and programs
    store.yaml:5: the database default would be compared with itself
        name another database of this file; the address of any other is {url: …}
    store.yaml:6: a database as a desired schema must be the only source: it is read as it is
        write either a database, or files and programs
    store.yaml:6: there is no database "other"
        name another database of this file; the address of any other is {url: …}
    store.yaml:7: a database as a desired schema must be the only source: it is read as it is
        write either a database, or files and programs
    store.yaml:8: "a b" is not a name pattern
        write a name with * and ?, such as public.*, *_old or view:report_*
    store.yaml:8: "tabel" is not a kind of object
        the kinds are schema, extension, enum, domain, sequence, table, view, materialized_view, function, procedure, trigger, policy, row_security, comment, sql
    store.yaml:9: "" is not a name pattern
        write a name with * and ?, such as public.*, *_old or view:report_*
    store.yaml:10: scratch_url needs either file or command
        write a text, {file: …} or {command: […]}
    store.yaml:10: unknown key "files" in scratch_url
        did you mean file?
    "#);
}

// ---- schema.yaml ----

#[test]
fn operations_that_create_are_read_with_their_lines_and_names() {
    let ground = Ground::new(
        "",
        &[(
            "schema.yaml",
            "- create_table:\n    name: t\n    columns:\n      - {name: a, type: bigint}\n    indexes:\n      \
             -\n        columns: [a]\n- comment: {on: table, name: t, comment: x}\n- sql: |\n\n    SELECT 1;\n\
             - by_dialect: {sqlite: []}\n",
        )],
    );
    let entries = ground.open().unwrap().schema_operations("schema.yaml").unwrap();
    let lines: Vec<usize> = entries.iter().map(|entry| entry.lines.own()).collect();
    assert_eq!(lines, [1, 8, 9, 12]);
    let Operation::CreateTable(table) = &entries[0].operation else { panic!("{entries:?}") };
    assert_eq!(table.definition.indexes[0].name.as_deref(), Some("ix_t_a"));
    assert_eq!(entries[0].lines.of("create_table.indexes.0.columns"), 7);
    let Operation::Sql(sql) = &entries[2].operation else { panic!("{entries:?}") };
    assert_eq!(sql.sections[0].line, 10);
}

#[test]
fn only_what_creates_belongs_in_a_schema() {
    let ground = Ground::new(
        "",
        &[
            (
                "schema.yaml",
                "- create_tabel: {name: t}\n- drop_table: {name: t}\n- grant: {on: table, name: t, roles: [x], privileges: [select]}\n\
             - by_dialect:\n    sqlite:\n      - bulk_delete: {table: t, columns: {a: text}, rows: []}\n- sql: x\n",
            ),
            ("empty.yaml", "# nothing\n"),
        ],
    );
    let store = ground.open().unwrap();
    insta::assert_snapshot!(words(&store.schema_operations("schema.yaml").unwrap_err()), @r#"
    schema.yaml:1: unknown operation "create_tabel"
        did you mean create_table?
    schema.yaml:2: drop_table: a schema has only operations that create
        write what is there in the end, as create_* operations, comment, row_security and sql
    schema.yaml:3: grant: a schema has only operations that create
        write what is there in the end, as create_* operations, comment, row_security and sql
    schema.yaml:6: bulk_delete: a schema has only operations that create
        write what is there in the end, as create_* operations, comment, row_security and sql
    schema.yaml:7: SQL must be a `|` block or in quotes: YAML cuts a text without them at the first ` #`
        put all of it in quotes, as in `sql: "…"`, or write `sql: |` and the SQL below it
    "#);
    insta::assert_snapshot!(words(&store.schema_operations("empty.yaml").unwrap_err()), @"
    empty.yaml: there are no operations
        write a list of operations, such as `- create_table: {…}`
    ");
}

// ---- loading ----

#[test]
fn sources_are_loaded_in_order() {
    let ground = Ground::new(
        "    schema:\n    - file: ./tables/\n    - file: more.yaml\n    - program: [sh, -c, \
         'echo warned >&2; echo \"CREATE TABLE $REV_DIALECT (a int); CREATE TABLE \\\"$REV_DATABASE\\\" (a int);\"']\n",
        &[
            // A dump: a transaction around all, and rows.
            (
                "tables/2.sql",
                "BEGIN;\nCREATE TABLE b (a int REFERENCES a);\nINSERT INTO a VALUES (1);\nCOMMIT;\nSELECT 1;",
            ),
            ("tables/1.sql", "CREATE TABLE a (a int PRIMARY KEY);"),
            ("tables/notes.txt", "no SQL"),
            (
                "more.yaml",
                "- create_table: {name: c, columns: [{name: a, type: integer}]}\n\
                           - create_unique: {table: c, columns: [a]}\n",
            ),
        ],
    );
    let (catalog, notices) = ground.desired().unwrap();
    for table in ["a", "b", "c", "sqlite", "default"] {
        assert!(has_table(&catalog, table), "{table}");
    }
    assert_eq!(notices.len(), 1);
    assert!(notices[0].ends_with("says: warned"), "{notices:?}");
}

#[test]
fn what_cannot_be_loaded_says_where() {
    let failed = |schema: &str, files: &[(&str, &str)]| {
        Ground::new(schema, files).desired().map(|_| ()).unwrap_err()
    };
    let file = "    schema:\n    - file: a.sql\n";
    insta::assert_snapshot!(failed("", &[]), @"
    store.yaml has no desired schema for the database default
      write `schema: [{file: schema.sql}]` under databases.default, or `- {program: [python, print_ddl.py]}` for what prints the SQL of your models
    ");
    insta::assert_snapshot!(failed(file, &[]), @"
    store.yaml:5: a.sql cannot be read: No such file or directory (os error 2)
        write the path of the file from store.yaml's folder
    ");
    insta::assert_snapshot!(failed("    schema: [{file: f}]\n", &[("f/a.txt", "")]), @"
    store.yaml:4: the folder f has no SQL files
        files of SQL end in .sql
    ");
    insta::assert_snapshot!(failed(file, &[("a.sql", "SELECT 1;\n\nCREATE TABLE t (\n  a int,\n  a int);")]), @"
    a.sql:3: duplicate column name: a
      CREATE TABLE t (
      a int,
      a int)
    ");
    insta::assert_snapshot!(failed(file, &[("a.sql", "SELECT 1;\nSELECT 'a;")]), @"a.sql:2: the string that begins here is not closed");
    insta::assert_snapshot!(failed("    schema: [{file: a.yaml}]\n", &[("a.yaml", "- sql: |\n    SELECT 1;\n    SELEC 2;\n")]), @r#"
    a.yaml:3: near "SELEC": syntax error
      SELEC 2
    "#);
}

#[test]
fn a_program_that_fails_says_so() {
    let failed = |program: &str| {
        let schema = format!("    schema:\n    - {{program: {program}}}\n");
        Ground::new(&schema, &[]).desired().map(|_| ()).unwrap_err()
    };
    insta::assert_snapshot!(failed("[no-such-program]"), @"store.yaml:5: `no-such-program` does not run: No such file or directory (os error 2)");
    insta::assert_snapshot!(failed("[sh, -c, 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i >&2; done; exit 3']"), @"
    store.yaml:5: `sh -c for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i >&2; d…` ended with exit status: 3
      3
      4
      5
      6
      7
      8
      9
      10
      11
      12
    ");
    insta::assert_snapshot!(failed("['true']"), @"store.yaml:5: `true` printed nothing");
    insta::assert_snapshot!(failed("[printf, '\\377']"), @r"
    store.yaml:5: `printf \377` printed output that is not UTF-8
    ");
    insta::assert_snapshot!(failed("[echo, 'SELECT 1; SELEC 2;']"), @r#"
    output of `echo SELECT 1; SELEC 2;`:1: near "SELEC": syntax error
      SELEC 2
    "#);
    insta::assert_snapshot!(failed("[sh, -c, 'echo begun >&2; sleep 100 & sleep 100'], timeout: 1s"), @"
    store.yaml:5: `sh -c echo begun >&2; sleep 100 & sleep 100` ran for more than 1 s, and was stopped
      begun
    ");
}

#[test]
fn a_wish_to_stop_ends_a_program_and_a_statement() {
    let endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;";
    for (schema, files) in [
        ("    schema: [{program: [sleep, '100']}]\n", vec![]),
        ("    schema: [{file: a.sql}]\n", vec![("a.sql", endless)]),
    ] {
        let ground = Ground::new(schema, &files);
        let cancel = Cancel::default();
        let asked = cancel.clone();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(300));
            asked.cancel();
        });
        let began = Instant::now();
        let error = ground.desired_until(&cancel).map(|_| ()).unwrap_err();
        thread.join().unwrap();
        assert!(matches!(error, run::Error::GivenUp), "{error:?}");
        assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    }
}

#[test]
fn a_server_needs_leave_for_a_throw_away_database() {
    let ground = Ground::new("    schema: [{file: a.sql}]\n", &[("a.sql", "")]);
    let store = ground.open().unwrap();
    let desired = |kind: &str, scratch: &str| {
        ground.put(
            "store.yaml",
            &format!("databases: {{default: {{url: x, kind: {kind}, schema: [{{file: a.sql}}]{scratch}}}}}"),
        );
        let store = ground.open().unwrap();
        let url = Secret::new("postgres://nobody:secret@127.0.0.1:1/app");
        let settings = store.database_at("default", url).unwrap();
        let cancel = Cancel::default();
        block_on(run::desired(&store, &settings, None, &cancel, &mut |_| {})).unwrap_err()
    };
    insta::assert_snapshot!(told(&desired("shared", "")), @"
    a scratch database cannot be created beside default, which is not of `kind: development`: on PostgreSQL a role, and on MySQL and MariaDB a qualified name, reaches from one database into another
      give `scratch_url` under databases.default in store.yaml, the address of a server for scratch databases; or set `kind: development`, if nothing on that server matters
    ");
    insta::assert_snapshot!(told(&desired("shared", ", scratch_url: 'mysql://root@127.0.0.1:1'")), @"
    `scratch_url` leads to mysql, and the database default is postgres
      give the address of a server of the same kind
    ");
    assert!(matches!(desired("development", ""), run::Error::Db(DbError::Connect { .. })));
    drop(store);
}

#[test]
fn another_database_is_read_as_it_is() {
    let ground = Ground::new("    schema: [{url: 'sqlite://models.db'}]\n", &[]);
    let models = sqlite(&ground.path().join("models.db"), "CREATE TABLE t (a int);");
    assert!(models.success());
    assert!(has_table(&ground.desired().unwrap().0, "t"));
    let other = Ground::new(
        "    schema: [{database: other}]\n  other: {url: 'postgres://127.0.0.1:1/x'}\n",
        &[],
    );
    insta::assert_snapshot!(other.desired().map(|_| ()).unwrap_err(), @"
    the desired schema is a database of postgres, and default is sqlite
      name a database of the same kind
    ");
}

#[test]
fn a_throw_away_database_goes_whatever_comes_of_it() {
    let ground = Ground::new("", &[]);
    let store = ground.open().unwrap();
    let settings = block_on(store.database("default")).unwrap();
    for fails in [false, true] {
        let mut file = None;
        let outcome = block_on(run::with_scratch(
            &store,
            &settings,
            None,
            &Cancel::default(),
            async |database| {
                database.connection.execute("CREATE TABLE t (a int)").await?;
                let url = database.settings.url.reveal().to_owned();
                let path = Path::new(url.trim_start_matches("sqlite://")).to_owned();
                assert!(path.is_file(), "{}", path.display());
                file = Some(path);
                let again = if fails { "t" } else { "u" };
                Ok(database.connection.execute(&format!("CREATE TABLE {again} (a int)")).await?)
            },
        ));
        assert_eq!(outcome.is_err(), fails);
        assert!(!file.unwrap().exists());
    }
}

#[test]
fn only_a_throw_away_database_is_replayed_on() {
    let ground = Ground::new("", &[]);
    let store = ground.open().unwrap();
    let error = block_on(async {
        let mut database =
            run::Database::connect(store.database("default").await.unwrap(), true).await.unwrap();
        run::replay_on(&store, &mut database, &[], &Cancel::default(), &mut |_| {}).await
    });
    let told = told(&error.unwrap_err());
    assert!(told.contains("is no scratch database"), "{told}");
}

// ---- servers ----

/// A store whose database stands on a server.
fn on_postgres(db: &TestDb, files: &[(&str, &str)]) -> Ground {
    let ground = Ground::new("", files);
    let config = "databases:\n  default: {url: x, kind: development, schema: [{file: a.sql}]}\n";
    ground.put("store.yaml", config);
    assert!(db.url().starts_with("postgres"));
    ground
}

fn desired_on(db: &TestDb, ground: &Ground, cancel: &Cancel) -> Result<Catalog, run::Error> {
    let store = ground.open().unwrap();
    let settings = store.database_at("default", Secret::new(db.url())).unwrap();
    block_on(async {
        let mut like = run::Database::connect(settings.clone(), false).await?;
        run::desired(&store, &settings, Some(&mut like), cancel, &mut |_| {}).await
    })
}

#[test]
fn a_dump_is_loaded_on_a_server() {
    let db = TestDb::new(Engine::Postgres);
    let dump = "SELECT pg_catalog.set_config('search_path', '', false);\nBEGIN;\n\
        CREATE EXTENSION plpgsql WITH SCHEMA pg_catalog;\nCREATE TABLE public.t (a int);\n\
        COPY public.t (a) FROM stdin;\n1\n\\.\n\nCOMMIT;\n";
    let ground = on_postgres(&db, &[("a.sql", dump)]);
    let catalog = desired_on(&db, &ground, &Cancel::default()).unwrap();
    assert_eq!(catalog.own.as_deref(), Some("public"));
    assert!(has_table(&catalog, "t"), "{:?}", catalog.objects.keys());
    ground.put("a.sql", "SELECT 1;\nCREATE ROLE somebody;");
    let told = desired_on(&db, &ground, &Cancel::default()).map_err(|error| told(&error));
    assert_eq!(
        told.map(|_| ()),
        Err("a.sql:2: the statement creates a role\n  CREATE ROLE somebody".to_owned())
    );
    assert_eq!(db.value("SELECT count(*) FROM pg_class WHERE relname = 't'"), "0");
}

#[test]
fn a_wish_to_stop_ends_a_statement_on_a_server() {
    let db = TestDb::new(Engine::Postgres);
    let ground = on_postgres(&db, &[("a.sql", "SELECT pg_sleep(100);")]);
    let cancel = Cancel::default();
    let asked = cancel.clone();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(1));
        asked.cancel();
    });
    let began = Instant::now();
    let error = desired_on(&db, &ground, &cancel).map(|_| ()).unwrap_err();
    thread.join().unwrap();
    assert!(matches!(error, run::Error::GivenUp), "{error:?}");
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
}

fn sqlite(file: &Path, sql: &str) -> std::process::ExitStatus {
    std::process::Command::new("sqlite3").arg(file).arg(sql).status().unwrap()
}

// ---- revisions ----

#[test]
fn revisions_are_replayed_without_programs() {
    for engine in [Engine::Postgres, Engine::Sqlite] {
        replayed_on(&TestDb::new(engine));
    }
}

fn replayed_on(db: &TestDb) {
    let ground = Ground::new(
        "",
        &[
            (
                "revisions/a.yaml",
                "revision: a1\nup:\n  - create_table:\n      name: t\n      columns:\n        \
                 - {name: a, type: bigint, primary_key: true}\n        - {name: b, type: text}\n  \
                 - bulk_insert: {table: t, columns: {a: bigint}, rows: [{a: 1}]}\n",
            ),
            (
                "revisions/b.yaml",
                "revision: b1\nparents: [a1]\nup:\n  \
                 - backfill: {table: t, key: [a], set: {b: x}}\n  \
                 - sql: |\n      CREATE TABLE was_x (a int CHECK (a > 0));\n      \
                 INSERT INTO was_x SELECT 0 FROM t WHERE b IS NULL;\n  \
                 - program: {command: [touch, ran]}\n",
            ),
            (
                "revisions/c.sql",
                "-- revision: c1\n-- parents: [b1]\n\n-- rev: up\nCREATE TABLE u (a int);\n\n\
                 CREATE ROLE somebody;\n-- rev: irreversible\n",
            ),
        ],
    );
    ground.put("store.yaml", "databases: {default: {url: x, kind: development}}\n");
    let store = ground.open().unwrap();
    let settings = store.database_at("default", Secret::new(db.url())).unwrap();
    let replayed = |targets: &[&str]| {
        let targets: Vec<String> = targets.iter().map(|name| (*name).to_owned()).collect();
        let mut events = Vec::new();
        let mut see = |event| events.push(event);
        let cancel = Cancel::default();
        let work = run::replayed(&store, &settings, &targets, None, &cancel, &mut see);
        let outcome = block_on(work);
        (outcome, events)
    };
    let (catalog, events) = replayed(&["b1"]);
    let catalog = catalog.unwrap_or_else(|error| panic!("{}", told(&error)));
    assert!(has_table(&catalog, "t") && !has_table(&catalog, "u"));
    let notices: Vec<String> = events.into_iter().map(|event| notice(event).unwrap()).collect();
    assert_eq!(notices, ["b1: `touch ran` is not run on a scratch database"]);
    assert!(!ground.path().join("ran").exists());
    let told = told(&replayed(&[]).0.unwrap_err());
    assert!(told.starts_with("up c1: ") && told.ends_with(" at revisions/c.sql:7"), "{told}");
}
