//! The thread that owns the store. It alone judges and records, one poll after the
//! other, so that no two polls make the same event; and it sends what the outbox
//! holds, as soon as that is on disk: to each sink one message at a time.

mod pages;
mod record;
mod send;
mod upkeep;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use url::Url;

use record::Aside;

use super::post::Post;
use super::sink::{self, Delivery};
use super::systemd::Beat;
use super::vigil::Vigil;
use super::{Error, Settings, journal};
use crate::alert::rule::Watch;
use crate::assess::{Assessment, Incoming};
use crate::correlate::event::ArticleId;
use crate::extract::event::Reading;
use crate::feed::Feed;
use crate::lexicon::Lexicon;
use crate::notify::log::SINK;
use crate::source::SourceState;
use crate::source::blind::{Blind, Kind};
use crate::store::{self, Outcome, Store};

pub(super) use pages::PageRequest;

/// A poll with all that is to be recorded of it.
#[derive(Debug)]
pub(super) struct Finished {
    pub source: String,
    pub started: Timestamp,
    pub took: Duration,
    pub outcome: Outcome,
    /// The URL of the mirror that settled the outcome.
    pub mirror: Option<Url>,
    /// What a person should know of it.
    pub message: Option<String>,
    /// What came, without its items, which are the batch.
    pub feed: Option<Feed>,
    pub state: SourceState,
    pub batch: Vec<Incoming>,
    /// Of the articles that were not known.
    pub readings: HashMap<ArticleId, Reading>,
}

/// What the thread is asked for. A dropped answer means that it ended.
pub(super) enum Request {
    /// Go by these settings; what is known of their sources is the answer. With a
    /// passing failure nothing changes.
    Configure(Box<Settings>, oneshot::Sender<Result<Recalled, store::Error>>),
    /// Which articles were never met, so that they have to be read.
    Unmet(Vec<Incoming>, oneshot::Sender<(Vec<Incoming>, HashSet<ArticleId>)>),
    /// Judge and record; with a passing failure, told in words, nothing is recorded.
    Record(Box<Finished>, Recorded),
    /// Of these sources, what was recorded of their last polls was not their fault.
    Excuse(Vec<(String, SourceState)>),
    /// The alarms that stand now, whatever stood before.
    Blind(Vec<Blind>),
    /// About pages.
    Page(PageRequest),
    /// A sink answers.
    Delivered(Delivery),
    /// Send what is due, wait for the answers, but no longer than this; end.
    Stop(Duration),
}

/// What is known when the settings are new.
#[derive(Debug)]
pub(super) struct Recalled {
    /// The schedules of the sources, by name.
    pub states: HashMap<String, SourceState>,
    /// Since when this machine is thought to reach nobody.
    pub outage: Option<Timestamp>,
}

/// Where it is told whether a poll was recorded.
type Recorded = oneshot::Sender<Result<(Box<Finished>, Assessment), String>>;

/// The way to the thread.
pub(super) struct Writer {
    pub requests: Sender<Request>,
    pub beat: Arc<Beat>,
    pub log_beat: Arc<Beat>,
    thread: JoinHandle<()>,
    /// How the thread ended.
    pub ended: oneshot::Receiver<Result<(), Error>>,
}

/// Opens store and log and starts their threads.
pub(super) fn start(settings: &Settings, now: Timestamp) -> Result<Writer, Error> {
    let store = Store::open(&settings.store.path, now)?;
    let (requests, received) = channel();
    let (beat, log_beat) = (Arc::new(Beat::default()), Arc::new(Beat::default()));
    let answers = requests.clone();
    let log = sink::log(settings.alerts.log.clone(), SINK, log_beat.clone(), move |delivery| {
        // The writer outlives the log's thread; if not, the outbox still holds the alert.
        let _ = answers.send(Request::Delivered(delivery));
    })?;
    let post = Post::new(Handle::current(), requests.clone(), log.orders);
    let (end, ended) = oneshot::channel();
    let mut desk = Desk::new(settings, store, post);
    let strikes = beat.clone();
    let thread = std::thread::Builder::new()
        .name("store".into())
        .spawn(move || {
            let outcome = desk.serve(&received, &strikes);
            // The store is closed before the end is told.
            drop(desk);
            let _ = log.thread.join();
            let _ = end.send(outcome);
        })
        .expect("the system has room for one more thread at start");
    Ok(Writer { requests, beat, log_beat, thread, ended })
}

impl Writer {
    /// Waits until all that was recorded is sent or put off, for sinks besides the log
    /// no longer than `patience`, and store and log are closed.
    pub async fn stop(self, patience: Duration) -> Result<(), Error> {
        let _ = self.requests.send(Request::Stop(patience));
        let outcome = self.ended.await.unwrap_or(Err(Error::Died("store")));
        let _ = self.thread.join();
        outcome
    }
}

