//! Which mirror to ask next, and when to poll again. Pure decisions over
//! `SourceState`; every instant and every grain of chance comes in as an argument.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::source::Source;
use crate::source::state::{Cause, Health, MirrorState, SourceState, Validators, later};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// No source is polled more often, whatever it or the user says.
pub const FLOOR: Duration = Duration::from_secs(10);
/// A server's wish is honoured up to here: a max-age of a year is a mistake.
pub const LONGEST_FRESHNESS: Duration = DAY;
/// The longest pause after failures.
pub const LONGEST_BACKOFF: Duration = Duration::from_secs(6 * 3600);
/// Failures in a row that open a mirror's breaker.
pub const FAILURES_TO_OPEN: u32 = 3;
/// Good answers in a row after which the preferred mirror is returned to.
pub const ANSWERS_TO_RETURN: u32 = 2;

/// What one mirror answered in a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A feed, proven to be this source's.
    Fed {
        /// To be sent back next time.
        validators: Option<Validators>,
        /// For how long the answer asks to be thought fresh, headers and ttl together.
        fresh_for: Option<Duration>,
        /// The feed's title.
        title: Option<String>,
        /// The alias keys of its items.
        keys: Vec<Vec<String>>,
    },
    /// Nothing changed since the validators that were sent.
    Same {
        /// The validators as the answer renews them, their age kept.
        validators: Option<Validators>,
        /// As for `Fed`.
        fresh_for: Option<Duration>,
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
}

/// The mirrors to try in this poll, best first, as indices into the source's.
/// The preferred mirror when its daily probe is due; the sticky one; the other
/// healthy ones; those whose probe is due. When all are resting, the one whose
/// probe is due soonest is tried still. A host that asked to be left alone is
/// not in the list, so the list can be empty.
pub fn order(source: &Source, state: &SourceState, now: Timestamp) -> Vec<usize> {
    let mut ranked: Vec<((u8, Timestamp), usize)> = Vec::new();
    let mut resting: Option<(Timestamp, usize)> = None;
    for (index, mirror) in source.mirrors.iter().enumerate() {
        let unknown = MirrorState::default();
        let known = state.mirrors.get(&mirror.url).unwrap_or(&unknown);
        // Further away than any wait that is ever kept is a clock that was set back.
        if known.not_before.is_some_and(|at| at > now && at <= later(now, DAY)) {
            continue;
        }
        match (rank(index, &mirror.url, known, state, now), &known.health) {
            (Some(rank), _) => ranked.push((rank, index)),
            (None, Health::Down { retry_at, .. }) => {
                resting = resting.into_iter().chain([(*retry_at, index)]).min();
            }
            (None, Health::Up { .. }) => {}
        }
    }
    if ranked.is_empty() {
        return resting.map(|(_, index)| index).into_iter().collect();
    }
    ranked.sort_by_key(|(rank, index)| (*rank, *index));
    ranked.into_iter().map(|(_, index)| index).collect()
}

/// The place of a mirror in the order; none while it rests.
fn rank(
    index: usize,
    url: &Url,
    known: &MirrorState,
    state: &SourceState,
    now: Timestamp,
) -> Option<(u8, Timestamp)> {
    let sticky = state.sticky.as_ref();
    if index == 0 && sticky.is_some_and(|sticky| sticky != url) && probe_due(known, now) {
        return Some((0, Timestamp::MIN));
    }
    match known.health {
        Health::Up { .. } if sticky == Some(url) => Some((1, Timestamp::MIN)),
        Health::Up { .. } => Some((2, Timestamp::MIN)),
        Health::Down { retry_at, .. } if retry_at <= now => Some((3, retry_at)),
        Health::Down { .. } => None,
    }
}

/// Whether the preferred mirror, left for another, is to be asked first again:
/// a day after it was last asked, and at once after a good answer, which a
/// second one has to confirm.
fn probe_due(known: &MirrorState, now: Timestamp) -> bool {
    known.good_streak > 0 || known.last_asked.is_none_or(|at| later(at, DAY) <= now)
}

