//! Alerts that wait: through the quiet hours of their watch, or for a moment in which
//! more may come. What is critical never waits, nothing is left out, and what comes
//! meanwhile on the same matter is told in its place. The alert log waits for nobody.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::rule::{Alert, Severity, Watch};

/// How long what is not critical may wait.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patience {
    pub quiet: Option<QuietHours>,
    /// For what may follow at once; `LONGEST_WAIT` at most.
    pub wait: Option<SignedDuration>,
}

/// The longest that an alert waits for what may follow.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(60);

/// Hours of the day in which people are told only of what is severe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuietHours {
    pub from: Time,
    /// Not the same as `from`; before it, the hours run past midnight.
    pub to: Time,
    pub zone: TimeZone,
    /// What is less severe waits until they are over.
    pub below: Severity,
}

/// Until when an alert waits, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub until: Timestamp,
    pub reason: String,
}

/// How long the alert waits, by what its watch says; `None`: it is told at once.
pub fn of(watches: &[Watch], alert: &Alert, now: Timestamp) -> Option<Hold> {
    let watch = watches.iter().find(|watch| watch.name == alert.watch)?;
    if alert.level == Severity::Critical {
        return None;
    }
    let quiet = watch.patience.quiet.as_ref().filter(|quiet| alert.level < quiet.below);
    let until = quiet.and_then(|quiet| quiet.end(now));
    let hours = until.map(|until| Hold {
        until,
        reason: format!("held until {until:.0} by the quiet hours of `{}`", watch.name),
    });
    hours.or_else(|| {
        let wait = watch.patience.wait?.min(LONGEST_WAIT);
        let reason = format!("held for {} s in case more follows", wait.as_secs());
        Some(Hold { until: now.checked_add(wait).ok()?, reason })
    })
}

impl QuietHours {
    /// When the quiet hours that the moment lies in are over; `None` outside of them.
    pub fn end(&self, now: Timestamp) -> Option<Timestamp> {
        let local = self.zone.to_datetime(now);
        let (day, time) = (local.date(), local.time());
        let over_midnight = self.to < self.from;
        let inside = match over_midnight {
            true => time >= self.from || time < self.to,
            false => self.from <= time && time < self.to,
        };
        let last = if time < self.to { day } else { day.saturating_add(1.day()) };
        // An hour that the clock skips ends when the clock has passed it.
        let end = self.zone.to_ambiguous_timestamp(last.to_datetime(self.to)).compatible();
        end.ok().filter(|_| inside)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use jiff::tz::TimeZone;

    use super::QuietHours;
    use crate::alert::rule::Severity;

    #[test]
    fn quiet_hours_end_when_the_clock_on_the_wall_says_so() {
        for (from, to, zone, now, end) in [
            (22, 6, "UTC", "2019-01-10T21:59:59Z", None),
            (22, 6, "UTC", "2019-01-10T22:00:00Z", Some("2019-01-11T06:00:00Z")),
            (22, 6, "UTC", "2019-01-11T05:59:59Z", Some("2019-01-11T06:00:00Z")),
            (22, 6, "UTC", "2019-01-11T06:00:00Z", None),
            (1, 5, "UTC", "2019-01-11T00:30:00Z", None),
            (1, 5, "UTC", "2019-01-11T01:30:00Z", Some("2019-01-11T05:00:00Z")),
            (22, 6, "Asia/Kabul", "2019-01-10T18:00:00Z", Some("2019-01-11T01:30:00Z")),
            (22, 6, "Asia/Kabul", "2019-01-10T17:00:00Z", None),
            // The night in which the clock goes forward is an hour shorter.
            (22, 6, "Europe/Berlin", "2019-03-30T22:00:00Z", Some("2019-03-31T04:00:00Z")),
            // 02:00 does not exist in it: over when it is 03:00.
            (22, 2, "Europe/Berlin", "2019-03-30T23:00:00Z", Some("2019-03-31T01:00:00Z")),
        ] {
            let hours = QuietHours {
                from: time(from, 0, 0, 0),
                to: time(to, 0, 0, 0),
                zone: TimeZone::get(zone).unwrap(),
                below: Severity::Critical,
            };
            let end = end.map(|end| end.parse().unwrap());
            assert_eq!(hours.end(now.parse().unwrap()), end, "{from}-{to} {zone} {now}");
        }
    }
}
