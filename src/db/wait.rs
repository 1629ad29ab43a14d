//! Waiting for a server: until it answers, has gone silent, or somebody wants to stop. No wait is
//! without an end but that for a server that is there and still runs what it was sent.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::cancel::LEAVE;
use super::{CONNECT_TIMEOUT, Cancel, Canceller, DbError};

/// How long something of our own has after a wish to stop before it is cancelled: mostly it is done in
/// a moment, and its outcome is worth more.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a server has for a request to cancel, and for its first word to somebody new.
const ANSWER: Duration = Duration::from_secs(5);

/// How long a wait lasts at least that begins after the wish to stop.
const LEAST: Duration = Duration::from_secs(2);

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// A statement of a revision, which is cancelled at once.
    Statement,
    /// Something of our own, a COMMIT among it.
    Ours,
}

/// What a second connection shows of a session that does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sign {
    /// The server is there, and nothing shows that it does not run what it was sent.
    Alive,
    /// The server cannot be reached, or does nothing more for this session: in words.
    Silent(String),
}

/// Looks at a session from outside.
#[async_trait::async_trait]
pub(super) trait Outside: Canceller {
    /// Whether the server still runs what it was sent. Each answer has this time at most.
    async fn look(&self, within: Duration) -> Sign;
}

/// Waits for the answers of one connection.
pub(super) struct Waiter {
    outside: Arc<dyn Outside>,
    /// `None`: a server may be silent for ever.
    silent_after: Option<Duration>,
    stop: Cancel,
    /// Why the connection cannot be used any more.
    lost: Option<String>,
    /// What was cut short on request, and done all the same.
    cut_short: Option<String>,
}

impl Waiter {
    pub fn new(outside: Arc<dyn Outside>, silent_after: Option<Duration>) -> Self {
        Waiter { outside, silent_after, stop: Cancel::default(), lost: None, cut_short: None }
    }

    /// Looks at the session in this way from now on.
    pub fn look_by(&mut self, outside: Arc<dyn Outside>) {
        self.outside = outside;
    }

    /// Ends what is waited for once somebody asks to stop.
    pub fn heed(&mut self, stop: &Cancel) {
        self.stop = stop.clone();
    }

    /// Whether the connection cannot be used any more.
    pub fn is_lost(&self) -> bool {
        self.lost.is_some()
    }

    /// What was cut short on request, and done all the same; said once.
    pub fn cut_short(&mut self) -> Option<String> {
        self.cut_short.take()
    }

    /// Waits for an answer. Once one was not waited for any longer, or client and server are out of
    /// step, nothing is sent any more.
    pub async fn on<T>(
        &mut self,
        sent: Sent,
        work: impl Future<Output = Result<T, DbError>>,
    ) -> Result<T, DbError> {
        if let Some(words) = &self.lost {
            return Err(DbError::Lost(words.clone()));
        }
        let (outcome, waited_for) = self.outcome(sent, work).await;
        match &outcome {
            Err(DbError::Lost(words)) => self.lost = Some(words.clone()),
            Ok(_) if waited_for.as_deref().is_some_and(is_of_standby) => {
                self.cut_short = Some(format!(
                    "a COMMIT waited for a standby ({}) and was cut short: it is done on this server, \
                     and may be missing on the standby",
                    waited_for.unwrap_or_default()
                ));
            }
            _ => {}
        }
        outcome
    }

