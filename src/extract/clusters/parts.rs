//! Attacks that one number told before is over ("23 killed in three separate raids"),
//! and attacks that one sentence sets apart ("hours after a bomb killed seven").

use super::{Cluster, Sorter, is_victims, same_kind, tells_same};
use crate::article::zones::Zone;
use crate::extract::event::{Party, Status};
use crate::extract::frames::Form;
use crate::extract::tellings::{Placed, Told, total};
use crate::lexicon::PlaceCode;

impl Sorter<'_> {
    /// Whether the number can be one attack's of those that the known one is over.
    pub(super) fn is_part(&self, told: &Told, placed: &Placed, known: &Placed) -> bool {
        counts_too(known, placed)
            && (known.several || told.one_of)
            && total(placed) < total(known)
            && (told.one_of || placed.mention.groups.iter().all(|g| !g.of_them && !g.definite))
    }

    /// Whether an event of these places holds a number that this one is a part of.
    pub(super) fn is_part_of_known(
        &self,
        told: &Told,
        placed: &Placed,
        places: &[PlaceCode],
    ) -> bool {
        let news = |c: &&Cluster| c.status == Status::Current && c.places == places;
        let mut known = self.found.iter().filter(news).flat_map(|c| self.counts(c));
        known.any(|p| self.is_part(told, placed, p))
    }

    /// The attack that "hours after …" points back at, where it was told before.
    pub(super) fn other_told(&self, placed: &Placed, status: Status) -> Option<usize> {
        let there = |c: &Cluster| placed.places.is_empty() || c.places == placed.places;
        let same = |c: &Cluster| self.counts(c).any(|p| tells_same(p, placed));
        let told = |c: &Cluster| c.status == status && !c.period && there(c) && same(c);
        placed.other.then(|| self.found.iter().rposition(told)).flatten()
    }

    /// Whether a clause behind "while" names a spot of its own, and the event that the
    /// sentence told of before it was in another.
    pub(super) fn is_of_another_spot(&self, index: usize, placed: &Placed, met: &[usize]) -> bool {
        let Some(spot) = &placed.spot else { return false };
        let here = |c: &usize| {
            let own = self.found[*c].mentions.iter().filter(|(t, _)| *t == index);
            let mut spots = own.map(|(t, m)| &self.told[*t].mentions[*m].spot);
            spots.all(|s| s.as_ref().is_some_and(|s| s != spot))
        };
        !met.is_empty() && met.iter().all(here)
    }

    /// "On Thursday two soldiers were killed, the army *had said*": of another day than
    /// the news so far, and no number that stands against it.
    pub(super) fn is_of_own_day(&self, placed: &Placed) -> bool {
        let days = placed.when.as_ref().map(|w| w.days);
        let news = self.current.and_then(|c| self.found[c].days).or(self.main);
        let other = days.zip(news).is_some_and(|(own, news)| !own.overlap(&news));
        other && self.is_fresh(placed) && placed.mention.form != Form::Toll
    }

    /// Sets a number over several attacks aside where two or more of them are told and
    /// make up most of it; else the one that is told is a part of it again.
    pub(super) fn settle_parts(&mut self) {
        for home in 0..self.found.len() {
            let places = self.found[home].places.clone();
            let parts: Vec<usize> = (0..self.found.len())
                .filter(|i| *i != home && self.found[*i].places == places)
                .filter(|i| self.found[*i].status == Status::Current && !self.found[*i].period)
                .collect();
            if parts.iter().all(|i| !self.found[*i].part) || self.found[home].part {
                continue;
            }
            let mut made_up = self.made_up(home, &parts);
            if !made_up.is_empty() {
                made_up.extend(self.titles(home, &made_up));
            }
            for (t, m) in &made_up {
                self.set_aside(home, *t, *m);
            }
            if made_up.is_empty() {
                for part in parts.into_iter().filter(|i| *i > home) {
                    self.merge_part(part, home);
                }
            }
        }
    }

    /// The numbers of `home` of which the parts make up two thirds and more.
    fn made_up(&self, home: usize, parts: &[usize]) -> Vec<(usize, usize)> {
        let most = |i: &usize, whole: &Placed| {
            let own = || self.counts(&self.found[*i]).filter(|p| counts_too(whole, p));
            let side = |victims: bool| {
                let ours = own().filter(move |p| is_victims(p) == victims).map(total);
                ours.filter(|n| *n < total(whole)).max()
            };
            match (side(true), side(false)) {
                (None, None) => None,
                (a, b) => Some(a.unwrap_or(0).saturating_add(b.unwrap_or(0))),
            }
        };
        let is_whole = |(t, m): &(usize, usize)| {
            let whole = &self.told[*t].mentions[*m];
            let told: Vec<u32> = parts.iter().filter_map(|i| most(i, whole)).collect();
            let sum = told.iter().fold(0, |s: u32, n| s.saturating_add(*n));
            !whole.mention.form.is_share()
                && told.len() >= 2
                && sum.saturating_mul(3) >= total(whole).saturating_mul(2)
        };
        self.found[home].mentions.iter().copied().filter(is_whole).collect()
    }

    /// What the headline counts of the same kind: it has the sum too.
    fn titles(&self, home: usize, made_up: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let placed = |(t, m): &(usize, usize)| &self.told[*t].mentions[*m];
        let same = |own: &(usize, usize)| made_up.iter().any(|w| same_kind(placed(w), placed(own)));
        let title = |own: &&(usize, usize)| self.told[own.0].zone == Zone::Title && same(own);
        self.found[home].mentions.iter().filter(title).copied().collect()
    }

    /// Takes a number that only adds up others, and what its sentence counts beside it
    /// of harm that the others tell too, out of its event.
    pub(super) fn set_aside(&mut self, home: usize, t: usize, m: usize) {
        let told = self.told;
        let sum = &told[t].mentions[m];
        let counted = |p: &Placed| {
            let others = self
                .found
                .iter()
                .enumerate()
                .filter(|(i, c)| *i != home && c.status == Status::Current && !c.period);
            others.flat_map(|(_, c)| self.counts(c)).any(|o| same_kind(o, p))
        };
        let beside = |(s, n): &(usize, usize)| {
            let other = &told[*s].mentions[*n];
            *s == t && (*n == m || !same_kind(other, sum) && counted(other))
        };
        let (gone, kept): (Vec<_>, Vec<_>) =
            self.found[home].mentions.clone().into_iter().partition(beside);
        self.found[home].mentions = kept;
        self.found[home].totals.extend(gone);
    }

    fn merge_part(&mut self, part: usize, home: usize) {
        // "Earlier in the day": told as an attack of its own.
        let told_apart = self.found[part].apart;
        if std::mem::take(&mut self.found[part].part) && !told_apart {
            self.merge(part, home);
        }
    }
}

/// Whether the people of `part` are among those whom `whole` counts: of its side, or
/// attackers whom it counts together with their victims.
fn counts_too(whole: &Placed, part: &Placed) -> bool {
    let mention = &whole.mention;
    let mut all = mention.groups.iter().chain(&mention.parts);
    let armed = all.any(|g| g.party == Some(Party::Militant));
    let mixed = mention.outcome == part.mention.outcome && armed && !is_victims(part);
    same_kind(whole, part) || mixed
}
