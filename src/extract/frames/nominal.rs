//! Clauses whose noun is the harm: tolls, deaths, bodies, heavy losses.

use super::mention::{Form, Mention, Stance};
use super::taking::side_at;
use super::{Reader, VERBS};
use crate::extract::event::{Count, Outcome};
use crate::extract::groups::{Group, Noun};
use crate::extract::one;
use crate::lexicon::terms::Class;

impl Reader<'_, '_, '_> {
    /// "the death toll rose to 14", "put the number of dead at nine".
    pub(super) fn toll(&mut self, at: usize, outcome: Outcome) {
        let start = at + self.scan.span(at);
        // "the dead numbered 22" is close by; "the toll of …" may tell the whole story first.
        let reach = if self.scan.is(at, Class::Toll) { 30 } else { 6 };
        let limit = self.sentence.end.min(start + reach);
        let mut best = None;
        let mut announced = false;
        for i in start..limit {
            if self.scan.is_any(i, VERBS) || self.scan.is_word(i, &[";", "while", "after"]) {
                break;
            }
            announced |= self.scan.is(i, Class::Rose)
                || self.scan.is_word(
                    i,
                    &[
                        "at", "to", "is", "was", "of", ":", "reached", "stood", "stands",
                        "included", "numbered", "with",
                    ],
                );
            let group = self.groups.iter().position(|g| g.tokens.start == i && !g.single);
            if let (Some(group), true) = (group, announced) {
                best = Some(group);
                let goes_on = self.scan.is_word(self.groups[group].tokens.end, &["to", "-"]);
                if !goes_on {
                    break;
                }
            }
        }
        let Some(group) = best.filter(|g| !self.used[*g]) else { return };
        let listed = self.scan.is(start, Class::Including)
            || self.scan.is_word(start, &["included", "include", "were", "are"]);
        if self.scan.is_any(at, &[Class::DeadNoun, Class::WoundedNoun]) && listed {
            self.used[group] = true;
            let part = self.groups[group].clone();
            return self.attach_parts(vec![part], outcome);
        }
        let stance = self.stance(at);
        self.take(group, at, outcome, "toll", stance);
        if let Some(mention) = self.found.last_mut() {
            mention.form = Form::Toll;
        }
    }

    /// "the deaths of eight men".
    pub(super) fn death_of(&mut self, at: usize) {
        let start = at + self.scan.span(at);
        if let Some(group) = self.groups.iter().position(|g| g.tokens.start == start)
            && !self.used[group]
        {
            let stance = self.stance(at);
            self.take(group, at, Outcome::Killed, "nominal", stance);
        } else if self.scan.is_word(start, &["a", "an", "the", "one"])
            || one::object(self.scan, at, self.sentence.end).is_some()
        {
            self.one_death(at, start);
        }
    }

    /// "the death of an insurgent weapons expert": one, by whatever noun.
    pub(super) fn one_death(&mut self, at: usize, start: usize) {
        let stops = |i: &usize| {
            self.scan.is_word(
                *i,
                &["in", "during", "by", ",", ".", "at", "on", "who", "after", "and", "from"],
            )
        };
        let end = (start..self.sentence.end.min(start + 10)).find(stops).unwrap_or(start);
        if end <= start + 1 {
            return;
        }
        let group = one::person(self.scan, start..end);
        let stance = self.stance(at);
        let trigger = at..start;
        self.found.push(Mention {
            outcome: Outcome::Killed,
            groups: vec![group],
            parts: vec![],
            trigger,
            form: Form::Plain,
            stance,
            rule: "nominal",
        });
    }

    /// "the Taliban suffered heavy casualties": killed, one or more, on that side.
    pub(super) fn heavy(&mut self, at: usize) {
        let clause = self.sentence.start..at;
        let inflicted = clause
            .clone()
            .rev()
            .take(6)
            .any(|i| self.scan.is_word(i, &["inflicted", "inflicting", "caused", "inflict"]));
        let range = if inflicted {
            at + self.scan.span(at)..self.sentence.end.min(at + 10)
        } else {
            clause
        };
        let sides = range
            .filter(|i| !self.groups.iter().any(|g| !g.single && g.tokens.contains(i)))
            .filter_map(|i| side_at(self.scan, i));
        let mut sides = sides;
        let party = if inflicted { sides.next() } else { sides.next_back() };
        let Some(party) = party else { return };
        let trigger = at..at + self.scan.span(at);
        let group = Group {
            tokens: trigger.clone(),
            counted: trigger.clone(),
            count: Count::at_least(1),
            party: Some(party),
            noun: Noun::People,
            more: false,
            definite: false,
            single: false,
            of_them: false,
            vague: true,
            nation: None,
            own: false,
            kin: false,
        };
        let stance = self.stance(at);
        self.found.push(Mention {
            outcome: Outcome::Killed,
            groups: vec![group],
            parts: vec![],
            trigger,
            form: Form::Plain,
            stance,
            rule: "heavy",
        });
    }

    /// Groups whose noun is the harm itself: "14 bodies", "three fatalities".
    pub(super) fn read_outcome_nouns(&mut self) {
        for i in 0..self.groups.len() {
            let outcome = match self.groups[i].noun {
                Noun::Dead => Outcome::Killed,
                Noun::Hurt => Outcome::Wounded,
                Noun::Casualties => {
                    self.undivided(i);
                    continue;
                }
                _ => continue,
            };
            if self.used[i] {
                continue;
            }
            let at = self.groups[i].tokens.start;
            let stance = self.stance(at);
            self.used[i] = true;
            let group = self.groups[i].clone();
            let trigger = group.tokens.clone();
            self.found.push(Mention {
                outcome,
                groups: vec![group],
                parts: vec![],
                trigger,
                form: Form::Plain,
                stance,
                rule: "nominal",
            });
        }
    }

    pub(super) fn undivided(&mut self, i: usize) {
        let group = self.groups[i].clone();
        let trigger = group.tokens.clone();
        self.found.push(Mention {
            outcome: Outcome::Killed,
            groups: vec![group],
            parts: vec![],
            trigger,
            form: Form::Plain,
            stance: Stance::Undivided,
            rule: "casualties",
        });
    }
}
