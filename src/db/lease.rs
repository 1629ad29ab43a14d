//! The migrators' lock where the server's own does not hold for all who write: a row with a lease, in a
//! table of the journal's. Whoever takes it counts up its fence, and writes it in each of its transactions:
//! where two servers disagree about who holds the lock, only one of them can commit.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::lock::LEASE;
use super::{Connection, DbError, Lock, Row, ServerError, journal, who};
use crate::sql;
use crate::text::{Dialect, quote_literal};

/// How often a second connection shows a sign of life, whatever the first one runs.
const RENEWAL: Duration = Duration::from_secs(LEASE.as_secs() / 3);

/// A look that takes longer than this has met a cluster that stood still, in which the holder could not
/// show a sign of life either.
const SLOW: Duration = Duration::from_secs(1);

/// Looks with a longer time in between are not of one wait.
const GAP: Duration = Duration::from_secs(5);

/// A second connection to the server, for the signs of life.
#[async_trait::async_trait]
pub(super) trait Aside: Send + Sync {
    /// Runs a statement of our own on a connection made for it.
    async fn run(&self, sql: &str) -> Result<(), DbError>;
}

/// A connection to a server with a lock of its own, on top of which there may be a lease.
#[async_trait::async_trait]
pub(super) trait Leased: Connection {
    fn lease(&self) -> Option<&Lease>;

    fn lease_mut(&mut self) -> Option<&mut Lease>;

    /// A scalar expression: 1 while this connection holds the server's own lock.
    fn holds_own(&self) -> String;

    /// Asks for the server's own lock.
    async fn own_lock(&mut self, wait: Duration) -> Result<Lock, DbError>;
}

/// What a server needs for the lock to have a lease.
pub(super) struct Setting {
    pub dialect: Dialect,
    /// The table, qualified and quoted.
    pub table: String,
    /// Which server this is, and which of its own locks is ours; `None`: nothing of that tells whether a
    /// holder is gone.
    pub node: Option<Node>,
    /// A scalar expression: 0 where the whole group is not known to be in reach; `None`: nothing to ask.
    pub whole: Option<String>,
    /// What has to hold in the session for a statement that commits by itself.
    pub before: Option<&'static str>,
    /// What a second connection has to run first.
    pub setup: Vec<String>,
    pub aside: Arc<dyn Aside>,
}

/// A server among those on which the lock may be held.
pub(super) struct Node {
    /// What tells it from the others, at most 64 characters.
    pub id: String,
    /// What tells the server's own lock from another journal's: 8 characters.
    pub lock: String,
    /// A scalar expression: whether the server `l.node` belongs to the cluster; `None`: it cannot be asked.
    pub is_member: Option<String>,
}

/// The lock, and what was seen of it.
pub(super) struct Lease {
    setting: Setting,
    held: Option<Held>,
    seen: Option<Seen>,
}

struct Held {
    token: String,
    fence: i64,
    renewing: tokio::task::JoinHandle<()>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

/// The row, as a look finds it.
struct Found {
    holder: String,
    node: String,
    who: String,
    fence: i64,
    beat: i64,
    /// The sign of life of the one who has this fence.
    sign: i64,
    lease: Duration,
    is_member: bool,
}

/// What a holder changes when it shows a sign of life.
type Signs = (String, i64, i64, i64);

struct Seen {
    signs: Signs,
    since: Instant,
    last: Instant,
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Ours,
    Free,
    Busy,
}

impl Lease {
    pub fn new(setting: Setting) -> Self {
        Lease { setting, held: None, seen: None }
    }

    fn literal(&self, text: &str) -> String {
        quote_literal(self.setting.dialect, text)
    }

    /// A condition: the row is ours.
    fn ours(&self) -> Option<String> {
        let Held { token, fence, .. } = self.held.as_ref()?;
        Some(format!("id = 1 AND holder = {} AND fence = {fence}", self.literal(token)))
    }

    /// A statement that changes the row if it is ours: in a transaction it keeps all others from taking it.
    pub fn fence(&self) -> Option<String> {
        let before = self.setting.before.map(|sql| format!("{sql};\n")).unwrap_or_default();
        let table = &self.setting.table;
        self.ours().map(|ours| format!("{before}UPDATE {table} SET beat = beat + 1 WHERE {ours}"))
    }

    /// A scalar expression: 1 if the row is ours, else 0.
    pub fn test(&self) -> String {
        let table = &self.setting.table;
        self.ours().map_or_else(
            || "0".to_owned(),
            |ours| format!("(SELECT COUNT(*) FROM {table} WHERE {ours})"),
        )
    }

