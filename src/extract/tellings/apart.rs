//! Words that set attacks of one sentence, or a total and its parts, apart: "hours after
//! a bomb killed seven", "in three separate raids", "in the deadliest of the attacks".

use std::ops::Range;

use super::spot::{introduces, points_at_unit};
use crate::extract::frames::Mention;
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;
use crate::text::words::{Lot, lot};

/// "killing ten, *hours after* a bomb in Oslo killed seven", "it came *minutes after*
/// gunmen shot two": where the clause of another attack opens.
pub(super) fn other_attack(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> Option<usize> {
    let opens = |i: &usize| {
        scan.is_word(*i, &["after", "before"])
            && scan.is_word(*i - 1, SPANS)
            && !came_late(scan, *i)
    };
    let at = (sentence.start + 2..sentence.end).find(opens)?;
    let harm = |range: Range<usize>| range.into_iter().any(|i| scan.is_any(i, HARM));
    let came = (at.saturating_sub(5)..at).any(|i| scan.is_word(i, COMES));
    let afresh = scan.is_word(at + 1, &["a", "an", "another", "two", "three"])
        || introduces(scan, &(at..sentence.end.min(at + 9)));
    let afresh = afresh || counts_others(scan, at + 1);
    let told = harm(at..sentence.end) && afresh && (came || harm(sentence.start..at));
    told.then_some(at)
}

/// "Elsewhere", "in a separate attack"; not of the attack that the sentence looks back at
/// ("hours after nine people were killed *in another village*").
pub(super) fn turns_elsewhere(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> bool {
    let Some(first) = scan.all(sentence.clone(), Class::Elsewhere).next() else { return false };
    // "On the other hand, a spokesman said that 16 were killed *in this assault*".
    let same = |i: usize| scan.is_word(i, &["this"]) && scan.is(scan.head(i + 1), Class::Deed);
    if (first..sentence.end).any(same) {
        return false;
    }
    other_attack(scan, sentence).is_none_or(|opener| first < opener)
}

/// Whether "in another village" is said of what the sentence tells first.
pub(super) fn points_elsewhere(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> bool {
    let Some(opener) = other_attack(scan, sentence) else { return true };
    points_at_unit(scan, &(sentence.start..opener), OTHER)
}

pub(super) const OTHER: &[&str] = &["different", "another", "neighbouring", "neighboring", "other"];

/// "*The killings* in Muatide followed …", "*The attack* came after …": the news, and then
/// what it came after.
pub(super) fn resumes(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> bool {
    let start = sentence.start;
    let deed = |i: usize| scan.is(i, Class::Deed) || scan.is_word(i, &["killings", "deaths"]);
    scan.is_word(start, &["the"])
        && deed(start + 1)
        && scan.is_word(start + 2, &["in", "at", "on", "near"])
        && scan.has(sentence.clone(), Class::Backward)
}

/// "hours after *nine people were killed*": people of whom nothing was told so far.
fn counts_others(scan: &Scan<'_, '_>, at: usize) -> bool {
    let Some(number) = scan.numeral(at) else { return false };
    let noun = at + number.tokens;
    let told = |i: usize| scan.is_word(i, &["other", "others", "more", "of"]);
    !told(noun) && (noun..noun + 6).any(|i| scan.is_any(i, HARM))
}

/// "died *hours after* being shot": no clause with a subject of its own.
fn came_late(scan: &Scan<'_, '_>, after: usize) -> bool {
    scan.is_word(after + 1, &["being", "he", "she", "they", "it", "the", "that", "his", "her"])
}

/// Times that two attacks of the same news may lie apart.
const SPANS: &[&str] = &["hours", "hour", "minutes", "shortly", "soon", "moments"];

const COMES: &[&str] =
    &["came", "comes", "occurred", "happened", "took", "struck", "exploded", "attacked"];

const HARM: &[Class] = &[
    Class::KillEd,
    Class::KillIng,
    Class::KillPres,
    Class::Die,
    Class::WoundEd,
    Class::WoundIng,
    Class::WoundPres,
    Class::AbductEd,
];

/// "…, and two troops died *in separate bombings*": a clause that says itself that its deed
/// is another.
pub(super) fn is_set_apart(
    scan: &Scan<'_, '_>,
    mention: &Mention,
    sentence: &Range<usize>,
) -> bool {
    let start = mention.span().start;
    // "In the first, 11 were killed; *in the second, they killed seven*".
    let ranked = |i: &usize| {
        scan.is_word(*i, &["in"])
            && scan.is_word(*i - 1, &[";", ","])
            && scan.is_word(*i + 1, &["the"])
            && scan.is_word(*i + 2, &["second", "third", "other"])
            && scan.is_word(*i + 3, &[","])
    };
    let near = (sentence.start + 1).max(start.saturating_sub(8))..start;
    if near.clone().any(|i| ranked(&i)) {
        return true;
    }
    let opens = |i: usize| scan.is_word(i, &["and"]) && scan.is_word(i - 1, &[",", ";"]);
    let behind = mention.span().end..sentence.end.min(mention.span().end + 5);
    near.into_iter().any(opens)
        && behind.clone().any(|i| {
            let apart = scan.is_word(i, &["separate"])
                || scan.is_word(i, &["another"]) && scan.is_word(i - 1, &["in"]);
            apart && (i + 1..i + 4).any(|t| scan.is(t, Class::Deed) || scan.is_word(t, BLASTS))
        })
}

/// "Three rebels were killed in Arish*, while* two policemen were shot in Rafah".
pub(super) fn is_parted(scan: &Scan<'_, '_>, mention: &Mention, sentence: &Range<usize>) -> bool {
    let start = mention.span().start;
    let border = |i: &usize| scan.is_word(*i, &["while", "whereas", ";"]);
    let Some(at) = (sentence.start..start).rev().find(border) else { return false };
    (sentence.start..at).any(|i| scan.is_any(i, HARM))
}

/// "killed 23 *in three separate raids*": the number is over several attacks.
pub(super) fn is_over_several(
    scan: &Scan<'_, '_>,
    mention: &Mention,
    sentence: &Range<usize>,
) -> bool {
    let near = sentence.start.max(mention.span().start.saturating_sub(REACH))
        ..sentence.end.min(mention.span().end + REACH);
    near.into_iter().any(|i| {
        let deeds = scan.is_word(i, DEEDS);
        let blasts = scan.is_word(i, BLASTS);
        (deeds || blasts)
            && (sentence.start.max(i.saturating_sub(4))..i).any(|w| {
                let many = scan.is_word(w, MANY) || scan.numeral(w).is_some_and(|n| n.value > 1);
                let plain = (w + 1..i).all(|t| !scan.is_word(t, &[",", "and", "in", "on", "by"]));
                plain && (scan.is_word(w, &["separate", "different"]) || deeds && many)
            })
    })
}

/// Tokens between a number and the deeds that it is over, at most.
const REACH: usize = 18;

const DEEDS: &Lot = &lot(&[
    "attacks",
    "raids",
    "clashes",
    "operations",
    "incidents",
    "encounters",
    "engagements",
    "ambushes",
    "assaults",
    "shootings",
    "gunfights",
    "battles",
    "firefights",
]);

const BLASTS: &Lot = &lot(&[
    "blasts",
    "explosions",
    "bombings",
    "strikes",
    "airstrikes",
    "bombs",
    "areas",
    "places",
]);

const MANY: &Lot = &lot(&["several", "multiple", "series", "string", "wave", "spate", "various"]);

/// "in the *deadliest of the attacks*", "*in one incident*", "in the *third engagement*":
/// what follows is a part of a total told before.
pub(super) fn is_one_of(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> bool {
    let opening = sentence.start..sentence.end.min(sentence.start + 8);
    opening.into_iter().any(|i| {
        let ranked = scan.is_word(i, RANKS) && scan.is_word(i.saturating_sub(1), &["the"]);
        let of = i + 1 + 2 * usize::from(scan.is_word(i + 1, &["of"]));
        let one = scan.is_word(i, &["one"]) && scan.is_word(i.saturating_sub(1), &["in"]);
        let noun = |at: usize| scan.is_word(at, DEEDS) || scan.is_word(at, ONE_DEED);
        let most = scan.is_word(i, MOST) && scan.is_word(i.saturating_sub(1), &["the"]);
        most && (noun(of) || noun(of + 1) || scan.is_word(of, &["attack", "raid", "assault"]))
            || (ranked || one) && noun(of)
    })
}

const MOST: &[&str] =
    &["deadliest", "worst", "bloodiest", "largest", "biggest", "heaviest", "most"];

const RANKS: &[&str] = &["first", "second", "third", "fourth", "fifth", "last", "other"];

const ONE_DEED: &Lot = &lot(&[
    "incident",
    "engagement",
    "encounter",
    "operation",
    "clash",
    "gunfight",
    "ambush",
    "case",
    "firefight",
    "raid",
]);
