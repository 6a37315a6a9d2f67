//! Which of the events found so far a number belongs to, and when it is another
//! deed in the same province.

use super::Cluster;
use super::{Sorter, is_later_toll, is_victims, same_kind, tells_same};
use crate::article::zones::Zone;
use crate::extract::event::{Days, Status};
use crate::extract::frames::{FOUND, Form};
use crate::extract::tellings::{Placed, Told, total};
use crate::lexicon::PlaceCode;

/// Sentences back to which a building is looked for, at most.
const REACH: usize = 6;

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

    /// "A priest *kidnapped* on Sunday was *found dead* on Wednesday": told of the same words.
    pub(super) fn twin(&self, index: usize, m: usize) -> Option<usize> {
        let mention = |m: usize| &self.told[index].mentions[m].mention;
        let own = mention(m).groups.first()?.tokens.start;
        let same = |(t, other): &(usize, usize)| {
            *t == index
                && mention(*other).outcome != mention(m).outcome
                && mention(*other).groups.first().is_some_and(|g| g.tokens.start == own)
        };
        let recent = |d: Option<Days>| d.is_none_or(|d| (self.today - d.last()).get_days() <= 7);
        let when = self.told[index].mentions[m].when.as_ref().map(|w| w.days);
        let last = self.last.filter(|c| recent(when) && recent(self.found[*c].days))?;
        self.found[last].mentions.iter().any(same).then_some(last)
    }

    /// "Nine *of them* were shot dead on Tuesday": the event told last.
    pub(super) fn of_them(&self, placed: &Placed) -> Option<usize> {
        let told = placed.mention.groups.iter().all(|g| g.of_them);
        let here = |c: &usize| placed.places.is_empty() || self.found[*c].places == placed.places;
        let last = self.last.filter(|l| !self.found[*l].period).or(self.current);
        last.filter(|c| told && here(c))
    }

    /// "Two women were among the dead": the news in whose number they can be. A share
    /// opens no event, whatever day or town its sentence names.
    pub(super) fn whole_of(&self, placed: &Placed) -> Option<usize> {
        let within = |c: &Cluster| {
            let there = |p: &PlaceCode| c.places.iter().all(|k| *k == p.country());
            placed.places.is_empty() || c.places == placed.places || placed.places.iter().all(there)
        };
        let holds = |i: &usize| {
            let c = &self.found[*i];
            let fits = |p: &Placed| {
                p.mention.outcome == placed.mention.outcome && total(p) >= total(placed)
            };
            c.status == Status::Current && !c.period && within(c) && self.counts(c).any(fits)
        };
        let newest = self.current.filter(holds);
        let any = || (0..self.found.len()).rev().find(holds);
        newest.or_else(any).filter(|_| placed.mention.form == Form::Share)
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
        let goes_on = is_later_toll(told, placed)
            || self.is_finding(told, placed)
            || told.siege && !is_victims(placed);
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
            if told.one_of && recent.is_some_and(|r| self.is_another(told, placed, r)) {
                return None;
            }
            return met.last().copied().filter(|m| all.contains(m)).or(recent);
        }
        let mut exact = all.iter().copied().filter(|i| self.found[*i].places == placed.places);
        let spot = placed.spot.as_ref();
        let here = |i: &usize| self.counts(&self.found[*i]).any(|p| p.spot.as_ref() == spot);
        let same_spot = exact.clone().find(|i| spot.is_some() && here(i));
        if same_spot.is_some() {
            return same_spot;
        }
        if let Some(exact) = exact.next() {
            return Some(exact).filter(|e| !self.is_another(told, placed, *e));
        }
        let open = |i: &&usize| self.is_unplaced(**i) && self.may_be_in(**i, &placed.places);
        all.iter().find(|i| open(i) && self.repeats(**i, told, placed)).copied()
    }

    /// "Villagers found nine bodies on Friday": the day is that of the finding, unless its
    /// paragraph tells of a deed.
    fn is_finding(&self, told: &Told, placed: &Placed) -> bool {
        let scene = self.scene.as_ref().is_some_and(|s| s.paragraph == told.paragraph);
        placed.mention.rule == FOUND && !scene
    }

    /// Another deed in another spot of the same province: told afresh ("a second
    /// bomb", "gunmen") or under a place of its own ("In Cumilla, …"), in a place that the known event was not in, with a number
    /// that cannot be the known one.
    pub(super) fn is_another(&self, told: &Told, placed: &Placed, known: usize) -> bool {
        let whole = |p: &Placed| self.is_part(told, placed, p);
        let rivals =
            || self.counts(&self.found[known]).filter(|p| same_kind(p, placed) || whole(p));
        if told.one_of && rivals().any(whole) {
            return true;
        }
        let Some(spot) = &placed.spot else { return false };
        let elsewhere = |p: &Placed| p.spot.as_ref().is_some_and(|s| s != spot);
        // "Several corpses were brought to the hospital": some of those told.
        let vague = placed.mention.groups.iter().all(|g| g.vague);
        let apart = |p: &Placed| elsewhere(p) || whole(p);
        (told.introduces || told.fronted)
            && !(vague && placed.mention.rule == "nominal")
            && !self.counts(&self.found[known]).any(|p| p.spot.as_ref() == Some(spot))
            && rivals().any(|p| apart(p) && total(p) != total(placed))
    }

    /// Where "the hospital" of a sentence without a place is, where the story has been in
    /// several places: there a hospital was told of before.
    pub(super) fn pointed_at(&self, index: usize) -> Option<Vec<PlaceCode>> {
        let told = &self.told[index];
        if told.points.is_empty() || !told.places.is_empty() {
            return None;
        }
        let news = |places: &[PlaceCode]| {
            let there = |c: &Cluster| c.status == Status::Current && c.places == places;
            self.found.iter().any(there)
        };
        let here = self.current.map(|c| &self.found[c].places);
        let back = self.told[..index].iter().rev().take(REACH).flat_map(|t| &t.things);
        let mut met = back.filter(|(thing, _)| told.points.contains(thing));
        let places = met.next().map(|(_, places)| places)?;
        (here != Some(places) && news(places)).then(|| places.clone())
    }

    pub(super) fn is_unplaced(&self, i: usize) -> bool {
        self.found[i].places.iter().all(|p| p.is_country())
    }

    /// "In southern Lebanon" is nowhere in Israel: whether an event of which at most the
    /// country is told can have been in one of these places.
    pub(super) fn may_be_in(&self, i: usize, places: &[PlaceCode]) -> bool {
        let known = &self.found[i].places;
        known.iter().all(|k| places.is_empty() || places.iter().any(|p| p.country() == k.country()))
    }

    /// Whether the mention tells again, or adds nothing against, a number that
    /// the unplaced event holds.
    pub(super) fn repeats(&self, i: usize, told: &Told, placed: &Placed) -> bool {
        let mut others = self.counts(&self.found[i]).filter(|p| same_kind(p, placed)).peekable();
        others.peek().is_none() && !told.fronted
            || others.any(|p| total(p) == total(placed) && total(p) > 2)
    }
}
