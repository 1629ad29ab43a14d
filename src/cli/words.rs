//! A revision in words, the same in every command.

use std::fmt::Write as _;

use revdag::Effect;
use revdag::model::Id;
use revdag::verb::RevisionView;

use super::output::style;

/// `c0ffee9c1d0b (billing) (head) add accounts`
pub fn line(view: &RevisionView) -> String {
    let id = style::ID;
    let mut text = format!("{id}{}{id:#}{}", view.header.id, marks(view));
    if let Some(first) = view.header.message.lines().next() {
        let _ = write!(text, " {first}");
    }
    text
}

/// ` (billing) (tag: v1.2) (head) (merge)`: what there is to say of a revision beside its message.
pub fn marks(view: &RevisionView) -> String {
    let (label, tag, mark) = (style::LABEL, style::TAG, style::MARK);
    let mut text = String::new();
    if !view.labels.is_empty() {
        let _ = write!(text, " {label}({}){label:#}", view.labels.join(", "));
    }
    for name in &view.tags {
        let _ = write!(text, " {tag}(tag: {name}){tag:#}");
    }
    let marks = [
        (view.current, "current"),
        (view.effective_head, "effective head"),
        (view.head && !view.effective_head, "head"),
        (view.merge(), "merge"),
        (view.branch_point, "branch point"),
    ];
    for (_, word) in marks.into_iter().filter(|(is, _)| *is) {
        let _ = write!(text, " {mark}({word}){mark:#}");
    }
    text
}

/// The revision with all that its header says, as `git log` shows a commit.
pub fn entry(view: &RevisionView, children: &[Id]) -> String {
    let id = style::ID;
    let header = &view.header;
    let mut text = format!("{id}revision {}{id:#}{}\n", header.id, marks(view));
    let created = header.created.as_ref().map(|created| created.text.clone());
    let replaces: Vec<Id> = header.replaces.iter().map(|one| one.revision.clone()).collect();
    let fields = [
        ("parents", Some(if view.base() { "base".to_owned() } else { list(&header.parents) })),
        ("children", some_list(children)),
        ("depends on", some_list(&header.depends_on)),
        ("replaces", some_list(&replaces)),
        ("created", created),
        ("file", view.path.clone()),
        ("applied", view.applied.map(|applied| if applied { "yes" } else { "no" }.to_owned())),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            let _ = writeln!(text, "{:<12}{value}", format!("{name}:"));
        }
    }
    if !header.message.is_empty() {
        text.push('\n');
    }
    for line in header.message.lines() {
        let _ = writeln!(text, "{}", format!("    {line}").trim_end());
    }
    text
}

fn some_list(ids: &[Id]) -> Option<String> {
    (!ids.is_empty()).then(|| list(ids))
}

/// `a, b, c`
pub fn list(ids: &[Id]) -> String {
    ids.iter().map(Id::as_str).collect::<Vec<_>>().join(", ")
}

/// ` ! destructive` behind what may lose something, nothing behind the rest.
pub fn effect(effect: Effect) -> String {
    match effect {
        Effect::Destructive => format!("  {0}!{0:#} destructive", style::ERROR),
        Effect::Unknown => format!("  {0}?{0:#} unknown effect", style::WARNING),
        _ => String::new(),
    }
}

/// `1 revision`, `2 revisions`
pub fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
