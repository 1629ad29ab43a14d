//! Squashes: what a database runs that has none, some or all of the revisions that one replaces.

use std::collections::BTreeMap;

use revdag::internals::graph::{
    AppliedNode, Graph, Names, Node, Plan, PlanError, Problem, ReplacedNode, Request, State,
};
use revdag::model::{Direction, Id};

fn ids(text: &str) -> Vec<Id> {
    text.split_whitespace().map(Id::from).collect()
}

fn node(id: &str, parents: &str) -> Node {
    Node {
        id: Id::from(id),
        parents: ids(parents),
        depends_on: Vec::new(),
        labels: Vec::new(),
        replaces: Vec::new(),
        created: None,
        cost: 1,
    }
}

/// A squash of revisions given as `id: parents, id: parents`.
fn squash(id: &str, parents: &str, replaces: &str) -> Node {
    let replaces = replaces.split(',').map(|one| {
        let (id, parents) = one.split_once(':').unwrap();
        ReplacedNode { id: Id::from(id.trim()), parents: ids(parents), depends_on: Vec::new() }
    });
    Node { replaces: replaces.collect(), ..node(id, parents) }
}

/// `a-b-c-d-e`, with a squash of b, c and d; the files of the revisions named are gone.
fn line(gone: &str) -> Graph {
    let gone = ids(gone);
    let mut nodes = vec![
        node("a", ""),
        node("b", "a"),
        node("c", "b"),
        node("d", "c"),
        node("e", "d"),
        squash("bcd", "a", "b: a, c: b, d: c"),
    ];
    nodes.retain(|node| !gone.contains(&node.id));
    graph(nodes)
}

fn graph(nodes: Vec<Node>) -> Graph {
    Graph::new(nodes, BTreeMap::new()).unwrap()
}

fn problems(nodes: Vec<Node>) -> String {
    let problems: Vec<Problem> = Graph::new(nodes, BTreeMap::new()).unwrap_err();
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; ")
}

/// A database's rows, given as `id: parents, id: parents` in the order in which they were applied.
fn state(graph: &Graph, rows: &str) -> State {
    let rows = rows.split(',').filter(|row| !row.trim().is_empty()).zip(1..);
    let applied = rows.map(|(row, seq)| {
        let (id, parents) = row.split_once(':').unwrap_or((row, ""));
        AppliedNode { id: Id::from(id.trim()), seq, parents: ids(parents), depends_on: Vec::new() }
    });
    State::new(graph, applied.collect())
}

const ORIGINALS: &str = "a, b: a, c: b, d: c";
const SQUASHED: &str = "a, bcd: a";

fn request(command: &str) -> Request {
    let (verb, targets) = command.split_once(' ').unwrap();
    let targets = targets.split_whitespace().map(str::to_owned).collect();
    match verb {
        "upgrade" => Request::Upgrade { targets, out_of_order: false },
        "downgrade" => Request::Downgrade { targets },
        "switch" => Request::Switch { targets },
        "stamp" => Request::Stamp { targets, purge: false, only: false },
        _ => panic!("{verb}"),
    }
}

fn plan(graph: &Graph, rows: &str, command: &str) -> Result<Plan, PlanError> {
    graph.plan(&state(graph, rows), &request(command), &Names::default())
}

/// The steps as `-e +bcd`.
fn steps(graph: &Graph, rows: &str, command: &str) -> String {
    let plan = plan(graph, rows, command).unwrap();
    let step = |direction, id: &Id| match direction {
        Direction::Up => format!("+{id}"),
        Direction::Down => format!("-{id}"),
    };
    let mut words: Vec<String> =
        plan.steps.iter().map(|one| step(one.direction, &one.revision)).collect();
    words.extend(plan.moved.iter().map(|id| format!("~{id}")));
    words.join(" ")
}

