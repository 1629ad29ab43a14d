//! Writes new revision files: never over another, and never half of one.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::Timestamp;

use super::complaint::Complaint;
use super::files::Files;
use super::{
    CONFIG, Format, NewBody, NewRevision, Store, StoreError, Written, clock, layout, names, open,
    operations, patch, tags, yaml,
};
use crate::graph::Graph;
use crate::model::{Header, Id};

/// Writes a new revision and runs the hooks.
pub(super) fn write(store: &Store, new: &NewRevision) -> Result<Written, StoreError> {
    let Files::Disk(root) = &store.files else {
        return Err(refused("a store that is embedded in a program cannot be written to", None));
    };
    let id = [names::check_id(new.header.id.as_str(), "revision's id")].into_iter();
    let labels = new.header.labels.iter().map(|label| names::check_label(label, "label"));
    for checked in id.chain(labels) {
        checked.map_err(refusal)?;
    }
    if let Some(file) = store.file(&new.header.id) {
        let message = format!("the revision {} already exists, in {file}", new.header.id);
        return Err(StoreError::Refused { message, hint: None });
    }
    // Operations are written in YAML alone.
    let usual = if new.body.is_some() { Format::Yaml } else { store.config.format };
    let format = new.format.unwrap_or(usual);
    let body = match &new.body {
        Some(_) if format == Format::Sql => {
            let hint = "omit the format, or write the SQL yourself";
            return Err(refused("operations are written in YAML, not in SQL", Some(hint)));
        }
        Some(NewBody::Given(given)) => {
            let up = operations::up(&given.text, &given.from, store.naming());
            Some(up.map_err(|problems| open::sorted(problems, |_| Some(given.text.clone())))?)
        }
        Some(NewBody::Made(body)) => Some(layout::body_text(body)),
        None => None,
    };
    let folder = folder(store, new)?;
    let created = new.header.created.as_ref();
    let at = created.and_then(|created| Timestamp::from_microsecond(created.micros).ok());
    let at = at.unwrap_or_else(clock::timestamp).to_zoned(store.config.timezone.0.clone());
    let name = store.config.file_name.render(new.header.id.as_str(), &new.header.message, &at);
    let ending = match format {
        Format::Yaml => "yaml",
        Format::Sql => "sql",
    };
    let path = root.join(folder).join(format!("{name}.{ending}"));
    let text = match format {
        Format::Yaml => yaml_text(&new.header, &schema_path(root, &path)?, body.as_deref()),
        Format::Sql => sql_text(&new.header),
    };
    if let Some(parent) = path.parent() {
        fs_err::create_dir_all(parent)?;
    }
    create(&path, text.as_bytes())?;
    Ok(Written { hook_failures: hooks(&store.config.hooks, root, &path), path })
}

fn refused(message: &str, hint: Option<&str>) -> StoreError {
    StoreError::Refused { message: message.to_owned(), hint: hint.map(str::to_owned) }
}

fn refusal(Complaint { message, hint }: Complaint) -> StoreError {
    StoreError::Refused { message, hint }
}

/// The folder of a new revision, relative to the store: the one asked for, else its parent's among
/// the store's folders, else the first.
fn folder(store: &Store, new: &NewRevision) -> Result<String, StoreError> {
    let folders = &store.config.revisions;
    let Some(wanted) = &new.folder else {
        let parent = new.header.parents.first().and_then(|parent| store.file(parent));
        let beside = parent.and_then(|file| {
            let holds = |folder: &&String| file.starts_with(&format!("{folder}/"));
            folders.iter().filter(holds).max_by_key(|folder| folder.len())
        });
        return Ok(beside.or(folders.first()).cloned().unwrap_or_default());
    };
    let wanted = store.root.join(wanted);
    let plain = plain_path(&wanted)?;
    for folder in folders {
        let base = plain_path(&store.root.join(folder))?;
        if let Ok(below) = plain.strip_prefix(&base) {
            let steps = below.components().map(|step| step.as_os_str().to_string_lossy());
            let steps = [folder.as_str().into()].into_iter().chain(steps);
            return Ok(steps.collect::<Vec<_>>().join("/"));
        }
    }
    Err(StoreError::Refused {
        message: format!("{} is not one of the store's folders", wanted.display()),
        hint: Some(format!("they are {}; store.yaml lists them", folders.join(", "))),
    })
}

/// A path without `.` and `..`, from the root of the file system.
fn plain_path(path: &Path) -> io::Result<PathBuf> {
    let mut plain = PathBuf::new();
    for step in std::path::absolute(path)?.components() {
        match step {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            step => plain.push(step),
        }
    }
    Ok(plain)
}

