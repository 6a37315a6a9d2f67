//! Deaths told by a pronoun: attackers who kill themselves, captives of whom the
//! sentence says next that they were killed.

use super::Reader;
use super::mention::{Mention, Stance};
use crate::extract::event::{Count, Outcome, Party};
use crate::extract::groups::{Group, Noun, groups};
use crate::extract::nouns::is_plural;
use crate::extract::phrase::Phrase;
use crate::lexicon::terms::Class;

impl Reader<'_, '_, '_> {
    /// "killed *himself* and three others": the attacker, and whom he took with him.
    pub(super) fn own_death(&mut self, at: usize, start: usize, outcome: Outcome) -> bool {
        let one = self.scan.is_word(start, &["himself", "herself", "itself"]);
        let many = self.scan.is_word(start, &["themselves"]);
        if outcome != Outcome::Killed || !(one || many) {
            return false;
        }
        let attackers = Group {
            count: if many { self.attackers_before(at) } else { Count::exactly(1) },
            ..self_group(start..start + 1)
        };
        let stance = self.stance(at);
        let trigger = at..at + self.scan.span(at);
        let mut groups = vec![attackers];
        groups.extend(self.joined_to(start + 1));
        self.found.push(Mention::plain(outcome, groups, trigger, stance, "own death"));
        true
    }

    /// "killing 24 worshippers *and themselves*".
    pub(super) fn own_deaths_behind(&self, at: usize, verb: usize) -> Option<Group> {
        let own = self.scan.is_word(at, &["and"]);
        let one = own && self.scan.is_word(at + 1, &["himself", "herself"]);
        let many = own && self.scan.is_word(at + 1, &["themselves"]);
        let count = if many { self.attackers_before(verb) } else { Count::exactly(1) };
        (one || many).then(|| Group { count, ..self_group(at + 1..at + 2) })
    }

    /// "turned the gun on himself", "shot himself dead": the verb tells the whole.
    pub(super) fn suicide(&mut self, at: usize) {
        let trigger = at..at + self.scan.span(at);
        let stance = self.stance(at);
        let group = self_group(trigger.clone());
        self.found.push(Mention::plain(Outcome::Killed, vec![group], trigger, stance, "own death"));
    }

    /// "abducted a teacher and later shot him dead": those whom the clause before seized.
    pub(super) fn same_people(&mut self, at: usize, outcome: Outcome) -> bool {
        let seized = self.found.last().filter(|m| {
            m.outcome == Outcome::Abducted && m.stance == Stance::Told && outcome == Outcome::Killed
        });
        let Some(twin) = seized.cloned() else { return false };
        let trigger = at..at + self.scan.span(at);
        let stance = self.stance(at);
        self.found.push(Mention { outcome, trigger, stance, rule: "same people", ..twin });
        true
    }

    /// "*seven persons* they took with them": the object before its subject.
    pub(super) fn fronted(&mut self, at: usize, outcome: Outcome) -> bool {
        let they = at > self.sentence.start && self.scan.is_word(at - 1, &["they"]);
        let before = self.groups_before(at).checked_sub(1).filter(|_| they);
        let Some(group) = before.filter(|g| {
            let found = &self.groups[*g];
            found.tokens.end + 1 == at && found.noun == Noun::People && !self.used[*g]
        }) else {
            return false;
        };
        let stance = self.stance(at);
        self.take(self.chain_start(group), at, outcome, "active", stance);
        true
    }

    /// "returned fire and killed *the insurgents*": as many as were counted before.
    pub(super) fn counted_before(&mut self, at: usize, start: usize, outcome: Outcome) -> bool {
        let Some((tokens, count)) = self.attackers_at(start) else { return false };
        let trigger = at..at + self.scan.span(at);
        let stance = self.stance(at);
        let group = Group { count, ..self_group(tokens) };
        self.found.push(Mention::plain(outcome, vec![group], trigger, stance, "as told before"));
        true
    }

    /// "*the attackers* were shot dead": the same, as a subject.
    pub(super) fn the_many(&mut self, at: usize, outcome: Outcome) -> bool {
        let from = self.sentence.start.max(at.saturating_sub(9));
        let mut starts = (from..at).rev().filter(|i| self.scan.is_word(*i, &["the", "all"]));
        let Some((start, (tokens, _))) = starts.find_map(|i| Some((i, self.attackers_at(i)?)))
        else {
            return false;
        };
        let plain = (tokens.end..at).all(|i| self.is_filler(i));
        plain && self.counted_before(at, start, outcome)
    }

    /// "the gunmen" at `start`: their words, and the number that the text gave them.
    fn attackers_at(&self, start: usize) -> Option<(std::ops::Range<usize>, Count)> {
        if !self.scan.is_word(start, &["the", "all"]) {
            return None;
        }
        let noun = start + 1 + usize::from(self.scan.is_word(start + 1, &["the"]));
        let phrase = Phrase::read(self.scan, noun, self.sentence.end);
        let many = phrase.head.is_some_and(|h| is_plural(self.scan, h)) && !phrase.thing;
        if !many || phrase.party() != Some(Party::Militant) {
            return None;
        }
        // "*all* the attackers", "the bombers were *all* killed": some, however many.
        let all = self.scan.is_word(start, &["all"])
            || (phrase.end..phrase.end + 3).any(|i| self.scan.is_word(i, &["all"]));
        let some = all.then(|| Count::at_least(1));
        Some((start..phrase.end, self.strength_before(start).or(some)?))
    }

    /// The number nearest before `start` that is said of armed men: "*three* gunmen".
    pub(super) fn strength_before(&self, start: usize) -> Option<Count> {
        let scan = self.scan;
        let armed = |i: &usize| {
            let term = scan.term(*i).filter(|t| t.is(Class::Person));
            term.is_some_and(|t| t.party == Some(Party::Militant)) && is_plural(scan, *i)
        };
        let counted = |i: usize| {
            let from = i.saturating_sub(6);
            let number = (from..i).find(|t| scan.numeral(*t).is_some())?;
            let told = groups(scan, number..i + scan.span(i));
            told.last().filter(|g| !g.single && !g.of_them && !g.vague).map(|g| g.count)
        };
        (start.saturating_sub(STORY)..start).rev().filter(armed).find_map(counted)
    }

    /// How many "themselves" are: the last counted group before, else some.
    fn attackers_before(&self, at: usize) -> Count {
        let before = self.groups_before(at).checked_sub(1).map(|i| &self.groups[i]);
        before.filter(|g| !g.single).map_or(Count::at_least(2), |g| g.count)
    }
}

/// How far back, in tokens, the number of the attackers is looked for.
const STORY: usize = 90;

fn self_group(tokens: std::ops::Range<usize>) -> Group {
    Group {
        party: Some(Party::Militant),
        noun: Noun::People,
        ..Group::of(tokens.clone(), tokens, Count::exactly(1))
    }
}
