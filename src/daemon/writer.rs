//! The thread that owns the store. It alone judges and records, one poll after the
//! other, so that no two polls make the same event; and it sends what the outbox
//! holds, as soon as that is on disk.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;
use url::Url;

use super::sink::{self, Delivery, Order};
use super::systemd::Beat;
use super::{Error, Settings, journal};
use crate::alert::Rules;
use crate::alert::rule::Watch;
use crate::assess::{Assessment, Incoming, assess, reach};
use crate::correlate::event::ArticleId;
use crate::extract::event::Reading;
use crate::feed::Feed;
use crate::lexicon::{Lexicon, PlaceCode};
use crate::notify::log::SINK;
use crate::source::SourceState;
use crate::store::{self, Outcome, Poll, Store};

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
    /// Go by these settings; the schedules of their sources are the answer. With a
    /// passing failure nothing changes.
    Configure(Box<Settings>, oneshot::Sender<Result<HashMap<String, SourceState>, store::Error>>),
    /// Which articles were never met, so that they have to be read.
    Unmet(Vec<Incoming>, oneshot::Sender<(Vec<Incoming>, HashSet<ArticleId>)>),
    /// Judge and record; with a passing failure nothing is recorded.
    Record(Box<Finished>, oneshot::Sender<Result<(Box<Finished>, Assessment), store::Error>>),
    /// The alert log answers.
    Delivered(Delivery),
    /// Send what is due, wait for the answers, end.
    Stop,
}

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
    let sink = sink::start(settings.alerts.log.clone(), log_beat.clone(), move |delivery| {
        // The writer outlives the log's thread; if not, the outbox still holds the alert.
        let _ = answers.send(Request::Delivered(delivery));
    })?;
    let (end, ended) = oneshot::channel();
    let mut desk = Desk {
        store,
        orders: sink.orders,
        watches: settings.watches.clone(),
        late_after: settings.late_after,
        lexicon: settings.lexicon.clone(),
        on_the_way: HashSet::new(),
        refusals: 0,
        tidied: Instant::now(),
    };
    let strikes = beat.clone();
    let thread = std::thread::Builder::new()
        .name("store".into())
        .spawn(move || {
            let outcome = desk.serve(&received, &strikes);
            // The store is closed before the end is told.
            drop(desk);
            let _ = sink.thread.join();
            let _ = end.send(outcome);
        })
        .expect("the system has room for one more thread at start");
    Ok(Writer { requests, beat, log_beat, thread, ended })
}

impl Writer {
    /// Waits until all that was recorded is sent or put off, and store and log are
    /// closed.
    pub async fn stop(self) -> Result<(), Error> {
        let _ = self.requests.send(Request::Stop);
        let outcome = self.ended.await.unwrap_or(Err(Error::Died("store")));
        let _ = self.thread.join();
        outcome
    }
}

/// The longest that an alert waits for a log that refuses it.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How often the store is looked after, in a moment when nothing is asked.
const TIDY_EVERY: Duration = Duration::from_secs(3600);

/// Where the thread works.
struct Desk {
    store: Store,
    orders: Sender<Order>,
    watches: Vec<Watch>,
    late_after: SignedDuration,
    lexicon: Arc<Lexicon>,
    /// Ids of the alerts that the log was given and did not answer for.
    on_the_way: HashSet<String>,
    /// Refusals of the log in a row.
    refusals: u32,
    tidied: Instant,
}

