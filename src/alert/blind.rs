//! Decides when people are told that watchfire itself does not see: a source
//! frozen, every host failing, a disk nearly full, a clock that stepped. Each
//! blindness is announced once, and once when it is over. Decides only: others
//! find out what is the matter, `notify` delivers.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::rule::Severity;

/// What people are told of watchfire's own state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// Hash of the subject and the number of times that it was announced.
    pub id: String,
    #[serde(rename = "type")]
    pub kind: AlarmType,
    /// When it was decided.
    pub sent: Timestamp,
    pub level: Severity,
    pub subject: Subject,
    /// One plain sentence.
    pub headline: String,
    /// What is the matter, in one sentence, and what to do.
    pub reason: String,
    /// The alarm that this one ends.
    pub references: Option<String>,
}

/// Whether a blindness begins or is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmType {
    Blind,
    BlindOver,
    /// Somebody tries the channels.
    Test,
}

/// What cannot be seen, or with what. As text: `source Herald`, `disk`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    /// One publisher, by its configured name.
    Source(String),
    /// Every publisher at once: the network, a resolver, a portal.
    AllSources,
    /// Room on the disk of the store or the log.
    Disk,
    /// The clock is not set, or stepped.
    Clock,
    /// The daemon's own loop.
    Heartbeat,
    /// A channel that takes no alerts, by its configured name.
    Sink(String),
    /// No subject: a test of the channels.
    Test,
}

/// Something that is the matter now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blindness {
    pub subject: Subject,
    /// Since when, as far as it is known.
    pub since: Timestamp,
    /// What is the matter, in one sentence without a full stop.
    pub cause: String,
}

/// Room that is left on a disk: bytes free to us, and all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    pub free: u64,
    pub all: u64,
}

impl Room {
    /// Less than a twentieth, on a large disk less than 2 GiB, on any less than 64 MiB.
    pub fn is_nearly_none(self) -> bool {
        self.free < (self.all / 20).clamp(64 << 20, 2 << 30).min(self.all / 2)
    }
}

/// How far the wall clock and the time that passed may part between two looks.
const STEP: SignedDuration = SignedDuration::from_secs(60);

/// Whether the wall clock was set in between: it moved by `wall` while `passed` went by.
pub fn stepped(wall: SignedDuration, passed: SignedDuration) -> bool {
    (wall - passed).abs() > STEP
}

/// Nothing built later can have run before.
const OLDEST_NOW: i64 = 1_767_225_600;

/// Whether the wall clock shows a time before this program was made.
pub fn is_impossible(now: Timestamp) -> bool {
    now.as_second() < OLDEST_NOW
}

/// Whether the polls have stopped: none came in for long after the next was due.
pub fn stands_still(since_poll: Duration, shortest_interval: Duration) -> bool {
    since_poll > shortest_interval * 3 + Duration::from_secs(600)
}

/// How long a blindness must be over before that is told: a source that comes and
/// goes is told of once, not every hour.
pub const SETTLED: SignedDuration = SignedDuration::from_mins(10);

/// What was announced and is not over, and since when nothing of it is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub alarm: Alarm,
    /// Since when the blindness is gone; none while it lasts.
    pub clear_since: Option<Timestamp>,
}

/// Holds what is the matter now against what was announced. The alarms to be told,
/// and what stays open with them; `told` is how many alarms a subject had so far.
pub fn decide(
    now_blind: &[Blindness],
    open: &[Open],
    told: &dyn Fn(&Subject) -> u32,
    now: Timestamp,
) -> (Vec<Alarm>, Vec<Open>) {
    let lasts = |subject: &Subject| now_blind.iter().any(|blind| blind.subject == *subject);
    let is_told = |subject: &Subject| open.iter().any(|open| open.alarm.subject == *subject);
    let (mut alarms, mut still) = (Vec::new(), Vec::new());
    for open in open {
        match settle(open, lasts(&open.alarm.subject), now) {
            Some(kept) => still.push(kept),
            None => alarms.push(over(&open.alarm, now)),
        }
    }
    // With every source gone, each for itself is no news.
    let all_gone = lasts(&Subject::AllSources);
    for blind in now_blind {
        let is_part = all_gone && matches!(blind.subject, Subject::Source(_));
        if !is_told(&blind.subject) && !is_part {
            let alarm = begun(blind, told(&blind.subject), now);
            still.push(Open { alarm: alarm.clone(), clear_since: None });
            alarms.push(alarm);
        }
    }
    (alarms, still)
}

