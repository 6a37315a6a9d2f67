//! What was seen in an article besides numbers: the places, days, attackers and
//! speakers that its events were read from. For a person who wants to follow a
//! reading; the events themselves are `events`'.

use std::ops::Range;

use super::attribution::attributions;
use super::dates::times;
use super::scan::Scan;
use super::sites::{Role, sites};
use super::{LONGEST, local_day};
use crate::article::Article;
use crate::lexicon::{Lexicon, PlaceCode};

/// A stretch of the document that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Byte range in `Article::document`.
    pub range: Range<usize>,
    pub as_what: What,
}

/// What it was understood as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A place where something may have happened.
    Place(PlaceCode),
    /// A day or a span of days.
    Day,
    /// A group or force of the lexicon.
    Actor,
    /// Who says it.
    Speaker,
}

/// Everything seen, in no order; stretches may overlap. Nothing where the
/// article is longer than is read.
pub fn seen(lexicon: &Lexicon, article: &Article) -> Vec<Seen> {
    let document = article.document();
    if document.len() > LONGEST {
        return Vec::new();
    }
    let scan = Scan::of(lexicon, article, &document);
    let speakers: Vec<_> =
        scan.sentences.iter().map(|s| attributions(&scan, s.tokens.clone())).collect();
    let sites = sites(&scan, lexicon, &speakers, article.country);
    let today = local_day(lexicon, &scan, article.published, sites.home);
    let mut found = Vec::new();
    let mut note = |tokens: &Range<usize>, as_what| {
        found.push(Seen { range: scan.bytes(tokens.clone()), as_what });
    };
    for site in sites.all.iter().filter(|s| s.role != Role::Adjective) {
        note(&site.tokens, What::Place(site.code));
    }
    for (sentence, said) in scan.sentences.iter().zip(&speakers) {
        for when in times(&scan, sentence.tokens.clone(), today) {
            note(&when.tokens, What::Day);
        }
        for actor in scan.actors_in(sentence.tokens.clone()) {
            note(&(actor.at..actor.at + actor.tokens), What::Actor);
        }
        for speaker in said {
            note(&speaker.tokens, What::Speaker);
        }
    }
    found
}
