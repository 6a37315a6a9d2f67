//! The doer of what is told in the passive: "killed *by X*", "attacks *by suspected X*",
//! "claimed *by X*".

use std::ops::Range;

use super::{Link, replies};
use crate::extract::scan::Scan;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;
use crate::text::words::{Lot, lot};

/// "killed by X", "attacks by suspected X"; "claimed by X". Who only holds,
/// backs or condemns is none.
pub fn by_whom(
    scan: &Scan<'_, '_>,
    sentence: &Range<usize>,
    start: usize,
    side: Side,
) -> Option<Link> {
    let mut at = start;
    let skipped = |i: usize| {
        scan.tokens.get(i).shape == Shape::Number
            || scan.is_any(scan.head(i), &[Class::Adverb, Class::Modifier, Class::Vague])
            || scan.is_word(i, &["about", "around", "some", "two", "three", "several", "dozens"])
    };
    while at > sentence.start && start - at < 5 && skipped(at - 1) {
        at -= 1;
    }
    let by = at.checked_sub(1).filter(|i| *i >= sentence.start && scan.is_word(*i, &["by"]))?;
    if scan.is(scan.head(by), Class::ClaimMade) {
        return Some(Link::Claims);
    }
    // "The attack was *claimed on Friday by* X".
    let near = by.saturating_sub(5).max(sentence.start)..by;
    let parted = |i: usize| scan.is(i, Class::KillEd) || scan.is_word(i, OFTEN);
    let claim = near.clone().rev().find(|i| scan.is_word(*i, &["claimed"]));
    if claim.is_some_and(|c| !(c..by).any(parted)) {
        return Some(Link::Claims);
    }
    let verb = by.checked_sub(1).filter(|i| *i >= sentence.start)?;
    if scan.is_word(verb, NO_DEED) {
        return Some(Link::Named);
    }
    let replies = side == Side::State && replies::was_attacker(scan, sentence, by);
    Some(if replies { Link::Replies } else { Link::Acts })
}

/// What parts a claim from who made it, or makes it one of earlier deeds.
const OFTEN: &[&str] = &[",", "said", "past", "previously", "often", "frequently", "both"];

const NO_DEED: &Lot = &lot(&[
    "overpowered",
    "campaign",
    "threat",
    "threats",
    "insurgency",
    "uprising",
    "resurgence",
    "rule",
    "control",
    "subdued",
    "tackled",
    "disarmed",
    "arrested",
    "detained",
    "captured",
    "stopped",
    "surrounded",
    "questioned",
    "interrogated",
    "rescued",
    "freed",
    "escorted",
    "accompanied",
    "guarded",
    "patrolled",
    "chased",
    "pursued",
    "repelled",
    "repulsed",
    "foiled",
    "thwarted",
    "secured",
    "cordoned",
    "sealed",
    "evacuated",
    "recaptured",
    "defused",
    "backed",
    "led",
    "trained",
    "supported",
    "controlled",
    "held",
    "run",
    "ruled",
    "dominated",
    "owned",
    "condemned",
    "inspired",
    "followed",
    "occupied",
    "banned",
    "issued",
    "released",
    "published",
    "confirmed",
    "denied",
    "welcomed",
    "used",
    "reported",
    "said",
    "announced",
    "governed",
    "seen",
    "wanted",
    "signed",
    "demanded",
    "posted",
    "circulated",
    "recruited",
    "funded",
    "armed",
    "cited",
    "backing",
    "aided",
    "joined",
    "carried",
    "organised",
    "organized",
    "imposed",
    "manned",
    "commanded",
    "protected",
    "hired",
    "influenced",
    "favoured",
    "favored",
]);