/// What stays open of it; nothing once it was clear for long enough.
fn settle(open: &Open, lasts: bool, now: Timestamp) -> Option<Open> {
    if lasts {
        return Some(Open { alarm: open.alarm.clone(), clear_since: None });
    }
    // A clock that was set back begins the wait anew.
    let since = open.clear_since.filter(|since| *since <= now).unwrap_or(now);
    let is_over = now.duration_since(since) >= SETTLED;
    (!is_over).then(|| Open { alarm: open.alarm.clone(), clear_since: Some(since) })
}

fn begun(blind: &Blindness, told: u32, now: Timestamp) -> Alarm {
    let subject = &blind.subject;
    Alarm {
        id: id(subject, told, AlarmType::Blind),
        kind: AlarmType::Blind,
        sent: now,
        level: subject.level(),
        headline: format!("Watchfire is blind: {}", subject.matter()),
        reason: blind.cause.clone(),
        subject: subject.clone(),
        references: None,
    }
}

fn over(alarm: &Alarm, now: Timestamp) -> Alarm {
    let hash = blake3::hash(format!("over\n{}", alarm.id).as_bytes());
    Alarm {
        id: hash.to_hex()[..24].to_owned(),
        kind: AlarmType::BlindOver,
        sent: now,
        level: alarm.level,
        headline: format!("Watchfire sees again: {}, over", alarm.subject.matter()),
        reason: format!("it lasted from {:.0} on", alarm.sent),
        subject: alarm.subject.clone(),
        references: Some(alarm.id.clone()),
    }
}

/// A message that tries the channels; `nonce` tells one test from another.
pub fn test(nonce: u64, now: Timestamp) -> Alarm {
    Alarm {
        id: id(&Subject::Test, 0, AlarmType::Test)[..8].to_owned() + &format!("{nonce:016x}"),
        kind: AlarmType::Test,
        sent: now,
        level: Severity::Notice,
        headline: "Test of watchfire: nothing happened".to_owned(),
        reason: "somebody ran `watchfire notify test` to see that this channel works".to_owned(),
        subject: Subject::Test,
        references: None,
    }
}

fn id(subject: &Subject, told: u32, kind: AlarmType) -> String {
    let text = format!("alarm\n{subject}\n{told}\n{kind:?}");
    blake3::hash(text.as_bytes()).to_hex()[..24].to_owned()
}

impl Subject {
    fn level(&self) -> Severity {
        match self {
            Subject::Source(_) => Severity::Warning,
            Subject::Test => Severity::Notice,
            _ => Severity::Critical,
        }
    }

    fn matter(&self) -> String {
        match self {
            Subject::Source(name) => format!("the source `{name}` cannot be relied on"),
            Subject::AllSources => "nothing comes from any source".to_owned(),
            Subject::Disk => "the disk is nearly full".to_owned(),
            Subject::Clock => "the clock cannot be trusted".to_owned(),
            Subject::Heartbeat => "its own work stands still".to_owned(),
            Subject::Sink(name) => format!("alerts do not reach `{name}`"),
            Subject::Test => "a test".to_owned(),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Source(name) => write!(f, "source {name}"),
            Subject::AllSources => f.write_str("all sources"),
            Subject::Disk => f.write_str("disk"),
            Subject::Clock => f.write_str("clock"),
            Subject::Heartbeat => f.write_str("heartbeat"),
            Subject::Sink(name) => write!(f, "sink {name}"),
            Subject::Test => f.write_str("test"),
        }
    }
}

/// A text that names nothing that one can be blind to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no subject of an alarm")]
pub struct NoSubject(String);

impl FromStr for Subject {
    type Err = NoSubject;

    fn from_str(text: &str) -> Result<Subject, NoSubject> {
        Ok(match text {
            "all sources" => Subject::AllSources,
            "disk" => Subject::Disk,
            "clock" => Subject::Clock,
            "heartbeat" => Subject::Heartbeat,
            "test" => Subject::Test,
            _ => match text.split_once(' ') {
                Some(("source", name)) => Subject::Source(name.to_owned()),
                Some(("sink", name)) => Subject::Sink(name.to_owned()),
                _ => return Err(NoSubject(text.to_owned())),
            },
        })
    }
}

impl TryFrom<String> for Subject {
    type Error = NoSubject;