/// The way from a revision's file to the schema of its kind.
fn schema_path(root: &Path, file: &Path) -> io::Result<String> {
    let root = plain_path(root)?;
    let file = plain_path(file)?;
    let folder = file.parent().unwrap_or(&file);
    let shared = root.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| "..".to_owned());
    let down = root.components().skip(shared);
    let down = down.map(|step| step.as_os_str().to_string_lossy().into_owned());
    let steps: Vec<String> = up.chain(down).collect();
    let steps = if steps.is_empty() { ".".to_owned() } else { steps.join("/") };
    Ok(format!("{steps}/.rev/revision.schema.json"))
}

/// What a new file says of its body.
const EXAMPLE: &str = "\
# What it does, such as
#   - create_table:
#       name: example
#       columns:
#         - {name: id, type: bigint, primary_key: true}
#   - sql: |
#       UPDATE example SET id = id + 1;
# A `down` that is left out follows from `up`; SQL needs one of its own.
";

/// A file in YAML; without a body, with one that does nothing until it is filled in.
fn yaml_text(header: &Header, schema: &str, body: Option<&str>) -> String {
    let mut text = format!("# yaml-language-server: $schema={schema}\n");
    text.push_str(&header_text(header));
    if let Some(body) = body {
        return text + body;
    }
    if header.parents.len() < 2 {
        text.push_str(EXAMPLE);
    }
    text.push_str("up: []\n");
    text
}

/// A file in SQL, with empty sections.
fn sql_text(header: &Header) -> String {
    let mut text = String::new();
    for line in header_text(header).lines() {
        text.push_str(if line.is_empty() { "--" } else { "-- " });
        text.push_str(line);
        text.push('\n');
    }
    text.push_str("\n-- rev: up\n\n-- rev: down\n");
    text
}

/// The header in YAML.
pub(super) fn header_text(header: &Header) -> String {
    let list =
        |ids: &[Id]| ids.iter().map(Id::as_str).map(yaml::name).collect::<Vec<_>>().join(", ");
    let mut text = format!("revision: {}\n", yaml::name(header.id.as_str()));
    let _ = writeln!(text, "parents: [{}]", list(&header.parents));
    text.push_str(&yaml::entry("message", &header.message));
    if let Some(created) = &header.created {
        let _ = writeln!(text, "created: {}", created.text);
    }
    if !header.labels.is_empty() {
        let labels: Vec<String> = header.labels.iter().map(|label| yaml::name(label)).collect();
        let _ = writeln!(text, "labels: [{}]", labels.join(", "));
    }
    if !header.depends_on.is_empty() {
        let _ = writeln!(text, "depends_on: [{}]", list(&header.depends_on));
    }
    if !header.replaces.is_empty() {
        text.push_str("replaces:\n");
    }
    for replaced in &header.replaces {
        let _ = writeln!(
            text,
            "  - {{revision: {}, parents: [{}], depends_on: [{}], up: {}, down: {}}}",
            yaml::name(replaced.revision.as_str()),
            list(&replaced.parents),
            list(&replaced.depends_on),
            digests(&replaced.up),
            digests(&replaced.down),
        );
    }
    if !header.transactional {
        text.push_str("transaction: none\n");
    }
    text
}

/// Digests by dialect.
fn digests(digests: &[(String, String)]) -> String {
    let entries =
        digests.iter().map(|(dialect, digest)| format!("{dialect}: {}", yaml::name(digest)));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

/// Makes a file with all of its text at once; fails if there is one of this name.
pub(super) fn create(path: &Path, text: &[u8]) -> io::Result<()> {
    let file = temporary(path, text, None)?;
    file.persist_noclobber(path).map_err(|error| named(path, error.error))?;
    sync_folder(path)
}

/// Replaces the text of a file at once: a crash leaves the old one or the new one.
pub(super) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    // A link stays a link.
    let path = fs_err::canonicalize(path)?;
    let permissions = fs_err::metadata(&path)?.permissions();
    let file = temporary(&path, text, Some(permissions))?;
    file.persist(&path).map_err(|error| named(&path, error.error))?;
    sync_folder(&path)
}

