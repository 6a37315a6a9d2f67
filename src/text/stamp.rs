//! Dates as feeds and pages stamp them: RFC 2822, ISO 8601 and the many forms
//! that are almost one of the two. Dates inside prose are `extract`'s.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// The instant that a stamp names. A stamp without a zone is read as UTC; a
/// date without a time is its midnight. Weekday names are not believed, only
/// skipped: publishers get them wrong more often than the date.
pub fn parse(stamp: &str) -> Option<Timestamp> {
    const LONGEST: usize = 80;
    let stamp = stamp.trim();
    if stamp.len() > LONGEST || !stamp.is_ascii() {
        return None;
    }
    let mut parts = Parts::default();
    let rest = match iso_date(stamp) {
        Some((date, rest)) => {
            parts.date = Some(date);
            rest
        }
        None => stamp,
    };
    let rest = rest.strip_prefix(['T', 't']).unwrap_or(rest);
    for word in rest.split([' ', ',', '\t', '(', ')']).filter(|word| !word.is_empty()) {
        parts.take(word);
    }
    parts.instant()
}

/// What has been read of a stamp so far.
#[derive(Default)]
struct Parts {
    date: Option<(i16, i8, i8)>,
    month: Option<i8>,
    day: Option<i8>,
    year: Option<i16>,
    time: Option<(i8, i8, i8)>,
    afternoon: Option<bool>,
    /// Seconds east of UTC.
    offset: Option<i32>,
}

impl Parts {
    fn take(&mut self, word: &str) {
        let lower = word.to_ascii_lowercase();
        if let Some(time) = word.contains(':').then(|| self.clock(&lower)).flatten() {
            self.time = self.time.or(Some(time));
        } else if let Some(offset) = zone(&lower) {
            self.offset = self.offset.or(Some(offset));
        } else if let Some(month) = month(&lower) {
            self.month = self.month.or(Some(month));
        } else if matches!(lower.as_str(), "am" | "pm" | "a.m." | "p.m.") {
            self.afternoon = Some(lower.starts_with('p'));
        } else if word.contains(['/', '-', '.']) {
            self.joined_date(&lower);
        } else {
            self.number(&lower);
        }
    }

    /// `10:30`, `10:30:05.25`, `10:30:05Z`, `10:30+04:30`, `10:30pm`.
    fn clock(&mut self, word: &str) -> Option<(i8, i8, i8)> {
        let end = word.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.')));
        let (clock, tail) = word.split_at(end.unwrap_or(word.len()));
        if !clock.contains(':') {
            return None;
        }
        match tail {
            "am" | "pm" => self.afternoon = Some(tail == "pm"),
            tail => self.offset = self.offset.or_else(|| zone(tail)),
        }
        let mut fields = clock.split(':').map(|field| field.split('.').next().unwrap_or(""));
        let hour = fields.next()?.parse().ok()?;
        let minute = fields.next()?.parse().ok()?;
        let second = fields.next().map_or(Ok(0), str::parse).ok()?;
        Some((hour, minute, second))
    }

    /// `23-Nov-2018`, `11/23/2018`, `23.11.2018`, `2018/11/23`.
    fn joined_date(&mut self, word: &str) {
        let fields: Vec<&str> = word.split(['/', '-', '.']).collect();
        let [first, second, third] = fields[..] else { return };
        if let Some(month) = month(second) {
            self.month = Some(month);
            self.number(first);
            self.number(third);
            return;
        }
        let (Ok(a), Ok(b), Ok(c)) =
            (first.parse::<i16>(), second.parse::<i16>(), third.parse::<i16>())
        else {
            return;
        };
        let small = |n: i16| i8::try_from(n).unwrap_or(0);
        self.date = match () {
            () if first.len() == 4 => Some((a, small(b), small(c))),
            // With slashes the American order, unless it cannot be.
            () if word.contains('/') && a <= 12 => Some((full_year(c), small(a), small(b))),
            () => Some((full_year(c), small(b), small(a))),
        };
    }

    fn number(&mut self, word: &str) {
        let digits = word.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']);
        let Ok(number) = digits.parse::<i16>() else { return };
        if digits.len() <= 2 && self.day.is_none() {
            self.day = i8::try_from(number).ok();
        } else if self.year.is_none() && digits.len() != 3 {
            self.year = Some(full_year(number));
        }
    }

    fn instant(self) -> Option<Timestamp> {
        let (year, month, day) = match self.date {
            Some(date) => date,
            None => (self.year?, self.month?, self.day?),
        };
        let (hour, minute, second) = self.time.unwrap_or((0, 0, 0));
        let hour = match (self.afternoon, hour) {
            (Some(true), 1..=11) => hour + 12,
            (Some(false), 12) => 0,
            _ => hour,
        };
        // 24:00 is the next midnight and :60 a leap second; both are met.
        let (hour, next_day) = if (hour, minute) == (24, 0) { (0, 86_400) } else { (hour, 0) };
        let civil = DateTime::new(year, month, day, hour, minute, second.min(59), 0).ok()?;
        let offset = Offset::from_seconds(self.offset.unwrap_or(0)).ok()?;
        let seconds = offset.to_timestamp(civil).ok()?.as_second();
        Timestamp::from_second(seconds + next_day).ok()
    }
}

