//! A versioned blake3 over length-prefixed parts.

use std::fmt;

/// A digest as it is stored and compared: 64 hex digits, or a fixed word such as `derived`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

impl Digest {
    /// The digest of a `down` that is left out.
    pub fn derived() -> Self {
        Digest("derived".to_owned())
    }

    /// The digest of a `down` that says there is none.
    pub fn irreversible() -> Self {
        Digest("irreversible".to_owned())
    }

    /// A digest read back from a database or a file.
    pub fn stored(text: impl Into<String>) -> Self {
        Digest(text.into())
    }

    /// The text that is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Builds a digest part by part. Each part is preceded by its length as eight little-endian bytes,
/// so that no two sequences of parts give the same bytes.
#[derive(Debug)]
pub struct Digester(blake3::Hasher);

impl Digester {
    /// A digest of the given version, such as `rev1`; the version is its first part.
    pub fn new(version: &str) -> Self {
        let mut digester = Digester(blake3::Hasher::new());
        digester.part(version.as_bytes());
        digester
    }

    /// Adds one part.
    pub fn part(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// The digest of all parts.
    pub fn finish(&self) -> Digest {
        Digest(self.0.finalize().to_hex().to_string())
    }
}
