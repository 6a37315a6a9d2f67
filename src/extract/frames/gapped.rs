//! People whose verb stands elsewhere: "ten died in Kunduz, *nine in Takhar*", "no
//! soldier was killed, *only four fighters*", "18 dead, *not counting the bombers*",
//! "five *on each side*"; and which of a sentence's numbers add up.

use std::ops::Range;

use super::camps::side_behind;
use super::mention::{Form, Mention, Stance};
use super::{Reader, VERBS};
use crate::extract::calendar::weekday_number;
use crate::extract::event::{Count, Outcome, Party};
use crate::extract::groups::{Group, Noun};
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

impl Reader<'_, '_, '_> {
    /// "ten died in Kunduz*, nine in Takhar and eight in Helmand*": groups behind the
    /// verb and all that it counts, up to `end`, that have a place and no verb of their own.
    pub(super) fn gapped_behind(&mut self, trigger: &Range<usize>, end: usize) -> Vec<Group> {
        let mut found = Vec::new();
        let mut told = end;
        for i in self.groups_before(end)..self.groups.len() {
            let group = &self.groups[i];
            let gap = told..group.tokens.start;
            let joined = gap.end > gap.start
                && self.scan.is_word(gap.end - 1, &["and", ",", ";"])
                && gap.len() <= 14
                && !gap.clone().any(|t| self.scan.is_any(t, VERBS));
            let end = group.tokens.end;
            let name = place_behind(self.scan, end);
            let beside = self.scan.is_word(gap.end.saturating_sub(1), &["and"]);
            let placed = name < self.sentence.end && self.scan.tokens.get(name).capital
                || beside && (is_dated(self.scan, end) || is_in_another(self.scan, end));
            let bare = (group.noun == Noun::None || group.more) && !group.of_them;
            let later = self.dies_later(trigger, group, &gap);
            let placed = placed || side_behind(self.scan, group.tokens.end).is_some();
            let there = placed && !group.single && !self.governed_by_next(i);
            if self.used[i] || !joined || !bare || !(there || later) {
                break;
            }
            told = group.tokens.end;
            found.push(group.clone());
            self.used[i] = true;
        }
        let parts = found.iter().map(|g| g.count.best()).fold(0, u32::saturating_add);
        // "thirty died, *twelve in a hospital and 18 in a school*": the very thirty.
        let whole = self.groups_before(trigger.end).checked_sub(1).map(|g| &self.groups[g]);
        if whole.is_some_and(|w| w.count.best() == parts) { Vec::new() } else { found }
    }

    /// "five died on the spot *and two in hospital*": the place of a later death.
    fn dies_later(&self, trigger: &Range<usize>, group: &Group, gap: &Range<usize>) -> bool {
        let words = |range: Range<usize>, any: &[&str]| {
            range.into_iter().any(|i| self.scan.is_word(i, any))
        };
        let dies = self.scan.is(trigger.start, Class::Die);
        let at_once =
            words(gap.clone(), &["spot", "scene", "instantly", "outright", "immediately"]);
        let end = group.tokens.end;
        let leads = self.scan.is_word(end, &["in", "at", "on", "en", "later", "after", "during"]);
        leads && (dies || at_once) && words(end..end + 7, LATER)
    }

    /// "no soldier was killed, *only four fighters*": those who were.
    pub(super) fn only_these(&mut self) {
        for i in 0..self.groups.len() {
            let start = self.groups[i].tokens.start;
            let only = start > self.sentence.start && self.scan.is_word(start - 1, &["only"]);
            let denied = self.found.iter().rev().find(|m| m.trigger.end <= start);
            let Some(model) = denied.filter(|m| m.stance == Stance::Denied) else { continue };
            if only && !self.used[i] && !self.governed_by_next(i) {
                self.used[i] = true;
                let (outcome, group) = (model.outcome, self.groups[i].clone());
                let trigger = group.tokens.clone();
                self.found.push(Mention::plain(
                    outcome,
                    vec![group],
                    trigger,
                    Stance::Told,
                    "only",
                ));
            }
        }
    }

    /// "three soldiers *fell* in battle": only of armed people, right behind them.
    pub(super) fn fell(&mut self, at: usize) {
        let Some(group) = self.groups_before(at).checked_sub(1) else { return };
        let armed = matches!(
            self.groups[group].party,
            Some(Party::Security | Party::Foreign | Party::Militant)
        );
        let there = self.scan.is_word(at + 1, &["in", "at", "during", "while", ",", "."]);
        if armed && there && self.groups[group].tokens.end == at && !self.used[group] {
            let stance = self.stance(at);
            self.take(self.chain_start(group), at, Outcome::Killed, "fell", stance);
        }
    }

    /// "killed five *on each side*": as many of the one as of the other.
    pub(super) fn each_side(&self, groups: &mut Vec<Group>) {
        let Some(last) = groups.last().filter(|g| g.party.is_none_or(|p| p == Party::Unknown))
        else {
            return;
        };
        let at = last.tokens.end;
        let dealt = self.scan.is_word(at, &["on", "from", "per"])
            && (at + 1..at + 3).any(|i| self.scan.is_word(i, &["each", "either", "per"]))
            && (at + 1..at + 4).any(|i| self.scan.is_word(i, &["side", "sides"]));
        if dealt && groups.len() == 1 {
            let mut other = last.clone();
            groups[0].party = Some(Party::Security);
            other.party = Some(Party::Militant);
            groups.push(other);
        }
    }

    /// "20 casualties, *three of them fatal*": the rest were wounded.
    pub(super) fn fatal_share(&mut self, casualties: usize) -> bool {
        let whole = self.groups[casualties].clone();
        let Some(part) = self.groups.get(casualties + 1) else { return false };
        let near = part.tokens.start <= whole.tokens.end + 3;
        let fatal = self.scan.is_word(part.tokens.end, &["fatal", "fatally"]);
        if !(near && part.of_them && fatal) {
            return false;
        }
        let rest = whole.count.best().saturating_sub(part.count.best());
        let killed = Group { party: Some(Party::Unknown), of_them: false, ..part.clone() };
        let wounded = Group {
            count: Count::exactly(rest),
            party: Some(Party::Unknown),
            noun: Noun::People,
            ..whole
        };
        self.used[casualties + 1] = true;
        for (outcome, group) in [(Outcome::Killed, killed), (Outcome::Wounded, wounded)] {
            let trigger = group.tokens.clone();
            self.found.push(Mention::plain(outcome, vec![group], trigger, Stance::Told, "fatal"));
        }
        true
    }

    /// "three were shot dead *and one stabbed to death*": numbers that a sentence joins
    /// under one outcome are of different people.
    pub(super) fn add_up(&mut self) {
        for i in 1..self.found.len() {
            let (before, this) = (&self.found[i - 1], &self.found[i]);
            let start = this.span().start;
            let joined = start > self.sentence.start
                && before.span().end <= start
                && self.scan.is_word(start - 1, &["and", "while"]);
            let plain = this.form == Form::Plain
                && before.form != Form::Toll
                && before.outcome == this.outcome
                && before.stance == Stance::Told
                && this.groups.iter().all(|g| !g.of_them && (!g.definite || g.single))
                && this.rule != "nominal";
            let behind = this.trigger.end..self.sentence.end.min(this.trigger.end + 7);
            let mishap = self.scan.has(behind, Class::Accident);
            let others = this.groups.iter().any(|g| g.more);
            let worse = !others && this.span().any(|i| self.scan.is_word(i, SEVERELY));
            if joined && plain && !mishap && !worse {
                self.found[i].form = Form::Increment;
            }
        }
    }
}

