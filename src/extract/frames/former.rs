//! Numbers that the sentence itself calls out of date ("correcting an *earlier toll of
//! 25*"), and people who are prisoners only if an armed group took them.

use std::ops::Range;

use super::sides::side_at;
use super::{Mention, Reader};
use crate::extract::event::{Outcome, Party};
use crate::lexicon::terms::Class;

impl Reader<'_, '_, '_> {
    /// "an *earlier toll of* 25", "the previous death toll of nine", "an earlier nine".
    pub(super) fn is_former(&self, start: usize) -> bool {
        let from = self.sentence.start.max(start.saturating_sub(6));
        let Some(earlier) = (from..start).rev().find(|i| self.scan.is_word(*i, FORMER)) else {
            return false;
        };
        let link = |i: usize| {
            self.scan.is_word(i, &["of", "that", "at", "put", "by", "police", "a", "an", "the"])
        };
        let mut gap = earlier + 1..start;
        let told = |i: usize| link(i) || self.scan.is_word(i, COUNTS);
        earlier + 1 == start || gap.clone().any(|i| self.scan.is_word(i, COUNTS)) && gap.all(told)
    }

    /// "captured six soldiers", "a dozen were captured", "12 killed and six captured".
    pub(super) fn capture(&mut self, at: usize) {
        let passive = self.passive_before(at);
        if !passive && self.object(at, Outcome::Abducted, "captured") {
            return;
        }
        let after = at + self.scan.span(at);
        let closes = after >= self.sentence.end || self.scan.is_word(after, CLOSING);
        if passive || closes {
            self.subject(at, Outcome::Abducted, "captured");
        }
    }

    /// Soldiers whom rebels capture are prisoners; rebels whom soldiers capture are
    /// under arrest, and so is whoever is taken by nobody told.
    pub(super) fn keep_prisoners(&mut self) {
        let mut found = std::mem::take(&mut self.found);
        // "killed and captured several bandits": those taken are under arrest too.
        let arrested = |m: &Mention| {
            m.outcome == Outcome::Abducted
                && self.scan.is_any(m.trigger.start, &[Class::KillEd, Class::KillIng])
                && m.groups.iter().all(|g| g.party == Some(Party::Militant))
        };
        found.retain(|m| !arrested(m));
        let arrest =
            |m: &Mention| self.scan.is(m.trigger.start, Class::Capture) && m.rule != "seized";
        found.retain(|m| !arrest(m) || self.is_prisoner(m));
        self.found = found;
    }

    fn is_prisoner(&self, mention: &Mention) -> bool {
        let sides = |range: Range<usize>| range.filter_map(|i| side_at(self.scan, i));
        let armed = |p: Option<Party>| matches!(p, Some(Party::Security | Party::Foreign));
        if mention.groups.iter().any(|g| g.party == Some(Party::Militant)) {
            return false;
        }
        let captors = self.sentence.start..mention.trigger.start;
        let active = mention.groups.iter().all(|g| g.tokens.start >= mention.trigger.end);
        let taken = active && sides(captors).any(|p| p == Party::Militant);
        let by = mention.trigger.end..self.sentence.end.min(mention.trigger.end + 5);
        let by_rebels = self.scan.is_word(by.start, &["by"])
            && sides(by).next().is_some_and(|p| p == Party::Militant);
        taken || by_rebels || mention.groups.iter().all(|g| armed(g.party))
    }
}

const FORMER: &[&str] =
    &["earlier", "previous", "prior", "former", "outdated", "upwards", "downwards", "revising"];

/// What may follow a participle that has no object.
const CLOSING: &[&str] = &[
    ",", ".", ";", "in", "at", "by", "during", "after", "when", "and", "on", "near", "from", "as",
];

/// What an earlier number is called.
const COUNTS: &[&str] = &[
    "toll",
    "death",
    "count",
    "figure",
    "tally",
    "number",
    "estimate",
    "report",
    "reports",
    "casualty",
    "official",
    "dead",
    "provisional",
    "total",
];
