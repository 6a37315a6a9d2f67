//! One person counted by an article only: "a soldier", "his wife", "another", and the
//! families and couples that an article stands before.

use super::{Group, HARMED, HARMING, Noun, harmed_behind};
use crate::article::zones::Zone;
use crate::extract::event::{Count, Party};
use crate::extract::nouns::is_plural;
use crate::extract::ordinals;
use crate::extract::phrase::Phrase;
use crate::extract::quantity;
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;

/// "a soldier", "the deputy governor", "his wife", "a family of six".
pub(super) fn single_group(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    let further = scan.is_word(at, &["another"]);
    let indefinite = further || scan.is_word(at, &["a", "an", "one"]);
    let definite = scan.is_word(at, &["the", "his", "her", "their", "its"]);
    // "a six-fatality ambush": the number counts.
    if !(indefinite || definite) || quantity::read(scan, at + 1, end).is_some_and(|q| !q.vague) {
        return None;
    }
    if names_a_force(scan, at, end) {
        return None;
    }
    let phrase = owned(scan, Phrase::read(scan, at + 1, end), end);
    let place = ordinals::ordinal(scan, at + 1);
    if place.is_some() && phrase.noun == Noun::None {
        return ordinals::in_a_row(scan, at, end);
    }
    if further && phrase.noun == Noun::None {
        return another(scan, at, end);
    }
    if phrase.noun == Noun::None && !phrase.thing && is_companion(scan, at, end) {
        return Some(companion(at));
    }
    let families = scan.is_word(at, &["an"]) && scan.is_word(at + 1, &["entire"]);
    let parents = definite && phrase.head.is_some_and(|h| scan.is_word(h, &["parents"]));
    let many = !parents && is_many(scan, at, &phrase);
    if phrase.thing || phrase.noun == Noun::None || many {
        return None;
    }
    let couple = parents || phrase.head.is_some_and(|h| scan.is_word(h, &["couple"]));
    let whole = families && phrase.family.is_none();
    let count = match phrase.family {
        Some(n) => Count::exactly(n),
        None if whole => Count::at_least(2),
        None => Count::exactly(if couple { 2 } else { 1 }),
    };
    Some(Group {
        party: phrase.party(),
        noun: phrase.noun,
        more: further || place.is_some(),
        ordinal: place,
        definite,
        single: phrase.family.is_none() && !whole,
        vague: whole,
        nation: phrase.nation,
        own: phrase.own,
        kin: phrase.kin,
        ..Group::of(at..phrase.end, at..at + 1, count)
    })
}

/// "*Jawan* killed, two hurt", "*Police officer* shot dead in Karachi": one person, as
/// headlines leave the article out.
pub(super) fn headline_single(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    let opens = at == 0 || scan.is_word(at - 1, &[",", ":", "and", "&", "-", "–", ";"]);
    let index = scan.sentences.partition_point(|s| s.tokens.end <= at);
    if !opens || scan.sentences.get(index).is_none_or(|s| s.zone != Zone::Title) {
        return None;
    }
    let phrase = Phrase::read(scan, at, end);
    let one = phrase.head.is_some_and(|h| !is_plural(scan, h));
    if phrase.noun != Noun::People || phrase.thing || !one {
        return None;
    }
    let verb = (phrase.end..end.min(phrase.end + 7)).find(|i| scan.is_any(*i, HARMED))?;
    let listed = (phrase.end..verb).all(|i| !scan.is(i, Class::Be) && !scan.is(i, Class::Deed));
    let after = verb + scan.span(verb);
    let passive = after >= end || scan.is_word(after, BEHIND_HARM);
    let joined = verb == phrase.end || scan.is_word(phrase.end, &[",", "and", "&"]);
    (listed && passive && joined).then(|| Group {
        party: phrase.party(),
        noun: phrase.noun,
        single: true,
        ..Group::of(at..phrase.end, at..phrase.end, Count::exactly(1))
    })
}

/// What stands behind a headline's participle that has no object.
const BEHIND_HARM: &[&str] = &[
    "in",
    "at",
    "by",
    "as",
    "after",
    "during",
    "near",
    "on",
    "outside",
    "when",
    "while",
    ",",
    ":",
    ";",
    "and",
    "-",
    "–",
    "for",
    "inside",
    "over",
    "amid",
    "following",
];

/// "*the District Reserve Guard*": a body by its name, and nobody by himself.
fn names_a_force(scan: &Scan<'_, '_>, at: usize, end: usize) -> bool {
    let capital = |i: &usize| *i < end && scan.tokens.get(*i).capital;
    let words = (at + 1..at + 6).take_while(capital).count();
    let last = at + words;
    words > 1
        && scan.is_word(at, &["the"])
        && scan.is_word(last, &["guard", "guards", "police", "force", "corps", "rangers"])
}

/// One person of whom nothing is told but whose he is.
fn companion(at: usize) -> Group {
    Group {
        party: Some(Party::Unknown),
        noun: Noun::People,
        single: true,
        definite: true,
        ..Group::of(at..at + 2, at..at + 1, Count::exactly(1))
    }
}

/// "a judge and *his assistant* were shot": somebody of his, in a word nobody listed.
fn is_companion(scan: &Scan<'_, '_>, at: usize, end: usize) -> bool {
    let word = at + 1 < end && scan.tokens.get(at + 1).shape == Shape::Word;
    word && at > 0
        && scan.is_word(at - 1, &["and"])
        && scan.is_word(at, &["his", "her", "their"])
        && scan.term(at + 1).is_none()
        && !scan.tokens.lower(at + 1).ends_with('s')
        && scan.is_word(at + 2, &["were", "have", "are"])
}

/// "a policeman's *son*": the noun behind the possessive is the one counted.
fn owned(scan: &Scan<'_, '_>, phrase: Phrase, end: usize) -> Phrase {
    let possessive = phrase.noun == Noun::People
        && scan.is_word(phrase.end, &["'s", "’s"])
        && phrase.end + 1 < end;
    if possessive { Phrase::read(scan, phrase.end + 1, end) } else { phrase }
}

/// Whether an article stands before more than one: "the soldiers", "the dead".
fn is_many(scan: &Scan<'_, '_>, at: usize, phrase: &Phrase) -> bool {
    // "a policemen": a slip, and one man.
    let slip = scan.is_word(at, &["a"]) && phrase.head.is_some_and(|h| slips(scan, h));
    let plural = !slip && phrase.head.is_some_and(|head| is_plural(scan, head));
    let found = scan.is_word(at, &["his", "her"])
        && scan.is_word(at + 1, &["body", "corpse"])
        && scan.is(at + 2, Class::Be);
    let collective = phrase.noun == Noun::Dead
        && !found
        && !scan.is_word(phrase.end, &["of"])
        && !scan.is_word(phrase.end - 1, &["death", "fatality", "victim", "casualty"]);
    collective || (plural && phrase.family.is_none())
}

fn slips(scan: &Scan<'_, '_>, head: usize) -> bool {
    scan.tokens.lower(head).ends_with("men") && !scan.is_word(head, &["men", "women"])
}

/// "another was wounded": one more, of whom the verb alone tells.
fn another(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    // "killed two officers and injured *another* in the town".
    let object = at > 0
        && scan.is_any(scan.head(at - 1), HARMING)
        && (at + 1 >= end
            || scan.is_word(at + 1, &["in", "at", "near", ",", ".", "when", "on", "during"]));
    (object || harmed_behind(scan, at + 1, end)).then(|| Group {
        more: true,
        single: true,
        ..Group::of(at..at + 1, at..at + 1, Count::exactly(1))
    })
}