/// The date that an ISO stamp opens with, and what follows it.
fn iso_date(stamp: &str) -> Option<((i16, i8, i8), &str)> {
    let bytes = stamp.as_bytes();
    let dashed = bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-';
    let compact = bytes.len() >= 8 && bytes[..8].iter().all(u8::is_ascii_digit);
    let (month, day, length) = match (dashed, compact) {
        (true, _) => (&stamp[5..7], &stamp[8..10], 10),
        (_, true) => (&stamp[4..6], &stamp[6..8], 8),
        _ => return None,
    };
    let date = (stamp[..4].parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    Some((date, &stamp[length..]))
}

fn full_year(year: i16) -> i16 {
    match year {
        0..=69 => 2000 + year,
        70..=99 => 1900 + year,
        year => year,
    }
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.');
    let at = MONTHS.iter().position(|name| word.len() >= 3 && name.starts_with(word));
    let at = at.or_else(|| (word == "sept").then_some(8));
    at.and_then(|at| i8::try_from(at + 1).ok())
}

/// Seconds east of UTC of `gmt`, `cest`, `+0430`, `+04:30`, `utc+5`.
fn zone(word: &str) -> Option<i32> {
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == word) {
        return Some((hours * 3600.0) as i32);
    }
    let word = word.strip_prefix("gmt").or_else(|| word.strip_prefix("utc")).unwrap_or(word);
    let (sign, digits) = match word.as_bytes().first()? {
        b'+' => (1, &word[1..]),
        b'-' => (-1, &word[1..]),
        _ => return None,
    };
    let digits: String = digits.chars().filter(|c| *c != ':').collect();
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) =
        if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Zone names met in feeds, in hours. Where a name has several meanings, the
/// one nearest to the places that are watched.
const ZONES: &[(&str, f64)] = &[
    ("z", 0.0),
    ("ut", 0.0),
    ("utc", 0.0),
    ("gmt", 0.0),
    ("wet", 0.0),
    ("west", 1.0),
    ("bst", 1.0),
    ("cet", 1.0),
    ("cest", 2.0),
    ("wat", 1.0),
    ("cat", 2.0),
    ("sast", 2.0),
    ("eet", 2.0),
    ("eest", 3.0),
    ("msk", 3.0),
    ("eat", 3.0),
    ("trt", 3.0),
    ("irst", 3.5),
    ("irdt", 4.5),
    ("gst", 4.0),
    ("aft", 4.5),
    ("pkt", 5.0),
    ("uzt", 5.0),
    ("tjt", 5.0),
    ("tmt", 5.0),
    ("ist", 5.5),
    ("npt", 5.75),
    ("kgt", 6.0),
    ("almt", 5.0),
    ("mmt", 6.5),
    ("ict", 7.0),
    ("wib", 7.0),
    ("sgt", 8.0),
    ("hkt", 8.0),
    ("pht", 8.0),
    ("awst", 8.0),
    ("jst", 9.0),
    ("kst", 9.0),
    ("aest", 10.0),
    ("aedt", 11.0),
    ("nzst", 12.0),
    ("nzdt", 13.0),
    ("est", -5.0),
    ("edt", -4.0),
    ("cst", -6.0),
    ("cdt", -5.0),
    ("mst", -7.0),
    ("mdt", -6.0),
    ("pst", -8.0),
    ("pdt", -7.0),
    ("art", -3.0),
    ("brt", -3.0),
    ("cot", -5.0),
];

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_stamp_is_read_however_written() {
        for (stamp, wanted) in [
            ("Fri, 23 Nov 2018 10:30:05 GMT", "2018-11-23T10:30:05Z"),
            ("Wed, 23 Nov 2018 10:30:05 +0430", "2018-11-23T06:00:05Z"),
            ("23 Nov 18 10:30 CEST", "2018-11-23T08:30:00Z"),
            ("Fri, 23 November 2018 10:30", "2018-11-23T10:30:00Z"),
            ("2018-11-23T10:30:05Z", "2018-11-23T10:30:05Z"),
            ("2018-11-23T10:30:05.123+04:30", "2018-11-23T06:00:05Z"),
            ("2018-11-23 10:30:05", "2018-11-23T10:30:05Z"),
            ("2018-11-23T10:30:05 +0000", "2018-11-23T10:30:05Z"),
            ("2018-11-23", "2018-11-23T00:00:00Z"),
            ("Nov 23, 2018 10:30 PM", "2018-11-23T22:30:00Z"),
            ("November 23rd, 2018 12:05am EST", "2018-11-23T05:05:00Z"),
            ("Friday, November 23, 2018 - 10:30", "2018-11-23T10:30:00Z"),
            ("11/23/2018 10:30:00 AM", "2018-11-23T10:30:00Z"),
            ("23/11/2018 10:30", "2018-11-23T10:30:00Z"),
            ("23.11.2018 10:30", "2018-11-23T10:30:00Z"),
            ("23-Nov-2018", "2018-11-23T00:00:00Z"),
            ("2018/11/23 10:30", "2018-11-23T10:30:00Z"),
            ("Fri, 23 Nov 2018 24:00:00 GMT", "2018-11-24T00:00:00Z"),
            ("Fri, 23 Nov 2018 23:59:60 GMT", "2018-11-23T23:59:59Z"),
            ("Fri, 23 Nov 2018 10:30:00 GMT+5", "2018-11-23T05:30:00Z"),
            ("Sat, 31 Feb 2018 10:00:00 GMT", ""),
            ("yesterday", ""),
            ("", ""),
            ("99999999999999999999", ""),
            ("Fri, 23 Nov 2018 99:99 GMT", ""),
        ] {
            let read = parse(stamp).map(|instant| instant.to_string()).unwrap_or_default();
            assert_eq!(read, wanted, "{stamp}");
        }
    }
}
