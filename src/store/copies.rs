//! The fingerprints of the originals of the last weeks, found by their marks.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::column::At;
use crate::article::print::Print;
use crate::assess::{Copies, Incoming};
use crate::correlate::event::ArticleId;

/// Originals that share one mark; more are a form that says nothing.
const MOST: i64 = 32;

/// Fingerprints that are forgotten in one go; an hour brings fewer.
const FORGOTTEN: i64 = 2_000;

/// What the articles may be copies of.
pub(super) fn of<'a>(
    conn: &Connection,
    articles: impl Iterator<Item = &'a Incoming>,
) -> rusqlite::Result<Copies> {
    let mut copies = Copies::default();
    let mut sharing = conn.prepare_cached(
        "SELECT p.article FROM article_marks m JOIN article_prints p ON p.print = m.print
          WHERE m.mark = ?1 LIMIT ?2",
    )?;
    for print in articles.filter_map(Incoming::print) {
        for mark in print.marks() {
            let ids = sharing.query_map(params![mark.cast_signed(), MOST], |row| row.get(0))?;
            for id in ids {
                let id = ArticleId(id?);
                if !copies.holds(&id)
                    && let Some((print, out)) = original(conn, &id)?
                {
                    copies.insert(id, print, out);
                }
            }
        }
    }
    Ok(copies)
}

fn original(conn: &Connection, id: &ArticleId) -> rusqlite::Result<Option<(Print, Timestamp)>> {
    conn.prepare_cached("SELECT print, published, fetched FROM articles WHERE id = ?1")?.query_row(
        [&id.0],
        |row| {
            let print = row.get_ref(0)?.as_blob_or_null()?.and_then(Print::from_bytes);
            let (published, fetched): (Option<At>, At) = (row.get(1)?, row.get(2)?);
            let out = published.map_or(fetched.0, |at| at.0.min(fetched.0));
            Ok(print.map(|print| (print, out)))
        },
    )
}

/// Writes how copies of the original are to be found.
pub(super) fn record(
    conn: &Connection,
    id: &ArticleId,
    print: &Print,
    fetched: Timestamp,
) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE articles SET print = ?2 WHERE id = ?1")?
        .execute(params![id.0, print.to_bytes()])?;
    let number: i64 = conn
        .prepare_cached(
            "INSERT INTO article_prints (article, fetched) VALUES (?1, ?2)
             ON CONFLICT (article) DO UPDATE SET fetched = fetched RETURNING print",
        )?
        .query_row(params![id.0, At(fetched)], |row| row.get(0))?;
    let mut insert = conn.prepare_cached("INSERT OR IGNORE INTO article_marks VALUES (?1, ?2)")?;
    for mark in print.marks() {
        insert.execute(params![mark.cast_signed(), number])?;
    }
    Ok(())
}

/// Forgets the marks of texts that nobody copies any more, so many at a time.
pub(super) fn forget_old(conn: &Connection) -> rusqlite::Result<()> {
    let mut old = conn.prepare_cached(
        "SELECT p.print, a.print FROM article_prints p JOIN articles a ON a.id = p.article
          WHERE p.fetched < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-14 days') LIMIT ?1",
    )?;
    let old: Vec<(i64, Option<Print>)> = old
        .query_map([FORGOTTEN], |row| {
            let print = row.get_ref(1)?.as_blob_or_null()?.and_then(Print::from_bytes);
            Ok((row.get(0)?, print))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut mark =
        conn.prepare_cached("DELETE FROM article_marks WHERE mark = ?1 AND print = ?2")?;
    let mut whole = conn.prepare_cached("DELETE FROM article_prints WHERE print = ?1")?;
    for (number, print) in old {
        for value in print.iter().flat_map(Print::marks) {
            mark.execute(params![value.cast_signed(), number])?;
        }
        whole.execute([number])?;
    }
    Ok(())
}
