//! Who is polled next: each source in its time, never two polls of one host at
//! once, never more than so many in all.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::Span;
use crate::source::blind::{self, Blind};
use crate::source::outage::{Change, Horizon, Sight};
use crate::source::schedule::{self, due_in};
use crate::source::state::Pace;
use crate::source::{Mirror, Source, SourceState};

/// Polls under way at once while this machine reaches nobody: enough to find out.
const MOST_IN_OUTAGE: usize = 2;

/// A source whose turn it is.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub source: Arc<Source>,
    pub state: SourceState,
    /// Whether this machine is thought to reach nobody.
    pub is_outage: bool,
}

/// All sources with their schedules.
#[derive(Debug)]
pub(super) struct Roster {
    span: Span,
    /// Turns under way at once.
    turns: usize,
    /// What is seen of this machine's own connection.
    horizon: Horizon,
    /// By name.
    slots: BTreeMap<String, Slot>,
    /// The hosts that a poll under way may ask, with their ports, by its source.
    busy: HashMap<String, HashSet<String>>,
}

#[derive(Debug)]
struct Slot {
    source: Arc<Source>,
    state: SourceState,
    /// As it was before its last turn.
    before: SourceState,
    has_had_its_turn: bool,
}

impl Roster {
    pub fn new(
        span: Span,
        turns: usize,
        sources: Vec<Source>,
        states: HashMap<String, SourceState>,
    ) -> Roster {
        let mut roster = Roster {
            span,
            turns,
            horizon: Horizon::default(),
            slots: BTreeMap::new(),
            busy: HashMap::new(),
        };
        roster.replace(turns, sources, states);
        roster
    }

    /// Goes on with these sources. A source that was there keeps what it knows;
    /// of the others `states` are what was known when they were last configured.
    pub fn replace(
        &mut self,
        turns: usize,
        sources: Vec<Source>,
        mut states: HashMap<String, SourceState>,
    ) {
        self.turns = turns.max(1);
        let mut before = std::mem::take(&mut self.slots);
        for source in sources {
            let name = source.name.clone();
            let slot = match before.remove(&name) {
                Some(slot) => Slot { source: Arc::new(source), ..slot },
                None => Slot {
                    source: Arc::new(source),
                    state: states.remove(&name).unwrap_or_default(),
                    before: SourceState::default(),
                    has_had_its_turn: false,
                },
            };
            self.slots.insert(name, slot);
        }
    }

    /// Takes out the sources that are to be polled now, those that wait longest first.
    /// While this machine reaches nobody, a few at a time find out when that is over.
    pub fn due(&mut self, now: Timestamp) -> Vec<Job> {
        let is_outage = self.horizon.since().is_some() && self.span == Span::Forever;
        let most = if is_outage { MOST_IN_OUTAGE.min(self.turns) } else { self.turns };
        let room = most.saturating_sub(self.busy.len());
        if room == 0 {
            return Vec::new();
        }
        let is_due = |(name, slot): &(&String, &Slot)| {
            self.wait(slot, now).is_some_and(|w| w.is_zero()) && !self.busy.contains_key(*name)
        };
        let mut due: Vec<(&String, &Slot)> = self.slots.iter().filter(is_due).collect();
        due.sort_by_key(|(_, slot)| slot.state.next_poll);
        let mut taken: HashSet<String> = self.busy.values().flatten().cloned().collect();
        let (mut jobs, mut begun) = (Vec::new(), Vec::new());
        for (name, slot) in due {
            if jobs.len() == room {
                break;
            }
            let hosts: HashSet<String> = slot.source.mirrors.iter().map(Mirror::host).collect();
            if taken.is_disjoint(&hosts) {
                taken.extend(hosts.iter().cloned());
                begun.push((name.clone(), hosts));
                let (source, state) = (slot.source.clone(), slot.state.clone());
                jobs.push(Job { source, state, is_outage });
            }
        }
        self.busy.extend(begun);
        jobs
    }

    /// Takes back a source after its turn.
    pub fn finish(&mut self, name: &str, state: SourceState) {
        self.busy.remove(name);
        if let Some(slot) = self.slots.get_mut(name) {
            slot.before = std::mem::replace(&mut slot.state, state);
            slot.has_had_its_turn = true;
        }
    }

    /// Goes on in an outage that was there before the start.
    pub fn darkened(self, outage: Option<Timestamp>) -> Roster {
        Roster { horizon: Horizon::dark_since(outage), ..self }
    }

    /// Notes what a turn shows of this machine's own connection. When it turns out
    /// that nobody can be reached, the sources that failed on the way to that insight
    /// are not blamed: their states as they are to be recorded then.
    pub fn note(
        &mut self,
        name: &str,
        sight: Sight,
        now: Timestamp,
        seed: u64,
    ) -> (Change, Vec<(String, SourceState)>) {
        let is_lost = matches!(sight, Sight::Lost { .. });
        let change = self.horizon.note(name, sight, self.slots.len(), now);
        let mut excused: Vec<String> = match change {
            Change::Fell => self.horizon.lost().map(str::to_owned).collect(),
            _ if is_lost && self.horizon.since().is_some() => vec![name.to_owned()],
            _ => Vec::new(),
        };
        excused.sort();
        let mut states = Vec::new();
        for (place, name) in excused.into_iter().enumerate() {
            if let Some(slot) = self.slots.get_mut(&name).filter(|slot| slot.is_blamed()) {
                let before = slot.before.clone();
                slot.state = schedule::excused(before, now, seed.wrapping_add(place as u64));
                // One that never answered may well be wrong by itself: its row says so.
                let was_met = slot.state.last_good.is_some();
                states.extend(was_met.then(|| (name, slot.state.clone())));
            }
        }
        (change, states)
    }

