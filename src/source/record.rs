//! What a poll teaches: the state of a source after its mirrors answered.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::source::hints::Hints;
use crate::source::schedule::{self, DAY, MINUTE};
use crate::source::state::{Cause, Health, MirrorState, Moved, SourceState, Validators, later};
use crate::source::{Source, integrity};

/// Failures in a row that open a mirror's breaker.
pub const FAILURES_TO_OPEN: u32 = 3;
/// Good answers in a row after which the preferred mirror is returned to.
pub const ANSWERS_TO_RETURN: u32 = 2;

/// What one mirror answered in a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A feed, proven to be this source's.
    Fed(Box<Fed>),
    /// Nothing changed since the validators that were sent.
    Same {
        /// The validators as the answer renews them, their age kept.
        validators: Option<Validators>,
        /// For how long its headers ask to be thought fresh.
        fresh_for: Option<Duration>,
        /// From the question to the headers.
        waited: Duration,
    },
    /// Nothing that can be used.
    Failed {
        /// The kind of the failure.
        cause: Cause,
        /// What to tell a person.
        message: String,
        /// How long the host asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// Another mirror answered first; this one was waited for no longer.
    Outrun {
        /// For how long it had been waited for.
        waited: Duration,
    },
}

/// What a proven feed shows, as far as the source is concerned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fed {
    /// To be sent back next time.
    pub validators: Option<Validators>,
    /// For how long its headers ask to be thought fresh.
    pub fresh_for: Option<Duration>,
    /// What its head asks.
    pub hints: Hints,
    /// The feed's title.
    pub title: Option<String>,
    /// The alias keys of its items.
    pub keys: Vec<Vec<String>>,
    /// The dates of its items, where they have one.
    pub published: Vec<Timestamp>,
    /// Prints of its items by their first key.
    pub prints: Vec<(String, u64)>,
    /// Whether it could only be read item by item.
    pub is_salvaged: bool,
    /// Where every redirect was permanent, their end.
    pub moved: Option<Url>,
    /// From the question to the headers.
    pub waited: Duration,
}

impl Fed {
    /// The date of the newest item, those of the future left out.
    pub fn newest(&self, now: Timestamp) -> Option<Timestamp> {
        self.published.iter().copied().filter(|at| *at <= now).max()
    }

    /// Whether an item is among them that the source has not shown lately.
    pub fn brings_news(&self, state: &SourceState) -> bool {
        state.history.met(&self.keys).any(|met| !met)
    }

    /// Whether its newest item is much older than what the source has shown: a mirror
    /// that somebody forgot to update. A day, or longer where the source is slow.
    pub fn is_stale(&self, state: &SourceState, now: Timestamp) -> bool {
        let patience = state.rhythm.patience().unwrap_or_default().max(DAY);
        let behind = |newest: Timestamp, known: Timestamp| later(newest, patience) < known;
        let (Some(newest), Some(known)) = (self.newest(now), state.history.newest) else {
            return false;
        };
        behind(newest, known) && !self.brings_news(state)
    }
}

/// The state after a poll: `attempts` are the mirrors asked, in order, with what they
/// answered; `settled` is the place among them of the answer that counts, none where
/// none was good. Chance in `seed` spreads the polls of many sources.
pub fn after(
    source: &Source,
    state: SourceState,
    attempts: &[(usize, Answer)],
    settled: Option<usize>,
    now: Timestamp,
    seed: u64,
) -> SourceState {
    let mut state = state;
    for (index, answer) in attempts {
        note(source, &mut state, *index, answer, now);
    }
    integrity::compare(source, &mut state, attempts, now);
    for (_, answer) in attempts {
        if let Answer::Fed(fed) = answer {
            learn(&mut state, fed, now);
        }
    }
    if attempts.iter().filter(|(_, answer)| is_good(answer)).count() > 1 {
        state.last_opinion = Some(now);
    }
    // The first comparison comes a day after the first poll.
    state.last_opinion = state.last_opinion.or(Some(now));
    state.last_poll = Some(now);
    let (next, pace) = match settled.and_then(|place| attempts.get(place)) {
        Some((index, answer)) => settle(source, &mut state, *index, answer, now, seed),
        None => {
            state.streak = state.streak.saturating_add(1);
            state.failing_since = state.failing_since.or(Some(now));
            schedule::after_bad(source, &state, now, seed)
        }
    };
    (state.next_poll, state.pace) = (Some(next), pace);
    state
}

fn is_good(answer: &Answer) -> bool {
    matches!(answer, Answer::Fed(_) | Answer::Same { .. })
}

/// The source was served by this mirror.
fn settle(
    source: &Source,
    state: &mut SourceState,
    index: usize,
    answer: &Answer,
    now: Timestamp,
    seed: u64,
) -> (Timestamp, crate::source::state::Pace) {
    state.streak = 0;
    state.failing_since = None;
    state.last_good = Some(now);
    stick(source, state, index);
    let fresh_for = match answer {
        Answer::Fed(fed) => {
            state.hints = fed.hints.clone();
            state.is_salvaged = fed.is_salvaged;
            fed.fresh_for
        }
        Answer::Same { fresh_for, .. } => *fresh_for,
        Answer::Failed { .. } | Answer::Outrun { .. } => None,
    };
    schedule::after_good(source, state, fresh_for, now, seed)
}

