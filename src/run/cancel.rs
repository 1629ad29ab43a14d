//! The wish to stop, shared between a signal handler and a run.

use tokio::sync::watch;

/// A wish to stop; clones share it.
#[derive(Debug, Clone)]
pub struct Cancel(watch::Sender<bool>);

impl Default for Cancel {
    fn default() -> Self {
        Cancel(watch::Sender::new(false))
    }
}

impl Cancel {
    /// Asks whatever runs to stop.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether somebody asked.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until somebody asks.
    pub async fn cancelled(&self) {
        let mut receiver = self.0.subscribe();
        // The sender is `self`, so the channel cannot be closed while this waits.
        let _ = receiver.wait_for(|cancelled| *cancelled).await;
    }
}
