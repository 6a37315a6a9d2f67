//! The alert log: one JSON object a line, on disk before `write` returns, for
//! people with `tail` and for programs. It is a copy; the store is the record, and
//! whatever the outbox still holds after a crash is written again, once.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::alert::message::Message;

/// The name of this channel in the outbox.
pub const SINK: &str = "log";

/// The version of the line; it grows when a field changes its meaning or goes.
pub const SCHEMA: u32 = 1;

/// How much of the end of the log is searched for alerts that are there already:
/// some thousand lines, and a crash leaves one in doubt.
const TAIL: u64 = 1 << 20;

/// Every line of ours begins so.
const LINE_START: &str = "{\"schema\":";

/// Why the log did not take an alert; every text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "the directory `{}` for the alert log does not exist; create it for the user that runs watchfire, or set `log` under [alerts]", .0.display()
    )]
    NoDirectory(PathBuf),
    #[error(
        "the alert log `{}` cannot be opened; see that the user who runs watchfire may write to it and its directory", path.display()
    )]
    Unreachable { path: PathBuf, source: io::Error },
    #[error("the alert log `{}` is not a regular file; set `log` under [alerts] to one", .0.display())]
    NotAFile(PathBuf),
    #[error(
        "the alert log `{}` did not take a line; free some space on its disk, or check it: the alert is kept and written later", path.display()
    )]
    Unwritten { path: PathBuf, source: io::Error },
}

/// Whether a line had to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    Now,
    /// The end of the log has a line of that id: the crash came after it was written
    /// and before that was noted.
    Before,
}

/// An open alert log.
#[derive(Debug)]
pub struct AlertLog {
    path: PathBuf,
    file: File,
    /// Ids of the lines at its end.
    ids: HashSet<String>,
    /// Whether the last write failed and may have left a part of a line.
    is_torn: bool,
}

impl AlertLog {
    /// Opens the log, creates it if it is not there, and mends a last line that a
    /// crash cut short.
    pub fn open(path: &Path) -> Result<AlertLog, Error> {
        let mut file = open(path)?;
        let unreachable = |source| Error::Unreachable { path: path.to_owned(), source };
        let ids = mend(&mut file).map_err(unreachable)?;
        Ok(AlertLog { path: path.to_owned(), file, ids, is_torn: false })
    }

    /// Opens the file of that name anew: after a rotation it is another one.
    pub fn reopen(&mut self) -> Result<(), Error> {
        let AlertLog { ids, .. } = std::mem::replace(self, AlertLog::open(&self.path)?);
        self.ids.extend(ids);
        Ok(())
    }

    /// Writes the alert as a line and waits until it is on disk, unless the line is
    /// there already.
    pub fn write(&mut self, message: &Message) -> Result<Written, Error> {
        if self.ids.contains(message.id()) {
            return Ok(Written::Before);
        }
        if self.file.metadata().is_ok_and(|file| file.nlink() == 0) {
            // Deleted under us: what is written there nobody would read.
            self.reopen()?;
        }
        self.append(message).map_err(|source| {
            self.is_torn = true;
            Error::Unwritten { path: self.path.clone(), source }
        })
    }

    fn append(&mut self, message: &Message) -> io::Result<Written> {
        if self.is_torn {
            // The line may be there whole: only the word that it is on disk failed.
            self.ids.extend(mend(&mut self.file)?);
            self.is_torn = false;
            if self.ids.contains(message.id()) {
                return Ok(Written::Before);
            }
        }
        self.file.write_all(line(message).as_bytes())?;
        self.file.sync_data()?;
        self.ids.insert(message.id().to_owned());
        Ok(Written::Now)
    }
}

/// What a line holds.
#[derive(Serialize)]
struct Line<'a> {
    schema: u32,
    #[serde(flatten)]
    message: &'a Message,
}

/// The fields of a line, for whoever sends them elsewhere.
pub fn value(message: &Message) -> serde_json::Value {
    serde_json::to_value(Line { schema: SCHEMA, message })
        .expect("a message has only string keys and no failing serialiser")
}

