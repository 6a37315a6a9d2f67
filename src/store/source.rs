//! The sources and mirrors: which are configured, how each fares.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::column::{At, Json};
use crate::lexicon::PlaceCode;

/// A source as the configuration has it.
#[derive(Debug, Clone)]
pub struct Configured<'a> {
    pub name: &'a str,
    pub country: Option<PlaceCode>,
    /// Full URLs of the feed, the preferred first.
    pub mirrors: Vec<&'a str>,
}

/// What was last recorded of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
    pub name: String,
    pub next_poll: Option<Timestamp>,
    /// As `Poll::state` had it.
    pub state: Option<serde_json::Value>,
}

pub(super) fn configure(
    conn: &Connection,
    sources: &[Configured<'_>],
    now: Timestamp,
) -> rusqlite::Result<()> {
    conn.execute("UPDATE sources SET configured = 0", [])?;
    conn.execute("UPDATE mirrors SET configured = 0", [])?;
    for source in sources {
        let country = source.country.map(|code| code.as_str().to_owned());
        conn.prepare_cached(
            "INSERT INTO sources (name, country, first_seen) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET configured = 1, country = excluded.country",
        )?
        .execute(params![source.name, country, At(now)])?;
        for (position, url) in source.mirrors.iter().enumerate() {
            conn.prepare_cached(
                "INSERT INTO mirrors (source, url, position) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET configured = 1, position = excluded.position",
            )?
            .execute(params![source.name, url, position as i64])?;
        }
    }
    Ok(())
}

pub(super) fn remembered(conn: &Connection) -> rusqlite::Result<Vec<Remembered>> {
    conn.prepare_cached(
        "SELECT name, next_poll, state FROM sources WHERE configured ORDER BY name",
    )?
    .query_map([], |row| {
        Ok(Remembered {
            name: row.get(0)?,
            next_poll: row.get::<_, Option<At>>(1)?.map(|at| at.0),
            state: row.get::<_, Option<Json<_>>>(2)?.map(|json| json.0),
        })
    })?
    .collect()
}
