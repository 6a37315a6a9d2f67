//! Which days are not the event's: those on which somebody spoke, on which the
//! story was written, or by which something had come about.

use std::ops::Range;

use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;

/// Whether the day in `words` only dates what is said of the event.
pub fn is_speech(scan: &Scan<'_, '_>, sentence: &Range<usize>, words: &Range<usize>) -> bool {
    let at = before(scan, sentence, words.start);
    is_deadline(scan, sentence, at)
        || follows_speech(scan, sentence, at)
        || stands_in_speech(scan, sentence, words)
        || is_dateline(scan, sentence, words)
        || is_alone(scan, sentence, words)
}

/// The token after which "late on", "reporters on" and the like lead to the day.
fn before(scan: &Scan<'_, '_>, sentence: &Range<usize>, start: usize) -> usize {
    let mut at = start;
    while at > sentence.start && (scan.is_word(at - 1, BETWEEN) || is_seat(scan, sentence, at - 1))
    {
        at -= 1;
    }
    // "told the BBC on Tuesday", "told Radio Okapi on Monday".
    let mut heard = at;
    let named = |i: usize| scan.tokens.get(i).capital || scan.is_word(i, &["the"]);
    while heard > sentence.start && at - heard < HEARER && named(heard - 1) {
        heard -= 1;
    }
    let told = heard > sentence.start && scan.is_word(heard - 1, &["told", "tells"]);
    if told { heard } else { at }
}

/// Words of the name of whom somebody told.
const HEARER: usize = 5;

/// "told newsmen in *Maiduguri* on Monday": where it was said.
fn is_seat(scan: &Scan<'_, '_>, sentence: &Range<usize>, at: usize) -> bool {
    let named = scan.tokens.get(at).capital && scan.tokens.get(at).shape == Shape::Word;
    named
        && at > sentence.start + 2
        && scan.is_word(at - 1, &["in"])
        && scan.is_word(at - 2, &["newsmen", "reporters", "journalists", "correspondents", "media"])
}

const BETWEEN: &[&str] = &[
    "on",
    "late",
    "early",
    "reporters",
    "journalists",
    "newsmen",
    "correspondents",
    "media",
    "here",
    "later",
    "earlier",
    "in",
    "a",
    "the",
    "morning",
    "afternoon",
    "evening",
    "him",
    "them",
    "press",
];

/// "said Monday", "told reporters on Monday", "in a statement on Monday".
fn follows_speech(scan: &Scan<'_, '_>, sentence: &Range<usize>, at: usize) -> bool {
    if at == sentence.start {
        return false;
    }
    scan.is(scan.head(at - 1), Class::Said) || scan.is_word(at - 1, TOLD)
}

/// "Police and local officials *on Thursday* said 12 were killed".
fn stands_in_speech(scan: &Scan<'_, '_>, sentence: &Range<usize>, words: &Range<usize>) -> bool {
    let on = words.start > sentence.start + 1 && scan.is_word(words.start - 1, &["on"]);
    let start = words.start - usize::from(on);
    words.end < sentence.end
        && start > sentence.start
        && (scan.is(words.end, Class::Said)
            || scan.is_word(words.end, &["revised", "updated", "raised", "lowered", "corrected"]))
        && scan.is(scan.head(start - 1), Class::Speaker)
}

/// Whether it is the day on which somebody deplored what had been done before: "The
/// president on Friday condemned the bombing", "condemned on Friday".
pub fn is_of_response(scan: &Scan<'_, '_>, sentence: &Range<usize>, words: &Range<usize>) -> bool {
    let after = words.end + usize::from(scan.is_word(words.end, &["strongly", "also"]));
    let at = before(scan, sentence, words.start);
    after < sentence.end && scan.is_word(after, RESPONSES)
        || at > sentence.start && scan.is_word(at - 1, RESPONSES)
}

const RESPONSES: &[&str] = &["condemned", "denounced", "deplored", "decried", "mourned"];

const TOLD: &[&str] = &[
    "statement",
    "conference",
    "briefing",
    "interview",
    "release",
    "tweet",
    "post",
    "message",
    "released",
    "issued",
    "published",
    "visited",
    "buried",
    "arrived",
    "ordered",
    "vowed",
    "pledged",
    "communique",
    "broadcast",
    "report",
    "speech",
    "warned",
    "met",
];

/// "by Monday", "until Tuesday", "as of Monday".
fn is_deadline(scan: &Scan<'_, '_>, sentence: &Range<usize>, at: usize) -> bool {
    at > sentence.start
        && (scan.is_word(at - 1, &["by", "until", "till", "next", "before"])
            || scan.is_word(at - 1, &["of"])
                && at >= sentence.start + 2
                && scan.is_word(at - 2, &["as"]))
}

/// "BAGHDAD, May 20 --", "Srinagar, Dec 15:", "KABUL, Nov. 23 (Wire)".
fn is_dateline(scan: &Scan<'_, '_>, sentence: &Range<usize>, words: &Range<usize>) -> bool {
    let near = words.start <= sentence.start + 8;
    let capitals = (sentence.start..words.start)
        .filter(|i| scan.tokens.get(*i).shape == Shape::Word)
        .all(|i| scan.tokens.get(i).capital || scan.is_word(i, &["al", "el", "and", "de"]));
    let comma =
        words.start > sentence.start && scan.is_word(words.start - 1, &[",", "(", "|", "/"]);
    let ends = scan.is_word(words.end, &["-", "–", "—", ":", "(", ".", "/"])
        || scan.is_word(words.end, &[","]) && scan.is_word(words.end + 1, &["("])
        || words.end == sentence.end;
    near && capitals && comma && ends
}

/// A line that holds a date and no more: "June 6, 2021", "Updated Thu May 16".
fn is_alone(scan: &Scan<'_, '_>, sentence: &Range<usize>, words: &Range<usize>) -> bool {
    let rest = (sentence.start..words.start).chain(words.end..sentence.end);
    let told = rest.filter(|i| scan.tokens.get(*i).shape == Shape::Word);
    let stamp = |i: usize| {
        scan.is_word(
            i,
            &[
                "updated",
                "published",
                "posted",
                "last",
                "on",
                "at",
                "am",
                "pm",
                "a.m.",
                "p.m.",
                "gmt",
                "edt",
                "est",
                "utc",
                "ist",
                "thu",
                "fri",
                "sat",
                "sun",
                "mon",
                "tue",
                "wed",
                "date",
                "modified",
                "by",
            ],
        )
    };
    let days = words.len() > 1;
    days && sentence.len() <= 16 && told.clone().all(stamp)
}
