//! The event: what the reports of all outlets together say of one attack.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::extract::event::{Claim, Days, Kind, Report, Status, Toll};
use crate::lexicon::PlaceCode;

/// Identity of an event: stable across restarts, re-polls and replays.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventId(pub String);

/// Identity of an article: its content hash in hex, shortened.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ArticleId(pub String);

/// One article's report inside an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    pub article: ArticleId,
    /// The publisher's configured name.
    pub source: String,
    /// Which of the article's reports it is, from 0.
    pub ordinal: u32,
    pub published: Option<Timestamp>,
    pub fetched: Timestamp,
    pub title: String,
    pub link: Option<String>,
    /// The agency that the article credits ("AFP", "Reuters"), if any.
    pub agency: Option<String>,
    pub report: Report,
}

/// One attack as all its reports together have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    /// ISO 3166-2 divisions, sorted; two or more share one toll.
    pub places: Vec<PlaceCode>,
    pub when: Option<Days>,
    pub status: Status,
    pub kind: Kind,
    pub perpetrator: Option<String>,
    pub claim: Claim,
    /// The trusted toll: at most one a party and outcome.
    pub tolls: Vec<Toll>,
    pub sightings: Vec<Sighting>,
    /// Reports that do not copy one another.
    pub independent: u32,
    /// Whether voices of equal weight differ on a number.
    pub disputed: bool,
    pub first_seen: Timestamp,
    pub last_changed: Timestamp,
    /// Grows by one with every change that a reader could see, from 1.
    pub revision: u32,
}

impl Event {
    /// Whether one toll stands for several divisions.
    pub fn is_joint(&self) -> bool {
        self.places.len() > 1
    }
}
