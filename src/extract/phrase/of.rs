//! What follows a noun by "of" or a hyphen: "members of the security forces", "three
//! of them", "a family of six".

use super::{BODIES, HARMED, Phrase};
use crate::extract::event::Party;
use crate::extract::groups::Noun;
use crate::extract::nouns::{closes_list, is_plural};
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;

impl Phrase {
    /// "members *of the security forces*", "three *of them*", "two *of his guards*",
    /// "a family *of six*", "the bodies *of six men*".
    pub(super) fn take_of(&mut self, scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<usize> {
        if let Some(next) = self.of_told(scan, at) {
            return next;
        }
        let person = self.whom(scan, at, end)?;
        let (noun, head, general) = (self.noun, self.head, self.person);
        self.person = None;
        let taken = self.take_person(scan, person).or_else(|| self.take_modifier(scan, person));
        // "a member of the Pakistani *Taliban*": the name goes on with a noun of people.
        let named = taken.filter(|t| scan.actor(*t).is_some_and(|met| met.at == person));
        let taken = named.and_then(|t| self.take_person(scan, t)).or(taken);
        if matches!(self.person, None | Some(Party::Unknown)) && self.modifier.is_none() {
            self.person = general;
        }
        if noun == Noun::Dead {
            self.noun = noun;
        }
        self.head = head.or(self.head);
        if self.noun == Noun::None {
            self.noun = Noun::People;
        }
        if let Some(taken) = taken {
            self.end = taken;
        }
        taken
    }

    /// The noun of people behind the "of" at `at`, where the phrase goes on with it.
    pub(super) fn whom(&mut self, scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<usize> {
        let takes = self.noun == Noun::None
            || self.noun == Noun::Dead
            || self
                .head
                .is_some_and(|h| scan.is(h, Class::General) || scan.is_word(h, &["family"]));
        if !takes {
            return None;
        }
        self.own = scan.is_word(at + 1, &["its", "their", "his"]);
        let mut next = at + 1;
        while scan.is_word(next, &["the", "its", "his", "their", "a", "an", "our", "same", "her"]) {
            next += 1;
        }
        let joint = |i: &usize| !scan.is_word(*i, &["and", ",", "or"]);
        let person = (next..end.min(next + 4))
            .take_while(joint)
            .find(|i| scan.is(*i, Class::Person) || scan.actor(*i).is_some());
        let Some(person) = person else {
            self.take_force(scan, next, end);
            return None;
        };
        let verb = |i: usize| scan.is_any(i, &[Class::Be, Class::KillEd, Class::Said]);
        (!(next..person).any(verb)).then_some(person)
    }

    /// "three *of them*", "two *of the missing*", "a family *of six*": people told of
    /// before or counted by the number; where to go on, or that the phrase ends.
    pub(super) fn of_told(&mut self, scan: &Scan<'_, '_>, at: usize) -> Option<Option<usize>> {
        // "two of the missing", "three of the dead": people told of before.
        if self.noun == Noun::None
            && scan.is_word(at + 1, &["the", "those"])
            && scan.is_word(at + 2, HARMED)
        {
            self.of_them = true;
            self.end = at + 3;
            return Some(None);
        }
        if scan.is_word(at + 1, &["them", "whom", "which", "those"]) {
            // "one of them *a* teacher".
            let next = at + 2 + usize::from(scan.is_word(at + 2, &["a", "an", "the"]));
            self.of_them = true;
            self.end = at + 2;
            return Some(Some(next));
        }
        if scan.is_word(at + 1, &["their", "its", "our", "his"])
            && scan.is_word(at + 2, &["own"])
            && !scan.is(at + 3, Class::Person)
            && self.noun == Noun::None
        {
            self.noun = Noun::People;
            self.own = true;
            self.end = at + 3;
            return Some(None);
        }
        let about = usize::from(self.kin && scan.is(at + 1, Class::About));
        let at = at + about;
        if let Some(n) = scan.numeral(at + 1) {
            // "a boy of 12": his age.
            let aged = self.kin && self.head.is_some_and(|h| !is_plural(scan, h));
            if aged && !scan.is(at + 1 + n.tokens, Class::Person) {
                self.end = at + 1 + n.tokens;
            }
            let family = self.head.is_some_and(|h| scan.is_word(h, &["family", "crew"]));
            if family {
                self.family = Some(n.value);
                self.end = at + 1 + n.tokens;
            }
            return Some(None);
        }
        None
    }

    /// "members of the *border* force": a side without a noun of people.
    pub(super) fn take_force(&mut self, scan: &Scan<'_, '_>, at: usize, end: usize) {
        // "eleven of the force".
        if self.noun == Noun::None && scan.is_word(at, BODIES) {
            self.noun = Noun::People;
            self.person = Some(Party::Unknown);
            self.own = true;
            self.head = Some(at);
            self.end = at + 1;
            return;
        }
        let Some(side) = scan.term(at).and_then(|t| t.modifier) else { return };
        let general = self.head.is_some_and(|h| scan.is(h, Class::General));
        let after = at + scan.span(at);
        if general && after < end && scan.tokens.get(after).shape == Shape::Word {
            self.modifier = Some(side);
            self.person = Some(Party::Unknown);
            self.end = after + 1;
        }
    }

    /// "soldiers *and police*": one count over two nouns.
    pub(super) fn take_joined(
        &mut self,
        scan: &Scan<'_, '_>,
        at: usize,
        end: usize,
    ) -> Option<usize> {
        let mut next = at + 1;
        let mut modifier = None;
        while next < end
            && (scan.is(next, Class::Modifier) || scan.tokens.is_hyphen(next))
            && !scan.is(next, Class::Person)
        {
            modifier = scan.term(next).and_then(|t| t.modifier).or(modifier);
            next += scan.span(next);
        }
        let term = scan.term(next).filter(|t| t.is(Class::Person))?;
        let after = next + scan.span(next);
        // "soldiers, police said" and "soldiers and a policeman" are not one group.
        let broken = scan.is(after, Class::Said)
            || scan.is(after, Class::Thing)
            || (scan.is_word(at, &[","]) && !closes_list(scan, after));
        if broken || !is_plural(scan, next) {
            return None;
        }
        let party = match term.party {
            Some(Party::Unknown) => modifier.or(term.party),
            party => party,
        };
        if self.party() != party {
            self.person = Some(Party::Unknown);
            self.modifier = None;
        }
        self.end = after;
        Some(after)
    }
}
