//! Sentences whose main clause is about a court, a grave, a museum: what an article
//! tells after such an opening without a day is long past.

use std::ops::Range;

use super::spot::introduces;
use crate::extract::event::Party;
use crate::extract::scan::Scan;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;
use crate::text::words::{AnyOf, Lot, any_of, lot};

/// "*The agency filed a charge sheet* against 19 over the bombing": courts and memory come
/// before any deed or anybody armed.
pub(super) fn is_aside(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    let first = |class: Class| {
        scan.all(range.clone(), class).find(|i| !scan.is_word(*i, OF_THE_DAY)).unwrap_or(range.end)
    };
    let first = first(Class::Verdict).min(first(Class::Aftermath));
    if first == range.end {
        return false;
    }
    // "Mourners at the grave *were bombed*".
    let struck = |i: usize| scan.is(i, Class::Deed) && scan.is(scan.head(i - 1), Class::Be);
    !(range.start..first).any(|i| is_hostile(scan, i)) && !(first + 1..range.end).any(struck)
}

/// Whether the word at `i`, of courts or memory, stands where a new deed struck: "*two
/// bombers struck* a vigil", "a raid on a court".
pub(super) fn is_struck(scan: &Scan<'_, '_>, sentence: &Range<usize>, i: usize) -> bool {
    // "Mourners at a memorial service *came under fire*".
    let fired = |t: usize| scan.is_word(t, &["came"]) && scan.is_word(t + 1, &["under"]);
    let behind = (i + 1..sentence.end.min(i + 12)).any(fired);
    !scan.is_word(i, LAW) && (behind || introduces(scan, &(sentence.start..i)))
}

/// What is done to those who did a deed, whoever opens the sentence.
const LAW: &AnyOf = &any_of(&[ARRESTED, SENTENCED]);

/// Courts and memory that the news of the day itself may speak of: arrests, who recalls.
const OF_THE_DAY: &AnyOf = &any_of(&[ARRESTED, RECALLING]);

const ARRESTED: &Lot =
    &lot(&["arrested", "rearrested", "detained", "apprehended", "nabbed", "caught"]);

const SENTENCED: &Lot = &lot(&[
    "sentenced",
    "convicted",
    "jailed",
    "acquitted",
    "extradited",
    "indicted",
    "found",
    "pleaded",
    "charged",
    "death",
    "life",
    "sentence",
    "sentences",
    "years",
    "decade",
    "one",
    "two",
    "three",
    "five",
    "ten",
]);

const RECALLING: &Lot = &lot(&[
    "similar",
    "charges",
    "judge",
    "prosecutors",
    "involved",
    "recalled",
    "recalls",
    "recalling",
    "remember",
]);

fn is_hostile(scan: &Scan<'_, '_>, i: usize) -> bool {
    let armed = scan.term(i).is_some_and(|t| t.party == Some(Party::Militant))
        || scan.actor(i).is_some_and(|m| scan.side(m.actor) == Side::Militant);
    armed || scan.is_any(i, &[Class::Deed, Class::KillEd, Class::KillIng, Class::KillPres])
}
