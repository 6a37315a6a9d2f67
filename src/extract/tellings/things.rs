//! Buildings and vehicles that were attacked: "stormed *a hospital* in Kabul" lets a later
//! sentence without a place say "the hospital" and mean Kabul.

use std::ops::Range;

use super::placing::{distance, lists};
use super::scenes::codes;
use crate::extract::scan::Scan;
use crate::extract::sites::Site;
use crate::lexicon::PlaceCode;
use crate::text::words::{Lot, lot};

/// What a sentence tells of for the first time, with the places nearest to it.
pub(super) fn introduced(
    scan: &Scan<'_, '_>,
    sentence: &Range<usize>,
    scenes: &[&Site],
) -> Vec<(String, Vec<PlaceCode>)> {
    let lists = lists(scan, scenes);
    if lists.is_empty() {
        return vec![];
    }
    let whole = |list: &Vec<&Site>| list[0].tokens.start..list[list.len() - 1].tokens.end;
    let first = |i: &usize| {
        let from = sentence.start.max(i.saturating_sub(5));
        scan.is_word(*i, THINGS)
            && (from..*i).any(|a| scan.is_word(a, &["a", "an"]))
            && !(from..*i).any(|a| scan.is_word(a, &["the", ",", "and"]))
    };
    let placed = |i: usize| {
        let near = lists.iter().min_by_key(|l| distance(scan, &(i..i + 1), &whole(l)));
        let places = near.map(|l| codes(l.iter().copied())).unwrap_or_default();
        (scan.tokens.lower(i).to_owned(), places)
    };
    sentence.clone().filter(first).map(placed).collect()
}

/// "the hospital", "the buses": what a sentence takes as known.
pub(super) fn known(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> Vec<String> {
    let known = |i: &usize| {
        let from = sentence.start.max(i.saturating_sub(2));
        scan.is_word(*i, THINGS) && (from..*i).any(|a| scan.is_word(a, &["the", "this"]))
    };
    sentence.clone().filter(known).map(|i| scan.tokens.lower(i).to_owned()).collect()
}

const THINGS: &Lot = &lot(&[
    "hospital",
    "mosque",
    "church",
    "cathedral",
    "temple",
    "school",
    "university",
    "college",
    "seminary",
    "market",
    "bazaar",
    "hotel",
    "restaurant",
    "cafe",
    "bar",
    "nightclub",
    "mall",
    "supermarket",
    "bank",
    "bus",
    "minibus",
    "van",
    "train",
    "station",
    "checkpoint",
    "checkpost",
    "outpost",
    "base",
    "barracks",
    "camp",
    "convoy",
    "prison",
    "jail",
    "court",
    "courthouse",
    "office",
    "compound",
    "shrine",
    "wedding",
    "funeral",
    "rally",
    "procession",
    "stadium",
    "airport",
    "bridge",
    "helicopter",
    "mine",
    "plant",
    "factory",
    "farm",
    "embassy",
    "consulate",
    "guesthouse",
    "academy",
    "synagogue",
    "clinic",
    "casino",
    "theatre",
    "theater",
    "ship",
    "boat",
]);
