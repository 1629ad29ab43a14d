//! Makes a new store, from a template, without touching anything that is there.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{CONFIG, Secret, StoreError, clock, problems, schema, write, yaml};

/// A kind of store to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// What it is for, as a fragment of one line.
    pub about: &'static str,
    /// The variables with the urls of its databases.
    pub variables: &'static [&'static str],
    config: &'static str,
    folders: &'static [&'static str],
}

/// The templates, the usual one first.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "generic",
        about: "one database and one folder of revisions",
        variables: &["DATABASE_URL"],
        config: include_str!("templates/generic.yaml"),
        folders: &["revisions"],
    },
    Template {
        name: "multidb",
        about: "two databases, each with a branch of revisions in its own folder",
        variables: &["APP_DATABASE_URL", "BILLING_DATABASE_URL"],
        config: include_str!("templates/multidb.yaml"),
        folders: &["revisions/app", "revisions/billing"],
    },
];

/// What git should not keep: written only where nobody has said anything yet.
const GITIGNORE: &str = ".env\n*.db\n*.db-*\n";

/// The file that says what git should not keep.
const IGNORED: &str = ".gitignore";

/// The variables beside the store.
const ENV: &str = ".env";

/// What a template says where the store's id is to stand.
const ID_LINE: &str = "id: ID";

/// A new id of a store.
pub(super) fn new_id() -> String {
    clock::random_hex(24)
}

/// What a template says of its database.
const URL_LINE: &str = "url: ${DATABASE_URL}";

/// Whether an address must not stand in a file that git keeps. One that cannot be read may hold
/// anything.
fn is_secret(url: &str) -> bool {
    if url.to_ascii_lowercase().starts_with("sqlite") {
        return false;
    }
    url::Url::parse(url).map_or(true, |url| {
        url.password().is_some() || url.query_pairs().any(|(key, _)| key == "password")
    })
}

/// A text in which no variable is looked for.
fn escaped(text: &str) -> String {
    text.replace("${", "$${")
}

/// What [`init`] has made.
#[derive(Debug, Default)]
pub struct NewStore {
    /// The files and folders, in the order in which they were made, but for those that are of no
    /// interest to anybody.
    pub made: Vec<PathBuf>,
    /// The `.gitignore` that got a line more, if one did.
    pub appended: Option<PathBuf>,
    /// Every folder that was made, an outer one before those in it.
    folders: Vec<PathBuf>,
    /// How long the `.gitignore` was.
    length: u64,
}

impl NewStore {
    /// Removes what was made, as far as nothing else has come into it, and takes the line out of the
    /// `.gitignore` again.
    pub fn undo(&self) {
        // What cannot be removed stays, and is in nobody's way but the next try's.
        for path in self.made.iter().filter(|path| !path.is_dir()) {
            let _ = fs_err::remove_file(path);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs_err::remove_dir(folder);
        }
        if let Some(path) = &self.appended {
            let file = fs_err::OpenOptions::new().write(true).open(path);
            let _ = file.and_then(|file| file.set_len(self.length));
        }
    }

    /// Makes a folder, and those that it is in.
    fn folder(&mut self, folder: &Path) -> io::Result<()> {
        let missing: Vec<&Path> = folder
            .ancestors()
            .filter(|folder| !folder.as_os_str().is_empty())
            .take_while(|folder| folder.symlink_metadata().is_err())
            .collect();
        for folder in missing.into_iter().rev() {
            fs_err::create_dir(folder)?;
            self.folders.push(folder.to_owned());
        }
        // One that is there may be something else.
        fs_err::create_dir_all(folder)
    }

    /// Makes a file, if there is none.
    fn file(&mut self, path: PathBuf, text: &str) -> io::Result<()> {
        if path.symlink_metadata().is_err() {
            write::create(&path, text.as_bytes())?;
            self.made.push(path);
        }
        Ok(())
    }

    /// Makes a file that only its owner reads, from the start.
    fn secret_file(&mut self, path: PathBuf, text: &str) -> io::Result<()> {
        let mut options = fs_err::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        self.made.push(path);
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }

    /// Sees to it that git does not keep `.env`.
    fn ignore_env(&mut self, path: &Path) -> io::Result<()> {
        let text = match fs_err::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return self.file(path.to_owned(), GITIGNORE);
            }
            Err(error) => return Err(error),
        };
        if ignores_env(&text) {
            return Ok(());
        }
        self.length = text.len() as u64;
        let line = if text.is_empty() || text.ends_with(b"\n") { ".env\n" } else { "\n.env\n" };
        let mut file = fs_err::OpenOptions::new().append(true).open(path)?;
        self.appended = Some(path.to_owned());
        file.write_all(line.as_bytes())?;
        file.sync_all()
    }
}

