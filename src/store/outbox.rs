//! The outbox: who has to be told what, who was told, who could not be. Each sink
//! empties it at its own pace; a row is settled once, and stays.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::column::{At, Json};
use super::{Error, Store, event};
use crate::alert::hold::Hold;
use crate::alert::message::{Dispatch, Message};
use crate::alert::rule::Severity;

/// Who is told of what is decided from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient<'a> {
    pub sink: &'a str,
    /// What is less severe is told only where it goes on with what was told.
    pub least: Severity,
    /// A record rather than a bell: it is spared no message and waits for none.
    pub hears_all: bool,
}

impl<'a> Recipient<'a> {
    /// A sink that is told everything.
    pub const fn of_all(sink: &'a str) -> Recipient<'a> {
        Recipient { sink, least: Severity::Notice, hears_all: false }
    }
}

/// What becomes of a message where it is not for a record.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fate<'a> {
    Told,
    /// Nobody is told, for that reason.
    Silenced(&'a str),
    Held(&'a Hold),
}

/// How a message fared with a sink that did not take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal<'a> {
    /// It is tried again.
    Until { next_try: Timestamp, error: &'a str },
    /// It is given up, for a person to see and to send again.
    ForGood { error: &'a str },
}

/// How many of the newest messages a channel that shows several is given.
const RECENT: u32 = 50;

/// A try that is due so late was put off by a clock that ran ahead.
const UNREAL: SignedDuration = SignedDuration::from_hours(26);

impl Store {
    /// Messages that `sink` was not told yet and that are due, with what it needs to
    /// tell them well: those that were tried least come first, and none before an
    /// earlier one on the same matter is settled.
    pub fn due(&self, sink: &str, now: Timestamp, most: u32) -> Result<Vec<Dispatch>, Error> {
        self.read(|conn| due(conn, sink, now, most))
    }

    /// When the next of the messages that `sink` was not told yet is due.
    pub fn next_due(&self, sink: &str) -> Result<Option<Timestamp>, Error> {
        self.read(|conn| {
            conn.prepare_cached(
                "SELECT next_try FROM outbox WHERE sink = ?1 AND state = 'waiting'
                  ORDER BY next_try LIMIT 1",
            )?
            .query_row([sink], |row| row.get::<_, At>(0))
            .optional()
            .map(|due| due.map(|at| at.0))
        })
    }

    /// Notes that `sink` has the message. If it had been refusing, all that waits for
    /// it becomes due.
    pub fn sent(&mut self, message: &str, sink: &str, now: Timestamp) -> Result<(), Error> {
        self.write(|turn| sent(turn, message, sink, now))
    }

    /// Notes that `sink` did not take the message, why, and what becomes of it.
    pub fn refused(
        &mut self,
        message: &str,
        sink: &str,
        refusal: &Refusal<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.write(|turn| refused(turn, message, sink, refusal, now))
    }

    /// Has the message sent again: to `sinks` where it was given up, silenced, sent
    /// or never meant to go. How many will have it.
    pub fn resend(
        &mut self,
        message: &str,
        sinks: &[&str],
        now: Timestamp,
    ) -> Result<usize, Error> {
        self.write(|turn| resend(turn, message, sinks, now))
    }
}

/// Puts the message into the outbox of each sink that is to have it.
pub(super) fn put(
    conn: &Connection,
    message: &Message,
    sinks: &[Recipient<'_>],
    fate: Fate<'_>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    for Recipient { sink, least, hears_all } in sinks {
        if message.level() < *least && !knows(conn, message.matter(), sink)? {
            continue;
        }
        let fate = if *hears_all { Fate::Told } else { fate };
        let (state, due, settled, error, held) = match fate {
            Fate::Told => ("waiting", now, None, None, None),
            Fate::Silenced(why) => ("silenced", now, Some(At(now)), Some(why), None),
            Fate::Held(hold) => ("waiting", hold.until, None, None, Some(&hold.reason)),
        };
        let due = match fate {
            Fate::Silenced(_) => due,
            _ => merge_held(conn, message, sink, now)?.map_or(due, |earlier| earlier.min(due)),
        };
        conn.prepare_cached(
            "INSERT INTO outbox (alert, matter, sink, state, next_try, settled, error, held)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (alert, sink) DO NOTHING",
        )?
        .execute(params![
            message.id(),
            message.matter(),
            sink,
            state,
            At(due),
            settled,
            error,
            held
        ])?;
    }
    Ok(())
}

/// What was held on the matter and never tried is told with the message, which says
/// how things stand now; when the first of it was due.
fn merge_held(
    conn: &Connection,
    message: &Message,
    sink: &str,
    now: Timestamp,
) -> rusqlite::Result<Option<Timestamp>> {
    const HELD: &str = "matter = ?1 AND sink = ?2 AND state = 'waiting' AND held IS NOT NULL
                        AND tries = 0 AND alert <> ?3";
    let earlier: Option<At> = conn
        .prepare_cached(&format!("SELECT min(next_try) FROM outbox WHERE {HELD}"))?
        .query_row([message.matter(), sink, message.id()], |row| row.get(0))?;
    if earlier.is_some() {
        conn.prepare_cached(&format!(
            "UPDATE outbox SET state = 'merged', settled = ?4, error = 'told with ' || ?3
              WHERE {HELD}"
        ))?
        .execute(params![message.matter(), sink, message.id(), At(now)])?;
    }
    Ok(earlier.map(|at| at.0))
}

/// Whether the sink had or is to have something on the matter.
fn knows(conn: &Connection, matter: &str, sink: &str) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM outbox WHERE matter = ?1 AND sink = ?2 LIMIT 1")?
        .exists([matter, sink])
}

/// A clock that ran ahead must not hold back what waits.
pub(super) fn make_due(conn: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    conn.execute(
        "UPDATE outbox SET next_try = ?1
          WHERE state = 'waiting' AND next_try > ?1 AND (held IS NULL OR tries > 0)",
        [At(now)],
    )?;
    Ok(())
}

fn due(
    conn: &Connection,
    sink: &str,
    now: Timestamp,
    most: u32,
) -> rusqlite::Result<Vec<Dispatch>> {
    let unreal = now.checked_add(UNREAL).unwrap_or(Timestamp::MAX);
    let mut found = conn.prepare_cached(
        "SELECT coalesce(a.record, b.record), o.id, o.tries
           FROM outbox o LEFT JOIN alerts a ON a.id = o.alert LEFT JOIN alarms b ON b.id = o.alert
          WHERE o.sink = ?1 AND o.state = 'waiting' AND (o.next_try <= ?2 OR o.next_try > ?3)
            AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.matter = o.matter AND p.sink = o.sink
                                                     AND p.state = 'waiting' AND p.id < o.id)
          ORDER BY o.tries, o.id LIMIT ?4",
    )?;
    let rows = found.query_map(params![sink, At(now), At(unreal), most], |row| {
        let message = row.get::<_, Json<Message>>(0)?.0;
        Ok((message, row.get::<_, i64>(1)?, row.get::<_, u32>(2)?))
    })?;
    rows.map(|row| {
        let (message, place, tries) = row?;
        let whole = told_whole(conn, message)?;
        let recent = if shows_several(conn, sink)? { recent(conn, sink, place)? } else { vec![] };
        Ok(Dispatch { recent, tries, ..whole })
    })
    .collect()
}

/// The message with its event and what was said before it.
pub(super) fn told_whole(conn: &Connection, message: Message) -> rusqlite::Result<Dispatch> {
    let event = match &message {
        // What is told is what was decided, also where it was told late.
        Message::Attack(alert) => event::as_of(conn, &alert.event_id, alert.sent)?,
        Message::Blind(_) => None,
    };
    let earlier = earlier(conn, message.matter(), message.id())?;
    Ok(Dispatch { event, earlier, ..Dispatch::from(message) })
}

/// What was said on the matter before that message, oldest first.
fn earlier(conn: &Connection, matter: &str, message: &str) -> rusqlite::Result<Vec<Message>> {
    let alerts = conn
        .prepare_cached(
            "SELECT record FROM alerts WHERE (id = ?1 OR updates = ?1)
                AND seq < (SELECT seq FROM alerts WHERE id = ?2) ORDER BY seq",
        )?
        .query_map([matter, message], record)?
        .collect::<rusqlite::Result<Vec<Message>>>()?;
    if !alerts.is_empty() || matter == message {
        return Ok(alerts);
    }
    conn.prepare_cached("SELECT record FROM alarms WHERE id = ?1")?
        .query_map([matter], record)?
        .collect()
}

/// A feed is written whole each time; others need only what they tell.
fn shows_several(conn: &Connection, sink: &str) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM sinks WHERE name = ?1 AND kind = 'atom'")?.exists([sink])
}

