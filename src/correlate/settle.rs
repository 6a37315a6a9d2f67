//! The event as a function of its reports: nothing in it depends on the order
//! in which they arrived.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, civil::Date};

use crate::correlate::event::{ArticleId, Certainty, Event, Part, Sighting};
use crate::correlate::{kin, likeness, toll};
use crate::extract::event::{Claim, Count, Days, Kind, Outcome, Party, Report, Status};
use crate::lexicon::PlaceCode;

/// When the article came out: never after it was fetched, whatever it says.
pub fn told_at(published: Option<Timestamp>, fetched: Timestamp) -> Timestamp {
    published.map_or(fetched, |at| at.min(fetched))
}

/// When the sighting's words came out. A later version keeps the date of the
/// first, so it counts from when it was met.
pub fn at(sighting: &Sighting) -> Timestamp {
    match sighting.article == sighting.story {
        true => told_at(sighting.published, sighting.fetched),
        false => sighting.fetched,
    }
}

/// When it came out, when it came in, its article and its place there.
pub type Order<'s> = (Timestamp, Timestamp, &'s ArticleId, u32);

/// The order in which sightings came out, total and the same on every machine.
pub fn order(sighting: &Sighting) -> Order<'_> {
    (at(sighting), sighting.fetched, &sighting.article, sighting.ordinal)
}

/// The days on which it may have happened: those told, or those that news or
/// context of the article's day can mean.
pub fn window(sighting: &Sighting) -> Days {
    possible(&sighting.report, TimeZone::UTC.to_datetime(at(sighting)).date())
}

/// The same of a report that came out on that UTC day.
pub fn possible(report: &Report, day: Date) -> Days {
    report.when.unwrap_or_else(|| match report.status {
        // A day more than the UTC day, because local days begin before it.
        Status::Current => Days::between(shift(day, -2), shift(day, 1)),
        Status::Background => Days::between(shift(day, -60), shift(day, -1)),
    })
}

fn shift(day: Date, days: i32) -> Date {
    day.saturating_add(days.days())
}

/// Makes everything in the event follow from its sightings.
pub fn settle(event: &mut Event) {
    event.sightings.sort_by(|a, b| order(a).cmp(&order(b)));
    let told = toll::reconcile(&event.sightings);
    event.tolls = told.tolls;
    event.disputed = told.disputed;
    event.certainty = toll::certainty(&event.sightings);
    let voices = toll::voices(event.sightings.iter());
    let origins = toll::origins(event.sightings.iter()).len();
    event.independent = u32::try_from(origins).unwrap_or(u32::MAX);
    // A withdrawn event keeps its place and day, so that a reader knows which it was.
    if event.is_withdrawn() {
        return;
    }
    event.merged_into = None;
    event.places = places(&voices);
    event.when = when(&event.sightings);
    event.kind = kind(&voices);
    event.perpetrator = perpetrator(&voices);
    event.claim = claim(&voices);
    event.status = event.sightings.iter().map(|s| s.report.status).min().unwrap_or(event.status);
    // Hostages may be taken over weeks; no other single attack lasts one.
    if likeness::lasts(event.when) && event.kind != Kind::Abduction {
        event.status = Status::Background;
    }
}

/// The set of divisions that most voices give; of equally common ones the larger,
/// so that no watched place is lost. A country's code alone counts only when
/// nobody says more.
fn places(voices: &[&Sighting]) -> Vec<PlaceCode> {
    let fine = |places: &[PlaceCode]| places.iter().any(|p| !p.is_country());
    let any_fine = voices.iter().any(|s| fine(&s.report.places));
    let sets = voices.iter().map(|s| &s.report.places).filter(|p| fine(p) || !any_fine);
    most(sets, |set| set.len()).cloned().unwrap_or_default()
}

/// The days that all reports allow: they overlap two by two, so all share one.
fn when(sightings: &[Sighting]) -> Option<Days> {
    let told = sightings.iter().filter_map(|s| s.report.when);
    told.reduce(|a, b| match a.overlap(&b) {
        true => Days::between(a.first().max(b.first()), a.last().min(b.last())),
        false => a,
    })
}

fn kind(voices: &[&Sighting]) -> Kind {
    most(voices.iter().map(|s| &s.report.kind), |kind| telling(**kind))
        .copied()
        .unwrap_or(Kind::Other)
}