/// The state after a poll: `attempts` are the mirrors asked, in order, with
/// what they answered. The last one alone can be good. Chance in `seed` spreads
/// the polls of many sources.
pub fn after(
    source: &Source,
    state: SourceState,
    attempts: &[(usize, Answer)],
    now: Timestamp,
    seed: u64,
) -> SourceState {
    let mut state = state;
    for (index, answer) in attempts {
        record(source, &mut state, *index, answer, now);
    }
    let good = attempts.last().filter(|(_, answer)| !matches!(answer, Answer::Failed { .. }));
    match good {
        Some((index, answer)) => {
            state.streak = 0;
            state.last_good = Some(now);
            stick(source, &mut state, *index);
            if let Answer::Fed { title, keys, .. } = answer {
                state.history.remember(title.as_deref(), keys.iter().flatten().map(String::as_str));
            }
        }
        None => state.streak = state.streak.saturating_add(1),
    }
    state.last_poll = Some(now);
    state.next_poll = Some(next_poll(source, &state, good.map(|(_, answer)| answer), now, seed));
    state
}

fn record(source: &Source, state: &mut SourceState, index: usize, answer: &Answer, now: Timestamp) {
    let mirror = state.mirrors.entry(source.feed_url(index).clone()).or_default();
    mirror.last_asked = Some(now);
    match answer {
        Answer::Fed { validators, .. } | Answer::Same { validators, .. } => {
            mirror.validators = validators.clone();
            mirror.health = Health::default();
            mirror.good_streak = mirror.good_streak.saturating_add(1);
            mirror.last_good = Some(now);
            mirror.not_before = None;
            mirror.last_fault = None;
        }
        Answer::Failed { cause, message, retry_after } => {
            mirror.health = worse(&mirror.health, *cause, now);
            mirror.good_streak = 0;
            mirror.not_before = retry_after.map(|wait| later(now, wait.min(DAY)));
            mirror.last_fault = Some(message.clone());
        }
    }
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

/// When to poll again: after a good answer (`Some`) the longest of the floor,
/// the user's interval and what the server asks; after none (`None`) a pause
/// that doubles up to six hours, for ever. Chance moves it by up to a tenth,
/// but never before what the server asked.
pub fn next_poll(
    source: &Source,
    state: &SourceState,
    good: Option<&Answer>,
    now: Timestamp,
    seed: u64,
) -> Timestamp {
    let every = source.every.max(FLOOR);
    match good {
        Some(Answer::Fed { fresh_for, .. } | Answer::Same { fresh_for, .. }) => {
            let asked = fresh_for.unwrap_or_default().min(LONGEST_FRESHNESS);
            later(now, jittered(every.max(asked), seed).max(asked))
        }
        _ => {
            let doublings = state.streak.saturating_sub(1).min(16);
            let pause = every.saturating_mul(2u32.pow(doublings)).min(LONGEST_BACKOFF.max(every));
            later(now, jittered(pause, seed)).max(held_until(source, state, now))
        }
    }
}

/// The instant before which no mirror may be asked at all.
fn held_until(source: &Source, state: &SourceState, now: Timestamp) -> Timestamp {
    let holds = |mirror: &MirrorState| match mirror.health {
        Health::Down { cause: Cause::Gone, retry_at, .. } => retry_at,
        _ => mirror.not_before.unwrap_or(now),
    };
    let known = source.mirrors.iter().map(|mirror| state.mirrors.get(&mirror.url));
    known.map(|known| known.map_or(now, holds)).min().unwrap_or(now)
}

/// A pause moved by up to a tenth either way.
fn jittered(pause: Duration, seed: u64) -> Duration {
    // SplitMix64, so that seeds that differ by one differ in the result.
    let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let share = ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64;
    pause.mul_f64(0.9 + 0.2 * share)
}

/// How long until the source is due; nothing when it is, or never was polled.
/// An instant further away than any pause can be is a clock that was set back.
pub fn due_in(state: &SourceState, now: Timestamp) -> Duration {
    let wait = state.next_poll.map_or(0, |at| at.as_millisecond() - now.as_millisecond());
    let wait = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
    if wait > 8 * DAY + HOUR { Duration::ZERO } else { wait }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{Answer, FLOOR, after, due_in, order};
    use crate::source::Source;
    use crate::source::state::{Cause, Health, SourceState};

    const MINUTE: i64 = 60;
    const HOUR: i64 = 3600;

    fn source() -> Source {
        Source::new("A", "/rss", &["a.org", "b.org", "c.org"]).unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn fed() -> Answer {
        Answer::Fed {
            validators: None,
            fresh_for: None,
            title: Some("A".into()),
            keys: vec![vec!["guid:1".into()]],
        }
    }

    fn same() -> Answer {
        Answer::Same { validators: None, fresh_for: None }
    }

    fn failed(cause: Cause) -> Answer {
        Answer::Failed { cause, message: String::new(), retry_after: None }
    }

    fn busy(seconds: u64) -> Answer {
        let retry_after = Some(Duration::from_secs(seconds));
        Answer::Failed { cause: Cause::Busy, message: String::new(), retry_after }
    }

    /// A state reached by polls: when, and what each mirror asked answered.
    fn reached(polls: &[(i64, &[(usize, Answer)])]) -> SourceState {
        let source = source();
        polls.iter().fold(SourceState::default(), |state, (when, attempts)| {
            after(&source, state, attempts, at(*when), 7)
        })
    }

    #[test]
    fn the_mirror_that_answered_is_asked_first() {
        let down = || failed(Cause::Connect);
        let day = 24 * HOUR;
        type Poll<'a> = (i64, &'a [(usize, Answer)]);
        let rows: [(&str, &[Poll<'_>], i64, &[usize]); 8] = [
            ("new", &[], 0, &[0, 1, 2]),
            ("first good", &[(0, &[(0, fed())])], 60, &[0, 1, 2]),
            (
                "third good",
                &[(0, &[(0, down()), (1, failed(Cause::Parked)), (2, fed())])],
                60,
                &[2, 0, 1],
            ),
            ("preferred probed after a day", &[(0, &[(0, down()), (1, fed())])], day, &[0, 1, 2]),
            (
                "one good answer is confirmed at once",
                &[(0, &[(0, down()), (1, fed())]), (day, &[(0, fed())])],
                day + 60,
                &[0, 1, 2],
            ),
            (
                "a failed probe waits another day",
                &[(0, &[(0, down()), (1, fed())]), (day, &[(0, down()), (1, same())])],
                day + 60,
                &[1, 0, 2],
            ),
            (
                "an open breaker is left out until its probe",
                &[
                    (0, &[(0, down()), (1, fed())]),
                    (1, &[(0, down()), (1, fed())]),
                    (2, &[(0, down()), (1, fed())]),
                ],
                60,
                &[1, 2],
            ),
            (
                "a busy host is left alone",
                &[(0, &[(0, busy(600)), (1, down()), (2, down())])],
                60,
                &[1, 2],
            ),
        ];
        for (name, polls, now, wanted) in rows {
            assert_eq!(order(&source(), &reached(polls), at(now)), wanted, "{name}");
        }
    }

    #[test]
    fn the_preferred_mirror_is_returned_to_after_two_good_answers() {
        let down = failed(Cause::Dns);
        let first = reached(&[(0, &[(0, down.clone()), (1, fed())]), (24 * HOUR, &[(0, fed())])]);
        assert_eq!(first.sticky.as_ref().unwrap().host_str(), Some("b.org"));
        let second = after(&source(), first, &[(0, same())], at(25 * HOUR), 7);
        assert_eq!(second.sticky.unwrap().host_str(), Some("a.org"));
    }

    #[test]
    fn a_breaker_opens_after_three_failures_and_is_probed_for_ever() {
        let source = source();
        let mut state = SourceState::default();
        let mut now = 0;
        let mut rests = Vec::new();
        for _ in 0..12 {
            let attempts: Vec<(usize, Answer)> =
                (0..3).map(|i| (i, failed(Cause::Timeout))).collect();
            state = after(&source, state, &attempts, at(now), 7);
            let health = &state.mirrors[source.feed_url(0)].health;
            if let Health::Down { retry_at, .. } = health {
                rests.push((retry_at.as_second() - at(now).as_second()) / MINUTE);
            }
            now += 60;
        }
        assert_eq!(rests, [15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]);
        // All rest, and yet one is tried.
        assert_eq!(order(&source, &state, at(now)), [0]);
        assert_eq!(order(&source, &state, at(now + 25 * HOUR)), [0, 1, 2]);
    }

    #[test]
    fn the_next_poll_is_the_longest_of_what_is_asked() {
        let fresh = |seconds| Answer::Same {
            validators: None,
            fresh_for: Some(Duration::from_secs(seconds)),
        };
        for (answer, least, most) in [
            (fed(), 270, 330),
            (same(), 270, 330),
            (fresh(60), 270, 330),
            (fresh(3600), 3600, 3960),
            (fresh(u64::MAX / 2), 86_400, 95_040),
            (failed(Cause::Dns), 270, 330),
        ] {
            for seed in 0..200 {
                let state =
                    after(&source(), SourceState::default(), &[(0, answer.clone())], at(0), seed);
                let wait = state.next_poll.unwrap().as_second() - at(0).as_second();
                assert!((least - 1..=most).contains(&wait), "{answer:?} {seed}: {wait}");
            }
        }
    }

    #[test]
    fn a_source_is_never_given_up() {
        let source = source();
        let mut state = SourceState::default();
        let mut now = at(0);
        let mut longest = 0;
        for poll in 1..100 {
            let attempts: Vec<_> =
                order(&source, &state, now).into_iter().map(|i| (i, failed(Cause::Dns))).collect();
            assert!(!attempts.is_empty(), "poll {poll}");
            state = after(&source, state, &attempts, now, poll);
            let next = state.next_poll.unwrap();
            longest = longest.max(next.as_second() - now.as_second());
            now = next;
        }
        assert!((6 * HOUR..=6 * HOUR + 40 * MINUTE).contains(&longest), "{longest}");
        assert_eq!(state.streak, 99);
        let back = after(&source, state, &[(0, fed())], now, 1);
        assert_eq!((back.streak, back.last_good), (0, Some(now)));
    }

    #[test]
    fn a_host_is_left_alone_for_as_long_as_it_asks() {
        let all: Vec<(usize, Answer)> = (0..3).map(|i| (i, busy(7200))).collect();
        let state = reached(&[(0, &all)]);
        assert_eq!(order(&source(), &state, at(7100)), [0usize; 0]);
        assert_eq!(order(&source(), &state, at(7200)), [0, 1, 2]);
        assert!(state.next_poll.unwrap() >= at(7200));
        let absurd: Vec<(usize, Answer)> = (0..3).map(|i| (i, busy(1_000_000_000))).collect();
        assert!(reached(&[(0, &absurd)]).next_poll.unwrap() <= at(27 * HOUR));
    }

    #[test]
    fn a_source_all_of_whose_mirrors_are_gone_is_probed_weekly() {
        let gone: Vec<(usize, Answer)> = (0..3).map(|i| (i, failed(Cause::Gone))).collect();
        let state = reached(&[(0, &gone)]);
        assert!(state.next_poll.unwrap() >= at(7 * 24 * HOUR));
        let two = reached(&[(
            0,
            &[(0, failed(Cause::Gone)), (1, failed(Cause::Gone)), (2, failed(Cause::Dns))],
        )]);
        assert!(two.next_poll.unwrap() < at(HOUR));
    }

    #[test]
    fn a_restart_polls_nothing_early_and_a_clock_set_back_stops_nothing() {
        let state = reached(&[(0, &[(0, fed())])]);
        assert!(due_in(&state, at(10)) > Duration::from_secs(200));
        assert_eq!(due_in(&state, at(400)), Duration::ZERO);
        assert_eq!(due_in(&state, at(-365 * 24 * HOUR)), Duration::ZERO);
        assert_eq!(due_in(&SourceState::default(), at(0)), Duration::ZERO);
        assert!(FLOOR > Duration::ZERO);
    }
}
