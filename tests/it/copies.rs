//! Copies and rewrites against texts that only tell of the same or the like.

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use watchfire::alert::{LATE_AFTER, Rules};
use watchfire::article::Article;
use watchfire::article::print::Print;
use watchfire::assess::{COPY, Incoming, Known, Reach, assess};
use watchfire::extract::event::Reading;
use watchfire::store::{Poll, Recipient, Store};

use crate::store::given::{poll, reading, state};

/// A text about a story: the agency's own, or another's with its relation to it.
#[derive(Deserialize)]
struct Text {
    story: u32,
    kind: String,
    title: String,
    text: String,
}

fn texts() -> Vec<(Text, Print)> {
    let rows = include_str!("../copies/texts.jsonl").lines();
    rows.map(|row| {
        let text: Text = serde_json::from_str(row).unwrap();
        let article =
            Article { title: text.title.clone(), text: text.text.clone(), ..Article::default() };
        let print = Print::of(&article).unwrap();
        (text, print)
    })
    .collect()
}

#[test]
fn copies_rewrites_and_excerpts_are_told_from_what_others_write() {
    let texts = texts();
    let mut wrong = Vec::new();
    for (one, print) in texts.iter().filter(|(text, _)| text.kind == "original") {
        for (other, its) in texts.iter().filter(|(text, _)| text.kind != "original") {
            let wanted = one.story == other.story
                && matches!(other.kind.as_str(), "copy" | "rewrite" | "excerpt");
            let likeness = print.likeness(its);
            if (likeness >= COPY) != wanted {
                wrong.push(format!(
                    "{} to {} {}: {likeness:.2}",
                    one.story, other.story, other.kind
                ));
            }
            let marks: Vec<u64> = print.marks().collect();
            let met = its.marks().any(|mark| marks.contains(&mark));
            if wanted && !met {
                wrong.push(format!("{} and its {} share no mark", one.story, other.kind));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_print_reads_back_and_stays_what_it_is() {
    for (_, print) in texts() {
        assert_eq!(Print::from_bytes(&print.to_bytes()), Some(print));
    }
    let sentence = "seventeen words that nobody will ever change are the ground that every later version stands on here";
    let article = Article { text: sentence.into(), ..Article::default() };
    let marks: Vec<u64> = Print::of(&article).unwrap().marks().take(2).collect();
    assert_eq!(marks, [15042969910163088611, 106499099420744849]);
}

#[test]
fn a_copy_is_known_in_the_next_poll_and_after_a_restart() {
    let at: Timestamp = "2019-01-10T10:00:00Z".parse().unwrap();
    let rows = include_str!("../copies/texts.jsonl").lines();
    let texts: Vec<Text> = rows.map(|row| serde_json::from_str(row).unwrap()).collect();
    let item = |kind: &str, source: &str, hours: i64| {
        let text = texts.iter().find(|text| text.story == 5 && text.kind == kind).unwrap();
        let (title, text) = (text.title.clone(), text.text.clone());
        let article = Article { title, text, source: source.into(), ..Article::default() };
        Incoming::new(article, vec![kind.into()], at + SignedDuration::from_hours(hours))
    };
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let rules = Rules { watches: &[], late_after: LATE_AFTER, names: &|code| code.to_string() };
    let mut memory = Known::default();
    let mut copies = Vec::new();
    for batch in [
        vec![item("original", "Example", 0)],
        vec![item("rewrite", "Other", 1), item("independent", "Other", 1)],
        vec![item("copy", "Fourth", 2)],
    ] {
        let mut store = Store::open(&path, at).unwrap();
        let known = store.known(&batch, batch.iter(), &[Reach::since(date(2018, 1, 1))]).unwrap();
        let read = |_: &Article| reading(10);
        let assessment = assess(read, &rules, &batch, &known, batch[0].fetched);
        assert_eq!(assessment, assess(read, &rules, &batch, &memory, batch[0].fetched));
        memory.record(&batch, &assessment);
        memory.events.sort_by(|a, b| a.id.cmp(&b.id));
        copies.extend(assessment.verdicts.iter().map(|v| v.copy_of().is_some()));
        let state = state();
        let source = batch[0].article.source.as_str();
        let poll = Poll { source, ..poll(&state) };
        store.record(&poll, &batch, &assessment, &[Recipient::of_all("log")], at).unwrap();
    }
    assert_eq!(copies, [false, true, false, true]);
}

#[test]
fn what_tells_of_no_attack_is_nobodys_copy_and_has_none() {
    let at: Timestamp = "2019-01-10T10:00:00Z".parse().unwrap();
    let item = |text: Text| {
        let article = Article { title: text.title, text: text.text, ..Article::default() };
        Incoming::new(article, vec![text.kind], at)
    };
    let alike = |text: &Text| text.story == 5 && text.kind != "independent";
    let batch: Vec<Incoming> =
        texts().into_iter().map(|(text, _)| text).filter(alike).map(item).collect();
    let rules = Rules { watches: &[], late_after: LATE_AFTER, names: &|code| code.to_string() };
    for (told, wanted) in [(Reading::default(), false), (reading(10), true)] {
        let assessment = assess(|_| told.clone(), &rules, &batch, &Known::default(), at);
        let read = || batch.iter().zip(&assessment.verdicts);
        assert_eq!(read().any(|(_, verdict)| verdict.copy_of().is_some()), wanted);
        assert_eq!(read().any(|(item, verdict)| verdict.print(item).is_some()), wanted);
    }
}
