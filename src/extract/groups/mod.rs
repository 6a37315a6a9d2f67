//! Finds the people who are counted: a quantity (or an article) with the noun
//! phrase after it, and whose people they are.

mod single;

use std::ops::Range;

use super::event::{Count, Party};
use super::nouns::{STOPS, is_plural};
use super::ordinals;
use super::phrase::Phrase;
use super::quantity;
use super::scan::Scan;
use crate::lexicon::PlaceCode;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;
use single::{headline_single, single_group};

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
    /// "a fourth man": his place in the row of those harmed.
    pub ordinal: Option<u32>,
}

impl Group {
    /// People by their number alone; the caller adds what the noun tells.
    pub fn of(tokens: Range<usize>, counted: Range<usize>, count: Count) -> Group {
        Group {
            tokens,
            counted,
            count,
            party: None,
            noun: Noun::None,
            more: false,
            definite: false,
            single: false,
            of_them: false,
            vague: false,
            nation: None,
            own: false,
            kin: false,
            ordinal: None,
        }
    }
}

/// All groups of a sentence, left to right, not overlapping.
pub fn groups(scan: &Scan<'_, '_>, sentence: Range<usize>) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    let mut at = sentence.start;
    while at < sentence.end {
        let bare = found.last().filter(|g| joins_bare(scan, g, at));
        let group = match bare {
            Some(_) => bare_single(scan, at, sentence.end),
            None => {
                share(scan, &found, at, sentence.end).or_else(|| group_at(scan, at, sentence.end))
            }
        };
        match group {
            Some(group) => {
                at = group.tokens.end.max(at + 1);
                if group.count.best() <= quantity::MOST_BELIEVED {
                    found.push(group);
                }
            }
            None => at += scan.span(at).max(1),
        }
    }
    found
}

/// "half of them children": of the people counted last.
fn share(scan: &Scan<'_, '_>, found: &[Group], at: usize, end: usize) -> Option<Group> {
    ordinals::half(scan, found.last()?, at, end)
}

/// "a child *and woman*": `at` is behind an "and" that joins to one told with "a".
fn joins_bare(scan: &Scan<'_, '_>, before: &Group, at: usize) -> bool {
    before.single
        && !before.definite
        && at == before.tokens.end + 1
        && scan.is_word(at - 1, &["and"])
        && scan.is(at, Class::Person)
        && !is_plural(scan, at)
}

/// One person without an article.
fn bare_single(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    let phrase = Phrase::read(scan, at, end);
    // "an elder and member of the council was": one person by two nouns.
    let same = scan.is_word(phrase.end, &["of"])
        || (phrase.end..phrase.end + 4).any(|i| scan.is_word(i, &["was", "has", "is"]));
    let one = phrase.noun == Noun::People && !phrase.thing && !same;
    one.then(|| Group {
        party: phrase.party(),
        noun: phrase.noun,
        single: true,
        ..Group::of(at..phrase.end, at..phrase.end, Count::exactly(1))
    })
}

fn group_at(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    match quantity::read(scan, at, end) {
        Some(quantity) => counted_group(scan, quantity, end),
        None => single_group(scan, at, end)
            .or_else(|| all_but(scan, at, end))
            .or_else(|| others(scan, at, end))
            .or_else(|| everyone(scan, at, end))
            .or_else(|| headline_single(scan, at, end)),
    }
}

/// "killing two men and injuring *others*", "*others* were wounded": some.
fn others(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    let free = scan.is_word(at, &["others"]) && !scan.is_word(at + 1, &["of", "in", "who", "from"]);
    let object = at > 0 && scan.is_any(scan.head(at - 1), HARMING);
    (free && (object || harmed_behind(scan, at, end))).then(|| Group {
        more: true,
        vague: true,
        ..Group::of(at..at + 1, at..at + 1, Count::at_least(1))
    })
}

/// "*all but two of the 14* passengers were killed": twelve.
fn all_but(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    if !scan.is_word(at, &["all"]) || !scan.is_word(at + 1, &["but"]) {
        return None;
    }
    let few = quantity::read(scan, at + 2, end)?;
    let the = few.tokens.end + usize::from(scan.is_word(few.tokens.end, &["of"]));
    let of = the > few.tokens.end || scan.is_word(the - 1, &["of"]);
    let whole = quantity::read(scan, the, end).filter(|_| of)?;
    let left = whole.count.best().checked_sub(few.count.best())?;
    let mut group = counted_group(scan, whole, end)?;
    group.count = Count::exactly(left);
    group.tokens.start = at;
    Some(group)
}

