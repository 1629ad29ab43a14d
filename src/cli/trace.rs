//! `-vv`: what the library tells `tracing`, on stderr.

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Logs runs, steps and statements from now on. Other crates are not listened to: what drivers log may
/// hold literals.
pub fn log_to_stderr() {
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(anstream::stderr)
        .with_ansi(true)
        .with_target(false)
        .with_span_events(FmtSpan::CLOSE)
        .with_filter(Targets::new().with_target("revdag", LevelFilter::DEBUG));
    // Nobody else in this process sets one.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}
