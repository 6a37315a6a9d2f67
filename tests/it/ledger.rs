//! Politeness as a ledger: a month of polls, by the clock of the test, against fifty
//! publishers. Each request is held against what its host last said: never before it
//! allowed, never with validators that it did not give.

use std::collections::HashMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use url::Url;
use watchfire::source::hints::Hints;
use watchfire::source::record::{Answer, Fed, after};
use watchfire::source::state::{Cause, Validators};
use watchfire::source::{Source, SourceState, choice};

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

fn start() -> Timestamp {
    "2026-11-01T00:00:00Z".parse().unwrap()
}

fn second(at: Timestamp) -> u64 {
    u64::try_from(at.as_second() - start().as_second()).unwrap()
}

/// What a host does at a second of the month, given how often it was asked.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Does {
    /// New items, with an etag of that number.
    Publish(u64),
    /// The same items as before; not modified where the etag fits.
    Repeat,
    Fail(Cause),
    /// Busy for so many seconds, as far as it says.
    Busy(Option<u64>),
}

/// One publisher: what it asks, how each of its mirrors behaves.
struct Case {
    name: String,
    every: u64,
    at_least_every: Option<u64>,
    fresh_for: Option<u64>,
    hints: Hints,
    mirrors: usize,
    does: Box<dyn Fn(usize, u64) -> Does>,
}

fn case(name: String, mirrors: usize, does: impl Fn(usize, u64) -> Does + 'static) -> Case {
    Case {
        name,
        every: 20 * MINUTE,
        at_least_every: None,
        fresh_for: None,
        hints: Hints::default(),
        mirrors,
        does: Box::new(does),
    }
}

/// Publishes every `gap` seconds.
fn publishing(gap: u64) -> impl Fn(usize, u64) -> Does {
    move |_, second| match second / gap {
        number if second % gap < 30 * MINUTE => Does::Publish(number),
        _ => Does::Repeat,
    }
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for gap in [HOUR, 3 * HOUR, 12 * HOUR, 3 * DAY] {
        cases.push(case(format!("publishes every {} h", gap / HOUR), 1, publishing(gap)));
    }
    for fresh in [1, 60, 1800, HOUR, 6 * HOUR, DAY, 400 * DAY] {
        let fresh_for = Some(fresh);
        cases.push(Case { fresh_for, ..case(format!("max-age {fresh}"), 1, publishing(2 * HOUR)) });
        let at_least_every = Some(10 * MINUTE);
        let name = format!("max-age {fresh} with a ceiling");
        cases.push(Case { fresh_for, at_least_every, ..case(name, 1, publishing(2 * HOUR)) });
    }
    for minutes in [10, 60, 180, 1440, 100_000] {
        let hints =
            Hints { interval: Some(Duration::from_secs(minutes * MINUTE)), ..Hints::default() };
        cases.push(Case { hints, ..case(format!("ttl {minutes}"), 1, publishing(HOUR)) });
    }
    for (name, skip_hours, skip_days) in [
        ("sleeps at night", (0..6).collect(), vec![]),
        ("rests at the weekend", vec![], vec![5, 6]),
        ("one hour a day", (0..23).collect(), vec![]),
        ("one hour a week", (0..23).collect(), (1..7).collect()),
        ("never", (0..24).collect(), (0..7).collect()),
    ] {
        let hints = Hints { skip_hours, skip_days, ..Hints::default() };
        cases.push(Case { hints, ..case(name.to_owned(), 1, publishing(HOUR)) });
    }
    for wait in
        [None, Some(1), Some(90), Some(HOUR), Some(5 * HOUR), Some(DAY), Some(1_000_000_000)]
    {
        let busy = move |_, second: u64| match second / (6 * HOUR) % 4 {
            1 => Does::Busy(wait),
            _ => publishing(HOUR)(0, second),
        };
        cases.push(case(format!("busy for {wait:?}"), 1, busy));
    }
    let causes = [
        Cause::Dns,
        Cause::Connect,
        Cause::Tls,
        Cause::Timeout,
        Cause::Status,
        Cause::Gone,
        Cause::Parked,
    ];
    for cause in causes {
        let down = move |_, second: u64| match second / DAY % 3 {
            1 => Does::Fail(cause),
            _ => publishing(HOUR)(0, second),
        };
        cases.push(case(format!("down a day with {cause:?}"), 1, down));
        cases.push(case(format!("dead with {cause:?}"), 2, move |_, _| Does::Fail(cause)));
    }
    for mirrors in [2, 3, 5] {
        let turns =
            move |mirror: usize, second: u64| match (second / DAY) as usize % mirrors == mirror {
                true => Does::Fail(Cause::Connect),
                false => publishing(HOUR)(mirror, second),
            };
        cases.push(case(format!("{mirrors} mirrors in turns"), mirrors, turns));
    }
    let first_is_busy = |mirror, second| match mirror {
        0 => Does::Busy(Some(2 * HOUR)),
        _ => publishing(HOUR)(mirror, second),
    };
    cases.push(case("the preferred mirror is busy".into(), 2, first_is_busy));
    cases.push(case("an etag for ever".into(), 1, |_, second| match second {
        0 => Does::Publish(0),
        _ => Does::Repeat,
    }));
    cases
}

