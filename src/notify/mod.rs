//! Tells people of the alerts that were recorded, one file a channel. Decides
//! nothing: what is told is what the outbox holds, and a channel answers only
//! whether it has it.

pub mod log;

use std::path::PathBuf;

/// Where alerts go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The alert log, one JSON object a line.
    pub log: PathBuf,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { log: "/var/log/watchfire/alerts.jsonl".into() }
    }
}
