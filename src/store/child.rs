//! Programs of others that are run: each in a process group of its own, so that what it starts ends
//! with it, and Ctrl-C is ours to pass on.

use std::io;
use std::path::Path;
use std::process::Stdio;

use tokio::process::{Child, Command};

/// A program that runs. If it is dropped before its end was seen, it is killed with all that it started.
pub(crate) struct Running {
    /// The program itself.
    pub child: Child,
}

/// A program in a folder, with nothing to read and with both its outputs to be read.
pub(crate) fn command(name: &str, arguments: &[String], folder: &Path) -> Command {
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
    pub fn start(command: &mut Command) -> io::Result<Running> {
        command.spawn().map(|child| Running { child })
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
