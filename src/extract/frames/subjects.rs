//! Finds the group that a passive or a dying verb is said of.

use std::ops::Range;

use super::links::Link;
use super::{Reader, VERBS};
use crate::extract::groups::{Group, Noun};
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

impl Reader<'_, '_, '_> {
    pub(super) fn subject_of(&self, at: usize) -> Option<usize> {
        if self.is_pronoun_before(at) {
            return None;
        }
        self.nearest_subject(at, false).or_else(|| self.nearest_subject(at, true))
    }

    /// "… and *he* died": the verb has its subject, and it is no group.
    fn is_pronoun_before(&self, at: usize) -> bool {
        let helper = |i: usize| {
            self.scan.is_any(self.scan.head(i), &[Class::Be, Class::Have, Class::Adverb])
        };
        let before = (self.sentence.start..at).rev().take(5).find(|i| !helper(*i));
        before.is_some_and(|i| self.scan.is_word(i, &["he", "she", "i", "we", "you"]))
    }

    /// The nearest group before the verb that can be its subject. `governed`: one
    /// behind a preposition will do.
    pub(super) fn nearest_subject(&self, at: usize, governed: bool) -> Option<usize> {
        for i in (0..self.groups_before(at)).rev() {
            let gap = self.groups[i].tokens.end..at;
            let far = gap.len() > 24 && !(gap.len() <= 44 && self.is_joined_to(i, gap.clone()));
            if far || self.breaks(gap.clone()) {
                return None;
            }
            if self.is_denied(i) || self.is_share(i, &gap) || self.is_of_a_clause(i, &gap) {
                continue;
            }
            if !self.used[i] && self.can_be_subject(i, gap, governed) {
                return Some(i);
            }
        }
        None
    }

    /// "12 people, *three of them children*, were killed": the verb is of the whole; but
    /// "two men, *one of whom* died".
    fn is_share(&self, i: usize, gap: &Range<usize>) -> bool {
        let group = &self.groups[i];
        let parted = group.noun != Noun::None || gap.clone().any(|t| self.scan.is_word(t, &[","]));
        group.of_them && self.links[i] == Link::Including && parted
    }

    /// "Two men who stabbed *a policeman* were shot": one person and a verb of several,
    /// with a clause about them before.
    fn is_of_a_clause(&self, i: usize, gap: &Range<usize>) -> bool {
        let several = gap.clone().rev().take(3).any(|t| self.scan.is_word(t, &["were", "have"]));
        self.groups[i].single
            && several
            && gap.clone().all(|t| self.is_filler(t))
            && self.groups[..i].iter().any(|g| {
                !g.single && g.noun == Noun::People && self.scan.is_word(g.tokens.end, &["who"])
            })
    }

    /// "twelve, *not 21*, were killed".
    fn is_denied(&self, i: usize) -> bool {
        let start = self.groups[i].tokens.start;
        start > self.sentence.start + 1
            && self.scan.is_word(start - 1, &["not"])
            && self.scan.is_word(start - 2, &[",", "(", "-", "–"])
    }

    /// Whether the words between hold a clause of their own.
    pub(super) fn breaks(&self, gap: Range<usize>) -> bool {
        // "six guards *who went after them* were killed": a clause about the subject.
        let who = self.scan.is_word(gap.start, &["who", "that", "which"]);
        let be = |i: usize| self.scan.is(i, Class::Be);
        let inside = who && gap.len() <= 14 && (gap.clone().rev().take(2).any(be));
        gap.clone().any(|i| {
            let parts = self.scan.is_word(i, &[";", "while", "but", "because"])
                || self.scan.is_word(i, &["when", "after", "before"]) && !inside;
            let except = self.scan.is_word(i, &["but"]) && self.scan.is_word(i - 1, &["all"]);
            parts && !except || (self.scan.is_any(i, VERBS) && !self.harmless(i))
        })
    }

    /// A joined verb, or one inside a relative clause, does not end the search.
    pub(super) fn harmless(&self, i: usize) -> bool {
        let after = i + self.scan.span(i);
        self.dies_behind(i)
            || self.is_relative(i)
            || self.is_reduced(i)
            || self.scan.is_word(after, &["and", "or"])
            || (i > 0 && self.scan.is_word(i - 1, &["and", "or"]))
    }

    /// "a student *stabbed* on Sunday died": right behind the people, with no verb of being.
    fn is_reduced(&self, i: usize) -> bool {
        self.scan.is(i, Class::WoundEd) && self.groups.iter().any(|g| g.tokens.end == i)
    }

    /// "hostages taken by a group *that killed* ten have been found dead": a verb of a
    /// clause inside.
    fn is_relative(&self, i: usize) -> bool {
        let helper = |t: &usize| {
            self.scan.is_any(self.scan.head(*t), &[Class::Be, Class::Have, Class::Adverb])
        };
        let mut before = (self.sentence.start..i).rev().take(4).skip_while(helper);
        before.next().is_some_and(|t| self.scan.is_word(t, &["that", "which", "who"]))
    }

    pub(super) fn can_be_subject(&self, i: usize, gap: Range<usize>, governed: bool) -> bool {
        let group = &self.groups[i];
        let plain = gap.clone().all(|t| self.is_filler(t));
        let start = group.tokens.start;
        // "took hold *of* six men and slaughtered them" is as good as "seized".
        let behind = start > self.sentence.start
            && self.scan.is_word(start - 1, PREPOSITIONS)
            && !self.scan.is_word(start.saturating_sub(2), &["hold"])
            && !gap.is_empty();
        match (behind, governed) {
            (true, false) => false,
            (true, true) => plain && !group.single,
            (false, _) => {
                let told = gap.is_empty() || !group.single || plain;
                told || self.is_placed(gap.clone()) || self.agrees(group, gap)
            }
        }
    }

    /// "A candidate running for parliament was shot dead": a single person with a
    /// clause of his own, and a verb in the singular.
    pub(super) fn agrees(&self, group: &Group, gap: Range<usize>) -> bool {
        let opens = group.tokens.start < self.sentence.start + 3
            || self.scan.is_word(group.tokens.start - 1, &[",", "and", "that", "said"]);
        let told = gap.clone().rev().take(4).any(|i| self.scan.is_word(i, &["was", "has", "is"]));
        // "a detective and a guard *who had been missing* turned up dead".
        let relative = !gap.is_empty()
            && (self.scan.is_word(gap.start, &["who"]) || self.scan.is_word(gap.start, HURT));
        opens && (told || relative) || self.joins_clause(group, gap)
    }

    /// "A farmer *was caught in the crossfire and* died": the second verb of the one who
    /// opens the sentence.
    fn joins_clause(&self, group: &Group, gap: Range<usize>) -> bool {
        let opens = group.tokens.start <= self.sentence.start + 2;
        let and = gap.clone().rev().find(|i| !self.scan.is(*i, Class::Adverb));
        let joined = and.is_some_and(|i| self.scan.is_word(i, &["and"]));
        opens && joined && gap.into_iter().any(|i| self.scan.is_word(i, &["was", "were", "had"]))
    }

    fn is_joined_to(&self, i: usize, gap: Range<usize>) -> bool {
        i == 0 && self.groups[i].single && self.joins_clause(&self.groups[i], gap)
    }

    /// "A peacekeeper *from Guinea* died": only where he is from stands between.
    fn is_placed(&self, gap: Range<usize>) -> bool {
        let near = |i: usize| {
            self.scan.is_word(
                i,
                &["from", "of", "in", "at", "near", "with", "the", ",", "-", "–", "—", "--"],
            )
        };
        let place = |i: usize| {
            self.scan.tokens.get(i).capital
                || self.scan.is(i, Class::Thing)
                || self.scan.is_word(i, &["area", "locality", "province", "state", "county", "old"])
        };
        gap.len() <= 12
            && !self.scan.is_word(gap.end - 1, &[","])
            && self.scan.is_word(gap.start, &["from", "of", "in", "at", "near"])
            && gap.clone().all(|i| near(i) || place(i) || self.is_filler(i))
    }

    /// Words that may stand between a subject and its verb without a new noun.
    pub(super) fn is_filler(&self, i: usize) -> bool {
        let head = self.scan.head(i);
        self.scan.is_any(head, &[Class::Be, Class::Have, Class::Adverb])
            || is_manner(self.scan, i)
            || self.scan.is_word(i, &[",", "who", "that", "which", "(", ")", "-", "–", "—"])
            || (self.scan.tokens.get(i).capital && self.scan.term(i).is_none())
    }
}

/// What befell somebody before he died: "a policeman *shot* on Monday died".
const HURT: &[&str] =
    &["shot", "stabbed", "hit", "attacked", "beaten", "struck", "injured", "wounded", "ambushed"];

/// "cold-bloodedly", quoted or not: how, and nothing about whom.
pub fn is_manner(scan: &Scan<'_, '_>, i: usize) -> bool {
    let word = scan.tokens.lower(i);
    let adverb = word.len() > 4 && word.ends_with("ly") && !scan.tokens.get(i).capital;
    let part = scan.tokens.is_hyphen(i) || scan.tokens.is_hyphen(i + 1);
    scan.term(i).is_none() && (adverb || part) || scan.is_word(i, &["\"", "“", "”"])
}

const PREPOSITIONS: &[&str] = &[
    "of", "by", "from", "with", "near", "for", "to", "at", "against", "on", "in", "inside",
    "around",
];
