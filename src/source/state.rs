//! What is remembered of a source between polls. Plain values that the store
//! keeps as they are; `schedule` changes them.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::source::hints::Hints;
use crate::source::history::History;
use crate::source::rhythm::Rhythm;

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
    /// What that instant goes by.
    pub pace: Pace,
    /// The first of the polls in a row from which nothing came.
    pub failing_since: Option<Timestamp>,
    /// How often something new appears.
    pub rhythm: Rhythm,
    /// What the last document asked of its readers.
    pub hints: Hints,
    /// Whether the last document could only be read item by item.
    pub is_salvaged: bool,
    /// When a second mirror was last asked although the first had answered.
    pub last_opinion: Option<Timestamp>,
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
    /// Its kind.
    pub last_cause: Option<Cause>,
    /// From the question to the headers of the answer, in milliseconds, the newest last.
    pub latency: VecDeque<u32>,
    /// The date of its newest item.
    pub newest: Option<Timestamp>,
    /// Since when its newest item is much older than the source's.
    pub stale_since: Option<Timestamp>,
    /// Where it says that the feed has moved for good.
    pub moved: Option<Moved>,
    /// Prints of the newest items of its last document, by their first alias key.
    pub prints: Vec<(String, u64)>,
    /// An item that it tells otherwise than another mirror.
    pub differs: Option<Differs>,
}

impl MirrorState {
    /// Samples of latency that are kept.
    pub const SAMPLES: usize = 20;

    /// Notes how long the headers of an answer were waited for.
    pub fn note_latency(&mut self, waited: Duration) {
        self.latency.push_back(u32::try_from(waited.as_millis()).unwrap_or(u32::MAX));
        let excess = self.latency.len().saturating_sub(Self::SAMPLES);
        self.latency.drain(..excess);
    }

    /// The latency that 95 of 100 answers do not exceed; none while too few are known.
    pub fn usual_latency(&self) -> Option<Duration> {
        const ENOUGH: usize = 5;
        if self.latency.len() < ENOUGH {
            return None;
        }
        let mut sorted: Vec<u32> = self.latency.iter().copied().collect();
        sorted.sort_unstable();
        let place = (sorted.len() * 95).div_ceil(100) - 1;
        Some(Duration::from_millis(u64::from(sorted[place])))
    }
}

/// A permanent redirect of a mirror, whose end proved to serve the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Where it leads.
    pub to: Url,
    /// When it was first met.
    pub since: Timestamp,
    /// When it was last met.
    pub last: Timestamp,
    /// How often it was met.
    pub times: u32,
}

/// An item that two mirrors tell differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differs {
    /// Its alias key.
    pub key: String,
    /// When that was first seen.
    pub since: Timestamp,
    /// When it was seen again, long enough after for an update to reach both.
    pub confirmed: Option<Timestamp>,
}

/// What the instant of the next poll goes by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pace {
    /// The interval that the user asked for.
    #[default]
    Every,
    /// How often the source publishes.
    Rhythm,
    /// `Cache-Control` or `Expires`.
    Headers,
    /// `ttl` or `sy:updatePeriod` of the feed.
    Feed,
    /// An hour or a day that the feed asks to skip.
    Skip,
    /// The longest interval that the user allows.
    Ceiling,
    /// Failures in a row.
    Backoff,
    /// Every host asked to be left alone, or is gone.
    Held,
    /// This machine reaches nobody.
    Outage,
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
    /// would otherwise silence a source for ever. One that `is_quiet`, quieter than it
    /// ever is, is asked for a whole document every six hours.
    pub fn usable(&self, now: Timestamp, is_quiet: bool) -> bool {
        const HOUR: i64 = 3600;
        let longest = if is_quiet { 6 * HOUR } else { 7 * 24 * HOUR };
        // Negative after the clock was set back.
        (0..longest).contains(&(now.as_second() - self.since.as_second()))
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
    /// A page that names feeds as its own: a site's address where its feed's should be.
    Page,
    /// Not readable as a feed.
    Broken,
    /// A feed without entries from a source that had some.
    Empty,
    /// A feed, but not this source's.
    Foreign,
    /// Its proxy or its certificates are not usable as configured.
    Access,
    /// Nobody could be reached: this machine's own connection.
    Outage,
}

impl Cause {
    /// Whether this machine's own connection may be to blame: nothing that the
    /// publisher said came through. A portal that wants a login answers with a page
    /// of its own for every host, or leads all names to itself.
    pub fn may_be_ours(self) -> bool {
        matches!(
            self,
            Cause::Dns
                | Cause::Connect
                | Cause::Tls
                | Cause::Timeout
                | Cause::Refused
                | Cause::Redirect
                | Cause::Parked
                | Cause::Outage
        )
    }
}

/// A later instant; the end of time when there is none.
pub(super) fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Health, SourceState, Validators};

    #[test]
    fn validators_are_dropped_weekly_and_when_the_clock_ran_back() {
        let since = "2026-11-01T00:00:00Z".parse().unwrap();
        let url = "https://a.org/rss".parse().unwrap();
        let validators = Validators { url, etag: None, last_modified: None, since };
        for (now, is_quiet, usable) in [
            ("2026-11-01T00:00:00Z", false, true),
            ("2026-11-07T23:59:59Z", false, true),
            ("2026-11-08T00:00:00Z", false, false),
            ("2026-10-31T00:00:00Z", false, false),
            ("2026-11-01T05:59:59Z", true, true),
            ("2026-11-01T06:00:00Z", true, false),
        ] {
            assert_eq!(validators.usable(now.parse().unwrap(), is_quiet), usable, "{now}");
        }
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
