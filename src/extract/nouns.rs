//! Tells nouns by their form and by lists: plurals, kin, ages, and the words that
//! end a noun phrase. Reading the phrase is `phrase`'s.

use super::scan::Scan;
use crate::lexicon::terms::Class;
use crate::text::words::{Lot, lot};

/// Nouns that tell age, sex or kin only.
pub const KIN: &[&str] = &[
    "woman",
    "women",
    "child",
    "children",
    "boy",
    "boys",
    "girl",
    "girls",
    "baby",
    "babies",
    "infant",
    "infants",
    "toddler",
    "teenager",
    "teenagers",
    "mother",
    "father",
    "wife",
    "husband",
    "son",
    "sons",
    "daughter",
    "daughters",
    "brother",
    "brothers",
    "sister",
    "sisters",
    "minor",
    "minors",
    "kids",
    "family members",
    "relatives",
    "members of the same family",
    "members of one family",
    "members of a family",
    "males",
    "females",
    "teenage girls",
    "teenage boys",
    "elderly",
    "youths",
    "teens",
];

/// Endings of plural nouns of people by what they do ("surveyors", "bakers").
pub const TRADES: &[&str] = &["ers", "ors", "ists", "ians", "ees", "ants", "men", "women"];

/// Words that end a noun phrase.
pub const STOPS: &[Class] = &[
    Class::Be,
    Class::Have,
    Class::KillEd,
    Class::KillIng,
    Class::KillPres,
    Class::Die,
    Class::Dead,
    Class::WoundEd,
    Class::WoundIng,
    Class::WoundPres,
    Class::WoundNoun,
    Class::AbductEd,
    Class::AbductIng,
    Class::AbductPres,
    Class::Leave,
    Class::Including,
    Class::Excluding,
    Class::Rose,
    Class::Said,
    Class::Each,
    Class::Respectively,
];

/// Words that cannot stand before a noun in its phrase.
pub fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.has(word) || matches!(word, "sustained" | "suffered" | "received")
}

const FUNCTION_WORDS: &Lot = &lot(&[
    "in", "at", "on", "by", "from", "with", "to", "for", "near", "when", "while", "as", "after",
    "before", "during", "who", "which", "that", "where", "whose", "and", "or", "but", "than",
    "the", "a", "an", "this", "it", "he", "she", "they", "we", "under", "over", "into", "inside",
    "outside", "through", "across", "between", "against", "since", "until", "within", "among",
    "around", "along", "about", "off", "out", "up", "down", "because", "if", "so", "not", "per",
    "aboard", "amid", "via", "his", "her", "their", "its", "whom", "there", "then", "had", "did",
    "do", "does", "will", "can",
]);

/// Whether what a bare number counts is something else: "14 of April", "30 per
/// side" have no noun that we know and no verb of harm right after them.
pub fn counts_other(scan: &Scan<'_, '_>, start: usize, end: usize) -> bool {
    let mut at = start;
    while at < end && at < start + 2 {
        let verb = scan.is_word(at, FINITE);
        let other = &[Class::Adverb, Class::More, Class::Capture];
        if verb || scan.is_any(at, STOPS) || scan.is_any(at, other) {
            return false;
        }
        at += scan.span(at);
    }
    true
}

/// Verbs that may follow a bare number: "a blast that killed 12 *shook* the town".
const FINITE: &Lot = &lot(&[
    "shook",
    "rocked",
    "hit",
    "struck",
    "ripped",
    "tore",
    "took",
    "came",
    "happened",
    "occurred",
    "triggered",
    "sparked",
    "prompted",
    "drew",
    "targeted",
    "began",
    "started",
    "went",
    "followed",
    "range",
    "ended",
    "caused",
    "brought",
    "destroyed",
    "damaged",
    "set",
    "broke",
    "lasted",
]);

/// Whether the noun is plural by an `s` or `men`, not a collective like "police".
pub fn is_plainly_plural(scan: &Scan<'_, '_>, head: usize) -> bool {
    let word = scan.tokens.lower(head + scan.span(head) - 1);
    word.ends_with("men") || (word.ends_with('s') && !word.ends_with("ss"))
}

/// Whether a comma list of nouns goes on to an "and": "soldiers, police and guards".
pub fn closes_list(scan: &Scan<'_, '_>, after: usize) -> bool {
    (after..after + 6).any(|i| scan.is_word(i, &["and", "or"]) && scan.is(i + 1, Class::Person))
}

/// "10-year-old", "26 year old": an age before the noun; the token after it.
pub fn age(scan: &Scan<'_, '_>, at: usize) -> Option<usize> {
    let past_hyphen = |i: usize| i + usize::from(scan.tokens.is_hyphen(i));
    let unit = past_hyphen(at + 1);
    let old = past_hyphen(unit + 1);
    let aged = scan.is_word(unit, &["year", "years", "month", "months"])
        && scan.is_word(old, &["old"])
        && old < scan.tokens.len();
    aged.then_some(old + 1)
}

/// Whether the noun at `head` is a plural, by its form.
pub fn is_plural(scan: &Scan<'_, '_>, head: usize) -> bool {
    let last = head + scan.span(head) - 1;
    let word = scan.tokens.lower(last);
    let irregular = matches!(
        word,
        "men"
            | "women"
            | "people"
            | "police"
            | "children"
            | "personnel"
            | "policemen"
            | "gunmen"
            | "troops"
            | "staff"
            | "militia"
            | "army"
            | "taliban"
            | "faithful"
            | "elderly"
            | "levies"
            | "peshmerga"
            | "clergy"
            | "townspeople"
            | "townsfolk"
            | "tribespeople"
            | "fisherfolk"
            | "fidayeen"
            | "fedayeen"
            | "mujahideen"
            | "jtf"
            | "carabinieri"
    ) || word.ends_with("men");
    irregular || (word.ends_with('s') && !word.ends_with("ss"))
}
