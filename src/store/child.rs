//! Programs of others that are run: each in a process group of its own, so that what it starts ends
//! with it, and Ctrl-C is ours to pass on.

use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::process::{Child, Command};

#[cfg(unix)]
use super::watchdog;

/// A program that runs. If it is dropped before its end was seen, it is killed with all that it started.
pub(crate) struct Running {
    /// The program itself, or the watchdog that it runs below.
    pub child: Child,
    /// Where the watchdog tells of the program, and sees when we are gone.
    #[cfg(unix)]
    pipe: Option<tokio::net::UnixStream>,
}

/// A program in a folder, with nothing to read and with both its outputs to be read.
pub(crate) fn command(name: &str, arguments: &[String], folder: &Path) -> Command {
    #[cfg(unix)]
    let mut command = watchdog::command(name);
    #[cfg(not(unix))]
    let mut command = Command::new(name);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if folder.is_dir() {
        command.current_dir(folder);
    }
    #[cfg(unix)]
    command.process_group(0);
    command
}

impl Running {
    /// Starts what [`command`] made.
    #[cfg(unix)]
    pub async fn start(mut command: Command) -> io::Result<Running> {
        use tokio::io::AsyncReadExt as _;

        if !watchdog::is_there() {
            return Ok(Running { child: command.spawn()?, pipe: None });
        }
        let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let child = command.stdin(Stdio::from(std::os::fd::OwnedFd::from(theirs))).spawn()?;
        // It holds their end, too.
        drop(command);
        let mut pipe = tokio::net::UnixStream::from_std(ours)?;
        let mut running = Running { child, pipe: None };
        match pipe.read_i32().await {
            Ok(0) => {
                running.pipe = Some(pipe);
                Ok(running)
            }
            Ok(number) => Err(io::Error::from_raw_os_error(number)),
            Err(_) => Err(io::Error::other("its watchdog does not run")),
        }
    }

    /// Starts what [`command`] made.
    #[cfg(not(unix))]
    pub async fn start(mut command: Command) -> io::Result<Running> {
        command.spawn().map(|child| Running { child })
    }

    /// Waits for the end of the program.
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await?;
        #[cfg(unix)]
        if let Some(pipe) = &mut self.pipe {
            use std::os::unix::process::ExitStatusExt as _;
            use tokio::io::AsyncReadExt as _;

            // The watchdog has ended, so that all it said is here.
            return Ok(pipe.read_i32().await.map_or(status, ExitStatus::from_raw));
        }
        Ok(status)
    }

    /// Asks the program and all that it started to end, or makes them.
    #[cfg(unix)]
    pub fn end(&self, by_force: bool) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let signal = if by_force { Signal::KILL } else { Signal::TERM };
        // There is no id once its end was seen: the number may be another's by then.
        let group = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(group) = group {
            // A group that is gone needs no signal.
            let _ = kill_process_group(group, signal);
        }
    }

    /// Asks the program and all that it started to end, or makes them.
    #[cfg(not(unix))]
    pub fn end(&self, _by_force: bool) {}
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end(true);
    }
}