/// "killing *all on board*", "*everyone inside* died": some, however many.
fn everyone(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    let whole = scan.is_word(at, &["everyone", "everybody"]);
    let first = at + 1;
    let aboard = scan.is_word(first, &["aboard", "inside"]);
    let on_board = scan.is_word(first, &["on"]) && scan.is_word(first + 1, &["board"]);
    let after = first + usize::from(aboard) + 2 * usize::from(on_board);
    if !(whole || scan.is_word(at, &["all"]) && after > first) {
        return None;
    }
    let object = at > 0 && scan.is_any(scan.head(at - 1), HARMING);
    (object || harmed_behind(scan, after, end)).then(|| Group {
        party: Some(Party::Unknown),
        noun: Noun::People,
        vague: true,
        ..Group::of(at..after, at..after, Count::at_least(1))
    })
}

/// Verbs whose object stands right behind them.
const HARMING: &[Class] = &[
    Class::KillEd,
    Class::KillIng,
    Class::KillPres,
    Class::WoundEd,
    Class::WoundIng,
    Class::WoundPres,
];

fn counted_group(scan: &Scan<'_, '_>, q: quantity::Quantity, end: usize) -> Option<Group> {
    if let Some(kills) = kills(scan, &q) {
        return Some(kills);
    }
    let (q, noun) = noun_behind(scan, q);
    let phrase = Phrase::read(scan, noun, end);
    if phrase.thing || phrase.noun == Noun::None && is_age(scan, &q.tokens) {
        return None;
    }
    // "twenty others (*four being civilians*)".
    let being = scan.is_word(q.tokens.end, &["being"])
        && q.tokens.start > 0
        && scan.is_word(q.tokens.start - 1, &["(", ",", "-", "–", "—"]);
    let told = if phrase.of_them || being { predicate(scan, phrase.end, end) } else { None };
    let (after, party) = told.unwrap_or((phrase.end, phrase.party()));
    let party = if matches!(party, None | Some(Party::Unknown)) {
        all_of_them(scan, after, end).or(party)
    } else {
        party
    };
    let count = count_of(scan, &q, &phrase, after);
    Some(Group {
        party,
        noun: phrase.noun,
        more: q.more || phrase.more,
        definite: q.definite,
        of_them: phrase.of_them || being && told.is_some(),
        vague: q.vague,
        nation: phrase.nation,
        own: phrase.own,
        kin: phrase.kin,
        ..Group::of(q.tokens.start..after, q.tokens, count)
    })
}

/// Where the noun of a quantity begins: "dozens of *the rebels*", "\"several\"
/// *militants*", "\"scores\" of *insurgents*".
fn noun_behind(scan: &Scan<'_, '_>, mut q: quantity::Quantity) -> (quantity::Quantity, usize) {
    let opened = q.tokens.start > 0 && scan.is_word(q.tokens.start - 1, &["\"", "“", "'", "‘"]);
    if opened && scan.is_word(q.tokens.end, &["\"", "”", "'", "’"]) {
        q.tokens.end += 1 + usize::from(scan.is_word(q.tokens.end + 1, &["of"]));
    }
    let article = scan.is_word(q.tokens.end - 1, &["of"])
        && scan.is_word(q.tokens.end, &["the", "these", "those", "its", "their", "his", "our"]);
    let noun = q.tokens.end + usize::from(article);
    (q, noun)
}

/// How many the quantity counts with the noun that ends at `after`.
fn count_of(scan: &Scan<'_, '_>, q: &quantity::Quantity, phrase: &Phrase, after: usize) -> Count {
    // "*Many* were hurt", "*many others* were": some, and no number.
    let some = phrase.noun == Noun::None
        && scan.is_word(q.tokens.start, &["many"])
        && scan.is(scan.head(after), Class::Be);
    if some {
        return Count::at_least(1);
    }
    let couples = phrase.head.is_some_and(|h| scan.is_word(h, &["couples"]));
    let times = if couples { 2 } else { sources(scan, q.tokens.end).max(1) };
    let count = (1..times).fold(q.count, |sum, _| sum.plus(q.count));
    // "twelve people *or more*".
    let open = scan.is_word(after, &["or"]) && scan.is_word(after + 1, &["more"]);
    if open { Count::at_least(count.best()) } else { count }
}

