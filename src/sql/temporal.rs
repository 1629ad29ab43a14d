//! Dates and times as a file writes them: wholly understood, or not taken.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

/// `2026-01-31`.
pub(super) fn date(text: &str) -> Option<Date> {
    let is_whole = text.len() == "2026-01-31".len() && only(text, "-");
    text.parse().ok().filter(|_| is_whole)
}

/// `23:59:58.123456`, or less of it.
pub(super) fn time(text: &str) -> Option<Time> {
    let is_whole = only(text, ":.") && text.contains(':') && !is_leap(text);
    text.parse().ok().filter(|time: &Time| is_whole && is_micros(time.nanosecond().into()))
}

/// `2026-01-31 23:59:58`, with a blank or a `T`.
pub(super) fn timestamp(text: &str) -> Option<DateTime> {
    let is_whole = only(text, "-:. T") && text.contains(':') && !is_leap(text);
    text.parse().ok().filter(|value: &DateTime| is_whole && is_micros(value.nanosecond().into()))
}

/// `2026-01-31T23:59:58+01:00`: with its distance from UTC, or `Z`.
pub(super) fn timestamptz(text: &str) -> Option<Timestamp> {
    let is_whole = only(text, "-+:. TZ") && !is_leap(text);
    text.parse().ok().filter(|value: &Timestamp| is_whole && is_micros(value.subsec_nanosecond()))
}

/// Whether the text has digits and these characters alone: more, such as a zone's name, would be dropped.
fn only(text: &str, more: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || more.contains(c))
}

/// A 60th second would be taken for the 59th.
fn is_leap(text: &str) -> bool {
    text.contains(":60")
}

/// No database keeps more than microseconds.
fn is_micros(nanosecond: i32) -> bool {
    nanosecond % 1000 == 0
}
