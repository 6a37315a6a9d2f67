//! What the thread that owns the store does for the desk of the pages.

use std::collections::HashSet;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::Desk;
use crate::assess::{Assessment, Verdict};
use crate::daemon::pages::Paged;
use crate::daemon::{Error, journal, leads};
use crate::pages::robots::Robots;
use crate::source::paging;
use crate::store::{self, DuePage, PageEnd};

/// What is asked of the thread about pages. A dropped answer means that it ended.
pub(in crate::daemon) enum PageRequest {
    /// The pages whose turn it is, at most so many, none of these hosts; when the next
    /// one is due.
    Due(HashSet<String>, usize, oneshot::Sender<(Vec<DuePage>, Option<Timestamp>)>),
    /// What was kept of a host's robots.txt.
    Robots(String, oneshot::Sender<Option<Robots>>),
    /// Judge and record what came of a page; nothing is recorded with a passing failure,
    /// told in words, nor where the page no longer waits for what it was read for.
    Record(Box<Paged>, PageRecorded),
}

/// Where it is told whether a page was recorded.
type PageRecorded = oneshot::Sender<Result<Option<(Box<Paged>, Assessment)>, String>>;

impl Desk {
    pub(super) fn answer_page(&mut self, request: PageRequest) -> Result<(), Error> {
        // Whoever asked and went on does not need the answer.
        match request {
            PageRequest::Due(busy, room, reply) => {
                let now = Timestamp::now();
                let due = self.store.due_pages(&busy, room, now)?;
                let _ = reply.send((due, self.store.next_page(now)?));
            }
            PageRequest::Robots(host, reply) => {
                let _ = reply.send(self.store.robots(&host)?);
            }
            PageRequest::Record(mut paged, reply) => match self.record_page(&mut paged) {
                Ok(recorded) => {
                    drop(reply.send(Ok(recorded.map(|assessment| (paged, assessment)))))
                }
                Err(error) if error.is_passing() => {
                    drop(reply.send(Err(journal::chain(&error))));
                }
                Err(error) => return Err(error.into()),
            },
        }
        Ok(())
    }

    /// Nothing where the page no longer waits for what it was read for.
    fn record_page(&mut self, paged: &mut Paged) -> Result<Option<Assessment>, store::Error> {
        let now = Timestamp::now();
        for (host, robots) in &paged.robots {
            self.store.keep_robots(host, robots)?;
        }
        let Paged { tried, queued, batch, readings, .. } = paged;
        if !self.store.page_waits_for(tried.id, &tried.article)? {
            return Ok(None);
        }
        leads::place_page(&self.store, tried, batch)?;
        loop {
            let assessment = self.judge(batch, readings, now)?;
            let mut read = assessment.verdicts.iter().filter_map(Verdict::reading);
            if let PageEnd::Read { is_urgent, again, .. } = &mut tried.end
                && read.any(|reading| !reading.events.is_empty())
            {
                *is_urgent = true;
                *again = paging::again(true, *queued, now);
            }
            let sinks = self.post.recipients();
            match self.store.record_page(tried, batch, &assessment, &sinks, now) {
                Ok(()) => return Ok(Some(assessment)),
                // As of a poll.
                Err(store::Error::Overtaken(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
}
