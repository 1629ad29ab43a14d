//! What every command has at hand: the global options, the store they lead to, and the output.

use std::path::{Path, PathBuf};

use anstream::ColorChoice;

use revdag::store::{DatabaseSettings, Store, StoreError, Variables};
use revdag::verb::{self, Place};
use revdag::{Cancel, Database, passed_over};

use super::error::Error;
use super::output::{self, Output};
use super::runtime;

/// Options that every command takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Look for store.yaml in this folder and its parents [default: REV_STORE, or the current folder]
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true)]
    pub directory: Option<PathBuf>,
    /// The database of store.yaml to use
    #[arg(short, long, value_name = "NAME", global = true)]
    pub database: Option<String>,
    /// A value for ${x.NAME} in store.yaml
    #[arg(short = 'x', value_name = "NAME=VALUE", value_parser = Assignment, global = true)]
    pub x: Vec<(String, String)>,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// When to use colours: auto means on a terminal, unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    pub color: Color,
    /// Print results and errors only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print more; twice: log the run, its steps and statements to stderr
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub verbose: u8,
}

impl Global {
    /// `-v`, once or more.
    pub fn is_verbose(&self) -> bool {
        self.verbose > 0
    }
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

/// Reads `NAME=VALUE`. The value may be a password, which an error must not repeat.
#[derive(Clone)]
struct Assignment;

impl clap::builder::TypedValueParser for Assignment {
    type Value = (String, String);

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<(String, String), clap::Error> {
        match value.to_str().and_then(|text| text.split_once('=')) {
            Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
            _ => {
                let words = "a value of '-x' is written NAME=VALUE\n";
                let kind = clap::error::ErrorKind::ValueValidation;
                Err(clap::Error::raw(kind, words).with_cmd(command))
            }
        }
    }
}

/// What every command has at hand.
pub struct Context {
    /// The global options.
    pub global: Global,
    /// Where to print.
    pub out: Output,
}

impl Context {
    /// Makes the context of a command line.
    pub fn new(global: Global) -> Self {
        let out = Output::new(global.color.into(), global.quiet);
        Context { global, out }
    }

    /// What `-C` or REV_STORE say.
    pub fn directory(&self) -> Option<PathBuf> {
        let variable = || std::env::var_os("REV_STORE").map(PathBuf::from);
        let directory = self.global.directory.clone().or_else(variable);
        directory.filter(|directory| !directory.as_os_str().is_empty())
    }

    /// The folder from which the store is looked for: `-C`, REV_STORE, else the current one.
    ///
    /// # Errors
    /// It is not there.
    pub fn start(&self) -> Result<PathBuf, Error> {
        let start = match self.directory() {
            Some(directory) => directory,
            None => std::env::current_dir().map_err(|error| {
                verb::Error::refused(
                    format!("the current folder: {error}"),
                    "change to an existing folder",
                )
            })?,
        };
        if !start.is_dir() {
            return Err(Error::from(StoreError::Refused {
                message: format!("{} is not a folder", start.display()),
                hint: Some("`-C` and REV_STORE take the folder of a store".to_owned()),
            }));
        }
        Ok(start)
    }

    /// Opens the store.
    ///
    /// # Errors
    /// There is none, or it is not right.
    pub fn store(&self) -> Result<Store, Error> {
        let root = Store::find(&self.start()?)?;
        Ok(Store::open(&root, self.variables())?)
    }

    /// The values of `-x`.
    pub fn variables(&self) -> Variables {
        Variables { x: self.global.x.iter().cloned().collect() }
    }

    /// Connects to the database that `-d` names. `create` makes a SQLite file that is not there.
    ///
    /// # Errors
    /// No such database, settings that do not resolve, or no connection.
    pub async fn connect(&self, store: &Store, create: bool) -> Result<Database, Error> {
        let name = store.database_name(self.global.database.as_deref())?;
        self.connect_to(store, name, create).await
    }

    /// Connects to a database by its name. Says if what is seen there may be behind, and nothing can be
    /// changed.
    ///
    /// # Errors
    /// As [`Context::connect`].
    pub async fn connect_to(
        &self,
        store: &Store,
        name: &str,
        create: bool,
    ) -> Result<Database, Error> {
        let settings = self.settings(store, name).await?;
        let database = Database::connect(settings, create).await?;
        if let (Some(replica), false) = (database.replica(), self.global.quiet) {
            output::show_note(format!("{} is {replica}", database.settings.name));
        }
        Ok(database)
    }

    /// The settings of a database. With `-v` it tells which options of its url are passed over.
    ///
    /// # Errors
    /// No such database, or settings that do not resolve.
    pub async fn settings(&self, store: &Store, name: &str) -> Result<DatabaseSettings, Error> {
        let settings = store.database(name).await?;
        if self.global.is_verbose() && !self.global.quiet {
            // An address that is not right is told by whoever uses it.
            let passed_over = passed_over(settings.url.reveal()).unwrap_or_default();
            if !passed_over.is_empty() {
                let options = passed_over.join(", ");
                output::show_note(format_args!(
                    "{name}: url options that do not concern the schema are ignored: {options}"
                ));
            }
        }
        Ok(settings)
    }

    /// The labels that the database named by `-d` takes; without `-d` none: the whole graph.
    ///
    /// # Errors
    /// No such database.
    pub fn lines<'a>(&self, store: &'a Store) -> Result<&'a [String], Error> {
        Ok(match &self.global.database {
            Some(_) => store.lines(store.database_name(self.global.database.as_deref())?),
            None => &[],
        })
    }

    /// Asks something about names. The database is asked only if a name needs it.
    ///
    /// # Errors
    /// As `ask`, or as [`Context::connect`].
    pub fn named<T>(
        &self,
        store: &Store,
        ask: impl Fn(&Place) -> Result<T, verb::Error>,
    ) -> Result<T, Error> {
        match ask(&Place::files(self.lines(store)?)) {
            Err(error) if error.needs_database() => Ok(ask(&self.place(store)?)?),
            outcome => Ok(outcome?),
        }
    }

    /// The database's own place for names.
    ///
    /// # Errors
    /// As [`Context::connect`].
    pub fn place(&self, store: &Store) -> Result<Place, Error> {
        runtime::reading(async {
            let mut database = self.connect(store, false).await?;
            let place = Place::database(store, &mut database).await;
            database.close().await;
            Ok(place?)
        })
    }

    /// Runs something that changes a database; see [`runtime::changing`].
    ///
    /// # Errors
    /// As the work.
    pub fn changing<T, F>(&self, work: impl FnOnce(Cancel) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        runtime::changing(work)
    }

    /// Runs something that only reads a database; see [`runtime::reading`].
    ///
    /// # Errors
    /// As the work.
    pub fn reading<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        runtime::reading(work)
    }

    /// A path as it is shown: relative to the current folder where it lies below it.
    pub fn shown(&self, path: &Path) -> String {
        let current = std::env::current_dir().unwrap_or_default();
        let path = path.strip_prefix(&current).unwrap_or(path);
        match path.strip_prefix(".").unwrap_or(path) {
            here if here.as_os_str().is_empty() => ".".to_owned(),
            path => path.display().to_string(),
        }
    }
}