/// A hidden file beside the one meant, with its text on disk.
fn temporary(
    path: &Path,
    text: &[u8],
    permissions: Option<std::fs::Permissions>,
) -> io::Result<tempfile::NamedTempFile> {
    let folder = folder_of(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rev-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any editor makes a file: what the user's mask leaves.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(|error| named(path, error))?;
    file.write_all(text).map_err(|error| named(path, error))?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions).map_err(|error| named(path, error))?;
    }
    file.as_file().sync_all().map_err(|error| named(path, error))?;
    Ok(file)
}

fn named(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display()))
}

/// The folder that a file stands in; a bare name has an empty parent, which no system call takes.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

/// Puts a file's name on disk, where the system can.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    std::fs::File::open(folder_of(path))?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Sets or removes a tag in `store.yaml`.
pub(super) fn set_tag(store: &Store, name: &str, revisions: &[Id]) -> Result<(), StoreError> {
    let Files::Disk(root) = &store.files else {
        return Err(refused("a store that is embedded in a program cannot be written to", None));
    };
    let is_in_config = store.config.tags.0.iter().any(|(tag, _)| tag == name);
    if !is_in_config && !revisions.is_empty() {
        tags::check_new(&store.tags, name)?;
    }
    let mut tags = store.tags.clone();
    if revisions.is_empty() && tags.remove(name).is_none() {
        let message = format!("there is no tag {name:?}");
        return Err(StoreError::Refused { message, hint: None });
    }
    if !revisions.is_empty() {
        tags.insert(name.to_owned(), revisions.to_vec());
    }
    let nodes = store.entries.values().map(|entry| open::node(&entry.header)).collect();
    if let Err(problems) = Graph::new(nodes, tags)
        && let Some(problem) = problems.into_iter().next()
    {
        return Err(StoreError::Refused { message: problem.message, hint: problem.hint });
    }
    if !is_in_config {
        return tags::write(root, name, revisions);
    }
    let hint = "write it there by hand: tags: {NAME: [REVISION]}";
    change_config(root, hint, |text| patch::set_tag(text, name, revisions))
}

/// Writes a new id to the `store.yaml` of a folder; gives the id.
pub(super) fn new_store_id(root: &Path) -> Result<String, StoreError> {
    let id = super::init::new_id();
    let hint = format!("write it there by hand: id: {id}");
    change_config(root, &hint, |text| patch::set_id(text, &id))?;
    Ok(id)
}

/// Changes the text of `store.yaml`; `hint` says what to do where it cannot be changed.
fn change_config(
    root: &Path,
    hint: &str,
    change: impl Fn(&str) -> Option<String>,
) -> Result<(), StoreError> {
    let path = root.join(CONFIG);
    let text = fs_err::read_to_string(&path)?;
    let (mark, rest) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text.as_str()),
    };
    let Some(changed) = change(rest) else {
        return Err(refused("store.yaml is written in a way that rev cannot change", Some(hint)));
    };
    Ok(replace(&path, format!("{mark}{changed}").as_bytes())?)
}

