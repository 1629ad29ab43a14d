//! Where the files of a store come from: a folder on disk, or one embedded in the program.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use include_dir::{Dir, DirEntry};

use super::problems::Problems;
use super::{Format, Problem};

/// How much of a file is read at first: the header that `rev` writes is shorter.
const CHUNK: usize = 4096;

/// The files of a store.
#[derive(Debug)]
pub(super) enum Files {
    /// On disk, below the folder of `store.yaml`.
    Disk(PathBuf),
    /// In the program itself.
    Embedded(&'static Dir<'static>),
}

impl Files {
    /// Reads a file whole. The name is relative to the store.
    pub fn read(&self, file: &str) -> io::Result<Vec<u8>> {
        match self {
            Files::Disk(root) => fs_err::read(root.join(file)),
            Files::Embedded(_) => self.embedded(file).map(<[u8]>::to_vec),
        }
    }

    /// Reads the beginning of a file, as much as one call gives; says whether it is all.
    pub fn begin<'a>(&self, file: &str, buffer: &'a mut Vec<u8>) -> io::Result<(&'a [u8], bool)> {
        match self {
            Files::Disk(root) => {
                buffer.resize(CHUNK, 0);
                let length = File::open(root.join(file))?.read(buffer)?;
                // Were a short read not the end, the rest is read because the header is not closed.
                Ok((&buffer[..length], length < CHUNK))
            }
            Files::Embedded(_) => Ok((self.embedded(file)?, true)),
        }
    }

    /// The names in a folder; `None`: it is a file.
    pub fn folder(&self, path: &str) -> io::Result<Option<Vec<String>>> {
        match self {
            Files::Disk(root) => {
                let path = root.join(path);
                if !std::fs::metadata(&path)?.is_dir() {
                    return Ok(None);
                }
                let names = std::fs::read_dir(&path)?
                    .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
                names.collect::<io::Result<Vec<_>>>().map(Some)
            }
            Files::Embedded(dir) => {
                let Some(folder) = dir.get_dir(path) else { return Ok(None) };
                let names = folder.files().filter_map(|file| file.path().file_name());
                Ok(Some(names.map(|name| name.to_string_lossy().into_owned()).collect()))
            }
        }
    }

    fn embedded(&self, file: &str) -> io::Result<&'static [u8]> {
        let found = match self {
            Files::Embedded(dir) => dir.get_file(file),
            Files::Disk(_) => None,
        };
        let found = found.map(include_dir::File::contents);
        found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("no file {file}")))
    }

    /// Those of the folders that are not there.
    pub fn missing<'a>(&self, folders: &'a [String]) -> impl Iterator<Item = &'a String> {
        folders.iter().filter(move |folder| match self {
            // Any other failure is told when the folder is listed.
            Files::Disk(root) => root
                .join(folder)
                .metadata()
                .is_err_and(|error| error.kind() == io::ErrorKind::NotFound),
            Files::Embedded(dir) => folder.as_str() != "." && dir.get_dir(folder).is_none(),
        })
    }

    /// The revision files below the folders, by their names relative to the store, in the order
    /// of the folders and then of the names. Hidden files and other endings are left out, links
    /// are followed, and a file that is found twice counts once. A folder that is not there is passed
    /// over: see [`Files::missing`].
    pub fn list(&self, folders: &[String], problems: &mut Vec<Problem>) -> Vec<String> {
        match self {
            Files::Disk(root) => {
                let mut walk = Walk { root, found: Vec::new(), links: Vec::new(), problems };
                let mut folders_seen = HashSet::new();
                for folder in folders {
                    walk.folder(folder, &mut folders_seen);
                }
                walk.follow(&mut folders_seen);
                walk.found
            }
            Files::Embedded(dir) => {
                let mut found = Vec::new();
                for folder in folders {
                    let folder = if folder == "." { Some(*dir) } else { dir.get_dir(folder) };
                    if let Some(folder) = folder {
                        list_embedded(folder, &mut found);
                    }
                }
                let mut seen = HashSet::new();
                found.retain(|file: &String| seen.insert(file.clone()));
                found
            }
        }
    }
}

/// The form of a revision file, by its ending.
pub(super) fn format(file: &str) -> Option<Format> {
    match Path::new(file).extension()?.to_str()? {
        "yaml" | "yml" => Some(Format::Yaml),
        "sql" => Some(Format::Sql),
        _ => None,
    }
}

fn list_embedded(dir: &'static Dir<'static>, found: &mut Vec<String>) {
    let name = |entry: &&DirEntry<'static>| entry.path().to_string_lossy().replace('\\', "/");
    let mut entries: Vec<_> = dir.entries().iter().collect();
    entries.sort_by_key(|entry| name(entry));
    for entry in entries {
        let path = name(&entry);
        if path.rsplit('/').next().is_some_and(|last| last.starts_with('.')) {
            continue;
        }
        match entry {
            DirEntry::Dir(dir) => list_embedded(dir, found),
            DirEntry::File(_) if format(&path).is_some() => found.push(path),
            DirEntry::File(_) => {}
        }
    }
}