/// What each host said last, and what it may be asked therefore.
#[derive(Default)]
struct Host {
    given: Option<Validators>,
    not_before: Option<Timestamp>,
    number: u64,
}

struct Ledger<'a> {
    case: &'a Case,
    source: Source,
    hosts: HashMap<Url, Host>,
    requests: u64,
}

impl Ledger<'_> {
    /// One request: what it carries is checked, what comes is made up.
    fn ask(&mut self, state: &SourceState, mirror: usize, now: Timestamp) -> Answer {
        self.requests += 1;
        let url = self.source.feed_url(mirror).clone();
        let host = self.hosts.entry(url.clone()).or_default();
        let name = &self.case.name;
        assert!(
            host.not_before.is_none_or(|at| at <= now),
            "{name}: {mirror} asked too early at {now}"
        );
        let is_quiet = state.rhythm.quiet_since(now).is_some();
        let known = state.mirrors.get(&url).and_then(|known| known.validators.clone());
        let sent = known.filter(|validators| validators.usable(now, is_quiet));
        if let Some(sent) = &sent {
            let age = now.duration_since(sent.since);
            assert!(age < SignedDuration::from_hours(7 * 24), "{name}: validators of {age}");
            assert_eq!(host.given.as_ref(), Some(sent), "{name}: not what it gave");
        }
        host.answer((self.case.does)(mirror, second(now)), sent, &url, self.case, now)
    }
}

impl Host {
    fn answer(
        &mut self,
        does: Does,
        sent: Option<Validators>,
        url: &Url,
        case: &Case,
        now: Timestamp,
    ) -> Answer {
        let wait = |seconds: u64| now + SignedDuration::from_secs(seconds.min(DAY) as i64);
        let (fresh_for, waited) =
            (case.fresh_for.map(Duration::from_secs), Duration::from_millis(80));
        let failed = |cause, retry_after: Option<u64>| Answer::Failed {
            cause,
            message: format!("{cause:?}"),
            retry_after: retry_after.map(Duration::from_secs),
        };
        match does {
            Does::Fail(Cause::Gone) => {
                self.not_before = Some(now + SignedDuration::from_hours(7 * 24));
                failed(Cause::Gone, None)
            }
            Does::Fail(cause) => failed(cause, None),
            Does::Busy(seconds) => {
                self.not_before = seconds.map(wait);
                failed(Cause::Busy, seconds.map(|seconds| seconds.min(DAY)))
            }
            Does::Publish(_) | Does::Repeat => {
                if let Does::Publish(number) = does {
                    self.number = self.number.max(number);
                }
                let etag = Some(format!("\"{}\"", self.number));
                if let Some(sent) = sent.filter(|sent| sent.etag == etag) {
                    return Answer::Same { validators: Some(sent), fresh_for, waited };
                }
                let validators =
                    Some(Validators { url: url.clone(), etag, last_modified: None, since: now });
                self.given.clone_from(&validators);
                let keys = (self.number.saturating_sub(20)..=self.number)
                    .map(|n| vec![format!("guid:{n}")]);
                let (keys, hints) = (keys.collect(), case.hints.clone());
                Answer::Fed(Box::new(Fed {
                    validators,
                    fresh_for,
                    hints,
                    keys,
                    waited,
                    ..Fed::default()
                }))
            }
        }
    }
}

