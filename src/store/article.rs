//! The articles with their readings, and the question which were met before.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::column::{At, Json, name, places};
use super::copies;
use super::event::killed_best;
use crate::article::Article;
use crate::assess::{Alias, Incoming, KnownArticle, Verdict};
use crate::correlate::event::ArticleId;
use crate::extract::event::{Language, Reading, Report};

/// What is stored of the articles that a batch may touch.
#[derive(Debug, Default)]
pub(super) struct Met {
    pub articles: HashMap<ArticleId, KnownArticle>,
    pub aliases: HashMap<Alias, ArticleId>,
}

/// The articles that the batch has by id, and those that its keys mean.
pub(super) fn met(conn: &Connection, batch: &[Incoming]) -> rusqlite::Result<Met> {
    let mut met = Met::default();
    for incoming in batch {
        remember(conn, &mut met, &incoming.id)?;
        for key in &incoming.keys {
            let source = incoming.article.source.as_str();
            let Some(id) = named(conn, source, key)? else { continue };
            remember(conn, &mut met, &id)?;
            met.aliases.insert(Alias { source: source.to_owned(), key: key.clone() }, id);
        }
    }
    Ok(met)
}

fn remember(conn: &Connection, met: &mut Met, id: &ArticleId) -> rusqlite::Result<()> {
    if met.articles.contains_key(id) {
        return Ok(());
    }
    let story = conn
        .prepare_cached("SELECT story FROM articles WHERE id = ?1")?
        .query_row([&id.0], |row| row.get(0))
        .optional()?;
    if let Some(story) = story {
        met.articles.insert(id.clone(), KnownArticle { story: ArticleId(story) });
    }
    Ok(())
}

fn named(conn: &Connection, source: &str, key: &str) -> rusqlite::Result<Option<ArticleId>> {
    conn.prepare_cached("SELECT article FROM article_keys WHERE source = ?1 AND key = ?2")?
        .query_row([source, key], |row| row.get(0).map(ArticleId))
        .optional()
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

/// Writes the article, if the verdict says that it is new.
pub(super) fn record(
    conn: &Connection,
    incoming: &Incoming,
    verdict: &Verdict,
    extractor: &str,
) -> rusqlite::Result<()> {
    let (id, story, updates, reading) = match verdict {
        Verdict::New { article, reading, .. } => (article, article, None, reading),
        Verdict::Updated { article, of, story, reading, .. } => (article, story, Some(of), reading),
        Verdict::Duplicate { .. } | Verdict::Rejected { .. } => return Ok(()),
    };
    let article = &incoming.article;
    conn.prepare_cached(
        "INSERT INTO articles (id, source, link, title, text, country, published, fetched,
                               language, agency, story, updates, extractor, reading, copy_of, extent)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT (id) DO UPDATE SET
             language = excluded.language, extractor = excluded.extractor,
             reading = excluded.reading",
    )?
    .execute(params![
        id.0,
        article.source,
        article.link,
        article.title,
        article.text,
        article.country.map(String::from),
        article.published.map(At),
        At(incoming.fetched),
        language(&reading.language),
        incoming.agency,
        story.0,
        updates.map(|id| &id.0),
        extractor,
        Json(reading),
        verdict.copy_of().map(|original| &original.0),
        name(&incoming.extent),
    ])?;
    if let Some(print) = verdict.print(incoming) {
        copies::record(conn, id, print, incoming.fetched)?;
    }
    record_reports(conn, id, reading)
}

fn record_reports(conn: &Connection, id: &ArticleId, reading: &Reading) -> rusqlite::Result<()> {
    for (ordinal, report) in (0..).zip(&reading.events) {
        record_report(conn, id, ordinal, report)?;
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

/// The articles fetched in the time from `first` on and before `end`, as they came.
pub(super) fn between(
    conn: &Connection,
    first: Timestamp,
    end: Timestamp,
) -> rusqlite::Result<Vec<Incoming>> {
    let mut articles = conn.prepare_cached(
        "SELECT source, link, title, text, country, published, fetched,
                (SELECT json_group_array(key) FROM article_keys k
                  WHERE k.article = a.id AND k.source = a.source)
           FROM articles a WHERE fetched >= ?1 AND fetched < ?2 ORDER BY fetched, rowid",
    )?;
    let rows = articles.query_map([At(first), At(end)], |row| {
        let country: Option<String> = row.get(4)?;
        let article = Article {
            source: row.get(0)?,
            link: row.get(1)?,
            title: row.get(2)?,
            text: row.get(3)?,
            country: country.and_then(|code| code.parse().ok()),
            published: row.get::<_, Option<At>>(5)?.map(|at| at.0),
        };
        Ok((article, row.get::<_, Json<Vec<String>>>(7)?.0, row.get::<_, At>(6)?.0))
    })?;
    rows.map(|row| row.map(|(article, keys, at)| Incoming::new(article, keys, at))).collect()
}

fn language(language: &Language) -> &str {
    match language {
        Language::English => "eng",
        Language::Other(code) => code,
    }
}
