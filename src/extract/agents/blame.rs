//! Who is blamed and who claims in a noun: "suspected X", "the hand of X", "named X as
//! the culprits", "a Taliban claim of 40 dead".

use std::ops::Range;

use super::predicate::ACTIVE;
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

/// "suspected X", "blamed X", "X are suspected", "the hand of X", "believed to be X".
pub fn is_blamed(
    scan: &Scan<'_, '_>,
    sentence: &Range<usize>,
    start: usize,
    words: Range<usize>,
) -> bool {
    let end = words.end;
    let from = start.saturating_sub(7).max(sentence.start);
    let stopped = |i: &usize| {
        scan.is_any(*i, &[Class::Said, Class::ClaimMade, Class::KillEd]) || scan.is_word(*i, STOPS)
    };
    let cue = |i: usize| {
        scan.is(i, Class::Blame) && !scan.is_word(i, &["suspected", "alleged"])
            || scan.is_word(i, &["suspect", "suspects", "suspecting"])
            || scan.is_word(i, &["suspected"]) && i > 0 && scan.is(i - 1, Class::Have)
    };
    let before = (from..start).rev().take_while(|i| !stopped(i)).any(cue);
    // "The work of *the* X".
    let article = usize::from(scan.is_word(words.start.saturating_sub(1), &["the"]));
    let hand = is_handed(scan, sentence, start) || is_handed(scan, sentence, words.start - article);
    let answers = |i: usize| scan.is_any(i, &[Class::ClaimMade, Class::ClaimDenied]);
    let behind = end..sentence.end.min(end + 4);
    let stop = |i: &usize| scan.is_word(*i, &[",", "behind"]);
    let comma = behind.clone().find(stop).unwrap_or(behind.end);
    let active =
        behind.clone().any(answers) || (behind.start..comma).any(|i| scan.is_any(i, ACTIVE));
    (before || hand || is_laid_on(scan, sentence, start)) && !active
        || is_culprit(scan, sentence, end)
        || is_membership(scan, sentence, words.start)
}

/// "the hand of X", "at the hands of X", "attributed to X", "suspicion fell on X": the
/// words right before `at` hand the deed to it.
fn is_handed(scan: &Scan<'_, '_>, sentence: &Range<usize>, at: usize) -> bool {
    let Some(i) = at.checked_sub(2).filter(|i| *i >= sentence.start) else { return false };
    let leads = |words: &[&str]| scan.is_word(i + 1, words);
    let suspicion = || {
        (sentence.start..i).any(|s| scan.is_word(s, &["suspicion", "suspicions"]))
            && scan.is_word(i, &["fell", "fall", "falls", "fallen", "centred", "centered"])
    };
    match () {
        () if leads(&["of"]) => {
            let hands = scan.is_word(i, &["hands"]) && scan.is_word(i.saturating_sub(2), &["at"]);
            hands || scan.is_word(i, &["work", "hand", "doing"])
        }
        () if scan.is_word(i.saturating_sub(1), &["lay", "laid", "pinned"]) => leads(&["to", "on"]),
        () if leads(&["to"]) => scan.is_word(i, &["attributed", "ascribed"]),
        () => leads(&["on", "upon"]) && suspicion(),
    }
}

/// "laid the blame for the blast, which killed six, *on X*".
fn is_laid_on(scan: &Scan<'_, '_>, sentence: &Range<usize>, start: usize) -> bool {
    let on = start.checked_sub(1).filter(|i| *i >= sentence.start);
    let laid = |i: usize| {
        scan.is_word(i, &["blame"]) && (i.saturating_sub(3)..i).any(|l| scan.is_word(l, LAYING))
    };
    on.is_some_and(|i| scan.is_word(i, &["on", "upon"]))
        && (start.saturating_sub(24).max(sentence.start)..start).any(laid)
}

const LAYING: &[&str] =
    &["laid", "lays", "laying", "put", "puts", "putting", "pinned", "placed", "places", "pins"];

/// "named *X as the culprits*", "held *X responsible*".
fn is_culprit(scan: &Scan<'_, '_>, sentence: &Range<usize>, end: usize) -> bool {
    let near = end.saturating_sub(9).max(sentence.start)..end;
    let held = |i: usize| scan.is_word(i, &["held", "holds", "hold", "holding"]);
    if (end..end + 3).any(|i| scan.is_word(i, &["responsible"])) && near.into_iter().any(held) {
        return true;
    }
    // Headlines: "X *suspected as* 12 die", "X *blamed for* a blast".
    let blamed = scan.is_word(end, &["blamed", "suspected", "accused"])
        && scan.is_word(end + 1, &["for", "as", "in", "of", "over", "after", "."]);
    if blamed {
        return true;
    }
    let as_whom = (end..end + 3).find(|i| scan.is_word(*i, &["as"]));
    as_whom.is_some_and(|i| (i + 1..i + 4).any(|c| scan.is_word(c, CULPRITS)))
}

/// "the attackers, who killed 11, *were members of X*".
fn is_membership(scan: &Scan<'_, '_>, sentence: &Range<usize>, start: usize) -> bool {
    let before = start.saturating_sub(5).max(sentence.start)..start;
    let Some(of) = before.clone().rev().find(|i| scan.is_word(*i, &["of", "from", "to"])) else {
        return false;
    };
    let member = of > sentence.start && scan.is_word(of - 1, MEMBERS);
    let be = (of.saturating_sub(6).max(sentence.start)..of)
        .any(|i| scan.is(i, Class::Be) || scan.is_word(i, &["identified", "described"]));
    member && be && (sentence.start..of).any(|i| scan.is_word(i, CULPRITS))
}

const MEMBERS: &[&str] =
    &["members", "member", "fighters", "belonged", "belong", "militants", "loyal"];

const CULPRITS: &[&str] = &[
    "culprit",
    "culprits",
    "perpetrator",
    "perpetrators",
    "attacker",
    "attackers",
    "assailant",
    "assailants",
    "gunmen",
    "gunman",
    "killers",
    "authors",
    "author",
    "suspects",
    "bombers",
    "bomber",
    "kidnappers",
    "raiders",
];

/// "*a Taliban claim of* 40 dead", "the group's claim that it killed 40": it claims.
pub fn is_claimant(scan: &Scan<'_, '_>, end: usize) -> bool {
    let at = end + usize::from(scan.is_word(end, &["'s", "’s", "'", "’"]));
    scan.is_word(at, &["claim", "claims", "assertion", "boast"])
        && scan.is_word(at + 1, &["of", "that", "to"])
        && !scan.is_word(at + 2, &["no", "innocence"])
}

const STOPS: &[&str] = &[";", ".", "that", "but", "while", "after", "when"];
