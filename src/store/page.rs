//! The pages that are to be read, and what became of each try.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::column::{At, Json, name};
use super::outbox::Recipient;
use super::page_due::DuePage;
use super::{EXTRACTOR, Error, Store, article, item, page_due, page_host, record_events};
use crate::article::Article;
use crate::article::page::Page;
use crate::assess::{Assessment, Extent, Incoming, Verdict};
use crate::correlate::event::ArticleId;
use crate::source::paging::host_of;

/// What became of one try to read a page.
#[derive(Debug, Clone, PartialEq)]
pub struct PageTry {
    pub id: i64,
    /// The text that it was to complete; where that is no longer the one, the try
    /// counts for nothing.
    pub article: ArticleId,
    /// The article as the page had it the last time, where it was read before.
    pub had: Option<ArticleId>,
    pub started: Timestamp,
    pub took: Duration,
    pub end: PageEnd,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq)]
pub enum PageEnd {
    /// The page gave a text for the article; where it tells of an attack, it is read
    /// again, since it will be written on.
    Read { page: Box<Page>, wire: u64, is_urgent: bool, again: Option<Timestamp> },
    /// The page came, and the text that is known stays.
    Kept { class: String, message: String },
    /// It is tried again, perhaps at another mirror; the host as a whole perhaps not
    /// before an instant.
    Again {
        class: String,
        message: String,
        next_try: Timestamp,
        elsewhere: Option<Url>,
        host_closed: Option<Timestamp>,
    },
    /// It is not tried again.
    GivenUp { class: String, message: String },
}

impl Store {
    /// Writes what became of a try to read a page and all that came of it, or nothing
    /// of it. Once this returns, it is on disk. The page's article, where it gave one,
    /// is the whole batch.
    pub fn record_page(
        &mut self,
        tried: &PageTry,
        batch: &[Incoming],
        assessment: &Assessment,
        sinks: &[Recipient<'_>],
        now: Timestamp,
    ) -> Result<(), Error> {
        debug_assert_eq!(batch.len(), assessment.verdicts.len(), "one verdict an article");
        self.write_as_known(|turn| {
            for (incoming, verdict) in batch.iter().zip(&assessment.verdicts) {
                article::record(turn, incoming, verdict, EXTRACTOR)?;
                item::record(turn, &incoming.article.source, incoming, verdict, now)?;
            }
            let text = assessment.verdicts.first().and_then(Verdict::article);
            record(turn, tried, text)?;
            record_events(turn, assessment, sinks, now)
        })
    }

    /// The pages whose turn it is, the most urgent first: at most `room`, one a host,
    /// none of a host in `busy`, none beyond what its source and host may cost.
    pub fn due_pages(
        &self,
        busy: &HashSet<String>,
        room: usize,
        now: Timestamp,
    ) -> Result<Vec<DuePage>, Error> {
        self.read(|conn| page_due::due(conn, busy, room, now))
    }

    /// When the next page is due that is not due yet.
    pub fn next_page(&self, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        self.read(|conn| page_due::next_due(conn, now))
    }

    /// Whether a page is still to complete that text.
    pub fn page_waits_for(&self, page: i64, article: &ArticleId) -> Result<bool, Error> {
        self.read(|conn| waits_for(conn, page, article))
    }

    /// What was kept of a host's robots.txt.
    pub fn robots<T: DeserializeOwned>(&self, host: &str) -> Result<Option<T>, Error> {
        self.read(|conn| page_host::robots(conn, host))
    }

    /// Keeps what a host's robots.txt says.
    pub fn keep_robots<T: Serialize>(&mut self, host: &str, robots: &T) -> Result<(), Error> {
        self.write(|turn| page_host::keep_robots(turn, host, robots))
    }

    /// The newest text that the source has given of this article's story that is more
    /// than a lead; none where the newest of all is a lead.
    pub fn fullest(
        &self,
        source: &str,
        article: &ArticleId,
    ) -> Result<Option<(ArticleId, Article)>, Error> {
        self.read(|conn| article::fullest(conn, source, article))
    }
}

/// A whole text waits for no page; a lead does.
pub(super) fn queue(
    conn: &Connection,
    incoming: &Incoming,
    verdict: &Verdict,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let (Verdict::New { article, reading, .. } | Verdict::Updated { article, reading, .. }) =
        verdict
    else {
        return Ok(());
    };
    let told = &incoming.article;
    let key = item::key_of(&incoming.keys, &told.title, told.link.as_deref());
    let Some(wanted) = &incoming.page else {
        return match incoming.extent {
            Extent::Whole => supersede(conn, &told.source, &key),
            _ => Ok(()),
        };
    };
    conn.prepare_cached(
        "INSERT INTO pages (source, key, url, host, article, lead, urgent, queued, next_try)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
         ON CONFLICT (source, key) DO UPDATE SET
             url = excluded.url, host = excluded.host, article = excluded.article,
             lead = excluded.lead, urgent = excluded.urgent, queued = excluded.queued,
             state = 'waiting', tries = 0, next_try = excluded.next_try, text = NULL,
             error_class = NULL, error = NULL",
    )?
    .execute(params![
        told.source,
        key,
        wanted.url.as_str(),
        host_of(&wanted.url),
        article.0,
        wanted.lead,
        !reading.events.is_empty(),
        At(now),
    ])?;
    Ok(())
}

fn supersede(conn: &Connection, source: &str, key: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE pages SET state = 'kept', next_try = NULL, error_class = 'superseded',
                error = 'the feed tells all of it'
          WHERE source = ?1 AND key = ?2 AND state = 'waiting'",
    )?
    .execute([source, key])?;
    Ok(())
}

