//! Titles that say what kind of a piece follows, and that it is no news.

use std::ops::Range;

use crate::extract::scan::Scan;

/// "Profile: the bomb-maker", "Opinion | We must not look away": a title that says what
/// kind of a piece follows, and that it is no news.
pub(super) fn is_labelled(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    let marks = |i: &usize| scan.is_word(*i, &[":", "|", "–", "—", "-"]);
    // "Letter-bomb", "Book-shop": a hyphen inside a word marks nothing, but for "Op-ed".
    let mark = (range.start + 1..range.end.min(range.start + 5))
        .find(|i| marks(i) && !scan.tokens.is_hyphen(*i));
    mark.is_some_and(|mark| scan.is_word(mark - 1, LABELS))
}

const LABELS: &[&str] = &[
    "profile",
    "opinion",
    "editorial",
    "comment",
    "column",
    "commentary",
    "obituary",
    "review",
    "timeline",
    "explainer",
    "chronology",
    "interview",
    "essay",
    "feature",
    "backgrounder",
    "history",
    "book",
    "ed",
    "viewpoint",
    "letter",
    "letters",
    "retrospective",
    "perspective",
    "flashback",
    "study",
];
