//! Which of the events found so far a number belongs to, and when it is another
//! deed in the same province.

use super::Cluster;
use super::{Sorter, is_later_toll, same_kind, tells_same};
use crate::article::zones::Zone;
use crate::extract::event::{Days, Status};
use crate::extract::tellings::{Placed, Told, total};

impl Sorter<'_> {
    /// The news that holds the very same number already: a sentence that names no
    /// place of its own and counts as many tells it again.
    pub(super) fn told_before(&self, placed: &Placed) -> Option<usize> {
        let days = placed.when.as_ref().map(|w| w.days);
        let possible = |c: &Cluster| {
            let same_day = c.days.zip(days).is_none_or(|(a, b)| a.overlap(&b));
            c.status == Status::Current && !c.period && same_day
        };
        let same = |c: &Cluster| self.counts(c).any(|p| total(placed) > 2 && tells_same(p, placed));
        self.found.iter().rposition(|c| possible(c) && same(c))
    }

    /// The event known so far that the mention belongs to.
    pub(super) fn known(
        &self,
        told: &Told,
        placed: &Placed,
        days: Option<Days>,
        status: Status,
        met: &[usize],
    ) -> Option<usize> {
        let goes_on = is_later_toll(told, placed);
        let fits = |i: &usize| {
            let c = &self.found[*i];
            let own = c.days.or(self.main.filter(|_| {
                c.status == Status::Current
                    && !c.apart
                    && c.mentions.iter().any(|(t, _)| self.told[*t].zone == Zone::Body)
            }));
            let same_day = match (own, days) {
                (Some(a), Some(b)) => a.overlap(&b) || goes_on,
                _ => true,
            };
            !c.period && c.status == status && same_day
        };
        let all: Vec<usize> = (0..self.found.len()).rev().filter(fits).collect();
        if placed.places.is_empty() {
            let recent = self.current.filter(|c| all.contains(c)).or(all.first().copied());
            return met.last().copied().filter(|m| all.contains(m)).or(recent);
        }
        let exact = all.iter().find(|i| self.found[**i].places == placed.places).copied();
        if let Some(exact) = exact {
            return Some(exact).filter(|e| !self.is_another(told, placed, *e));
        }
        all.iter().find(|i| self.is_unplaced(**i) && self.repeats(**i, told, placed)).copied()
    }

    /// Another deed in another spot of the same province: told afresh ("a second
    /// bomb", "gunmen") or under a place of its own ("In Cumilla, …"), in a place that the known event was not in, with a number
    /// that cannot be the known one.
    pub(super) fn is_another(&self, told: &Told, placed: &Placed, known: usize) -> bool {
        let Some(spot) = &placed.spot else { return false };
        let mut rivals = self.counts(&self.found[known]).filter(|p| same_kind(p, placed));
        let elsewhere = |p: &Placed| p.spot.as_ref().is_some_and(|s| s != spot);
        (told.introduces || told.fronted)
            && !self.counts(&self.found[known]).any(|p| p.spot.as_ref() == Some(spot))
            && rivals.any(|p| elsewhere(p) && total(p) != total(placed))
    }

    pub(super) fn is_unplaced(&self, i: usize) -> bool {
        self.found[i].places.iter().all(|p| p.is_country())
    }

    /// Whether the mention tells again, or adds nothing against, a number that
    /// the unplaced event holds.
    pub(super) fn repeats(&self, i: usize, told: &Told, placed: &Placed) -> bool {
        let mut others = self.counts(&self.found[i]).filter(|p| same_kind(p, placed)).peekable();
        others.peek().is_none() && !told.fronted
            || others.any(|p| total(p) == total(placed) && total(p) > 2)
    }
}