/// Whether a `.gitignore` surely names the file `.env` beside it: its last line about it counts.
fn ignores_env(text: &[u8]) -> bool {
    let lines = String::from_utf8_lossy(text).into_owned();
    let about = |line: &&str| {
        let pattern = line.strip_prefix('!').unwrap_or(line);
        [".env", "/.env", "**/.env", ".env*", "*.env", ".*", "*"].contains(&pattern)
    };
    let last = lines.lines().map(str::trim_end).rfind(about);
    last.is_some_and(|line| !line.starts_with('!'))
}

/// Makes a store in a folder, which may be a project with files of its own. With a url the database is
/// that one; one with a password goes into `.env`, which git does not keep.
///
/// # Errors
/// There is no such template, there is a store already, a `.env` is there already and the url has a
/// password, or the folder cannot be written. Nothing that was made stays behind.
pub fn init(folder: &Path, template: &str, url: Option<&Secret>) -> Result<NewStore, StoreError> {
    let names = || TEMPLATES.iter().map(|template| template.name);
    let Some(template) = TEMPLATES.iter().find(|known| known.name == template) else {
        let hint = problems::nearest(template, names()).map_or_else(
            || format!("the templates are {}", names().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean {near}?"),
        );
        let message = format!("there is no template {template:?}");
        return Err(StoreError::Refused { message, hint: Some(hint) });
    };
    let config = folder.join(CONFIG);
    if config.symlink_metadata().is_ok() {
        return Err(StoreError::Refused {
            message: format!("{} already exists", config.display()),
            hint: Some("`rev status` shows the store that it describes".to_owned()),
        });
    }
    let secret = url.filter(|url| is_secret(url.reveal()));
    if secret.is_some() && folder.join(ENV).symlink_metadata().is_ok() {
        return Err(StoreError::Refused {
            message: format!("{} already exists, and the url has a password", folder.join(ENV).display()),
            hint: Some("put the url into it as DATABASE_URL and give one without a password, or move it away".to_owned()),
        });
    }
    let mut new = NewStore::default();
    let plain = url.filter(|_| secret.is_none());
    match write_all(&mut new, folder, template, plain, secret) {
        Ok(()) => Ok(new),
        Err(error) => {
            new.undo();
            Err(error.into())
        }
    }
}

fn write_all(
    new: &mut NewStore,
    folder: &Path,
    template: &Template,
    plain: Option<&Secret>,
    secret: Option<&Secret>,
) -> io::Result<()> {
    for folder in template.folders.iter().map(|name| folder.join(name)) {
        if !folder.is_dir() {
            new.folder(&folder)?;
            new.made.push(folder.clone());
        }
        // git keeps no empty folder, and without its folder a store does not open.
        if fs_err::read_dir(&folder)?.next().is_none() {
            new.file(folder.join(".gitkeep"), "")?;
        }
    }
    new.folder(&folder.join(".rev"))?;
    for (name, text) in schema::schemas() {
        new.file(folder.join(".rev").join(name), &text)?;
    }
    match secret {
        // First what keeps it out of git.
        Some(url) => {
            new.ignore_env(&folder.join(IGNORED))?;
            let url = url.reveal().replace('\'', "%27");
            new.secret_file(folder.join(ENV), &format!("DATABASE_URL='{url}'\n"))?;
        }
        None => new.file(folder.join(IGNORED), GITIGNORE)?,
    }
    // The file that makes it a store comes last: what is there then is whole.
    let id = format!("id: {}", yaml::name(&new_id()));
    let mut config = template.config.replace(ID_LINE, &id);
    if let Some(url) = plain {
        let line = format!("url: {}", yaml::in_place(&escaped(url.reveal())));
        config = config.replace(URL_LINE, &line);
    }
    new.file(folder.join(CONFIG), &config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_may_hold_a_password_is_a_secret() {
        for url in [
            "postgres://u:p@h/d",
            "postgresql+asyncpg://u:p@h/d",
            "mysql://h/d?password=p",
            "postgresql+psycopg2://u:p@/d?host=/tmp",
        ] {
            assert!(is_secret(url), "{url}");
        }
        for url in ["postgres://u@h/d", "mysql+pymysql://h/d", "sqlite://a b.db", "SQLite:x.db"] {
            assert!(!is_secret(url), "{url}");
        }
    }

    #[test]
    fn the_last_line_about_it_says_whether_env_is_ignored() {
        for text in [".env", "a\r\n.env\r\n", "/.env\n", "!.env\n.env\n", "*.env\n!a\n"] {
            assert!(ignores_env(text.as_bytes()), "{text:?}");
        }
        for text in ["", "# .env", ".envrc\n", "env\n", ".env\n!.env\n", "a/.env\n"] {
            assert!(!ignores_env(text.as_bytes()), "{text:?}");
        }
    }
}
