//! The verb `hook`: git tells `rev` when another checkout is there.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::store::Store;

use super::Error;

/// The hooks of git's behind which the files may be others.
const HOOKS: [&str; 3] = ["post-checkout", "post-merge", "post-rewrite"];

/// What tells our hooks from others.
const MARK: &str = "# Written by `rev hook install`.";

/// What was installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The hooks that were written.
    pub written: Vec<PathBuf>,
    /// Hooks that are there already and somebody else's: they stay as they are.
    pub kept: Vec<PathBuf>,
    /// The line that makes such a hook call `rev`; `HOOK` stands for its name.
    pub line: String,
}

/// Writes the hooks into the git repository that the store stands in. `auto`: they run `rev switch`.
///
/// # Errors
/// No git, no repository, a hook that cannot be written.
pub fn install(store: &Store, auto: bool) -> Result<Installed, Error> {
    let root = store.root();
    let top = PathBuf::from(git(root, &["rev-parse", "--show-toplevel"])?);
    let folder = root.join(git(root, &["rev-parse", "--git-path", "hooks"])?);
    let canonical = |path: &Path| path.canonicalize().map_err(|cause| failed(path, &cause));
    let (top, below) = (canonical(&top)?, canonical(root)?);
    let below = below.strip_prefix(&top).unwrap_or(&below);
    let directory = match below.to_str() {
        Some("") => String::new(),
        Some(path) => format!(" -C '{}'", path.replace('\'', r"'\''")),
        None => {
            return Err(Error::refused(
                format!("the path {} is not UTF-8", below.display()),
                "move the store to a folder whose name is",
            ));
        }
    };
    let auto = if auto { " --auto" } else { "" };
    let line = format!("rev{directory} hook run{auto} HOOK \"$@\" || true");
    std::fs::create_dir_all(&folder).map_err(|cause| failed(&folder, &cause))?;
    let folder = canonical(&folder)?;
    let mut installed = Installed { written: Vec::new(), kept: Vec::new(), line: line.clone() };
    for hook in HOOKS {
        let path = folder.join(hook);
        let is_ours = match std::fs::read_to_string(&path) {
            Ok(text) => text.contains(MARK),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => true,
            Err(cause) => return Err(failed(&path, &cause)),
        };
        if !is_ours {
            installed.kept.push(path);
            continue;
        }
        let line = line.replace("HOOK", hook);
        let text = format!("#!/bin/sh\n{MARK}\ncommand -v rev >/dev/null || exit 0\n{line}\n");
        std::fs::write(&path, text).map_err(|cause| failed(&path, &cause))?;
        executable(&path).map_err(|cause| failed(&path, &cause))?;
        installed.written.push(path);
    }
    Ok(installed)
}

/// Whether the files of the store may be others behind a hook that git runs with these arguments. In the
/// middle of a rebase they are on their way: its end counts.
///
/// # Errors
/// No git, no repository.
pub fn is_due(store: &Store, hook: &str, arguments: &[String]) -> Result<bool, Error> {
    let is_branch = arguments.get(2).is_none_or(|flag| flag == "1");
    if hook == "post-checkout" && !is_branch {
        return Ok(false);
    }
    if hook == "post-rewrite" {
        return Ok(true);
    }
    let root = store.root();
    for state in ["rebase-merge", "rebase-apply"] {
        if root.join(git(root, &["rev-parse", "--git-path", state])?).exists() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What git answers.
fn git(root: &Path, arguments: &[&str]) -> Result<String, Error> {
    let output =
        Command::new("git").arg("-C").arg(root).args(arguments).output().map_err(|cause| {
            Error::refused(format!("git cannot be run: {cause}"), "install git, or add it to PATH")
        })?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned()),
        false => Err(Error::refused(
            format!("git: {}", String::from_utf8_lossy(&output.stderr).trim()),
            "the hooks belong to the git repository that the store stands in",
        )),
    }
}

fn failed(path: &Path, cause: &io::Error) -> Error {
    Error::refused(format!("{}: {cause}", path.display()), "let this user write there")
}

#[cfg(unix)]
fn executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> io::Result<()> {
    Ok(())
}
