//! What the hosts of pages ask of us.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::column::{At, Json};

/// What a host's robots.txt was the last time, as its reader wrote it.
pub(super) fn robots<T: DeserializeOwned>(
    conn: &Connection,
    host: &str,
) -> rusqlite::Result<Option<T>> {
    let text: Option<Option<String>> = conn
        .prepare_cached("SELECT robots FROM page_hosts WHERE host = ?1")?
        .query_row([host], |row| row.get(0))
        .optional()?;
    // One of another version is asked for anew.
    Ok(text.flatten().and_then(|text| serde_json::from_str(&text).ok()))
}

pub(super) fn keep_robots<T: Serialize>(
    conn: &Connection,
    host: &str,
    robots: &T,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO page_hosts (host, robots) VALUES (?1, ?2)
         ON CONFLICT (host) DO UPDATE SET robots = excluded.robots",
    )?
    .execute(params![host, Json(robots)])?;
    Ok(())
}

/// Leaves the host of a page alone until then.
pub(super) fn close(conn: &Connection, id: i64, until: Timestamp) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO page_hosts (host, not_before) SELECT host, ?2 FROM pages WHERE id = ?1
         ON CONFLICT (host) DO UPDATE SET
             not_before = max(coalesce(not_before, ''), excluded.not_before)",
    )?
    .execute(params![id, At(until)])?;
    Ok(())
}
