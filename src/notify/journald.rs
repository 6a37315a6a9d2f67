//! An entry of the journal with a field for each thing that one may look for
//! (`journalctl WATCHFIRE_WATCH=north PRIORITY=2`), by systemd's native protocol
//! (<https://systemd.io/JOURNAL_NATIVE_PROTOCOL/>).

use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;

use super::Refused;
use super::text::{Text, cut};
use crate::alert::message::{Dispatch, Message};
use crate::alert::rule::Severity;

/// The journal's socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub socket: PathBuf,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { socket: "/run/systemd/journal/socket".into() }
    }
}

/// Names this kind of entry: `journalctl MESSAGE_ID=...`. Made once with
/// `systemd-id128 new`, never to change.
pub const MESSAGE_ID: &str = "5d4a1c6f0b7e4c2e9a3f8e2b1d70c6a4";

/// A field that is longer is cut: a datagram has a limit, and the log has the whole.
const LONGEST: usize = 16 << 10;

pub(super) fn deliver(
    settings: &Settings,
    dispatch: &Dispatch,
    text: &Text,
) -> Result<(), Refused> {
    let away = |error: io::Error| Refused::Away {
        cause: format!("the journal at `{}`: {error}", settings.socket.display()),
        after: None,
    };
    let socket = UnixDatagram::unbound().map_err(away)?;
    // A journal that stands still must not hold up this thread.
    socket.set_nonblocking(true).map_err(away)?;
    socket.send_to(&entry(&dispatch.message, text), &settings.socket).map_err(away)?;
    Ok(())
}

fn entry(message: &Message, text: &Text) -> Vec<u8> {
    let mut entry = Vec::new();
    let mut field = |name: &str, value: &str| write(&mut entry, name, cut(value, LONGEST));
    field("MESSAGE", message.headline());
    field("PRIORITY", priority(message.level()));
    field("MESSAGE_ID", MESSAGE_ID);
    field("SYSLOG_IDENTIFIER", "watchfire");
    field("WATCHFIRE_ID", message.id());
    field("WATCHFIRE_REASON", message.reason());
    field("WATCHFIRE_TEXT", &text.body);
    if let Some(first) = message.references() {
        field("WATCHFIRE_REFERENCES", first);
    }
    match super::log::value(message) {
        serde_json::Value::Object(fields) => {
            for (key, name) in FIELDS {
                match fields.get(*key) {
                    Some(serde_json::Value::String(value)) => field(name, value),
                    Some(serde_json::Value::Array(values)) => {
                        let values = values.iter().filter_map(|value| value.as_str());
                        field(name, &values.collect::<Vec<_>>().join(" "));
                    }
                    Some(serde_json::Value::Number(value)) => field(name, &value.to_string()),
                    _ => {}
                }
            }
        }
        _ => unreachable!("a message is an object"),
    }
    if let Message::Attack(alert) = message {
        field("WATCHFIRE_LOW", &alert.value.low().to_string());
        field("WATCHFIRE_BEST", &alert.value.best().to_string());
        field("WATCHFIRE_HIGH", &alert.value.high().map(|n| n.to_string()).unwrap_or_default());
    }
    entry
}

/// Fields of the alert log that are fields of the entry too.
const FIELDS: &[(&str, &str)] = &[
    ("type", "WATCHFIRE_TYPE"),
    ("level", "WATCHFIRE_LEVEL"),
    ("previous_level", "WATCHFIRE_PREVIOUS_LEVEL"),
    ("watch", "WATCHFIRE_WATCH"),
    ("places", "WATCHFIRE_PLACES"),
    ("metric", "WATCHFIRE_METRIC"),
    ("event_id", "WATCHFIRE_EVENT_ID"),
    ("certainty", "WATCHFIRE_CERTAINTY"),
    ("independent", "WATCHFIRE_INDEPENDENT"),
    ("links", "WATCHFIRE_LINKS"),
    ("subject", "WATCHFIRE_SUBJECT"),
];

/// The severity of syslog.
fn priority(level: Severity) -> &'static str {
    match level {
        Severity::Critical => "2",
        Severity::Warning => "4",
        Severity::Notice => "5",
    }
}

/// A value of several lines is told with its length.
fn write(entry: &mut Vec<u8>, name: &str, value: &str) {
    let value: String = value.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    entry.extend_from_slice(name.as_bytes());
    if value.contains('\n') {
        entry.push(b'\n');
        entry.extend_from_slice(&(value.len() as u64).to_le_bytes());
    } else {
        entry.push(b'=');
    }
    entry.extend_from_slice(value.as_bytes());
    entry.push(b'\n');
}
