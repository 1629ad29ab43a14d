//! Texts of a document that mean a value: a time zone, a duration, a point in time.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::complaint::Complaint;
use crate::model::Created;

/// A time zone, by its name.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Zone(pub TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Zone(TimeZone::UTC)
    }
}

impl TryFrom<String> for Zone {
    type Error = Complaint;

    fn try_from(text: String) -> Result<Self, Complaint> {
        if text == "UTC" {
            return Ok(Zone(TimeZone::UTC));
        }
        TimeZone::get(&text).map(Zone).map_err(|_| Complaint {
            message: format!("there is no time zone {text:?}"),
            hint: Some("write UTC, or a name such as Europe/Berlin".to_owned()),
        })
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.0.iana_name().unwrap_or("UTC").to_owned()
    }
}

/// A duration: a whole number with its unit.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Timeout(pub Duration);

impl TryFrom<String> for Timeout {
    type Error = Complaint;

    fn try_from(text: String) -> Result<Self, Complaint> {
        duration(&text).map(Timeout).ok_or_else(|| Complaint {
            message: format!("{text:?} is not a duration"),
            hint: Some("write a whole number and ms, s, m or h: 500ms, 60s, 2m".to_owned()),
        })
    }
}

impl From<Timeout> for String {
    fn from(Timeout(time): Timeout) -> String {
        match time.subsec_millis() {
            0 => format!("{}s", time.as_secs()),
            _ => format!("{}ms", time.as_millis()),
        }
    }
}

fn duration(text: &str) -> Option<Duration> {
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit);
    let number: u64 = number.parse().ok()?;
    let millis = match unit.trim_start() {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    // Servers take their timeouts in 32 bits of milliseconds.
    number.checked_mul(millis).filter(|all| *all <= i32::MAX as u64).map(Duration::from_millis)
}

/// A point in time, as it is written.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Instant(pub Created);

impl TryFrom<String> for Instant {
    type Error = Complaint;

    fn try_from(text: String) -> Result<Self, Complaint> {
        instant(&text).map(Instant).ok_or_else(|| Complaint {
            message: "created is not a timestamp with time zone".to_owned(),
            hint: Some("write it as 2026-11-22T19:06:22Z".to_owned()),
        })
    }
}

/// Reads a point in time.
pub(super) fn instant(text: &str) -> Option<Created> {
    let at: Timestamp = text.parse().ok()?;
    Some(Created { text: text.to_owned(), micros: at.as_microsecond() })
}
