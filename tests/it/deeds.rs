//! Whose deed, who owns up, what kind and which day: the extractor reads each row
//! of `tests/phrases/deeds.tsv` as it says. `text<TAB>perpetrator<TAB>claim<TAB>
//! kind<TAB>days`; a title is parted from the text by ` // `. `-` is not asked,
//! `null` is nothing read. Published on Friday 17 May 2019; days are of May, `16`
//! or `15-16`.

use std::fs;

use watchfire::extract;
use watchfire::extract::event::{Report, Status};
use watchfire::lexicon::Lexicon;

use crate::support::article_of;

#[test]
fn every_deed_is_read_as_its_row_says() {
    let lexicon = Lexicon::embedded();
    let table = fs::read_to_string("tests/phrases/deeds.tsv").unwrap();
    let mut wrong = Vec::new();
    let rows: Vec<&str> = table.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
    for row in &rows {
        let cells: Vec<&str> = row.split('\t').collect();
        let [text, perpetrator, claim, kind, days] = cells[..] else { panic!("cells: {row}") };
        let found = show(&lexicon, text);
        let expected = [perpetrator, claim, kind, days];
        let same = expected.iter().zip(&found).all(|(e, f)| *e == "-" || e == f);
        if !same {
            wrong.push(format!("{text}\n  expected {expected:?}\n  found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn show(lexicon: &Lexicon, text: &str) -> [String; 4] {
    let reading = extract::events(lexicon, &article_of(text));
    match reading.events.iter().find(|e| e.status == Status::Current) {
        Some(event) => [
            event.perpetrator.clone().unwrap_or_else(|| "null".to_owned()),
            name(event.claim),
            name(event.kind),
            days(event),
        ],
        None => ["no event", "", "", ""].map(str::to_owned),
    }
}

fn name(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

fn days(event: &Report) -> String {
    match event.when {
        Some(d) if d.first() == d.last() => d.first().day().to_string(),
        Some(d) => format!("{}-{}", d.first().day(), d.last().day()),
        None => "null".to_owned(),
    }
}
