//! The alarms: what people were told of watchfire's own blindness.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::column::{At, Json, name};
use super::outbox::{self, Fate, Recipient};
use super::{Error, Store};
use crate::alert::blind::{Alarm, AlarmType, Open, Subject};

impl Store {
    /// What was announced and is not over yet.
    pub fn open_alarms(&self) -> Result<Vec<Open>, Error> {
        self.read(open)
    }

    /// How many times the subject was announced.
    pub fn alarms_on(&self, subject: &Subject) -> Result<u32, Error> {
        self.read(|conn| {
            conn.query_row(
                "SELECT count(*) FROM alarms WHERE subject = ?1 AND type = 'blind'",
                [subject.to_string()],
                |row| row.get(0),
            )
        })
    }

    /// Writes new alarms with their place in the outbox of every sink, and what is
    /// still open, in one transaction.
    pub fn record_alarms(
        &mut self,
        alarms: &[Alarm],
        still: &[Open],
        sinks: &[Recipient<'_>],
        now: Timestamp,
    ) -> Result<(), Error> {
        self.write(|turn| {
            alarms.iter().try_for_each(|alarm| insert(turn, alarm, sinks, now))?;
            still.iter().try_for_each(|open| keep(turn, open))
        })
    }
}

fn open(conn: &Connection) -> rusqlite::Result<Vec<Open>> {
    conn.prepare_cached(
        "SELECT record, clear_since FROM alarms a WHERE type = 'blind'
            AND NOT EXISTS (SELECT 1 FROM alarms o WHERE o.updates = a.id) ORDER BY seq",
    )?
    .query_map([], |row| {
        let Json(alarm) = row.get::<_, Json<Alarm>>(0)?;
        Ok(Open { alarm, clear_since: row.get::<_, Option<At>>(1)?.map(|at| at.0) })
    })?
    .collect()
}

fn insert(
    conn: &Connection,
    alarm: &Alarm,
    sinks: &[Recipient<'_>],
    now: Timestamp,
) -> rusqlite::Result<()> {
    let written = conn
        .prepare_cached(
            "INSERT INTO alarms (id, sent, type, level, subject, headline, reason, updates, record)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            alarm.id,
            At(alarm.sent),
            name(&alarm.kind),
            name(&alarm.level),
            alarm.subject.to_string(),
            alarm.headline,
            alarm.reason,
            alarm.references,
            Json(alarm),
        ])?;
    if written > 0 && alarm.kind != AlarmType::Test {
        outbox::put(conn, &alarm.clone().into(), sinks, Fate::Told, now)?;
    }
    Ok(())
}

fn keep(conn: &Connection, open: &Open) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE alarms SET clear_since = ?2 WHERE id = ?1")?
        .execute(params![open.alarm.id, open.clear_since.map(At)])?;
    Ok(())
}
