//! Functions and procedures (PostgreSQL, MySQL, MariaDB).

use std::ops::Deref;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Touch};
use super::reverse::{dropped, replaced};
use super::summary::{of, short, text};
use super::texts::texts;
use super::was::unreplaced;
use super::{Irreversible, Operation, Rules};
use crate::model::{Schema, SqlText};
use crate::text::{Dialect, Effect};

/// A function or procedure without its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct RoutineDefinition {
    /// Its arguments, as the dialect writes them between the brackets.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<SqlText>,
    /// What a function returns.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns: Option<SqlText>,
    /// The language; default: sql (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Words such as `immutable`, `security definer`, `deterministic`, `reads sql data`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
    /// The owner (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definer: Option<String>,
    /// Its body.
    #[schemars(extend("format" = "sql"))]
    pub body: SqlText,
    /// `false`: the body is not checked when the routine is created (`check_function_bodies = off`), so that
    /// it may name what does not exist yet (PostgreSQL).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_body: Option<bool>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

texts!(RoutineDefinition { arguments, returns, body });

/// Creates a function or procedure (PostgreSQL, MySQL, MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateRoutine {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// OR REPLACE: replaces an existing one; `was` is then needed for the downgrade.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_replace: bool,
    /// IF NOT EXISTS: does nothing when it already exists (MySQL, MariaDB).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// Its definition.
    #[serde(flatten)]
    pub definition: RoutineDefinition,
    /// The routine that is replaced, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<RoutineDefinition>,
}

texts!(CreateRoutine { definition as "", was });

impl CreateRoutine {
    /// One that is new.
    pub fn new(schema: Option<String>, name: String, definition: RoutineDefinition) -> Self {
        CreateRoutine {
            schema,
            name,
            or_replace: false,
            if_not_exists: false,
            definition,
            was: None,
        }
    }

    fn summary(&self) -> String {
        let arguments = self.definition.arguments.as_ref().map(text);
        let name = of(self.schema.as_ref(), &self.name);
        format!("{name}({})", arguments.unwrap_or_default())
    }
}

/// Drops a function or procedure (PostgreSQL, MySQL, MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropRoutine {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// The types of its arguments, which identify an overloaded routine (PostgreSQL).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The routine as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<RoutineDefinition>,
}

texts!(DropRoutine { arguments, was });

impl DropRoutine {
    /// The drop of one that is there, and whose arguments its definition says.
    pub fn new(schema: Option<String>, name: String, was: RoutineDefinition) -> Self {
        let was = Some(was);
        DropRoutine { schema, name, arguments: None, if_exists: false, cascade: false, was }
    }

    fn summary(&self) -> String {
        let arguments = self.arguments.as_ref().map(|arguments| short(arguments));
        let arguments = arguments.map(|arguments| format!("({arguments})"));
        of(self.schema.as_ref(), &self.name) + &arguments.unwrap_or_default()
    }
}

/// A kind of routine: what creates one and what drops it.
macro_rules! routine {
    ($(#[$create_doc:meta])* $create:ident, $(#[$drop_doc:meta])* $drop:ident) => {
        $(#[$create_doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $create(pub CreateRoutine);

        impl Deref for $create {
            type Target = CreateRoutine;

            fn deref(&self) -> &CreateRoutine {
                &self.0
            }
        }

        impl Rules for $create {
            fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
                let CreateRoutine { schema, name, definition, .. } = self.0.clone();
                let before =
                    replaced(Self::KIND, "routine", self.or_replace, self.if_not_exists, &self.was)?;
                Ok(vec![match before {
                    Some(before) => Operation::$create($create(CreateRoutine {
                        or_replace: true,
                        was: Some(definition),
                        ..CreateRoutine::new(schema, name, before)
                    })),
                    None => Operation::$drop($drop(DropRoutine::new(schema, name, definition))),
                }])
            }

            fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
                Effect::Additive
            }

            fn touch(&self, touch: &mut Touch) {
                touch.write(ObjectClass::Routine, self.schema.as_ref(), &self.name, None);
            }

            fn summary(&self) -> String {
                self.0.summary()
            }
            texts!(0 as "");
            fn has_was(&self) -> bool {
                self.was.is_some()
            }

            fn check_was(&self, _schema: &Schema, _dialect: Dialect) -> Option<String> {
                unreplaced(self.or_replace, self.was.is_some())
            }
        }

        $(#[$drop_doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $drop(pub DropRoutine);

        impl Deref for $drop {
            type Target = DropRoutine;

            fn deref(&self) -> &DropRoutine {
                &self.0
            }
        }

        impl Rules for $drop {
            fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
                let was = dropped(Self::KIND, "routine", &self.was, self.cascade)?;
                let DropRoutine { schema, name, .. } = self.0.clone();
                Ok(vec![Operation::$create($create(CreateRoutine::new(schema, name, was)))])
            }

            fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
                Effect::Destructive
            }

            fn touch(&self, touch: &mut Touch) {
                touch.write(ObjectClass::Routine, self.schema.as_ref(), &self.name, None);
                touch.opaque_if(self.cascade);
            }

            fn summary(&self) -> String {
                self.0.summary()
            }
            texts!(0 as "");
            fn has_was(&self) -> bool {
                self.was.is_some()
            }
        }
    };
}

routine! {
    /// Creates a function (PostgreSQL, MySQL, MariaDB).
    CreateFunction,
    /// Drops a function (PostgreSQL, MySQL, MariaDB).
    DropFunction
}

routine! {
    /// Creates a procedure (PostgreSQL, MySQL, MariaDB).
    CreateProcedure,
    /// Drops a procedure (PostgreSQL, MySQL, MariaDB).
    DropProcedure
}