/// The newest messages that were meant for the sink, up to one, newest first.
fn recent(conn: &Connection, sink: &str, place: i64) -> rusqlite::Result<Vec<Message>> {
    conn.prepare_cached(
        "SELECT coalesce(a.record, b.record)
           FROM outbox o LEFT JOIN alerts a ON a.id = o.alert LEFT JOIN alarms b ON b.id = o.alert
          WHERE o.sink = ?1 AND o.state <> 'silenced' AND o.id <= ?2 ORDER BY o.id DESC LIMIT ?3",
    )?
    .query_map(params![sink, place, RECENT], record)?
    .collect()
}

pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<Message> {
    row.get::<_, Json<Message>>(0).map(|Json(message)| message)
}

fn sent(conn: &Connection, message: &str, sink: &str, now: Timestamp) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE outbox SET tries = tries + 1, state = 'sent', settled = ?3, error = NULL
          WHERE alert = ?1 AND sink = ?2 AND state <> 'sent'",
    )?
    .execute(params![message, sink, At(now)])?;
    let was_failing = conn
        .prepare_cached("SELECT 1 FROM sinks WHERE name = ?1 AND streak > 0")?
        .exists([sink])?;
    if was_failing {
        conn.prepare_cached(
            "UPDATE outbox SET next_try = ?2
              WHERE sink = ?1 AND state = 'waiting' AND (held IS NULL OR tries > 0)",
        )?
        .execute(params![sink, At(now)])?;
    }
    conn.prepare_cached(
        "UPDATE sinks SET last_good = ?2, streak = 0, failing_since = NULL, error = NULL
          WHERE name = ?1",
    )?
    .execute(params![sink, At(now)])?;
    Ok(())
}

