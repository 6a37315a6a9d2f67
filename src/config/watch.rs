//! `[[watch]]`: which places are watched, and from which toll on people are told.

use std::collections::HashMap;
use std::num::NonZeroU32;

use super::WrittenPlace;
use super::diagnostic::Diagnostic;
use super::source::{country, name};
use super::table::{Faults, Table, Text, did_you_mean, nearest};
use crate::alert::rule::{Level, Metric, Severity, Watch};
use crate::lexicon::PlaceCode;
use crate::lexicon::places::{Gazetteer, Unresolved};

const KEYS: &[&str] = &["name", "places", "country", "levels"];

const LEVEL_KEYS: &[&str] = &["level", "killed", "wounded", "casualties", "abducted"];

const METRICS: [(&str, Metric); 4] = [
    ("killed", Metric::Killed),
    ("wounded", Metric::Wounded),
    ("casualties", Metric::Casualties),
    ("abducted", Metric::Abducted),
];

const SEVERITIES: [(&str, Severity); 3] = [
    ("notice", Severity::Notice),
    ("warning", Severity::Warning),
    ("critical", Severity::Critical),
];

pub(super) fn read(
    faults: &mut Faults,
    warnings: &mut Faults,
    top: &Table<'_>,
    gazetteer: &Gazetteer,
) -> (Vec<Watch>, Vec<WrittenPlace>) {
    let tables = top.tables(faults, "watch", "[[watch]]", KEYS);
    if !top.has("watch") {
        let label = "add a [[watch]] with `name`, `places` and `levels`";
        warnings.push(Diagnostic::at(0..0, "no [[watch]]: nothing will ever alert", label));
    }
    let mut names = HashMap::new();
    let (mut watches, mut written) = (Vec::new(), Vec::new());
    for table in &tables {
        let name = name(faults, table, &mut names);
        let places = places(faults, warnings, table, gazetteer);
        let levels = levels(faults, table);
        let (Some(name), Some(levels)) = (name, levels) else { continue };
        written.extend(places.iter().map(|(text, code)| WrittenPlace {
            watch: name.clone(),
            written: text.value.to_owned(),
            code: *code,
        }));
        let places = places.into_iter().map(|(_, code)| code).collect();
        watches.push(Watch { name, places, levels });
    }
    (watches, written)
}

/// The one code that the text stands for.
pub(super) fn resolve(
    faults: &mut Faults,
    text: &Text<'_>,
    gazetteer: &Gazetteer,
) -> Option<PlaceCode> {
    let (message, label) = match gazetteer.resolve(text.value) {
        Ok(code) => return Some(code),
        Err(Unresolved::Unknown { nearest, .. }) => {
            let hint = did_you_mean(&nearest);
            let label = hint.unwrap_or("write an ISO 3166 code, such as \"AF-KDZ\"".into());
            (format!("no place is called `{}`", text.value), label)
        }
        Err(error @ Unresolved::Ambiguous { .. }) => {
            (error.to_string(), "write the code that you mean".into())
        }
    };
    faults.push(Diagnostic::at(text.span.clone(), message, label));
    None
}

