//! The events: as they are now, every revision they had, and the reports of the
//! articles that they rest on.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::article::record_report;
use super::column::{At, Json, at_text, name, places};
use super::recent::{Recent, Stand};
use crate::assess::Reach;
use crate::correlate::event::{Change, Event, EventId, Sighting};
use crate::extract::event::{Count, Outcome, Party, Toll};
use crate::lexicon::PlaceCode;

/// The events that may have happened within `reach`, the undated ones that changed
/// since its beginning, and those that rest on one of the articles; in order of id.
pub(super) fn touched(
    conn: &Connection,
    recent: &RefCell<Recent>,
    reach: &[Reach],
    articles: &BTreeSet<&str>,
) -> rusqlite::Result<Vec<Event>> {
    let mut recent = recent.borrow_mut();
    let mut events = Vec::new();
    let mut touched = conn.prepare_cached(&format!(
        "SELECT id, revision, last_changed, (SELECT count(*) FROM reports r WHERE r.event = e.id)
           FROM events e WHERE id IN ({TOUCHED}) ORDER BY id"
    ))?;
    for row in touched.query_map(params![Json(rows(reach)), Json(articles)], stand)? {
        let (id, stand) = row?;
        if let Some(event) = recent.get(&id, &stand) {
            events.push(event.clone());
        } else if let Some(event) = one(conn, &id)? {
            recent.keep(stand, &event);
            events.push(event);
        }
    }
    Ok(events)
}

fn stand(row: &Row<'_>) -> rusqlite::Result<(EventId, Stand)> {
    let (revision, last_changed) = (row.get(1)?, row.get(2)?);
    let reports = row.get::<_, i64>(3)?.unsigned_abs() as usize;
    Ok((EventId(row.get(0)?), Stand { revision, last_changed, reports }))
}

/// Keeps the events that were just recorded, as they are read from now on.
pub(super) fn keep(recent: &mut Recent, changes: &[Change]) {
    for Change { event, .. } in changes {
        let (last_changed, reports) = (at_text(event.last_changed), event.sightings.len());
        recent.keep(Stand { revision: event.revision, last_changed, reports }, event);
    }
}

/// The event as it was known then, with the reports that it has now.
pub(super) fn as_of(
    conn: &Connection,
    id: &EventId,
    then: Timestamp,
) -> rusqlite::Result<Option<Event>> {
    let Some(event) = one(conn, id)? else { return Ok(None) };
    let past: Option<Json<Event>> = conn
        .prepare_cached(
            "SELECT record FROM event_history WHERE event = ?1 AND changed <= ?2
              ORDER BY revision DESC LIMIT 1",
        )?
        .query_row(params![id.0, At(then)], |row| row.get(0))
        .optional()?;
    Ok(Some(match past {
        Some(Json(past)) => Event { sightings: event.sightings, ..past },
        None => event,
    }))
}

/// The event of that id, whole.
pub(super) fn one(conn: &Connection, id: &EventId) -> rusqlite::Result<Option<Event>> {
    let found = conn
        .prepare_cached("SELECT record FROM events WHERE id = ?1")?
        .query_row([&id.0], |row| row.get::<_, Json<Event>>(0))
        .optional()?;
    let Some(Json(mut event)) = found else { return Ok(None) };
    event.sightings = conn
        .prepare_cached("SELECT event, sighting FROM reports WHERE event = ?1 ORDER BY position")?
        .query_map([&id.0], sighting)?
        .map(|row| row.map(|(_, sighting)| sighting))
        .collect::<rusqlite::Result<_>>()?;
    Ok(Some(event))
}

/// The events since that day in the countries, without their sightings.
pub(super) fn since(
    conn: &Connection,
    first_day: Date,
    countries: &BTreeSet<PlaceCode>,
) -> rusqlite::Result<Vec<Event>> {
    conn.prepare_cached(
        "SELECT record FROM events e WHERE (last_day >= ?1 OR last_day IS NULL AND last_changed >= ?1)
            AND EXISTS (SELECT 1 FROM event_places p, json_each(?2) c
                         WHERE p.event = e.id AND p.place >= c.value AND p.place < c.value || '.')
          ORDER BY id",
    )?
    .query_map(params![first_day.to_string(), Json(countries)], |row| row.get::<_, Json<Event>>(0))?
    .map(|event| event.map(|Json(event)| event))
    .collect()
}

