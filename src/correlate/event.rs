//! The event: what the reports of all outlets together say of one attack.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::correlate::overrides::Dismissal;
use crate::extract::event::{Claim, Count, Days, Kind, Outcome, Party, Report, Status, Toll};
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
    /// The article that this one is a version or a copy of; itself where it is
    /// the first.
    pub story: ArticleId,
    /// The article of whose words this one mostly consists, if that is another.
    #[serde(default)]
    pub copy_of: Option<ArticleId>,
    /// Whether the article says that it corrects an earlier number.
    pub corrects: bool,
    #[serde(default)]
    pub scene: Scene,
    pub report: Report,
}

/// The spot that a report tells of, below the province.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scene {
    /// Towns and districts, in the order in which they are told.
    pub localities: Vec<Locality>,
    /// Kinds of targets ("mosque", "post"), sorted.
    pub targets: Vec<String>,
    /// The text says that this is another attack than one told before.
    pub is_another: bool,
}

/// A named place below a province.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locality {
    /// Its usual English name, folded.
    pub name: String,
    pub rank: Rank,
}

/// Of two districts one at most is meant; a village lies in some district.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    District,
    Town,
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
    pub certainty: Certainty,
    /// The events whose tolls this one adds up, where it is a total over them.
    #[serde(default)]
    pub sum_of: Vec<EventId>,
    /// The first event of the coordinated attacks that it is one of.
    #[serde(default)]
    pub campaign: Option<EventId>,
    /// The event that has its reports now, where a late report showed that the two
    /// are one.
    #[serde(default)]
    pub merged_into: Option<EventId>,
    /// Who called it false, if anybody did.
    #[serde(default)]
    pub dismissed: Option<Dismissal>,
    pub first_seen: Timestamp,
    pub last_changed: Timestamp,
    /// Grows by one with every change that a reader could see, from 1.
    pub revision: u32,
}

impl Event {
    /// An attack of which nothing is told yet.
    pub fn blank(id: EventId, now: Timestamp) -> Event {
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
            campaign: None,
            merged_into: None,
            dismissed: None,
            first_seen: now,
            last_changed: now,
            revision: 1,
        }
    }

    /// Whether one toll stands for several divisions.
    pub fn is_joint(&self) -> bool {
        self.places.len() > 1
    }

    /// The same, where its sightings may have been left out.
    pub fn is_taken_back(&self) -> bool {
        self.independent == 0
    }

    /// Whether every report of it was taken back by its publisher.
    pub fn is_withdrawn(&self) -> bool {
        self.sightings.is_empty()
    }
}

/// How well founded an event is, in the words of CAP 1.2, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// A claim of the attacker alone.
    Unknown,
    /// One report, without an official or medical voice.
    Possible,
    /// One official or medical report, or two independent others.
    Likely,
    /// An official or medical report and a second independent one.
    Observed,
}

/// An event that is new or other than it was, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub event: Event,
    pub what: What,
}

/// What a change consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Nobody had reported it.
    New,
    /// The parts that differ from the last revision; never empty.
    Changed(Vec<Part>),
}

/// One part of an event that differs from its last revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Places {
        before: Vec<PlaceCode>,
    },
    When {
        before: Option<Days>,
    },
    Status {
        before: Status,
    },
    Kind {
        before: Kind,
    },
    Perpetrator {
        before: Option<String>,
    },
    Claim {
        before: Claim,
    },
    /// One cell of the toll; `None` is a cell that was or is not told.
    Toll {
        party: Party,
        outcome: Outcome,
        before: Option<Count>,
        after: Option<Count>,
    },
    Independent {
        before: u32,
    },
    Disputed {
        before: bool,
    },
    Certainty {
        before: Certainty,
    },
    SumOf {
        before: Vec<EventId>,
    },
    Campaign {
        before: Option<EventId>,
    },
    /// A person called it false, or took that back.
    Dismissed {
        before: bool,
    },
    MergedInto {
        before: Option<EventId>,
    },
    /// A report joined.
    Sighted {
        article: ArticleId,
    },
    /// A publisher took its report back or replaced it.
    Replaced {
        article: ArticleId,
    },
}
