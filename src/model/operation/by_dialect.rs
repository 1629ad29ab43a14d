//! Operations by dialect.

use super::footprint::Touch;
use super::schema_change::SchemaChange;
use super::summary::count;
use super::texts::{Visit, VisitMut};
use super::validate::Validation;
use super::{Irreversible, Operation, Rules, SchemaMismatch, worst_effect};
use crate::model::{ByDialect, Schema};
use crate::text::{Dialect, Effect};

impl Rules for ByDialect<Vec<Operation>> {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(match self {
            ByDialect::All(operations) => reversed(operations)?,
            ByDialect::Each(each) => {
                let reversed = each
                    .iter()
                    .map(|(dialect, operations)| Ok((*dialect, reversed(operations)?)))
                    .collect::<Result<_, _>>()?;
                vec![Operation::ByDialect(ByDialect::Each(reversed))]
            }
        })
    }

    fn validate(&self, check: &mut Validation<'_>) {
        for (dialect, operations) in lists(self) {
            for (at, operation) in operations.iter().enumerate() {
                let kind = operation.kind();
                let path = match dialect {
                    Some(dialect) => format!("{}.{at}.{kind}", dialect.name()),
                    None => format!("{at}.{kind}"),
                };
                check.part(&path, kind, |check| operation.rules().validate(check));
            }
        }
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let dialect = change.dialect;
        self.get(dialect)
            .into_iter()
            .flatten()
            .try_for_each(|operation| operation.apply(change.schema, dialect))
    }

    fn effect(&self, schema: &Schema, dialect: Dialect) -> Effect {
        worst_effect(self.get(dialect).into_iter().flatten(), &mut schema.clone(), dialect)
    }

    fn touch(&self, touch: &mut Touch) {
        for (_, operations) in lists(self) {
            for operation in operations {
                touch.footprint.extend(operation.footprint());
            }
        }
    }

    fn summary(&self) -> String {
        match self {
            ByDialect::All(operations) => count(operations.len(), "operation"),
            ByDialect::Each(each) => {
                let each = each.iter().map(|(dialect, operations)| match operations.len() {
                    0 => format!("nothing on {dialect}"),
                    many => format!("{} on {dialect}", count(many, "operation")),
                });
                each.collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn texts(&self, visit: &mut Visit<'_>) {
        for (dialect, operations) in lists(self) {
            visit.at(dialect.map_or("", Dialect::name), |visit| {
                for (at, operation) in operations.iter().enumerate() {
                    visit.at(at, |visit| {
                        visit.at(operation.kind(), |visit| operation.rules().texts(visit))
                    });
                }
            });
        }
    }

    fn texts_mut(&mut self, visit: &mut VisitMut<'_>) {
        let lists: Vec<(&str, &mut Vec<Operation>)> = match self {
            ByDialect::All(operations) => vec![("", operations)],
            ByDialect::Each(each) => {
                each.iter_mut().map(|(dialect, operations)| (dialect.name(), operations)).collect()
            }
        };
        for (dialect, operations) in lists {
            visit.at(dialect, |visit| {
                for (at, operation) in operations.iter_mut().enumerate() {
                    let kind = operation.kind();
                    visit.at(at, |visit| {
                        visit.at(kind, |visit| operation.rules_mut().texts_mut(visit))
                    });
                }
            });
        }
    }

    fn check_was(&self, schema: &Schema, dialect: Dialect) -> Option<String> {
        // Each of them meets what those before it leave.
        let mut schema = schema.clone();
        self.get(dialect)?.iter().find_map(|operation| {
            let wrong = operation.check_was(&schema, dialect);
            let applied = operation.apply(&mut schema, dialect);
            wrong.filter(|_| applied.is_ok()).map(|mismatch| mismatch.message)
        })
    }
}

/// The operations of each dialect that is named; `None`: of all.
fn lists(operations: &ByDialect<Vec<Operation>>) -> Vec<(Option<Dialect>, &Vec<Operation>)> {
    match operations {
        ByDialect::All(operations) => vec![(None, operations)],
        ByDialect::Each(each) => {
            each.iter().map(|(dialect, operations)| (Some(*dialect), operations)).collect()
        }
    }
}

/// The reverse of operations, last first.
fn reversed(operations: &[Operation]) -> Result<Vec<Operation>, Irreversible> {
    let mut reversed = Vec::new();
    for operation in operations.iter().rev() {
        reversed.extend(operation.reverse()?);
    }
    Ok(reversed)
}
