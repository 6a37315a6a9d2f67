//! Finds a single victim who is not counted: a name, or a title in the singular.

use std::ops::Range;

use super::event::{Count, Party};
use super::groups::{Group, Noun};
use super::nouns::{STOPS, is_function_word};
use super::scan::Scan;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;

/// "Judge Karimi was shot dead", "The muezzin of the mosque has been killed": the
/// subject of a passive in the singular at `at`. Nothing for pronouns: they point
/// at somebody counted before.
pub fn subject(scan: &Scan<'_, '_>, start: usize, at: usize) -> Option<Group> {
    let be = (start.max(at.saturating_sub(5))..at).rev().find(|i| {
        scan.is_word(*i, &["was", "is"])
            || (scan.is_word(*i, &["has", "had"]) && scan.is_word(*i + 1, &["been"]))
    })?;
    let clause = clause_start(scan, start, be)..be;
    let last = clause.clone().next_back()?;
    let pronoun = scan.is_word(
        last,
        &["he", "she", "it", "who", "which", "that", "one", "nobody", "none", "there", "this"],
    );
    let person = clause.clone().any(|i| scan.is(i, Class::Person) || is_name(scan, i, start))
        || stranger(scan, clause.start, be).is_some();
    (!pronoun && person).then(|| self::person(scan, clause))
}

/// "killed lawyer Karim Khan": the object right behind the verb at `at`.
pub fn object(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    let mut i = at + scan.span(at);
    let first = i;
    while i < end && i < first + 8 && titles(scan, i) {
        i += scan.span(i);
    }
    let named = i < end && is_name(scan, i, at) && scan.nation(i).is_none();
    let mut last = i;
    while last < end && named && is_name(scan, last, at) {
        last += 1;
    }
    let plural = (first..i).any(|t| {
        (scan.tokens.lower(t).ends_with('s') && scan.is(t, Class::Person))
            || scan.is_word(t, &["people", "men", "troops", "police"])
    });
    let thing = scan.is(last, Class::Thing) || scan.is(last, Class::Person);
    if named && !plural && !thing {
        return Some(person(scan, first..last));
    }
    let fatal = scan.is_any(at, &[Class::KillEd, Class::KillIng, Class::KillPres]);
    if fatal { stranger(scan, first, end).map(|words| person(scan, words)) } else { None }
}

/// "a blogger", "the ex-chairman": one person by a noun that nobody listed.
fn stranger(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Range<usize>> {
    let indefinite = scan.is_word(at, &["a", "an"]);
    if !(indefinite || scan.is_word(at, &["the"])) {
        return None;
    }
    let plain = |i: &usize| {
        let token = scan.tokens.get(*i);
        let word = scan.tokens.lower(*i);
        (token.shape == Shape::Word || scan.tokens.is_hyphen(*i))
            && !is_function_word(word)
            && !scan.is_any(*i, STOPS)
            && !scan.is_any(*i, NO_PEOPLE)
    };
    let last = (at + 1..end.min(at + 7)).take_while(plain).last()?;
    let word = scan.tokens.lower(last);
    let closed = last + 1 >= end || last < at + 6;
    let unknown = scan.term(last).is_none() && !scan.tokens.get(last).capital;
    let noun = word.len() > 3 && !word.ends_with('s') && !TIMES.contains(&word);
    let trade = indefinite || TRADES.iter().any(|t| word.ends_with(t));
    (closed && unknown && noun && trade).then_some(at..last + 1)
}

const NO_PEOPLE: &[Class] =
    &[Class::Thing, Class::Deed, Class::Accident, Class::NotNews, Class::Vague, Class::Casualty];

/// What "killed a … ago" and its like measure.
const TIMES: &[&str] = &[
    "day",
    "week",
    "fortnight",
    "month",
    "year",
    "hour",
    "minute",
    "night",
    "decade",
    "moment",
    "little",
    "long",
    "short",
    "further",
    "similar",
    "great",
    "large",
    "dog",
    "sheep",
    "horse",
    "bull",
    "cow",
    "elephant",
    "lion",
    "tiger",
    "goat",
    "bill",
    "deal",
    "plan",
    "proposal",
    "bid",
];

/// Endings of nouns of people, where "the" could stand before anything.
const TRADES: &[&str] = &[
    "man",
    "woman",
    "ist",
    "keeper",
    "master",
    "maker",
    "caster",
    "tor",
    "head",
    "owner",
    "blogger",
    "ally",
    "widow",
    "expert",
    "executive",
];

/// What may stand before a victim's name: articles, ranks, trades, his group.
fn titles(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.is_any(i, &[Class::Person, Class::Modifier])
        || scan.actor(i).is_some()
        || scan.tokens.is_hyphen(i)
        || scan.is_word(
            i,
            &["the", "senior", "local", "former", "prominent", "linked", "associated", "top"],
        )
}

/// One person, of the party that the first noun in the words gives.
pub fn person(scan: &Scan<'_, '_>, tokens: Range<usize>) -> Group {
    let militant =
        tokens.clone().any(|i| scan.actor(i).is_some_and(|m| scan.side(m.actor) == Side::Militant));
    let noun = || {
        tokens
            .clone()
            .find_map(|i| scan.term(i).filter(|t| t.is(Class::Person)).and_then(|t| t.party))
    };
    let party = if militant { Some(Party::Militant) } else { noun() };
    Group {
        counted: tokens.clone(),
        tokens,
        count: Count::exactly(1),
        party: Some(party.unwrap_or(Party::Unknown)),
        noun: Noun::People,
        more: false,
        definite: true,
        single: true,
        of_them: false,
        vague: false,
        nation: None,
        own: false,
        kin: false,
    }
}

/// Back to the last word that opens a clause.
fn clause_start(scan: &Scan<'_, '_>, start: usize, be: usize) -> usize {
    let opens = |i: &usize| {
        scan.is_word(
            *i,
            &[";", "when", "after", "while", "but", "because", "that", "said", "as", "where"],
        ) || scan.is_any(*i, &[Class::KillEd, Class::KillIng, Class::Die, Class::WoundEd])
    };
    (start..be).rev().find(opens).map_or(start, |i| i + 1)
}

/// A capitalised word that is no actor, no weekday and no place of a kind.
fn is_name(scan: &Scan<'_, '_>, i: usize, start: usize) -> bool {
    let token = scan.tokens.get(i);
    token.shape == Shape::Word
        && token.capital
        && i != start
        && scan.actor(i).is_none()
        && !scan.is_any(i, &[Class::Deed, Class::Thing, Class::Modifier])
        && !is_calendar(scan.tokens.lower(i))
}

fn is_calendar(word: &str) -> bool {
    matches!(
        word,
        "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday"
    )
}