/// A poll as `fetch` makes it, without a network.
fn poll(
    ledger: &mut Ledger<'_>,
    state: SourceState,
    now: Timestamp,
    seed: u64,
) -> (SourceState, bool) {
    let mut attempts = Vec::new();
    let mut settled = None;
    for mirror in choice::order(&ledger.source, &state, now) {
        let answer = ledger.ask(&state, mirror, now);
        let is_good = !matches!(answer, Answer::Failed { .. });
        attempts.push((mirror, answer));
        if is_good {
            settled = Some(attempts.len() - 1);
            if let Some(other) = choice::second_opinion(&ledger.source, &state, mirror, now)
                && attempts.iter().all(|(asked, _)| *asked != other)
            {
                attempts.push((other, ledger.ask(&state, other, now)));
            }
            break;
        }
    }
    let is_good = settled.is_some();
    (after(&ledger.source, state, &attempts, settled, now, seed), is_good)
}

/// The least pause after a good poll.
fn least(case: &Case) -> u64 {
    let wish =
        case.fresh_for.unwrap_or(0).max(case.hints.interval.map_or(0, |i| i.as_secs())).min(DAY);
    match case.at_least_every {
        Some(ceiling) => wish.max(case.every * 9 / 10).min(ceiling * 8 / 10),
        None => wish.max(case.every * 9 / 10),
    }
}

fn is_skipped(hints: &Hints, at: Timestamp) -> bool {
    let time = TimeZone::UTC.to_datetime(at);
    let day = time.weekday().to_monday_zero_offset() as u8;
    hints.skip_hours.len() < 24 && hints.skip_hours.contains(&(time.hour() as u8))
        || hints.skip_days.len() < 7 && hints.skip_days.contains(&day)
}

#[test]
fn over_a_month_no_publisher_is_asked_before_it_allows() {
    let cases = cases();
    assert!(cases.len() >= 50, "{}", cases.len());
    let end = start() + SignedDuration::from_hours(30 * 24);
    for (number, case) in cases.iter().enumerate() {
        let hosts: Vec<String> = (0..case.mirrors).map(|m| format!("m{m}.example")).collect();
        let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
        let source = Source {
            every: Duration::from_secs(case.every),
            at_least_every: case.at_least_every.map(Duration::from_secs),
            ..Source::new("A", "/rss", &hosts).unwrap()
        };
        let mut ledger = Ledger { case, source, hosts: HashMap::new(), requests: 0 };
        let (mut state, mut now, mut good_polls) = (SourceState::default(), start(), 0u64);
        while now < end {
            let is_good;
            (state, is_good) = poll(&mut ledger, state, now, number as u64 * 7_919 + good_polls);
            let next = state.next_poll.unwrap();
            let pause = (next.as_second() - now.as_second()) as u64;
            if is_good {
                good_polls += 1;
                assert!(pause + 1 >= least(case), "{}: {pause} s after a good poll", case.name);
                let is_open = case.at_least_every.is_some() || !is_skipped(&case.hints, next);
                assert!(is_open, "{}: {next} is skipped", case.name);
            }
            assert!((10..=8 * DAY).contains(&pause), "{}: {pause} s", case.name);
            now = next;
        }
        // Polite and not asleep: nobody is given up, nobody is hammered.
        let most = 30 * DAY / (8 * MINUTE) * case.mirrors as u64;
        assert!((4..=most).contains(&ledger.requests), "{}: {}", case.name, ledger.requests);
        let never = case.name.starts_with("dead");
        assert_eq!(good_polls == 0, never, "{}: {good_polls} good polls", case.name);
    }
}
