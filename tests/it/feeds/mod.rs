//! Feeds as they are met: a corpus of every dialect with every fault, and mutants of
//! it. `benches/feeds.rs` writes the corpus out and runs as many mutants as wanted.

mod charsets;
pub mod corpus;
mod faults;
pub mod mutants;
mod seeds;

use jiff::Timestamp;
use url::Url;
use watchfire::feed;

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

#[test]
fn every_item_of_the_corpus_is_found() {
    let cases = corpus::all();
    assert!(cases.len() >= 300, "{}", cases.len());
    let base = Url::parse("https://herald.example/feed").unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        match feed::read(&case.bytes, case.content_type.as_deref(), &base, now()) {
            Ok(feed) => {
                let titles: Vec<&str> = feed.items.iter().map(|item| &*item.title).collect();
                if titles != case.titles {
                    wrong.push(format!("{}: {:?} {titles:?}", case.name, feed.stage));
                }
            }
            Err(fault) => wrong.push(format!("{}: {fault}", case.name)),
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Beside the titles, each item keeps its link, its day and its text, unless they are
/// what the fault took.
#[test]
fn links_days_and_texts_survive_what_is_not_about_them() {
    let base = Url::parse("https://herald.example/feed").unwrap();
    let mut wrong = Vec::new();
    for case in corpus::all() {
        let (fault, seed) = case.name.split_once('/').unwrap();
        let is_about = |words: &[&str]| words.iter().any(|word| fault.contains(word));
        if fault.starts_with("charset-") || is_about(&["truncated"]) {
            continue;
        }
        let feed = feed::read(&case.bytes, None, &base, now()).unwrap();
        for (n, item) in feed.items.iter().enumerate() {
            let wanted = format!("https://herald.example/story/{n}");
            let link = item.link.clone().unwrap_or_default();
            if !link.starts_with(&wanted) && !is_about(&["no-links", "bad-links", "quote-lost"]) {
                wrong.push(format!("{}, item {n}: link {link}", case.name));
            }
            let day = item.published.map(|at| at.to_string()).unwrap_or_default();
            let is_dated =
                !seed.starts_with("rss0.90") && !is_about(&["dates-1601", "dates-nonsense"]);
            if is_dated && !day.starts_with(&format!("2023-11-2{n}")) {
                wrong.push(format!("{}, item {n}: day {day}", case.name));
            }
            if item.text().chars().count() < 20 {
                wrong.push(format!("{}, item {n}: text `{}`", case.name, item.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_damaged_byte_loses_no_item_unsaid() {
    let mut dice = mutants::Dice::new(1);
    let all = corpus::with_borders();
    let some = all.iter().filter(|case| case.bytes.len() < 16 * 1024);
    for case in some {
        let is_sound = case.name.starts_with("sound/");
        for _ in 0..if is_sound { 100 } else { 2 } {
            let (bytes, done) = mutants::mutant(&case.bytes, &mut dice);
            let fault = mutants::fault(case, &bytes, now());
            assert!(fault.is_none(), "{}, {done}: {}", case.name, fault.unwrap_or_default());
        }
    }
}
