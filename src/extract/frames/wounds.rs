//! Wounds told by what was suffered or where people were taken: "sustained various
//! degrees of injury", "escaped with gunshot wounds", "were flown to a military
//! hospital". The fixed phrases are rows of the lexicon; these have words between.

use super::{Reader, VERBS};
use crate::extract::event::Outcome;
use crate::extract::groups::Noun;
use crate::lexicon::terms::Class;
use crate::text::words::{Lot, lot};

/// Words that may stand between the verb and its noun.
const BETWEEN: usize = 6;

impl Reader<'_, '_, '_> {
    /// Whether the clause at `at` tells of the wounded, and was read.
    pub(super) fn suffers(&mut self, at: usize) -> bool {
        let harmed = self.injuries_behind(at).or_else(|| self.hospital_behind(at));
        let Some(end) = harmed.filter(|_| self.scan.term(at).is_none_or(|t| !t.is_any(VERBS)))
        else {
            return false;
        };
        let told = self.subject(at, Outcome::Wounded, "dying");
        if told {
            self.done = end;
        }
        told
    }

    /// "the blast *sent* 11 people *to hospital*", "*put* four *in hospital*".
    pub(super) fn hospitalises(&self, at: usize) -> bool {
        if !self.scan.is_word(at, SENDING) {
            return false;
        }
        let Some(group) = self.group_from(at + 1) else { return false };
        // "Police sent two bodies to the hospital": people only, whom a deed sends there.
        let alive = self.groups[group].noun != Noun::Dead;
        let deed = self.sentence.start.max(at.saturating_sub(8))..at;
        if !alive || !deed.into_iter().any(|i| self.scan.is(i, Class::Deed)) {
            return false;
        }
        let end = self.groups[group].tokens.end;
        let to = self.scan.is_word(end, &["to", "in", "into"]);
        to && (end + 1..end + 3).any(|i| self.scan.is_word(i, HOSPITALS))
    }

    /// "*sustained* various degrees of *injury*": where the noun ends.
    fn injuries_behind(&self, at: usize) -> Option<usize> {
        let escapes = self.scan.is_word(at, SURVIVING) && self.scan.is_word(at + 1, &["with"]);
        if !(escapes || self.scan.is_word(at, SUFFERING)) {
            return None;
        }
        Some(self.ahead(at + 1 + usize::from(escapes), INJURIES)? + 1)
    }

    /// "were *flown* to a military *hospital*": where the noun ends.
    fn hospital_behind(&self, at: usize) -> Option<usize> {
        if !self.scan.is_word(at, MOVED) || !self.passive_before(at) {
            return None;
        }
        let to = (at + 1..at + 3).find(|i| self.scan.is_word(*i, &["to", "at", "in", "into"]))?;
        let noun = self.ahead(to + 1, HOSPITALS)?;
        Some(noun + 1)
    }

    /// The first of the words from `from` on, in the same breath.
    fn ahead(&self, from: usize, words: &[&str]) -> Option<usize> {
        let limit = self.sentence.end.min(from + BETWEEN);
        let stops = |i: &usize| {
            self.scan.is_any(*i, VERBS)
                || self.scan.is_word(*i, &[",", ";", "and", "after", "when", "while", "by"])
        };
        (from..limit)
            .take_while(|i| self.scan.is_word(*i, words) || !stops(i))
            .find(|i| self.scan.is_word(*i, words))
    }
}

pub(super) const SENDING: &Lot = &lot(&["sent", "sending", "put", "putting", "landed"]);

pub(super) const SURVIVING: &Lot = &lot(&["escaped", "survived"]);

pub(super) const SUFFERING: &Lot =
    &lot(&["sustained", "suffered", "received", "sustaining", "suffering", "incurred", "had"]);

const INJURIES: &[&str] = &["injury", "injuries", "wound", "wounds", "burns", "fractures"];

pub(super) const MOVED: &Lot = &lot(&[
    "admitted",
    "airlifted",
    "brought",
    "conveyed",
    "evacuated",
    "ferried",
    "flown",
    "moved",
    "referred",
    "rushed",
    "taken",
    "transferred",
    "transported",
]);

const HOSPITALS: &[&str] =
    &["hospital", "hospitals", "clinic", "clinics", "infirmary", "dispensary", "icu"];
