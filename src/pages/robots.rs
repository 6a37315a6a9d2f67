//! What a host's robots.txt asks of us (RFC 9309), as it is kept until it expires.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use texting_robots::Robot;
use url::Url;

use crate::fetch::{FetchError, Payload, Response};
use crate::text::markup::floor_boundary;

/// The name that a robots.txt calls us by.
pub const AGENT: &str = "watchfire";

/// RFC 9309 asks to read at least as much, in bytes.
const MOST_READ: usize = 500 * 1024;
/// Lines that are judged by, how long they may be, and how many `*` they may hold.
const MOST_LINES: usize = 4_000;
const LONGEST_LINE: usize = 2_000;
const MOST_STARS: usize = 7;
/// The same document says that a day is the longest to go by a copy.
const LONGEST_KEPT: Duration = Duration::from_secs(24 * 3600);
const SHORTEST_KEPT: Duration = Duration::from_secs(3600);
/// How soon a host is asked again whose rules could not be had.
const UNKNOWN_KEPT: Duration = Duration::from_secs(10 * 60);
/// A host that asks for longer pauses gets this one.
const LONGEST_DELAY: Duration = Duration::from_secs(30);

/// The rules of one host, and until when they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Robots {
    pub rules: Rules,
    pub expires: Timestamp,
}

/// What a host said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rules {
    /// It has none: everything may be asked for.
    None,
    /// They could not be had: nothing may be asked for until they can.
    Unknown { why: String },
    /// The file.
    Text(String),
}

/// What the rules say of one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leave {
    /// It may be asked for, with so much time between two requests.
    Given { delay: Duration },
    /// It may not.
    Refused,
    /// Nobody can tell yet.
    Unknown { why: String },
}

/// Where the rules for a page lie.
pub fn place(page: &Url) -> Option<Url> {
    let mut place = page.join("/robots.txt").ok()?;
    place.set_query(None);
    place.set_fragment(None);
    Some(place)
}

impl Robots {
    /// The rules from an answer. A host that answers but has no such file has no
    /// rules; one that is broken or busy, or cannot be reached, may have any.
    pub fn of(answer: Result<Response, FetchError>, now: Timestamp) -> Robots {
        match answer {
            Ok(Response { payload: Payload::Whole { bytes, .. }, fresh_for, .. }) => {
                let kept = fresh_for.unwrap_or(LONGEST_KEPT).clamp(SHORTEST_KEPT, LONGEST_KEPT);
                Robots { rules: rules(&bytes), expires: later(now, kept) }
            }
            Ok(_) => Robots { rules: Rules::None, expires: later(now, SHORTEST_KEPT) },
            Err(FetchError::Status { status: 400..=428 | 430..=499, .. }) => {
                Robots { rules: Rules::None, expires: later(now, LONGEST_KEPT) }
            }
            // Where nothing is ever asked for there are no rules to keep: the page itself
            // will be refused.
            Err(FetchError::Refused { .. } | FetchError::Url { .. }) => {
                Robots { rules: Rules::None, expires: now }
            }
            Err(fault) => {
                let kept = fault.retry_after().unwrap_or(UNKNOWN_KEPT).max(UNKNOWN_KEPT);
                let why = fault.to_string();
                Robots { rules: Rules::Unknown { why }, expires: later(now, kept) }
            }
        }
    }

    /// Whether the rules still hold. Those from the future were kept by a clock
    /// that was wrong.
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.expires && self.expires <= later(now, LONGEST_KEPT)
    }

    /// What the rules say of a page. A file that no reader makes sense of says
    /// nothing.
    pub fn leave(&self, page: &Url) -> Leave {
        let free = Leave::Given { delay: Duration::ZERO };
        let text = match &self.rules {
            Rules::None => return free,
            Rules::Unknown { why } => return Leave::Unknown { why: why.clone() },
            Rules::Text(text) => text,
        };
        let read = || {
            let robot = Robot::new(AGENT, text.as_bytes()).ok()?;
            Some((robot.allowed(page.as_str()), robot.delay))
        };
        match catch_unwind(AssertUnwindSafe(read)).ok().flatten() {
            Some((false, _)) => Leave::Refused,
            Some((true, delay)) => Leave::Given { delay: delay.map_or(Duration::ZERO, pause) },
            None => free,
        }
    }
}

/// A web page in the place of the file is a host's way to say that it has none.
fn rules(bytes: &[u8]) -> Rules {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST_READ)]);
    let text = text.trim_start_matches('\u{FEFF}');
    match text.trim_start().starts_with('<') {
        true => Rules::None,
        false => Rules::Text(tamed(text)),
    }
}

