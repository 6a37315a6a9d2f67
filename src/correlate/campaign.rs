//! Coordinated attacks: several of one day that one outlet tells together and one
//! group is named for.

use std::collections::BTreeSet;

use crate::correlate::book::Book;
use crate::correlate::event::{Event, EventId};
use crate::correlate::kin;
use crate::correlate::settle::{self, Order};
use crate::extract::event::{Party, Status};

/// Gives the touched events and those told beside them the id of the first of their
/// campaign.
pub fn join(book: &mut Book<'_>) {
    let touched: Vec<usize> = book.touched.keys().copied().collect();
    for index in touched {
        let campaign = campaign(book, index);
        if campaign != book.events[index].campaign {
            book.events[index].to_mut().campaign = campaign;
        }
    }
}

/// The id of the first event of the campaign that the event belongs to.
fn campaign(book: &Book<'_>, index: usize) -> Option<EventId> {
    let event = &book.events[index];
    let articles = event.sightings.iter().map(|sighting| &sighting.article);
    let beside: BTreeSet<usize> =
        articles.filter_map(|article| book.of.get(article)).flatten().copied().collect();
    let fellows = beside.into_iter().filter(|other| *other != index);
    let fellows = fellows.map(|other| &*book.events[other]).filter(|other| belong(event, other));
    let first = fellows.min_by(|a, b| age(a).cmp(&age(b)))?;
    let first = first.campaign.as_ref().unwrap_or(&first.id).clone();
    Some(if age(event) < (event_age(book, &first), &first) { event.id.clone() } else { first })
}

/// As they were told; those of one article in its order.
fn age(event: &Event) -> (Option<Order<'_>>, &EventId) {
    (event.sightings.iter().map(settle::order).min(), &event.id)
}

fn event_age<'b>(book: &'b Book<'_>, id: &EventId) -> Option<Order<'b>> {
    book.events.iter().find(|event| event.id == *id).and_then(|event| age(event).0)
}

/// News of one day, by one named group, on victims.
fn belong(a: &Event, b: &Event) -> bool {
    let names = kin::same_name(a.perpetrator.as_deref(), b.perpetrator.as_deref());
    let news = |event: &Event| event.status == Status::Current && !event.is_withdrawn();
    let victims = |event: &Event| event.tolls.iter().any(|toll| toll.party != Party::Militant);
    names == Some(true)
        && news(a)
        && news(b)
        && victims(a)
        && victims(b)
        && a.when.zip(b.when).is_some_and(|(a, b)| a.overlap(&b))
}
