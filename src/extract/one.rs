//! Finds a single victim who is not counted: a name, or a title in the singular.

use std::ops::Range;

use super::event::{Count, Party};
use super::groups::{Group, Noun};
use super::nouns::{STOPS, is_function_word, is_plural};
use super::scan::Scan;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;
use crate::text::words::{Lot, lot};

/// "Judge Karimi was shot dead", "The muezzin of the mosque has been killed": the
/// subject of a passive in the singular at `at`. Nothing for pronouns: they point
/// at somebody counted before.
pub fn subject(scan: &Scan<'_, '_>, start: usize, at: usize) -> Option<Group> {
    let be = (start.max(at.saturating_sub(5))..at).rev().find(|i| {
        scan.is_word(*i, &["was", "is"])
            || (scan.is_word(*i, &["has", "had"]) && scan.is_word(*i + 1, &["been"]))
    })?;
    let clause = subject_start(scan, start, be)..be;
    let last = clause.clone().next_back()?;
    let pronoun = scan.is_word(
        last,
        &["he", "she", "it", "who", "which", "that", "one", "nobody", "none", "there", "this"],
    );
    let person = clause.clone().any(|i| scan.is(i, Class::Person) || is_name(scan, i, start))
        || stranger(scan, clause.start, be).is_some();
    (!pronoun && person).then(|| self::person(scan, clause))
}

/// "killed lawyer Karim Khan", "killed Somalia's deputy prosecutor", "killed
/// prominent Muslim cleric": the object right behind the verb at `at`.
pub fn object(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    let first = past_owner(scan, at + scan.span(at), end);
    // "killed *Afghan journalist* Malala Maiwand".
    let nation = scan.nation(first).is_some() && scan.is(first + 1, Class::Person);
    let first = first + usize::from(nation);
    let mut i = first;
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
    if let Some(words) = long_title(scan, first, end) {
        return Some(person(scan, words));
    }
    if let Some(words) = titled(scan, first, end) {
        return Some(person(scan, words));
    }
    let fatal = scan.is_any(at, &[Class::KillEd, Class::KillIng, Class::KillPres]);
    if fatal { stranger(scan, first, end).map(|words| person(scan, words)) } else { None }
}

/// Past the owner of a noun: "*Somalia's* deputy prosecutor".
fn past_owner(scan: &Scan<'_, '_>, first: usize, end: usize) -> usize {
    let owner = (first..end.min(first + 3))
        .take_while(|i| scan.tokens.get(*i).capital || scan.is_word(*i, &["'s", "’s"]))
        .find(|i| *i > first && scan.is_word(*i, &["'s", "’s"]));
    owner.map_or(first, |i| i + 1)
}

/// "the Council of Imams of Kenya (CIK) *chairman Sheikh Idris*": a long name of an
/// office, his title, and his name.
fn long_title(scan: &Scan<'_, '_>, first: usize, end: usize) -> Option<Range<usize>> {
    if !scan.is_word(first, &["the"]) {
        return None;
    }
    let inside = |i: &usize| {
        let token = scan.tokens.get(*i);
        token.capital
            || token.shape != Shape::Word && !scan.is_word(*i, &[".", ";", ","])
            || scan.is_word(*i, &["of", "and", "for", "the"])
    };
    let title = (first + 1..end.min(first + 16)).find(|i| !inside(i))?;
    let post = scan.is(title, Class::Person) && !is_plural(scan, title);
    let name = title + scan.span(title);
    let named = |i: usize| i < end && scan.tokens.get(i).capital && is_name(scan, i, first);
    (post && named(name)).then(|| {
        let last = (name..end).take_while(|i| named(*i)).last().unwrap_or(name);
        first..last + 1
    })
}

