//! The polls: how each went, and with it the health of its source and mirrors.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::column::{At, Json};
use super::item::Unusable;
use crate::assess::Verdict;

/// One poll of one source, from the first request to the last item.
#[derive(Debug, Clone)]
pub struct Poll<'a> {
    /// The configured name.
    pub source: &'a str,
    pub started: Timestamp,
    pub took: Duration,
    pub outcome: Outcome,
    /// What it took to parse the feed ("as it is", "repaired"); `None` where there
    /// was nothing to parse.
    pub stage: Option<&'a str>,
    /// Every mirror that was asked, in order; the last one settled the outcome.
    pub answers: Vec<Answer<'a>>,
    /// Items that never became an article; the others have their verdicts.
    pub unusable: &'a [Unusable],
    pub next_poll: Timestamp,
    /// What the scheduler wants back after a restart.
    pub state: serde_json::Value,
}

/// How a poll, or one mirror's answer, turned out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The feed came and was read.
    Read,
    /// The mirror says that nothing changed.
    Unchanged,
    /// No feed; the class is a short word that stays the same over polls.
    Failed { class: String, message: String },
}

/// What one mirror said.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// The mirror's configured URL of the feed.
    pub mirror: &'a str,
    pub outcome: Outcome,
    /// Validators to send this mirror next time, byte for byte.
    pub etag: Option<&'a str>,
    pub last_modified: Option<&'a str>,
}

/// Polls of a source that are kept whatever they brought: a day at five minutes.
const KEPT: i64 = 288;

/// Polls of a source that are kept because its outcome turned there.
const KEPT_TURNS: i64 = 1000;

impl Outcome {
    fn class(&self) -> &str {
        match self {
            Outcome::Read => "ok",
            Outcome::Unchanged => "unchanged",
            Outcome::Failed { class, .. } => class,
        }
    }

    /// Class and message of what went wrong, if it did.
    fn error(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Outcome::Failed { class, message } => (Some(class), Some(message)),
            Outcome::Read | Outcome::Unchanged => (None, None),
        }
    }
}

pub(super) fn record(
    conn: &Connection,
    poll: &Poll<'_>,
    verdicts: &[Verdict],
) -> rusqlite::Result<()> {
    touch_source(conn, poll)?;
    for answer in &poll.answers {
        touch_mirror(conn, poll, answer)?;
    }
    insert(conn, poll, verdicts)?;
    forget_old(conn, poll.source)
}

fn touch_source(conn: &Connection, poll: &Poll<'_>) -> rusqlite::Result<()> {
    let (class, message) = poll.outcome.error();
    conn.prepare_cached(
        "INSERT INTO sources (name, first_seen, last_poll, last_good, next_poll,
                              error_class, error, error_streak, state)
         VALUES (?1, ?2, ?2, iif(?4 IS NULL, ?2, NULL), ?3, ?4, ?5, ?4 IS NOT NULL, ?6)
         ON CONFLICT (name) DO UPDATE SET
             last_poll = excluded.last_poll,
             last_good = coalesce(excluded.last_good, last_good),
             next_poll = excluded.next_poll,
             error_class = excluded.error_class,
             error = excluded.error,
             error_streak = iif(excluded.error_class IS NULL, 0, error_streak + 1),
             state = excluded.state",
    )?
    .execute(params![
        poll.source,
        At(poll.started),
        At(poll.next_poll),
        class,
        message,
        Json(&poll.state)
    ])?;
    Ok(())
}

fn touch_mirror(conn: &Connection, poll: &Poll<'_>, answer: &Answer<'_>) -> rusqlite::Result<()> {
    let (class, message) = answer.outcome.error();
    conn.prepare_cached(
        "INSERT INTO mirrors (source, url, position, last_asked, last_good,
                              error_class, error, error_streak, etag, last_modified)
         VALUES (?1, ?2, 0, ?3, iif(?4 IS NULL, ?3, NULL), ?4, ?5, ?4 IS NOT NULL, ?6, ?7)
         ON CONFLICT DO UPDATE SET
             last_asked = excluded.last_asked,
             last_good = coalesce(excluded.last_good, last_good),
             error_class = excluded.error_class,
             error = excluded.error,
             error_streak = iif(excluded.error_class IS NULL, 0, error_streak + 1),
             etag = iif(excluded.error_class IS NULL, excluded.etag, etag),
             last_modified =
                 iif(excluded.error_class IS NULL, excluded.last_modified, last_modified)",
    )?
    .execute(params![
        poll.source,
        answer.mirror,
        At(poll.started),
        class,
        message,
        answer.etag,
        answer.last_modified
    ])?;
    Ok(())
}

fn insert(conn: &Connection, poll: &Poll<'_>, verdicts: &[Verdict]) -> rusqlite::Result<()> {
    let before: Option<String> = conn
        .prepare_cached("SELECT class FROM polls WHERE source = ?1 ORDER BY id DESC LIMIT 1")?
        .query_row([poll.source], |row| row.get(0))
        .optional()?;
    let class = poll.outcome.class();
    let fates = Fates::of(verdicts, poll.unusable);
    conn.prepare_cached(
        "INSERT INTO polls (source, mirror, started, took_ms, class, message, stage,
                            seen, stored, duplicate, rejected, is_turn)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        poll.source,
        poll.answers.last().map(|answer| answer.mirror),
        At(poll.started),
        i64::try_from(poll.took.as_millis()).unwrap_or(i64::MAX),
        class,
        poll.outcome.error().1,
        poll.stage,
        fates.stored + fates.duplicate + fates.rejected,
        fates.stored,
        fates.duplicate,
        fates.rejected,
        is_turn(before.as_deref(), class),
    ])?;
    Ok(())
}

/// How many items of a poll came to what.
#[derive(Debug, Default)]
struct Fates {
    stored: u32,
    duplicate: u32,
    rejected: u32,
}

impl Fates {
    fn of(verdicts: &[Verdict], unusable: &[Unusable]) -> Fates {
        let rejected = u32::try_from(unusable.len()).unwrap_or(u32::MAX);
        let mut fates = Fates { rejected, ..Fates::default() };
        for verdict in verdicts {
            let fate = match verdict {
                Verdict::New { .. } | Verdict::Updated { .. } => &mut fates.stored,
                Verdict::Duplicate { .. } => &mut fates.duplicate,
                Verdict::Rejected { .. } => &mut fates.rejected,
            };
            *fate += 1;
        }
        fates
    }
}

/// A feed that changes now and then is no turn of its health.
fn is_turn(before: Option<&str>, now: &str) -> bool {
    let health = |class| if class == "unchanged" { "ok" } else { class };
    before.map(health) != Some(health(now))
}

fn forget_old(conn: &Connection, source: &str) -> rusqlite::Result<()> {
    for (turns, kept) in [(0, KEPT), (1, KEPT_TURNS)] {
        conn.prepare_cached(
            "DELETE FROM polls WHERE source = ?1 AND is_turn = ?2 AND id <=
                 (SELECT id FROM polls WHERE source = ?1 AND is_turn = ?2
                   ORDER BY id DESC LIMIT 1 OFFSET ?3)",
        )?
        .execute(params![source, turns, kept])?;
    }
    Ok(())
}
