//! The graph as lines beside a list of revisions, newest first.

use std::collections::HashMap;

use renderdag::{Ancestor, GraphRowRenderer, Renderer as _};

use crate::model::Id;

/// One revision of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The revision.
    pub id: Id,
    /// Its parents: drawn through.
    pub parents: Vec<Id>,
    /// What else must be applied before it: drawn dashed.
    pub depends_on: Vec<Id>,
    /// The sign it is drawn as.
    pub glyph: String,
    /// What stands beside it; may have several lines.
    pub text: String,
}

/// Draws the rows, of which every child must stand before its parents. A line to a revision that
/// is not among them ends in `~`.
pub fn graph(rows: &[Row]) -> String {
    let places: HashMap<&Id, usize> =
        rows.iter().enumerate().map(|(place, row)| (&row.id, place)).collect();
    let mut renderer = GraphRowRenderer::new().output().with_min_row_height(1).build_box_drawing();
    let mut picture = String::new();
    for (place, row) in rows.iter().enumerate() {
        let mut edges = Vec::new();
        let mut outside = false;
        for parent in &row.parents {
            match places.get(parent) {
                Some(parent) => edges.push(Ancestor::Parent(*parent)),
                None => outside = true,
            }
        }
        for dependency in row.depends_on.iter().filter(|id| !row.parents.contains(id)) {
            if let Some(dependency) = places.get(dependency) {
                edges.push(Ancestor::Ancestor(*dependency));
            }
        }
        if outside {
            edges.push(Ancestor::Anonymous);
        }
        picture += &renderer.next_row(place, edges, row.glyph.clone(), row.text.clone());
    }
    // The renderer pads lines to the width of the graph.
    picture.lines().map(|line| line.trim_end()).fold(
        String::with_capacity(picture.len()),
        |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, parents: &[&str], depends_on: &[&str]) -> Row {
        let ids = |ids: &[&str]| ids.iter().map(Id::from).collect();
        Row {
            id: Id::from(id),
            parents: ids(parents),
            depends_on: ids(depends_on),
            glyph: "○".to_owned(),
            text: id.to_owned(),
        }
    }

    #[test]
    fn a_line_has_no_gaps() {
        insta::assert_snapshot!(graph(&[row("b", &["a"], &[]), row("a", &[], &[])]), @r"
        ○  b
        ○  a
        ");
    }

    #[test]
    fn a_merge_forks_and_joins() {
        insta::assert_snapshot!(graph(&[
            row("m", &["c", "b"], &[]),
            row("c", &["a"], &[]),
            row("b", &["a"], &[]),
            row("a", &[], &[]),
        ]), @r"
        ○    m
        ├─╮
        ○ │  c
        │ ○  b
        ├─╯
        ○  a
        ");
    }

    #[test]
    fn two_heads_stand_side_by_side() {
        insta::assert_snapshot!(graph(&[
            row("c", &["a"], &[]),
            row("b", &["a"], &[]),
            row("a", &[], &[]),
        ]), @r"
        ○  c
        │ ○  b
        ├─╯
        ○  a
        ");
    }

    #[test]
    fn a_dependency_is_dashed() {
        insta::assert_snapshot!(graph(&[
            row("b2", &["b1"], &["a1"]),
            row("b1", &[], &[]),
            row("a1", &[], &[]),
        ]), @r"
        ○    b2
        ├─╮
        │ ╷
        ○ ╷  b1
          ╷
          ○  a1
        ");
    }

    #[test]
    fn a_parent_outside_ends_the_line() {
        insta::assert_snapshot!(graph(&[row("c", &["b"], &[]), row("x", &["y"], &[])]), @r"
        ○  c
        │
        ~

        ○  x
        │
        ~
        ");
    }
}
