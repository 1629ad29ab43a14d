//! What a lock of the migrators' is called, and who holds it.

use std::time::Duration;

use crate::text::Digester;

/// How long a lock with a lease is the holder's that shows no sign of life.
pub(super) const LEASE: Duration = Duration::from_secs(15);

/// How old the proof that the lock is held may be when a statement is sent that commits by itself.
pub const FRESH: Duration = Duration::from_secs(LEASE.as_secs() - 1);

/// This process, for those who wait for its lock.
pub(super) fn who() -> String {
    match host_name() {
        Some(host) => format!("rev (pid {} on {host})", std::process::id()),
        None => format!("rev (pid {})", std::process::id()),
    }
}

/// The name of this machine.
pub fn host_name() -> Option<String> {
    let read = |path| fs_err::read_to_string(path).ok();
    let told = |name| std::env::var(name).ok();
    let host = read("/proc/sys/kernel/hostname")
        .or_else(|| read("/etc/hostname"))
        .or_else(|| told("HOSTNAME"))
        .or_else(|| told("COMPUTERNAME"))?;
    Some(host.trim().to_owned()).filter(|host| !host.is_empty())
}

/// What names the lock of one journal: hex digits.
pub(super) fn lock_digest(database: &str, schema: &str, prefix: &str) -> String {
    let mut digester = Digester::new("rev1 lock");
    for part in [database, schema, prefix] {
        digester.part(part.as_bytes());
    }
    digester.finish().to_string()
}
