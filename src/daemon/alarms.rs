//! From where watchfire is blind to what people are told of it: what stands is held
//! against what was announced, and what is decided goes the way of every alert.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::journal;
use crate::alert::blind::{Blindness, Subject, decide};
use crate::source::blind::Blind;
use crate::store::{self, Recipient, Store};

/// Decides and records what is to be told of the alarms that stand for sources, and
/// of what is the matter with this machine and the sinks.
pub(super) fn announce(
    store: &mut Store,
    standing: &[Blind],
    here: &[Blindness],
    sinks: &[Recipient<'_>],
    now: Timestamp,
) -> Result<(), store::Error> {
    let open = store.open_alarms()?;
    let mut blind = blindness(standing);
    blind.extend_from_slice(here);
    let mut told = HashMap::new();
    for blind in &blind {
        told.insert(&blind.subject, store.alarms_on(&blind.subject)?);
    }
    let count = |subject: &Subject| told.get(subject).copied().unwrap_or_default();
    let (alarms, still) = decide(&blind, &open, &count, now);
    if alarms.is_empty() && still == open {
        return Ok(());
    }
    alarms.iter().for_each(journal::alarm);
    store.record_alarms(&alarms, &still, sinks, now)
}

/// One blindness a subject, with all that is the matter and what can be done.
fn blindness(standing: &[Blind]) -> Vec<Blindness> {
    let mut of: BTreeMap<String, Blindness> = BTreeMap::new();
    for blind in standing {
        let subject = match &blind.source {
            Some(name) => Subject::Source(name.clone()),
            None => Subject::AllSources,
        };
        let cause = format!("{}; {}", blind.why, blind.next_step);
        match of.get_mut(&subject.to_string()) {
            Some(known) => {
                known.since = known.since.min(blind.since);
                known.cause = format!("{}; {cause}", known.cause);
            }
            None => {
                of.insert(subject.to_string(), Blindness { subject, since: blind.since, cause });
            }
        }
    }
    of.into_values().collect()
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::announce;
    use crate::source::blind::{Blind, Kind};
    use crate::store::{Recipient, Store};

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    fn blind(kind: Kind, source: Option<&str>) -> Blind {
        Blind {
            kind,
            source: source.map(str::to_owned),
            since: at(0),
            why: kind.to_string(),
            next_step: "look".to_owned(),
        }
    }

    #[test]
    fn a_blindness_is_announced_once_and_so_is_its_end() {
        let mut store = Store::in_memory().unwrap();
        let sinks = [Recipient::of_all("log")];
        let both = [blind(Kind::Down, Some("A")), blind(Kind::Damaged, Some("A"))];
        let mut told = |standing: &[Blind], minute: i64| {
            announce(&mut store, standing, &[], &sinks, at(minute)).unwrap();
            let open = store.open_alarms().unwrap();
            open.into_iter().map(|open| open.alarm.reason).collect::<Vec<_>>()
        };
        assert_eq!(told(&both, 0), ["down; look; damaged; look"]);
        assert_eq!(told(&both[..1], 1).len(), 1, "the same blindness");
        assert_eq!(told(&[], 2).len(), 1, "it may come back");
        assert_eq!(told(&[], 20), [""; 0]);
        assert_eq!(told(&[blind(Kind::Outage, None)], 30).len(), 1);
        // The end of the first waits until its beginning was told.
        let later = at(40) + SignedDuration::from_hours(1);
        assert_eq!(store.due("log", later, 10).unwrap().len(), 2);
    }
}
