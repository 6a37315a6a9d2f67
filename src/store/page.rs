//! The pages that are to be read, what became of them, and what their hosts ask.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::column::{At, Json, name};
use super::outbox::Recipient;
use super::{EXTRACTOR, Error, Store, article, item, record_events};
use crate::article::Article;
use crate::article::page::Page;
use crate::assess::{Assessment, Extent, Incoming, Verdict};
use crate::correlate::event::ArticleId;
use crate::source::paging::{Spent, Waiting, host_of, pick};

/// A page whose turn it is.
#[derive(Debug, Clone, PartialEq)]
pub struct DuePage {
    pub id: i64,
    pub source: String,
    pub url: Url,
    /// Scheme, host and port of it.
    pub host: String,
    /// The text that it is to complete.
    pub article: ArticleId,
    /// How much of the article that text is.
    pub extent: Extent,
    /// The article as the feed tells it.
    pub known: Article,
    /// What the item is called in its source.
    pub keys: Vec<String>,
    /// Tries before this one.
    pub tries: u32,
    pub queued: Timestamp,
    /// Whether it is known to tell of an attack.
    pub is_urgent: bool,
    /// The article as the page had it the last time.
    pub had: Option<(ArticleId, Article)>,
}

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
        self.read(|conn| due(conn, busy, room, now))
    }

    /// When the next page is due that is not due yet.
    pub fn next_page(&self, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        self.read(|conn| next_due(conn, now))
    }

    /// Whether a page is still to complete that text.
    pub fn page_waits_for(&self, page: i64, article: &ArticleId) -> Result<bool, Error> {
        self.read(|conn| waits_for(conn, page, article))
    }

    /// What was kept of a host's robots.txt.
    pub fn robots<T: DeserializeOwned>(&self, host: &str) -> Result<Option<T>, Error> {
        self.read(|conn| robots(conn, host))
    }

    /// Keeps what a host's robots.txt says.
    pub fn keep_robots<T: Serialize>(&mut self, host: &str, robots: &T) -> Result<(), Error> {
        self.write(|turn| keep_robots(turn, host, robots))
    }

    /// The newest text that the source has given of this article's story that is more
    /// than a lead; none where the newest of all is a lead.
    pub fn fullest(
        &self,
        source: &str,
        article: &ArticleId,
    ) -> Result<Option<(ArticleId, Article)>, Error> {
        self.read(|conn| fullest(conn, source, article))
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

/// The pages whose turn it is, at most `room`, one a host and none of a busy one.
pub(super) fn due(
    conn: &Connection,
    busy: &HashSet<String>,
    room: usize,
    now: Timestamp,
) -> rusqlite::Result<Vec<DuePage>> {
    /// Of each source, so that a long queue of one does not hide the others'.
    const LOOKED_AT: i64 = 20;
    let waiting: Vec<Waiting> = conn
        .prepare_cached(
            "SELECT id, source, host FROM (
                 SELECT p.id, p.source, p.host, p.urgent, p.text IS NOT NULL AS was_read,
                        coalesce(a.published, a.fetched) AS out,
                        row_number() OVER (PARTITION BY p.source ORDER BY p.text IS NOT NULL,
                            p.urgent DESC, coalesce(a.published, a.fetched) DESC, p.id) AS place
                   FROM pages p
                   LEFT JOIN page_hosts h ON h.host = p.host
                   JOIN articles a ON a.id = p.article
                   JOIN sources s ON s.name = p.source AND s.configured
                  WHERE p.next_try IS NOT NULL AND p.next_try <= ?1
                    AND (h.not_before IS NULL OR h.not_before <= ?1))
              WHERE place <= ?2
              ORDER BY was_read, urgent DESC, out DESC, id",
        )?
        .query_map(params![At(now), LOOKED_AT], |row| {
            Ok(Waiting { id: row.get(0)?, source: row.get(1)?, host: row.get(2)? })
        })?
        .collect::<rusqlite::Result<_>>()?;
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let spent = spent(conn, now)?;
    let chosen = pick(&waiting, busy, spent, room);
    chosen.into_iter().filter_map(|id| due_page(conn, id).transpose()).collect()
}

