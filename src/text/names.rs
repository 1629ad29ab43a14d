//! Names of objects in SQL: which are the same, which a statement holds, and how one takes another's place.

use super::token::{Family, Lexer, Token, TokenKind, significant};

/// First words of statements that run SQL which they do not show.
const HIDING: [&str; 6] = ["DO", "CALL", "EXECUTE", "EXEC", "PREPARE", "SOURCE"];

pub(super) fn hides_sql(family: &'static dyn Family, sql: &str) -> bool {
    let mut tokens = Lexer::new(family, sql).filter(|token| {
        !matches!(token.sort, TokenKind::Space | TokenKind::Comment | TokenKind::Hint)
    });
    let Some(first) = tokens.next() else { return false };
    // MariaDB's BEGIN NOT ATOMIC is a body like DO's, and where names are looked up is in no name.
    first.is_any(&HIDING)
        || first.is_any(&["BEGIN", "USE"])
        || (first.is_any(&["SET", "RESET"])
            && tokens.any(|token| token.is_any(&["search_path", "ALL", "STATEMENT"])))
}

pub(super) fn names(family: &'static dyn Family, sql: &str) -> Vec<String> {
    let mut names = Vec::new();
    for token in significant(family, sql) {
        match token.sort {
            // A function may take a name as text.
            TokenKind::Text => {
                let word = |c: char| !(c.is_alphanumeric() || c == '_' || c == '$');
                names.extend(
                    token.text.split(word).filter(|word| !word.is_empty()).map(str::to_owned),
                );
            }
            _ => names.extend(family.name(&token)),
        }
    }
    names
}

pub(super) fn rename(
    family: &'static dyn Family,
    sql: &str,
    from: &str,
    bare: &str,
    quoted: &str,
) -> String {
    let tokens: Vec<Token<'_>> = significant(family, sql).collect();
    let symbol = |at: Option<usize>, symbol: &str| {
        at.and_then(|at| tokens.get(at)).is_some_and(|token| token.is_symbol(symbol))
    };
    let mut renamed = String::with_capacity(sql.len());
    let mut copied = 0;
    for (at, token) in tokens.iter().enumerate() {
        let is_it = family.name(token).is_some_and(|name| family.same_part(&name, from));
        let is_call = token.sort == TokenKind::Word && symbol(Some(at + 1), "(");
        let is_type = symbol(at.checked_sub(1), "::");
        // What stands behind `(…).` is a part of a value.
        let is_field = symbol(at.checked_sub(1), ".") && symbol(at.checked_sub(2), ")");
        if !is_it || is_call || is_type || is_field {
            continue;
        }
        renamed.push_str(&sql[copied..token.start]);
        renamed.push_str(if token.sort == TokenKind::Word { bare } else { quoted });
        copied = token.end();
    }
    renamed.push_str(&sql[copied..]);
    renamed
}

#[cfg(test)]
mod tests {
    use crate::text::{Dialect, hides_sql, names_in, rename_in, same_object, same_part};

    #[test]
    fn names_are_compared_as_the_dialect_does() {
        assert!(!same_part(Dialect::Postgres, "a", "A"));
        assert!(same_part(Dialect::Mariadb, "ä", "Ä"));
        assert!(same_part(Dialect::Sqlite, "a", "A") && !same_part(Dialect::Sqlite, "ä", "Ä"));
        assert!(same_object(Dialect::Sqlite, "t", "T") && !same_object(Dialect::Mysql, "t", "T"));
    }

    #[test]
    fn a_column_takes_another_name_in_an_expression() {
        let renamed = |dialect, sql| rename_in(dialect, sql, "a", "b c");
        assert_eq!(
            renamed(Dialect::Postgres, "a > 'a' AND \"a\" /* a */ IS NOT NULL AND a(1) AND x::a"),
            "\"b c\" > 'a' AND \"b c\" /* a */ IS NOT NULL AND a(1) AND x::a"
        );
        assert_eq!(
            renamed(Dialect::Postgres, "t.a + (c).a + A + \"A\""),
            "t.\"b c\" + (c).a + \"b c\" + \"A\""
        );
        assert_eq!(renamed(Dialect::Mysql, "A + `a` + aa"), "`b c` + `b c` + aa");
        assert_eq!(rename_in(Dialect::Sqlite, "a+[a]", "a", "b"), "b+\"b\"");
    }

    #[test]
    fn a_statement_holds_names() {
        let names = names_in(Dialect::Postgres, "SELECT \"A b\".c, f('public.t') -- d");
        assert_eq!(names, ["select", "A b", "c", "f", "public", "t"]);
        assert!(hides_sql(Dialect::Postgres, "/* x */ do $$ begin end $$"));
        assert!(hides_sql(Dialect::Postgres, "SET LOCAL search_path = a"));
        assert!(!hides_sql(Dialect::Postgres, "SET x = 1"));
        assert!(hides_sql(Dialect::Mysql, "USE other"));
        assert!(!hides_sql(Dialect::Mysql, "ALTER TABLE t DROP a"));
    }
}
