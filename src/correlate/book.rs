//! The events in work: gives each report of an article its place among them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use crate::correlate::entry::{Entry, words};
use crate::correlate::event::{ArticleId, Change, Event, EventId, Sighting, What};
use crate::correlate::overrides::{self, Override};
use crate::correlate::scene::Nearness;
use crate::correlate::settle::Order;
use crate::correlate::{campaign, event_id, likeness, scene, settle, sums, toll};
use crate::extract::event::Outcome;
use crate::lexicon::PlaceCode;

/// The events in work, found by the places of their reports.
pub struct Book<'a> {
    pub events: Vec<Cow<'a, Event>>,
    /// The first of them as they were before.
    pub known: Vec<&'a Event>,
    /// By the very places that reports give.
    at: HashMap<PlaceCode, BTreeSet<usize>>,
    /// By country: all that lies in it, however finely it is told.
    within: HashMap<PlaceCode, BTreeSet<usize>>,
    /// Which events an article is sighted in.
    pub of: HashMap<ArticleId, BTreeSet<usize>>,
    by_id: HashMap<EventId, usize>,
    /// The words of each article's title that say something.
    words: HashMap<ArticleId, Vec<u64>>,
    /// What the articles touched, and whether they founded it.
    pub touched: BTreeMap<usize, bool>,
    /// The events that were emptied to be filled anew, with the reports they had.
    pub emptied: BTreeMap<usize, Vec<(ArticleId, u32)>>,
    /// What persons said of them.
    overrides: &'a [Override],
    /// Which event a person gave a report to.
    pins: HashMap<(&'a ArticleId, u32), &'a EventId>,
}

