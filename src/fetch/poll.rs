//! One poll: the mirrors of a source in order, until one serves it. A slow one is not
//! waited for: the next is asked beside it, and whichever answers first is taken.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use url::Url;

use crate::feed::{self, Feed, Item, NotAFeed, Stage};
use crate::fetch::{Client, FetchError, Payload, Progress, Request, Response};
use crate::source::alias::{self, Identity};
use crate::source::hints::Hints;
use crate::source::proof::{self, Evidence};
use crate::source::record::{self, Answer, Fed};
use crate::source::state::Cause;
use crate::source::{Source, SourceState, choice, integrity};

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
    let mut round = Round { client, source, state: &state, now, asked: Vec::new() };
    let order = choice::order(source, &state, now);
    let mut settled = round.race(&order).await;
    if let Some(place) = settled {
        settled = Some(round.second_opinion(place).await);
    }
    let outcome = settled.map_or(Outcome::Failed, |place| round.outcome(place));
    let asked = round.asked;
    let attempts = asked.iter().map(|asked| asked.attempt.clone()).collect();
    let answers: Vec<(usize, Answer)> =
        asked.into_iter().map(|asked| (asked.attempt.mirror, asked.answer)).collect();
    let state = record::after(source, state, &answers, settled, now, seed);
    Polled { attempts, settled, outcome, state }
}

/// The mirrors asked so far in one poll.
struct Round<'a> {
    client: &'a Client,
    source: &'a Source,
    state: &'a SourceState,
    now: Timestamp,
    asked: Vec<Asked>,
}

/// A mirror asked, what it answered, and the feed where it brought one.
struct Asked {
    attempt: Attempt,
    answer: Answer,
    came: Option<Box<Fetched>>,
}

impl Asked {
    fn is_good(&self) -> bool {
        matches!(self.answer, Answer::Fed(_) | Answer::Same { .. })
    }

    fn is_stale(&self, state: &SourceState, now: Timestamp) -> bool {
        matches!(&self.answer, Answer::Fed(fed) if fed.is_stale(state, now))
    }

    fn brings_news(&self, state: &SourceState) -> bool {
        matches!(&self.answer, Answer::Fed(fed) if fed.brings_news(state))
    }
}

type Asking<'a> = Pin<Box<dyn Future<Output = Asked> + Send + 'a>>;

impl<'a> Round<'a> {
    /// Asks mirror after mirror until one serves the source, and one more where the
    /// first is slow; the place of the answer that counts. A mirror that is stale is
    /// taken only where no other is fresher.
    async fn race(&mut self, order: &[usize]) -> Option<usize> {
        const MOST_IN_FLIGHT: usize = 2;
        let mut waiting = order.iter().copied().peekable();
        let mut running: FuturesUnordered<Asking<'a>> = FuturesUnordered::new();
        let mut runners = Runners::default();
        let mut fallback = None;
        loop {
            // At first, after a failure, and when patience ends: the next one.
            if running.len() < MOST_IN_FLIGHT
                && let Some(mirror) = waiting.next()
            {
                running.push(self.start(mirror, &mut runners));
            }
            if running.is_empty() {
                return fallback;
            }
            let may_hedge = running.len() < MOST_IN_FLIGHT && waiting.peek().is_some();
            tokio::select! {
                Some(asked) = running.next() => {
                    runners.all.retain(|runner| runner.mirror != asked.attempt.mirror);
                    let (is_good, is_stale) = (asked.is_good(), asked.is_stale(self.state, self.now));
                    self.asked.push(asked);
                    let place = self.asked.len() - 1;
                    if is_good && !is_stale {
                        return Some(self.give_up(&runners, place));
                    }
                    fallback = fallback.or(is_good.then_some(place));
                }
                () = runners.patience(), if may_hedge => {}
            }
        }
    }

    fn start(&self, mirror: usize, runners: &mut Runners) -> Asking<'a> {
        let progress = Arc::new(Progress::default());
        let known = self.state.mirrors.get(self.source.feed_url(mirror));
        runners.hedge_after = choice::hedge_after(known);
        runners.latest = progress.clone();
        runners.all.push(Runner { mirror, begun: Instant::now() });
        let (client, source, state, now) = (self.client, self.source, self.state, self.now);
        Box::pin(ask(client, source, state, mirror, now, progress))
    }

    /// Notes the mirrors that are not waited for any longer, before the answer that
    /// counts; its place then.
    fn give_up(&mut self, runners: &Runners, place: usize) -> usize {
        for runner in &runners.all {
            let waited = runner.begun.elapsed();
            let attempt = Attempt {
                mirror: runner.mirror,
                url: self.source.feed_url(runner.mirror).clone(),
                fault: None,
                message: "not waited for: another mirror answered first".to_owned(),
                is_outrun: true,
                took: waited,
            };
            let answer = Answer::Outrun { waited };
            self.asked.insert(place, Asked { attempt, answer, came: None });
        }
        place + runners.all.len()
    }

    /// Asks a second mirror where the first had nothing new and it is time to compare;
    /// the place of the answer that counts then.
    async fn second_opinion(&mut self, settled: usize) -> usize {
        let first = &self.asked[settled];
        if first.brings_news(self.state) || self.state.history.is_empty() {
            return settled;
        }
        let other = choice::second_opinion(self.source, self.state, first.attempt.mirror, self.now);
        let is_new = |other: &usize| self.asked.iter().all(|asked| asked.attempt.mirror != *other);
        let Some(other) = other.filter(is_new) else { return settled };
        let progress = Arc::new(Progress::default());
        let asked = ask(self.client, self.source, self.state, other, self.now, progress).await;
        let knows_more = asked.brings_news(self.state);
        self.asked.push(asked);
        if knows_more { self.asked.len() - 1 } else { settled }
    }

    fn outcome(&mut self, settled: usize) -> Outcome {
        let asked = &mut self.asked[settled];
        match asked.came.take() {
            Some(fetched) => Outcome::Fetched(fetched),
            None => Outcome::NotModified { mirror: asked.attempt.mirror },
        }
    }
}

/// The mirrors that are being asked.
#[derive(Default)]
struct Runners {
    all: Vec<Runner>,
    /// How far the one asked last has come, and how long its headers are waited for.
    latest: Arc<Progress>,
    hedge_after: Duration,
}

struct Runner {
    mirror: usize,
    begun: Instant,
}

impl Runners {
    /// Ends when the mirror asked last has been waited for long enough without a
    /// header; never once a header came. The wait for its host's turn does not count.
    async fn patience(&self) {
        const LOOK: Duration = Duration::from_millis(50);
        while !self.latest.was_sent() {
            tokio::time::sleep(LOOK).await;
        }
        tokio::time::sleep(self.hedge_after).await;
        if self.latest.was_heard() {
            std::future::pending::<()>().await;
        }
    }
}

/// Asks one mirror: what to remember of the answer, and what came where it is good.
async fn ask(
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
            let fed =
                Fed { validators, fresh_for, moved: moved.clone(), waited, ..fed(&feed, &keys) };
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
fn fed(feed: &Feed, keys: &[Vec<String>]) -> Fed {
    let items = || keys.iter().map(Vec::as_slice).zip(&feed.items);
    Fed {
        hints: hints(feed),
        title: feed.title.clone(),
        keys: keys.to_vec(),
        published: feed.items.iter().filter_map(|item| item.published).collect(),
        prints: integrity::prints(
            items().map(|(keys, item)| (keys, item.title.as_str(), item.text())),
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
