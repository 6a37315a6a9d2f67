//! Where inside its province a clause is, and whether a sentence tells of a deed
//! afresh: what keeps two attacks of one province apart.

use std::ops::Range;

use super::placing::distance;
use crate::extract::calendar::is_named_in_full;
use crate::extract::scan::Scan;
use crate::extract::sites::Site;
use crate::lexicon::actors::Side;
use crate::lexicon::places::Level;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;
use crate::text::words::{AnyOf, Lot, any_of, lot};

/// The town, district or named quarter nearest to the anchor, in lower case.
pub(super) fn spot(
    scan: &Scan<'_, '_>,
    sentence: &Range<usize>,
    scenes: &[&Site],
    anchor: &Range<usize>,
) -> Option<String> {
    let local = |s: &&&Site| matches!(s.level, Level::District | Level::Town);
    let known = scenes.iter().filter(local).map(|s| s.tokens.clone());
    let unknown = strangers(scan, sentence, scenes);
    let nearest = known.chain(unknown).min_by_key(|t| distance(scan, anchor, t))?;
    Some(scan.tokens.source()[scan.bytes(nearest)].to_lowercase())
}

/// Names behind "in" or "at" that no list knows: quarters, villages, markets.
fn strangers(scan: &Scan<'_, '_>, sentence: &Range<usize>, scenes: &[&Site]) -> Vec<Range<usize>> {
    let name = |i: usize| {
        let token = scan.tokens.get(i);
        token.shape == Shape::Word
            && token.capital
            && scan.nation(i).is_none()
            && scan.actor(i).is_none()
            && scan.term(i).is_none()
            && scenes.iter().all(|s| !s.tokens.contains(&i))
            && !is_named_in_full(scan.tokens.lower(i))
            && !scan.is_word(i, &["north", "south", "east", "west"])
    };
    let opens = |i: usize| scan.is_word(i, &["in", "at", "near", "outside"]);
    let mut found = Vec::new();
    for at in sentence.clone().filter(|i| opens(*i)) {
        let article = usize::from(scan.is_word(at + 1, &["the"]));
        let start = at + 1 + article;
        let end = (start..sentence.end).find(|i| !name(*i)).unwrap_or(sentence.end);
        if end > start {
            found.push(start..end);
        }
    }
    found
}

/// "A second car bomb went off", "gunmen shot two people": a deed or attackers
/// without anything that points back.
pub(super) fn introduces(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> bool {
    sentence.clone().any(|i| {
        let counted = scan.is_word(i, INDEFINITE);
        let deed = counted && (i + 1..sentence.end.min(i + 5)).any(|t| is_deed(scan, t));
        deed || unnamed_attackers(scan, sentence, i)
    })
}

const INDEFINITE: &Lot = &lot(&[
    "a",
    "an",
    "another",
    "two",
    "three",
    "four",
    "second",
    "third",
    "fourth",
    "separate",
    "different",
    "one",
]);

fn is_deed(scan: &Scan<'_, '_>, i: usize) -> bool {
    let attacker = scan.actor(i).is_some_and(|m| m.at == i && scan.side(m.actor) != Side::State);
    scan.is(i, Class::Deed) || attacker
}

/// "Gunmen", "suspected militants" without an article before them.
fn unnamed_attackers(scan: &Scan<'_, '_>, sentence: &Range<usize>, i: usize) -> bool {
    let unnamed = scan.actor(i).is_some_and(|m| m.at == i && scan.side(m.actor) == Side::Unnamed);
    let before = i.checked_sub(1).filter(|b| *b >= sentence.start);
    unnamed && !before.is_some_and(|b| scan.is_word(b, &["the", "these", "those", "of", "by"]))
}

/// "in a *different* northern *province*", "in the *same city*": one of the words
/// before a kind of place, in one noun phrase.
pub(super) fn points_at_unit(scan: &Scan<'_, '_>, sentence: &Range<usize>, words: &[&str]) -> bool {
    let unit = |i: usize| scan.is_word(i, UNITS);
    sentence.clone().filter(|i| scan.is_word(*i, words)).any(|i| {
        let noun = (i + 1..sentence.end.min(i + 4)).find(|t| unit(*t));
        noun.is_some_and(|noun| (i + 1..noun).all(|t| !scan.is_word(t, &[",", "and", "of"])))
    })
}

const UNITS: &AnyOf = &any_of(&[LANDS, SITES]);

/// Kinds of land that are governed or settled.
const LANDS: &Lot = &lot(&[
    "province",
    "district",
    "city",
    "town",
    "village",
    "area",
    "state",
    "region",
    "governorate",
    "county",
    "neighbourhood",
    "neighborhood",
    "camp",
]);

/// Places smaller than a settlement.
const SITES: &Lot = &lot(&[
    "spot", "place", "shrine", "mosque", "market", "waters", "forest", "valley", "road", "street",
    "base", "church", "school", "hotel",
]);

/// "in the province", "*The city* was hit before": a place that the story has named.
pub(super) fn points_at_known(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> bool {
    let known = |i: usize| scan.is_word(i, KNOWN) && scan.is_word(i - 1, &["the"]);
    let opens = |i: usize| i == sentence.start + 1 || scan.is_word(i - 2, LEADS);
    (sentence.start + 1..sentence.end).any(|i| known(i) && opens(i))
}

/// Places that an article is about as long as it calls them so.
const KNOWN: &AnyOf = &any_of(&[LANDS, WIDE]);

const WIDE: &Lot = &lot(&["park", "island"]);

const LEADS: &Lot = &lot(&[
    "in",
    "across",
    "throughout",
    "outside",
    "around",
    "from",
    "near",
    "inside",
    "at",
    "within",
    "to",
    "on",
    "hit",
    "struck",
    "shook",
    "rocked",
]);

/// "in the north": another part of the country, no province told.
pub(super) fn is_in_a_quarter(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> bool {
    let quarter = |i: usize| {
        scan.is_word(i, &["north", "south", "east", "west", "northeast", "northwest", "southeast"])
            || scan.is_word(i, &["southwest", "interior"])
    };
    sentence.clone().any(|i| {
        scan.is_word(i, &["in"])
            && scan.is_word(i + 1, &["the"])
            && quarter(i + 2)
            && !scan.is_word(i + 3, &["of"])
    })
}

/// "nationwide", "across the country".
pub(super) fn is_nationwide(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> bool {
    sentence.clone().any(|i| {
        scan.is_word(i, &["nationwide", "countrywide"])
            || scan.is_word(i, &["across", "around", "throughout"])
                && scan.is_word(i + 1, &["the"])
                && scan.is_word(i + 2, &["country", "nation"])
    })
}
