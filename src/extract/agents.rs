//! Who acts: the actors of a sentence that are said to have done the deed, and
//! how plainly it is said.

use std::ops::Range;

use super::attribution::Attribution;
use super::event::Voice;
use super::scan::Scan;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;

/// How plainly a sentence says that an actor did it, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// Named in the sentence, no more.
    Named,
    /// "Taliban attack …", "killed by gunmen".
    Acts,
    /// Claims the deed, or is blamed for it.
    Answers,
}

/// An attacker as a sentence has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub name: String,
    pub side: Side,
    pub link: Link,
}

/// The agents of a sentence, in order. Who only speaks or only suffers is none.
pub fn agents(scan: &Scan<'_, '_>, sentence: Range<usize>, said: &[Attribution]) -> Vec<Agent> {
    let speaks = |i: usize| {
        said.iter().any(|a| a.tokens.contains(&i) && !matches!(a.voice, Voice::Group(_)))
    };
    let listed = scan.actors_in(sentence.clone()).iter().filter(|m| !speaks(m.at));
    let mut found: Vec<(usize, Agent)> = Vec::new();
    for met in listed {
        let words = met.at..met.at + met.tokens;
        if let Some(link) = link(scan, &sentence, words) {
            let side = scan.side(met.actor);
            found.push((met.at, Agent { name: met.actor.name.clone(), side, link }));
        }
    }
    for words in states(scan, &sentence) {
        if scan.actor(words.start).is_none()
            && !speaks(words.start)
            && let Some(link) = link(scan, &sentence, words.clone())
        {
            let name = state_name(&scan.tokens.source()[scan.bytes(words.clone())]);
            found.push((words.start, Agent { name, side: Side::State, link }));
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, agent)| agent).collect()
}

/// State forces that no row lists: "Iraqi security forces", "Russian air strikes"
/// (then the nation alone).
fn states(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> Vec<Range<usize>> {
    let weapon = |i: usize| {
        scan.is_word(
            i,
            &[
                "airstrike",
                "airstrikes",
                "air",
                "warplanes",
                "warplane",
                "jets",
                "drone",
                "drones",
                "missile",
                "missiles",
                "rocket",
                "rockets",
                "artillery",
                "shelling",
                "strike",
                "strikes",
                "shells",
                "bombardment",
            ],
        )
    };
    let forces = |i: usize| {
        scan.is_word(
            i,
            &[
                "forces",
                "army",
                "troops",
                "military",
                "police",
                "soldiers",
                "commandos",
                "navy",
                "coastguard",
            ],
        ) || scan.term(i).is_some_and(|t| scan.is_word(i, &["security"]) && t.is(Class::Person))
    };
    let nation = |i: usize| {
        let force = (i + 1..i + 4).find(|j| forces(*j)).filter(|_| scan.nation(i).is_some());
        match force {
            Some(end) => Some(i..(end + scan.span(end)).min(sentence.end)),
            None => (scan.nation(i).is_some() && weapon(i + 1)).then_some(i..i + 1),
        }
    };
    sentence.clone().filter_map(nation).collect()
}

/// How the words of an actor hang on the deeds of the sentence; `None` for those
/// to whom it was done.
fn link(scan: &Scan<'_, '_>, sentence: &Range<usize>, words: Range<usize>) -> Option<Link> {
    let answers =
        scan.has(sentence.clone(), Class::ClaimMade) || scan.has(sentence.clone(), Class::Blame);
    let verb = (words.end..sentence.end.min(words.end + 7)).find(|i| scan.is_any(*i, VERBS));
    let passive = verb.is_some_and(|v| (words.end..v).any(|i| scan.is(scan.head(i), Class::Be)));
    let harmed =
        passive && verb.is_some_and(|v| !scan.is(v, Class::ClaimMade) && !scan.is(v, Class::Blame));
    let before = words.start.saturating_sub(4).max(sentence.start)..words.start;
    let by = before.clone().any(|i| scan.is_word(i, &["by"]));
    let object = scan.is_any(
        scan.head(words.start.saturating_sub(1)),
        &[Class::KillEd, Class::KillIng, Class::KillPres],
    );
    let against = words.start > sentence.start
        && scan.is_word(words.start - 1, &["against", "between", "with"]);
    if by && !object {
        return Some(Link::Acts);
    }
    if harmed || object || against {
        return None;
    }
    Some(match verb {
        _ if answers => Link::Answers,
        Some(_) => Link::Acts,
        None => Link::Named,
    })
}

const VERBS: &[Class] = &[
    Class::Deed,
    Class::KillPres,
    Class::KillEd,
    Class::KillIng,
    Class::ClaimMade,
    Class::WoundEd,
    Class::AbductEd,
    Class::AbductPres,
];

/// The name of a state force as written; America's by its usual name.
fn state_name(written: &str) -> String {
    let american = ["US", "U.S.", "American", "U.S"]
        .iter()
        .any(|w| written == *w || written.starts_with(&format!("{w} ")));
    if american { "United States".to_owned() } else { written.to_owned() }
}
