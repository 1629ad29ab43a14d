//! The runtime for commands that need a database, and the signals that stop them.

use std::future::Future;
use std::io;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::signal::unix::{SignalKind, signal};

use revdag::Cancel;

use super::error::Error;
use super::progress::say;

/// The exit status of the signal that stopped this process: 130 or 143; 0: none came.
static SIGNAL_STATUS: AtomicU8 = AtomicU8::new(0);

/// The signal for a file that grows past its limit: the same number wherever this runs.
const SIGXFSZ: i32 = 25;

/// The exit status that tells which signal stopped this process.
pub fn signal_status() -> u8 {
    heard().unwrap_or(130)
}

/// The same, if a signal came.
pub fn heard() -> Option<u8> {
    Some(SIGNAL_STATUS.load(Ordering::Relaxed)).filter(|status| *status != 0)
}

/// Runs something that changes a database. SIGINT and SIGTERM ask it to stop; it goes on until it
/// knows the outcome of what it was doing, or has waited for it for some seconds. The second signal says
/// so, the third leaves at once, as a crash would.
pub fn changing<T, F>(work: impl FnOnce(Cancel) -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let cancel = Cancel::default();
    block_on(async {
        let mut signals = Signals::new()?;
        let mut work = std::pin::pin!(work(cancel.clone()));
        let mut heard = 0;
        loop {
            tokio::select! {
                biased;
                outcome = &mut work => return outcome,
                () = signals.next() => {
                    heard += 1;
                    match heard {
                        1 => {
                            say("stopping: the running statement is cancelled and its outcome recorded");
                            cancel.cancel();
                        }
                        2 => say("still waiting for the database, for some seconds at most; another signal exits at once, like a crash"),
                        _ => std::process::exit(signal_status().into()),
                    }
                }
            }
        }
    })
}

/// Runs something that only reads; SIGINT and SIGTERM end it at once.
pub fn reading<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    block_on(async {
        let mut signals = Signals::new()?;
        tokio::select! {
            outcome = work => outcome,
            () = signals.next() => Err(Error::Stopped),
        }
    })
}

fn block_on<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        // A write past `ulimit -f` is then an error like any other and does not kill the process.
        let _too_big = signal(SignalKind::from_raw(SIGXFSZ))?;
        work.await
    });
    // A thread that still waits for an answer on the terminal must not keep the process.
    runtime.shutdown_background();
    outcome
}

/// SIGINT and SIGTERM; a process that is the first of its container dies of neither by itself.
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        let status = tokio::select! {
            _ = self.interrupt.recv() => 130,
            _ = self.terminate.recv() => 143,
        };
        SIGNAL_STATUS.store(status, Ordering::Relaxed);
    }
}