impl<'a> Book<'a> {
    /// With those of the known events that the entries can bear on.
    pub fn open(known: &'a [Event], overrides: &'a [Override], entries: &[Entry]) -> Book<'a> {
        let reports = || entries.iter().flat_map(|entry| &entry.sightings);
        let places = reports().flat_map(|sighting| &sighting.report.places);
        let countries: BTreeSet<PlaceCode> = places.map(PlaceCode::country).collect();
        let replaced: BTreeSet<&ArticleId> =
            entries.iter().filter_map(|entry| entry.replaces.as_ref()).collect();
        let bears = |sighting: &Sighting| {
            sighting.report.places.iter().any(|place| countries.contains(&place.country()))
                || replaced.contains(&sighting.article)
        };
        let mut known: Vec<&Event> =
            known.iter().filter(|event| event.sightings.iter().any(bears)).collect();
        known.sort_by(|a, b| age(a).cmp(&age(b)));
        let mut book = Book {
            events: known.iter().map(|event| Cow::Borrowed(*event)).collect(),
            known: Vec::new(),
            at: HashMap::new(),
            within: HashMap::new(),
            of: HashMap::new(),
            by_id: HashMap::new(),
            words: HashMap::new(),
            touched: BTreeMap::new(),
            emptied: BTreeMap::new(),
            overrides,
            pins: overrides::pins(overrides),
        };
        for (index, event) in known.iter().enumerate() {
            book.by_id.insert(event.id.clone(), index);
            for sighting in &event.sightings {
                book.index(index, sighting);
            }
        }
        book.known = known;
        book
    }

    fn index(&mut self, index: usize, sighting: &Sighting) {
        for place in &sighting.report.places {
            self.at.entry(*place).or_default().insert(index);
            self.within.entry(place.country()).or_default().insert(index);
        }
        self.of.entry(sighting.article.clone()).or_default().insert(index);
        let words = || words(&sighting.title);
        self.words.entry(sighting.article.clone()).or_insert_with(words);
    }

    /// Gives each report of the article an event of its own: two reports of one
    /// article are two events, whatever other outlets make of them.
    pub fn enter(&mut self, mut entry: Entry, now: Timestamp) {
        let mut sightings = std::mem::take(&mut entry.sightings);
        for sighting in &sightings {
            let words = || words(&sighting.title);
            self.words.entry(sighting.article.clone()).or_insert_with(words);
        }
        let mut assigned = self.assign(&sightings);
        for (sighting, index) in sightings.iter().zip(&mut assigned) {
            if let Some(event) = self.pins.get(&(&sighting.article, sighting.ordinal)).copied() {
                let known = self.by_id.get(event).copied();
                *index = Some(known.unwrap_or_else(|| self.add(event.clone(), now)));
            }
        }
        for (sighting, index) in sightings.iter_mut().zip(&assigned) {
            sighting.corrects |= index.is_some_and(|index| self.lowers(&entry, sighting, index));
        }
        self.take_back(&entry);
        for (sighting, index) in sightings.into_iter().zip(assigned) {
            let index = index.unwrap_or_else(|| self.found(&sighting, now));
            self.index(index, &sighting);
            self.events[index].to_mut().sightings.push(sighting);
            self.touched.entry(index).or_insert(false);
        }
    }

    /// The best event for each report, best pair first, each event once.
    fn assign(&self, sightings: &[Sighting]) -> Vec<Option<usize>> {
        let mut pairs = Vec::new();
        for (at, sighting) in sightings.iter().enumerate() {
            for index in self.candidates(sighting) {
                if let Some(score) = self.likeness(sighting, index) {
                    pairs.push((score, at, index));
                }
            }
        }
        pairs.sort_by(|a, b| {
            let age = |index: usize| age(&self.events[index]);
            b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then_with(|| age(a.2).cmp(&age(b.2)))
        });
        let mut assigned = vec![None; sightings.len()];
        let mut taken = BTreeSet::new();
        for (_, at, index) in pairs {
            if assigned[at].is_none() && taken.insert(index) {
                assigned[at] = Some(index);
            }
        }
        assigned
    }

    /// The events with a place that the report's places are, hold or lie in; of very
    /// many the newest.
    fn candidates(&self, sighting: &Sighting) -> impl Iterator<Item = usize> {
        let mut found = BTreeSet::new();
        for place in &sighting.report.places {
            let held = if place.is_country() { self.within.get(place) } else { self.at.get(place) };
            let unlocated = self.at.get(&place.country());
            for events in held.into_iter().chain(unlocated) {
                found.extend(events.iter().rev().take(MOST_CANDIDATES).copied());
            }
        }
        found.into_iter().rev().take(MOST_CANDIDATES)
    }

    /// How well the report fits the event: no report in it may contradict, the most
    /// alike speaks for all, and the spot is that of all together.
    fn likeness(&self, sighting: &Sighting, index: usize) -> Option<i32> {
        if self.of.get(&sighting.article).is_some_and(|events| events.contains(&index)) {
            return None;
        }
        let event = &self.events[index];
        let mut best: Option<i32> = None;
        let (mut akin, mut falls) = (false, false);
        let speakers = speakers(&event.sightings, sighting);
        for other in &speakers {
            if !likeness::compatible(sighting, other) {
                return None;
            }
            akin |=
                sighting.story == other.story || sighting.copy_of.as_ref() == Some(&other.article);
            falls |= likeness::falls_within_a_source(sighting, other);
            best =
                best.max(Some(likeness::score(sighting, other, self.in_common(sighting, other))));
        }
        let spots = speakers.iter().flat_map(|other| &other.scene.localities);
        let spot = match scene::nearness(&sighting.scene.localities, spots) {
            // One text told twice may add where it was.
            Nearness::Apart if !akin => return None,
            Nearness::Apart | Nearness::Untold => 0,
            Nearness::Unlike => -4,
            Nearness::Same => 2,
        };
        let fall = if falls { -3 } else { 0 };
        best.map(|best| best + spot + fall).filter(|score| *score >= likeness::ENOUGH)
    }

    /// Words that the titles have in common.
    fn in_common(&self, a: &Sighting, b: &Sighting) -> usize {
        let words = |s: &Sighting| self.words.get(&s.article).map_or(&[][..], Vec::as_slice);
        let others = words(b);
        words(a).iter().filter(|word| others.binary_search(word).is_ok()).count()
    }

    /// Whether the version that is replaced gave the event more dead.
    fn lowers(&self, entry: &Entry, sighting: &Sighting, index: usize) -> bool {
        let killed = |s: &Sighting| toll::victims(&s.report, Outcome::Killed).map(|c| c.best());
        let old = self.events[index].sightings.iter().filter(|s| entry.supersedes(s));
        old.filter_map(killed).max() > killed(sighting)
    }

    /// Removes what the older version of the article said in the same source.
    fn take_back(&mut self, entry: &Entry) {
        let Some(old) = &entry.replaces else { return };
        for index in self.of.remove(old).unwrap_or_default() {
            if self.events[index].sightings.iter().any(|s| entry.supersedes(s)) {
                self.events[index].to_mut().sightings.retain(|s| !entry.supersedes(s));
                self.touched.entry(index).or_insert(false);
            }
        }
    }

    fn found(&mut self, sighting: &Sighting, now: Timestamp) -> usize {
        // The report may have founded an event that went on with others without it.
        let ids = (0..).map(|n| event_id(&sighting.article, sighting.ordinal + n * 1_000_000));
        for id in ids {
            match self.by_id.get(&id) {
                Some(index)
                    if self.emptied.contains_key(index) && self.events[*index].is_withdrawn() =>
                {
                    return *index;
                }
                Some(_) => {}
                None => return self.add(id, now),
            }
        }
        unreachable!("a book holds fewer events than there are numbers")
    }

    /// Notes that what was founded as one event is the other.
    pub fn rename(&mut self, from: usize, to: usize, sightings: &[Sighting]) {
        self.by_id.remove(&self.events[from].id);
        for sighting in sightings {
            self.index(to, sighting);
        }
    }

    fn add(&mut self, id: EventId, now: Timestamp) -> usize {
        let index = self.events.len();
        self.by_id.insert(id.clone(), index);
        self.events.push(Cow::Owned(Event::blank(id, now)));
        self.touched.insert(index, true);
        index
    }

    /// Says of each total that an article touched, or whose part it touched, what
    /// it adds up now.
    fn sum_up(&mut self) {
        let mut wholes = BTreeSet::new();
        for event in self.touched.keys().map(|index| &self.events[*index]) {
            let rows = event.places.iter().flat_map(|p| [*p, p.country()]);
            wholes.extend(rows.filter_map(|place| self.at.get(&place)).flatten().copied());
        }
        wholes.retain(|index| sums::may_be_a_sum(&self.events[*index]));
        for index in wholes {
            let whole = &self.events[index];
            let held =
                |p: &PlaceCode| if p.is_country() { self.within.get(p) } else { self.at.get(p) };
            let inside: BTreeSet<&usize> = whole.places.iter().filter_map(held).flatten().collect();
            let parts = sums::parts(whole, inside.into_iter().map(|i| &*self.events[*i]));
            if parts != whole.sum_of {
                self.events[index].to_mut().sum_of = parts;
                self.touched.entry(index).or_insert(false);
            }
        }
    }

    /// Everything that is new or other than it was.
    pub fn close(mut self, now: Timestamp) -> Vec<Change> {
        self.give_names_back();
        for (index, new) in &self.touched {
            let event = self.events[*index].to_mut();
            event.sightings.sort_by(|a, b| settle::order(a).cmp(&settle::order(b)));
            match self.known.get(*index).filter(|known| !new && has_come_back(known, event)) {
                Some(known) => self.events[*index] = Cow::Borrowed(known),
                None => {
                    settle::settle(event);
                    overrides::apply(self.overrides, event);
                }
            }
        }
        self.sum_up();
        campaign::join(&mut self);
        let mut changes = Vec::new();
        for (index, new) in self.touched {
            let event = &self.events[index];
            let what = if new {
                // Founded and taken back within one batch: nobody ever saw it.
                (!event.is_withdrawn()).then_some(What::New)
            } else {
                let parts = settle::differences(self.known[index], event);
                (!parts.is_empty()).then_some(What::Changed(parts))
            };
            let Some(what) = what else { continue };
            let mut event = event.clone().into_owned();
            if matches!(what, What::Changed(_)) {
                (event.revision, event.last_changed) = (event.revision + 1, now);
            }
            changes.push(Change { event, what });
        }
        changes
    }
}

