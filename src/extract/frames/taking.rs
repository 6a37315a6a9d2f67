//! Makes a mention of a group: what is joined to it, what is only a part of it,
//! whose people they were, and whether the clause means it.

use std::ops::Range;

use super::links::{Link, is_broken_down};
use super::mention::{Form, Mention, Origin, Stance};
use super::sides::{are_apart, side_with};
use super::{FOUND, Reader, VERBS};
use crate::extract::event::{Count, Outcome, Party};
use crate::extract::groups::{Group, Noun};
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

impl Reader<'_, '_, '_> {
    /// Takes the group and all that is joined to it into one mention.
    pub(super) fn take(
        &mut self,
        first: usize,
        at: usize,
        outcome: Outcome,
        rule: &'static str,
        stance: Stance,
    ) {
        let trigger = at..at + self.scan.span(at);
        // "nine bodies were taken to hospital": past healing.
        let moved = outcome == Outcome::Wounded && rule == "dying";
        let lifeless = moved && self.groups[first].noun == Noun::Dead;
        let outcome = if lifeless { Outcome::Killed } else { outcome };
        let (mut groups, mut parts) = self.chain(first, &trigger);
        let whose = groups.first().and_then(|g| self.of_whom(g));
        if self.adds_up_more(first) || groups.first().is_some_and(|g| self.ranks_one_told(g)) {
            return;
        }
        self.weigh(&mut groups, &mut parts, &trigger);
        let stance = self.bounded_stance(&groups, at, stance);
        self.look_behind(&mut groups, &mut parts, &trigger, rule);
        side_with(self.scan, &groups, &mut parts);
        let beside = self.found.iter().any(|m| m.outcome != outcome);
        let further = self.are_further(&groups, parts.is_empty(), &trigger) && !beside;
        let origin = self.origin(&groups, &trigger, outcome);
        let adds = further || origin == Origin::Missing;
        let form = if adds { Form::Increment } else { Form::Plain };
        if let ([group], Some(party)) = (&mut groups[..], whose) {
            group.party = Some(party);
            group.of_them = false;
        }
        let subset = groups.iter().all(|g| g.of_them) && origin == Origin::Untold;
        if subset && !groups.is_empty() {
            self.attach_parts(groups, outcome, rule);
            return;
        }
        self.found.push(Mention {
            parts,
            form,
            origin,
            ..Mention::plain(outcome, groups, trigger, stance, rule)
        });
    }

    /// "that *makes* 10 dead": friend and foe of more than this sentence.
    fn adds_up_more(&self, first: usize) -> bool {
        let start = self.groups[first].tokens.start;
        start > self.sentence.start && self.scan.is_word(start - 1, &["makes"])
    }

    /// "another two", "four other people were also executed": beside those told before.
    fn are_further(&self, groups: &[Group], whole: bool, trigger: &Range<usize>) -> bool {
        let others = groups.len() == 1 && whole && self.opens_with_others(groups);
        let more = groups.first().is_some_and(|g| g.more && (others || !is_others(self.scan, g)));
        let [group] = groups else { return more };
        more || self.is_another_person(group) || self.are_also(group, trigger)
    }

    /// "He *was the third teacher* killed this month": his rank, and nobody more.
    fn ranks_one_told(&self, group: &Group) -> bool {
        let start = group.tokens.start;
        group.ordinal.is_some()
            && start > self.sentence.start
            && self.scan.is_word(start - 1, &["was", "is", "became", "as"])
    }

    /// "*Her driver* was killed", "the victim's *partner* was also killed": one more than
    /// the one told of in the sentence before.
    fn is_another_person(&self, group: &Group) -> bool {
        let tokens = &group.tokens;
        let opens = (self.sentence.start..tokens.start).all(|i| !self.scan.is(i, Class::Person));
        // A son or a wife was mostly counted with the family.
        let his = !group.kin
            && tokens.start == self.sentence.start
            && self.scan.is_word(tokens.start, &["his", "her"]);
        let be = tokens.end..tokens.end + 3;
        let also = be.clone().any(|i| self.scan.is_word(i, &["also"]))
            && self.scan.is_word(tokens.end, &["was", "has", "were"]);
        group.single && group.noun == Noun::People && opens && (his || also)
    }

    /// "A priest was killed. *Two parishioners* who ran to him *were also* shot dead".
    fn are_also(&self, group: &Group, trigger: &Range<usize>) -> bool {
        let between = group.tokens.end..trigger.start;
        group.tokens.start == self.sentence.start
            && !(group.definite || group.vague || group.of_them || group.single)
            && group.noun == Noun::People
            && between.clone().any(|i| self.scan.is_word(i, &["also"]))
    }

    /// "*Four other people* were also executed": nobody stands before them in the
    /// sentence, so that they are other than those told of before it.
    fn opens_with_others(&self, groups: &[Group]) -> bool {
        let Some(group) = groups.first().filter(|g| !g.vague && !g.single) else { return false };
        let start = group.tokens.start;
        let opens = (self.sentence.start..start).all(|i| !self.scan.is(i, Class::Person));
        let also =
            (group.tokens.end..group.tokens.end + 3).any(|i| self.scan.is_word(i, &["also"]));
        // "The bandits *also gunned down* two other residents".
        let armed = |i: usize| {
            let term = self.scan.term(i).filter(|t| t.is(Class::Person));
            term.is_none_or(|t| t.party == Some(Party::Militant))
        };
        let before = self.sentence.start..start;
        let adds = before.clone().any(|i| self.scan.is_word(i, &["also"]))
            && group.tokens.clone().any(|i| self.scan.is_word(i, &["other", "others"]))
            && before.into_iter().all(armed);
        let mishap = self.scan.has(self.sentence.clone(), Class::Accident);
        !mishap && (adds || opens && (also || start <= self.sentence.start + 5))
    }

    /// Bounds and shares that the words around the groups give them.
    fn weigh(&mut self, groups: &mut Vec<Group>, parts: &mut Vec<Group>, trigger: &Range<usize>) {
        if self.is_feared(trigger.start) {
            for group in groups.iter_mut() {
                group.count = Count::at_most(group.count.best());
            }
        }
        if is_broken_down(self.scan, groups, trigger.start) {
            parts.extend(groups.drain(1..));
            self.without_nations(&groups[0], parts);
        }
        self.each_side(groups);
        if let [group] = &mut groups[..] {
            let end = group.tokens.end.max(trigger.end);
            group.count = self.disputed_behind(end, group.count);
        }
    }

    /// What stands behind the trigger: parts, companions, groups without a verb.
    fn look_behind(
        &mut self,
        groups: &mut Vec<Group>,
        parts: &mut Vec<Group>,
        trigger: &Range<usize>,
        rule: &str,
    ) {
        parts.extend(self.parts_behind(trigger));
        let whole = groups.iter().map(|g| g.count.best()).fold(0, u32::saturating_add);
        parts.extend(self.breakdown_behind(trigger, groups, whole));
        let told = groups.last().map_or(0, |g| g.tokens.end).max(trigger.end);
        let companions = self.companions_behind(&(told..told));
        if self.grows_behind(trigger.end) {
            for group in groups.iter_mut().take(1) {
                group.count = Count::at_least(group.count.best());
            }
        }
        groups.extend(companions);
        groups.extend(self.own_deaths_behind(told, trigger.start));
        if matches!(rule, "passive" | "dying" | "dead" | "active") {
            groups.extend(self.gapped_behind(trigger, told));
        }
    }

    /// The group and those joined to it in front of the trigger or behind it, and
    /// those told as a part of them.
    pub(super) fn chain(
        &mut self,
        first: usize,
        trigger: &Range<usize>,
    ) -> (Vec<Group>, Vec<Group>) {
        let (mut groups, mut parts) = (Vec::new(), Vec::new());
        let mut including = false;
        for i in first..self.groups.len() {
            let link = if i == first { Link::None } else { self.links[i] };
            including |= link == Link::Including;
            let joined = i == first || link != Link::None && !self.is_other_harm(first, i);
            let beyond = i > first
                && self.groups[i].tokens.start >= trigger.end
                && self.groups[first].tokens.start < trigger.start;
            if !joined
                || self.used[i] && i > first
                || (beyond && !including)
                || (i > first
                    && trigger.end <= self.groups[i].tokens.start
                    && self.governed_by_next(i))
            {
                break;
            }
            self.used[i] = true;
            let group = self.groups[i].clone();
            including &= !groups.last().is_some_and(|w| self.is_other_side(w, &group));
            let group = self.but_for(group, groups.first());
            let militants = groups.last().is_some_and(|g: &Group| g.party == Some(Party::Militant));
            match including {
                true if militants => {}
                true => parts.push(group),
                false => groups.push(group),
            }
        }
        (groups, parts)
    }

    /// "18 soldiers, including an officer*, and five bandits*": no part, but the other side.
    fn is_other_side(&self, whole: &Group, group: &Group) -> bool {
        let start = group.tokens.start;
        let parted = start > self.sentence.start + 1
            && self.scan.is_word(start - 1, &["and"])
            && self.scan.is_word(start - 2, &[","]);
        parted && are_apart(whole, group)
    }

    /// "eleven people, *all but two of them* police": nine were.
    fn but_for(&self, group: Group, whole: Option<&Group>) -> Group {
        let start = group.tokens.start;
        let but = start > self.sentence.start + 1
            && self.scan.is_word(start - 1, &["but", "except"])
            && self.scan.is_word(start - 2, &["all"]);
        let rest = whole.and_then(|w| w.count.best().checked_sub(group.count.best()));
        match rest.filter(|_| but && group.of_them) {
            Some(rest) => Group { count: Count::exactly(rest), ..group },
            None => group,
        }
    }

    /// "four fatalities *and nine injuries*": a noun that is a harm of its own.
    fn is_other_harm(&self, first: usize, i: usize) -> bool {
        let harm = |n: Noun| matches!(n, Noun::Dead | Noun::Hurt | Noun::Casualties);
        harm(self.groups[i].noun) && self.groups[i].noun != self.groups[first].noun
    }

    /// "were killed, including five women" / "were killed, three of them children".
    pub(super) fn parts_behind(&mut self, trigger: &Range<usize>) -> Vec<Group> {
        let mut at = trigger.end;
        let limit = self.sentence.end.min(at + 14);
        let mut open = false;
        let mut parts = Vec::new();
        while at < limit {
            if self.scan.is(at, Class::Including) {
                open = true;
            }
            if let Some(i) = self.group_from(at) {
                let end = self.groups[i].tokens.end;
                let behind = self.scan.is_word(end, &["included"])
                    || self.scan.is_word(end, &["among"]) && self.scan.is_word(end + 1, &["them"]);
                let part = open || behind || self.groups[i].of_them;
                if !part || self.used[i] || self.governed_by_next(i) {
                    break;
                }
                self.used[i] = true;
                parts.push(self.groups[i].clone());
                open = true;
                at = self.groups[i].tokens.end;
                continue;
            }
            if self.scan.is_any(at, VERBS)
                || self.scan.is_any(at, &[Class::Excluding, Class::Leave])
            {
                break;
            }
            at += self.scan.span(at).max(1);
        }
        parts
    }

    /// "four of them died": a part of what was told before, in this sentence or not.
    pub(super) fn attach_parts(
        &mut self,
        groups: Vec<Group>,
        outcome: Outcome,
        rule: &'static str,
    ) {
        let known = self.found.iter_mut().rev().find(|m| m.outcome == outcome);
        if let Some(mention) = known {
            mention.parts.extend(groups);
        } else if let Some(first) = groups.first().filter(|g| {
            matches!(rule, "active" | "dying" | "nominal" | "toll" | "passive" | "dead" | FOUND)
                || self.scan.is_word(g.tokens.start, &["all"])
        }) {
            // "fired on farmers, killing five of them", "a bus with 12 passengers. *Nine of
            // them* were shot dead": no number stood before.
            let trigger = first.tokens.clone();
            self.found.push(Mention::plain(outcome, groups, trigger, Stance::Told, rule));
        }
    }

    /// "nine people died on Sunday: five policemen and four civilians".
    fn breakdown_behind(
        &mut self,
        trigger: &Range<usize>,
        groups: &[Group],
        whole: u32,
    ) -> Vec<Group> {
        let told = groups.last().map_or(0, |g| g.tokens.end).max(trigger.end);
        let first = self.groups_before(told);
        let Some(start) = self.groups.get(first).map(|g| g.tokens.start) else { return vec![] };
        let gap = told..start;
        let opens = start > told && self.scan.is_word(start - 1, &[":", "-", "–", "—", "--", "("]);
        if !opens || gap.len() > 14 || gap.clone().any(|i| self.scan.is_any(i, VERBS)) {
            return vec![];
        }
        let (mut sum, mut last) = (0u32, first);
        for i in first..self.groups.len() {
            if self.used[i] || sum >= whole || (i > first && self.links[i] != Link::And) {
                break;
            }
            sum = sum.saturating_add(self.groups[i].count.best());
            last = i;
        }
        if sum != whole || last == first {
            return vec![];
        }
        self.used[first..=last].fill(true);
        let mut parts = self.groups[first..=last].to_vec();
        groups.iter().take(1).for_each(|whole| self.without_nations(whole, &mut parts));
        parts
    }

    /// "three aid workers (*two Congolese and one international*)": parts by nation only
    /// do not change whose people they are.
    fn without_nations(&self, whole: &Group, parts: &mut Vec<Group>) {
        let told = whole.party.is_some_and(|p| p != Party::Unknown);
        let noun = |g: &Group| self.scan.is(self.scan.head(g.tokens.end - 1), Class::Person);
        let side = |g: &Group| g.party.is_some_and(|p| p != Party::Unknown) && g.nation.is_none();
        parts.retain(|p| !told || noun(p) && side(p));
    }

    /// "14 dead *and counting*", "eight killed, *with more feared dead*".
    fn grows_behind(&self, at: usize) -> bool {
        let at = at + usize::from(self.scan.is_word(at, &[","]));
        self.scan.is_word(at, &["and"]) && self.scan.is_word(at + 1, &["counting"])
            || self.scan.is_word(at, &["with"])
                && self.scan.is_word(at + 1, &["more", "others", "many"])
                && self.scan.is_word(at + 2, &["feared", "believed", "expected"])
    }

    /// "30 passengers, *of whom 10* were shot dead": the verb is said of these alone.
    pub(super) fn is_of_whom(&self, group: usize) -> bool {
        let start = self.groups[group].tokens.start;
        start > self.sentence.start + 2
            && self.scan.is_word(start - 1, &["whom", "which"])
            && self.scan.is_word(start - 2, &["of"])
            && self.groups[group].noun == Noun::None
    }

    /// The first group of the chain that `group` closes.
    pub(super) fn chain_start(&self, mut group: usize) -> usize {
        while group > 0
            && self.links[group] != Link::None
            && !self.is_of_whom(group)
            && !self.used[group - 1]
            && !self.is_other_harm(group, group - 1)
        {
            group -= 1;
        }
        group
    }
}

fn is_others(scan: &Scan<'_, '_>, group: &Group) -> bool {
    group.tokens.clone().any(|i| scan.is_word(i, &["others", "other"]))
}
