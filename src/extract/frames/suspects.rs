//! Victims whom only the circumstances show to be attackers: "police shot dead *a man
//! with a knife*", "three women were killed *after attacking* a post"; and fighters
//! who are none, since militants struck the state's own ("attacked a Peshmerga post,
//! killing *one fighter*").

use std::ops::Range;

use super::Reader;
use super::mention::Mention;
use super::sides::side_at;
use crate::extract::event::{Outcome, Party};
use crate::extract::groups::Group;
use crate::extract::scan::Scan;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;

impl Reader<'_, '_, '_> {
    /// Gives the killed and wounded of a sentence the side that its words show.
    pub(super) fn tell_suspects(&mut self) {
        let (scan, sentence) = (self.scan, self.sentence.clone());
        for mention in self.found.iter_mut().filter(|m| m.outcome != Outcome::Abducted) {
            let suspects = is_suspect(scan, &sentence, mention);
            let attackers = have_attacked(scan, mention);
            let defended = defends(scan, &sentence, mention);
            let mobbed = is_mobbed(scan, &sentence, mention);
            let hunted = is_of_state(scan, &sentence, mention);
            for group in &mut mention.groups {
                // Whom a mob kills on suspicion is a victim.
                if mobbed && group.party == Some(Party::Militant) && !is_named(scan, group) {
                    group.party = Some(Party::Unknown);
                }
                if suspects && is_plain(scan, group)
                    || attackers && (is_plain(scan, group) || is_of_a_nation(scan, group))
                    || hunted && is_militia(scan, group)
                {
                    group.party = Some(Party::Militant);
                } else if defended && is_fighter(scan, group) {
                    group.party = Some(Party::Security);
                }
            }
        }
    }
}

/// Told by sex or age only: "a man", "three women", "two people".
fn is_plain(scan: &Scan<'_, '_>, group: &Group) -> bool {
    let general = matches!(group.party, None | Some(Party::Unknown)) || group.kin;
    general && scan.is_word(group.tokens.end - 1, PLAIN)
}

const PLAIN: &[&str] = &[
    "man",
    "men",
    "woman",
    "women",
    "person",
    "people",
    "suspect",
    "suspects",
    "teenager",
    "teenagers",
    "youth",
    "youths",
    "individual",
    "individuals",
    "driver",
    "persons",
    "males",
];

/// Whether the words around the mention say that its people attacked or were armed.
fn is_suspect(scan: &Scan<'_, '_>, sentence: &Range<usize>, mention: &Mention) -> bool {
    let Some(last) = mention.groups.last() else { return false };
    let passive = mention.trigger.start >= last.tokens.end;
    let end = last.tokens.end;
    let clause = sentence.start..mention.span().start;
    let by = mention.trigger.end..sentence.end.min(mention.trigger.end + 8);
    let killers = if passive { by } else { clause };
    let side = |i: usize| side_at(scan, i);
    if killers.clone().any(|i| side(i) == Some(Party::Militant)) {
        return false;
    }
    let state = killers.into_iter().any(|i| side(i) == Some(Party::Security));
    let after = mention.span().end;
    makes_bombs(scan, after..sentence.end.min(after + 10))
        || armed(scan, end)
        || linked(scan, sentence, end)
        || struck(scan, sentence, after, passive, state)
}

/// "Two Palestinians": told by their nation only.
fn is_of_a_nation(scan: &Scan<'_, '_>, group: &Group) -> bool {
    let general = matches!(group.party, None | Some(Party::Unknown));
    general && (group.nation.is_some() || scan.tokens.get(group.tokens.end - 1).capital)
}

/// Whether a clause says of the people that they attacked: "two men *who stabbed*".
fn have_attacked(scan: &Scan<'_, '_>, mention: &Mention) -> bool {
    let Some(last) = mention.groups.last() else { return false };
    let end = last.tokens.end;
    // "Bandits killed two men *who attacked them*": of those who fought back.
    let foes = scan.is_word(end + 2, &["them"]) || side_at(scan, end + 2) == Some(Party::Militant);
    scan.is_word(end, &["who"]) && attacked(scan, end + 1) && !foes
}

/// "two men *who stabbed a policeman* were shot dead", "who *tried to* storm".
fn attacked(scan: &Scan<'_, '_>, at: usize) -> bool {
    let verb = at + usize::from(scan.is_word(at, &["had", "allegedly", "reportedly"]));
    let tries = scan.is_word(verb, &["tried", "attempted"]) && scan.is_word(verb + 1, &["to"]);
    let aim = if tries { verb + 2 } else { verb };
    let fire = scan.is_word(verb, &["opened"]) && scan.is_word(verb + 1, &["fire"]);
    let outright = scan.is_word(verb, STRUCK) && !scan.is_word(verb, LOOSE);
    fire || outright && !tries || tries && scan.is_word(aim, AIMS)
}

