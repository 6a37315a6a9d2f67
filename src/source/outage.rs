//! Whether it is not the publishers who are silent but this machine that reaches
//! nobody. Then no publisher is to be blamed, and one alarm is enough.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::source::SourceState;
use crate::source::state::Cause;

/// How a source fared in its last poll, as far as the connection is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Somebody answered: with a feed, or with a refusal of a publisher's own.
    Reached,
    /// Nobody could be spoken to; `was_well` where that was otherwise the time before.
    Lost { hosts: Vec<String>, was_well: bool },
    /// Nobody was asked.
    Unasked,
}

impl Sight {
    /// What a poll shows: the hosts asked, each with the failure of its answer, given
    /// the state of the source before it.
    pub fn of<'a>(
        before: &SourceState,
        asked: impl IntoIterator<Item = (String, Option<&'a Cause>)>,
    ) -> Sight {
        let mut hosts = Vec::new();
        for (host, cause) in asked {
            match cause {
                Some(cause) if cause.may_be_ours() => hosts.push(host),
                // A wait that a host asked for earlier is no sign of life.
                Some(Cause::Busy) => {}
                Some(_) | None => return Sight::Reached,
            }
        }
        let was_well = before.streak == 0 && before.last_good.is_some();
        if hosts.is_empty() { Sight::Unasked } else { Sight::Lost { hosts, was_well } }
    }
}

/// Who was out of reach since somebody last answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Horizon {
    /// The hosts of each source that was lost, and whether it was well before.
    lost: BTreeMap<String, (Vec<String>, bool)>,
    /// The first of these failures.
    first: Option<Timestamp>,
    since: Option<Timestamp>,
}

/// What a poll changed on the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// From now on this machine is thought to be cut off.
    Fell,
    /// Somebody answers again.
    Rose,
}

impl Horizon {
    /// As it was left, where this machine reached nobody then.
    pub fn dark_since(since: Option<Timestamp>) -> Horizon {
        Horizon { since, ..Horizon::default() }
    }

    /// Hosts that have to fall silent together, all of them well before.
    const MANY: usize = 3;

    /// Notes what a poll of one of `sources` sources showed. The machine is thought
    /// to be cut off when nobody answered since three hosts that were well fell
    /// silent, or since every source, and more than one host, was lost.
    pub fn note(&mut self, source: &str, sight: Sight, sources: usize, now: Timestamp) -> Change {
        match sight {
            Sight::Unasked => Change::None,
            Sight::Reached => {
                self.lost.clear();
                self.first = None;
                if self.since.take().is_some() { Change::Rose } else { Change::None }
            }
            Sight::Lost { hosts, was_well } => {
                self.first.get_or_insert(now);
                let was_well = was_well || self.lost.get(source).is_some_and(|(_, well)| *well);
                self.lost.insert(source.to_owned(), (hosts, was_well));
                if self.since.is_none() && self.is_dark(sources) {
                    self.since = self.first;
                    return Change::Fell;
                }
                Change::None
            }
        }
    }

    /// Since when this machine reaches nobody.
    pub fn since(&self) -> Option<Timestamp> {
        self.since
    }

    /// The sources that were lost since somebody last answered.
    pub fn lost(&self) -> impl Iterator<Item = &str> {
        self.lost.keys().map(String::as_str)
    }

    fn is_dark(&self, sources: usize) -> bool {
        let hosts = |only_well: bool| -> usize {
            let counted = self.lost.values().filter(|(_, was_well)| *was_well || !only_well);
            counted.flat_map(|(hosts, _)| hosts).collect::<BTreeSet<_>>().len()
        };
        hosts(true) >= Self::MANY || self.lost.len() >= sources && hosts(false) > 1
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Change, Horizon, Sight};
    use crate::source::SourceState;
    use crate::source::state::Cause;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn lost(host: &str, was_well: bool) -> Sight {
        Sight::Lost { hosts: vec![host.to_owned()], was_well }
    }

    #[test]
    fn the_machine_is_cut_off_when_all_fall_silent_together() {
        use Change::{Fell, None, Rose};
        type Poll = (&'static str, Sight, Change);
        let rows: [(&str, usize, Vec<Poll>); 7] = [
            (
                "three that were well",
                10,
                vec![
                    ("A", lost("a", true), None),
                    ("B", lost("b", true), None),
                    ("C", lost("c", true), Fell),
                    ("D", lost("d", true), None),
                    ("A", Sight::Reached, Rose),
                    ("B", Sight::Reached, None),
                ],
            ),
            (
                "the dead ones of many",
                10,
                vec![
                    ("A", lost("a", false), None),
                    ("B", lost("b", false), None),
                    ("C", lost("c", false), None),
                    ("D", lost("d", false), None),
                ],
            ),
            (
                "somebody answers in between",
                10,
                vec![
                    ("A", lost("a", true), None),
                    ("B", lost("b", true), None),
                    ("C", Sight::Reached, None),
                    ("D", lost("d", true), None),
                ],
            ),
            (
                "three sources of one host",
                10,
                vec![
                    ("A", lost("a", true), None),
                    ("B", lost("a", true), None),
                    ("C", lost("a", true), None),
                ],
            ),
            (
                "the first start, offline",
                2,
                vec![("A", lost("a", false), None), ("B", lost("b", false), Fell)],
            ),
            ("a single source", 1, vec![("A", lost("a", true), None)]),
            (
                "one source with three mirrors",
                1,
                vec![(
                    "A",
                    Sight::Lost {
                        hosts: ["a", "b", "c"].map(str::to_owned).into(),
                        was_well: true,
                    },
                    Fell,
                )],
            ),
        ];
        for (name, sources, polls) in rows {
            let mut horizon = Horizon::default();
            for (second, (source, sight, wanted)) in polls.into_iter().enumerate() {
                let change = horizon.note(source, sight, sources, at(second as i64));
                assert_eq!(change, wanted, "{name}: {source}");
            }
        }
    }

    #[test]
    fn an_outage_began_with_its_first_failure() {
        let mut horizon = Horizon::default();
        for (second, name) in ["a", "b", "c"].into_iter().enumerate() {
            horizon.note(name, lost(name, true), 9, at(second as i64));
        }
        assert_eq!(horizon.since(), Some(at(0)));
        assert_eq!(horizon.lost().collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn what_a_publisher_says_shows_that_it_was_reached() {
        let well = SourceState { last_good: Some(at(0)), ..SourceState::default() };
        let sight = |causes: &[Option<Cause>]| {
            Sight::of(&well, causes.iter().map(|cause| ("a".to_owned(), cause.as_ref())))
        };
        for (causes, wanted) in [
            (&[None][..], Sight::Reached),
            (&[Some(Cause::Dns), None], Sight::Reached),
            (&[Some(Cause::Status)], Sight::Reached),
            (&[Some(Cause::Gone)], Sight::Reached),
            (&[Some(Cause::Foreign)], Sight::Reached),
            (&[Some(Cause::Connect)], lost("a", true)),
            (&[Some(Cause::Parked)], lost("a", true)),
            (&[Some(Cause::Busy)], Sight::Unasked),
            (&[], Sight::Unasked),
        ] {
            assert_eq!(sight(causes), wanted, "{causes:?}");
        }
    }
}
