//! Waiting for the migrators' lock.

use std::time::{Duration, Instant};

use crate::db::{DbError, Lock};

use super::{Cancel, Database, Error, Event};

/// The longest single wait: after it, a wish to stop is seen and a new holder is told.
const LONGEST: Duration = Duration::from_secs(1);

/// Takes the lock, waiting for as long as `lock_timeout` says. Tells who holds it, each one once.
/// `false`: somebody asked to stop.
pub(super) async fn take(
    database: &mut Database,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<bool, Error> {
    let taken = wait_for(database, cancel, events).await;
    if !matches!(taken, Ok(true)) {
        // What is held of it in vain.
        let _ = database.connection.unlock().await;
    }
    taken
}

async fn wait_for(
    database: &mut Database,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<bool, Error> {
    let began = Instant::now();
    let timeout = database.settings.lock_timeout;
    let mut told: Option<Option<String>> = None;
    let mut back_off = Duration::from_millis(10);
    let mut wait = Duration::ZERO;
    loop {
        let asked = Instant::now();
        let holder = match database.connection.try_lock(wait).await {
            Ok(Lock::Held) => {
                tracing::debug!(waited = ?began.elapsed(), "the migrators' lock is held");
                return Ok(true);
            }
            Ok(Lock::Busy(holder)) => holder,
            Err(DbError::LockTimeout(error)) => {
                tracing::debug!(%error, code = error.code, "the lock was asked for in vain");
                told.clone().flatten()
            }
            Err(error) => return Err(error.into()),
        };
        if told.as_ref() != Some(&holder) {
            events(Event::LockBusy { holder: holder.clone() });
            told = Some(holder.clone());
        }
        let left = timeout.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Err(Error::Locked { holder, waited: began.elapsed().as_secs() });
        }
        if cancel.is_cancelled() {
            return Ok(false);
        }
        // An engine that waits by itself has used up its time; one that does not is asked again
        // after a pause.
        if asked.elapsed() < wait.max(Duration::from_millis(1)) || wait.is_zero() {
            let pause = jittered(back_off).min(left);
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = cancel.cancelled() => return Ok(false),
            }
            back_off = (back_off * 2).min(LONGEST / 2);
        }
        wait = LONGEST.min(timeout.saturating_sub(began.elapsed()));
    }
}

/// Somewhere between half of a time and one and a half of it, so that those who wait do not ask together.
pub(super) fn jittered(time: Duration) -> Duration {
    time.mul_f64(0.5 + fastrand::f64())
}
