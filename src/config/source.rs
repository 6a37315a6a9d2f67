//! `[[source]]`: the publishers, each with its feed and the hosts that mirror it.

use std::collections::HashMap;
use std::ops::Range;

use super::access;
use super::diagnostic::Diagnostic;
use super::span;
use super::table::{Faults, Table, Text, did_you_mean, nearest};
use super::watch::resolve;
use crate::lexicon::PlaceCode;
use crate::lexicon::places::Gazetteer;
use crate::source::{BadSource, EVERY, Mirror, Pages, Source};
use crate::text::fold::fold;

const KEYS: &[&str] = &[
    "name",
    "country",
    "feed",
    "mirrors",
    "every",
    "pages",
    "at_least_every",
    "proxy",
    "user_agent",
    "headers",
    "ca_file",
];

/// A name longer than this breaks every table that shows it.
const LONGEST_NAME: usize = 100;

pub(super) fn read(faults: &mut Faults, top: &Table<'_>, gazetteer: &Gazetteer) -> Vec<Source> {
    let tables = top.tables(faults, "source", "[[source]]", KEYS);
    let mut seen = Seen::default();
    tables.iter().filter_map(|table| source(faults, table, &mut seen, gazetteer)).collect()
}

/// Says that a watch needs something to watch.
pub(super) fn require(faults: &mut Faults, top: &Table<'_>) {
    if !top.has("source") {
        let message = "no [[source]]: there is nothing to poll";
        let label = "add a [[source]] with `name`, `feed` and `mirrors`";
        faults.push(Diagnostic::at(0..0, message, label));
    }
}

/// Names and feeds of the sources so far, with their places in the file.
#[derive(Default)]
struct Seen {
    names: HashMap<String, Range<usize>>,
    feeds: HashMap<String, Range<usize>>,
}

fn source(
    faults: &mut Faults,
    table: &Table<'_>,
    seen: &mut Seen,
    gazetteer: &Gazetteer,
) -> Option<Source> {
    let name = name(faults, table, &mut seen.names);
    let country = table.text(faults, "country").and_then(|text| country(faults, &text, gazetteer));
    let every = match table.text(faults, "every") {
        Some(text) => span::read(faults, &text, "the time between two polls"),
        None => Some(EVERY),
    };
    let pages = match table.text(faults, "pages") {
        Some(text) => pages(faults, &text),
        None => Some(Pages::default()),
    };
    let at_least_every = table.text(faults, "at_least_every");
    let at_least_every = at_least_every
        .and_then(|text| span::read(faults, &text, "the longest time between two polls"));
    let access = access::read(faults, table);
    let source = mirrored(faults, table, name.as_deref().unwrap_or("nameless"), &mut seen.feeds)?;
    let source = Source { country, at_least_every, access, every: every?, pages: pages?, ..source };
    name.is_some().then_some(source)
}

fn pages(faults: &mut Faults, text: &Text<'_>) -> Option<Pages> {
    let pages = Pages::named(text.value);
    if pages.is_none() {
        let message = format!("`{}` does not say which pages are read", text.value);
        let label = did_you_mean(&nearest(text.value, &Pages::NAMES))
            .unwrap_or_else(|| "write \"auto\", \"always\" or \"never\"".to_owned());
        faults.push(Diagnostic::at(text.span.clone(), message, label));
    }
    pages
}

/// The name of the table, which no table before it has.
pub(super) fn name(
    faults: &mut Faults,
    table: &Table<'_>,
    names: &mut HashMap<String, Range<usize>>,
) -> Option<String> {
    let text = table.required_text(faults, "name")?;
    let name = text.value.trim();
    if name.chars().any(char::is_control) || name.chars().count() > LONGEST_NAME {
        let message = format!("a name is one line of at most {LONGEST_NAME} characters");
        faults.push(Diagnostic::at(text.span, message, "shorten it"));
        return None;
    }
    if fold(name).is_empty() {
        let message = format!("the name `{name}` has no letter or digit");
        faults.push(Diagnostic::at(text.span, message, "write one with letters"));
        return None;
    }
    match names.get(&fold(name)) {
        Some(earlier) => {
            let message = format!("the name `{name}` is used twice");
            let clash = Diagnostic::at(text.span, message, "give this one another name");
            faults.push(clash.clashing(earlier.clone()));
        }
        None => {
            names.insert(fold(name), text.span);
        }
    }
    Some(name.to_owned())
}

/// A country by its code or name.
pub(super) fn country(
    faults: &mut Faults,
    text: &Text<'_>,
    gazetteer: &Gazetteer,
) -> Option<PlaceCode> {
    let code = resolve(faults, text, gazetteer)?;
    if !code.is_country() {
        let message = format!("`{}` is a part of a country", text.value);
        let label = format!("write the country: \"{}\"", code.country());
        faults.push(Diagnostic::at(text.span.clone(), message, label));
        return None;
    }
    Some(code)
}

/// The source with its feed at all its mirrors, none of them another source's.
fn mirrored(
    faults: &mut Faults,
    table: &Table<'_>,
    name: &str,
    feeds: &mut HashMap<String, Range<usize>>,
) -> Option<Source> {
    let feed = table.required_text(faults, "feed")?;
    let mirrors = access::mirrors(faults, table);
    let before = faults.len();
    // One by one, so that each bad address is told at its place.
    if feed.value.contains("://") {
        note_bad(faults, &feed, Source::new(name, feed.value, &[]));
    }
    for (mirror, _) in &mirrors {
        note_bad(faults, mirror, Source::new(name, "/", &[mirror.value]));
    }
    if faults.len() > before {
        return None;
    }
    let addresses: Vec<&str> = mirrors.iter().map(|(mirror, _)| mirror.value).collect();
    let mut source = note_bad(faults, &feed, Source::new(name, feed.value, &addresses))?;
    for (mirror, proxy) in mirrors.into_iter().filter(|(_, proxy)| proxy.is_some()) {
        let alone = Source::new(name, source.mirrors[0].url.as_str(), &[mirror.value]);
        let url = alone.ok().and_then(|alone| alone.mirrors.into_iter().next_back())?.url;
        source.mirrors.iter_mut().filter(|m| m.url == url).for_each(|m| m.proxy.clone_from(&proxy));
    }
    for mirror in &source.mirrors {
        note_feed(faults, feeds, mirror, &feed.span);
    }
    Some(source)
}

fn note_bad(
    faults: &mut Faults,
    text: &Text<'_>,
    read: Result<Source, BadSource>,
) -> Option<Source> {
    if let Err(error) = &read {
        let label = match error {
            BadSource::Name(_) => "write a name with letters",
            BadSource::NoMirror(_) => "add mirrors = [\"https://...\"]",
            BadSource::Url { .. } => "write it as \"https://www.example.org\"",
        };
        faults.push(Diagnostic::at(text.span.clone(), error.to_string(), label));
    }
    read.ok()
}

fn note_feed(
    faults: &mut Faults,
    feeds: &mut HashMap<String, Range<usize>>,
    mirror: &Mirror,
    span: &Range<usize>,
) {
    match feeds.get(mirror.url.as_str()) {
        Some(earlier) => {
            let message = format!("the feed `{}` is another source's already", mirror.url);
            let clash = Diagnostic::at(span.clone(), message, "remove one of the two");
            faults.push(clash.clashing(earlier.clone()));
        }
        None => {
            feeds.insert(mirror.url.to_string(), span.clone());
        }
    }
}
