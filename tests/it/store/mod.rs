//! The store as its owner meets it: opened, written, killed, opened again.

mod agree;
mod alarms;
mod crash;
pub mod given;
mod holds;
mod schema;

use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;
use std::time::Duration;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use watchfire::alert::rule::{Alert, Quiet, Silence, Window};
use watchfire::article::Article;
use watchfire::article::print::Print;
use watchfire::assess::{Alias, Assessment, Incoming, Known, Reach, Rejection, Verdict};
use watchfire::correlate::event::{Event, EventId, Part, What};
use watchfire::feed::{Asks, Dialect, Feed, Form, Reason, Rejected, Stage};
use watchfire::source::Source;
use watchfire::source::state::{Cause, Health};
use watchfire::store::{self, Error, Poll, Refusal, Store};

use given::{
    FEED, LOG, alert, changed, due, event, id, incoming, new, now, poll, reading, record_numbered,
    record_one, shown, state,
};

#[test]
fn what_was_recorded_is_there_after_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    record_one(&mut Store::open(&path, now()).unwrap()).unwrap();

    let store = Store::open(&path, now()).unwrap();
    assert_eq!(store.events_since(date(2026, 11, 20)).unwrap(), [event("e1", 1, &["a1"], 10)]);
    assert_eq!(store.alerts_of(&[EventId("e1".into())]).unwrap(), [alert("x1", "e1")]);
    let due = store.due("log", now(), 9).unwrap();
    assert_eq!(due[0].message, alert("x1", "e1").into());
    assert_eq!(due[0].event, Some(event("e1", 1, &["a1"], 10)));
    assert_eq!(store.source_states().unwrap(), [("Example".to_owned(), state())].into());
}

#[test]
fn an_article_is_met_by_its_text_everywhere_and_by_its_names_in_its_source() {
    let mut store = Store::in_memory().unwrap();
    let first = [incoming("a1", "Example", &["guid-1"])];
    assert_eq!(
        store.known(&first, [].iter(), &[Reach::since(date(2026, 11, 1))]).unwrap(),
        Known::default()
    );
    record_one(&mut store).unwrap();
    for (article, source, keys, met, aliases, events) in [
        ("a1", "Example", &["guid-1"][..], 1, 1, 0),
        ("a1", "Other", &["guid-9"], 1, 0, 0),
        ("a2", "Example", &["new name", "path-1"], 1, 1, 1),
        ("a2", "Other", &["guid-1"], 0, 0, 0),
        ("a2", "Example", &[], 0, 0, 0),
    ] {
        let known = store
            .known(
                &[incoming(article, source, keys)],
                [].iter(),
                &[Reach::since(date(2026, 12, 1))],
            )
            .unwrap();
        let told = (known.articles.len(), known.aliases.len(), known.events.len());
        assert_eq!(told, (met, aliases, events), "{article} {source} {keys:?}");
        assert_eq!(known.alerts.len(), events, "{article} {source} {keys:?}");
    }
    let new = [incoming("a2", "Other", &[]), incoming("a1", "Example", &[])];
    assert_eq!(
        store.known(&new, [].iter(), &[Reach::since(date(2026, 11, 1))]).unwrap().events.len(),
        1
    );
}

#[test]
fn a_changed_article_takes_over_its_names_and_keeps_the_old_text() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    record_one(&mut store).unwrap();
    let batch = [incoming("a2", "Example", &["guid-1"])];
    let replaced = What::Changed(vec![Part::Replaced { article: id("a1") }]);
    let assessment = Assessment {
        verdicts: vec![Verdict::Updated {
            article: id("a2"),
            of: id("a1"),
            story: id("a1"),
            copy_of: None,
            reading: reading(12),
        }],
        events: vec![changed(event("e1", 2, &["a2"], 12), replaced)],
        ..Assessment::default()
    };
    store.record(&poll(&state()), &batch, &assessment, &[LOG], now()).unwrap();

    let known = store
        .known(
            &[incoming("a3", "Example", &["guid-1"])],
            [].iter(),
            &[Reach::since(date(2026, 12, 1))],
        )
        .unwrap();
    let alias = Alias { source: "Example".into(), key: "guid-1".into() };
    assert_eq!(known.aliases[&alias], id("a2"));
    assert_eq!(known.articles[&id("a2")].story, id("a1"));
    assert_eq!(known.events, [event("e1", 2, &["a2"], 12)]);
    for (query, told) in [
        ("SELECT id, story, updates FROM v_articles ORDER BY id", "a1|a1|\na2|a1|a1"),
        (
            "SELECT revision, what FROM event_history ORDER BY revision",
            "1|\"new\"\n2|{\"changed\":[{\"replaced\":{\"article\":\"a1\"}}]}",
        ),
        ("SELECT article, event FROM reports", "a1|\na2|e1"),
    ] {
        assert_eq!(shown(&path, query), told);
    }
}

