//! The verb `schema`: what a database, a revision or the models hold, as operations that make it.

use crate::diff;
use crate::model::Entry;
use crate::model::{Filter, Operation};
use crate::run::{Cancel, Event};
use crate::sql;
use crate::store::{DatabaseSettings, Store};
use crate::text::Dialect;

use super::compare::{CompareSession, dialect_of};
use super::{CompareTarget, Error};

/// A schema as what makes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The dialect.
    pub dialect: Dialect,
    /// The operations that make it in an empty database, in an order that works.
    pub operations: Vec<Operation>,
    /// Their statements.
    pub statements: Vec<String>,
    /// What is there and cannot be shown.
    pub unsupported: Vec<String>,
}

impl Shown {
    /// The statements as a script for the engine's own client.
    pub fn script(&self) -> String {
        let client = sql::dialect(self.dialect).client();
        let statements = self.statements.iter().map(|sql| client.terminated(sql, None));
        statements.collect::<Vec<_>>().join("\n")
    }
}

/// Reads a schema, as far as `include`, `exclude` and `only` take it.
///
/// # Errors
/// As the side cannot be read; an object that the dialect has no words for.
pub async fn schema(
    store: &Store,
    settings: &DatabaseSettings,
    side: &CompareTarget,
    only: &Filter,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Shown, Error> {
    let mut session = CompareSession::new(store, settings, cancel);
    let catalog = session.read(side, events).await;
    session.close().await;
    let catalog = catalog?;
    let dialect = dialect_of(settings, &catalog, &catalog)?;
    let catalog = only.apply(settings.filter.apply(catalog));
    shown(catalog, dialect)
}

fn shown(catalog: crate::model::Catalog, dialect: Dialect) -> Result<Shown, Error> {
    let operations = diff::creation(&catalog, dialect);
    let entries: Vec<Entry> =
        operations.iter().map(|operation| Entry::new(operation.clone(), 1)).collect();
    let mut nothing = crate::model::Schema { own: catalog.own.clone(), ..Default::default() };
    let lowered = sql::lower(&entries, dialect, "the schema", &mut nothing);
    let statements = lowered.map_err(crate::run::Error::from)?;
    let statements = statements.into_iter().map(|statement| statement.sql).collect();
    let unseen = catalog.unseen.iter().map(ToString::to_string);
    let unsupported = catalog.unsupported.iter().cloned().chain(unseen).collect();
    Ok(Shown { dialect, operations, statements, unsupported })
}
