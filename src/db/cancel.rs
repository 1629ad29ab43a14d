//! The wish to stop, shared between a signal handler and a run.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// How long after a wish to stop a server is waited for: shorter than the ten seconds that a container
/// mostly has for its end.
pub(super) const LEAVE: Duration = Duration::from_secs(8);

/// A wish to stop; clones share it.
#[derive(Debug, Clone)]
pub struct Cancel(watch::Sender<Option<Instant>>);

impl Default for Cancel {
    fn default() -> Self {
        Cancel(watch::Sender::new(None))
    }
}

impl Cancel {
    /// Asks whatever runs to stop.
    pub fn cancel(&self) {
        self.0.send_if_modified(|at| {
            let is_first = at.is_none();
            at.get_or_insert_with(Instant::now);
            is_first
        });
    }

    /// Whether somebody asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits until somebody asks.
    pub async fn cancelled(&self) {
        self.asked_at().await;
    }

    /// Waits until whatever runs should have stopped: some seconds after somebody asked, and never less
    /// than `least` from then on.
    pub(crate) async fn overdue(&self, least: Duration) {
        let asked = self.asked_at().await;
        tokio::time::sleep_until((asked + LEAVE).max(Instant::now() + least)).await;
    }

    async fn asked_at(&self) -> Instant {
        let mut receiver = self.0.subscribe();
        // The sender is `self`, so the channel cannot be closed while this waits.
        let asked = receiver.wait_for(Option::is_some).await.ok().and_then(|at| *at);
        asked.unwrap_or_else(Instant::now)
    }
}
