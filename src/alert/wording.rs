//! The sentences of an alert, in plain English.

use crate::alert::rule::{Alert, AlertType, Level, Metric, Watch, Window, Within};
use crate::alert::{Step, measure};
use crate::correlate::event::{Certainty, Event};
use crate::extract::event::{Count, Kind};
use crate::lexicon::PlaceCode;

/// "Kunduz, Afghanistan: at least 10 killed, 11 wounded in armed assault (Taliban)".
pub fn headline(names: &dyn Fn(PlaceCode) -> String, event: &Event, kind: AlertType) -> String {
    let lead = if kind == AlertType::Cancel { "Cancelled: " } else { "" };
    let place = place(names, &event.places);
    if event.is_withdrawn() {
        return format!("{lead}{place}: the report of {} was withdrawn", deed(event.kind));
    }
    let toll = toll(event);
    let deed = deed(event.kind);
    let by = event.perpetrator.as_deref().map(|p| format!(" ({p})")).unwrap_or_default();
    let unsure = if event.certainty <= Certainty::Possible { ", unconfirmed" } else { "" };
    format!("{lead}{place}: {toll} in {deed}{by}{unsure}")
}

/// "Baghlan and Takhar (together), Afghanistan"; a country alone is its name.
fn place(names: &dyn Fn(PlaceCode) -> String, places: &[PlaceCode]) -> String {
    let mut countries: Vec<PlaceCode> = places.iter().map(PlaceCode::country).collect();
    countries.dedup();
    let named: Vec<String> = places.iter().map(|p| names(*p)).collect();
    let together = if places.len() > 1 { " (together)" } else { "" };
    if places.iter().all(PlaceCode::is_country) {
        return format!("{}{together}", list(&named));
    }
    let countries: Vec<String> = countries.into_iter().map(names).collect();
    format!("{}{together}, {}", list(&named), list(&countries))
}

