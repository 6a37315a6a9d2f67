//! Whether those who died were counted before among the wounded or the missing:
//! then they add to the dead, and leave the wounded.

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
        let hurt = first.of_them && among(&["wounded", "injured", "hospitalised"]);
        let later =
            self.of_wounds(trigger) && (first.more || first.of_them || self.is_later(trigger));
        if alone && (hurt || later) { Origin::Wounded } else { Origin::Untold }
    }

    /// "succumbed", "died of wounds", "died in hospital".
    fn of_wounds(&self, trigger: &Range<usize>) -> bool {
        let behind = trigger.end..self.sentence.end.min(trigger.end + 6);
        let dies = self.scan.is(trigger.start, Class::Die);
        let wounds = behind
            .into_iter()
            .any(|i| self.scan.is_word(i, &["wounds", "injuries", "hospital", "surgery"]));
        dies && (self.scan.is_word(trigger.start, &["succumbed", "succumb"]) || wounds)
    }

    fn is_later(&self, trigger: &Range<usize>) -> bool {
        let from = self.sentence.start.max(trigger.start.saturating_sub(4));
        (from..self.sentence.end.min(trigger.end + 7))
            .any(|i| self.scan.is_word(i, &["later", "overnight", "subsequently", "afterwards"]))
    }
}
