//! One item in its final form: plain text, a whole link, a believable date.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::{ParseError, Url};

use crate::text::markup::floor_boundary;
use crate::text::{html, stamp};

/// One item of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The publisher's id, as written; none is ever made up.
    pub guid: Option<String>,
    /// A whole http or https URL; a relative one as written where the document has no
    /// address of its own.
    pub link: Option<String>,
    /// Plain text on one line; may be empty.
    pub title: String,
    /// The description, plain text, paragraphs parted by blank lines; may be empty.
    pub summary: String,
    /// The body where the feed carries one besides the description; may be empty.
    pub content: String,
    /// When the publisher says that it came out, where that can be believed.
    pub published: Option<Timestamp>,
    /// Whether the text seems to be the whole article and not a teaser.
    pub is_full: bool,
    /// What was not believed or left out.
    pub doubts: Vec<Doubt>,
}

impl Item {
    /// The body, or the summary where that says more.
    pub fn text(&self) -> &str {
        if self.content.len() >= self.summary.len() { &self.content } else { &self.summary }
    }
}

/// What of an item was not believed or left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Dated more than a day ahead.
    FutureDate,
    /// Dated before 1990.
    AncientDate,
    /// A date in no known form.
    UnreadableDate,
    /// A link that is no http or https URL.
    BadLink,
    /// Longer than is kept; the end was cut.
    TooLong,
    /// Neither title nor text.
    NoText,
}

impl Doubt {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Doubt::FutureDate => "dated in the future",
            Doubt::AncientDate => "dated before 1990",
            Doubt::UnreadableDate => "unreadable date",
            Doubt::BadLink => "unusable link",
            Doubt::TooLong => "too long, cut",
            Doubt::NoText => "neither title nor text",
        }
    }
}

/// An item start tag that gave no item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// Its place among the item start tags, from 0.
    pub index: usize,
    /// Why.
    pub reason: Reason,
}

/// Why an item start tag gave no item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// There is nothing in it.
    Empty,
}

impl Reason {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Reason::Empty => "there is nothing in it",
        }
    }
}

/// An item as a reader found it: texts are HTML, nothing is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Raw {
    pub guid: String,
    pub link: String,
    pub title: String,
    pub summary: String,
    pub content: String,
    /// The stamp as written.
    pub published: String,
    /// What a relative link is relative to, perhaps itself relative or empty.
    pub base: String,
    /// Whether the guid is said not to be an address.
    pub guid_is_no_link: bool,
    /// Whether anything at all stands in it.
    pub says_something: bool,
}

impl Raw {
    /// The same item, with what another reader found where this one found nothing.
    pub fn or(self, other: Raw) -> Raw {
        let first = |one: String, two: String| if one.trim().is_empty() { two } else { one };
        Raw {
            guid: first(self.guid, other.guid),
            link: first(self.link, other.link),
            title: first(self.title, other.title),
            summary: first(self.summary, other.summary),
            content: first(self.content, other.content),
            published: first(self.published, other.published),
            base: first(self.base, other.base),
            guid_is_no_link: self.guid_is_no_link || other.guid_is_no_link,
            says_something: self.says_something || other.says_something,
        }
    }

    /// Checks and cleans what was found.
    pub fn finish(self, base: &Url, now: Timestamp) -> Result<Item, Reason> {
        const LONGEST_ID: usize = 4_096;
        const LONGEST_TITLE: usize = 1_000;
        let mut doubts = Vec::new();
        let guid = shortened(html::clean(self.guid.trim()), LONGEST_ID);
        let own_base = base.join(self.base.trim());
        let base = own_base.as_ref().unwrap_or(base);
        let link = link(&self.link, &guid, base, &mut doubts);
        let title = html::headline(capped(&self.title, &mut doubts));
        let summary = html::plain(capped(&self.summary, &mut doubts));
        let content = html::plain(capped(&self.content, &mut doubts));
        if guid.is_empty()
            && link.is_none()
            && title.is_empty()
            && summary.is_empty()
            && content.is_empty()
            && !self.says_something
        {
            return Err(Reason::Empty);
        }
        if title.is_empty() && summary.is_empty() && content.is_empty() {
            doubts.push(Doubt::NoText);
        }
        let mut item = Item {
            guid: Some(guid).filter(|guid| !guid.is_empty()),
            link,
            title: shortened(title, LONGEST_TITLE),
            summary,
            content,
            published: published(&self.published, now, &mut doubts),
            is_full: false,
            doubts,
        };
        item.is_full = seems_full(&item);
        Ok(item)
    }
}

/// A text cut at a length, with a sign that it was.
pub(super) fn shortened(mut text: String, longest: usize) -> String {
    if text.len() > longest {
        text.truncate(floor_boundary(&text, longest));
        text.push('…');
    }
    text
}

fn capped<'a>(source: &'a str, doubts: &mut Vec<Doubt>) -> &'a str {
    const LONGEST_TEXT: usize = 1024 * 1024;
    if source.len() <= LONGEST_TEXT {
        return source;
    }
    doubts.push(Doubt::TooLong);
    &source[..floor_boundary(source, LONGEST_TEXT)]
}

/// The item's link as a whole URL; a guid that is a URL stands in for a missing one.
fn link(written: &str, guid: &str, base: &Url, doubts: &mut Vec<Doubt>) -> Option<String> {
    const LONGEST_LINK: usize = 8 * 1024;
    let web =
        |url: &Url| matches!(url.scheme(), "http" | "https") && url.as_str().len() <= LONGEST_LINK;
    let written = written.trim();
    if !written.is_empty() {
        // A host without a scheme would pass for a path.
        let bare_host = written.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www."));
        let whole = if bare_host { format!("https://{written}") } else { written.to_owned() };
        match base.join(&whole).ok().filter(web) {
            Some(url) => return Some(url.into()),
            // Nobody knows what it is relative to.
            None if base.scheme() == "file" && is_relative(&whole) => {
                return Some(shortened(html::clean(&whole), LONGEST_LINK));
            }
            None => doubts.push(Doubt::BadLink),
        }
    }
    Url::parse(guid).ok().filter(web).map(String::from)
}

fn is_relative(address: &str) -> bool {
    Url::parse(address) == Err(ParseError::RelativeUrlWithoutBase)
}

fn published(stamp: &str, now: Timestamp, doubts: &mut Vec<Doubt>) -> Option<Timestamp> {
    const START_OF_1990: i64 = 631_152_000;
    const DAY: i64 = 24 * 3600;
    if stamp.trim().is_empty() {
        return None;
    }
    let doubt = match stamp::parse(stamp) {
        None => Doubt::UnreadableDate,
        Some(at) if at.as_second() < START_OF_1990 => Doubt::AncientDate,
        Some(at) if at.as_second() > now.as_second() + DAY => Doubt::FutureDate,
        Some(at) => return Some(at),
    };
    doubts.push(doubt);
    None
}

/// A text is taken for the whole article when it is long, or has paragraphs and
/// length enough, and does not end like a teaser.
fn seems_full(item: &Item) -> bool {
    const TEASERS: [&str; 8] =
        ["…", "...", "[...]", "[…]", "read more", "continue reading", "read more »", "more"];
    let text = item.text().trim_end();
    let end = text[floor_boundary(text, text.len().saturating_sub(40))..].to_lowercase();
    let paragraphs = text.split("\n\n").count();
    let long = text.len() >= 1_200 || (text.len() >= 500 && paragraphs >= 3);
    long && !TEASERS.iter().any(|teaser| end.ends_with(teaser))
}
