//! Privileges: granted and revoked (PostgreSQL, MySQL, MariaDB).

use std::ops::Deref;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Part, Touch};
use super::summary::{list, of, word};
use super::validate::Validation;
use super::{Irreversible, Operation, Rules};
use crate::model::Schema;
use crate::text::{Dialect, Effect};

/// The kind of object that privileges are granted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantObject {
    /// A table or view.
    Table,
    /// A sequence (PostgreSQL).
    Sequence,
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// A schema (PostgreSQL), or all of a database (MySQL, MariaDB).
    Schema,
    /// A type or domain (PostgreSQL).
    Type,
    /// All tables of a schema.
    AllTables,
    /// All sequences of a schema (PostgreSQL).
    AllSequences,
    /// All functions of a schema (PostgreSQL).
    AllFunctions,
}

/// Grants or revokes privileges (PostgreSQL, MySQL, MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The privileges, such as `select`; `all` for all.
    pub privileges: Vec<String>,
    /// The columns that they apply to; default: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// The kind of the object.
    pub on: GrantObject,
    /// The object's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The object; a function of PostgreSQL with the types of its arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The roles that they are granted to or revoked from.
    pub roles: Vec<String>,
    /// WITH GRANT OPTION; on revoke: GRANT OPTION FOR.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub grant_option: bool,
    /// CASCADE: revokes privileges that were granted onwards, too (PostgreSQL, revoke).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
}

impl Rules for Grant {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(vec![Operation::Revoke(Revoke(Grant { grant_option: false, ..self.clone() }))])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        check.filled("privileges", self.privileges.is_empty());
        check.distinct_texts("privileges", &self.privileges);
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        self.touch_rights(touch);
    }

    fn summary(&self) -> String {
        self.summary_towards("to")
    }
}

impl Grant {
    fn touch_rights(&self, touch: &mut Touch) {
        let own = self.schema.as_ref();
        let class = match self.on {
            GrantObject::Table | GrantObject::Sequence => ObjectClass::Relation,
            GrantObject::Function | GrantObject::Procedure => ObjectClass::Routine,
            GrantObject::Type => ObjectClass::Type,
            GrantObject::Schema => ObjectClass::Schema,
            // Which those are is not said.
            GrantObject::AllTables | GrantObject::AllSequences | GrantObject::AllFunctions => {
                return touch.opaque_if(true);
            }
        };
        let name = self.name.as_deref().or(own.map(String::as_str)).unwrap_or_default();
        let name = name.split('(').next().unwrap_or(name).trim_end();
        let own = own.filter(|_| class != ObjectClass::Schema);
        touch.read(class, own, name, Part::Itself);
        touch.write(class, own, name, Part::Rights);
        for column in &self.columns {
            touch.read_column(own, name, column);
        }
    }

    fn summary_towards(&self, towards: &str) -> String {
        let object = match (&self.name, self.on) {
            (Some(name), _) => of(self.schema.as_ref(), name),
            (None, GrantObject::Schema) => self.schema.clone().unwrap_or_default(),
            (None, _) => {
                let within = self.schema.as_ref().map(|schema| format!("in {schema}"));
                within.unwrap_or_default()
            }
        };
        let columns = match self.columns.as_slice() {
            [] => String::new(),
            columns => format!(" ({})", list(columns)),
        };
        let on = word(&self.on).replace('_', " ");
        let privileges = self.privileges.join(", ");
        let object = if object.is_empty() { object } else { format!(" {object}") };
        format!("{privileges}{columns} on {on}{object} {towards} {}", self.roles.join(", "))
    }
}

/// Revokes privileges (PostgreSQL, MySQL, MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revoke(pub Grant);

impl Deref for Revoke {
    type Target = Grant;

    fn deref(&self) -> &Grant {
        &self.0
    }
}

impl Rules for Revoke {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        if self.cascade {
            let reason = "the privileges that `cascade` revokes are not named";
            return Err(Irreversible::new(Self::KIND, reason));
        }
        Ok(vec![Operation::Grant(self.0.clone())])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        check.filled("privileges", self.privileges.is_empty());
        check.distinct_texts("privileges", &self.privileges);
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        self.touch_rights(touch);
    }

    fn summary(&self) -> String {
        self.summary_towards("from")
    }
}
