//! What a plain scalar is where any value may stand. What readers of YAML do not agree on, and what
//! would be changed by reading it, is refused: in quotes it says what is meant.

use super::complaint::Complaint;

/// A plain scalar as a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Literal {
    /// `null`, `~`, or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A whole number beyond the signed ones.
    Natural(u64),
    /// A number with a point.
    Float(f64),
    /// A text.
    Text,
}

/// What a plain scalar is.
pub(super) fn literal(text: &str) -> Result<Literal, Complaint> {
    match (text, plain(text)) {
        ("" | "~" | "null", _) => Ok(Literal::Null),
        ("true", _) => Ok(Literal::Bool(true)),
        ("false", _) => Ok(Literal::Bool(false)),
        (_, Plain::Text) => Ok(Literal::Text),
        (_, Plain::Null) => Err(unclear(text, "null")),
        (_, Plain::Bool) => Err(unclear(text, "true or false")),
        (_, Plain::Number) => number(text),
    }
}

fn unclear(text: &str, word: &str) -> Complaint {
    Complaint {
        message: format!("{text} is a string to some YAML parsers and {word} to others"),
        hint: Some(format!("write {word}, or the text in quotes: \"{text}\"")),
    }
}

fn number(text: &str) -> Result<Literal, Complaint> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_usual = all(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(all)
        && text != "-0";
    if !is_usual {
        return Err(unusual(text));
    }
    let Some(_) = fraction else {
        return match (text.parse(), text.parse()) {
            (Ok(number), _) => Ok(Literal::Integer(number)),
            (_, Ok(number)) => Ok(Literal::Natural(number)),
            _ => Err(Complaint {
                message: format!("{text} is more than a number of 64 bits holds"),
                hint: Some(format!("put it in quotes: \"{text}\"")),
            }),
        };
    };
    let number: f64 = text.parse().map_err(|_| unusual(text))?;
    match held(number) {
        held if held == text => Ok(Literal::Float(number)),
        held => Err(Complaint {
            message: format!("{text} would become {held} when it is read"),
            hint: Some(format!("write {held}, or keep every digit in quotes: \"{text}\"")),
        }),
    }
}

/// A float as it would be written in full.
pub(super) fn held(number: f64) -> String {
    let text = number.to_string();
    if text.contains('.') { text } else { format!("{text}.0") }
}

fn unusual(text: &str) -> Complaint {
    let hint = match usual(text) {
        Some(number) => format!("write {number}, or the text in quotes: \"{text}\""),
        None => format!("put it in quotes: \"{text}\""),
    };
    Complaint {
        message: format!("{text} is not the same number, or no number, to all YAML parsers"),
        hint: Some(hint),
    }
}

/// The usual form of a number, where it is plain which one is meant.
fn usual(text: &str) -> Option<String> {
    let bare = text.strip_prefix('+').unwrap_or(text).replace('_', "");
    if bare != text && number(&bare).is_ok() {
        return Some(bare);
    }
    if let Some(digits) = bare.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok().map(|number| number.to_string());
    }
    if bare == "-0" {
        return Some("0".to_owned());
    }
    let (mantissa, exponent) = bare.split_once(['e', 'E'])?;
    let number: f64 = bare.parse().ok()?;
    let is_short = exponent.trim_start_matches(['+', '-']).len() <= 2 && mantissa.len() <= 10;
    (is_short && number.fract() == 0.0 && number.abs() < 1e15).then(|| number.to_string())
}

/// What YAML's readers take a plain scalar for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    /// Nothing, `null`, `~`.
    Null,
    /// `true`, `no`, `off`, …: by the rules of 1.1 too, for other tools read the files.
    Bool,
    /// A number in any notation.
    Number,
    /// A text.
    Text,
}

