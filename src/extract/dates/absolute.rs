//! Dates of the calendar, in every order: "November 23, 2018", "23 November",
//! "on the 5th of May", "2018-11-23", "in May", "in 2014".

use jiff::civil::{Date, date};

use super::{Grain, Reader, When};
use crate::extract::calendar::{month_number, month_of, shifted, year_of};
use crate::extract::event::Days;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;

impl Reader<'_, '_, '_> {
    /// "November 23, 2018", "23 November", "on June 6", "in May", "May 2014".
    pub(super) fn calendar(&self, i: usize) -> Option<When> {
        if let Some(both) = self.day_and_next(i) {
            return Some(both);
        }
        if let Some(day) = self.day_number(i)
            && let Some((month, after)) = self.month(self.past_of(i + self.ordinal(i)))
        {
            return self.full_date(i, day, month, after);
        }
        let (month, after) = self.month(i)?;
        match self.day_number(after) {
            Some(day) => {
                let end = after + self.ordinal(after);
                self.two_days(i, month, day, end).or_else(|| self.full_date(i, day, month, end))
            }
            None => self.month_alone(i, month, after),
        }
    }

    /// "March 27 and 28", "March 27-28": the days after each other.
    fn two_days(&self, i: usize, month: i8, first: i8, at: usize) -> Option<When> {
        let joined = matches!(self.word(at), "and" | "-" | "–" | "to" | "or");
        let last = self.day_number(at + 1).filter(|d| joined && *d == first + 1)?;
        let end = self.full_date(i, last, month, at + 1 + self.ordinal(at + 1))?;
        let days = Days::between(shifted(end.days.first(), -1), end.days.first());
        Some(When { days, ..end })
    }

    /// "15 and 16 May", "15-16 May": the days after each other.
    fn day_and_next(&self, i: usize) -> Option<When> {
        let first = self.day_number(i)?;
        let at = i + self.ordinal(i);
        let joined = matches!(self.word(at), "and" | "-" | "–" | "to" | "or");
        let last = self.day_number(at + 1).filter(|d| joined && *d == first + 1)?;
        let (month, after) = self.month(self.past_of(at + 1 + self.ordinal(at + 1)))?;
        let end = self.full_date(i, last, month, after)?;
        let days = Days::between(shifted(end.days.first(), -1), end.days.first());
        Some(When { days, ..end })
    }

    fn past_of(&self, i: usize) -> usize {
        if self.word(i) == "of" { i + 1 } else { i }
    }

    /// Tokens of a day number with its "th".
    fn ordinal(&self, i: usize) -> usize {
        let glued = i + 1 < self.end && !self.scan.tokens.get(i + 1).spaced;
        if glued && matches!(self.word(i + 1), "st" | "nd" | "rd" | "th") { 2 } else { 1 }
    }

    fn full_date(&self, start: usize, day: i8, month: i8, after: usize) -> Option<When> {
        let (found, after) = match self.year_behind(after) {
            Some((year, end)) => (Date::new(year, month, day).ok()?, end),
            None => (self.latest(month, day)?, after),
        };
        Some(When::day(start..after, Days::on(found)))
    }

    /// "May 2014", "May, 2014", "May last year", "May of this year": the year, and the
    /// token behind it.
    fn year_behind(&self, after: usize) -> Option<(i16, usize)> {
        let comma = after + usize::from(self.word(after) == ",");
        if let Some(told) = self.plain_year(comma) {
            return Some((told, comma + 1));
        }
        let of = self.past_of(after);
        match (self.word(of), self.word(of + 1)) {
            ("last", "year") => Some((self.today.year().saturating_sub(1), of + 2)),
            ("this", "year") => Some((self.today.year(), of + 2)),
            _ => None,
        }
    }

    /// "2018-11-23", "23/11/2018", "11/23/2018": day before month where both can be.
    pub(super) fn numeric(&self, i: usize) -> Option<When> {
        let mark = self.word(i + 1);
        let dated = matches!(mark, "-" | "/") && self.word(i + 3) == mark;
        if !dated {
            return None;
        }
        let part = |at: usize| self.word(at).parse::<i8>().ok();
        let found = match self.plain_year(i) {
            Some(year) => Date::new(year, part(i + 2)?, part(i + 4)?).ok()?,
            None => {
                let year = self.plain_year(i + 4).filter(|_| mark == "/")?;
                let (a, b) = (part(i)?, part(i + 2)?);
                Date::new(year, b, a).or_else(|_| Date::new(year, a, b)).ok()?
            }
        };
        Some(When::day(i..i + 5, Days::on(found)))
    }

    fn month_alone(&self, i: usize, month: i8, after: usize) -> Option<When> {
        let capital = self.scan.tokens.get(i).capital;
        let cued = matches!(
            self.word_before(i),
            "in" | "last" | "since" | "early" | "late" | "mid" | "of" | "this" | "-" | "during"
        );
        let cued = cued || matches!(self.word(after), "'s" | "’s");
        let dated = self.year_behind(after).is_some();
        if dated || capital && cued { self.whole_month(i, month, after) } else { None }
    }

    fn whole_month(&self, i: usize, month: i8, after: usize) -> Option<When> {
        if let Some((year, end)) = self.year_behind(after) {
            return Some(When::of(i..end, month_of(date(year, month, 1)), Grain::Loose));
        }
        let first = self.latest(month, 1)?;
        let days = Days::between(first, first.last_of_month().min(self.today));
        Some(When::of(i..after, days, Grain::Loose))
    }

    /// A date, or a month that its place in "between March and June" makes one.
    pub(super) fn date_or_month(&self, i: usize) -> Option<When> {
        let month = || self.month(i).and_then(|(month, after)| self.whole_month(i, month, after));
        self.calendar(i).or_else(month)
    }

    /// The most recent such day, tomorrow allowed for time zones.
    fn latest(&self, month: i8, day: i8) -> Option<Date> {
        let limit = shifted(self.today, 1);
        let this = Date::new(self.today.year(), month, day).ok();
        let before = || Date::new(self.today.year().saturating_sub(1), month, day).ok();
        this.filter(|d| *d <= limit).or_else(before)
    }

    fn month(&self, i: usize) -> Option<(i8, usize)> {
        let month = month_number(self.word(i))?;
        let written = self.scan.tokens.get(i).capital;
        let dot = usize::from(self.word(i + 1) == "." && self.word(i).len() <= 4);
        written.then_some((month, i + 1 + dot))
    }

    fn day_number(&self, i: usize) -> Option<i8> {
        if i >= self.end || self.scan.tokens.get(i).shape != Shape::Number {
            return None;
        }
        self.word(i).parse().ok().filter(|d| (1..=31).contains(d))
    }

    pub(super) fn plain_year(&self, i: usize) -> Option<i16> {
        let word = self.word(i);
        (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|y| (1900..=2100).contains(y))
    }

    /// "in 2014", "the 1998 bombing", "a deadly 2008 attack".
    pub(super) fn year(&self, i: usize) -> Option<When> {
        let cued = matches!(
            self.word_before(i),
            "in" | "since" | "during" | "of" | "early" | "late" | "mid" | "-" | "for"
        );
        let deed = |at: usize| self.scan.is_any(at, &[Class::Deed, Class::War]);
        let article =
            |at: usize| matches!(self.word(at), "the" | "a" | "an" | "'s" | "’s" | "that");
        let names = || (i.saturating_sub(3)..i).any(article) && (i + 1..i + 4).any(deed);
        let year = self.plain_year(i).filter(|y| *y <= self.today.year())?;
        if !cued && !names() {
            return None;
        }
        Some(When::of(i..i + 1, year_of(year), Grain::Loose))
    }
}
