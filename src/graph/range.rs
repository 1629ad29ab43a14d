//! Ranges: `A:B`, `A:`, `:B`.

use super::parse::{Name, Symbol};
use super::{Graph, Ix, NameError, Names};
use crate::model::Id;

/// The two ends of a range, either perhaps empty; `None` if the text is no range.
pub fn split_range(text: &str) -> Option<(&str, &str)> {
    text.split_once(':')
}

impl Graph {
    /// The revisions of a range `A:B`, `:B`, `A:` (or of a single name: it and all below it),
    /// newest first. Both ends belong to it. Of all that lies below `B` it holds what stands on `A`
    /// by parents; by dependencies too where no line of parents leads from `A` to `B`. `LABEL@base:` is the label's line without what it depends on.
    /// `-N:B` counts down from B, `A:+N` up from A.
    ///
    /// # Errors
    /// As [`Graph::resolve`], or A does not lie below B.
    pub fn range(&self, range: &str, context: &Names<'_>) -> Result<Vec<Id>, NameError> {
        let Some((lower, upper)) = split_range(range) else {
            let from = self.resolve_one(&self.name(range)?, context)?;
            return Ok(self.newest_first(&self.below(from)));
        };
        let malformed = |reason: &str| NameError::Malformed {
            name: range.to_owned(),
            reason: reason.to_owned(),
        };
        if lower.is_empty() && upper.is_empty() {
            return Err(malformed("a range needs at least one end"));
        }
        if upper.contains(':') {
            return Err(malformed("a range has only two ends"));
        }
        let lower_name = (!lower.is_empty()).then(|| self.name(lower)).transpose()?;
        let upper_name = (!upper.is_empty()).then(|| self.name(upper)).transpose()?;
        let relative = |name: &Option<Name<'_>>| name.as_ref().is_some_and(Name::is_relative);

        // A relative end counts from the other one.
        let (from, to) = if relative(&lower_name) && !upper.is_empty() && !relative(&upper_name) {
            let to = self.end(upper_name.as_ref(), context)?;
            (self.counted(lower_name.as_ref(), &to, context)?, to)
        } else if relative(&upper_name) && !lower.is_empty() && !relative(&lower_name) {
            let from = self.start(lower_name.as_ref(), context)?;
            let to = self.counted(upper_name.as_ref(), &from, context)?;
            (from, to)
        } else {
            (self.start(lower_name.as_ref(), context)?, self.end(upper_name.as_ref(), context)?)
        };

        let line = match &lower_name {
            Some(name) if name.symbol == Some(Symbol::Base) => name.line,
            _ => None,
        };
        if let Some(line) = line {
            let line = self.line_through(line, &self.word(line, None)?);
            let on = to.into_iter().filter(|&ix| self.is_on(&line, ix));
            return Ok(self.newest_first(&self.below_by_parents(on)));
        }
        let mut set = self.below(to.iter().copied());
        if from.is_empty() {
            return Ok(self.newest_first(&set));
        }
        for &ix in &from {
            let last = self.squashes.last_of(ix);
            if !set[last.index()] {
                return Err(NameError::NotAncestor {
                    lower: self.id(ix).clone(),
                    upper: self.ids(to),
                });
            }
        }
        let mut above = self.above_by_parents(from.iter().copied());
        if !to.iter().any(|&ix| above[self.squashes.last_of(ix).index()]) {
            // Only dependencies lead from one end to the other.
            above = self.above(from);
        }
        for (member, above) in set.iter_mut().zip(above) {
            *member &= above;
        }
        Ok(self.newest_first(&set))
    }

    fn start(&self, name: Option<&Name<'_>>, context: &Names<'_>) -> Result<Vec<Ix>, NameError> {
        name.map_or(Ok(Vec::new()), |name| self.resolve_one(name, context))
    }

    fn end(&self, name: Option<&Name<'_>>, context: &Names<'_>) -> Result<Vec<Ix>, NameError> {
        match name {
            Some(name) => self.resolve_one(name, context),
            None => self.resolve_one(&Name::parse("heads")?, context),
        }
    }

    /// An end of a range that counts from the other end.
    fn counted(
        &self,
        name: Option<&Name<'_>>,
        from: &[Ix],
        context: &Names<'_>,
    ) -> Result<Vec<Ix>, NameError> {
        let Some(name) = name else { return Ok(Vec::new()) };
        let line = self.named_line(name)?;
        if let [_, _, ..] = from {
            return Err(self.several(name, context.state, "it starts from several", from));
        }
        Ok(self.walk(name, from.to_vec(), line.as_ref(), None)?.revisions)
    }

    /// The revisions of a set that have files, those made last first. A squash belongs to it if
    /// the last revision that it stands for does.
    fn newest_first(&self, set: &[bool]) -> Vec<Id> {
        let mut found: Vec<Ix> = self
            .indices()
            .filter(|&ix| self.has_file[ix.index()] && set[self.squashes.last_of(ix).index()])
            .collect();
        found = self.up_order(&found);
        found.reverse();
        self.ids(found)
    }
}
