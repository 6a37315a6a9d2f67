//! Finds the days that a text names and resolves them against the day on which
//! it was published, in the place's own time zone.
//!
//! A weekday is the most recent one, today included. "Overnight" and "last
//! night" are two days. A week runs from Monday to Sunday.

mod absolute;
mod periods;
mod relative;
mod speech;

use std::ops::Range;

use jiff::civil::Date;

use super::calendar::{month_number, shifted, weekday_number};
use super::event::Days;
use super::scan::Scan;
use crate::text::tokens::Shape;
use crate::text::words::{Lot, lot};

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
    /// The day on which somebody spoke ("officials said on Monday"), the story was
    /// written, or something had come about ("by Monday"): not the event's.
    pub speech: bool,
}

impl When {
    fn of(tokens: Range<usize>, days: Days, grain: Grain) -> When {
        When { tokens, days, grain, relative: false, speech: false }
    }

    fn day(tokens: Range<usize>, days: Days) -> When {
        When::of(tokens, days, Grain::Day)
    }
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
                let speech = speech::is_speech(scan, &range, &when.tokens);
                if !speech::is_of_response(scan, &range, &when.tokens) {
                    found.push(When { speech, ..when });
                }
            }
            None => at += 1,
        }
    }
    found
}

/// The words that open a time, but for numbers, months and weekdays.
const OPENING: &Lot = &lot(&[
    "today",
    "tonight",
    "yesterday",
    "last",
    "night",
    "this",
    "day",
    "earlier",
    "past",
    "the",
    "overnight",
    "during",
    "through",
    "throughout",
    "in",
    "on",
    "around",
    "about",
    "near",
    "at",
    "after",
    "before",
    "since",
    "between",
    "from",
    "first",
    "second",
    "previous",
    "a",
    "one",
]);

/// Reads time expressions up to the end of one sentence.
struct Reader<'s, 'l, 't> {
    scan: &'s Scan<'l, 't>,
    today: Date,
    end: usize,
}

