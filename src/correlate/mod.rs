//! Merges the reports of many articles into events and says which count to
//! trust. Decides nothing about alerts.

pub mod event;
mod kin;
mod likeness;
mod settle;
mod sums;
mod toll;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::article::Article;
use crate::extract::event::{Claim, Days, Kind, Outcome, Party, Reading, Reason, Report, Status};
use crate::lexicon::PlaceCode;
use event::{ArticleId, Certainty, Change, Event, EventId, Sighting, What};

/// One article with what was read out of it, ready to be merged.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    pub id: &'a ArticleId,
    pub article: &'a Article,
    pub reading: &'a Reading,
    pub fetched: Timestamp,
    /// The agency that it credits.
    pub agency: Option<&'a str>,
    /// The article that it is a version or a copy of; its own id if none.
    pub story: &'a ArticleId,
    /// The article of whose words it mostly consists, if that is another.
    pub copy_of: Option<&'a ArticleId>,
    /// The version of the same source that it takes the place of.
    pub replaces: Option<&'a ArticleId>,
}

/// The events that the articles make or change, as they stand after all of them.
///
/// The order of `told` does not matter: articles are taken up as they were
/// published. An event that is known stays what it is: it is joined by reports,
/// never split or joined to another.
pub fn merge(known: &[Event], told: &[Told<'_>], now: Timestamp) -> Vec<Change> {
    let mut told: Vec<&Told<'_>> = told.iter().collect();
    told.sort_by_key(|t| t.order());
    let mut book = Book::open(known);
    for article in told {
        book.enter(article, now);
    }
    book.close(known, now)
}

/// The events in work, found by the places of their reports.
struct Book<'a> {
    events: Vec<Cow<'a, Event>>,
    /// By the very places that reports give.
    at: HashMap<PlaceCode, BTreeSet<usize>>,
    /// By country: all that lies in it, however finely it is told.
    within: HashMap<PlaceCode, BTreeSet<usize>>,
    /// Which events an article is sighted in.
    of: HashMap<ArticleId, BTreeSet<usize>>,
    /// What the articles touched, and whether they founded it.
    touched: BTreeMap<usize, bool>,
}

impl<'a> Book<'a> {
    fn open(known: &'a [Event]) -> Book<'a> {
        let mut book = Book {
            events: known.iter().map(Cow::Borrowed).collect(),
            at: HashMap::new(),
            within: HashMap::new(),
            of: HashMap::new(),
            touched: BTreeMap::new(),
        };
        for (index, event) in known.iter().enumerate() {
            for sighting in &event.sightings {
                book.index(index, sighting);
            }
        }
        book
    }

    fn index(&mut self, index: usize, sighting: &Sighting) {
        for place in &sighting.report.places {
            self.at.entry(*place).or_default().insert(index);
            self.within.entry(place.country()).or_default().insert(index);
        }
        self.of.entry(sighting.article.clone()).or_default().insert(index);
    }

    /// Gives each report of the article an event of its own: two reports of one
    /// article are two events, whatever other outlets make of them.
    fn enter(&mut self, told: &Told<'_>, now: Timestamp) {
        let mut sightings = sightings(told);
        let assigned = self.assign(told, &sightings);
        for (sighting, index) in sightings.iter_mut().zip(&assigned) {
            sighting.corrects |= index.is_some_and(|index| self.lowers(told, sighting, index));
        }
        self.take_back(told);
        for (sighting, index) in sightings.into_iter().zip(assigned) {
            let index = index.unwrap_or_else(|| self.found(&sighting, now));
            self.index(index, &sighting);
            self.events[index].to_mut().sightings.push(sighting);
            self.touched.entry(index).or_insert(false);
        }
    }

    /// The best event for each report, best pair first, each event once.
    fn assign(&self, told: &Told<'_>, sightings: &[Sighting]) -> Vec<Option<usize>> {
        let mut pairs = Vec::new();
        for (ordinal, sighting) in sightings.iter().enumerate() {
            for index in self.candidates(sighting) {
                if let Some(score) = self.likeness(told, sighting, index) {
                    pairs.push((score, ordinal, index));
                }
            }
        }
        let age = |index: usize| {
            let first = self.events[index].sightings.iter().map(settle::order).min();
            (first.map(|(at, ..)| at), &self.events[index].id)
        };
        pairs.sort_by(|a, b| {
            b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then_with(|| age(a.2).cmp(&age(b.2)))
        });
        let mut assigned = vec![None; sightings.len()];
        let mut taken = BTreeSet::new();
        for (_, ordinal, index) in pairs {
            if assigned[ordinal].is_none() && taken.insert(index) {
                assigned[ordinal] = Some(index);
            }
        }
        assigned
    }

    /// The events with a place that the report's places are, hold or lie in.
    fn candidates(&self, sighting: &Sighting) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for place in &sighting.report.places {
            let held = if place.is_country() { self.within.get(place) } else { self.at.get(place) };
            let unlocated = self.at.get(&place.country());
            found.extend(held.into_iter().chain(unlocated).flatten());
        }
        found
    }

    /// How well the report fits the event: no report in it may contradict, and
    /// the most alike speaks for all.
    fn likeness(&self, told: &Told<'_>, sighting: &Sighting, index: usize) -> Option<i32> {
        if self.of.get(told.id).is_some_and(|events| events.contains(&index)) {
            return None;
        }
        let mut best = None;
        for other in speakers(&self.events[index].sightings, sighting) {
            if !likeness::compatible(sighting, other) {
                return None;
            }
            best = best.max(Some(likeness::score(sighting, other)));
        }
        best.filter(|score| *score >= likeness::ENOUGH)
    }