    /// A scalar expression: 0 where the whole group is not known to be in reach.
    pub fn whole(&self) -> Option<&str> {
        self.setting.whole.as_deref()
    }

    /// The statement that gives the lock back, which is no longer ours from now on.
    pub fn release(&mut self) -> Option<String> {
        let ours = self.ours()?;
        self.held = None;
        Some(format!("UPDATE {} SET holder = '' WHERE {ours}", self.setting.table))
    }

    fn look(&self) -> String {
        let table = &self.setting.table;
        let member = self.setting.node.as_ref().and_then(|node| node.is_member.as_deref());
        format!(
            "SELECT l.holder, l.node, l.who, l.fence, l.beat, COALESCE(s.beat, 0), l.lease, {} \
             FROM {table} l LEFT JOIN {table} s ON s.id = 2 AND s.fence = l.fence WHERE l.id = 1",
            member.unwrap_or("1")
        )
    }

    /// What a look says that was sent at one moment and answered at another. The server's own lock is ours
    /// when this is asked.
    fn judge(&mut self, found: &Found, sent: Instant, answered: Instant) -> Verdict {
        if let Some(held) = &self.held
            && (&held.token, held.fence) == (&found.holder, found.fence)
        {
            return Verdict::Ours;
        }
        self.held = None;
        let is_gone = self.setting.node.as_ref().is_some_and(|node| {
            // It held this server's own lock, which is ours now: its session has ended.
            node.id == found.node && found.holder.ends_with(&node.lock) || !found.is_member
        });
        if found.holder.is_empty() || is_gone {
            return Verdict::Free;
        }
        let signs = (found.holder.clone(), found.fence, found.beat, found.sign);
        let since = match &self.seen {
            Some(seen)
                if seen.signs == signs
                    && sent.duration_since(seen.last) <= GAP
                    && answered.duration_since(sent) <= SLOW =>
            {
                seen.since
            }
            _ => answered,
        };
        self.seen = Some(Seen { signs, since, last: answered });
        match sent.saturating_duration_since(since) >= found.lease + Duration::from_secs(1) {
            true => Verdict::Free,
            false => Verdict::Busy,
        }
    }

    /// A word that nobody has held the lock with before.
    fn token(&self) -> String {
        let random = format!("{:016x}", fastrand::u64(..));
        match &self.setting.node {
            Some(node) => format!("{random}-{}", node.lock),
            None => random,
        }
    }

    /// Takes the row if it is still as it was found, and says what it then is.
    fn take(&self, found: &Found, token: &str) -> String {
        let table = &self.setting.table;
        let node = self.setting.node.as_ref().map(|node| node.id.as_str()).unwrap_or_default();
        let [holder, node, who, before] =
            [token, node, &who(), &found.holder].map(|text| self.literal(text));
        format!(
            "UPDATE {table} SET holder = {holder}, node = {node}, who = {who}, lease = {}, \
             fence = fence + 1, beat = beat + 1 \
             WHERE id = 1 AND holder = {before} AND fence = {} AND beat = {};\n\
             SELECT holder, fence FROM {table} WHERE id = 1",
            LEASE.as_secs(),
            found.fence,
            found.beat
        )
    }

