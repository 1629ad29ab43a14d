//! A command in the background.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::Output;
use super::env::exit_code;

/// A running command, killed when dropped.
pub struct Running {
    child: Child,
    stdout: Stream,
    stderr: Stream,
}

impl Running {
    pub fn start(mut command: Command) -> Running {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let stdout = Stream::follow(child.stdout.take().expect("a pipe"));
        let stderr = Stream::follow(child.stderr.take().expect("a pipe"));
        Running { child, stdout, stderr }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until its stdout holds this text.
    #[track_caller]
    pub fn wait_for_stdout(&self, text: &str) {
        self.stdout.wait_for(text);
    }

    /// Waits until its stderr holds this text.
    #[track_caller]
    pub fn wait_for_stderr(&self, text: &str) {
        self.stderr.wait_for(text);
    }

    /// Sends a signal: `INT`, `TERM`, …
    pub fn signal(&self, name: &str) {
        let pid = self.id().to_string();
        assert!(
            Command::new("kill").args(["-s", name, &pid]).status().expect("kill runs").success()
        );
    }

    /// Kills it as `kill -9` does; it may have ended by itself.
    pub fn kill(&mut self) {
        drop(self.child.kill());
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a status").is_some()
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Output {
        let status = self.child.wait().expect("it ends");
        Output { stdout: self.stdout.end(), stderr: self.stderr.end(), code: exit_code(status) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
        drop(self.child.wait());
    }
}

/// What a pipe has given so far, and whether it has ended.
type Seen = (Mutex<(String, bool)>, Condvar);

struct Stream {
    seen: Arc<Seen>,
    thread: Option<JoinHandle<()>>,
}

impl Stream {
    fn follow(mut pipe: impl Read + Send + 'static) -> Stream {
        let seen: Arc<Seen> = Arc::default();
        let writer = seen.clone();
        let thread = std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                let length = pipe.read(&mut bytes).unwrap_or(0);
                let mut state = writer.0.lock().expect("a lock");
                state.0.push_str(&String::from_utf8_lossy(&bytes[..length]));
                state.1 = length == 0;
                writer.1.notify_all();
                if length == 0 {
                    return;
                }
            }
        });
        Stream { seen, thread: Some(thread) }
    }

    #[track_caller]
    fn wait_for(&self, text: &str) {
        let until = Instant::now() + Duration::from_secs(120);
        let mut state = self.seen.0.lock().expect("a lock");
        while !state.0.contains(text) {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!state.1 && !left.is_zero(), "{text:?} did not come:\n{}", state.0);
            state = self.seen.1.wait_timeout(state, left).expect("a lock").0;
        }
    }

    fn end(&mut self) -> String {
        if let Some(thread) = self.thread.take() {
            thread.join().expect("a reader");
        }
        std::mem::take(&mut self.seen.0.lock().expect("a lock").0)
    }
}