/// Runs the hooks on a file, one after the other; gives what to show of those that failed.
fn hooks(hooks: &[Vec<String>], root: &Path, path: &Path) -> Vec<String> {
    let shown = path.to_string_lossy();
    let mut failures = Vec::new();
    for hook in hooks {
        let words: Vec<String> = hook.iter().map(|word| word.replace("{path}", &shown)).collect();
        let Some((program, arguments)) = words.split_first() else { continue };
        let mut command = Command::new(program);
        command.args(arguments).current_dir(root).stdin(Stdio::null());
        match command.output() {
            Ok(output) if output.status.success() => {}
            Ok(output) => {
                let mut failure = format!("hook {program}: {}", output.status);
                for said in [&output.stdout, &output.stderr] {
                    let said = String::from_utf8_lossy(said);
                    if !said.trim().is_empty() {
                        let _ = write!(failure, "\n{}", said.trim_end());
                    }
                }
                failures.push(failure);
            }
            Err(error) => failures.push(format!("hook {program} does not run: {error}")),
        }
    }
    failures
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::header::{read, sql_end, uncomment, yaml_end};
    use super::super::problems::Problems;
    use super::*;
    use crate::model::{Created, Replaced};

    /// Texts that YAML is known to trip over, and any others.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            proptest::sample::select(vec![
                "",
                "no",
                "null",
                "~",
                "y",
                "1e3",
                "0x1f",
                "a: b",
                "a # b",
                "# a",
                "- a",
                "[a]",
                "{a}",
                "'a'",
                "\"a\"",
                "a:",
                "---",
                "...",
                "%a",
                "@a",
                "`a`",
                "|",
                ">",
                "!a",
                "&a",
                "*a",
                "? a",
                " a",
                "a ",
                "a\nb",
                "\na",
                "a\n",
                "a\n\nb\n",
                "  a\nb",
                "a\n b \n",
                "a\tb",
                "a\r\nb",
                "ä",
                "\u{feff}a",
                "\u{2028}",
                "\u{85}",
                "\u{7f}",
                "a\n# b",
                "a\n-- rev: up",
                "a\nrev: up",
                "up:",
                "a\nup: b",
                "2026-11-22",
                "12:30:00",
                "=",
                "<<",
                "add accounts",
                "\n",
                " \n",
                "\t",
            ])
            .prop_map(str::to_owned),
            ".*",
            "[a-z \\n:#'\"-]{0,20}",
        ]
    }

    fn id() -> impl Strategy<Value = Id> {
        prop_oneof!["[A-Za-z0-9_]{1,12}", "[0-9e_]{1,4}", "y|no|null|on"]
            .prop_filter("no word of the grammar", |id| !names::RESERVED.contains(&id.as_str()))
            .prop_map(Id::from)
    }

    fn unique(ids: Vec<Id>) -> Vec<Id> {
        let mut seen = std::collections::BTreeSet::new();
        ids.into_iter().filter(|id| seen.insert(id.clone())).collect()
    }

    fn header() -> impl Strategy<Value = Header> {
        let ids = || proptest::collection::vec(id(), 0..3).prop_map(unique);
        let label = "[A-Za-z0-9_.]{1,6}"
            .prop_filter("a label", |label| names::check_label(label, "label").is_ok());
        let labels = proptest::collection::btree_set(label, 0..3);
        let replaced = (id(), ids(), ids(), "[0-9a-f]{8}").prop_map(
            |(revision, parents, depends_on, digest)| {
                let up = vec![("sqlite".to_owned(), digest)];
                Replaced { revision, parents, depends_on, up, down: Vec::new() }
            },
        );
        let replaces = proptest::collection::vec(replaced, 0..3);
        let created = proptest::option::of(0i64..4_000_000_000);
        (id(), ids(), ids(), labels, text(), created, replaces, any::<bool>()).prop_map(
            |(id, parents, depends_on, labels, message, created, replaces, transactional)| Header {
                id,
                parents,
                depends_on,
                labels: labels.into_iter().collect(),
                message,
                created: created
                    .map(|second| clock::created(jiff::Timestamp::from_second(second).unwrap())),
                replaces,
                transactional,
            },
        )
    }

    fn read_back(text: &str) -> Header {
        let mut problems = Problems::of("x");
        let header = read(text, &mut problems);
        assert_eq!(problems.list, [], "{text}");
        header.unwrap()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_from_yaml(header in header()) {
            let text = yaml_text(&header, "../.rev/revision.schema.json", None);
            let end = yaml_end(text.as_bytes()).unwrap();
            prop_assert_eq!(read_back(&text[..end]), header.clone());
            // Another reader of YAML, of version 1.1, sees the same.
            let other: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
            prop_assert_eq!(other["revision"].as_str(), Some(header.id.as_str()));
            prop_assert_eq!(other["message"].as_str(), Some(header.message.as_str()));
            let labels: Vec<_> =
                other["labels"].as_sequence().into_iter().flatten().filter_map(|label| label.as_str()).collect();
            prop_assert_eq!(labels, header.labels.iter().map(String::as_str).collect::<Vec<_>>());
        }

        #[test]
        fn what_is_written_is_read_back_from_sql(header in header()) {
            let text = sql_text(&header);
            let end = sql_end(text.as_bytes()).unwrap();
            prop_assert_eq!(read_back(&uncomment(&text[..end])), header);
        }
    }

    #[test]
    fn a_written_header_is_the_words_of_the_format() {
        let header = Header {
            id: Id::from("c0ffee9c1d0b"),
            parents: vec![Id::from("b1c1e55a0f2d"), Id::from("0123")],
            depends_on: Vec::new(),
            labels: vec!["billing".to_owned()],
            message: "no: really".to_owned(),
            created: Some(Created { text: "2026-11-22T19:06:22Z".to_owned(), micros: 0 }),
            replaces: Vec::new(),
            transactional: true,
        };
        insta::assert_snapshot!(sql_text(&header), @r#"
        -- revision: c0ffee9c1d0b
        -- parents: [b1c1e55a0f2d, "0123"]
        -- message: 'no: really'
        -- created: 2026-11-22T19:06:22Z
        -- labels: [billing]

        -- rev: up

        -- rev: down
        "#);
    }
}