/// The line of a message, with its newline. Besides what JSON must escape, so is
/// every character that could move a cursor, end a line or turn the reading
/// direction where the log is looked at.
pub fn line(message: &Message) -> String {
    let plain = serde_json::to_string(&Line { schema: SCHEMA, message })
        .expect("a message has only string keys and no failing serialiser");
    let mut line = String::with_capacity(plain.len() + 1);
    for c in plain.chars() {
        match c {
            c if is_unsafe(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    line.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => line.push(c),
        }
    }
    line.push('\n');
    line
}

fn is_unsafe(c: char) -> bool {
    matches!(c,
        '\u{7f}'..='\u{9f}'
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{2028}' | '\u{2029}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn open(path: &Path) -> Result<File, Error> {
    let unreachable = |source| Error::Unreachable { path: path.to_owned(), source };
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !directory.is_dir() {
        return Err(Error::NoDirectory(directory.to_owned()));
    }
    if path.exists() && !path.is_file() {
        return Err(Error::NotAFile(path.to_owned()));
    }
    let is_new = !path.exists();
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o640)
        .open(path)
        .map_err(unreachable)?;
    if is_new {
        // The name itself has to outlive a power cut too.
        File::open(directory).and_then(|directory| directory.sync_all()).map_err(unreachable)?;
    }
    Ok(file)
}

/// Ends the log with a whole line and gives the ids of its last lines. What was
/// cut off its end is taken away only where it is a part of a line of ours.
fn mend(file: &mut File) -> io::Result<HashSet<String>> {
    let length = file.seek(SeekFrom::End(0))?;
    let start = file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let (lines, rest) = tail.split_at(whole);
    let mut ids: HashSet<String> = lines.split(|byte| *byte == b'\n').filter_map(id).collect();
    match rest {
        [] => {}
        rest if is_part_of_a_line(rest) => file.set_len(start + whole as u64)?,
        rest => {
            ids.extend(id(rest));
            file.write_all(b"\n")?;
        }
    }
    file.sync_data()?;
    Ok(ids)
}

/// A power cut may leave the length of a line without its bytes: zeros.
fn is_part_of_a_line(rest: &[u8]) -> bool {
    let told = rest.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
    let start = &LINE_START.as_bytes()[..told.min(LINE_START.len())];
    rest[..told].starts_with(start) && id(rest).is_none()
}

fn id(line: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Line {
        id: String,
    }
    serde_json::from_slice::<Line>(line).ok().map(|line| line.id)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::{AlertLog, Error, Written, line};
    use crate::alert::message::Message;
    use crate::alert::rule::{Alert, AlertType, Metric, Severity};
    use crate::correlate::event::{Certainty, EventId};
    use crate::extract::event::Count;

    fn alert(id: &str) -> Message {
        attack(id).into()
    }

    fn attack(id: &str) -> Alert {
        Alert {
            id: id.into(),
            kind: AlertType::Alert,
            sent: "2026-11-23T06:00:00Z".parse().unwrap(),
            level: Severity::Warning,
            previous_level: None,
            watch: "north".into(),
            places: vec!["AF-KDZ".parse().unwrap()],
            joint: false,
            metric: Metric::Killed,
            value: Count::at_least(10),
            event_id: EventId("e1".into()),
            references: None,
            headline: "At least 10 killed in Kunduz".into(),
            reason: "10 killed are at or above 5".into(),
            sources: vec!["Example".into()],
            links: vec![],
            independent: 1,
            certainty: Certainty::Likely,
            window: None,
            events: vec![],
        }
    }

    #[test]
    fn a_line_tells_the_whole_alert() {
        let line = line(&alert("x1"));
        assert!(
            line.starts_with("{\"schema\":1,\"id\":\"x1\",\"type\":\"alert\",\"sent\":"),
            "{line}"
        );
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        for key in [
            "id", "type", "sent", "level", "watch", "places", "joint", "metric", "value",
            "event_id", "headline", "sources",
        ] {
            assert!(value.get(key).is_some(), "{key}");
        }
        assert_eq!(value["value"], serde_json::json!({"low": 10, "best": 10, "high": null}));
    }

    #[test]
    fn no_line_holds_a_character_that_acts() {
        let hostile =
            "a\n\u{1b}[2J\u{0}\u{9b}31m\u{202e}\u{2028}\u{2066}\u{feff}\u{e0041}\u{7f}é گ";
        let alert = Alert { headline: hostile.into(), ..attack("x1") };
        let line = line(&alert.into());
        let body = line.strip_suffix('\n').unwrap();
        assert!(!body.contains(|c: char| c.is_control() || super::is_unsafe(c)), "{body:?}");
        assert!(body.contains("é گ"));
        let read: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(read["headline"], hostile);
    }

    #[test]
    fn a_line_is_written_once_whatever_happens_after_it() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("alerts.jsonl");
        let mut log = AlertLog::open(&path).unwrap();
        assert_eq!(log.write(&alert("x1")).unwrap(), Written::Now);
        assert_eq!(log.write(&alert("x1")).unwrap(), Written::Before);
        drop(log);
        let mut log = AlertLog::open(&path).unwrap();
        assert_eq!(log.write(&alert("x1")).unwrap(), Written::Before);
        assert_eq!(log.write(&alert("x2")).unwrap(), Written::Now);
        let lines = format!("{}{}", line(&alert("x1")), line(&alert("x2")));
        assert_eq!(fs::read_to_string(&path).unwrap(), lines);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o137, 0);
    }

    #[test]
    fn a_last_line_cut_anywhere_is_mended_and_written_again() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("alerts.jsonl");
        let (first, second) = (line(&alert("x1")), line(&alert("x2")));
        for cut in (0..second.len()).step_by(13).chain([1, second.len() - 1]) {
            for padding in ["", "\0\0\0"] {
                fs::write(&path, format!("{first}{}{padding}", &second[..cut])).unwrap();
                AlertLog::open(&path).unwrap().write(&alert("x2")).unwrap();
                assert_eq!(fs::read_to_string(&path).unwrap(), format!("{first}{second}"), "{cut}");
            }
        }
    }

    #[test]
    fn what_is_not_ours_is_left_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("notes.txt");
        fs::write(&path, "milk\nbread").unwrap();
        AlertLog::open(&path).unwrap().write(&alert("x1")).unwrap();
        assert!(fs::read_to_string(&path).unwrap().starts_with("milk\nbread\n{\"schema\""));
    }

    #[test]
    fn a_rotated_log_goes_on_in_a_new_file() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("alerts.jsonl");
        let mut log = AlertLog::open(&path).unwrap();
        log.write(&alert("x1")).unwrap();
        fs::rename(&path, home.path().join("alerts.jsonl.1")).unwrap();
        log.reopen().unwrap();
        assert_eq!(log.write(&alert("x1")).unwrap(), Written::Before);
        log.write(&alert("x2")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), line(&alert("x2")));
    }

    #[test]
    fn a_deleted_log_begins_anew() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("alerts.jsonl");
        let mut log = AlertLog::open(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(log.write(&alert("x1")).unwrap(), Written::Now);
        assert_eq!(fs::read_to_string(&path).unwrap(), line(&alert("x1")));
    }

    #[test]
    fn a_line_whose_writing_failed_late_is_not_written_twice() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("alerts.jsonl");
        let mut log = AlertLog::open(&path).unwrap();
        fs::write(&path, line(&alert("x1"))).unwrap();
        log.is_torn = true;
        assert_eq!(log.write(&alert("x1")).unwrap(), Written::Before);
        assert_eq!(log.write(&alert("x2")).unwrap(), Written::Now);
        let lines = format!("{}{}", line(&alert("x1")), line(&alert("x2")));
        assert_eq!(fs::read_to_string(&path).unwrap(), lines);
    }

    #[test]
    fn a_log_that_cannot_be_used_says_what_to_do() {
        let home = tempfile::tempdir().unwrap();
        let missing = AlertLog::open(&home.path().join("missing/alerts.jsonl")).unwrap_err();
        assert!(matches!(missing, Error::NoDirectory(_)), "{missing}");
        let directory = AlertLog::open(home.path()).unwrap_err();
        assert!(matches!(directory, Error::NotAFile(_)), "{directory}");
    }
}