/// A total over months ends long after its first day, an attack within a few.
const TOUCHED: &str = "WITH reach AS MATERIALIZED (
        SELECT value ->> 0 AS country, value ->> 1 AS first, value ->> 2 AS last,
               value ->> 3 AS end
          FROM json_each(?1))
    SELECT e.id FROM reach r CROSS JOIN events e
     WHERE e.last_day BETWEEN r.first AND r.end AND e.first_day <= r.last
       AND (r.country IS NULL OR EXISTS (
            SELECT 1 FROM event_places p WHERE p.event = e.id
               AND p.place >= r.country AND p.place < r.country || '.'))
    UNION
    SELECT e.id FROM reach r CROSS JOIN events e
     WHERE e.last_day IS NULL AND e.last_changed >= r.first
       AND (r.country IS NULL OR EXISTS (
            SELECT 1 FROM event_places p WHERE p.event = e.id
               AND p.place >= r.country AND p.place < r.country || '.'))
    UNION SELECT event FROM reports
           WHERE +event IS NOT NULL AND article IN (SELECT value FROM json_each(?2))";

/// Country, first and last day, and the last day on which an event that touches them
/// can end.
type ReachRow = (Option<PlaceCode>, Date, Date, Date);

fn rows(reach: &[Reach]) -> Vec<ReachRow> {
    let row = |reach: &Reach| {
        let (first, last) = (reach.days.first(), reach.days.last());
        (reach.country, first, last, last.saturating_add(31.days()))
    };
    reach.iter().map(row).collect()
}

fn sighting(row: &Row<'_>) -> rusqlite::Result<(EventId, Sighting)> {
    Ok((EventId(row.get(0)?), row.get::<_, Json<Sighting>>(1)?.0))
}

pub(super) fn record(conn: &Connection, changes: &[Change]) -> rusqlite::Result<()> {
    // All let go before any takes: a sighting may have moved between two of them.
    let standing: rusqlite::Result<Vec<Vec<bool>>> =
        changes.iter().map(|change| let_go(conn, &change.event)).collect();
    for (change, stands) in changes.iter().zip(standing?) {
        record_one(conn, change, &stands)?;
    }
    Ok(())
}

/// Takes from the event the reports that it has no more. Which of its sightings the
/// store has as they are: they may be thousands, and are left alone.
fn let_go(conn: &Connection, event: &Event) -> rusqlite::Result<Vec<bool>> {
    let positions: HashMap<(&str, u32), usize> = (0..)
        .zip(&event.sightings)
        .map(|(at, sighting)| ((sighting.article.0.as_str(), sighting.ordinal), at))
        .collect();
    let mut stands = vec![false; event.sightings.len()];
    let mut gone: Vec<(String, u32)> = Vec::new();
    let mut rows = conn.prepare_cached(
        "SELECT article, ordinal, position, sighting FROM reports WHERE event = ?1",
    )?;
    let mut rows = rows.query([&event.id.0])?;
    while let Some(row) = rows.next()? {
        let (article, ordinal) = (row.get_ref(0)?.as_str()?, row.get(1)?);
        match positions.get(&(article, ordinal)) {
            Some(position) => {
                let told = serde_json::to_string(&event.sightings[*position]).unwrap_or_default();
                let is_there = row.get::<_, Option<i64>>(2)? == Some(*position as i64);
                stands[*position] = is_there && row.get_ref(3)?.as_str_or_null()? == Some(&*told);
            }
            None => gone.push((article.to_owned(), ordinal)),
        }
    }
    for (article, ordinal) in gone {
        conn.prepare_cached(
            "UPDATE reports SET event = NULL, position = NULL, sighting = NULL
              WHERE article = ?1 AND ordinal = ?2",
        )?
        .execute(params![article, ordinal])?;
    }
    Ok(stands)
}

fn record_one(conn: &Connection, change: &Change, stands: &[bool]) -> rusqlite::Result<()> {
    let event = &change.event;
    let bare = Event { sightings: Vec::new(), ..event.clone() };
    upsert(conn, event, &bare)?;
    conn.prepare_cached("DELETE FROM event_places WHERE event = ?1")?.execute([&event.id.0])?;
    for place in &event.places {
        conn.prepare_cached("INSERT OR IGNORE INTO event_places VALUES (?1, ?2)")?
            .execute([&event.id.0, place.as_str()])?;
    }
    conn.prepare_cached(
        "INSERT INTO event_history VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET
             changed = excluded.changed, what = excluded.what, record = excluded.record",
    )?
    .execute(params![
        event.id.0,
        event.revision,
        At(event.last_changed),
        Json(&change.what),
        Json(&bare)
    ])?;
    record_sightings(conn, event, stands)
}

