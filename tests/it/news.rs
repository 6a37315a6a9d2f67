//! What is news of an attack, and where: the extractor reads each row of
//! `tests/phrases/news.tsv` as it says. `text<TAB>expected`; a title is parted from the
//! text by ` // `, a paragraph from the next by ` / `. Expected is `quiet`, no current
//! event, or what was killed where, `ML-5 14`, militants not counted; several places of
//! one toll are joined by `+`, several events by `; `. Published on Friday 17 May 2019.

use watchfire::extract;
use watchfire::extract::event::{Outcome, Party, Report, Status};
use watchfire::lexicon::Lexicon;

use crate::support::{article_of, assert_rows};

#[test]
fn every_article_is_news_or_quiet_as_its_row_says() {
    let lexicon = Lexicon::embedded();
    assert_rows(&["news"], |text, expected| {
        let found = show(&lexicon, text);
        (found != expected).then_some(found)
    });
}

fn show(lexicon: &Lexicon, text: &str) -> String {
    let reading = extract::events(lexicon, &article_of(text));
    let current = reading.events.iter().filter(|e| e.status == Status::Current);
    let events: Vec<String> = current.map(killed).collect();
    if events.is_empty() { "quiet".to_owned() } else { events.join("; ") }
}

fn killed(event: &Report) -> String {
    let places: Vec<&str> = event.places.iter().map(|p| p.as_str()).collect();
    let victims = event
        .tolls
        .iter()
        .filter(|t| t.outcome == Outcome::Killed && t.party != Party::Militant)
        .map(|t| t.count.best())
        .sum::<u32>();
    format!("{} {victims}", places.join("+"))
}
