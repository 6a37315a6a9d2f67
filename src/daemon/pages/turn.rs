//! One try to read one page: ask for it, choose, have what came of it recorded.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use url::Url;

use super::hops::{self, Asked};
use crate::article::choice::{self, Kept};
use crate::article::page::Page;
use crate::article::teaser;
use crate::assess::{Assessment, Extent, Incoming};
use crate::correlate::event::ArticleId;
use crate::daemon::turn::{Means, ask, readings};
use crate::daemon::writer::{PageRequest, Request};
use crate::extract::event::Reading;
use crate::pages::robots::Robots;
use crate::pages::{Came, Fault, Reader};
use crate::source::paging::{self, Next, Trouble};
use crate::source::{Source, alias};
use crate::store::{DuePage, PageEnd, PageTry};

/// How a page fared in its turn.
#[derive(Debug)]
pub struct PageTurn {
    /// The publisher's configured name.
    pub source: String,
    pub url: Url,
    /// Scheme, host and port of it.
    pub host: String,
    pub took: Duration,
    /// How long its host asks to be left alone between two requests.
    pub delay: Duration,
    pub read: Read,
}

/// What came of it.
#[derive(Debug)]
pub enum Read {
    /// All that came of it is on disk.
    Recorded { end: PageEnd, batch: Vec<Incoming>, assessment: Box<Assessment> },
    /// The item has changed meanwhile; its page is read again.
    Outdated,
    /// The store had to refuse it; nothing moved, and it is tried again.
    Unrecorded { message: String },
    /// The daemon stops; nothing moved.
    Abandoned,
}

/// A try as it is to be recorded.
#[derive(Debug)]
pub(in crate::daemon) struct Paged {
    pub tried: PageTry,
    pub queued: Timestamp,
    /// The rules of the hosts on the way to it, where they were asked for anew.
    pub robots: Vec<(String, Robots)>,
    /// The article as its page has it, where that is better than what is known.
    pub batch: Vec<Incoming>,
    pub readings: HashMap<ArticleId, Reading>,
}

impl PageTurn {
    /// How many new texts and alerts came of it.
    pub fn brought(&self) -> (u64, u64) {
        match &self.read {
            Read::Recorded { assessment, .. } => {
                let read = assessment.verdicts.iter().filter(|verdict| verdict.reading().is_some());
                (read.count() as u64, assessment.alerts.len() as u64)
            }
            _ => (0, 0),
        }
    }

    pub(super) fn is_refused(&self) -> bool {
        matches!(self.read, Read::Unrecorded { .. })
    }
}

/// Gives the page its turn.
pub(super) async fn take(
    means: Means,
    reader: Reader,
    source: Option<Arc<Source>>,
    due: DuePage,
) -> PageTurn {
    let (started, clock) = (Timestamp::now(), Instant::now());
    let turn = |delay, read| PageTurn {
        source: due.source.clone(),
        url: due.url.clone(),
        host: due.host.clone(),
        took: clock.elapsed(),
        delay,
        read,
    };
    let asked = tokio::select! {
        asked = hops::ask_for(&means, &reader, source.as_deref(), &due.url, started) => asked,
        () = means.stop.cancelled() => None,
    };
    let Some(Asked { robots, delay, came }) = asked else {
        return turn(Duration::ZERO, Read::Abandoned);
    };
    let (end, batch) = settle(&due, source.as_deref(), came, started);
    let tried = PageTry {
        id: due.id,
        article: due.article.clone(),
        had: due.had.as_ref().map(|(id, _)| id.clone()),
        started,
        took: clock.elapsed(),
        end,
    };
    let queued = due.queued;
    let paged = Paged { tried, queued, robots, batch, readings: HashMap::new() };
    turn(delay, record(&means, paged).await.unwrap_or(Read::Abandoned))
}

/// Records that a page is not asked for again, since it broke its reader's task.
pub(super) async fn give_up(means: &Means, due: DuePage) {
    let (class, message) = ("lost".to_owned(), "its task was lost".to_owned());
    let tried = PageTry {
        id: due.id,
        article: due.article,
        had: due.had.map(|(id, _)| id),
        started: Timestamp::now(),
        took: Duration::ZERO,
        end: PageEnd::GivenUp { class, message },
    };
    let queued = due.queued;
    let paged = Paged { tried, queued, robots: vec![], batch: vec![], readings: HashMap::new() };
    let _ = record(means, paged).await;
}

