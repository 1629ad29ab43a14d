//! What Alembic does with the same graphs, rows and names, by table; and what goes beyond it.

use super::*;

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