fn list(names: &[String]) -> String {
    match names {
        [] => "an unknown place".to_owned(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

fn toll(event: &Event) -> String {
    let told: Vec<String> = [Metric::Killed, Metric::Wounded, Metric::Abducted]
        .into_iter()
        .map(|metric| (metric, measure(event, metric)))
        .filter(|(_, count)| count.best() > 0)
        .map(|(metric, count)| format!("{} {}", number(&count), metric.word()))
        .collect();
    if told.is_empty() { "no casualties known".to_owned() } else { told.join(", ") }
}

/// "at least 10", "up to 10", "6 (4 to 9 reported)", "10".
fn number(count: &Count) -> String {
    let best = count.best();
    match (count.is_low_untold(), count.low(), count.high()) {
        (true, _, Some(high)) if high == best => format!("up to {best}"),
        (false, low, None) if low == best => format!("at least {best}"),
        (_, low, Some(high)) if low == best && high == best => best.to_string(),
        (_, low, Some(high)) => format!("{best} ({low} to {high} reported)"),
        (_, low, None) => format!("{best} ({low} or more reported)"),
    }
}

/// Why the alert is sent, in one sentence without a full stop.
pub fn reason(rule: &Watch, event: &Event, step: &Step<'_>, last: Option<&Alert>) -> String {
    let watch = &rule.name;
    let before = last.map_or("", |last| last.level.word());
    let metric = last.map_or(Metric::Killed, |last| last.metric);
    match step {
        Step::Close if event.dismissed.is_some() => dismissed(event),
        Step::Open(level) | Step::Rise(level) => {
            let (metric, threshold) = (level.metric, level.threshold);
            let value = rule.value(event, metric);
            let (level, metric) = (level.severity.word(), metric.word());
            let up = match step {
                Step::Rise(_) => format!(", up from {before}"),
                _ => String::new(),
            };
            format!("{metric} {value} reached the {level} level of {threshold} in `{watch}`{up}")
        }
        Step::Fall(level) => {
            let (was, now) = fell(event, last);
            let level = level.severity.word();
            format!("{now}, corrected from {was}: {level}, down from {before}, in `{watch}`")
        }
        Step::Confirm(_) => {
            let reports = match event.independent {
                1 => "one report".to_owned(),
                n => format!("{n} independent reports"),
            };
            let ground = ground(event.certainty);
            format!("{ground} now, by {reports}: still {before} in `{watch}`")
        }
        Step::Close if event.is_withdrawn() && event.merged_into.is_none() => {
            format!("every report was withdrawn or replaced: no longer {before} in `{watch}`")
        }
        Step::Close if event.merged_into.is_some() => {
            let other = event.merged_into.as_ref().map_or("", |id| id.0.as_str());
            format!("it is the same attack as event {other}, which is told for itself")
        }
        Step::Close if measure(event, metric).best() >= last.map_or(0, |l| l.value.best()) => {
            format!("the place was corrected: outside `{watch}`")
        }
        Step::Close => {
            let (was, now) = fell(event, last);
            format!("{now}, corrected from {was}: below every level of `{watch}`")
        }
    }
}

fn dismissed(event: &Event) -> String {
    let by = event.dismissed.as_ref().map(|d| format!("{}: {}", d.author, d.comment));
    format!("called false by {}", by.unwrap_or_default())
}

/// "Kunduz and Takhar, Afghanistan: 45 killed in 4 attacks within 7 days".
pub fn sum(
    names: &dyn Fn(PlaceCode) -> String,
    watch: &Watch,
    window: &Window,
    level: &Level,
    events: &[&Event],
    kind: AlertType,
) -> String {
    let lead = if kind == AlertType::Cancel { "Cancelled: " } else { "" };
    let place = window.place.map_or_else(|| watch.name.clone(), names);
    let (first, last, n) = (window.first, window.last, events.len());
    let attacks = if n == 1 { "attack" } else { "attacks" };
    let counts = events.iter().map(|event| watch.measure(event, level.metric));
    let total = counts.reduce(Count::plus).unwrap_or(Count::exactly(0));
    match level.metric {
        Metric::Events => format!("{lead}{place}: {n} {attacks} from {first} to {last}"),
        metric => {
            let (number, word) = (number(&total), metric.word());
            format!("{lead}{place}: {number} {word} in {n} {attacks} from {first} to {last}")
        }
    }
}

/// Why a sum is told, in one sentence without a full stop.
pub fn sum_reason(
    watch: &Watch,
    within: Within,
    level: &Level,
    value: u32,
    kind: AlertType,
) -> String {
    let (name, days, threshold) = (&watch.name, within.days, level.threshold);
    let (metric, level) = (level.metric.word(), level.severity.word());
    match kind {
        AlertType::Cancel => {
            format!(
                "{metric} {value} within {days} days after corrections: below every level of `{name}`"
            )
        }
        _ => format!(
            "{metric} {value} within {days} days reached the {level} level of {threshold} in `{name}`"
        ),
    }
}

/// What was announced last and what holds now, in the metric announced.
fn fell(event: &Event, last: Option<&Alert>) -> (u32, String) {
    let metric = last.map_or(Metric::Killed, |last| last.metric);
    let now = measure(event, metric).best();
    (last.map_or(0, |last| last.value.best()), format!("{} {now}", metric.word()))
}

fn ground(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Unknown => "only claimed",
        Certainty::Possible => "possible",
        Certainty::Likely => "likely",
        Certainty::Observed => "confirmed",
    }
}

fn deed(kind: Kind) -> &'static str {
    match kind {
        Kind::ArmedAssault => "armed assault",
        Kind::Bombing => "bombing",
        Kind::SuicideBombing => "suicide bombing",
        Kind::Airstrike => "airstrike",
        Kind::Shelling => "shelling",
        Kind::Assassination => "assassination",
        Kind::Abduction => "abduction",
        Kind::Clash => "clash",
        Kind::Operation => "operation",
        Kind::Unrest => "unrest",
        Kind::Other => "violence",
    }
}
