//! What the watches say in words, and which events of the last month they would have
//! told of.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::alert::rule::{Level, Watch};
use crate::alert::{Rules, explain, window};
use crate::cli::look::{FAINT, HEADING, Look};
use crate::cli::words;
use crate::config::Config;
use crate::correlate::event::Event;
use crate::lexicon::PlaceCode;
use crate::lexicon::places::Gazetteer;
use crate::store::Store;

/// Days that are looked back.
const DAYS: i32 = 30;

/// The events of the last month, where there is a store.
pub(super) struct Past {
    events: Option<Vec<Event>>,
    late_after: jiff::SignedDuration,
}

/// What a watch would have told of.
struct Firing<'p> {
    day: Option<Date>,
    level: &'p Level,
    value: u32,
    /// Of a sum in one place.
    place: Option<PlaceCode>,
    /// `None`: a sum over days.
    event: Option<&'p Event>,
}

/// The watch in one plain sentence.
pub(super) fn sentence(watch: &Watch, gazetteer: &Gazetteer) -> String {
    explain::sentence(watch, &|code| name(gazetteer, code))
}

fn name(gazetteer: &Gazetteer, code: PlaceCode) -> String {
    gazetteer.division_name(code).unwrap_or(code.as_str()).to_owned()
}

impl Past {
    /// Of the configured store; without one there is no past.
    pub fn of(config: &Config, gazetteer: &Gazetteer) -> Past {
        let _ = gazetteer;
        let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
        let events = config.store.path.exists().then(|| {
            let store = Store::read_only(&config.store.path).ok()?;
            store.events_since(today.saturating_sub(DAYS.days())).ok()
        });
        Past { events: events.flatten(), late_after: config.late_after }
    }

    fn firings<'p>(&'p self, watch: &'p Watch) -> Vec<Firing<'p>> {
        let events = self.events.as_deref().unwrap_or_default();
        let mut firings: Vec<Firing<'_>> = events
            .iter()
            .filter_map(|event| {
                let level = watch.fires(event)?;
                let value = watch.value(event, level.metric);
                let day = event.when.map(|days| days.last());
                Some(Firing { day, level, value, place: None, event: Some(event) })
            })
            .collect();
        let names = |code: PlaceCode| code.to_string();
        let rules = Rules { watches: &[], late_after: self.late_after, names: &names };
        let ledger: Vec<&Event> = events.iter().collect();
        let sums = window::crossings(&rules, watch, &ledger).into_iter();
        firings.extend(sums.map(|sum| Firing {
            day: Some(sum.day),
            level: sum.level,
            value: sum.value,
            place: sum.place,
            event: None,
        }));
        firings.sort_by_key(|firing| firing.day);
        firings
    }

    /// A line a watch, and a line each event that it would have told of.
    pub fn lines(&self, config: &Config, gazetteer: &Gazetteer) -> Vec<String> {
        let mut lines = Vec::new();
        for watch in &config.watches {
            lines.push(format!("says\t{}\t{}", watch.name, sentence(watch, gazetteer)));
            for firing in self.firings(watch) {
                lines.push(format!("past\t{}\t{}", watch.name, told(&firing).join("\t")));
            }
        }
        lines
    }

    /// For a terminal.
    pub fn table(&self, config: &Config, gazetteer: &Gazetteer, look: Look) -> String {
        let mut out = String::new();
        for watch in &config.watches {
            out += &format!("\n{}\n", look.paint(HEADING, &watch.name));
            out += &format!("{}\n", sentence(watch, gazetteer));
            let firings = self.firings(watch);
            let head = match (&self.events, firings.len()) {
                (None, _) => "there is no store yet to try it on".to_owned(),
                (_, 0) => format!("nothing of the last {DAYS} days would have been told"),
                (_, n) => format!("of the last {DAYS} days it would have told {n} times:"),
            };
            out += &format!("{}\n", look.paint(FAINT, head));
            for firing in firings {
                out += &format!("  {}\n", told(&firing).join("  "));
            }
        }
        out
    }

    pub fn json(&self, watch: &Watch) -> Value {
        if self.events.is_none() {
            return Value::Null;
        }
        let firings = self.firings(watch);
        let rows = firings.iter().map(|firing| {
            json!({"day": firing.day, "level": firing.level.severity, "metric": firing.level.metric,
                   "value": firing.value, "event_id": firing.event.map(|event| &event.id)})
        });
        rows.collect()
    }
}

/// Day, level, number, place.
fn told(firing: &Firing<'_>) -> Vec<String> {
    let Firing { day, level, value, place, event } = firing;
    let day = day.map_or("?".to_owned(), |day| day.to_string());
    let places = event.map(|event| {
        let codes: Vec<&str> = event.places.iter().map(|place| place.as_str()).collect();
        codes.join("+")
    });
    let within = level.within.map(|within| format!(" within {} days", within.days));
    let count = format!("{value} {}{}", words::metric(level.metric), within.unwrap_or_default());
    let together = || place.map_or("all together".to_owned(), |place| format!("in all {place}"));
    let place = places.unwrap_or_else(together);
    vec![day, words::severity(level.severity).to_owned(), count, place]
}
