//! Shares of the harmed told in a clause of their own: "17 soldiers were among the
//! dead", "they included two priests", "nine of the victims were police". They add
//! nobody; they say who some of those counted before were.

use super::links::Link;
use super::mention::{Form, Mention, Stance};
use super::{Reader, VERBS};
use crate::extract::event::{Outcome, Party};
use crate::extract::groups::{Group, predicate};
use crate::lexicon::terms::Class;

/// Of whom a share is told.
#[derive(Clone, Copy)]
enum Whole {
    Named(Outcome),
    /// "them", "they": of those whom the sentence before counts.
    Told,
}

impl Reader<'_, '_, '_> {
    pub(super) fn shares(&mut self) {
        let mut at = self.sentence.start;
        while at < self.sentence.end {
            let share = self.whole(at).and_then(|(whole, end)| {
                Some((whole, self.sharers_behind(end).or_else(|| self.sharers_before(at))?))
            });
            let read = self.included(at).or(share).or_else(|| self.of_the_harmed(at));
            if let Some((whole, sharers)) = read {
                self.tell_share(whole, at, sharers);
            }
            self.composition(at);
            at += self.scan.span(at).max(1);
        }
    }

    fn tell_share(&mut self, whole: Whole, at: usize, sharers: Vec<usize>) {
        let outcome = match whole {
            Whole::Named(outcome) => Some(outcome),
            Whole::Told => None,
        };
        self.share_with_followers(sharers, at, outcome);
    }

    /// A part of what the sentence counted before ("58 died, and 17 of them were
    /// soldiers"), else of what an earlier one did.
    pub(super) fn attach_share(
        &mut self,
        groups: Vec<Group>,
        at: usize,
        outcome: Option<Outcome>,
        form: Form,
    ) {
        let same = |m: &&mut Mention| {
            outcome.is_none_or(|o| m.outcome == o) && m.trigger.start < at && !m.form.is_share()
        };
        if let Some(mention) = self.found.iter_mut().rev().find(same) {
            mention.parts.extend(groups);
            return;
        }
        let outcome = outcome.unwrap_or(Outcome::Killed);
        let mention = Mention::plain(outcome, groups, at..at + 1, Stance::Told, "share");
        self.found.push(Mention { form, ..mention });
    }

    /// "among the dead", "among those killed", "among them" at `at`; where it ends.
    fn whole(&self, at: usize) -> Option<(Whole, usize)> {
        let scan = self.scan;
        let copula = usize::from(scan.is(at, Class::Be) || scan.is_word(at, BE));
        let among = at + copula;
        if !scan.is_word(among, &["among", "amongst"]) {
            return None;
        }
        self.the_harmed(among + 1)
    }

    /// "the dead", "the 12 victims", "those killed", "them" at `at`; where they end.
    fn the_harmed(&self, at: usize) -> Option<(Whole, usize)> {
        let scan = self.scan;
        if scan.is_word(at, &["them", "they"]) {
            return Some((Whole::Told, at + 1));
        }
        if !scan.is_word(at, &["the", "those"]) {
            return None;
        }
        let skips = |i: &usize| scan.is_word(*i, &["who", "were", "was", "died"]);
        let counted = usize::from(self.is_counted(at + 1) && scan.tokens.get(at + 1).capital);
        let noun = at + 1 + counted;
        let noun = noun + (noun..noun + 2).take_while(skips).count();
        let outcome = self.harm_named(noun)?;
        // "the dead victims".
        let twice = usize::from(scan.is_word(noun + 1, DEAD));
        Some((Whole::Named(outcome), noun + 1 + twice))
    }

    /// "the *dead*", "the *wounded*": what became of those whom the noun names.
    pub(super) fn harm_named(&self, noun: usize) -> Option<Outcome> {
        if self.scan.is_word(noun, DEAD) {
            Some(Outcome::Killed)
        } else if self.scan.is_word(noun, HURT) {
            Some(Outcome::Wounded)
        } else {
            None
        }
    }

    /// "Among the dead were *two priests and a nun*".
    fn sharers_behind(&self, end: usize) -> Option<Vec<usize>> {
        let scan = self.scan;
        let be = end + usize::from(scan.is_word(end, &[","]));
        // "among those injured *in the blast in Lima* were two clerks".
        let stops = |i: &usize| scan.is_any(*i, VERBS) || scan.is_word(*i, &[",", ";"]);
        let near = if scan.is_word(end, &["in", "by", "on", "when"]) { 12 } else { 1 };
        let mut words = (be..self.sentence.end.min(be + near)).take_while(|i| !stops(i));
        let be = words.find(|i| scan.is_word(*i, BE))?;
        let skips = |i: &usize| scan.is(*i, Class::Adverb) || scan.is_word(*i, &["also"]);
        let at = be + 1 + (be + 1..be + 3).take_while(skips).count();
        self.joined_from(self.group_from(at)?)
    }

    /// "*Seventeen soldiers and two priests* were among the dead".
    fn sharers_before(&self, at: usize) -> Option<Vec<usize>> {
        let scan = self.scan;
        let links = |i: &usize| {
            scan.is_any(*i, &[Class::Be, Class::Adverb, Class::Have]) || scan.is_word(*i, BE)
        };
        let gap = (self.sentence.start..at).rev().take_while(links).count();
        let copula = gap > 0 || scan.is_word(at, BE);
        let last = self.groups_before(at - gap).checked_sub(1)?;
        if !copula || self.used[last] || self.groups[last].tokens.end + 4 < at - gap {
            return None;
        }
        let (mut first, mut all) = (last, vec![last]);
        while first > 0 && self.links[first] != Link::None && !self.used[first - 1] {
            // "three officers, including a woman, were among the dead": the three.
            if self.links[first] == Link::Including {
                all.clear();
            }
            first -= 1;
            all.insert(0, first);
        }
        Some(all)
    }

    /// "They included 17 soldiers", "the victims include two nuns".
    fn included(&self, at: usize) -> Option<(Whole, Vec<usize>)> {
        let scan = self.scan;
        if at == self.sentence.start || !scan.is_word(at, &["included", "include"]) {
            return None;
        }
        let from = self.sentence.start.max(at.saturating_sub(14));
        let plain = |t: usize| !scan.is_any(t, VERBS) && !scan.is_word(t, &[";", "and", "who"]);
        let whole = (from..at).rev().find_map(|i| {
            let (whole, end) = self.the_harmed(i)?;
            (end..at).all(plain).then_some(whole)
        })?;
        Some((whole, self.joined_from(self.group_from(at + 1)?)?))
    }

    /// "Nine of the victims were police", "of the dead, nine were police".
    fn of_the_harmed(&mut self, at: usize) -> Option<(Whole, Vec<usize>)> {
        let scan = self.scan;
        if !scan.is_word(at, &["of"]) {
            return None;
        }
        let (whole, end) = self.the_harmed(at + 1)?;
        let before = self.groups.iter().position(|g| g.tokens.contains(&at) || g.tokens.end == at);
        if let Some(group) = before.filter(|g| !self.used[*g]) {
            let told = self.groups[group].party.is_some_and(|p| p != Party::Unknown);
            return told.then(|| (whole, vec![group]));
        }
        let group = self.group_from(end + usize::from(scan.is_word(end, &[","])))?;
        let (_, party) = predicate(scan, self.groups[group].tokens.end, self.sentence.end)?;
        self.groups[group].party = self.groups[group].party.or(party);
        (!self.used[group] && party.is_some()).then(|| (whole, vec![group]))
    }

    /// The group and those joined to it behind, as far as none is taken.
    fn joined_from(&self, first: usize) -> Option<Vec<usize>> {
        let last = (first + 1..self.groups.len())
            .take_while(|i| self.links[*i] == Link::And && !self.used[*i])
            .last()
            .unwrap_or(first);
        (!self.used[first]).then(|| (first..=last).collect())
    }
}

pub(super) const BE: &[&str] = &["was", "were", "is", "are"];

pub(super) const DEAD: &[&str] =
    &["dead", "killed", "slain", "victims", "fatalities", "casualties", "deceased", "died"];

const HURT: &[&str] = &["wounded", "injured", "hurt", "hospitalised", "hospitalized"];
