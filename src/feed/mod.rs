//! Bytes to items: RSS, RDF, Atom and JSON Feed, sound or damaged. What a strict
//! reader refuses is repaired, and what cannot be repaired is salvaged item by
//! item; no item is lost without a line that says why. Whose feed it is, and
//! which items are new, is left to `source` and `store`.

mod asks;
mod borders;
mod capped;
mod dialect;
pub mod discover;
mod elements;
mod entities;
mod inside;
mod item;
mod json;
mod names;
mod outline;
mod repair;
mod salvage;
mod strict;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::text::{charset, html};

pub use asks::Asks;
pub use dialect::Dialect;
pub use item::{Doubt, Item, Reason, Rejected};
pub use outline::Form;
pub use strict::is_guarded;

/// Items read of one document; the rest are counted only.
pub const MOST_ITEMS: usize = 2_000;

/// What a document held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The family of formats.
    pub form: Form,
    /// Its version.
    pub dialect: Dialect,
    /// The feed's title, plain text.
    pub title: Option<String>,
    /// In the order of the document.
    pub items: Vec<Item>,
    /// Items that held nothing to keep.
    pub rejected: Vec<Rejected>,
    /// Items beyond [`MOST_ITEMS`].
    pub over_cap: usize,
    /// Item start tags in the document: `items + rejected + over_cap`.
    pub seen: usize,
    /// How much help the document needed.
    pub stage: Stage,
    /// The encoding it was read as.
    pub encoding: &'static str,
    /// How often it asks to be fetched, and when not.
    pub asks: Asks,
    /// Times that the strict reader panicked on it.
    pub panics: u32,
}

/// How much help a document needed to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Read as it came.
    Clean,
    /// Read after its markup was put right.
    Repaired,
    /// Read item by item, as far as each could be.
    Salvaged,
}

/// What a document is instead of a feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAFeed {
    /// A web page: a parked domain, a captive portal, or the wrong address.
    #[error("a web page{} where a feed should be{}", titled(title), linking(feeds))]
    Html {
        /// The page's title, plain text, perhaps empty.
        title: String,
        /// The feeds that it links to, the likeliest first.
        feeds: Vec<Url>,
    },
    /// No text at all.
    #[error("an empty answer where a feed should be")]
    Empty,
    /// Text in no form of feed.
    #[error("no feed: it begins `{begins}`")]
    Unknown {
        /// Its first characters.
        begins: String,
    },
}

fn titled(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(", titled `{title}`,") }
}

/// So that the operator can put the right address in place of the wrong one.
fn linking(feeds: &[Url]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = feeds.iter().take(SHOWN).map(|url| format!("`{url}`")).collect();
    match shown.is_empty() {
        true => String::new(),
        false => format!("; it links to {}", shown.join(", ")),
    }
}

/// What was read of a document before its items are put into their final form.
#[derive(Debug, Default)]
struct Draft {
    title: Option<String>,
    /// The address of the publisher's site.
    link: Option<String>,
    items: Vec<item::Raw>,
    panics: u32,
}

/// Reads a document. `base` is the URL that it came from, for relative links;
/// `now` tells dates of the future. Bounded in time and memory, and without
/// panics, for any bytes.
pub fn read(
    bytes: &[u8],
    content_type: Option<&str>,
    base: &Url,
    now: Timestamp,
) -> Result<Feed, NotAFeed> {
    let decoded = charset::decode(bytes, content_type);
    let text = entities::expanded(decoded.text.trim_start_matches(['\u{FEFF}', '\0']));
    let Found { form, dialect, stage, draft, seen, asks } = find(&text, base)?;
    let mut feed = Feed {
        form,
        dialect,
        title: draft.title.map(|title| html::headline(&title)).filter(|title| !title.is_empty()),
        items: Vec::with_capacity(draft.items.len()),
        rejected: Vec::new(),
        over_cap: seen - draft.items.len(),
        seen,
        stage,
        encoding: decoded.encoding,
        asks,
        panics: draft.panics,
    };
    let own = draft.link.as_deref().and_then(|link| Url::parse(link.trim()).ok());
    // Bytes without an address go by what the feed says of itself.
    let base = if base.scheme() == "file" { own.as_ref().unwrap_or(base) } else { base };
    for (index, raw) in draft.items.into_iter().enumerate() {
        match raw.finish(base, now) {
            Ok(item) => feed.items.push(item),
            Err(reason) => feed.rejected.push(Rejected { index, reason }),
        }
    }
    Ok(feed)
}

