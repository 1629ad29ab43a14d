//! A database's values, resolved when a verb connects to it: environment, `.env`, files, commands.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;

use super::child::{self, Running};
use super::config::Url;
use super::document::OneOf;
use super::{Secret, StoreError, Variables};

const CONFIG: &str = "store.yaml";

/// How long a command has for printing an address; the docs say it too.
const COMMAND_LIMIT: Duration = Duration::from_secs(30);

/// More bytes than this are no address.
const LONGEST: u64 = 64 * 1024;

/// A key that holds an address.
pub(super) struct Address<'a> {
    /// The key.
    pub what: &'static str,
    /// Its value.
    pub url: &'a Url,
    /// Its line.
    pub line: Option<usize>,
}

/// The address that a key of a database holds.
pub(super) async fn url(
    name: &str,
    address: &Address<'_>,
    base: &Path,
    variables: &Variables,
) -> Result<Secret, StoreError> {
    let what = address.what;
    let error = |message: String, hint: Option<String>| StoreError::Value {
        message,
        file: CONFIG.to_owned(),
        line: address.line,
        hint,
    };
    let text = match &address.url.0 {
        OneOf::Word(text) => expand(text, what, &Scope::new(base, variables), &error)?,
        OneOf::Tree(source) => match &source.file {
            Some(file) => read(base.join(file))
                .await
                .map_err(|cause| error(format!("the {what} cannot be read: {cause}"), None))?,
            None => {
                let words = source.command.as_deref().unwrap_or_default();
                run(words, what, base, COMMAND_LIMIT, &error).await?
            }
        },
    };
    let text = text.trim();
    if text.is_empty() {
        return Err(error(format!("the {what} of the database {name} is empty"), None));
    }
    Ok(Secret::new(text))
}

/// Reads a file on a thread of its own: it may be a pipe, and whoever waits for it may be asked to stop.
async fn read(path: PathBuf) -> io::Result<String> {
    tokio::task::spawn_blocking(move || fs_err::read_to_string(path))
        .await
        .unwrap_or_else(|cause| Err(io::Error::other(cause)))
}

/// Where variables get their values from.
struct Scope<'a> {
    base: &'a Path,
    variables: &'a Variables,
    dotenv: std::cell::OnceCell<BTreeMap<String, String>>,
}

impl<'a> Scope<'a> {
    fn new(base: &'a Path, variables: &'a Variables) -> Self {
        Scope { base, variables, dotenv: std::cell::OnceCell::new() }
    }

    /// The value of a variable: the environment's, else that in `.env`.
    fn get(&self, name: &str) -> Result<Option<String>, StoreError> {
        if let Some(name) = name.strip_prefix("x.") {
            return Ok(self.variables.x.get(name).cloned());
        }
        if let Some(value) = std::env::var_os(name) {
            let value = value.into_string().map_err(|_| StoreError::Value {
                message: format!("the variable {name} is not UTF-8"),
                file: CONFIG.to_owned(),
                line: None,
                hint: None,
            })?;
            return Ok(Some(value));
        }
        let dotenv = match self.dotenv.get() {
            Some(values) => values,
            None => {
                let values = dotenv(self.base)?;
                self.dotenv.get_or_init(|| values)
            }
        };
        Ok(dotenv.get(name).cloned())
    }
}

/// The values in `.env`; none if there is no such file.
fn dotenv(base: &Path) -> Result<BTreeMap<String, String>, StoreError> {
    // A line that is not right may hold a password: it is not shown.
    let error = |message: &str| StoreError::Value {
        message: message.to_owned(),
        file: ".env".to_owned(),
        line: None,
        hint: Some("each line is NAME=VALUE; a value with spaces belongs in quotes".to_owned()),
    };
    let lines = match dotenvy::from_path_iter(base.join(".env")) {
        Ok(lines) => lines,
        Err(cause) if cause.not_found() => return Ok(BTreeMap::new()),
        Err(_) => return Err(error("the file cannot be read")),
    };
    let mut values = BTreeMap::new();
    for line in lines {
        let (name, value) = line.map_err(|_| error("a line is not right"))?;
        values.insert(name, value);
    }
    Ok(values)
}

