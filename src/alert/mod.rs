//! Decides which events deserve an alert. Decides only: `notify` delivers.

pub mod blind;
pub mod explain;
mod flood;
pub mod hold;
pub mod message;
pub mod rule;
pub mod silence;
pub mod window;
mod wording;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::correlate::event::{Certainty, Event};
use crate::extract::event::{self, Count, Party, Status};
use crate::lexicon::PlaceCode;
pub use flood::{SPAN as FLOOD, bound};
use rule::{Alert, AlertType, Bound, Level, Metric, Outcome, Quiet, Severity, Silence, Watch};

/// What the operator wants to be told of, and how places are to be called.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    pub watches: &'a [Watch],
    /// Older events are recorded and not announced.
    pub late_after: SignedDuration,
    /// The plain name of a place: "Kunduz" for `AF-KDZ`, "Afghanistan" for `AF`.
    pub names: &'a dyn Fn(PlaceCode) -> String,
}

/// `late_after` where the operator says nothing.
pub const LATE_AFTER: SignedDuration = SignedDuration::from_hours(72);

/// Holds one event against every watch that holds its place. `history` is what
/// was raised before, oldest first; alerts of other events in it are passed over.
/// The same arguments give the same alerts with the same ids.
pub fn decide(
    rules: &Rules<'_>,
    event: &Event,
    history: &[&Alert],
    now: Timestamp,
) -> Vec<Outcome> {
    let late = is_late(event, rules.late_after, now);
    let of_event = || history.iter().copied().filter(|a| a.tells_of(&event.id));
    let mut outcomes = Vec::new();
    for watch in rules.watches {
        let past = of_event().filter(|a| a.watch == watch.name).collect();
        let matter = Matter { watch, event, past };
        // A watch that was told keeps being told, even when the place was wrong.
        if matter.holds() || matter.open().is_some() {
            outcomes.push(match matter.weigh(late) {
                Ok(step) => Outcome::Raised(Box::new(raise(rules, &matter, step, now))),
                Err(reason) => Outcome::Quiet(quiet(event, Some(watch), reason)),
            });
        }
    }
    if outcomes.is_empty() {
        outcomes.push(Outcome::Quiet(quiet(event, None, Silence::Unwatched)));
    }
    outcomes
}

/// An event, a watch that it is held against, and what was said of the two.
struct Matter<'a> {
    watch: &'a Watch,
    event: &'a Event,
    past: Vec<&'a Alert>,
}

