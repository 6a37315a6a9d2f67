//! Whose people the counted are where their own words leave it open: by those
//! counted beside or before them, by the subject, by who struck whom.

use std::ops::Range;

use super::Reader;
use super::camps::of_their_camp;
use crate::extract::event::{Outcome, Party};
use crate::extract::groups::{Group, Noun};
use crate::extract::nouns::is_plural;
use crate::extract::scan::Scan;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;
use crate::text::words::{Lot, lot};

impl Reader<'_, '_, '_> {
    /// "11 others wounded" are of the people told of before in the sentence.
    pub(super) fn inherit_parties(&mut self) {
        let (scan, sentence) = (self.scan, self.sentence.clone());
        let mut before: Option<Party> = None;
        for mention in &mut self.found {
            civilians_by_kin(scan, &mut mention.groups);
            of_the_next(&mut mention.groups);
            for group in &mut mention.groups {
                by_its_clause(scan, &sentence, group, mention.outcome, &mention.trigger);
                let men = group.tokens.clone().any(|i| scan.is_word(i, &["men", "man"]));
                let general = group.party == Some(Party::Unknown);
                if group.party.is_none() || (general && (group.more || men)) {
                    let passive = mention.rule == "passive";
                    let told = before
                        .or_else(|| spoken_of(scan, &self.groups, group, passive))
                        .or_else(|| subject_side(scan, &sentence, group).filter(|_| passive));
                    group.party = told.or(group.party);
                }
            }
            his_guards(scan, &mut mention.groups);
            // "eight pupils and a guard were killed and seven others hurt": of either.
            let mut sides = mention.groups.iter().filter_map(|g| g.party);
            let first = sides.next();
            let mixed = first.is_some_and(|f| sides.any(|p| p != f));
            before = if mixed { None } else { first.or(before) };
        }
    }
}

/// Whose people the clause makes of a group whose own words leave it open.
fn by_its_clause(
    scan: &Scan<'_, '_>,
    sentence: &Range<usize>,
    group: &mut Group,
    outcome: Outcome,
    trigger: &Range<usize>,
) {
    let open = |g: &Group| matches!(g.party, None | Some(Party::Unknown));
    let before = sentence.start..group.tokens.start;
    let seized = scan.is_word(group.tokens.end - 1, &["captives", "hostages", "victims"]);
    if group.own && !seized && open(group) {
        let mut sides = before.clone().rev().take(60).filter_map(|i| side_at(scan, i));
        group.party = sides.next().or(group.party);
    }
    if group.own && group.party == Some(Party::Security) {
        group.nation = group.nation.or(before.take(12).find_map(|i| scan.nation(i)));
    }
    if outcome == Outcome::Killed && is_stopped(scan, group, trigger, sentence) {
        group.party = Some(Party::Militant);
    }
    if open(group) {
        group.party = of_their_camp(scan, group, trigger).or(group.party);
    }
}

/// "The driver hit dozens *before being shot dead by police*", "the man was killed in
/// a firefight with officers": one who attacked others.
pub(super) fn is_stopped(
    scan: &Scan<'_, '_>,
    group: &Group,
    trigger: &Range<usize>,
    in_: &Range<usize>,
) -> bool {
    let open = matches!(group.party, None | Some(Party::Unknown | Party::Civilian));
    let (from, to) = (trigger.start.saturating_sub(3).max(in_.start), in_.end.min(trigger.end + 8));
    let before = (from..trigger.start).any(|i| {
        scan.is_word(i, &["before"]) && scan.is_word(i + 1, &["being", "he", "she", "police"])
    });
    let by = (trigger.end..to).any(|i| scan.is_word(i, &["by", "with"]))
        && (trigger.end..to).any(|i| side_at(scan, i) == Some(Party::Security));
    let fight = (trigger.end..to).any(|i| {
        scan.is_word(i, &["firefight", "shootout", "gunfight"])
            || scan.is_word(i, &["exchange", "gun"]) && scan.is_word(i + 1, &["of", "battle"])
    });
    open && group.single && by && (before || fight)
}

/// Whether armed people of one side cannot be those of the other noun.
pub(super) fn are_apart(whole: &Group, other: &Group) -> bool {
    let side = |g: &Group| g.party.filter(|p| *p != Party::Unknown);
    let both = side(whole).zip(side(other));
    both.is_some_and(|(a, b)| a != b && a != Party::Civilian) && !other.single && !other.of_them
}

