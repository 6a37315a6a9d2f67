//! One mirror asked: what its answer is worth, whether it is a feed of the source, and
//! what is to be remembered of it.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use url::Url;

use crate::feed::{self, Feed, Item, NotAFeed, Stage};
use crate::fetch::poll::{Attempt, Fetched};
use crate::fetch::{Client, FetchError, Payload, Progress, Request, Response};
use crate::source::alias::{self, Identity};
use crate::source::hints::Hints;
use crate::source::proof::{self, Evidence};
use crate::source::record::{Answer, Fed};
use crate::source::state::Cause;
use crate::source::{Source, SourceState, choice, integrity};

/// A mirror asked, what it answered, and the feed where it brought one.
pub(super) struct Asked {
    pub attempt: Attempt,
    pub answer: Answer,
    pub came: Option<Box<Fetched>>,
}

impl Asked {
    pub fn is_good(&self) -> bool {
        matches!(self.answer, Answer::Fed(_) | Answer::Same { .. })
    }

    pub fn is_stale(&self, state: &SourceState, now: Timestamp) -> bool {
        matches!(&self.answer, Answer::Fed(fed) if fed.is_stale(state, now))
    }

    pub fn brings_news(&self, state: &SourceState) -> bool {
        matches!(&self.answer, Answer::Fed(fed) if fed.brings_news(state))
    }
}

/// Asks one mirror: what to remember of the answer, and what came where it is good.
pub(super) async fn ask(
    client: &Client,
    source: &Source,
    state: &SourceState,
    mirror: usize,
    now: Timestamp,
    progress: Arc<Progress>,
) -> Asked {
    let started = Instant::now();
    let url = source.feed_url(mirror);
    let at = choice::address(url, state.mirrors.get(url), now);
    let mut heard = inquire(client, source, state, (mirror, at), now, &progress).await;
    // Where it had moved to it is no more: the old address is the one that counts.
    if at != url && matches!(heard.0, Answer::Failed { .. }) {
        heard = inquire(client, source, state, (mirror, url), now, &progress).await;
    }
    let (answer, came) = heard;
    let (fault, message) = said(&answer, came.as_deref());
    let (url, took) = (url.clone(), started.elapsed());
    let attempt = Attempt { mirror, url, fault, message, is_outrun: false, took };
    Asked { attempt, answer, came }
}

async fn inquire(
    client: &Client,
    source: &Source,
    state: &SourceState,
    (mirror, at): (usize, &Url),
    now: Timestamp,
    progress: &Progress,
) -> (Answer, Option<Box<Fetched>>) {
    let known = state.mirrors.get(source.feed_url(mirror));
    let validators = known.and_then(|known| known.validators.clone());
    let validators = validators.filter(|v| v.usable(now, state.rhythm.quiet_since(now).is_some()));
    let access = source.access_of(mirror);
    let request = Request { url: at.clone(), validators, accept: Request::FEED, access };
    let response = match client.get_beside(&request, now, progress).await {
        Ok(response) => response,
        Err(fault) => return (failed(&fault), None),
    };
    let Response { url, moved, payload, validators, fresh_for, waited, .. } = response;
    let (bytes, content_type, wire) = match payload {
        Payload::NotModified => return (Answer::Same { validators, fresh_for, waited }, None),
        Payload::Whole { bytes, content_type, wire } => (bytes, content_type, wire),
    };
    match read(bytes, content_type, &url, now)
        .await
        .and_then(|feed| prove(source, state, feed, &url))
    {
        Err((cause, message)) => (Answer::Failed { cause, message, retry_after: None }, None),
        Ok((feed, keys)) => {
            let fed = Fed {
                validators,
                fresh_for,
                moved: moved.clone(),
                waited,
                ..fed(source, &feed, &keys)
            };
            let fetched = Fetched { mirror, feed, keys, url, moved, wire };
            (Answer::Fed(Box::new(fed)), Some(Box::new(fetched)))
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
    url: &Url,
) -> Result<(Feed, Vec<Vec<String>>), Fault> {
    let identities: Vec<Identity<'_>> = feed.items.iter().map(identity).collect();
    let keys = alias::keys(source, &identities);
    let title = feed.title.as_deref();
    let is_elsewhere = !url.host_str().is_some_and(|host| source.owns_host(host));
    let proven = proof::prove(&state.history, &Evidence { title, keys: &keys, is_elsewhere });
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
        NotAFeed::Html { feeds, .. } if !feeds.is_empty() => Cause::Page,
        NotAFeed::Html { .. } => Cause::Parked,
        NotAFeed::Empty => Cause::Empty,
        NotAFeed::Unknown { .. } => Cause::Broken,
    };
    (cause, fault.to_string())
}

/// What a feed shows of its source.
fn fed(source: &Source, feed: &Feed, keys: &[Vec<String>]) -> Fed {
    // There is nobody to compare a single mirror with.
    let compared = if source.mirrors.len() > 1 { &feed.items[..] } else { &[] };
    let items = keys.iter().map(Vec::as_slice).zip(compared);
    Fed {
        hints: hints(feed),
        title: feed.title.clone(),
        keys: keys.to_vec(),
        published: feed.items.iter().filter_map(|item| item.published).collect(),
        prints: integrity::prints(
            items.map(|(keys, item)| (keys, item.title.as_str(), item.text())),
        ),
        is_salvaged: feed.stage == Stage::Salvaged,
        ..Fed::default()
    }
}

fn hints(feed: &Feed) -> Hints {
    let asks = &feed.asks;
    Hints {
        interval: asks.interval(),
        base: asks.base,
        skip_hours: asks.skip_hours.clone(),
        skip_days: asks.skip_days.iter().map(|day| day.to_monday_zero_offset() as u8).collect(),
    }
}

fn failed(fault: &FetchError) -> Answer {
    let (cause, retry_after) = (fault.cause(), fault.retry_after());
    Answer::Failed { cause, message: fault.to_string(), retry_after }
}

/// The kind of a failure and the words for a person.
fn said(answer: &Answer, came: Option<&Fetched>) -> (Option<Cause>, String) {
    match (answer, came) {
        (Answer::Failed { cause, message, .. }, _) => (Some(*cause), message.clone()),
        (_, Some(fetched)) => (None, format!("{} items", fetched.feed.items.len())),
        _ => (None, "not modified".to_owned()),
    }
}
