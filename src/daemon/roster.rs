//! Who is polled next: each source in its time, never two polls of one host at
//! once, never more than so many in all.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::Span;
use crate::source::schedule::due_in;
use crate::source::{Source, SourceState};

/// Polls under way at once.
const MOST_AT_ONCE: usize = 16;

/// A source whose turn it is.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub source: Arc<Source>,
    pub state: SourceState,
}

/// All sources with their schedules.
#[derive(Debug)]
pub(super) struct Roster {
    span: Span,
    /// By name.
    slots: BTreeMap<String, Slot>,
    /// The hosts that a poll under way may ask, with their ports, by its source.
    busy: HashMap<String, HashSet<String>>,
}

#[derive(Debug)]
struct Slot {
    source: Arc<Source>,
    state: SourceState,
    has_had_its_turn: bool,
}

impl Roster {
    pub fn new(span: Span, sources: Vec<Source>, states: HashMap<String, SourceState>) -> Roster {
        let mut roster = Roster { span, slots: BTreeMap::new(), busy: HashMap::new() };
        roster.replace(sources, states);
        roster
    }

    /// Goes on with these sources. A source that was there keeps what it knows;
    /// of the others `states` are what was known when they were last configured.
    pub fn replace(&mut self, sources: Vec<Source>, mut states: HashMap<String, SourceState>) {
        let mut before = std::mem::take(&mut self.slots);
        for source in sources {
            let name = source.name.clone();
            let slot = match before.remove(&name) {
                Some(slot) => Slot { source: Arc::new(source), ..slot },
                None => Slot {
                    source: Arc::new(source),
                    state: states.remove(&name).unwrap_or_default(),
                    has_had_its_turn: false,
                },
            };
            self.slots.insert(name, slot);
        }
    }

    /// Takes out the sources that are to be polled now.
    pub fn due(&mut self, now: Timestamp) -> Vec<Job> {
        let mut jobs = Vec::new();
        for (name, slot) in &self.slots {
            let is_free = !self.busy.contains_key(name);
            if self.busy.len() >= MOST_AT_ONCE
                || !is_free
                || !self.wait(slot, now).is_some_and(|wait| wait.is_zero())
            {
                continue;
            }
            let hosts = hosts(&slot.source);
            if self.busy.values().any(|taken| !taken.is_disjoint(&hosts)) {
                continue;
            }
            self.busy.insert(name.clone(), hosts);
            jobs.push(Job { source: slot.source.clone(), state: slot.state.clone() });
        }
        jobs
    }

    /// Takes back a source after its turn.
    pub fn finish(&mut self, name: &str, state: SourceState) {
        self.busy.remove(name);
        if let Some(slot) = self.slots.get_mut(name) {
            slot.state = state;
            slot.has_had_its_turn = true;
        }
    }

    /// Takes back a source whose turn could not be recorded: it is tried again later.
    pub fn put_off(&mut self, name: &str, now: Timestamp, by: Duration) {
        self.busy.remove(name);
        if let Some(slot) = self.slots.get_mut(name) {
            slot.state.next_poll = now.checked_add(by).ok();
            slot.has_had_its_turn = true;
        }
    }

    /// How long until a source that is not being polled is due; `None` where none
    /// ever will be.
    pub fn next_in(&self, now: Timestamp) -> Option<Duration> {
        let idle = self.slots.iter().filter(|(name, _)| !self.busy.contains_key(*name));
        let waits = idle.filter_map(|(_, slot)| self.wait(slot, now));
        // Zero is due and held up by a poll under way, whose end is waited for anyway.
        waits.filter(|wait| !wait.is_zero()).min()
    }

    /// Whether the span is over: nothing is under way, nothing more will be.
    pub fn is_done(&self) -> bool {
        self.span == Span::Once
            && self.busy.is_empty()
            && self.slots.values().all(|slot| slot.has_had_its_turn)
    }