/// How much a kind says, for ties: a bomb is seen, a clash is a word.
fn telling(kind: Kind) -> u8 {
    match kind {
        Kind::Other => 0,
        Kind::Clash => 1,
        Kind::ArmedAssault | Kind::Operation | Kind::Unrest => 2,
        Kind::Abduction | Kind::Shelling | Kind::Airstrike => 3,
        Kind::Bombing | Kind::Assassination => 4,
        Kind::SuicideBombing => 5,
    }
}

fn perpetrator(voices: &[&Sighting]) -> Option<String> {
    let names = || voices.iter().filter_map(|s| s.report.perpetrator.as_ref());
    let proper = names().any(|name| kin::proper(name).is_some());
    let names = names().filter(|name| !proper || kin::proper(name).is_some());
    most(names, |name| Reverse(name.len())).cloned()
}

fn claim(voices: &[&Sighting]) -> Claim {
    let told: BTreeSet<Claim> = voices.iter().map(|s| s.report.claim).collect();
    let order = [Claim::Claimed, Claim::Denied, Claim::Attributed];
    order.into_iter().find(|claim| told.contains(claim)).unwrap_or(Claim::None)
}

/// The value that is met most often; ties go by `rank`, then by the value.
fn most<'a, T: Ord, R: Ord>(
    values: impl Iterator<Item = &'a T>,
    rank: impl Fn(&&'a T) -> R,
) -> Option<&'a T> {
    let mut counts: BTreeMap<&T, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(value, count)| (*count, rank(value), *value)).map(|(v, _)| v)
}

/// What a reader would see to be other than before.
pub fn differences(before: &Event, after: &Event) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut note = |differs: bool, part: Part| {
        if differs {
            parts.push(part)
        }
    };
    note(before.places != after.places, Part::Places { before: before.places.clone() });
    note(before.when != after.when, Part::When { before: before.when });
    note(before.status != after.status, Part::Status { before: before.status });
    note(before.kind != after.kind, Part::Kind { before: before.kind });
    let perpetrator = before.perpetrator.clone();
    note(perpetrator != after.perpetrator, Part::Perpetrator { before: perpetrator.clone() });
    note(before.claim != after.claim, Part::Claim { before: before.claim });
    let independent = before.independent;
    note(independent != after.independent, Part::Independent { before: independent });
    note(before.disputed != after.disputed, Part::Disputed { before: before.disputed });
    let certainty: Certainty = before.certainty;
    note(certainty != after.certainty, Part::Certainty { before: certainty });
    let sum_of = before.sum_of.clone();
    note(sum_of != after.sum_of, Part::SumOf { before: sum_of.clone() });
    let campaign = before.campaign.clone();
    note(campaign != after.campaign, Part::Campaign { before: campaign.clone() });
    let merged_into = before.merged_into.clone();
    note(merged_into != after.merged_into, Part::MergedInto { before: merged_into.clone() });
    let dismissed = before.dismissed.is_some();
    note(before.dismissed != after.dismissed, Part::Dismissed { before: dismissed });
    parts.extend(toll_differences(before, after));
    parts.extend(sighting_differences(before, after));
    parts
}

fn toll_differences(before: &Event, after: &Event) -> Vec<Part> {
    let cells = |event: &Event| -> BTreeMap<(Party, Outcome), Count> {
        event.tolls.iter().map(|t| ((t.party, t.outcome), t.count)).collect()
    };
    let (old, new) = (cells(before), cells(after));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
    keys.into_iter()
        .map(|key| (key, old.get(&key).copied(), new.get(&key).copied()))
        .filter(|(_, before, after)| before != after)
        .map(|((party, outcome), before, after)| Part::Toll { party, outcome, before, after })
        .collect()
}

fn sighting_differences(before: &Event, after: &Event) -> Vec<Part> {
    let articles = |event: &Event| -> BTreeSet<ArticleId> {
        event.sightings.iter().map(|s| s.article.clone()).collect()
    };
    let (old, new) = (articles(before), articles(after));
    let joined = new.difference(&old).map(|a| Part::Sighted { article: a.clone() });
    let left = old.difference(&new).map(|a| Part::Replaced { article: a.clone() });
    joined.chain(left).collect()
}
