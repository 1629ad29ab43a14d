//! What a revision's name stands for.

use super::build::RESERVED;
use super::lines::Line;
use super::nearest::nearest;
use super::parse::{Name, Symbol};
use super::{Graph, Ix, NameError, Names, State};
use crate::model::Id;

/// How many candidates an error names.
const CANDIDATES: usize = 10;

/// What a name stands for.
#[derive(Debug)]
pub(super) struct Target {
    /// The revisions; none: below every base, of the line if there is one.
    pub revisions: Vec<Ix>,
    pub line: Option<Line>,
    /// The last revision that was walked down over.
    pub over: Option<Ix>,
}

impl Target {
    fn of(revisions: Vec<Ix>, line: Option<Line>) -> Target {
        Target { revisions, line, over: None }
    }
}

impl Graph {
    /// A name, taken apart. A tag may hold a `-`, and is one before it is a count of steps.
    ///
    /// # Errors
    /// A name that is malformed.
    pub(super) fn name<'n>(&self, text: &'n str) -> Result<Name<'n>, NameError> {
        let tag = |word, steps| Name { text, line: None, symbol: Some(Symbol::Word(word)), steps };
        if self.tags.contains_key(text) {
            return Ok(tag(text, None));
        }
        let counted = text.rfind(['+', '-']).and_then(|at| {
            let (word, steps) = text.split_at(at);
            let steps = steps.parse().ok().filter(|_| word.contains('-'))?;
            self.tags.contains_key(word).then(|| tag(word, Some(steps)))
        });
        counted.map_or_else(|| Name::parse(text), Ok)
    }

    /// The revisions that a name or several stand for, in every form of the grammar; `base` stands
    /// for none. `+N` and `-N` count from the heads of the files.
    ///
    /// # Errors
    /// A name that is malformed, unknown, ambiguous, or not of the line named.
    pub fn resolve(&self, names: &[String], context: &Names<'_>) -> Result<Vec<Id>, NameError> {
        let mut found: Vec<Ix> = Vec::new();
        for name in names {
            for ix in self.resolve_one(&self.name(name)?, context)? {
                let ix = self.shown(ix);
                if !found.contains(&ix) {
                    found.push(ix);
                }
            }
        }
        Ok(self.ids(found))
    }

    /// The revisions of one name where no database is the start of counting.
    pub(super) fn resolve_one(
        &self,
        name: &Name<'_>,
        context: &Names<'_>,
    ) -> Result<Vec<Ix>, NameError> {
        if !name.is_relative() {
            let found = self.target(name, context)?.revisions;
            self.known(context, &found)?;
            return Ok(found);
        }
        let line = self.named_line(name)?;
        let mut heads = if line.is_none() && !context.lines.is_empty() {
            self.heads_of_lines(context.lines)?
        } else {
            self.real_head_indices()
        };
        if let Some(line) = &line {
            heads = self.head_indices();
            heads.retain(|&ix| self.is_on(line, ix));
        }
        let mut found = Vec::new();
        for head in heads {
            for ix in self.walk(name, vec![head], line.as_ref(), None)?.revisions {
                if !found.contains(&ix) {
                    found.push(ix);
                }
            }
        }
        Ok(found)
    }

    /// Refuses revisions that only a database's rows speak of.
    pub(super) fn known(&self, context: &Names<'_>, found: &[Ix]) -> Result<(), NameError> {
        match (context.state, found.iter().find(|ix| ix.index() >= self.nodes.len())) {
            (Some(state), Some(&ix)) => Err(self.unknown(state.name(self, ix).as_str())),
            _ => Ok(()),
        }
    }

    /// What a name stands for; `+N` and `-N` count from the database's state.
    pub(super) fn target(&self, name: &Name<'_>, context: &Names<'_>) -> Result<Target, NameError> {
        let line = self.named_line(name)?;
        let Some(symbol) = name.symbol else {
            let state = context.state.ok_or_else(|| needs_database(name))?;
            return self.relative(name, line, state);
        };
        let mut revisions = match symbol {
            Symbol::Base => Vec::new(),
            Symbol::Word(word) => self.word(word, line.as_ref())?,
            Symbol::Head | Symbol::Heads => {
                let heads = match &line {
                    Some(line) => {
                        let heads = self.head_indices().into_iter();
                        heads.filter(|&ix| self.is_on(line, ix)).collect()
                    }
                    None if !context.lines.is_empty() => self.heads_of_lines(context.lines)?,
                    None if symbol == Symbol::Head => self.head_indices(),
                    None => self.real_head_indices(),
                };
                if symbol == Symbol::Head && heads.len() > 1 {
                    return Err(self.several_heads(name, &heads));
                }
                heads
            }
            Symbol::Current => context.state.ok_or_else(|| needs_database(name))?.head_nodes(),
            Symbol::Journal(runs) => {
                let journal = context.journal.ok_or_else(|| needs_database(name))?;
                let heads = journal(runs).ok_or_else(|| NameError::OutOfRange {
                    name: name.text.to_owned(),
                    reason: "the journal does not go back that far".to_owned(),
                })?;
                let find = |id: &Id| {
                    let row = || context.state.and_then(|state| state.unknown_node(id));
                    self.index.get(id).copied().or_else(row)
                };
                heads
                    .iter()
                    .map(|id| find(id).ok_or_else(|| self.unknown(id.as_str())))
                    .collect::<Result<_, _>>()?
            }
        };
        if let (Some(line), Symbol::Current | Symbol::Journal(_)) = (&line, symbol) {
            revisions.retain(|&ix| self.is_on(line, ix));
        }
        if name.steps.is_none() {
            return Ok(Target::of(revisions, line));
        }
        if revisions.len() > 1 {
            return Err(match symbol {
                Symbol::Heads => self.several_heads(name, &revisions),
                _ => self.several(name, context.state, "it starts from several", &revisions),
            });
        }
        let walked = self.walk(name, revisions, line.as_ref(), context.state)?;
        Ok(Target { line, ..walked })
    }

    /// `+N` and `-N` from the state of a database.
    fn relative(
        &self,
        name: &Name<'_>,
        line: Option<Line>,
        state: &State,
    ) -> Result<Target, NameError> {
        let heads = state.head_nodes();
        let up = name.steps.is_some_and(|steps| steps > 0);
        let start = match &line {
            None => heads,
            Some(line) => {
                let mut start = heads;
                start.retain(|&ix| self.is_on(line, ix));
                if start.is_empty() {
                    start = self.tips_on(line, state, up);
                }
                start
            }
        };
        if start.len() > 1 {
            return Err(self.several(name, Some(state), "the database has several heads", &start));
        }
        if start.is_empty() && !up {
            return Err(NameError::OutOfRange {
                name: name.text.to_owned(),
                reason: match &line {
                    Some(line) => format!("nothing of the branch {:?} is applied", line.name),
                    None => "nothing is applied".to_owned(),
                },
            });
        }
        // Without a label the line is that of the revision from which the walk begins.
        let line = line.or_else(|| {
            let known = start.first().filter(|ix| ix.index() < self.nodes.len())?;
            (!up).then(|| self.line_through(self.id(*known).as_str(), &start))
        });
        let filter = line.as_ref().filter(|_| up);
        let walked = self.walk(name, start, filter, Some(state))?;
        Ok(Target { line, ..walked })
    }

    /// Where a database stands on a line none of whose revisions is a head of its state.
    fn tips_on(&self, line: &Line, state: &State, up: bool) -> Vec<Ix> {
        let on = |ix: Ix| state.carrier_of(ix).is_some() && (!up || self.is_on(line, ix));
        let tips = self.leaves().filter(|&ix| {
            // Going up, what stands on a tip by either edge counts; going down, by parents only.
            on(ix)
                && if up {
                    !self.above_of(ix).any(on)
                } else {
                    !self.children_of(ix).into_iter().any(on)
                }
        });
        let mut tips: Vec<Ix> = tips
            .filter(|&ix| self.is_on(line, ix))
            .filter_map(|ix| state.carrier_of(ix))
            .map(|row| state.rows[row].at)
            .collect();
        tips.sort_unstable();
        tips.dedup();
        tips
    }

    /// Walks from one revision, or from below the bases, as many steps as the name says.
    pub(super) fn walk(
        &self,
        name: &Name<'_>,
        start: Vec<Ix>,
        line: Option<&Line>,
        state: Option<&State>,
    ) -> Result<Target, NameError> {
        let steps = name.steps.unwrap_or(0);
        let past = |reason: String| NameError::OutOfRange { name: name.text.to_owned(), reason };
        let mut at = start;
        let mut over = None;
        let mut left = steps.unsigned_abs();
        while left > 0 {
            if at.len() > 1 {
                let why = if steps > 0 { "the way up forks" } else { "a merge lies on the way" };
                return Err(self.several(name, state, why, &at));
            }
            let from = at.first().copied();
            if steps > 0 {
                at = match from {
                    None => self.base_indices(),
                    Some(ix) if ix.index() < self.nodes.len() => self.children_shown(ix),
                    Some(_) => Vec::new(),
                };
                if let Some(line) = line {
                    at.retain(|&ix| self.is_on(line, ix));
                }
                if at.is_empty() {
                    return Err(past(match from {
                        Some(ix) => format!("nothing follows {}", self.name_of(state, ix)),
                        None => "there is no revision".to_owned(),
                    }));
                }
                left -= 1;
            } else {
                let Some(ix) = from else {
                    return Err(past("nothing is below the base".to_owned()));
                };
                let (parents, counts) = self.down_from(ix, name, state);
                if counts {
                    over = Some(ix);
                    left -= 1;
                }
                at = parents;
            }
        }
        if steps > 0 && at.len() > 1 {
            return Err(self.several(name, state, "the way up forks", &at));
        }
        Ok(Target { revisions: at, line: None, over })
    }

    /// The parents of a revision, and whether going over it counts as a step. From a database's
    /// state the rows are followed, and what is missing counts for nothing.
    fn down_from(&self, ix: Ix, name: &Name<'_>, state: Option<&State>) -> (Vec<Ix>, bool) {
        let Some(state) = state.filter(|_| name.is_relative()) else {
            return (self.shown_all(self.parents_of(ix)), true);
        };
        let (parents, counts) = match state.row_of(ix) {
            Some(row) => (state.rows[row].parents.clone(), true),
            None => (self.parents_of(ix), false),
        };
        let carried = |ix: Ix| match state.carrier_of(ix) {
            Some(row) => state.rows[row].at,
            None => ix,
        };
        let mut parents: Vec<Ix> = parents.into_iter().map(carried).collect();
        parents.sort_unstable();
        parents.dedup();
        (parents, counts)
    }

    pub(super) fn named_line(&self, name: &Name<'_>) -> Result<Option<Line>, NameError> {
        let Some(line) = name.line else { return Ok(None) };
        Ok(Some(self.line_through(line, &self.word(line, None)?)))
    }

    /// The revisions that an id, a prefix of one, a label or a tag stands for.
    pub(super) fn word(&self, word: &str, line: Option<&Line>) -> Result<Vec<Ix>, NameError> {
        let exact = self.index.get(word).or_else(|| self.labels.get(word)).map(|&ix| vec![ix]);
        if let Some(revisions) = exact.or_else(|| self.tags.get(word).cloned()) {
            if let Some(line) = line
                && let Some(&off) = revisions.iter().find(|&&ix| !self.is_on(line, ix))
            {
                return Err(wrong_line(self.id(off), line));
            }
            return Ok(revisions);
        }
        let ids = self.nodes.iter().enumerate().map(|(n, node)| (node.id.as_str(), Ix::new(n)));
        let labels = self.labels.iter().map(|(label, &ix)| (label.as_str(), ix));
        let all: Vec<(&str, Ix)> =
            ids.chain(labels).filter(|(name, _)| name.starts_with(word)).collect();
        let meant: Vec<(&str, Ix)> = match line {
            Some(line) => all.iter().filter(|(_, ix)| self.is_on(line, *ix)).copied().collect(),
            None => all.clone(),
        };
        match (&meant[..], line) {
            ([], Some(line)) if all.len() == 1 => Err(wrong_line(self.id(all[0].1), line)),
            ([], _) => Err(self.unknown(word)),
            ([(_, first), rest @ ..], _) if rest.iter().all(|(_, ix)| ix == first) => {
                Ok(vec![*first])
            }
            _ => {
                let mut candidates: Vec<&str> = meant.iter().map(|(name, _)| *name).collect();
                candidates.sort_unstable();
                Err(NameError::Ambiguous {
                    name: word.to_owned(),
                    reason: format!("{} names begin with it", candidates.len()),
                    candidates: candidates
                        .into_iter()
                        .take(CANDIDATES)
                        .map(str::to_owned)
                        .collect(),
                })
            }
        }
    }

    pub(super) fn unknown(&self, word: &str) -> NameError {
        let ids = self.nodes.iter().map(|node| node.id.as_str());
        let names = ids
            .chain(self.labels.keys().map(String::as_str))
            .chain(self.tags.keys().map(String::as_str))
            .chain(RESERVED);
        NameError::Unknown { name: word.to_owned(), nearest: nearest(word, names) }
    }

    fn name_of<'a>(&'a self, state: Option<&'a State>, ix: Ix) -> &'a Id {
        match state {
            Some(state) => state.name(self, ix),
            None => self.id(ix),
        }
    }

    pub(super) fn several(
        &self,
        name: &Name<'_>,
        state: Option<&State>,
        reason: &str,
        found: &[Ix],
    ) -> NameError {
        let ids = found.iter().take(CANDIDATES);
        NameError::Ambiguous {
            name: name.text.to_owned(),
            reason: reason.to_owned(),
            candidates: ids.map(|&ix| self.name_of(state, ix).as_str().to_owned()).collect(),
        }
    }

    pub(super) fn several_heads(&self, name: &Name<'_>, heads: &[Ix]) -> NameError {
        NameError::SeveralHeads {
            name: name.text.to_owned(),
            heads: self.ids(heads.iter().copied()),
        }
    }
}

fn needs_database(name: &Name<'_>) -> NameError {
    NameError::NeedsDatabase { name: name.text.to_owned() }
}

fn wrong_line(revision: &Id, line: &Line) -> NameError {
    NameError::WrongLine { revision: revision.clone(), line: line.name.clone() }
}
