//! Days, weeks, months and years as spans of days, and their English names.

use jiff::Span;
use jiff::civil::{Date, Weekday, date};

use super::event::Days;

/// The day that many days later; never beyond what a date can hold.
pub fn shifted(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days.clamp(-4_000_000, 4_000_000)))
}

/// Monday to Sunday of the day's week.
pub fn week_of(day: Date) -> Days {
    let monday = shifted(day, -i64::from(day.weekday().since(Weekday::Monday)));
    Days::between(monday, shifted(monday, 6))
}

/// First to last day of the month.
pub fn month_of(day: Date) -> Days {
    Days::between(day.first_of_month(), day.last_of_month())
}

/// First to last day of the year.
pub fn year_of(year: i16) -> Days {
    let year = year.clamp(1, 9999);
    Days::between(date(year, 1, 1), date(year, 12, 31))
}

/// Days of a unit of time, in round numbers.
pub fn unit_days(word: &str) -> Option<i64> {
    match word {
        "day" | "days" | "night" | "nights" => Some(1),
        "week" | "weeks" => Some(7),
        "fortnight" | "fortnights" => Some(14),
        "month" | "months" => Some(30),
        "year" | "years" => Some(365),
        _ => None,
    }
}

/// 1 to 12, by the month's name or its usual abbreviation in lower case.
pub fn month_number(word: &str) -> Option<i8> {
    Some(match word {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sep" | "sept" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// The weekday by its name or usual abbreviation in lower case.
pub fn weekday_number(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" | "tues" => Weekday::Tuesday,
        "wednesday" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" | "thurs" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// Whether the word is the name of a month or a weekday, and not short for it.
pub fn is_named_in_full(word: &str) -> bool {
    let named = month_number(word).is_some() || weekday_number(word).is_some();
    let short = word.len() <= 3 && word != "may" || matches!(word, "sept" | "tues" | "thurs");
    named && !short
}
