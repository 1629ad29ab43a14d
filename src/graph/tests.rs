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

fn resolve(graph: &Graph, name: &str) -> String {
    resolve_with(graph, name, &Names::default())
}

fn resolve_with(graph: &Graph, name: &str, context: &Names<'_>) -> String {
    match graph.resolve(&[name.to_owned()], context) {
        Ok(ids) => words(&ids),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn every_form_of_name_resolves() {
    let tags = BTreeMap::from([
        ("v1.0".to_owned(), vec![Id::from("c100"), Id::from("c200")]),
        ("v2.0".to_owned(), vec![Id::from("m000")]),
    ]);
    let graph = Graph::new(nodes(MERGE), tags).unwrap();
    for (name, expected) in [
        ("c100", "c100"),
        ("m", "m000"),
        ("n0", "n000"),
        ("L", "c100"),
        ("v1.0", "c100 c200"),
        ("head", "n000"),
        ("heads", "n000"),
        ("base", ""),
        ("L@head", "n000"),
        ("L@heads", "n000"),
        ("L@base", ""),
        ("L@d100", "d100"),
        ("L@d", "d100"),
        ("L@a000", "a000"),
        ("d200@head", "n000"),
        ("L@c1", "c100"),
        ("c200@c", "c200"),
        ("head-1", "m000"),
        ("-1", "m000"),
        ("-2", "d100 d200"),
        ("L@-1", "m000"),
        ("m000-1", "d100 d200"),
        ("c100-1", "b000"),
        ("a000-1", ""),
        ("base+2", "b000"),
        ("c100+2", "m000"),
        ("L@b000+1", "c100"),
        ("L@base+3", "c100"),
        ("R@b000+2", "d200"),
        ("v2.0+1", "n000"),
        ("v2.0@head", "n000"),
        ("L+1", "d100"),
        ("c100+0", "c100"),
    ] {
        assert_eq!(resolve(&graph, name), expected, "{name}");
    }
    for (name, expected) in [
        ("c", "\"c\" is ambiguous: 2 names begin so"),
        ("x1", "there is no revision \"x1\""),
        ("L@d200", "revision d200 is not on the line \"L\""),
        ("L@v1.0", "revision c200 is not on the line \"L\""),
        ("Q@head", "there is no revision \"Q\""),
        ("b000+1", "\"b000+1\" is ambiguous: the way up forks"),
        ("-3", "\"-3\" is ambiguous: a merge lies on the way"),
        ("+1", "\"+1\" walks past the end: nothing stands on n000"),
        ("m000+2", "\"m000+2\" walks past the end: nothing stands on n000"),
        ("a000-2", "\"a000-2\" walks past the end: nothing is below the base"),
        ("v1.0-1", "\"v1.0-1\" is ambiguous: it starts from several"),
        ("current", "\"current\" needs a database to start from"),
        ("@{1}", "\"@{1}\" needs a database to start from"),
    ] {
        assert_eq!(resolve(&graph, name), format!("error: {expected}"), "{name}");
    }
    let unknown = graph.resolve(&["c10O".to_owned()], &Names::default()).unwrap_err();
    let NameError::Unknown { nearest, .. } = unknown else { panic!("{unknown}") };
    assert_eq!(nearest, ["c100"]);
}

#[test]
fn several_names_give_each_revision_once() {
    let graph = graph(MERGE);
    let names = ["L", "c100", "head", "base", "d"].map(str::to_owned);
    let error = graph.resolve(&names, &Names::default()).unwrap_err();
    assert!(matches!(error, NameError::Ambiguous { .. }));
    assert_eq!(words(&graph.resolve(&names[..4], &Names::default()).unwrap()), "c100 n000");
}

#[test]
fn an_exact_name_beats_a_prefix() {
    let graph = graph("ab:\nabc: ab\nabcd: abc;; x\nxy: abcd");
    assert_eq!(resolve(&graph, "ab"), "ab");
    assert_eq!(resolve(&graph, "abc"), "abc");
    assert_eq!(resolve(&graph, "x"), "abcd");
    assert!(resolve(&graph, "a").starts_with("error"));
}

#[test]
fn names_of_the_database_need_it() {
    let graph = graph("a:\nb: a\nc: b\nd: b");
    let state = state(&graph, "c");
    let journal = |runs: usize| match runs {
        0 => Some(vec![Id::from("c")]),
        1 => Some(vec![Id::from("b")]),
        2 => Some(Vec::new()),
        3 => Some(vec![Id::from("gone")]),
        _ => None,
    };
    let context = Names { state: Some(&state), lines: &[], journal: Some(&journal) };
    for (name, expected) in [
        ("current", "c"),
        ("current-1", "b"),
        ("@{1}", "b"),
        ("@{1}-1", "a"),
        ("@{2}", ""),
        ("d@current", ""),
        ("c@current", "c"),
    ] {
        assert_eq!(resolve_with(&graph, name, &context), expected, "{name}");
    }
    assert!(resolve_with(&graph, "@{3}", &context).contains("no revision \"gone\""));
    assert!(resolve_with(&graph, "@{4}", &context).contains("past the end"));
    // Plans know the state they start from.
    assert_eq!(run(&graph, &state, "switch current-1"), "-c = b");
    assert_eq!(run(&graph, &state, "switch -1"), "-c = b");
    assert_eq!(run(&graph, &state, "stamp -1"), "-c = b");
    assert_eq!(run(&graph, &state, "switch d"), "-c +d = d");
    assert!(run(&graph, &state, "switch head").starts_with("error"));
}

#[test]
fn lines_narrow_what_heads_are() {
    let graph = graph("a:\nb: a;; billing\nc: b\nd: a;; users\nx:;; other");
    let lines = ["billing".to_owned()];
    let context = Names { lines: &lines, ..Names::default() };
    assert_eq!(resolve_with(&graph, "head", &context), "c");
    assert_eq!(resolve_with(&graph, "heads", &context), "c");
    assert_eq!(resolve_with(&graph, "-1", &context), "b");
    assert_eq!(resolve_with(&graph, "users@head", &context), "d");
    assert_eq!(words(&state(&graph, "").pending(&graph, &lines)), "a b c");
    let two = ["billing".to_owned(), "users".to_owned()];
    let context = Names { lines: &two, ..Names::default() };
    assert_eq!(resolve_with(&graph, "heads", &context), "c d");
    assert!(resolve_with(&graph, "head", &context).starts_with("error"));
    let unknown = ["nowhere".to_owned()];
    let context = Names { lines: &unknown, ..Names::default() };
    assert!(resolve_with(&graph, "heads", &context).contains("no revision \"nowhere\""));
    assert_eq!(words(&state(&graph, "c").pending(&graph, &unknown)), "");
}

#[test]
fn ranges_hold_both_ends_and_what_lies_between() {
    let graph = graph(MERGE);
    let range = |text: &str| match graph.range(text, &Names::default()) {
        Ok(ids) => words(&ids),
        Err(error) => format!("error: {error}"),
    };
    for (text, expected) in [
        ("b000:d100", "d100 c100 b000"),
        (":c100", "c100 b000 a000"),
        ("c100", "c100 b000 a000"),
        ("d200:", "n000 m000 d200"),
        ("b000:m000", "m000 d200 c200 d100 c100 b000"),
        ("-1:", "n000 m000"),
        ("-2:d100", "d100 c100 b000"),
        ("a000:+1", "b000 a000"),
        ("base:b000", "b000 a000"),
        ("L@base:d100", "d100 c100 b000 a000"),
    ] {
        assert_eq!(range(text), expected, "{text}");
    }
    for text in [":", "a:b:c", "d100:b000", "c100:c200", "x:", "-9:b000"] {
        assert!(range(text).starts_with("error"), "{text}: {}", range(text));
    }
    // A label's line is shown without what it depends on, a range up to it with that.
    let roots = graph_of_roots();
    let range = |text: &str| words(&roots.range(text, &Names::default()).unwrap());
    assert_eq!(range("B@base:"), "b300 b200 b100");
    assert_eq!(range(":B@head"), "b300 b200 b100 a200 a100");
    assert_eq!(range("a100:"), "a300 a200 a100");
    assert_eq!(range("a100:b200"), "b200 a200 a100");
    assert_eq!(split_range("a:b"), Some(("a", "b")));
    assert_eq!(split_range("ab"), None);
}

fn graph_of_roots() -> Graph {
    graph(ROOTS)
}

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
fn stamps_set_rows_and_run_nothing() {
    let graph = graph(MERGE);
    for (rows, command, expected) in [
        ("n000", "stamp b000", "-n000 -m000 -d200 -c200 -d100 -c100 = b000"),
        ("d100 c200", "stamp head", "+d200 +m000 +n000 = n000"),
        ("d100 d200", "stamp L@base", "-d100 -c100 = d200"),
        ("d200", "stamp L", "+c100 = c100 d200"),
        ("", "stamp heads", "+a000 +b000 +c100 +d100 +c200 +d200 +m000 +n000 = n000"),
        ("b000", "stamp d100 d200", "+c100 +d100 +c200 +d200 = d100 d200"),
        // Where Alembic dies.
        ("n000", "stamp d100 d200", "-n000 -m000 = d100 d200"),
        ("n000", "stamp base", "-n000 -m000 -d200 -c200 -d100 -c100 -b000 -a000 ="),
        ("n000", "stamp --purge c100", "-n000 -m000 -d200 -c200 -d100 = c100"),
        ("", "stamp --only c100", "+c100 = c100"),
        ("d100", "stamp --only b000", "= d100"),
        ("n000", "stamp d100", "-n000 -m000 = d100 d200"),
    ] {
        assert_eq!(plan(&graph, rows, command), expected, "{rows}: {command}");
    }
    assert!(plan(&graph, "", "stamp --only base").starts_with("error"));
    assert!(plan(&graph, "", "stamp --only --purge d100").starts_with("error"));
}

fn row(id: &str, seq: i64, parents: &str) -> AppliedNode {
    AppliedNode {
        id: Id::from(id),
        seq,
        parents: parents.split_whitespace().map(Id::from).collect(),
        depends_on: Vec::new(),
    }
}

#[test]
fn a_gap_is_seen_and_run_only_when_asked() {
    let graph = graph("a:\nb: a\nc: b\nd: c");
    let state = State::new(&graph, vec![row("a", 1, ""), row("c", 2, "b")]);
    assert_eq!(words(&state.heads()), "c");
    assert_eq!(words(&state.missing(&graph)), "b");
    assert_eq!(words(&state.pending(&graph, &[])), "b d");
    assert_eq!(
        graph.plan(&state, &request("upgrade d"), &Names::default()),
        Err(PlanError::OutOfOrder { gaps: vec![Id::from("b")], above: vec![Id::from("c")] })
    );
    assert_eq!(run(&graph, &state, "upgrade --out-of-order d"), "+b +d = d");
    assert_eq!(run(&graph, &state, "upgrade a"), "= c");
    assert_eq!(run(&graph, &state, "switch d"), "-c +b +c +d = d");
    assert_eq!(run(&graph, &state, "switch a"), "-c = a");
    assert_eq!(run(&graph, &state, "downgrade -1"), "-c = a");
    // What is missing counts for nothing on the way down.
    assert_eq!(run(&graph, &state, "downgrade -2"), "-c -a =");
    assert_eq!(run(&graph, &state, "stamp --only b"), "+b = c");
    assert_eq!(run(&graph, &state, "downgrade base"), "-c -a =");
}

#[test]
fn a_database_may_be_ahead_of_the_files() {
    let graph = graph("a:\nb: a\nc: a");
    let rows = vec![row("a", 1, ""), row("b", 2, "a"), row("x", 3, "b"), row("y", 4, "x")];
    let state = State::new(&graph, rows);
    assert_eq!(words(&state.heads()), "y");
    assert_eq!(words(&state.unknown(&graph)), "x y");
    assert!(state.is_applied(&graph, &Id::from("x")));
    assert!(!state.is_applied(&graph, &Id::from("c")));
    assert_eq!(run(&graph, &state, "upgrade b"), "= y");
    assert_eq!(run(&graph, &state, "upgrade heads"), "+c = c y");
    assert_eq!(run(&graph, &state, "downgrade b"), "-y -x = b");
    assert_eq!(run(&graph, &state, "downgrade -1"), "-y = x");
    assert_eq!(run(&graph, &state, "downgrade -3"), "-y -x -b = a");
    assert_eq!(run(&graph, &state, "downgrade base"), "-y -x -b -a =");
    assert_eq!(run(&graph, &state, "switch c"), "-y -x -b +c = c");
    assert_eq!(run(&graph, &state, "switch current"), "= y");
    assert_eq!(run(&graph, &state, "stamp b"), "-y -x = b");
    assert_eq!(run(&graph, &state, "stamp --purge c"), "-y -x -b +c = c");
    assert!(run(&graph, &state, "upgrade +1").starts_with("error"));
    assert!(run(&graph, &state, "upgrade x").starts_with("error"));
    // One that stands on what is not applied makes that a gap.
    let state = State::new(&graph, vec![row("a", 1, ""), row("x", 2, "b")]);
    assert!(run(&graph, &state, "upgrade b").contains("missing below"));
}

#[test]
fn a_moved_row_is_led_over_by_a_switch() {
    // `c` stood on `b` and stands on `d` now.
    let graph = graph("a:\nb: a\nd: a\nc: d");
    let rows = |with_d: bool| {
        let mut rows = vec![row("a", 1, ""), row("b", 2, "a"), row("c", 4, "b")];
        if with_d {
            rows.push(row("d", 3, "a"));
        }
        State::new(&graph, rows)
    };
    let state = rows(true);
    assert_eq!(words(&state.moved(&graph)), "c");
    assert_eq!(words(&state.heads()), "c d");
    // `b` is off the way to `c` now, and `c` stands on it where it was run.
    assert_eq!(run(&graph, &state, "switch c"), "-c -b +c = c");
    assert_eq!(run(&graph, &state, "switch heads"), "~c = b c");
    assert_eq!(run(&graph, &state, "upgrade heads"), "= c d");
    let state = rows(false);
    assert!(run(&graph, &state, "upgrade heads").contains("missing below"));
    assert_eq!(run(&graph, &state, "switch heads"), "-c +d +c = b c");
    assert_eq!(run(&graph, &state, "downgrade b"), "-c = b");
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
            "\"heads\" is a word of the grammar and cannot be an id",
            "a cycle: d stands on e stands on f stands on d",
            "a cycle: l stands on m stands on l",
            "g stands on itself",
            "the label \"a\" is also the id of a revision",
            "the label \"bad-label\" is not a name",
            "the label \"head\" is a word of the grammar",
            "the label \"twin\" is also given by i",
            "the tag \"a\" is also the id of a revision",
            "the tag \"twin\" is also a label",
            "the tag \"v 1\" is not a name",
            "the tag \"v1\" names zz, which is no revision",
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
    assert_eq!(resolve(&graph, "-1"), "");
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
