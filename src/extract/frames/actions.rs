//! Constructions that begin with a plain verb, which is no word of harm by itself: who was
//! seized, buried, sent to hospital. Each asks for its own words first; all of them
//! together are asked for once a token.

use super::idioms::{COSTING, CUTTING};
use super::nominal::TOTALS;
use super::numbers::NUMBER;
use super::sides::side_at;
use super::wounds::{MOVED, SENDING, SUFFERING, SURVIVING};
use super::{FOUND, Reader};
use crate::extract::event::{Outcome, Party};
use crate::extract::groups::{Group, Noun};
use crate::lexicon::terms::Class;
use crate::text::words::{AnyOf, Lot, any_of, lot};

/// The words with which one of the constructions below begins.
const ACTIONS: &AnyOf = &any_of(&[
    NUMBER, COSTING, CUTTING, SUFFERING, SURVIVING, MOVED, TOTALS, TAKING, SEIZING, SEIZED, TAKEN,
    SENDING, BURYING, DESTROYED,
]);

const TAKING: &Lot = &lot(&["took", "taking"]);

const SEIZING: &Lot = &lot(&["seized", "seizing", "snatched", "snatching"]);

const SEIZED: &Lot = &lot(&["seized", "snatched"]);

const TAKEN: &Lot = &lot(&["taken"]);

const BURYING: &Lot = &lot(&["buried", "burying"]);

/// Out of what people are brought, alive or dead, by nobody who seizes them.
const RUINS: &[&str] = &["rubble", "wreckage", "debris", "scene", "building", "river", "ruins"];

/// What buries people alive.
const FALLEN: &[&str] = &["wall", "roof", "rubble", "building", "debris"];

const DESTROYED: &Lot = &lot(&["destroyed"]);

impl Reader<'_, '_, '_> {
    /// Constructions that are more than one word of the lexicon.
    pub(super) fn read_action(&mut self, at: usize) -> bool {
        if !self.scan.is_word(at, ACTIONS) {
            return false;
        }
        if self.number_of_the_killed(at) || self.suffers(at) || self.idiom(at) {
            return true;
        }
        if self.raises_a_total(at) {
            self.toll(at, Outcome::Killed);
        } else if self.seizes_people(at) {
            self.object(at, Outcome::Abducted, "active");
        } else if self.are_seized(at) {
            return self.subject(at, Outcome::Abducted, "seized");
        } else if self.hospitalises(at) {
            self.object(at, Outcome::Wounded, "active");
        } else if self.buries(at) {
            self.object(at, Outcome::Killed, FOUND);
        } else if self.destroys_people(at) {
            self.participle(at, Outcome::Killed);
        } else {
            return false;
        }
        true
    }

    /// "gunmen *seized* three aid workers": militants who take people, not goods; what
    /// the police seize is no abduction.
    fn seizes_people(&self, at: usize) -> bool {
        let took = self.scan.is_word(at, TAKING) && self.takes_away(at + 1);
        let seizes = took || self.scan.is_word(at, SEIZING);
        let people = self.group_from(at + 1).map(|g| &self.groups[g]).is_some_and(|g| {
            g.noun == Noun::People && !matches!(g.party, None | Some(Party::Militant))
        });
        let mut before = (self.sentence.start..at).rev().take(24);
        let side = before.find_map(|i| side_at(self.scan, i));
        seizes && people && side == Some(Party::Militant)
    }

    /// "pirates took *11 sailors.*", "taking two nuns *with them*": away, and nowhere else.
    fn takes_away(&self, start: usize) -> bool {
        let Some(group) = self.group_from(start).map(|g| &self.groups[g]) else { return false };
        let end = group.tokens.end;
        let words =
            &[".", ",", ";", "and", "with", "away", "off", "from", "before", "during", "on"];
        group.noun == Noun::People && (end >= self.sentence.end || self.scan.is_word(end, words))
    }

    /// "students were *seized* from a school", "were *taken* by gunmen": people, and not by
    /// the police.
    fn are_seized(&self, at: usize) -> bool {
        let taken = self.scan.is_word(at, TAKEN);
        if !(taken || self.scan.is_word(at, SEIZED)) || !self.passive_before(at) {
            return false;
        }
        let before = self.groups_before(at).checked_sub(1).map(|g| &self.groups[g]);
        let people = before.is_some_and(|g| {
            g.noun == Noun::People && g.party != Some(Party::Militant) && g.tokens.end + 12 > at
        });
        let by = (at + 1..self.sentence.end.min(at + 10)).find(|i| self.scan.is_word(*i, &["by"]));
        let taker = by.and_then(|by| (by + 1..by + 5).find_map(|i| side_at(self.scan, i)));
        let from = self.scan.is_word(at + 1, &["from"]);
        let away = from && !(at + 2..at + 6).any(|i| self.scan.is_word(i, RUINS));
        let by_rebels = taker == Some(Party::Militant);
        people && (by_rebels || taker.is_none() && away && (taken || by.is_none()))
    }

    /// "residents had *buried* 40 people", "mourners buried the 14 victims": the dead, on
    /// a later day; not those under the rubble of a house.
    fn buries(&self, at: usize) -> bool {
        if !self.scan.is_word(at, BURYING) || self.passive_before(at) {
            return false;
        }
        let Some(group) = self.group_from(at + 1).map(|g| &self.groups[g]) else { return false };
        let beneath = ["under", "in", "beneath", "alive", "by"];
        // "the *collapse* of a wall buried 12".
        let fell = (self.sentence.start.max(at.saturating_sub(8))..at).any(|i| {
            self.scan.is_any(i, &[Class::Accident, Class::Deed]) || self.scan.is_word(i, FALLEN)
        });
        !fell && !group.single && !self.scan.is_word(group.tokens.end, &beneath)
    }

    /// "three militants were *destroyed*": of fighters, not of their posts.
    fn destroys_people(&self, at: usize) -> bool {
        if !self.scan.is_word(at, DESTROYED) {
            return false;
        }
        let fighters = |g: &Group| g.noun == Noun::People && g.party == Some(Party::Militant);
        let object = self.group_from(at + 1);
        let subject = self.groups_before(at).checked_sub(1).filter(|_| self.passive_before(at));
        object.or(subject).is_some_and(|g| fighters(&self.groups[g]))
    }
}
