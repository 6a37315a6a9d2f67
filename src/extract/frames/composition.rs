//! Sentences that say who those counted before were: "six of the dead were soldiers
//! *and two civilians*", "*six were soldiers*", "*they were* six soldiers and two
//! drivers", "*all the victims* were civilians", "*the rest* were villagers". They add
//! nobody.

use super::Reader;
use super::among::{BE, DEAD};
use super::mention::{Form, Mention, Stance};
use crate::extract::event::{Count, Outcome, Party};
use crate::extract::groups::{Group, Noun, predicate};
use crate::extract::phrase::Phrase;
use crate::extract::quantity;
use crate::lexicon::terms::Class;

/// A clause about people counted before: where their words end, of which outcome they
/// are where it says so, and how many they are where it says so.
struct Those {
    end: usize,
    outcome: Option<Outcome>,
    count: Count,
    form: Form,
}

impl Reader<'_, '_, '_> {
    /// Reads the compositions told at `at`.
    pub(super) fn composition(&mut self, at: usize) {
        if let Some(those) = self.those(at) {
            self.tell_those(at, those);
        } else if (self.opens_clause(at) || self.opens_speech(at))
            && let Some(first) = self.group_from(at)
            && self.groups[first].noun == Noun::None
            && !self.groups[first].of_them
            && let Some((_, party)) = self.whose(first)
        {
            // "Six were soldiers and two were civilians."
            self.groups[first].party = Some(party);
            self.share_with_followers(vec![first], at, None);
        }
    }

    /// "they were *six soldiers and two drivers*", "all the victims were *civilians*".
    fn tell_those(&mut self, at: usize, those: Those) {
        let noun = self.past_helpers(those.end);
        if let Some(first) = self.group_from(noun).filter(|_| those.form == Form::Whole) {
            let fits = self.whose(first).is_some_and(|(_, p)| p != Party::Militant);
            if fits && !self.governed_by_next(first) {
                self.share_with_followers(vec![first], at, those.outcome);
            }
            return;
        }
        let phrase = Phrase::read(self.scan, noun, self.sentence.end);
        let party = phrase.party().filter(|p| *p != Party::Unknown);
        // "They were three gunmen on motorbikes" tells of the attackers.
        let foe =
            party == Some(Party::Militant) && those.outcome.is_none() && those.form != Form::Rest;
        let owner = self.scan.is_word(phrase.end, &["'s", "’s", "'", "’"]);
        let people = phrase.noun == Noun::People && !phrase.thing && !phrase.kin;
        if party.is_none() || !people || foe || owner {
            return;
        }
        let known = self.found.iter().rev().find(|m| m.trigger.start < at).map(|m| m.outcome);
        let outcome = those.outcome.or(known);
        let group = Group {
            party,
            noun: Noun::People,
            ..Group::of(at..phrase.end, at..those.end, those.count)
        };
        let told = outcome.unwrap_or(Outcome::Killed);
        let mention = Mention::plain(told, vec![group], at..at + 1, Stance::Told, "who they were");
        self.found.push(Mention { form: those.form, ..mention });
    }

    /// The people counted before of whom the clause at `at` speaks.
    fn those(&self, at: usize) -> Option<Those> {
        let scan = self.scan;
        if !scan.is_word(at, &["all", "the", "those", "they", "these"]) {
            return None;
        }
        let all = scan.is_word(at, &["all"]);
        let the = at + if all { 1 + usize::from(scan.is_word(at + 1, &["of"])) } else { 0 };
        let article = scan.is_word(the, &["the", "those"]);
        let opens = self.opens_clause(at);
        if let Some(others) = self.the_others(the).filter(|_| article) {
            return Some(others);
        }
        let dead = self.harm_named(the + 1).filter(|_| article);
        let found = match dead {
            Some(outcome) => Some((the + 2, Some(outcome), Count::at_least(1))),
            None if opens && (all || scan.is_word(at, &["they", "these"])) => {
                Some((at + 1, None, Count::at_least(1)))
            }
            None => None,
        };
        let numbered = || {
            if !(opens && (all || scan.is_word(at, &["the"]))) {
                return None;
            }
            let number = quantity::read(scan, at + 1, self.sentence.end)?;
            (!number.vague).then_some((number.tokens.end, None, number.count))
        };
        let told = |end: usize| scan.is_word(end, BE) || all && scan.is_word(end, &[","]);
        let found = found.filter(|f| told(f.0)).or_else(|| numbered().filter(|f| told(f.0)));
        found.map(|(end, outcome, count)| Those { end, outcome, count, form: Form::Whole })
    }

    /// "*the rest*", "*the other victims*".
    fn the_others(&self, the: usize) -> Option<Those> {
        let scan = self.scan;
        let other = scan.is_word(the + 1, &["other", "remaining"]);
        let noun = the + 1 + usize::from(other);
        let named = scan.is_word(noun, if other { DEAD } else { &["rest", "others"] });
        let form = Form::Rest;
        named.then(|| Those { end: noun + 1, outcome: None, count: Count::at_least(1), form })
    }

    /// Whether a clause may begin at `at`.
    fn opens_clause(&self, at: usize) -> bool {
        at == self.sentence.start || self.scan.is_word(at - 1, &[":", ";", "–", "—", "\"", "“"])
    }

    /// "The army said *(that) 17 were rebels*": what somebody says begins at `at`.
    fn opens_speech(&self, at: usize) -> bool {
        let before = |i: usize| i.checked_sub(1).filter(|b| *b >= self.sentence.start);
        let that = before(at).filter(|b| self.scan.is_word(*b, &["that"]));
        let said = before(that.unwrap_or(at));
        said.is_some_and(|s| self.scan.is(self.scan.head(s), Class::Said))
    }

    /// Past "were all", "are believed to be", ", all".
    fn past_helpers(&self, at: usize) -> usize {
        let skips = |i: &usize| self.scan.is_word(*i, BE) || self.scan.is_word(*i, HELPERS);
        at + (at..at + 5).take_while(skips).count()
    }

    /// A share of those told before, and what the clause goes on with.
    pub(super) fn share_with_followers(
        &mut self,
        mut sharers: Vec<usize>,
        at: usize,
        outcome: Option<Outcome>,
    ) {
        let followers = sharers.last().map_or(vec![], |last| self.followers(*last));
        sharers.extend(followers);
        sharers.iter().for_each(|i| self.used[*i] = true);
        let mut groups: Vec<Group> = sharers.iter().map(|i| self.groups[*i].clone()).collect();
        groups.iter_mut().for_each(|g| g.of_them = true);
        let form = if outcome.is_some() { Form::Share } else { Form::ShareOfTold };
        self.attach_share(groups, at, outcome, form);
    }

    /// "six were soldiers *and two civilians*", "six soldiers, *one was a guard*".
    fn followers(&mut self, last: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut end = self.whose(last).map_or(self.groups[last].tokens.end, |(end, _)| end);
        while end < self.sentence.end {
            let joins = (end..end + 2).take_while(|i| self.scan.is_word(*i, &[",", "and"])).count();
            let next = self.group_from(end + joins).filter(|g| joins > 0 && !self.used[*g]);
            let Some((group, (after, party))) = next.and_then(|g| Some((g, self.whose(g)?))) else {
                break;
            };
            if self.governed_by_next(group) || self.groups[group].definite {
                break;
            }
            self.groups[group].party = Some(party);
            found.push(group);
            end = after;
        }
        found
    }

    /// Whose people a group is by its noun or by what is said of it; where that ends.
    fn whose(&self, group: usize) -> Option<(usize, Party)> {
        let (scan, found) = (self.scan, &self.groups[group]);
        let told = |p: &Party| *p != Party::Unknown;
        if found.noun == Noun::People {
            return Some((found.tokens.end, found.party.filter(told)?));
        }
        let article = |i: usize| i + usize::from(scan.is_word(i, &["a", "an"]));
        let noun = |i: usize| {
            let phrase = Phrase::read(scan, article(i), self.sentence.end);
            (phrase.noun == Noun::People && !phrase.thing).then(|| (phrase.end, phrase.party()))
        };
        let end = found.tokens.end;
        let verb = scan.is_word(end, BE);
        let read = predicate(scan, end, self.sentence.end)
            .or_else(|| if verb { noun(end + 1) } else { noun(end) });
        let (end, party) = read?;
        Some((end, party.filter(told)?))
    }
}

const HELPERS: &[&str] = &["all", ",", "believed", "thought", "said", "to", "be"];