/// "nine soldiers, including a commander": of the whole's own side.
pub(super) fn side_with(scan: &Scan<'_, '_>, groups: &[Group], parts: &mut [Group]) {
    let soldiers = groups.first().is_some_and(|g| g.party == Some(Party::Security));
    let rank = |g: &Group| {
        scan.is_word(g.tokens.end - 1, &["commander", "commanders", "leader", "operative"])
            && g.tokens.clone().all(|i| scan.actor(i).is_none())
    };
    for part in parts.iter_mut().filter(|p| soldiers && rank(p)) {
        part.party = Some(Party::Security);
    }
}

/// "several insurgents were detained and *two* were killed", "engaged the gunmen,
/// killing *all three*": of the people whom the sentence speaks of before.
pub(super) fn spoken_of(
    scan: &Scan<'_, '_>,
    groups: &[Group],
    group: &Group,
    passive: bool,
) -> Option<Party> {
    let start = group.tokens.start;
    if let Some(party) = by_the_strike(scan, group, passive) {
        return Some(party);
    }
    if group.of_them && !passive && scan.is_word(group.tokens.end - 1, &["them"]) {
        return struck_before(scan, start).or_else(|| killed_by_state(scan, start));
    }
    if group.ordinal.is_some() || group.noun != Noun::None || group.single || group.of_them {
        return None;
    }
    if scan.is_word(start, &["all", "both"]) {
        // "security forces killed all three": the killers are not the killed.
        return (start.saturating_sub(12)..start)
            .rev()
            .filter(|i| passive || scan.head(start - 1) > i + scan.span(*i))
            .find_map(|i| scan.term(i).filter(|t| t.is(Class::Person)).and_then(|t| t.party));
    }
    // "eight dead, *among them two soldiers*, and 14 wounded": they are a part of the dead.
    let part =
        |g: &Group| g.tokens.start > 0 && scan.is(scan.head(g.tokens.start - 1), Class::Including);
    let people = |g: &&Group| g.tokens.end <= start && g.noun == Noun::People && !part(g);
    let before = groups.iter().rev().find(people)?;
    let near = start < before.tokens.end + 16 && passive;
    before.party.filter(|_| !before.single && !group.vague && near)
}

/// "drove a car *at soldiers* on patrol, killing 12 of them".
fn struck_before(scan: &Scan<'_, '_>, start: usize) -> Option<Party> {
    let object = |i: usize| {
        (i.saturating_sub(2)..i).any(|t| scan.is_word(t, &["at", "on", "into", "against"]))
    };
    let person =
        |i: usize| scan.term(i).filter(|t| t.is(Class::Person) && is_plural(scan, i) && object(i));
    (start.saturating_sub(20)..start).rev().find_map(person).and_then(|t| t.party)
}

/// Whose people a number without a noun counts, by who struck whom.
fn by_the_strike(scan: &Scan<'_, '_>, group: &Group, passive: bool) -> Option<Party> {
    let start = group.tokens.start;
    let bare = group.noun == Noun::None && !group.single && !passive;
    if let Some(party) = bare.then(|| killed_by_state(scan, start)).flatten() {
        return Some(party);
    }
    if (group.of_them || bare && fires_back(scan, start)) && is_pursued(scan, start) {
        return Some(Party::Militant);
    }
    if !passive && group.party.is_none() && (group.of_them || group.noun == Noun::None) {
        let sentence = scan.sentences.partition_point(|s| s.tokens.end <= start);
        let opens = scan.sentences.get(sentence).map_or(start, |s| s.tokens.start);
        let struck = strikes_on(scan, &(opens.max(start.saturating_sub(24))..start));
        if struck.is_some() {
            return struck;
        }
    }
    // "Two of the attackers blew themselves up and *the third* was shot dead".
    let of_the = |i: usize| scan.is_word(i, &["of"]) && scan.is_word(i + 1, &["the"]);
    let militant = |i: usize| of_the(i) && side_at(scan, i + 2) == Some(Party::Militant);
    let third = group.ordinal.is_some() && (start.saturating_sub(14)..start).any(militant);
    // "helicopters chased *the fighters* and killed 12 more".
    let more = group.more && group.noun == Noun::None && !passive && is_hunted(scan, start);
    (third || more).then_some(Party::Militant)
}

