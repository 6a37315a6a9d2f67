//! From the outbox into the alert log, with a crash at each step.

use std::fs;
use std::path::Path;

use watchfire::notify::log::{AlertLog, SINK, Written, line};
use watchfire::store::Store;

use crate::store::given::{alert, now, record_numbered};

/// The steps after which an owner may die.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Step {
    Recorded,
    Written,
    Noted,
}

/// Records an alert and delivers it as far as that step; then the owner is gone.
fn die_after(step: Step, home: &Path) {
    let mut store = Store::open(&home.join("w.db"), now()).unwrap();
    record_numbered(&mut store, 1).unwrap();
    if step >= Step::Written {
        AlertLog::open(&home.join("a.jsonl")).unwrap().write(&alert("x1", "e1").into()).unwrap();
    }
    if step >= Step::Noted {
        store.sent("x1", SINK, now()).unwrap();
    }
}

#[test]
fn an_alert_has_one_line_wherever_its_owner_died() {
    for (step, written) in [
        (Step::Recorded, vec![Written::Now]),
        (Step::Written, vec![Written::Before]),
        (Step::Noted, vec![]),
    ] {
        let home = tempfile::tempdir().unwrap();
        die_after(step, home.path());
        let mut store = Store::open(&home.path().join("w.db"), now()).unwrap();
        let mut log = AlertLog::open(&home.path().join("a.jsonl")).unwrap();
        let mut done = Vec::new();
        for dispatch in store.due(SINK, now(), 9).unwrap() {
            done.push(log.write(&dispatch.message).unwrap());
            store.sent(dispatch.message.id(), SINK, now()).unwrap();
        }
        assert_eq!(done, written);
        let told = fs::read_to_string(home.path().join("a.jsonl")).unwrap();
        assert_eq!(told, line(&alert("x1", "e1").into()));
        assert_eq!(store.due(SINK, now(), 9).unwrap(), []);
    }
}
