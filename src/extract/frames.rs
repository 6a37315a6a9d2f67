//! Reads casualty clauses: which groups of a sentence were killed, wounded or
//! abducted. One rule a construction; each names itself in the evidence.

use std::ops::Range;

use super::event::{Count, Outcome, Party, Reason};
use super::groups::{Group, Noun, groups};
use super::one;
use super::scan::Scan;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;

/// Whether the clause tells, or only fears, plans or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    Told,
    Hypothetical,
    Denied,
    /// Killed and wounded in one number.
    Undivided,
}

impl Stance {
    /// Why a number of this stance is not counted.
    pub fn reason(self) -> Option<Reason> {
        match self {
            Stance::Told => None,
            Stance::Hypothetical => Some(Reason::Hypothetical),
            Stance::Denied => Some(Reason::Denied),
            Stance::Undivided => Some(Reason::Undivided),
        }
    }
}

/// How the number stands to those told before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A number of its own.
    Plain,
    /// "another two died": to be added.
    Increment,
    /// "the toll rose to 14": replaces.
    Toll,
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
    pub rule: &'static str,
}

impl Mention {
    /// Tokens from its first word to its last.
    pub fn span(&self) -> Range<usize> {
        let groups = self.groups.iter().chain(&self.parts).map(|g| g.tokens.clone());
        groups
            .chain([self.trigger.clone()])
            .reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))
            .unwrap_or_else(|| self.trigger.clone())
    }
}

/// How a group hangs on the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    None,
    And,
    Including,
}

/// All casualty mentions of a sentence, in order of their triggers.
pub fn mentions(scan: &Scan<'_, '_>, sentence: Range<usize>) -> Vec<Mention> {
    let found = groups(scan, sentence.clone());
    let links = (0..found.len()).map(|i| link(scan, &found, i)).collect();
    let mut reader = Reader {
        scan,
        sentence,
        used: vec![false; found.len()],
        groups: found,
        links,
        found: Vec::new(),
    };
    reader.read();
    reader.inherit_parties();
    reader.found
}

struct Reader<'s, 'l, 't> {
    scan: &'s Scan<'l, 't>,
    sentence: Range<usize>,
    groups: Vec<Group>,
    links: Vec<Link>,
    used: Vec<bool>,
    found: Vec<Mention>,
}

const VERBS: &[Class] = &[
    Class::KillEd,
    Class::KillIng,
    Class::KillPres,
    Class::Die,
    Class::Dead,
    Class::WoundEd,
    Class::WoundIng,
    Class::WoundPres,
    Class::WoundNoun,
    Class::AbductEd,
    Class::AbductIng,
    Class::AbductPres,
];

