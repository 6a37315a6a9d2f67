//! Reads casualty clauses: which groups of a sentence were killed, wounded or
//! abducted. One rule a construction; each names itself in the evidence.

mod actions;
mod among;
mod camps;
mod companions;
mod composition;
mod former;
mod gapped;
mod idioms;
mod links;
mod losses;
mod mention;
mod names;
mod nominal;
mod numbers;
mod origins;
mod pronouns;
mod selves;
mod sides;
mod stances;
mod subjects;
mod suspects;
mod taking;
mod verbs;
mod wounds;

use std::ops::Range;

use super::event::Outcome;
use super::groups::{Group, groups};
use super::scan::Scan;
use crate::lexicon::terms::{Class, Term};
pub use gapped::{is_dated, place_behind};
use links::{Link, link};
pub use mention::{Form, Mention, Origin, Stance};
pub use sides::{side_at, strikes_on};

/// All casualty mentions of a sentence, in order of their triggers.
pub fn mentions(scan: &Scan<'_, '_>, sentence: Range<usize>) -> Vec<Mention> {
    let found = groups(scan, sentence.clone());
    let links = (0..found.len()).map(|i| link(scan, &found, i)).collect();
    let mut reader = Reader {
        scan,
        sentence,
        used: vec![false; found.len()],
        done: 0,
        groups: found,
        links,
        found: Vec::new(),
    };
    reader.read();
    reader.inherit_parties();
    reader.tell_suspects();
    reader.keep_prisoners();
    reader.add_up();
    reader.found
}

struct Reader<'s, 'l, 't> {
    scan: &'s Scan<'l, 't>,
    sentence: Range<usize>,
    groups: Vec<Group>,
    links: Vec<Link>,
    used: Vec<bool>,
    /// Tokens before it are read: a verb joined to one already taken is not read again.
    done: usize,
    found: Vec<Mention>,
}

/// The rule of wounds that a death told later takes back.
pub const STABBED: &str = "stabbed";

/// The rule of bodies that somebody found: the day is that of the finding.
pub const FOUND: &str = "found";

const VERBS: &[Class] = &[
    Class::KillEd,
    Class::KillIng,
    Class::KillPres,
    Class::Die,
    Class::Dead,
    Class::WoundEd,
    Class::WoundIng,
    Class::WoundPres,
    Class::WoundNoun,
    Class::AbductEd,
    Class::AbductIng,
    Class::AbductPres,
];