    /// The row is ours from now on, and shows signs of life.
    fn taken(&mut self, token: String, fence: i64) {
        // A row of its own: the first one is locked by the transactions of the first connection.
        let sign = format!(
            "UPDATE {} SET holder = {}, fence = {fence}, beat = beat + 1 WHERE id = 2 AND fence <= {fence}",
            self.setting.table,
            self.literal(&token)
        );
        let mut sql = self.setting.setup.clone();
        sql.push(sign);
        let (sql, aside) = (sql.join(";\n"), Arc::clone(&self.setting.aside));
        let renewing = tokio::spawn(async move {
            loop {
                tokio::time::sleep(RENEWAL).await;
                // What does not come through is tried again; the lease ends if nothing does.
                let _ = tokio::time::timeout(RENEWAL, aside.run(&sql)).await;
            }
        });
        self.held = Some(Held { token, fence, renewing });
        self.seen = None;
    }
}

/// A scalar expression: 1 while a connection holds the lock, the server's own and its lease.
pub(super) fn held(connection: &impl Leased) -> String {
    let own = connection.holds_own();
    match connection.lease() {
        Some(lease) => format!("(CASE WHEN {own} = 1 THEN {} ELSE 0 END)", lease.test()),
        None => own,
    }
}

/// Asks for the lock. The server's own is kept while the lease is waited for: of all who wait on a server one
/// looks at the row, and sees all its signs of life.
pub(super) async fn try_lock(
    connection: &mut impl Leased,
    wait: Duration,
) -> Result<Lock, DbError> {
    let deadline = Instant::now() + wait;
    match connection.own_lock(wait).await? {
        Lock::Held if connection.lease().is_some() => ask(connection, deadline).await,
        lock => Ok(lock),
    }
}

/// Who holds the lock; `None`: nobody does. Changes nothing in the database.
pub(super) async fn lock_holder(connection: &mut impl Leased) -> Result<Option<String>, DbError> {
    if let Lock::Busy(holder) = connection.own_lock(Duration::ZERO).await? {
        return Ok(Some(holder.unwrap_or_else(|| "another migrator".to_owned())));
    }
    let looked = match connection.lease().is_some() {
        true => look(connection).await,
        false => Ok(None),
    };
    connection.unlock().await?;
    Ok(match looked? {
        Some((found, Verdict::Busy)) => Some(found.who),
        _ => None,
    })
}

/// Gives the lease back; it ends by itself if the server does not hear of it.
pub(super) async fn release(connection: &mut impl Leased) {
    if let Some(release) = connection.lease_mut().and_then(Lease::release) {
        super::in_time(connection.batch(&[release])).await;
    }
}

/// Asks for the row, with the server's own lock in hand, again and again until the time is over.
async fn ask(connection: &mut impl Leased, deadline: Instant) -> Result<Lock, DbError> {
    let mut holder = None;
    loop {
        let mut pause = Duration::from_millis(40);
        match try_once(connection).await {
            Ok(Lock::Held) => return Ok(Lock::Held),
            Ok(Lock::Busy(Some(who))) => holder = Some(who),
            // Somebody was faster; or the cluster stands still, and gave up the wait for it.
            Ok(Lock::Busy(None)) | Err(DbError::LockTimeout(_)) => {
                tracing::debug!("another migrator was faster");
                pause = Duration::from_millis(20);
            }
            Err(error) => return Err(error),
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Lock::Busy(holder));
        }
        // Several that wait must not all ask at the same moments.
        tokio::time::sleep(pause.mul_f64(0.5 + fastrand::f64()).min(left)).await;
    }
}

/// Looks at the row, and takes it if it is free.
async fn try_once(connection: &mut impl Leased) -> Result<Lock, DbError> {
    let looked = match look(connection).await? {
        Some(looked) => Some(looked),
        None => {
            make(connection).await?;
            look(connection).await?
        }
    };
    let Some((found, verdict)) = looked else { return Ok(Lock::Busy(None)) };
    Ok(match verdict {
        Verdict::Ours => Lock::Held,
        Verdict::Free if take(connection, &found).await? => Lock::Held,
        Verdict::Free => Lock::Busy(None),
        Verdict::Busy => Lock::Busy(Some(found.who)),
    })
}

/// `None`: there is no row yet.
async fn look(connection: &mut impl Leased) -> Result<Option<(Found, Verdict)>, DbError> {
    let Some(lease) = connection.lease() else { return Ok(None) };
    let (sql, sent) = (lease.look(), Instant::now());
    let rows = match connection.query(&sql).await {
        Ok(rows) => rows,
        Err(DbError::Statement(error)) if has_code(&error, &["1146", "42P01"]) => return Ok(None),
        Err(DbError::Statement(error)) if has_code(&error, &["1054", "42703"]) => {
            let table = connection.tables().lock.clone();
            return Err(journal::foreign(&table, &error.message));
        }
        Err(error) => return Err(error),
    };
    let Some(found) = rows.into_iter().next().and_then(Found::of) else { return Ok(None) };
    let answered = Instant::now();
    Ok(connection.lease_mut().map(|lease| {
        let verdict = lease.judge(&found, sent, answered);
        (found, verdict)
    }))
}

async fn take(connection: &mut impl Leased, found: &Found) -> Result<bool, DbError> {
    let Some(lease) = connection.lease() else { return Ok(false) };
    let token = lease.token();
    let sql = lease.take(found, &token);
    let rows = connection.query(&sql).await?;
    let Some([Some(holder), Some(fence)]) = rows.first().map(Vec::as_slice) else {
        return Ok(false);
    };
    let fence = fence.parse().ok().filter(|_| *holder == token);
    if let (Some(fence), Some(lease)) = (fence, connection.lease_mut()) {
        lease.taken(token, fence);
        tracing::debug!(fence, "the lock has a lease");
    }
    Ok(fence.is_some())
}

