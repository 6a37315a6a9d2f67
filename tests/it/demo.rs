//! The demo keeps its promises on any day and needs nothing but this machine.

use crate::support::answered;

#[test]
fn the_demo_does_the_whole_job() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().to_str().unwrap();
    let (code, out, faults) = answered(&["demo", "--dir", directory]);
    assert_eq!(code, 0, "{out}\n{faults}");
    assert!(!out.contains("NOT SO"), "{out}");
    assert!(
        out.contains("the same article as Hindu Kush Herald's")
            || out.contains("the same article as Kabul Courier's"),
        "{out}"
    );
    assert!(home.path().join("demo.db").exists() && home.path().join("alerts.jsonl").exists());
    // Once more in the same place: it begins anew.
    assert_eq!(answered(&["demo", "--dir", directory]).0, 0);
}
