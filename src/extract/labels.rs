//! Numbers that count nobody: labels ("Unit 731", "phase two"), dates, ages, measures.

use super::calendar::month_number;
use super::nouns::{age, is_plural};
use super::quantity::{follows_range, is_plus};
use super::scan::Scan;
use crate::lexicon::terms::Class;
use crate::text::numerals::Numeral;
use crate::text::tokens::Shape;

pub(super) fn is_label(scan: &Scan<'_, '_>, i: usize, numeral: Numeral) -> bool {
    let tokens = &scan.tokens;
    let after = i + numeral.tokens;
    let glued = after < tokens.len() && !tokens.get(after).spaced;
    let next = tokens.lower(after);
    // "killed three: two guards and a cook" has a colon, and is no time of day.
    let closing = next == ":" && after + 1 < tokens.len() && tokens.get(after + 1).spaced;
    let marked = matches!(next, "%" | "/") || (next == ":" && !closing);
    if glued && (tokens.get(after).shape == Shape::Word || marked) {
        return true;
    }
    if glued && tokens.is_hyphen(after) && !follows_range(scan, after) && numeral.digits {
        return !is_plus(scan, after);
    }
    // "a 26 year old villager".
    if age(scan, after.saturating_sub(1)).is_some() {
        return true;
    }
    // "three-year-old", "five-man".
    if glued && tokens.is_hyphen(after) && scan.is_word(after + 1, MEASURES) {
        return true;
    }
    let previous = if i == 0 { "" } else { tokens.lower(i - 1) };
    let joined_before = i > 0
        && !tokens.get(i).spaced
        && matches!(previous, "-" | "–" | "/" | ":" | "." | "$" | "£" | "€" | "#");
    let decimal = numeral.digits && numeral.tokens == 1 && tokens.text(i).contains('.');
    let year = numeral.digits
        && numeral.tokens == 1
        && (1900..=2100).contains(&numeral.value)
        && tokens.text(i).len() == 4
        && !(scan.is(after, Class::Person) || previous == "least" || previous == "than");
    is_dated(scan, i, numeral)
        || is_age(scan, i, after)
        || (joined_before && !is_range_end(scan, i))
        || decimal
        || is_labelling(previous) && !(AREAS.contains(&previous) && counts(scan, after))
        || year
        || matches!(
            next,
            "percent" | "a.m." | "p.m." | "am" | "pm" | "o'clock" | "km" | "kms" | "kg"
        )
        || (numeral.digits && next == "per" && tokens.lower(after + 1) == "cent")
}

/// Words behind which a number names and does not count.
fn is_labelling(previous: &str) -> bool {
    matches!(
        previous,
        "no" | "number"
            | "highway"
            | "route"
            | "rs"
            | "article"
            | "flight"
            | "page"
            | "aged"
            | "age"
            | "chapter"
            | "section"
            | "room"
            | "battalion"
            | "battalions"
            | "brigade"
            | "brigades"
            | "division"
            | "block"
            | "ward"
            | "sector"
            | "zone"
            | "phase"
            | "grade"
            | "unit"
            | "corps"
            | "area"
            | "since"
    )
}

/// "in the Kunduz *area* 12 people were killed": words that also end the name of a land.
const AREAS: &[&str] = &["area", "zone", "sector", "division", "ward", "block"];

/// Whether the word behind a number is one of people.
fn counts(scan: &Scan<'_, '_>, after: usize) -> bool {
    scan.is_any(after, &[Class::Person, Class::Modifier, Class::More])
}

fn is_month(word: &str) -> bool {
    month_number(word).is_some()
}

/// "12 May", "May 12", "Nov. 3".
fn is_dated(scan: &Scan<'_, '_>, i: usize, numeral: Numeral) -> bool {
    let tokens = &scan.tokens;
    let after = i + numeral.tokens;
    let next = tokens.lower(after);
    let previous = if i == 0 { "" } else { tokens.lower(i - 1) };
    let month_before =
        is_month(previous) || (previous == "." && i > 1 && is_month(tokens.lower(i - 2)));
    // "in January 28 pilgrims died" counts them.
    let counted =
        month_before && i > 1 && scan.is_word(i - 2, &["in"]) && scan.is(after, Class::Person);
    numeral.digits
        && !counted
        && numeral.value <= 31
        && (month_before || (is_month(next) && (next != "may" || tokens.get(after).capital)))
}

/// What a number glued to it measures and does not count.
const MEASURES: &[&str] =
    &["year", "month", "week", "day", "hour", "minute", "man", "member", "storey", "story", "mile"];

/// "Karim Wali, 43, was": an age behind a name; "aged between 12 and 14".
fn is_age(scan: &Scan<'_, '_>, i: usize, after: usize) -> bool {
    let tokens = &scan.tokens;
    let named = i >= 2
        && scan.is_word(i - 1, &[",", "("])
        && tokens.get(i - 2).shape == Shape::Word
        && tokens.get(i - 2).capital;
    let closed = scan.is_word(after, &[",", ")", "."]) || after == tokens.len();
    // "Rahat Hussain and Bashir Jan, both 22, were".
    let shared = i >= 3
        && scan.is_word(i - 1, &["both", "all"])
        && scan.is_word(i - 2, &[","])
        && tokens.get(i - 3).capital
        && closed;
    let aged = i >= 2
        && scan.is_word(i - 1, &["between", "from", "about", "only", "just"])
        && scan.is_word(i - 2, &["aged", "age"]);
    // "aged four and seven".
    let second = i >= 3
        && scan.is_word(i - 1, &["and"])
        && scan.is_word(i - 3, &["aged", "age"])
        && !counts(scan, after);
    // "The suspect, 43, was found dead."
    let person = i >= 2
        && scan.is_word(i - 1, &[","])
        && scan.is_word(after, &[","])
        && scan.is(scan.head(i - 2), Class::Person)
        && !is_plural(scan, scan.head(i - 2));
    aged || second || shared || person || (named && closed && after == i + 1)
}

fn is_range_end(scan: &Scan<'_, '_>, i: usize) -> bool {
    i >= 2 && scan.tokens.is_hyphen(i - 1) && scan.tokens.get(i - 2).shape == Shape::Number
}
