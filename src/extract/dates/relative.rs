//! Days counted from today: "yesterday", "overnight", "two days ago", "last week".

use std::ops::Range;

use jiff::Span;
use jiff::civil::{Date, Weekday, date};

use super::{Grain, Reader, When};
use crate::extract::calendar::{month_of, shifted, unit_days, week_of, weekday_number, year_of};
use crate::extract::event::Days;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;

impl Reader<'_, '_, '_> {
    /// "today", "yesterday", "last night", "over the weekend".
    pub(super) fn fixed(&self, i: usize) -> Option<When> {
        let (tokens, first, last) = match (self.word(i), self.word(i + 1), self.word(i + 2)) {
            ("today" | "tonight", ..) => (1, 0, 0),
            // "It feels like yesterday" dates nothing.
            ("yesterday", ..) if self.word_before(i) == "like" => return None,
            ("yesterday", ..) => (1, 1, 1),
            ("last", "night", _) => (2, 1, 0),
            ("night", "before", "last") => (3, 2, 1),
            ("night", "before", _) => (2, 1, 0),
            ("this", "morning" | "afternoon" | "evening", _) => (2, 0, 0),
            ("day", "before", "yesterday") => (3, 2, 2),
            ("earlier", "today", _) => (2, 0, 0),
            ("past" | "last", "24", _) | ("past" | "last", "twenty", "four") => (3, 1, 0),
            ("past" | "last", "48", _) => (3, 2, 0),
            ("past" | "last", "day", _) if self.word_before(i) == "the" => (2, 1, 0),
            ("the" | "this" | "past", "weekend", _) => return Some(self.weekend(i)),
            _ => return None,
        };
        Some(When::day(i..i + tokens, Days::between(self.back(first), self.back(last))))
    }

    /// The Saturday and Sunday last begun.
    fn weekend(&self, i: usize) -> When {
        let since = i64::from(self.today.weekday().since(Weekday::Saturday));
        let saturday = self.back(since);
        let sunday = shifted(saturday, 1).min(self.today);
        When::day(i..i + 2, Days::between(saturday, sunday))
    }

    /// "overnight", "during the night", "around midnight", "overnight into Sunday":
    /// two days, the later the one that is named or today.
    pub(super) fn night(&self, i: usize) -> Option<When> {
        let tokens = match (self.word(i), self.word(i + 1), self.word(i + 2)) {
            ("overnight", ..) => 1,
            ("during" | "through" | "throughout" | "in" | "on", "the", "night") => 3,
            ("the", "night", "between" | "of") => 2,
            ("around" | "about" | "near" | "at" | "after" | "before", "midnight", _) => 2,
            _ => return None,
        };
        let end = i + tokens;
        let joint = |at: usize| {
            matches!(self.word(at), "on" | "into" | "of" | "from" | "between" | "to" | "late")
        };
        let mut at = end;
        while joint(at) && at < end + 2 {
            at += 1;
        }
        let named = self.weekday(at).or_else(|| self.calendar(at));
        let Some(named) = named.filter(|w| w.grain == Grain::Day) else {
            return Some(When::day(i..end, Days::between(self.back(1), self.today)));
        };
        let (first, last) = (named.days.first(), named.days.last());
        let days = match first < last {
            true => named.days,
            // "Overnight on Saturday", told on Sunday, ran into Sunday.
            false if self.word(end) != "into" && first < self.today && tokens == 1 => {
                Days::between(first, shifted(first, 1))
            }
            false => Days::between(shifted(first, -1), first),
        };
        Some(When::day(i..named.tokens.end, days))
    }

    /// "two days ago", "a day earlier", "the previous day", "three weeks before", "24
    /// hours earlier"; ", two days after …" tells of what follows, "the next day" of what
    /// comes after the day told before.
    pub(super) fn ago(&self, i: usize) -> Option<When> {
        if let Some(next) = self.next_of_told(i) {
            return Some(next);
        }
        let (n, at) = match self.word(i) {
            "a" | "one" | "the" => (1, i + 1),
            _ => {
                let n = self.scan.numeral(i)?;
                (i64::from(n.value.min(10_000)), i + n.tokens)
            }
        };
        if self.word(at) == "previous" && matches!(self.word(at + 1), "day" | "night" | "evening") {
            return Some(self.days_back(i..at + 2, 1, 1, true));
        }
        // Not "in the 48 hours before the vote".
        let span = matches!(self.word_before(i), "the" | "past" | "last" | "first");
        let hours = self.word(at) == "hours" && n % 24 == 0 && n > 0 && !span;
        let (n, unit) = if hours { (n / 24, 1) } else { (n, unit_days(self.word(at))?) };
        // "a week to the day after".
        let exact = matches!((self.word(at + 1), self.word(at + 3)), ("to", "day"));
        let at = at + 3 * usize::from(exact);
        let (n, unit) = if exact { (n * unit, 1) } else { (n, unit) };
        let behind = self.word(at + 1);
        // "The night before", "the day before yesterday" are `fixed`.
        let fixed = self.word(at) == "night" || self.word(at + 2) == "yesterday";
        let relative = match behind {
            "before" if n == 1 && fixed => return None,
            // "killed 16, two weeks *before an election*".
            "before" if self.names_what_came(at + 2) => return None,
            "ago" => false,
            "earlier" | "before" | "prior" => true,
            "after" if (unit > 1 || n <= 3 || exact) && self.follows_break(i) => true,
            _ => return None,
        };
        Some(self.days_back(i..at + 2, n, unit, relative))
    }

    /// "the next day", "the following night", "the day after".
    fn next_of_told(&self, i: usize) -> Option<When> {
        let next = matches!(self.word(i + 1), "next" | "following")
            && self.word(i) == "the"
            && matches!(self.word(i + 2), "day" | "night" | "morning" | "evening");
        // "*The day after,* another killed nine".
        let after = self.word(i) == "the"
            && self.word(i + 1) == "day"
            && self.word(i + 2) == "after"
            && self.word(i + 3) == ",";
        (next || after).then(|| self.days_back(i..i + 3, -1, 1, true))
    }

    /// Whether the words at `at` are what the time is counted to.
    fn names_what_came(&self, at: usize) -> bool {
        let article =
            matches!(self.word(at), "a" | "an" | "the" | "its" | "his" | "their" | "her" | "this");
        article || matches!(self.word(at + 1), "election" | "elections" | "vote" | "polls")
    }

    fn follows_break(&self, i: usize) -> bool {
        matches!(
            self.word_before(i),
            "," | "comes" | "come" | "came" | "just" | "barely" | "only" | "exactly"
        )
    }

    fn days_back(&self, tokens: Range<usize>, n: i64, unit: i64, relative: bool) -> When {
        let (days, grain) = match unit {
            1 => (Days::on(self.back(n)), Grain::Day),
            7 | 14 => (week_of(self.back(unit * n)), Grain::Loose),
            30 => (
                month_of(self.today.saturating_sub(Span::new().months(n.min(12_000)))),
                Grain::Loose,
            ),
            _ => (year_of(self.today.year().saturating_sub(n.min(9000) as i16)), Grain::Loose),
        };
        When { relative, ..When::of(tokens, days, grain) }
    }

    /// "last week", "earlier this month", "this week", "last year".
    pub(super) fn named_unit(&self, i: usize) -> Option<When> {
        let (days, tokens) = match (self.word(i), self.word(i + 1), self.word(i + 2)) {
            ("last" | "previous", "week", _) => (week_of(self.back(7)), 2),
            ("last" | "previous", "month", _) => {
                (month_of(self.today.saturating_sub(Span::new().months(1))), 2)
            }
            ("last" | "previous", "year", _) => (year_of(self.today.year().saturating_sub(1)), 2),
            ("this" | "last", "spring" | "summer" | "autumn" | "fall" | "winter", _) => {
                (self.season(self.word(i + 1), self.word(i) == "last")?, 2)
            }
            ("earlier", "this", "week") => (Days::between(self.monday(), self.today), 3),
            ("this", "week", _) => (Days::between(self.monday(), self.today), 2),
            ("earlier", "this", "month") => {
                (Days::between(self.today.first_of_month(), self.today), 3)
            }
            ("earlier", "this", "year") => {
                (Days::between(date(self.today.year(), 1, 1), self.today), 3)
            }
            _ => return None,
        };
        Some(When::of(i..i + tokens, days, Grain::Loose))
    }

    /// The season last begun, as the north counts them; "last" is one that is over.
    fn season(&self, name: &str, over: bool) -> Option<Days> {
        let first = match name {
            "spring" => 3,
            "summer" => 6,
            "winter" => 12,
            _ => 9,
        };
        let mut start = Date::new(self.today.year(), first, 1).ok()?;
        let end = |start: Date| start.saturating_add(Span::new().months(2)).last_of_month();
        if start > self.today || over && end(start) >= self.today {
            start = Date::new(self.today.year().checked_sub(1)?, first, 1).ok()?;
        }
        Some(Days::between(start, end(start)))
    }

    fn monday(&self) -> Date {
        week_of(self.today).first()
    }

    /// "Thursday", "last Monday", "Thursday night"; "Sunday night and Monday" and
    /// "from Sunday to Monday" are both days.
    pub(super) fn weekday(&self, i: usize) -> Option<When> {
        let day = self.weekday_at(i)?;
        if let Some(dated) = self.dated(i) {
            return Some(dated);
        }
        let days = match self.next_day(i, day) {
            Some((at, next)) => {
                let last = self.recent(next, i);
                let first = shifted(last, -i64::from(next.since(day)));
                return Some(When::day(i..at + 1, Days::between(first, last)));
            }
            None => Days::on(self.recent(day, i)),
        };
        Some(When::day(i..i + 1, days))
    }

    /// "Tuesday, January 8, 2019": the date decides.
    fn dated(&self, i: usize) -> Option<When> {
        let at = i + 1 + usize::from(self.word(i + 1) == ",");
        let date = self.calendar(at).filter(|w| w.grain == Grain::Day)?;
        Some(When { tokens: i..date.tokens.end, ..date })
    }

    fn weekday_at(&self, i: usize) -> Option<Weekday> {
        if i >= self.end || self.word_before(i) == "next" || self.is_given_name(i) {
            return None;
        }
        weekday_number(self.word(i)).filter(|_| self.scan.tokens.get(i).capital)
    }

    /// "The chairman, Monday Kassah, said": a man's name.
    fn is_given_name(&self, i: usize) -> bool {
        let named = |at: usize| {
            let token = self.scan.tokens.get(at.min(self.scan.tokens.len() - 1));
            at < self.end && token.capital && token.shape == Shape::Word
        };
        let title = |at: usize| self.scan.is(at, Class::Speaker) || self.word(at) == ",";
        i > 0
            && title(i - 1)
            && named(i + 1)
            && matches!(self.word(i + 2), "," | "said" | "told" | "who")
    }

    /// The most recent such weekday, today included.
    fn recent(&self, day: Weekday, i: usize) -> Date {
        let back = i64::from(self.today.weekday().since(day));
        self.back(if back == 0 && self.word_before(i) == "last" { 7 } else { back })
    }

    /// The weekday after this one, named right behind it.
    fn next_day(&self, i: usize, day: Weekday) -> Option<(usize, Weekday)> {
        let parts = |at: usize| {
            matches!(
                self.word(at),
                "and"
                    | "to"
                    | "into"
                    | "-"
                    | "–"
                    | "night"
                    | "evening"
                    | "early"
                    | "morning"
                    | "late"
                    | "or"
                    | "on"
            )
        };
        let at = (i + 1..i + 6).find(|at| !parts(*at))?;
        // "between Saturday and Monday".
        let most = if matches!(self.word_before(i), "between" | "from") { 4 } else { 1 };
        let next = self.weekday_at(at).filter(|next| (1..=most).contains(&next.since(day)))?;
        (at > i + 1).then_some((at, next))
    }
}
