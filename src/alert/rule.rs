//! The operator's rules and the alert that a crossed rule raises.

use std::num::NonZeroU32;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::correlate::event::{Certainty, EventId};
use crate::extract::event::Count;
use crate::lexicon::PlaceCode;

/// A set of places and the levels at which their attacks are announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    pub name: String,
    /// Divisions and countries; a country takes all of its divisions.
    pub places: Vec<PlaceCode>,
    /// In rising order of severity.
    pub levels: Vec<Level>,
}

/// One rung of a watch: reached when the metric is at or above the threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub severity: Severity,
    pub metric: Metric,
    /// People, never zero.
    pub threshold: NonZeroU32,
}

/// How loud an alert is; maps onto syslog and CAP severities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Notice,
    Warning,
    Critical,
}

/// What a level counts, over every party but the militants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    Killed,
    Wounded,
    /// Killed and wounded together.
    Casualties,
    Abducted,
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
    /// `None` where no watch holds the place.
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
}
