//! Whose deed an event was: weighs what its own sentences, the story's opening and
//! the claims anywhere in the article say of each actor.

use super::agents::{Agent, Link, is_lone};
use super::event::{Outcome, Party, Toll};
use crate::lexicon::actors::Side;

/// How near a sentence is to the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearness {
    /// It counts the event's people.
    Counts,
    /// It tells of the event without counting.
    Tells,
    /// The title or the first sentences, of the main story.
    Opens,
    /// Anywhere else in the article.
    Elsewhere,
}

/// An actor with the place of its sentence.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    pub agent: &'a Agent,
    pub near: Nearness,
}

/// Who came to harm, as far as it tells whose deed it was.
#[derive(Debug, Clone, Copy)]
pub struct Harm {
    /// All who were killed (or hurt, where nobody was) are militants.
    pub militants_only: bool,
    /// Militants were killed, whoever else was.
    pub militants: bool,
    /// As many others were killed as militants, or more.
    pub mostly_others: bool,
    /// Civilians were killed.
    pub civilians: bool,
    /// Soldiers or police did.
    pub forces: bool,
    /// One of their own killed them.
    pub insider: bool,
    /// Officials tell of it in the sentences that count.
    pub official: bool,
    /// From the air: states only.
    pub air: bool,
    /// By a bomb, a blast or a bomber: no state's way.
    pub bomb: bool,
}

impl Harm {
    /// Reads the tolls of an event.
    pub fn of(tolls: &[Toll], suffered: &[&Agent], air: bool, bomb: bool) -> Harm {
        let militant = |t: &Toll| t.party == Party::Militant;
        let killed = || tolls.iter().filter(|t| t.outcome == Outcome::Killed);
        let sum = |militants: bool| -> u32 {
            let of = killed().filter(|t| militant(t) == militants);
            of.map(|t| t.count.best()).fold(0, u32::saturating_add)
        };
        let some = killed().next().is_some();
        let counted = || tolls.iter().filter(|t| !some || t.outcome == Outcome::Killed);
        // "Some" or "they" may be the militants that the sentence names.
        // Where attackers have a number of their own, many more others are none of them.
        let named = !suffered.is_empty()
            && suffered.iter().all(|a| a.side != Side::State)
            && (sum(true) == 0 || sum(false) <= sum(true));
        let open = |t: &Toll| militant(t) || named && t.party == Party::Unknown;
        let all = !tolls.is_empty() && counted().all(open);
        Harm {
            militants_only: all,
            militants: all || killed().any(militant),
            mostly_others: sum(true) <= sum(false),
            civilians: killed().any(|t| t.party == Party::Civilian),
            forces: tolls.iter().any(|t| matches!(t.party, Party::Security | Party::Foreign)),
            official: false,
            insider: false,
            air,
            bomb,
        }
    }
}

/// The actor whose deed it most plainly was; `None` where the article does not say.
pub fn perpetrator(candidates: &[Candidate<'_>], harm: Harm) -> Option<Agent> {
    // "Gunmen killed eight. The army's jets were combing the zone": who acts where the
    // people are counted goes before the forces told of later.
    let counted = |c: &Candidate<'_>| c.near == Nearness::Counts && c.agent.link == Link::Acts;
    let men = candidates.iter().any(|c| counted(c) && c.agent.side != Side::State);
    let later = |c: &Candidate<'_>| {
        men && c.agent.side == Side::State && c.agent.link == Link::Acts && !counted(c)
    };
    let heard = candidates.iter().filter(|c| harm.militants_only || !later(c));
    let weighed = heard.map(|c| (weight(c, harm), c.agent));
    let mut best: Option<(i32, &Agent)> = None;
    for (weight, agent) in weighed.filter(|(w, _)| *w > 0) {
        if best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, agent));
        }
    }
    let found = best.map(|(_, agent)| only_group(candidates, agent).clone());
    if found.is_none() && harm.militants_only && !harm.bomb && (!harm.air || harm.official) {
        return Some(unnamed_forces());
    }
    found
}

/// "Officials blamed the rebels": the one group that the article names.
fn only_group<'a>(candidates: &[Candidate<'a>], agent: &'a Agent) -> &'a Agent {
    if agent.side != Side::Unnamed || agent.link != Link::Blamed {
        return agent;
    }
    let mut groups = candidates.iter().map(|c| c.agent).filter(|a| a.side == Side::Militant);
    match groups.next() {
        Some(first) if groups.all(|other| other.name == first.name) => first,
        _ => agent,
    }
}

/// How strongly the words point at an actor; 0 or less is not at all.
fn weight(candidate: &Candidate<'_>, harm: Harm) -> i32 {
    let agent = candidate.agent;
    match agent.side {
        Side::State => of_state(agent, candidate.near, harm),
        Side::Militant => of_group(agent, candidate.near, harm),
        Side::Unnamed => of_unnamed(agent, candidate.near, harm),
    }
}

