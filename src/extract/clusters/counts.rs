//! How the number of one mention stands to another's: of the same side, the same, a
//! later toll, one that takes the other's place.

use crate::extract::event::{Outcome, Party};
use crate::extract::frames::{Form, Origin, Stance};
use crate::extract::groups::Noun;
use crate::extract::tellings::{Placed, Told, total};

/// Whether a mention counts victims and not attackers.
pub fn is_victims(placed: &Placed) -> bool {
    placed.mention.groups.iter().any(|g| g.party != Some(Party::Militant))
}

/// "Seven more died on Friday, bringing the toll to 21": later news of an attack of an
/// earlier day.
pub(super) fn is_later_toll(told: &Told, placed: &Placed) -> bool {
    let raised = told.mentions.iter().any(|p| replaces(p) && p.mention.stance == Stance::Told);
    let more = placed.mention.form == Form::Increment || placed.mention.origin != Origin::Untold;
    // "the bodies of the two were found on Friday".
    let told_before = placed.mention.groups.iter().all(|g| g.definite && !g.single);
    let toll_there = |p: &Placed| replaces(p) && p.places == placed.places;
    let unplaced = placed.places.is_empty() || raised && told.mentions.iter().any(toll_there);
    // "The bodies of 17 more were found on Sunday".
    let dead = placed.mention.groups.iter().all(|g| g.noun == Noun::Dead);
    let bodies = more && (dead || placed.mention.rule == "nominal");
    // "a fourth died on Wednesday".
    let in_a_row = placed.mention.groups.iter().any(|g| g.ordinal.is_some());
    told_before
        || in_a_row
        || told.stale
        || unplaced
            && (replaces(placed)
                || raised && more
                || bodies
                || placed.mention.origin == Origin::Wounded)
}

/// Whether both count the same side and outcome.
pub(super) fn same_kind(a: &Placed, b: &Placed) -> bool {
    a.mention.outcome == b.mention.outcome && is_victims(a) == is_victims(b)
}

/// Whether both tell the same number of the same side and outcome.
pub(super) fn tells_same(a: &Placed, b: &Placed) -> bool {
    same_kind(a, b) && total(a) == total(b)
}

/// Whether a mention replaces what was counted before.
pub fn replaces(placed: &Placed) -> bool {
    placed.mention.form == Form::Toll
}

/// Outcomes in the order in which tolls are written.
pub const OUTCOMES: [Outcome; 3] = [Outcome::Killed, Outcome::Wounded, Outcome::Abducted];
