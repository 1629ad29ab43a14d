//! Building the graph and planning in it: 10,000 and 100,000 revisions, a quarter of them merges.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;

use divan::{Bencher, black_box};
use revdag::internals::graph::{Graph, Names, Node, Request, State};
use revdag::model::Id;

const SIZES: [usize; 2] = [10_000, 100_000];

fn main() {
    divan::main();
}

fn node(n: usize, parents: &[usize]) -> Node {
    let id = |n: usize| Id::from(format!("r{:08x}", n.wrapping_mul(2_654_435_761) as u32));
    Node {
        id: id(n),
        parents: parents.iter().map(|&parent| id(parent)).collect(),
        depends_on: Vec::new(),
        labels: Vec::new(),
        replaces: Vec::new(),
        created: Some(n as i64),
        cost: 1,
    }
}

/// Diamonds in a row: of four revisions one is a branch point and one a merge.
fn diamonds(size: usize) -> Vec<Node> {
    (0..size)
        .map(|n| match n % 4 {
            0 if n == 0 => node(n, &[]),
            0 => node(n, &[n - 1]),
            1 => node(n, &[n - 1]),
            2 => node(n, &[n - 2]),
            _ => node(n, &[n - 2, n - 1]),
        })
        .collect()
}

/// Merges of lines that began far apart, with a dependency here and there.
fn braid(size: usize) -> Vec<Node> {
    (0..size)
        .map(|n| match n {
            0..8 => node(n, &[]),
            _ if n % 4 == 3 => node(n, &[n - 8, n - 3]),
            _ => {
                let mut node = node(n, &[n - 8]);
                if n % 10 == 0 {
                    node.depends_on = self::node(0, &[n - 5]).parents;
                }
                node
            }
        })
        .collect()
}

fn graph(nodes: Vec<Node>) -> Graph {
    Graph::new(nodes, BTreeMap::new()).unwrap()
}

fn heads() -> Vec<String> {
    vec!["heads".to_owned()]
}

#[divan::bench(args = SIZES)]
fn build(bencher: Bencher<'_, '_>, size: usize) {
    bencher.with_inputs(|| braid(size)).bench_values(|nodes| black_box(graph(nodes)));
}

#[divan::bench(args = SIZES)]
fn upgrade_diamonds(bencher: Bencher<'_, '_>, size: usize) {
    upgrade(bencher, &graph(diamonds(size)));
}

#[divan::bench(args = SIZES)]
fn upgrade_braid(bencher: Bencher<'_, '_>, size: usize) {
    upgrade(bencher, &graph(braid(size)));
}

fn upgrade(bencher: Bencher<'_, '_>, graph: &Graph) {
    let state = State::new(graph, Vec::new());
    let request = Request::Upgrade { targets: heads(), out_of_order: false };
    bencher.bench_local(|| graph.plan(&state, &request, &Names::default()).unwrap());
}

/// With everything applied: the state, and a plan down to the base.
#[divan::bench(args = SIZES)]
fn downgrade_braid(bencher: Bencher<'_, '_>, size: usize) {
    let graph = graph(braid(size));
    let state = State::assumed(&graph, &graph.heads()).unwrap();
    let request = Request::Downgrade { targets: vec!["base".to_owned()] };
    bencher.bench_local(|| graph.plan(&state, &request, &Names::default()).unwrap());
}

#[divan::bench(args = SIZES)]
fn switch_braid(bencher: Bencher<'_, '_>, size: usize) {
    let graph = graph(braid(size));
    let half = graph.ordered()[size / 2].clone();
    let state = State::assumed(&graph, &[half]).unwrap();
    let request = Request::Switch { targets: heads() };
    bencher.bench_local(|| graph.plan(&state, &request, &Names::default()).unwrap());
}

#[divan::bench(args = SIZES)]
fn nothing_to_do(bencher: Bencher<'_, '_>, size: usize) {
    let graph = graph(braid(size));
    let state = State::assumed(&graph, &graph.heads()).unwrap();
    let request = Request::Upgrade { targets: heads(), out_of_order: false };
    bencher.bench_local(|| graph.plan(&state, &request, &Names::default()).unwrap());
}
