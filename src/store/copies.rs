//! The fingerprints of the originals of the last weeks, found by their marks.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::column::At;
use crate::article::print::Print;
use crate::assess::{Copies, Incoming};
use crate::correlate::event::ArticleId;

/// Originals that share one mark; more are a form that says nothing.
const MOST: i64 = 32;

/// What the articles of the batch that are not met yet may be copies of.
pub(super) fn of<'a>(
    conn: &Connection,
    batch: impl Iterator<Item = &'a Incoming>,
) -> rusqlite::Result<Copies> {
    let mut copies = Copies::default();
    let mut sharing =
        conn.prepare_cached("SELECT article FROM article_marks WHERE mark = ?1 LIMIT ?2")?;
    for print in batch.filter_map(|incoming| incoming.print.as_ref()) {
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
    let mut insert =
        conn.prepare_cached("INSERT OR IGNORE INTO article_marks VALUES (?1, ?2, ?3)")?;
    for mark in print.marks() {
        insert.execute(params![mark.cast_signed(), id.0, At(fetched)])?;
    }
    Ok(())
}

/// Forgets the marks of texts that nobody copies any more.
pub(super) fn forget_old(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute(
        "DELETE FROM article_marks WHERE fetched < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-14 days')",
        [],
    )?;
    Ok(())
}
