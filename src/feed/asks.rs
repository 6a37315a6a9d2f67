//! How often a document asks to be fetched: `ttl`, `skipHours` and `skipDays` of RSS
//! 2.0, `updatePeriod`, `updateFrequency` and `updateBase` of the syndication module
//! of RSS 1.0. Reads what stands there; what is made of it is decided by `source`.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Weekday;

use crate::feed::elements;
use crate::feed::outline::local;
use crate::text::markup::{self, Piece};
use crate::text::stamp;

/// What a document asks of its readers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asks {
    /// `ttl`: how long it may be kept before it is fetched again.
    pub ttl: Option<Duration>,
    /// `updatePeriod` divided by `updateFrequency`: the time between two changes.
    pub update: Option<Duration>,
    /// `updateBase`: an instant from which `update` is counted, in either direction.
    pub base: Option<Timestamp>,
    /// `skipHours`: hours of the day in UTC, 0 to 23, in which nothing is published.
    pub skip_hours: Vec<u8>,
    /// `skipDays`: days in UTC on which nothing is published.
    pub skip_days: Vec<Weekday>,
}

impl Asks {
    /// The interval that it asks for, whichever way it says so.
    pub fn interval(&self) -> Option<Duration> {
        self.ttl.max(self.update)
    }

    /// What it asks in one place, and in another where it says nothing in the first.
    pub(super) fn or_else(self, other: Asks) -> Asks {
        fn first<T>(one: Vec<T>, two: Vec<T>) -> Vec<T> {
            if one.is_empty() { two } else { one }
        }
        Asks {
            ttl: self.ttl.or(other.ttl),
            update: self.update.or(other.update),
            base: self.base.or(other.base),
            skip_hours: first(self.skip_hours, other.skip_hours),
            skip_days: first(self.skip_days, other.skip_days),
        }
    }
}

/// Reads what the head of a feed asks; `head` is the document without its items.
pub(super) fn of(head: &str) -> Asks {
    let number = |name| word(head, name).and_then(|text| text.parse::<u32>().ok());
    Asks {
        ttl: number("ttl").filter(|n| *n > 0).map(|n| Duration::from_secs(60 * u64::from(n))),
        update: period(head).map(|period| period / number_of(head).clamp(1, 1_000_000)),
        base: word(head, "updateBase").and_then(|text| stamp::parse(&text)),
        skip_hours: hours(head),
        skip_days: days(head),
    }
}

fn period(head: &str) -> Option<Duration> {
    const HOUR: u64 = 3600;
    let hours = match word(head, "updatePeriod")?.to_ascii_lowercase().as_str() {
        "hourly" => 1,
        "daily" => 24,
        "weekly" => 7 * 24,
        "monthly" => 30 * 24,
        "yearly" => 365 * 24,
        _ => return None,
    };
    Some(Duration::from_secs(hours * HOUR))
}

fn number_of(head: &str) -> u32 {
    word(head, "updateFrequency").and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// RSS 2.0 counts the hours from 0, RSS 0.91 from 1 to 24, which is midnight again.
fn hours(head: &str) -> Vec<u8> {
    let parse = |text: &String| text.parse::<u8>().ok().filter(|hour| *hour <= 24);
    let mut hours: Vec<u8> = words(head, "skipHours", "hour").iter().filter_map(parse).collect();
    hours.iter_mut().for_each(|hour| *hour %= 24);
    hours.sort_unstable();
    hours.dedup();
    hours
}

fn days(head: &str) -> Vec<Weekday> {
    let parse = |text: &String| match text.to_ascii_lowercase().get(..3)? {
        "mon" => Some(Weekday::Monday),
        "tue" => Some(Weekday::Tuesday),
        "wed" => Some(Weekday::Wednesday),
        "thu" => Some(Weekday::Thursday),
        "fri" => Some(Weekday::Friday),
        "sat" => Some(Weekday::Saturday),
        "sun" => Some(Weekday::Sunday),
        _ => None,
    };
    let mut days: Vec<Weekday> = words(head, "skipDays", "day").iter().filter_map(parse).collect();
    days.sort_unstable_by_key(|day| day.to_monday_zero_offset());
    days.dedup();
    days
}

/// The text of the first element of that local name, whatever its prefix.
fn word(head: &str, wanted: &str) -> Option<String> {
    let name = markup::pieces(head).find_map(|(_, piece)| match piece {
        Piece::Open { name, .. } if local(name).eq_ignore_ascii_case(wanted) => Some(name),
        _ => None,
    })?;
    Some(elements::first(head, name)?.content().trim().to_owned())
}

/// The texts of the children `inner` of the first element `outer`; a few dozen at most.
fn words(head: &str, outer: &str, inner: &str) -> Vec<String> {
    const MOST: usize = 48;
    let is = |piece: &Piece<'_>, wanted: &str| match piece {
        Piece::Open { name, .. } | Piece::Close { name } => name.eq_ignore_ascii_case(wanted),
        _ => false,
    };
    let mut pieces = markup::pieces(head).skip_while(|(_, piece)| !is(piece, outer)).skip(1);
    let mut found = Vec::new();
    let mut is_inside = false;
    for (_, piece) in pieces.by_ref().take_while(|(_, piece)| !is(piece, outer)) {
        match piece {
            Piece::Open { .. } => is_inside = is(&piece, inner),
            Piece::Text(text) if is_inside && found.len() < MOST => {
                found.push(text.trim().to_owned());
            }
            Piece::Close { .. } => is_inside = false,
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::civil::Weekday;

    use super::{Asks, of};

    #[test]
    fn what_a_head_asks_is_read() {
        let minutes = |n: u64| Some(Duration::from_secs(60 * n));
        for (head, wanted) in [
            ("<channel><ttl> 30 </ttl>", Asks { ttl: minutes(30), ..Asks::default() }),
            ("<channel><ttl>0</ttl><ttl>9</ttl>", Asks::default()),
            ("<channel><ttl>soon</ttl>", Asks::default()),
            (
                "<sy:updatePeriod> Hourly </sy:updatePeriod>",
                Asks { update: minutes(60), ..Asks::default() },
            ),
            (
                "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>\
                 <sy:updateBase>2000-01-01T12:00+00:00</sy:updateBase>",
                Asks {
                    update: minutes(360),
                    base: "2000-01-01T12:00:00Z".parse().ok(),
                    ..Asks::default()
                },
            ),
            (
                "<updatePeriod>daily</updatePeriod><updateFrequency>0</updateFrequency>",
                Asks { update: minutes(1440), ..Asks::default() },
            ),
            ("<sy:updatePeriod>always</sy:updatePeriod>", Asks::default()),
            (
                "<skipHours><hour>24</hour><hour>3</hour><hour>3</hour><hour>99</hour></skipHours>\
                 <skipDays><day>Sunday</day><day>sat</day><day>Never</day></skipDays><x><hour>7</hour></x>",
                Asks {
                    skip_hours: vec![0, 3],
                    skip_days: vec![Weekday::Saturday, Weekday::Sunday],
                    ..Asks::default()
                },
            ),
            ("<skipHours><hour>1", Asks { skip_hours: vec![1], ..Asks::default() }),
            ("", Asks::default()),
        ] {
            assert_eq!(of(head), wanted, "{head}");
        }
    }
}
