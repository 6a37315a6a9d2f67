//! What a person says against the machine: a field corrected, a false alarm, two
//! events that are one, one that is two. It outlives every new reading: it is applied
//! whenever an event is made of its reports, and the newest word on a thing holds.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::correlate::event::{ArticleId, Change, Event, EventId, What};
use crate::correlate::{event_id, settle};
use crate::extract::event::{Count, Days, Kind, Outcome, Party, Toll};
use crate::lexicon::PlaceCode;

/// One word of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    pub made: Timestamp,
    pub author: String,
    pub comment: String,
    pub act: Act,
}

/// What it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A part of the event is so, whatever its reports say.
    Correct { event: EventId, field: Field },
    /// It did not happen, or was no attack: nobody is to be told of it.
    Dismiss { event: EventId },
    /// These reports are of that event: of articles and their places there.
    Pin { reports: Vec<(ArticleId, u32)>, event: EventId },
}

/// A part of an event and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Places(Vec<PlaceCode>),
    When(Option<Days>),
    Kind(Kind),
    Perpetrator(Option<String>),
    Toll { party: Party, outcome: Outcome, count: Count },
}

/// By whom an event was called false, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dismissal {
    pub author: String,
    pub comment: String,
}

/// The event as persons have it. Pure; applied after everything in the event follows
/// from its reports, it comes to the same however often it is applied.
pub fn apply(overrides: &[Override], event: &mut Event) {
    event.dismissed = None;
    for said in overrides {
        match &said.act {
            Act::Correct { event: of, field } if *of == event.id => correct(event, field),
            Act::Dismiss { event: of } if *of == event.id => {
                let (author, comment) = (said.author.clone(), said.comment.clone());
                event.dismissed = Some(Dismissal { author, comment });
            }
            _ => {}
        }
    }
}

fn correct(event: &mut Event, field: &Field) {
    match field {
        Field::Places(places) => {
            event.places.clone_from(places);
            event.places.sort();
        }
        Field::When(when) => event.when = *when,
        Field::Kind(kind) => event.kind = *kind,
        Field::Perpetrator(name) => event.perpetrator.clone_from(name),
        Field::Toll { party, outcome, count } => {
            event.tolls.retain(|toll| (toll.party, toll.outcome) != (*party, *outcome));
            if count.best() > 0 || count.high() != Some(0) {
                let (party, outcome, count) = (*party, *outcome, *count);
                event.tolls.push(Toll { party, outcome, count, evidence: Vec::new() });
                event.tolls.sort_by_key(|toll| (toll.party, toll.outcome));
            }
        }
    }
}

/// Which event a person gave a report to.
pub(super) fn pins(overrides: &[Override]) -> HashMap<(&ArticleId, u32), &EventId> {
    let mut pins = HashMap::new();
    for said in overrides {
        if let Act::Pin { reports, event } = &said.act {
            pins.extend(reports.iter().map(|(article, ordinal)| ((article, *ordinal), event)));
        }
    }
    pins
}

/// The word that joins all reports of `event` to `into`.
pub fn merging(event: &Event, into: &EventId) -> Act {
    let reports = event.sightings.iter().map(|s| (s.article.clone(), s.ordinal)).collect();
    Act::Pin { reports, event: into.clone() }
}

/// The word that makes the reports of these articles an event of their own; none where
/// that would take all of its reports or nothing.
pub fn splitting(event: &Event, articles: &[ArticleId]) -> Option<Act> {
    let (out, kept): (Vec<_>, Vec<_>) =
        event.sightings.iter().partition(|s| articles.contains(&s.article));
    let first = out.iter().min_by_key(|s| settle::order(s))?;
    if kept.is_empty() {
        return None;
    }
    // The report may have founded the event that it leaves.
    let ids = (1..).map(|n| event_id(&first.article, first.ordinal + n * 1_000_000));
    let id = std::iter::once(event_id(&first.article, first.ordinal)).chain(ids);
    let id = id.into_iter().find(|id| *id != event.id)?;
    let reports = out.iter().map(|s| (s.article.clone(), s.ordinal)).collect();
    Some(Act::Pin { reports, event: id })
}

/// The events anew after a person's word on them; those that are other than they were.
/// `known` holds every event that the newest word names.
pub fn revise(known: &[Event], overrides: &[Override], now: Timestamp) -> Vec<Change> {
    let pins = pins(overrides);
    let mut events: Vec<Event> = known.to_vec();
    let mut moved = Vec::new();
    for event in &mut events {
        let id = event.id.clone();
        let leaves = |s: &crate::correlate::event::Sighting| {
            pins.get(&(&s.article, s.ordinal)).is_some_and(|to| **to != id)
        };
        let (out, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut event.sightings).into_iter().partition(leaves);
        event.sightings = kept;
        if let Some(to) = out.first().and_then(|s| pins.get(&(&s.article, s.ordinal)))
            && event.sightings.is_empty()
        {
            event.merged_into = Some((*to).clone());
        }
        moved.extend(out);
    }
    for sighting in moved {
        let Some(to) = pins.get(&(&sighting.article, sighting.ordinal)) else { continue };
        match events.iter_mut().find(|event| event.id == **to) {
            Some(event) => event.sightings.push(sighting),
            None => {
                let mut event = Event::blank((*to).clone(), now);
                event.sightings.push(sighting);
                events.push(event);
            }
        }
    }
    events.into_iter().filter_map(|event| changed(known, overrides, event, now)).collect()
}

fn changed(
    known: &[Event],
    overrides: &[Override],
    mut event: Event,
    now: Timestamp,
) -> Option<Change> {
    settle::settle(&mut event);
    apply(overrides, &mut event);
    let Some(before) = known.iter().find(|before| before.id == event.id) else {
        return Some(Change { event, what: What::New });
    };
    let parts = settle::differences(before, &event);
    if parts.is_empty() {
        return None;
    }
    event.revision += 1;
    event.last_changed = now;
    Some(Change { event, what: What::Changed(parts) })
}
