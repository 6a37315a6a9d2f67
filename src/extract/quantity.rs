//! Reads how many: a numeral or a vague word with the qualifiers around it, as
//! bounds. Leaves what is counted to `groups`.

use std::ops::Range;

use super::calendar::month_number;
use super::event::Count;
use super::nouns::age;
use super::scan::Scan;
use crate::lexicon::terms::{Class, VagueCount};
use crate::text::numerals::Numeral;
use crate::text::tokens::Shape;

/// No attack or war of the news has cost more people: a larger number is a slip or a
/// trick, and is doubted.
pub const MOST_BELIEVED: u32 = 20_000_000;

/// The numbers of people that are too large to be believed, as written.
pub fn doubted<'t>(scan: &Scan<'_, 't>) -> Vec<&'t str> {
    let counts = |i: usize| {
        (i + 1..i + 4).any(|t| scan.is_any(t, &[Class::Person, Class::KillEd, Class::WoundEd]))
    };
    let large = |i: &usize| {
        let token = scan.tokens.get(*i);
        token.shape == Shape::Number
            && token.end - token.start > 7
            && !scan.tokens.text(*i).contains('.')
            && scan.numeral(*i).is_none_or(|n| n.value > MOST_BELIEVED)
    };
    (0..scan.tokens.len())
        .filter(large)
        .filter(|i| counts(*i))
        .take(MOST_DOUBTS)
        .map(|i| scan.tokens.text(i))
        .collect()
}

/// So many numbers are named at most in one reading's doubts.
const MOST_DOUBTS: usize = 5;

/// A count as worded, before anybody says whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// From the first qualifier to the last token of the count.
    pub tokens: Range<usize>,
    pub count: Count,
    /// "another", "a further", "more": other people than those counted before.
    pub more: bool,
    /// "the 12", "those 12", "all 12": told before.
    pub definite: bool,
    /// "dozens", "several": a word and no number.
    pub vague: bool,
}

/// How the qualifiers bound the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Bound {
    #[default]
    Exact,
    AtLeast,
    MoreThan,
    UpTo,
    LessThan,
}

#[derive(Default)]
struct Qualifiers {
    bound: Bound,
    more: bool,
    definite: bool,
    between: bool,
    end: usize,
}

/// The quantity that begins at token `i`, inside a sentence that ends at `end`.
pub fn read(scan: &Scan<'_, '_>, i: usize, end: usize) -> Option<Quantity> {
    if !may_open(scan, i) {
        return None;
    }
    let qualifiers = read_qualifiers(scan, i, end);
    let at = qualifiers.end;
    if at >= end {
        return None;
    }
    let (count, after, vague) = match number(scan, at) {
        Some(numeral) => {
            let (count, after) = bounded(scan, &qualifiers, numeral, at);
            // "from one family": no range, so the preposition is none of the count's.
            if qualifiers.between && after == at + numeral.tokens {
                return None;
            }
            (count, after, false)
        }
        None => {
            let vague = vague(scan, at)?;
            let count = vague_count(vague, qualifiers.bound);
            (count, at + scan.span(at), true)
        }
    };
    let Qualifiers { more, definite, .. } = qualifiers;
    Some(Quantity { tokens: i..after, count, more, definite, vague })
}

/// Whether a quantity can begin at a token: with a number, a qualifier or an article,
/// which are all that `Qualifiers::take` takes.
fn may_open(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.numeral(i).is_some() || scan.is_any(i, OPENING) || scan.is_word(i, ARTICLES)
}

const OPENING: &[Class] = &[
    Class::Vague,
    Class::AtLeast,
    Class::MoreThan,
    Class::UpTo,
    Class::LessThan,
    Class::About,
    Class::Between,
    Class::More,
    Class::ExactMark,
];

const ARTICLES: &[&str; 7] = &["the", "its", "their", "his", "her", "those", "these"];

/// Tokens that may stand before a number and bound it: no more are looked at.
const QUALIFIERS: usize = 12;

