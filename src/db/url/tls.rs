//! What the options of an address ask of TLS, in the words of many drivers.

use crate::db::DbError;

/// The words for it, from the least to the most, as sqlx takes them.
pub(in crate::db) type Modes = [&'static str; 6];

/// What is asked for so far, as a place in [`Modes`].
#[derive(Default)]
pub(super) struct Tls {
    /// By an option that says a mode: the strictest.
    mode: Option<usize>,
    /// By one that asks for something more.
    least: usize,
    /// There is a certificate to hold the server's against.
    has_ca: bool,
    /// The server's is not to be held against it.
    unverified: bool,
}

const REQUIRE: usize = 3;
const VERIFY_CA: usize = 4;
const VERIFY_NAME: usize = 5;

impl Tls {
    /// Takes an option; `false`: it is none of TLS.
    pub fn take(&mut self, key: &str, value: &str, modes: &Modes) -> Result<bool, DbError> {
        let value = value.to_ascii_lowercase();
        let flag = match value.as_str() {
            "true" | "1" | "yes" | "on" => Some(true),
            "false" | "0" | "no" | "off" => Some(false),
            _ => None,
        };
        match (key, flag) {
            ("ssl", Some(wanted)) => self.ask(if wanted { REQUIRE } else { 0 }),
            ("ssl" | "sslmode" | "ssl-mode" | "ssl_mode", _) => match place(&value) {
                Some(place) => self.ask(place),
                None => {
                    let mut known = modes.to_vec();
                    known.dedup();
                    return Err(DbError::Url(format!("{key} is one of {}", known.join(", "))));
                }
            },
            ("ssl_disabled", Some(true)) => self.ask(0),
            ("ssl_verify_cert", Some(true)) => self.least = self.least.max(VERIFY_CA),
            ("ssl_verify_identity" | "ssl_check_hostname", Some(true)) => self.least = VERIFY_NAME,
            ("ssl_verify_cert", Some(false)) => self.unverified = true,
            ("ssl_disabled" | "ssl_verify_identity" | "ssl_check_hostname", Some(false)) => {}
            (
                "ssl_disabled" | "ssl_verify_cert" | "ssl_verify_identity" | "ssl_check_hostname",
                None,
            ) => {
                return Err(DbError::Url(format!("{key} is true or false")));
            }
            ("ssl_ca", _) => {
                self.has_ca = true;
                return Ok(false);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn ask(&mut self, place: usize) {
        self.mode = self.mode.max(Some(place));
    }

    /// The mode to ask for, if anything was said.
    pub fn mode(&self, modes: &Modes) -> Option<&'static str> {
        let by_ca = self.has_ca.then_some(if self.unverified { REQUIRE } else { VERIFY_CA });
        let least = (self.least > 0).then_some(self.least);
        self.mode.or(by_ca).max(least).map(|place| modes[place])
    }
}

/// The place of a mode by any of its names.
fn place(mode: &str) -> Option<usize> {
    Some(match mode.replace('_', "-").as_str() {
        "disable" | "disabled" => 0,
        "allow" => 1,
        "prefer" | "preferred" => 2,
        "require" | "required" => REQUIRE,
        "verify-ca" => VERIFY_CA,
        "verify-full" | "verify-identity" => VERIFY_NAME,
        _ => return None,
    })
}
