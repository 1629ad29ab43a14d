//! The grammar of a revision's name, without its meaning.

use super::NameError;

/// A name, taken apart: `LINE@SYMBOL+N`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name<'a> {
    pub text: &'a str,
    pub line: Option<&'a str>,
    /// `None`: wherever counting starts.
    pub symbol: Option<Symbol<'a>>,
    /// How many steps up; below zero: down.
    pub steps: Option<i64>,
}

/// What a name starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol<'a> {
    Head,
    Heads,
    Base,
    Current,
    /// `@{N}`.
    Journal(usize),
    /// An id, a prefix of one, a label or a tag.
    Word(&'a str),
}

impl<'a> Name<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, NameError> {
        let malformed = |reason: &str| NameError::Malformed {
            name: text.to_owned(),
            reason: reason.to_owned(),
        };
        if text.is_empty() {
            return Err(malformed("it is empty"));
        }
        if text.contains(':') {
            return Err(malformed("a range is not allowed here"));
        }
        let (line, rest) = if text.starts_with("@{") {
            (None, text)
        } else if let Some((line, rest)) = text.split_once('@') {
            if line.is_empty() {
                return Err(malformed("expected a label or a revision before the @"));
            }
            if !is_word(line) {
                return Err(malformed("the part before the @ is not a label or a revision"));
            }
            if matches!(line, "head" | "heads" | "base" | "current") {
                return Err(malformed("the part before the @ must be a label or a revision"));
            }
            (Some(line), rest)
        } else {
            (None, text)
        };
        let (word, steps) = match rest.find(['+', '-']) {
            None => (rest, None),
            Some(at) => {
                let (word, sign) = rest.split_at(at);
                let digits = &sign[1..];
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(malformed("expected a whole number after + and -"));
                }
                let number: i64 =
                    digits.parse().map_err(|_| malformed("the number is too large"))?;
                (word, Some(if sign.starts_with('-') { -number } else { number }))
            }
        };
        let symbol = match word {
            "" if steps == Some(0) => {
                return Err(malformed("a count of steps must not be zero"));
            }
            "" if steps.is_some() => None,
            "" => return Err(malformed("expected a revision after the @")),
            "head" => Some(Symbol::Head),
            "heads" => Some(Symbol::Heads),
            "base" => Some(Symbol::Base),
            "current" => Some(Symbol::Current),
            _ => match word.strip_prefix("@{") {
                Some(number) => {
                    let number = number.strip_suffix('}').and_then(|n| n.parse().ok());
                    let runs =
                        number.ok_or_else(|| malformed("expected a whole number in @{N}"))?;
                    Some(Symbol::Journal(runs))
                }
                None if is_word(word) => Some(Symbol::Word(word)),
                None => return Err(malformed("a name consists of letters, digits, _ and .")),
            },
        };
        Ok(Name { text, line, symbol, steps })
    }

    /// Whether the name counts from wherever the database is.
    pub(super) fn is_relative(&self) -> bool {
        self.symbol.is_none()
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (Option<&str>, Option<Symbol<'_>>, Option<i64>) {
        let name = Name::parse(text).unwrap();
        (name.line, name.symbol, name.steps)
    }

    #[test]
    fn every_form_is_taken_apart() {
        assert_eq!(parsed("c0ffee"), (None, Some(Symbol::Word("c0ffee")), None));
        assert_eq!(parsed("v1.2"), (None, Some(Symbol::Word("v1.2")), None));
        assert_eq!(parsed("head-1"), (None, Some(Symbol::Head), Some(-1)));
        assert_eq!(parsed("+3"), (None, None, Some(3)));
        assert_eq!(parsed("billing@+3"), (Some("billing"), None, Some(3)));
        assert_eq!(parsed("billing@c0+3"), (Some("billing"), Some(Symbol::Word("c0")), Some(3)));
        assert_eq!(parsed("c0@heads"), (Some("c0"), Some(Symbol::Heads), None));
        assert_eq!(parsed("@{2}"), (None, Some(Symbol::Journal(2)), None));
        assert_eq!(parsed("c0+0"), (None, Some(Symbol::Word("c0")), Some(0)));
    }

    #[test]
    fn what_is_not_of_the_grammar_is_malformed() {
        for text in [
            "",
            "@",
            "@head",
            "a@",
            "head@a",
            "a@b@c",
            "a-1junk",
            "a+",
            "+",
            "+0",
            "-0",
            "a b",
            "a:b",
            "@{",
            "@{x}",
            "@{-1}",
            "@{1}x",
            "ä",
            "a/b",
            "+99999999999999999999",
            "a-1-1",
            "-",
            "--1",
            "a@@{1}x",
        ] {
            assert!(
                matches!(Name::parse(text), Err(NameError::Malformed { .. })),
                "{text:?} gave {:?}",
                Name::parse(text)
            );
        }
    }
}