fn read_qualifiers(scan: &Scan<'_, '_>, i: usize, end: usize) -> Qualifiers {
    let mut found = Qualifiers { end: i, ..Qualifiers::default() };
    let limit = end.min(i + QUALIFIERS);
    while found.end < limit && found.take(scan) {}
    found
}

impl Qualifiers {
    /// Takes the qualifier at `end`; false if there is none. "some" and "a dozen"
    /// are qualifiers only before a number.
    fn take(&mut self, scan: &Scan<'_, '_>) -> bool {
        let at = self.end;
        if number(scan, at).is_some() {
            return false;
        }
        let next = at + scan.span(at);
        let term = match scan.term(at) {
            Some(term) if !term.is(Class::Vague) || number(scan, next).is_some() => term,
            _ => return self.take_article(scan),
        };
        let bound = [
            (Class::AtLeast, Bound::AtLeast),
            (Class::MoreThan, Bound::MoreThan),
            (Class::UpTo, Bound::UpTo),
            (Class::LessThan, Bound::LessThan),
        ]
        .into_iter()
        .find(|(class, _)| term.is(*class));
        match bound {
            Some((_, bound)) => self.bound = bound,
            None if term.is(Class::About) => {}
            None if term.is(Class::Between) => self.between = true,
            None if term.is(Class::More) => self.more = true,
            None if term.is(Class::ExactMark) => self.definite |= is_definite(scan, at),
            None => return self.take_article(scan),
        }
        self.end = next;
        true
    }

    /// "the 12", "its 12", "a further 12".
    fn take_article(&mut self, scan: &Scan<'_, '_>) -> bool {
        let article = scan.is_word(self.end, ARTICLES);
        if article {
            self.definite = true;
            self.end += 1;
        }
        article
    }
}

fn is_definite(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.is_word(i, &["the", "these", "those"])
}

/// A cardinal that can count people: not a date, a time, an age, a sum of money,
/// a percentage, a decimal or a unit's number.
fn number(scan: &Scan<'_, '_>, i: usize) -> Option<Numeral> {
    let numeral = scan.numeral(i)?;
    (!is_label(scan, i, numeral)).then_some(numeral)
}

fn is_label(scan: &Scan<'_, '_>, i: usize, numeral: Numeral) -> bool {
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
        || is_labelling(previous)
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
    let second = i >= 3 && scan.is_word(i - 1, &["and"]) && scan.is_word(i - 3, &["aged", "age"]);
    aged || second || shared || (named && closed && after == i + 1)
}

/// `10-12`, `10–12`, `10-to-12`: the hyphen after the first number begins a second one.
fn follows_range(scan: &Scan<'_, '_>, hyphen: usize) -> bool {
    let to = scan.is_word(hyphen + 1, &["to"]) && scan.tokens.is_hyphen(hyphen + 2);
    let second = hyphen + if to { 3 } else { 1 };
    scan.tokens.text(second).bytes().next().is_some_and(|b| b.is_ascii_digit())
}

fn is_range_end(scan: &Scan<'_, '_>, i: usize) -> bool {
    i >= 2 && scan.tokens.is_hyphen(i - 1) && scan.tokens.get(i - 2).shape == Shape::Number
}

/// `30-plus`, `twenty-odd`.
fn is_plus(scan: &Scan<'_, '_>, hyphen: usize) -> bool {
    scan.is_word(hyphen + 1, &["plus", "odd", "some", "strong"])
}

