//! Takes out of a text what differs from run to run.

use std::sync::LazyLock;

static HOST: LazyLock<String> = LazyLock::new(|| {
    std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_owned()
});

/// The text with `[TMP]` for temporary folders, `[DB]` for the names of test databases, `[PORT]`
/// for ports, `[PID]` for process and connection numbers, `[HOST]` for this machine's name and
/// `[TIME]` for durations.
pub fn normalise(text: &str) -> String {
    let tmp = format!("{}/rev-test-", std::env::temp_dir().display());
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let digit = |c: char| c.is_ascii_digit();
    let mut text = replace_after(text, &tmp, "[TMP]", false, word);
    text = replace_after(&text, "rev_test_", "[DB]", false, word);
    text = replace_after(&text, "127.0.0.1:", "[PORT]", true, digit);
    text = replace_after(&text, "localhost:", "[PORT]", true, digit);
    for before in ["pid ", "process ", "connection "] {
        text = replace_after(&text, before, "[PID]", true, digit);
    }
    if !HOST.is_empty() {
        text = text.replace(&format!("@{}", *HOST), "@[HOST]");
    }
    durations(&runs(&text))
}

/// `run 0123456789ab`, the random word of a run, becomes `run [RUN]`.
fn runs(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("run ") {
        let (before, behind) = rest.split_at(at + "run ".len());
        out.push_str(before);
        let length = behind.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(behind.len());
        rest = if length == 12 { &behind[length..] } else { behind };
        if length == 12 {
            out.push_str("[RUN]");
        }
    }
    out + rest
}

/// Replaces each run of `of` characters behind `prefix`, and the prefix too unless it is kept.
fn replace_after(
    text: &str,
    prefix: &str,
    by: &str,
    keep: bool,
    of: impl Fn(char) -> bool,
) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(prefix) {
        let behind = &rest[at + prefix.len()..];
        let length = behind.find(|c| !of(c)).unwrap_or(behind.len());
        let kept = if keep || length == 0 { at + prefix.len() } else { at };
        out.push_str(&rest[..kept]);
        if length > 0 {
            out.push_str(by);
        }
        rest = &behind[length..];
    }
    out + rest
}

/// `12 ms`, `12ms`, `1.25 s` and `1.25s` become `[TIME]`; whole seconds are settings and stay.
fn durations(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (String::new(), 0);
    while at < bytes.len() {
        let begins = bytes[at].is_ascii_digit()
            && (at == 0
                || !(bytes[at - 1].is_ascii_alphanumeric()
                    || matches!(bytes[at - 1], b'_' | b'.')));
        if begins {
            let number = text[at..].find(|c: char| !(c.is_ascii_digit() || c == '.'));
            let end = at + number.unwrap_or(text.len() - at);
            let unit = text[end..].strip_prefix(' ').unwrap_or(&text[end..]);
            let of = |name: &str| {
                unit.strip_prefix(name).filter(|rest| {
                    !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                })
            };
            let fraction = text[at..end].contains('.');
            let rest = of("ms").or_else(|| of("µs")).or_else(|| of("s").filter(|_| fraction));
            if let Some(rest) = rest {
                out.push_str("[TIME]");
                at = text.len() - rest.len();
            } else {
                out.push_str(&text[at..end]);
                at = end;
            }
        } else {
            let c = text[at..].chars().next().expect("a character");
            out.push(c);
            at += c.len_utf8();
        }
    }
    out
}

#[test]
fn only_what_differs_is_replaced() {
    let text = "at 127.0.0.1:5432/rev_test_0a1b: 12 ms, 1.5s; lock_timeout 60s, v1.2 s3, pid 77, 2026-01-02";
    assert_eq!(
        normalise(text),
        "at 127.0.0.1:[PORT]/[DB]: [TIME], [TIME]; lock_timeout 60s, v1.2 s3, pid [PID], 2026-01-02"
    );
}
