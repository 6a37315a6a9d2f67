//! The alerts: what was decided, and why nothing was.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::column::{At, Json, name, places};
use super::outbox::{self, Fate, Recipient};
use crate::alert::rule::{Alert, Quiet};
use crate::assess::Assessment;
use crate::correlate::event::EventId;

pub(super) fn of(conn: &Connection, events: &[EventId]) -> rusqlite::Result<Vec<Alert>> {
    past(conn, events, Timestamp::MAX, Timestamp::MAX)
}

/// The alerts that tell of the events, all since `recent`, and sums since `sums`.
pub(super) fn past(
    conn: &Connection,
    events: &[EventId],
    recent: Timestamp,
    sums: Timestamp,
) -> rusqlite::Result<Vec<Alert>> {
    let ids: Vec<&str> = events.iter().map(|id| id.0.as_str()).collect();
    conn.prepare_cached(
        "SELECT record FROM alerts WHERE seq IN (
             SELECT seq FROM alerts WHERE event IN (SELECT value FROM json_each(?1))
              UNION
             SELECT a.seq FROM alert_events e JOIN alerts a ON a.id = e.alert
              WHERE e.event IN (SELECT value FROM json_each(?1))
              UNION
             SELECT seq FROM alerts WHERE sent >= ?2
              UNION
             SELECT seq FROM alerts WHERE sent >= ?3 AND record ->> '$.window' IS NOT NULL)
          ORDER BY seq",
    )?
    .query_map(params![Json(ids), At(recent), At(sums)], |row| row.get::<_, Json<Alert>>(0))?
    .map(|alert| alert.map(|Json(alert)| alert))
    .collect()
}

/// The alerts decided in the time from `first` on and before `end`, in order.
pub(super) fn between(
    conn: &Connection,
    first: Timestamp,
    end: Timestamp,
) -> rusqlite::Result<Vec<Alert>> {
    conn.prepare_cached("SELECT record FROM alerts WHERE sent >= ?1 AND sent < ?2 ORDER BY seq")?
        .query_map([At(first), At(end)], |row| row.get::<_, Json<Alert>>(0))?
        .map(|alert| alert.map(|Json(alert)| alert))
        .collect()
}

/// Writes the alerts that are not there yet, and puts those into the outbox; what an
/// order of silence holds back is there too, with the reason, and told to nobody.
pub(super) fn record(
    conn: &Connection,
    assessment: &Assessment,
    sinks: &[Recipient<'_>],
    now: Timestamp,
) -> rusqlite::Result<()> {
    for alert in &assessment.alerts {
        if !insert(conn, alert)? {
            continue;
        }
        for event in &alert.events {
            conn.prepare_cached("INSERT OR IGNORE INTO alert_events VALUES (?1, ?2)")?
                .execute([&event.0, &alert.id])?;
        }
        conn.prepare_cached("DELETE FROM quiet WHERE event = ?1 AND watch = ?2")?
            .execute([&alert.event_id.0, &alert.watch])?;
        let silenced = assessment.silenced.get(&alert.id).map(|why| Fate::Silenced(why));
        let held = assessment.held.get(&alert.id).map(Fate::Held);
        let fate = silenced.or(held).unwrap_or(Fate::Told);
        outbox::put(conn, &alert.clone().into(), sinks, fate, now)?;
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
