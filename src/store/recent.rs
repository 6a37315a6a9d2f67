//! The events that were asked for lately, kept as they were read: reading one with all
//! its reports is dear, and those of these days are asked for with every report.

use std::collections::HashMap;

use crate::correlate::event::{Event, EventId};

/// Reports of all the events together; more are not kept.
const MOST: usize = 2_000;

/// By what it is known that an event is as it was: every change makes it a later
/// revision, at another time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stand {
    pub revision: u32,
    /// As the column has it.
    pub last_changed: String,
    pub reports: usize,
}

impl Stand {
    /// What an event takes of the room, in reports: one that all were taken back of, too.
    fn room(&self) -> usize {
        self.reports.max(1)
    }
}

/// The events, each with its stand in the store when it was read.
#[derive(Debug, Default)]
pub(super) struct Recent {
    events: HashMap<EventId, (Stand, Event)>,
    /// What they take together.
    room: usize,
}

impl Recent {
    /// The event, if it was read when it stood so.
    pub fn get(&self, id: &EventId, stand: &Stand) -> Option<&Event> {
        self.events.get(id).filter(|(then, _)| then == stand).map(|(_, event)| event)
    }

    /// Keeps the event in place of what was kept of it.
    pub fn keep(&mut self, stand: Stand, event: &Event) {
        if let Some((then, _)) = self.events.remove(&event.id) {
            self.room -= then.room();
        }
        if stand.room() > MOST {
            return;
        }
        if self.room + stand.room() > MOST {
            self.forget();
        }
        self.room += stand.room();
        self.events.insert(event.id.clone(), (stand, event.clone()));
    }

    /// Forgets all: what was read may have been taken back.
    pub fn forget(&mut self) {
        *self = Recent::default();
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{MOST, Recent, Stand};
    use crate::correlate::event::{Event, EventId};

    fn event(id: &str) -> Event {
        Event::blank(EventId(id.to_owned()), Timestamp::UNIX_EPOCH)
    }

    fn stand(revision: u32, reports: usize) -> Stand {
        Stand { revision, last_changed: "2026-11-23T00:00:00.000Z".to_owned(), reports }
    }

    #[test]
    fn an_event_is_as_it_was_only_where_it_stands_as_it_did() {
        let mut recent = Recent::default();
        recent.keep(stand(1, 2), &event("a"));
        let id = EventId("a".to_owned());
        assert_eq!(recent.get(&id, &stand(1, 2)), Some(&event("a")));
        let later = Stand { last_changed: "2026-11-23T00:00:00.001Z".to_owned(), ..stand(1, 2) };
        for other in [stand(2, 2), stand(1, 3), later] {
            assert_eq!(recent.get(&id, &other), None, "{other:?}");
        }
        recent.forget();
        assert_eq!(recent.get(&id, &stand(1, 2)), None);
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let mut recent = Recent::default();
        for n in 0..10_000 {
            recent.keep(stand(1, 300), &event(&n.to_string()));
            recent.keep(stand(2, 301), &event(&n.to_string()));
            let kept: usize = recent.events.values().map(|(stand, _)| stand.room()).sum();
            assert!(kept <= MOST && kept == recent.room, "{kept}, {}", recent.room);
        }
        let kept = recent.events.len();
        recent.keep(stand(1, MOST + 1), &event("whole war"));
        assert_eq!(recent.events.len(), kept);
    }

    #[test]
    fn a_large_event_that_grows_drives_no_other_out() {
        let mut recent = Recent::default();
        recent.keep(stand(1, 10), &event("small"));
        for more in 0..100 {
            recent.keep(stand(1 + more, 1_500 + more as usize), &event("large"));
        }
        assert_eq!(recent.events.len(), 2);
        for n in 0..2 * MOST {
            recent.keep(stand(1, 0), &event(&format!("withdrawn {n}")));
        }
        assert!(recent.events.len() <= MOST);
    }
}