impl Reader<'_, '_, '_> {
    /// The group that begins at token `at`.
    fn group_from(&self, at: usize) -> Option<usize> {
        self.groups.binary_search_by_key(&at, |g| g.tokens.start).ok()
    }

    /// How many groups end at or before token `at`.
    fn groups_before(&self, at: usize) -> usize {
        self.groups.partition_point(|g| g.tokens.end <= at)
    }

    /// Whether a counted group covers token `at`.
    fn is_counted(&self, at: usize) -> bool {
        let group = self.groups.get(self.groups_before(at));
        group.is_some_and(|g| !g.single && g.tokens.contains(&at))
    }

    fn read(&mut self) {
        let mut at = self.sentence.start;
        while at < self.sentence.end {
            if at >= self.done {
                self.read_at(at);
            }
            at += self.scan.span(at).max(1);
        }
        self.read_outcome_nouns();
        self.shares();
        self.only_these();
        self.found.sort_by_key(|m| m.span().start);
    }

    /// Applies the rules of the term at `at`, if it is a trigger.
    fn read_at(&mut self, at: usize) {
        if self.read_action(at) {
            return;
        }
        let Some(term) = self.scan.term(at) else { return };
        if self.read_noun(at, term) {
            return;
        }
        let outcome = outcome_of(term);
        let Some(outcome) = outcome.filter(|_| !self.is_sentence(at)) else { return };
        self.read_verb(at, term, outcome);
    }

    /// Words that are the harm itself, or the number of those who came to it.
    fn read_noun(&mut self, at: usize, term: &Term) -> bool {
        if term.is_any(&[Class::Toll, Class::DeadNoun]) || self.raises_a_toll(at) {
            self.toll(at, Outcome::Killed);
        } else if term.is_any(&[Class::WoundToll, Class::WoundedNoun]) {
            self.toll(at, Outcome::Wounded);
        } else if term.is(Class::OwnDeath) {
            self.suicide(at);
        } else if term.is(Class::DeathOf) {
            self.death_of(at, Outcome::Killed);
        } else if term.is(Class::AbductOf) {
            self.death_of(at, Outcome::Abducted);
        } else if term.is(Class::Heavy) {
            self.heavy(at);
        } else if term.is(Class::AsMany) {
            self.as_many(at);
        } else if term.is(Class::Lose) {
            self.loss(at);
        } else {
            return false;
        }
        true
    }

    /// "sentenced three men *to death*": nobody is dead yet.
    fn is_sentence(&self, at: usize) -> bool {
        self.scan.is_word(at, &["to"])
            && (self.sentence.start.max(at.saturating_sub(8))..at).any(|i| {
                self.scan.is_word(i, &["sentenced", "sentences", "sentencing", "condemned"])
            })
    }

    /// "left them dead", "Dead: five policemen", "five policemen were dead".
    fn dead(&mut self, at: usize, outcome: Outcome) {
        let pronoun =
            at > self.sentence.start && self.scan.is_word(at - 1, &["him", "her", "them"]);
        if pronoun {
            // "We had them dead to rights" tells of nobody.
            let one = self.scan.is_word(at - 1, &["him", "her"]);
            if !self.same_people(at, outcome) && !self.subject(at, outcome, "dead") && one {
                self.pronoun_object(at, at - 1, outcome);
            }
        } else if self.scan.is_word(at + 1, &[":"]) {
            self.object(at, outcome, "dead");
        } else if !self.subject(at, outcome, "dead") {
            self.pronoun_subject(at, outcome);
        }
    }

    fn read_verb(&mut self, at: usize, term: &Term, outcome: Outcome) {
        if term.is_any(&[
            Class::KillIng,
            Class::WoundIng,
            Class::AbductIng,
            Class::KillPres,
            Class::WoundPres,
            Class::AbductPres,
        ]) {
            // What is blown up without a number is a thing more often than a person.
            let counted = self.object(at, outcome, "active") || self.fronted(at, outcome);
            if !counted && !self.scan.is_word(at, &["blew"]) {
                self.named(at, outcome, false);
            }
        } else if self.scan.is_word(at, &["fell"]) && self.scan.span(at) == 1 {
            self.fell(at);
        } else if outcome == Outcome::Wounded
            && (self.dies_behind(at) || self.scan.is(at + self.scan.span(at), Class::Body))
        {
            // "who were in hospital have died": counted once, among the dead.
        } else if term.is_any(&[Class::Die, Class::WoundNoun]) {
            let told = self.subject(at, outcome, "dying") || self.ranks(at, outcome);
            if !told && !self.succumbs_later(at, outcome) {
                self.pronoun_subject(at, outcome);
            }
        } else if term.is(Class::Dead) {
            self.dead(at, outcome);
        } else if term.is(Class::Capture) {
            self.capture(at);
        } else if term.is(Class::Captive) {
            self.captive(at);
        } else if outcome == Outcome::Wounded && self.scan.is_word(at, &["stabbed", "knifed"]) {
            self.stabbed(at);
        } else {
            self.participle(at, outcome);
        }
    }

    /// Whether the clause goes straight on to their death.
    pub(super) fn dies_behind(&self, at: usize) -> bool {
        let mut verb = at + self.scan.span(at);
        // "were critically wounded *and died* on the way".
        if self.scan.is_word(verb, &["and"]) {
            return self.scan.is(self.past_adverbs(verb + 1), Class::Die);
        }
        while self.scan.is_any(verb, &[Class::Have, Class::Be, Class::Adverb]) {
            verb += self.scan.span(verb);
        }
        verb > at + self.scan.span(at) && self.scan.is(verb, Class::Die)
    }

    /// "two soldiers were *stabbed*": wounded, as long as nothing tells of their death.
    fn stabbed(&mut self, at: usize) {
        let deadly = |i: usize| self.scan.term(i).and_then(outcome_of) == Some(Outcome::Killed);
        // "… *while* a guard was stabbed in Jeddah": another clause, another man.
        let border = |i: &usize| self.scan.is_word(*i, &["while", ";", "whereas"]);
        let start = (self.sentence.start..at).rev().find(border).unwrap_or(self.sentence.start);
        let end = (at..self.sentence.end).find(border).unwrap_or(self.sentence.end);
        if (start..end).any(deadly) {
            return;
        }
        let known = self.found.len();
        self.participle(at, Outcome::Wounded);
        for mention in &mut self.found[known..] {
            mention.rule = STABBED;
            mention.form = Form::Weak;
        }
    }
}

fn outcome_of(term: &Term) -> Option<Outcome> {
    if term.is_any(&[Class::KillEd, Class::KillIng, Class::KillPres, Class::Die, Class::Dead]) {
        Some(Outcome::Killed)
    } else if term.is_any(&[Class::WoundEd, Class::WoundIng, Class::WoundPres, Class::WoundNoun]) {
        Some(Outcome::Wounded)
    } else if term.is_any(&[
        Class::AbductEd,
        Class::AbductIng,
        Class::AbductPres,
        Class::Captive,
        Class::Capture,
    ]) {
        Some(Outcome::Abducted)
    } else {
        None
    }
}

const QUALIFIERS: &[Class] =
    &[Class::AtLeast, Class::About, Class::MoreThan, Class::UpTo, Class::ExactMark, Class::Vague];
