//! A process between this one and a program that it runs, which ends the program when this one is gone.
//!
//! A process that is killed (SIGKILL, no memory left) can end nothing any more, and a program that it
//! has started would go on while the next run begins. Below a watchdog it does not: that sees the end
//! of a pipe, and ends the program with all that it started.
//!
//! The command `rev` does this by itself. In an application, programs end with a run that is stopped or
//! dropped, and outlive the application only if that is killed. One that must not have that either starts
//! itself as the watchdog:
//!
//! ```no_run
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! use revdag::store::watchdog;
//!
//! let mut words = std::env::args_os().skip(1);
//! if words.next().is_some_and(|word| word == "watch") {
//!     return watchdog::watch(words.collect()).await;
//! }
//! watchdog::start_by(vec![std::env::current_exe()?.into(), "watch".into()]);
//! # Ok(())
//! # }
//! ```

use std::ffi::OsString;
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Duration;

use rustix::process::{Signal, getpgrp, getpid, kill_process_group};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

/// How long a program that is asked to end has for it.
const GRACE: Duration = Duration::from_secs(5);

static WATCHDOG: OnceLock<Vec<OsString>> = OnceLock::new();

/// Has the programs that this process runs for its stores started below this command, which gets each
/// with its arguments as words of its own and does as [`watch`]. Only the first call counts.
pub fn start_by(command: Vec<OsString>) {
    if !command.is_empty() {
        let _ = WATCHDOG.set(command);
    }
}

/// Whether programs are started below a watchdog.
pub(super) fn is_there() -> bool {
    WATCHDOG.get().is_some()
}

/// A program, below the watchdog if there is one.
pub(super) fn command(name: &str) -> Command {
    let Some([watchdog, before @ ..]) = WATCHDOG.get().map(Vec::as_slice) else {
        return Command::new(name);
    };
    let mut command = Command::new(watchdog);
    command.args(before).arg(name);
    command
}

/// Runs a program for the process that started this one as [`start_by`] says, and ends the program with
/// all that it started when that process is gone. To be called early, by a process that does nothing else.
///
/// # Errors
/// It was not started in that way.
pub async fn watch(words: Vec<OsString>) -> io::Result<()> {
    let group = getpgrp();
    let [name, arguments @ ..] = words.as_slice() else {
        return Err(io::Error::other("there is no program to watch"));
    };
    if group != getpid() {
        return Err(io::Error::other("a watchdog is the first of its process group"));
    }
    // The whole group is asked to end, and the watchdog stays to see that it does.
    let _signals = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
    let pipe = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    pipe.set_nonblocking(true)?;
    let mut pipe = tokio::net::UnixStream::from_std(pipe)?;
    let mut child = match Command::new(name).args(arguments).stdin(Stdio::null()).spawn() {
        Ok(child) => child,
        Err(error) => return pipe.write_i32(error.raw_os_error().unwrap_or(-1)).await,
    };
    // Whether anybody is there to be told is seen below.
    let _ = pipe.write_i32(0).await;
    tokio::select! {
        biased;
        status = child.wait() => {
            let _ = pipe.write_i32(status?.into_raw()).await;
        }
        // Nothing is ever sent: this is its end.
        _ = pipe.read_u8() => {
            let _ = kill_process_group(group, Signal::TERM);
            let _ = tokio::time::timeout(GRACE, child.wait()).await;
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    Ok(())
}
