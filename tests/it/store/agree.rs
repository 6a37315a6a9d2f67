//! The store against a memory that never forgets: assessing with either comes to
//! the same.

use jiff::SignedDuration;
use jiff::civil::date;
use watchfire::alert::hold::Patience;
use watchfire::alert::rule::{Counts, Level, Metric, Severity, Watch};
use watchfire::alert::{LATE_AFTER, Rules};
use watchfire::article::Article;
use watchfire::assess::{Assessment, Incoming, Known, Reach, assess};
use watchfire::extract::event::Reading;
use watchfire::store::{Poll, Recipient, Store};

use super::given::{incoming, now, poll, report, state};

/// An article whose text says what it reports: "AF-KDZ 10", one event a line.
fn told(id: &str, source: &str, key: &str, says: &str) -> Incoming {
    let mut incoming = incoming(id, source, &[key]);
    incoming.article.title = format!("{id} tells");
    incoming.article.text = says.into();
    incoming
}

fn read(article: &Article) -> Reading {
    let report = |line: &str| {
        let (place, killed) = line.split_once(' ').unwrap();
        report(place, killed.parse().unwrap())
    };
    Reading { events: article.text.lines().map(report).collect(), ..Reading::default() }
}

fn decided(batch: &[Incoming], known: &Known, hours: i64) -> Assessment {
    let levels =
        [(Severity::Warning, 5), (Severity::Critical, 20)].map(|(severity, people)| Level {
            severity,
            metric: Metric::Killed,
            threshold: people.try_into().unwrap(),
            within: None,
        });
    let watches = ["AF".parse().unwrap()].map(|country| Watch {
        name: "all".into(),
        places: vec![country],
        levels: levels.to_vec(),
        counts: Counts::default(),
        patience: Patience::default(),
    });
    let names = |code: watchfire::lexicon::PlaceCode| code.to_string();
    let rules = Rules { watches: &watches, late_after: LATE_AFTER, names: &names };
    assess(read, &rules, batch, known, now() + SignedDuration::from_hours(hours))
}

#[test]
fn assessing_over_the_store_comes_to_the_same_as_over_all_that_ever_was() {
    // Each poll by a new owner: nothing is kept but what was recorded. Then one owner for
    // all, who remembers events and records two polls together.
    for is_one_owner in [false, true] {
        compare(is_one_owner);
    }
}

fn compare(is_one_owner: bool) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut memory = Known::default();
    let mut store = Store::open(&path, now()).unwrap();
    for (hours, batch) in [
        vec![told("a1", "Example", "k1", "AF-KDZ 10")],
        vec![told("b1", "Other", "k1", "AF-BDG 6")],
        // The same again, from another mirror too.
        vec![told("a1", "Example", "k1", "AF-KDZ 10"), told("a1", "Example", "k9", "AF-KDZ 10")],
        // A copy elsewhere and a second report; an article with two events.
        vec![told("a1", "Third", "k3", "AF-KDZ 10"), told("c1", "Third", "k4", "AF-KDZ 12")],
        vec![told("d1", "Fourth", "k1", "AF-TAK 3\nAF-BGL 30")],
        // Updates, up and down; an old version from a stale mirror; a text taken back.
        vec![told("a2", "Example", "k1", "AF-KDZ 22")],
        vec![told("b2", "Other", "k1", "AF-BDG 2")],
        vec![told("a1", "Example", "k1", "AF-KDZ 10")],
        vec![told("d2", "Fourth", "k1", "AF-TAK 3")],
        vec![],
    ]
    .iter()
    .enumerate()
    {
        if !is_one_owner {
            drop(store);
            store = Store::open(&path, now()).unwrap();
        } else if hours % 2 == 0 {
            store.begin().unwrap();
        }
        let known = store.known(batch, [].iter(), &[Reach::since(date(2026, 1, 1))]).unwrap();
        let wanted = decided(batch, &memory, hours as i64);
        let assessment = decided(batch, &known, hours as i64);
        assert_eq!(assessment, wanted, "batch {hours}");
        let state = state();
        let source = batch.first().map_or("Example", |item| item.article.source.as_str());
        let poll = Poll { source, ..poll(&state) };
        store.record(&poll, batch, &assessment, &[Recipient::of_all("log")], now()).unwrap();
        memory.record(batch, &wanted);
        memory.events.sort_by(|a, b| a.id.cmp(&b.id));

        let events = store.events_since(date(2026, 1, 1)).unwrap();
        assert_eq!(events, memory.events, "batch {hours}");
        let ids: Vec<_> = events.iter().map(|event| event.id.clone()).collect();
        assert_eq!(store.alerts_of(&ids).unwrap(), memory.alerts, "batch {hours}");
        if is_one_owner && hours % 2 == 1 {
            store.end(Ok(())).unwrap();
        }
    }
    assert!(memory.alerts.len() >= 3, "{:?}", memory.alerts);
}
