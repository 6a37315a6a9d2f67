//! Numbers and deaths of people whom an earlier sentence counted: the parts of a total over
//! several attacks, captives who turn up dead.

use crate::extract::event::{Outcome, Party};
use crate::extract::frames::{Form, Mention, Stance};
use crate::extract::groups::{Group, Noun};
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

use super::{Placed, Told, total};

/// Sentences back to which a total is looked for, at most.
const REACH: usize = 5;

/// "Troops killed 20 militants in two operations. *Twelve were shot in Tank*": bare numbers
/// behind a total over several attacks are of its people.
pub(super) fn parts_of_a_total(found: &[Told], telling: &mut Told) {
    let bare = |g: &Group| g.party.is_none() && g.noun == Noun::None;
    let is_bare = |p: &Placed| p.mention.groups.iter().all(bare);
    if !telling.mentions.iter().any(is_bare) {
        return;
    }
    let back = found.iter().rev().take(REACH).flat_map(|t| &t.mentions);
    let Some(whole) = back.into_iter().find(|p| p.several && p.mention.stance == Stance::Told)
    else {
        return;
    };
    let mut parties = whole.mention.groups.iter().map(|g| g.party);
    let Some(party) = parties.next().flatten() else { return };
    if !parties.all(|p| p == Some(party)) || party == Party::Unknown {
        return;
    }
    let (outcome, all) = (whole.mention.outcome, total(whole));
    let part = |p: &&mut Placed| p.mention.outcome == outcome && is_bare(p) && total(p) < all;
    for placed in telling.mentions.iter_mut().filter(part) {
        placed.mention.groups.iter_mut().for_each(|g| g.party = Some(party));
    }
}

/// "Gunmen kidnapped five oil workers. *Their bodies were found* on Tuesday": as many dead
/// as the sentence before has taken, where this one counts nobody.
pub(super) fn captives_found_dead(scan: &Scan<'_, '_>, before: Option<&Told>, telling: &mut Told) {
    let taken =
        |p: &&Placed| p.mention.outcome == Outcome::Abducted && p.mention.stance == Stance::Told;
    let Some(taken) = before.and_then(|b| b.mentions.iter().rfind(taken)) else { return };
    let range = scan.sentences[telling.sentence].tokens.clone();
    if !telling.mentions.is_empty() || range.len() < 4 {
        return;
    }
    let bodies =
        |i: usize| scan.is_word(i, &["their", "his", "her"]) && scan.is_word(i + 1, BODIES);
    let found = |i: usize| scan.is_word(i, &["found", "recovered", "discovered", "dumped"]);
    let start = range.start;
    let they = start + usize::from(scan.is_word(start, &["all", "the", "both"]));
    let pronoun = scan.is_word(they, &["they", "captives", "hostages", "he", "she"])
        || scan.is_word(start, &["all", "both"]) && scan.is(they, Class::Be);
    let mut verb = they + usize::from(!scan.is(they, Class::Be));
    while verb < range.end && scan.is_any(scan.head(verb), &[Class::Be, Class::Have, Class::Adverb])
    {
        verb += scan.span(verb).max(1);
    }
    let killed = pronoun
        && verb > they + 1
        && (scan.is(verb, Class::KillEd)
            || scan.is_word(verb, &["found"]) && scan.is(verb + 1, Class::Dead));
    let moved = range.clone().any(bodies) && range.clone().any(found);
    let unsure = scan.has(range, Class::Hypothetical) || telling.backward;
    if unsure || !(moved || killed) {
        return;
    }
    let groups = taken.mention.groups.iter().cloned();
    let groups = groups.map(|g| Group { of_them: true, ..g }).collect();
    let mention = Mention {
        outcome: Outcome::Killed,
        groups,
        form: Form::Plain,
        rule: "captives found dead",
        ..taken.mention.clone()
    };
    telling.mentions.push(Placed { mention, when: None, ..taken.clone() });
}

const BODIES: &[&str] = &["bodies", "body", "corpses", "corpse", "remains"];
