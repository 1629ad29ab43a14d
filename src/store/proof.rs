//! The proof of a merge, kept beside it: what was shown to commute, by digest.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Store, StoreError};
use crate::model::Id;
use crate::text::Dialect;

/// What a file with a proof says. No `rev` takes it for a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofFile {
    /// The version of this format.
    pub format: String,
    /// The merge.
    pub revision: Id,
    /// The dialect that it counts for.
    pub dialect: Dialect,
    /// The server that both orders were run on; `None`: nothing had to be run.
    pub server: Option<String>,
    /// The rows that they were run with.
    pub seed: Option<String>,
    /// `disjoint` or `replayed`.
    pub verdict: String,
    /// How many pairs of revisions touch different things.
    pub disjoint: usize,
    /// How many lead to the same in both orders.
    pub replayed: usize,
    /// The branches.
    pub lines: Vec<ProvenLine>,
}

/// A branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenLine {
    /// The parent of the merge.
    pub head: Id,
    /// The revisions that stand on this branch alone.
    pub revisions: Vec<ProvenRevision>,
}

/// A revision as it was when it was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenRevision {
    /// The revision.
    pub revision: Id,
    /// The digest of its `up`.
    pub up: String,
}

impl ProofFile {
    /// The format that is written.
    pub const FORMAT: &'static str = "proof1";
}

/// The name of the file beside a revision's.
fn name(id: &Id) -> String {
    format!("{id}.proof.json")
}

impl Store {
    /// Writes the proof of a merge beside its file.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write_proof(
        &self,
        revision_file: &Path,
        proof: &ProofFile,
    ) -> Result<PathBuf, StoreError> {
        let path = revision_file.with_file_name(name(&proof.revision));
        let failed = |cause: String| StoreError::Refused {
            message: format!("the proof of {} cannot be written: {cause}", proof.revision),
            hint: Some("the merge itself is written".to_owned()),
        };
        let mut text =
            serde_json::to_string_pretty(proof).map_err(|cause| failed(cause.to_string()))?;
        text.push('\n');
        fs_err::write(&path, text).map_err(|cause| failed(cause.to_string()))?;
        Ok(path)
    }

    /// The proof beside a merge's file; `None`: there is none.
    ///
    /// # Errors
    /// It is not of the format, or cannot be read.
    pub fn proof(&self, id: &Id) -> Result<Option<ProofFile>, StoreError> {
        let Some(file) = self.file(id) else { return Ok(None) };
        let file = match file.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{}", name(id)),
            None => name(id),
        };
        let Some(text) = self.files.text(&file) else { return Ok(None) };
        let wrong = |message: String| StoreError::Refused {
            message: format!("{file}: {message}"),
            hint: Some("delete it, and prove the merge anew".to_owned()),
        };
        let proof: ProofFile =
            serde_json::from_str(&text).map_err(|cause| wrong(cause.to_string()))?;
        match proof.format.as_str() {
            ProofFile::FORMAT => Ok(Some(proof)),
            other => Err(wrong(format!("its format is {other}, which this version does not read"))),
        }
    }
}
