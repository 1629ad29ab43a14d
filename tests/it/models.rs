//! The examples in `docs/models`: models of the usual mappers, from which a first revision is generated.

use std::path::{Path, PathBuf};

use crate::support::Env;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A sealed folder that holds an example.
fn example(name: &str) -> Env {
    fn copy(from: &Path, to: &Path, env: &Env) {
        for entry in std::fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            let to = to.join(entry.file_name());
            match entry.path().is_dir() {
                true => copy(&entry.path(), &to, env),
                false => env.write(&to, std::fs::read(entry.path()).expect("a file")),
            }
        }
    }
    let env = Env::new();
    copy(&root().join("docs/models").join(name), Path::new(""), &env);
    assert_eq!(env.files("revisions"), [".gitkeep"], "an example holds no revisions");
    env
}

/// An example in Python, with the packages that `tests/run` has installed.
fn python_example(name: &str) -> Env {
    let bin = root().join("target/models-venv/bin");
    assert!(
        bin.join("python3").exists(),
        "{} is missing: run tests/run, or its lines in install_models",
        bin.parent().expect("a folder").display()
    );
    let env = example(name);
    let path = std::env::var("PATH").unwrap_or_default();
    env.set("PATH", format!("{}:{path}", bin.display()));
    env
}

/// From no database to one that is as the models say, and back.
fn a_first_revision_is_made_of_them(env: &Env, tables: &[&str]) {
    let check = env.rev(["check"]).exits(3);
    for table in tables {
        assert!(check.stdout.contains(&format!("+ create_table {table} (")), "{}", check.stdout);
    }
    assert!(!env.path("shop.db").exists(), "a check makes nothing");
    let generated = env.rev(["revision", "--autogenerate", "-m", "first"]).success();
    assert!(
        generated
            .stdout
            .contains("verified: upgrade reaches the models, downgrade restores the schema"),
        "{}",
        generated.stdout
    );
    env.rev(["upgrade", "heads"]).success();
    let check = env.rev(["check"]).success();
    assert_eq!(check.stdout, "no differences: database \"default\" and the models\n");
    let again = env.rev(["revision", "--autogenerate", "-m", "second"]).success();
    assert!(again.stdout.contains("nothing to write"), "{}", again.stdout);
    env.rev(["downgrade", "base"]).success();
    env.rev(["check"]).exits(3);
}

#[test]
fn sqlalchemy() {
    let env = python_example("sqlalchemy");
    for dialect in ["postgres", "mysql", "mariadb", "sqlite"] {
        env.set("REV_DIALECT", dialect);
        let output = env.command_of("python3").arg("print_ddl.py").output().expect("it runs");
        let printed = String::from_utf8(output.stdout).expect("a text");
        assert!(printed.contains("LIKE '%@%'"), "{dialect}: {printed}");
    }
    env.unset("REV_DIALECT");
    a_first_revision_is_made_of_them(&env, &["customers", "orders"]);
}

#[test]
fn django() {
    let env = python_example("django");
    let tables = ["shop_customer", "shop_customer_tags", "shop_order", "shop_tag"];
    a_first_revision_is_made_of_them(&env, &tables);
}

#[test]
fn sea_orm() {
    let env = example("sea-orm");
    // Cargo keeps what it has downloaded and its compilers in the home of whoever runs the tests.
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    for (name, usual) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        let folder = std::env::var_os(name).map_or_else(|| home.join(usual), PathBuf::from);
        env.set(name, folder.display().to_string());
    }
    if let Ok(toolchain) = std::env::var("RUSTUP_TOOLCHAIN") {
        env.set("RUSTUP_TOOLCHAIN", toolchain);
    }
    env.set("CARGO_TARGET_DIR", root().join("target/models").display().to_string());
    a_first_revision_is_made_of_them(&env, &["customers", "orders"]);
}
