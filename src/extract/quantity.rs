//! Reads how many: a numeral or a vague word with the qualifiers around it, as
//! bounds. Leaves what is counted to `groups`.

use std::ops::Range;

use super::event::Count;
use super::labels::is_label;
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

/// `10-12`, `10–12`, `10-to-12`: the hyphen after the first number begins a second one.
pub(super) fn follows_range(scan: &Scan<'_, '_>, hyphen: usize) -> bool {
    let to = scan.is_word(hyphen + 1, &["to"]) && scan.tokens.is_hyphen(hyphen + 2);
    let second = hyphen + if to { 3 } else { 1 };
    scan.tokens.text(second).bytes().next().is_some_and(|b| b.is_ascii_digit())
}

/// `30-plus`, `twenty-odd`.
pub(super) fn is_plus(scan: &Scan<'_, '_>, hyphen: usize) -> bool {
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