impl Desk {
    fn serve(&mut self, requests: &Receiver<Request>, beat: &Beat) -> Result<(), Error> {
        let mut is_stopping = false;
        loop {
            self.send_due()?;
            if is_stopping && self.on_the_way.is_empty() {
                return Ok(());
            }
            match requests.recv_timeout(Beat::EVERY) {
                Ok(Request::Stop) => is_stopping = true,
                Ok(request) => self.answer(request)?,
                Err(RecvTimeoutError::Timeout) => self.tidy()?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            beat.strike();
        }
    }

    fn answer(&mut self, request: Request) -> Result<(), Error> {
        // Whoever asked and went on does not need the answer.
        match request {
            Request::Configure(settings, reply) => match self.configure(*settings) {
                Ok(states) => drop(reply.send(Ok(states))),
                Err(error) if error.is_passing() => drop(reply.send(Err(error))),
                Err(error) => return Err(error.into()),
            },
            Request::Unmet(batch, reply) => {
                let _ = reply.send(self.unmet(batch)?);
            }
            Request::Record(finished, reply) => match self.record(&finished) {
                Ok(assessment) => drop(reply.send(Ok((finished, assessment)))),
                Err(error) if error.is_passing() => drop(reply.send(Err(error))),
                Err(error) => return Err(error.into()),
            },
            Request::Delivered(delivery) => self.note(delivery)?,
            Request::Stop => {}
        }
        Ok(())
    }

    fn configure(
        &mut self,
        settings: Settings,
    ) -> Result<HashMap<String, SourceState>, store::Error> {
        self.store.configure(&settings.sources, Timestamp::now())?;
        let states = self.store.source_states()?;
        self.watches = settings.watches;
        self.late_after = settings.late_after;
        self.lexicon = settings.lexicon;
        // A closed channel is found when the next alert is sent.
        let _ = self.orders.send(Order::Reopen(settings.alerts.log));
        Ok(states)
    }

    /// The articles of the batch that the store does not hold.
    fn unmet(
        &self,
        batch: Vec<Incoming>,
    ) -> Result<(Vec<Incoming>, HashSet<ArticleId>), store::Error> {
        // No event can be that late: only the articles are asked for.
        let known = self.store.known(&batch, &[])?;
        let unmet = batch.iter().filter(|item| !known.articles.contains_key(&item.id));
        let unmet = unmet.map(|item| item.id.clone()).collect();
        Ok((batch, unmet))
    }

    fn record(&mut self, finished: &Finished) -> Result<Assessment, store::Error> {
        let now = Timestamp::now();
        let assessment = self.judge(finished, now)?;
        let poll = Poll {
            source: &finished.source,
            started: finished.started,
            took: finished.took,
            outcome: finished.outcome,
            mirror: finished.mirror.as_ref(),
            message: finished.message.as_deref(),
            feed: finished.feed.as_ref(),
            state: &finished.state,
        };
        self.store.record(&poll, &finished.batch, &assessment, &[SINK], now)?;
        Ok(assessment)
    }

    fn judge(&self, finished: &Finished, now: Timestamp) -> Result<Assessment, store::Error> {
        if finished.batch.is_empty() {
            return Ok(Assessment::default());
        }
        let batch = finished.batch.iter();
        let reach = reach(batch.filter_map(|item| {
            let reading = finished.readings.get(&item.id)?;
            Some((item, reading))
        }));
        let known = self.store.known(&finished.batch, &reach)?;
        let places = &self.lexicon.places;
        let names =
            |code: PlaceCode| places.division_name(code).unwrap_or(code.as_str()).to_owned();
        let rules = Rules { watches: &self.watches, late_after: self.late_after, names: &names };
        let ids: HashMap<*const _, &ArticleId> = finished
            .batch
            .iter()
            .map(|item| (std::ptr::from_ref(&item.article), &item.id))
            .collect();
        let read = |article: &_| {
            let id = ids.get(&std::ptr::from_ref(article));
            // What was met a moment ago and is not now cannot be: nothing is deleted.
            id.and_then(|id| finished.readings.get(*id)).cloned().unwrap_or_default()
        };
        Ok(assess(read, &rules, &finished.batch, &known, now))
    }

    fn tidy(&mut self) -> Result<(), store::Error> {
        if self.tidied.elapsed() < TIDY_EVERY {
            return Ok(());
        }
        self.tidied = Instant::now();
        match self.store.tidy() {
            Err(error) if !error.is_passing() => Err(error),
            _ => Ok(()),
        }
    }

    /// Hands the log what is due and not on the way.
    fn send_due(&mut self) -> Result<(), Error> {
        for alert in self.store.unsent(SINK, Timestamp::now())? {
            if self.on_the_way.insert(alert.id.clone()) {
                let order = Order::Write(Box::new(alert));
                self.orders.send(order).map_err(|_| Error::Died("alert log"))?;
            }
        }
        Ok(())
    }

    fn note(&mut self, delivery: Delivery) -> Result<(), store::Error> {
        let Delivery { alert, outcome } = delivery;
        self.on_the_way.remove(&alert);
        let now = Timestamp::now();
        let noted = match &outcome {
            Ok(_) => {
                self.refusals = 0;
                self.store.sent(&alert, SINK, now)
            }
            Err(error) => {
                self.refusals = self.refusals.saturating_add(1);
                let pause = Duration::from_secs(1 << self.refusals.min(6)).min(LONGEST_PAUSE);
                let next_try = now.checked_add(pause).unwrap_or(now);
                journal::undelivered(&alert, error, pause);
                self.store.failed(&alert, SINK, &journal::chain(error), next_try)
            }
        };
        match noted {
            Ok(()) => {}
            // It stays in the outbox, and the log knows that it has it already.
            Err(error) if error.is_passing() => journal::store_refused(&error),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
