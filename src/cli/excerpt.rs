//! Excerpts of files and statements in messages, as rustc shows them.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use revdag::Excerpt;

use super::output::{ours, style};

/// Shows the lines with their numbers, and marks the place in them. Tabs and wide characters are
/// aligned, long lines are cut around the place, and a control character is shown as its picture.
pub fn show(text: &mut String, excerpt: &Excerpt) {
    let mut lines = Snippet::source(&excerpt.text).line_start(excerpt.first_line).fold(false);
    if let Some((begin, end)) = excerpt.place {
        lines = lines.annotation(AnnotationKind::Primary.span(begin..end));
    }
    let renderer = Renderer::styled().error(style::ERROR.0).line_num(style::DIM.0);
    let shown = renderer.render(&[Group::with_level(Level::ERROR).element(lines)]);
    let _ = writeln!(text, "{}", ours(&shown));
}

/// How many digits the line numbers of an excerpt have at most.
pub fn digits(excerpt: &Excerpt) -> usize {
    let last = excerpt.first_line + excerpt.text.matches('\n').count();
    last.to_string().len()
}
