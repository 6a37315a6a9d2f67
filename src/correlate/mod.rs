//! Merges the reports of many articles into events and says which count to
//! trust. Decides nothing about alerts.

mod book;
mod campaign;
mod correction;
mod entry;
pub mod event;
mod kin;
mod likeness;
pub mod overrides;
mod rewind;
mod scene;
mod settle;
mod sums;
mod target;
mod toll;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::article::Article;
use crate::extract::event::{Days, Party, Reading, Report};
use book::Book;
use entry::Entry;
use event::{ArticleId, Change, Event, EventId};
use overrides::Override;

/// One article with what was read out of it, ready to be merged.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    pub id: &'a ArticleId,
    pub article: &'a Article,
    pub reading: &'a Reading,
    pub fetched: Timestamp,
    /// The agency that it credits.
    pub agency: Option<&'a str>,
    /// The article that it is a version or a copy of; its own id if none.
    pub story: &'a ArticleId,
    /// The article of whose words it mostly consists, if that is another.
    pub copy_of: Option<&'a ArticleId>,
    /// The version of the same source that it takes the place of.
    pub replaces: Option<&'a ArticleId>,
}

/// The events that the articles make or change, as they stand after all of them.
///
/// The order of `told` does not matter, nor in which of several calls they come:
/// articles are taken up as they were published, and where one comes in late, those
/// that came out after it are taken up anew. An event keeps its identity through
/// that as long as most of its reports stay together. What persons said of it holds.
pub fn merge(
    known: &[Event],
    overrides: &[Override],
    told: &[Told<'_>],
    now: Timestamp,
) -> Vec<Change> {
    let entries: Vec<Entry> = told.iter().map(Entry::of).collect();
    let mut book = Book::open(known, overrides, &entries);
    let mut entries = book.rewind(entries);
    entries.sort_by(|a, b| a.order.cmp(&b.order));
    for entry in entries {
        book.enter(entry, now);
    }
    book.close(now)
}

/// The days on which what an article of `today` reports may have happened.
pub fn possible_days(report: &Report, today: Date) -> Days {
    settle::possible(report, today)
}

/// Identity of the event that an article's report is the first to tell.
pub fn event_id(article: &ArticleId, ordinal: u32) -> EventId {
    let hash = blake3::hash(format!("event\n{}\n{ordinal}", article.0).as_bytes());
    EventId(hash.to_hex()[..16].to_owned())
}

/// Victims are everyone but the militants.
fn is_victim(party: Party) -> bool {
    party != Party::Militant
}
