//! One turn of one source: ask its mirrors, read what is new, have it recorded.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

use super::intake;
use super::journal::shown;
use super::reader::Readers;
use super::roster::Job;
use super::writer::{Finished, Request};
use crate::assess::{Assessment, Incoming};
use crate::correlate::event::ArticleId;
use crate::extract::event::Reading;
use crate::fetch::{self, Attempt, Client, Fetched, Polled};
use crate::lexicon::Lexicon;
use crate::source::outage::Sight;
use crate::source::state::Cause;
use crate::source::{Source, SourceState, schedule};
use crate::store::Outcome;

/// How a source fared in its turn.
#[derive(Debug)]
pub struct Turn {
    pub source: Arc<Source>,
    /// The mirrors asked, in order.
    pub attempts: Vec<Attempt>,
    /// The place among them of the one whose answer counted.
    pub settled: Option<usize>,
    /// What the turn shows of this machine's own connection.
    pub sight: Sight,
    pub took: Duration,
    pub end: End,
}

/// How a turn ended.
#[derive(Debug)]
pub enum End {
    /// All that came of it is on disk.
    Recorded(Box<Recorded>),
    /// The store had to refuse it; nothing moved, and it is polled again.
    Unrecorded { message: String },
    /// The daemon stops; nothing moved.
    Abandoned,
}

/// What came of a turn.
#[derive(Debug)]
pub struct Recorded {
    pub outcome: Outcome,
    /// Which mirrors did not serve the source, and why.
    pub message: Option<String>,
    /// Of the source after it.
    pub state: SourceState,
    /// The items that are articles, in the feed's order.
    pub batch: Vec<Incoming>,
    /// One verdict each, and what followed.
    pub assessment: Assessment,
    /// Items that are none, and those beyond what is read of one feed.
    pub unusable: usize,
}

/// What a turn needs besides its source.
#[derive(Clone)]
pub(super) struct Means {
    pub client: Client,
    pub lexicon: Arc<Lexicon>,
    pub readers: Readers,
    pub writer: Sender<Request>,
    /// One for each source that may be asked and read at the same time.
    pub rooms: Arc<Semaphore>,
    pub stop: CancellationToken,
}

/// Gives the source its turn.
pub(super) async fn take(means: Means, job: Job) -> Turn {
    let Job { source, state, is_outage } = job;
    let (before, begun) = (state.clone(), Instant::now());
    let asked = async {
        let room = means.rooms.clone().acquire_owned().await;
        let (started, clock) = (Timestamp::now(), Instant::now());
        let polled = fetch::poll(&means.client, &source, state, started, fastrand::u64(..)).await;
        (room, started, clock, polled)
    };
    let (room, started, clock, polled) = tokio::select! {
        asked = asked => asked,
        () = means.stop.cancelled() => {
            let (attempts, settled, took) = (vec![], None, begun.elapsed());
            return Turn { source, attempts, settled, sight: Sight::Unasked, took, end: End::Abandoned };
        }
    };
    let (attempts, settled) = (polled.attempts.clone(), polled.settled);
    let sight = sight(&source, &before, &attempts);
    let mut finished = finished(&source, polled, started, clock);
    if is_outage && matches!(sight, Sight::Lost { .. }) {
        finished.outcome = Outcome::Failed(Cause::Outage);
        finished.state = schedule::excused(before, started, fastrand::u64(..));
    }
    // A turn that brought nothing holds up no other while it waits for the disk.
    let _room = room.ok().filter(|_| !finished.batch.is_empty());
    let end = settle(&means, finished).await.unwrap_or(End::Abandoned);
    Turn { source, attempts, settled, sight, took: clock.elapsed(), end }
}

/// What the mirrors asked show of this machine's own connection.
fn sight(source: &Source, before: &SourceState, attempts: &[Attempt]) -> Sight {
    // One that was not waited for shows nothing.
    let asked = attempts.iter().filter(|attempt| !attempt.is_outrun);
    Sight::of(
        before,
        asked.map(|attempt| (source.mirrors[attempt.mirror].host(), attempt.fault.as_ref())),
    )
}