/// What a plain scalar is taken for, by YAML 1.2 or by 1.1.
pub(super) fn plain(text: &str) -> Plain {
    const NULL: [&str; 3] = ["", "~", "null"];
    const BOOL: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "y", "n"];
    let is_one = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_one(&NULL) {
        Plain::Null
    } else if is_one(&BOOL) {
        Plain::Bool
    } else if is_number(text) {
        Plain::Number
    } else {
        Plain::Text
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if [".inf", ".nan"].iter().any(|word| digits.eq_ignore_ascii_case(word)) {
        return true;
    }
    let all =
        |text: &str, radix| !text.is_empty() && text.chars().all(|c| c == '_' || c.is_digit(radix));
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = digits.strip_prefix(prefix) {
            return all(rest, radix);
        }
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    // Sexagesimal, as in 12:30:00.
    if digits.contains(':') {
        return digits.split(':').all(|part| all(&part.replace('.', ""), 10));
    }
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let exponent_is_right = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && exponent.chars().all(|c| c.is_ascii_digit())
    });
    let mantissa_is_right = match mantissa.split_once('.') {
        Some((whole, fraction)) => {
            !(whole.is_empty() && fraction.is_empty())
                && (whole.is_empty() || all(whole, 10))
                && (fraction.is_empty() || all(fraction, 10))
        }
        None => all(mantissa, 10),
    };
    exponent_is_right && mantissa_is_right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_clear_is_a_value() {
        for (text, value) in [
            ("", Literal::Null),
            ("null", Literal::Null),
            ("true", Literal::Bool(true)),
            ("0", Literal::Integer(0)),
            ("-12", Literal::Integer(-12)),
            ("9223372036854775807", Literal::Integer(i64::MAX)),
            ("18446744073709551615", Literal::Natural(u64::MAX)),
            ("0.1", Literal::Float(0.1)),
            ("-2.0", Literal::Float(-2.0)),
            ("0.00000001", Literal::Float(1e-8)),
            ("free", Literal::Text),
            ("2026-11-22", Literal::Text),
            ("2026-11-22 12:30:00", Literal::Text),
        ] {
            assert_eq!(literal(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_unclear_is_refused_with_what_to_write() {
        let said = [
            "no",
            "On",
            "NULL",
            "0123",
            "1e3",
            "1.5e3",
            "0x1f",
            "12:30",
            "+1",
            "1_000",
            "-0",
            ".5",
            "1.",
            ".inf",
            "1.10",
            "0.1000000000000000055",
            "9007199254740993.0",
            "18446744073709551616",
        ]
        .map(|text| {
            let complaint = literal(text).unwrap_err();
            format!("{}; {}", complaint.message, complaint.hint.unwrap_or_default())
        });
        insta::assert_snapshot!(said.join("\n"), @r#"
        no is a string to some YAML parsers and true or false to others; write true or false, or the text in quotes: "no"
        On is a string to some YAML parsers and true or false to others; write true or false, or the text in quotes: "On"
        NULL is a string to some YAML parsers and null to others; write null, or the text in quotes: "NULL"
        0123 is not the same number, or no number, to all YAML parsers; put it in quotes: "0123"
        1e3 is not the same number, or no number, to all YAML parsers; write 1000, or the text in quotes: "1e3"
        1.5e3 is not the same number, or no number, to all YAML parsers; write 1500, or the text in quotes: "1.5e3"
        0x1f is not the same number, or no number, to all YAML parsers; write 31, or the text in quotes: "0x1f"
        12:30 is not the same number, or no number, to all YAML parsers; put it in quotes: "12:30"
        +1 is not the same number, or no number, to all YAML parsers; write 1, or the text in quotes: "+1"
        1_000 is not the same number, or no number, to all YAML parsers; write 1000, or the text in quotes: "1_000"
        -0 is not the same number, or no number, to all YAML parsers; write 0, or the text in quotes: "-0"
        .5 is not the same number, or no number, to all YAML parsers; put it in quotes: ".5"
        1. is not the same number, or no number, to all YAML parsers; put it in quotes: "1."
        .inf is not the same number, or no number, to all YAML parsers; put it in quotes: ".inf"
        1.10 would become 1.1 when it is read; write 1.1, or keep every digit in quotes: "1.10"
        0.1000000000000000055 would become 0.1 when it is read; write 0.1, or keep every digit in quotes: "0.1000000000000000055"
        9007199254740993.0 would become 9007199254740992.0 when it is read; write 9007199254740992.0, or keep every digit in quotes: "9007199254740993.0"
        18446744073709551616 is more than a number of 64 bits holds; put it in quotes: "18446744073709551616"
        "#);
    }
}
