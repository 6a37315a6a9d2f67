//! Levels that add up events over days, by the day of the event. One alert a
//! crossing: it is raised again when a higher level is crossed, taken back when a
//! correction undoes it, and forgotten when its days have gone by.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::alert::rule::{
    Alert, AlertType, Bound, Level, Metric, Outcome, Per, Quiet, Silence, Watch, Window, Within,
};
use crate::alert::{Rules, is_late, unique, wording};
use crate::correlate::event::{Event, EventId};
use crate::extract::event::{Count, Status};
use crate::lexicon::PlaceCode;

/// The most days that any level of the watches adds up.
pub fn longest(watches: &[Watch]) -> Option<u16> {
    let levels = watches.iter().flat_map(|watch| &watch.levels);
    levels.filter_map(|level| level.within).map(|within| within.days).max()
}

/// What the sums come to now. `ledger` holds every event of the days that count, as
/// it stands; only what `changed` touches is weighed. `alerts` are those raised before.
pub fn decide(
    rules: &Rules<'_>,
    ledger: &[&Event],
    changed: &BTreeSet<&EventId>,
    alerts: &[&Alert],
    now: Timestamp,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for watch in rules.watches {
        let ladders: BTreeSet<Within> = watch.levels.iter().filter_map(|l| l.within).collect();
        for within in ladders {
            for place in places(watch, within.per, ledger, changed) {
                let sum = Sum { rules, watch, within, place, ledger, now };
                outcomes.extend(sum.decide(changed, alerts));
            }
        }
    }
    outcomes
}

/// The scopes in which something changed: the watch, or each of its places.
fn places(
    watch: &Watch,
    per: Per,
    ledger: &[&Event],
    changed: &BTreeSet<&EventId>,
) -> BTreeSet<Option<PlaceCode>> {
    let touched = ledger.iter().filter(|e| changed.contains(&e.id) && watch.holds(e));
    match per {
        Per::Watch => touched.map(|_| None).collect(),
        Per::Place => touched.flat_map(|event| &event.places).map(|place| Some(*place)).collect(),
    }
}

/// One sum of one watch.
struct Sum<'a> {
    rules: &'a Rules<'a>,
    watch: &'a Watch,
    within: Within,
    place: Option<PlaceCode>,
    ledger: &'a [&'a Event],
    now: Timestamp,
}

impl<'a> Sum<'a> {
    fn decide(&self, changed: &BTreeSet<&EventId>, alerts: &[&Alert]) -> Option<Outcome> {
        let today = TimeZone::UTC.to_datetime(self.now).date();
        let window = self.ending(today);
        let open = alerts.iter().rev().copied().find(|alert| self.is_ours(alert));
        let open = open.filter(|last| {
            let days = last.window.as_ref().map(|window| window.last);
            last.kind != AlertType::Cancel && days.is_some_and(|day| day >= window.first)
        });
        let fresh = self.events(&window).into_iter().filter(|event| changed.contains(&event.id));
        let newest = fresh
            .filter(|event| !is_late(event, self.rules.late_after, self.now))
            .max_by_key(|event| (self.watch.value(event, Metric::Killed), &event.id));
        match (open, self.reached(&window), newest) {
            (None, Some(level), Some(event)) => Some(self.first(level, &window, event, alerts)),
            (Some(last), Some(level), Some(event)) if level.severity > last.level => {
                Some(self.raise(AlertType::Update, level, &window, event, Some(last), alerts))
            }
            (Some(last), ..) => self.taken_back(last, alerts),
            _ => None,
        }
    }

    fn first(&self, level: &Level, window: &Window, event: &Event, alerts: &[&Alert]) -> Outcome {
        let explains = |event: &&&Event| {
            self.watch.value(event, level.metric) >= level.threshold.get()
                && alerts.iter().any(|alert| {
                    alert.watch == self.watch.name
                        && alert.tells_of(&event.id)
                        && alert.level >= level.severity
                })
        };
        match self.events(window).iter().find(explains) {
            Some(event) if level.metric != Metric::Events => Outcome::Quiet(Quiet {
                event_id: event.id.clone(),
                watch: Some(format!("{}, {} days", self.watch.name, self.within.days)),
                reason: Silence::Grouped,
            }),
            _ => self.raise(AlertType::Alert, level, window, event, None, alerts),
        }
    }

    /// Only a correction takes an alert back, not the days that go by.
    fn taken_back(&self, last: &Alert, alerts: &[&Alert]) -> Option<Outcome> {
        let window = last.window.clone()?;
        let was = self.watch.levels.iter().filter(|level| level.within == Some(self.within));
        let lowest = was.filter(|level| level.metric == last.metric).map(|l| l.threshold).min()?;
        let sum = self.value(&window, last.metric);
        if sum >= lowest.get() {
            return None;
        }
        let level = Level {
            severity: last.level,
            metric: last.metric,
            threshold: lowest,
            within: Some(self.within),
        };
        let event = self.ledger.iter().find(|event| event.id == last.event_id)?;
        Some(self.raise(AlertType::Cancel, &level, &window, event, Some(last), alerts))
    }

    fn is_ours(&self, alert: &Alert) -> bool {
        let days = i32::from(self.within.days) - 1;
        alert.watch == self.watch.name
            && alert.window.as_ref().is_some_and(|window| {
                window.place == self.place
                    && window.first.checked_add(days.days()).is_ok_and(|last| last == window.last)
            })
    }