/// The bounds of a number with its qualifiers, and the token after it.
fn bounded(scan: &Scan<'_, '_>, q: &Qualifiers, numeral: Numeral, at: usize) -> (Count, usize) {
    let n = numeral.value;
    let mut after = at + numeral.tokens;
    if let Some((high, end)) = range_end(scan, q, after) {
        return (Count::between(n, high), end);
    }
    let mut bound = q.bound;
    if scan.is_word(after, &["+"]) {
        bound = Bound::AtLeast;
        after += 1;
    } else if scan.tokens.is_hyphen(after) && scan.is_word(after + 1, &["odd", "some"]) {
        return (Count::between(n, n.saturating_add(9)), after + 2);
    } else if scan.tokens.is_hyphen(after) && is_plus(scan, after) {
        bound = Bound::AtLeast;
        after += 2;
    } else if scan.is_word(after, &["or"]) && scan.is_word(after + 1, &["more"])
        || scan.is(after, Class::AtLeast) && scan.is_word(after, &["or"])
    {
        bound = Bound::AtLeast;
        after += scan.span(after).max(2);
    } else if scan.is_word(after, &["or"]) && scan.is_word(after + 1, &["so"]) {
        after += 2;
    } else if let Some(open) = perhaps_more(scan, after) {
        bound = Bound::AtLeast;
        after = open;
    }
    (with_bound(n, bound), after)
}

/// "30 *and perhaps more*", "30, *if not more*".
fn perhaps_more(scan: &Scan<'_, '_>, after: usize) -> Option<usize> {
    let at = after + usize::from(scan.is_word(after, &[","]));
    let doubt = scan.is_word(at, &["and", "or"])
        && scan.is_word(at + 1, &["perhaps", "possibly", "maybe", "probably"])
        || scan.is_word(at, &["if"]) && scan.is_word(at + 1, &["not"]);
    (doubt && scan.is_word(at + 2, &["more"])).then_some(at + 3)
}

fn with_bound(n: u32, bound: Bound) -> Count {
    match bound {
        Bound::Exact => Count::exactly(n),
        Bound::AtLeast => Count::at_least(n),
        Bound::MoreThan => Count::at_least(n.saturating_add(1)),
        Bound::UpTo => Count::at_most(n),
        Bound::LessThan => Count::at_most(n.saturating_sub(1)),
    }
}

/// The second number of "10 to 12", "between 10 and 12", "five or six", "10-12".
fn range_end(scan: &Scan<'_, '_>, q: &Qualifiers, after: usize) -> Option<(u32, usize)> {
    let joins = scan.is_word(after, &["to", "or"])
        || (q.between && scan.is_word(after, &["and"]))
        || scan.tokens.is_hyphen(after);
    let perhaps = after + usize::from(scan.is_word(after, &[","]));
    if scan.is_word(perhaps, &["possibly", "perhaps", "maybe"]) {
        let second = scan.numeral(perhaps + 1)?;
        let end = perhaps + 1 + second.tokens;
        let closing = perhaps > after && scan.is_word(end, &[","]);
        return Some((second.value, end + usize::from(closing)));
    }
    let to = scan.tokens.is_hyphen(after) && scan.is_word(after + 1, &["to"]);
    let skipped = after + if to { 3 } else { 1 };
    let second = joins.then(|| scan.numeral(skipped)).flatten()?;
    Some((second.value, skipped + second.tokens))
}

fn vague(scan: &Scan<'_, '_>, i: usize) -> Option<VagueCount> {
    scan.term(i).and_then(|term| term.vague)
}

/// "more than a dozen" is 13 or more; "dozens" is 24 or more whatever stands before it.
fn vague_count(vague: VagueCount, bound: Bound) -> Count {
    if vague.high == Some(vague.best) {
        with_bound(vague.best, bound)
    } else {
        Count::around(Some(vague.low), vague.best, vague.high)
    }
}

#[cfg(test)]
mod tests {
    use super::doubted;
    use crate::article::Article;
    use crate::extract::scan::Scan;
    use crate::lexicon::Lexicon;

    #[test]
    fn numbers_beyond_belief_are_named() {
        let lexicon = Lexicon::embedded();
        for (text, found) in [
            ("Gunmen killed 999999999 people.", vec!["999999999"]),
            ("99999999999999999999 people were killed.", vec!["99999999999999999999"]),
            ("The war killed 15,000,000 people and cost $90000000000.", vec![]),
            ("Call 0093700123456 for help.", vec![]),
        ] {
            let scan = Scan::of(&lexicon, &Article::default(), text);
            assert_eq!(doubted(&scan), found, "{text}");
        }
    }
}