/// The rules without what would take long to judge by: no honest file has any of it.
fn tamed(text: &str) -> String {
    let lines = text.lines().filter_map(|line| {
        let line = &line[..floor_boundary(line, LONGEST_LINE)];
        match line.match_indices('*').nth(MOST_STARS) {
            None => Some(line),
            // A prohibition that is cut forbids more than it said.
            Some((at, _)) => {
                line.trim_start().to_ascii_lowercase().starts_with("dis").then(|| &line[..at])
            }
        }
    });
    lines.take(MOST_LINES).collect::<Vec<_>>().join("\n")
}

fn pause(seconds: f32) -> Duration {
    Duration::try_from_secs_f32(seconds).unwrap_or_default().min(LONGEST_DELAY)
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Leave, MOST_LINES, Robots, Rules, place, rules};
    use crate::fetch::FetchError;

    fn leave(text: &str, page: &str) -> Leave {
        let robots = Robots {
            rules: rules(text.as_bytes()),
            expires: "2026-11-23T00:00:00Z".parse().unwrap(),
        };
        robots.leave(&page.parse().unwrap())
    }

    #[test]
    fn the_rules_for_us_are_kept() {
        let given = |seconds| Leave::Given { delay: Duration::from_secs(seconds) };
        for (text, page, wanted) in [
            ("", "https://a.org/x", given(0)),
            ("User-agent: *\nDisallow: /private", "https://a.org/x", given(0)),
            ("User-agent: *\nDisallow: /private", "https://a.org/private/1", Leave::Refused),
            ("User-agent: *\nDisallow: /", "https://a.org/x", Leave::Refused),
            (
                "User-agent: *\nDisallow: /\n\nUser-agent: watchfire\nAllow: /",
                "https://a.org/x",
                given(0),
            ),
            (
                "User-agent: WatchFire\nDisallow: /news/*.html$",
                "https://a.org/news/1.html",
                Leave::Refused,
            ),
            (
                "User-agent: WatchFire\nDisallow: /news/*.html$",
                "https://a.org/news/1.html?x",
                given(0),
            ),
            ("User-agent: *\nCrawl-delay: 5\nDisallow: /y", "https://a.org/x", given(5)),
            ("User-agent: *\nCrawl-delay: 86400", "https://a.org/x", given(30)),
            ("<!DOCTYPE html><title>Not found</title>", "https://a.org/x", given(0)),
            ("\0\u{1}garbage: : :\nDisallow", "https://a.org/x", given(0)),
        ] {
            assert_eq!(leave(text, page), wanted, "{text}");
        }
    }

    #[test]
    fn a_hostile_file_is_cut_to_what_can_be_judged() {
        let wild =
            "User-agent: *\n".to_owned() + &"Disallow: /*a*a*a*a*a*a*a*a*a*b$\n".repeat(15_000);
        let Rules::Text(text) = rules(wild.as_bytes()) else { panic!() };
        assert_eq!(text.lines().count(), MOST_LINES);
        assert_eq!(text.lines().nth(1), Some("Disallow: /*a*a*a*a*a*a*a"));
        // What is cut off a prohibition makes it wider; a permission is not made wider.
        let allow = "User-agent: *\nAllow: /*a*a*a*a*a*a*a*a*a*b$\nDisallow: /";
        assert_eq!(leave(allow, "https://a.org/aaaaaaaaaaab"), Leave::Refused);
        for text in
            ["User-agent: *\nDisallow: /".to_owned() + &"*a".repeat(250_000), "a".repeat(600_000)]
        {
            let Rules::Text(kept) = rules(text.as_bytes()) else { panic!() };
            assert!(kept.len() < 3_000, "{}", kept.len());
        }
    }

    #[test]
    fn a_host_without_a_file_is_open_and_a_broken_one_is_not() {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let answered = |status, retry_after| {
            let answer = FetchError::Status { host: "a.org".into(), status, retry_after };
            Robots::of(Err(answer), now)
        };
        for status in [401, 403, 404, 410] {
            assert_eq!(answered(status, None).rules, Rules::None, "{status}");
        }
        let busy = Some(Duration::from_secs(7200));
        for (status, retry_after, minutes) in [(500, None, 10), (503, busy, 120), (429, None, 10)] {
            let robots = answered(status, retry_after);
            assert!(matches!(robots.rules, Rules::Unknown { .. }), "{status}");
            assert_eq!(robots.expires.as_second() - now.as_second(), minutes * 60);
            assert!(robots.holds(now) && !robots.holds(robots.expires));
        }
    }

    #[test]
    fn the_file_lies_at_the_root() {
        let page = "https://a.org:8443/x/y?q#z".parse().unwrap();
        assert_eq!(place(&page).unwrap().as_str(), "https://a.org:8443/robots.txt");
    }
}
