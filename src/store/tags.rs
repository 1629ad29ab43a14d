//! Tags: names for sets of revisions. Each is a file of its own, so that two branches that tag do not
//! conflict; older ones stand in `store.yaml`.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use super::config::Config;
use super::files::Files;
use super::names::{check_id, check_tag};
use super::place::Place;
use super::write::replace;
use super::{Problem, StoreError};
use crate::model::Id;

/// The folder of the files.
const FOLDER: &str = ".rev/tags";

/// The file of a tag, relative to the store.
pub(super) fn file(name: &str) -> String {
    format!("{FOLDER}/{name}")
}

/// Reads the tags of a configuration and those of the folder.
pub(super) fn read(
    files: &Files,
    config: &Config,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Vec<Id>> {
    let ids = |revisions: &[String]| revisions.iter().map(Id::from).collect::<Vec<_>>();
    let mut tags: BTreeMap<String, Vec<Id>> =
        config.tags.0.iter().map(|(name, revisions)| (name.clone(), ids(revisions))).collect();
    let mut names = match files.folder(FOLDER) {
        Ok(names) => names.unwrap_or_default(),
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            let message = format!("the folder cannot be read: {error}");
            problems.push(Problem::at(FOLDER, None, message, None));
            Vec::new()
        }
    };
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    for name in names {
        let file = file(&name);
        let mut wrong = |place, message: String, hint: &str| {
            problems.push(Problem::at(&file, place, message, Some(hint.to_owned())));
        };
        if let Err(complaint) = check_tag(&name) {
            wrong(None, complaint.message, complaint.hint.as_deref().unwrap_or_default());
            continue;
        }
        let Some(text) = files.text(&file) else {
            wrong(None, "the file cannot be read as text".to_owned(), "it has an id on each line");
            continue;
        };
        let mut revisions = Vec::new();
        for (line, id) in text.lines().map(str::trim).enumerate().filter(|(_, id)| !id.is_empty()) {
            match check_id(id, "revision's id") {
                Ok(()) => revisions.push(Id::from(id)),
                Err(complaint) => wrong(
                    Some(Place { line: line + 1, columns: None }),
                    complaint.message,
                    "a tag's file has an id on each line",
                ),
            }
        }
        if tags.get(&name).is_some_and(|there| *there != revisions) {
            let message = format!("store.yaml has a tag {name:?}, too, for other revisions");
            wrong(None, message, "remove one of the two");
            continue;
        }
        let alike = tags.keys().find(|tag| **tag != name && same_but_case(tag, &name));
        if let Some(tag) = alike {
            wrong(None, clash(&name, tag), "give one of them another name");
        }
        tags.insert(name, revisions);
    }
    tags
}

fn same_but_case(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

fn clash(name: &str, other: &str) -> String {
    format!(
        "the tags {name:?} and {other:?} differ only in case, and some file systems take them for one"
    )
}

/// Refuses a name that no new tag may have, or one that another tag has but for its case.
///
/// # Errors
/// It is such a name.
pub(super) fn check_new(tags: &BTreeMap<String, Vec<Id>>, name: &str) -> Result<(), StoreError> {
    let refused = |message, hint| StoreError::Refused { message, hint };
    check_tag(name).map_err(|complaint| refused(complaint.message, complaint.hint))?;
    match tags.keys().find(|tag| *tag != name && same_but_case(tag, name)) {
        Some(other) => Err(refused(clash(name, other), Some("choose another name".to_owned()))),
        None => Ok(()),
    }
}

/// Writes the file of a tag, or removes it where there are no revisions.
///
/// # Errors
/// A file that cannot be written.
pub(super) fn write(root: &Path, name: &str, revisions: &[Id]) -> Result<(), StoreError> {
    let path = root.join(file(name));
    if revisions.is_empty() {
        return Ok(fs_err::remove_file(path)?);
    }
    fs_err::create_dir_all(root.join(FOLDER))?;
    let text: String = revisions.iter().map(|id| format!("{id}\n")).collect();
    match path.exists() {
        true => replace(&path, text.as_bytes())?,
        false => fs_err::write(&path, text)?,
    }
    Ok(())
}
