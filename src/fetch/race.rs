//! The mirrors of one poll, asked one after the other and, where one is slow, two at
//! once: which of them serves the source.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;

use crate::fetch::mirror::{Asked, ask};
use crate::fetch::poll::{Attempt, Outcome};
use crate::fetch::{Client, Progress};
use crate::source::record::Answer;
use crate::source::{Source, SourceState, choice};

/// The mirrors asked so far in one poll.
pub(super) struct Round<'a> {
    client: &'a Client,
    source: &'a Source,
    state: &'a SourceState,
    now: Timestamp,
    asked: Vec<Asked>,
}

type Asking<'a> = Pin<Box<dyn Future<Output = Asked> + Send + 'a>>;

impl<'a> Round<'a> {
    pub fn new(
        client: &'a Client,
        source: &'a Source,
        state: &'a SourceState,
        now: Timestamp,
    ) -> Round<'a> {
        Round { client, source, state, now, asked: Vec::new() }
    }

    /// The mirrors asked, in order.
    pub fn into_asked(self) -> Vec<Asked> {
        self.asked
    }

    /// Asks mirror after mirror until one serves the source, and one more where the
    /// first is slow; the place of the answer that counts. A mirror that is stale is
    /// taken only where no other is fresher.
    pub async fn race(&mut self, order: &[usize]) -> Option<usize> {
        const MOST_IN_FLIGHT: usize = 2;
        let mut waiting = order.iter().copied().peekable();
        let mut running: FuturesUnordered<Asking<'a>> = FuturesUnordered::new();
        let mut runners = Runners::default();
        let mut fallback = None;
        loop {
            // At first, after a failure, and when patience ends: the next one.
            if running.len() < MOST_IN_FLIGHT
                && let Some(mirror) = waiting.next()
            {
                running.push(self.start(mirror, &mut runners));
            }
            if running.is_empty() {
                return fallback;
            }
            let may_hedge = running.len() < MOST_IN_FLIGHT && waiting.peek().is_some();
            tokio::select! {
                Some(asked) = running.next() => {
                    runners.all.retain(|runner| runner.mirror != asked.attempt.mirror);
                    let (is_good, is_stale) = (asked.is_good(), asked.is_stale(self.state, self.now));
                    self.asked.push(asked);
                    let place = self.asked.len() - 1;
                    if is_good && !is_stale {
                        return Some(self.give_up(&runners, place));
                    }
                    fallback = fallback.or(is_good.then_some(place));
                }
                () = runners.patience(), if may_hedge => {}
            }
        }
    }

    fn start(&self, mirror: usize, runners: &mut Runners) -> Asking<'a> {
        let progress = Arc::new(Progress::default());
        let known = self.state.mirrors.get(self.source.feed_url(mirror));
        runners.hedge_after = choice::hedge_after(known);
        runners.latest = progress.clone();
        runners.all.push(Runner { mirror, begun: Instant::now() });
        let (client, source, state, now) = (self.client, self.source, self.state, self.now);
        Box::pin(ask(client, source, state, mirror, now, progress))
    }

    /// Notes the mirrors that are not waited for any longer, before the answer that
    /// counts; its place then.
    fn give_up(&mut self, runners: &Runners, place: usize) -> usize {
        for runner in &runners.all {
            let waited = runner.begun.elapsed();
            let attempt = Attempt {
                mirror: runner.mirror,
                url: self.source.feed_url(runner.mirror).clone(),
                fault: None,
                message: "not waited for: another mirror answered first".to_owned(),
                is_outrun: true,
                took: waited,
            };
            let answer = Answer::Outrun { waited };
            self.asked.insert(place, Asked { attempt, answer, came: None });
        }
        place + runners.all.len()
    }

    /// Asks a second mirror where the first had nothing new and it is time to compare;
    /// the place of the answer that counts then.
    pub async fn second_opinion(&mut self, settled: usize) -> usize {
        let first = &self.asked[settled];
        if first.brings_news(self.state) || self.state.history.is_empty() {
            return settled;
        }
        let other = choice::second_opinion(self.source, self.state, first.attempt.mirror, self.now);
        let is_new = |other: &usize| self.asked.iter().all(|asked| asked.attempt.mirror != *other);
        let Some(other) = other.filter(is_new) else { return settled };
        let progress = Arc::new(Progress::default());
        let asked = ask(self.client, self.source, self.state, other, self.now, progress).await;
        let knows_more = asked.brings_news(self.state);
        self.asked.push(asked);
        if knows_more { self.asked.len() - 1 } else { settled }
    }

    pub fn outcome(&mut self, settled: usize) -> Outcome {
        let asked = &mut self.asked[settled];
        match asked.came.take() {
            Some(fetched) => Outcome::Fetched(fetched),
            None => Outcome::NotModified { mirror: asked.attempt.mirror },
        }
    }
}

/// The mirrors that are being asked.
#[derive(Default)]
struct Runners {
    all: Vec<Runner>,
    /// How far the one asked last has come, and how long its headers are waited for.
    latest: Arc<Progress>,
    hedge_after: Duration,
}

struct Runner {
    mirror: usize,
    begun: Instant,
}

impl Runners {
    /// Ends when the mirror asked last has been waited for long enough without a
    /// header; never once a header came. The wait for its host's turn does not count.
    async fn patience(&self) {
        const LOOK: Duration = Duration::from_millis(50);
        while !self.latest.was_sent() {
            tokio::time::sleep(LOOK).await;
        }
        tokio::time::sleep(self.hedge_after).await;
        if self.latest.was_heard() {
            std::future::pending::<()>().await;
        }
    }
}
