//! What a publisher asks about how often to come: the headers of its answer and the
//! head of its feed together. Honoured as far as it can be meant.

use std::time::Duration;

use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// A wish is honoured up to here: a max-age of a year is a mistake.
pub const LONGEST_FRESHNESS: Duration = Duration::from_secs(24 * 3600);

/// What the head of a feed asks; kept between polls, since a "not modified" does not
/// repeat it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hints {
    /// The time between two fetches.
    pub interval: Option<Duration>,
    /// An instant from which the interval is counted.
    pub base: Option<Timestamp>,
    /// Hours of the day, UTC, to stay away in: 0 to 23.
    pub skip_hours: Vec<u8>,
    /// Days of the week, UTC, to stay away on: Monday is 0.
    pub skip_days: Vec<u8>,
}

impl Hints {
    /// How long the feed asks to be left alone from now on: its interval, or what is
    /// left of it where it says from when it counts.
    pub fn wait(&self, now: Timestamp) -> Duration {
        let Some(interval) = self.interval else { return Duration::ZERO };
        let interval = interval.min(LONGEST_FRESHNESS);
        let Some(base) = self.base.filter(|_| interval.as_secs() > 0) else { return interval };
        let length = interval.as_secs() as i64;
        let passed = (now.as_second() - base.as_second()).rem_euclid(length);
        Duration::from_secs((length - passed) as u64)
    }

    /// The first instant from `at` on that is not in a skipped hour or on a skipped
    /// day. A feed that skips everything means nothing by it.
    pub fn open_from(&self, at: Timestamp) -> Timestamp {
        let all_hours = (0..24).all(|hour| self.skip_hours.contains(&hour));
        let all_days = (0..7).all(|day| self.skip_days.contains(&day));
        if all_hours || all_days || (self.skip_hours.is_empty() && self.skip_days.is_empty()) {
            return at;
        }
        let mut time = TimeZone::UTC.to_datetime(at);
        // Each step leaves an hour or a day behind; a week has no more of them.
        for _ in 0..7 * 24 {
            let next = match () {
                () if self.skips_day(time.weekday()) => next_day(time),
                () if self.skip_hours.contains(&(time.hour() as u8)) => next_hour(time),
                () => break,
            };
            let Some(next) = next else { return at };
            time = next;
        }
        TimeZone::UTC.to_timestamp(time).map_or(at, |open| open.max(at))
    }

    fn skips_day(&self, day: Weekday) -> bool {
        self.skip_days.contains(&(day.to_monday_zero_offset() as u8))
    }
}

fn next_day(time: DateTime) -> Option<DateTime> {
    Some(time.date().tomorrow().ok()?.at(0, 0, 0, 0))
}

fn next_hour(time: DateTime) -> Option<DateTime> {
    time.date().at(time.hour(), 0, 0, 0).checked_add(1.hour()).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::Hints;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_wait_is_the_interval_or_what_is_left_of_it() {
        let hour = Some(Duration::from_secs(3600));
        let base = Some(at("2000-01-01T12:30:00Z"));
        for (interval, base, now, wanted) in [
            (None, None, "2026-11-23T12:00:00Z", 0),
            (hour, None, "2026-11-23T12:00:00Z", 3600),
            (hour, base, "2026-11-23T12:00:00Z", 1800),
            (hour, base, "2026-11-23T12:30:00Z", 3600),
            (hour, base, "1999-11-23T12:10:00Z", 1200),
            (Some(Duration::from_secs(366 * 86_400)), None, "2026-11-23T12:00:00Z", 86_400),
            (Some(Duration::ZERO), base, "2026-11-23T12:00:00Z", 0),
        ] {
            let hints = Hints { interval, base, ..Hints::default() };
            assert_eq!(hints.wait(at(now)).as_secs(), wanted, "{interval:?} {base:?} {now}");
        }
    }

    #[test]
    fn skipped_hours_and_days_are_stayed_away_from() {
        let every_hour: Vec<u8> = (0..24).collect();
        for (hours, days, asked, wanted) in [
            (&[][..], &[][..], "2026-11-23T12:10:00Z", "2026-11-23T12:10:00Z"),
            (&[12], &[], "2026-11-23T12:10:00Z", "2026-11-23T13:00:00Z"),
            (&[12, 13], &[], "2026-11-23T12:10:00Z", "2026-11-23T14:00:00Z"),
            (&[23, 0], &[], "2026-11-23T23:10:00Z", "2026-11-24T01:00:00Z"),
            (&[], &[5, 6], "2026-11-28T12:10:00Z", "2026-11-30T00:00:00Z"),
            (&[0], &[6], "2026-11-29T12:10:00Z", "2026-11-30T01:00:00Z"),
            (&every_hour[..], &[], "2026-11-23T12:10:00Z", "2026-11-23T12:10:00Z"),
            (&[], &[0, 1, 2, 3, 4, 5, 6], "2026-11-23T12:10:00Z", "2026-11-23T12:10:00Z"),
            (
                &every_hour[..23],
                &[1, 2, 3, 4, 5, 6],
                "2026-11-24T12:10:00Z",
                "2026-11-30T23:00:00Z",
            ),
        ] {
            let (skip_hours, skip_days) = (hours.to_vec(), days.to_vec());
            let hints = Hints { skip_hours, skip_days, ..Hints::default() };
            assert_eq!(hints.open_from(at(asked)), at(wanted), "{hours:?} {days:?} {asked}");
        }
    }
}