/// Replaces the variables in a text. `$${` stands for `${`.
fn expand(
    text: &str,
    what: &str,
    scope: &Scope<'_>,
    error: &impl Fn(String, Option<String>) -> StoreError,
) -> Result<String, StoreError> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, after) = rest.split_at(at);
        if let Some(before) = before.strip_suffix('$') {
            out.push_str(before);
            out.push_str("${");
            rest = &after[2..];
            continue;
        }
        out.push_str(before);
        let Some((inner, after)) = after[2..].split_once('}') else {
            return Err(error(format!("the {what} has a ${{ without its }}"), None));
        };
        let (name, default) = match inner.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inner, None),
        };
        let plain = name.strip_prefix("x.").unwrap_or(name);
        let is_name = !plain.is_empty()
            && plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !plain.starts_with(|c: char| c.is_ascii_digit());
        if !is_name {
            let hint = "write ${NAME}, ${NAME:-default} or ${x.NAME}; $${ stands for ${ itself";
            return Err(error(
                format!("the {what} has a ${{…}} that names no variable"),
                Some(hint.to_owned()),
            ));
        }
        // As in a shell, a variable that is set to nothing takes its default too.
        let value = scope.get(name)?.filter(|value| !value.is_empty());
        match value.as_deref().or(default) {
            Some(value) => out.push_str(value),
            None => return Err(unset(name, plain, error)),
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn unset(
    name: &str,
    plain: &str,
    error: &impl Fn(String, Option<String>) -> StoreError,
) -> StoreError {
    if name.starts_with("x.") {
        let message = format!("the value {plain} is not given");
        return error(message, Some(format!("give it as -x {plain}=VALUE")));
    }
    let hint =
        format!("set it, write it to .env beside store.yaml, or give a default: ${{{name}:-…}}");
    error(format!("the variable {name} is not set"), Some(hint))
}

/// What a command prints. What it says on its standard error goes to ours, as it comes.
async fn run(
    words: &[String],
    what: &str,
    base: &Path,
    limit: Duration,
    error: &impl Fn(String, Option<String>) -> StoreError,
) -> Result<String, StoreError> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(error(format!("the {what}'s command is empty"), None));
    };
    let fails = |cause: io::Error| {
        error(format!("the {what}'s command {program} does not run: {cause}"), None)
    };
    let mut command = child::command(program, arguments, base);
    command.stderr(Stdio::inherit());
    let mut running = Running::start(command).await.map_err(fails)?;
    let ended = async {
        let mut printed = Vec::new();
        if let Some(stdout) = running.child.stdout.take() {
            stdout.take(LONGEST + 1).read_to_end(&mut printed).await?;
        }
        // Its end is seen last: until then its group is known, and can be killed.
        Ok((printed, running.wait().await?))
    };
    let Ok(ended) = tokio::time::timeout(limit, ended).await else {
        let limit = limit.as_secs_f64();
        let message =
            format!("the {what}'s command {program} ran for more than {limit} s, and was stopped");
        let hint = "run it by hand in the store's folder: it must print the address and end";
        return Err(error(message, Some(hint.to_owned())));
    };
    let (printed, status) = ended.map_err(fails)?;
    if printed.len() as u64 > LONGEST {
        return Err(error(format!("the {what}'s command {program} printed no address"), None));
    }
    if !status.success() {
        let message = format!("the {what}'s command {program} failed: {status}");
        return Err(error(message, None));
    }
    String::from_utf8(printed)
        .map_err(|_| error(format!("the {what}'s command {program} printed no text"), None))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_that_does_not_end_is_killed_with_what_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let script = "sleep 600 & echo $! > pid; wait";
        let words = ["sh", "-c", script].map(str::to_owned);
        let error = |message, hint| StoreError::Refused { message, hint };
        let limit = Duration::from_millis(300);
        let refusal = run(&words, "url", folder.path(), limit, &error).await.unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "the url's command sh ran for more than 0.3 s, and was stopped"
        );
        let Ok(pid) = std::fs::read_to_string(folder.path().join("pid")) else { return };
        let Ok(pid) = pid.trim().parse() else { return };
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        // Somebody else has to collect what is left of it.
        let is_alive = || {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            rustix::process::test_kill_process(pid).is_ok() && !stat.contains(") Z ")
        };
        while is_alive() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}
