//! Writes new revision files: never over another, and never half of one.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use super::files::Files;
use super::{
    CONFIG, Format, NewRevision, Store, StoreError, Written, clock, names, open, patch, yaml,
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
        checked.map_err(|(message, hint)| StoreError::Refused { message, hint })?;
    }
    if let Some(file) = store.file(&new.header.id) {
        let message = format!("the revision {} is there already, in {file}", new.header.id);
        return Err(StoreError::Refused { message, hint: None });
    }
    let format = new.format.unwrap_or(store.config.format);
    let folder = folder(store, new)?;
    let at = clock::timestamp().to_zoned(store.config.timezone.clone());
    let name = store.config.file_name.render(new.header.id.as_str(), &new.header.message, &at);
    let ending = match format {
        Format::Yaml => "yaml",
        Format::Sql => "sql",
    };
    let path = root.join(folder).join(format!("{name}.{ending}"));
    let text = match format {
        Format::Yaml => yaml_text(&new.header, &schema_path(root, &path)?),
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

/// A file in YAML, with a body that does nothing until it is filled in.
fn yaml_text(header: &Header, schema: &str) -> String {
    let mut text = format!("# yaml-language-server: $schema={schema}\n");
    text.push_str(&header_text(header));
    if header.parents.len() > 1 {
        text.push_str("up: []\n");
    } else {
        text.push_str(
            "up:\n  - sql: |\n      -- CREATE TABLE example (id bigint PRIMARY KEY);\n\
             down:\n  - sql: |\n      -- DROP TABLE example;\n",
        );
    }
    text
}

/// A file in SQL, with empty sections.
fn sql_text(header: &Header) -> String {
    let mut text = String::new();
    for line in header_text(header).lines() {
        let _ = writeln!(text, "{}", format!("-- {line}").trim_end());
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
    let folder = path.parent().unwrap_or(Path::new("."));
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

/// Puts a file's name on disk, where the system can.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Sets or removes a tag in `store.yaml`.
pub(super) fn set_tag(store: &Store, name: &str, revisions: &[Id]) -> Result<(), StoreError> {
    let Files::Disk(root) = &store.files else {
        return Err(refused("a store that is embedded in a program cannot be written to", None));
    };
    if let Err((message, hint)) = names::check_label(name, "tag") {
        return Err(StoreError::Refused { message, hint });
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
    let path = root.join(CONFIG);
    let text = fs_err::read_to_string(&path)?;
    let (mark, rest) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text.as_str()),
    };
    let Some(changed) = patch::set_tag(rest, name, revisions) else {
        let hint = "write it there by hand: tags: {NAME: [REVISION]}";
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
