//! Shares of the harmed: "17 soldiers were among the dead" takes 17 out of those of
//! whom nobody said who they were, whatever their number is in the end.

use super::{Entry, Ledger, is_victims, minus};
use crate::extract::event::{Count, Party, Reason};
use crate::extract::frames::Form;
use crate::extract::tellings::{Placed, Told};

impl Ledger<'_, '_, '_> {
    /// The entry of a share of this outcome, all its parties together.
    pub(super) fn share(&self, told: &Told, placed: &Placed) -> Option<Entry> {
        if placed.mention.outcome != self.outcome {
            return None;
        }
        let side = is_victims(placed);
        let mut entry = self.entry(told, placed, side)?;
        entry.parts = self.parties(&placed.mention.groups, &[]);
        Some(entry)
    }

    /// Takes the shares out of the unknown people, once all numbers are weighed.
    pub(super) fn settle_shares(&mut self, victims: bool) {
        for entry in std::mem::take(&mut self.shares) {
            if matches!(entry.form, Form::Rest | Form::Whole) {
                self.tell_rest(&entry);
                continue;
            }
            for (party, count) in entry.parts.clone() {
                let mine = (party != Party::Militant) == victims;
                let known = self.cells.iter().any(|c| c.toll.party == party);
                let untold = self.cells.is_empty() && self.attackers.is_empty() && mine;
                let open = party != Party::Unknown && !known && (mine || self.attackers.is_empty());
                let taken = open && (untold || self.take_out(count) || !victims);
                if taken && mine {
                    let own = Entry { parts: vec![(party, count)], ..entry.clone() };
                    self.add(own);
                } else if mine {
                    self.drop(&entry, Reason::Subset);
                }
            }
        }
    }

    /// "The rest were civilians": where others were told apart, those left over are so;
    /// "all eight were traders": where so many were counted and nobody said who.
    fn tell_rest(&mut self, entry: &Entry) {
        let Some((party, count)) = entry.parts.first().copied() else { return };
        let apart = self.cells.len() > 1 || !self.attackers.is_empty();
        let fits = match entry.form {
            Form::Rest => apart,
            _ => count.high().is_none() || count.best() == self.total(),
        };
        let known = self.cells.iter().any(|c| c.toll.party == party);
        let open = self.cells.iter_mut().find(|c| c.toll.party == Party::Unknown);
        if let Some(cell) = open.filter(|_| fits && !known) {
            cell.toll.party = party;
            cell.toll.evidence.push(entry.evidence.clone());
        }
    }

    /// Whether so many were among those of whom nothing was said.
    fn take_out(&mut self, count: Count) -> bool {
        let enough = |c: &&mut super::Cell| {
            c.toll.party == Party::Unknown && c.toll.count.best() >= count.best()
        };
        let Some(cell) = self.cells.iter_mut().find(enough) else { return false };
        cell.toll.count = minus(cell.toll.count, count.best());
        self.cells.retain(|c| c.toll.count.best() > 0 || c.toll.count.high() != Some(0));
        true
    }
}