/// "six *in* Takhar", "two *in a shooting in* Karachi", "four *on* Wednesday": where the
/// name of their own place would begin behind a number; the end of the text where nothing
/// leads to one.
pub fn place_behind(scan: &Scan<'_, '_>, end: usize) -> usize {
    let leads = |i: usize| scan.is_word(i, &["in", "at", "near"]);
    if !leads(end) {
        return scan.tokens.len();
    }
    let article = scan.is_word(end + 1, &["a", "an", "another"]);
    let deed = (end + 2..end + 5).find(|i| article && scan.is(*i, Class::Deed));
    match deed.map(|i| i + scan.span(i)) {
        Some(after) if leads(after) => after + 1,
        Some(_) => scan.tokens.len(),
        None => end + 1,
    }
}

/// "and four *on Wednesday*": a number with a day of its own.
pub fn is_dated(scan: &Scan<'_, '_>, end: usize) -> bool {
    scan.is_word(end, &["on"]) && weekday_number(scan.tokens.lower(end + 1)).is_some()
}

/// "ten were killed in one village and six *in another*", "six *in the other*", "six *in a
/// camp* nearby".
fn is_in_another(scan: &Scan<'_, '_>, end: usize) -> bool {
    let other = scan.is_word(end + 1, &["another"])
        || scan.is_word(end + 1, &["the"]) && scan.is_word(end + 2, &["other"]);
    let spot =
        scan.is_word(end + 1, &["a", "an"]) && (end + 2..end + 4).any(|i| scan.is_word(i, SPOTS));
    scan.is_word(end, &["in", "at"]) && (other || spot)
}

const SPOTS: &[&str] =
    &["camp", "village", "town", "market", "mosque", "church", "school", "hamlet", "base", "house"];

/// How badly: those so told are some of the wounded.
const SEVERELY: &[&str] =
    &["critically", "seriously", "severely", "badly", "gravely", "heavily", "slightly", "lightly"];

/// Where and when the wounded die.
const LATER: &[&str] = &["hospital", "way", "route", "clinic", "treatment", "ambulance", "later"];
