//! Makes a new store, from a template, without touching anything that is there.

use std::path::{Path, PathBuf};

use super::{CONFIG, Secret, StoreError, problems, schema, write, yaml};

/// A kind of store to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// What it is for, as a fragment of one line.
    pub about: &'static str,
    config: &'static str,
    folders: &'static [&'static str],
}

/// The templates, the usual one first.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "generic",
        about: "one database and one folder of revisions",
        config: include_str!("templates/generic.yaml"),
        folders: &["revisions"],
    },
    Template {
        name: "multidb",
        about: "two databases, each with a line of revisions in a folder of its own",
        config: include_str!("templates/multidb.yaml"),
        folders: &["revisions/app", "revisions/billing"],
    },
];

/// What git should not keep: written only where nobody has said anything yet.
const GITIGNORE: &str = ".env\n*.db\n*.db-*\n";

/// The variables beside the store.
const ENV: &str = ".env";

/// What a template says of its database.
const URL_LINE: &str = "url: ${DATABASE_URL:-sqlite://store.db}";

fn has_password(url: &str) -> bool {
    let parsed = url::Url::parse(url);
    parsed.is_ok_and(|url| {
        url.password().is_some() || url.query_pairs().any(|(key, _)| key == "password")
    })
}

/// A text in which no variable is looked for.
fn escaped(text: &str) -> String {
    text.replace("${", "$${")
}

/// Makes a store in a folder, which may be a project with files of its own. Gives the files and
/// folders that were made. With a url the database is that one; one with a password goes into `.env`,
/// which git does not keep.
///
/// # Errors
/// There is no such template, there is a store already, a `.env` is there already and the url has a
/// password, or the folder cannot be written.
pub fn init(
    folder: &Path,
    template: &str,
    url: Option<&Secret>,
) -> Result<Vec<PathBuf>, StoreError> {
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
            message: format!("{} is there already", config.display()),
            hint: Some("`rev status` shows the store that it describes".to_owned()),
        });
    }
    let is_secret = url.is_some_and(|url| has_password(url.reveal()));
    if is_secret && folder.join(ENV).symlink_metadata().is_ok() {
        return Err(StoreError::Refused {
            message: format!("{} is there already, and the url has a password", folder.join(ENV).display()),
            hint: Some("put the url into it as DATABASE_URL and give one without a password, or move it away".to_owned()),
        });
    }
    let mut made = Vec::new();
    for folder in template.folders.iter().map(|name| folder.join(name)) {
        if !folder.is_dir() {
            fs_err::create_dir_all(&folder)?;
            made.push(folder.clone());
        }
        // git keeps no empty folder, and without its folder a store does not open.
        if fs_err::read_dir(&folder)?.next().is_none() {
            let keep = folder.join(".gitkeep");
            write::create(&keep, b"")?;
            made.push(keep);
        }
    }
    fs_err::create_dir_all(folder.join(".rev"))?;
    let schemas = schema::schemas();
    let schemas = schemas.iter().map(|(name, text)| (format!(".rev/{name}"), text.as_str()));
    let rest = [(".gitignore".to_owned(), GITIGNORE)];
    // The file that makes it a store comes last: what is there then is whole.
    let own = url.filter(|_| !is_secret).map(|url| {
        let line = format!("url: {}", yaml::in_place(&escaped(url.reveal())));
        template.config.replace(URL_LINE, &line)
    });
    let env = url.filter(|_| is_secret).map(|url| format!("DATABASE_URL='{}'\n", url.reveal()));
    let env = env.as_ref().map(|text| (ENV.to_owned(), text.as_str()));
    let config = [(CONFIG.to_owned(), own.as_deref().unwrap_or(template.config))];
    for (name, text) in schemas.chain(rest).chain(env).chain(config) {
        let path = folder.join(name);
        if path.symlink_metadata().is_err() {
            write::create(&path, text.as_bytes())?;
            made.push(path);
        }
    }
    Ok(made)
}
