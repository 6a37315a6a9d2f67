//! Reads the noun phrase behind a count: whether it is people, and whose. One
//! word at a time, forward only.

mod of;

use super::event::Party;
use super::groups::Noun;
use super::nouns::{
    KIN, STOPS, TRADES, age, counts_other, is_function_word, is_plainly_plural, is_plural,
};
use super::scan::Scan;
use crate::lexicon::PlaceCode;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::{Class, Term};
use crate::text::tokens::Shape;

/// A noun phrase being read, word by word.
pub struct Phrase {
    pub end: usize,
    /// Of the head noun.
    person: Option<Party>,
    /// Of the words before it.
    modifier: Option<Party>,
    pub head: Option<usize>,
    pub noun: Noun,
    pub nation: Option<PlaceCode>,
    pub more: bool,
    pub of_them: bool,
    pub thing: bool,
    pub own: bool,
    pub kin: bool,
    /// An age was read: "a 12-year-old" is somebody without a noun.
    aged: Option<usize>,
    /// One noun over two sides: "army and rebel fighters".
    mixed: bool,
    /// The number of "a family of six".
    pub family: Option<u32>,
    /// Unknown words seen since the last known one.
    slack: usize,
}

const SLACK: usize = 4;

/// Bodies of armed people: "eleven *of the force*".
const BODIES: &[&str] =
    &["force", "group", "unit", "garrison", "contingent", "patrol", "platoon", "band", "gang"];

impl Phrase {
    pub fn read(scan: &Scan<'_, '_>, start: usize, end: usize) -> Phrase {
        let mut phrase = Phrase {
            end: start,
            person: None,
            modifier: None,
            head: None,
            noun: Noun::None,
            nation: None,
            more: false,
            of_them: false,
            thing: false,
            own: false,
            kin: false,
            aged: None,
            mixed: false,
            family: None,
            slack: 0,
        };
        let mut at = start;
        while at < end {
            match phrase.step(scan, at, end) {
                Some(next) => at = next,
                None => break,
            }
        }
        let open = phrase.noun == Noun::None && !phrase.thing;
        if open && (phrase.guesses(scan, start, end) || phrase.is_of_an_age(scan)) {
            return phrase;
        }
        if phrase.noun == Noun::None {
            phrase.end = if phrase.more || phrase.of_them { phrase.end } else { start };
            phrase.thing |= phrase.slack > 0 && counts_other(scan, start, end);
        }
        phrase
    }

    /// A noun that nobody listed, right behind the number and plural: people of a
    /// nation or a trade ("nine Somalis", "two bakers").
    fn guesses(&mut self, scan: &Scan<'_, '_>, start: usize, end: usize) -> bool {
        let unknown = |i: usize| {
            i < end
                && scan.tokens.get(i).shape == Shape::Word
                && scan.term(i).is_none()
                && !is_function_word(scan.tokens.lower(i))
        };
        let Some(last) = (start..end.min(start + 3)).take_while(|i| unknown(*i)).last() else {
            return false;
        };
        let plural = scan.tokens.lower(last).ends_with('s')
            && scan.tokens.get(last).end - scan.tokens.get(last).start > 3;
        let trade = TRADES.iter().any(|t| scan.tokens.lower(last).ends_with(t));
        let people = scan.tokens.get(last).capital || scan.nation(last).is_some() || trade;
        if plural && people && self.slack > 0 {
            self.noun = Noun::People;
            self.person = Some(Party::Unknown);
            self.head = Some(last);
            self.end = last + 1;
            return true;
        }
        false
    }

    /// "a 12-year-old was killed": the age stands for the noun; a child is a civilian.
    fn is_of_an_age(&mut self, scan: &Scan<'_, '_>) -> bool {
        let Some(end) = self.aged.filter(|_| self.slack == 0) else { return false };
        let child = (end.saturating_sub(6)..end)
            .find_map(|i| scan.numeral(i))
            .is_some_and(|n| n.value < 18);
        self.noun = Noun::People;
        self.person = Some(if child { Party::Civilian } else { Party::Unknown });
        self.head = Some(end - 1);
        self.end = end;
        true
    }

    /// Whose people: the head noun's, unless it is a general word that takes the
    /// side of what stands before it ("*police* officers", "*Taliban* members").
    pub fn party(&self) -> Option<Party> {
        match (self.person, self.modifier) {
            _ if self.mixed => Some(Party::Unknown),
            (Some(Party::Unknown) | None, Some(m)) => Some(m),
            (person, _) => person,
        }
    }