    /// The outcome, and what the session waited for when it was asked to stop.
    async fn outcome<T>(
        &self,
        sent: Sent,
        work: impl Future<Output = Result<T, DbError>>,
    ) -> (Result<T, DbError>, Option<String>) {
        let mut work = pin!(work);
        tokio::select! {
            biased;
            outcome = &mut work => return (outcome, None),
            words = self.silence() => return (Err(DbError::Lost(words)), None),
            () = self.stopping(sent) => {}
        }
        let mut overdue = pin!(self.stop.overdue(LEAST));
        let mut waited_for = None;
        let mut why = "the server cannot be reached by a second connection".to_owned();
        let mut pause = Duration::from_millis(200);
        // The first request may come before the statement has begun.
        loop {
            let mut asked = pin!(timeout(ANSWER, self.outside.cancel()));
            tokio::select! {
                biased;
                outcome = &mut work => {
                    if !matches!(outcome, Err(DbError::Lost(_))) {
                        // A request that comes late would hit what is sent next; and what the session
                        // waited for may be told only after it has ended.
                        if let Ok(Ok(found)) = asked.await {
                            waited_for = found.or(waited_for);
                        }
                    }
                    return (outcome, waited_for);
                }
                answer = &mut asked => match answer {
                    Ok(Ok(found)) => {
                        why = match &found {
                            Some(found) => format!("the server was asked to cancel, and waits for {found}"),
                            None => "the server was asked to cancel".to_owned(),
                        };
                        waited_for = found.or(waited_for);
                    }
                    Ok(Err(error)) => why = error.to_string(),
                    Err(_) => {}
                },
                () = &mut overdue => return (Err(left(&why)), None),
            }
            tokio::select! {
                biased;
                outcome = &mut work => return (outcome, waited_for),
                () = sleep(pause) => {}
                () = &mut overdue => return (Err(left(&why)), None),
            }
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    /// Waits until somebody asks to stop what is waited for.
    async fn stopping(&self, sent: Sent) {
        self.stop.cancelled().await;
        if sent == Sent::Ours {
            sleep(PATIENCE).await;
        }
    }

    /// Waits until the server has shown no sign for as long as it may, and says what it showed instead.
    async fn silence(&self) -> String {
        let Some(limit) = self.silent_after else { return std::future::pending().await };
        let mut heard = Instant::now();
        loop {
            sleep(limit / 5).await;
            match self.outside.look(limit).await {
                Sign::Alive => heard = Instant::now(),
                Sign::Silent(words) if heard.elapsed() >= limit => {
                    let limit = limit.as_secs_f64();
                    return format!(
                        "no sign of the server for {limit} s (`silent_after`): {words}"
                    );
                }
                Sign::Silent(_) => {}
            }
        }
    }
}

fn left(why: &str) -> DbError {
    DbError::Lost(format!(
        "left {} s after the request to stop, without an answer: {why}",
        LEAVE.as_secs()
    ))
}

/// Whether what a session waits for is a copy of what it has committed already.
fn is_of_standby(waits_for: &str) -> bool {
    ["SyncRep", "semi-sync"].into_iter().any(|words| waits_for.contains(words))
}

/// Opens a second connection to look at a session. `Err`: none came about, and whether the server is there.
pub(super) async fn second<O: sqlx::ConnectOptions>(
    options: &O,
    within: Duration,
    greeting: impl Future<Output = std::io::Result<()>>,
) -> Result<O::Connection, Sign>
where
    O::Connection: Sized,
{
    match timeout(CONNECT_TIMEOUT.min(within), options.connect()).await {
        Ok(Ok(connection)) => return Ok(connection),
        // It refuses: too many connections, a password that was changed since.
        Ok(Err(sqlx::Error::Database(_))) => return Err(Sign::Alive),
        // Something that a statement holds may keep everybody from connecting, while the server is there.
        Ok(Err(_)) | Err(_) => {}
    }
    Err(match timeout(ANSWER.min(within), greeting).await {
        Ok(Ok(())) => Sign::Alive,
        Ok(Err(error)) => Sign::Silent(format!("it cannot be reached: {error}")),
        Err(_) => Sign::Silent("it cannot be reached: no answer".to_owned()),
    })
}

/// Connects and waits for the first byte that a server sends, to `first` if it waits for that.
pub(super) async fn greeting(
    host: &str,
    port: u16,
    socket: Option<&std::path::Path>,
    first: &[u8],
) -> std::io::Result<()> {
    #[cfg(unix)]
    if let Some(socket) = socket {
        return first_byte(tokio::net::UnixStream::connect(socket).await?, first).await;
    }
    let _ = socket;
    first_byte(TcpStream::connect((host, port)).await?, first).await
}

async fn first_byte(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    first: &[u8],
) -> std::io::Result<()> {
    stream.write_all(first).await?;
    stream.read_u8().await.map(drop)
}
