//! The nouns of a casualty clause: who was counted, what became of them, and how
//! far the clause vouches for it.

use std::ops::Range;

use crate::extract::event::{Outcome, Reason};
use crate::extract::groups::Group;

/// Whether the clause tells, or only fears, plans or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    Told,
    Hypothetical,
    Denied,
    /// Killed and wounded in one number.
    Undivided,
    /// What the sentence, or the outlet itself, says no longer holds.
    TakenBack,
    /// It only adds up numbers that its sentence tells place by place.
    Total,
    /// Done by the law, by nature or by a disease.
    NoAttack,
}

impl Stance {
    /// Why a number of this stance is not counted.
    pub fn reason(self) -> Option<Reason> {
        match self {
            Stance::Told => None,
            Stance::Hypothetical => Some(Reason::Hypothetical),
            Stance::Denied => Some(Reason::Denied),
            Stance::Undivided => Some(Reason::Undivided),
            Stance::TakenBack => Some(Reason::Superseded),
            Stance::Total => Some(Reason::Total),
            Stance::NoAttack => Some(Reason::NotAnAttack),
        }
    }
}

/// How the number stands to those told before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A number of its own.
    Plain,
    /// "he was shot dead": counts where nobody else does.
    Weak,
    /// "another two died": to be added.
    Increment,
    /// "the toll rose to 14": replaces.
    Toll,
    /// "17 soldiers were among the dead": of those counted already.
    Share,
    /// "they included 17 soldiers": of whom the sentence before counts.
    ShareOfTold,
    /// "the rest were civilians": who those are of whom nothing was said.
    Rest,
    /// "all the victims were civilians".
    Whole,
}

impl Form {
    /// Whether it adds nobody, but says who some of those counted before were.
    pub fn is_share(self) -> bool {
        matches!(self, Form::Share | Form::ShareOfTold | Form::Rest | Form::Whole)
    }
}

/// Among whom those who died were counted before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Untold,
    Wounded,
    Missing,
}

/// One clause that counts people who came to harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub outcome: Outcome,
    /// Counted together, each with its own party.
    pub groups: Vec<Group>,
    /// "including five women": told as a part of the groups.
    pub parts: Vec<Group>,
    pub trigger: Range<usize>,
    pub form: Form,
    pub stance: Stance,
    pub origin: Origin,
    pub rule: &'static str,
}

impl Mention {
    /// A number of its own, with no part of it told.
    pub fn plain(
        outcome: Outcome,
        groups: Vec<Group>,
        trigger: Range<usize>,
        stance: Stance,
        rule: &'static str,
    ) -> Mention {
        Mention {
            outcome,
            groups,
            parts: Vec::new(),
            trigger,
            form: Form::Plain,
            stance,
            origin: Origin::Untold,
            rule,
        }
    }

    /// Tokens from its first word to its last.
    pub fn span(&self) -> Range<usize> {
        let groups = self.groups.iter().chain(&self.parts).map(|g| g.tokens.clone());
        groups
            .chain([self.trigger.clone()])
            .reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))
            .unwrap_or_else(|| self.trigger.clone())
    }
}