/// Whether the page still waits to complete that text.
pub(super) fn waits_for(conn: &Connection, id: i64, article: &ArticleId) -> rusqlite::Result<bool> {
    conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM pages WHERE id = ?1 AND article = ?2 AND next_try IS NOT NULL)",
    )?
    .query_row(params![id, article.0], |row| row.get(0))
}

/// Writes what became of a try. `text` is the article as its page has it.
pub(super) fn record(
    conn: &Connection,
    tried: &PageTry,
    text: Option<&ArticleId>,
) -> rusqlite::Result<()> {
    let (state, class, message, next_try) = match &tried.end {
        PageEnd::Read { again, .. } => ("read", None, None, again.map(At)),
        PageEnd::Kept { class, message } => ("kept", Some(class), Some(message), None),
        PageEnd::Again { class, message, next_try, .. } => {
            ("waiting", Some(class), Some(message), Some(At(*next_try)))
        }
        PageEnd::GivenUp { class, message } => ("given_up", Some(class), Some(message), None),
    };
    conn.prepare_cached(
        // What was read once stays so, whatever its page shows later.
        "UPDATE pages SET state = iif(text IS NULL, ?2, 'read'), error_class = ?3, error = ?4, next_try = ?5, last_try = ?6,
                took_ms = ?7, tries = tries + 1
          WHERE id = ?1",
    )?
    .execute(params![
        tried.id,
        state,
        class,
        message,
        next_try,
        At(tried.started),
        i64::try_from(tried.took.as_millis()).unwrap_or(i64::MAX),
    ])?;
    match &tried.end {
        PageEnd::Read { page, wire, is_urgent, .. } => {
            record_page(conn, tried.id, page, *wire, text)?;
            conn.prepare_cached("UPDATE pages SET urgent = max(urgent, ?2) WHERE id = ?1")?
                .execute(params![tried.id, is_urgent])?;
        }
        PageEnd::Again { host_closed, elsewhere, .. } => {
            // The host that asked for it, before the page moves to another.
            host_closed.map(|until| page_host::close(conn, tried.id, until)).transpose()?;
            elsewhere.as_ref().map(|url| move_page(conn, tried.id, url)).transpose()?;
        }
        PageEnd::Kept { .. } | PageEnd::GivenUp { .. } => {}
    }
    Ok(())
}

fn record_page(
    conn: &Connection,
    id: i64,
    page: &Page,
    wire: u64,
    text: Option<&ArticleId>,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE pages SET text = ?2, wire = ?3, canonical = ?4, byline = ?5, captions = ?6, way = ?7
          WHERE id = ?1",
    )?
    .execute(params![
        id,
        text.map(|id| &id.0),
        i64::try_from(wire).unwrap_or(i64::MAX),
        page.canonical,
        page.byline,
        (!page.captions.is_empty()).then_some(Json(&page.captions)),
        name(&page.way),
    ])?;
    Ok(())
}

fn move_page(conn: &Connection, id: i64, url: &Url) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE pages SET url = ?2, host = ?3 WHERE id = ?1")?.execute(params![
        id,
        url.as_str(),
        host_of(url)
    ])?;
    Ok(())
}

/// Gives up what has waited for days behind more urgent pages; forgets rows that came
/// to an end long ago, and hosts that nobody asked since.
pub(super) fn forget_old(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(
        "UPDATE pages SET state = 'given_up', next_try = NULL, error_class = 'late',
                error = 'it waited for three days behind more urgent pages'
          WHERE state = 'waiting' AND queued < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-3 days');
         DELETE FROM pages WHERE state <> 'waiting'
            AND queued < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-90 days');
         DELETE FROM page_hosts WHERE host NOT IN (SELECT host FROM pages);",
    )
}
