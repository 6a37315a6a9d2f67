//! Totals over several events: one outlet's "32 killed in four provinces" where
//! others tell the four attacks. A total stays an event of its own, but says so.

use crate::correlate::event::{Event, EventId};
use crate::correlate::kin::{self, Kinship};
use crate::correlate::{is_victim, toll};
use crate::extract::event::Outcome;
use crate::lexicon::PlaceCode;

/// Whether the event's places leave room for parts: several, or a whole country.
pub fn may_be_a_sum(event: &Event) -> bool {
    let places = &event.places;
    places.len() > 1 || places.iter().any(PlaceCode::is_country)
}

/// The events that the whole adds up, in the order of their ids; empty if none.
/// They lie inside its places and days, cover its places, and come to its toll.
pub fn parts<'e>(whole: &Event, events: impl Iterator<Item = &'e Event>) -> Vec<EventId> {
    let mut inside: Vec<&Event> = events.filter(|part| is_inside(whole, part)).collect();
    inside.sort_by(|a, b| b.places.len().cmp(&a.places.len()).then_with(|| a.id.cmp(&b.id)));
    let mut parts: Vec<&Event> = Vec::new();
    for event in inside {
        // Part of a part: its people are in the larger one already.
        if !parts.iter().any(|part| holds(&part.places, &event.places)) {
            parts.push(event);
        }
    }
    if parts.len() < 2 || !covers(whole, &parts) || !adds_up(whole, &parts) {
        return Vec::new();
    }
    let mut ids: Vec<EventId> = parts.into_iter().map(|part| part.id.clone()).collect();
    ids.sort();
    ids
}

fn is_inside(whole: &Event, part: &Event) -> bool {
    let (a, b) = (whole.perpetrator.as_deref(), part.perpetrator.as_deref());
    holds(&whole.places, &part.places)
        && whole.status == part.status
        && whole.when.zip(part.when).is_some_and(|(w, p)| w.overlap(&p))
        && kin::kinship(whole.kind, part.kind) > Kinship::Apart
        && kin::same_name(a, b) != Some(false)
        && killed(part) > 0
}

/// Whether the places hold others, finer or fewer.
fn holds(whole: &[PlaceCode], part: &[PlaceCode]) -> bool {
    let inside = |p: &PlaceCode| whole.contains(p) || whole.contains(&p.country());
    whole != part && !part.is_empty() && part.iter().all(inside)
}

fn covers(whole: &Event, parts: &[&Event]) -> bool {
    whole
        .places
        .iter()
        .all(|place| place.is_country() || parts.iter().any(|part| part.places.contains(place)))
}

/// Within a quarter: outlets differ on each of the parts.
fn adds_up(whole: &Event, parts: &[&Event]) -> bool {
    let sum: u64 = parts.iter().map(|part| killed(part)).sum();
    let whole = killed(whole);
    whole > 0 && sum * 5 >= whole * 4 && sum * 4 <= whole * 5
}

fn killed(event: &Event) -> u64 {
    toll::total(&event.tolls, Outcome::Killed, is_victim).map_or(0, |count| count.best().into())
}
