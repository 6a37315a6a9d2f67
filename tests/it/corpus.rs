//! The corpus: whole articles with the events that a careful reader finds in
//! them. Short pieces are read field for field, whole articles are scored.

mod score;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use watchfire::article::Article;
use watchfire::extract;
use watchfire::extract::event::{Reading, Report};
use watchfire::lexicon::Lexicon;

use score::{Event, Scores};

#[derive(Deserialize)]
struct Row {
    id: String,
    published: Timestamp,
    title: String,
    text: String,
    events: Vec<Value>,
}

impl Row {
    fn article(&self) -> Article {
        Article {
            title: self.title.clone(),
            text: self.text.clone(),
            published: Some(self.published),
            ..Article::default()
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// The rows of the files whose names begin so.
fn rows(prefix: &str) -> Vec<Row> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|f| f.extension().is_some_and(|e| e == "jsonl"))
        .filter(|f| f.file_name().unwrap().to_str().unwrap().starts_with(prefix))
        .collect();
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
fn every_short_piece_reads_as_annotated() {
    let lexicon = Lexicon::embedded();
    for row in rows("first") {
        let read = extract::events(&lexicon, &row.article());
        evidence_lies_in(&row, &read);
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
fn evidence_lies_in(row: &Row, read: &Reading) {
    let article = row.article();
    let document = article.document();
    for toll in read.events.iter().flat_map(|e| &e.tolls) {
        assert!(!toll.evidence.is_empty(), "{}", row.id);
        for evidence in &toll.evidence {
            let (number, sentence) = (&evidence.range, &evidence.sentence);
            assert!(sentence.start <= number.start && number.end <= sentence.end, "{}", row.id);
            assert!(!document[number.clone()].trim().is_empty(), "{}", row.id);
        }
    }
}

/// Whole articles: no score falls below the floor that `floors.tsv` holds for it.
/// `cargo test --test it corpus -- --nocapture` shows the scores.
#[test]
fn no_score_falls_below_its_floor() {
    let lexicon = Lexicon::embedded();
    let mut scores = Scores::default();
    let rows = rows("articles");
    assert!(rows.len() >= 280, "only {} articles", rows.len());
    for row in &rows {
        let annotated = events(row.events.iter().cloned());
        let read = extract::events(&lexicon, &row.article());
        evidence_lies_in(row, &read);
        scores.add(&annotated, &events(read.events.iter().map(plain)));
    }
    let measured = scores.measured();
    for (name, value) in &measured {
        println!("{name:<12} {value:.4}");
    }
    let floors = fs::read_to_string(folder().join("floors.tsv")).unwrap();
    assert_eq!(below(&floors, &measured), Vec::<String>::new());
}

fn events(values: impl Iterator<Item = Value>) -> Vec<Event> {
    values.map(|v| serde_json::from_value(v).unwrap()).collect()
}

/// What is wrong between the floors and the scores; each needs the other.
fn below(floors: &str, measured: &[(&'static str, f64)]) -> Vec<String> {
    let floors: Vec<(&str, f64)> = floors
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
        .map(|l| l.split_once('\t').unwrap())
        .map(|(name, floor)| (name, floor.parse().unwrap()))
        .collect();
    assert_eq!(floors.len(), measured.len(), "a score without a floor, or the reverse");
    measured
        .iter()
        .map(|(name, value)| {
            let (_, floor) = floors.iter().find(|(n, _)| n == name).expect(name);
            (name, value, floor)
        })
        .filter(|(_, value, floor)| value < floor)
        .map(|(name, value, floor)| format!("{name} is {value:.4}, its floor {floor}"))
        .collect()
}
