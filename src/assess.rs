//! The one pure call from articles to alerts, for the daemon, the replay and the
//! tests alike. Composes the stages; each decision is made in its own module.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::alert::rule::{Alert, Quiet};
use crate::article::Article;
use crate::correlate::event::{ArticleId, Change, Event};
use crate::extract::event::Reading;

/// One article as it came from a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Its content hash: equal for copies, other for every change of the text.
    pub id: ArticleId,
    pub article: Article,
    /// What the article is called inside its source: guid, path, canonical link.
    pub keys: Vec<String>,
    pub fetched: Timestamp,
    /// The agency that it credits ("AFP", "Reuters"), if any.
    pub agency: Option<String>,
}

/// What was stored before. It needs to hold only what the articles in hand can
/// touch: articles with their ids and keys, events of the weeks around their
/// days, every event in which one of those articles is sighted, and the alerts
/// of these events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    pub articles: HashMap<ArticleId, KnownArticle>,
    /// Which article a source means by a key, in its newest version.
    pub aliases: HashMap<Alias, ArticleId>,
    pub events: Vec<Event>,
    /// In the order in which they were raised.
    pub alerts: Vec<Alert>,
}

/// What needs to be remembered of an article that was met before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownArticle {
    /// The article that it is a version or a copy of; itself where it is the first.
    pub story: ArticleId,
}

/// What one source calls one article.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alias {
    /// The publisher's configured name.
    pub source: String,
    pub key: String,
}

/// All that follows from a batch of articles, to be recorded in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assessment {
    /// One an article, in the order in which they were given.
    pub verdicts: Vec<Verdict>,
    /// Every event that is new or changed, as it stands after the whole batch.
    pub events: Vec<Change>,
    /// To be sent, in this order.
    pub alerts: Vec<Alert>,
    /// Why the other changed events raised nothing.
    pub quiet: Vec<Quiet>,
}

/// What an article turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Not met before.
    New { article: ArticleId, reading: Reading },
    /// A later version of an article of the same source.
    Updated { article: ArticleId, of: ArticleId, story: ArticleId, reading: Reading },
    /// Met before, in this source or another; nothing was read.
    Duplicate { of: ArticleId },
    /// Not an article.
    Rejected { reason: Rejection },
}

/// Why something that a feed listed is not an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// Neither title nor text holds a letter.
    Empty,
}
