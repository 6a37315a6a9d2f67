//! Victims of whom the clause has a pronoun only: "gunmen shot him dead", "she was
//! wounded". They count where nobody else is counted, since a pronoun mostly points
//! at somebody counted before.

use std::ops::Range;

use super::Reader;
use super::mention::{Form, Mention, Origin};
use super::sides::side_at;
use crate::extract::event::{Count, Outcome, Party};
use crate::extract::groups::{Group, Noun};
use crate::extract::nouns::is_plural;
use crate::extract::one;
use crate::lexicon::terms::{Class, Term};

/// How far back, in tokens, a pronoun looks for the person that it stands for.
const REACH: usize = 60;

impl Reader<'_, '_, '_> {
    /// "killed *him*": the pronoun right behind the verb. Whoever shot is not the one who
    /// was shot ("before *police* shot him dead").
    pub(super) fn pronoun_object(&mut self, at: usize, pronoun: usize, outcome: Outcome) {
        let verb = if at < pronoun { at } else { pronoun - 1 };
        let killers = self.scan.head(verb.saturating_sub(1));
        let told = side_at(self.scan, killers).is_some();
        let before = if told { killers } else { pronoun };
        self.weak(at, pronoun, outcome, before);
    }

    /// "*he* was shot dead", "*she* died": the pronoun right before the verb's helpers.
    pub(super) fn pronoun_subject(&mut self, at: usize, outcome: Outcome) {
        let helper = |i: usize| {
            self.scan.is_any(self.scan.head(i), &[Class::Be, Class::Have, Class::Adverb])
                || self.scan.is_word(i, &["pronounced", "declared", "found", "shot"])
        };
        let before = (self.sentence.start..at).rev().take(5).find(|i| !helper(*i));
        if let Some(they) = before.filter(|i| self.scan.is_word(*i, &["they"])) {
            return self.they(at, they, outcome);
        }
        let pronoun = before.filter(|i| self.scan.is_word(*i, &["he", "she"]));
        if let Some(pronoun) = pronoun.filter(|_| !self.dies_of_it(outcome)) {
            self.weak(at, pronoun, outcome, pronoun);
        }
    }

    /// "Four militants stormed a base, killing two *before they* were shot dead": those who
    /// opened the sentence, as nobody else can be meant.
    fn they(&mut self, at: usize, they: usize, outcome: Outcome) {
        let until = they > self.sentence.start
            && self.scan.is_word(they - 1, &["before", "until", "but", "and"]);
        let attackers = |g: &Group| {
            g.party == Some(Party::Militant)
                && !g.single
                && g.tokens.end < they
                && g.noun == Noun::People
        };
        let first = self.groups.iter().position(attackers).filter(|_| !self.others_live(they));
        if let Some(first) = first.filter(|f| until && !self.used[*f]) {
            let stance = self.stance(at);
            return self.take(first, at, outcome, "they", stance);
        }
        self.they_all(at, they, outcome);
    }

    /// "The bombers hit none of their targets and *they were all killed*": attackers,
    /// however many, where nothing counts them.
    fn they_all(&mut self, at: usize, they: usize, outcome: Outcome) {
        let scan = self.scan;
        let people = |i: usize| scan.term(i).filter(|t| t.is(Class::Person) && is_plural(scan, i));
        let opens = they == self.sentence.start;
        let before = match opens {
            true => self.sentence_before(),
            false => they.saturating_sub(REACH / 2)..they,
        };
        let armed = |t: &Term| t.party == Some(Party::Militant);
        let told = match opens {
            true => before.clone().find_map(people),
            false => before.clone().rev().find_map(people),
        };
        let seized = before.clone().any(|i| self.scan.is_any(i, SEIZING));
        if told.is_some_and(armed) && !seized && (they..at).any(|i| scan.is_word(i, &["all"])) {
            let count = self.strength_before(they).unwrap_or(Count::at_least(1));
            let party = Some(Party::Militant);
            let group = Group { party, vague: true, ..Group::of(they..at, they..at, count) };
            let trigger = at..at + scan.span(at);
            let stance = self.stance(at);
            let mention = Mention::plain(outcome, vec![group], trigger, stance, "they");
            self.found.push(Mention { form: Form::Weak, ..mention });
        }
    }

    /// Whether the sentence tells, before `they`, of people who are no attackers and of
    /// whom no death is told.
    fn others_live(&self, they: usize) -> bool {
        let dead = |g: &Group| {
            let told = |m: &Mention| m.outcome == Outcome::Killed && m.groups.contains(g);
            self.found.iter().any(told)
        };
        let people = |g: &&Group| g.tokens.end <= they && g.noun == Noun::People;
        let others = |g: &Group| g.party != Some(Party::Militant) && !dead(g);
        self.groups.iter().filter(people).any(others)
    }

    /// The tokens of the sentence before this one.
    fn sentence_before(&self) -> Range<usize> {
        let sentences = &self.scan.sentences;
        let this = sentences.partition_point(|s| s.tokens.start < self.sentence.start);
        this.checked_sub(1).map_or(0..0, |before| sentences[before].tokens.clone())
    }

    /// "A mayor was wounded in Manila *and later died*": whoever was wounded last.
    pub(super) fn succumbs_later(&mut self, at: usize, outcome: Outcome) -> bool {
        let helper = |i: &usize| {
            self.scan.is_any(self.scan.head(*i), &[Class::Be, Class::Have, Class::Adverb])
                || self.scan.is_word(*i, &["later", "then", "soon", "afterwards"])
        };
        let Some(joint) = (self.sentence.start..at).rev().take(5).find(|i| !helper(i)) else {
            return false;
        };
        let and = self.scan.is_word(joint, &["and", "but"]);
        let later = |g: &Group| g.tokens.start < joint && g.noun == Noun::People && !g.definite;
        let (scan, groups) = (self.scan, &self.groups);
        let Some(mention) = self.found.last_mut() else { return false };
        let end = mention.trigger.end;
        // "Two soldiers *wounded in a blast* on Sunday died".
        let reduced = mention.groups.last().is_some_and(|g| {
            g.tokens.end == mention.trigger.start || scan.is_word(g.tokens.end, &["who"])
        });
        let part = |i: usize| scan.is_word(i, PARTS);
        if !and && (!reduced || (end..at).any(part)) {
            return false;
        }
        let alone =
            mention.groups.len() == 1 && !groups.iter().any(|g| g.tokens.start >= end && later(g));
        let dies = alone
            && outcome == Outcome::Killed
            && mention.outcome == Outcome::Wounded
            && end <= joint + usize::from(!and);
        if dies {
            mention.outcome = Outcome::Killed;
            if !and {
                mention.origin = Origin::Wounded;
            }
        }
        dies
    }

    /// "A sergeant was wounded and taken to hospital, where *he died*": the one wounded of
    /// the sentence is its one dead.
    fn dies_of_it(&mut self, outcome: Outcome) -> bool {
        let [mention] = &mut self.found[..] else { return false };
        let one = mention.groups.len() == 1 && mention.groups[0].single;
        let dies = one && mention.outcome == Outcome::Wounded && outcome == Outcome::Killed;
        if dies {
            mention.outcome = Outcome::Killed;
        }
        dies
    }

    /// `before`: where the person that the pronoun stands for is looked for, backwards.
    fn weak(&mut self, at: usize, pronoun: usize, outcome: Outcome, before: usize) {
        let mut group = one::person(self.scan, pronoun..pronoun + 1);
        group.party = self.antecedent(before);
        let trigger = at..at + self.scan.span(at);
        let stance = self.stance(at);
        let mention = Mention::plain(outcome, vec![group], trigger, stance, "pronoun");
        let dies = outcome == Outcome::Killed && self.of_wounds(&mention.trigger);
        let origin = if dies { Origin::Wounded } else { Origin::Untold };
        self.found.push(Mention { form: Form::Weak, origin, ..mention });
    }

    /// The party of the last single person named before the pronoun.
    fn antecedent(&self, pronoun: usize) -> Option<Party> {
        let back: Range<usize> = pronoun.saturating_sub(REACH)..pronoun;
        let person = |i: usize| {
            let one = |t: &&Term| t.is(Class::Person) && !is_plural(self.scan, i);
            self.scan.term(i).filter(one).map(|t| t.party)
        };
        if self.attacks(back.clone()) {
            return Some(Party::Militant);
        }
        back.rev().find_map(person).flatten().or(Some(Party::Unknown))
    }

    /// "A man *opened fire* on shoppers and he was shot dead": whoever attacked alone.
    fn attacks(&self, back: Range<usize>) -> bool {
        back.clone().any(|i| {
            let noun = self.scan.is_word(i, &["man", "woman", "driver", "teenager", "youth"])
                && i > 0
                && (i.saturating_sub(4)..i).any(|t| self.scan.is_word(t, &["a", "an", "the"]));
            let deed =
                |t: usize| self.scan.is_word(t, ATTACKING) || self.scan.is_word(t, &["opened"]);
            let passive = |t: usize| self.scan.is(t - 1, Class::Be);
            noun && (i + 1..back.end.min(i + 9)).any(|t| deed(t) && !passive(t))
        })
    }
}

/// Words that open another clause.
const PARTS: &[&str] = &["who", "which", "that", "when", "where", "after", "while", ";", "as"];

/// What a lone attacker does.
const ATTACKING: &[&str] =
    &["attacked", "stabbed", "rammed", "shot", "killed", "fired", "detonated"];

/// Verbs whose object "they" may be as well.
const SEIZING: &[Class] =
    &[Class::AbductEd, Class::AbductIng, Class::AbductPres, Class::Captive, Class::Capture];
