//! Where watchfire is blind, and what to do about it: which alarms stand for a source
//! given all that is known of it. Decides only; who is told is left to others.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::source::state::{Cause, Health, MirrorState, SourceState};
use crate::source::{Source, host_of};

/// In which way a source cannot be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// This machine reaches nobody.
    Outage,
    /// No mirror serves the source.
    Down,
    /// Every mirror that answers shows something else: hijacked, seized or parked.
    Quarantined,
    /// Two mirrors tell one item differently.
    Differs,
    /// Nothing new for longer than ever before.
    Quiet,
    /// Its documents can only be read item by item: something may be lost.
    Damaged,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Outage => "outage",
            Kind::Down => "down",
            Kind::Quarantined => "quarantined",
            Kind::Differs => "differs",
            Kind::Quiet => "quiet",
            Kind::Damaged => "damaged",
        })
    }
}

/// An alarm that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blind {
    pub kind: Kind,
    /// The source's name; none where all are concerned.
    pub source: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// What is the matter, in a sentence.
    pub why: String,
    /// What a person can do.
    pub next_step: String,
}

/// Polls in a row that have to fail before it is told: two, so that blindness is
/// announced within two intervals and one lost packet is not.
const FAILURES: u32 = 2;

/// The alarms that stand for a source; none of them while this machine reaches nobody.
pub fn of(source: &Source, state: &SourceState, now: Timestamp) -> Vec<Blind> {
    let blind = |kind, since, why: String, next_step: String| Blind {
        kind,
        source: Some(source.name.clone()),
        since,
        why,
        next_step,
    };
    let mut standing = Vec::new();
    if let Some((kind, since)) = down(source, state) {
        let why = why_down(source, state);
        standing.push(blind(kind, since, why, next_step(source, state).to_owned()));
    }
    if let Some((url, differs, confirmed)) = differing(source, state) {
        let why =
            format!("`{}` and another mirror tell the item `{differs}` differently", host_of(url));
        let step = "compare the item at both; remove the mirror that was tampered with";
        standing.push(blind(Kind::Differs, confirmed, why, step.to_owned()));
    }
    // A source that does not answer is not called quiet as well.
    let quiet = state.rhythm.quiet_since(now).filter(|_| state.streak < FAILURES);
    if let Some(since) = quiet {
        let last = state.rhythm.last_new.map(|at| at.strftime("%F %H:%M UTC").to_string());
        let why = format!("nothing new since {}, though it answers", last.unwrap_or_default());
        let step = "look at the publisher's site: its feed may have moved or been frozen";
        standing.push(blind(Kind::Quiet, since, why, step.to_owned()));
    }
    if state.is_salvaged {
        let why = "its feed is so damaged that it is read item by item".to_owned();
        let step = "look at the feed in a browser; tell the publisher";
        standing.push(blind(Kind::Damaged, state.last_good.unwrap_or(now), why, step.to_owned()));
    }
    standing
}

/// The alarm of a machine that reaches nobody.
pub fn outage(since: Timestamp) -> Blind {
    Blind {
        kind: Kind::Outage,
        source: None,
        since,
        why: "no publisher can be reached: this machine's own connection is down".to_owned(),
        next_step: "check network, resolver and firewall of this machine".to_owned(),
    }
}

fn down(source: &Source, state: &SourceState) -> Option<(Kind, Timestamp)> {
    let since = state.failing_since.filter(|_| state.streak >= FAILURES)?;
    let causes: Vec<Cause> = known(source, state).filter_map(|(_, m)| m.last_cause).collect();
    let is_other = |cause: &Cause| matches!(cause, Cause::Foreign | Cause::Parked | Cause::Page);
    let is_other = !causes.is_empty() && causes.iter().all(is_other);
    // What every mirror has shown at the first poll is a wrong address, not a hijack.
    let kind = if is_other && state.last_good.is_some() { Kind::Quarantined } else { Kind::Down };
    Some((kind, since))
}

fn why_down(source: &Source, state: &SourceState) -> String {
    let faults = known(source, state).filter_map(|(_, mirror)| mirror.last_fault.as_deref());
    let faults: Vec<&str> = faults.collect();
    match faults[..] {
        [] => "every mirror has asked to be left alone".to_owned(),
        _ => faults.join("; "),
    }
}

fn differing<'a>(
    source: &'a Source,
    state: &'a SourceState,
) -> Option<(&'a url::Url, &'a str, Timestamp)> {
    known(source, state).find_map(|(url, mirror)| {
        let differs = mirror.differs.as_ref()?;
        Some((url, differs.key.as_str(), differs.confirmed?))
    })
}

/// The configured mirrors that something is known of, in their order.
fn known<'a>(
    source: &'a Source,
    state: &'a SourceState,
) -> impl Iterator<Item = (&'a url::Url, &'a MirrorState)> {
    let known =
        |mirror: &'a crate::source::Mirror| Some((&mirror.url, state.mirrors.get(&mirror.url)?));
    source.mirrors.iter().filter_map(known)
}

