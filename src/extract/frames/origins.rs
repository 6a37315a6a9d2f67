//! Whether those who died were counted before among the wounded or the missing:
//! then they add to the dead, and leave the wounded; and bodies that somebody found.

use std::ops::Range;

use super::Reader;
use super::mention::Origin;
use crate::extract::event::Outcome;
use crate::extract::groups::Group;
use crate::lexicon::terms::Class;

impl Reader<'_, '_, '_> {
    /// "*another* two died *of their wounds*", "one of the wounded succumbed", "the son
    /// died *later in hospital*", "two *of the missing* were found dead".
    pub(super) fn origin(
        &self,
        groups: &[Group],
        trigger: &Range<usize>,
        outcome: Outcome,
    ) -> Origin {
        let Some(first) = groups.first().filter(|_| outcome == Outcome::Killed) else {
            return Origin::Untold;
        };
        let among = |words: &[&str]| first.tokens.clone().any(|i| self.scan.is_word(i, words));
        if first.of_them && among(&["missing"]) {
            return Origin::Missing;
        }
        let alone = self.found.iter().all(|m| m.outcome != Outcome::Killed);
        // "seven were wounded, *two of whom* later died".
        let of_hurt = first.of_them
            && self.scan.is_word(first.tokens.end - 1, &["whom", "them"])
            && self.follows_wounded(first.tokens.start);
        let hurt = first.of_them && among(&["wounded", "injured", "hospitalised"]);
        // "22 were killed and 72 hurt. Two of them died in hospital": of the dead.
        let them = first.of_them && among(&["them", "whom"]) && !self.succumbs(trigger) && !of_hurt;
        let later = self.of_wounds(trigger)
            && (first.more || first.of_them && !them || self.is_later(trigger));
        if alone && (hurt || later) || of_hurt { Origin::Wounded } else { Origin::Untold }
    }

    /// Whether the clause counted last before `at` is of wounded people.
    fn follows_wounded(&self, at: usize) -> bool {
        let before = self.found.iter().filter(|m| m.span().start < at);
        let last = before.max_by_key(|m| m.trigger.start);
        last.is_some_and(|m| m.outcome == Outcome::Wounded)
    }

    /// "succumbed", "died of wounds", "died in hospital".
    pub(super) fn of_wounds(&self, trigger: &Range<usize>) -> bool {
        let behind = trigger.end..self.sentence.end.min(trigger.end + 6);
        let dies = self.scan.is(trigger.start, Class::Die);
        let wounds = behind
            .into_iter()
            .any(|i| self.scan.is_word(i, &["wounds", "injuries", "hospital", "surgery", "burns"]));
        dies && (self.succumbs(trigger) || wounds)
    }

    fn succumbs(&self, trigger: &Range<usize>) -> bool {
        self.scan.is_word(trigger.start, &["succumbed", "succumb"])
    }

    /// "*found* nine bodies", "14 bodies were *recovered*".
    pub(super) fn is_found(&self, i: usize) -> bool {
        let tokens = self.groups[i].tokens.clone();
        let near = self.sentence.start.max(tokens.start.saturating_sub(4))..tokens.start;
        let mut words = near.chain(tokens.end..self.sentence.end.min(tokens.end + 6));
        words.any(|t| self.scan.is_word(t, FINDS))
    }

    fn is_later(&self, trigger: &Range<usize>) -> bool {
        let from = self.sentence.start.max(trigger.start.saturating_sub(4));
        (from..self.sentence.end.min(trigger.end + 7))
            .any(|i| self.scan.is_word(i, &["later", "overnight", "subsequently", "afterwards"]))
    }
}

const FINDS: &[&str] = &[
    "found",
    "recovered",
    "discovered",
    "retrieved",
    "exhumed",
    "unearthed",
    "counted",
    "pulled",
    "dug",
];