fn of_group(agent: &Agent, near: Nearness, harm: Harm) -> i32 {
    if harm.air && agent.link != Link::Claims {
        return match agent.link {
            Link::Acts if near == Nearness::Counts => 85,
            Link::Blamed if near != Nearness::Elsewhere => 70,
            _ => 0,
        };
    }
    // Its own dead: only who opened the attack.
    if harm.militants_only && !harm.bomb && !(agent.attacks && agent.link == Link::Acts) {
        return if agent.link == Link::Fought { 40 } else { 0 };
    }
    // A fight in which both lost people.
    if agent.link == Link::Suffers && harm.forces && harm.militants && near == Nearness::Counts {
        return 30;
    }
    let named = match agent.link {
        Link::Claims => 100,
        Link::Acts => 90,
        Link::Blamed => 80,
        Link::Fought => 40,
        Link::Denies => 70,
        Link::Named | Link::Speaks | Link::Suffers | Link::Replies => return 0,
    };
    if harm.militants_only && !harm.bomb && near != Nearness::Counts {
        return 40;
    }
    named - distance(near, agent.link)
}

fn of_unnamed(agent: &Agent, near: Nearness, harm: Harm) -> i32 {
    // "Vigilantes killed eight bandits".
    let guards = agent.name.starts_with("vigilante") && agent.link == Link::Acts;
    if harm.air || harm.militants_only && !agent.attacks && !guards {
        return 0;
    }
    // Who turns on his own is known by no force's name.
    if is_lone(&agent.name) && harm.forces {
        return 0;
    }
    // "Gunmen killed 12; the governor blamed herders": the word that says whose men.
    let told = !is_mere_attacker(&agent.name);
    match (agent.link, near) {
        (Link::Blamed, Nearness::Elsewhere) if told => 62,
        (_, Nearness::Elsewhere) => 0,
        // "The attackers" are the gunmen of the lead.
        (Link::Acts, _) if is_pronominal(&agent.name) => 50 - distance(near, agent.link),
        // "Gunmen believed to be *herders*".
        (Link::Acts, _) => 60 + i32::from(told) - distance(near, agent.link),
        // "Gunmen raided a village; residents blamed bandits".
        (Link::Blamed, _) if told || agent.name.ends_with("bandits") => 66,
        (Link::Blamed, _) => 45 - distance(near, agent.link),
        _ => 0,
    }
}

fn of_state(agent: &Agent, near: Nearness, harm: Harm) -> i32 {
    let link = agent.link;
    if harm.insider && harm.forces {
        return 0;
    }
    let tells =
        near == Nearness::Counts && matches!(link, Link::Acts | Link::Replies | Link::Speaks);
    if harm.bomb && !harm.air && !(harm.militants_only && tells) {
        return 0;
    }
    let wanted = harm.militants_only || harm.air;
    let plain = match link {
        Link::Acts => 90,
        Link::Replies if wanted => 90,
        Link::Claims | Link::Blamed => 75,
        Link::Denies if !harm.forces => 60,
        Link::Fought if wanted => 55,
        Link::Speaks if wanted => 50,
        Link::Named if wanted => 30,
        _ => return 0,
    };
    let fought = harm.militants && !harm.mostly_others;
    if harm.forces && !harm.air && !fought && near != Nearness::Counts {
        return 0;
    }
    let defends = harm.militants && harm.mostly_others && !wanted;
    if defends && agent.plain && agent.home {
        return 0;
    }
    // "Police fired": hardly the attackers of people who are no militants.
    // And who kills the attackers of others defends them.
    let doubt = match () {
        () if harm.militants && harm.mostly_others && !harm.air => 40,
        () if agent.plain && !wanted => 35,
        () => 0,
    };
    plain - doubt - distance(near, link)
}

/// What the distance takes from a weight: a claim holds wherever it stands.
fn distance(near: Nearness, link: Link) -> i32 {
    match (near, link) {
        (Nearness::Counts, _) => 0,
        (_, Link::Claims) => 0,
        (Nearness::Tells, _) => 5,
        (Nearness::Opens, _) => 8,
        (Nearness::Elsewhere, Link::Blamed) => 10,
        (Nearness::Elsewhere, _) => 25,
    }
}

/// Militants die and nobody says by whose hand.
fn unnamed_forces() -> Agent {
    Agent {
        name: "security forces".to_owned(),
        side: Side::State,
        link: Link::Named,
        attacks: false,
        nation: None,
        at: 0,
        plain: true,
        home: true,
    }
}

/// Words that stand for attackers who were called something else before.
fn is_pronominal(name: &str) -> bool {
    ["attackers", "attacker", "assailants", "assailant"].contains(&name)
}

/// "Gunmen", "armed men": words that say no more than that somebody attacked.
pub fn is_mere_attacker(name: &str) -> bool {
    let last = name.rsplit([' ', '-']).next().unwrap_or(name);
    ATTACKERS.contains(&last)
}

const ATTACKERS: &[&str] = &[
    "gunmen",
    "gunman",
    "men",
    "bandits",
    "attackers",
    "attacker",
    "assailants",
    "assailant",
    "raiders",
    "gang",
    "gangs",
    "kidnappers",
    "robbers",
    "group",
    "individuals",
    "persons",
    "shooters",
    "hitmen",
];
