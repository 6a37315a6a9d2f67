//! What a name means beside the name of the land that it lies in: "Savannah, Georgia",
//! "Uri in Kashmir", "Egypt's Rafah".

use std::ops::Range;

use super::candidates::{Candidate, UNITS};
use crate::extract::scan::Scan;
use crate::lexicon::PlaceCode;
use crate::lexicon::places::{Level, Meaning};

/// Leaves names that stand beside each other the meanings of the one country in which
/// the one lies in the other. Where they have none in common nothing is changed.
pub(super) fn agree(scan: &Scan<'_, '_>, candidates: &mut [Candidate<'_>]) {
    for i in 1..candidates.len() {
        let (before, after) = candidates.split_at_mut(i);
        let (Some(first), Some(last)) = (before.last_mut(), after.first_mut()) else { continue };
        let gap = first.tokens.end..last.tokens.start;
        if gap.len() > MOST_BETWEEN || !is_several(first) && !is_several(last) {
            continue;
        }
        if lies_in(scan, &gap) {
            let beside = gap.clone().any(|i| scan.is_word(i, &[","]));
            first.cued |= settle(first, last) && !beside;
        } else if owns(scan, &gap, first) {
            settle(last, first);
        }
    }
}

/// Words between a name and that of its land, at most: "the Uri sector of northern".
const MOST_BETWEEN: usize = 5;

pub(super) fn is_several(candidate: &Candidate<'_>) -> bool {
    let mut countries = candidate.meanings.iter().map(|m| m.code.country());
    let first = countries.next();
    countries.any(|c| Some(c) != first)
}

/// ", ", " in ", " district of eastern ": what leads from a place to its land.
fn lies_in(scan: &Scan<'_, '_>, gap: &Range<usize>) -> bool {
    let leads = |i: usize| scan.is_word(i, &[",", "in", "of"]);
    let joins = |i: usize| leads(i) || is_side(scan, i) || scan.is_word(i, UNITS);
    gap.clone().any(leads) && gap.clone().all(joins)
}

/// "Mali's northern", "Turkish town of": what leads from a land to its place.
fn owns(scan: &Scan<'_, '_>, gap: &Range<usize>, land: &Candidate<'_>) -> bool {
    let wide = land.meanings.iter().all(|m| m.level == Level::Country);
    let adjective = land.meanings.iter().all(|m| m.adjective);
    let own = scan.is_word(gap.start, &["'s", "’s"]);
    let rest = gap.start + usize::from(own)..gap.end;
    let joins =
        |i: usize| is_side(scan, i) || scan.is_word(i, UNITS) || scan.is_word(i, &["of", "border"]);
    wide && (own || adjective) && rest.into_iter().all(joins)
}

fn is_side(scan: &Scan<'_, '_>, i: usize) -> bool {
    let sides = [
        "the",
        "northern",
        "southern",
        "eastern",
        "western",
        "central",
        "north",
        "south",
        "east",
        "west",
        "northeastern",
        "northwestern",
        "southeastern",
        "southwestern",
        "restive",
    ];
    scan.is_word(i, &sides)
}

/// Keeps what of a place and of its land is of one country, if the one lies in the other.
fn settle(place: &mut Candidate<'_>, land: &mut Candidate<'_>) -> bool {
    let holds = |l: &Meaning<'_>, p: &Meaning<'_>| match l.level {
        Level::Country => l.code == p.code.country() && p.level != Level::Country,
        // A region may be of the whole country.
        Level::Region => l.code == p.code || l.code == p.code.country(),
        _ => l.code == p.code && l.level < p.level,
    };
    let mut shared: Vec<PlaceCode> = Vec::new();
    for l in &land.meanings {
        if place.meanings.iter().any(|p| holds(l, p)) {
            shared.push(l.code);
        }
    }
    if shared.is_empty() {
        return false;
    }
    let within = |m: &Meaning<'_>| shared.iter().any(|s| s.country() == m.code.country());
    place.meanings.retain(within);
    land.meanings.retain(|m| within(m) && (m.level > Level::Country || shared.contains(&m.code)));
    true
}
