//! `rev` as the watchdog of a program that another `rev` runs; see [`revdag::store::watchdog`].

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use revdag::store::watchdog;

use super::progress::say;

/// The word for it, which no help shows: nobody types it.
const WORD: &str = "watch-program";

/// Watches a program, if that is what this process was started for; else has its own programs watched.
pub fn asked() -> Option<ExitCode> {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_none_or(|word| word != WORD) {
        watchdog::start_by(vec![this_program().into(), WORD.into()]);
        return None;
    }
    Some(match watch(words.collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    })
}

fn watch(words: Vec<OsString>) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(watchdog::watch(words))
}

/// The file of this program. One that was replaced since is still known to the system.
fn this_program() -> PathBuf {
    match std::env::current_exe() {
        Ok(path) if path.exists() => path,
        _ => PathBuf::from("/proc/self/exe"),
    }
}
