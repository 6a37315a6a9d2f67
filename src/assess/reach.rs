//! How far back and where the reports of a batch can touch what is known.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Incoming;
use crate::correlate;
use crate::extract::event::{Days, Reading};
use crate::lexicon::PlaceCode;

/// Days around an event on which others can bear on it: reports that overlap it by a
/// day, and what overlaps those.
const AROUND: i32 = 5;

/// The events of one country in a stretch of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// `None`: of all countries.
    pub country: Option<PlaceCode>,
    pub days: Days,
}

impl Reach {
    /// All events of that day or later.
    pub fn since(day: Date) -> Reach {
        Reach { country: None, days: Days::between(day, Date::MAX) }
    }
}

/// What the readings of the articles can touch, the stretches of a country joined
/// where they meet.
pub fn reach<'r>(read: impl Iterator<Item = (&'r Incoming, &'r Reading)>) -> Vec<Reach> {
    let mut stretches: BTreeMap<PlaceCode, Vec<Days>> = BTreeMap::new();
    let reports = read.flat_map(|(item, reading)| {
        let day = TimeZone::UTC.to_datetime(item.out()).date();
        reading.events.iter().map(move |report| (day, report))
    });
    for (day, report) in reports {
        let days = correlate::possible_days(report, day);
        let days = Days::between(
            days.first().saturating_sub(AROUND.days()),
            days.last().saturating_add(AROUND.days()),
        );
        for country in report.places.iter().map(PlaceCode::country) {
            stretches.entry(country).or_default().push(days);
        }
    }
    let joined = stretches.into_iter().flat_map(|(country, days)| {
        joined(days).into_iter().map(move |days| Reach { country: Some(country), days })
    });
    joined.collect()
}

fn joined(mut stretches: Vec<Days>) -> Vec<Days> {
    stretches.sort();
    let mut joined: Vec<Days> = Vec::new();
    for days in stretches {
        match joined.last_mut().filter(|last| last.overlap(&days)) {
            Some(last) => *last = Days::between(last.first(), last.last().max(days.last())),
            None => joined.push(days),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::joined;
    use crate::extract::event::Days;

    #[test]
    fn stretches_that_meet_are_one() {
        let days = |a, b| Days::between(date(2019, 1, a), date(2019, 1, b));
        let stretches = vec![days(20, 25), days(1, 9), days(3, 4), days(8, 12)];
        assert_eq!(joined(stretches), [days(1, 12), days(20, 25)]);
    }
}
