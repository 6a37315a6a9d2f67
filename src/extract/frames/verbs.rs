//! Clauses with a verb: who is its object, who its subject.

use super::mention::{Mention, Stance};
use super::subjects::is_manner;
use super::{QUALIFIERS, Reader, VERBS, outcome_of};
use crate::extract::calendar::weekday_number;
use crate::extract::event::{Count, Outcome, Party};
use crate::extract::groups::{Group, Noun};
use crate::extract::one;
use crate::extract::phrase::Phrase;
use crate::extract::quantity;
use crate::lexicon::terms::Class;

impl Reader<'_, '_, '_> {
    /// "killed": active with a group right behind it, else passive.
    pub(super) fn participle(&mut self, at: usize, outcome: Outcome) {
        if at == self.sentence.start && self.inverted(at, outcome) {
            return;
        }
        let passive = self.passive_before(at);
        if !passive && self.object(at, outcome, "active") {
            return;
        }
        if !passive && one::object(self.scan, at, self.sentence.end).is_some() {
            return self.named(at, outcome, false);
        }
        // "The bomber killed nobody".
        let object = at + self.scan.span(at);
        let no_one = self.scan.is_word(object, &["no"]) && self.scan.is_word(object + 1, &["one"]);
        if !passive && (no_one || self.scan.is_word(object, &["nobody", "none"])) {
            return;
        }
        // "was shot in the legs *and killed*".
        let and = at > self.sentence.start && self.scan.is_word(at - 1, &["and"]);
        if and && self.succumbs_later(at, outcome) {
            return;
        }
        if !self.subject(at, outcome, "passive") && !self.some(at, outcome) && passive {
            self.named(at, outcome, true);
        }
    }

    /// "*Killed* in the blast *were* four policemen and a boy".
    fn inverted(&mut self, at: usize, outcome: Outcome) -> bool {
        let after = at + self.scan.span(at);
        let limit = self.sentence.end.min(at + 16);
        let stops = |i: &usize| self.scan.is_any(*i, VERBS) || self.scan.is_word(*i, &[",", ";"]);
        let mut words = (after..limit).take_while(|i| !stops(i));
        let Some(be) = words.find(|i| self.scan.is_word(*i, &["were", "was"])) else {
            return false;
        };
        let Some(first) = self.group_from(be + 1).filter(|g| !self.used[*g]) else { return false };
        if self.governed_by_next(first) {
            return false;
        }
        let stance = self.stance(at);
        self.take(first, be, outcome, "inverted", stance);
        true
    }

    /// Whether a form of "be" governs the participle.
    pub(super) fn passive_before(&self, at: usize) -> bool {
        let mut i = at;
        while i > self.sentence.start {
            let head = self.scan.head(i - 1);
            if self.scan.is(head, Class::Be) {
                return true;
            }
            // "was attacked and killed": the verb before shares its helper.
            let joined = i == at && self.scan.is_word(head, &["and"]) && head > self.sentence.start;
            let before = self.scan.head(head.saturating_sub(1));
            if joined && self.scan.is_any(before, &[Class::Deed, Class::KillEd, Class::AbductEd]) {
                i = before;
                continue;
            }
            let manner = is_manner(self.scan, head);
            if !manner && !self.scan.is_any(head, &[Class::Adverb, Class::Negation, Class::Have]) {
                return false;
            }
            i = head;
        }
        false
    }

    /// The group right behind the trigger, with all that is joined to it.
    pub(super) fn object(&mut self, at: usize, outcome: Outcome, rule: &'static str) -> bool {
        let after = at + self.scan.span(at);
        let (start, second) = self.object_start(after, outcome);
        let start = self.past_things(start);
        if self.own_death(at, after, outcome) {
            return true;
        }
        let either = (after..start).any(|i| self.scan.is_word(i, &["or"]));
        let undivided = second.is_some_and(|o| either || are_harms(o, outcome));
        if self.scan.is_word(start, &["him", "her", "them"]) && self.same_people(at, outcome) {
            return true;
        }
        if self.scan.is_word(start, &["him", "her"]) && self.pronoun(at, start, outcome) {
            return true;
        }
        if self.scan.is_word(start, &["them"]) {
            return self.subject(at, outcome, "them") || self.them_both(at, start, outcome);
        }
        let Some(first) = self.group_from(start) else {
            return self.counted_before(at, start, outcome);
        };
        // "burned three men to death" is told by its end.
        if self.scan.is(self.groups[first].tokens.end, Class::Dead) {
            return false;
        }
        let captured = self.captured(first, outcome);
        if self.used[first] || self.governed_by_next(first) && !undivided && captured.is_none() {
            return false;
        }
        let second = second.or(captured);
        let start = captured.map_or(start, |_| self.groups[first].tokens.end + 1);
        let stance = if undivided { Stance::Undivided } else { self.stance(at) };
        self.take(first, at, outcome, rule, stance);
        if let (Some(second), false) = (second, undivided) {
            self.twin(second, start);
        }
        true
    }

    /// "attacked the car of a judge and his guard, killing *them both*".
    fn them_both(&mut self, at: usize, start: usize, outcome: Outcome) -> bool {
        if !self.scan.is_word(start + 1, &["both"]) {
            return false;
        }
        let both = Group::of(start..start + 2, start + 1..start + 2, Count::exactly(2));
        let trigger = at..at + self.scan.span(at);
        let stance = self.stance(at);
        self.found.push(Mention::plain(outcome, vec![both], trigger, stance, "them"));
        true
    }

    /// "abducted and killed": told of the same people under both outcomes.
    pub(super) fn twin(&mut self, outcome: Outcome, end: usize) {
        self.done = end;
        let companions = self.companions_behind(&(end..end));
        if let Some(mention) = self.found.last_mut() {
            mention.groups.extend(companions);
            let twin = Mention { outcome, ..mention.clone() };
            self.found.push(twin);
        }
    }

    /// "killed two journalists *kidnapped* last year": told under both outcomes.
    fn captured(&self, group: usize, outcome: Outcome) -> Option<Outcome> {
        let verb = self.groups[group].tokens.end;
        let seized = self.scan.is(verb, Class::AbductEd) && outcome == Outcome::Killed;
        seized.then_some(Outcome::Abducted)
    }

    /// "killed *40 sheep and* a herder": the people behind the beasts and goods.
    fn past_things(&self, start: usize) -> usize {
        let thing = quantity::read(self.scan, start, self.sentence.end)
            .map(|q| Phrase::read(self.scan, q.tokens.end, self.sentence.end))
            .filter(|p| p.thing && self.group_from(start).is_none());
        let Some(phrase) = thing else { return start };
        let and = (phrase.end..self.sentence.end.min(phrase.end + 5))
            .find(|i| self.scan.is_word(*i, &["and"]) && self.group_from(*i + 1).is_some());
        and.filter(|i| !(start..*i).any(|t| self.scan.is_any(t, &[Class::Be, Class::Leave])))
            .filter(|i| self.group_from(*i + 1).is_some_and(|g| !self.governed_by_next(g)))
            .map_or(start, |i| i + 1)
    }

    /// "killing him and two guards": one more, told of before.
    fn pronoun(&mut self, at: usize, start: usize, outcome: Outcome) -> bool {
        let end = start + 1;
        let others = self.joined_to(end);
        // "They shot him dead" alone mostly tells of somebody told of before.
        if others.is_empty() {
            self.pronoun_object(at, start, outcome);
            return true;
        }
        let trigger = at..at + self.scan.span(at);
        let mut groups = vec![one::person(self.scan, start..end)];
        groups.extend(others);
        let stance = self.stance(at);
        self.found.push(Mention::plain(outcome, groups, trigger, stance, "pronoun"));
        true
    }

    /// Where the object would begin: past adverbs, and past a second verb joined
    /// to this one ("killed and wounded 40": undivided).
    pub(super) fn object_start(&self, mut at: usize, outcome: Outcome) -> (usize, Option<Outcome>) {
        let mut joined = None;
        loop {
            let joins = self.scan.is_word(at, &["and", "or", "/"]);
            let verb = self.past_adverbs(at + 1);
            let second = self.scan.term(verb).filter(|_| joins).and_then(outcome_of);
            if second.is_some_and(|o| o != outcome) {
                joined = second;
                at = verb + self.scan.span(verb);
            } else if self.is_skipped(at) {
                at += self.scan.span(at);
            } else if self.scan.is_word(at, &[":"]) {
                at += 1;
            } else if let Some(next) = self.past_day(at) {
                at = next;
            } else {
                return (at, joined);
            }
        }
    }

    /// "kidnapped *on Monday* ten people", "shot dead *late Sunday night* a judge".
    fn past_day(&self, at: usize) -> Option<usize> {
        let lead = at + (at..at + 2).take_while(|i| self.scan.is_word(*i, LEADS_TO_DAY)).count();
        weekday_number(self.scan.tokens.lower(lead))?;
        let part = &["morning", "afternoon", "evening", "night"];
        Some(lead + 1 + usize::from(self.scan.is_word(lead + 1, part)))
    }

    /// An adverb, or the "at least" of "killed at least a guard".
    fn is_skipped(&self, at: usize) -> bool {
        let article = self.scan.is_word(at + self.scan.span(at), &["a", "an"]);
        let bound = self.scan.is(at, Class::AtLeast) && article;
        let adverb = self.scan.is(at, Class::Adverb) && !self.scan.is_any(at, QUALIFIERS);
        adverb || (bound && self.group_from(at).is_none())
    }

    /// "and *later* killed".
    pub(super) fn past_adverbs(&self, mut at: usize) -> usize {
        while self.scan.is(at, Class::Adverb) && !self.scan.is_any(at, QUALIFIERS) {
            at += self.scan.span(at);
        }
        at
    }

    /// "killed, 11 wounded": the group belongs to the verb behind it.
    pub(super) fn governed_by_next(&self, group: usize) -> bool {
        let mut at = self.groups[group].tokens.end;
        while self.scan.is_any(at, &[Class::Adverb, Class::Be, Class::Have])
            && at < self.sentence.end
        {
            at += self.scan.span(at);
        }
        at < self.sentence.end
            && self.scan.is_any(
                at,
                &[
                    Class::KillEd,
                    Class::WoundEd,
                    Class::AbductEd,
                    Class::Die,
                    Class::Dead,
                    Class::WoundNoun,
                ],
            )
    }

    /// "taken 37 soldiers captive".
    pub(super) fn captive(&mut self, at: usize) {
        let before = self.groups_before(at);
        if let Some(group) = before.checked_sub(1)
            && self.groups[group].tokens.end == at
            && !self.used[group]
        {
            let stance = self.stance(at);
            self.take(self.chain_start(group), at, Outcome::Abducted, "captive", stance);
        }
    }

    /// The group before the trigger that it is said of.
    pub(super) fn subject(&mut self, at: usize, outcome: Outcome, rule: &'static str) -> bool {
        if self.named_list(at, outcome) {
            return true;
        }
        // "a couple abducted in Quetta have been killed".
        let Some(group) = self.subject_of(self.before_being(at, outcome)) else {
            return self.elided(at, outcome)
                || rule == "passive"
                    && (self.same_people(at, outcome) || self.the_many(at, outcome));
        };
        let joined = self.joined_outcome(at, outcome);
        // "were *knifed and clubbed to death*": how they died.
        let after = at + self.scan.span(at);
        let dies = |end: usize| self.scan.is_word(end - 1, &["death", "dead"]);
        let ends = joined.is_some_and(|(o, end)| match o {
            Outcome::Killed => {
                let then = self.past_adverbs(after + 1);
                let shot = self.scan.is_word(at, &["shot"]) && self.scan.is(then, Class::KillEd);
                let dead = dies(end) || self.scan.is(then, Class::Die) || shot;
                self.scan.is_word(after, &["and"]) && dead
            }
            _ => self.scan.is_word(at - 1, &["and"]) && dies(after) && end == after,
        });
        let (outcome, joined) = if ends { (Outcome::Killed, None) } else { (outcome, joined) };
        let undivided = joined.is_some_and(|(o, _)| are_harms(o, outcome));
        let stance = if undivided { Stance::Undivided } else { self.stance(at) };
        let first = self.chain_start(group);
        self.groups[first].own |= self.leaves_own(first);
        self.groups[first].of_them |= self.is_of_whom(first);
        let companion = self.companion(first, at).or_else(|| self.rank_before(first));
        self.take(first, at, outcome, rule, stance);
        if let (Some(other), Some(mention)) = (companion, self.found.last_mut()) {
            mention.groups.insert(0, other);
        }
        if let (Some((second, end)), false) = (joined, undivided) {
            self.twin(second, end);
        }
        true
    }

    /// "three workers are held *after being kidnapped*": the verb takes the subject of the
    /// clause before it.
    fn before_being(&self, at: usize, outcome: Outcome) -> usize {
        let being = outcome == Outcome::Abducted
            && at > self.sentence.start + 2
            && self.scan.is_word(at - 1, &["being"])
            && self.scan.is_word(at - 2, &["after"]);
        if being { at - 2 } else { at }
    }

    /// "five gunmen tried to storm the gate *but were killed*": the people who open the
    /// sentence, where nobody else can be meant.
    fn elided(&mut self, at: usize, outcome: Outcome) -> bool {
        let be = (self.sentence.start + 1..at)
            .rev()
            .take_while(|i| {
                self.scan.is_any(self.scan.head(*i), &[Class::Be, Class::Have, Class::Adverb])
            })
            .last();
        let joined = be.is_some_and(|be| self.scan.is_word(be - 1, &["and", "but"]));
        let opens = self.groups.first().is_some_and(|g| {
            g.tokens.start <= self.sentence.start + 2
                && g.noun == Noun::People
                && g.party == Some(Party::Militant)
                && !g.single
        });
        if !joined || !opens || self.used[0] {
            return false;
        }
        let stance = self.stance(at);
        self.take(0, at, outcome, "elided", stance);
        true
    }

    /// "were killed or wounded", "were wounded and killed".
    pub(super) fn joined_outcome(&self, at: usize, outcome: Outcome) -> Option<(Outcome, usize)> {
        let after = at + self.scan.span(at);
        let other = |i: usize| self.scan.term(i).and_then(outcome_of).filter(|o| *o != outcome);
        let verb = self.past_adverbs(after + 1);
        let end = verb + self.scan.span(verb);
        let later = self.scan.is_word(after, &["or", "and"]) && self.group_from(end).is_none();
        // "were critically wounded *and died*": dead, and no number of both.
        let dies = self.scan.is(at, Class::Die) && at > 0 && self.scan.is_word(at - 1, &["and"]);
        let earlier = !dies && at >= 2 && self.scan.is_word(at - 1, &["or", "and"]);
        let second = if later { other(verb) } else { None };
        let first = if earlier { other(self.scan.head(at - 2)) } else { None };
        second.map(|o| (o, end)).or(first.filter(|o| are_harms(*o, outcome)).map(|o| (o, after)))
    }
}

const LEADS_TO_DAY: &[&str] = &["on", "late", "early", "last"];

/// Killed and wounded: the two that one number cannot tell apart.
pub(super) fn are_harms(a: Outcome, b: Outcome) -> bool {
    a != Outcome::Abducted && b != Outcome::Abducted
}
