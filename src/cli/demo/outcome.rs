//! What the demo came to, read back from the store and the alert log, and whether
//! that is what it should have come to.

use std::collections::HashMap;
use std::fs;

use anyhow::Context;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::alert::rule::{Alert, AlertType, Severity, Silence};
use crate::correlate::event::{Event, EventId};
use crate::daemon::{End, Settings, Tally, Turn};
use crate::extract::event::Status;
use crate::source::state::Cause;
use crate::store::{Counts, Store};

/// What is on disk after the demo.
pub(super) struct Outcome {
    turns: Vec<Turn>,
    first: Tally,
    again: Tally,
    pub counts: Counts,
    /// News before background, the newest first.
    pub events: Vec<Event>,
    /// Why an event raised nothing.
    pub quiet: HashMap<EventId, Silence>,
    /// The lines of the alert log.
    pub alerts: Vec<Alert>,
}

/// One thing that has to be so.
pub(super) struct Check {
    pub what: String,
    pub holds: bool,
}

impl Outcome {
    pub fn read(
        settings: &Settings,
        turns: Vec<Turn>,
        first: Tally,
        again: Tally,
        now: Timestamp,
    ) -> anyhow::Result<Outcome> {
        let store = Store::read_only(&settings.store.path)?;
        // The anniversary that is told lies back further than any state of the world.
        let first_day = TimeZone::UTC.to_datetime(now).date().saturating_sub(60.years());
        let mut events = store.events_since(first_day)?;
        events.sort_by_key(|event| {
            (event.status, event.when.map(|days| std::cmp::Reverse(days.first())))
        });
        let quiet = turns.iter().filter_map(|turn| match &turn.end {
            End::Recorded(recorded) => Some(&recorded.assessment.quiet),
            _ => None,
        });
        let quiet = quiet.flatten().map(|quiet| (quiet.event_id.clone(), quiet.reason)).collect();
        let log =
            fs::read_to_string(&settings.alerts.log).context("the alert log cannot be read")?;
        let alerts: Result<Vec<Alert>, _> = log.lines().map(serde_json::from_str).collect();
        Ok(Outcome {
            turns,
            first,
            again,
            counts: store.counts()?,
            events,
            quiet,
            alerts: alerts.context("the alert log holds a line that is no alert")?,
        })
    }

    /// Everything that has to be so, and whether it is.
    pub fn checks(&self) -> Vec<Check> {
        let check = |what: &str, holds: bool| Check { what: what.to_owned(), holds };
        vec![
            check("the Herald was found at its third mirror", self.failed_over()),
            check("the reprint is no second article", self.counts.articles + 1 == self.items()),
            check("three attacks are news, whoever tells of them", self.has_three_attacks()),
            check(
                "one warning each: Kunduz, Badghis, Baghlan with Takhar",
                self.has_three_warnings(),
            ),
            check("nothing is critical", self.alerts.iter().all(|a| a.level < Severity::Critical)),
            check("sport, drill and anniversary raise nothing", self.gazette_is_quiet()),
            check(
                "stopped, started and polled again: nothing new",
                (self.again.articles, self.again.alerts, self.again.failed) == (0, 0, 0)
                    && self.first.failed == 0,
            ),
        ]
    }

    fn items(&self) -> u32 {
        let batches = self.turns.iter().map(|turn| match &turn.end {
            End::Recorded(recorded) => recorded.batch.len(),
            _ => 0,
        });
        u32::try_from(batches.sum::<usize>()).unwrap_or(u32::MAX)
    }

    fn failed_over(&self) -> bool {
        let causes = |turn: &Turn| -> Vec<Option<Cause>> {
            turn.attempts.iter().map(|attempt| attempt.fault).collect()
        };
        let wanted = [Some(Cause::Connect), Some(Cause::Parked), None];
        self.turns.iter().any(|turn| causes(turn) == wanted)
    }

    fn has_three_attacks(&self) -> bool {
        let mut places: Vec<Vec<&str>> = self.news().map(places_of).collect();
        places.sort();
        let told_by_both = self
            .news()
            .filter(|event| event.sightings.iter().any(|sighting| sighting.source == "Oxus Wire"))
            .filter(|event| event.sightings.iter().any(|sighting| sighting.source != "Oxus Wire"));
        places == [vec!["AF-BDG"], vec!["AF-BGL", "AF-TAK"], vec!["AF-KDZ"]]
            && told_by_both.count() == 2
    }

    fn has_three_warnings(&self) -> bool {
        let first = self.alerts.iter().filter(|alert| alert.kind == AlertType::Alert);
        let mut places: Vec<String> = first
            .filter(|alert| alert.level == Severity::Warning)
            .map(|alert| alert.places.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
            .collect();
        places.sort();
        let joint = self.alerts.iter().all(|alert| alert.joint == (alert.places.len() > 1));
        joint && places == ["AF-BDG", "AF-BGL AF-TAK", "AF-KDZ"]
    }

    fn gazette_is_quiet(&self) -> bool {
        !self.alerts.iter().any(|alert| alert.sources.iter().any(|name| name == "Sports Gazette"))
    }

    fn news(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(|event| event.status == Status::Current)
    }
}

fn places_of(event: &Event) -> Vec<&str> {
    event.places.iter().map(|code| code.as_str()).collect()
}