/// "A group of militants raided a base. *Security forces killed* four of them": of the
/// attackers, where there are any, else of the people told of last who are not the killers.
fn killed_by_state(scan: &Scan<'_, '_>, start: usize) -> Option<Party> {
    let verb = start.checked_sub(1).map(|i| scan.head(i))?;
    let helper =
        |i: &usize| scan.is_any(*i, &[Class::Have, Class::Adverb]) || scan.is_word(*i, &["shot"]);
    let subject = (verb.saturating_sub(4)..verb).rev().find(|i| !helper(i))?;
    let state = scan.head(subject);
    if !scan.is_any(verb, &[Class::KillEd, Class::KillPres])
        || side_at(scan, state) != Some(Party::Security)
    {
        return None;
    }
    let people = |i: usize| scan.term(i).filter(|t| t.is(Class::Person) && is_plural(scan, i));
    let mut told = (state.saturating_sub(STORY)..state).rev().filter_map(|i| people(i)?.party);
    let last = told.find(|p| *p != Party::Security)?;
    let attackers = last == Party::Militant || told.any(|p| p == Party::Militant);
    Some(if attackers { Party::Militant } else { last })
}

/// "Warplanes *struck PKK targets*, killing 12", "commandos *raided a Taliban hideout*":
/// the state's own, against those whose places they are; not "a post *was attacked by* the
/// Taliban", nor a town that they hold.
pub fn strikes_on(scan: &Scan<'_, '_>, words: &Range<usize>) -> Option<Party> {
    let active = |i: usize| {
        !scan.is(scan.head(i.saturating_sub(1)), Class::Be) && !scan.is_word(i + 1, &["by"])
    };
    let at = words.clone().find(|i| scan.is_word(*i, STRIKES) && active(*i))?;
    let ends = |i: &usize| !scan.is_word(*i, &[",", "in", "by", "near", "at"]);
    let object: Vec<usize> = (at + 1..words.end.min(at + 7)).take_while(ends).collect();
    let held = |i: usize| {
        let next = i + 1 + usize::from(scan.tokens.is_hyphen(i + 1));
        scan.is_word(next, &["held", "controlled", "run"])
    };
    let foe = |i: usize| {
        scan.is_word(i, HIDEOUTS) || side_at(scan, i) == Some(Party::Militant) && !held(i)
    };
    // "a *suspected* hideout": whose it was is not known.
    let known = !object.iter().any(|i| scan.is_word(*i, &["suspected", "alleged"]));
    let struck = known && object.iter().any(|i| foe(*i));
    (struck && striker(scan, words.start.max(at.saturating_sub(8))..at) == Some(Party::Security))
        .then_some(Party::Militant)
}

/// The side that is nearest before a verb in its clause; war planes are the state's.
fn striker(scan: &Scan<'_, '_>, clause: Range<usize>) -> Option<Party> {
    let opens = |i: &usize| {
        !scan.is(*i, Class::Said) && !scan.is_word(*i, &["when", "that", "as", "after"])
    };
    let side = |i: usize| match scan.is_word(i, CRAFT) {
        true => Some(Party::Security),
        false => side_at(scan, i),
    };
    clause.rev().take_while(opens).find_map(side)
}

const STRIKES: &Lot = &lot(&[
    "struck",
    "hit",
    "raided",
    "bombed",
    "attacked",
    "stormed",
    "targeted",
    "pounded",
    "shelled",
    "destroyed",
    "bombarded",
    "assaulted",
    "ambushed",
]);

const HIDEOUTS: &Lot = &lot(&["hideout", "hideouts", "den", "dens", "lair", "lairs"]);

/// "Police *returned fire, killing* three": what the answer did.
fn fires_back(scan: &Scan<'_, '_>, start: usize) -> bool {
    (start.saturating_sub(6)..start)
        .any(|i| scan.is_word(i, &["returned"]) && scan.is_word(i + 1, &["fire"]))
}

/// "Gunmen raided a post. A warplane *followed them* into the desert and killed five *of
/// them*": attackers told of before, who fled from the state's own or met their fire.
fn is_pursued(scan: &Scan<'_, '_>, start: usize) -> bool {
    let chases = |i: &usize| {
        scan.is_word(*i, PURSUING) && scan.is_word(*i + 1, &["them"])
            || scan.is_word(*i, &["returned"]) && scan.is_word(*i + 1, &["fire"])
    };
    let Some(chase) = (start.saturating_sub(16)..start).find(chases) else { return false };
    let subject = chase.saturating_sub(6)..chase;
    let craft = |i: usize| scan.is_word(i, CRAFT);
    let hunters = subject.clone().rev().find_map(|i| side_at(scan, i));
    let hunted = hunters.map_or_else(|| subject.clone().any(craft), |p| p == Party::Security);
    let mut before = chase.saturating_sub(STORY)..subject.start;
    hunted && before.any(|i| side_at(scan, i) == Some(Party::Militant))
}