/// What attackers try as well as others do.
const ENTRIES: &[&str] = &["enter", "infiltrate", "sneak", "plant", "escape", "force", "break"];

const AIMS: &[&str] = &["attack", "stab", "ram", "storm", "blow", "detonate", "shoot", "bomb"];

/// "a man *with a knife*", "*armed with* guns", "*wielding* an axe".
fn armed(scan: &Scan<'_, '_>, at: usize) -> bool {
    let with = scan.is_word(at, &["with"]) && scan.is_word(at + 1, &["a", "an", "knives", "guns"]);
    let weapon = |i: usize| scan.is_word(i, WEAPONS);
    with && (at + 1..at + 5).any(weapon)
        || scan.is_word(at, &["wielding", "brandishing"])
        || scan.is_word(at, &["armed"]) && scan.is_word(at + 1, &["with"])
        || scan.is_word(at, &["carrying"]) && (at + 1..at + 5).any(weapon)
}

const WEAPONS: &[&str] = &[
    "knife",
    "knives",
    "gun",
    "guns",
    "rifle",
    "rifles",
    "pistol",
    "grenade",
    "grenades",
    "bomb",
    "axe",
    "machete",
    "machetes",
    "sword",
    "explosives",
    "weapon",
    "weapons",
    "handgun",
    "screwdriver",
];

/// "died when *the bomb he was planting* went off".
fn makes_bombs(scan: &Scan<'_, '_>, words: Range<usize>) -> bool {
    words.into_iter().any(|i| {
        let bomb =
            scan.is_word(i, &["bomb", "device", "explosives", "explosive", "mine", "grenade"]);
        let that = usize::from(scan.is_word(i + 1, &["that", "which"]));
        bomb && scan.is_word(i + 1 + that, &["he", "she", "they"])
            && scan.is_word(i + 2 + that, &["was", "were"])
            && scan.is_word(
                i + 3 + that,
                &["planting", "making", "laying", "assembling", "carrying", "preparing"],
            )
    })
}

/// "a man *linked to* the Islamic State", "*suspected of* planning attacks".
fn linked(scan: &Scan<'_, '_>, sentence: &Range<usize>, at: usize) -> bool {
    let tied = scan.is_word(at, &["linked", "tied", "affiliated", "suspected", "accused"])
        && scan.is_word(at + 1, &["to", "with", "of"])
        || scan.is_word(at, &["believed"]) && scan.is_word(at + 1, &["to"]);
    let militant = |i: usize| side_at(scan, i) == Some(Party::Militant);
    let plots = |i: usize| scan.is_word(i, &["planning", "plotting", "preparing", "planting"]);
    tied && (at + 2..sentence.end.min(at + 9)).any(|i| militant(i) || plots(i))
}

/// "*after attacking* a post", "*after he stabbed* two officers", "*who had opened fire*".
fn struck(
    scan: &Scan<'_, '_>,
    sentence: &Range<usize>,
    from: usize,
    passive: bool,
    state: bool,
) -> bool {
    let limit = sentence.end.min(from + 14);
    let opens = |i: &usize| scan.is_word(*i, &["after", "when", "as", "while", "who"]);
    let Some(at) = (from..limit).find(opens) else { return false };
    // "Killed by men *who opened fire*": of those who killed.
    let theirs = passive && (from..at).any(|i| scan.is_word(i, &["by"]));
    if theirs && scan.is_word(at, &["who"]) {
        return false;
    }
    let at = at + 1;
    // "while *trying to* flee" is no attack.
    let tries = scan.is_word(at, &["trying", "attempting"]);
    if passive && scan.is_word(at, STRIKING) {
        return !tries || scan.is_word(at + 2, AIMS) || scan.is_word(at + 2, ENTRIES);
    }
    let who = scan.is_word(at - 1, &["who"]);
    let pronoun = scan.is_word(at, &["he", "she", "they"]);
    let verb = at + usize::from(pronoun);
    let verb = verb + usize::from(scan.is_word(verb, &["had", "allegedly", "reportedly"]));
    // "killing a woman *who ran* a shop", "a man *who tried* to help": only where the
    // state's men shot.
    let loose = scan.is_word(verb, LOOSE) && !scan.is_word(verb + 1, &["fire"]);
    // "Police killed 35 people when *they stormed* a camp": police did, unless it was
    // police who were struck.
    let own = !passive && pronoun && scan.is_word(verb, EITHERS);
    let police = |i: usize| {
        side_at(scan, i) == Some(Party::Security) || scan.is_word(i, &["them", "him", "back"])
    };
    let struck = !own || (verb + 1..sentence.end.min(verb + 7)).any(police);
    (state && pronoun && struck || who && (state || !loose)) && scan.is_word(verb, STRUCK)
}