    fn ending(&self, last: Date) -> Window {
        let days = i32::from(self.within.days) - 1;
        Window { first: last.saturating_sub(days.days()), last, place: self.place }
    }

    /// What counts: news of these days, each attack once.
    fn events(&self, window: &Window) -> Vec<&'a Event> {
        let counts = |event: &&&Event| {
            let day = match event.when {
                Some(days) => days.last(),
                None => TimeZone::UTC.to_datetime(event.first_seen).date(),
            };
            // A day more, because local days begin before the UTC day.
            let inside = window.first <= day && day <= window.last.saturating_add(1.day());
            let here = self.place.is_none_or(|place| event.places.contains(&place));
            inside
                && here
                && self.watch.holds(event)
                && event.status == Status::Current
                && event.sum_of.is_empty()
                && !event.is_taken_back()
                && event.dismissed.is_none()
                && event.independent >= self.watch.counts.independent
                && (self.watch.counts.joint || !event.is_joint())
        };
        self.ledger.iter().filter(counts).copied().collect()
    }

    fn crossings<'w>(&self, level: &'w Level, found: &mut Vec<Crossing<'w>>) {
        let days: BTreeSet<Date> =
            self.ledger.iter().filter_map(|e| e.when).map(|d| d.last()).collect();
        let mut told: Option<Date> = None;
        for day in days {
            // Looked back at, no day has begun elsewhere before.
            let window = Window { last: day.saturating_sub(1.day()), ..self.ending(day) };
            let value = self.value(&window, level.metric);
            let is_open = told.is_some_and(|told| told >= window.first);
            if value >= level.threshold.get() && !is_open {
                told = Some(day);
                found.push(Crossing { day, place: self.place, level, value });
            }
        }
    }

    fn value(&self, window: &Window, metric: Metric) -> u32 {
        let events = self.events(window);
        let values = events.iter().map(|event| self.watch.value(event, metric));
        values.fold(0, u32::saturating_add)
    }

    fn reached(&self, window: &Window) -> Option<&'a Level> {
        let reaches = |level: &&Level| {
            level.within == Some(self.within)
                && self.value(window, level.metric) >= level.threshold.get()
        };
        self.watch.levels.iter().filter(reaches).max_by_key(|l| (l.severity, l.threshold))
    }

    fn raise(
        &self,
        kind: AlertType,
        level: &Level,
        window: &Window,
        event: &Event,
        last: Option<&Alert>,
        alerts: &[&Alert],
    ) -> Outcome {
        let events = self.events(window);
        let counts = events.iter().map(|event| self.watch.measure(event, level.metric));
        let value = counts.reduce(Count::plus).unwrap_or(Count::exactly(0));
        let said = alerts.iter().filter(|alert| self.is_ours(alert)).count();
        let places: BTreeSet<PlaceCode> =
            events.iter().flat_map(|event| &event.places).copied().collect();
        let first = last.map(|last| last.references.clone().unwrap_or_else(|| last.id.clone()));
        let total = match self.watch.counts.bound {
            Bound::Low => value.low(),
            _ => value.best(),
        };
        Outcome::Raised(Box::new(Alert {
            id: self.id(window, kind, level, said),
            kind,
            sent: self.now,
            level: level.severity,
            previous_level: last.map(|last| last.level),
            watch: self.watch.name.clone(),
            places: self.place.map_or_else(|| places.into_iter().collect(), |place| vec![place]),
            joint: false,
            metric: level.metric,
            value,
            event_id: event.id.clone(),
            references: first,
            headline: wording::sum(self.rules.names, self.watch, window, level, &events, kind),
            reason: wording::sum_reason(self.watch, self.within, level, total, kind),
            sources: unique(events.iter().flat_map(|e| &e.sightings).map(|s| s.source.as_str())),
            links: Vec::new(),
            independent: events.iter().map(|event| event.independent).max().unwrap_or(0),
            certainty: events.iter().map(|e| e.certainty).min().unwrap_or(event.certainty),
            window: Some(window.clone()),
            events: events.iter().map(|event| event.id.clone()).collect(),
        }))
    }

    /// The n-th thing said of a sum has one id everywhere.
    fn id(&self, window: &Window, kind: AlertType, level: &Level, said: usize) -> String {
        let (watch, place) = (&self.watch.name, self.place.map(String::from).unwrap_or_default());
        let (days, first, level) = (self.within.days, window.first, level.severity);
        let text =
            format!("window\n{watch}\n{place}\n{days}\n{first}\n{said}\n{kind:?}\n{level:?}");
        blake3::hash(text.as_bytes()).to_hex()[..24].to_owned()
    }
}

/// A day on which a sum crossed a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing<'w> {
    pub day: Date,
    /// `None`: over the whole watch.
    pub place: Option<PlaceCode>,
    pub level: &'w Level,
    pub value: u32,
}

/// The days on which a sum of the watch would have crossed a level for the first time,
/// with what it came to.
pub fn crossings<'w>(rules: &Rules<'_>, watch: &'w Watch, ledger: &[&Event]) -> Vec<Crossing<'w>> {
    let all = ledger.iter().map(|event| &event.id).collect();
    let mut found = Vec::new();
    for level in &watch.levels {
        let Some(within) = level.within else { continue };
        for place in places(watch, within.per, ledger, &all) {
            let now = Timestamp::UNIX_EPOCH;
            let sum = Sum { rules, watch, within, place, ledger, now };
            sum.crossings(level, &mut found);
        }
    }
    found
}
