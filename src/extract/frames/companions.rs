//! Who came to harm beside those counted: "*along with two aides*", "*apart from the
//! five attackers*", "*together with Karim Wali*".

use std::ops::Range;

use super::{Reader, VERBS};
use crate::extract::event::Party;
use crate::extract::groups::Group;
use crate::extract::one;
use crate::lexicon::terms::Class;

impl Reader<'_, '_, '_> {
    /// "was killed on Monday *along with two aides*".
    pub(super) fn companions_behind(&mut self, trigger: &Range<usize>) -> Vec<Group> {
        let limit = self.sentence.end.min(trigger.end + 10);
        let stops = |i: &usize| {
            self.scan.is_any(*i, VERBS)
                || self.scan.is_word(*i, &[";", "and", "when", "while", "after"])
                || self.group_from(*i).is_some()
        };
        let mut words = (trigger.end..limit).take_while(|i| !stops(i));
        let Some(at) = words.find(|i| {
            self.scan.is_word(*i, &["along", "together", "alongside", "plus"])
                || self.scan.is(*i, Class::Excluding)
                    && (self.scan.is_word(*i, &["not", "other"]) || self.excludes_attackers(*i))
                || self.scan.is_word(*i, &["with"])
                    && *i == trigger.end
                    && self.group_from(*i + 1).is_some_and(|g| self.groups[g].own)
                || (self.scan.is_word(*i, &["as"]) && self.scan.is_word(*i + 1, &["well"]))
        }) else {
            return vec![];
        };
        let start = at + self.scan.span(at);
        let found = self.group_from(start).filter(|g| {
            let with = self.scan.is_word(at, &["with"]);
            (with || self.scan.is(at, Class::Excluding))
                && !self.used[*g]
                && !self.governed_by_next(*g)
        });
        let Some(first) = found else { return self.named_companion(at) };
        self.take_joined(first)
    }

    /// "eleven people, *apart from the five attackers*": who died beside them.
    fn excludes_attackers(&self, at: usize) -> bool {
        let group = self.group_from(at + self.scan.span(at)).map(|g| &self.groups[g]);
        group.is_some_and(|g| g.party == Some(Party::Militant))
    }

    /// "was killed *along with Karim Wali*, the head of the village": one more, by name.
    fn named_companion(&self, at: usize) -> Vec<Group> {
        let start = at + self.scan.span(at);
        let named = self.scan.is(at, Class::Excluding)
            && self.scan.is_word(start - 1, &["with"])
            && start < self.sentence.end
            && self.scan.tokens.get(start).capital
            && self.scan.actor(start).is_none();
        let person = if named { one::object(self.scan, at, self.sentence.end) } else { None };
        person.into_iter().collect()
    }
}