/// Whether the event was taken apart and is what it was: what follows from its reports,
/// and what persons said, stands as it is known.
fn has_come_back(known: &Event, event: &Event) -> bool {
    known.id == event.id && !known.sightings.is_empty() && known.sightings == event.sightings
}

/// Events that a report is held against; a flood of more is one that no reader could
/// tell apart either.
const MOST_CANDIDATES: usize = 200;

/// The older first; those of one article in its order.
fn age(event: &Event) -> (Option<Order<'_>>, &EventId) {
    // Reports join in their order.
    (event.sightings.first().map(settle::order), &event.id)
}

/// Reports at either end of a long list that are compared with a new one.
const ENDS: usize = 16;

/// Reports between the ends that are looked through.
const LATELY: usize = 256;

/// Those of the event's reports that a new one is held against: all of a few; of
/// many the first, the last, and of those between what the same outlet or story said
/// lately. A thousand reports of one attack cost no more than a hundred.
fn speakers<'s>(sightings: &'s [Sighting], new: &Sighting) -> Vec<&'s Sighting> {
    let tail = sightings.len().saturating_sub(ENDS).max(ENDS.min(sightings.len()));
    let (first, rest) = sightings.split_at(ENDS.min(sightings.len()));
    let (between, last) = rest.split_at(tail - first.len());
    let akin = |other: &&Sighting| {
        let same_source = other.source == new.source && !new.source.is_empty();
        same_source || other.story == new.story
    };
    let lately = between.iter().rev().take(LATELY).filter(akin).take(ENDS);
    first.iter().chain(last).chain(lately).collect()
}
