//! What is left of a store whose owner was killed, or whose disk lost its power.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use jiff::civil::date;
use watchfire::store::Store;

use super::given::{now, record_numbered, record_one, shown};

/// Where the owner that is to be killed finds its store.
const STORE: &str = "WATCHFIRE_TEST_STORE";

/// How many records of the owner wait for the disk together.
const TOGETHER: u32 = 3;

/// Not a test of its own: the owner that the next test kills. It records without end,
/// one alone and some together in turn, and says each number once it is on disk.
#[test]
fn an_owner_to_be_killed() {
    let Some(path) = std::env::var_os(STORE) else { return };
    let mut store = Store::open(Path::new(&path), now()).unwrap();
    let mut next = store.counts().unwrap().articles + 1;
    loop {
        let group = match next % (1 + TOGETHER) {
            1 => next..=next,
            _ => next..=next + TOGETHER - 1,
        };
        if group.start() == group.end() {
            record_numbered(&mut store, next).unwrap();
        } else {
            store.begin().unwrap();
            let recorded = group.clone().try_for_each(|n| record_numbered(&mut store, n));
            store.end(recorded).unwrap();
        }
        next = group.end() + 1;
        group.for_each(|n| println!("recorded {n}"));
    }
}

/// Starts an owner, kills it once it has said so many numbers, and gives the last
/// one that it said.
fn killed_after(path: &Path, numbers: usize) -> u32 {
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::crash::an_owner_to_be_killed", "--nocapture"])
        .env(STORE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(owner.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.split_once("recorded ")?.1.parse().ok());
    let told: Vec<u32> = said.by_ref().take(numbers).collect();
    owner.kill().unwrap();
    owner.wait().unwrap();
    said.last().unwrap_or(*told.last().expect("the owner records"))
}

#[test]
fn what_was_recorded_outlives_any_kill_and_nothing_is_half_there() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    for round in 1..=12 {
        let said = killed_after(&path, round * 3 % 7 + 1);
        let store = Store::open(&path, now()).unwrap();
        let counts = store.counts().unwrap();
        // What was in flight may have made it to the disk unsaid, and then all of it.
        let unsaid = counts.articles - said;
        assert!(unsaid <= TOGETHER, "{counts:?}, said {said}");
        assert!(counts.articles % (1 + TOGETHER) <= 1, "{counts:?}: half of what was together");
        assert_eq!((counts.events, counts.alerts), (counts.articles, counts.articles));
        assert_eq!(store.due("log", now(), 1_000).unwrap().len() as u32, counts.articles);
        assert_eq!(store.events_since(date(2026, 1, 1)).unwrap().len() as u32, counts.articles);
        drop(store);
        for (query, told) in [
            ("PRAGMA integrity_check", "ok"),
            ("PRAGMA foreign_key_check", ""),
            ("SELECT id FROM events WHERE id NOT IN (SELECT event FROM reports)", ""),
            ("SELECT id FROM articles WHERE id NOT IN (SELECT article FROM items)", ""),
        ] {
            assert_eq!(shown(&path, query), told, "{query}");
        }
    }
}

#[test]
fn a_copy_taken_at_any_moment_is_whole() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    for n in 1..=30 {
        record_numbered(&mut store, n).unwrap();
        let copy = home.path().join(format!("copy-{n}.db"));
        fs::copy(&path, &copy).unwrap();
        let log = fs::read(home.path().join("w.db-wal")).unwrap();
        // A power cut may tear the end of the log, where nothing is promised yet.
        fs::write(home.path().join(format!("copy-{n}.db-wal")), [&log[..], &[7; 999]].concat())
            .unwrap();
        assert_eq!(Store::open(&copy, now()).unwrap().counts().unwrap().articles, n);
    }
}

#[test]
fn a_store_whose_log_was_cut_loses_whole_records_only() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    record_one(&mut store).unwrap();
    record_numbered(&mut store, 2).unwrap();
    let (main, log) = (fs::read(&path).unwrap(), fs::read(home.path().join("w.db-wal")).unwrap());
    for tenth in 0..=10 {
        let copy = home.path().join("copy.db");
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(home.path().join(format!("copy.db{suffix}")));
        }
        fs::write(&copy, &main).unwrap();
        fs::write(home.path().join("copy.db-wal"), &log[..log.len() * tenth / 10]).unwrap();
        let counts = Store::open(&copy, now()).unwrap().counts().unwrap();
        assert_eq!((counts.events, counts.alerts), (counts.articles, counts.articles), "{tenth}");
        drop(fs::remove_file(&copy));
    }
}
