//! Commands of the application's as a part of a step.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::sync::mpsc;

use crate::db::{self, DbError, ServerError};
use crate::model::{Id, ProgramTask};
use crate::store::child::{self, Running};

use super::Event;
use super::child::{Ended, TAIL, wait};
use super::detail::ProgramDone;
use super::session::Run;

/// How often the connection is used meanwhile, so that nothing in between takes it for dead.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// As many bytes of one line are passed on at a time.
const LONGEST_LINE: u64 = 16 * 1024;

impl Run<'_> {
    /// Runs a command in the store's folder, with the address in its environment. Its output is passed
    /// on line by line. `Ok(None)`: somebody asked to stop.
    pub(super) async fn program(
        &mut self,
        revision: &Id,
        program: &ProgramTask,
    ) -> Result<Option<ProgramDone>, DbError> {
        if self.database.scratch.is_some() {
            let command = super::child::shown(&program.command);
            (self.events)(Event::Notice(format!(
                "{revision}: `{command}` is not run on a scratch database"
            )));
            return Ok(Some(ProgramDone { exit: 0, seconds: 0.0 }));
        }
        let settings = &self.database.settings;
        let url = settings.url.reveal().to_owned();
        let address = db::address_for_programs(&url, &settings.base)?;
        let [name, arguments @ ..] = program.command.as_slice() else {
            return Err(said("the program is empty".to_owned(), None));
        };
        let mut command = child::command(name, arguments, self.store.root());
        command.envs(program.environment.iter()).env(&program.variable, address);
        let timeout = program.timeout.map(Duration::from_secs);
        let began = Instant::now();
        let mut running = Running::start(command).await.map_err(|cause| {
            let hint = "it runs in the store's folder, by its name in PATH or its path from there";
            said(format!("`{name}` does not run: {cause}"), Some(hint))
        })?;
        let (sender, mut lines) = mpsc::channel(64);
        if let Some(stdout) = running.child.stdout.take() {
            tokio::spawn(pass_on(stdout, false, sender.clone()));
        }
        if let Some(stderr) = running.child.stderr.take() {
            tokio::spawn(pass_on(stderr, true, sender.clone()));
        }
        drop(sender);
        let mut tail = VecDeque::new();
        let ended = {
            let mut show = |(is_error, line): (bool, String)| {
                let line = db::without_passwords(&url, &line);
                if tail.len() == TAIL {
                    tail.pop_front();
                }
                tail.push_back(line.clone());
                let revision = revision.clone();
                (self.events)(Event::ProgramSays { revision, line, is_error });
            };
            let mut waited = Box::pin(wait(&mut running, timeout, self.cancel));
            let mut alive =
                tokio::time::interval_at(tokio::time::Instant::now() + SIGN_OF_LIFE, SIGN_OF_LIFE);
            let ended = loop {
                tokio::select! {
                    biased;
                    Some(line) = lines.recv() => show(line),
                    ended = &mut waited => break ended,
                    _ = alive.tick() => {
                        // If the connection is gone, the mark that follows will say so.
                        let _ = self.database.connection.lock_is_held().await;
                    }
                }
            };
            // What it wrote at last; something that it left running may keep its output open.
            let rest = async {
                while let Some(line) = lines.recv().await {
                    show(line);
                }
            };
            let _ = tokio::time::timeout(Duration::from_millis(500), rest).await;
            ended
        };
        let ended = ended.map_err(|cause| said(format!("`{name}`: {cause}"), None))?;
        let seconds = (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        let detail = match tail.is_empty() {
            true => None,
            false => Some(format!("output:\n{}", Vec::from(tail).join("\n"))),
        };
        let failed = |message: String| {
            DbError::Statement(ServerError { message, detail, ..ServerError::default() })
        };
        match ended {
            Ended::Stopped => Ok(None),
            Ended::Exit(status) if status.success() => Ok(Some(ProgramDone { exit: 0, seconds })),
            Ended::Exit(status) => Err(failed(format!("`{name}` ended with {status}"))),
            Ended::TooLong => {
                let limit = program.timeout.unwrap_or_default();
                Err(failed(format!("`{name}` ran for more than {limit} s, and was stopped")))
            }
        }
    }
}

/// Passes on what comes, line by line; one that is too long comes in pieces.
async fn pass_on(from: impl AsyncRead + Unpin, is_error: bool, to: mpsc::Sender<(bool, String)>) {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut from).take(LONGEST_LINE).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line);
        if to.send((is_error, text.trim_end_matches(['\n', '\r']).to_owned())).await.is_err() {
            return;
        }
    }
}

fn said(message: String, hint: Option<&str>) -> DbError {
    DbError::Statement(ServerError::new(message, hint))
}
