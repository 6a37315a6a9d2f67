//! The extractor parts the attacks of one text as `tests/phrases/several.tsv` says:
//! `text<TAB>event; event`, published on Wednesday 12 June 2019. An event is its place, its
//! status, its days (`11`, `1-30`, of June; `-` where they are of another month or open) and
//! its tolls: `NG-BO current 11 killed civilian 6, wounded unknown 4-`. `none` is no event.

use jiff::civil::Date;
use watchfire::article::Article;
use watchfire::extract;
use watchfire::extract::event::{Count, Outcome, Party, Report, Status};
use watchfire::lexicon::Lexicon;

use crate::support::assert_rows;

#[test]
fn attacks_of_one_text_are_told_apart() {
    let lexicon = Lexicon::embedded();
    assert_rows(&["several"], |story, expected| {
        let mut found: Vec<String> =
            extract::events(&lexicon, &article(story)).events.iter().map(show).collect();
        let mut rows: Vec<&str> = expected.split("; ").filter(|e| *e != "none").collect();
        found.sort_unstable();
        rows.sort_unstable();
        (found != rows).then(|| found.join("; "))
    });
}

fn article(story: &str) -> Article {
    Article {
        text: story.replace(" / ", "\n\n"),
        published: Some("2019-06-12T12:00:00Z".parse().unwrap()),
        ..Article::default()
    }
}

fn show(event: &Report) -> String {
    let places: Vec<String> = event.places.iter().map(|p| p.to_string()).collect();
    let status = match event.status {
        Status::Current => "current",
        Status::Background => "background",
    };
    let mut tolls: Vec<String> = event
        .tolls
        .iter()
        .map(|t| format!("{} {} {}", outcome(t.outcome), party(t.party), bounds(&t.count)))
        .collect();
    tolls.sort_unstable();
    format!("{} {status} {} {}", places.join("+"), days(event), tolls.join(", "))
}

fn days(event: &Report) -> String {
    let june = |day: Date| (day.year(), day.month()) == (2019, 6);
    match event.when {
        Some(days) if june(days.first()) && june(days.last()) => {
            let (first, last) = (days.first().day(), days.last().day());
            if first == last { format!("{first}") } else { format!("{first}-{last}") }
        }
        _ => "-".to_owned(),
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Killed => "killed",
        Outcome::Wounded => "wounded",
        Outcome::Abducted => "abducted",
    }
}

fn party(party: Party) -> &'static str {
    match party {
        Party::Security => "security",
        Party::Foreign => "foreign",
        Party::Civilian => "civilian",
        Party::Militant => "militant",
        Party::Unknown => "unknown",
    }
}

fn bounds(count: &Count) -> String {
    match (count.low(), count.best(), count.high()) {
        (_, best, None) => format!("{best}-"),
        (low, _, Some(high)) if low == high => format!("{high}"),
        (low, _, Some(high)) => format!("{low}-{high}"),
    }
}