/// What a proven feed teaches of its source, whichever mirror carried it.
fn learn(state: &mut SourceState, fed: &Fed, now: Timestamp) {
    if state.history.is_empty() {
        state.rhythm.begin(fed.published.iter().copied(), now);
    } else if fed.brings_news(state) {
        state.rhythm.appeared(now);
    }
    state.history.newest = state.history.newest.max(fed.newest(now));
    let keys = fed.keys.iter().flatten().map(String::as_str);
    state.history.remember(fed.title.as_deref(), keys);
}

fn note(source: &Source, state: &mut SourceState, index: usize, answer: &Answer, now: Timestamp) {
    let is_stale = matches!(answer, Answer::Fed(fed) if fed.is_stale(state, now));
    let is_proven = !state.history.is_empty();
    let mirror = state.mirrors.entry(source.feed_url(index).clone()).or_default();
    mirror.last_asked = Some(now);
    match answer {
        Answer::Fed(fed) => {
            answered(mirror, fed.validators.clone(), fed.waited, now);
            mirror.newest = fed.newest(now);
            mirror.stale_since = is_stale.then(|| mirror.stale_since.unwrap_or(now));
            mirror.prints = fed.prints.clone();
            remember_move(mirror, source.feed_url(index), fed, is_proven, now);
        }
        Answer::Same { validators, waited, .. } => {
            answered(mirror, validators.clone(), *waited, now);
        }
        Answer::Failed { cause, message, retry_after } => {
            mirror.health = worse(&mirror.health, *cause, now);
            mirror.good_streak = 0;
            mirror.not_before = retry_after.map(|wait| later(now, wait.min(DAY)));
            mirror.last_fault = Some(message.clone());
            mirror.last_cause = Some(*cause);
            mirror.moved = None;
        }
        // It was slow and not wrong: next time it is waited for a little longer.
        Answer::Outrun { waited } => mirror.note_latency(*waited),
    }
}

fn answered(
    mirror: &mut MirrorState,
    validators: Option<Validators>,
    waited: Duration,
    now: Timestamp,
) {
    mirror.validators = validators;
    mirror.health = Health::default();
    mirror.good_streak = mirror.good_streak.saturating_add(1);
    mirror.last_good = Some(now);
    mirror.not_before = None;
    mirror.last_fault = None;
    mirror.last_cause = None;
    mirror.note_latency(waited);
}

/// Remembers a permanent redirect whose end shows what the source is known to carry;
/// forgets one that is met no more. What was asked at its end says nothing of it.
fn remember_move(mirror: &mut MirrorState, url: &Url, fed: &Fed, is_proven: bool, now: Timestamp) {
    let asked_at = crate::source::choice::address(url, Some(mirror), now);
    if asked_at != url {
        return;
    }
    mirror.moved = match (&fed.moved, mirror.moved.take()) {
        (Some(to), Some(known)) if known.to == *to => {
            Some(Moved { last: now, times: known.times.saturating_add(1), ..known })
        }
        (Some(to), _) if is_proven => {
            Some(Moved { to: to.clone(), since: now, last: now, times: 1 })
        }
        _ => None,
    };
}

/// The breaker after one more failure.
fn worse(health: &Health, cause: Cause, now: Timestamp) -> Health {
    let (failures, since) = match health {
        Health::Up { failures } => (failures.saturating_add(1), now),
        Health::Down { failures, since, .. } => (failures.saturating_add(1), *since),
    };
    // A host that says it is busy is well; it is only waited for.
    if cause == Cause::Busy {
        return health.clone();
    }
    if failures < FAILURES_TO_OPEN && cause != Cause::Gone {
        return Health::Up { failures };
    }
    Health::Down { since, failures, cause, retry_at: later(now, rest(failures, cause)) }
}

/// How long a mirror rests: 15 minutes, doubling to a day; a week when it is gone.
fn rest(failures: u32, cause: Cause) -> Duration {
    if cause == Cause::Gone {
        return 7 * DAY;
    }
    let doublings = failures.saturating_sub(FAILURES_TO_OPEN).min(7);
    (15 * MINUTE * 2u32.pow(doublings)).min(DAY)
}

/// The mirror that answered becomes the one asked first; the preferred one only
/// once it has answered often enough to be trusted again.
fn stick(source: &Source, state: &mut SourceState, index: usize) {
    let url = source.feed_url(index);
    let streak = state.mirrors.get(url).map_or(0, |mirror| mirror.good_streak);
    let known_elsewhere = state.sticky.as_ref().is_some_and(|sticky| {
        sticky != url && source.mirrors.iter().any(|mirror| mirror.url == *sticky)
    });
    let sticky_is_well = state.sticky.as_ref().and_then(|sticky| state.mirrors.get(sticky));
    let sticky_is_well = sticky_is_well.is_some_and(|mirror| mirror.good_streak > 0);
    if index == 0 && known_elsewhere && sticky_is_well && streak < ANSWERS_TO_RETURN {
        return;
    }
    state.sticky = Some(url.clone());
}

#[cfg(test)]
mod tests;
