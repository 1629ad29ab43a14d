//! The console blocks of `README.md` and `docs/` are run as they stand, so that they cannot rot.
//!
//! A page is one session in a sealed folder. A ```` ```console ```` block holds `$ ` lines, which `sh`
//! runs, each followed by what it prints, and by its errors and `[exit N]` if it fails; a line `...` stands for any
//! number of lines. A block behind `<!-- write: PATH -->` is written to that file first,
//! `<!-- store: sample -->` copies the store at the top of this repository (`example` the one beside the
//! operations' pages), and `<!-- run: LINE -->` runs a line unseen. With `UPDATE_DOCS=1` the outputs are
//! written anew.

use std::path::{Path, PathBuf};

use crate::operation_docs;
use crate::support::{Env, normalise};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages of the documentation.
fn pages() -> Vec<PathBuf> {
    let docs = ["docs", "docs/operations"].map(|folder| std::fs::read_dir(root().join(folder)));
    let docs = docs.into_iter().flat_map(|folder| folder.expect("a folder"));
    let mut pages: Vec<PathBuf> = docs.map(|entry| entry.expect("an entry").path()).collect();
    pages.extend(["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|page| root().join(page)));
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    pages
}

/// Copies the store at the top of this repository.
fn copy_sample(env: &Env) {
    env.write("store.yaml", std::fs::read(root().join("store.yaml")).expect("a file"));
    for folder in ["revisions", ".rev"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root()).expect("below");
            env.write(name, std::fs::read(&path).expect("a file"));
        }
    }
}

/// Runs a line; stderr counts if it fails, else it is only the progress that a terminal would not keep.
fn run(env: &Env, line: &str) -> String {
    let output = env.shell(line);
    let mut text = output.stdout;
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    if output.code != 0 {
        text.push_str(&output.stderr);
        text.push_str(&format!("[exit {}]\n", output.code));
    }
    normalise(&text).replace("[HOST]", "laptop").replace("[RUN]", "01b27777e864")
}

/// Whether a text is what was expected, where `...` alone on a line stands for any lines.
fn fits(expected: &[&str], actual: &[&str]) -> bool {
    match expected.split_first() {
        None => actual.is_empty(),
        Some((&"...", rest)) => (0..=actual.len()).any(|skip| fits(rest, &actual[skip..])),
        Some((first, rest)) => {
            actual.split_first().is_some_and(|(line, others)| line == first && fits(rest, others))
        }
    }
}

/// Runs a page; gives it with the outputs as they are now.
fn run_page(text: &str) -> String {
    let env = Env::new();
    let mut out = String::new();
    let mut write_to = None;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let comment = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        match comment.and_then(|comment| comment.split_once(": ")) {
            Some(("write", path)) => write_to = Some(path),
            Some(("store", "sample")) => copy_sample(&env),
            Some(("store", "example")) => operation_docs::copy_example(&env),
            Some(("run", line)) => drop(env.shell(line).success()),
            _ => {}
        }
        if line.starts_with("```") && line.len() > 3 {
            let console = line == "```console";
            let mut block = Vec::new();
            for line in lines.by_ref().take_while(|line| *line != "```") {
                block.push(line);
            }
            if console {
                let mut commands = block.split(|line| line.starts_with("$ "));
                assert!(
                    commands.next().is_some_and(<[_]>::is_empty),
                    "a block begins with its command"
                );
                let typed = block.iter().filter(|line| line.starts_with("$ "));
                for (command, expected) in typed.zip(commands) {
                    let actual = run(&env, &command[2..]);
                    let now: Vec<&str> = actual.lines().collect();
                    // An empty line between two commands of a block is for the eye.
                    let end = expected
                        .iter()
                        .rposition(|line| !line.is_empty())
                        .map_or(0, |last| last + 1);
                    out.push_str(command);
                    out.push('\n');
                    if fits(&expected[..end], &now) {
                        expected[..end].iter().for_each(|line| out.extend([*line, "\n"]));
                    } else {
                        now.iter().for_each(|line| out.extend([line.trim_end(), "\n"]));
                    }
                    expected[end..].iter().for_each(|line| out.extend([*line, "\n"]));
                }
            } else {
                let text: String = block.iter().flat_map(|line| [*line, "\n"]).collect();
                if let Some(path) = write_to.take() {
                    env.write(path, &text);
                }
                out.push_str(&text);
            }
            out.push_str("```\n");
        }
    }
    out
}

#[test]
fn console_blocks_show_what_happens() {
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("a page");
        let now = run_page(&operation_docs::generated(&page, &text));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&page, now).expect("a page written");
        } else {
            assert_eq!(text, now, "{}: UPDATE_DOCS=1 writes the outputs anew", page.display());
        }
    }
}

/// What `rev init` writes for editors has not moved on since it was put beside the sample.
#[test]
fn the_sample_has_the_schemas_of_a_new_store() {
    let env = Env::new();
    env.rev(["init"]).success();
    for file in env.files(".rev") {
        let sample = std::fs::read_to_string(root().join(".rev").join(&file)).expect("a file");
        assert_eq!(env.read(Path::new(".rev").join(&file)), sample, "copy it: .rev/{file}");
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("a page");
        let folder = page.parent().expect("a folder");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains("://") {
                assert!(folder.join(file).exists(), "{}: {link}", page.display());
            }
        }
    }
}

/// The one command of the README, but for the compiler: `cargo` does nothing here, and what it
/// would have built is there already.
#[test]
fn the_command_of_the_readme_walks_the_sample() {
    let text = std::fs::read_to_string(root().join("README.md")).expect("a page");
    let begin = text.find("cargo build --release").expect("the command");
    let command: String = text[begin..].split("\n```").next().expect("a block").to_owned();
    let env = Env::new();
    copy_sample(&env);
    env.write("bin/cargo", "#!/bin/sh\n");
    env.write("target/release/.keep", "");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_rev"), env.path("target/release/rev"))
        .expect("a link");
    env.shell("chmod +x bin/cargo").success();
    let output = env.shell(&format!("PATH=\"$PWD/bin:$PATH\"\n{command}")).success();
    insta::assert_snapshot!(output.stdout, @r"
    ↑ a1f03c5e7b21 customers
    ↑ b7d2e9406c18 addresses
    ↑ c41a8e0d5f93 plans
    ↑ d90b3f6e1a57 invoices
    ↑ e28c7a5d4b06 payments and open invoices
    5 steps, now at e28c7a5d4b06
    ↑ f5e1c09b8d34 products
    ↑ a86d4f2b0e79 prices with a history
    ↑ b3c97e1f5a40 stock that is never negative
    3 steps, now at e28c7a5d4b06, b3c97e1f5a40
    ↑ c7f0a2d8e615 merge billing and catalog
    ↑ d14e6b9c3f82 invoice lines
    2 steps, now at d14e6b9c3f82 (head)
    ○  d14e6b9c3f82 (billing, catalog) (head) invoice lines
    ○    c7f0a2d8e615 (billing, catalog) (merge) merge billing and catalog
    ├─╮
    │ ○  b3c97e1f5a40 (catalog) stock that is never negative
    │ ○  a86d4f2b0e79 prices with a history
    │ ○  f5e1c09b8d34 products
    ○ │  e28c7a5d4b06 (billing) payments and open invoices
    ○ │  d90b3f6e1a57 invoices
    ○ │  c41a8e0d5f93 plans
    ├─╯
    ○  b7d2e9406c18 (tag: v1.0) (branch point) addresses
    ○  a1f03c5e7b21 customers
    default: shop.db
    at d14e6b9c3f82 (head), 10 revisions applied
    nothing is pending
    ");
}
