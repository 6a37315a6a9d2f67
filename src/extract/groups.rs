//! Finds the people who are counted: a quantity (or an article) with the noun
//! phrase after it, and whose people they are.

use std::ops::Range;

use super::event::{Count, Party};
use super::nouns::{STOPS, is_plural};
use super::phrase::Phrase;
use super::quantity;
use super::scan::Scan;
use crate::lexicon::PlaceCode;
use crate::lexicon::terms::Class;

/// What the noun of a group says of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// People, in whatever word.
    People,
    /// "14 bodies", "12 deaths", "nine lives": dead people.
    Dead,
    /// "20 injuries": wounded people.
    Hurt,
    /// "30 casualties": dead or wounded, undivided.
    Casualties,
    /// No noun at all: "ten were killed".
    None,
}

/// A counted group of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// From the first qualifier to the last word of the noun phrase.
    pub tokens: Range<usize>,
    /// The words of the count alone.
    pub counted: Range<usize>,
    pub count: Count,
    /// `None` where no noun tells.
    pub party: Option<Party>,
    pub noun: Noun,
    /// "others", "another", "a further".
    pub more: bool,
    /// "the 12 men", "his wife": told before, or not counted by itself.
    pub definite: bool,
    /// Counted by an article only: "a soldier", "the governor".
    pub single: bool,
    /// "18 of them".
    pub of_them: bool,
    pub vague: bool,
    /// The country of an adjective in the phrase ("American soldiers").
    pub nation: Option<PlaceCode>,
    /// "its", "their": people of whoever the sentence speaks of.
    pub own: bool,
    /// Told by age, sex or kin only ("women", "children", "his son").
    pub kin: bool,
}

/// All groups of a sentence, left to right, not overlapping.
pub fn groups(scan: &Scan<'_, '_>, sentence: Range<usize>) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    let mut at = sentence.start;
    while at < sentence.end {
        match group_at(scan, at, sentence.end) {
            Some(group) => {
                at = group.tokens.end.max(at + 1);
                found.push(group);
            }
            None => at += scan.span(at).max(1),
        }
    }
    found
}

fn group_at(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    match quantity::read(scan, at, end) {
        Some(quantity) => counted_group(scan, quantity, end),
        None => single_group(scan, at, end),
    }
}

fn counted_group(scan: &Scan<'_, '_>, q: quantity::Quantity, end: usize) -> Option<Group> {
    let phrase = Phrase::read(scan, q.tokens.end, end);
    if phrase.thing {
        return None;
    }
    let told = if phrase.of_them { predicate(scan, phrase.end, end) } else { None };
    let (after, party) = told.unwrap_or((phrase.end, phrase.party()));
    let couples = phrase.head.is_some_and(|h| scan.is_word(h, &["couples"]));
    let count = if couples { q.count.plus(q.count) } else { q.count };
    Some(Group {
        tokens: q.tokens.start..after,
        counted: q.tokens,
        count,
        party,
        noun: phrase.noun,
        more: q.more || phrase.more,
        definite: q.definite,
        single: false,
        of_them: phrase.of_them,
        vague: q.vague,
        nation: phrase.nation,
        own: phrase.own,
        kin: phrase.kin,
    })
}

/// "four of whom *were policemen*": where the noun ends, and whose people it says.
fn predicate(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<(usize, Option<Party>)> {
    let noun = at + usize::from(scan.is_word(at, &["were", "are", "being"]));
    let phrase = Phrase::read(scan, noun, end);
    let harmed = (noun..phrase.end).any(|i| scan.is_any(i, STOPS));
    (noun > at && phrase.noun == Noun::People && !harmed).then(|| (phrase.end, phrase.party()))
}

/// "another was wounded": one more, of whom the verb alone tells.
fn another(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    let mut verb = at + 1;
    while verb < end && scan.is_any(verb, &[Class::Be, Class::Have, Class::Adverb]) {
        verb += scan.span(verb);
    }
    let harmed = verb < end && scan.is_any(verb, HARMED);
    harmed.then(|| Group {
        tokens: at..at + 1,
        counted: at..at + 1,
        count: Count::exactly(1),
        party: None,
        noun: Noun::None,
        more: true,
        definite: false,
        single: true,
        of_them: false,
        vague: false,
        nation: None,
        own: false,
        kin: false,
    })
}

const HARMED: &[Class] =
    &[Class::KillEd, Class::WoundEd, Class::AbductEd, Class::Die, Class::WoundNoun];

/// "a soldier", "the deputy governor", "his wife", "a family of six".
fn single_group(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    let further = scan.is_word(at, &["another"]);
    let indefinite = further || scan.is_word(at, &["a", "an", "one"]);
    let definite = scan.is_word(at, &["the", "his", "her", "their", "its"]);
    if !(indefinite || definite) {
        return None;
    }
    let phrase = Phrase::read(scan, at + 1, end);
    if further && phrase.noun == Noun::None {
        return another(scan, at, end);
    }
    // "a policemen": a slip, and one man.
    let slip = scan.is_word(at, &["a"]) && phrase.head.is_some_and(|h| slips(scan, h));
    let plural = !slip && phrase.head.is_some_and(|head| is_plural(scan, head));
    let collective = phrase.noun == Noun::Dead
        && !scan.is_word(phrase.end, &["of"])
        && !scan.is_word(phrase.end - 1, &["death", "fatality"]);
    if phrase.thing
        || collective
        || phrase.noun == Noun::None
        || (plural && phrase.family.is_none())
    {
        return None;
    }
    let couple = phrase.head.is_some_and(|h| scan.is_word(h, &["couple"]));
    let alone = if couple { 2 } else { 1 };
    Some(Group {
        tokens: at..phrase.end,
        counted: at..at + 1,
        count: Count::exactly(phrase.family.unwrap_or(alone)),
        party: phrase.party(),
        noun: phrase.noun,
        more: further,
        definite,
        single: phrase.family.is_none(),
        of_them: false,
        vague: false,
        nation: phrase.nation,
        own: phrase.own,
        kin: phrase.kin,
    })
}

fn slips(scan: &Scan<'_, '_>, head: usize) -> bool {
    scan.tokens.lower(head).ends_with("men") && !scan.is_word(head, &["men", "women"])
}
