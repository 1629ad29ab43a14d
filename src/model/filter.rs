//! Which objects of a database are looked at: patterns of names.

use std::str::FromStr;

use super::{Catalog, Name, ObjectKey, ObjectKind};

/// Alembic's own table: it is no part of what the models say.
const ALEMBIC: &str = "alembic_version";

/// The kinds, by the words that patterns have for them.
const KINDS: [(&str, ObjectKind); 15] = [
    ("schema", ObjectKind::Schema),
    ("extension", ObjectKind::Extension),
    ("enum", ObjectKind::Enum),
    ("domain", ObjectKind::Domain),
    ("sequence", ObjectKind::Sequence),
    ("table", ObjectKind::Table),
    ("view", ObjectKind::View),
    ("materialized_view", ObjectKind::MaterializedView),
    ("function", ObjectKind::Function),
    ("procedure", ObjectKind::Procedure),
    ("trigger", ObjectKind::Trigger),
    ("policy", ObjectKind::Policy),
    ("row_security", ObjectKind::RowSecurity),
    ("comment", ObjectKind::Comment),
    ("sql", ObjectKind::Sql),
];

/// A pattern for names: `[KIND:]GLOB`, in which `*` stands for any text and `?` for any character. A
/// glob with a dot is held against `schema.name`, one without against the name alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    kind: Option<ObjectKind>,
    glob: String,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PatternError {
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub hint: String,
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let (kind, glob) = match text.split_once(':') {
            Some((word, glob)) => {
                let known = KINDS.iter().find(|(known, _)| *known == word);
                let Some((_, kind)) = known else {
                    return Err(PatternError {
                        message: format!("{word:?} is not a kind of object"),
                        hint: format!("the kinds are {}", KINDS.map(|(word, _)| word).join(", ")),
                    });
                };
                (Some(*kind), glob)
            }
            None => (None, text),
        };
        if glob.is_empty() || glob.contains(char::is_whitespace) {
            return Err(PatternError {
                message: format!("{text:?} is not a name pattern"),
                hint: "write a name with * and ?, such as public.*, *_old or view:report_*"
                    .to_owned(),
            });
        }
        Ok(Pattern { kind, glob: glob.to_owned() })
    }
}

impl Pattern {
    /// Whether an object of this kind and name is meant.
    fn is(&self, own: Option<&str>, kind: ObjectKind, name: &Name) -> bool {
        if self.kind.is_some_and(|wanted| wanted != kind) {
            return false;
        }
        // A schema goes with all that stands in it: one that is left empty would be dropped.
        if let (ObjectKind::Schema, Some((schema, "*"))) = (kind, self.glob.split_once('.')) {
            return fits(schema, &name.name);
        }
        match self.glob.contains('.') {
            true => {
                let schema = name.schema.as_deref().or(own).unwrap_or("");
                fits(&self.glob, &format!("{schema}.{}", name.name))
            }
            false => fits(&self.glob, &name.name),
        }
    }
}

/// Whether a text is of the form of a glob.
fn fits(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
    let (mut at, mut from) = (0, 0);
    // Where the last `*` stood, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while from < text.len() {
        match glob.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(c) if *c == '?' || *c == text[from] => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                (at, from) = (place + 1, taken + 1);
            }
        }
    }
    glob[at..].iter().all(|c| *c == '*')
}

/// Which objects are looked at: those of any pattern of `include`, all if there is none, but never
/// those of `exclude`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// What is looked at; empty: everything.
    pub include: Vec<Pattern>,
    /// What is not.
    pub exclude: Vec<Pattern>,
}

impl Filter {
    /// Whether an object is looked at; `own` is the schema of names without one. A trigger, a policy,
    /// a comment and row security go with their table, or by a pattern of their own kind.
    pub fn takes(&self, own: Option<&str>, key: &ObjectKey) -> bool {
        let table = match key.kind {
            ObjectKind::Comment => Some(key.name.clone()),
            _ if key.is_table() => Some(key.name.clone()),
            _ => key.table(),
        };
        let (kind, name) = match &table {
            Some(table) => (ObjectKind::Table, table),
            None => (key.kind, &key.name),
        };
        if kind == ObjectKind::Table && name.name == ALEMBIC {
            return false;
        }
        let any = |patterns: &[Pattern]| {
            patterns.iter().any(|pattern| {
                pattern.is(own, kind, name)
                    || pattern.kind == Some(key.kind) && pattern.is(own, key.kind, &key.name)
            })
        };
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }

    /// The catalog with only what is looked at.
    #[must_use]
    pub fn apply(&self, mut catalog: Catalog) -> Catalog {
        let own = catalog.own.clone();
        catalog.objects.retain(|key, _| self.takes(own.as_deref(), key));
        catalog
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(include: &[&str], exclude: &[&str]) -> Filter {
        let patterns = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        Filter { include: patterns(include), exclude: patterns(exclude) }
    }

    fn key(kind: ObjectKind, name: &str) -> ObjectKey {
        let (schema, name) = match name.split_once('.') {
            Some((schema, name)) => (Some(schema.to_owned()), name),
            None => (None, name),
        };
        ObjectKey::new(kind, Name { schema, name: name.to_owned() })
    }

    fn takes(filter: &Filter, kind: ObjectKind, name: &str) -> bool {
        filter.takes(Some("public"), &key(kind, name))
    }

    #[test]
    fn stars_and_question_marks() {
        for (glob, text, is) in [
            ("*", "", true),
            ("a*", "a", true),
            ("a*b*c", "a1b2b3c", true),
            ("a*b*c", "a1b2b3", false),
            ("?", "ä", true),
            ("?", "", false),
            ("a.b", "axb", false),
            ("*_old", "t_old_old", true),
            ("[a]", "a", false),
        ] {
            assert_eq!(fits(glob, text), is, "{glob} {text}");
        }
    }

    #[test]
    fn exclude_wins_and_no_include_takes_everything() {
        use ObjectKind::{Schema, Table, View};
        assert!(takes(&filter(&[], &[]), Table, "anything"));
        let some = filter(&["public.*", "billing.plans"], &["*_old", "view:report*"]);
        for (kind, name, is) in [
            (Table, "users", true),
            (Table, "public.users", true),
            (Table, "users_old", false),
            (Table, "billing.plans", true),
            (Table, "billing.invoices", false),
            (Table, "reports", true),
            (View, "reports", false),
        ] {
            assert_eq!(takes(&some, kind, name), is, "{name}");
        }
        assert!(!takes(&filter(&[], &["*.spatial_ref_sys"]), Table, "spatial_ref_sys"));
        assert!(!takes(&filter(&[], &["billing.*"]), Schema, "billing"));
        assert!(takes(&filter(&[], &["billing.a*"]), Schema, "billing"));
    }

    #[test]
    fn what_belongs_to_a_table_goes_with_it() {
        let on = |kind, table: &str| ObjectKey { of: Some(table.to_owned()), ..key(kind, "audit") };
        let trigger = |table: &str| on(ObjectKind::Trigger, table);
        let some = filter(&["table:a", "trigger:aud*"], &["table:old"]);
        assert!(some.takes(None, &trigger("a")));
        assert!(some.takes(None, &trigger("b")));
        assert!(!some.takes(None, &trigger("old")));
        let named = filter(&["audit"], &[]);
        assert!(!named.takes(None, &trigger("a")), "that is the name of a table");
        assert!(!filter(&[], &["policy:*"]).takes(None, &on(ObjectKind::Policy, "a")));
        assert!(!filter(&["b"], &[]).takes(None, &key(ObjectKind::RowSecurity, "a")));
        assert!(!filter(&["b"], &[]).takes(None, &key(ObjectKind::Comment, "a")));
    }

    #[test]
    fn alembics_table_is_never_taken() {
        let all = filter(&["*"], &[]);
        assert!(!takes(&all, ObjectKind::Table, "alembic_version"));
        assert!(!takes(&all, ObjectKind::Table, "app.alembic_version"));
        assert!(takes(&all, ObjectKind::View, "alembic_version"));
    }

    #[test]
    fn a_bad_pattern_is_refused() {
        for text in ["", "table:", "tabel:a", "a b"] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
    }
}