/// How often it is looked whether a blindness has been over for long enough to say so.
const ANNOUNCE_EVERY: Duration = Duration::from_secs(60);

/// How often the store is looked after, in a moment when nothing is asked.
const TIDY_EVERY: Duration = Duration::from_secs(3600);

/// Where the thread works.
struct Desk {
    store: Store,
    post: Post,
    watches: Vec<Watch>,
    late_after: SignedDuration,
    lexicon: Arc<Lexicon>,
    /// The alarms that stand; nothing before it was looked.
    blind: Option<Vec<Blind>>,
    announced: Instant,
    tidied: Instant,
    vigil: Vigil,
}

impl Desk {
    fn new(settings: &Settings, store: Store, post: Post) -> Desk {
        Desk {
            store,
            post,
            watches: settings.watches.clone(),
            late_after: settings.late_after,
            lexicon: settings.lexicon.clone(),
            blind: None,
            announced: Instant::now(),
            tidied: Instant::now(),
            vigil: Vigil::new(settings),
        }
    }

    fn serve(&mut self, requests: &Receiver<Request>, beat: &Beat) -> Result<(), Error> {
        let mut stop_by: Option<Instant> = None;
        loop {
            self.send_due()?;
            let is_late = |by: Instant| Instant::now() >= by && !self.post.is_logging();
            if stop_by.is_some_and(|by| !self.post.is_busy() || is_late(by)) {
                // What a slow sink has in hand is told again after the next start.
                return Ok(());
            }
            match requests.recv_timeout(self.nap(stop_by)) {
                Ok(Request::Stop(patience)) => stop_by = Some(Instant::now() + patience),
                Ok(request) => {
                    let patience = self.answer_all(request, requests)?;
                    stop_by = patience.map(|patience| Instant::now() + patience).or(stop_by);
                }
                Err(RecvTimeoutError::Timeout) => self.tidy()?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if self.announced.elapsed() >= ANNOUNCE_EVERY {
                self.announce()?;
            }
            beat.strike();
        }
    }

    /// Until the next look at the outbox: another program may have put something there.
    fn nap(&self, stop_by: Option<Instant>) -> Duration {
        let left = stop_by.map(|by| by.saturating_duration_since(Instant::now()));
        left.unwrap_or(Beat::EVERY).clamp(Duration::from_millis(10), Beat::EVERY)
    }

    /// Answers a request, and with a poll those that wait behind it. How long to wait for
    /// the sinks, where a stop was among them.
    fn answer_all(
        &mut self,
        request: Request,
        requests: &Receiver<Request>,
    ) -> Result<Option<Duration>, Error> {
        let Aside { others, fault } = match request {
            Request::Record(finished, reply) => self.record_waiting((finished, reply), requests)?,
            other => Aside { others: vec![other], fault: None },
        };
        let mut patience = None;
        for request in others {
            if let Request::Stop(given) = request {
                patience = Some(given);
            }
            self.answer(request)?;
        }
        fault.map_or(Ok(patience), |fault| Err(fault.into()))
    }

    fn answer(&mut self, request: Request) -> Result<(), Error> {
        // Whoever asked and went on does not need the answer.
        match request {
            Request::Configure(settings, reply) => match self.configure(*settings) {
                Ok(recalled) => drop(reply.send(Ok(recalled))),
                Err(error) if error.is_passing() => drop(reply.send(Err(error))),
                Err(error) => return Err(error.into()),
            },
            Request::Unmet(batch, reply) => {
                let _ = reply.send(self.unmet(batch)?);
            }
            Request::Record(..) => unreachable!("a poll is recorded with those that wait"),
            Request::Excuse(sources) => self.excuse(&sources)?,
            Request::Blind(standing) => self.blind(standing)?,
            Request::Page(request) => self.answer_page(request)?,
            Request::Delivered(delivery) => self.note(delivery)?,
            Request::Stop(_) => {}
        }
        Ok(())
    }

    fn configure(&mut self, settings: Settings) -> Result<Recalled, store::Error> {
        let now = Timestamp::now();
        self.store.configure(&settings.sources, now)?;
        self.vigil.configure(&settings);
        let states = self.store.source_states()?;
        let outage = self.store.blind()?.into_iter().find(|blind| blind.kind == Kind::Outage);
        self.watches = settings.watches;
        self.late_after = settings.late_after;
        self.lexicon = settings.lexicon;
        if let Err(error) = self.post.configure(&settings.alerts) {
            tracing::error!(error = journal::chain(&error), "no sink but the log can be used");
        }
        self.store.configure_sinks(&self.post.sinks(), now)?;
        Ok(Recalled { states, outage: outage.map(|blind| blind.since) })
    }
}
