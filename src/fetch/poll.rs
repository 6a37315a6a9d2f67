//! One poll: the mirrors of a source in order, until one serves it. A slow one is not
//! waited for: the next is asked beside it, and whichever answers first is taken.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::feed::Feed;
use crate::fetch::Client;
use crate::fetch::race::Round;
use crate::source::record::{self, Answer};
use crate::source::state::Cause;
use crate::source::{Source, SourceState, choice};

/// A poll, as it is recorded.
#[derive(Debug)]
pub struct Polled {
    /// The mirrors asked, in order.
    pub attempts: Vec<Attempt>,
    /// The place among them of the one whose answer counts; none where none was good.
    pub settled: Option<usize>,
    /// What came of it.
    pub outcome: Outcome,
    /// The state to store in the same transaction as the items.
    pub state: SourceState,
}

/// One mirror asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its index in the source's mirrors.
    pub mirror: usize,
    /// The URL asked for.
    pub url: Url,
    /// The kind of the failure; none when the answer was good, or was not waited for.
    pub fault: Option<Cause>,
    /// What to tell a person.
    pub message: String,
    /// Whether another mirror answered first, so that this one was not waited for.
    pub is_outrun: bool,
    /// From the question to the answer read.
    pub took: Duration,
}

/// What came of a poll.
#[derive(Debug)]
pub enum Outcome {
    /// A feed, proven to be the source's.
    Fetched(Box<Fetched>),
    /// Nothing changed.
    NotModified {
        /// The mirror that said so.
        mirror: usize,
    },
    /// No mirror served the source; the attempts say why. Without attempts,
    /// every host has asked to be left alone for now.
    Failed,
}

/// A feed as it came.
#[derive(Debug)]
pub struct Fetched {
    /// The mirror that served it.
    pub mirror: usize,
    /// Its items.
    pub feed: Feed,
    /// The alias keys of each item, in the items' order.
    pub keys: Vec<Vec<String>>,
    /// Where the answer came from in the end.
    pub url: Url,
    /// Where the mirror says that the feed has moved for good; reported, never configured.
    pub moved: Option<Url>,
    /// Bytes over the wire.
    pub wire: u64,
}

/// Polls a source once. `now` dates everything; `seed` is the chance that
/// spreads the next poll.
pub async fn poll(
    client: &Client,
    source: &Source,
    state: SourceState,
    now: Timestamp,
    seed: u64,
) -> Polled {
    let mut round = Round::new(client, source, &state, now);
    let order = choice::order(source, &state, now);
    let mut settled = round.race(&order).await;
    if let Some(place) = settled {
        settled = Some(round.second_opinion(place).await);
    }
    let outcome = settled.map_or(Outcome::Failed, |place| round.outcome(place));
    let asked = round.into_asked();
    let attempts = asked.iter().map(|asked| asked.attempt.clone()).collect();
    let answers: Vec<(usize, Answer)> =
        asked.into_iter().map(|asked| (asked.attempt.mirror, asked.answer)).collect();
    let state = record::after(source, state, &answers, settled, now, seed);
    Polled { attempts, settled, outcome, state }
}
