//! Tolls that count in a verb's own words: "the number of policemen killed rose to 12",
//! "put the number of police killed at eight".

use super::Reader;
use crate::extract::event::Outcome;
use crate::extract::phrase::Phrase;
use crate::lexicon::terms::Class;
use crate::text::words::{Lot, lot};

impl Reader<'_, '_, '_> {
    /// "*the number of villagers massacred* by Boko Haram rose to 160", "put *the number
    /// of police "martyred"* at eight": a toll in the verb's own words.
    pub(super) fn number_of_the_killed(&mut self, at: usize) -> bool {
        if !self.scan.is_word(at, NUMBER) || !self.scan.is_word(at + 1, &["of"]) {
            return false;
        }
        let limit = self.sentence.end.min(at + 7);
        let verb = (at + 2..limit).find(|i| self.scan.is(*i, Class::KillEd));
        let noun = |v: usize| v - 1 - usize::from(self.scan.is_word(v - 1, QUOTES));
        let Some(verb) = verb.filter(|v| self.scan.is(self.scan.head(noun(*v)), Class::Person))
        else {
            return false;
        };
        let rises = (verb..self.sentence.end.min(verb + 24)).any(|i| self.scan.is(i, Class::Rose));
        let told = rises || self.is_put_at(at, verb);
        let party = Phrase::read(self.scan, at + 2, verb).party();
        if told {
            self.toll(verb, Outcome::Killed);
            self.done = verb + self.scan.span(verb);
            let groups = self.found.iter_mut().rev().take(1).flat_map(|m| &mut m.groups);
            groups.for_each(|g| g.party = g.party.or(party));
        }
        told
    }

    /// "*put* the number of … killed *at* eight".
    fn is_put_at(&self, number: usize, verb: usize) -> bool {
        let puts = (number.saturating_sub(3)..number).any(|i| self.scan.is_word(i, PUTS));
        let end = verb + self.scan.span(verb);
        let end = end + usize::from(self.scan.is_word(end, QUOTES));
        puts && self.scan.is_word(end, &["at", "as"]) && self.group_from(end + 1).is_some()
    }
}

const PUTS: &[&str] = &["put", "puts", "putting", "gave", "gives", "giving", "set", "placed"];

const QUOTES: &[&str] = &["\"", "“", "”", "'", "‘", "’"];

pub(super) const NUMBER: &Lot = &lot(&["number"]);
