//! What Alembic does with the same graphs, rows and names, by table; and what goes beyond it.

use super::*;

/// A graph from lines of `id: parent parent; depends; label label`.
pub(super) fn nodes(text: &str) -> Vec<Node> {
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

pub(super) fn graph(text: &str) -> Graph {
    Graph::new(nodes(text), BTreeMap::new()).unwrap()
}

/// The state of a database whose rows' heads these are, applied in the order of plans.
pub(super) fn state(graph: &Graph, heads: &str) -> State {
    let heads: Vec<Id> = heads.split_whitespace().map(Id::from).collect();
    State::assumed(graph, &heads).unwrap()
}

pub(super) fn words(ids: &[Id]) -> String {
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
pub(super) fn run(graph: &Graph, state: &State, command: &str) -> String {
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

#[test]
fn a_merge_is_walked_as_alembic_walks_it() {
    let graph = graph(MERGE);
    for (rows, command, expected) in [
        ("n000", "downgrade -1", "-n000 = m000"),
        ("m000", "downgrade d100", "-m000 = d100 d200"),
        ("m000", "downgrade c100", "-m000 -d100 = c100 d200"),
        ("n000", "downgrade L@b000", "-n000 -m000 -d100 -c100 = d200"),
        ("n000", "downgrade R@c200", "-n000 -m000 -d200 = c200 d100"),
        ("n000", "downgrade L@base", "-n000 -m000 -d200 -c200 -d100 -c100 -b000 -a000 ="),
        ("d100", "upgrade +1", "+c200 +d200 +m000 = m000"),
        ("d100", "upgrade R@+1", "+c200 = c200 d100"),
        ("b000", "upgrade L@head", "+c100 +d100 +c200 +d200 +m000 +n000 = n000"),
        // Beyond Alembic: a step down from a merge undoes the merge.
        ("m000", "downgrade -1", "-m000 = d100 d200"),
        ("m000", "downgrade L@-1", "-m000 = d100 d200"),
        ("n000", "downgrade -2", "-n000 -m000 = d100 d200"),
        ("m000", "downgrade m000-1", "-m000 = d100 d200"),
        ("n000", "upgrade b000", "= n000"),
        ("n000", "downgrade n000", "= n000"),
    ] {
        assert_eq!(plan(&graph, rows, command), expected, "{rows}: {command}");
    }
    for (rows, command) in [
        ("b000", "upgrade +1"),
        ("n000", "downgrade -3"),
        ("n000", "upgrade +1"),
        ("n000", "downgrade -9"),
        ("", "downgrade -1"),
        ("c100", "downgrade d100"),
        ("c100", "upgrade -1"),
        ("d100", "downgrade +1"),
        ("d100", "upgrade n000+9"),
        ("d100", "upgrade nope"),
    ] {
        assert!(plan(&graph, rows, command).starts_with("error"), "{rows}: {command}");
    }
}

#[test]
fn an_unmerged_fork_is_walked_as_alembic_walks_it() {
    let graph = graph("a000:\nc100: a000;; L\nc200: a000;; R\nd200: c200");
    let rows = "c100 d200";
    for (command, expected) in [
        ("downgrade L@-1", "-c100 = d200"),
        ("downgrade R@-2", "-d200 -c200 = c100"),
        ("downgrade L@a000", "-c100 = d200"),
        ("downgrade a000", "-d200 -c200 -c100 = a000"),
        ("downgrade L@base", "-d200 -c200 -c100 -a000 ="),
        ("stamp L@base", "-c100 = d200"),
        ("stamp L", "= c100 d200"),
        ("downgrade R@-3", "-d200 -c200 -c100 -a000 ="),
    ] {
        assert_eq!(plan(&graph, rows, command), expected, "{command}");
    }
    for command in ["downgrade -1", "downgrade head", "upgrade head", "stamp head", "switch head"] {
        assert!(plan(&graph, rows, command).starts_with("error"), "{command}");
    }
}

const ROOTS: &str = "
    a100:;; A
    a200: a100
    a300: a200
    b100:;; B
    b200: b100; a200
    b300: b200";

#[test]
fn dependencies_are_walked_as_alembic_walks_them() {
    let graph = graph(ROOTS);
    for (rows, command, expected) in [
        ("", "upgrade B@head", "+a100 +a200 +b100 +b200 +b300 = b300"),
        ("", "upgrade heads", "+a100 +a200 +a300 +b100 +b200 +b300 = a300 b300"),
        ("b300", "downgrade b100", "-b300 -b200 = a200 b100"),
        ("b300", "downgrade B@base", "-b300 -b200 -b100 = a200"),
        ("b300", "downgrade A@base", "-b300 -b200 -a200 -a100 = b100"),
        ("b300", "downgrade a100", "-b300 -b200 -a200 = a100 b100"),
        ("b300 a300", "downgrade a200", "-a300 = b300"),
        ("b300 a300", "downgrade A@base", "-b300 -b200 -a300 -a200 -a100 = b100"),
        ("b300", "downgrade A@-1", "-b300 -b200 -a200 = a100 b100"),
    ] {
        assert_eq!(plan(&graph, rows, command), expected, "{rows}: {command}");
    }
    assert!(plan(&graph, "", "upgrade head").starts_with("error"));
    assert!(plan(&graph, "b300", "downgrade a200").starts_with("error"));
}

#[test]
fn a_head_that_is_depended_on_is_a_head_but_no_row() {
    let graph = graph("a100:;; A\na200: a100\nb100:; a200; B");
    assert_eq!(words(&graph.heads()), "a200 b100");
    assert_eq!(plan(&graph, "", "upgrade heads"), "+a100 +a200 +b100 = b100");
    assert_eq!(plan(&graph, "b100", "downgrade B@base"), "-b100 = a200");
    assert_eq!(plan(&graph, "b100", "downgrade A@base"), "-b100 -a200 -a100 =");
}
