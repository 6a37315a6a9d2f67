//! What persons say: words on events, and orders of silence.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::column::{At, Json};
use super::outbox::Recipient;
use super::{Error, Store, alert, event};
use crate::alert::silence::Order;
use crate::assess::{Assessment, Known};
use crate::correlate::event::EventId;
use crate::correlate::overrides::{Act, Override};

/// A person's word with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub number: i64,
    pub said: Override,
    pub revoked: Option<Timestamp>,
}

impl Store {
    /// What a person's word on these events needs to know: the events with their
    /// alerts, and everything that persons said before.
    pub fn known_of(&self, events: &[EventId]) -> Result<Known, Error> {
        self.look()?;
        self.read(|conn| {
            let found: rusqlite::Result<Vec<_>> =
                events.iter().filter_map(|id| event::one(conn, id).transpose()).collect();
            Ok(Known {
                events: found?,
                alerts: alert::of(conn, events)?,
                overrides: overrides(conn)?,
                silences: silences(conn, Timestamp::MIN)?,
                ..Known::default()
            })
        })
    }

    /// Writes a person's word, or that `revoked` was taken back, and all that follows
    /// from it, in one transaction.
    pub fn record_word(
        &mut self,
        said: Option<&Override>,
        revoked: Option<i64>,
        assessment: &Assessment,
        sinks: &[Recipient<'_>],
        now: Timestamp,
    ) -> Result<(), Error> {
        self.write_as_known(|turn| {
            if let Some(said) = said {
                insert(turn, said)?;
            }
            turn.execute(
                "UPDATE overrides SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL",
                params![revoked, At(now)],
            )?;
            super::record_events(turn, assessment, sinks, now)
        })
    }

    /// Every word of a person that holds, oldest first.
    pub fn words(&self) -> Result<Vec<Override>, Error> {
        self.read(overrides)
    }

    /// Writes what a replay came to and is to be told, in one transaction.
    pub fn record_replayed(
        &mut self,
        assessment: &Assessment,
        sinks: &[Recipient<'_>],
        now: Timestamp,
    ) -> Result<(), Error> {
        self.write_as_known(|turn| super::record_events(turn, assessment, sinks, now))
    }

    /// Everything that persons said of the event, oldest first.
    pub fn words_on(&self, event: &EventId) -> Result<Vec<Word>, Error> {
        self.read(|conn| {
            conn.prepare_cached(
                "SELECT id, record, revoked FROM overrides WHERE event = ?1 ORDER BY id",
            )?
            .query_map([&event.0], |row| {
                Ok(Word {
                    number: row.get(0)?,
                    said: row.get::<_, Json<Override>>(1)?.0,
                    revoked: row.get::<_, Option<At>>(2)?.map(|at| at.0),
                })
            })?
            .collect()
        })
    }

    /// Writes an order of silence; its number.
    pub fn silence(&mut self, order: &Order) -> Result<i64, Error> {
        self.write(|turn| {
            turn.execute(
                "INSERT INTO silences (made, author, comment, until, record)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![At(order.made), order.author, order.comment, At(order.until), Json(order)],
            )?;
            Ok(turn.last_insert_rowid())
        })
    }

    /// Ends an order of silence before its time; whether there was one that held.
    pub fn end_silence(&mut self, number: i64, now: Timestamp) -> Result<bool, Error> {
        self.write(|turn| {
            let found = turn.query_row(
                "SELECT record FROM silences WHERE id = ?1 AND until > ?2",
                params![number, At(now)],
                |row| row.get::<_, Json<Order>>(0),
            );
            let Json(order) = match found {
                Err(rusqlite::Error::QueryReturnedNoRows) => return Ok(false),
                found => found?,
            };
            let order = Order { until: now, ..order };
            turn.execute(
                "UPDATE silences SET until = ?2, record = ?3 WHERE id = ?1",
                params![number, At(now), Json(order)],
            )?;
            Ok(true)
        })
    }

    /// The orders of silence that hold after that time, by number.
    pub fn silences(&self, after: Timestamp) -> Result<Vec<(i64, Order)>, Error> {
        self.read(|conn| {
            conn.prepare_cached("SELECT id, record FROM silences WHERE until > ?1 ORDER BY id")?
                .query_map([At(after)], |row| Ok((row.get(0)?, row.get::<_, Json<Order>>(1)?.0)))?
                .collect()
        })
    }
}

fn insert(conn: &Connection, said: &Override) -> rusqlite::Result<()> {
    let event = match &said.act {
        Act::Correct { event, .. } | Act::Dismiss { event } | Act::Pin { event, .. } => event,
    };
    conn.execute(
        "INSERT INTO overrides (made, author, comment, event, record) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![At(said.made), said.author, said.comment, event.0, Json(said)],
    )?;
    Ok(())
}

/// All that holds, oldest first. Made by hand, they are few.
pub(super) fn overrides(conn: &Connection) -> rusqlite::Result<Vec<Override>> {
    conn.prepare_cached("SELECT record FROM overrides WHERE revoked IS NULL ORDER BY id")?
        .query_map([], |row| row.get::<_, Json<Override>>(0))?
        .map(|said| said.map(|Json(said)| said))
        .collect()
}

/// The orders of silence that hold after that time.
pub(super) fn silences(conn: &Connection, after: Timestamp) -> rusqlite::Result<Vec<Order>> {
    conn.prepare_cached("SELECT record FROM silences WHERE until > ?1 ORDER BY id")?
        .query_map([At(after)], |row| row.get::<_, Json<Order>>(0))?
        .map(|order| order.map(|Json(order)| order))
        .collect()
}