/// "prominent Muslim cleric", "deputy chief prosecutor": adjectives and one noun of a
/// person in the singular, with no article.
fn titled(scan: &Scan<'_, '_>, first: usize, end: usize) -> Option<Range<usize>> {
    let mut i = first;
    let mut noun = None;
    while i < end && i < first + 7 {
        let word = scan.tokens.get(i).shape == Shape::Word || scan.tokens.is_hyphen(i);
        let blocked = is_function_word(scan.tokens.lower(i))
            || scan.is_any(i, STOPS)
            || scan.is_any(i, NO_PEOPLE)
            || scan.is_any(i, NUMBERS)
            || scan.numeral(i).is_some();
        if !word || blocked {
            break;
        }
        let after = i + scan.span(i);
        noun = scan.is(i, Class::Person).then_some((i, after));
        i = after;
    }
    let (head, after) = noun.filter(|(_, after)| *after == i)?;
    let family = scan.is_word(head, &["family", "staff", "personnel", "clergy", "others"]);
    let dead = scan.is_any(head, &[Class::Body, Class::DeathNoun, Class::Lives, Class::Casualty]);
    (!is_plural(scan, head) && !family && !dead).then_some(first..after)
}

const NUMBERS: &[Class] = &[
    Class::Vague,
    Class::More,
    Class::AtLeast,
    Class::MoreThan,
    Class::UpTo,
    Class::LessThan,
    Class::About,
    Class::ExactMark,
];

/// "Karim Wali, Abdul Rahim and their cousin Nur Agha were killed": how many stand
/// in the list of names that is the whole subject before `be`.
pub fn list(scan: &Scan<'_, '_>, start: usize, be: usize) -> Option<Group> {
    let clause = clause_start(scan, start, be)..be;
    let plural = scan.is_word(be, &["were", "are", "have"]);
    let joins = |i: usize| scan.is_word(i, &[",", "and"]);
    let opens = |i: usize| i == clause.start || joins(i - 1);
    let kin = |i: usize| {
        scan.is(i, Class::Person) && !is_plural(scan, i)
            || scan.is_word(i, &["his", "her", "their", "the", "-"])
    };
    let named = |i: usize| {
        let token = scan.tokens.get(i);
        token.shape == Shape::Word && token.capital && !is_calendar(scan.tokens.lower(i))
    };
    let inside = clause.clone().all(|i| joins(i) || named(i) || kin(i));
    let bare =
        |i: usize| scan.is_any(i, STOPS) || scan.is_any(i, NO_PEOPLE) || scan.actor(i).is_some();
    let names = clause.clone().filter(|i| opens(*i) && !joins(*i)).count();
    let and = clause.clone().any(|i| scan.is_word(i, &["and"]));
    let first = clause.start < be && named(clause.start) && scan.nation(clause.start).is_none();
    let whole = plural && inside && and && first && names >= 2 && !clause.clone().any(bare);
    whole.then(|| Group {
        count: Count::exactly(u32::try_from(names).unwrap_or(u32::MAX)),
        single: false,
        ..person(scan, clause)
    })
}

/// "Captain Karim Wali, 25, and Sepoy Nur Agha, 36," right before the verb at `verb`:
/// how many stand in the list of titles and names.
pub fn ranks(scan: &Scan<'_, '_>, start: usize, verb: usize) -> Option<Group> {
    let title = |i: usize| {
        scan.is(i, Class::Person)
            && !is_plural(scan, i)
            && scan.tokens.get(i).capital
            && is_name(scan, i + scan.span(i), start)
            && scan.actor(i).is_none()
    };
    let inside = |i: &usize| {
        scan.tokens.get(*i).capital
            || scan.numeral(*i).is_some()
            || scan.is_word(*i, &[",", "and", "-", "(", ")", "aged", "also"])
    };
    let first = (start..verb).rev().take_while(inside).filter(|i| title(*i)).last()?;
    // "*Army* Major Karim Wali".
    let service = first == start + 1 && scan.is(start, Class::Modifier);
    let opens =
        first == start || service || scan.is_word(first - 1, &[",", "and", "that", ":", "while"]);
    let names = (first..verb).filter(|i| title(*i)).count();
    let count = Count::exactly(u32::try_from(names).unwrap_or(u32::MAX));
    opens.then(|| Group { count, single: names == 1, ..person(scan, first..verb) })
}