impl Reader<'_, '_, '_> {
    fn at(&self, i: usize) -> Option<When> {
        if !self.may_open(i) {
            return None;
        }
        self.fixed(i)
            .or_else(|| self.night(i))
            .or_else(|| self.period(i))
            .or_else(|| self.ago(i))
            .or_else(|| self.named_unit(i))
            .or_else(|| self.numeric(i))
            .or_else(|| self.calendar(i))
            .or_else(|| self.weekday(i))
            .or_else(|| self.year(i))
    }

    /// Whether any of the rules begins with such a word: most words open nothing. A
    /// rule that opens with a new word adds it to `OPENING`.
    fn may_open(&self, i: usize) -> bool {
        let tokens = &self.scan.tokens;
        let named = |word: &str| month_number(word).is_some() || weekday_number(word).is_some();
        match tokens.get(i).shape {
            Shape::Number => true,
            Shape::Mark => self.scan.numeral(i).is_some(),
            Shape::Word => {
                self.scan.is_word(i, OPENING)
                    || self.scan.numeral(i).is_some()
                    || tokens.get(i).capital && named(tokens.lower(i))
            }
        }
    }

    fn word(&self, i: usize) -> &str {
        if i < self.end { self.scan.tokens.lower(i) } else { "" }
    }

    fn word_before(&self, i: usize) -> &str {
        if i == 0 { "" } else { self.scan.tokens.lower(i - 1) }
    }

    /// The day that many days before today.
    fn back(&self, days: i64) -> Date {
        shifted(self.today, -days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

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
            ("over the past day", "2019-01-09/2019-01-10", Day),
            ("during the night", "2019-01-09/2019-01-10", Day),
            ("around midnight", "2019-01-09/2019-01-10", Day),
            ("during the night on Tuesday", "2019-01-07/2019-01-08", Day),
            ("Wednesday night", "2019-01-09/2019-01-09", Day),
            ("overnight into Wednesday", "2019-01-08/2019-01-09", Day),
            ("overnight Tuesday to Wednesday", "2019-01-08/2019-01-09", Day),
            ("in the night from Tuesday to Wednesday", "2019-01-08/2019-01-09", Day),
            ("late Tuesday and early Wednesday", "2019-01-08/2019-01-09", Day),
            ("on Tuesday and Wednesday", "2019-01-08/2019-01-09", Day),
            ("in the night between January 7 and 8", "2019-01-07/2019-01-08", Day),
            ("on January 7-8", "2019-01-07/2019-01-08", Day),
            ("over the weekend", "2019-01-05/2019-01-06", Day),
            ("the day before yesterday", "2019-01-08/2019-01-08", Day),
            ("two nights ago", "2019-01-08/2019-01-08", Day),
            ("on 2019-01-08", "2019-01-08/2019-01-08", Day),
            ("on 08/01/2019", "2019-01-08/2019-01-08", Day),
            ("on 12/25/2018", "2018-12-25/2018-12-25", Day),
            ("on the 8th of January 2019", "2019-01-08/2019-01-08", Day),
            ("Tuesday, January 8, 2019", "2019-01-08/2019-01-08", Day),
            ("a deadly 2014 bombing", "2014-01-01/2014-12-31", Loose),
            ("in May last year", "2018-05-01/2018-05-31", Loose),
            ("on 3 May of last year", "2018-05-03/2018-05-03", Day),
            ("this winter", "2018-12-01/2019-02-28", Loose),
            ("last summer", "2018-06-01/2018-08-31", Loose),
            ("since the invasion on 3 May 2018", "2018-05-03/2019-01-10", Period),
            ("in early May 2014", "2014-05-01/2014-05-31", Loose),
            ("killed, two days after the vote", "2019-01-08/2019-01-08", Day),
            ("between Sunday and Wednesday", "2019-01-06/2019-01-09", Day),
            ("since Monday", "2019-01-07/2019-01-10", Period),
            ("killed, 48 hours after the vote", "2019-01-08/2019-01-08", Day),
            ("killed, a week to the day after the vote", "2019-01-03/2019-01-03", Day),
            ("between March and June 2018", "2018-03-01/2018-06-30", Period),
        ] {
            assert_eq!(read(text), vec![(days.to_owned(), grain)], "{text}");
        }
    }

    #[test]
    fn a_day_of_speech_is_not_the_deeds() {
        let lexicon = Lexicon::embedded();
        for (text, speech) in [
            ("officials said on Monday", true),
            ("police told reporters late on Monday", true),
            ("a doctor told the BBC on Monday", true),
            ("in a statement on Monday", true),
            ("By Monday the dead were twelve", true),
            ("BAGHDAD, Jan. 7 (Wire) - A bomb went off", true),
            ("KABUL, Jan 7: A bomb went off", true),
            ("January 7, 2019", true),
            ("a bomb went off on Monday", false),
            ("the attack on Monday killed six", false),
            ("Monday's attack", false),
        ] {
            let scan = Scan::of(&lexicon, &Article::default(), text);
            let read = times(&scan, 0..scan.tokens.len(), date(2019, 1, 10));
            assert_eq!(read.iter().map(|w| w.speech).collect::<Vec<_>>(), vec![speech], "{text}");
        }
    }

    #[test]
    fn nonsense_names_no_day() {
        for text in [
            "31 February",
            "may be killed",
            "99 May",
            "32 January",
            "march on",
            "2019-13-45",
            "31/31/2019",
            "0/0/0000",
            "on 9999-99-99",
            "the night",
            "a weekend break",
            "the chairman, Monday Kassah, said",
        ] {
            assert_eq!(read(text), vec![], "{text}");
        }
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_trap() {
        let lexicon = Lexicon::embedded();
        for text in [
            "two days ago",
            "9999 years ago",
            "overnight",
            "last year",
            "last month",
            "on Monday",
            "in the past 100000 years",
            "over the weekend",
            "since January",
            "January 1",
        ] {
            for today in [Date::MIN, Date::MAX, date(1970, 1, 1)] {
                let scan = Scan::of(&lexicon, &Article::default(), text);
                let read = times(&scan, 0..scan.tokens.len(), today);
                assert!(read.iter().all(|w| w.days.first() <= w.days.last()), "{text} {today}");
            }
        }
    }
}