#[test]
fn what_is_told_late_is_what_was_decided() {
    let mut store = Store::in_memory().unwrap();
    record_one(&mut store).unwrap();
    let later = now() + Duration::from_secs(3600);
    let grown = Event { last_changed: later, ..event("e1", 2, &["a1"], 30) };
    let assessment =
        Assessment { events: vec![changed(grown, What::Changed(vec![]))], ..Assessment::default() };
    let state = state();
    store.record(&poll(&state), &[], &assessment, &[LOG], later).unwrap();
    let due = store.due("log", later, 9).unwrap();
    let told = due[0].event.as_ref().unwrap();
    assert_eq!(told.tolls, event("e1", 1, &["a1"], 10).tolls);
    assert_eq!(told.sightings.len(), 1, "with the reports that there are");
}

#[test]
fn what_a_sum_needs_is_recalled_and_no_more() {
    let mut store = Store::in_memory().unwrap();
    record_one(&mut store).unwrap();
    let of = |country: &str| Some((7, BTreeSet::from([country.parse().unwrap()])));
    let day = Duration::from_secs(86_400);
    // The event is of the 22nd, the alert of the 23rd.
    for (days, at, ledger, alerts) in [
        (None, now(), 0, 1),
        (None, now() + day, 0, 0),
        (of("AF"), now() + day, 1, 0),
        (of("PK"), now() + day, 0, 0),
        (of("AF"), now() + day * 8, 1, 0),
        (of("AF"), now() + day * 9, 0, 0),
    ] {
        let mut known = Known::default();
        store.recall(&mut known, days.clone(), at).unwrap();
        assert_eq!((known.ledger.len(), known.alerts.len()), (ledger, alerts), "{days:?} {at}");
    }
    // A sum is recalled as long as its days.
    let (first, last) = (date(2026, 11, 17), date(2026, 11, 23));
    let sum = Alert {
        window: Some(Window { first, last, place: None }),
        events: vec![EventId("e1".into())],
        ..alert("w1", "e1")
    };
    let assessment = Assessment { alerts: vec![sum], ..Assessment::default() };
    let state = state();
    store.record(&poll(&state), &[], &assessment, &[LOG], now()).unwrap();
    for (days, after, alerts) in [(of("AF"), 8, 1), (of("AF"), 10, 0), (None, 8, 0)] {
        let mut known = Known::default();
        store.recall(&mut known, days, now() + day * after).unwrap();
        assert_eq!(known.alerts.len(), alerts, "{after} days after");
    }
}

fn no_room(next_try: Timestamp) -> Refusal<'static> {
    Refusal::Until { next_try, error: "no room" }
}

#[test]
fn an_alert_is_recorded_once_and_leaves_the_outbox_once_it_is_sent() {
    let mut store = Store::in_memory().unwrap();
    record_one(&mut store).unwrap();
    record_one(&mut store).unwrap();
    assert_eq!(due(&store, "log", now()).len(), 1);

    let later = now() + Duration::from_secs(60);
    store.refused("x1", "log", &no_room(later), now()).unwrap();
    assert_eq!(due(&store, "log", now()), [""; 0]);
    assert_eq!(store.next_due("log").unwrap(), Some(later));
    assert_eq!(due(&store, "log", later).len(), 1);

    store.sent("x1", "log", later).unwrap();
    assert_eq!(due(&store, "log", later), [""; 0]);
    assert_eq!(store.next_due("log").unwrap(), None);
    record_one(&mut store).unwrap();
    assert_eq!(due(&store, "log", later), [""; 0]);
}

#[test]
fn what_waits_is_due_at_once_after_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    record_one(&mut store).unwrap();
    let far = now() + Duration::from_secs(1 << 30);
    store.refused("x1", "log", &no_room(far), now()).unwrap();
    drop(store);
    assert_eq!(due(&Store::open(&path, now()).unwrap(), "log", now()).len(), 1);
}

#[test]
fn a_poll_that_cannot_be_recorded_leaves_no_trace() {
    let mut store = Store::in_memory().unwrap();
    let assessment = Assessment {
        verdicts: vec![new("a1", 10)],
        events: vec![changed(event("e1", 1, &["never stored"], 10), What::New)],
        ..Assessment::default()
    };
    let batch = [incoming("a1", "Example", &["guid-1"])];
    let error = store.record(&poll(&state()), &batch, &assessment, &[LOG], now()).unwrap_err();
    assert!(matches!(error, Error::Statement { .. }), "{error}");
    assert!(store.source_states().unwrap().is_empty());
    assert_eq!(
        store.known(&batch, [].iter(), &[Reach::since(date(2026, 1, 1))]).unwrap(),
        Known::default()
    );
    record_one(&mut store).unwrap();
}