/// "Sergeant Nur Agha" at `at`: where the rank and the name end.
pub fn ranked(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<usize> {
    let title = at < end
        && scan.is(at, Class::Person)
        && !is_plural(scan, at)
        && scan.tokens.get(at).capital
        && scan.actor(at).is_none();
    let name = at + scan.span(at);
    let last = (name..end).take_while(|i| is_name(scan, *i, at)).last()?;
    title.then_some(last + 1)
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
    let noun = word.len() > 3 && !word.ends_with('s') && !scan.is_word(last, TIMES);
    let trade = indefinite || TRADES.iter().any(|t| word.ends_with(t));
    (closed && unknown && noun && trade).then_some(at..last + 1)
}

const NO_PEOPLE: &[Class] =
    &[Class::Thing, Class::Deed, Class::Accident, Class::NotNews, Class::Vague, Class::Casualty];

/// What "killed a … ago" and its like measure.
const TIMES: &Lot = &lot(&[
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
]);

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
        || scan.is_word(i, &["radio", "tv"])
}

/// One person, of the party that the first noun phrase in the words gives; what
/// stands behind it ("who fought the Taliban") is asked only where it tells nothing.
pub fn person(scan: &Scan<'_, '_>, tokens: Range<usize>) -> Group {
    let closes = |i: &usize| {
        scan.is_word(*i, &["of", "in", "at", "who", "where", "which", "from", "near", "for", ","])
    };
    let head = tokens.start..tokens.clone().skip(1).find(closes).unwrap_or(tokens.end);
    let party = party(scan, head).or_else(|| party(scan, tokens.clone()));
    Group {
        party: Some(party.unwrap_or(Party::Unknown)),
        noun: Noun::People,
        definite: true,
        single: true,
        ..Group::of(tokens.clone(), tokens, Count::exactly(1))
    }
}

/// "Maulawi Karim, *a local Taliban leader*," is no cleric: who he was, where his title
/// tells nothing or the apposition makes him one of a group's men.
pub fn by_apposition(scan: &Scan<'_, '_>, group: &mut Group, comma: usize, limit: usize) {
    let told = scan.is_word(comma, &[","]) && scan.is_word(comma + 1, &["a", "an", "the"]);
    if !told {
        return;
    }
    let words = comma + 1..limit.min(comma + 9).max(comma + 2);
    let man = words.clone().any(|i| {
        scan.is_word(
            i,
            &[
                "leader",
                "commander",
                "fighter",
                "member",
                "operative",
                "facilitator",
                "militant",
                "insurgent",
                "emir",
                "planner",
                "lieutenant",
                "subcommander",
            ],
        )
    });
    let party = person(scan, words).party;
    if group.party == Some(Party::Unknown) || man && party == Some(Party::Militant) {
        group.party = party;
    }
}

fn party(scan: &Scan<'_, '_>, tokens: Range<usize>) -> Option<Party> {
    let militant = |i: usize| scan.actor(i).is_some_and(|m| scan.side(m.actor) == Side::Militant);
    if tokens.clone().any(militant) {
        return Some(Party::Militant);
    }
    tokens
        .into_iter()
        .find_map(|i| scan.term(i).filter(|t| t.is(Class::Person)).and_then(|t| t.party))
}

/// Where the subject before `be` begins: a comma there closes a clause about it
/// ("Karim Wali, who led the council, was killed").
fn subject_start(scan: &Scan<'_, '_>, start: usize, be: usize) -> usize {
    let closed = be > start && scan.is_word(be - 1, &[","]);
    let comma = (start..be.saturating_sub(1)).find(|i| scan.is_word(*i, &[","]));
    let named = comma
        .is_some_and(|c| (start..c).any(|i| is_name(scan, i, start) || scan.is(i, Class::Person)));
    let verb = comma.is_some_and(|c| (start..c).any(|i| scan.is_any(i, STOPS)));
    if closed && named && !verb { start } else { clause_start(scan, start, be) }
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
