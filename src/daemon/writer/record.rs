//! Judges and records polls: what of a batch is new, what follows from it, all of a poll
//! in one transaction, and those that wait together in the same.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{Desk, Finished, Recorded, Request};
use crate::alert::{Rules, window};
use crate::assess::{Assessment, Incoming, assess, reach};
use crate::correlate::event::ArticleId;
use crate::daemon::{Error, journal, leads};
use crate::extract::event::Reading;
use crate::lexicon::PlaceCode;
use crate::store::{self, Poll};

/// A poll to be recorded, and where it is told what came of it.
type Filed = (Box<Finished>, Recorded);

/// What was found among the polls that wait, and what became of none of them.
pub(super) struct Aside {
    /// To be answered now.
    pub others: Vec<Request>,
    /// Only a restart can mend it; all that could be recorded is.
    pub fault: Option<store::Error>,
}

/// How long a poll that was judged waits at most for others, to share a wait for the disk.
const TOGETHER: Duration = Duration::from_millis(50);

impl Desk {
    /// Judges and records a poll and those that wait behind it, with one wait for the
    /// disk.
    pub(super) fn record_waiting(
        &mut self,
        first: Filed,
        requests: &Receiver<Request>,
    ) -> Result<Aside, Error> {
        let (mut polls, mut others) = (vec![first], Vec::new());
        if let Err(error) = self.store.begin() {
            // Each that waits would come to the same, after the same wait again.
            polls.extend(std::iter::from_fn(|| next_poll(requests, &mut others)));
            refuse(polls, error)?;
            return Ok(Aside { others, fault: None });
        }
        let fault = match self.record_together(&mut polls, &mut others, requests) {
            Ok(assessments) => {
                for ((finished, reply), assessment) in polls.into_iter().zip(assessments) {
                    // Whoever asked and went on does not need the answer.
                    let _ = reply.send(Ok((finished, assessment)));
                }
                None
            }
            // One of them may be the cause: the others are not to go with it.
            Err(error) if error.is_passing() || is_of_one(&error) => self.record_each(polls)?,
            Err(error) => return Err(error.into()),
        };
        Ok(Aside { others, fault })
    }

