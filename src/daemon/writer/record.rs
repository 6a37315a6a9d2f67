//! Judges and records polls: what of a batch is new, what follows from it, all of it in
//! one transaction.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::{Desk, Finished, Recorded};
use crate::alert::{Rules, window};
use crate::assess::{Assessment, Incoming, assess, reach};
use crate::correlate::event::ArticleId;
use crate::daemon::{Error, journal, leads};
use crate::extract::event::Reading;
use crate::lexicon::PlaceCode;
use crate::store::{self, Poll};

impl Desk {
    pub(super) fn record_quiet(
        &mut self,
        quiet: Vec<(Box<Finished>, Recorded)>,
    ) -> Result<(), Error> {
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

    pub(super) fn record(&mut self, finished: &Finished) -> Result<Assessment, store::Error> {
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
