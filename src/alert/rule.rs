//! The operator's rules and the alert that a crossed rule raises.

use std::num::NonZeroU32;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::hold::Patience;
use crate::correlate::event::{Certainty, EventId};
use crate::extract::event::{Count, Party};
use crate::lexicon::PlaceCode;

/// A set of places and the levels at which their attacks are announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    pub name: String,
    /// Divisions and countries; a country takes all of its divisions.
    pub places: Vec<PlaceCode>,
    /// In rising order of severity.
    pub levels: Vec<Level>,
    pub counts: Counts,
    pub patience: Patience,
}

/// What of an event a watch counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Whose dead and wounded.
    pub parties: Vec<Party>,
    pub bound: Bound,
    /// Whether a toll of several places together counts, in full, for each of them.
    pub joint: bool,
    /// Independent reports that an event needs before it is announced.
    pub independent: u32,
    /// Whether what only the attacker claims counts.
    pub claims: bool,
}

impl Default for Counts {
    fn default() -> Counts {
        let parties = vec![Party::Security, Party::Foreign, Party::Civilian, Party::Unknown];
        Counts { parties, bound: Bound::Best, joint: true, independent: 1, claims: false }
    }
}

/// Which end of a toll is held against a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// What is certain.
    Low,
    Best,
    /// The most that anybody says.
    High,
}

/// One rung of a watch: reached when the metric is at or above the threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub severity: Severity,
    pub metric: Metric,
    /// People or events, never zero.
    pub threshold: NonZeroU32,
    /// `None`: in one event.
    pub within: Option<Within>,
}

/// The days and places over which a level adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Within {
    /// The last so many days, by the day of the event; never zero.
    pub days: u16,
    pub per: Per,
}

/// Over which places a level adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Per {
    Watch,
    Place,
}

/// How loud an alert is; maps onto syslog and CAP severities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Notice,
    Warning,
    Critical,
}

/// What a level counts, over the parties of its watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    Killed,
    Wounded,
    /// Killed and wounded together.
    Casualties,
    Abducted,
    /// Attacks, whatever their toll; only over days.
    Events,
}

impl Severity {
    /// As the configuration and the log have it.
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Notice => "notice",
            Severity::Warning => "warning",
            Severity::Critical => "critical",
        }
    }
}

impl Metric {
    /// What is counted, behind its number.
    pub const fn word(self) -> &'static str {
        match self {
            Metric::Killed => "killed",
            Metric::Wounded => "wounded",
            Metric::Casualties => "killed or wounded",
            Metric::Abducted => "abducted",
            Metric::Events => "attacks",
        }
    }
}

/// Whether an alert opens, changes or closes a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertType {
    Alert,
    Update,
    Cancel,
}

/// A decision to tell people, complete enough to be read alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Hash of event, watch and revision of the matter: the same decision has
    /// the same id on every machine and after every restart.
    pub id: String,
    #[serde(rename = "type")]
    pub kind: AlertType,
    /// When it was decided.
    pub sent: Timestamp,
    pub level: Severity,
    pub previous_level: Option<Severity>,
    pub watch: String,
    pub places: Vec<PlaceCode>,
    /// Whether the value is one toll for several places together.
    pub joint: bool,
    pub metric: Metric,
    pub value: Count,
    pub event_id: EventId,
    /// The alert that this one updates or cancels.
    pub references: Option<String>,
    /// One plain sentence: place, what happened, toll with its bounds.
    pub headline: String,
    /// Why it was raised, in one sentence.
    pub reason: String,
    /// Names of the publishers that report it.
    pub sources: Vec<String>,
    /// Links to the articles.
    pub links: Vec<String>,
    pub independent: u32,
    pub certainty: Certainty,
    /// The days that were added up; `None` of an alert on one event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// The events together, of an alert on several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventId>,
}

impl Alert {
    /// Whether the alert told of this very event, alone or among others.
    pub fn tells_of(&self, event: &EventId) -> bool {
        self.window.is_none() && (self.event_id == *event || self.events.contains(event))
    }
}

/// The days and the place over which an alert adds up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub first: Date,
    pub last: Date,
    /// `None`: the whole watch.
    pub place: Option<PlaceCode>,
}

/// What came of holding one event against the watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Raised(Box<Alert>),
    Quiet(Quiet),
}

/// A decision not to tell people, so that a missing alert can be explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    pub event_id: EventId,
    /// Of a sum over days with these ("north, 7 days"); `None` where no watch holds
    /// the place.
    pub watch: Option<String>,
    pub reason: Silence,
}

/// Why an event that changed raised nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// No watch holds the place.
    Unwatched,
    /// Every metric is below the lowest level of the watch.
    BelowLevels,
    /// Only the attacker's claim would reach a level.
    ClaimOnly,
    /// Told as context, by nobody as news.
    Background,
    /// Older than `late_after`.
    Late,
    /// A total over events that are announced each for itself.
    Total,
    /// Announced already, at this level and certainty.
    Announced,
    /// A person called it false.
    Dismissed,
    /// Fewer independent reports than the watch asks for.
    FewReports,
    /// A toll of several places together, which the watch leaves out.
    Joint,
    /// The sum over days is that of one event which is announced for itself.
    Grouped,
    /// Announced together with others, because one source alone reports very many.
    Together,
}
