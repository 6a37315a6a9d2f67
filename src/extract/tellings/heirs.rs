//! Numbers and deaths of people whom an earlier sentence counted: the parts of a total over
//! several attacks, captives who turn up dead.

use crate::extract::event::{Outcome, Party};
use crate::extract::frames::{Form, Mention, Stance, strikes_on};
use crate::extract::groups::{Group, Noun, groups};
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

use super::{Placed, Told, total};

/// Sentences back to which a total is looked for, at most.
const REACH: usize = 5;

/// "Ten insurgents took part. Seven were shot dead": numbers without a noun are of
/// the people counted in the sentence before, of which nobody was harmed yet.
pub(super) fn inherit(scan: &Scan<'_, '_>, before: Option<&Told>, telling: &mut Told) {
    let Some(before) = before.filter(|b| b.paragraph == telling.paragraph) else { return };
    if !before.mentions.is_empty() {
        return inherit_more(before, telling);
    }
    let bare = |g: &Group| g.party.is_none() && g.noun == Noun::None && !g.single;
    let all = |p: &Placed| p.mention.groups.iter().all(bare);
    let Some(first) = telling.mentions.iter_mut().find(|p| all(p)) else { return };
    let words = &scan.sentences[before.sentence].tokens;
    if let Some(party) = strikes_on(scan, words) {
        first.mention.groups.iter_mut().for_each(|g| g.party = Some(party));
        return;
    }
    let counted = groups(scan, scan.sentences[before.sentence].tokens.clone());
    let least = total(first);
    let whole = counted.iter().find(|g| {
        g.noun == Noun::People && !g.single && g.party.is_some() && g.count.best() >= least
    });
    if let Some(party) = whole.and_then(|g| g.party) {
        for group in &mut first.mention.groups {
            group.party = Some(party);
        }
    }
}

/// "Among them were two nuns": of those whom the sentence before counts, where it
/// counts the dead or the wounded alone.
pub(super) fn share_of_told(before: Option<&Told>, telling: &mut Told) {
    let mut outcomes: Vec<Outcome> = before
        .into_iter()
        .flat_map(|b| &b.mentions)
        .filter(|p| p.mention.stance == Stance::Told)
        .map(|p| p.mention.outcome)
        .collect();
    outcomes.dedup();
    for placed in &mut telling.mentions {
        let mention = &mut placed.mention;
        if mention.form == Form::ShareOfTold {
            match outcomes[..] {
                [outcome] => mention.outcome = outcome,
                _ => mention.stance = Stance::Undivided,
            }
            mention.form = Form::Share;
        }
    }
}

/// "Troops killed six rebels. *Another seven* died in a raid": of the same people.
fn inherit_more(before: &Told, telling: &mut Told) {
    let Some(first) = telling.mentions.first_mut() else { return };
    let outcome = first.mention.outcome;
    let same = before.mentions.iter().rev().find(|p| p.mention.outcome == outcome);
    let party = same.and_then(|p| p.mention.groups.last()).and_then(|g| g.party);
    let more = |g: &&mut Group| g.more && g.party.is_none() && g.noun == Noun::None && !g.single;
    first.mention.groups.iter_mut().filter(more).for_each(|g| g.party = party);
}

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

/// Whether a sentence doubts, denies or looks back, or tells of people set free.
fn is_unsure(scan: &Scan<'_, '_>, telling: &Told) -> bool {
    let range = scan.sentences[telling.sentence].tokens.clone();
    let freed = ["denied", "freed", "rescued", "released", "escaped"];
    scan.has(range.clone(), Class::Hypothetical)
        || scan.has(range.clone(), Class::Negation)
        || range.into_iter().any(|i| scan.is_word(i, &freed))
        || telling.backward
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
    if is_unsure(scan, telling) || !(moved || killed) {
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

/// "Men in uniform shot four students. *None survived*": the people of the sentence before,
/// where it counts some once.
pub(super) fn none_survived(scan: &Scan<'_, '_>, before: Option<&mut Told>, telling: &mut Told) {
    let range = scan.sentences[telling.sentence].tokens.clone();
    let Some(verb) = all_die(scan, range.start).filter(|v| *v < range.end) else { return };
    let Some(before) = before.filter(|b| b.zone == telling.zone) else { return };
    let told = |p: &&mut Placed| p.mention.stance == Stance::Told;
    let mut harmed: Vec<&mut Placed> = before.mentions.iter_mut().filter(told).collect();
    if let [placed] = &mut harmed[..] {
        let people = placed.mention.groups.iter().all(|g| g.party != Some(Party::Militant));
        if people && placed.mention.outcome == Outcome::Wounded {
            placed.mention.outcome = Outcome::Killed;
            placed.mention.rule = "none survived";
            telling.mentions.clear();
        }
        return;
    }
    let counted = groups(scan, scan.sentences[before.sentence].tokens.clone());
    let people: Vec<&Group> =
        counted.iter().filter(|g| g.noun == Noun::People && !g.single).collect();
    let [group] = people[..] else { return };
    let deed = before.deed || scan.is(verb, Class::KillEd);
    if deed && harmed.is_empty() && group.party != Some(Party::Militant) {
        let trigger = verb..verb + scan.span(verb);
        // The words that say so are those of this sentence.
        let (tokens, counted) = (range.start..verb, range.start..range.start + 1);
        let groups = vec![Group { tokens, counted, of_them: true, ..group.clone() }];
        let plain = Mention::plain(Outcome::Killed, groups, trigger, Stance::Told, "none survived");
        telling.mentions = vec![Placed::bare(plain)];
    }
}

/// "None survived", "they all died", "all of them were killed": where the verb is.
fn all_die(scan: &Scan<'_, '_>, start: usize) -> Option<usize> {
    let word = |i: usize, words: &[&str]| scan.is_word(i, words);
    let of_them = |i: usize| {
        let of = word(i, &["of"]) && word(i + 1, &["them"]);
        i + if of { 2 } else { 0 }
    };
    let no_one = word(start, &["no"]) && word(start + 1, &["one"]);
    if word(start, &["none", "nobody"]) || no_one {
        let verb = of_them(start + 1 + usize::from(no_one));
        return word(verb, &["survived", "lived"]).then_some(verb);
    }
    let they = word(start, &["they"]);
    let all = start + usize::from(they);
    if !word(all, &["all", "both"]) {
        return None;
    }
    let mut verb = of_them(all + 1);
    let helped = scan.is_any(scan.head(verb), &[Class::Be, Class::Have]);
    verb += if helped { scan.span(verb) } else { 0 };
    let dies = scan.is(verb, Class::Die) || helped && scan.is(verb, Class::KillEd);
    dies.then_some(verb)
}

const BODIES: &[&str] = &["bodies", "body", "corpses", "corpse", "remains"];
