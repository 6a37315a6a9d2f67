//! Finds the days that a text names and resolves them against the day on which
//! it was published, in the place's own time zone.
//!
//! A weekday is the most recent one, today included. "Overnight" and "last
//! night" are two days. A week runs from Monday to Sunday.

use std::ops::Range;

use jiff::Span;
use jiff::civil::{Date, date};

use super::calendar::{
    month_number, month_of, shifted, unit_days, week_of, weekday_number, year_of,
};
use super::event::Days;
use super::scan::Scan;
use crate::lexicon::terms::Class;
use crate::text::numerals;
use crate::text::tokens::Shape;

/// What kind of time an expression names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// A day, a night, or a stated span of a day or two.
    Day,
    /// A week, month or year in which something happened once.
    Loose,
    /// A stretch over which things are added up ("since January", "this year").
    Period,
}

/// A time expression in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    pub tokens: Range<usize>,
    pub days: Days,
    pub grain: Grain,
    /// Counted from another event ("a day earlier"), not from today.
    pub relative: bool,
    /// The day on which somebody spoke ("officials said on Monday").
    pub speech: bool,
}

/// All time expressions in a token range. `today` is the local day of publication.
pub fn times(scan: &Scan<'_, '_>, range: Range<usize>, today: Date) -> Vec<When> {
    let reader = Reader { scan, today, end: range.end };
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        match reader.at(at) {
            Some(when) => {
                at = when.tokens.end.max(at + 1);
                let speech = follows_speech(scan, when.tokens.start);
                found.push(When { speech, ..when });
            }
            None => at += 1,
        }
    }
    found
}

/// "said Monday", "told reporters on Monday".
fn follows_speech(scan: &Scan<'_, '_>, start: usize) -> bool {
    let mut at = start;
    while at > 0
        && scan.is_word(
            at - 1,
            &[
                "on",
                "late",
                "early",
                "reporters",
                "here",
                "later",
                "earlier",
                "in",
                "statement",
                "a",
            ],
        )
    {
        at -= 1;
    }
    at > 0 && scan.is(scan.head(at - 1), Class::Said)
}

struct Reader<'s, 'l, 't> {
    scan: &'s Scan<'l, 't>,
    today: Date,
    end: usize,
}

