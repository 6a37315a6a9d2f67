//! Stores of older versions, and of newer ones.

use std::fs;
use std::path::Path;

use jiff::civil::date;
use rusqlite::Connection;
use watchfire::store::{Store, VERSION};

use super::given::{event, now, record_numbered, record_one, shown};

/// A store as each version left it, with one poll recorded.
const DUMPS: &[(i64, &str)] = &[(1, include_str!("../../schema/1.sql"))];

const OBJECTS: &str = "SELECT count(*) FROM sqlite_schema";

const SCHEMA: &str =
    "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name";

fn restored(path: &Path, dump: &str) {
    Connection::open(path).unwrap().execute_batch(dump).unwrap();
}

#[test]
fn a_store_of_any_version_becomes_one_of_this() {
    let home = tempfile::tempdir().unwrap();
    let fresh = home.path().join("fresh.db");
    drop(Store::open(&fresh, now()).unwrap());
    assert_eq!(shown(&fresh, "PRAGMA user_version"), VERSION.to_string());
    for (version, dump) in DUMPS {
        let path = home.path().join(format!("{version}.db"));
        restored(&path, dump);
        assert_eq!(shown(&path, "PRAGMA user_version"), version.to_string());
        let mut store = Store::open(&path, now()).unwrap();
        for (made, wanted) in shown(&path, SCHEMA).lines().zip(shown(&fresh, SCHEMA).lines()) {
            assert_eq!(made, wanted, "from {version}");
        }
        assert_eq!(shown(&path, OBJECTS), shown(&fresh, OBJECTS), "from {version}");
        assert_eq!(store.events_since(date(2026, 11, 1)).unwrap(), [event("e1", 1, &["a1"], 10)]);
        assert_eq!(shown(&path, "SELECT id, events FROM v_articles"), "a1|e1");
        record_numbered(&mut store, 2).unwrap();
        assert_eq!(shown(&path, "SELECT count(*) FROM v_alerts"), "2");
        assert_eq!(shown(&path, "PRAGMA foreign_key_check"), "");
    }
}

#[test]
fn the_items_that_an_older_store_knows_are_known_on() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    restored(&path, DUMPS[0].1);
    let list = "UPDATE sources SET state = json_set(state, '$.history.keys',
                    json_array('guid:1', 'guid:2' || char(10) || 'of two lines'))";
    Connection::open(&path).unwrap().execute(list, []).unwrap();
    let store = Store::open(&path, now()).unwrap();
    let history = &store.source_states().unwrap()["Example"].history;
    let keys = ["guid:1", "guid:2\nof two lines", "guid:3"].map(|key| vec![key.to_owned()]);
    assert_eq!(history.met(&keys).collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn an_empty_file_becomes_a_store() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    fs::write(&path, "").unwrap();
    record_one(&mut Store::open(&path, now()).unwrap()).unwrap();
    assert_eq!(shown(&path, "SELECT id FROM v_events"), "e1");
}

#[test]
fn a_store_of_a_newer_version_is_left_as_it_is() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    drop(Store::open(&path, now()).unwrap());
    let newer = Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", VERSION + 1).unwrap();
    newer.execute_batch("CREATE TABLE later (a); PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(newer);
    let before = fs::read(&path).unwrap();
    for error in [Store::open(&path, now()).unwrap_err(), Store::read_only(&path).unwrap_err()] {
        let told = format!("of version {}, newer than the {VERSION}", VERSION + 1);
        assert!(error.to_string().contains(&told), "{error}");
    }
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn every_table_is_strict_and_a_commit_waits_for_the_disk() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let _store = Store::open(&path, now()).unwrap();
    let loose = "SELECT name FROM pragma_table_list
                  WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'";
    assert_eq!(shown(&path, loose), "");
    assert_eq!(shown(&path, "PRAGMA journal_mode"), "wal");
    assert_eq!(shown(&path, "PRAGMA application_id"), "2003200370");
}