fn record_sightings(conn: &Connection, event: &Event, stands: &[bool]) -> rusqlite::Result<()> {
    for (position, sighting) in event.sightings.iter().enumerate() {
        if stands[position] {
            continue;
        }
        record_report(conn, &sighting.article, sighting.ordinal, &sighting.report)?;
        let (article, ordinal) = (&sighting.article.0, sighting.ordinal);
        conn.prepare_cached(
            "UPDATE reports SET event = ?3, position = ?4, sighting = ?5
              WHERE article = ?1 AND ordinal = ?2",
        )?
        .execute(params![
            article,
            ordinal,
            event.id.0,
            position as i64,
            Json(sighting)
        ])?;
    }
    Ok(())
}

/// Writes the event's own row, or what is other in it.
const UPSERT: &str = "INSERT INTO events
    (id, places, first_day, last_day, status, kind, perpetrator, claim,
     killed_low, killed_best, killed_high, wounded_low, wounded_best, wounded_high,
     abducted_best, militants_killed_best, reports, independent, disputed, headline,
     certainty, first_seen, last_changed, revision, record)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
        ?19, ?20, ?21, ?22, ?23, ?24, ?25)
ON CONFLICT (id) DO UPDATE SET
    places = excluded.places, first_day = excluded.first_day,
    last_day = excluded.last_day, status = excluded.status, kind = excluded.kind,
    perpetrator = excluded.perpetrator, claim = excluded.claim,
    killed_low = excluded.killed_low, killed_best = excluded.killed_best,
    killed_high = excluded.killed_high, wounded_low = excluded.wounded_low,
    wounded_best = excluded.wounded_best, wounded_high = excluded.wounded_high,
    abducted_best = excluded.abducted_best,
    militants_killed_best = excluded.militants_killed_best,
    reports = excluded.reports, independent = excluded.independent,
    disputed = excluded.disputed, headline = excluded.headline, certainty = excluded.certainty,
    first_seen = excluded.first_seen, last_changed = excluded.last_changed,
    revision = excluded.revision, record = excluded.record";

fn upsert(conn: &Connection, event: &Event, bare: &Event) -> rusqlite::Result<()> {
    let killed = victims(&event.tolls, Outcome::Killed);
    let wounded = victims(&event.tolls, Outcome::Wounded);
    conn.prepare_cached(UPSERT)?.execute(params![
        event.id.0,
        places(&event.places),
        event.when.map(|days| days.first().to_string()),
        event.when.map(|days| days.last().to_string()),
        name(&event.status),
        name(&event.kind),
        event.perpetrator,
        name(&event.claim),
        killed.low(),
        killed.best(),
        killed.high(),
        wounded.low(),
        wounded.best(),
        wounded.high(),
        victims(&event.tolls, Outcome::Abducted).best(),
        militants_killed(&event.tolls).best(),
        event.sightings.len() as i64,
        event.independent,
        event.disputed,
        headline(event),
        name(&event.certainty),
        At(event.first_seen),
        At(event.last_changed),
        event.revision,
        Json(bare),
    ])?;
    Ok(())
}

/// Killed of every party but the militants, the number to go by.
pub(super) fn killed_best(tolls: &[Toll]) -> u32 {
    victims(tolls, Outcome::Killed).best()
}

fn victims(tolls: &[Toll], outcome: Outcome) -> Count {
    sum(tolls.iter().filter(|toll| toll.outcome == outcome && toll.party != Party::Militant))
}

fn militants_killed(tolls: &[Toll]) -> Count {
    let is_meant = |toll: &&Toll| toll.outcome == Outcome::Killed && toll.party == Party::Militant;
    sum(tolls.iter().filter(is_meant))
}

fn sum<'a>(tolls: impl Iterator<Item = &'a Toll>) -> Count {
    tolls.map(|toll| toll.count).reduce(Count::plus).unwrap_or(Count::exactly(0))
}

fn headline(event: &Event) -> &str {
    let newest = event.sightings.iter().max_by_key(|sighting| sighting.fetched);
    newest.map(|sighting| sighting.title.as_str()).unwrap_or_default()
}
