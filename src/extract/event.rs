//! The nouns of a reading: a report of one violent event, its tolls and the
//! words that they rest on. Meanings follow the annotation guide in the README.

use std::ops::Range;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::lexicon::PlaceCode;
pub use crate::lexicon::codebook::{Kind, Party};

/// Everything that was read out of one article.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// The reports, in the order in which the article tells them.
    pub events: Vec<Report>,
    /// Numbers that were seen and not counted, each with the reason.
    pub dropped: Vec<Dropped>,
    /// What was not believed or not understood, in plain words.
    pub doubts: Vec<String>,
    /// Whether the article could be read at all.
    pub language: Language,
}

/// The language of an article, as far as reading it is concerned.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English, or too short to tell.
    #[default]
    English,
    /// Another language, by its ISO 639-3 code: stored, not read.
    Other(String),
}

/// What one article says of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// ISO 3166-2 divisions, sorted; two or more share ONE toll. A country's code
    /// alone where nothing finer is told.
    #[serde(rename = "where")]
    pub places: Vec<PlaceCode>,
    /// First and last possible local day; `None` where the text does not say.
    pub when: Option<Days>,
    pub status: Status,
    pub kind: Kind,
    /// Usual English name of the attacker as the article has it.
    pub perpetrator: Option<String>,
    pub claim: Claim,
    /// At most one a party and outcome.
    pub tolls: Vec<Toll>,
    /// The words that the event itself rests on, in order.
    pub evidence: Vec<Evidence>,
}

/// First and last possible calendar day, both included; written `[first, last]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(Date, Date)", into = "(Date, Date)")]
pub struct Days {
    first: Date,
    last: Date,
}

impl Days {
    /// The days from the earlier to the later of the two.
    pub fn between(a: Date, b: Date) -> Days {
        Days { first: a.min(b), last: a.max(b) }
    }

    /// A single day.
    pub fn on(day: Date) -> Days {
        Days { first: day, last: day }
    }

    /// First possible day.
    pub fn first(&self) -> Date {
        self.first
    }

    /// Last possible day.
    pub fn last(&self) -> Date {
        self.last
    }

    /// Whether the two spans share a day.
    pub fn overlap(&self, other: &Days) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl From<(Date, Date)> for Days {
    fn from((a, b): (Date, Date)) -> Days {
        Days::between(a, b)
    }
}

impl From<Days> for (Date, Date) {
    fn from(days: Days) -> (Date, Date) {
        (days.first, days.last)
    }
}

/// Why the article tells of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// What it is there to report, or other news of the 48 hours before it.
    Current,
    /// Told as context: earlier events, totals over periods, anniversaries.
    Background,
}

/// Whether the attacker owns up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    Claimed,
    Attributed,
    Denied,
    None,
}

/// What became of those counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Killed,
    Wounded,
    Abducted,
}

/// One cell of a report: a party, an outcome, a count, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toll {
    pub party: Party,
    pub outcome: Outcome,
    #[serde(flatten)]
    pub count: Count,
    pub evidence: Vec<Evidence>,
}

/// A number of people as the text bounds it: `low <= best <= high`. No `low` is
/// "up to n" (none is certain); no `high` is "at least n" (open).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Count {
    low: Option<u32>,
    best: u32,
    high: Option<u32>,
}

impl Count {
    /// "12": n/n/n.
    pub fn exactly(n: u32) -> Count {
        Count { low: Some(n), best: n, high: Some(n) }
    }

    /// "at least 12": n/n/open.
    pub fn at_least(n: u32) -> Count {
        Count { low: Some(n), best: n, high: None }
    }

    /// "up to 12": untold/n/n.
    pub fn at_most(n: u32) -> Count {
        Count { low: None, best: n, high: Some(n) }
    }

    /// "between 10 and 12": the lower is the best.
    pub fn between(a: u32, b: u32) -> Count {
        let (low, high) = (a.min(b), a.max(b));
        Count { low: Some(low), best: low, high: Some(high) }
    }

    /// What only the attacker says: 0/0/n.
    pub fn boasted(n: u32) -> Count {
        Count { low: Some(0), best: 0, high: Some(n) }
    }

    /// The count with bounds as given, put in order around `best`.
    pub fn around(low: Option<u32>, best: u32, high: Option<u32>) -> Count {
        Count { low: low.map(|l| l.min(best)), best, high: high.map(|h| h.max(best)) }
    }

    /// What is certain; 0 where the text promises nothing.
    pub fn low(&self) -> u32 {
        self.low.unwrap_or(0)
    }

    /// What is certain; `None` where the text leaves it untold ("up to 12").
    pub fn low_told(&self) -> Option<u32> {
        self.low
    }

    /// The number to go by.
    pub fn best(&self) -> u32 {
        self.best
    }

    /// The most that anybody says; `None` is open.
    pub fn high(&self) -> Option<u32> {
        self.high
    }

    /// Whether the text leaves the lower end untold ("up to 12").
    pub fn is_low_untold(&self) -> bool {
        self.low.is_none()
    }

    /// The two together, bound by bound.
    pub fn plus(self, other: Count) -> Count {
        Count {
            low: match (self.low, other.low) {
                (None, None) => None,
                (a, b) => Some(a.unwrap_or(0).saturating_add(b.unwrap_or(0))),
            },
            best: self.best.saturating_add(other.best),
            high: self.high.zip(other.high).map(|(a, b)| a.saturating_add(b)),
        }
    }
}

/// The words that something rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Byte range of the number or trigger in `Article::document`.
    pub range: Range<usize>,
    /// Byte range of its sentence.
    pub sentence: Range<usize>,
    /// The rules that led from the words to the reading, outermost last.
    pub rule: String,
    /// Who said it.
    pub voice: Voice,
}

/// Who vouches for a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voice {
    /// The article in its own words.
    Article,
    /// Government, army, police.
    Official,
    /// Hospitals, doctors, rescuers.
    Medical,
    /// Residents, witnesses, councillors, anonymous people.
    Local,
    /// Another outlet.
    Media,
    /// The attacker or another armed group, by name.
    Group(String),
}

/// A number or event that was seen and not counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Byte range in `Article::document`.
    pub range: Range<usize>,
    pub reason: Reason,
}

/// Why a number or event was not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Share bars, teasers, mirror lists, newsletter lines.
    Boilerplate,
    /// The caption of a photo.
    Caption,
    /// Part of a larger number that is counted.
    Subset,
    /// A total whose parts are counted.
    Total,
    /// Told before.
    Repeat,
    /// The attacker's own boast.
    Boast,
    /// Planned, feared, threatened, foiled.
    Hypothetical,
    /// Said not to be so.
    Denied,
    /// Replaced by a later number.
    Superseded,
    /// Accident, disaster, disease, sport, drill, film, a sentence of death.
    NotAnAttack,
    /// Killed and wounded undivided.
    Undivided,
    /// Not believable as a count of people.
    Implausible,
}
