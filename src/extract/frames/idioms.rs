//! Deaths told by an idiom around the people: "cost *eight policemen* their lives",
//! "pulled out three traders and slit their throats".

use super::Reader;
use crate::extract::event::Outcome;
use crate::text::words::{Lot, lot};

impl Reader<'_, '_, '_> {
    /// Whether an idiom at `at` tells of the dead, and was read.
    pub(super) fn idiom(&mut self, at: usize) -> bool {
        self.costs_lives(at) || self.cuts_throats(at)
    }

    fn costs_lives(&mut self, at: usize) -> bool {
        if !self.scan.is_word(at, COSTING) {
            return false;
        }
        let Some(group) = self.group_from(at + 1).filter(|g| !self.used[*g]) else { return false };
        let their = self.groups[group].tokens.end
            + usize::from(self.scan.is_word(self.groups[group].tokens.end, &["of"]));
        let lives = self.scan.is_word(their, &["their", "his", "her"])
            && self.scan.is_word(their + 1, &["lives", "life"]);
        if lives {
            let stance = self.stance(at);
            self.take(group, at, Outcome::Killed, "active", stance);
            self.done = their + 2;
        }
        lives
    }

    fn cuts_throats(&mut self, at: usize) -> bool {
        let cuts = self.scan.is_word(at, CUTTING)
            && self.scan.is_word(at + 1, &["their", "his", "her"])
            && self.scan.is_word(at + 2, &["throats", "throat"]);
        cuts && self.subject(at, Outcome::Killed, "them")
    }
}

pub(super) const COSTING: &Lot = &lot(&["cost", "costs", "costing", "robbed"]);

pub(super) const CUTTING: &Lot = &lot(&["slit", "cut", "slitting", "cutting", "slashed"]);
