//! What is cut out of the statements that the server writes.

use crate::model::operation::CommentObject;
use crate::text::{self, Depth, Dialect};

/// What people call what a comment is on.
pub(super) fn commented(on: CommentObject) -> &'static str {
    match on {
        CommentObject::Table => "table",
        CommentObject::Column => "column",
        CommentObject::Index => "index",
        CommentObject::Constraint => "constraint",
        CommentObject::Trigger => "trigger",
        CommentObject::Policy => "policy",
        CommentObject::View => "view",
        CommentObject::MaterializedView => "materialized view",
        CommentObject::Sequence => "sequence",
        CommentObject::Type => "type",
        CommentObject::Domain => "domain",
        CommentObject::Function => "function",
        CommentObject::Procedure => "procedure",
        CommentObject::Schema => "schema",
        CommentObject::Extension => "extension",
    }
}

/// Of a `CREATE TRIGGER` the condition and what it calls: what stands in the brackets behind WHEN, and
/// what stands behind EXECUTE FUNCTION.
pub(super) fn trigger(sql: &str) -> Option<(Option<&str>, &str)> {
    let tokens = text::tokens(Dialect::Postgres, sql);
    let mut depth = Depth::default();
    let (mut opened, mut condition) = (None, None);
    for (at, token) in tokens.iter().enumerate() {
        if depth.behind(token) > 0 {
            continue;
        }
        if let Some(from) = opened.take() {
            condition = sql.get(from..token.start);
        }
        let next = tokens.get(at + 1)?;
        if token.is("WHEN") && next.is_symbol("(") {
            opened = Some(next.end());
        } else if token.is("EXECUTE") && next.is_any(&["FUNCTION", "PROCEDURE"]) {
            return Some((condition, sql.get(next.end()..)?.trim()));
        }
    }
    None
}

/// Of a `CREATE FUNCTION` the body that is SQL and no text: `RETURN …` or `BEGIN ATOMIC … END`.
pub(super) fn body(sql: &str) -> Option<&str> {
    let tokens = text::tokens(Dialect::Postgres, sql);
    let mut depth = Depth::default();
    for (at, token) in tokens.iter().enumerate() {
        let begins = token.is("BEGIN") && tokens.get(at + 1).is_some_and(|next| next.is("ATOMIC"));
        if depth.behind(token) == 0 && (begins || token.is("RETURN")) {
            return sql.get(token.start..).map(str::trim_end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{body, trigger};

    #[test]
    fn a_trigger_says_when_and_what() {
        let sql = "CREATE TRIGGER \"when\" BEFORE UPDATE OF a ON public.t FOR EACH ROW \
                   WHEN ((old.a > (1 + 2)) OR new.b = ') EXECUTE FUNCTION (') \
                   EXECUTE FUNCTION other.f('WHEN (', 'a')";
        let condition = "(old.a > (1 + 2)) OR new.b = ') EXECUTE FUNCTION ('";
        assert_eq!(trigger(sql), Some((Some(condition), "other.f('WHEN (', 'a')")));
        let sql = "CREATE TRIGGER t AFTER INSERT ON t EXECUTE PROCEDURE f()";
        assert_eq!(trigger(sql), Some((None, "f()")));
        assert_eq!(trigger("CREATE TRIGGER t AFTER INSERT ON t"), None);
    }

    #[test]
    fn a_body_of_sql_is_found() {
        let sql = "CREATE FUNCTION f(a integer DEFAULT (1))\n RETURNS TABLE(b integer)\n\
                   BEGIN ATOMIC\n SELECT 1;\nEND\n";
        assert_eq!(body(sql), Some("BEGIN ATOMIC\n SELECT 1;\nEND"));
        assert_eq!(body("CREATE FUNCTION f()\n RETURNS integer\nRETURN 1\n"), Some("RETURN 1"));
        assert_eq!(body("CREATE FUNCTION f() RETURNS integer AS $$RETURN$$"), None);
    }
}
