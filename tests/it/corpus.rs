//! The corpus: whole articles with the events that a careful reader finds in
//! them, field for field.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use watchfire::article::Article;
use watchfire::extract;
use watchfire::extract::event::Report;
use watchfire::lexicon::Lexicon;

#[derive(Deserialize)]
struct Row {
    id: String,
    published: Timestamp,
    title: String,
    text: String,
    events: Vec<Value>,
}

fn rows() -> Vec<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let lines = files.iter().map(|f| fs::read_to_string(f).unwrap());
    lines
        .flat_map(|t| t.lines().map(|l| serde_json::from_str(l).unwrap()).collect::<Vec<Row>>())
        .collect()
}

/// A report as the corpus writes it: without evidence.
fn plain(report: &Report) -> Value {
    let mut tolls: Vec<Value> = Vec::new();
    for toll in &report.tolls {
        let mut cell = serde_json::to_value(toll).unwrap();
        cell.as_object_mut().unwrap().remove("evidence");
        tolls.push(cell);
    }
    json!({
        "where": report.places, "when": report.when, "status": report.status,
        "kind": report.kind, "perpetrator": report.perpetrator, "claim": report.claim,
        "tolls": sorted(tolls),
    })
}

fn sorted(mut values: Vec<Value>) -> Vec<Value> {
    values.sort_by_key(|v| v.to_string());
    values
}

#[test]
fn every_article_reads_as_annotated() {
    let lexicon = Lexicon::embedded();
    for row in rows() {
        let article = Article {
            title: row.title,
            text: row.text,
            published: Some(row.published),
            ..Article::default()
        };
        let read = extract::events(&lexicon, &article);
        let found: Vec<Value> = read.events.iter().map(plain).collect();
        let mut expected = row.events;
        for event in &mut expected {
            let tolls = event["tolls"].as_array().unwrap().clone();
            event["tolls"] = Value::from(sorted(tolls));
        }
        assert_eq!(found, expected, "{}", row.id);
    }
}

/// Evidence points at the very words: the number, inside its sentence.
#[test]
fn evidence_lies_in_the_text() {
    let lexicon = Lexicon::embedded();
    for row in rows() {
        let article = Article { title: row.title, text: row.text, ..Article::default() };
        let document = article.document();
        for toll in extract::events(&lexicon, &article).events.iter().flat_map(|e| &e.tolls) {
            assert!(!toll.evidence.is_empty(), "{}", row.id);
            for evidence in &toll.evidence {
                let (number, sentence) = (&evidence.range, &evidence.sentence);
                assert!(sentence.start <= number.start && number.end <= sentence.end, "{}", row.id);
                assert!(!document[number.clone()].trim().is_empty(), "{}", row.id);
            }
        }
    }
}
