//! Names of countries and capitals that tell whose and not where: "a *U.S.* base",
//! "*Kyiv* put the number at 52".

use std::ops::Range;

use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;
use crate::text::words::{Lot, lot};

/// "a *U.S.* base", "under *US* leadership": letters that say whose, before a noun.
pub(super) fn is_whose(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    let noun = scan.tokens.get(tokens.end.min(scan.tokens.len() - 1));
    let letters = scan.tokens.source()[scan.bytes(tokens.clone())]
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b == b'.');
    let article = tokens.start > 0 && scan.is_word(tokens.start - 1, &["a", "an"]);
    let follows = tokens.end < scan.tokens.len()
        && noun.shape == Shape::Word
        && !noun.capital
        && !scan.is_word(tokens.end, AFTER_NAMES)
        && !scan.is_any(scan.head(tokens.end), &[Class::Said, Class::Be, Class::Have]);
    follows && (letters || article)
}

/// Words that may follow the name of a country which is none of their own.
const AFTER_NAMES: &Lot = &lot(&[
    "in",
    "on",
    "at",
    "and",
    "or",
    "to",
    "of",
    "for",
    "with",
    "by",
    "after",
    "when",
    "who",
    "which",
    "where",
    "as",
    "while",
    "but",
    "since",
    "before",
    "from",
    "that",
    "during",
    "over",
    "late",
    "early",
    "overnight",
    "yesterday",
    "today",
    "near",
    "killed",
    "wounded",
    "left",
    "last",
    "this",
    "has",
    "have",
    "had",
    "was",
    "were",
    "is",
    "are",
    "will",
    "would",
    "did",
]);

/// "*Kyiv* put the number at 52", "*Moscow* denies it": a government.
pub(super) fn is_government(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    let opens = tokens.start > 0 && scan.is_word(tokens.start - 1, &[".", ";", "but", "while"]);
    opens && scan.is_word(tokens.end, GOVERNS)
}

/// What governments do that are told by the name of their city.
const GOVERNS: &Lot = &lot(&[
    "put", "puts", "denies", "denied", "says", "said", "claims", "claimed", "insists", "insisted",
    "blames", "blamed", "accuses", "accused", "vows", "vowed", "rejects", "rejected",
]);
