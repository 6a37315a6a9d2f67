//! The thread that owns the store. It alone judges and records, one poll after the
//! other, so that no two polls make the same event; and it sends what the outbox
//! holds, as soon as that is on disk: to each sink one message at a time.

mod pages;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use url::Url;

use super::leads;
use super::post::Post;
use super::sink::{self, Delivery};
use super::systemd::Beat;
use super::vigil::Vigil;
use super::{Error, Settings, alarms, journal};
use crate::alert::message::Message;
use crate::alert::rule::Watch;
use crate::alert::{Rules, window};
use crate::assess::{Assessment, Incoming, assess, reach};
use crate::correlate::event::ArticleId;
use crate::extract::event::Reading;
use crate::feed::Feed;
use crate::lexicon::{Lexicon, PlaceCode};
use crate::notify::log::SINK;
use crate::notify::retry::Next;
use crate::source::SourceState;
use crate::source::blind::Blind;
use crate::store::{self, Outcome, Poll, Refusal, Store};

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
    /// Go by these settings; the schedules of their sources are the answer. With a
    /// passing failure nothing changes.
    Configure(Box<Settings>, oneshot::Sender<Result<HashMap<String, SourceState>, store::Error>>),
    /// Which articles were never met, so that they have to be read.
    Unmet(Vec<Incoming>, oneshot::Sender<(Vec<Incoming>, HashSet<ArticleId>)>),
    /// Judge and record; with a passing failure, told in words, nothing is recorded.
    Record(Box<Finished>, Recorded),
    /// The alarms that stand now, whatever stood before.
    Blind(Vec<Blind>),
    /// About pages.
    Page(PageRequest),
    /// A sink answers.
    Delivered(Delivery),
    /// Send what is due, wait for the answers, but no longer than this; end.
    Stop(Duration),
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
    let mut desk = Desk {
        store,
        post,
        watches: settings.watches.clone(),
        late_after: settings.late_after,
        lexicon: settings.lexicon.clone(),
        blind: None,
        announced: Instant::now(),
        tidied: Instant::now(),
        vigil: Vigil::new(settings),
    };
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

    /// Answers a request, and with a poll that brought nothing all others of its kind
    /// that wait behind it: they share one wait for the disk. How long to
    /// wait for the sinks, where a stop was among them.
    fn answer_all(
        &mut self,
        request: Request,
        requests: &Receiver<Request>,
    ) -> Result<Option<Duration>, Error> {
        let mut quiet = Vec::new();
        let mut next = Some(request);
        while let Some(request) = next {
            if matches!(request, Request::Record(..)) {
                self.vigil.saw_a_poll();
            }
            match request {
                Request::Record(finished, reply) if finished.batch.is_empty() => {
                    quiet.push((finished, reply));
                }
                other => {
                    self.record_quiet(quiet)?;
                    let patience = match other {
                        Request::Stop(patience) => Some(patience),
                        _ => None,
                    };
                    self.answer(other)?;
                    return Ok(patience);
                }
            }
            next = requests.try_recv().ok();
        }
        self.record_quiet(quiet)?;
        Ok(None)
    }

    fn record_quiet(&mut self, quiet: Vec<(Box<Finished>, Recorded)>) -> Result<(), Error> {
        if quiet.is_empty() {
            return Ok(());
        }
        let polls: Vec<Poll<'_>> = quiet.iter().map(|(finished, _)| poll_of(finished)).collect();
        match self.store.record_quiet(&polls) {
            Ok(()) => {
                for (finished, reply) in quiet {
                    drop(reply.send(Ok((finished, Assessment::default()))));
                }
            }
            Err(error) if error.is_passing() => {
                let told = journal::chain(&error);
                for (_, reply) in quiet {
                    drop(reply.send(Err(told.clone())));
                }
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
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
                Err(error) if error.is_passing() => {
                    drop(reply.send(Err(journal::chain(&error))));
                }
                Err(error) => return Err(error.into()),
            },
            Request::Blind(standing) => self.blind(standing)?,
            Request::Page(request) => self.answer_page(request)?,
            Request::Delivered(delivery) => self.note(delivery)?,
            Request::Stop(_) => {}
        }
        Ok(())
    }

    fn configure(
        &mut self,
        settings: Settings,
    ) -> Result<HashMap<String, SourceState>, store::Error> {
        let now = Timestamp::now();
        self.store.configure(&settings.sources, now)?;
        self.vigil.configure(&settings);
        let states = self.store.source_states()?;
        self.watches = settings.watches;
        self.late_after = settings.late_after;
        self.lexicon = settings.lexicon;
        if let Err(error) = self.post.configure(&settings.alerts) {
            tracing::error!(error = journal::chain(&error), "no sink but the log can be used");
        }
        self.store.configure_sinks(&self.post.sinks(), now)?;
        Ok(states)
    }

    /// The articles of the batch that the store does not hold. A lead is put in its
    /// place where the store holds more of its article.
    fn unmet(
        &self,
        mut batch: Vec<Incoming>,
    ) -> Result<(Vec<Incoming>, HashSet<ArticleId>), store::Error> {
        // No event can be that late: only the articles are asked for.
        let mut known = self.store.known(&batch, &[])?;
        if leads::place(&self.store, &known, &mut batch)? {
            known = self.store.known(&batch, &[])?;
        }
        let unmet = batch.iter().filter(|item| !known.articles.contains_key(&item.id));
        let unmet = unmet.map(|item| item.id.clone()).collect();
        Ok((batch, unmet))
    }

    fn record(&mut self, finished: &Finished) -> Result<Assessment, store::Error> {
        loop {
            match self.record_once(finished) {
                // A person's word came in between, by a command: it is to count.
                Err(store::Error::Overtaken(_)) => {}
                outcome => return outcome,
            }
        }
    }

    fn record_once(&mut self, finished: &Finished) -> Result<Assessment, store::Error> {
        let now = Timestamp::now();
        let assessment = self.judge(&finished.batch, &finished.readings, now)?;
        let poll = poll_of(finished);
        self.store.record(&poll, &finished.batch, &assessment, &self.post.recipients(), now)?;
        Ok(assessment)
    }

    fn judge(
        &self,
        batch: &[Incoming],
        readings: &HashMap<ArticleId, Reading>,
        now: Timestamp,
    ) -> Result<Assessment, store::Error> {
        if batch.is_empty() {
            return Ok(Assessment::default());
        }
        let reach = reach(batch.iter().filter_map(|item| {
            let reading = readings.get(&item.id)?;
            Some((item, reading))
        }));
        let mut known = self.store.known(batch, &reach)?;
        if !readings.is_empty() {
            let countries = self.watches.iter().flat_map(|watch| &watch.places);
            let countries = countries.map(PlaceCode::country).collect();
            let days = window::longest(&self.watches).map(|days| (days, countries));
            self.store.recall(&mut known, days, now)?;
        }
        let places = &self.lexicon.places;
        let names =
            |code: PlaceCode| places.division_name(code).unwrap_or(code.as_str()).to_owned();
        let rules = Rules { watches: &self.watches, late_after: self.late_after, names: &names };
        let ids: HashMap<*const _, &ArticleId> =
            batch.iter().map(|item| (std::ptr::from_ref(&item.article), &item.id)).collect();
        let read = |article: &_| {
            let id = ids.get(&std::ptr::from_ref(article));
            // What was met a moment ago and is not now cannot be: nothing is deleted.
            id.and_then(|id| readings.get(*id)).cloned().unwrap_or_default()
        };
        Ok(assess(read, &rules, batch, &known, now))
    }

    /// What cannot be recorded now is recorded with the next change.
    fn blind(&mut self, standing: Vec<Blind>) -> Result<(), store::Error> {
        match self.store.record_blind(&standing, Timestamp::now()) {
            Err(error) if error.is_passing() => journal::store_refused(&error),
            Err(error) => return Err(error),
            Ok(begun) => begun.iter().for_each(journal::blind),
        }
        self.blind = Some(standing);
        self.announce()
    }

    /// Has people told of it, and now and then that it is over.
    fn announce(&mut self) -> Result<(), store::Error> {
        self.announced = Instant::now();
        self.look_out()?;
        let Some(standing) = &self.blind else { return Ok(()) };
        let sinks = self.post.recipients();
        let here = self.vigil.found();
        match alarms::announce(&mut self.store, standing, here, &sinks, Timestamp::now()) {
            Err(error) if error.is_passing() => journal::store_refused(&error),
            Err(error) => return Err(error),
            Ok(()) => {}
        }
        Ok(())
    }

    /// Looks at this machine and the sinks, now and then.
    fn look_out(&mut self) -> Result<(), store::Error> {
        match self.vigil.look(&self.store, Timestamp::now()) {
            // It is looked at again soon.
            Err(error) if error.is_passing() => journal::store_refused(&error),
            outcome => outcome?,
        }
        Ok(())
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

    /// Gives each sink that is free what is due.
    fn send_due(&mut self) -> Result<(), Error> {
        for sink in self.post.free() {
            let due = match self.store.due(&sink, Timestamp::now(), 1) {
                Err(error) if error.is_passing() => return Ok(()),
                due => due?,
            };
            for mut dispatch in due {
                dispatch.places = self.names_of(&dispatch.message);
                self.post.give(&sink, dispatch)?;
            }
        }
        Ok(())
    }

    fn names_of(&self, message: &Message) -> Vec<String> {
        let Message::Attack(alert) = message else { return Vec::new() };
        let places = &self.lexicon.places;
        let names = alert.places.iter().map(|code| places.division_name(*code));
        names.zip(&alert.places).map(|(name, code)| name.unwrap_or(code.as_str()).into()).collect()
    }

    fn note(&mut self, delivery: Delivery) -> Result<(), store::Error> {
        let now = Timestamp::now();
        let next = self.post.take_up(&delivery);
        let Delivery { sink, message, outcome, .. } = &delivery;
        let noted = match (outcome, next) {
            (Ok(()), _) | (Err(_), None) => self.store.sent(message, sink, now),
            (Err(refused), Some(next)) => {
                journal::undelivered(sink, message, refused, next);
                let error = &refused.to_string();
                let refusal = match next {
                    Next::In(pause) => {
                        Refusal::Until { next_try: now.checked_add(pause).unwrap_or(now), error }
                    }
                    Next::Never => Refusal::ForGood { error },
                };
                self.store.refused(message, sink, &refusal, now)
            }
        };
        match noted {
            Ok(()) => {}
            // It stays in the outbox and is told again, with the same id.
            Err(error) if error.is_passing() => journal::store_refused(&error),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn poll_of(finished: &Finished) -> Poll<'_> {
    Poll {
        source: &finished.source,
        started: finished.started,
        took: finished.took,
        outcome: finished.outcome,
        mirror: finished.mirror.as_ref(),
        message: finished.message.as_deref(),
        feed: finished.feed.as_ref(),
        state: &finished.state,
    }
}
