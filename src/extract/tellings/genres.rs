//! Titles that say what kind of a piece follows, and that it is no news.

use std::ops::Range;

use crate::extract::scan::Scan;

/// "Profile: the bomb-maker", "Opinion | We must not look away": a title that says what
/// kind of a piece follows, and that it is no news.
pub(super) fn is_labelled(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    let mark = (range.start..range.end.min(range.start + 4))
        .find(|i| scan.is_word(*i, &[":", "|", "–", "—"]) || scan.tokens.is_hyphen(*i));
    mark.is_some_and(|mark| (range.start..mark).any(|i| scan.is_word(i, LABELS)))
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
    "op",
    "viewpoint",
    "letter",
    "letters",
    "retrospective",
    "perspective",
    "flashback",
    "study",
];
