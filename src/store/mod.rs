//! Keeps everything that watchfire has seen, read and decided in one SQLite file:
//! all the SQL is here, domain values go in and come out. Decides nothing; what
//! an item is worth and which alert is due is settled before it is recorded.
//!
//! A person reads the file with `sqlite3` alone, through five views:
//! `v_events`, `v_alerts`, `v_articles`, `v_pages` and `v_sources`. The migrations say what
//! each table and column means.

mod alarm;
mod alert;
mod article;
mod blind;
mod column;
mod copies;
mod error;
mod event;
mod item;
mod open;
mod outbox;
mod page;
mod page_due;
mod page_host;
mod person;
mod poll;
mod recent;
mod schema;
mod sinks;
mod source;
mod told;
mod transaction;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use crate::alert::FLOOD;
use crate::alert::rule::Alert;
use crate::assess::{Assessment, Incoming, Known, Reach, as_they_came_out};
use crate::correlate::event::{Event, EventId};
use crate::lexicon::PlaceCode;
use crate::source::blind::Blind;
use crate::source::{Source, SourceState};

use recent::Recent;

pub use error::Error;
pub use outbox::{Recipient, Refusal};
pub use page::{PageEnd, PageTry};
pub use page_due::DuePage;
pub use person::Word;
pub use poll::{Outcome, Poll};
pub use schema::VERSION;
pub use sinks::SinkHealth;
pub use told::{Kind, Posting};

/// What articles are said to have been read by: a reading of another version may
/// differ.
const EXTRACTOR: &str = env!("CARGO_PKG_VERSION");

/// Where the store lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub path: PathBuf,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { path: "/var/lib/watchfire/watchfire.db".into() }
    }
}

/// A store, owned by the one loop that writes to it.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    _lock: Option<open::Lock>,
    /// How often others had written when it was last asked what is known.
    seen: Cell<Option<i64>>,
    /// The events that were asked for lately.
    recent: RefCell<Recent>,
}

impl Store {
    /// Opens the store at `path` for writing, creates it if it is not there, brings
    /// an older one up to date. Alerts still waiting become due at once.
    pub fn open(path: &Path, now: Timestamp) -> Result<Store, Error> {
        let (conn, lock) = open::writer(path)?;
        let mut store = Store { _lock: Some(lock), ..Store::over(conn, path) };
        store.write(|turn| outbox::make_due(turn, now))?;
        Ok(store)
    }

    /// Opens the store at `path` to look into it while a daemon may be writing;
    /// what would write fails with `Error::ReadOnly`.
    pub fn read_only(path: &Path) -> Result<Store, Error> {
        Ok(Store::over(open::reader(path)?, path))
    }

    /// Opens the store at `path` to write a person's word into it beside a daemon that
    /// may be writing; neither creates it nor brings it up to date.
    pub fn beside(path: &Path) -> Result<Store, Error> {
        Ok(Store::over(open::beside_a_daemon(path)?, path))
    }

    /// A store that nobody else sees and that ends with the value.
    pub fn in_memory() -> Result<Store, Error> {
        Ok(Store::over(open::in_memory()?, Path::new(":memory:")))
    }

    fn over(conn: Connection, path: &Path) -> Store {
        Store {
            conn,
            path: path.to_owned(),
            _lock: None,
            seen: Cell::default(),
            recent: RefCell::default(),
        }
    }

    /// Where the store lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes over which sources and mirrors there are. Those that went are kept
    /// with all they brought, and no longer shown.
    pub fn configure(&mut self, sources: &[Source], now: Timestamp) -> Result<(), Error> {
        self.write(|turn| source::configure(turn, sources, now))
    }

    /// What was last recorded of the configured sources, by name; a source that was
    /// never polled is not among them.
    pub fn source_states(&self) -> Result<HashMap<String, SourceState>, Error> {
        self.read(source::states)
    }

    /// The articles of the batch as far as they were met, and nothing else of what is
    /// known.
    pub fn met(&self, batch: &[Incoming]) -> Result<Known, Error> {
        self.read(|conn| {
            let article::Met { articles, aliases } = article::met(conn, batch)?;
            Ok(Known { articles, aliases, ..Known::default() })
        })
    }

