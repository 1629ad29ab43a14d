//! A command of the application's while it runs: waiting for its end, and how errors show it.

use std::process::ExitStatus;
use std::time::Duration;

use crate::store::child::Running;

use super::Cancel;

/// How long a command that is asked to end has for it.
const GRACE: Duration = Duration::from_secs(5);

/// As many of the last lines stand in an error.
pub(super) const TAIL: usize = 10;

/// How a command ended.
pub(super) enum Ended {
    /// By itself.
    Exit(ExitStatus),
    /// It ran for too long, and was ended.
    TooLong,
    /// Somebody asked to stop, and it was ended.
    Stopped,
}

/// Waits for the end of a command; on a wish to stop, or once it runs for too long, it is asked to end
/// and then made to.
pub(super) async fn wait(
    running: &mut Running,
    timeout: Option<Duration>,
    cancel: &Cancel,
) -> std::io::Result<Ended> {
    let too_long = async {
        match timeout {
            Some(timeout) => tokio::time::sleep(timeout).await,
            None => std::future::pending().await,
        }
    };
    let why = tokio::select! {
        biased;
        status = running.wait() => return status.map(Ended::Exit),
        () = cancel.cancelled() => Ended::Stopped,
        () = too_long => Ended::TooLong,
    };
    running.end(false);
    if tokio::time::timeout(GRACE, running.wait()).await.is_err() {
        running.end(true);
        let _ = running.child.kill().await;
    }
    Ok(why)
}

/// A command as errors show it: one line, and not all of a script.
pub(super) fn shown(words: &[String]) -> String {
    const LONGEST: usize = 60;
    let line = words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