#[test]
fn polls_recorded_together_are_on_disk_together_or_not_at_all() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    let on_disk = || Store::read_only(&path).unwrap().counts().unwrap().alerts;
    store.begin().unwrap();
    for n in [1, 2] {
        record_numbered(&mut store, n).unwrap();
        assert_eq!((store.counts().unwrap().alerts, on_disk()), (n, 0), "seen by the owner alone");
    }
    store.end(Ok(())).unwrap();
    assert_eq!(on_disk(), 2);

    let events = |store: &Store| store.events_since(date(2026, 11, 1)).unwrap().len();
    store.begin().unwrap();
    record_numbered(&mut store, 3).unwrap();
    assert_eq!(events(&store), 3);
    let broken = Assessment {
        verdicts: vec![new("a4", 10)],
        events: vec![changed(event("e4", 1, &["never stored"], 10), What::New)],
        ..Assessment::default()
    };
    let batch = [incoming("a4", "Example", &["guid-4"])];
    let outcome = store.record(&poll(&state()), &batch, &broken, &[LOG], now());
    assert!(matches!(store.end(outcome), Err(Error::Statement { .. })));
    assert_eq!((on_disk(), events(&store)), (2, 2), "nothing of either");
    record_numbered(&mut store, 3).unwrap();
    assert_eq!((on_disk(), events(&store)), (3, 3));
}

#[test]
fn an_event_that_was_asked_for_before_is_told_as_it_stands_now() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    record_one(&mut store).unwrap();
    let events = |store: &Store| store.events_since(date(2026, 11, 1)).unwrap();
    let before = events(&store);
    assert_eq!(before, [event("e1", 1, &["a1"], 10)]);
    // Somebody else's change, and one of the owner's.
    let later = |n: u32| now() + SignedDuration::from_secs(i64::from(n));
    for n in 2..5 {
        let kept: &[&str] = if n % 2 == 0 { &[] } else { &["a1"] };
        let after = Event { last_changed: later(n), ..event("e1", n, kept, 10 + n) };
        let change = changed(after.clone(), What::Changed(Vec::new()));
        let assessment = Assessment { events: vec![change], ..Assessment::default() };
        let mut other;
        let writer = match n {
            3 => &mut store,
            _ => {
                other = Store::beside(&path).unwrap();
                &mut other
            }
        };
        writer.record(&poll(&state()), &[], &assessment, &[LOG], now()).unwrap();
        assert_eq!(events(&store), [after], "revision {n}");
    }
}

#[test]
fn what_a_feed_shows_first_may_rest_on_what_it_shows_last() {
    let mut store = Store::in_memory().unwrap();
    let out = |minutes: i64, article: &str, key: &str| {
        let mut item = incoming(article, "Example", &[key]);
        item.article.published = Some(now() - SignedDuration::from_mins(minutes));
        item
    };
    // The newest first: a version of the last, a copy of it, the same words as it.
    let batch = [
        out(1, "a3", "guid-1"),
        out(2, "a2", "guid-2"),
        out(3, "a1", "guid-3"),
        out(4, "a1", "guid-4"),
    ];
    let read = |article: &str| match new(article, 10) {
        Verdict::New { article, reading, .. } => (article, reading),
        other => unreachable!("{other:?}"),
    };
    let ((updated, again), (copy, copied)) = (read("a3"), read("a2"));
    let assessment = Assessment {
        verdicts: vec![
            Verdict::Updated {
                article: updated,
                of: id("a1"),
                story: id("a1"),
                copy_of: None,
                reading: again,
            },
            Verdict::New { article: copy, copy_of: Some(id("a1")), reading: copied },
            Verdict::Duplicate { of: id("a1") },
            new("a1", 10),
        ],
        ..Assessment::default()
    };
    store.record(&poll(&state()), &batch, &assessment, &[LOG], now()).unwrap();
    assert_eq!(store.counts().unwrap().articles, 3);
}