/// What police do as well as those whom they shoot.
const EITHERS: &[&str] = &["opened", "fired", "stormed", "attacked", "charged", "shot"];

const STRIKING: &[&str] = &[
    "attacking",
    "stabbing",
    "ramming",
    "opening",
    "trying",
    "attempting",
    "throwing",
    "hurling",
    "firing",
    "lunging",
    "storming",
    "planting",
    "wounding",
    "killing",
    "detonating",
];

const STRUCK: &[&str] = &[
    "attacked",
    "stabbed",
    "rammed",
    "opened",
    "tried",
    "attempted",
    "threw",
    "hurled",
    "fired",
    "lunged",
    "stormed",
    "planted",
    "pulled",
    "drew",
    "charged",
    "detonated",
    "shot",
    "ran",
];

/// Verbs that are no attack by themselves.
const LOOSE: &[&str] =
    &["opened", "tried", "attempted", "pulled", "drew", "charged", "ran", "planted", "shot"];

/// "IS gunmen attacked a Peshmerga post, killing": militants against the state's own.
fn defends(scan: &Scan<'_, '_>, sentence: &Range<usize>, mention: &Mention) -> bool {
    let active = scan.is_any(mention.trigger.start, &[Class::KillIng, Class::WoundIng]);
    let before = sentence.start..mention.trigger.start;
    let first = before.clone().find_map(|i| side_at(scan, i));
    let state = scan.actors_in(before).last().is_some_and(|m| scan.side(m.actor) == Side::State);
    active && first == Some(Party::Militant) && state
}

/// "lynched by a mob", "killed by an enraged crowd".
fn is_mobbed(scan: &Scan<'_, '_>, sentence: &Range<usize>, mention: &Mention) -> bool {
    let at = mention.trigger.start;
    let by = at + 1..sentence.end.min(at + 9);
    scan.is_word(at, &["lynched", "lynching"])
        || by.clone().any(|i| scan.is_word(i, &["by"]))
            && by.into_iter().any(|i| scan.is_word(i, &["mob", "mobs", "crowd"]))
}

/// "The army killed six militiamen": no militia of the state's own.
fn is_militia(scan: &Scan<'_, '_>, group: &Group) -> bool {
    scan.is_word(group.tokens.end - 1, &["militiamen", "militiaman", "militias", "militia"])
}

/// Killed by a force of the state: "the army killed", "killed by troops".
fn is_of_state(scan: &Scan<'_, '_>, sentence: &Range<usize>, mention: &Mention) -> bool {
    let at = mention.trigger.start;
    let state = |i: usize| side_at(scan, i) == Some(Party::Security);
    if mention.groups.last().is_some_and(|g| at >= g.tokens.end) {
        let by = at + 1..sentence.end.min(at + 6);
        let near = by.clone().any(|i| scan.is_word(i, &["by"]));
        return near && by.into_iter().find_map(|i| side_at(scan, i)) == Some(Party::Security);
    }
    let before = at.saturating_sub(5).max(sentence.start)..at;
    let breaks = |i: usize| {
        scan.is_any(i, &[Class::Said, Class::Deed]) || scan.is_word(i, &[",", "on", "of", "at"])
    };
    let subject = before.rev().take_while(|i| !breaks(*i)).find(|i| side_at(scan, *i).is_some());
    subject.is_some_and(state)
}

/// Told by the name of a group.
fn is_named(scan: &Scan<'_, '_>, group: &Group) -> bool {
    group.tokens.clone().any(|i| scan.actor(i).is_some_and(|m| m.actor.side == Side::Militant))
}

/// "one fighter", "three others": no group's men by name.
fn is_fighter(scan: &Scan<'_, '_>, group: &Group) -> bool {
    let named = is_named(scan, group);
    let fighter = scan.is_word(group.tokens.end - 1, &["fighter", "fighters"]);
    !named && (fighter || group.more && group.party == Some(Party::Militant))
}