/// Makes the table and its rows; others may be making them at the same time.
async fn make(connection: &mut impl Leased) -> Result<(), DbError> {
    let statements = sql::dialect(connection.dialect()).create_lock(connection.tables());
    for attempt in 1.. {
        match connection.batch(&statements).await {
            Err(error) if attempt < 5 && journal::is_collision(&error) => {
                tracing::debug!(%error, "another migrator makes the lock's table, too");
                tokio::time::sleep(Duration::from_millis(20).mul_f64(0.5 + fastrand::f64())).await;
            }
            Err(error) => return Err(journal::with_hint("created", error)),
            Ok(()) => break,
        }
    }
    Ok(())
}

fn has_code(error: &ServerError, codes: &[&str]) -> bool {
    error.code.as_deref().is_some_and(|code| codes.contains(&code))
}

impl Found {
    fn of(row: Row) -> Option<Found> {
        let [holder, node, who, fence, beat, sign, lease, is_member] = row.try_into().ok()?;
        let number = |value: Option<String>| value?.parse::<i64>().ok();
        Some(Found {
            holder: holder?,
            node: node?,
            who: who?,
            fence: number(fence)?,
            beat: number(beat)?,
            sign: number(sign)?,
            lease: Duration::from_secs(number(lease)?.try_into().ok()?),
            is_member: number(is_member)? != 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nowhere;

    #[async_trait::async_trait]
    impl Aside for Nowhere {
        async fn run(&self, _: &str) -> Result<(), DbError> {
            Ok(())
        }
    }

    fn lease() -> Lease {
        Lease::new(Setting {
            dialect: Dialect::Mariadb,
            table: "rev_lock".to_owned(),
            node: Some(Node {
                id: "here".to_owned(),
                lock: "12345678".to_owned(),
                is_member: None,
            }),
            whole: None,
            before: None,
            setup: Vec::new(),
            aside: Arc::new(Nowhere),
        })
    }

    fn found() -> Found {
        Found {
            holder: "abc-12345678".to_owned(),
            node: "there".to_owned(),
            who: "somebody".to_owned(),
            fence: 7,
            beat: 20,
            sign: 3,
            lease: Duration::from_secs(15),
            is_member: true,
        }
    }

    /// Looks at the row once a second, each answered after some milliseconds, until it is free.
    fn seconds_until_free(row: impl Fn(u64) -> (Found, u64)) -> Option<u64> {
        let (mut lease, start) = (lease(), Instant::now());
        (0..40).find(|second| {
            let (found, millis) = row(*second);
            let sent = start + Duration::from_secs(*second);
            lease.judge(&found, sent, sent + Duration::from_millis(millis)) == Verdict::Free
        })
    }

    #[test]
    fn a_lock_without_a_sign_of_life_is_free_after_its_full_time() {
        assert_eq!(seconds_until_free(|_| (found(), 1)), Some(17));
        let longer = || Found { lease: Duration::from_secs(30), ..found() };
        assert_eq!(seconds_until_free(|_| (longer(), 1)), Some(32), "by the time of its holder");
    }

    #[test]
    fn each_sign_of_life_begins_the_time_anew() {
        let after = |change: fn(&mut Found)| {
            seconds_until_free(move |second| {
                let mut row = found();
                if second >= 10 {
                    change(&mut row);
                }
                (row, 1)
            })
        };
        assert_eq!(after(|row| row.beat += 1), Some(27));
        assert_eq!(after(|row| row.sign += 1), Some(27));
        assert_eq!(after(|row| row.fence += 1), Some(27));
    }

    #[test]
    fn the_time_in_which_a_cluster_stands_still_does_not_count() {
        assert_eq!(
            seconds_until_free(|second| (found(), if second == 10 { 1500 } else { 1 })),
            Some(28)
        );
    }

    #[test]
    fn a_holder_that_is_shown_to_be_gone_is_not_waited_for() {
        let mut lease = lease();
        let now = Instant::now();
        let mut free = |row: Found| lease.judge(&row, now, now) == Verdict::Free;
        let here = || Found { node: "here".to_owned(), ..found() };
        assert!(free(here()));
        assert!(free(Found { is_member: false, ..found() }));
        assert!(free(Found { holder: String::new(), ..found() }));
        // Another of the server's own locks is not ours.
        assert!(!free(Found { holder: "abc-87654321".to_owned(), ..here() }));
        assert!(!free(found()));
    }
}
