//! `[[watch]]`: which places are watched, and from which toll on people are told.

use std::collections::HashMap;
use std::num::NonZeroU32;

use super::WrittenPlace;
use super::diagnostic::Diagnostic;
use super::patience;
use super::source::{country, name};
use super::span;
use super::table::{Faults, Table, Text, did_you_mean, nearest};
use crate::alert::rule::{Bound, Counts, Level, Metric, Per, Severity, Watch, Within};
use crate::extract::event::Party;
use crate::lexicon::PlaceCode;
use crate::lexicon::places::{Gazetteer, Unresolved};

const KEYS: &[&str] = &[
    "name",
    "places",
    "country",
    "levels",
    "parties",
    "bound",
    "joint",
    "independent",
    "claims",
    "quiet",
    "wait",
];

const LEVEL_KEYS: &[&str] =
    &["level", "killed", "wounded", "casualties", "abducted", "events", "within", "per"];

const PARTIES: [(&str, Party); 5] = [
    ("security", Party::Security),
    ("foreign", Party::Foreign),
    ("civilian", Party::Civilian),
    ("militant", Party::Militant),
    ("unknown", Party::Unknown),
];

const BOUNDS: [(&str, Bound); 3] =
    [("low", Bound::Low), ("best", Bound::Best), ("high", Bound::High)];

const PERS: [(&str, Per); 2] = [("watch", Per::Watch), ("place", Per::Place)];

/// The most days that a level adds up: the events of more are not at hand.
const MOST_DAYS: u64 = 92;

const METRICS: [(&str, Metric); 5] = [
    ("killed", Metric::Killed),
    ("wounded", Metric::Wounded),
    ("casualties", Metric::Casualties),
    ("abducted", Metric::Abducted),
    ("events", Metric::Events),
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
        let counts = counts(faults, table);
        let patience = patience::read(faults, table);
        let (Some(name), Some(levels)) = (name, levels) else { continue };
        written.extend(places.iter().map(|(text, code)| WrittenPlace {
            watch: name.clone(),
            written: text.value.to_owned(),
            code: *code,
        }));
        let places = places.into_iter().map(|(_, code)| code).collect();
        watches.push(Watch { name, places, levels, counts, patience });
    }
    (watches, written)
}

/// What of an event the watch counts.
fn counts(faults: &mut Faults, table: &Table<'_>) -> Counts {
    let mut counts = Counts::default();
    if table.has("parties") {
        let texts = table.texts(faults, "parties").unwrap_or_default();
        if texts.is_empty() {
            let label = "name at least one, or leave `parties` out";
            faults.push(Diagnostic::at(table.span_of("parties"), "nobody is counted", label));
        }
        counts.parties =
            texts.iter().filter_map(|text| word(faults, text, "a party", &PARTIES)).collect();
    }
    if let Some(text) = table.text(faults, "bound") {
        counts.bound = word(faults, &text, "a bound", &BOUNDS).unwrap_or(counts.bound);
    }
    if let Some(text) = table.text(faults, "joint") {
        const JOINT: [(&str, bool); 2] = [("full", true), ("none", false)];
        counts.joint = word(faults, &text, "a way to count joint tolls", &JOINT).unwrap_or(true);
    }
    if let Some(text) = table.text(faults, "claims") {
        const CLAIMS: [(&str, bool); 2] = [("count", true), ("none", false)];
        counts.claims = word(faults, &text, "a way to count claims", &CLAIMS).unwrap_or(false);
    }
    if table.has("independent") {
        counts.independent = table.people(faults, "independent").map_or(1, NonZeroU32::get);
    }
    counts
}

/// What the word stands for, of those that are allowed.
fn word<T: Copy>(
    faults: &mut Faults,
    text: &Text<'_>,
    what: &str,
    allowed: &[(&str, T)],
) -> Option<T> {
    let found = allowed.iter().find(|(word, _)| *word == text.value);
    if found.is_none() {
        let words: Vec<&str> = allowed.iter().map(|(word, _)| *word).collect();
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let label = did_you_mean(&nearest(text.value, &words))
            .unwrap_or_else(|| format!("write one of {}", quoted.join(", ")));
        let message = format!("`{}` is not {what}", text.value);
        faults.push(Diagnostic::at(text.span.clone(), message, label));
    }
    found.map(|(_, value)| *value)
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
            let label = "one of `killed`, `wounded`, `casualties`, `abducted` or `events`";
            faults.push(Diagnostic::at(table.span.clone(), message, label));
            None
        }
    };
    let within = within(faults, table);
    let (severity, (metric, threshold)) = (severity?, counted?);
    if metric == Metric::Events && !table.has("within") {
        let label = "add the days over which they are counted: within = \"7d\"";
        faults.push(Diagnostic::at(table.span.clone(), "`events` counts over days", label));
    }
    let level = Level { severity, metric, threshold, within };
    Some(Rung { level, span: table.span.clone() })
}

/// The days and places over which the level adds up.
fn within(faults: &mut Faults, table: &Table<'_>) -> Option<Within> {
    let per = table.text(faults, "per");
    let Some(text) = table.text(faults, "within") else {
        if let Some(per) = per {
            let label = "add `within`, or leave `per` out";
            faults.push(Diagnostic::at(per.span, "`per` says where days are added up", label));
        }
        return None;
    };
    let per = per.and_then(|text| word(faults, &text, "a scope", &PERS)).unwrap_or(Per::Watch);
    let span = span::read(faults, &text, "the days that are added up")?;
    let days = span.as_secs() / 86_400;
    if !span.as_secs().is_multiple_of(86_400) || days > MOST_DAYS {
        let message = format!("`{}` is not a number of days that can be added up", text.value);
        let label = format!("write 1 to {MOST_DAYS} days, such as \"7d\"");
        faults.push(Diagnostic::at(text.span.clone(), message, label));
        return None;
    }
    Some(Within { days: u16::try_from(days).ok()?, per })
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
    let quieter = |other: &&Rung| {
        other.level.within == rung.level.within && other.level.severity > rung.level.severity
    };
    if let Some(louder) = before.iter().find(quieter) {
        let message = "the levels of a watch stand in rising order";
        let fault = Diagnostic::at(rung.span.clone(), message, "move it before the louder one");
        faults.push(fault.clashing(louder.span.clone()));
        return;
    }
    let same = |other: &&Rung| {
        other.level.metric == rung.level.metric && other.level.within == rung.level.within
    };
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