/// A document as it was understood.
struct Found {
    form: Form,
    dialect: Dialect,
    stage: Stage,
    draft: Draft,
    seen: usize,
    asks: Asks,
}

/// The feed that a text is, or that a page holds.
fn find(text: &str, base: &Url) -> Result<Found, NotAFeed> {
    match outline::of(text) {
        outline::Outline::Json => {
            let json::Read { dialect, stage, draft, seen } =
                json::read(text).ok_or_else(|| unknown(text))?;
            let asks = Asks::default();
            Ok(Found { form: Form::Json, dialect, stage, draft, seen, asks })
        }
        outline::Outline::Xml(shape) => Ok(found(text, &shape)),
        outline::Outline::Html => inside(text).ok_or_else(|| NotAFeed::Html {
            title: page_title(text),
            feeds: discover::linked(text, base).into_iter().map(|one| one.url).collect(),
        }),
        outline::Outline::None if text.trim().is_empty() => Err(NotAFeed::Empty),
        outline::Outline::None => inside(text).ok_or_else(|| unknown(text)),
    }
}

fn found(text: &str, shape: &outline::Shape) -> Found {
    let (stage, draft) = draft_of(text, shape);
    let asks = asks::of(shape.head(text)).or_else(asks::of(shape.tail(text)));
    Found { form: shape.form, dialect: shape.dialect, stage, draft, seen: shape.seen, asks }
}

/// The feed inside of a page, as it is or with its tags escaped.
fn inside(page: &str) -> Option<Found> {
    if let Some(shape) = inside::raw(page) {
        return Some(found(page, &shape));
    }
    let text = inside::escaped(page)?;
    match outline::of(&text) {
        outline::Outline::Xml(shape) if shape.seen > 0 => {
            let read = found(&text, &shape);
            Some(Found { stage: read.stage.max(Stage::Repaired), ..read })
        }
        _ => None,
    }
}

/// The items of an XML feed by the first of three readers that finds them all.
fn draft_of(text: &str, shape: &outline::Shape) -> (Stage, Draft) {
    /// Deeper than any feed; no reader that might recurse is shown it.
    const DEEPEST: usize = 256;
    let wanted = shape.seen.min(MOST_ITEMS);
    let complete = |draft: &Draft| draft.items.len() == wanted;
    // It comes first in all that it found: it knows more vocabularies and kinds of
    // links, and the strict reader ends a text at the first tag inside of it.
    let mut tolerant = salvage::read(text, shape);
    let panics = &mut tolerant.panics;
    if shape.deepest <= DEEPEST {
        if let Some(draft) = strict::read(&shape.within_cap(text), panics).filter(complete) {
            return (Stage::Clean, tolerant.filled(draft));
        }
        if let Some(draft) = strict::read(&repair::repaired(text, shape), panics).filter(complete) {
            return (Stage::Repaired, tolerant.filled(draft));
        }
    }
    (Stage::Salvaged, tolerant)
}

impl Draft {
    /// What another reader found where this one found nothing.
    fn filled(self, other: Draft) -> Draft {
        let items = self.items.into_iter().zip(other.items).map(|(one, two)| one.or(two));
        Draft {
            title: self.title.filter(|title| !title.trim().is_empty()).or(other.title),
            items: items.collect(),
            ..self
        }
    }
}

fn page_title(text: &str) -> String {
    let title = elements::first(text, "title").map(|field| html::line(&field.content()));
    item::shortened(title.unwrap_or_default(), 200)
}

fn unknown(text: &str) -> NotAFeed {
    let begins: String = text.trim_start().chars().take(60).collect();
    NotAFeed::Unknown { begins: html::clean(&begins).replace('\n', " ") }
}

#[cfg(test)]
mod tests;
