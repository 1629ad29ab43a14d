//! The verb `heads`.

use crate::store::Store;

use super::RevisionView;
use super::options::options;
use super::view::Viewer;

options! {
    /// What to show of the heads.
    #[derive(Debug, Clone, Default)]
    pub struct HeadsOptions {
        /// Leave out heads that another revision depends on.
        pub resolve_dependencies: bool,
        /// Only the heads of these labels' lines; none: all.
        pub lines: Vec<String>,
    }
}

/// The revisions without a child, in the order of plans.
pub fn heads(store: &Store, options: &HeadsOptions) -> Vec<RevisionView> {
    let mut views = Viewer::new(store).views(&store.graph().heads());
    views.retain(|view| {
        (!options.resolve_dependencies || !view.effective_head)
            && (options.lines.is_empty()
                || view.labels.iter().any(|label| options.lines.contains(label)))
    });
    views
}