#[test]
fn every_item_is_accounted_for() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    record_one(&mut store).unwrap();
    let batch = [
        incoming("a1", "Example", &["guid-1", "path-1", "new name"]),
        incoming("a1", "Example", &["guid-2"]),
        incoming("a0", "Example", &["guid-3"]),
    ];
    let assessment = Assessment {
        verdicts: vec![
            Verdict::Duplicate { of: id("a1") },
            Verdict::Duplicate { of: id("a1") },
            Verdict::Rejected { reason: Rejection::Empty },
        ],
        ..Assessment::default()
    };
    let feed = Feed {
        form: Form::Rss,
        dialect: Dialect::Rss20,
        title: None,
        items: Vec::new(),
        rejected: vec![Rejected { index: 3, reason: Reason::Empty }],
        over_cap: 2,
        seen: 6,
        stage: Stage::Repaired,
        encoding: "UTF-8",
        asks: Asks::default(),
        panics: 2,
    };
    let state = state();
    let poll = Poll { feed: Some(&feed), ..poll(&state) };
    store.record(&poll, &batch, &assessment, &[LOG], now()).unwrap();
    store.record(&poll, &batch, &assessment, &[LOG], now()).unwrap();
    assert_eq!(
        shown(&path, "SELECT fate, reason, count(*) FROM items GROUP BY 1, 2 ORDER BY 1, 2"),
        "duplicate||1\nrejected|empty|1\nstored||1"
    );
    assert_eq!(
        shown(
            &path,
            "SELECT seen, stored, duplicate, rejected, over_cap, stage, panics, rejects FROM polls
              ORDER BY id LIMIT 2"
        ),
        "1|1|0|0|0||0|\n6|0|2|2|2|repaired|2|[{\"index\":3,\"reason\":\"empty\"}]"
    );
    let known = store
        .known(
            &[incoming("b", "Example", &["new name"])],
            [].iter(),
            &[Reach::since(date(2026, 1, 1))],
        )
        .unwrap();
    assert_eq!(known.aliases.len(), 1);
}

#[test]
fn why_an_event_is_quiet_is_told_until_it_alerts() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    let quiet =
        |reason| Quiet { event_id: EventId("e1".into()), watch: Some("north".into()), reason };
    for reason in [Silence::Unwatched, Silence::BelowLevels] {
        let assessment = Assessment {
            verdicts: vec![new("a1", 10)],
            events: vec![changed(event("e1", 1, &["a1"], 10), What::New)],
            quiet: vec![quiet(reason)],
            ..Assessment::default()
        };
        let batch = [incoming("a1", "Example", &["guid-1"])];
        store.record(&poll(&state()), &batch, &assessment, &[LOG], now()).unwrap();
    }
    assert_eq!(shown(&path, "SELECT quiet FROM v_events"), "below_levels");
    record_one(&mut store).unwrap();
    assert_eq!(shown(&path, "SELECT quiet FROM v_events"), "");
}

#[test]
fn the_views_tell_it_all() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    let mut source = Source::new("Example", FEED, &["news2.example"]).unwrap();
    source.country = Some("AF".parse().unwrap());
    store.configure(&[source], now()).unwrap();
    record_one(&mut store).unwrap();
    for (query, told) in [
        (
            "SELECT id, day, places, kind, perpetrator, killed_low, killed_best, killed_high,
                    wounded_best, militants_killed, reports, independent, status, headline
               FROM v_events",
            "e1|2026-11-22|AF-KDZ|armed_assault|gunmen|11|11||11|25|1|1|current|Post stormed in Kunduz",
        ),
        (
            "SELECT id, type, level, watch, metric, value_low, value_high, event_id, delivered
               FROM v_alerts",
            "x1|alert|warning|north|killed|11||e1|",
        ),
        (
            "SELECT id, source, language, reports, events, seen_at FROM v_articles",
            "a1|Example|eng|1|e1|Example",
        ),
        (
            "SELECT source, status, country, error_streak, mirror, mirror_last_good FROM v_sources",
            "Example|up|AF|0|https://news.example/rss.xml|2026-11-23T06:00:00.000Z\n\
             Example|up|AF|0|https://news2.example/rss.xml|",
        ),
    ] {
        assert_eq!(shown(&path, query), told);
    }
    store.configure(&[], now()).unwrap();
    assert_eq!(shown(&path, "SELECT * FROM v_sources"), "");
}

