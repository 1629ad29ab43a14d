//! What an account may do, from what `SHOW GRANTS` says of it.

use crate::text::{self, Depth, Dialect, Token};

/// The privileges of the account, those of its roles that are in force among them.
#[derive(Debug, Default)]
pub(super) struct Privileges {
    grants: Vec<Grant>,
}

#[derive(Debug)]
struct Grant {
    /// In capitals.
    words: Vec<String>,
    on: On,
    /// It takes them away from what a wider grant gives (MySQL).
    is_revoke: bool,
}

/// What a grant is on.
#[derive(Debug)]
enum On {
    All,
    /// A pattern of databases, as in LIKE.
    Database(String),
    Table {
        database: String,
        table: String,
    },
}

impl Privileges {
    /// Adds what a line of `SHOW GRANTS` says; one that grants a role says nothing.
    pub(super) fn add(&mut self, dialect: Dialect, line: &str) {
        self.grants.extend(grant(dialect, line));
    }

    /// Whether the account has one of these on the whole of a database.
    pub(super) fn on_database(&self, words: &[&str], database: &str) -> bool {
        let one = |word: &str| {
            let says = |grant: &&Grant| {
                grant.says(word)
                    && match &grant.on {
                        On::All => true,
                        On::Database(pattern) => is_like(pattern, database),
                        On::Table { .. } => false,
                    }
            };
            let is_revoked = self.grants.iter().filter(says).any(|grant| grant.is_revoke);
            !is_revoked && self.grants.iter().any(|grant| says(&grant))
        };
        words.iter().any(|word| one(word))
    }

    /// Whether the account has one of these on all databases.
    pub(super) fn on_all(&self, words: &[&str]) -> bool {
        let says = |grant: &Grant, word| {
            matches!(grant.on, On::All) && !grant.is_revoke && grant.says(word)
        };
        words.iter().any(|word| self.grants.iter().any(|grant| says(grant, word)))
    }

    /// Whether the account has one of these on a table.
    pub(super) fn on_table(&self, words: &[&str], database: &str, table: &str) -> bool {
        let is_it = |grant: &Grant| match &grant.on {
            On::Table { database: own, table: name } => own == database && name == table,
            _ => false,
        };
        self.on_database(words, database)
            || words
                .iter()
                .any(|word| self.grants.iter().any(|grant| is_it(grant) && grant.says(word)))
    }
}

impl Grant {
    fn says(&self, word: &str) -> bool {
        self.words.iter().any(|own| own == word || own == "ALL PRIVILEGES" || own == "ALL")
    }
}

/// `GRANT SELECT, INSERT (a) ON db.* TO …`.
fn grant(dialect: Dialect, line: &str) -> Option<Grant> {
    let tokens = text::tokens(dialect, line);
    let (first, rest) = tokens.split_first()?;
    let is_revoke = first.is("REVOKE");
    let on = rest.iter().position(|token| token.is("ON"))?;
    let mut depth = Depth::default();
    let mut words = vec![String::new()];
    for token in &rest[..on] {
        let is_outside = depth.behind(token) == 0;
        if is_outside && token.is_symbol(",") {
            words.push(String::new());
        } else if is_outside && !token.is_symbol(")") {
            let word = words.last_mut()?;
            if !word.is_empty() {
                word.push(' ');
            }
            word.push_str(&token.text.to_uppercase());
        }
    }
    let mut behind = rest[on + 1..].iter().peekable();
    behind.next_if(|token| token.is("TABLE"));
    let name = |token: &Token<'_>| match token.is_symbol("*") {
        true => None,
        false => Some(text::name_of(dialect, token).unwrap_or_else(|| token.text.to_owned())),
    };
    let database = name(behind.next()?);
    behind.next_if(|token| token.is_symbol("."))?;
    let on = match (database, name(behind.next()?)) {
        (None, _) => On::All,
        (Some(database), None) => On::Database(database),
        (Some(database), Some(table)) => On::Table { database, table },
    };
    Some(Grant { words, on, is_revoke })
}

/// Whether a text is like a pattern with `%` and `_`, which a backslash makes characters like others.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('%') => {
            let rest = rest.as_str();
            let mut ends = (0..=text.len()).filter(|at| text.is_char_boundary(*at));
            ends.any(|at| is_like(rest, &text[at..]))
        }
        Some(c) => {
            let mut behind = text.chars();
            let Some(next) = behind.next() else { return false };
            let (is_it, rest) = match c {
                '_' => (true, rest.as_str()),
                '\\' => {
                    let escaped = rest.next();
                    (escaped == Some(next), rest.as_str())
                }
                c => (c == next, rest.as_str()),
            };
            is_it && is_like(rest, behind.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn privileges(lines: &[&str]) -> Privileges {
        let mut privileges = Privileges::default();
        for line in lines {
            privileges.add(Dialect::Mariadb, line);
        }
        privileges
    }

    #[test]
    fn a_pattern_is_one_of_like() {
        assert!(is_like("shop", "shop") && !is_like("shop", "shops") && !is_like("shop", "sho"));
        assert!(is_like("rev\\_scratch\\_%", "rev_scratch_7") && !is_like("rev\\_x", "revax"));
        assert!(is_like("s_op%", "shop") && is_like("%", "") && is_like("%p", "shop"));
        assert!(!is_like("%x", "shop"));
    }

    #[test]
    fn each_scope_is_read() {
        let some = privileges(&[
            "GRANT `r` TO `a`@`localhost`",
            "GRANT USAGE ON *.* TO `a`@`localhost` IDENTIFIED BY PASSWORD '*667F'",
            "GRANT SELECT, SHOW VIEW ON `sh\\_p`.* TO `a`@`localhost`",
            "GRANT UPDATE (`a`, `b`), TRIGGER ON `sh_p`.`t` TO `a`@`localhost`",
            "GRANT EXECUTE ON FUNCTION `sh_p`.`f` TO `a`@`localhost`",
            "GRANT PROXY ON ''@'%' TO 'a'@'localhost' WITH GRANT OPTION",
        ]);
        assert!(some.on_database(&["TRIGGER", "SHOW VIEW"], "sh_p"));
        assert!(!some.on_database(&["SHOW VIEW"], "shop"));
        assert!(!some.on_database(&["TRIGGER", "UPDATE", "EXECUTE"], "sh_p"));
        assert!(
            some.on_table(&["TRIGGER"], "sh_p", "t") && !some.on_table(&["TRIGGER"], "sh_p", "u")
        );
        assert!(some.on_table(&["SELECT"], "sh_p", "u") && !some.on_all(&["SELECT"]));
        let all = privileges(&["GRANT ALL PRIVILEGES ON *.* TO `a`@`%` WITH GRANT OPTION"]);
        assert!(all.on_all(&["EVENT"]) && all.on_database(&["EVENT"], "x"));
        let but = privileges(&[
            "GRANT SELECT, EVENT ON *.* TO `a`@`%`",
            "REVOKE SELECT ON `mysql`.* FROM `a`@`%`",
        ]);
        assert!(but.on_database(&["SELECT"], "shop") && !but.on_database(&["SELECT"], "mysql"));
    }
}
