//! Weighs each number against those taken before: it repeats them, is a part of
//! them, adds to them, takes their place, or is set aside.

use super::{Cell, Entry, Ledger, minus};
use crate::extract::event::{Count, Dropped, Evidence, Party, Reason, Toll, Voice};
use crate::extract::frames::Form;

impl Ledger<'_, '_, '_> {
    /// Takes the pronoun's person where nobody else was counted.
    pub(super) fn settle_weak(&mut self) {
        if let (true, Some(entry)) = (self.cells.is_empty(), self.weak.take()) {
            self.add(entry);
        }
    }

    /// Weighs one more number against those taken.
    pub(super) fn take(&mut self, entry: Entry) {
        let new: u32 = entry.parts.iter().map(|(_, c)| c.best()).fold(0, u32::saturating_add);
        let enemies = entry.parts.iter().all(|(p, _)| *p != Party::Militant);
        if matches!(entry.evidence.voice, Voice::Group(_)) && enemies {
            return self.hear_boast(entry, new);
        }
        if entry.form == Form::Weak {
            self.weak.get_or_insert(entry);
            return;
        }
        let old = self.total();
        if new < old && self.is_made_up_by(&entry, old) {
            return self.replace(entry);
        }
        // "20 were wounded … more than 20": the same, said loosely.
        if entry.exceeds && new == old.saturating_add(1) && entry.form != Form::Increment {
            return self.repeat_open(&entry);
        }
        let again = entry.others && self.others.contains(&new);
        if entry.others {
            self.others.push(new);
        }
        if again && entry.form == Form::Increment {
            return self.drop(&entry, Reason::Repeat);
        }
        if entry.stale && !self.cells.is_empty() && entry.evidence.voice != Voice::Local {
            self.stale.push(new);
            return self.drop(&entry, Reason::Superseded);
        }
        let replaced = self.cells.iter().any(|c| c.vague) && !entry.vague;
        if new > old && !replaced && self.is_contested(&entry) {
            return self.raise_high(entry, new - old);
        }
        if let Some(count) = self.feared_more(&entry, new).filter(|_| !replaced) {
            return self.widen(entry, count);
        }
        if let Some(count) = self.disputed(&entry, new).filter(|_| new != old && !replaced) {
            return self.widen(entry, count);
        }
        if self.cells.is_empty() || (entry.form == Form::Toll && new != old) || replaced {
            return self.replace(entry);
        }
        self.take_further(entry, new, old);
    }

    /// What an armed group says of its enemies: the largest of its numbers is kept apart.
    fn hear_boast(&mut self, entry: Entry, new: u32) {
        self.drop(&entry, Reason::Boast);
        if self.boast.as_ref().is_none_or(|(most, _)| *most < new) {
            self.boast = Some((new, entry));
        }
    }

    /// The same number again, now with an open end.
    fn repeat_open(&mut self, entry: &Entry) {
        if let [cell] = &mut self.cells[..] {
            let count = cell.toll.count;
            cell.toll.count = Count::around(Some(count.low()), count.best(), None);
        }
        self.drop(entry, Reason::Repeat);
    }

    /// "Five died … three passengers and two bombers were killed": the clause divides the
    /// very number told before into the two sides.
    fn is_made_up_by(&self, entry: &Entry, old: u32) -> bool {
        let open = |c: &Cell| matches!(c.toll.party, Party::Unknown);
        entry.whole == old && entry.form == Form::Plain && self.cells.iter().all(open)
    }

    /// Weighs a number of `new` people, undisputed, that stands beside `old` told.
    pub(super) fn take_further(&mut self, entry: Entry, new: u32, old: u32) {
        if self.is_counted(&entry, new, old) {
            return self.drop(&entry, Reason::Repeat);
        }
        if entry.since {
            return self.add(entry);
        }
        if let Some(place) = entry.ordinal {
            let told = old >= place;
            return if told { self.drop(&entry, Reason::Repeat) } else { self.add(entry) };
        }
        if new == old && entry.form != Form::Increment {
            return self.repeat(entry);
        }
        if entry.form == Form::Increment && self.is_the_rest(&entry, new) {
            let told = entry.parts[0].0 != Party::Unknown;
            return if told { self.part(entry) } else { self.drop(&entry, Reason::Repeat) };
        }
        if entry.form == Form::Increment {
            return self.add(entry);
        }
        // "60 Afghans and 13 US troops died … the 13 service members": the very same.
        let known =
            |(_, n): &(Party, Count)| self.cells.iter().any(|c| c.toll.count.best() == n.best());
        let again = entry.definite && entry.parts.len() == 1 && entry.parts.iter().all(known);
        let told = entry.parts.iter().all(|(p, _)| *p != Party::Unknown);
        if again || entry.vague || entry.of_them && !(told && new < old) {
            return self.drop(&entry, Reason::Repeat);
        }
        if new < old { self.part(entry) } else { self.larger(entry) }
    }

    /// "11 people, among them six policemen … *five local people* were also killed": the very
    /// number of whom nothing was said beside those who were told apart.
    fn is_the_rest(&self, entry: &Entry, new: u32) -> bool {
        let rest = |c: &Cell| c.toll.party == Party::Unknown && c.toll.count.best() == new;
        let plain = entry.parts.len() == 1 && !entry.bare;
        plain && self.cells.len() > 1 && self.cells.iter().any(rest)
    }

    /// "The toll rose to 40 *as three more died*", "had put it at five; *17 more* were
    /// found": more people whom the number told already counts.
    fn is_counted(&self, entry: &Entry, new: u32, old: u32) -> bool {
        let more = entry.since || entry.form == Form::Increment;
        let evidence = || self.cells.iter().flat_map(|c| &c.toll.evidence);
        let beside = |e: &&Evidence| {
            e.rule == "toll"
                && e.sentence == entry.evidence.sentence
                && e.range.start < entry.evidence.range.start
        };
        let grown = |s: &u32| s.saturating_add(new) == old;
        // "The toll rose to 41. *Many died of their wounds* overnight."
        let explained = entry.vague && entry.since && evidence().any(|e| e.rule == "toll");
        more && (explained || evidence().any(|e| beside(&e)) || self.stale.iter().any(grown))
    }

    pub(super) fn replace(&mut self, entry: Entry) {
        for cell in std::mem::take(&mut self.cells) {
            let ranges = cell.toll.evidence.into_iter().map(|e| e.range);
            self.dropped.extend(ranges.map(|range| Dropped { range, reason: Reason::Superseded }));
        }
        self.add(entry);
    }

    pub(super) fn add(&mut self, entry: Entry) {
        for (party, count) in entry.parts {
            let known = self.cells.iter_mut().find(|c| c.toll.party == party);
            match known {
                Some(cell) => {
                    cell.toll.count = cell.toll.count.plus(count);
                    cell.toll.evidence.push(entry.evidence.clone());
                }
                None => self.cells.push(Cell {
                    toll: Toll {
                        party,
                        outcome: self.outcome,
                        count,
                        evidence: vec![entry.evidence.clone()],
                    },
                    vague: entry.vague,
                }),
            }
        }
    }

    /// The same number again: it may tell whose people they were.
    pub(super) fn repeat(&mut self, entry: Entry) {
        let finer = entry.parts.iter().all(|(p, _)| *p != Party::Unknown);
        if finer && self.cells.iter().any(|c| c.toll.party == Party::Unknown) {
            return self.replace(entry);
        }
        // "the toll was expected to climb from 9": the same number, now open.
        let opens = entry.form == Form::Toll && entry.parts.iter().all(|(_, c)| c.high().is_none());
        if opens {
            return self.repeat_open(&entry);
        }
        self.drop(&entry, Reason::Repeat);
    }

    /// A smaller number: a part of the unknown people, or one already counted.
    pub(super) fn part(&mut self, entry: Entry) {
        let new: u32 = entry.parts.iter().map(|(_, c)| c.best()).sum();
        let party = entry.parts.first().map(|(p, _)| *p);
        let told = party.filter(|p| *p != Party::Unknown && entry.parts.len() == 1);
        let open = self
            .cells
            .iter()
            .position(|c| c.toll.party == Party::Unknown && c.toll.count.best() >= new);
        let fresh = told.filter(|p| self.cells.iter().all(|c| c.toll.party != *p));
        if let (Some(_), Some(open)) = (fresh, open) {
            let rest = minus(self.cells[open].toll.count, new);
            self.cells[open].toll.count = rest;
            self.cells.retain(|c| c.toll.count.best() > 0);
            return self.add(entry);
        }
        if fresh.is_some() && !entry.definite {
            return self.add(entry);
        }
        self.drop(&entry, Reason::Subset);
    }

    /// A larger number that nobody disputes: another party's, else the newer.
    pub(super) fn larger(&mut self, entry: Entry) {
        let parties_differ = entry.parts.len() == 1
            && entry.parts[0].0 != Party::Unknown
            && self
                .cells
                .iter()
                .all(|c| c.toll.party != entry.parts[0].0 && c.toll.party != Party::Unknown);
        if parties_differ {
            self.add(entry);
        } else {
            self.replace(entry);
        }
    }

    pub(super) fn drop(&mut self, entry: &Entry, reason: Reason) {
        self.dropped.push(Dropped { range: entry.evidence.range.clone(), reason });
    }

    /// A boast alone is 0/0/n; beside a count of one party it is the high.
    pub(super) fn close(&mut self) {
        let Some((boast, entry)) = self.boast.take() else { return };
        match &mut self.cells[..] {
            [] => {
                let party = entry.parts.first().map_or(Party::Unknown, |(p, _)| *p);
                let count = Count::boasted(boast);
                let toll =
                    Toll { party, outcome: self.outcome, count, evidence: vec![entry.evidence] };
                self.cells.push(Cell { toll, vague: false });
            }
            [cell] if cell.toll.count.best() < boast => {
                let count = cell.toll.count;
                cell.toll.count = Count::around(Some(count.low()), count.best(), Some(boast));
            }
            _ => {}
        }
    }
}