    fn try_from(text: String) -> Result<Subject, NoSubject> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> String {
        subject.to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::{SignedDuration, Timestamp};

    use super::{
        AlarmType, Blindness, Open, Room, Subject, decide, is_impossible, stands_still, stepped,
    };

    fn at(minutes: i64) -> Timestamp {
        "2026-11-23T06:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
    }

    fn blind(subject: &str) -> Blindness {
        let cause = "every mirror is down".to_owned();
        Blindness { subject: subject.parse().unwrap(), since: at(0), cause }
    }

    /// Runs through what is the matter at each minute; the types and subjects told.
    fn run(course: &[(i64, &[&str])]) -> Vec<(i64, AlarmType, String)> {
        let mut open: Vec<Open> = Vec::new();
        let mut told: Vec<(i64, AlarmType, String)> = Vec::new();
        for (minute, subjects) in course {
            let seen: Vec<Blindness> = subjects.iter().map(|subject| blind(subject)).collect();
            let before = told.clone();
            let count = |subject: &Subject| {
                let of = |(_, kind, s): &&(i64, AlarmType, String)| {
                    *s == subject.to_string() && *kind == AlarmType::Blind
                };
                u32::try_from(before.iter().filter(of).count()).unwrap()
            };
            let (alarms, still) = decide(&seen, &open, &count, at(*minute));
            open = still;
            told.extend(alarms.iter().map(|a| (*minute, a.kind, a.subject.to_string())));
        }
        told
    }

    #[test]
    fn a_blindness_is_told_once_and_once_when_it_is_over() {
        use AlarmType::{Blind, BlindOver};
        let herald = "source Herald";
        for (course, told) in [
            (vec![(0, &[herald][..]), (5, &[herald]), (600, &[herald])], vec![(0, Blind, herald)]),
            (
                vec![(0, &[herald][..]), (5, &[]), (14, &[]), (15, &[]), (40, &[])],
                vec![(0, Blind, herald), (15, BlindOver, herald)],
            ),
            // It comes and goes: still one matter.
            (
                vec![(0, &[herald][..]), (5, &[]), (9, &[herald]), (12, &[]), (20, &[herald])],
                vec![(0, Blind, herald)],
            ),
            // All of them at once are told as one.
            (
                vec![(0, &["all sources", herald, "source Times"][..])],
                vec![(0, Blind, "all sources")],
            ),
            // The clock went back: nothing is told, the wait begins anew.
            (vec![(60, &["clock"][..]), (65, &[]), (0, &[]), (9, &[])], vec![(60, Blind, "clock")]),
        ] {
            let wanted: Vec<_> = told.into_iter().map(|(m, k, s)| (m, k, s.to_owned())).collect();
            assert_eq!(run(&course), wanted, "{course:?}");
        }
    }

    #[test]
    fn each_time_has_an_id_of_its_own_and_the_end_names_its_beginning() {
        let first = decide(&[blind("disk")], &[], &|_| 0, at(0)).0.remove(0);
        let second = decide(&[blind("disk")], &[], &|_| 1, at(0)).0.remove(0);
        assert_ne!(first.id, second.id);
        let again = decide(&[blind("disk")], &[], &|_| 0, at(90)).0.remove(0);
        assert_eq!(first.id, again.id);
        let open = Open { alarm: first.clone(), clear_since: Some(at(0)) };
        let over = decide(&[], &[open], &|_| 1, at(10)).0.remove(0);
        assert_eq!(over.references, Some(first.id));
    }

    #[test]
    fn what_is_measured_is_judged() {
        const GIB: u64 = 1 << 30;
        for (free, all, nearly) in [
            (3 * GIB, 500 * GIB, false),
            (GIB, 500 * GIB, true),
            (GIB, 10 * GIB, false),
            (GIB / 4, 10 * GIB, true),
            (0, 0, false),
            (40 << 20, 100 << 20, true),
            (60 << 20, 100 << 20, false),
        ] {
            assert_eq!(Room { free, all }.is_nearly_none(), nearly, "{free} of {all}");
        }
        let seconds = SignedDuration::from_secs;
        assert!(!stepped(seconds(15), seconds(15)) && !stepped(seconds(0), seconds(59)));
        assert!(stepped(seconds(-3_600), seconds(15)) && stepped(seconds(31_536_000), seconds(1)));
        assert!(is_impossible(Timestamp::UNIX_EPOCH) && !is_impossible(at(0)));
        let minutes = |n: u64| Duration::from_secs(60 * n);
        assert!(!stands_still(minutes(24), minutes(5)) && stands_still(minutes(26), minutes(5)));
    }

    #[test]
    fn a_subject_is_read_as_it_is_written() {
        for text in ["source Press TV", "all sources", "disk", "clock", "heartbeat", "sink desk"] {
            assert_eq!(text.parse::<Subject>().unwrap().to_string(), text);
        }
        assert!("moon".parse::<Subject>().is_err());
    }
}
