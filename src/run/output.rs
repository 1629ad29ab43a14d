//! What a program prints of a desired schema.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::db;
use crate::store::Store;
use crate::store::child::{self, Running};

use super::child::{Ended, TAIL, shown, wait};
use super::error::SchemaProgram;
use super::{Cancel, Database, Error};

/// More than this is no schema.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Runs a command of a desired schema in the store's folder and gives what it prints, and the last lines
/// of what it says on its standard error. `line` is that of `store.yaml` on which it stands.
///
/// # Errors
/// It does not run, fails, takes too long, or prints nothing that could be SQL.
pub(super) async fn output_of(
    store: &Store,
    database: &Database,
    words: &[String],
    timeout: Duration,
    line: usize,
    cancel: &Cancel,
) -> Result<(String, Vec<String>), Error> {
    let shown = shown(words);
    let failed = |message: String, said: Vec<String>, hint: &str| {
        let hint = hint.to_owned();
        Error::SchemaProgram(Box::new(SchemaProgram { message, said, line, hint }))
    };
    let [name, arguments @ ..] = words else {
        return Err(failed("the program is empty".to_owned(), Vec::new(), "name a program"));
    };
    let mut command = child::command(name, arguments, store.root());
    command
        .env("REV_DIALECT", database.connection.dialect().name())
        .env("REV_DATABASE", &database.settings.name);
    let mut running = Running::start(command).await.map_err(|cause| {
        let hint = "it runs in the store's folder, by its name in PATH or its path from there";
        failed(format!("`{name}` does not run: {cause}"), Vec::new(), hint)
    })?;
    let stdout = tokio::spawn(all(running.child.stdout.take()));
    let stderr = tokio::spawn(all(running.child.stderr.take()));
    let ended = wait(&mut running, Some(timeout), cancel).await;
    // Something that it left running may keep its output open.
    let rest = Duration::from_secs(5);
    let printed = tokio::time::timeout(rest, stdout).await;
    let said = tokio::time::timeout(rest, stderr).await;
    let said = said.ok().and_then(Result::ok).unwrap_or_default();
    let url = database.settings.url.reveal();
    let said = tail(&db::without_passwords(url, &String::from_utf8_lossy(&said)));
    match ended {
        Err(cause) => return Err(failed(format!("`{shown}`: {cause}"), said, "run it by hand")),
        Ok(Ended::Stopped) => return Err(Error::GivenUp),
        Ok(Ended::TooLong) => {
            let limit = timeout.as_secs_f64();
            let message = format!("`{shown}` ran for more than {limit} s, and was stopped");
            return Err(failed(message, said, "`timeout` beside `program` gives it more time"));
        }
        Ok(Ended::Exit(status)) if !status.success() => {
            let message = format!("`{shown}` ended with {status}");
            return Err(failed(message, said, "run it by hand in the store's folder"));
        }
        Ok(Ended::Exit(_)) => {}
    }
    let Some(printed) = printed.ok().and_then(Result::ok) else {
        let hint = "it must end together with all processes that it started";
        return Err(failed(format!("`{shown}` did not close its output"), said, hint));
    };
    let hint = "it prints the SQL that creates the schema, and nothing else";
    if printed.len() as u64 > LONGEST {
        return Err(failed(format!("`{shown}` printed more than 64 MB"), said, hint));
    }
    let Ok(text) = String::from_utf8(printed) else {
        return Err(failed(format!("`{shown}` printed output that is not UTF-8"), said, hint));
    };
    if text.trim().is_empty() {
        return Err(failed(format!("`{shown}` printed nothing"), said, hint));
    }
    Ok((text, said))
}

/// All that comes, as far as it is looked at.
async fn all(from: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        // What cannot be read any more ends with the program.
        let _ = from.take(LONGEST + 1).read_to_end(&mut bytes).await;
    }
    bytes
}

/// The last lines.
fn tail(text: &str) -> Vec<String> {
    let mut lines: VecDeque<String> = VecDeque::new();
    for line in text.lines() {
        if lines.len() == TAIL {
            lines.pop_front();
        }
        lines.push_back(line.to_owned());
    }
    lines.into()
}