#[test]
fn a_failing_source_shows_why_and_its_polls_are_bounded() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    store.configure(&[Source::new("Example", FEED, &[]).unwrap()], now()).unwrap();
    let nothing = Assessment::default();
    store.record(&poll(&state()), &[], &nothing, &[], now()).unwrap();
    let mut state = state();
    for streak in 1..=400 {
        state.streak = streak;
        let mirror = state.mirrors.values_mut().next().unwrap();
        mirror.last_fault = Some("no headers in 10 s".into());
        mirror.health =
            Health::Down { since: now(), failures: streak, cause: Cause::Timeout, retry_at: now() };
        let mut poll = poll(&state);
        poll.message = Some("no headers in 10 s");
        poll.outcome = store::Outcome::Failed(Cause::Timeout);
        store.record(&poll, &[], &nothing, &[], now()).unwrap();
    }
    for (query, told) in [
        (
            "SELECT status, error_class, error_streak, last_good FROM v_sources",
            "failing|timeout|400|2026-11-23T06:00:00.000Z",
        ),
        (
            "SELECT mirror_status, mirror_error_class, mirror_error, mirror_error_streak
               FROM v_sources",
            "down|timeout|no headers in 10 s|400",
        ),
        ("SELECT etag FROM mirrors", "W/\"1\""),
        ("SELECT class, count(*) FROM polls GROUP BY class ORDER BY class", "ok|1\ntimeout|289"),
    ] {
        assert_eq!(shown(&path, query), told);
    }
}

#[test]
fn a_store_that_cannot_be_used_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    fs::write(at("text.db"), "a letter to the editor, long enough").unwrap();
    fs::create_dir(at("directory.db")).unwrap();
    Connection::open(at("foreign.db")).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    drop(Store::open(&at("newer.db"), now()).unwrap());
    let newer = Connection::open(at("newer.db")).unwrap();
    newer.pragma_update(None, "user_version", store::VERSION + 1).unwrap();
    drop(newer);
    for (name, says) in [
        ("missing/w.db", "create it"),
        ("text.db", "not an SQLite database"),
        ("directory.db", "cannot be opened"),
        ("foreign.db", "of another program"),
        ("newer.db", "run the newer watchfire"),
    ] {
        let error = Store::open(&at(name), now()).unwrap_err().to_string();
        assert!(error.contains(says) && error.contains(name.split('/').next().unwrap()), "{error}");
    }
    assert_eq!(fs::read(at("text.db")).unwrap(), b"a letter to the editor, long enough");
    assert!(
        Store::read_only(&at("none.db")).unwrap_err().to_string().contains("there is no store")
    );
}

#[test]
fn a_store_has_one_owner_and_many_readers() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut owner = Store::open(&path, now()).unwrap();
    let error = Store::open(&path, now()).unwrap_err();
    assert!(matches!(error, Error::InUse { pid: Some(_), .. }), "{error}");
    let mut reader = Store::read_only(&path).unwrap();
    record_one(&mut owner).unwrap();
    assert_eq!(reader.events_since(date(2026, 1, 1)).unwrap().len(), 1);
    assert!(matches!(record_one(&mut reader).unwrap_err(), Error::ReadOnly(_)));
    drop(owner);
    Store::open(&path, now()).unwrap();
}

#[test]
fn tidying_leaves_no_log_behind() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    record_one(&mut store).unwrap();
    store.tidy().unwrap();
    assert_eq!(fs::metadata(home.path().join("w.db-wal")).unwrap().len(), 0);
    assert_eq!(store.counts().unwrap().articles, 1);
}

#[test]
fn fingerprints_are_forgotten_with_their_marks_once_they_are_old() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    let words = |first: &str| format!("{first} ").repeat(40);
    let printed = |name: &str, fetched: Timestamp| {
        let text = Article { text: words(name), ..incoming(name, "Example", &[]).article };
        let print = OnceLock::from(Print::of(&text));
        Incoming { fetched, print, ..incoming(name, "Example", &[name]) }
    };
    let batch = [
        printed("old", "2020-01-01T00:00:00Z".parse().unwrap()),
        printed("young", Timestamp::now()),
    ];
    let assessment =
        Assessment { verdicts: vec![new("old", 3), new("young", 3)], ..Assessment::default() };
    store.record(&poll(&state()), &batch, &assessment, &[LOG], now()).unwrap();
    let count = |table: &str| -> i64 {
        let conn = Connection::open(&path).unwrap();
        conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    let (prints, marks) = (count("article_prints"), count("article_marks"));
    assert_eq!(prints, 2);
    store.tidy().unwrap();
    assert_eq!((count("article_prints"), count("article_marks")), (1, marks / 2));
}

#[test]
fn a_damaged_store_is_told_as_one() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    record_one(&mut Store::open(&path, now()).unwrap()).unwrap();
    let whole = fs::read(&path).unwrap();
    let mut damaged = whole.clone();
    damaged[4096 * 3..4096 * 9].fill(0xa5);
    fs::write(&path, &damaged).unwrap();
    let error = Store::open(&path, now()).unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error}");
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let error = Store::open(&path, now()).unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error}");
}
