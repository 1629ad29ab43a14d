//! Views.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use serde_json::Value;

use super::footprint::Touch;
use super::reverse::{recreates, replaced};
use super::schema_change::SchemaChange;
use super::summary::{of, text};
use super::texts::texts;
use super::was::unreplaced;
use super::{Irreversible, Operation, Rules, SchemaMismatch};
use crate::model::{Entries, Schema, SqlText, StoredDdl};
use crate::text::{Dialect, Effect};

/// A view without its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct ViewDefinition {
    /// Its query.
    #[schemars(extend("format" = "sql"))]
    pub query: SqlText,
    /// Names for its columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// WITH CHECK OPTION: the rows that may be written through it (PostgreSQL, MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_option: Option<CheckOption>,
    /// Parameters, such as security_barrier (PostgreSQL).
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub with: Entries<Value>,
    /// `merge`, `temptable`, `undefined` (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// SQL SECURITY: `definer` or `invoker` (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql_security: Option<String>,
    /// The owner (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definer: Option<String>,
    /// TEMPORARY: dropped at the end of the session (PostgreSQL, SQLite).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub temporary: bool,
    /// The comment (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// The rows that may be written through a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckOption {
    /// LOCAL: the rows that this view shows.
    Local,
    /// CASCADED: the rows that this view and the views below it show.
    Cascaded,
}

texts!(ViewDefinition { query });

/// Creates a view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateView {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// OR REPLACE: replaces an existing one; `was` is then needed for the downgrade.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_replace: bool,
    /// IF NOT EXISTS: does nothing when it already exists (SQLite, MariaDB).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// Its definition.
    #[serde(flatten)]
    pub definition: ViewDefinition,
    /// The view that is replaced, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<ViewDefinition>,
}

impl Rules for CreateView {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        let CreateView { schema, name, definition, .. } = self.clone();
        let before = replaced(Self::KIND, "view", self.or_replace, self.if_not_exists, &self.was)?;
        let was = Some(definition);
        Ok(vec![match before {
            Some(definition) => Operation::CreateView(CreateView {
                schema,
                name,
                or_replace: true,
                if_not_exists: false,
                definition,
                was,
            }),
            None => Operation::DropView(DropView {
                schema,
                name,
                if_exists: false,
                cascade: false,
                was,
            }),
        }])
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        change.create_view(self.schema.as_ref(), &self.name, self.or_replace, self.if_not_exists)
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.whole(self.schema.as_ref(), &self.name);
    }

    fn summary(&self) -> String {
        let name = of(self.schema.as_ref(), &self.name);
        format!("{name}: {}", text(&self.definition.query))
    }
    texts!(definition as "", was);
    fn has_was(&self) -> bool {
        self.was.is_some()
    }

    fn check_was(&self, _schema: &Schema, _dialect: Dialect) -> Option<String> {
        unreplaced(self.or_replace, self.was.is_some())
    }
}

/// Drops a view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropView {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The view as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<ViewDefinition>,
}

impl Rules for DropView {
    recreates!("view", CreateView { schema, name }
        or_replace: false, if_not_exists: false, was: None);

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        change.drop_view(self.schema.as_ref(), &self.name, self.if_exists, self.cascade)
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.whole(self.schema.as_ref(), &self.name);
        touch.opaque_if(self.cascade);
    }

    fn summary(&self) -> String {
        of(self.schema.as_ref(), &self.name)
    }
    texts!(was);
}

impl SchemaChange<'_> {
    pub(super) fn create_view(
        &mut self,
        own: Option<&String>,
        view: &str,
        or_replace: bool,
        if_not_exists: bool,
    ) -> Result<(), SchemaMismatch> {
        let name = self.schema.name(own.map(String::as_str), view);
        let dialect = self.dialect;
        let there = self.schema.views.iter_mut().find(|known| known.name.is(dialect, &name));
        match there {
            Some(view) if or_replace => view.sql = None,
            Some(_) if if_not_exists => {}
            _ => {
                self.is_free("name", &name)?;
                self.comes(&name);
                self.schema.views.push(StoredDdl { name, table: None, sql: None });
            }
        }
        Ok(())
    }

    pub(super) fn drop_view(
        &mut self,
        own: Option<&String>,
        view: &str,
        if_exists: bool,
        cascade: bool,
    ) -> Result<(), SchemaMismatch> {
        let own = own.map(String::as_str);
        let name = self.schema.name(own, view);
        if !if_exists {
            if let Some(how) = self.gone(&name) {
                let message = format!("{name} no longer exists: it was {how}");
                return Err(self.mismatch("name", message, "check the operations before it"));
            }
            if self.schema.table(self.dialect, own, view).is_some() {
                return Err(self.mismatch("name", format!("{name} is a table, not a view"), ""));
            }
        }
        let dialect = self.dialect;
        self.schema.views.retain(|known| !known.name.is(dialect, &name));
        self.drop_triggers_of(&name);
        if cascade {
            self.drop_views_on(&name);
        }
        self.schema.gone.insert(name, "dropped".to_owned());
        Ok(())
    }
}
