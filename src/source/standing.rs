//! How a source stands, in one word and a sentence, with what a person can do: what an
//! operator reads at three in the morning.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::source::blind::{self, Blind, Kind};
use crate::source::state::{Cause, Pace, SourceState, later};
use crate::source::{Source, host_of};

/// How a source stands; the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// This machine reaches nobody.
    Outage,
    /// It should have been polled and was not.
    Late,
    /// Its mirrors show something else.
    Quarantined,
    /// No mirror serves it.
    Down,
    /// Two mirrors tell one item differently.
    Differs,
    /// Nothing new for longer than ever.
    Quiet,
    /// Its feed can hardly be read.
    Damaged,
    /// The last poll brought nothing.
    Failing,
    /// Its hosts asked to be left alone.
    Held,
    /// Never polled yet.
    Waiting,
    /// All is well.
    Up,
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Word::Outage => "outage",
            Word::Late => "late",
            Word::Quarantined => "quarantined",
            Word::Down => "down",
            Word::Differs => "differs",
            Word::Quiet => "quiet",
            Word::Damaged => "damaged",
            Word::Failing => "failing",
            Word::Held => "held",
            Word::Waiting => "waiting",
            Word::Up => "up",
        })
    }
}

/// How a source stands, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub word: Word,
    /// What is the matter or worth knowing; empty where nothing is.
    pub why: String,
    /// What a person can do; empty where nothing is to be done.
    pub next_step: String,
}

/// A poll that is overdue by this much is late: longer than a poll under way takes.
const LATE: Duration = Duration::from_secs(180);

/// How a source stands at `now`; `is_outage` where this machine reaches nobody.
pub fn of(source: &Source, state: &SourceState, is_outage: bool, now: Timestamp) -> Standing {
    let told = |word, why: String, next_step: &str| Standing {
        word,
        why,
        next_step: next_step.to_owned(),
    };
    if state.last_poll.is_none() {
        let why = "never polled yet".to_owned();
        return told(Word::Waiting, why, "start the daemon, or wait for its first poll");
    }
    if state.next_poll.is_some_and(|due| later(due, LATE) < now) {
        let due = state.next_poll.map(|due| due.strftime("%F %H:%M UTC").to_string());
        let why = format!("was due at {} and was not polled", due.unwrap_or_default());
        return told(Word::Late, why, "see that the daemon runs: systemctl status watchfire");
    }
    if is_outage {
        return told(Word::Outage, "nobody can be reached".to_owned(), blind::step(Cause::Outage));
    }
    if let Some(Blind { kind, why, next_step, .. }) =
        blind::of(source, state, now).into_iter().min_by_key(|b| b.kind)
    {
        return told(word(kind), why, &next_step);
    }
    if state.pace == Pace::Held {
        let why = "every host asked to be left alone".to_owned();
        return told(Word::Held, why, blind::step(Cause::Busy));
    }
    if state.streak > 0 {
        return told(Word::Failing, faults(source, state), blind::next_step(source, state));
    }
    let worth_knowing = remarks(source, state);
    let next_step = if worth_knowing.is_empty() { "" } else { blind::next_step(source, state) };
    told(Word::Up, worth_knowing.join("; "), next_step)
}

fn word(kind: Kind) -> Word {
    match kind {
        Kind::Outage => Word::Outage,
        Kind::Down => Word::Down,
        Kind::Quarantined => Word::Quarantined,
        Kind::Differs => Word::Differs,
        Kind::Quiet => Word::Quiet,
        Kind::Damaged => Word::Damaged,
    }
}

fn faults(source: &Source, state: &SourceState) -> String {
    let known = source.mirrors.iter().filter_map(|mirror| state.mirrors.get(&mirror.url));
    let faults: Vec<&str> = known.filter_map(|mirror| mirror.last_fault.as_deref()).collect();
    faults.join("; ")
}

/// What is worth knowing of a source that is well: mirrors passed over, moves, pauses
/// longer than the user asked for.
fn remarks(source: &Source, state: &SourceState) -> Vec<String> {
    let mut remarks = Vec::new();
    for mirror in &source.mirrors {
        let Some(known) = state.mirrors.get(&mirror.url) else { continue };
        let host = mirror.host();
        if let Some(fault) = &known.last_fault {
            remarks.push(fault.clone());
        }
        if known.stale_since.is_some() {
            remarks.push(format!("`{host}` serves old news"));
        }
        if let Some(moved) = &known.moved {
            remarks.push(format!("`{host}` says it moved to {}", host_of(&moved.to)));
        }
    }
    remarks.extend(pace(state.pace).map(str::to_owned));
    remarks
}

/// Why the next poll is further away than the user's interval.
fn pace(pace: Pace) -> Option<&'static str> {
    match pace {
        Pace::Headers => Some("its Cache-Control or Expires asks for longer pauses"),
        Pace::Feed => Some("its feed asks for longer pauses (`at_least_every` overrules it)"),
        Pace::Skip => Some("its feed asks to skip these hours"),
        Pace::Every | Pace::Rhythm | Pace::Ceiling | Pace::Backoff | Pace::Held | Pace::Outage => {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Word, of};
    use crate::source::record::{Answer, Fed, after};
    use crate::source::state::{Cause, Pace};
    use crate::source::{Source, SourceState};

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn one_word_tells_how_a_source_stands() {
        let source = Source::new("A", "/rss", &["a.org", "b.org"]).unwrap();
        let failed = |cause: Cause| Answer::Failed {
            cause,
            message: format!("{cause:?}"),
            retry_after: None,
        };
        let fed =
            || Answer::Fed(Box::new(Fed { keys: vec![vec!["guid:1".into()]], ..Fed::default() }));
        let poll = |state, answer, settled, minute| {
            after(&source, state, &[(0, answer)], settled, at(minute), 1)
        };
        let new = SourceState::default();
        let well = poll(new.clone(), fed(), Some(0), 0);
        let once = poll(well.clone(), failed(Cause::Dns), None, 5);
        let twice = poll(once.clone(), failed(Cause::Dns), None, 10);
        let taken = poll(
            poll(well.clone(), failed(Cause::Foreign), None, 5),
            failed(Cause::Foreign),
            None,
            9,
        );
        let held = SourceState { pace: Pace::Held, streak: 1, ..well.clone() };
        let asked = SourceState { pace: Pace::Feed, ..well.clone() };
        for (name, state, is_outage, minute, word, why, step) in [
            ("new", &new, false, 0, Word::Waiting, "never", "start the daemon"),
            ("well", &well, false, 1, Word::Up, "", ""),
            ("asked", &asked, false, 1, Word::Up, "longer pauses", ""),
            ("late", &well, false, 60, Word::Late, "was due", "systemctl"),
            ("late in an outage", &well, true, 60, Word::Late, "was due", "systemctl"),
            ("outage", &well, true, 1, Word::Outage, "nobody", "check network"),
            ("failing", &once, false, 6, Word::Failing, "Dns", "check the name"),
            ("down", &twice, false, 11, Word::Down, "Dns", "check the name"),
            ("taken over", &taken, false, 9, Word::Quarantined, "Foreign", "remove the mirror"),
            ("held", &held, false, 1, Word::Held, "left alone", "nothing"),
        ] {
            let standing = of(&source, state, is_outage, at(minute));
            assert_eq!(standing.word, word, "{name}");
            assert!(
                standing.why.contains(why) && standing.why.is_empty() == why.is_empty(),
                "{name}: {}",
                standing.why
            );
            assert!(standing.next_step.contains(step), "{name}: {}", standing.next_step);
        }
    }
}
