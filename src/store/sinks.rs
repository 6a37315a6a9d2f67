//! The sinks that the configuration has: which there are, and how each has been lately.
//! What they have to be told is `outbox`'s.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::column::{At, Json};
use super::{Error, Store};

/// How a sink has been lately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkHealth {
    pub sink: String,
    pub kind: String,
    pub last_good: Option<Timestamp>,
    /// Refusals since then.
    pub streak: u32,
    pub failing_since: Option<Timestamp>,
    pub error: Option<String>,
    pub waiting: u32,
    pub dead: u32,
}

impl Store {
    /// Takes over which sinks there are, by name and kind. What waited for one that
    /// went is given up, visibly; a new one is told what is decided from now on.
    pub fn configure_sinks(&mut self, sinks: &[(&str, &str)], now: Timestamp) -> Result<(), Error> {
        self.write(|turn| configure(turn, sinks, now))
    }

    /// How the configured sinks have been lately, by name.
    pub fn sink_health(&self) -> Result<Vec<SinkHealth>, Error> {
        self.read(health)
    }
}

fn configure(conn: &Connection, sinks: &[(&str, &str)], now: Timestamp) -> rusqlite::Result<()> {
    let names: Vec<&str> = sinks.iter().map(|(name, _)| *name).collect();
    conn.execute(
        "UPDATE sinks SET configured = 0
          WHERE configured AND name NOT IN (SELECT value FROM json_each(?1))",
        [Json(names)],
    )?;
    for (name, kind) in sinks {
        conn.execute(
            "INSERT INTO sinks (name, kind, first_seen) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET kind = excluded.kind, configured = 1
                 WHERE NOT configured OR kind <> excluded.kind",
            params![name, kind, At(now)],
        )?;
    }
    conn.execute(
        "UPDATE outbox SET state = 'dead', settled = ?1,
                error = 'the sink was taken out of the configuration'
          WHERE state = 'waiting' AND sink NOT IN (SELECT name FROM sinks WHERE configured)",
        [At(now)],
    )?;
    Ok(())
}

fn health(conn: &Connection) -> rusqlite::Result<Vec<SinkHealth>> {
    let of = |state| {
        format!("(SELECT count(*) FROM outbox o WHERE o.sink = s.name AND o.state = '{state}')")
    };
    let (waiting, dead) = (of("waiting"), of("dead"));
    conn.prepare_cached(&format!(
        "SELECT name, kind, last_good, streak, failing_since, error, {waiting}, {dead}
           FROM sinks s WHERE configured ORDER BY name"
    ))?
    .query_map([], |row| {
        Ok(SinkHealth {
            sink: row.get(0)?,
            kind: row.get(1)?,
            last_good: row.get::<_, Option<At>>(2)?.map(|at| at.0),
            streak: row.get(3)?,
            failing_since: row.get::<_, Option<At>>(4)?.map(|at| at.0),
            error: row.get(5)?,
            waiting: row.get(6)?,
            dead: row.get(7)?,
        })
    })?
    .collect()
}