/// What the last hour cost, by source and by host.
fn spent(conn: &Connection, now: Timestamp) -> rusqlite::Result<Spent> {
    let since = now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(now);
    let count = |column: &str| -> rusqlite::Result<HashMap<String, u32>> {
        conn.prepare_cached(&format!(
            "SELECT {column}, count(*) FROM pages WHERE last_try > ?1 GROUP BY {column}"
        ))?
        .query_map([At(since)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
    };
    Ok(Spent { of_source: count("source")?, of_host: count("host")? })
}

fn due_page(conn: &Connection, id: i64) -> rusqlite::Result<Option<DuePage>> {
    conn.prepare_cached(
        "SELECT p.id, p.source, p.url, p.host, p.article, a.extent, p.tries, i.keys,
                a.title, p.lead, a.published, a.country, a.link,
                p.queued, p.urgent, t.id, t.title, t.text
           FROM pages p JOIN articles a ON a.id = p.article
           LEFT JOIN articles t ON t.id = p.text
           LEFT JOIN items i ON i.source = p.source AND i.key = p.key
          WHERE p.id = ?1",
    )?
    .query_row([id], |row| {
        let url: String = row.get(2)?;
        let country: Option<String> = row.get(11)?;
        let known = Article {
            title: row.get(8)?,
            text: row.get(9)?,
            published: row.get::<_, Option<At>>(10)?.map(|at| at.0),
            country: country.and_then(|code| code.parse().ok()),
            source: row.get(1)?,
            link: row.get(12)?,
        };
        let had: Option<String> = row.get(15)?;
        let had = had.map(|id| {
            let (title, text) = (row.get(16)?, row.get(17)?);
            Ok::<_, rusqlite::Error>((ArticleId(id), Article { title, text, ..known.clone() }))
        });
        Ok(DuePage {
            id: row.get(0)?,
            source: row.get(1)?,
            url: Url::parse(&url).map_err(|fault| {
                rusqlite::Error::FromSqlConversionFailure(2, Type::Text, Box::new(fault))
            })?,
            host: row.get(3)?,
            article: ArticleId(row.get(4)?),
            extent: named(row, 5)?,
            known,
            keys: row
                .get::<_, Option<Json<Vec<String>>>>(7)?
                .map(|keys| keys.0)
                .unwrap_or_default(),
            tries: row.get(6)?,
            queued: row.get::<_, At>(13)?.0,
            is_urgent: row.get(14)?,
            had: had.transpose()?,
        })
    })
    .optional()
}

/// A unit variant by its serialised name; the default where there is none such.
fn named<T: DeserializeOwned + Default>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let name: String = row.get(column)?;
    Ok(serde_json::from_value(serde_json::Value::String(name)).unwrap_or_default())
}

/// When the next page is due that is not due yet.
pub(super) fn next_due(conn: &Connection, now: Timestamp) -> rusqlite::Result<Option<Timestamp>> {
    let next: Option<At> = conn
        .prepare_cached(
            "SELECT min(next_try) FROM pages WHERE next_try IS NOT NULL AND next_try > ?1",
        )?
        .query_row([At(now)], |row| row.get(0))?;
    Ok(next.map(|at| at.0))
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
            host_closed.map(|until| close_host(conn, tried.id, until)).transpose()?;
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

fn close_host(conn: &Connection, id: i64, until: Timestamp) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO page_hosts (host, not_before) SELECT host, ?2 FROM pages WHERE id = ?1
         ON CONFLICT (host) DO UPDATE SET
             not_before = max(coalesce(not_before, ''), excluded.not_before)",
    )?
    .execute(params![id, At(until)])?;
    Ok(())
}

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

/// The fullest text that the source has given of the article's story, if any is
/// more than a lead.
pub(super) fn fullest(
    conn: &Connection,
    source: &str,
    article: &ArticleId,
) -> rusqlite::Result<Option<(ArticleId, Article)>> {
    conn.prepare_cached(
        "SELECT a.id, a.title, a.text, a.published FROM articles a
          WHERE a.story = (SELECT story FROM articles WHERE id = ?1) AND a.source = ?2
            AND a.extent IN ('whole', 'page')
            AND (SELECT extent FROM articles WHERE id = ?1) <> 'lead'
          ORDER BY a.fetched DESC, a.rowid DESC LIMIT 1",
    )?
    .query_row(params![article.0, source], |row| {
        let known = Article {
            title: row.get(1)?,
            text: row.get(2)?,
            published: row.get::<_, Option<At>>(3)?.map(|at| at.0),
            source: source.to_owned(),
            ..Article::default()
        };
        Ok((ArticleId(row.get(0)?), known))
    })
    .optional()
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
