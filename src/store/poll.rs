//! The polls: how each went, and with it the health of its source and mirrors.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use url::Url;

use super::column::{At, Json, name};
use super::source::record_state;
use crate::assess::Verdict;
use crate::feed::Feed;
use crate::source::SourceState;
use crate::source::state::Cause;

/// One poll of one source, from the first request to the last item.
#[derive(Debug, Clone)]
pub struct Poll<'a> {
    /// The configured name.
    pub source: &'a str,
    pub started: Timestamp,
    pub took: Duration,
    pub outcome: Outcome,
    /// The URL of the feed at the mirror that settled the outcome.
    pub mirror: Option<&'a Url>,
    /// What a person should know of it: why it failed, or which mirrors were passed
    /// over and why.
    pub message: Option<&'a str>,
    /// What came; its items have their verdicts in the assessment.
    pub feed: Option<&'a Feed>,
    /// Of the source and its mirrors, after this poll.
    pub state: &'a SourceState,
}

/// How a poll turned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The feed came and was read.
    Read,
    /// The mirror says that nothing changed.
    Unchanged,
    /// No mirror gave the feed; the last one's cause.
    Failed(Cause),
}

/// Polls of a source that are kept whatever they brought: a day at five minutes.
const KEPT: i64 = 288;

/// Polls of a source that are kept because its outcome turned there.
const KEPT_TURNS: i64 = 1000;

impl Outcome {
    fn class(self) -> String {
        match self {
            Outcome::Read => "ok".to_owned(),
            Outcome::Unchanged => "unchanged".to_owned(),
            Outcome::Failed(cause) => name(&cause),
        }
    }
}

pub(super) fn record(
    conn: &Connection,
    poll: &Poll<'_>,
    verdicts: &[Verdict],
) -> rusqlite::Result<()> {
    record_state(conn, poll.source, poll.state, poll.started)?;
    let failed = matches!(poll.outcome, Outcome::Failed(_));
    conn.prepare_cached("UPDATE sources SET error_class = ?2, error = ?3 WHERE name = ?1")?
        .execute(params![
            poll.source,
            failed.then(|| poll.outcome.class()),
            poll.message.filter(|_| failed)
        ])?;
    insert(conn, poll, verdicts)?;
    forget_old(conn, poll.source)
}

fn insert(conn: &Connection, poll: &Poll<'_>, verdicts: &[Verdict]) -> rusqlite::Result<()> {
    let before: Option<String> = conn
        .prepare_cached("SELECT class FROM polls WHERE source = ?1 ORDER BY id DESC LIMIT 1")?
        .query_row([poll.source], |row| row.get(0))
        .optional()?;
    let class = poll.outcome.class();
    let rejects = poll.feed.filter(|feed| !feed.rejected.is_empty());
    let rejects = rejects.map(|feed| Json(&feed.rejected));
    let fates = Fates::of(verdicts, poll.feed);
    conn.prepare_cached(
        "INSERT INTO polls (source, mirror, started, took_ms, class, message, stage,
                            seen, stored, duplicate, rejected, over_cap, rejects, panics,
                            is_turn)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?
    .execute(params![
        poll.source,
        poll.mirror.map(Url::as_str),
        At(poll.started),
        i64::try_from(poll.took.as_millis()).unwrap_or(i64::MAX),
        class,
        poll.message,
        poll.feed.map(|feed| name(&feed.stage)),
        fates.stored + fates.duplicate + fates.rejected + fates.over_cap,
        fates.stored,
        fates.duplicate,
        fates.rejected,
        fates.over_cap,
        rejects,
        poll.feed.map_or(0, |feed| feed.panics),
        is_turn(before.as_deref(), &class),
    ])?;
    Ok(())
}

/// How many items of a poll came to what.
#[derive(Debug, Default)]
struct Fates {
    stored: u32,
    duplicate: u32,
    rejected: u32,
    over_cap: u32,
}

impl Fates {
    fn of(verdicts: &[Verdict], feed: Option<&Feed>) -> Fates {
        let count = |of: fn(&Feed) -> usize| feed.map_or(0, of) as u32;
        let mut fates = Fates {
            rejected: count(|feed| feed.rejected.len()),
            over_cap: count(|feed| feed.over_cap),
            ..Fates::default()
        };
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
