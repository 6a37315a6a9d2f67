//! The alarms about watchfire's own blindness: which stand, which stood.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

use super::column::{At, name};
use crate::source::blind::{Blind, Kind};

/// Alarms that ended and are kept.
const KEPT: i64 = 2_000;

/// Makes these the alarms that stand; those that did not stand before.
pub(super) fn record(
    conn: &Connection,
    standing: &[Blind],
    now: Timestamp,
) -> rusqlite::Result<Vec<Blind>> {
    let before = self::standing(conn)?;
    let is_same = |a: &Blind, b: &Blind| a.kind == b.kind && a.source == b.source;
    for over in before.iter().filter(|old| !standing.iter().any(|new| is_same(old, new))) {
        conn.prepare_cached(
            "UPDATE blind SET ended = ?3 WHERE kind = ?1 AND source = ?2 AND ended IS NULL",
        )?
        .execute(params![
            name(&over.kind),
            over.source.as_deref().unwrap_or(""),
            At(now)
        ])?;
    }
    for blind in standing {
        conn.prepare_cached(
            "INSERT INTO blind (kind, source, since, noticed, why, next_step)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (kind, source) WHERE ended IS NULL
             DO UPDATE SET why = excluded.why, next_step = excluded.next_step",
        )?
        .execute(params![
            name(&blind.kind),
            blind.source.as_deref().unwrap_or(""),
            At(blind.since),
            At(now),
            blind.why,
            blind.next_step
        ])?;
    }
    conn.prepare_cached(
        "DELETE FROM blind WHERE ended IS NOT NULL AND id <=
             (SELECT id FROM blind WHERE ended IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET ?1)",
    )?
    .execute([KEPT])?;
    let begun = standing.iter().filter(|new| !before.iter().any(|old| is_same(old, new)));
    Ok(begun.cloned().collect())
}

/// The alarms that stand, the oldest first.
pub(super) fn standing(conn: &Connection) -> rusqlite::Result<Vec<Blind>> {
    conn.prepare_cached(
        "SELECT kind, source, since, why, next_step FROM blind WHERE ended IS NULL ORDER BY id",
    )?
    .query_map([], blind)?
    .collect()
}

fn blind(row: &Row<'_>) -> rusqlite::Result<Blind> {
    let kind: String = row.get(0)?;
    let kind: Kind = serde_json::from_value(kind.into())
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, error.into()))?;
    let source: String = row.get(1)?;
    Ok(Blind {
        kind,
        source: Some(source).filter(|source| !source.is_empty()),
        since: row.get::<_, At>(2)?.0,
        why: row.get(3)?,
        next_step: row.get(4)?,
    })
}
