use std::time::Duration;

use jiff::Timestamp;

use super::{after_bad, after_good, excused};
use crate::source::hints::Hints;
use crate::source::state::{Health, MirrorState, Pace, SourceState};
use crate::source::{Source, state::Cause};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

/// A source asked every five minutes, with a ceiling of so many.
fn source(ceiling: Option<u64>) -> Source {
    let source = Source::new("A", "/rss", &["a.org", "b.org"]).unwrap();
    Source { at_least_every: ceiling.map(minutes), ..source }
}

#[test]
fn the_longest_wish_counts_and_the_ceiling_overrules_it() {
    let hint = |n| Hints { interval: Some(minutes(n)), ..Hints::default() };
    let skip = Hints { skip_hours: (0..23).collect(), ..Hints::default() };
    let day = 24 * 60;
    for (name, ceiling, headers, hints, pace, least, most) in [
        ("nothing asked", None, 0, Hints::default(), Pace::Every, 270, 330),
        ("headers", None, 20, Hints::default(), Pace::Headers, 1200, 1320),
        ("headers below", None, 4, Hints::default(), Pace::Every, 240, 330),
        ("feed", None, 20, hint(60), Pace::Feed, 3600, 3960),
        ("a year", None, 366 * day, Hints::default(), Pace::Headers, 86_400, 95_040),
        ("ceiling", Some(10), 20, hint(60), Pace::Ceiling, 513, 600),
        ("ceiling above", Some(90), 20, Hints::default(), Pace::Headers, 1200, 1320),
        ("skipped", None, 0, skip.clone(), Pace::Skip, 330, 86_400),
        ("skipped with a ceiling", Some(10), 0, skip, Pace::Every, 270, 330),
    ] {
        let state = SourceState { hints, ..SourceState::default() };
        for seed in 0..100 {
            let asked = Some(minutes(headers));
            let (next, by) = after_good(&source(ceiling), &state, asked, at(0), seed);
            let wait = next.as_second() - at(0).as_second();
            assert!((least - 1..=most).contains(&wait), "{name}: {wait}");
            assert_eq!(by, pace, "{name}");
        }
    }
}

#[test]
fn a_pause_after_failures_doubles_to_a_limit() {
    for (ceiling, streak, least, most) in [
        (None, 1, 270, 330),
        (None, 3, 1080, 1320),
        (None, 8, 19_440, 23_760),
        (None, u32::MAX, 19_440, 23_760),
        (Some(5), 3, 1080, 1320),
        (Some(5), 99, 1620, 1980),
    ] {
        let state = SourceState { streak, ..SourceState::default() };
        for seed in 0..100 {
            let (next, pace) = after_bad(&source(ceiling), &state, at(0), seed);
            let wait = next.as_second() - at(0).as_second();
            assert!((least - 1..=most).contains(&wait), "{ceiling:?} {streak}: {wait}");
            assert_eq!(pace, Pace::Backoff);
        }
    }
}

#[test]
fn hosts_that_ask_to_be_left_alone_hold_the_source() {
    let source = source(Some(5));
    let held = |until| MirrorState { not_before: Some(at(until)), ..MirrorState::default() };
    let gone = Health::Down { since: at(0), failures: 1, cause: Cause::Gone, retry_at: at(9_000) };
    let gone = MirrorState { health: gone, ..MirrorState::default() };
    for (first, second, wanted) in [
        (held(7200), held(9000), Some(7200)),
        (held(7200), gone, Some(7200)),
        (held(7200), MirrorState::default(), None),
    ] {
        let mut state = SourceState { streak: 1, ..SourceState::default() };
        state.mirrors.insert(source.feed_url(0).clone(), first);
        state.mirrors.insert(source.feed_url(1).clone(), second);
        let (next, pace) = after_bad(&source, &state, at(0), 1);
        let wait = next.as_second() - at(0).as_second();
        match wanted {
            Some(wanted) => assert!(wait >= wanted && pace == Pace::Held, "{wait}"),
            None => assert!(wait <= 330 && pace == Pace::Backoff, "{wait}"),
        }
    }
}

#[test]
fn an_outage_of_our_own_changes_nothing_but_the_time() {
    let before = SourceState { streak: 2, last_good: Some(at(-9)), ..SourceState::default() };
    let after = excused(before.clone(), at(0), 1);
    assert_eq!((after.streak, after.last_good, after.pace), (2, Some(at(-9)), Pace::Outage));
    let wait = after.next_poll.unwrap().as_second() - at(0).as_second();
    assert!((27..=33).contains(&wait), "{wait}");
}
