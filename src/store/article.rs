//! The articles with their readings, and the question whether one is new.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::column::{At, Json, name, places};
use super::event::killed_best;
use crate::article::Article;
use crate::correlate::event::ArticleId;
use crate::extract::event::{Language, Reading, Report};

/// What the store knows of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Neither its names nor its text were met.
    New,
    /// The text is there: from this source, or from another that had it first.
    Same(ArticleId),
    /// One of its names is, with another text: the publisher changed the article.
    Changed(ArticleId),
}

/// An article to be stored, with what was read out of it.
#[derive(Debug, Clone)]
pub struct NewArticle<'a> {
    pub id: ArticleId,
    /// Of the text in its normal form, whole, in hex.
    pub content_hash: String,
    pub article: &'a Article,
    pub fetched: Timestamp,
    /// The text that this one replaces.
    pub updates: Option<ArticleId>,
    /// The article of another source of which it is a copy or a light rewrite.
    pub copy_of: Option<ArticleId>,
    /// The version of the extractor that made the reading.
    pub extractor: &'a str,
    pub reading: &'a Reading,
}

pub(super) fn known(
    conn: &Connection,
    source: &str,
    keys: &[String],
    hash: &str,
) -> rusqlite::Result<Known> {
    let same: Option<String> = conn
        .prepare_cached("SELECT id FROM articles WHERE content_hash = ?1")?
        .query_row([hash], |row| row.get(0))
        .optional()?;
    if let Some(id) = same {
        return Ok(Known::Same(ArticleId(id)));
    }
    let mut named =
        conn.prepare_cached("SELECT article FROM article_keys WHERE source = ?1 AND key = ?2")?;
    for key in keys {
        if let Some(id) = named.query_row([source, key], |row| row.get(0)).optional()? {
            return Ok(Known::Changed(ArticleId(id)));
        }
    }
    Ok(Known::New)
}

pub(super) fn record(conn: &Connection, new: &NewArticle<'_>) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO articles (id, content_hash, source, link, title, text, country, published,
                               fetched, language, updates, copy_of, extractor, reading)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (id) DO UPDATE SET
             language = excluded.language, extractor = excluded.extractor,
             reading = excluded.reading",
    )?
    .execute(params![
        new.id.0,
        new.content_hash,
        new.article.source,
        new.article.link,
        new.article.title,
        new.article.text,
        new.article.country.map(String::from),
        new.article.published.map(At),
        At(new.fetched),
        language(&new.reading.language),
        new.updates.as_ref().map(|id| &id.0),
        new.copy_of.as_ref().map(|id| &id.0),
        new.extractor,
        Json(new.reading),
    ])?;
    for (ordinal, report) in new.reading.events.iter().enumerate() {
        record_report(conn, &new.id, ordinal as u32, report)?;
    }
    Ok(())
}

/// Writes what a person asks of a report; which event it tells of is added when
/// the event is written.
pub(super) fn record_report(
    conn: &Connection,
    article: &ArticleId,
    ordinal: u32,
    report: &Report,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO reports (article, ordinal, places, first_day, last_day, status, kind,
                              perpetrator, killed_best)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT DO UPDATE SET
             places = excluded.places, first_day = excluded.first_day,
             last_day = excluded.last_day, status = excluded.status, kind = excluded.kind,
             perpetrator = excluded.perpetrator, killed_best = excluded.killed_best",
    )?
    .execute(params![
        article.0,
        ordinal,
        places(&report.places),
        report.when.map(|days| days.first().to_string()),
        report.when.map(|days| days.last().to_string()),
        name(&report.status),
        name(&report.kind),
        report.perpetrator,
        killed_best(&report.tolls),
    ])?;
    Ok(())
}

fn language(language: &Language) -> &str {
    match language {
        Language::English => "eng",
        Language::Other(code) => code,
    }
}