/// The poll as it is to be recorded, its articles not read yet.
fn finished(source: &Source, polled: Polled, started: Timestamp, clock: Instant) -> Finished {
    let Polled { attempts, settled, outcome, state } = polled;
    let last = settled.and_then(|place| attempts.get(place)).or(attempts.last());
    let mut finished = Finished {
        source: source.name.clone(),
        started,
        took: clock.elapsed(),
        outcome: Outcome::Unchanged,
        mirror: last.map(|attempt| attempt.url.clone()),
        message: message(&attempts),
        feed: None,
        state,
        batch: Vec::new(),
        readings: HashMap::new(),
    };
    match outcome {
        fetch::Outcome::NotModified { .. } => {}
        fetch::Outcome::Failed => {
            // Without an attempt, every mirror has asked to be left alone for now.
            let cause = last.map_or(Cause::Busy, |attempt| attempt.fault.unwrap_or(Cause::Broken));
            finished.outcome = Outcome::Failed(cause);
        }
        fetch::Outcome::Fetched(fetched) => {
            let Fetched { mut feed, keys, .. } = *fetched;
            let items = std::mem::take(&mut feed.items);
            finished.outcome = Outcome::Read;
            finished.batch = intake::incoming(source, items, keys, started);
            finished.feed = Some(feed);
        }
    }
    finished
}

/// Which mirrors did not serve the source, and why.
fn message(attempts: &[Attempt]) -> Option<String> {
    if attempts.is_empty() {
        return Some("every mirror has asked to be left alone for now".to_owned());
    }
    let failed = attempts.iter().filter(|attempt| attempt.fault.is_some());
    let told: Vec<&str> = failed.map(|attempt| attempt.message.as_str()).collect();
    (!told.is_empty()).then(|| shown(&told.join("; ")))
}

/// Reads what is new and has all of it recorded; nothing where the daemon stops or
/// the writer ended.
async fn settle(means: &Means, mut finished: Finished) -> Option<End> {
    let batch = std::mem::take(&mut finished.batch);
    if !batch.is_empty() {
        let (batch, unmet) = ask(means, |reply| Request::Unmet(batch, reply)).await?;
        finished.readings = readings(means, &batch, unmet).await?;
        finished.batch = batch;
    }
    let finished = Box::new(finished);
    Some(match ask(means, |reply| Request::Record(finished, reply)).await? {
        Ok((finished, assessment)) => End::Recorded(Box::new(Recorded {
            outcome: finished.outcome,
            state: finished.state,
            message: finished.message,
            unusable: finished.feed.map_or(0, |feed| feed.rejected.len() + feed.over_cap),
            batch: finished.batch,
            assessment,
        })),
        Err(message) => End::Unrecorded { message },
    })
}

/// What those of the batch tell that were not met; nothing where the daemon stops.
pub(super) async fn readings(
    means: &Means,
    batch: &[Incoming],
    mut unmet: HashSet<ArticleId>,
) -> Option<HashMap<ArticleId, Reading>> {
    let mut ids: Vec<ArticleId> = Vec::with_capacity(unmet.len());
    let mut articles = Vec::with_capacity(unmet.len());
    for item in batch {
        if unmet.remove(&item.id) {
            ids.push(item.id.clone());
            articles.push(item.article.clone());
        }
    }
    tokio::select! {
        readings = means.readers.read(means.lexicon.clone(), articles) => {
            Some(ids.into_iter().zip(readings).collect())
        }
        () = means.stop.cancelled() => None,
    }
}

/// Asks the writer; nothing where it ended.
pub(super) async fn ask<T>(
    means: &Means,
    request: impl FnOnce(oneshot::Sender<T>) -> Request,
) -> Option<T> {
    let (reply, answer) = oneshot::channel();
    means.writer.send(request(reply)).ok()?;
    answer.await.ok()
}
