//! What is known of a merge: in words, as JSON, and for a pull request.

use std::fmt::Write as _;

use serde_json::{Value, json};

use revdag::{Conflict, MergeVerdict, Proof, SeedRows, Sited};

use super::output::style;
use super::words::count;

/// For a terminal.
pub fn in_words(proof: &Proof) -> String {
    let (id, warning) = (style::ID, style::WARNING);
    let mut text = String::new();
    let verdict = match proof.verdict() {
        MergeVerdict::Disjoint | MergeVerdict::Replayed => "proven",
        MergeVerdict::Unproven => "unproven",
        MergeVerdict::Conflict => "conflict",
    };
    let heads = proof.heads.iter().map(|head| format!("{id}{head}{id:#}"));
    let heads = heads.collect::<Vec<_>>().join(" and ");
    let _ = match proof.verdict() {
        MergeVerdict::Disjoint | MergeVerdict::Replayed => {
            writeln!(text, "{verdict}: {heads} commute")
        }
        MergeVerdict::Unproven => {
            writeln!(text, "{warning}{verdict}:{warning:#} {heads} may not commute")
        }
        MergeVerdict::Conflict => {
            writeln!(text, "{warning}{verdict}:{warning:#} {heads} do not commute")
        }
    };
    for line in counts(proof) {
        let _ = writeln!(text, "  {line}");
    }
    for unproven in &proof.unproven {
        let [one, other] = &unproven.revisions;
        let _ = writeln!(
            text,
            "  {warning}unproven:{warning:#} {id}{one}{id:#} and {id}{other}{id:#}: {}",
            unproven.reason
        );
    }
    for conflict in &proof.conflicts {
        let [one, other] = &conflict.revisions;
        let on = conflict.object.as_ref().map(|object| format!(" meet in {object}"));
        let _ = writeln!(
            text,
            "  {warning}conflict:{warning:#} {id}{one}{id:#} and {id}{other}{id:#}{}",
            on.unwrap_or_default()
        );
        for sited in conflict.operations.iter().flatten() {
            let _ = writeln!(text, "    {}", place(sited));
        }
        for difference in &conflict.differences {
            let _ = writeln!(text, "    {difference}");
        }
    }
    for notice in &proof.notices {
        let _ = writeln!(text, "  note: {notice}");
    }
    text
}

/// How many pairs there are of each kind.
fn counts(proof: &Proof) -> Vec<String> {
    let mut lines = Vec::new();
    if proof.disjoint > 0 {
        lines.push(format!("disjoint: {}", pairs(proof.disjoint)));
    }
    if proof.replayed > 0 {
        lines.push(format!("replayed: {}{}", pairs(proof.replayed), ran(proof)));
    }
    lines
}

fn pairs(number: usize) -> String {
    format!("{} of revisions", count(number, "pair"))
}

/// On what the pairs were replayed.
fn ran(proof: &Proof) -> String {
    let on = proof.server.as_ref().map(|server| format!(", on {server}"));
    let with = match proof.seed {
        Some(SeedRows::Seed) => ", with the rows of `seed`",
        Some(SeedRows::MadeUp) => ", with rows that were made up",
        Some(SeedRows::None) => ", without rows",
        None => "",
    };
    format!("{}{with}", on.unwrap_or_default())
}

fn place(sited: &Sited) -> String {
    let Sited { operation, source } = sited;
    format!("{}:{}: {operation}", source.file, source.line)
}

/// For a pull request.
pub fn in_markdown(proof: &Proof) -> String {
    let heads = proof.heads.iter().map(|head| format!("`{head}`"));
    let heads = heads.collect::<Vec<_>>().join(" and ");
    let title = match proof.verdict() {
        MergeVerdict::Disjoint | MergeVerdict::Replayed => "commute",
        MergeVerdict::Unproven => "may not commute",
        MergeVerdict::Conflict => "do **not** commute",
    };
    let mut text = format!("### {heads} {title}\n\n");
    for line in counts(proof) {
        let _ = writeln!(text, "- {line}");
    }
    for unproven in &proof.unproven {
        let [one, other] = &unproven.revisions;
        let _ = writeln!(text, "- unproven: `{one}` and `{other}`: {}", escaped(&unproven.reason));
    }
    for Conflict { revisions: [one, other], operations, object, differences } in &proof.conflicts {
        let on = object.as_ref().map(|object| format!(" meet in {}", escaped(object)));
        if !text.ends_with("\n\n") {
            text.push('\n');
        }
        let _ = writeln!(text, "**conflict**: `{one}` and `{other}`{}\n", on.unwrap_or_default());
        for sited in operations.iter().flatten() {
            let _ = writeln!(text, "- {}", escaped(&place(sited)));
        }
        for difference in differences {
            let _ = writeln!(text, "- {}", escaped(difference));
        }
    }
    for notice in &proof.notices {
        let _ = writeln!(text, "- note: {}", escaped(notice));
    }
    text
}

/// A text that markdown shows as it is.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~') {
            escaped.push('\\');
        }
        escaped.push(if c == '\n' { ' ' } else { c });
    }
    escaped
}

/// As JSON.
pub fn value(proof: &Proof) -> Value {
    let sited = |sited: &Option<Sited>| match sited {
        Some(Sited { operation, source }) => {
            json!({"operation": operation, "file": source.file, "line": source.line})
        }
        None => Value::Null,
    };
    let conflicts = proof.conflicts.iter().map(|conflict| {
        json!({
            "revisions": conflict.revisions,
            "operations": conflict.operations.iter().map(sited).collect::<Vec<_>>(),
            "object": conflict.object,
            "differences": conflict.differences,
        })
    });
    let unproven = proof
        .unproven
        .iter()
        .map(|unproven| json!({"revisions": unproven.revisions, "reason": unproven.reason}));
    json!({
        "verdict": proof.verdict().name(),
        "heads": proof.heads,
        "branches": proof.lines,
        "dialect": proof.dialect.map(|dialect| dialect.name()),
        "server": proof.server,
        "seed": proof.seed.map(SeedRows::name),
        "disjoint": proof.disjoint,
        "replayed": proof.replayed,
        "conflicts": conflicts.collect::<Vec<_>>(),
        "unproven": unproven.collect::<Vec<_>>(),
        "notices": proof.notices,
    })
}
