//! The items that feeds have shown: each has a row, whatever became of it. Those
//! that hold nothing at all are told in the row of their poll.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::column::{At, Json, name};
use crate::assess::{Incoming, Verdict};
use crate::correlate::event::ArticleId;

/// What became of an item.
#[derive(Debug, Clone)]
enum Fate<'a> {
    /// A new article, or a new text of one.
    Stored(&'a ArticleId),
    /// An article that is there already.
    Duplicate(&'a ArticleId),
    Rejected(String),
}

/// One item as its row has it.
struct Row<'a> {
    keys: &'a [String],
    title: &'a str,
    link: Option<&'a str>,
    fate: Fate<'a>,
}

/// Writes the item that came down to this verdict.
pub(super) fn record(
    conn: &Connection,
    source: &str,
    incoming: &Incoming,
    verdict: &Verdict,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let fate = match verdict {
        Verdict::New { article, .. } | Verdict::Updated { article, .. } => Fate::Stored(article),
        Verdict::Duplicate { of } => Fate::Duplicate(of),
        Verdict::Rejected { reason } => Fate::Rejected(name(reason)),
    };
    let title = incoming.article.title.as_str();
    let link = incoming.article.link.as_deref();
    let row = Row { keys: &incoming.keys, title, link, fate };
    upsert(conn, source, &row, now)?;
    name_article(conn, source, &row)
}

fn upsert(conn: &Connection, source: &str, row: &Row<'_>, now: Timestamp) -> rusqlite::Result<()> {
    let (fate, article, reason) = match &row.fate {
        Fate::Stored(article) => ("stored", Some(&article.0), None),
        Fate::Duplicate(article) => ("duplicate", Some(&article.0), None),
        Fate::Rejected(reason) => ("rejected", None, Some(reason)),
    };
    // What an item once became stays, unless it becomes more.
    conn.prepare_cached(
        "INSERT INTO items (source, key, keys, title, link, fate, article, reason,
                            first_seen, last_seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)
         ON CONFLICT (source, key) DO UPDATE SET
             last_seen = excluded.last_seen,
             fate = iif(excluded.fate = 'stored' OR fate = 'rejected', excluded.fate, fate),
             article = iif(excluded.fate = 'stored' OR fate = 'rejected',
                           excluded.article, article),
             reason = iif(fate = 'rejected', excluded.reason, reason)",
    )?
    .execute(params![
        source,
        key_of(row.keys, row.title, row.link),
        Json(row.keys),
        row.title,
        row.link,
        fate,
        article,
        reason,
        At(now)
    ])?;
    Ok(())
}

/// A stored text takes over its names from the text before; a duplicate only
/// brings further ones.
fn name_article(conn: &Connection, source: &str, row: &Row<'_>) -> rusqlite::Result<()> {
    let (article, statement) = match row.fate {
        Fate::Rejected(_) => return Ok(()),
        Fate::Duplicate(article) => {
            (article, "INSERT INTO article_keys VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
        }
        Fate::Stored(article) => (
            article,
            "INSERT INTO article_keys VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET article = excluded.article",
        ),
    };
    let mut statement = conn.prepare_cached(statement)?;
    for key in row.keys {
        statement.execute(params![source, key, article.0])?;
    }
    Ok(())
}

/// An item without any name is known by what it says.
pub(super) fn key_of(keys: &[String], title: &str, link: Option<&str>) -> String {
    keys.first().cloned().unwrap_or_else(|| {
        let said = format!("{title}\0{}", link.unwrap_or_default());
        format!("blake3:{}", blake3::hash(said.as_bytes()).to_hex())
    })
}