    /// Takes the word at `at`; the next token to look at, or `None` at the end.
    fn step(&mut self, scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<usize> {
        if scan.tokens.is_hyphen(at) {
            return Some(at + 1);
        }
        if is_wing(scan, at) {
            return Some(at + 3);
        }
        if let Some(next) = age(scan, at) {
            self.aged = Some(next);
            return Some(next);
        }
        if self.head.is_some() && scan.is(at, Class::Thing) && !scan.is(at, Class::Person) {
            return self.compound(scan, at);
        }
        if let Some(next) = self.take_person(scan, at) {
            return Some(next);
        }
        if self.opens_quote(scan, at) {
            return Some(at + 1);
        }
        if self.noun == Noun::None && scan.is(at, Class::More) {
            self.more = true;
            self.end = at + scan.span(at);
            return Some(self.end);
        }
        if scan.is_word(at, &["of"]) {
            return self.take_of(scan, at, end);
        }
        if self.head.is_none() && joins_nations(scan, at) {
            return Some(at + 1);
        }
        if self.head.is_none() && self.joins_modifiers(scan, at, end) {
            self.slack = 0;
            return Some(at + 1);
        }
        if self.head.is_some() && scan.is_word(at, &["and", "or", ",", "/"]) {
            return self.take_joined(scan, at, end);
        }
        if let Some(next) = self.take_modifier(scan, at) {
            return Some(next);
        }
        self.take_unknown(scan, at)
    }

    /// "killed nine *\"terrorists\"*": what somebody calls them is who they were.
    fn opens_quote(&self, scan: &Scan<'_, '_>, at: usize) -> bool {
        let noun = scan.head(at + 1);
        let close = noun + scan.span(noun);
        self.head.is_none()
            && self.slack == 0
            && scan.is_word(at, &["\"", "“", "'", "‘"])
            && scan.is(noun, Class::Person)
            && scan.is_word(close, &["\"", "”", "'", "’"])
    }

    /// "army *and* police officers", "regime *and* opposition fighters": two words that
    /// share the noun behind them.
    fn joins_modifiers(&mut self, scan: &Scan<'_, '_>, at: usize, end: usize) -> bool {
        let told = self.slack > 0 || self.modifier.is_some();
        if !told || !scan.is_word(at, &["and", "or", "/"]) {
            return false;
        }
        let word = |i: &usize| {
            scan.tokens.get(*i).shape == Shape::Word
                && !is_function_word(scan.tokens.lower(*i))
                && !scan.is_any(*i, STOPS)
                && scan.numeral(*i).is_none()
        };
        let noun = (at + 1..end.min(at + 4)).take_while(word).find(|i| scan.is(*i, Class::Person));
        let Some(noun) = noun.filter(|n| is_plural(scan, *n)) else { return false };
        let other = scan.term(noun).and_then(|t| t.party);
        self.mixed = self.modifier.is_some_and(|m| {
            other.is_some_and(|o| o != m && !scan.is(noun, Class::General) || o == Party::Militant)
                && Some(m) != other
        });
        true
    }

    /// A person noun directly before a thing is no person: "14 police posts".
    fn compound(&mut self, scan: &Scan<'_, '_>, at: usize) -> Option<usize> {
        let glued = self.end == at;
        // "two police station *guards*", "a Shiite mosque *custodian*".
        let next = at + scan.span(at);
        if glued && scan.is(next, Class::Person) && !scan.is(next, Class::Thing) {
            return Some(next);
        }
        if glued && !self.head.is_some_and(|head| is_plainly_plural(scan, head)) {
            self.thing = true;
        }
        None
    }

    fn take_person(&mut self, scan: &Scan<'_, '_>, at: usize) -> Option<usize> {
        let term = scan.term(at)?;
        let next = at + scan.span(at);
        if !term.is(Class::Person)
            || (term.is_any(&[Class::KillEd, Class::KillPres]) && self.head.is_some())
        {
            return None;
        }
        // "passengers hostage": said of them, and not their noun.
        if term.is(Class::Captive) && self.head.is_some() {
            return None;
        }
        let party = self.party_of_noun(scan, term, at);
        let general = term.is_any(&[Class::General, Class::Body, Class::DeathNoun]);
        let weak = general && (self.person.is_some() || self.modifier.is_some());
        if !weak {
            self.person = party;
        } else if self.person.is_none() {
            self.person = self.modifier;
        }
        self.noun = noun_of(term, self.noun);
        let words = &scan.tokens.source()[scan.bytes(at..next)];
        self.kin = KIN.contains(&words.to_ascii_lowercase().as_str());
        self.more |= term.is(Class::More);
        self.head = Some(at);
        self.slack = 0;
        self.end = next;
        Some(next)
    }

    /// Whose people the noun at `at` tells of, by its own word and the actor in it.
    fn party_of_noun(&self, scan: &Scan<'_, '_>, term: &Term, at: usize) -> Option<Party> {
        // "CODECO militiamen" are the group's, "militiamen" the state's.
        let of_group = self.modifier == Some(Party::Militant)
            && scan.is_word(at, &["militiaman", "militiamen", "militia"]);
        if of_group {
            return Some(Party::Militant);
        }
        scan.actor(at).map_or(term.party, |met| match scan.side(met.actor) {
            Side::Unnamed if term.party == Some(Party::Civilian) => Some(Party::Civilian),
            Side::Militant | Side::Unnamed => Some(Party::Militant),
            Side::State if term.party == Some(Party::Militant) => Some(Party::Security),
            Side::State => term.party,
        })
    }

    fn take_modifier(&mut self, scan: &Scan<'_, '_>, at: usize) -> Option<usize> {
        if let Some(met) = scan.actor(at)
            && met.at == at
        {
            self.modifier = Some(match scan.side(met.actor) {
                Side::Militant | Side::Unnamed => Party::Militant,
                Side::State => Party::Security,
            });
            self.slack = 0;
            // "Afghan police officers": the noun begins inside the actor's name.
            let after = at + met.tokens;
            return (at + 1..after).find(|i| scan.is(*i, Class::Person)).or(Some(after));
        }
        if self.head.is_none() && scan.tokens.text(at) == "IS" {
            self.modifier = Some(Party::Militant);
            return Some(at + 1);
        }
        let term = scan.term(at)?;
        if self.head.is_some() || !term.is(Class::Modifier) {
            return None;
        }
        self.modifier = term.modifier;
        self.nation = scan.nation(at).or(self.nation);
        self.slack = 0;
        Some(at + scan.span(at))
    }

    /// An adjective, a name, a nation: allowed before the noun, a few at most.
    fn take_unknown(&mut self, scan: &Scan<'_, '_>, at: usize) -> Option<usize> {
        let token = scan.tokens.get(at);
        let next = at + scan.span(at);
        // "off-duty guards", "would-be recruits"; "council members", "school staff".
        let hyphened = scan.tokens.is_hyphen(next) && !scan.tokens.get(next).spaced;
        let joined = at > 0 && scan.tokens.is_hyphen(at - 1) && !token.spaced;
        // "city council employees": two nouns before the one of people.
        let second = next + scan.span(next);
        let nouns = scan.is(second, Class::Person)
            && scan.tokens.get(next.min(second - 1)).shape == Shape::Word
            && !is_plural(scan, at)
            && !scan.is_any(next, STOPS)
            && !is_function_word(scan.tokens.lower(next))
            && !scan.tokens.lower(next).ends_with("ing");
        let compound = scan.is(next, Class::Person) && !scan.is(next, Class::Thing) || nouns;
        // "three *weeks after* community leader Nur was shot".
        let closed = next > at + 1 && is_function_word(scan.tokens.lower(next - 1));
        let blocked = token.shape != Shape::Word
            || closed
            || (is_function_word(scan.tokens.lower(at)) && !hyphened && !joined)
            || (scan.is_any(at, STOPS) && !joined && !found_killed(scan, at))
            || (scan.is(at, Class::Thing) && !(compound && self.head.is_none()));
        if blocked {
            self.thing |=
                scan.is(at, Class::Thing) && self.noun == Noun::None && !scan.is_any(at, STOPS);
            return None;
        }
        if self.head.is_some() || self.slack >= SLACK {
            return None;
        }
        self.nation = scan.nation(at).or(self.nation);
        self.slack += 1;
        Some(at + scan.span(at))
    }
}

/// "two CPI*(M)* workers": a wing of the party.
fn is_wing(scan: &Scan<'_, '_>, at: usize) -> bool {
    at > 0
        && scan.is_word(at, &["("])
        && scan.is_word(at + 2, &[")"])
        && scan.tokens.get(at - 1).capital
        && scan.tokens.get(at + 1).capital
        && scan.is(at + 3, Class::Person)
}

/// "six French *and* Malian soldiers".
fn joins_nations(scan: &Scan<'_, '_>, at: usize) -> bool {
    at > 0
        && scan.is_word(at, &["and", ","])
        && scan.nation(at - 1).is_some()
        && scan.nation(at + 1).is_some()
}

/// "10 *kidnapped* policemen were found shot dead": told of the dead.
fn found_killed(scan: &Scan<'_, '_>, at: usize) -> bool {
    let noun = at + scan.span(at);
    let found = |i: usize| scan.is_word(i, &["found", "killed", "shot", "executed", "beheaded"]);
    scan.is(at, Class::AbductEd)
        && scan.is(noun, Class::Person)
        && scan.is(scan.head(noun + scan.span(noun)), Class::Be)
        && (noun..noun + 6).any(found)
}

/// Those of whom a share is told.
const HARMED: &[&str] = &[
    "missing",
    "wounded",
    "injured",
    "hospitalised",
    "dead",
    "victims",
    "killed",
    "fatalities",
    "slain",
];

/// What a noun of people says of them; `before` where it says no more than that.
fn noun_of(term: &Term, before: Noun) -> Noun {
    if term.is_any(&[Class::Body, Class::DeathNoun, Class::Lives]) {
        Noun::Dead
    } else if term.is(Class::InjuryNoun) {
        Noun::Hurt
    } else if term.is(Class::Casualty) {
        Noun::Casualties
    } else if before == Noun::None {
        Noun::People
    } else {
        before
    }
}
