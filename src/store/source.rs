//! The sources and mirrors: which are configured, how each fares.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use url::Url;

use super::column::{At, Json, name};
use crate::source::state::{Health, MirrorState};
use crate::source::{Source, SourceState};

pub(super) fn configure(
    conn: &Connection,
    sources: &[Source],
    now: Timestamp,
) -> rusqlite::Result<()> {
    // Most starts find what the last one left: rows that stay as they are, long ones
    // with all that is known of a source, are not written again.
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    conn.execute(
        "UPDATE sources SET configured = 0
          WHERE configured AND name NOT IN (SELECT value FROM json_each(?1))",
        [Json(names)],
    )?;
    let mirrors = sources
        .iter()
        .flat_map(|source| source.mirrors.iter().map(|mirror| (&source.name, &mirror.url)));
    let mirrors: Vec<(&String, &Url)> = mirrors.collect();
    conn.execute(
        "UPDATE mirrors SET configured = 0
          WHERE configured AND (source, url) NOT IN
                (SELECT value ->> 0, value ->> 1 FROM json_each(?1))",
        [Json(mirrors)],
    )?;
    sources.iter().try_for_each(|source| configure_one(conn, source, now))
}

fn configure_one(conn: &Connection, source: &Source, now: Timestamp) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO sources (name, country, first_seen) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET configured = 1, country = excluded.country
             WHERE NOT configured OR country IS NOT excluded.country",
    )?
    .execute(params![source.name, source.country.map(String::from), At(now)])?;
    for (position, mirror) in source.mirrors.iter().enumerate() {
        conn.prepare_cached(
            "INSERT INTO mirrors (source, url, position) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET configured = 1, position = excluded.position
                 WHERE NOT configured OR position <> excluded.position",
        )?
        .execute(params![source.name, mirror.url.as_str(), position as i64])?;
    }
    Ok(())
}

/// By the names of the configured sources; those never polled are left out.
pub(super) fn states(conn: &Connection) -> rusqlite::Result<HashMap<String, SourceState>> {
    conn.prepare_cached("SELECT name, state FROM sources WHERE configured AND state IS NOT NULL")?
        .query_map([], |row| Ok((row.get(0)?, row.get::<_, Json<SourceState>>(1)?.0)))?
        .collect()
}

/// By the names of the configured sources.
pub(super) fn items_per_day(conn: &Connection) -> rusqlite::Result<HashMap<String, f64>> {
    conn.prepare_cached("SELECT DISTINCT source, items_per_day FROM v_sources")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Writes the state, and what a person asks of it.
pub(super) fn record_state(
    conn: &Connection,
    source: &str,
    state: &SourceState,
    now: Timestamp,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO sources (name, first_seen, last_poll, last_good, next_poll, error_streak,
                              state, pace, last_new, quiet_after, failing_since)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (name) DO UPDATE SET
             last_poll = excluded.last_poll, last_good = excluded.last_good,
             next_poll = excluded.next_poll, error_streak = excluded.error_streak,
             state = excluded.state, pace = excluded.pace, last_new = excluded.last_new,
             quiet_after = excluded.quiet_after, failing_since = excluded.failing_since",
    )?
    .execute(params![
        source,
        At(now),
        state.last_poll.map(At),
        state.last_good.map(At),
        state.next_poll.map(At),
        state.streak,
        Json(state),
        name(&state.pace),
        state.rhythm.last_new.map(At),
        quiet_after(state).map(At),
        state.failing_since.map(At),
    ])?;
    for (url, mirror) in &state.mirrors {
        record_mirror(conn, source, url.as_str(), mirror)?;
    }
    Ok(())
}

fn quiet_after(state: &SourceState) -> Option<Timestamp> {
    state.rhythm.last_new?.checked_add(state.rhythm.patience()?).ok()
}

fn record_mirror(
    conn: &Connection,
    source: &str,
    url: &str,
    mirror: &MirrorState,
) -> rusqlite::Result<()> {
    let (status, failures, cause, retry_at) = match &mirror.health {
        Health::Up { failures: 0 } => ("up", &0, None, None),
        Health::Up { failures } => ("failing", failures, None, None),
        Health::Down { failures, cause, retry_at, .. } => {
            ("down", failures, Some(name(cause)), Some(At(*retry_at)))
        }
    };
    // A stale mirror answers, and is asked after all others.
    let status = if status == "up" && mirror.stale_since.is_some() { "stale" } else { status };
    let cause = cause.or(mirror.last_cause.as_ref().map(name));
    let latency = mirror.usual_latency().map(|usual| usual.as_millis() as i64);
    let validators = mirror.validators.as_ref();
    // A mirror that is not configured any more stays so: its row is only kept.
    conn.prepare_cached(
        "INSERT INTO mirrors (source, url, position, configured, status, last_asked, last_good,
                              error_class, error, error_streak, retry_at, etag, last_modified,
                              not_before, stale_since, differs_since, moved_to, latency_ms)
         VALUES (?1, ?2, 0, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT DO UPDATE SET
             status = excluded.status, last_asked = excluded.last_asked,
             last_good = excluded.last_good, error_class = excluded.error_class,
             error = excluded.error, error_streak = excluded.error_streak,
             retry_at = excluded.retry_at, etag = excluded.etag,
             last_modified = excluded.last_modified, not_before = excluded.not_before,
             stale_since = excluded.stale_since, differs_since = excluded.differs_since,
             moved_to = excluded.moved_to, latency_ms = excluded.latency_ms",
    )?
    .execute(params![
        source,
        url,
        status,
        mirror.last_asked.map(At),
        mirror.last_good.map(At),
        cause,
        mirror.last_fault,
        failures,
        retry_at,
        validators.and_then(|validators| validators.etag.as_deref()),
        validators.and_then(|validators| validators.last_modified.as_deref()),
        mirror.not_before.map(At),
        mirror.stale_since.map(At),
        mirror.differs.as_ref().map(|differs| At(differs.since)),
        mirror.moved.as_ref().map(|moved| moved.to.as_str()),
        latency,
    ])?;
    Ok(())
}