impl Reader<'_, '_, '_> {
    fn at(&self, i: usize) -> Option<When> {
        self.fixed(i)
            .or_else(|| self.period(i))
            .or_else(|| self.ago(i))
            .or_else(|| self.named_unit(i))
            .or_else(|| self.calendar(i))
            .or_else(|| self.weekday(i))
            .or_else(|| self.year(i))
    }

    fn word(&self, i: usize) -> &str {
        if i < self.end { self.scan.tokens.lower(i) } else { "" }
    }

    fn days(&self, first: Date, last: Date) -> Days {
        Days::between(first, last)
    }

    fn back(&self, days: i64) -> Date {
        shifted(self.today, -days)
    }

    /// "today", "yesterday", "overnight", "last night".
    fn fixed(&self, i: usize) -> Option<When> {
        let (tokens, first, last) = match (self.word(i), self.word(i + 1)) {
            ("today" | "tonight", _) => (1, 0, 0),
            ("yesterday", _) => (1, 1, 1),
            ("overnight", _) => (1, 1, 0),
            ("last", "night") => (2, 1, 0),
            ("night", "before") => (2, 1, 0),
            ("this", "morning" | "afternoon" | "evening") => (2, 0, 0),
            ("day", "before") if self.word(i + 2) == "yesterday" => (3, 2, 2),
            ("earlier", "today") => (2, 0, 0),
            _ => return None,
        };
        let days = self.days(self.back(first), self.back(last));
        Some(When {
            tokens: i..i + tokens,
            days,
            grain: Grain::Day,
            relative: false,
            speech: false,
        })
    }

    /// "this year", "so far this year", "since January", "in the past month",
    /// "in the first half of 2019".
    fn period(&self, i: usize) -> Option<When> {
        let year_start = date(self.today.year(), 1, 1);
        let (tokens, first, last) = match (self.word(i), self.word(i + 1), self.word(i + 2)) {
            ("this", "year", _) => (2, year_start, self.today),
            ("this", "month", _) if self.word_before(i) != "earlier" => {
                (2, self.today.first_of_month(), self.today)
            }
            ("since", _, _) => return self.since(i),
            ("past" | "last", "24", _) | ("past" | "last", "twenty", "four") => {
                let days = self.days(self.back(1), self.today);
                return Some(When {
                    tokens: i..i + 3,
                    days,
                    grain: Grain::Day,
                    relative: false,
                    speech: false,
                });
            }
            ("past" | "last", unit, _) if self.in_the(i) && unit_days(unit).is_some() => {
                (2, self.back(unit_days(unit)?), self.today)
            }
            ("past" | "last", _, _) if self.in_the(i) => return self.past_n(i),
            ("first", "half", "of") => return self.part_of_year(i, 1, 6),
            ("second", "half", "of") => return self.part_of_year(i, 7, 12),
            ("first", "quarter", "of") => return self.part_of_year(i, 1, 3),
            _ => return None,
        };
        let days = self.days(first, last);
        Some(When {
            tokens: i..i + tokens,
            days,
            grain: Grain::Period,
            relative: false,
            speech: false,
        })
    }

    fn word_before(&self, i: usize) -> &str {
        if i == 0 { "" } else { self.scan.tokens.lower(i - 1) }
    }

    /// "in *the* past month", "over *the* last year".
    fn in_the(&self, i: usize) -> bool {
        self.word_before(i) == "the"
    }

    fn past_n(&self, i: usize) -> Option<When> {
        let numeral = numerals::read(&self.scan.tokens, i + 1);
        let (n, after) = match numeral {
            Some(n) => (i64::from(n.value.min(1000)), i + 1 + n.tokens),
            None if matches!(self.word(i + 1), "few" | "several" | "couple") => (3, i + 2),
            None => return None,
        };
        let unit = unit_days(self.word(after))?;
        let days = self.days(self.back(n * unit), self.today);
        Some(When {
            tokens: i..after + 1,
            days,
            grain: Grain::Period,
            relative: false,
            speech: false,
        })
    }

    fn part_of_year(&self, i: usize, first: i8, last: i8) -> Option<When> {
        let at = if self.word(i + 3) == "the" { i + 4 } else { i + 3 };
        let year = if self.word(at) == "year" { self.today.year() } else { self.plain_year(at)? };
        let days = self.days(date(year, first, 1), date(year, last, 1).last_of_month());
        Some(When { tokens: i..at + 1, days, grain: Grain::Period, relative: false, speech: false })
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
        if self.word(at) == "year" {
            let days = self.days(date(self.today.year(), 1, 1), self.today);
            return Some(When {
                tokens: i..at + 1,
                days,
                grain: Grain::Period,
                relative: false,
                speech: false,
            });
        }
        let start = self.calendar(at).or_else(|| self.year(at)).or_else(|| self.weekday(at))?;
        let days = self.days(start.days.first(), self.today);
        Some(When {
            tokens: i..start.tokens.end,
            days,
            grain: Grain::Period,
            relative: false,
            speech: false,
        })
    }

    /// "two days ago", "a day earlier", "the previous day", "three weeks before".
    fn ago(&self, i: usize) -> Option<When> {
        let (n, at) = match self.word(i) {
            "a" | "one" | "the" => (1, i + 1),
            _ => {
                let n = numerals::read(&self.scan.tokens, i)?;
                (i64::from(n.value.min(10_000)), i + n.tokens)
            }
        };
        if self.word(at) == "previous" && self.word(at + 1) == "day" {
            return Some(self.days_back(i..at + 2, 1, 1, true));
        }
        let unit = unit_days(self.word(at))?;
        let relative = match self.word(at + 1) {
            "ago" => false,
            "earlier" | "before" | "prior" => true,
            _ => return None,
        };
        Some(self.days_back(i..at + 2, n, unit, relative))
    }

    fn days_back(&self, tokens: Range<usize>, n: i64, unit: i64, relative: bool) -> When {
        let (days, grain) = match unit {
            1 => (Days::on(self.back(n)), Grain::Day),
            7 => (week_of(self.back(7 * n)), Grain::Loose),
            30 => (
                month_of(self.today.saturating_sub(Span::new().months(n.min(12_000)))),
                Grain::Loose,
            ),
            _ => (year_of(self.today.year().saturating_sub(n.min(9000) as i16)), Grain::Loose),
        };
        When { tokens, days, grain, relative, speech: false }
    }

    /// "last week", "earlier this month", "this week", "last year".
    fn named_unit(&self, i: usize) -> Option<When> {
        let (days, tokens) = match (self.word(i), self.word(i + 1), self.word(i + 2)) {
            ("last", "week", _) => (week_of(self.back(7)), 2),
            ("last", "month", _) => (month_of(self.today.saturating_sub(Span::new().months(1))), 2),
            ("last", "year", _) => (year_of(self.today.year() - 1), 2),
            ("earlier", "this", "week") => (self.days(week_of(self.today).first(), self.today), 3),
            ("this", "week", _) => (self.days(week_of(self.today).first(), self.today), 2),
            ("earlier", "this", "month") => (self.days(self.today.first_of_month(), self.today), 3),
            ("earlier", "this", "year") => {
                (self.days(date(self.today.year(), 1, 1), self.today), 3)
            }
            _ => return None,
        };
        Some(When {
            tokens: i..i + tokens,
            days,
            grain: Grain::Loose,
            relative: false,
            speech: false,
        })
    }

    /// "November 23, 2018", "23 November", "on June 6", "in May", "May 2014".
    fn calendar(&self, i: usize) -> Option<When> {
        if let Some(day) = self.day_number(i)
            && let Some((month, after)) = self.month(self.past_of(i + self.ordinal(i)))
        {
            return self.full_date(i, day, month, after);
        }
        let (month, after) = self.month(i)?;
        match self.day_number(after) {
            Some(day) => self.full_date(i, day, month, after + self.ordinal(after)),
            None => self.month_alone(i, month, after),
        }
    }

    fn past_of(&self, i: usize) -> usize {
        if self.word(i) == "of" { i + 1 } else { i }
    }

    /// Tokens of a day number with its "th".
    fn ordinal(&self, i: usize) -> usize {
        let glued = i + 1 < self.end && !self.scan.tokens.get(i + 1).spaced;
        if glued && matches!(self.word(i + 1), "st" | "nd" | "rd" | "th") { 2 } else { 1 }
    }

    fn full_date(&self, start: usize, day: i8, month: i8, mut after: usize) -> Option<When> {
        let mut year = None;
        let comma = usize::from(self.word(after) == ",");
        if let Some(told) = self.plain_year(after + comma) {
            year = Some(told);
            after += comma + 1;
        }
        let found = match year {
            Some(year) => Date::new(year, month, day).ok()?,
            None => self.latest(month, day)?,
        };
        Some(When {
            tokens: start..after,
            days: Days::on(found),
            grain: Grain::Day,
            relative: false,
            speech: false,
        })
    }

    fn month_alone(&self, i: usize, month: i8, after: usize) -> Option<When> {
        let capital = self.scan.tokens.get(i).capital;
        let comma = usize::from(self.word(after) == ",");
        if let Some(year) = self.plain_year(after + comma) {
            let days = month_of(date(year, month, 1));
            return Some(When {
                tokens: i..after + comma + 1,
                days,
                grain: Grain::Loose,
                relative: false,
                speech: false,
            });
        }
        let cued = matches!(
            self.word_before(i),
            "in" | "last" | "since" | "early" | "late" | "mid" | "of" | "this" | "-" | "during"
        );
        let first = self.latest(month, 1)?;
        (capital && cued).then(|| {
            let days = Days::between(first, first.last_of_month().min(self.today));
            When { tokens: i..after, days, grain: Grain::Loose, relative: false, speech: false }
        })
    }

    /// The most recent such day, tomorrow allowed for time zones.
    fn latest(&self, month: i8, day: i8) -> Option<Date> {
        let limit = shifted(self.today, 1);
        let this = Date::new(self.today.year(), month, day).ok();
        this.filter(|d| *d <= limit).or_else(|| Date::new(self.today.year() - 1, month, day).ok())
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

    fn plain_year(&self, i: usize) -> Option<i16> {
        let word = self.word(i);
        (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|y| (1900..=2100).contains(y))
    }

    /// "Thursday", "last Monday", "Thursday night".
    fn weekday(&self, i: usize) -> Option<When> {
        let day = weekday_number(self.word(i)).filter(|_| self.scan.tokens.get(i).capital)?;
        if self.word_before(i) == "next" {
            return None;
        }
        let back = i64::from(self.today.weekday().since(day));
        let back = if back == 0 && self.word_before(i) == "last" { 7 } else { back };
        Some(When {
            tokens: i..i + 1,
            days: Days::on(self.back(back)),
            grain: Grain::Day,
            relative: false,
            speech: false,
        })
    }

    /// "in 2014".
    fn year(&self, i: usize) -> Option<When> {
        let cued = matches!(
            self.word_before(i),
            "in" | "since" | "during" | "of" | "early" | "late" | "mid" | "-" | "for"
        );
        let year = self.plain_year(i).filter(|y| cued && *y <= self.today.year())?;
        Some(When {
            tokens: i..i + 1,
            days: year_of(year),
            grain: Grain::Loose,
            relative: false,
            speech: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::lexicon::Lexicon;

    /// The days in a text published on Thursday 10 January 2019.
    fn read(text: &str) -> Vec<(String, Grain)> {
        let lexicon = Lexicon::embedded();
        let scan = Scan::of(&lexicon, &Article::default(), text);
        times(&scan, 0..scan.tokens.len(), date(2019, 1, 10))
            .into_iter()
            .map(|w| (format!("{}/{}", w.days.first(), w.days.last()), w.grain))
            .collect()
    }

    #[test]
    fn days_resolve_against_the_day_of_publication() {
        use Grain::*;
        for (text, days, grain) in [
            ("early Thursday", "2019-01-10/2019-01-10", Day),
            ("on Monday", "2019-01-07/2019-01-07", Day),
            ("last Thursday", "2019-01-03/2019-01-03", Day),
            ("overnight", "2019-01-09/2019-01-10", Day),
            ("yesterday", "2019-01-09/2019-01-09", Day),
            ("two days ago", "2019-01-08/2019-01-08", Day),
            ("a day earlier", "2019-01-09/2019-01-09", Day),
            ("in the past 24 hours", "2019-01-09/2019-01-10", Day),
            ("on November 23, 2018", "2018-11-23/2018-11-23", Day),
            ("on 23 November", "2018-11-23/2018-11-23", Day),
            ("on the 5th of January", "2019-01-05/2019-01-05", Day),
            ("on Jan. 9", "2019-01-09/2019-01-09", Day),
            ("in December", "2018-12-01/2018-12-31", Loose),
            ("in May 2014", "2014-05-01/2014-05-31", Loose),
            ("in 2014", "2014-01-01/2014-12-31", Loose),
            ("last week", "2018-12-31/2019-01-06", Loose),
            ("last month", "2018-12-01/2018-12-31", Loose),
            ("last year", "2018-01-01/2018-12-31", Loose),
            ("so far this year", "2019-01-01/2019-01-10", Period),
            ("since 2015", "2015-01-01/2019-01-10", Period),
            ("in the first half of 2018", "2018-01-01/2018-06-30", Period),
            ("over the past three months", "2018-10-12/2019-01-10", Period),
        ] {
            assert_eq!(read(text), vec![(days.to_owned(), grain)], "{text}");
        }
    }

    #[test]
    fn nonsense_names_no_day() {
        for text in ["31 February", "may be killed", "99 May", "32 January", "march on"] {
            assert_eq!(read(text), vec![], "{text}");
        }
    }
}
