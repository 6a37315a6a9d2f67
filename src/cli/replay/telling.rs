//! What a replay came to, for programs and for people.

use serde_json::{Value, json};

use super::course::{Course, sources};
use crate::alert::rule::Alert;
use crate::cli::look::{FAINT, HEADING, Look, PLACE, one_line};
use crate::cli::table::{Cell, Table};
use crate::cli::words;
use crate::correlate::event::Event;
use crate::lexicon::places::Gazetteer;
use crate::notify::log;

/// A line an alert, in order, and then a line an event. Where alerts of then are known,
/// a line for each that came, and one for each that would not have.
pub(super) fn lines(course: &Course, before: Option<&[Alert]>) -> String {
    let mut out = String::new();
    for (alert, after) in &course.alerts {
        // The very line of the log, with one field more.
        let line = log::line(&alert.clone().into());
        let line = line.trim_end();
        let fields = line.strip_suffix('}').unwrap_or(line);
        let silenced = course.silenced.get(&alert.id);
        let silenced = silenced.map(|why| format!(",\"silenced\":{}", json!(why)));
        let silenced = silenced.unwrap_or_default();
        out += &format!("{{\"alert\":{fields},\"after\":{after}{silenced}}}}}\n");
    }
    for event in &course.events {
        out += &format!("{}\n", json!({"event": row(course, event)}));
    }
    if let Some(before) = before {
        let (came, gone) = differences(course, before);
        out.extend(came.iter().map(|alert| {
            format!("{{\"came\":{}}}\n", log::line(&(*alert).clone().into()).trim_end())
        }));
        out.extend(gone.iter().map(|alert| {
            format!("{{\"gone\":{}}}\n", log::line(&(*alert).clone().into()).trim_end())
        }));
    }
    out
}

/// The alerts that are raised now and were not then, and those that were then alone.
fn differences<'a>(course: &'a Course, before: &'a [Alert]) -> (Vec<&'a Alert>, Vec<&'a Alert>) {
    let same = |a: &Alert, b: &Alert| {
        (&a.watch, a.kind, a.level, &a.event_id) == (&b.watch, b.kind, b.level, &b.event_id)
    };
    let now = || course.alerts.iter().map(|(alert, _)| alert);
    let came = now().filter(|alert| !before.iter().any(|old| same(old, alert)));
    let gone = before.iter().filter(|old| !now().any(|alert| same(old, alert)));
    (came.collect(), gone.collect())
}

fn row(course: &Course, event: &Event) -> Value {
    let tolls = event.tolls.iter().map(|toll| {
        json!({"party": toll.party, "outcome": toll.outcome, "low": toll.count.low_told(),
               "best": toll.count.best(), "high": toll.count.high()})
    });
    json!({
        "id": event.id,
        "where": event.places,
        "when": event.when,
        "status": event.status,
        "tolls": tolls.collect::<Vec<_>>(),
        "reports": course.reports(event),
        "independent": event.independent,
    })
}

/// The alerts and the events as tables.
pub(super) fn table(course: &Course, before: Option<&[Alert]>, gazetteer: &Gazetteer) -> String {
    let look = Look::of_stdout();
    let alerts = format!("{} alerts", course.alerts.len());
    let mut out = format!("{}\n", look.paint(HEADING, alerts));
    for (alert, after) in &course.alerts {
        let (level, kind) = (words::severity(alert.level), words::alert_type(alert.kind));
        let silenced = course.silenced.get(&alert.id);
        let silenced = silenced.map(|why| format!("; {why}")).unwrap_or_default();
        let cause = if after.is_null() { "a person's word".into() } else { after.to_string() };
        let why = format!("{}; after {cause}{silenced}", alert.reason);
        out += &format!(
            "{} {kind} {level} {}\n    {}\n",
            look.paint(FAINT, alert.sent),
            one_line(&alert.headline),
            look.paint(FAINT, one_line(&why)),
        );
    }
    let events = format!("{} events", course.events.len());
    out += &format!("\n{}\n", look.paint(HEADING, events));
    let mut rows = Table::new(&["places", "days", "what", "toll", "reports"]);
    for event in &course.events {
        let told: Vec<String> =
            sources(event).iter().map(|(name, n)| format!("{} {n}", one_line(name))).collect();
        rows.row(vec![
            Cell::styled(PLACE, words::places(gazetteer, &event.places)),
            words::days(event.when).into(),
            words::kind(event.kind).into(),
            words::tolls(&event.tolls).into(),
            told.join("\n").into(),
        ]);
    }
    out += &rows.render(look);
    if let Some(before) = before {
        let (came, gone) = differences(course, before);
        let (n, m) = (came.len(), gone.len());
        let head =
            format!("{n} alerts that were not raised then, {m} that would not be raised now");
        out += &format!("\n{}\n", look.paint(HEADING, head));
        let lines = came.iter().map(|alert| ("+", alert)).chain(gone.iter().map(|a| ("-", a)));
        for (sign, alert) in lines {
            out += &format!(
                "{sign} {} {}\n",
                look.paint(FAINT, alert.sent),
                one_line(&alert.headline)
            );
        }
    }
    out
}
