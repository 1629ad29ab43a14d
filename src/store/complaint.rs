//! What is wrong with a text.

/// What is wrong with a text, and what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub(super) struct Complaint {
    pub message: String,
    pub hint: Option<String>,
}

impl Complaint {
    pub fn new(message: String, hint: &str) -> Self {
        Complaint { message, hint: Some(hint.to_owned()) }
    }
}
