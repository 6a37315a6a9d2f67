//! The items that feeds have shown: each has a row, whatever became of it.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::column::{At, Json};
use crate::correlate::event::ArticleId;

/// One item of a feed, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenItem {
    /// The names under which its source shows it, the surest first.
    pub keys: Vec<String>,
    pub title: String,
    pub link: Option<String>,
    pub fate: Fate,
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A new article, or a new text of one.
    Stored(ArticleId),
    /// An article that is there already.
    Duplicate(ArticleId),
    /// Nothing to store, for this reason.
    Rejected(String),
}

impl Fate {
    fn columns(&self) -> (&'static str, Option<&str>, Option<&str>) {
        match self {
            Fate::Stored(ArticleId(article)) => ("stored", Some(article), None),
            Fate::Duplicate(ArticleId(article)) => ("duplicate", Some(article), None),
            Fate::Rejected(reason) => ("rejected", None, Some(reason)),
        }
    }
}

pub(super) fn record(
    conn: &Connection,
    source: &str,
    item: &SeenItem,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let (fate, article, reason) = item.fate.columns();
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
        key(item),
        Json(&item.keys),
        item.title,
        item.link,
        fate,
        article,
        reason,
        At(now)
    ])?;
    name_article(conn, source, item)
}

/// A stored text takes over its names from the text before; a duplicate only
/// brings further ones.
fn name_article(conn: &Connection, source: &str, item: &SeenItem) -> rusqlite::Result<()> {
    let (article, statement) = match &item.fate {
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
    for key in &item.keys {
        statement.execute(params![source, key, article.0])?;
    }
    Ok(())
}

/// An item without any name is known by what it says.
fn key(item: &SeenItem) -> String {
    item.keys.first().cloned().unwrap_or_else(|| {
        let said = format!("{}\0{}", item.title, item.link.as_deref().unwrap_or_default());
        format!("blake3:{}", blake3::hash(said.as_bytes()).to_hex())
    })
}