    /// What assessing the batch needs to know: its articles as far as they were met, and,
    /// if one of them is new, the texts that those `telling` of attacks may be copies of,
    /// the events within `reach` and those that rest on these articles, with the alerts
    /// of all these events.
    pub fn known<'a>(
        &self,
        batch: &[Incoming],
        telling: impl Iterator<Item = &'a Incoming>,
        reach: &[Reach],
    ) -> Result<Known, Error> {
        self.look()?;
        self.read(|conn| {
            let article::Met { articles, aliases } = article::met(conn, batch)?;
            let mut known = Known { articles, aliases, ..Known::default() };
            if batch.iter().all(|item| known.articles.contains_key(&item.id)) {
                return Ok(known);
            }
            known.copies = copies::of(conn, telling)?;
            known.events = event::touched(conn, &self.recent, reach, &known.ids())?;
            let ids: Vec<_> = known.events.iter().map(|event| event.id.clone()).collect();
            known.alerts = alert::of(conn, &ids)?;
            known.overrides = person::overrides(conn)?;
            known.silences = person::silences(conn, Timestamp::MIN)?;
            Ok(known)
        })
    }

    /// Adds to what is known the alerts of the last hour, and where levels of watches
    /// in these countries add up days, the sums and the events of so many days.
    pub fn recall(
        &self,
        known: &mut Known,
        days: Option<(u16, BTreeSet<PlaceCode>)>,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.read(|conn| {
            let ids: Vec<EventId> = known.events.iter().map(|event| event.id.clone()).collect();
            let recent = now.checked_sub(FLOOD).unwrap_or(Timestamp::MIN);
            let mut sums = Timestamp::MAX;
            if let Some((days, countries)) = &days {
                let span = SignedDuration::from_hours(24 * (i64::from(*days) + 2));
                sums = now.checked_sub(span).unwrap_or(Timestamp::MIN);
                let first_day = TimeZone::UTC.to_datetime(sums).date();
                known.ledger = event::since(conn, first_day, countries)?;
            }
            known.alerts = alert::past(conn, &ids, recent, sums)?;
            Ok(())
        })
    }

    /// The articles fetched in the time from `first` on and before `end`, in order.
    pub fn articles_between(
        &self,
        first: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<Incoming>, Error> {
        self.read(|conn| article::between(conn, first, end))
    }

    /// The alerts decided in the time from `first` on and before `end`, in order.
    pub fn alerts_between(&self, first: Timestamp, end: Timestamp) -> Result<Vec<Alert>, Error> {
        self.read(|conn| alert::between(conn, first, end))
    }

    /// The events that may have happened on `first_day` or later, and the undated
    /// ones that changed since then, with their sightings; in order of id.
    pub fn events_since(&self, first_day: Date) -> Result<Vec<Event>, Error> {
        let reach = [Reach::since(first_day)];
        self.read(|conn| event::touched(conn, &self.recent, &reach, &BTreeSet::new()))
    }

    /// The event of that id, whole.
    pub fn event(&self, id: &EventId) -> Result<Option<Event>, Error> {
        self.read(|conn| event::one(conn, id))
    }

    /// The alerts that were ever raised for these events, in order of decision.
    pub fn alerts_of(&self, events: &[EventId]) -> Result<Vec<Alert>, Error> {
        self.read(|conn| alert::of(conn, events))
    }

    /// Writes a poll and all that came of it, or nothing of it: items, articles,
    /// events, alerts, their place in the outbox of every sink, the schedule. Once
    /// this returns, it is on disk. The verdicts are those of the batch, in its order.
    pub fn record(
        &mut self,
        poll: &Poll<'_>,
        batch: &[Incoming],
        assessment: &Assessment,
        sinks: &[Recipient<'_>],
        now: Timestamp,
    ) -> Result<(), Error> {
        debug_assert_eq!(batch.len(), assessment.verdicts.len(), "one verdict an article");
        self.write_as_known(|turn| {
            poll::record(turn, poll, &assessment.verdicts)?;
            // A feed shows its newest first; a row names rows of what came out before.
            for place in as_they_came_out(batch) {
                let (incoming, verdict) = (&batch[place], &assessment.verdicts[place]);
                article::record(turn, incoming, verdict, EXTRACTOR)?;
                item::record(turn, poll.source, incoming, verdict, now)?;
                page::queue(turn, incoming, verdict, now)?;
            }
            record_events(turn, assessment, sinks, now)
        })?;
        event::keep(self.recent.get_mut(), &assessment.events);
        Ok(())
    }

    /// Writes the states of sources whose last polls failed for no fault of theirs.
    pub fn excuse(
        &mut self,
        sources: &[(String, SourceState)],
        now: Timestamp,
    ) -> Result<(), Error> {
        self.write(|turn| {
            sources
                .iter()
                .try_for_each(|(name, state)| source::record_state(turn, name, state, now))
        })
    }

    /// Makes these the alarms about our own blindness that stand; those that did not
    /// stand before.
    pub fn record_blind(
        &mut self,
        standing: &[Blind],
        now: Timestamp,
    ) -> Result<Vec<Blind>, Error> {
        self.write(|turn| blind::record(turn, standing, now))
    }

    /// Items that the configured sources showed for the first time in the last week,
    /// a day.
    pub fn items_per_day(&self) -> Result<HashMap<String, f64>, Error> {
        self.read(source::items_per_day)
    }

    /// The alarms about our own blindness that stand, the oldest first.
    pub fn blind(&self) -> Result<Vec<Blind>, Error> {
        self.read(blind::standing)
    }

    /// Empties the write-ahead log into the store and lets SQLite look after its
    /// indexes; for a moment when no poll is due. A reader at work puts it off.
    pub fn tidy(&mut self) -> Result<(), Error> {
        self.write(|turn| {
            copies::forget_old(turn)?;
            page::forget_old(turn)?;
            turn.execute_batch("PRAGMA optimize")
        })?;
        let emptied = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        emptied.map_err(|error| Error::of(&self.path, error))
    }

    /// How many articles, events and alerts the store holds.
    pub fn counts(&self) -> Result<Counts, Error> {
        self.read(|conn| {
            conn.query_row(
                "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM events),
                        (SELECT count(*) FROM alerts)",
                [],
                |row| {
                    Ok(Counts { articles: row.get(0)?, events: row.get(1)?, alerts: row.get(2)? })
                },
            )
        })
    }
}

/// Writes the events and what is to be told of them.
fn record_events(
    turn: &Connection,
    assessment: &Assessment,
    sinks: &[Recipient<'_>],
    now: Timestamp,
) -> rusqlite::Result<()> {
    event::record(turn, &assessment.events)?;
    alert::record_quiet(turn, &assessment.quiet, now)?;
    alert::record(turn, assessment, sinks, now)
}

/// How much a store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub articles: u32,
    pub events: u32,
    pub alerts: u32,
}