/// What a person can do about a source that does not answer, by its first mirror that
/// failed.
pub fn next_step(source: &Source, state: &SourceState) -> &'static str {
    let of = |mirror: &MirrorState| match mirror.health {
        Health::Down { cause, .. } => Some(cause),
        Health::Up { .. } => mirror.last_cause,
    };
    match known(source, state).find_map(|(_, mirror)| of(mirror)) {
        Some(cause) => step(cause),
        None => "nothing: it is asked again by itself",
    }
}

/// What a person can do about a failure of this kind.
pub fn step(cause: Cause) -> &'static str {
    match cause {
        Cause::Dns => "check the name of the host; add a mirror that still resolves",
        Cause::Connect => "see whether the site opens in a browser; add a mirror or a proxy",
        Cause::Tls => "check the certificate in a browser; a private one needs `ca_file`",
        Cause::Timeout => "see whether the site opens in a browser; add a mirror or a proxy",
        Cause::Refused => "its address is not public: see `allow_networks`, or remove it",
        Cause::Gone => "the publisher took the feed down for good: find its new address",
        Cause::Busy => "nothing: it is asked again when the host allows it",
        Cause::Status => {
            "open the feed in a browser; a wall against robots needs a mirror or proxy"
        }
        Cause::Redirect => "open the feed in a browser and configure the address where it ends",
        Cause::TooLarge => "look at the feed: no feed is that large",
        Cause::Body => "nothing yet: the answer broke off; if it lasts, add a mirror",
        Cause::Parked => "a web page answers: the domain may be parked, seized or behind a login",
        Cause::Page => "a page answers that names feeds: configure the feed's own address",
        Cause::Broken => "open the feed in a browser: what answers is no feed",
        Cause::Empty => "open the feed in a browser: it has no entries any more",
        Cause::Foreign => {
            "another feed answers: the domain may have changed hands; remove the mirror"
        }
        Cause::Access => "correct `proxy` or `ca_file` of the source",
        Cause::Outage => "check network, resolver and firewall of this machine",
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Kind, of};
    use crate::source::record::{Answer, Fed, after};
    use crate::source::state::Cause;
    use crate::source::{Source, SourceState};

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    fn source() -> Source {
        Source::new("A", "/rss", &["a.org", "b.org"]).unwrap()
    }

    fn failed(state: SourceState, causes: [Cause; 2], minute: i64) -> SourceState {
        let answer =
            |cause| Answer::Failed { cause, message: format!("{cause:?}"), retry_after: None };
        let attempts: Vec<_> = causes.into_iter().map(answer).enumerate().collect();
        after(&source(), state, &attempts, None, at(minute), 1)
    }

    fn fed(state: SourceState, key: &str, is_salvaged: bool, minute: i64) -> SourceState {
        let fed = Fed { keys: vec![vec![key.to_owned()]], is_salvaged, ..Fed::default() };
        after(&source(), state, &[(0, Answer::Fed(Box::new(fed)))], Some(0), at(minute), 1)
    }

    fn kinds(state: &SourceState, minute: i64) -> Vec<Kind> {
        of(&source(), state, at(minute)).into_iter().map(|blind| blind.kind).collect()
    }

    #[test]
    fn a_source_that_fails_twice_is_down_and_one_that_shows_another_is_quarantined() {
        let well = fed(SourceState::default(), "guid:1", false, 0);
        assert_eq!(kinds(&well, 1), []);
        let once = failed(well.clone(), [Cause::Dns, Cause::Connect], 5);
        assert_eq!(kinds(&once, 5), []);
        let twice = failed(once, [Cause::Dns, Cause::Connect], 10);
        let standing = of(&source(), &twice, at(10));
        assert_eq!((standing[0].kind, standing[0].since), (Kind::Down, at(5)));
        assert_eq!(standing[0].why, "Dns; Connect");
        assert!(standing[0].next_step.contains("check the name"), "{}", standing[0].next_step);
        assert_eq!(kinds(&fed(twice, "guid:2", false, 20), 20), []);

        let other =
            failed(failed(well, [Cause::Foreign, Cause::Parked], 5), [Cause::Foreign; 2], 9);
        assert_eq!(kinds(&other, 9), [Kind::Quarantined]);
        let never = failed(SourceState::default(), [Cause::Parked, Cause::Parked], 5);
        assert_eq!(kinds(&failed(never, [Cause::Parked; 2], 9), 9), [Kind::Down]);
    }

    #[test]
    fn a_source_that_falls_silent_or_apart_is_told() {
        let mut state = SourceState::default();
        for n in 0..10 {
            state = fed(state, &format!("guid:{n}"), false, n * 30);
        }
        assert_eq!(kinds(&state, 270 + 5 * 60), []);
        assert_eq!(kinds(&state, 270 + 7 * 60), [Kind::Quiet]);
        let damaged = fed(state, "guid:10", true, 300);
        assert_eq!(kinds(&damaged, 300), [Kind::Damaged]);
    }
}