/// A walk through the folders.
struct Walk<'a> {
    root: &'a Path,
    found: Vec<String>,
    links: Vec<String>,
    problems: &'a mut Vec<Problem>,
}

impl Walk<'_> {
    /// Lists a folder and those below it. Links wait: what is found in its own place comes first.
    fn folder(&mut self, name: &str, seen: &mut HashSet<PathBuf>) {
        let path = self.root.join(name);
        match fs::canonicalize(&path) {
            Ok(real) => {
                if !seen.insert(real) {
                    return;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => return self.problem(name, &error),
        }
        let entries = match fs::read_dir(&path).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => return self.problem(name, &error),
        };
        let mut names = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some(own) = entry.file_name().to_str().map(str::to_owned) else {
                let shown = format!("{name}/{}", entry.file_name().to_string_lossy());
                if format(&shown).is_some() {
                    let mut problems = Problems::of(&shown);
                    problems.whole("the name of the file is not UTF-8", Some("rename it".into()));
                    self.problems.append(&mut problems.list);
                }
                continue;
            };
            if own.starts_with('.') {
                continue;
            }
            match entry.file_type() {
                Ok(kind) => names.push((own, kind)),
                Err(error) => self.problem(&format!("{name}/{own}"), &error),
            }
        }
        names.sort_by(|a, b| a.0.cmp(&b.0));
        for (own, kind) in names {
            let own = if name == "." { own } else { format!("{name}/{own}") };
            if kind.is_symlink() {
                self.links.push(own);
            } else if kind.is_dir() {
                self.folder(&own, seen);
            } else if kind.is_file() && format(&own).is_some() {
                self.found.push(own);
            }
        }
    }

    /// Follows the links that were found, and those found behind them.
    fn follow(&mut self, seen: &mut HashSet<PathBuf>) {
        if self.links.is_empty() {
            return;
        }
        let real = |root: &Path, file: &String| fs::canonicalize(root.join(file)).ok();
        let mut files: HashSet<PathBuf> =
            self.found.iter().filter_map(|file| real(self.root, file)).collect();
        let mut next = 0;
        while next < self.links.len() {
            let link = self.links[next].clone();
            next += 1;
            let path = self.root.join(&link);
            match fs::canonicalize(&path).and_then(|real| Ok((fs::metadata(&real)?, real))) {
                Ok((kind, _)) if kind.is_dir() => {
                    let before = self.found.len();
                    self.folder(&link, seen);
                    let root = self.root;
                    let behind: Vec<String> = self.found.drain(before..).collect();
                    self.found.extend(
                        behind
                            .into_iter()
                            .filter(|file| real(root, file).is_none_or(|real| files.insert(real))),
                    );
                }
                Ok((kind, real)) if kind.is_file() && format(&link).is_some() => {
                    if files.insert(real) {
                        self.found.push(link);
                    }
                }
                Ok(_) => {}
                Err(error) if format(&link).is_some() => self.problem(&link, &error),
                Err(_) => {}
            }
        }
    }

    fn problem(&mut self, file: &str, error: &io::Error) {
        let mut problems = Problems::of(file);
        problems.whole(format!("cannot be read: {error}"), None);
        self.problems.append(&mut problems.list);
    }
}

impl Files {
    /// A file as text, to show lines of it; `None`: it cannot be had.
    pub fn text(&self, file: &str) -> Option<String> {
        let bytes = self.read(file).ok()?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    }
}

/// The bytes of a file as text, without a byte order mark.
pub(super) fn text(mut bytes: Vec<u8>, problems: &mut Problems) -> Option<String> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    check_text(&bytes, problems)?;
    String::from_utf8(bytes).ok()
}

/// The line on which git's markers of a conflict begin, if all of them are there.
fn conflict(text: &str) -> Option<usize> {
    let mut lines = (1..).zip(text.lines());
    let (begin, _) = lines.find(|(_, line)| line.starts_with("<<<<<<< "))?;
    lines.find(|(_, line)| *line == "=======")?;
    lines.find(|(_, line)| line.starts_with(">>>>>>> ")).map(|_| begin)
}

/// The bytes as text where they are, without a byte order mark; what is wrong is noted.
pub(super) fn check_text<'a>(bytes: &'a [u8], problems: &mut Problems) -> Option<&'a str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let line = |end: usize| 1 + bytes[..end].iter().filter(|byte| **byte == b'\n').count();
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        problems.at(1, "the file is UTF-16, not UTF-8", Some("save it as UTF-8".to_owned()));
        return None;
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        problems.at(line(at), "the file holds binary data: a zero byte", None);
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let Some(line) = conflict(text) else { return Some(text) };
            let message = "git left an unresolved merge conflict in the file";
            let hint = "choose what is right between <<<<<<< and >>>>>>>, and remove the markers";
            problems.at(line, message, Some(hint.to_owned()));
            None
        }
        Err(error) => {
            let line = line(error.valid_up_to());
            problems.at(line, "the file is not UTF-8 here", Some("save it as UTF-8".to_owned()));
            None
        }
    }
}