/// How the try ends, and the article where the page has the better text.
fn settle(
    due: &DuePage,
    source: Option<&Source>,
    came: Result<Came, Fault>,
    now: Timestamp,
) -> (PageEnd, Vec<Incoming>) {
    let came = match came {
        Ok(came) => came,
        Err(fault) => return (after(due, source, &fault, now), vec![]),
    };
    match choice::with_page(&due.known, &came.page) {
        Err(kept) => (stays(kept, &came.page), vec![]),
        // A page that does not tell yet what its feed does is behind it.
        Ok(_) if due.extent == Extent::Joined && is_behind(due, &came.page) => {
            let message = "the page does not tell yet what the feed does".to_owned();
            let fault = Fault { trouble: Trouble::Behind, message, retry_after: None };
            (after(due, source, &fault, now), vec![])
        }
        Ok(fuller) if due.had.as_ref().is_some_and(|(_, had)| choice::is_cut(had, &fuller)) => {
            (stays(Kept::Shorter, &came.page), vec![])
        }
        Ok(fuller) => {
            let mut keys = due.keys.clone();
            let key = came.page.canonical.as_deref();
            let key = key.zip(source).and_then(|(link, source)| alias::of_page(source, link));
            keys.extend(key.filter(|key| !due.keys.contains(key)));
            let mut incoming = Incoming::new(fuller, keys, now);
            incoming.extent = Extent::Page;
            let end = PageEnd::Read {
                page: Box::new(came.page),
                wire: came.wire,
                is_urgent: due.is_urgent,
                again: paging::again(due.is_urgent, due.queued, now),
            };
            (end, vec![incoming])
        }
    }
}

fn is_behind(due: &DuePage, page: &Page) -> bool {
    let lead = format!("{}\n\n{}", due.known.title, due.known.text);
    !teaser::is_covered(&lead, &format!("{}\n\n{}", page.title, page.text))
}

fn stays(kept: Kept, page: &Page) -> PageEnd {
    let title = &page.title;
    let message = match kept {
        Kept::Index => format!("it is a list of articles, `{title}`"),
        Kept::Consent => format!("it asks about cookies first, `{title}`"),
        Kept::Paywall => "the rest has to be paid for".to_owned(),
        Kept::Missing => format!("it says that there is none, `{title}`"),
        Kept::Wall => format!("it asks whether we are a person, `{title}`"),
        Kept::Empty => "it holds next to no text".to_owned(),
        Kept::Shorter => "it says less than the feed".to_owned(),
        Kept::Other => format!("it tells of something else, `{title}`"),
    };
    PageEnd::Kept { class: word(&kept), message }
}

fn after(due: &DuePage, source: Option<&Source>, fault: &Fault, now: Timestamp) -> PageEnd {
    let (class, message) = (word(&fault.trouble), fault.message.clone());
    let is_of_host = fault.trouble.is_of_the_host();
    if due.had.is_some() {
        // What was read once is not pressed for: it has its times.
        let again = paging::again(due.is_urgent, due.queued, now);
        let Some(next_try) = again else { return PageEnd::GivenUp { class, message } };
        let host_closed = is_of_host.then(|| now.checked_add(fault.retry_after?).ok()).flatten();
        return PageEnd::Again { class, message, next_try, elsewhere: None, host_closed };
    }
    let breadth = source.map_or(1, |source| paging::breadth(source, &due.url));
    let tries = due.tries.saturating_add(1);
    let (pause, moves) = match paging::next(fault.trouble, tries, breadth, fault.retry_after) {
        Next::GiveUp => return PageEnd::GivenUp { class, message },
        Next::Again(pause) => (pause, false),
        Next::Elsewhere(pause) => (pause, true),
    };
    let next_try = now.checked_add(pause).unwrap_or(now);
    let host_closed = is_of_host.then_some(next_try);
    let elsewhere = source.filter(|_| moves).and_then(|s| paging::elsewhere(s, &due.url));
    PageEnd::Again { class, message, next_try, elsewhere, host_closed }
}

/// The serialised name of a unit variant.
fn word<T: serde::Serialize>(variant: &T) -> String {
    serde_json::to_value(variant)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Has the article read where it is new, and all of it recorded; nothing where the
/// daemon stops or the writer ended.
async fn record(means: &Means, mut paged: Paged) -> Option<Read> {
    if !paged.batch.is_empty() {
        let batch = std::mem::take(&mut paged.batch);
        let (batch, unmet) = ask(means, |reply| Request::Unmet(batch, reply)).await?;
        paged.readings = readings(means, &batch, unmet).await?;
        paged.batch = batch;
    }
    let paged = Box::new(paged);
    Some(match ask(means, |reply| Request::Page(PageRequest::Record(paged, reply))).await? {
        Ok(Some((paged, assessment))) => {
            let Paged { tried, batch, .. } = *paged;
            Read::Recorded { end: tried.end, batch, assessment: Box::new(assessment) }
        }
        Ok(None) => Read::Outdated,
        Err(message) => Read::Unrecorded { message },
    })
}
