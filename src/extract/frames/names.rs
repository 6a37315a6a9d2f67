//! People whom nobody counts but their names: "Judge Karimi was shot dead", "Karim, Wali
//! and their cousin were killed", and who is joined to them.

use super::Reader;
use super::VERBS;
use super::links::Link;
use super::mention::Mention;
use super::verbs::are_harms;
use crate::article::zones::Zone;
use crate::extract::event::{Count, Outcome};
use crate::extract::groups::{Group, Noun};
use crate::extract::nouns::is_plainly_plural;
use crate::extract::one;
use crate::extract::phrase::Phrase;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;

impl Reader<'_, '_, '_> {
    /// "Karim, Wali and their cousin were killed": nobody counts them but the list.
    pub(super) fn named_list(&mut self, at: usize, outcome: Outcome) -> bool {
        let be = (self.sentence.start..at)
            .rev()
            .take(4)
            .find(|i| self.scan.is_word(*i, &["were", "are", "have"]));
        let Some(group) = be.and_then(|be| one::list(self.scan, self.sentence.start, be)) else {
            return false;
        };
        let inside = self.groups.iter().map(|g| group.tokens.contains(&g.tokens.start));
        let used: Vec<bool> = inside.collect();
        if self.used.iter().zip(&used).any(|(old, new)| *old && *new) {
            return false;
        }
        self.used.iter_mut().zip(used).for_each(|(old, new)| *old |= new);
        let stance = self.stance(at);
        let trigger = at..at + self.scan.span(at);
        self.found.push(Mention::plain(outcome, vec![group], trigger, stance, "names"));
        true
    }

    /// "*Captain Karim Wali, 25, and Sepoy Nur Agha, 36,* embraced martyrdom": ranks and
    /// names, and a verb that needs no helper.
    pub(super) fn ranks(&mut self, at: usize, outcome: Outcome) -> bool {
        let Some(group) = one::ranks(self.scan, self.sentence.start, at) else { return false };
        let trigger = at..at + self.scan.span(at);
        let stance = self.stance(at);
        self.found.push(Mention::plain(outcome, vec![group], trigger, stance, "names"));
        true
    }

    fn is_headline(&self) -> bool {
        let sentences = &self.scan.sentences;
        let this = sentences.partition_point(|s| s.tokens.start < self.sentence.start);
        sentences.get(this).is_some_and(|s| s.zone == Zone::Title)
    }

    /// "*Soldiers* were killed when their patrol was ambushed": some, right at the head of
    /// the sentence or of what somebody said.
    pub(super) fn some(&mut self, at: usize, outcome: Outcome) -> bool {
        let be = |i: usize| {
            self.scan.is_any(self.scan.head(i), &[Class::Be, Class::Have, Class::Adverb])
        };
        let helper = (self.sentence.start..at).rev().take_while(|i| be(*i)).last();
        // "Chinese workers kidnapped, …": headlines leave the helper out.
        let Some(be) = helper.or(self.is_headline().then_some(at)) else {
            return false;
        };
        let start = self.sentence.start.max(be.saturating_sub(4));
        let opens =
            |i: &usize| *i == self.sentence.start || self.scan.is_word(*i - 1, &["that", "said"]);
        let Some(first) = (start..be).rev().find(opens) else { return false };
        let phrase = Phrase::read(self.scan, first, be);
        let plural = phrase.head.is_some_and(|h| is_plainly_plural(self.scan, h));
        let people = phrase.noun == Noun::People && phrase.end == be && !phrase.thing && plural;
        // "Civilians *had been* killed in the past": of no day.
        let before = self.scan.is_word(be, &["are", "had"]);
        if !people || before {
            return false;
        }
        let group = Group {
            party: phrase.party(),
            noun: Noun::People,
            vague: true,
            ..Group::of(first..be, first..be, Count::at_least(1))
        };
        let stance = self.stance(at);
        let trigger = at..at + self.scan.span(at);
        self.found.push(Mention::plain(outcome, vec![group], trigger, stance, "some"));
        true
    }

    /// One person without a number: "Judge Karimi was shot dead".
    pub(super) fn named(&mut self, at: usize, outcome: Outcome, passive: bool) {
        let found = if passive {
            one::subject(self.scan, self.sentence.start, at)
        } else {
            one::object(self.scan, at, self.sentence.end)
        };
        // "I was killed out there": whoever says so lives.
        let speaks = |g: &Group| self.scan.is_word(g.tokens.end - 1, &["i", "i'm"]);
        if found.as_ref().is_some_and(speaks) {
            return;
        }
        let Some(group) = found else {
            if passive {
                self.pronoun_subject(at, outcome);
            }
            return;
        };
        let trigger = at..at + self.scan.span(at);
        let stance = self.stance(at);
        let mut group = group;
        let end = group.tokens.end;
        one::by_apposition(self.scan, &mut group, end, self.sentence.end);
        let mut groups = vec![group];
        self.ranks_behind(&mut groups[0]);
        let closed = self.past_apposition(groups[0].tokens.end);
        groups.extend(self.joined_to(groups[0].tokens.end));
        if groups.len() == 1 && closed > groups[0].tokens.end {
            groups.extend(self.joined_to(closed));
        }
        let told = closed.max(trigger.end);
        groups.extend(self.companions_behind(&(told..told)));
        self.found.push(Mention::plain(outcome, groups, trigger, stance, "one person"));
        let joined = self.joined_outcome(at, outcome).filter(|(o, _)| !are_harms(*o, outcome));
        if let Some((second, end)) = joined {
            self.twin(second, end);
        }
    }

    /// "killed Lieutenant Karim Wali*, Sergeant Nur Agha and Private Ali Khan*": as many
    /// as there are ranks with names.
    fn ranks_behind(&self, first: &mut Group) {
        let mut end = first.tokens.end;
        let mut more = 0;
        while self.scan.is_word(end, &[",", "and"]) {
            let joins = if self.scan.is_word(end + 1, &["and"]) { 2 } else { 1 };
            let Some(next) = one::ranked(self.scan, end + joins, self.sentence.end) else { break };
            // A rank and a name with a verb behind them are another clause.
            if next < self.sentence.end && !self.scan.is_word(next, BEHIND_NAMES) {
                break;
            }
            end = next;
            more += 1;
        }
        first.count = Count::exactly(1 + more);
        first.tokens.end = end;
        first.single &= more == 0;
    }

    /// "*Army Major Karim Wali and* four of his men died": the rank and name before them.
    pub(super) fn rank_before(&self, first: usize) -> Option<Group> {
        let start = self.groups[first].tokens.start;
        let and = start.checked_sub(1).filter(|i| *i > self.sentence.start)?;
        let joined = self.scan.is_word(and, &["and"]) && !self.groups[first].definite;
        let ranks = one::ranks(self.scan, self.sentence.start, and).filter(|_| joined)?;
        ranks.single.then_some(ranks)
    }

    /// "the magistrate *and his assistant* were shot": the verb is plural, so there
    /// is one more person before the "and".
    pub(super) fn companion(&self, first: usize, at: usize) -> Option<Group> {
        let group = &self.groups[first];
        let joined = group.tokens.start > self.sentence.start + 1
            && self.scan.is_word(group.tokens.start - 1, &["and"])
            && (self.scan.is_word(group.tokens.start, &["his", "her"]) || group.own);
        let before = self.sentence.start..group.tokens.start;
        let joined = joined && !before.into_iter().any(|i| self.scan.is_any(i, VERBS));
        let plural = (group.tokens.end..at).any(|i| self.scan.is_word(i, &["were", "are", "have"]));
        (joined && plural && (group.single || group.own))
            .then(|| one::person(self.scan, self.sentence.start..group.tokens.start - 1))
    }

    /// "killed Karim Khan *and two guards*": groups joined behind a name.
    pub(super) fn joined_to(&mut self, end: usize) -> Vec<Group> {
        // ", and": of a list that an apposition or an age stands in.
        let comma = self.scan.is_word(end, &[","]) && self.scan.is_word(end + 1, &["and"]);
        let end = end + usize::from(comma);
        let first = self.group_from(end + 1);
        let Some(first) = first.filter(|f| {
            self.scan.is_word(end, &["and", ","])
                && !self.used[*f]
                && !self.governed_by_next(*f)
                && !self.is_apposition(end, *f)
        }) else {
            return Vec::new();
        };
        self.take_joined(first)
    }

    /// The group and those that "and" joins to it, as far as no verb has them.
    pub(super) fn take_joined(&mut self, first: usize) -> Vec<Group> {
        let last = (first + 1..self.groups.len())
            .take_while(|i| self.links[*i] == Link::And && !self.governed_by_next(*i))
            .last()
            .unwrap_or(first);
        self.used[first..=last].fill(true);
        self.groups[first..=last].to_vec()
    }

    fn is_age_behind(&self, comma: usize) -> bool {
        self.scan.is_word(comma, &[","])
            && self.scan.is_word(comma + 2, &[","])
            && self.scan.tokens.get(comma + 1).shape == Shape::Number
    }

    /// "killed Karim Wali*, a spokesman for the force,* along with two aides": the comma
    /// that closes who he was.
    fn past_apposition(&self, comma: usize) -> usize {
        // "Karim Wali*, 43,* and 12 others".
        if self.is_age_behind(comma) {
            return comma + 2;
        }
        let opens =
            self.scan.is_word(comma, &[","]) && self.scan.is_word(comma + 1, &["a", "an", "the"]);
        let limit = self.sentence.end.min(comma + 16);
        let harm = |i: usize| self.scan.is_any(i, VERBS) || self.scan.is_word(i, &[";", "and"]);
        let close = (comma + 2..limit).take_while(|i| !harm(*i));
        let close = close.into_iter().find(|i| self.scan.is_word(*i, &[","]));
        close.filter(|_| opens).unwrap_or(comma)
    }

    /// "Karim Khan, *a candidate*, …": who he was, and nobody more.
    fn is_apposition(&self, comma: usize, group: usize) -> bool {
        let goes_on = self.links.get(group + 1).is_some_and(|l| *l == Link::And);
        self.scan.is_word(comma, &[","])
            && self.groups[group].single
            && self.scan.is_word(self.groups[group].tokens.start, &["a", "an", "the"])
            && !goes_on
    }
}

/// What may stand behind the last of those whom a list of names counts.
const BEHIND_NAMES: &[&str] =
    &[",", ".", "and", "in", "on", "at", "near", "when", "during", "as", "while", ";"];
