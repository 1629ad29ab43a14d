//! Time and randomness, from one place so that tests can hold them still: `REV_TIMESTAMP`
//! (RFC 3339) fixes the clock, `REV_SEED` (a number) the random words.

use std::env;
use std::sync::{LazyLock, Mutex, PoisonError};

use jiff::Timestamp;

use crate::model::Created;

/// The time now, to the second, in UTC. A `REV_TIMESTAMP` that is no RFC 3339 time is not used.
pub fn now() -> Created {
    created(timestamp())
}

/// A random word of lower-case hex digits.
pub fn random_hex(digits: usize) -> String {
    static SOURCE: LazyLock<Mutex<fastrand::Rng>> = LazyLock::new(|| {
        let seed = env::var("REV_SEED").ok().and_then(|seed| seed.trim().parse().ok());
        Mutex::new(seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed))
    });
    let mut source = SOURCE.lock().unwrap_or_else(PoisonError::into_inner);
    (0..digits).map(|_| source.digit(16)).collect()
}

/// The instant of [`now`], for the fields of a file's name.
pub(super) fn timestamp() -> Timestamp {
    let fixed = env::var("REV_TIMESTAMP").ok().and_then(|text| text.trim().parse().ok());
    let now: Timestamp = fixed.unwrap_or_else(Timestamp::now);
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// An instant as a revision's `created`.
pub(super) fn created(at: Timestamp) -> Created {
    Created { text: at.to_string(), micros: at.as_microsecond() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_word_has_the_length_and_the_digits_asked_for() {
        let word = random_hex(40);
        assert_eq!(word.len(), 40);
        assert!(word.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)));
        assert_ne!(word, random_hex(40));
    }

    #[test]
    fn an_instant_is_written_to_the_second_in_utc() {
        let at = created("2026-11-22T20:06:22+01:00".parse().unwrap());
        assert_eq!(at.text, "2026-11-22T19:06:22Z");
        assert_eq!(at.micros, 1_795_374_382_000_000);
    }
}