    /// The alarms that stand.
    pub fn blind(&self, now: Timestamp) -> Vec<Blind> {
        if let Some(since) = self.horizon.since() {
            return vec![blind::outage(since)];
        }
        let of = |slot: &Slot| blind::of(&slot.source, &slot.state, now);
        self.slots.values().flat_map(of).collect()
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
        let waits = self.slots.iter().filter_map(|(name, slot)| {
            // Zero is due and held up by a poll under way, whose end is waited for anyway.
            let wait = self.wait(slot, now).filter(|wait| !wait.is_zero())?;
            (!self.busy.contains_key(name)).then_some(wait)
        });
        waits.min()
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

impl Slot {
    /// Whether its last turn left a mark that an outage of our own explains.
    fn is_blamed(&self) -> bool {
        self.state.streak > self.before.streak && self.state.pace != Pace::Outage
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::time::Duration;

    use jiff::Timestamp;

    use super::Roster;
    use crate::source::outage::{Change, Sight};
    use crate::source::state::Pace;

    const MOST_AT_ONCE: usize = 16;

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
        let mut roster = Roster::new(Span::Forever, MOST_AT_ONCE, sources, states);
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
        let mut roster = Roster::new(Span::Forever, MOST_AT_ONCE, sources, HashMap::new());
        assert_eq!(names(&mut roster, at(0)), ["A", "C"]);
        roster.finish("A", resting_until(300));
        assert_eq!(names(&mut roster, at(0)), ["B"]);
    }

    #[test]
    fn so_many_polls_run_at_once_and_no_more() {
        let sources = (0..40).map(|n| source(&format!("S{n}"), &format!("https://h{n}.org/x")));
        let mut roster = Roster::new(Span::Once, MOST_AT_ONCE, sources.collect(), HashMap::new());
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
        let mut roster = Roster::new(
            Span::Forever,
            MOST_AT_ONCE,
            vec![source("A", "https://a.org/x")],
            HashMap::new(),
        );
        roster.finish("A", resting_until(300));
        let sources = vec![source("A", "https://a2.org/x"), source("B", "https://b.org/x")];
        roster.replace(MOST_AT_ONCE, sources, HashMap::new());
        assert_eq!(names(&mut roster, at(0)), ["B"]);
        roster.replace(MOST_AT_ONCE, vec![], HashMap::new());
        roster.finish("B", resting_until(9));
        assert_eq!(roster.next_in(at(0)), None);
    }

    #[test]
    fn the_longest_overdue_is_polled_first_and_once() {
        let sources = ["A", "B", "C"].map(|name| source(name, &format!("https://{name}.org/x")));
        let states = [("A", 30), ("B", 10), ("C", 20)];
        let states = states.map(|(name, second)| (name.to_owned(), resting_until(second)));
        let mut roster = Roster::new(Span::Forever, 16, sources.into(), states.into());
        // The machine was asleep for a week: each is polled once, not once an interval.
        let awake = at(7 * 86_400);
        assert_eq!(names(&mut roster, awake), ["B", "C", "A"]);
        for name in ["A", "B", "C"] {
            roster.finish(name, resting_until(7 * 86_400 + 300));
        }
        assert_eq!(names(&mut roster, awake), [""; 0]);
    }

    #[test]
    fn an_outage_of_our_own_blames_nobody_and_is_probed() {
        let sources: Vec<Source> =
            (0..9).map(|n| source(&format!("S{n}"), &format!("https://h{n}.org/x"))).collect();
        let well = SourceState { last_good: Some(at(-60)), ..SourceState::default() };
        let states = sources.iter().map(|source| (source.name.clone(), well.clone())).collect();
        let mut roster = Roster::new(Span::Forever, 16, sources, states);
        let failed = |until| SourceState { streak: 1, ..resting_until(until) };
        let lost = |n: usize| Sight::Lost { hosts: vec![format!("h{n}.org")], was_well: true };
        assert_eq!(names(&mut roster, at(0)).len(), 9);
        let mut changes = Vec::new();
        for n in 0..9 {
            let name = format!("S{n}");
            roster.finish(&name, failed(300));
            let (change, excused) = roster.note(&name, lost(n), at(n as i64), 1);
            let told = if n == 2 { 3 } else { usize::from(n > 2) };
            assert_eq!(excused.len(), told, "{name}: recorded as soon as it is known");
            changes.push(change);
        }
        let mut wanted = [Change::None; 9];
        wanted[2] = Change::Fell;
        assert_eq!(changes, wanted);
        for slot in roster.slots.values() {
            assert_eq!((slot.state.streak, slot.state.pace), (0, Pace::Outage));
        }
        assert_eq!(roster.blind(at(9)).len(), 1);
        // Two at a time find out; once one is reached, all have their turn.
        let probes = names(&mut roster, at(60));
        assert_eq!(probes.len(), 2);
        roster.finish(&probes[0], resting_until(360));
        assert_eq!(roster.note(&probes[0], Sight::Reached, at(61), 1).0, Change::Rose);
        assert_eq!(names(&mut roster, at(61)).len(), 7);
        assert_eq!(roster.blind(at(61)), []);
    }
}
