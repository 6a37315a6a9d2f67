use std::time::Duration;

use jiff::Timestamp;

use super::{Answer, Fed, after};
use crate::source::Source;
use crate::source::choice::order;
use crate::source::schedule::{FLOOR, due_in};
use crate::source::state::{Cause, Health, Pace, SourceState};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;

fn source() -> Source {
    Source::new("A", "/rss", &["a.org", "b.org", "c.org"]).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn fed() -> Answer {
    let (title, keys) = (Some("A".into()), vec![vec!["guid:1".into()]]);
    Answer::Fed(Box::new(Fed { title, keys, ..Fed::default() }))
}

fn same() -> Answer {
    Answer::Same { validators: None, fresh_for: None, waited: Duration::ZERO }
}

fn failed(cause: Cause) -> Answer {
    Answer::Failed { cause, message: String::new(), retry_after: None }
}

fn busy(seconds: u64) -> Answer {
    let retry_after = Some(Duration::from_secs(seconds));
    Answer::Failed { cause: Cause::Busy, message: String::new(), retry_after }
}

/// The state after a poll in which the last answer, if it is good, counts.
fn polled(
    state: SourceState,
    attempts: &[(usize, Answer)],
    now: Timestamp,
    seed: u64,
) -> SourceState {
    let is_bad = |(_, answer): &(usize, Answer)| matches!(answer, Answer::Failed { .. });
    let settled = attempts.len().checked_sub(1).filter(|last| !is_bad(&attempts[*last]));
    after(&source(), state, attempts, settled, now, seed)
}

/// A state reached by polls: when, and what each mirror asked answered.
fn reached(polls: &[(i64, &[(usize, Answer)])]) -> SourceState {
    polls.iter().fold(SourceState::default(), |state, (when, attempts)| {
        polled(state, attempts, at(*when), 7)
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
    let second = polled(first, &[(0, same())], at(25 * HOUR), 7);
    assert_eq!(second.sticky.unwrap().host_str(), Some("a.org"));
}

#[test]
fn a_breaker_opens_after_three_failures_and_is_probed_for_ever() {
    let source = source();
    let mut state = SourceState::default();
    let mut now = 0;
    let mut rests = Vec::new();
    for _ in 0..12 {
        let attempts: Vec<(usize, Answer)> = (0..3).map(|i| (i, failed(Cause::Timeout))).collect();
        state = polled(state, &attempts, at(now), 7);
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
        waited: Duration::ZERO,
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
            let state = polled(SourceState::default(), &[(0, answer.clone())], at(0), seed);
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
        state = polled(state, &attempts, now, poll);
        let next = state.next_poll.unwrap();
        longest = longest.max(next.as_second() - now.as_second());
        now = next;
    }
    assert!((6 * HOUR..=6 * HOUR + 40 * MINUTE).contains(&longest), "{longest}");
    assert_eq!(state.streak, 99);
    let back = polled(state, &[(0, fed())], now, 1);
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

#[test]
fn a_mirror_that_was_forgotten_is_asked_after_the_others() {
    let dated = |hour: i64, key: &str| {
        let (published, keys) = (vec![at(hour * HOUR)], vec![vec![key.to_owned()]]);
        Answer::Fed(Box::new(Fed { published, keys, ..Fed::default() }))
    };
    let now = at(100 * HOUR);
    let known = polled(SourceState::default(), &[(1, dated(99, "guid:9"))], now, 1);
    let known = polled(known, &[(1, dated(2, "guid:1"))], at(0), 1);
    let attempts = [(0, dated(2, "guid:1")), (1, dated(99, "guid:9"))];
    let state = after(&source(), known, &attempts, Some(1), now, 1);
    assert_eq!(state.mirrors[source().feed_url(0)].stale_since, Some(now));
    assert_eq!(order(&source(), &state, now), [1, 2, 0]);
    // Not down, only last; once it is fresh it is as good as any other.
    let fresh = [(0, dated(99, "guid:9"))];
    let state = after(&source(), state, &fresh, Some(0), now, 1);
    assert_eq!(state.mirrors[source().feed_url(0)].stale_since, None);
}

#[test]
fn a_move_for_good_is_remembered_only_with_proof() {
    let to: url::Url = "https://b.example/feed".parse().unwrap();
    let moved = |to: Option<&url::Url>| {
        let keys = vec![vec!["guid:1".to_owned()]];
        Answer::Fed(Box::new(Fed { moved: to.cloned(), keys, ..Fed::default() }))
    };
    let known = |state: &SourceState| state.mirrors[source().feed_url(0)].moved.clone();
    // At first sight nothing is known that could prove it.
    let first = polled(SourceState::default(), &[(0, moved(Some(&to)))], at(0), 1);
    assert_eq!(known(&first), None);
    let mut state = first;
    for hour in [1, 13, 26] {
        state = polled(state, &[(0, moved(Some(&to)))], at(hour * HOUR), 1);
    }
    assert_eq!(known(&state).unwrap().times, 3);
    let failed = polled(state.clone(), &[(0, failed(Cause::Foreign))], at(27 * HOUR), 1);
    assert_eq!(known(&failed), None);
    // Asked where it has moved to, the answer says nothing of the old address.
    let direct = polled(state, &[(0, moved(None))], at(27 * HOUR), 1);
    assert_eq!(known(&direct).unwrap().to, to);
    let home = polled(direct, &[(0, moved(None))], at(30 * 24 * HOUR), 1);
    assert_eq!(known(&home), None);
}

#[test]
fn what_the_feed_asks_holds_through_unchanged_answers() {
    let hints = crate::source::hints::Hints {
        interval: Some(Duration::from_secs(1800)),
        ..Default::default()
    };
    let keys = vec![vec!["guid:1".to_owned()]];
    let fed = Answer::Fed(Box::new(Fed { hints, keys, ..Fed::default() }));
    let mut state = polled(SourceState::default(), &[(0, fed)], at(0), 1);
    for _ in 0..3 {
        let now = state.next_poll.unwrap();
        state = polled(state, &[(0, same())], now, 1);
        let wait = state.next_poll.unwrap().as_second() - now.as_second();
        assert!((1800..=1980).contains(&wait), "{wait}");
        assert_eq!(state.pace, Pace::Feed);
    }
}
