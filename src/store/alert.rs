//! The alerts and the outbox: what was decided, and who still has to be told.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::column::{At, Json, name, places};
use crate::alert::rule::{Alert, Quiet};
use crate::correlate::event::EventId;

pub(super) fn of(conn: &Connection, events: &[EventId]) -> rusqlite::Result<Vec<Alert>> {
    let ids: Vec<&str> = events.iter().map(|id| id.0.as_str()).collect();
    conn.prepare_cached(
        "SELECT record FROM alerts WHERE event IN (SELECT value FROM json_each(?1)) ORDER BY seq",
    )?
    .query_map([Json(ids)], |row| row.get::<_, Json<Alert>>(0))?
    .map(|alert| alert.map(|Json(alert)| alert))
    .collect()
}

/// Writes the alerts that are not there yet, and puts those into the outbox.
pub(super) fn record(
    conn: &Connection,
    alerts: &[Alert],
    sinks: &[&str],
    now: Timestamp,
) -> rusqlite::Result<()> {
    for alert in alerts {
        if !insert(conn, alert)? {
            continue;
        }
        conn.prepare_cached("DELETE FROM quiet WHERE event = ?1 AND watch = ?2")?
            .execute([&alert.event_id.0, &alert.watch])?;
        for sink in sinks {
            conn.prepare_cached("INSERT INTO outbox (alert, sink, next_try) VALUES (?1, ?2, ?3)")?
                .execute(params![alert.id, sink, At(now)])?;
        }
    }
    Ok(())
}

/// Whether the alert was new.
fn insert(conn: &Connection, alert: &Alert) -> rusqlite::Result<bool> {
    let written = conn
        .prepare_cached(
            "INSERT INTO alerts (id, sent, type, level, watch, places, joint, metric,
                                 value_low, value_best, value_high, event, updates, headline,
                                 reason, record)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            alert.id,
            At(alert.sent),
            name(&alert.kind),
            name(&alert.level),
            alert.watch,
            places(&alert.places),
            alert.joint,
            name(&alert.metric),
            alert.value.low(),
            alert.value.best(),
            alert.value.high(),
            alert.event_id.0,
            alert.references,
            alert.headline,
            alert.reason,
            Json(alert),
        ])?;
    Ok(written > 0)
}

/// Writes why the other events raised nothing, and forgets older answers of theirs.
pub(super) fn record_quiet(
    conn: &Connection,
    quiet: &[Quiet],
    now: Timestamp,
) -> rusqlite::Result<()> {
    for silence in quiet {
        conn.prepare_cached(
            "INSERT INTO quiet VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET reason = excluded.reason, decided = excluded.decided",
        )?
        .execute(params![
            silence.event_id.0,
            silence.watch.as_deref().unwrap_or_default(),
            name(&silence.reason),
            At(now)
        ])?;
    }
    Ok(())
}

pub(super) fn unsent(
    conn: &Connection,
    sink: &str,
    now: Timestamp,
) -> rusqlite::Result<Vec<Alert>> {
    conn.prepare_cached(
        "SELECT a.record FROM outbox o JOIN alerts a ON a.id = o.alert
          WHERE o.sink = ?1 AND o.sent_at IS NULL AND o.next_try <= ?2 ORDER BY o.id",
    )?
    .query_map(params![sink, At(now)], |row| row.get::<_, Json<Alert>>(0))?
    .map(|alert| alert.map(|Json(alert)| alert))
    .collect()
}

pub(super) fn next_due(conn: &Connection, sink: &str) -> rusqlite::Result<Option<Timestamp>> {
    conn.prepare_cached(
        "SELECT next_try FROM outbox WHERE sink = ?1 AND sent_at IS NULL
          ORDER BY next_try LIMIT 1",
    )?
    .query_row([sink], |row| row.get::<_, At>(0))
    .optional()
    .map(|due| due.map(|at| at.0))
}

pub(super) fn sent(
    conn: &Connection,
    alert: &str,
    sink: &str,
    now: Timestamp,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE outbox SET tries = tries + 1, sent_at = ?3, error = NULL
          WHERE alert = ?1 AND sink = ?2 AND sent_at IS NULL",
    )?
    .execute(params![alert, sink, At(now)])?;
    Ok(())
}

pub(super) fn failed(
    conn: &Connection,
    alert: &str,
    sink: &str,
    error: &str,
    next_try: Timestamp,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE outbox SET tries = tries + 1, next_try = ?4, error = ?3
          WHERE alert = ?1 AND sink = ?2 AND sent_at IS NULL",
    )?
    .execute(params![alert, sink, error, At(next_try)])?;
    Ok(())
}

/// A clock that ran ahead must not hold back what waits.
pub(super) fn make_due(conn: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    conn.execute(
        "UPDATE outbox SET next_try = ?1 WHERE sent_at IS NULL AND next_try > ?1",
        [At(now)],
    )?;
    Ok(())
}
