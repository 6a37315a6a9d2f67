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

/// How long a poll that was judged waits at most for others, to share a wait for the disk.
const TOGETHER: Duration = Duration::from_millis(50);

impl Desk {
    /// Judges and records a poll and those that wait behind it, with one wait for the
    /// disk. Gives back what else was found among them: it is to be answered now.
    pub(super) fn record_waiting(
        &mut self,
        first: Filed,
        requests: &Receiver<Request>,
    ) -> Result<Vec<Request>, Error> {
        let (mut polls, mut others) = (vec![first], Vec::new());
        match self.record_together(&mut polls, &mut others, requests) {
            Ok(assessments) => {
                for ((finished, reply), assessment) in polls.into_iter().zip(assessments) {
                    // Whoever asked and went on does not need the answer.
                    let _ = reply.send(Ok((finished, assessment)));
                }
            }
            // One of them may be the cause: the others are not to go with it.
            Err(error) if error.is_passing() || matches!(error, store::Error::Statement { .. }) => {
                for (finished, reply) in polls {
                    self.record_alone(finished, reply)?;
                }
            }
            Err(error) => return Err(error.into()),
        }
        Ok(others)
    }

    /// The first poll is there, the others are added to it. An alert waits for none.
    fn record_together(
        &mut self,
        polls: &mut Vec<Filed>,
        others: &mut Vec<Request>,
        requests: &Receiver<Request>,
    ) -> Result<Vec<Assessment>, store::Error> {
        let begun = Instant::now();
        let mut assessments: Vec<Assessment> = Vec::new();
        self.store.begin()?;
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

    pub(super) fn record_alone(
        &mut self,
        finished: Box<Finished>,
        reply: Recorded,
    ) -> Result<(), Error> {
        match self.record(&finished) {
            Ok(assessment) => drop(reply.send(Ok((finished, assessment)))),
            Err(error) if error.is_passing() => drop(reply.send(Err(journal::chain(&error)))),
            Err(error) => return Err(error.into()),
        }
        Ok(())
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
        let mut known = self.store.known(batch, &reach(read()))?;
        let telling = read().filter(|(_, reading)| !reading.events.is_empty());
        known.copies = self.store.copies(telling.map(|(item, _)| item))?;
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
