//! Alarms on watchfire's own blindness: kept, told like alerts, over once.

use jiff::{SignedDuration, Timestamp};
use watchfire::alert::blind::{AlarmType, Blindness, Subject, decide};
use watchfire::alert::message::Message;
use watchfire::store::{Recipient, Store};

use super::given::{due, now, shown};

/// One look of the daemon's.
fn look(store: &mut Store, blind: &[Blindness], at: Timestamp) -> usize {
    let open = store.open_alarms().unwrap();
    let told = |subject: &Subject| store.alarms_on(subject).unwrap();
    let (alarms, still) = decide(blind, &open, &told, at);
    store.record_alarms(&alarms, &still, &[Recipient::of_all("log")], at).unwrap();
    alarms.len()
}

#[test]
fn a_blindness_is_told_once_over_restarts_and_once_when_it_is_over() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let disk =
        [Blindness { subject: Subject::Disk, since: now(), cause: "10 MiB are left".into() }];
    let minute = |n: i64| now() + SignedDuration::from_mins(n);
    let mut told = Vec::new();
    for (at, blind) in
        [(0, &disk[..]), (1, &disk), (2, &[]), (11, &[]), (12, &[]), (13, &[]), (90, &disk)]
    {
        // Each look is one of a daemon that was started anew.
        let mut store = Store::open(&path, minute(at)).unwrap();
        for _ in 0..look(&mut store, blind, minute(at)) {
            told.push(at);
        }
    }
    assert_eq!(told, [0, 12, 90]);
    let store = Store::open(&path, minute(91)).unwrap();
    let waiting = store.due("log", minute(91), 9).unwrap();
    // The end waits for the beginning: one matter is told in order.
    assert_eq!(due(&store, "log", minute(91)).len(), 2);
    let Message::Blind(first) = &waiting[0].message else { panic!("{waiting:?}") };
    assert_eq!((first.kind, &first.subject), (AlarmType::Blind, &Subject::Disk));
    assert_eq!(first.headline, "Watchfire is blind: the disk is nearly full");
    let types = shown(&path, "SELECT type, subject, updates IS NULL FROM alarms ORDER BY seq");
    assert_eq!(types, "blind|disk|1\nblind_over|disk|0\nblind|disk|1");
}
