//! Articles that come in late: what came out after them is taken up anew, so that
//! the events are those that the right order would have made.

use std::collections::BTreeMap;

use jiff::ToSpan;

use crate::correlate::book::Book;
use crate::correlate::entry::Entry;
use crate::correlate::event::{ArticleId, Event, Sighting};
use crate::correlate::settle;
use crate::extract::event::Days;
use crate::lexicon::PlaceCode;

/// Reports over more days bear on too much to be taken up anew for.
const LONGEST: i64 = 5;

/// Reports that are taken up anew at most: a day of a war.
const MOST: usize = 2000;

impl Book<'_> {
    /// Takes out of the events what came out after the earliest of the entries and
    /// may bear on them or on one another; returns it as entries, with those given.
    pub fn rewind(&mut self, mut entries: Vec<Entry>) -> Vec<Entry> {
        let told = entries.iter().filter(|entry| !entry.sightings.is_empty());
        let Some(earliest) = told.map(|entry| entry.order.clone()).min() else { return entries };
        let later = |s: &Sighting| {
            let (at, fetched, article, _) = settle::order(s);
            (at, fetched, article) > (earliest.0, earliest.1, &earliest.2)
        };
        let reach = self.reach(&entries);
        let bears = |event: &Event| {
            event.sightings.iter().any(|sighting| {
                let days = settle::window(sighting);
                let held = |place: &PlaceCode| {
                    reach.get(&place.country()).is_some_and(|reach| reach.overlap(&days))
                };
                sighting.report.places.iter().any(held)
            })
        };
        let affected: Vec<usize> = (0..self.events.len())
            .filter(|index| self.events[*index].sightings.iter().any(&later))
            .filter(|index| bears(&self.events[*index]))
            .collect();
        let moved = affected.iter().map(|index| self.events[*index].sightings.len());
        if moved.sum::<usize>() > MOST {
            return entries;
        }
        let mut again: BTreeMap<ArticleId, Entry> = BTreeMap::new();
        for index in affected {
            self.take_out(index, &later, &mut again);
        }
        entries.extend(again.into_values());
        entries
    }

    /// The days, by country, that the entries and what they may bear on lie in.
    fn reach(&self, entries: &[Entry]) -> BTreeMap<PlaceCode, Days> {
        let mut reach: BTreeMap<PlaceCode, Days> = BTreeMap::new();
        for sighting in entries.iter().flat_map(|entry| &entry.sightings) {
            widen(&mut reach, sighting);
        }
        loop {
            let before = reach.clone();
            for sighting in self.events.iter().flat_map(|event| &event.sightings) {
                let touches = |place: &PlaceCode| {
                    let days = settle::window(sighting);
                    before.get(&place.country()).is_some_and(|reach| reach.overlap(&days))
                };
                if sighting.report.places.iter().any(touches) {
                    widen(&mut reach, sighting);
                }
            }
            if reach == before {
                return reach;
            }
        }
    }

    fn take_out(
        &mut self,
        index: usize,
        later: &impl Fn(&Sighting) -> bool,
        again: &mut BTreeMap<ArticleId, Entry>,
    ) {
        let event = self.events[index].to_mut();
        let had = event.sightings.iter().map(|s| (s.article.clone(), s.ordinal)).collect();
        let (out, kept) = std::mem::take(&mut event.sightings).into_iter().partition(later);
        event.sightings = kept;
        if event.sightings.is_empty() {
            self.emptied.insert(index, had);
        }
        self.touched.entry(index).or_insert(false);
        for sighting in out {
            if let Some(events) = self.of.get_mut(&sighting.article) {
                events.remove(&index);
            }
            let (at, fetched, article, _) = settle::order(&sighting);
            let order = (at, fetched, article.clone());
            let entry = again.entry(article.clone()).or_insert_with(|| Entry {
                order,
                source: sighting.source.clone(),
                replaces: None,
                sightings: Vec::new(),
            });
            entry.sightings.push(sighting);
            entry.sightings.sort_by_key(|sighting| sighting.ordinal);
        }
    }

    /// An event that was emptied lives on in the new one that has most of its reports;
    /// where that is an older one, it says so.
    pub fn give_names_back(&mut self) {
        for (index, had) in std::mem::take(&mut self.emptied) {
            if !self.events[index].is_withdrawn() {
                continue;
            }
            let mut heirs: BTreeMap<usize, usize> = BTreeMap::new();
            for (article, ordinal) in &had {
                let holds = |at: &&usize| {
                    let sightings = &self.events[**at].sightings;
                    sightings.iter().any(|s| (&s.article, s.ordinal) == (article, *ordinal))
                };
                if let Some(at) = self.of.get(article).and_then(|events| events.iter().find(holds))
                {
                    *heirs.entry(*at).or_default() += 1;
                }
            }
            let most = |heirs: &BTreeMap<usize, usize>, new: bool| {
                let of = heirs.iter().filter(|(at, _)| !new || self.touched.get(at) == Some(&true));
                of.max_by_key(|(at, n)| (**n, std::cmp::Reverse(**at))).map(|(at, _)| *at)
            };
            if let Some(new) = most(&heirs, true) {
                let sightings = std::mem::take(&mut self.events[new].to_mut().sightings);
                self.touched.remove(&new);
                for sighting in &sightings {
                    let events = self.of.entry(sighting.article.clone()).or_default();
                    events.remove(&new);
                    events.insert(index);
                }
                self.rename(new, index, &sightings);
                self.events[index].to_mut().sightings = sightings;
            } else if let Some(other) = most(&heirs, false) {
                let id = self.events[other].id.clone();
                self.events[index].to_mut().merged_into = Some(id);
            }
        }
    }
}

/// The country's days with those of the sighting, unless it may be anywhere in them.
fn widen(reach: &mut BTreeMap<PlaceCode, Days>, sighting: &Sighting) {
    let days = settle::window(sighting);
    let long = days.first().saturating_add(LONGEST.days()) < days.last();
    for country in sighting.report.places.iter().map(PlaceCode::country) {
        match reach.get_mut(&country) {
            Some(_) if long => {}
            Some(known) => {
                *known =
                    Days::between(known.first().min(days.first()), known.last().max(days.last()));
            }
            None => {
                reach.insert(country, days);
            }
        }
    }
}