/// "nine people, *all of them residents*", "five men, all tribal elders,".
fn all_of_them(scan: &Scan<'_, '_>, end: usize, limit: usize) -> Option<Party> {
    let at = end + (end..end + 2).take_while(|i| scan.is_word(*i, &[",", "”", "\"", "("])).count();
    if at == end || !scan.is_word(at, &["all"]) {
        return None;
    }
    let noun = at + if scan.is_word(at + 1, &["of"]) { 3 } else { 1 };
    let phrase = Phrase::read(scan, noun, limit);
    let plural = phrase.head.is_some_and(|h| is_plural(scan, h));
    phrase.party().filter(|p| plural && !phrase.thing && *p != Party::Unknown)
}

/// "15 kills": dead people in the words of those who boast of them.
fn kills(scan: &Scan<'_, '_>, q: &quantity::Quantity) -> Option<Group> {
    let at = q.tokens.end;
    let counted = scan.is_word(at, &["kills"])
        && !scan.is_any(at + 1, &[Class::Person])
        && quantity::read(scan, at + 1, at + 3).is_none();
    counted.then(|| Group {
        noun: Noun::Dead,
        party: Some(Party::Unknown),
        vague: q.vague,
        ..Group::of(q.tokens.start..at + 1, q.tokens.clone(), q.count)
    })
}

/// "two each from the army and the police": how many the number is dealt to.
fn sources(scan: &Scan<'_, '_>, at: usize) -> usize {
    let each = at + usize::from(scan.is(at + 1, Class::Each));
    if !(scan.is(each, Class::Each) && scan.is_word(each + 1, &["from"])) {
        return 1;
    }
    let ends = |i: &usize| scan.is_any(*i, STOPS) || scan.is_word(*i, &["in", "on", "at", "."]);
    let list = (each + 2..each + 14).take_while(|i| !ends(i));
    1 + list.filter(|i| scan.is_word(*i, &["and", ","])).count()
}

/// "Sepoy Bashir Jan, 22, …", "both 22,": how old somebody was.
fn is_age(scan: &Scan<'_, '_>, counted: &Range<usize>) -> bool {
    let first = counted.start;
    let named = first > 1
        && scan.is_word(first - 1, &[","])
        && scan.tokens.get(first - 2).capital
        && scan.tokens.get(first - 2).shape == Shape::Word;
    // "A woman of 25, …", "a boy of 12 was".
    let of = first > 1
        && scan.is_word(first - 1, &["of"])
        && scan.is(scan.head(first - 2), Class::Person)
        && !scan.is(scan.head(first - 2), Class::DeathOf)
        && !is_plural(scan, scan.head(first - 2))
        && scan.is_word(counted.end, &[",", "was", "were", "who", "and", "is", "died", "."])
        && !scan
            .is_word(first - 2, &["family", "crew", "group", "gang", "team", "party", "convoy"]);
    if of {
        return true;
    }
    let closed = scan.is_word(counted.end, &[",", ")"]);
    let was = first > 1
        && scan.is_word(first - 1, &["was", "is", "aged"])
        && scan.is_word(first - 2, &["who", ",", "he", "she"]);
    (named || scan.is_word(first, &["both"]) && scan.is_word(first - 1, &[","]) || was) && closed
}

/// "four of whom *were policemen*": where the noun ends, and whose people it says.
pub(super) fn predicate(
    scan: &Scan<'_, '_>,
    at: usize,
    end: usize,
) -> Option<(usize, Option<Party>)> {
    let noun = at + usize::from(scan.is_word(at, &["were", "are", "being", "was"]));
    let skips =
        ["members", "of", "the", "believed", "thought", "said", "to", "be", "identified", "as"];
    let noun = match noun > at {
        true => noun + (noun..noun + 4).take_while(|i| scan.is_word(*i, &skips)).count(),
        false => noun,
    };
    let phrase = Phrase::read(scan, noun, end);
    let harmed = (noun..phrase.end).any(|i| scan.is_any(i, STOPS));
    (noun > at && phrase.noun == Noun::People && !harmed).then(|| (phrase.end, phrase.party()))
}

/// Whether a verb of harm stands at `verb`, behind its helpers.
pub fn harmed_behind(scan: &Scan<'_, '_>, mut verb: usize, end: usize) -> bool {
    while verb < end && scan.is_any(verb, &[Class::Be, Class::Have, Class::Adverb]) {
        verb += scan.span(verb);
    }
    verb < end && scan.is_any(verb, HARMED)
}

const HARMED: &[Class] =
    &[Class::KillEd, Class::WoundEd, Class::AbductEd, Class::Die, Class::WoundNoun];
