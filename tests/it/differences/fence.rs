//! What keeps models from reaching anything but their scratch database: the rights of its own account.

use super::env_with_models;
use crate::support::{Engine, TestDb};

/// The accounts on the server that scratch databases have and that belong to none.
fn leftovers(db: &TestDb) -> String {
    db.value(
        "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid \
         JOIN pg_roles u ON u.oid = m.member WHERE r.rolname LIKE 'rev\\_scratch\\_%' \
         AND u.rolname = 'weak_' || current_database()",
    )
}

#[test]
fn no_model_leaves_a_role_behind() {
    let db = TestDb::new(Engine::Postgres);
    let role = format!("left_{}", db.name());
    for models in [
        format!("DO $$ BEGIN EXECUTE 'CREATE ' || 'ROLE {role}'; END $$;"),
        format!(
            "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS \
             $$ BEGIN EXECUTE 'CREATE ' || 'ROLE {role}'; END $$;\nSELECT f();"
        ),
        format!(
            "SELECT query_to_xml('RESET ' || 'ROLE', false, false, '');\nDO $$ BEGIN EXECUTE 'CREATE ' || 'ROLE {role}'; END $$;"
        ),
    ] {
        let env = env_with_models(&db, &models);
        let output = env.rev(["check"]);
        assert_eq!(output.code, 1, "{models}: {output:?}");
        let found = db.value(&format!("SELECT count(*) FROM pg_roles WHERE rolname = '{role}'"));
        assert_eq!(found, "0", "{models}: {output:?}");
    }
}

/// A trigger on events would run its function with the rights that the next statement is lent.
#[test]
fn rights_that_are_lent_reach_no_code_of_a_model() {
    let db = TestDb::new(Engine::Postgres);
    let role = format!("lent_{}", db.name());
    let models = format!(
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS \
         $$ BEGIN IF tg_tag = 'CREATE EXTENSION' THEN EXECUTE 'CREATE ' || 'ROLE {role}'; END IF; END $$;\n\
         CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f();\n\
         CREATE EXTENSION citext;\n"
    );
    let env = env_with_models(&db, &models);
    let output = env.rev(["check"]);
    assert_eq!(output.code, 1, "{output:?}");
    assert_eq!(db.value(&format!("SELECT count(*) FROM pg_roles WHERE rolname = '{role}'")), "0");
}

#[test]
fn what_only_a_superuser_may_define_is_still_loaded() {
    let db = TestDb::new(Engine::Postgres);
    let models = "CREATE SCHEMA x AUTHORIZATION nobody_at_all;\n\
        CREATE EXTENSION dblink SCHEMA x;\nCOMMENT ON EXTENSION dblink IS 'c';\n\
        CREATE TABLE t (a int);\nALTER TABLE t OWNER TO nobody_at_all;\n\
        SET session_replication_role = replica;\nRESET session_replication_role;\n\
        COMMENT ON SCHEMA public IS 'ours';\n";
    let env = env_with_models(&db, models);
    env.rev(["revision", "--autogenerate", "-m", "a"]).success();
    env.rev(["upgrade", "heads"]).success();
    env.rev(["check"]).success();
    assert_eq!(db.value("SELECT count(*) FROM pg_extension WHERE extname = 'dblink'"), "1");
}

/// Who may create databases and roles, but is no superuser, is fenced as well; who may create no roles is
/// told so, and what dynamic SQL took part in is called not isolated.
#[test]
fn a_missing_right_is_told() {
    let db = TestDb::new(Engine::Postgres);
    let weak = format!("weak_{}", db.name());
    db.execute(&format!("CREATE ROLE {weak} LOGIN CREATEDB; GRANT ALL ON SCHEMA public TO {weak}"));
    let env = env_with_models(&db, "DO $$ BEGIN EXECUTE 'CREATE TABLE ' || 't (a int)'; END $$;\n");
    let store =
        env.read("store.yaml").replace("postgres://postgres@", &format!("postgres://{weak}@"));
    assert!(store.contains(&weak), "{store}");
    env.write("store.yaml", store);
    let said = format!("{:?}", env.rev(["check"]));
    assert!(said.contains("not isolated: dynamic SQL ran"), "{said}");
    assert!(said.contains("may not create roles"), "{said}");
    db.execute(&format!("ALTER ROLE {weak} CREATEROLE"));
    let said = format!("{:?}", env.rev(["check"]));
    assert!(!said.contains("not isolated") && !said.contains("not fenced"), "{said}");
    assert_eq!(leftovers(&db), "0");
    db.execute(&format!("DROP OWNED BY {weak}; DROP ROLE {weak}"));
}
