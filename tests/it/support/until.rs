//! Waiting for what another process does.

use std::time::{Duration, Instant};

/// Waits for something that takes seconds at most.
#[track_caller]
pub fn until(mut is: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(120);
    while !is() {
        assert!(Instant::now() < end, "it did not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}
