//! Where the names on a command line are looked up: in the files alone, or beside a database too.

use crate::db::Journal;
use crate::graph::{Names, State};
use crate::model::LogRow;
use crate::run::{self, Database};
use crate::store::Store;

use super::Error;

/// What names are resolved against beside the files.
#[derive(Debug, Default)]
pub struct Place {
    state: Option<State>,
    lines: Vec<String>,
    log: Option<Vec<LogRow>>,
}

impl Place {
    /// The files alone. `lines` are the labels that `head` and `heads` are taken from; none: all.
    pub fn files(lines: &[String]) -> Place {
        Place { lines: lines.to_vec(), ..Place::default() }
    }

    /// The files and a database's journal.
    ///
    /// # Errors
    /// As the server answers.
    pub async fn database(store: &Store, database: &mut Database) -> Result<Place, Error> {
        let journal = database.connection.read_journal().await?;
        let log = match journal {
            Some(_) => database.connection.read_log().await?,
            None => Vec::new(),
        };
        let state = run::state(store.graph(), &journal.unwrap_or_else(Journal::default));
        Ok(Place { state: Some(state), lines: database.settings.lines.clone(), log: Some(log) })
    }

    /// The database's state, if there is a database.
    pub fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    /// Calls `ask` with the names that may be used here.
    pub fn with_names<T>(&self, ask: impl FnOnce(&Names<'_>) -> T) -> T {
        let earlier =
            |runs_back| self.log.as_deref().and_then(|log| run::earlier_heads(log, runs_back));
        ask(&Names {
            state: self.state.as_ref(),
            lines: &self.lines,
            journal: self.log.as_ref().map(|_| &earlier as _),
        })
    }
}
