//! Whether a clause means what it counts, or only fears, plans or denies it.

use super::Reader;
use super::mention::Stance;
use crate::extract::groups::Group;
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

impl Reader<'_, '_, '_> {
    /// "up to 30 may have died" is told, with its bound; a group "among the dead" of
    /// whom something is denied stays told too.
    pub(super) fn bounded_stance(&self, groups: &[Group], at: usize, stance: Stance) -> Stance {
        let Some(first) = groups.first() else { return stance };
        let start = first.tokens.start;
        let from = self.sentence.start.max(at.saturating_sub(4));
        let modal = self.scan.has(from..at, Class::ModalHave);
        if stance == Stance::Told && self.is_former(start) {
            return Stance::TakenBack;
        }
        let among = start > self.sentence.start
            && (self.scan.is_word(start - 1, &["among"])
                || self.scan.is_word(start, &["the"]) && self.scan.is(start - 1, Class::Including));
        match stance {
            Stance::Hypothetical if modal && first.count.is_low_untold() => Stance::Told,
            Stance::Denied if among && !first.single => Stance::Told,
            _ => stance,
        }
    }

    /// "feared killed", "believed dead": nothing is certain, the number is.
    pub(super) fn is_feared(&self, at: usize) -> bool {
        (self.sentence.start..at).rev().take(3).any(|i| self.scan.is_word(i, &["feared"]))
    }

    /// Where the clause of a trigger begins.
    fn clause_start(&self, at: usize) -> usize {
        let from = (self.sentence.start..at)
            .rev()
            .take(12)
            .find(|i| self.scan.is_word(*i, &[",", ";", "but", "when", "and", "after"]))
            .unwrap_or(self.sentence.start.max(at.saturating_sub(12)));
        // "a blast that killed nine": nothing before the relative clause bears on it.
        let relative = at > from && self.scan.is_word(at - 1, &["that", "which", "who"]);
        let said = at > from + 1 && self.scan.is_any(at - 2, &[Class::Said, Class::Negation]);
        let from = if relative && !said { at } else { from };
        // "Denied shelling a market, *in which seven* died".
        let led = |i: &usize| {
            self.scan.is_word(*i, &["which", "where"]) && i.checked_sub(1).is_some_and(|b| b > from)
        };
        (from..at).rev().find(led).unwrap_or(from)
    }

    /// What the words before the trigger in its clause make of it.
    pub(super) fn stance(&self, at: usize) -> Stance {
        let from = self.clause_start(at);
        // "a strike *intended to hit* a hideout killed 30": the purpose is another's.
        let purpose = |i: usize| {
            let to = (i..i + 2).find(|t| self.scan.is_word(*t, &["to", "at"]));
            let aim = self.scan.is_word(i, &["intended", "aimed", "meant", "trying", "aiming"]);
            aim && to.is_some_and(|t| at > t + 2) && self.scan.is(at, Class::KillEd)
        };
        let doubts = |i: usize| {
            self.scan.is(i, Class::Hypothetical)
                && !purpose(i)
                && !self.scan.tokens.is_hyphen(i + 1)
                && !is_may(self.scan, i)
                && !is_held(self.scan, i)
                && !self.is_of_his_clause(i, from, at)
        };
        if (from..at).any(doubts) || self.scan.has(from..at, Class::ModalHave) {
            return Stance::Hypothetical;
        }
        // "Doctors Without Borders" denies nothing.
        let name = |i: usize| self.scan.tokens.get(i).capital && i > self.sentence.start;
        // "a doctor who asked *not to be named* counted seven bodies".
        let unnamed = |i: usize| {
            (i + 1..i + 4).any(|t| {
                self.scan.is_word(t, &["named", "identified", "authorised", "authorized", "quoted"])
            })
        };
        // "All were killed, but *not before* they had shot two soldiers".
        let aside = |i: usize| unnamed(i) || self.scan.is_word(i + 1, &["before", "until"]);
        let boast = |i: usize| self.rejected(i, at).is_some_and(|o| self.is_boast(o));
        let mut negations = self.scan.all(from..at, Class::Negation);
        let denied = negations.any(|i| !name(i) && !aside(i) && !boast(i)) || self.is_rejected(at);
        if denied { Stance::Denied } else { Stance::Told }
    }

    /// "A corporal who *tried to* stop him was injured": what he tried is told of him,
    /// and the harm is certain.
    fn is_of_his_clause(&self, doubt: usize, from: usize, at: usize) -> bool {
        let helper = |i: &usize| {
            self.scan.is_any(self.scan.head(*i), &[Class::Be, Class::Have, Class::Adverb])
        };
        let Some(be) = (doubt..at).rev().take_while(helper).last() else { return false };
        let relative = (from..doubt).any(|i| self.scan.is_word(i, &["who", "which"]));
        relative && be > doubt + self.scan.span(doubt)
    }

    /// "The ministry rejected reports that a soldier had killed six": told to be denied.
    fn is_rejected(&self, at: usize) -> bool {
        let rejects = |i: usize| {
            self.scan
                .is_word(i, &["rejected", "dismissed", "denied", "refuted", "rejects", "denies"])
        };
        let back = self.sentence.start.max(at.saturating_sub(40))..at;
        back.filter(|i| rejects(*i)).any(|i| {
            self.rejected(i, at).is_some_and(|o| {
                let ends = |t: usize| self.scan.is_word(t, &[";", "but", "saying"]);
                !self.is_boast(o) && !(o..at).any(ends)
            })
        })
    }

    /// The report or the claim that the verb at `i` rejects.
    fn rejected(&self, i: usize, at: usize) -> Option<usize> {
        let objects = &["report", "reports", "claim", "claims", "rumours", "rumors", "allegations"];
        (i + 1..at.min(i + 6)).find(|t| self.scan.is_word(*t, objects))
    }

    /// What a group claims is a boast, not a rumour: its bound is kept.
    fn is_boast(&self, claim: usize) -> bool {
        let whose = &["'s", "’s", "'", "’", "their", "its"];
        self.scan.is_word(claim - 1, whose) || self.scan.actor(claim - 1).is_some()
    }
}

/// "*Held* the rebels *responsible for* the deaths of four": they are dead.
fn is_held(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.is_word(i, &["responsible"])
        && (i.saturating_sub(7)..i).any(|b| scan.is_word(b, &["held", "hold", "holds", "holding"]))
}

/// The month: "the May bombing", "in May 2016".
fn is_may(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.is_word(i, &["may"]) && scan.tokens.get(i).capital
}