    /// Whether the version that is replaced gave the event more dead.
    fn lowers(&self, told: &Told<'_>, sighting: &Sighting, index: usize) -> bool {
        let killed = |s: &Sighting| toll::victims(&s.report, Outcome::Killed).map(|c| c.best());
        let old = self.events[index].sightings.iter().filter(|s| told.supersedes(s));
        old.filter_map(killed).max() > killed(sighting)
    }

    /// Removes what the older version of the article said in the same source.
    fn take_back(&mut self, told: &Told<'_>) {
        let Some(old) = told.replaces else { return };
        for index in self.of.remove(old).unwrap_or_default() {
            if self.events[index].sightings.iter().any(|s| told.supersedes(s)) {
                self.events[index].to_mut().sightings.retain(|s| !told.supersedes(s));
                self.touched.entry(index).or_insert(false);
            }
        }
    }

    fn found(&mut self, sighting: &Sighting, now: Timestamp) -> usize {
        let index = self.events.len();
        let id = event_id(&sighting.article, sighting.ordinal);
        self.events.push(Cow::Owned(blank(id, now)));
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

    fn close(mut self, known: &[Event], now: Timestamp) -> Vec<Change> {
        for index in self.touched.keys() {
            settle::settle(self.events[*index].to_mut());
        }
        self.sum_up();
        let mut changes = Vec::new();
        for (index, new) in self.touched {
            let event = self.events[index].to_mut();
            if new {
                // Founded and taken back within one batch: nobody ever saw it.
                if !event.is_withdrawn() {
                    changes.push(Change { event: event.clone(), what: What::New });
                }
                continue;
            }
            let parts = settle::differences(&known[index], event);
            if !parts.is_empty() {
                event.revision += 1;
                event.last_changed = now;
                changes.push(Change { event: event.clone(), what: What::Changed(parts) });
            }
        }
        changes
    }
}

impl<'a> Told<'a> {
    /// As `settle::order` of its sightings.
    fn order(&self) -> (Timestamp, Timestamp, &'a ArticleId) {
        let at = match self.id == self.story {
            true => settle::told_at(self.article.published, self.fetched),
            false => self.fetched,
        };
        (at, self.fetched, self.id)
    }

    /// Whether the sighting is of the version that this one takes the place of.
    fn supersedes(&self, old: &Sighting) -> bool {
        self.replaces == Some(&old.article) && self.article.source == old.source
    }
}

/// Reports at either end of a long list that are compared with a new one.
const ENDS: usize = 16;

/// Those of the event's reports that a new one is held against: all of a few; of
/// many the first, the last, and what the same outlet or story said.
fn speakers<'s>(sightings: &'s [Sighting], new: &Sighting) -> impl Iterator<Item = &'s Sighting> {
    let tail = sightings.len().saturating_sub(ENDS);
    sightings.iter().enumerate().filter_map(move |(i, other)| {
        let same_source = other.source == new.source && !new.source.is_empty();
        let akin = same_source || other.story == new.story;
        (i < ENDS || i >= tail || akin).then_some(other)
    })
}

/// The days on which what an article of `today` reports may have happened.
pub fn possible_days(report: &Report, today: Date) -> Days {
    settle::possible(report, today)
}

/// Identity of the event that an article's report is the first to tell.
pub fn event_id(article: &ArticleId, ordinal: u32) -> EventId {
    let hash = blake3::hash(format!("event\n{}\n{ordinal}", article.0).as_bytes());
    EventId(hash.to_hex()[..16].to_owned())
}

fn sightings(told: &Told<'_>) -> Vec<Sighting> {
    (0..)
        .zip(&told.reading.events)
        .map(|(ordinal, report)| Sighting {
            article: told.id.clone(),
            source: told.article.source.clone(),
            ordinal,
            published: told.article.published,
            fetched: told.fetched,
            title: told.article.title.clone(),
            link: told.article.link.clone(),
            agency: told.agency.map(str::to_owned),
            story: told.story.clone(),
            copy_of: told.copy_of.cloned(),
            corrects: corrects(told, report),
            report: report.clone(),
        })
        .collect()
}

/// Whether the article itself replaces a higher number by the report's: only
/// then may its lower count overrule the higher one of another outlet.
fn corrects(told: &Told<'_>, report: &Report) -> bool {
    let dropped = || told.reading.dropped.iter().filter(|d| d.reason == Reason::Superseded);
    if dropped().next().is_none() {
        return false;
    }
    let document = told.article.document();
    let told_now = toll::victims(report, Outcome::Killed).map_or(0, |count| count.best());
    dropped()
        .filter_map(|d| document.get(d.range.clone()))
        .filter_map(|words| words.split(|c: char| !c.is_ascii_digit()).find(|w| !w.is_empty()))
        .filter_map(|digits| digits.parse::<u32>().ok())
        .any(|number| number > told_now)
}

fn blank(id: EventId, now: Timestamp) -> Event {
    Event {
        id,
        places: Vec::new(),
        when: None,
        status: Status::Background,
        kind: Kind::Other,
        perpetrator: None,
        claim: Claim::None,
        tolls: Vec::new(),
        sightings: Vec::new(),
        independent: 0,
        disputed: false,
        certainty: Certainty::Unknown,
        sum_of: Vec::new(),
        first_seen: now,
        last_changed: now,
        revision: 1,
    }
}

/// Victims are everyone but the militants.
fn is_victim(party: Party) -> bool {
    party != Party::Militant
}
