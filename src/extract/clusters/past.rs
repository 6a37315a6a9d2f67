//! Background as it is told: an earlier event in several sentences, totals over a period,
//! and where "in the city" was.

use super::{Cluster, Sorter};
use crate::extract::dates::{Grain, When};
use crate::extract::event::Status;
use crate::extract::tellings::{Placed, Told};
use crate::lexicon::PlaceCode;

impl Sorter<'_> {
    /// "1,366 civilians were killed in six months. Children were hit hard, with 327
    /// deaths": a survey's further numbers, while it told of no attack yet.
    pub(super) fn goes_on_surveying(&self, placed: &Placed) -> bool {
        let surveys = self.found.first().is_some_and(|c| c.period);
        let news = self.found.iter().any(|c| c.status == Status::Current);
        surveys && !news && placed.when.is_none() && placed.spot.is_none()
    }

    /// The background event of the sentence before, where this one only goes on
    /// about it: same paragraph, no time and no place of its own.
    pub(super) fn goes_on(&self, index: usize, placed: &Placed) -> Option<usize> {
        let told = &self.told[index];
        let last = self.last.filter(|l| self.found[*l].status == Status::Background)?;
        let (before, _) = self.found[last].mentions.last()?;
        let near = self.current.is_none() || self.told[*before].paragraph == told.paragraph;
        // "Tuesday's attack came a week after 13 were killed. Six died *this time*."
        let news = self.current.is_none() && self.tells_of_today(*before);
        let near = near && !news;
        let follows = *before < index
            && near
            && told.whens.is_empty()
            && placed.places.is_empty()
            && !told.elsewhere;
        follows.then_some(last)
    }

    /// Whether a sentence that counts people of an earlier day names a deed of these days
    /// too.
    fn tells_of_today(&self, index: usize) -> bool {
        let told = &self.told[index];
        let own = |w: &When| told.mentions.iter().any(|p| p.when.as_ref() == Some(w));
        let fresh = |w: &When| {
            let age = (self.today - w.days.last()).get_days();
            w.grain == Grain::Day && !w.speech && !w.relative && age <= 2
        };
        told.deed && told.whens.iter().any(|w| fresh(w) && !own(w))
    }

    pub(super) fn period_cluster(
        &mut self,
        index: usize,
        placed: &Placed,
        status: Status,
    ) -> usize {
        let days = placed.when.as_ref().map(|w| w.days);
        let places = self.places_so_far(index, placed);
        let same = self.found.iter().position(|c| c.period && c.days == days && c.places == places);
        same.unwrap_or_else(|| {
            let cluster = Cluster::new(places, days, status);
            self.add(Cluster { period: true, apart: true, ..cluster })
        })
    }

    /// The places of the mention; of one that was "in the province", those told last: in
    /// its own paragraph, else of the news.
    pub(super) fn places_so_far(&self, index: usize, placed: &Placed) -> Vec<PlaceCode> {
        let told = &self.told[index];
        let same = told.same_place || self.follows_pointer(index);
        if !placed.places.is_empty() || !same || told.other_place || placed.own_time {
            return placed.places.clone();
        }
        let beside = self.told[..index].iter().rev().take_while(|t| t.paragraph == told.paragraph);
        let divided = |t: &&Told| !t.governed && t.places.iter().any(|p| !p.is_country());
        let before = beside.into_iter().find(divided).map(|t| &t.places);
        let news = || self.current.map(|c| &self.found[c].places);
        before.filter(|p| p.len() == 1).or_else(news).cloned().unwrap_or_default()
    }

    /// "It was their second raid *in the district*. On April 6 they killed 76": of a sentence
    /// that only says so much, in the same paragraph.
    pub(super) fn follows_pointer(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1).map(|b| &self.told[b]) else { return false };
        before.paragraph == self.told[index].paragraph
            && before.same_place
            && before.backward
            && before.mentions.is_empty()
            && before.places.is_empty()
    }
}
