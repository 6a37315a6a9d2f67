//! The article: what a publisher wrote, as plain text, whichever mirror it came
//! through. Owns its identity and its normal form; reading it is `extract`'s.

pub mod choice;
pub mod credit;
pub mod hash;
mod head;
pub mod kind;
pub mod page;
pub mod print;
pub mod teaser;
mod tree;
pub mod zones;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::lexicon::PlaceCode;

/// One article as it was met, before anything is read out of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Article {
    /// Headline, plain text on one line; may be empty.
    pub title: String,
    /// Body, plain text; paragraphs are parted by a blank line.
    pub text: String,
    /// When the publisher says that it came out.
    pub published: Option<Timestamp>,
    /// The country that the publisher is configured under, a weak hint for
    /// ambiguous place names.
    pub country: Option<PlaceCode>,
    /// The publisher's name as configured; empty when unknown.
    pub source: String,
    /// Where a reader finds it, as linked by the feed.
    pub link: Option<String>,
}

impl Article {
    /// The text that evidence points into: the title, a blank line, the body.
    /// Every byte range in a `Reading` is a range of this string.
    pub fn document(&self) -> String {
        format!("{}\n\n{}", self.title, self.text)
    }
}
