//! What a side lost: "the army *lost* two men", "suffered *heavy casualties*", "left
//! three dead *on the field*": the dead are of the side that the clause speaks of.

use super::Reader;
use super::links::Link;
use super::mention::Mention;
use super::sides::side_at;
use crate::extract::event::{Count, Outcome, Party};
use crate::extract::groups::{Group, Noun};
use crate::lexicon::terms::Class;

impl Reader<'_, '_, '_> {
    /// "lost nine of its fighters": the dead of the side that is the subject.
    pub(super) fn loss(&mut self, at: usize) {
        let Some(group) = self.group_from(at + self.scan.span(at)) else { return };
        if self.respective_losses(at, group) {
            return;
        }
        let we = (self.sentence.start..at).rev().take(3).any(|i| self.scan.is_word(i, &["we"]));
        let after = self.groups[group].tokens.end;
        let bare = self.groups[group].noun == Noun::None
            && (we || self.is_side_before(at))
            && self.scan.is_word(after, &[",", ".", "and", "in", "while", "on", ";"]);
        // "the troops killed 13 rebels *and lost* two men": the subject's.
        let joined = at > self.sentence.start && self.scan.is_word(at - 1, &["and", "but", ","]);
        let armed = matches!(self.groups[group].party, Some(Party::Security | Party::Foreign));
        let listed = self.links.get(group + 1) == Some(&Link::And);
        let one = self.groups[group].single && !(joined && armed) && !listed;
        let people = (bare || self.groups[group].noun == Noun::People) && !one;
        if people && !self.used[group] {
            let stance = self.stance(at);
            let first = (self.sentence.start..at).find_map(|i| side_at(self.scan, i));
            let enemy = at > self.sentence.start && self.scan.is_word(at - 1, &["enemy"]);
            if enemy {
                self.groups[group].party = Some(Party::Militant);
            } else if let Some(party) = self.losers(at) {
                self.groups[group].party = Some(party);
            } else if let Some(side) = first.filter(|_| joined) {
                self.groups[group].party = Some(side);
            }
            self.groups[group].own = true;
            self.take(group, at, Outcome::Killed, "lost", stance);
        }
    }

    /// "*the villagers* lost 12 people": plain people right before the verb.
    fn losers(&self, at: usize) -> Option<Party> {
        let noun = self.scan.head(at.checked_sub(1).filter(|i| *i >= self.sentence.start)?);
        let people = self.scan.term(noun).filter(|t| t.is(Class::Person))?.party;
        people.filter(|p| *p == Party::Civilian)
    }

    /// "*the enemy* lost three": an armed side right before the verb.
    fn is_side_before(&self, at: usize) -> bool {
        let side = |i: usize| side_at(self.scan, i).is_some() || self.scan.is_word(i, &["enemy"]);
        (self.sentence.start.max(at.saturating_sub(2))..at).any(side)
    }

    /// "the attackers *left* three dead *on the field*": their own.
    pub(super) fn leaves_own(&self, group: usize) -> bool {
        let tokens = &self.groups[group].tokens;
        let left = tokens.start > self.sentence.start
            && self.scan.is_word(tokens.start - 1, &["left", "abandoned"]);
        let end = tokens.end + usize::from(self.scan.is_word(tokens.end, &["dead"]));
        let field = self.scan.is_word(end, &["on"])
            && self.scan.is_word(end + 2, &["field", "battlefield"]);
        // "left three dead *behind a mosque*" tells where.
        let behind = self.scan.is_word(end, &["behind"])
            && (end + 1 >= self.sentence.end
                || self.scan.is_word(end + 1, &[".", ",", "and", "as", "when"]));
        left && (field || behind)
    }

    /// "the army and the rebels lost four and nine men *respectively*".
    fn respective_losses(&mut self, at: usize, first: usize) -> bool {
        let last = first + 1;
        let dealt = self.links.get(last) == Some(&Link::And)
            && self.scan.is(self.groups[last].tokens.end, Class::Respectively);
        let mut sides: Vec<_> =
            (self.sentence.start..at).filter_map(|i| side_at(self.scan, i)).collect();
        sides.dedup();
        let ([.., one, other], true) = (&sides[..], dealt) else { return false };
        self.groups[first].party = Some(*one);
        self.groups[last].party = Some(*other);
        let stance = self.stance(at);
        self.take(first, at, Outcome::Killed, "lost", stance);
        true
    }

    /// "the Taliban suffered heavy casualties": killed, one or more, on that side.
    pub(super) fn heavy(&mut self, at: usize) {
        let clause = self.sentence.start..at;
        let inflicted = clause
            .clone()
            .rev()
            .take(6)
            .any(|i| self.scan.is_word(i, &["inflicted", "inflicting", "caused", "inflict"]));
        let range = if inflicted {
            at + self.scan.span(at)..self.sentence.end.min(at + 10)
        } else {
            clause.start.max(at.saturating_sub(60))..at
        };
        // "forces ambushed *by the Taliban* suffered heavy losses".
        let doer = |i: usize| (i.saturating_sub(2)..i).any(|t| self.scan.is_word(t, &["by"]));
        let mut sides = range
            .filter(|i| !self.is_counted(*i) && !doer(*i))
            .filter_map(|i| side_at(self.scan, i));
        let party = if inflicted { sides.next() } else { sides.next_back() };
        let Some(party) = party else { return };
        let trigger = at..at + self.scan.span(at);
        let group = Group {
            party: Some(party),
            noun: Noun::People,
            vague: true,
            ..Group::of(trigger.clone(), trigger.clone(), Count::at_least(1))
        };
        let stance = self.stance(at);
        self.found.push(Mention::plain(Outcome::Killed, vec![group], trigger, stance, "heavy"));
    }
}