fn refused(
    conn: &Connection,
    message: &str,
    sink: &str,
    refusal: &Refusal<'_>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let (state, next_try, settled, error) = match refusal {
        Refusal::Until { next_try, error } => ("waiting", *next_try, None, error),
        Refusal::ForGood { error } => ("dead", now, Some(At(now)), error),
    };
    conn.prepare_cached(
        "UPDATE outbox SET tries = tries + 1, state = ?3, next_try = ?4, settled = ?5, error = ?6
          WHERE alert = ?1 AND sink = ?2 AND state = 'waiting'",
    )?
    .execute(params![message, sink, state, At(next_try), settled, error])?;
    conn.prepare_cached(
        "UPDATE sinks SET streak = streak + 1, failing_since = coalesce(failing_since, ?2),
                error = ?3 WHERE name = ?1",
    )?
    .execute(params![sink, At(now), error])?;
    Ok(())
}

fn resend(
    conn: &Connection,
    message: &str,
    sinks: &[&str],
    now: Timestamp,
) -> rusqlite::Result<usize> {
    let matter: Option<String> = conn
        .query_row(
            "SELECT coalesce(updates, id) FROM alerts WHERE id = ?1
              UNION ALL SELECT coalesce(updates, id) FROM alarms WHERE id = ?1",
            [message],
            |row| row.get(0),
        )
        .optional()?;
    let Some(matter) = matter else { return Ok(0) };
    let mut changed = 0;
    for sink in sinks {
        changed += conn.execute(
            "INSERT INTO outbox (alert, matter, sink, next_try) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (alert, sink) DO UPDATE SET
                 state = 'waiting', tries = 0, next_try = excluded.next_try, settled = NULL,
                 held = NULL",
            params![message, matter, sink, At(now)],
        )?;
    }
    Ok(changed)
}
