//! A first, plain graph: no squashes yet.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::*;

impl Graph {
    pub(super) fn build(
        nodes: Vec<Node>,
        tags: BTreeMap<String, Vec<Id>>,
    ) -> Result<Graph, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut graph = Graph {
            nodes: BTreeMap::new(),
            children: BTreeMap::new(),
            labels: BTreeMap::new(),
            tags,
        };
        for node in nodes {
            for label in &node.labels {
                graph.labels.insert(label.clone(), node.id.clone());
            }
            graph.nodes.insert(node.id.clone(), node);
        }
        let labels = graph.labels.clone();
        let ids: BTreeSet<Id> = graph.nodes.keys().cloned().collect();
        for node in graph.nodes.values_mut() {
            for dependency in &mut node.depends_on {
                if let Some(id) = labels.get(dependency.as_str()) {
                    *dependency = id.clone();
                }
            }
            for parent in node.parents.iter().chain(&node.depends_on) {
                if !ids.contains(parent) {
                    problems.push(Problem {
                        revisions: vec![node.id.clone()],
                        word: Some(parent.to_string()),
                        message: format!("unknown parent {parent}"),
                        hint: None,
                    });
                }
            }
            for parent in &node.parents {
                graph.children.entry(parent.clone()).or_default().push(node.id.clone());
            }
        }
        if problems.is_empty() && graph.order(&ids).len() != ids.len() {
            problems.push(Problem {
                revisions: vec![],
                word: None,
                message: "a cycle".to_owned(),
                hint: None,
            });
        }
        if problems.is_empty() { Ok(graph) } else { Err(problems) }
    }

    fn edges(&self, id: &Id) -> Vec<Id> {
        self.nodes
            .get(id)
            .map(|n| n.parents.iter().chain(&n.depends_on).cloned().collect())
            .unwrap_or_default()
    }

    pub(super) fn order(&self, ids: &BTreeSet<Id>) -> Vec<Id> {
        let mut waiting: BTreeMap<Id, usize> = BTreeMap::new();
        let mut above: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for id in ids {
            let below: BTreeSet<Id> =
                self.edges(id).into_iter().filter(|p| ids.contains(p)).collect();
            waiting.insert(id.clone(), below.len());
            for parent in below {
                above.entry(parent).or_default().push(id.clone());
            }
        }
        let key = |id: &Id| Reverse((self.nodes.get(id).and_then(|n| n.created), id.clone()));
        let mut ready: BinaryHeap<_> =
            waiting.iter().filter(|(_, n)| **n == 0).map(|(id, _)| key(id)).collect();
        let mut order = Vec::new();
        while let Some(Reverse((_, id))) = ready.pop() {
            for child in above.remove(&id).unwrap_or_default() {
                if let Some(n) = waiting.get_mut(&child) {
                    *n -= 1;
                    if *n == 0 {
                        ready.push(key(&child));
                    }
                }
            }
            order.push(id);
        }
        order
    }

    pub(super) fn closure(&self, ids: impl IntoIterator<Item = Id>) -> BTreeSet<Id> {
        let mut stack: Vec<Id> = ids.into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = stack.pop() {
            if seen.insert(id.clone()) {
                stack.extend(self.edges(&id));
            }
        }
        seen
    }

    pub(super) fn tips(&self, ids: &BTreeSet<Id>) -> Vec<Id> {
        let below: BTreeSet<Id> = ids.iter().flat_map(|id| self.edges(id)).collect();
        self.order(&ids.difference(&below).cloned().collect())
    }

    fn line(&self, id: &Id) -> BTreeSet<Id> {
        let mut line = self.closure([id.clone()]);
        let mut stack = vec![id.clone()];
        while let Some(id) = stack.pop() {
            line.insert(id.clone());
            stack.extend(self.children(&id));
        }
        line
    }

    pub(super) fn one(&self, name: &str, context: &Names<'_>) -> Result<Vec<Id>, NameError> {
        let unknown = || NameError::Unknown { name: name.to_owned(), nearest: vec![] };
        if let Some((line, rest)) = name.split_once('@') {
            if line.is_empty() {
                return Err(unknown());
            }
            let members = self.line(self.one(line, context)?.first().ok_or_else(unknown)?);
            let heads: Vec<Id> = self.heads().into_iter().filter(|h| members.contains(h)).collect();
            return match rest {
                "head" if heads.len() > 1 => {
                    Err(NameError::SeveralHeads { name: name.to_owned(), heads })
                }
                "head" | "heads" => Ok(heads),
                "base" => Ok(vec![]),
                rest => self.one(rest, context),
            };
        }
        if let Some(at) = name.find(['+', '-']) {
            let n: usize = name[at + 1..].parse().map_err(|_| unknown())?;
            let mut now = match (&name[..at], context.state) {
                ("", Some(state)) => state.heads(),
                ("", None) => self.heads(),
                (start, _) => self.one(start, context)?,
            };
            for _ in 0..n {
                now = match name.as_bytes()[at] {
                    b'+' if now.is_empty() => self.bases(),
                    b'+' => self.children(&now[0]),
                    _ => now
                        .first()
                        .and_then(|id| self.nodes.get(id))
                        .map(|n| n.parents.clone())
                        .unwrap_or_default(),
                };
            }
            return Ok(now);
        }
        let mut heads = self.heads();
        if !context.lines.is_empty() {
            let mut members = BTreeSet::new();
            for line in context.lines {
                members.extend(self.labels.get(line).map(|id| self.line(id)).unwrap_or_default());
            }
            heads.retain(|head| members.contains(head));
        }
        match name {
            "head" if heads.len() > 1 => {
                return Err(NameError::SeveralHeads { name: name.to_owned(), heads });
            }
            "head" | "heads" => return Ok(heads),
            "base" => return Ok(vec![]),
            "current" => {
                return context
                    .state
                    .map(State::heads)
                    .ok_or_else(|| NameError::NeedsDatabase { name: name.to_owned() });
            }
            _ => {}
        }
        if self.nodes.contains_key(name) {
            return Ok(vec![Id::from(name)]);
        }
        if let Some(id) = self.labels.get(name) {
            return Ok(vec![id.clone()]);
        }
        if let Some(ids) = self.tags.get(name) {
            return Ok(ids.clone());
        }
        let found: Vec<Id> =
            self.nodes.keys().filter(|id| id.as_str().starts_with(name)).cloned().collect();
        match found.len() {
            0 => context
                .state
                .filter(|s| s.rows.contains_key(name))
                .map(|_| vec![Id::from(name)])
                .ok_or_else(unknown),
            1 => Ok(found),
            _ => Err(NameError::Ambiguous {
                name: name.to_owned(),
                reason: "several ids begin with it".to_owned(),
                candidates: found.iter().map(ToString::to_string).collect(),
            }),
        }
    }

    pub(super) fn make_plan(
        &self,
        state: &State,
        request: &Request,
        context: &Names<'_>,
    ) -> Result<Plan, PlanError> {
        let applied: BTreeSet<Id> = state.rows.keys().cloned().collect();
        let mut union = Graph {
            nodes: self.nodes.clone(),
            children: self.children.clone(),
            labels: self.labels.clone(),
            tags: self.tags.clone(),
        };
        for row in state.rows.values() {
            if !union.nodes.contains_key(&row.id) {
                for parent in &row.parents {
                    union.children.entry(parent.clone()).or_default().push(row.id.clone());
                }
                union.nodes.insert(
                    row.id.clone(),
                    Node {
                        id: row.id.clone(),
                        parents: row.parents.clone(),
                        depends_on: row.depends_on.clone(),
                        labels: vec![],
                        replaces: vec![],
                        created: None,
                        cost: 1,
                    },
                );
            }
        }
        let descendants = |roots: BTreeSet<Id>| -> BTreeSet<Id> {
            let mut found = roots;
            loop {
                let more: Vec<Id> = applied
                    .iter()
                    .filter(|id| {
                        !found.contains(*id) && union.edges(id).iter().any(|p| found.contains(p))
                    })
                    .cloned()
                    .collect();
                if more.is_empty() {
                    return found;
                }
                found.extend(more);
            }
        };
        let (down, up): (BTreeSet<Id>, BTreeSet<Id>) = match request {
            Request::Upgrade { targets, out_of_order } => {
                let wanted = union.closure(self.names(targets, context)?);
                let up: BTreeSet<Id> = wanted.difference(&applied).cloned().collect();
                let below = union.closure(applied.iter().cloned());
                let gaps: Vec<Id> = up.intersection(&below).cloned().collect();
                if !gaps.is_empty() && !out_of_order {
                    return Err(PlanError::OutOfOrder { gaps, above: state.heads() });
                }
                (BTreeSet::new(), up)
            }
            Request::Downgrade { targets } => {
                let names = union.names(targets, context)?;
                let roots: BTreeSet<Id> = if names.is_empty() {
                    applied.clone()
                } else {
                    names
                        .iter()
                        .flat_map(|id| union.children(id))
                        .filter(|id| applied.contains(id))
                        .collect()
                };
                if roots.is_empty() && !names.iter().all(|id| applied.contains(id)) {
                    return Err(PlanError::NotBelow {
                        target: targets.join(" "),
                        heads: state.heads(),
                    });
                }
                (descendants(roots), BTreeSet::new())
            }
            Request::Switch { targets } => {
                let wanted = union.closure(union.names(targets, context)?);
                let down = descendants(applied.difference(&wanted).cloned().collect());
                let stay: BTreeSet<Id> = applied.difference(&down).cloned().collect();
                (down, wanted.difference(&stay).cloned().collect())
            }
            Request::Stamp { targets, purge, only } => {
                let names = union.names(targets, context)?;
                let wanted = union.closure(names.iter().cloned());
                let goal = if *only {
                    names.iter().cloned().chain(applied.iter().cloned()).collect()
                } else if *purge {
                    wanted
                } else {
                    let above: BTreeSet<Id> = if names.is_empty() {
                        applied.clone()
                    } else {
                        descendants(names.into_iter().collect())
                    };
                    applied.difference(&above).cloned().chain(wanted).collect()
                };
                (
                    applied.difference(&goal).cloned().collect(),
                    goal.difference(&applied).cloned().collect(),
                )
            }
        };
        let mut steps = Vec::new();
        let mut downs = union.order(&down);
        downs.reverse();
        steps.extend(
            downs.into_iter().map(|revision| Step { direction: Direction::Down, revision }),
        );
        steps.extend(
            union
                .order(&up)
                .into_iter()
                .map(|revision| Step { direction: Direction::Up, revision }),
        );
        let after = applied.difference(&down).cloned().chain(up.iter().cloned()).collect();
        Ok(Plan {
            steps,
            moved: vec![],
            heads_before: union.tips(&applied),
            heads_after: union.tips(&after),
        })
    }

    pub(super) fn names(
        &self,
        names: &[String],
        context: &Names<'_>,
    ) -> Result<Vec<Id>, NameError> {
        let mut found = Vec::new();
        for name in names {
            for id in self.one(name, context)? {
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        Ok(found)
    }
}
