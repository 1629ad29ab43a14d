//! The verb `log`.

use crate::model::Id;
use crate::store::Store;

use super::options::options;
use super::view::Viewer;
use super::{Error, Place, RevisionView};

options! {
    /// What to show of the history.
    #[derive(Debug, Clone, Default)]
    pub struct LogOptions {
        /// `A:B`, `A:`, `:B`, or one name: it and all below it. `None`: everything.
        pub range: Option<String>,
        /// At most as many.
        pub limit: Option<usize>,
    }
}

/// The revisions, newest first: every child before its parents.
///
/// # Errors
/// A name of the range that stands for nothing.
pub fn log(store: &Store, options: &LogOptions, place: &Place) -> Result<Vec<RevisionView>, Error> {
    let graph = store.graph();
    let mut ids: Vec<Id> = match &options.range {
        Some(range) => place.with_names(|names| graph.range(range, names))?,
        None => graph.ordered().into_iter().rev().collect(),
    };
    ids.truncate(options.limit.unwrap_or(usize::MAX));
    let mut views = Viewer::new(store).views(&ids);
    if let Some(state) = place.state() {
        let heads = state.heads();
        for view in &mut views {
            view.applied = Some(state.is_applied(graph, &view.header.id));
            view.current = heads.contains(&view.header.id);
        }
    }
    Ok(views)
}
