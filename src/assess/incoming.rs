//! An article on its way in: who it is, before anybody asks whether it is new.

use std::sync::OnceLock;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Alias;
use crate::article::hash::content_hash;
use crate::article::print::Print;
use crate::article::{Article, credit};
use crate::correlate::event::ArticleId;

/// How much of an article a text is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// As much as its feed means to tell.
    #[default]
    Whole,
    /// A summary.
    Lead,
    /// The main text of its page.
    Page,
    /// A new summary, before the text that an older page had.
    Joined,
}

/// One article as it came from a feed or its page.
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
    /// What `print` tells, once it was asked for.
    pub print: OnceLock<Option<Print>>,
    /// How much of the article its text is.
    pub extent: Extent,
    /// Where more of it is to be read.
    pub page: Option<Wanted>,
}

/// A page that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub url: Url,
    /// What the feed says, the headline left out.
    pub lead: String,
}

impl Incoming {
    /// The article with its identity.
    pub fn new(mut article: Article, keys: Vec<String>, fetched: Timestamp) -> Incoming {
        // A date in the future is a publisher's wrong clock: nothing is told before
        // it is out, and "today" is read against it.
        article.published = article.published.map(|at| at.min(fetched));
        let id = id_of(&article);
        let agency = credit::agency(&article).map(str::to_owned);
        let (print, extent) = (OnceLock::new(), Extent::Whole);
        Incoming { id, article, keys, fetched, agency, print, extent, page: None }
    }

    /// What its copies share; `None` where it is too short to have any. Few articles are
    /// asked for it, and it takes a while to work out.
    pub fn print(&self) -> Option<&Print> {
        self.print.get_or_init(|| Print::of(&self.article)).as_ref()
    }

    /// Its keys, each as its source means it.
    pub fn aliases(&self) -> impl Iterator<Item = Alias> {
        self.keys.iter().map(|key| Alias { source: self.article.source.clone(), key: key.clone() })
    }

    /// When it came out: never after it was fetched, whatever it says.
    pub(super) fn out(&self) -> Timestamp {
        self.article.published.unwrap_or(self.fetched).min(self.fetched)
    }

    /// The order in which articles came out, whichever order they arrive in.
    fn order(&self) -> (Timestamp, Timestamp, &str, &ArticleId) {
        (self.out(), self.fetched, &self.article.source, &self.id)
    }
}

/// The places of a batch in the order in which its articles came out: what one of them
/// repeats, or takes the place of, stands before it.
pub fn as_they_came_out(batch: &[Incoming]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..batch.len()).collect();
    order.sort_by_key(|place| batch[*place].order());
    order
}

/// Half of the content hash: 128 bits, which no two articles will ever share.
fn id_of(article: &Article) -> ArticleId {
    let mut hex = content_hash(article).to_hex();
    hex.truncate(32);
    ArticleId(hex)
}
