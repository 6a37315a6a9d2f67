//! Clauses whose noun is the harm: tolls, deaths, bodies, heavy losses.

use super::mention::{Form, Mention, Stance};
use super::{FOUND, Reader, VERBS, outcome_of};
use crate::extract::event::{Count, Outcome};
use crate::extract::groups::Noun;
use crate::extract::one;
use crate::lexicon::terms::Class;
use crate::text::words::{Lot, lot};

impl Reader<'_, '_, '_> {
    /// "the death toll rose to 14", "put the number of dead at nine".
    pub(super) fn toll(&mut self, at: usize, outcome: Outcome) {
        let start = at + self.scan.span(at);
        // "the toll of …" may tell the whole story before its number; people who have
        // a clause of their own ("the victims of the raid, in which 70 …") do not.
        let near = self.scan.is_any(at, &[Class::DeadNoun, Class::WoundedNoun]);
        let clause = |i: &usize| {
            self.scan.is_word(*i, &[",", "which", "who", "whom", "when", "where", "as", "by"])
        };
        let limit = self.sentence.end.min(start + 30);
        let reach = if near { (start..limit).find(clause).unwrap_or(limit) - start } else { 30 };
        let before = self.total_before(at);
        if let Some(group) = before.filter(|_| self.sums_a_period(at)) {
            self.used[group] = true;
            return;
        }
        // "the dead *also* included two volunteers".
        let start = start + usize::from(near && self.scan.is_word(start, &["also"]));
        let listed = self.scan.is(start, Class::Including)
            || self.scan.is_word(start, &["included", "include", "were", "are"]);
        let named = self.group_from(start + self.scan.span(start)).filter(|_| listed && near);
        let found = named.or(before).or_else(|| self.toll_group(start, reach));
        let Some(group) = found.filter(|g| !self.used[*g]) else { return };
        if near && listed {
            let (mut parts, _) = self.chain(group, &(at..start));
            parts.iter_mut().for_each(|p| p.of_them = true);
            return self.attach_share(parts, at, Some(outcome), Form::Share);
        }
        let stance = self.stance(at);
        // "the number of wounded *policemen* at seven".
        let whose = self.scan.term(start).filter(|t| t.is(Class::Person)).and_then(|t| t.party);
        if self.groups[group].party.is_none() {
            self.groups[group].party = whose;
        }
        self.settle_change(at, group);
        if self.is_open(at, group) {
            let count = &mut self.groups[group].count;
            *count = Count::at_least(count.best());
        }
        self.take(group, at, outcome, "toll", stance);
        if let Some(mention) = self.found.last_mut() {
            mention.form = Form::Toll;
        }
    }

    /// "a provisional toll of 22", "expected to climb from 9": more may come.
    fn is_open(&self, at: usize, group: usize) -> bool {
        let provisional =
            at > 0 && self.scan.is_word(at - 1, &["provisional", "preliminary", "interim"]);
        let words = at..self.groups[group].tokens.start;
        let waits = |i: usize| self.scan.is_word(i, &["expected", "likely", "feared"]);
        let grows = |i: usize| self.scan.is_word(i, &["rise", "climb", "increase", "grow"]);
        provisional || (words.clone().any(waits) && words.clone().any(grows))
    }

    /// "police put the dead at 9, *medics at 13*", "the ministry said 3, *residents
    /// spoke of dozens*": another voice widens the bounds.
    pub(super) fn disputed_behind(&mut self, end: usize, mine: Count) -> Count {
        let Some(rival) = self.rival_behind(end) else { return mine };
        let other = self.groups[rival].count;
        self.used[rival] = true;
        let high = mine.high().zip(other.high()).map(|(a, b)| a.max(b));
        Count::around(Some(mine.low().min(other.low())), mine.best(), high)
    }

    /// The bare number of another speaker right behind `end`.
    fn rival_behind(&self, end: usize) -> Option<usize> {
        let parted = self.scan.is_word(end, &[",", ";", "while", "but", "and"]);
        let limit = self.sentence.end.min(end + 9);
        let at = (end + 1..limit).find(|i| self.group_from(*i).is_some())?;
        let rival = self.group_from(at)?;
        let speaker = |i: usize| self.scan.is(i, Class::Speaker);
        let says = self.scan.is_word(at - 1, RIVAL_VERBS);
        let bare = self.groups[rival].noun == Noun::None && !self.governed_by_next(rival);
        (parted && says && bare && !self.used[rival] && (end..at).any(speaker)).then_some(rival)
    }

    /// "bringing *the total* from the bombing to 16", "bringing to 11 *the number*".
    pub(super) fn raises_a_total(&self, at: usize) -> bool {
        let from = self.sentence.start.max(at.saturating_sub(5));
        let total = self.scan.is_word(at, TOTALS);
        total && (from..at).any(|i| self.scan.is_word(i, BRINGING))
    }

    /// "bringing to 11 *the number* of dead": the number stands before its noun.
    fn total_before(&self, at: usize) -> Option<usize> {
        let group = self.groups_before(at).checked_sub(1)?;
        let tokens = self.groups[group].tokens.clone();
        let near = (tokens.end..at).all(|i| self.scan.is_word(i, &["the"])) && tokens.start > 1;
        let from = self.sentence.start.max(tokens.start.saturating_sub(3));
        let raised = (from..tokens.start).any(|i| self.scan.is_word(i, BRINGING));
        // "revised up *from five to 17* the death toll".
        let changed = self.scan.is_word(tokens.start, &["from"])
            && (from..tokens.start).any(|i| self.scan.is_word(i, &["revised", "raised", "up"]));
        let to = raised && self.scan.is_word(tokens.start - 1, &["to"]);
        (near && (to || changed)).then_some(group)
    }

    /// "raising to 30 the number *killed this week*": no toll of one event.
    fn sums_a_period(&self, at: usize) -> bool {
        (at..self.sentence.end.min(at + 14))
            .any(|i| self.scan.is_word(i, &["span", "week", "weeks"]))
    }

    /// The number that a toll is said to be: the first that a verb or a preposition
    /// announces behind `start`.
    fn toll_group(&self, start: usize, reach: usize) -> Option<usize> {
        let mut best = None;
        let mut announced = true;
        for i in start..self.sentence.end.min(start + reach) {
            if self.scan.is_any(i, VERBS)
                || self.scan.is_word(i, &[";", "while", "after", "age", "aged", "ages"])
            {
                break;
            }
            announced |= self.scan.is(i, Class::Rose) || self.scan.is_word(i, ANNOUNCING);
            let group = self.group_from(i).filter(|g| !self.groups[*g].single);
            let exceeds = self.scan.is_word(i, EXCEEDING);
            if let (Some(group), true) = (group, announced || exceeds) {
                best = Some(group);
                let goes_on = self.scan.is_word(self.groups[group].tokens.end, &["to", "-"]);
                if !goes_on {
                    break;
                }
            }
            announced &= i != start || group.is_some() || self.scan.is_word(i, ANNOUNCING);
        }
        best
    }

    /// "rose from 8 to 11" is 11 and no range.
    fn settle_change(&mut self, at: usize, group: usize) {
        let tokens = self.groups[group].tokens.clone();
        if !self.scan.is_word(tokens.start, &["from"]) {
            return;
        }
        let words = at.min(tokens.start.saturating_sub(3))..tokens.start;
        let fell = words.clone().any(|i| self.scan.is_word(i, FALLING));
        let moved = fell || words.clone().any(|i| self.scan.is_word(i, RISING));
        let count = &mut self.groups[group].count;
        if let (true, Some(high)) = (moved, count.high()) {
            *count = Count::exactly(if fell { count.low() } else { high });
        }
    }

    /// "taking the death toll to 19": a verb and the toll in one phrase.
    pub(super) fn raises_a_toll(&self, at: usize) -> bool {
        let words = at..at + self.scan.span(at);
        self.scan.is(at, Class::Rose)
            && words.clone().any(|i| self.scan.is_word(i, &["toll", "total", "dead"]))
    }

    /// "and as many were hurt", "wounding twice that number".
    pub(super) fn as_many(&mut self, at: usize) {
        let Some(model) = self.found.iter().rev().find(|m| m.stance == Stance::Told) else {
            return;
        };
        let harm = |i: &usize| self.scan.term(*i).and_then(outcome_of);
        let after = at + self.scan.span(at);
        let before = (self.sentence.start..at).rev().take(1);
        let Some(outcome) =
            (after..self.sentence.end.min(after + 5)).chain(before).find_map(|i| harm(&i))
        else {
            return;
        };
        let whole = model.groups.iter().map(|g| g.count).reduce(Count::plus);
        let equal = self.scan.is_word(at, &["the", "an"]);
        let (Some(count), true) = (whole, equal || model.outcome != outcome) else { return };
        let twice = (at..after).any(|i| self.scan.is_word(i, &["twice", "double"]));
        let mut group = model.groups[0].clone();
        group.party = model
            .groups
            .iter()
            .map(|g| g.party)
            .reduce(|a, b| if a == b { a } else { None })
            .flatten();
        group.count = if twice { count.plus(count) } else { count };
        if at > self.sentence.start && self.scan.is(self.scan.head(at - 1), Class::AtLeast) {
            group.count = Count::at_least(group.count.best());
        }
        group.tokens = at..after;
        group.counted = at..after;
        let stance = self.stance(at);
        let trigger = at..after;
        self.found.push(Mention::plain(outcome, vec![group], trigger, stance, "as many"));
    }

    /// "the deaths of eight men", "the abduction of 31 farmers".
    pub(super) fn death_of(&mut self, at: usize, outcome: Outcome) {
        let start = at + self.scan.span(at);
        if let Some(group) = self.group_from(start) {
            if !self.used[group] {
                let stance = self.stance(at);
                self.take(group, at, outcome, "nominal", stance);
            }
        } else if outcome != Outcome::Killed || self.is_counted(at) {
            // "14 bodies of civilians": the number stands before.
        } else if self.scan.is_word(start, &["a", "an", "one"])
            || (self.scan.is_word(start, &["the"]) && !self.scan.is(at, Class::Body))
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
        let mut group = one::person(self.scan, start..end);
        one::by_apposition(self.scan, &mut group, end, self.sentence.end);
        let stance = self.stance(at);
        let trigger = at..start;
        // "the death of the ambassador, *a guard and a driver*".
        let mut groups = vec![group];
        groups.extend(self.joined_to(end));
        self.found.push(Mention::plain(Outcome::Killed, groups, trigger, stance, "nominal"));
    }

    /// Groups whose noun is the harm itself: "14 bodies", "three fatalities".
    pub(super) fn read_outcome_nouns(&mut self) {
        for i in 0..self.groups.len() {
            let outcome = match self.groups[i].noun {
                Noun::Dead => Outcome::Killed,
                Noun::Hurt => Outcome::Wounded,
                Noun::Casualties => {
                    if !self.fatal_share(i) {
                        self.undivided(i);
                    }
                    continue;
                }
                _ => continue,
            };
            if self.used[i] {
                continue;
            }
            let at = self.groups[i].tokens.start;
            let stance = self.stance(at);
            // "fled, leaving behind nine bodies": their own.
            self.groups[i].own |= at > 0 && self.scan.is_word(at - 1, &["behind", "abandoned"]);
            let rule = if self.is_found(i) { FOUND } else { "nominal" };
            self.take(i, at, outcome, rule, stance);
        }
    }

    pub(super) fn undivided(&mut self, i: usize) {
        let group = self.groups[i].clone();
        let trigger = group.tokens.clone();
        self.found.push(Mention::plain(
            Outcome::Killed,
            vec![group],
            trigger,
            Stance::Undivided,
            "casualties",
        ));
    }
}

pub(super) const TOTALS: &Lot = &lot(&["total", "tally"]);

const RIVAL_VERBS: &[&str] =
    &["at", "of", "to", "counted", "said", "reported", "confirmed", "acknowledged", "gave"];

const BRINGING: &[&str] = &[
    "bringing", "brings", "brought", "taking", "takes", "took", "pushing", "pushed", "raising",
    "raised", "lifting", "lifted",
];

/// What leads from a toll to its number.
const ANNOUNCING: &[&str] = &[
    "at", "to", "is", "was", "of", ":", "hits", "hit", "reached", "stood", "stands", "included",
    "numbered", "with", "from", "now",
];

const EXCEEDING: &[&str] =
    &["topped", "tops", "passed", "passes", "exceeded", "exceeds", "surpassed", "surpasses"];

const RISING: &[&str] = &[
    "rose",
    "rises",
    "risen",
    "climbed",
    "climbs",
    "jumped",
    "jumps",
    "increased",
    "grew",
    "grown",
    "soared",
    "went",
    "raised",
    "revised",
    "updated",
    "changed",
    "doubled",
    "up",
];

const FALLING: &[&str] = &["down", "cut", "lowered", "reduced", "fell", "fallen", "dropped"];
