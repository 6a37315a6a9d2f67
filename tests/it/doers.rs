//! Whose deed each of several attacks of one article is: a claim or an accusation is not
//! handed on to the other attacks. Rows of `tests/phrases/doers.tsv`:
//! `text<TAB>place kind perpetrator claim; …`, one for each current event, in the order
//! of the text; a perpetrator's blanks are written `_`. Published on Friday 17 May 2019;
//! titles, paragraphs as in `deeds.tsv`.

use watchfire::extract;
use watchfire::extract::event::{Report, Status};
use watchfire::lexicon::Lexicon;

use crate::support::{article_of, assert_rows};

#[test]
fn every_attack_has_its_own_doer() {
    let lexicon = Lexicon::embedded();
    assert_rows(&["doers"], |text, expected| {
        let found = show(&lexicon, text);
        (found != expected).then_some(found)
    });
}

fn show(lexicon: &Lexicon, text: &str) -> String {
    let reading = extract::events(lexicon, &article_of(text));
    let current = reading.events.iter().filter(|e| e.status == Status::Current);
    current.map(doer).collect::<Vec<_>>().join("; ")
}

fn doer(event: &Report) -> String {
    let name = |value: serde_json::Value| value.as_str().unwrap_or("null").to_owned();
    let places = serde_json::to_value(&event.places).unwrap();
    let places: Vec<String> = places.as_array().unwrap().iter().cloned().map(name).collect();
    let who = event.perpetrator.as_deref().unwrap_or("null").replace(' ', "_");
    let kind = name(serde_json::to_value(event.kind).unwrap());
    let claim = name(serde_json::to_value(event.claim).unwrap());
    format!("{} {kind} {who} {claim}", places.join(","))
}
