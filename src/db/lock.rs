//! What a lock of the migrators' is called, and who holds it.

use crate::text::Digester;

/// This process, for those who wait for its lock.
pub(super) fn who() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .or_else(|| std::env::var("HOSTNAME").ok());
    match host.as_deref().map(str::trim).filter(|host| !host.is_empty()) {
        Some(host) => format!("rev (pid {} on {host})", std::process::id()),
        None => format!("rev (pid {})", std::process::id()),
    }
}

/// What names the lock of one journal: hex digits.
pub(super) fn lock_digest(database: &str, schema: &str, prefix: &str) -> String {
    let mut digester = Digester::new("rev1 lock");
    for part in [database, schema, prefix] {
        digester.part(part.as_bytes());
    }
    digester.finish().to_string()
}