/// The places of the watch, each once, as written and as understood.
fn places<'a>(
    faults: &mut Faults,
    warnings: &mut Faults,
    table: &Table<'a>,
    gazetteer: &Gazetteer,
) -> Vec<(Text<'a>, PlaceCode)> {
    if !table.has("places") && !table.has("country") {
        faults.push(table.missing("places"));
    }
    let mut found: Vec<(Text<'a>, PlaceCode)> = Vec::new();
    if let Some(text) = table.text(faults, "country")
        && let Some(code) = country(faults, &text, gazetteer)
    {
        found.push((text, code));
    }
    let texts = table.texts(faults, "places");
    if texts.as_ref().is_some_and(Vec::is_empty) && !table.has("country") {
        let label = "name at least one place, or `country`";
        faults.push(Diagnostic::at(table.span_of("places"), "no places are watched", label));
    }
    for text in texts.unwrap_or_default() {
        let Some(code) = resolve(faults, &text, gazetteer) else { continue };
        match found.iter().find(|(_, known)| *known == code || *known == code.country()) {
            Some((earlier, _)) => warnings.push(
                Diagnostic::at(text.span, format!("{code} is watched already"), "not needed")
                    .clashing(earlier.span.clone()),
            ),
            None => found.push((text, code)),
        }
    }
    found
}

/// A level as it was read, with its place in the file.
struct Rung {
    level: Level,
    span: std::ops::Range<usize>,
}

fn levels(faults: &mut Faults, table: &Table<'_>) -> Option<Vec<Level>> {
    if !table.has("levels") {
        faults.push(table.missing("levels"));
        return None;
    }
    let called = "a level, such as { level = \"warning\", killed = 5 }";
    let before = faults.len();
    let tables = table.tables(faults, "levels", called, LEVEL_KEYS);
    if tables.is_empty() && faults.len() == before {
        let label = "add { level = \"warning\", killed = 5 }";
        faults.push(Diagnostic::at(table.span_of("levels"), "no levels: it never alerts", label));
    }
    let rungs: Vec<Rung> = tables.iter().filter_map(|table| rung(faults, table)).collect();
    for (at, rung) in rungs.iter().enumerate() {
        check_order(faults, &rungs[..at], rung);
    }
    Some(rungs.into_iter().map(|rung| rung.level).collect())
}

fn rung(faults: &mut Faults, table: &Table<'_>) -> Option<Rung> {
    let severity = table.required_text(faults, "level").and_then(|text| severity(faults, &text));
    let told: Vec<_> = METRICS.iter().filter(|(key, _)| table.has(key)).collect();
    let counted = match told[..] {
        [(key, metric)] => table.people(faults, key).map(|people| (*metric, people)),
        _ => {
            let message = "a level counts one thing";
            let label = "one of `killed`, `wounded`, `casualties` or `abducted`";
            faults.push(Diagnostic::at(table.span.clone(), message, label));
            None
        }
    };
    let (severity, (metric, threshold)) = (severity?, counted?);
    Some(Rung { level: Level { severity, metric, threshold }, span: table.span.clone() })
}

pub(super) fn severity(faults: &mut Faults, text: &Text<'_>) -> Option<Severity> {
    let found = SEVERITIES.iter().find(|(word, _)| *word == text.value);
    if found.is_none() {
        let words = SEVERITIES.map(|(word, _)| word);
        let label = did_you_mean(&nearest(text.value, &words))
            .unwrap_or("write \"notice\", \"warning\" or \"critical\"".into());
        let message = format!("`{}` is not a level", text.value);
        faults.push(Diagnostic::at(text.span.clone(), message, label));
    }
    found.map(|(_, severity)| *severity)
}

/// Levels rise: the louder stands later, and counts more of the same thing.
fn check_order(faults: &mut Faults, before: &[Rung], rung: &Rung) {
    let quieter = |other: &&Rung| other.level.severity > rung.level.severity;
    if let Some(louder) = before.iter().find(quieter) {
        let message = "the levels of a watch stand in rising order";
        let fault = Diagnostic::at(rung.span.clone(), message, "move it before the louder one");
        faults.push(fault.clashing(louder.span.clone()));
        return;
    }
    let same = |other: &&Rung| other.level.metric == rung.level.metric;
    let Some(last) = before.iter().rfind(same) else { return };
    let (message, label) = if last.level.severity == rung.level.severity {
        ("a level counts the same thing twice", String::from("remove one of them"))
    } else if last.level.threshold >= rung.level.threshold {
        let above: NonZeroU32 = last.level.threshold;
        ("a louder level needs more people", format!("write a number above {above}"))
    } else {
        return;
    };
    faults.push(Diagnostic::at(rung.span.clone(), message, label).clashing(last.span.clone()));
}
