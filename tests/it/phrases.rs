//! The extractor reads each phrasing of a toll as the tables in `tests/phrases`
//! say: `sentence<TAB>expected`, a headline where the sentence has no full stop.
//! Expected is `none` or tolls such as `killed security 10-; wounded victims 12`,
//! summed over the current events. `10-` is at least 10, `-10` up to 10, `8-10`
//! between the two (best the lower); `victims` are all but militants.

use std::collections::BTreeMap;
use std::fs;

use watchfire::article::Article;
use watchfire::extract;
use watchfire::extract::event::{Count, Outcome, Party, Reading, Report, Status};
use watchfire::lexicon::Lexicon;

use crate::support::assert_rows;

#[test]
fn every_phrasing_is_read_as_its_row_says() {
    let lexicon = Lexicon::embedded();
    let tables = ["counts", "killed", "wounded", "splits", "updates", "traps", "circumstances"];
    assert_rows(&tables, |sentence, expected| {
        let found = show(&extract::events(&lexicon, &article(sentence)), expected);
        (found != sorted(expected)).then_some(found)
    });
}

/// Rows as those above, each toll behind the place it is told of: `AF-KDZ killed victims 5`.
#[test]
fn every_toll_is_told_of_its_place() {
    let lexicon = Lexicon::embedded();
    assert_rows(&["places"], |sentence, expected| {
        let reading = extract::events(&lexicon, &article(sentence));
        let found: Vec<String> = reading.events.into_iter().map(|e| placed(e, expected)).collect();
        let found = sorted(&found.join("; "));
        (found != sorted(expected)).then_some(found)
    });
}

/// The tolls of one event, its place before each.
fn placed(event: Report, expected: &str) -> String {
    let places: Vec<String> = event.places.iter().map(ToString::to_string).collect();
    let place = places.join("+");
    let shown = show(&Reading { events: vec![event], ..Reading::default() }, expected);
    shown.split("; ").map(|toll| format!("{place} {toll}")).collect::<Vec<_>>().join("; ")
}

/// A feed may cut a text after any word.
#[test]
fn a_text_may_end_anywhere() {
    let lexicon = Lexicon::embedded();
    let mut read = 0;
    for table in ["circumstances", "splits", "deeds"] {
        let text = fs::read_to_string(format!("tests/phrases/{table}.tsv")).unwrap();
        for row in text.lines().filter(|l| !l.starts_with('#')) {
            let sentence = row.split('\t').next().unwrap();
            for (cut, _) in sentence.match_indices(' ') {
                extract::events(&lexicon, &article(&sentence[..cut]));
                read += 1;
            }
        }
    }
    assert!(read > 1000);
}

fn article(sentence: &str) -> Article {
    let headline = !sentence.ends_with('.');
    let (title, text) = if headline { (sentence, "") } else { ("", sentence) };
    Article {
        title: title.to_owned(),
        text: text.to_owned(),
        published: Some("2019-05-17T12:00:00Z".parse().unwrap()),
        ..Article::default()
    }
}

/// The tolls of the current events, by the parties that the expectation names.
fn show(reading: &Reading, expected: &str) -> String {
    let mut sums: BTreeMap<String, Count> = BTreeMap::new();
    let current = reading.events.iter().filter(|e| e.status == Status::Current);
    for toll in current.flat_map(|e| &e.tolls) {
        let cell = format!("{} {}", outcome(toll.outcome), side(toll.party, expected));
        let sum = sums.get(&cell).map_or(toll.count, |known| known.plus(toll.count));
        sums.insert(cell, sum);
    }
    let cells: Vec<String> = sums.iter().map(|(c, n)| format!("{c} {}", bounds(n))).collect();
    if cells.is_empty() { "none".to_owned() } else { cells.join("; ") }
}

fn sorted(expected: &str) -> String {
    let mut cells: Vec<&str> = expected.split("; ").collect();
    cells.sort_unstable();
    cells.join("; ")
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Killed => "killed",
        Outcome::Wounded => "wounded",
        Outcome::Abducted => "abducted",
    }
}

fn side(party: Party, expected: &str) -> &'static str {
    let name = match party {
        Party::Security => "security",
        Party::Foreign => "foreign",
        Party::Civilian => "civilian",
        Party::Unknown => "unknown",
        Party::Militant => return "militants",
    };
    if expected.contains("victims") || expected == "none" { "victims" } else { name }
}

fn bounds(count: &Count) -> String {
    let (low, best) = (count.low(), count.best());
    match (count.is_low_untold(), count.high()) {
        (true, _) => format!("-{best}"),
        (false, None) => format!("{best}-"),
        (false, Some(high)) if high == low => format!("{best}"),
        (false, Some(high)) => format!("{low}-{high}"),
    }
}
