//! What waits: through quiet hours, or a moment in which more may follow.

use std::time::Duration;

use jiff::Timestamp;
use watchfire::alert::hold::Hold;
use watchfire::alert::rule::{Alert, AlertType, Severity};
use watchfire::assess::Assessment;
use watchfire::store::{Recipient, Store};

use super::given::{alert, due, now, poll, record_one, state};

/// A book hears all, as the log does; the desk may be left in peace.
const SINKS: [Recipient<'_>; 2] =
    [Recipient { hears_all: true, ..Recipient::of_all("book") }, Recipient::of_all("desk")];

/// With the event `e1`.
fn store() -> Store {
    let mut store = Store::in_memory().unwrap();
    record_one(&mut store).unwrap();
    store
}

fn at(minutes: u64) -> Timestamp {
    now() + Duration::from_secs(60 * minutes)
}

/// Records one alert on the matter of `y1`, held for so many minutes from now on.
fn raise(store: &mut Store, alert: Alert, minutes: u64, held: Option<u64>) {
    let hold = held.map(|until| Hold { until: at(until), reason: "held by `north`".into() });
    let held = hold.map(|hold| (alert.id.clone(), hold)).into_iter().collect();
    let assessment = Assessment { alerts: vec![alert], held, ..Assessment::default() };
    let state = state();
    store.record(&poll(&state), &[], &assessment, &SINKS, at(minutes)).unwrap();
}

fn update(id: &str, level: Severity, kind: AlertType) -> Alert {
    Alert { kind, level, references: Some("y1".into()), ..alert(id, "e1") }
}

fn states(store: &Store, message: &str) -> Vec<String> {
    let postings = store.postings(message).unwrap();
    let told = |p: &watchfire::store::Posting| {
        format!("{} {} {}", p.sink, p.state, p.error.as_deref().unwrap_or("-"))
    };
    postings.iter().map(told).collect()
}

#[test]
fn what_is_held_is_told_when_its_time_is_over_and_the_log_waits_for_nobody() {
    let mut store = store();
    raise(&mut store, alert("y1", "e1"), 0, Some(480));
    assert_eq!(due(&store, "book", at(0)), ["y1"]);
    assert_eq!(due(&store, "desk", at(479)), [""; 0]);
    assert_eq!(states(&store, "y1"), ["book waiting -", "desk waiting held by `north`"]);
    assert_eq!(store.undelivered().unwrap().len(), 3);
    assert_eq!(due(&store, "desk", at(480)), ["y1"]);
    store.sent("y1", "desk", at(480)).unwrap();
    assert_eq!(states(&store, "y1")[1], "desk sent -");
}

#[test]
fn what_follows_is_told_in_the_place_of_what_is_held() {
    for (level, kind, held, due_at) in [
        // What is critical passes at once.
        (Severity::Critical, AlertType::Update, None, 10),
        // What may wait as well does so no longer than the first of them.
        (Severity::Warning, AlertType::Update, Some(490), 480),
        (Severity::Warning, AlertType::Cancel, Some(490), 480),
    ] {
        let mut store = store();
        raise(&mut store, alert("y1", "e1"), 0, Some(480));
        raise(&mut store, update("y2", level, kind), 10, held);
        assert_eq!(due(&store, "desk", at(due_at - 1)), [""; 0], "{kind:?}");
        assert_eq!(due(&store, "desk", at(due_at)), ["y2"], "{kind:?}");
        assert_eq!(states(&store, "y1")[1], "desk merged told with y2");
        let told = &store.due("desk", at(due_at), 1).unwrap()[0];
        assert_eq!(told.earlier, [alert("y1", "e1").into()], "what was said before is at hand");
        // The log has each for itself, in order.
        assert_eq!(due(&store, "book", at(10)), ["y1"]);
        store.sent("y1", "book", at(10)).unwrap();
        assert_eq!(due(&store, "book", at(10)), ["y2"]);
        assert!(store.undelivered().unwrap().iter().all(|p| p.state == "waiting"));
    }
}

#[test]
fn what_was_tried_is_held_no_more() {
    let mut store = store();
    raise(&mut store, alert("y1", "e1"), 0, Some(5));
    let next_try = at(60);
    let refusal = watchfire::store::Refusal::Until { next_try, error: "away" };
    store.refused("y1", "desk", &refusal, at(5)).unwrap();
    raise(&mut store, update("y2", Severity::Critical, AlertType::Update), 10, None);
    // It goes on before the one that follows.
    assert_eq!(states(&store, "y1")[1], "desk waiting away");
    assert_eq!(due(&store, "desk", at(60)), ["y1"]);
}

#[test]
fn a_held_message_can_be_sent_at_once() {
    let mut store = store();
    raise(&mut store, alert("y1", "e1"), 0, Some(480));
    assert_eq!(store.resend("y1", &["desk"], at(1)).unwrap(), 1);
    assert_eq!(due(&store, "desk", at(1)), ["y1"]);
}

#[test]
fn a_restart_ends_no_quiet_hours() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    record_one(&mut store).unwrap();
    raise(&mut store, alert("y1", "e1"), 0, Some(480));
    drop(store);
    let store = Store::open(&path, at(1)).unwrap();
    assert_eq!(due(&store, "desk", at(479)), [""; 0]);
    assert_eq!(due(&store, "desk", at(480)), ["y1"]);
}
