//! Every form of name.

use super::*;
use crate::graph::range::split_range;

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
        ("c", "\"c\" is ambiguous: 2 names begin with it"),
        ("x1", "there is no revision \"x1\""),
        ("L@d200", "revision d200 is not on the branch \"L\""),
        ("L@v1.0", "revision c200 is not on the branch \"L\""),
        ("Q@head", "there is no revision \"Q\""),
        ("b000+1", "\"b000+1\" is ambiguous: the way up forks"),
        ("-3", "\"-3\" is ambiguous: a merge lies on the way"),
        ("+1", "\"+1\" walks past the end: nothing follows n000"),
        ("m000+2", "\"m000+2\" walks past the end: nothing follows n000"),
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
    let roots = super::graph(ROOTS);
    let range = |text: &str| words(&roots.range(text, &Names::default()).unwrap());
    assert_eq!(range("B@base:"), "b300 b200 b100");
    assert_eq!(range(":B@head"), "b300 b200 b100 a200 a100");
    assert_eq!(range("a100:"), "a300 a200 a100");
    assert_eq!(range("a100:b200"), "b200 a200 a100");
    assert_eq!(split_range("a:b"), Some(("a", "b")));
    assert_eq!(split_range("ab"), None);
}