/// What is to be announced of a matter.
enum Step<'a> {
    /// A first level, or one crossed anew after a cancel.
    Open(&'a Level),
    /// A higher level than announced.
    Rise(&'a Level),
    /// A lower level than announced.
    Fall(&'a Level),
    /// The same level on better ground.
    Confirm(&'a Level),
    /// Below every level.
    Close,
}

impl<'a> Matter<'a> {
    /// Whether the watch holds one of the event's places; a country holds all of
    /// its divisions, a division never the country.
    fn holds(&self) -> bool {
        self.watch.holds(self.event)
    }

    /// What was announced last, unless that was a cancel.
    fn open(&self) -> Option<&'a Alert> {
        self.past.last().copied().filter(|last| last.kind != AlertType::Cancel)
    }

    fn weigh(&self, late: bool) -> Result<Step<'a>, Silence> {
        let event = self.event;
        let stands = self.holds() && event.dismissed.is_none();
        let reached = self.watch.reached(event).filter(|_| stands);
        let counts = &self.watch.counts;
        let is_total = !event.sum_of.is_empty();
        match (self.open(), reached) {
            (None, None) if event.dismissed.is_some() => Err(Silence::Dismissed),
            (None, None) => Err(below(self.watch, event)),
            (None, Some(_)) if event.status == Status::Background => Err(Silence::Background),
            (None, Some(_)) if is_total => Err(Silence::Total),
            (None, Some(_)) if event.is_joint() && !counts.joint => Err(Silence::Joint),
            (None, Some(_)) if event.independent < counts.independent => Err(Silence::FewReports),
            (None, Some(_)) if late => Err(Silence::Late),
            (None, Some(level)) => Ok(Step::Open(level)),
            // A correction is owed to those who were told, however late it comes.
            (Some(_), None) => Ok(Step::Close),
            (Some(last), Some(level)) if level.severity < last.level => Ok(Step::Fall(level)),
            (Some(last), Some(level)) => {
                let rises = level.severity > last.level;
                match rises || event.certainty > last.certainty {
                    false => Err(Silence::Announced),
                    true if is_total => Err(Silence::Total),
                    true if late => Err(Silence::Late),
                    true if rises => Ok(Step::Rise(level)),
                    true => Ok(Step::Confirm(level)),
                }
            }
        }
    }
}

impl Watch {
    /// Whether it holds one of the event's places; a country holds all of its
    /// divisions, a division never the country.
    pub fn holds(&self, event: &Event) -> bool {
        let watched = &self.places;
        event.places.iter().any(|p| watched.contains(p) || watched.contains(&p.country()))
    }

    /// The level at which the event would be announced if nothing had been before.
    pub fn fires(&self, event: &Event) -> Option<&Level> {
        let told = event.status == Status::Current
            && event.dismissed.is_none()
            && event.sum_of.is_empty()
            && event.independent >= self.counts.independent
            && (self.counts.joint || !event.is_joint());
        self.reached(event).filter(|_| told && self.holds(event))
    }

    /// The most severe level that the event alone reaches, and of these the one with
    /// the highest threshold.
    pub fn reached(&self, event: &Event) -> Option<&Level> {
        let reaches = |level: &&Level| {
            level.within.is_none() && self.value(event, level.metric) >= level.threshold.get()
        };
        self.levels.iter().filter(reaches).max_by_key(|l| (l.severity, l.threshold))
    }

    /// What the watch counts of the event, with its bounds.
    pub fn measure(&self, event: &Event, metric: Metric) -> Count {
        sum(event, metric, |party| self.counts.parties.contains(&party))
    }

    /// The number that is held against a threshold.
    pub fn value(&self, event: &Event, metric: Metric) -> u32 {
        let count = self.measure(event, metric);
        let most = count.high().unwrap_or(count.best()).max(count.best());
        match self.counts.bound {
            Bound::High => most,
            _ if self.counts.claims && event.certainty == Certainty::Unknown => most,
            Bound::Best => count.best(),
            Bound::Low => count.low(),
        }
    }
}

fn below(watch: &Watch, event: &Event) -> Silence {
    let most = |level: &Level| {
        let count = watch.measure(event, level.metric);
        level.within.is_none() && count.high().unwrap_or(count.best()) >= level.threshold.get()
    };
    match event.certainty == Certainty::Unknown && watch.levels.iter().any(most) {
        true => Silence::ClaimOnly,
        false => Silence::BelowLevels,
    }
}

/// People whom the metric counts in the event: everyone but the militants.
pub fn measure(event: &Event, metric: Metric) -> Count {
    sum(event, metric, |party| party != Party::Militant)
}

fn sum(event: &Event, metric: Metric, counts: impl Fn(Party) -> bool) -> Count {
    let outcomes: &[event::Outcome] = match metric {
        Metric::Killed => &[event::Outcome::Killed],
        Metric::Wounded => &[event::Outcome::Wounded],
        Metric::Casualties => &[event::Outcome::Killed, event::Outcome::Wounded],
        Metric::Abducted => &[event::Outcome::Abducted],
        Metric::Events => return Count::exactly(u32::from(!event.is_taken_back())),
    };
    let counted = event.tolls.iter().filter(|t| counts(t.party) && outcomes.contains(&t.outcome));
    counted.map(|t| t.count).reduce(Count::plus).unwrap_or(Count::exactly(0))
}

/// Whether the event's last possible day, or its first report where no day is
/// told, lies longer back than `late_after`.
fn is_late(event: &Event, late_after: SignedDuration, now: Timestamp) -> bool {
    let told = event.sightings.iter().map(|s| s.published.unwrap_or(s.fetched).min(s.fetched));
    let ended = match event.when {
        // The end of the UTC day: a few hours' grace in the east.
        Some(days) => days
            .last()
            .checked_add(1.day())
            .and_then(|day| day.to_zoned_datetime(TimeZone::UTC))
            .map_or(Timestamp::MAX, |midnight| midnight.timestamp()),
        None => told.min().unwrap_or(event.first_seen),
    };
    now.duration_since(ended) > late_after
}

fn raise(rules: &Rules<'_>, matter: &Matter<'_>, step: Step<'_>, now: Timestamp) -> Alert {
    let Matter { watch, event, past } = matter;
    let last = past.last().copied();
    let lowest = || last.map_or(Severity::Notice, |last| last.level);
    let (kind, level) = match step {
        Step::Open(level) => (AlertType::Alert, level.severity),
        Step::Rise(level) | Step::Fall(level) | Step::Confirm(level) => {
            (AlertType::Update, level.severity)
        }
        Step::Close => (AlertType::Cancel, lowest()),
    };
    let metric = match step {
        Step::Open(l) | Step::Rise(l) | Step::Fall(l) | Step::Confirm(l) => l.metric,
        Step::Close => last.map_or(Metric::Killed, |last| last.metric),
    };
    Alert {
        id: alert_id(matter, kind, level),
        kind,
        sent: now,
        level,
        previous_level: last.filter(|l| l.kind != AlertType::Cancel).map(|l| l.level),
        watch: watch.name.clone(),
        places: event.places.clone(),
        joint: event.is_joint(),
        metric,
        value: watch.measure(event, metric),
        event_id: event.id.clone(),
        references: past.first().map(|first| first.id.clone()),
        headline: wording::headline(rules.names, event, kind),
        reason: wording::reason(watch, event, &step, last),
        sources: unique(event.sightings.iter().map(|s| s.source.as_str())),
        links: unique(event.sightings.iter().filter_map(|s| s.link.as_deref())),
        independent: event.independent,
        certainty: event.certainty,
        window: None,
        events: Vec::new(),
    }
}

/// The n-th thing said of an event to a watch has one id everywhere.
fn alert_id(matter: &Matter<'_>, kind: AlertType, level: Severity) -> String {
    let said = matter.past.len();
    let (event, watch) = (&matter.event.id.0, &matter.watch.name);
    let text = format!("alert\n{event}\n{watch}\n{said}\n{kind:?}\n{level:?}");
    blake3::hash(text.as_bytes()).to_hex()[..24].to_owned()
}

/// The non-empty texts in their order, each once.
fn unique<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for text in texts.filter(|t| !t.is_empty()) {
        if !out.iter().any(|seen| seen == text) {
            out.push(text.to_owned());
        }
    }
    out
}

fn quiet(event: &Event, watch: Option<&Watch>, reason: Silence) -> Quiet {
    Quiet { event_id: event.id.clone(), watch: watch.map(|w| w.name.clone()), reason }
}