/// "chased *the fighters*": the object of a chase right before the verb.
fn is_hunted(scan: &Scan<'_, '_>, start: usize) -> bool {
    let chase = (start.saturating_sub(10)..start).find(|i| scan.is_word(*i, PURSUING));
    chase.is_some_and(|at| {
        scan.is_word(at + 1, &["the"])
            && (at + 2..at + 4).any(|i| side_at(scan, i) == Some(Party::Militant))
    })
}

/// How far back, in tokens, the attackers were told of.
const STORY: usize = 60;

const CRAFT: &Lot = &lot(&[
    "warplane",
    "warplanes",
    "helicopter",
    "helicopters",
    "drone",
    "drones",
    "jets",
    "aircraft",
    "airstrike",
    "airstrikes",
    "planes",
]);

const PURSUING: &[&str] = &[
    "chased",
    "pursued",
    "followed",
    "tracked",
    "engaged",
    "intercepted",
    "confronted",
    "hunted",
    "chasing",
    "pursuing",
    "engaging",
];

/// "*Soldiers* who went there were ambushed; nine were killed": the one side that the
/// sentence speaks of, from its first words on.
pub(super) fn subject_side(
    scan: &Scan<'_, '_>,
    sentence: &Range<usize>,
    group: &Group,
) -> Option<Party> {
    let start = group.tokens.start;
    if group.noun != Noun::None || group.single || group.of_them || group.more {
        return None;
    }
    let head = sentence.start..start.min(sentence.start + 3);
    let first = head.clone().find_map(|i| Some((i, side_at(scan, i)?)));
    let (at, side) = first.filter(|_| start < sentence.start + 30)?;
    let alone = (at + scan.span(at)..start).all(|i| side_at(scan, i).is_none_or(|s| s == side));
    let hit = (at..start).any(|i| scan.is_word(i, &["ambushed", "attacked", "targeted", "hit"]));
    (alone && hit).then_some(side)
}

/// "*14* and five other militants": a bare number beside a group is of its people.
pub(super) fn of_the_next(groups: &mut [Group]) {
    for i in (1..groups.len()).rev() {
        let (before, after) = groups.split_at_mut(i);
        let (Some(bare), Some(next)) = (before.last_mut(), after.first()) else { return };
        let beside = bare.tokens.end + 1 == next.tokens.start && !next.single;
        if beside && bare.noun == Noun::None && bare.party.is_none() {
            bare.party = next.party;
        }
    }
}

/// "a Taliban commander and three of *his guards*": his men, not the state's.
fn his_guards(scan: &Scan<'_, '_>, groups: &mut [Group]) {
    let his = |g: &Group| {
        let guards = ["guards", "bodyguards", "guard", "bodyguard", "men", "aides"];
        let owned = g.tokens.clone().any(|i| scan.is_word(i, &["his", "their"]));
        owned && scan.is_word(g.tokens.end - 1, &guards)
    };
    for i in 1..groups.len() {
        if groups[i - 1].party == Some(Party::Militant) && his(&groups[i]) {
            groups[i].party = Some(Party::Militant);
        }
    }
}

/// "three children, a woman and two men": men counted with families are of them.
pub(super) fn civilians_by_kin(scan: &Scan<'_, '_>, groups: &mut [Group]) {
    let kin = groups.iter().any(|g| g.kin && g.party == Some(Party::Civilian));
    let plain = |g: &Group| {
        matches!(g.party, None | Some(Party::Unknown))
            && scan.is_word(g.tokens.end - 1, &["men", "man", "adults", "males"])
    };
    for group in groups.iter_mut().filter(|g| kin && plain(g)) {
        group.party = Some(Party::Civilian);
    }
}

/// The armed side that the word at `i` names.
pub fn side_at(scan: &Scan<'_, '_>, i: usize) -> Option<Party> {
    if let Some(met) = scan.actor(i).filter(|m| m.at == i) {
        return Some(match scan.side(met.actor) {
            Side::State => Party::Security,
            _ => Party::Militant,
        });
    }
    let party = scan.term(i).filter(|t| t.is(Class::Person)).and_then(|t| t.party);
    party.filter(|p| matches!(p, Party::Militant | Party::Security))
}
