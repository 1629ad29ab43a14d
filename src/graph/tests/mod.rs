//! Graphs, states and commands written as short texts, and what must come of them.

mod build;
mod names;
mod plans;

use super::*;

/// A graph from lines of `id: parent parent; depends; label label`.
fn nodes(text: &str) -> Vec<Node> {
    let list = |text: Option<&str>| -> Vec<String> {
        text.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    };
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (id, rest) = line.split_once(':').unwrap();
            let mut parts = rest.split(';');
            Node {
                id: Id::from(id),
                parents: list(parts.next()).iter().map(Id::from).collect(),
                depends_on: list(parts.next()).iter().map(Id::from).collect(),
                labels: list(parts.next()),
                replaces: Vec::new(),
                created: None,
                cost: 1,
            }
        })
        .collect()
}

fn graph(text: &str) -> Graph {
    Graph::new(nodes(text), BTreeMap::new()).unwrap()
}

/// The state of a database whose rows' heads these are, applied in the order of plans.
fn state(graph: &Graph, heads: &str) -> State {
    let heads: Vec<Id> = heads.split_whitespace().map(Id::from).collect();
    State::assumed(graph, &heads).unwrap()
}

fn words(ids: &[Id]) -> String {
    ids.iter().map(Id::as_str).collect::<Vec<_>>().join(" ")
}

fn request(command: &str) -> Request {
    let mut words = command.split_whitespace();
    let verb = words.next().unwrap();
    let (flags, targets): (Vec<String>, Vec<String>) =
        words.map(str::to_owned).partition(|word| word.starts_with("--"));
    let has = |flag: &str| flags.iter().any(|given| given == flag);
    match verb {
        "upgrade" => Request::Upgrade { targets, out_of_order: has("--out-of-order") },
        "downgrade" => Request::Downgrade { targets },
        "switch" => Request::Switch { targets },
        "stamp" => Request::Stamp { targets, purge: has("--purge"), only: has("--only") },
        _ => panic!("{verb}"),
    }
}

/// Plans a command, and gives the steps and the heads after as `-n000 +a000 = m000`.
fn run(graph: &Graph, state: &State, command: &str) -> String {
    match graph.plan(state, &request(command), &Names::default()) {
        Ok(plan) => {
            let mut text: Vec<String> = plan
                .steps
                .iter()
                .map(|step| match step.direction {
                    Direction::Up => format!("+{}", step.revision),
                    Direction::Down => format!("-{}", step.revision),
                })
                .collect();
            text.extend(plan.moved.iter().map(|id| format!("~{id}")));
            format!("{} = {}", text.join(" "), words(&plan.heads_after)).trim().to_owned()
        }
        Err(error) => format!("error: {error}"),
    }
}

fn plan(graph: &Graph, rows: &str, command: &str) -> String {
    run(graph, &state(graph, rows), command)
}

const MERGE: &str = "
    a000:
    b000: a000
    c100: b000;; L
    d100: c100
    c200: b000;; R
    d200: c200
    m000: d100 d200
    n000: m000";

const ROOTS: &str = "
    a100:;; A
    a200: a100
    a300: a200
    b100:;; B
    b200: b100; a200
    b300: b200";
