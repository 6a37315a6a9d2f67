//! The desk that has pages read: the most urgent first, one a host at a time, as the
//! queue in the store has them. Which page is asked for and what follows on a failure
//! is decided by `source::paging`, which text wins by `article::choice`.

mod beside;
mod hops;
mod turn;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, mpsc};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;

use super::turn::{Means, ask};
use super::writer::{PageRequest, Request};
use super::{Notice, Span, journal};
use crate::pages::Reader;
use crate::pages::worker::Workers;
use crate::source::Source;
use crate::store::DuePage;

pub(super) use beside::Pages;
pub(super) use turn::Paged;
pub use turn::{PageTurn, Read};

/// Pages under way at once.
const MOST_AT_ONCE: usize = 4;

/// The queue is looked at again after this, should nobody say that it grew.
const LONGEST_NAP: Duration = Duration::from_secs(15);

/// How long a host rests whose page the store refused, or was lost.
const REFUSED: Duration = Duration::from_secs(30);

/// How long a single round reads pages; what is left stays in the queue.
const ROUND: Duration = Duration::from_secs(90);

/// A single round waits for a page that is due so soon: at the next mirror.
const NEAR: Duration = Duration::from_secs(3);

/// How many pages came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PageTally {
    pub articles: u64,
    pub alerts: u64,
}

/// The desk and what it has under way.
pub(super) struct PageDesk {
    means: Means,
    reader: Reader,
    /// By name.
    sources: HashMap<String, Arc<Source>>,
    notices: mpsc::UnboundedSender<Notice>,
    /// Rung when the queue has grown.
    bell: Arc<Notify>,
    /// The hosts that are not asked: one that is being asked now, or rests until then.
    busy: HashMap<String, Option<Instant>>,
    turns: JoinSet<PageTurn>,
    of: HashMap<Id, DuePage>,
    tally: PageTally,
}

impl PageDesk {
    pub fn new(
        means: Means,
        workers: Workers,
        sources: &[Source],
        notices: mpsc::UnboundedSender<Notice>,
        bell: Arc<Notify>,
    ) -> PageDesk {
        let reader = Reader { client: means.client.clone(), workers };
        let sources = sources.iter().map(|s| (s.name.clone(), Arc::new(s.clone()))).collect();
        PageDesk {
            means,
            reader,
            sources,
            notices,
            bell,
            busy: HashMap::new(),
            turns: JoinSet::new(),
            of: HashMap::new(),
            tally: PageTally::default(),
        }
    }

    /// Has pages read until the daemon stops; in a single round until none is due.
    /// What is under way at a stop is finished or undone.
    pub async fn run(mut self, span: Span) -> PageTally {
        let end = Instant::now() + ROUND;
        while !self.means.stop.is_cancelled() {
            let Some(next) = self.start_due().await else { break };
            let is_near = next.is_some_and(|next| left(next) <= NEAR);
            let is_over = self.turns.is_empty() && self.resting().is_none() && !is_near;
            if span == Span::Once && (is_over || Instant::now() >= end) {
                break;
            }
            let nap = self.nap(next);
            tokio::select! {
                Some(ended) = self.turns.join_next_with_id() => self.take_up(ended).await,
                () = self.bell.notified() => {}
                () = self.means.stop.cancelled() => {}
                () = tokio::time::sleep(nap) => {}
            }
        }
        if span == Span::Once && !self.means.stop.is_cancelled() {
            // The round is over: what is still being asked is asked again the next time.
            self.turns.abort_all();
        }
        while let Some(ended) = self.turns.join_next_with_id().await {
            self.take_up(ended).await;
        }
        self.tally
    }

    /// Starts the pages whose turn it is; when the next one is due. Nothing where the
    /// writer ended.
    async fn start_due(&mut self) -> Option<Option<Timestamp>> {
        let now = Instant::now();
        self.busy.retain(|_, until| until.is_none_or(|until| until > now));
        let busy: HashSet<String> = self.busy.keys().cloned().collect();
        let room = MOST_AT_ONCE.saturating_sub(self.turns.len());
        let (due, next) =
            ask(&self.means, |reply| Request::Page(PageRequest::Due(busy, room, reply))).await?;
        for page in due {
            self.busy.insert(page.host.clone(), None);
            let source = self.sources.get(&page.source).cloned();
            let (means, reader) = (self.means.clone(), self.reader.clone());
            let task = self.turns.spawn(turn::take(means, reader, source, page.clone()));
            self.of.insert(task.id(), page);
        }
        Some(next)
    }

    /// When the first of the resting hosts may be asked again.
    fn resting(&self) -> Option<Instant> {
        self.busy.values().filter_map(|until| *until).min()
    }

    fn nap(&self, next: Option<Timestamp>) -> Duration {
        let left = next.map(left);
        let rest = self.resting().map(|until| until.saturating_duration_since(Instant::now()));
        let nap = left.into_iter().chain(rest).min().unwrap_or(LONGEST_NAP);
        nap.clamp(Duration::from_millis(5), LONGEST_NAP)
    }

    async fn take_up(&mut self, ended: Result<(Id, PageTurn), JoinError>) {
        let turn = match ended {
            Ok((id, turn)) => {
                self.of.remove(&id);
                turn
            }
            Err(lost) => return self.write_off(&lost).await,
        };
        let rest = if turn.is_refused() { REFUSED } else { turn.delay };
        match rest.is_zero() {
            true => _ = self.busy.remove(&turn.host),
            false => _ = self.busy.insert(turn.host.clone(), Some(Instant::now() + rest)),
        }
        let (articles, alerts) = turn.brought();
        self.tally.articles += articles;
        self.tally.alerts += alerts;
        journal::page(&turn);
        let _ = self.notices.send(Notice::Page(Box::new(turn)));
    }

    /// A page whose task was lost is not asked for again: it would be lost again.
    async fn write_off(&mut self, lost: &JoinError) {
        let Some(page) = self.of.remove(&lost.id()) else { return };
        self.busy.insert(page.host.clone(), Some(Instant::now() + REFUSED));
        if lost.is_cancelled() {
            return;
        }
        let url = page.url.as_str();
        tracing::error!(url, "page lost by a fault of watchfire, please report it");
        turn::give_up(&self.means, page).await;
    }
}

/// How long until then.
fn left(then: Timestamp) -> Duration {
    let left = then.as_millisecond() - Timestamp::now().as_millisecond();
    Duration::from_millis(u64::try_from(left).unwrap_or(0))
}
