//! One poll: the mirrors of a source in order, until one serves it.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use url::Url;

use crate::feed::{self, Feed, Item, NotAFeed};
use crate::fetch::{Client, FetchError, Payload, Request, Response};
use crate::source::alias::{self, Identity};
use crate::source::proof::{self, Evidence};
use crate::source::schedule::{self, Answer};
use crate::source::state::{Cause, Validators};
use crate::source::{Source, SourceState};

/// A poll, as it is recorded.
#[derive(Debug)]
pub struct Polled {
    /// The mirrors asked, in order.
    pub attempts: Vec<Attempt>,
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
    /// The kind of the failure; none when the answer was good.
    pub fault: Option<Cause>,
    /// What to tell a person.
    pub message: String,
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
    let mut attempts = Vec::new();
    let mut answers = Vec::new();
    let mut outcome = Outcome::Failed;
    for mirror in schedule::order(source, &state, now) {
        let started = Instant::now();
        let (answer, came) = ask(client, source, &state, mirror, now).await;
        let (fault, message) = said(&answer, came.as_ref());
        let url = source.feed_url(mirror).clone();
        attempts.push(Attempt { mirror, url, fault, message, took: started.elapsed() });
        answers.push((mirror, answer));
        if let Some(came) = came {
            outcome = came;
            break;
        }
    }
    let state = schedule::after(source, state, &answers, now, seed);
    Polled { attempts, outcome, state }
}

/// Asks one mirror: what to remember of the answer, and what came where it is good.
async fn ask(
    client: &Client,
    source: &Source,
    state: &SourceState,
    mirror: usize,
    now: Timestamp,
) -> (Answer, Option<Outcome>) {
    let url = source.feed_url(mirror).clone();
    let validators = state.mirrors.get(&url).and_then(|known| known.validators.clone());
    let validators = validators.filter(|validators| validators.usable(now));
    let request = Request { url, validators, accept: Request::FEED };
    let response = match client.get(&request, now).await {
        Ok(response) => response,
        Err(fault) => return (failed(&fault), None),
    };
    let Response { url, moved, payload, validators, fresh_for, .. } = response;
    let (bytes, content_type, wire) = match payload {
        Payload::NotModified => {
            return (Answer::Same { validators, fresh_for }, Some(Outcome::NotModified { mirror }));
        }
        Payload::Whole { bytes, content_type, wire } => (bytes, content_type, wire),
    };
    match read(bytes, content_type, &url, now).await.and_then(|feed| prove(source, state, feed)) {
        Err((cause, message)) => (Answer::Failed { cause, message, retry_after: None }, None),
        Ok((feed, keys)) => {
            let answer = fed(&feed, &keys, validators, fresh_for);
            let fetched = Fetched { mirror, feed, keys, url, moved, wire };
            (answer, Some(Outcome::Fetched(Box::new(fetched))))
        }
    }
}

/// Why an answer is no feed of the source: the kind, and the words for a person.
type Fault = (Cause, String);

/// A feed of megabytes takes a while to read; other polls go on meanwhile.
async fn read(
    bytes: Vec<u8>,
    content_type: Option<String>,
    url: &Url,
    now: Timestamp,
) -> Result<Feed, Fault> {
    let base = url.clone();
    let read = move || feed::read(&bytes, content_type.as_deref(), &base, now);
    match tokio::task::spawn_blocking(read).await {
        Ok(read) => read.map_err(|fault| not_a_feed(&fault)),
        Err(fault) => Err((Cause::Broken, format!("the feed reader failed: {fault}"))),
    }
}

/// The feed and the alias keys of its items, when it is the source's.
fn prove(
    source: &Source,
    state: &SourceState,
    feed: Feed,
) -> Result<(Feed, Vec<Vec<String>>), Fault> {
    let identities: Vec<Identity<'_>> = feed.items.iter().map(identity).collect();
    let keys = alias::keys(source, &identities);
    let title = feed.title.as_deref();
    let proven = proof::prove(&state.history, &Evidence { title, keys: &keys });
    proven.map_err(|cause| (cause, unproven(cause, &feed)))?;
    Ok((feed, keys))
}

fn identity(item: &Item) -> Identity<'_> {
    Identity { guid: item.guid.as_deref(), link: item.link.as_deref(), title: &item.title }
}

fn unproven(cause: Cause, feed: &Feed) -> String {
    if cause == Cause::Empty {
        return "a feed without entries, where there were some before".to_owned();
    }
    let title = feed.title.as_deref().unwrap_or("");
    let count = feed.items.len();
    format!(
        "not this source's feed: none of its {count} items was met before, nor its title `{title}`"
    )
}

fn not_a_feed(fault: &NotAFeed) -> Fault {
    let cause = match fault {
        NotAFeed::Html { .. } => Cause::Parked,
        NotAFeed::Empty => Cause::Empty,
        NotAFeed::Unknown { .. } => Cause::Broken,
    };
    (cause, fault.to_string())
}

fn fed(
    feed: &Feed,
    keys: &[Vec<String>],
    validators: Option<Validators>,
    fresh_for: Option<Duration>,
) -> Answer {
    let (title, keys) = (feed.title.clone(), keys.to_vec());
    Answer::Fed { validators, fresh_for: fresh_for.max(feed.ttl), title, keys }
}

fn failed(fault: &FetchError) -> Answer {
    let (cause, retry_after) = (fault.cause(), fault.retry_after());
    Answer::Failed { cause, message: fault.to_string(), retry_after }
}

/// The kind of a failure and the words for a person.
fn said(answer: &Answer, came: Option<&Outcome>) -> (Option<Cause>, String) {
    match (answer, came) {
        (Answer::Failed { cause, message, .. }, _) => (Some(*cause), message.clone()),
        (_, Some(Outcome::Fetched(fetched))) => {
            (None, format!("{} items", fetched.feed.items.len()))
        }
        _ => (None, "not modified".to_owned()),
    }
}