    /// How many sources there are, and how many of them do not answer.
    pub fn health(&self) -> (usize, usize) {
        let failing = self.slots.values().filter(|slot| slot.state.streak > 0).count();
        (self.slots.len(), failing)
    }

    fn wait(&self, slot: &Slot, now: Timestamp) -> Option<Duration> {
        match self.span {
            Span::Forever => Some(due_in(&slot.state, now)),
            Span::Once => (!slot.has_had_its_turn).then_some(Duration::ZERO),
        }
    }
}

fn hosts(source: &Source) -> HashSet<String> {
    let host = |url: &url::Url| {
        let port = url.port_or_known_default().unwrap_or_default();
        format!("{}:{port}", url.host_str().unwrap_or_default())
    };
    source.mirrors.iter().map(|mirror| host(&mirror.url)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{MOST_AT_ONCE, Roster};
    use crate::daemon::Span;
    use crate::source::{Source, SourceState};

    fn source(name: &str, feed: &str) -> Source {
        Source::new(name, feed, &[]).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn names(roster: &mut Roster, now: Timestamp) -> Vec<String> {
        roster.due(now).into_iter().map(|job| job.source.name.clone()).collect()
    }

    fn resting_until(second: i64) -> SourceState {
        SourceState { next_poll: Some(at(second)), ..SourceState::default() }
    }

    #[test]
    fn a_source_is_polled_when_it_is_due_and_not_twice_at_once() {
        let sources = vec![source("A", "https://a.org/x"), source("B", "https://b.org/x")];
        let states = HashMap::from([("B".to_owned(), resting_until(60))]);
        let mut roster = Roster::new(Span::Forever, sources, states);
        assert_eq!(names(&mut roster, at(0)), ["A"]);
        assert_eq!(names(&mut roster, at(1)), [""; 0]);
        assert_eq!(roster.next_in(at(0)), Some(Duration::from_secs(60)));
        roster.finish("A", resting_until(30));
        assert_eq!(roster.next_in(at(0)), Some(Duration::from_secs(30)));
        assert_eq!(names(&mut roster, at(60)), ["A", "B"]);
    }

    #[test]
    fn one_host_answers_one_poll_at_a_time() {
        let sources = vec![
            source("A", "https://a.org/1"),
            source("B", "https://a.org/2"),
            source("C", "https://a.org:8443/3"),
        ];
        let mut roster = Roster::new(Span::Forever, sources, HashMap::new());
        assert_eq!(names(&mut roster, at(0)), ["A", "C"]);
        roster.finish("A", resting_until(300));
        assert_eq!(names(&mut roster, at(0)), ["B"]);
    }

    #[test]
    fn so_many_polls_run_at_once_and_no_more() {
        let sources = (0..40).map(|n| source(&format!("S{n}"), &format!("https://h{n}.org/x")));
        let mut roster = Roster::new(Span::Once, sources.collect(), HashMap::new());
        let mut polled = 0;
        while !roster.is_done() {
            let jobs = names(&mut roster, at(0));
            assert!((1..=MOST_AT_ONCE).contains(&jobs.len()));
            polled += jobs.len();
            jobs.iter().for_each(|name| roster.finish(name, resting_until(300)));
        }
        assert_eq!(polled, 40);
    }

    #[test]
    fn new_sources_replace_the_old_and_known_ones_keep_their_schedule() {
        let mut roster =
            Roster::new(Span::Forever, vec![source("A", "https://a.org/x")], HashMap::new());
        roster.finish("A", resting_until(300));
        let sources = vec![source("A", "https://a2.org/x"), source("B", "https://b.org/x")];
        roster.replace(sources, HashMap::new());
        assert_eq!(names(&mut roster, at(0)), ["B"]);
        roster.replace(vec![], HashMap::new());
        roster.finish("B", resting_until(9));
        assert_eq!(roster.next_in(at(0)), None);
    }
}
