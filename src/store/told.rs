//! What was told, and to whom it got: for the commands that people look with.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::column::At;
use super::outbox::{record, told_whole};
use super::{Error, Store};
use crate::alert::message::{Dispatch, Message};

/// A message for a sink, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    pub alert: String,
    pub sink: String,
    /// `waiting`, `sent`, `dead`, `silenced` or `merged`.
    pub state: String,
    pub tries: u32,
    pub next_try: Timestamp,
    pub settled: Option<Timestamp>,
    pub error: Option<String>,
}

/// What an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An alert or an alarm.
    Message,
    Event,
}

impl Store {
    /// What sinks were to have and have not, oldest first.
    pub fn undelivered(&self) -> Result<Vec<Posting>, Error> {
        self.read(|conn| postings(conn, "state NOT IN ('sent', 'merged') AND ?1 IS NULL", None))
    }

    /// For whom the message is, and how far it is.
    pub fn postings(&self, message: &str) -> Result<Vec<Posting>, Error> {
        self.read(|conn| postings(conn, "alert = ?1", Some(message)))
    }

    /// The newest messages, newest first.
    pub fn messages(&self, most: u32) -> Result<Vec<Message>, Error> {
        self.read(|conn| {
            conn.prepare_cached(
                "SELECT record FROM (SELECT record, sent, seq FROM alerts
                                      UNION ALL SELECT record, sent, seq FROM alarms)
                  ORDER BY sent DESC, seq DESC LIMIT ?1",
            )?
            .query_map([most], record)?
            .collect()
        })
    }

    /// The message with what a channel needs to tell it well, whomever it went to.
    pub fn dispatch(&self, message: &str) -> Result<Option<Dispatch>, Error> {
        self.read(|conn| {
            let found = conn
                .prepare_cached(
                    "SELECT record FROM alerts WHERE id = ?1
                      UNION ALL SELECT record FROM alarms WHERE id = ?1",
                )?
                .query_row([message], record)
                .optional()?;
            found.map(|message| told_whole(conn, message)).transpose()
        })
    }

    /// The ids of alerts and alarms, or of events, that begin so; at most ten.
    pub fn ids(&self, kind: Kind, start: &str) -> Result<Vec<String>, Error> {
        let table = match kind {
            Kind::Message => "(SELECT id FROM alerts UNION ALL SELECT id FROM alarms)",
            Kind::Event => "events",
        };
        self.read(|conn| {
            conn.prepare_cached(&format!(
                "SELECT id FROM {table} WHERE substr(id, 1, length(?1)) = ?1 LIMIT 10"
            ))?
            .query_map([start], |row| row.get(0))?
            .collect()
        })
    }
}

fn postings(
    conn: &Connection,
    which: &str,
    message: Option<&str>,
) -> rusqlite::Result<Vec<Posting>> {
    conn.prepare_cached(&format!(
        "SELECT alert, sink, state, tries, next_try, settled,
                coalesce(error, CASE WHEN state = 'waiting' AND tries = 0 THEN held END)
           FROM outbox
          WHERE {which} ORDER BY id"
    ))?
    .query_map([message], |row| {
        Ok(Posting {
            alert: row.get(0)?,
            sink: row.get(1)?,
            state: row.get(2)?,
            tries: row.get(3)?,
            next_try: row.get::<_, At>(4)?.0,
            settled: row.get::<_, Option<At>>(5)?.map(|at| at.0),
            error: row.get(6)?,
        })
    })?
    .collect()
}
