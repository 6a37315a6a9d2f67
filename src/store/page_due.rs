//! Which pages are to be asked for now, and all that has to be known to do so.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;
use url::Url;

use super::column::{At, Json};
use crate::article::Article;
use crate::assess::Extent;
use crate::correlate::event::ArticleId;
use crate::source::paging::{Spent, Waiting, pick};

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
