//! The side that stands behind a number and not in its noun: "two dead *on the army's
//! side* and three *among the attackers*", and of whom "three *of whom*" are.

use std::ops::Range;

use super::Reader;
use super::sides::side_at;
use crate::extract::event::Party;
use crate::extract::groups::{Group, Noun};
use crate::extract::nouns::is_plural;
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

/// "on *the enemy side*", "among *the attackers*", behind a number that ends at `end`.
pub(super) fn side_behind(scan: &Scan<'_, '_>, end: usize) -> Option<Party> {
    let words = end + 1..end + 6;
    let side = |i: usize| match scan.is_word(i, &["enemy", "terrorist", "rebel"]) {
        true => Some(Party::Militant),
        false => side_at(scan, i),
    };
    let told = words.clone().find_map(side);
    let camp = words.clone().any(|i| scan.is_word(i, &["side", "ranks"]));
    let among = scan.is_word(end, &["among", "amongst"]) && scan.is_word(end + 1, &["the"]);
    match scan.is_word(end, &["on", "from", "in"]) && camp || among {
        true => told,
        false => None,
    }
}

/// The side that a number's own words leave open and those behind it or its verb tell.
pub(super) fn of_their_camp(
    scan: &Scan<'_, '_>,
    group: &Group,
    verb: &Range<usize>,
) -> Option<Party> {
    // "*the enemy* suffered three dead", "*enemy* losses: three dead".
    let start = group.tokens.start;
    let lost = |i: usize| {
        scan.is_word(i, &["losses", "casualties", "side", "suffered"]) || scan.is(i, Class::Lose)
    };
    let enemy =
        (start.saturating_sub(8)..start).any(|i| scan.is_word(i, &["enemy"]) && lost(i + 1));
    let behind = side_behind(scan, group.tokens.end).or(enemy.then_some(Party::Militant));
    behind.or_else(|| side_behind(scan, verb.end).filter(|_| group.tokens.end <= verb.start))
}

impl Reader<'_, '_, '_> {
    /// "two soldiers were killed by gunmen*, three of whom* were shot": whose people the
    /// share is of, where the noun before the comma is counted nowhere.
    pub(super) fn of_whom(&self, group: &Group) -> Option<Party> {
        let start = group.tokens.start;
        let whom = group.of_them
            && group.noun == Noun::None
            && self.scan.is_word(group.tokens.end - 1, &["whom"])
            && start > self.sentence.start + 1
            && self.scan.is_word(start - 1, &[","]);
        let noun = self.scan.head((start - 2 * usize::from(whom)).max(self.sentence.start));
        let people = self.scan.term(noun).filter(|t| t.is(Class::Person))?;
        (whom && is_plural(self.scan, noun) && !self.is_counted(noun)).then_some(people.party)?
    }
}
