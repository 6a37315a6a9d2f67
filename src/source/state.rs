//! What is remembered of a source between polls. Plain values that the store
//! keeps as they are; `schedule` changes them.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// What has been learned of a source and its mirrors.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// By the URL of the feed there, so that a reordered configuration keeps its memory.
    pub mirrors: BTreeMap<Url, MirrorState>,
    /// The mirror that answered last and is asked first.
    pub sticky: Option<Url>,
    /// Polls in a row from which nothing came.
    pub streak: u32,
    /// When a mirror last proved to serve this source, changed or not.
    pub last_good: Option<Timestamp>,
    /// When it was last polled.
    pub last_poll: Option<Timestamp>,
    /// Not before this instant; none means now.
    pub next_poll: Option<Timestamp>,
    /// What the source carried lately, as proof of whose content an answer is.
    pub history: History,
}

/// What has been learned of one mirror.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MirrorState {
    /// What to send so that the mirror may answer "not modified".
    pub validators: Option<Validators>,
    /// Whether it is asked in its turn or only probed.
    pub health: Health,
    /// Good answers in a row.
    pub good_streak: u32,
    /// When it was last asked.
    pub last_asked: Option<Timestamp>,
    /// When it last proved to serve the source.
    pub last_good: Option<Timestamp>,
    /// The host asked not to be asked before this instant.
    pub not_before: Option<Timestamp>,
    /// What the last answer was when it was no good, for a person to read.
    pub last_fault: Option<String>,
}

/// The breaker of a mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "state")]
pub enum Health {
    /// Asked in its turn.
    Up {
        /// Failures in a row, fewer than open the breaker.
        failures: u32,
    },
    /// Given a rest: probed from time to time, for ever.
    Down {
        /// The failure that opened the breaker.
        since: Timestamp,
        /// Failures in a row.
        failures: u32,
        /// The kind of the last failure.
        cause: Cause,
        /// When a probe is due.
        retry_at: Timestamp,
    },
}

impl Default for Health {
    fn default() -> Self {
        Health::Up { failures: 0 }
    }
}

/// The validators of an answer, opaque and byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// The URL that gave them, redirects followed; they are sent nowhere else.
    pub url: Url,
    /// `ETag`, each byte as the character of that number.
    pub etag: Option<String>,
    /// `Last-Modified`, likewise.
    pub last_modified: Option<String>,
    /// When a whole answer came with them.
    pub since: Timestamp,
}

impl Validators {
    /// Validators are dropped weekly: a server stuck on a false "not modified"
    /// would otherwise silence a source for ever.
    pub fn usable(&self, now: Timestamp) -> bool {
        const WEEK: i64 = 7 * 24 * 3600;
        // Negative after the clock was set back.
        (0..WEEK).contains(&(now.as_second() - self.since.as_second()))
    }
}

/// The kind of a failed answer, as the decisions need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// The name did not resolve.
    Dns,
    /// No connection.
    Connect,
    /// The certificate or the handshake failed.
    Tls,
    /// Too slow.
    Timeout,
    /// The address is not one that may be reached.
    Refused,
    /// 410.
    Gone,
    /// 429, or 503 with a time to wait.
    Busy,
    /// Another status that is no success.
    Status,
    /// Redirected in a circle, too often, or where it must not go.
    Redirect,
    /// Larger than a feed may be.
    TooLarge,
    /// The body broke off or could not be decoded.
    Body,
    /// HTML where a feed should be: parked, seized, a captive portal.
    Parked,
    /// Not readable as a feed.
    Broken,
    /// A feed without entries from a source that had some.
    Empty,
    /// A feed, but not this source's.
    Foreign,
}

/// What a source carried lately, bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    /// The feed's title, when it last had one.
    pub title: Option<String>,
    /// The alias keys of recent items, the newest last.
    pub keys: VecDeque<String>,
}

impl History {
    /// Keys kept of a source; a busy feed of 200 items is held more than once over.
    pub const CAPACITY: usize = 1_000;

    /// Whether nothing is known yet.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Remembers what an accepted answer carried.
    pub fn remember<'a>(&mut self, title: Option<&str>, keys: impl Iterator<Item = &'a str>) {
        if let Some(title) = title.filter(|title| !title.is_empty()) {
            self.title = Some(title.to_owned());
        }
        let fresh: Vec<&str> = keys.take(Self::CAPACITY).collect();
        let known: std::collections::HashSet<&str> = fresh.iter().copied().collect();
        self.keys.retain(|key| !known.contains(key.as_str()));
        self.keys.extend(fresh.into_iter().map(str::to_owned));
        let excess = self.keys.len().saturating_sub(Self::CAPACITY);
        self.keys.drain(..excess);
    }
}

/// A later instant; the end of time when there is none.
pub(super) fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Health, History, SourceState, Validators};

    #[test]
    fn validators_are_dropped_weekly_and_when_the_clock_ran_back() {
        let since = "2026-11-01T00:00:00Z".parse().unwrap();
        let url = "https://a.org/rss".parse().unwrap();
        let validators = Validators { url, etag: None, last_modified: None, since };
        for (now, usable) in [
            ("2026-11-01T00:00:00Z", true),
            ("2026-11-07T23:59:59Z", true),
            ("2026-11-08T00:00:00Z", false),
            ("2026-10-31T00:00:00Z", false),
        ] {
            assert_eq!(validators.usable(now.parse().unwrap()), usable, "{now}");
        }
    }

    #[test]
    fn history_is_bounded_and_keeps_the_newest() {
        let mut history = History::default();
        let keys: Vec<String> = (0..3000).map(|n| n.to_string()).collect();
        for chunk in keys.chunks(300) {
            history.remember(Some("T"), chunk.iter().map(String::as_str));
        }
        history.remember(None, ["2999"].into_iter());
        assert_eq!(history.keys.len(), History::CAPACITY);
        assert_eq!(history.keys.back().unwrap(), "2999");
        assert_eq!(history.title.as_deref(), Some("T"));
    }

    #[test]
    fn a_state_from_an_older_version_still_reads() {
        let state: SourceState =
            serde_json::from_str(r#"{"mirrors":{"https://a.org/rss":{}},"streak":2}"#).unwrap();
        assert_eq!(state.streak, 2);
        let mirror = state.mirrors.values().next().unwrap();
        assert_eq!(mirror.health, Health::Up { failures: 0 });
        let written = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<SourceState>(&written).unwrap(), state);
    }
}