impl Reader<'_, '_, '_> {
    fn read(&mut self) {
        let mut at = self.sentence.start;
        while at < self.sentence.end {
            self.read_at(at);
            at += self.scan.span(at).max(1);
        }
        self.read_outcome_nouns();
        self.found.sort_by_key(|m| m.span().start);
    }

    /// Applies the rules of the term at `at`, if it is a trigger.
    fn read_at(&mut self, at: usize) {
        let Some(term) = self.scan.term(at) else { return };
        let outcome = outcome_of(term);
        if term.is(Class::Toll) || term.is(Class::DeadNoun) {
            return self.toll(at, Outcome::Killed);
        }
        if term.is(Class::WoundToll) || term.is(Class::WoundedNoun) {
            return self.toll(at, Outcome::Wounded);
        }
        if term.is(Class::DeathOf) {
            return self.death_of(at);
        }
        if term.is(Class::Heavy) {
            return self.heavy(at);
        }
        let Some(outcome) = outcome else { return };
        if term.is_any(&[
            Class::KillIng,
            Class::WoundIng,
            Class::AbductIng,
            Class::KillPres,
            Class::WoundPres,
            Class::AbductPres,
        ]) {
            if !self.object(at, outcome, "active") {
                self.named(at, outcome, false);
            }
        } else if term.is_any(&[Class::Die, Class::WoundNoun]) {
            self.subject(at, outcome, "dying");
        } else if term.is(Class::Dead) {
            self.subject(at, outcome, "dead");
        } else if term.is(Class::Captive) {
            self.captive(at);
        } else {
            self.participle(at, outcome);
        }
    }

    /// "killed": active with a group right behind it, else passive.
    fn participle(&mut self, at: usize, outcome: Outcome) {
        let passive = self.passive_before(at);
        if !passive && self.object(at, outcome, "active") {
            return;
        }
        if !passive && one::object(self.scan, at, self.sentence.end).is_some() {
            return self.named(at, outcome, false);
        }
        if !self.subject(at, outcome, "passive") && passive {
            self.named(at, outcome, true);
        }
    }

    /// Whether a form of "be" governs the participle.
    fn passive_before(&self, at: usize) -> bool {
        let mut i = at;
        while i > self.sentence.start {
            let head = self.scan.head(i - 1);
            if self.scan.is(head, Class::Be) {
                return true;
            }
            if !self.scan.is_any(head, &[Class::Adverb, Class::Negation, Class::Have]) {
                return false;
            }
            i = head;
        }
        false
    }

    /// The group right behind the trigger, with all that is joined to it.
    fn object(&mut self, at: usize, outcome: Outcome, rule: &'static str) -> bool {
        let after = at + self.scan.span(at);
        let (start, undivided) = self.object_start(after, outcome);
        let Some(first) = self.groups.iter().position(|g| g.tokens.start == start) else {
            return false;
        };
        if self.used[first] || self.governed_by_next(first) && !undivided {
            return false;
        }
        let stance = if undivided { Stance::Undivided } else { self.stance(at) };
        self.take(first, at, outcome, rule, stance);
        true
    }

    /// Where the object would begin: past adverbs, and past a second verb joined
    /// to this one ("killed and wounded 40": undivided).
    fn object_start(&self, mut at: usize, outcome: Outcome) -> (usize, bool) {
        let mut undivided = false;
        loop {
            let joins = self.scan.is_word(at, &["and", "or", "/"]);
            let second = self.scan.term(at + 1).filter(|_| joins);
            if second.is_some_and(|t| outcome_of(t).is_some_and(|o| o != outcome)) {
                undivided = true;
                at += 1 + self.scan.span(at + 1);
            } else if self.scan.is(at, Class::Adverb) && !self.scan.is_any(at, QUALIFIERS) {
                at += self.scan.span(at);
            } else if self.scan.is_word(at, &[":"]) {
                at += 1;
            } else {
                return (at, undivided);
            }
        }
    }

    /// "killed, 11 wounded": the group belongs to the verb behind it.
    fn governed_by_next(&self, group: usize) -> bool {
        let mut at = self.groups[group].tokens.end;
        while self.scan.is_any(at, &[Class::Adverb, Class::Be, Class::Have])
            && at < self.sentence.end
        {
            at += self.scan.span(at);
        }
        at < self.sentence.end
            && self.scan.is_any(
                at,
                &[
                    Class::KillEd,
                    Class::WoundEd,
                    Class::AbductEd,
                    Class::Die,
                    Class::Dead,
                    Class::WoundNoun,
                ],
            )
    }

    /// "taken 37 soldiers captive".
    fn captive(&mut self, at: usize) {
        if let Some(group) = self.groups.iter().position(|g| g.tokens.end == at)
            && !self.used[group]
        {
            let stance = self.stance(at);
            self.take(self.chain_start(group), at, Outcome::Abducted, "captive", stance);
        }
    }

    /// The group before the trigger that it is said of.
    fn subject(&mut self, at: usize, outcome: Outcome, rule: &'static str) -> bool {
        let Some(group) = self.subject_of(at) else { return false };
        let undivided = self.joined_outcome(at, outcome);
        let stance = if undivided { Stance::Undivided } else { self.stance(at) };
        let first = self.chain_start(group);
        let companion = self.companion(first, at);
        self.take(first, at, outcome, rule, stance);
        if let (Some(other), Some(mention)) = (companion, self.found.last_mut()) {
            mention.groups.insert(0, other);
        }
        true
    }

    /// "the magistrate *and his assistant* were shot": the verb is plural, so there
    /// is one more person before the "and".
    fn companion(&self, first: usize, at: usize) -> Option<Group> {
        let group = &self.groups[first];
        let joined = group.tokens.start > self.sentence.start + 1
            && self.scan.is_word(group.tokens.start - 1, &["and"])
            && self.scan.is_word(group.tokens.start, &["his", "her"]);
        let plural = (group.tokens.end..at).any(|i| self.scan.is_word(i, &["were", "are", "have"]));
        (joined && plural && group.single)
            .then(|| one::person(self.scan, self.sentence.start..group.tokens.start - 1))
    }

    /// "were killed or wounded", "were wounded and killed".
    fn joined_outcome(&self, at: usize, outcome: Outcome) -> bool {
        let after = at + self.scan.span(at);
        let other = |i: usize| self.scan.term(i).and_then(outcome_of).is_some_and(|o| o != outcome);
        let later = self.scan.is_word(after, &["or", "and"])
            && other(after + 1)
            && !self.groups.iter().any(|g| g.tokens.start == after + 1 + self.scan.span(after + 1));
        let earlier =
            at >= 2 && self.scan.is_word(at - 1, &["or", "and"]) && other(self.scan.head(at - 2));
        later || earlier
    }

    fn subject_of(&self, at: usize) -> Option<usize> {
        self.nearest_subject(at, false).or_else(|| self.nearest_subject(at, true))
    }

    /// The nearest group before the verb that can be its subject. `governed`: one
    /// behind a preposition will do.
    fn nearest_subject(&self, at: usize, governed: bool) -> Option<usize> {
        let candidates = (0..self.groups.len()).rev().filter(|i| self.groups[*i].tokens.end <= at);
        for i in candidates {
            let gap = self.groups[i].tokens.end..at;
            if gap.len() > 24 || self.breaks(gap.clone()) {
                return None;
            }
            if !self.used[i] && self.can_be_subject(i, gap, governed) {
                return Some(i);
            }
        }
        None
    }

    /// Whether the words between hold a clause of their own.
    fn breaks(&self, gap: Range<usize>) -> bool {
        gap.clone().any(|i| {
            self.scan.is_word(i, &[";", "when", "while", "after", "but", "because", "before"])
                || (self.scan.is_any(i, VERBS) && !self.harmless(i))
        })
    }

    /// A joined verb, or one inside a relative clause, does not end the search.
    fn harmless(&self, i: usize) -> bool {
        let after = i + self.scan.span(i);
        self.scan.is_word(after, &["and", "or"])
            || (i > 0 && self.scan.is_word(i - 1, &["and", "or"]))
    }

    fn can_be_subject(&self, i: usize, gap: Range<usize>, governed: bool) -> bool {
        let group = &self.groups[i];
        let plain = gap.clone().all(|t| self.is_filler(t));
        let behind = group.tokens.start > self.sentence.start
            && self.scan.is_word(group.tokens.start - 1, PREPOSITIONS)
            && !gap.is_empty();
        match (behind, governed) {
            (true, false) => false,
            (true, true) => plain && !group.single,
            (false, _) => gap.is_empty() || !group.single || plain || self.agrees(group, gap),
        }
    }

    /// "A candidate running for parliament was shot dead": a single person with a
    /// clause of his own, and a verb in the singular.
    fn agrees(&self, group: &Group, gap: Range<usize>) -> bool {
        let opens = group.tokens.start < self.sentence.start + 3
            || self.scan.is_word(group.tokens.start - 1, &[",", "and", "that", "said"]);
        opens && gap.clone().rev().take(4).any(|i| self.scan.is_word(i, &["was", "has", "is"]))
    }

    /// Words that may stand between a subject and its verb without a new noun.
    fn is_filler(&self, i: usize) -> bool {
        let head = self.scan.head(i);
        self.scan.is_any(head, &[Class::Be, Class::Have, Class::Adverb])
            || self.scan.is_word(i, &[",", "who", "that", "which", "(", ")", "-", "–", "—"])
            || (self.scan.tokens.get(i).capital && self.scan.term(i).is_none())
    }

    /// Takes the group and all that is joined to it into one mention.
    fn take(
        &mut self,
        first: usize,
        at: usize,
        outcome: Outcome,
        rule: &'static str,
        stance: Stance,
    ) {
        let trigger = at..at + self.scan.span(at);
        let (mut groups, mut parts) = (Vec::new(), Vec::new());
        let mut including = false;
        for i in first..self.groups.len() {
            let link = if i == first { Link::None } else { self.links[i] };
            including |= link == Link::Including;
            let joined = i == first || link != Link::None;
            let beyond = i > first
                && self.groups[i].tokens.start >= trigger.end
                && self.groups[first].tokens.start < trigger.start;
            if !joined
                || (beyond && !including)
                || (i > first
                    && trigger.end <= self.groups[i].tokens.start
                    && self.governed_by_next(i))
            {
                break;
            }
            self.used[i] = true;
            if including { &mut parts } else { &mut groups }.push(self.groups[i].clone());
        }
        if self.is_feared(at) {
            for group in &mut groups {
                group.count = Count::at_most(group.count.best());
            }
        }
        if is_broken_down(self.scan, &groups) {
            parts.extend(groups.drain(1..));
        }
        parts.extend(self.parts_behind(&trigger));
        let beside = self.found.iter().any(|m| m.outcome != outcome);
        let further = groups.first().is_some_and(|g| g.more && !is_others(self.scan, g));
        let form = if further && !beside { Form::Increment } else { Form::Plain };
        let subset = groups.iter().all(|g| g.of_them);
        if subset && !groups.is_empty() {
            self.attach_parts(groups, outcome);
            return;
        }
        self.found.push(Mention { outcome, groups, parts, trigger, form, stance, rule });
    }

    /// "feared killed", "believed dead": nothing is certain, the number is.
    fn is_feared(&self, at: usize) -> bool {
        (self.sentence.start..at).rev().take(3).any(|i| self.scan.is_word(i, &["feared"]))
    }

    /// "were killed, including five women" / "were killed, three of them children".
    fn parts_behind(&mut self, trigger: &Range<usize>) -> Vec<Group> {
        let mut at = trigger.end;
        let limit = self.sentence.end.min(at + 14);
        let mut open = false;
        let mut parts = Vec::new();
        while at < limit {
            if self.scan.is(at, Class::Including) {
                open = true;
            }
            let starts = self.groups.iter().position(|g| g.tokens.start == at);
            if let Some(i) = starts {
                let part = open || self.groups[i].of_them;
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
    fn attach_parts(&mut self, groups: Vec<Group>, outcome: Outcome) {
        if let Some(mention) = self.found.iter_mut().rev().find(|m| m.outcome == outcome) {
            mention.parts.extend(groups);
        }
    }

    /// The first group of the chain that `group` closes.
    fn chain_start(&self, mut group: usize) -> usize {
        while group > 0 && self.links[group] != Link::None && !self.used[group - 1] {
            group -= 1;
        }
        group
    }

    /// "the death toll rose to 14", "put the number of dead at nine".
    fn toll(&mut self, at: usize, outcome: Outcome) {
        let start = at + self.scan.span(at);
        let limit = self.sentence.end.min(start + 30);
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
    fn death_of(&mut self, at: usize) {
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
    fn one_death(&mut self, at: usize, start: usize) {
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
    fn heavy(&mut self, at: usize) {
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
        let party = if inflicted { sides.into_iter().next() } else { sides.last() };
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

    /// One person without a number: "Judge Karimi was shot dead".
    fn named(&mut self, at: usize, outcome: Outcome, passive: bool) {
        let found = if passive {
            one::subject(self.scan, self.sentence.start, at)
        } else {
            one::object(self.scan, at, self.sentence.end)
        };
        let Some(group) = found else { return };
        let trigger = at..at + self.scan.span(at);
        let stance = self.stance(at);
        let mut groups = vec![group];
        groups.extend(self.joined_to(groups[0].tokens.end));
        self.found.push(Mention {
            outcome,
            groups,
            parts: vec![],
            trigger,
            form: Form::Plain,
            stance,
            rule: "one person",
        });
    }

    /// "killed Karim Khan *and two guards*": groups joined behind a name.
    fn joined_to(&mut self, end: usize) -> Vec<Group> {
        let first = self.groups.iter().position(|g| g.tokens.start == end + 1);
        let Some(first) = first.filter(|f| {
            self.scan.is_word(end, &["and", ","]) && !self.used[*f] && !self.governed_by_next(*f)
        }) else {
            return Vec::new();
        };
        let last = (first + 1..self.groups.len())
            .take_while(|i| self.links[*i] == Link::And && !self.governed_by_next(*i))
            .last()
            .unwrap_or(first);
        self.used[first..=last].fill(true);
        self.groups[first..=last].to_vec()
    }

    /// Groups whose noun is the harm itself: "14 bodies", "three fatalities".
    fn read_outcome_nouns(&mut self) {
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

    fn undivided(&mut self, i: usize) {
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

    /// What the words before the trigger in its clause make of it.
    fn stance(&self, at: usize) -> Stance {
        let from = (self.sentence.start..at)
            .rev()
            .take(12)
            .find(|i| self.scan.is_word(*i, &[",", ";", "but", "when", "and"]))
            .unwrap_or(self.sentence.start.max(at.saturating_sub(12)));
        if self.scan.has(from..at, Class::Hypothetical) || self.scan.has(from..at, Class::ModalHave)
        {
            return Stance::Hypothetical;
        }
        if self.scan.has(from..at, Class::Negation) { Stance::Denied } else { Stance::Told }
    }

    /// "11 others wounded" are of the people told of before in the sentence.
    fn inherit_parties(&mut self) {
        let (scan, sentence) = (self.scan, self.sentence.clone());
        let mut before: Option<Party> = None;
        for mention in &mut self.found {
            for group in &mut mention.groups {
                if group.own && matches!(group.party, None | Some(Party::Unknown)) {
                    let before = (sentence.start..group.tokens.start).rev();
                    group.party = before.filter_map(|i| side_at(scan, i)).next().or(group.party);
                }
                let men = group.tokens.clone().any(|i| scan.is_word(i, &["men", "man"]));
                let general = group.party == Some(Party::Unknown);
                if group.party.is_none() || (general && (group.more || men)) {
                    group.party = before.or(group.party);
                }
            }
            before = mention.groups.last().and_then(|g| g.party).or(before);
        }
    }
}

const PREPOSITIONS: &[&str] = &[
    "of", "by", "from", "with", "near", "for", "to", "at", "against", "on", "in", "inside",
    "around",
];

const QUALIFIERS: &[Class] =
    &[Class::AtLeast, Class::About, Class::MoreThan, Class::UpTo, Class::ExactMark, Class::Vague];

fn is_others(scan: &Scan<'_, '_>, group: &Group) -> bool {
    group.tokens.clone().any(|i| scan.is_word(i, &["others", "other"]))
}

fn outcome_of(term: &crate::lexicon::terms::Term) -> Option<Outcome> {
    if term.is_any(&[Class::KillEd, Class::KillIng, Class::KillPres, Class::Die, Class::Dead]) {
        Some(Outcome::Killed)
    } else if term.is_any(&[Class::WoundEd, Class::WoundIng, Class::WoundPres, Class::WoundNoun]) {
        Some(Outcome::Wounded)
    } else if term.is_any(&[Class::AbductEd, Class::AbductIng, Class::AbductPres, Class::Captive]) {
        Some(Outcome::Abducted)
    } else {
        None
    }
}

/// How group `i` hangs on the one before it, from the words between them.
fn link(scan: &Scan<'_, '_>, groups: &[Group], i: usize) -> Link {
    let Some(before) = i.checked_sub(1).map(|b| &groups[b]) else { return Link::None };
    let gap = before.tokens.end..groups[i].tokens.start;
    let speaks = scan.is(groups[i].tokens.end, Class::Said);
    if gap.is_empty() || gap.len() > 9 || speaks {
        return Link::None;
    }
    if gap.clone().any(|t| scan.is(t, Class::Including)) {
        let clean = gap.clone().all(|t| !scan.is_any(t, VERBS));
        return if clean { Link::Including } else { Link::None };
    }
    let joins = gap.clone().any(|t| {
        scan.is_word(t, &["and", "&", ",", "plus", "-", "–", "—", "("])
            || scan.is(t, Class::Excluding)
    });
    let plain = gap.clone().all(|t| joins_words(scan, t)) || names_a_place(scan, gap.clone());
    if !(joins && plain) {
        return Link::None;
    }
    let parenthesis = gap.clone().any(|t| scan.is_word(t, &["("]));
    if groups[i].of_them || (parenthesis && groups[i].of_them) {
        Link::Including
    } else {
        Link::And
    }
}

fn joins_words(scan: &Scan<'_, '_>, t: usize) -> bool {
    let head = scan.head(t);
    scan.is_word(t, &["and", "&", ",", "plus", "also"]) || scan.is(head, Class::Excluding)
}

/// "ten *in Kunduz and* six": only a place stands between.
fn names_a_place(scan: &Scan<'_, '_>, gap: Range<usize>) -> bool {
    let (first, last) = (gap.start, gap.end - 1);
    scan.is_word(first, &["in", "at", "from"])
        && scan.is_word(last, &["and", ","])
        && (first + 1..last).all(|i| {
            scan.tokens.get(i).capital
                || scan.is_word(i, &["province", "district", "city", ",", "-"])
        })
}

/// "five people, a mother and her four children, were killed": the groups after
/// the first add up to it.
fn is_broken_down(scan: &Scan<'_, '_>, groups: &[Group]) -> bool {
    let [whole, rest @ ..] = groups else { return false };
    let sum: u32 = rest.iter().map(|g| g.count.best()).fold(0, u32::saturating_add);
    let parted = scan.is_word(whole.tokens.end, &[",", "-", "–", "—", ":", "("]);
    parted && !rest.is_empty() && sum == whole.count.best() && whole.count.best() > 1
}

/// The armed side that the word at `i` names.
fn side_at(scan: &Scan<'_, '_>, i: usize) -> Option<Party> {
    if let Some(met) = scan.actor(i).filter(|m| m.at == i) {
        return Some(match scan.side(met.actor) {
            Side::State => Party::Security,
            _ => Party::Militant,
        });
    }
    let party = scan.term(i).filter(|t| t.is(Class::Person)).and_then(|t| t.party);
    party.filter(|p| matches!(p, Party::Militant | Party::Security))
}
