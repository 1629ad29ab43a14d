//! The rows of the answer.

use serde::de::DeserializeOwned;

use crate::db::{DbError, Row, ServerError};
use crate::model::Name;

/// A row of the answer.
pub(super) struct Part<'a> {
    pub kind: &'a str,
    pub name: Name,
    /// The object's number in its class; of a column its place.
    pub number: &'a str,
    json: Option<&'a str>,
}

impl<'a> Part<'a> {
    pub(super) fn of(row: &'a Row) -> Result<Self, DbError> {
        let [Some(kind), schema, Some(name), Some(number), json] = row.as_slice() else {
            return Err(unreadable("a row is too short"));
        };
        let name = Name { schema: schema.clone(), name: name.clone() };
        Ok(Part { kind, name, number, json: json.as_deref() })
    }

    /// What stands where the JSON does, as it is.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.json
    }

    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, DbError> {
        serde_json::from_str(self.json.unwrap_or("null"))
            .map_err(|error| unreadable(&format!("{} of {}: {error}", self.kind, self.name.name)))
    }
}

pub(super) fn unreadable(what: &str) -> DbError {
    DbError::Statement(ServerError::new(format!("the catalog cannot be read: {what}"), None))
}
