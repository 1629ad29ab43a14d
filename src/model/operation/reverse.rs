//! What undoes an operation, as far as it says itself what was there before.

#[cfg(test)]
mod tests;

use super::Operation;

/// Why an operation has no reverse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Irreversible(pub String);

impl Irreversible {
    /// The reason of a kind of operation.
    pub(super) fn new(kind: &str, reason: &str) -> Self {
        Irreversible(format!("{kind} has no reverse: {reason}"))
    }
}

impl Operation {
    /// The operations that undo this one, in the order in which they run.
    ///
    /// # Errors
    /// It does not say what was there before, or nothing can bring it back.
    pub fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        self.rules().reverse()
    }
}

/// Refuses what may have found its object there: to drop it might drop what it has not made.
pub(super) fn is_new(kind: &str, if_not_exists: bool) -> Result<(), Irreversible> {
    if if_not_exists {
        let reason = "with `if_not_exists` the object may have existed before: omit it, or write the \
                      `down`";
        return Err(Irreversible::new(kind, reason));
    }
    Ok(())
}

/// What was dropped; what a CASCADE takes along is told by nothing.
pub(super) fn dropped<T: Clone>(
    kind: &str,
    object: &str,
    was: &Option<T>,
    cascade: bool,
) -> Result<T, Irreversible> {
    let Some(was) = was else {
        return Err(Irreversible::new(
            kind,
            &format!("it needs `was:` with the {object} as it was"),
        ));
    };
    if cascade {
        let reason = "the objects that `cascade` drops are not named: drop them by their own \
                      operations, or write the `down`";
        return Err(Irreversible::new(kind, reason));
    }
    Ok(was.clone())
}

/// The reverse of a `drop_…`, which creates again what its `was` tells, and whether there is a `was`. In
/// braces the fields that both operations have, behind them those that a new object has so.
macro_rules! recreates {
    ($object:literal, $create:ident { $($key:ident),* } $($field:ident: $value:expr),*) => {
        fn reverse(
            &self,
        ) -> Result<Vec<$crate::model::Operation>, $crate::model::operation::Irreversible> {
            let was = $crate::model::operation::reverse::dropped(
                Self::KIND, $object, &self.was, self.cascade,
            )?;
            Ok(vec![$crate::model::Operation::$create($create {
                definition: was,
                $($key: self.$key.clone(),)*
                $($field: $value,)*
            })])
        }

        fn has_was(&self) -> bool {
            self.was.is_some()
        }
    };
}

pub(super) use recreates;

/// What is replaced, of an object that a `create_…` with `or_replace` replaces; `None`: it is new.
pub(super) fn replaced<T: Clone>(
    kind: &str,
    object: &str,
    or_replace: bool,
    if_not_exists: bool,
    was: &Option<T>,
) -> Result<Option<T>, Irreversible> {
    match (or_replace, was) {
        (true, Some(was)) => Ok(Some(was.clone())),
        (true, None) => {
            let reason = format!("with `or_replace` it needs `was:` with the {object} as it was");
            Err(Irreversible::new(kind, &reason))
        }
        (false, _) => is_new(kind, if_not_exists).map(|()| None),
    }
}
