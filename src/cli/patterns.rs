//! `--only`, which several commands take.

use revdag::model::{Filter, Pattern, PatternError};

/// What is looked at, beside `include` and `exclude` of store.yaml.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Only {
    /// Only compare objects that match this pattern, such as `users*`, `billing.*` or `view:*`
    #[arg(long, value_name = "PATTERN", value_parser = pattern)]
    only: Vec<Pattern>,
}

fn pattern(text: &str) -> Result<Pattern, String> {
    text.parse().map_err(|error: PatternError| format!("{}; {}", error.message, error.hint))
}

impl Only {
    /// As a filter.
    pub fn filter(self) -> Filter {
        Filter { include: self.only, exclude: Vec::new() }
    }
}
