//! Stretches over which things are added up: "this year", "since January", "over
//! the past three months".

use jiff::civil::date;

use super::{Grain, Reader, When};
use crate::extract::calendar::unit_days;
use crate::extract::event::Days;

/// A longer span of dates adds up more than one event.
const DAYS_OF_ONE_EVENT: i32 = 6;

impl Reader<'_, '_, '_> {
    /// "this year", "so far this year", "since January", "in the past month",
    /// "in the first half of 2019".
    pub(super) fn period(&self, i: usize) -> Option<When> {
        let year_start = date(self.today.year(), 1, 1);
        let (tokens, first) = match (self.word(i), self.word(i + 1), self.word(i + 2)) {
            ("this", "year", _) => (2, year_start),
            ("this", "month", _) if self.word_before(i) != "earlier" => {
                (2, self.today.first_of_month())
            }
            ("since", ..) => return self.since(i),
            ("between" | "from", ..) => return self.span_of_dates(i),
            ("past" | "last", unit, _) if self.in_the(i) && unit_days(unit).is_some() => {
                (2, self.back(unit_days(unit)?))
            }
            ("past" | "last", ..) if self.in_the(i) => return self.past_n(i),
            ("first", "half", "of") => return self.part_of_year(i, i + 3, 1, 6),
            ("second", "half", "of") => return self.part_of_year(i, i + 3, 7, 12),
            ("first", "quarter", "of") => return self.part_of_year(i, i + 3, 1, 3),
            ("first", ..) => return self.first_months(i),
            _ => return None,
        };
        Some(When::of(i..i + tokens, Days::between(first, self.today), Grain::Period))
    }

    /// "between January 1 and June 30", "from 1 January to 31 March".
    fn span_of_dates(&self, i: usize) -> Option<When> {
        let first = self.date_or_month(i + 1)?;
        let to = first.tokens.end;
        let last = self
            .date_or_month(to + 1)
            .filter(|_| matches!(self.word(to), "and" | "to" | "until"))?;
        let days = Days::between(first.days.first(), last.days.last());
        let long = (days.last() - days.first()).get_days() > DAYS_OF_ONE_EVENT;
        let grain = if long { Grain::Period } else { Grain::Day };
        (first.days <= last.days).then(|| When::of(i..last.tokens.end, days, grain))
    }

    /// "in *the* past month", "over *the* last year".
    fn in_the(&self, i: usize) -> bool {
        self.word_before(i) == "the"
    }

    fn past_n(&self, i: usize) -> Option<When> {
        let numeral = self.scan.numeral(i + 1);
        let (n, after) = match numeral {
            Some(n) => (i64::from(n.value.min(1000)), i + 1 + n.tokens),
            None if matches!(self.word(i + 1), "few" | "several" | "couple") => (3, i + 2),
            None => return None,
        };
        let unit = unit_days(self.word(after))?;
        let days = Days::between(self.back(n * unit), self.today);
        Some(When::of(i..after + 1, days, Grain::Period))
    }

    /// "the first nine months of the year".
    fn first_months(&self, i: usize) -> Option<When> {
        let n = self.scan.numeral(i + 1)?;
        let of = i + 2 + n.tokens;
        let months = self.word(of - 1) == "months" && self.word(of) == "of";
        let last = i8::try_from(n.value).ok().filter(|m| months && (1..=12).contains(m))?;
        self.part_of_year(i, of + 1, 1, last)
    }

    /// Months of the year that is named at `at`.
    fn part_of_year(&self, i: usize, at: usize, first: i8, last: i8) -> Option<When> {
        let at = at + usize::from(matches!(self.word(at), "the" | "this"));
        let year = if self.word(at) == "year" { self.today.year() } else { self.plain_year(at)? };
        let days = Days::between(date(year, first, 1), date(year, last, 1).last_of_month());
        Some(When::of(i..at + 1, days, Grain::Period))
    }

    /// "since January", "since 2015", "since the start of the year", "since Monday".
    fn since(&self, i: usize) -> Option<When> {
        let mut at = i + 1;
        while matches!(
            self.word(at),
            "the" | "start" | "beginning" | "of" | "early" | "late" | "mid" | "-"
        ) {
            at += 1;
        }
        let first = match self.word(at) {
            "year" => Some(date(self.today.year(), 1, 1)),
            "month" => Some(self.today.first_of_month()),
            _ => None,
        };
        if let Some(first) = first {
            let days = Days::between(first, self.today);
            return Some(When::of(i..at + 1, days, Grain::Period));
        }
        // "since *the invasion on* February 24".
        let on = (at..at + 3).find(|t| self.word(*t) == "on").map_or(at, |t| t + 1);
        let start = self.calendar(on).or_else(|| self.year(on)).or_else(|| self.weekday(on))?;
        let days = Days::between(start.days.first(), self.today);
        Some(When::of(i..start.tokens.end, days, Grain::Period))
    }
}
