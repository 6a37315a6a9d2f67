//! The strict reader: feed-rs, kept from what it does badly. It panics on some
//! input, so it runs where a panic is caught.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use feed_rs::model::{Entry, Feed, FeedType, Link, Text};
use feed_rs::parser;

use crate::feed::Draft;
use crate::feed::item::Raw;
use crate::text::{html, stamp};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside of the strict reader, whose panics are caught and
/// counted: a hook need not report them.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// The items of a sound document; none where it is refused or the reader panics, and
/// then `panics` is one more.
pub(super) fn read(text: &str, panics: &mut u32) -> Option<Draft> {
    GUARDED.set(true);
    let parsed = catch_unwind(AssertUnwindSafe(|| parse(text)));
    GUARDED.set(false);
    let feed = match parsed {
        Ok(feed) => feed?,
        Err(_) => {
            *panics += 1;
            return None;
        }
    };
    let is_atom = feed.feed_type == FeedType::Atom;
    Some(Draft {
        title: feed.title.map(|title| as_html(title, is_atom)),
        link: None,
        panics: 0,
        items: feed.entries.into_iter().map(|entry| raw(entry, is_atom)).collect(),
    })
}

fn parse(text: &str) -> Option<Feed> {
    parser::Builder::new()
        // The reader's own ids are random where link and title are missing: an
        // item would be new at every poll.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(|text| {
            let at = stamp::parse(text)?;
            chrono::DateTime::from_timestamp(at.as_second(), 0)
        })
        .build()
        .parse(text.as_bytes())
        .ok()
}

fn raw(entry: Entry, is_atom: bool) -> Raw {
    let published = entry.published.or(entry.updated);
    Raw {
        link: link(&entry.links),
        guid: entry.id,
        title: entry.title.map(|title| as_html(title, is_atom)).unwrap_or_default(),
        summary: entry.summary.map(|summary| as_html(summary, is_atom)).unwrap_or_default(),
        content: entry.content.and_then(|content| content.body).unwrap_or_default(),
        published: published.map(|at| at.to_rfc3339()).unwrap_or_default(),
        ..Raw::default()
    }
}

/// Atom says whether a text is HTML; what RSS carries is taken for some.
fn as_html(text: Text, is_atom: bool) -> String {
    let is_plain = is_atom && text.content_type.subty() == "plain";
    if is_plain { html::from_plain(&text.content) } else { text.content }
}

/// The link to the article itself, not to its comments, editor or enclosure.
fn link(links: &[Link]) -> String {
    let plain = |link: &&Link| {
        link.target.is_none() && matches!(link.rel.as_deref(), None | Some("alternate"))
    };
    links.iter().find(plain).map(|link| link.href.clone()).unwrap_or_default()
}