    /// Records each for itself. What only one of them cannot do is told once the others
    /// are recorded; a disk that fails is not tried again.
    fn record_each(&mut self, polls: Vec<Filed>) -> Result<Option<store::Error>, Error> {
        let mut fault = None;
        for (finished, reply) in polls {
            match self.record(&finished) {
                Ok(assessment) => drop(reply.send(Ok((finished, assessment)))),
                Err(error) if error.is_passing() => drop(reply.send(Err(journal::chain(&error)))),
                Err(error) if is_of_one(&error) => fault = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(fault)
    }

    /// Ends what was begun: the first poll is there, the others are added to it. An alert
    /// waits for none.
    fn record_together(
        &mut self,
        polls: &mut Vec<Filed>,
        others: &mut Vec<Request>,
        requests: &Receiver<Request>,
    ) -> Result<Vec<Assessment>, store::Error> {
        let begun = Instant::now();
        let mut assessments: Vec<Assessment> = Vec::new();
        let outcome = loop {
            self.vigil.saw_a_poll();
            match self.record_once(&polls[assessments.len()].0) {
                Ok(assessment) => assessments.push(assessment),
                Err(error) => break Err(error),
            }
            let has_alerts = assessments.last().is_some_and(|last| !last.alerts.is_empty());
            if has_alerts || begun.elapsed() >= TOGETHER {
                break Ok(assessments);
            }
            match next_poll(requests, others) {
                Some(poll) => polls.push(poll),
                None => break Ok(assessments),
            }
        };
        self.store.end(outcome)
    }

    /// The articles of the batch that the store does not hold. A lead is put in its
    /// place where the store holds more of its article.
    pub(super) fn unmet(
        &self,
        mut batch: Vec<Incoming>,
    ) -> Result<(Vec<Incoming>, HashSet<ArticleId>), store::Error> {
        let mut known = self.store.met(&batch)?;
        if leads::place(&self.store, &known, &mut batch)? {
            known = self.store.met(&batch)?;
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

    pub(super) fn judge(
        &self,
        batch: &[Incoming],
        readings: &HashMap<ArticleId, Reading>,
        now: Timestamp,
    ) -> Result<Assessment, store::Error> {
        if batch.is_empty() {
            return Ok(Assessment::default());
        }
        let read = || batch.iter().filter_map(|item| Some((item, readings.get(&item.id)?)));
        let telling = read().filter(|(_, reading)| !reading.events.is_empty());
        let mut known = self.store.known(batch, telling.map(|(item, _)| item), &reach(read()))?;
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
}

/// Whether the fault is in what one poll brought, and not in the store.
fn is_of_one(error: &store::Error) -> bool {
    matches!(error, store::Error::Statement { .. })
}

/// Tells those who wait that the store cannot be had now, if it may be had later.
fn refuse(polls: Vec<Filed>, error: store::Error) -> Result<(), Error> {
    if !error.is_passing() {
        return Err(error.into());
    }
    let told = journal::chain(&error);
    for (_, reply) in polls {
        let _ = reply.send(Err(told.clone()));
    }
    Ok(())
}

/// The next poll that waits. Who asks what is new hears it once all that was recorded is
/// on disk; anything else has waited long enough.
fn next_poll(requests: &Receiver<Request>, others: &mut Vec<Request>) -> Option<Filed> {
    loop {
        match requests.try_recv().ok()? {
            Request::Record(finished, reply) => return Some((finished, reply)),
            question @ Request::Unmet(..) => others.push(question),
            other => {
                others.push(other);
                return None;
            }
        }
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

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::mpsc::channel;

    use tokio::sync::oneshot;

    use super::*;
    use crate::daemon::Settings;
    use crate::daemon::post::Post;
    use crate::lexicon::Lexicon;
    use crate::pages::worker::Workers;
    use crate::source::{Source, SourceState};
    use crate::store::{Outcome, Store};

    const SOURCES: [&str; 2] = ["A", "B"];

    fn settings(home: &Path) -> Settings {
        let sources = SOURCES.map(|name| Source::new(name, "https://feed.example", &[]).unwrap());
        Settings {
            store: store::Settings { path: home.join("w.db") },
            alerts: crate::notify::Settings::default(),
            fetch: crate::fetch::Settings::default(),
            sources: sources.to_vec(),
            watches: Vec::new(),
            lexicon: Arc::new(Lexicon::embedded()),
            late_after: crate::alert::LATE_AFTER,
            workers: Workers::of(home.to_owned()),
        }
    }

    fn poll(source: &str) -> Box<Finished> {
        Box::new(Finished {
            source: source.to_owned(),
            started: Timestamp::now(),
            took: Duration::ZERO,
            outcome: Outcome::Unchanged,
            mirror: None,
            message: None,
            feed: None,
            state: SourceState::default(),
            batch: Vec::new(),
            readings: HashMap::new(),
        })
    }

    #[test]
    fn what_one_poll_cannot_do_takes_no_other_with_it() {
        let home = tempfile::tempdir().unwrap();
        let settings = settings(home.path());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (answers, _) = channel();
        let (orders, _) = channel();
        let post = Post::new(runtime.handle().clone(), answers, orders);
        let mut store = Store::open(&settings.store.path, Timestamp::now()).unwrap();
        store.configure(&settings.sources, Timestamp::now()).unwrap();
        let beside = rusqlite::Connection::open(&settings.store.path).unwrap();
        beside
            .execute_batch(
                "CREATE TRIGGER t BEFORE INSERT ON polls WHEN NEW.source = 'B'
                 BEGIN SELECT RAISE(ABORT, 'no'); END",
            )
            .unwrap();
        let mut desk = Desk::new(&settings, store, post);
        let (requests, waiting) = channel();
        let (reply, first) = oneshot::channel();
        let filed = (poll("A"), reply);
        let (question, _answer) = oneshot::channel();
        requests.send(Request::Unmet(Vec::new(), question)).unwrap();
        let (reply, second) = oneshot::channel();
        requests.send(Request::Record(poll("B"), reply)).unwrap();
        let aside = desk.record_waiting(filed, &waiting).unwrap();
        assert!(matches!(aside.fault, Some(store::Error::Statement { .. })));
        assert_eq!(aside.others.len(), 1);
        let told = [first, second].map(|mut answer| answer.try_recv().is_ok_and(|r| r.is_ok()));
        assert_eq!(told, [true, false]);
        let polls = |source: &str| {
            let count = "SELECT count(*) FROM polls WHERE source = ?1";
            beside.query_row(count, [source], |row| row.get::<_, u32>(0)).unwrap()
        };
        assert_eq!(SOURCES.map(polls), [1, 0]);
    }
}
