//! Building, problems, labels and order.

use super::*;

#[test]
fn labels_spread_as_alembic_spreads_them() {
    let labels = |graph: &Graph, id: &str| graph.labels(&Id::from(id)).join(" ");
    // Down a single line, and up everywhere.
    let line = graph("a:\nb: a\nc: b;; L\nd: c");
    for id in ["a", "b", "c", "d"] {
        assert_eq!(labels(&line, id), "L", "{id}");
    }
    let merge = graph(MERGE);
    for (id, expected) in
        [("a000", ""), ("b000", ""), ("c100", "L"), ("d100", "L"), ("m000", "L R"), ("n000", "L R")]
    {
        assert_eq!(labels(&merge, id), expected, "{id}");
    }
}

#[test]
fn the_order_follows_lines_and_then_time_and_id() {
    let mut all = nodes("x:\na1: x\na2: a1\nb1: x\nb2: b1\nm: a2 b2\ny:\nz: y");
    let order =
        |nodes: &[Node]| words(&Graph::new(nodes.to_vec(), BTreeMap::new()).unwrap().ordered());
    assert_eq!(order(&all), "x a1 a2 b1 b2 m y z");
    all.reverse();
    assert_eq!(order(&all), "x a1 a2 b1 b2 m y z");
    for node in &mut all {
        node.created = match node.id.as_str() {
            "x" => Some(5),
            "b1" => Some(6),
            "a1" => Some(7),
            "y" => None,
            _ => Some(8),
        };
    }
    assert_eq!(order(&all), "y z x b1 b2 a1 a2 m");
}

#[test]
fn every_problem_is_reported_at_once() {
    let mut all = nodes(
        "a:
         b: nowhere
         c: b; nothing
         d: e
         e: f
         f: d
         g: g
         h: a;; a
         i: a;; twin
         j: a;; twin
         k: a;; head bad-label
         heads: a
         bad-id: a
         l: m
         m: a; l",
    );
    all.push(all[0].clone());
    let tags = BTreeMap::from([
        ("v1".to_owned(), vec![Id::from("zz")]),
        ("a".to_owned(), vec![Id::from("a")]),
        ("twin".to_owned(), vec![]),
        ("v 1".to_owned(), vec![]),
    ]);
    let problems = Graph::new(all, tags).unwrap_err();
    let mut text: Vec<String> = problems.iter().map(Problem::to_string).collect();
    text.sort();
    assert_eq!(
        text,
        [
            "\"bad-id\" cannot be an id",
            "\"heads\" is a reserved word and cannot be an id",
            "a cycle: d depends on e depends on f depends on d",
            "a cycle: l depends on m depends on l",
            "g depends on itself",
            "the label \"a\" is also the id of a revision",
            "the label \"bad-label\" is not a name",
            "the label \"head\" is a reserved word",
            "the label \"twin\" is also given by i",
            "the tag \"a\" is also the id of a revision",
            "the tag \"twin\" is also a label",
            "the tag \"v 1\" is not a name",
            "the tag \"v1\" names zz, which is not a revision",
            "there is another revision a",
            "there is no revision nowhere, which b has as its parent",
            "there is no revision or label nothing, on which c depends",
        ]
    );
}

#[test]
fn a_dependency_may_be_a_label_and_means_the_revision_that_declares_it() {
    let graph = graph("a:\nb: a;; L\nc: b\nx:; L");
    assert_eq!(words(&graph.depends_on(&Id::from("x"))), "b");
    assert_eq!(plan(&graph, "", "upgrade x"), "+a +b +x = x");
}

#[test]
fn an_empty_graph_is_no_trouble() {
    let graph = graph("");
    assert!(graph.is_empty());
    assert_eq!(plan(&graph, "", "upgrade heads"), "=");
    assert_eq!(plan(&graph, "", "upgrade head"), "=");
    assert_eq!(plan(&graph, "", "downgrade base"), "=");
    assert_eq!(plan(&graph, "", "switch heads"), "=");
    assert!(plan(&graph, "", "upgrade +1").starts_with("error"));
    assert!(graph.resolve(&["-1".to_owned()], &Names::default()).unwrap().is_empty());
}

/// A line as long as this would overflow the stack of anything that calls itself for each revision.
#[test]
fn a_long_line_needs_no_deep_stack() {
    let size = 100_000;
    let id = |n: usize| Id::from(format!("r{n:06}"));
    let mut nodes: Vec<Node> = (0..size)
        .map(|n| Node {
            id: id(n),
            parents: if n == 0 { Vec::new() } else { vec![id(n - 1)] },
            depends_on: Vec::new(),
            labels: if n == size / 2 { vec!["L".to_owned()] } else { Vec::new() },
            replaces: Vec::new(),
            created: None,
            cost: 1,
        })
        .collect();
    let graph = Graph::new(nodes.clone(), BTreeMap::new()).unwrap();
    let top = State::assumed(&graph, &graph.heads()).unwrap();
    for (state, command, steps) in [
        (&State::new(&graph, Vec::new()), "upgrade head", size),
        (&top, "downgrade base", size),
        (&top, "switch r000000", size - 1),
        (&top, "downgrade -99999", size - 1),
        (&top, "stamp base", size),
    ] {
        let plan = graph.plan(state, &request(command), &Names::default()).unwrap();
        assert_eq!(plan.steps.len(), steps, "{command}");
    }
    assert_eq!(graph.range(":L@head", &Names::default()).unwrap().len(), size);
    nodes[0].parents = vec![id(size - 1)];
    let problems = Graph::new(nodes, BTreeMap::new()).unwrap_err();
    assert_eq!(problems[0].revisions.len(), size);
}