fn text(ids: Vec<Id>) -> String {
    ids.iter().map(Id::as_str).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_database_with_none_of_the_revisions_takes_the_squash() {
    for gone in ["", "b c d", "c"] {
        let graph = line(gone);
        assert_eq!(steps(&graph, "", "upgrade e"), "+a +bcd +e", "gone: {gone}");
        assert_eq!(steps(&graph, "a", "upgrade head"), "+bcd +e", "gone: {gone}");
        assert_eq!(steps(&graph, "a", "upgrade d"), "+bcd", "gone: {gone}");
        assert_eq!(steps(&graph, "a", "upgrade bcd"), "+bcd", "gone: {gone}");
        assert_eq!(steps(&graph, "a", "switch e"), "+bcd +e", "gone: {gone}");
        assert_eq!(steps(&graph, "a", "stamp e"), "+bcd +e", "gone: {gone}");
    }
}

#[test]
fn a_database_with_all_of_the_revisions_has_the_squash() {
    for gone in ["", "b c d"] {
        let graph = line(gone);
        for command in ["upgrade bcd", "upgrade d", "switch bcd", "stamp bcd", "downgrade bcd"] {
            assert_eq!(steps(&graph, ORIGINALS, command), "", "{command}, gone: {gone}");
        }
        let state = state(&graph, ORIGINALS);
        assert!(state.is_applied(&graph, &Id::from("bcd")));
        assert_eq!(text(state.heads()), "d");
        assert_eq!(text(state.pending(&graph, &[])), "e");
        assert_eq!(text(state.unknown(&graph)), "");
        assert_eq!(steps(&graph, ORIGINALS, "upgrade e"), "+e");
    }
}

#[test]
fn a_database_with_the_squash_has_all_of_the_revisions() {
    for gone in ["", "b c d"] {
        let graph = line(gone);
        for command in ["upgrade bcd", "upgrade d", "switch d", "stamp d", "downgrade d"] {
            assert_eq!(steps(&graph, SQUASHED, command), "", "{command}, gone: {gone}");
        }
        let state = state(&graph, SQUASHED);
        for id in ["b", "c", "d", "bcd"] {
            assert!(state.is_applied(&graph, &Id::from(id)), "{id}");
        }
        assert_eq!(text(state.heads()), "bcd");
        assert_eq!(text(state.missing(&graph)), "");
        assert_eq!(text(state.pending(&graph, &[])), "e");
    }
}

#[test]
fn a_database_with_some_of_the_revisions_walks_the_others() {
    let graph = line("");
    assert_eq!(steps(&graph, "a, b: a", "upgrade e"), "+c +d +e");
    assert_eq!(steps(&graph, "a, b: a", "switch e"), "+c +d +e");
    let graph = line("b c d");
    for command in ["upgrade e", "switch e", "upgrade bcd"] {
        assert_eq!(
            plan(&graph, "a, b: a", command),
            Err(PlanError::FileGone { revision: Id::from("c"), squash: Id::from("bcd") }),
            "{command}"
        );
    }
}

#[test]
fn downs_run_what_the_rows_say() {
    for gone in ["", "b c d"] {
        let graph = line(gone);
        let originals = "a, b: a, c: b, d: c, e: d";
        let squashed = "a, bcd: a, e: d";
        for command in ["downgrade a", "switch a", "stamp a"] {
            assert_eq!(steps(&graph, originals, command), "-e -d -c -b", "{command}");
            assert_eq!(steps(&graph, squashed, command), "-e -bcd", "{command}");
        }
        assert_eq!(steps(&graph, originals, "downgrade -2"), "-e -d");
        assert_eq!(steps(&graph, squashed, "downgrade -2"), "-e -bcd");
        assert_eq!(steps(&graph, originals, "downgrade d"), "-e");
        assert_eq!(steps(&graph, originals, "downgrade bcd"), "-e");
        assert_eq!(steps(&graph, squashed, "downgrade d"), "-e");
        assert_eq!(steps(&graph, squashed, "downgrade base"), "-e -bcd -a");
        // Inside, only a database that ran the revisions can stop.
        assert_eq!(steps(&graph, originals, "downgrade c"), "-e -d");
    }
}

#[test]
fn a_target_inside_a_squash_that_was_run_is_an_error_that_names_it() {
    for gone in ["", "b c d"] {
        let graph = line(gone);
        for rows in [SQUASHED, "a, bcd: a, e: d"] {
            for command in ["upgrade c", "downgrade b", "switch c", "stamp b"] {
                assert!(
                    matches!(
                        plan(&graph, rows, command),
                        Err(PlanError::InsideSquash { squash, .. }) if squash == Id::from("bcd")
                    ),
                    "{command}: {:?}",
                    plan(&graph, rows, command)
                );
            }
        }
    }
}

#[test]
fn a_target_inside_the_range_runs_the_revisions_themselves() {
    let graph = line("");
    assert_eq!(steps(&graph, "a", "upgrade c"), "+b +c");
    assert_eq!(steps(&graph, ORIGINALS, "switch b"), "-d -c");
    assert_eq!(
        plan(&line("b c d"), "a", "upgrade c"),
        Err(PlanError::FileGone { revision: Id::from("b"), squash: Id::from("bcd") })
    );
}

#[test]
fn the_cheaper_way_is_taken_and_the_squash_if_they_cost_the_same() {
    let with = |cost| {
        let mut squash = squash("bc", "a", "b: a, c: b");
        squash.cost = cost;
        graph(vec![node("a", ""), node("b", "a"), node("c", "b"), squash])
    };
    assert_eq!(steps(&with(1), "", "upgrade c"), "+a +bc");
    assert_eq!(steps(&with(2), "", "upgrade c"), "+a +bc");
    assert_eq!(steps(&with(3), "", "upgrade c"), "+a +b +c");
}

#[test]
fn squashes_nest() {
    let nodes = |gone: &str| {
        let gone = ids(gone);
        let mut nodes = vec![
            node("a", ""),
            node("b", "a"),
            node("c", "b"),
            node("d", "c"),
            squash("bc", "a", "b: a, c: b"),
            // The larger one names the smaller, whose own revisions are then meant.
            squash("abcd", "", "a: , bc: a, d: bc"),
            node("e", "abcd"),
        ];
        nodes.retain(|node| !gone.contains(&node.id));
        graph(nodes)
    };
    for gone in ["", "a b c d"] {
        let graph = nodes(gone);
        assert_eq!(steps(&graph, "", "upgrade e"), "+abcd +e");
        assert_eq!(steps(&graph, "a, b: a, c: b, d: c", "upgrade e"), "+e");
        assert_eq!(steps(&graph, "a, bc: a, d: bc", "upgrade e"), "+e");
        assert_eq!(steps(&graph, "a, bc: a, d: bc", "downgrade a"), "-d -bc");
        assert_eq!(text(graph.heads()), "e");
    }
    assert_eq!(steps(&nodes(""), "a", "upgrade e"), "+bc +d +e");
    assert_eq!(steps(&nodes(""), "a, b: a", "upgrade e"), "+c +d +e");
    assert_eq!(
        plan(&nodes("a b c d"), "a", "upgrade e"),
        Err(PlanError::FileGone { revision: Id::from("d"), squash: Id::from("abcd") })
    );
}

#[test]
fn the_graph_shows_the_squash_in_place_of_what_is_gone() {
    let graph = line("b c d");
    assert_eq!(text(graph.ordered()), "a bcd e");
    assert_eq!(text(graph.children(&Id::from("a"))), "bcd");
    assert_eq!(text(graph.children(&Id::from("bcd"))), "e");
    assert_eq!(text(graph.parents(&Id::from("e"))), "bcd");
    assert_eq!(graph.len(), 3);
    for (name, id) in [("b", "bcd"), ("d", "bcd"), ("bcd", "bcd"), ("e-1", "bcd"), ("a+1", "bcd")] {
        let resolved = graph.resolve(&[name.to_owned()], &Names::default()).unwrap();
        assert_eq!(text(resolved), id, "{name}");
    }
    assert_eq!(text(graph.range("a:e", &Names::default()).unwrap()), "e bcd a");

    let graph = line("");
    assert_eq!(text(graph.heads()), "e");
    assert_eq!(text(graph.branch_points()), "");
    assert_eq!(text(graph.bases()), "a");
    assert_eq!(text(graph.ordered()), "a b c d bcd e");
    let names = |name: &str| graph.resolve(&[name.to_owned()], &Names::default()).unwrap();
    assert_eq!(text(names("b")), "b");
    assert_eq!(text(names("bcd+1")), "e");
    assert_eq!(text(names("bcd-1")), "a");
}

#[test]
fn a_row_that_names_the_squash_is_not_moved_by_it() {
    let graph = line("");
    let state = state(&graph, "a, b: a, c: b, d: c, e: bcd");
    assert_eq!(text(state.moved(&graph)), "");
    assert_eq!(text(state.heads()), "e");
    assert_eq!(steps(&graph, "a, bcd: a, e: d", "switch heads"), "");
}

#[test]
fn a_squash_may_carry_the_labels_of_what_it_replaces() {
    let mut nodes = vec![
        node("a", ""),
        Node { labels: vec!["billing".to_owned()], ..node("b", "a") },
        node("c", "b"),
        Node { labels: vec!["billing".to_owned()], ..squash("bc", "a", "b: a, c: b") },
    ];
    let both = graph(nodes.clone());
    assert_eq!(steps(&both, "", "upgrade billing@head"), "+a +bc");
    nodes.retain(|node| !["b", "c"].contains(&node.id.as_str()));
    let squashed = graph(nodes);
    assert_eq!(steps(&squashed, "", "upgrade billing"), "+a +bc");
    assert_eq!(squashed.labels(&Id::from("bc")), ["billing"]);
}

#[test]
fn what_is_no_stretch_of_the_graph_cannot_be_squashed() {
    let fork = |squash: Node| {
        vec![
            node("a", ""),
            node("b", "a"),
            node("c", "a"),
            node("d", "b c"),
            node("e", "c"),
            squash,
        ]
    };
    for (squash, expected) in [
        (squash("s", "a", "b: a, c: a"), "without a single first and a single last"),
        (squash("s", "a", "c: a, d: b c"), "second entry: d depends on b"),
        (squash("s", "", "a: , b: a, c: a, d: b c"), "second exit: e depends on c"),
        (squash("s", "", "b: a"), "does not depend on what b"),
        (squash("s", "a", "b: a, s: b"), "replaces itself"),
        (squash("s", "a", "b: nowhere"), ""),
        (squash("s", "a", "x: nowhere, y: x"), "no revision nowhere, which x has as its parent"),
    ] {
        if expected.is_empty() {
            // The file of b knows better than the squash.
            assert!(Graph::new(fork(squash), BTreeMap::new()).is_ok());
        } else {
            let problems = problems(fork(squash));
            assert!(problems.contains(expected), "{problems}");
        }
    }
}

#[test]
fn squashes_must_not_overlap() {
    let base = vec![node("a", ""), node("b", "a"), node("c", "b")];
    let with = |more: [Node; 2]| [base.clone(), more.to_vec()].concat();
    let text = problems(with([squash("ab", "", "a: , b: a"), squash("bc", "a", "b: a, c: b")]));
    assert!(text.contains("overlap"), "{text}");
    let text = problems(with([squash("one", "", "a: , b: a"), squash("two", "", "a: , b: a")]));
    assert!(text.contains("overlap"), "{text}");
    let text = problems(with([squash("x", "", "a: , y: a"), squash("y", "", "x: ")]));
    assert!(text.contains("replaces itself"), "{text}");
}
