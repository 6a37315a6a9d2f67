//! What kind of an event it was, who did it, and whether they own up.

use std::ops::Range;

use super::agents::{Agent, Context, Link, agents};
use super::attribution::Attribution;
use super::claims;
use super::clusters::Cluster;
use super::dates::Grain;
use super::event::{Claim, Kind, Toll, Voice};
use super::kinds;
use super::perpetrator::{Candidate, Harm, Nearness, perpetrator};
use super::scan::{ActorMet, Scan};
use super::tellings::Told;
use crate::article::zones::Zone;
use crate::lexicon::PlaceCode;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;

/// Kind, perpetrator and claim of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Character {
    pub kind: Kind,
    pub perpetrator: Option<String>,
    pub claim: Claim,
}

/// What the article as a whole says of the deed.
pub struct Setting<'s, 'l, 't> {
    pub scan: &'s Scan<'l, 't>,
    pub told: &'s [Told],
    pub attributions: &'s [Vec<Attribution>],
    pub home: Option<PlaceCode>,
    /// By sentence of the scan: its actors.
    pub agents: Vec<Vec<Agent>>,
    /// Sentences of the body that count people, in order, as indices of `told`.
    pub counting: Vec<usize>,
}

/// Words for attackers that are looked through, at most.
const MOST_WORDS: usize = 200;

impl<'s, 'l, 't> Setting<'s, 'l, 't> {
    /// Looks over the whole article once.
    pub fn new(
        scan: &'s Scan<'l, 't>,
        told: &'s [Told],
        attributions: &'s [Vec<Attribution>],
        home: Option<PlaceCode>,
    ) -> Setting<'s, 'l, 't> {
        let mut harmed: Vec<Vec<Range<usize>>> = vec![Vec::new(); scan.sentences.len()];
        for told in told {
            let groups = told.mentions.iter().flat_map(|p| &p.mention.groups);
            let parts = told.mentions.iter().flat_map(|p| &p.mention.parts);
            harmed[told.sentence].extend(groups.chain(parts).map(|g| g.tokens.clone()));
        }
        let read = |i: usize| {
            let sentence = scan.sentences[i].tokens.clone();
            let context = Context { sentence, said: &attributions[i], home, harmed: &harmed[i] };
            agents(scan, &context)
        };
        let mut all: Vec<Vec<Agent>> = (0..scan.sentences.len()).map(read).collect();
        claims::resolve(scan, told, attributions, &mut all);
        let counts = |t: &usize| told[*t].zone == Zone::Body && !told[*t].mentions.is_empty();
        let counting = (0..told.len()).filter(counts).collect();
        Setting { scan, told, attributions, home, agents: all, counting }
    }

    /// Reads the character of an event.
    pub fn character(&self, cluster: &Cluster, tolls: &[Toll]) -> Character {
        if cluster.period {
            return Character { kind: Kind::Other, perpetrator: None, claim: Claim::None };
        }
        let mut means = kinds::means(self, cluster);
        let candidates = self.candidates(cluster);
        // "Gunmen killed eight. French jets were combing the zone".
        let men = |c: &Candidate<'_>| {
            let acts = c.near == Nearness::Counts && c.agent.link == Link::Acts;
            acts && c.agent.side == Side::Unnamed
        };
        let attacked = candidates.iter().any(men);
        if attacked {
            means.on_the_ground();
        }
        // Whom the attackers killed were none of them, whoever shot at them then.
        let suffers = |c: &&Candidate<'_>| {
            c.near == Nearness::Counts && c.agent.link == Link::Suffers && !attacked
        };
        let suffered: Vec<&Agent> = candidates.iter().filter(suffers).map(|c| c.agent).collect();
        let harm = Harm::of(tolls, &suffered, means.air(), means.bomb());
        let harm =
            Harm { official: self.is_official(cluster), insider: self.is_insider(cluster), ..harm };
        let actor = perpetrator(&candidates, harm).map(|a| self.by_its_name(self.by_its_word(a)));
        let opens = candidates.iter().any(|c| {
            c.agent.attacks
                && c.agent.link == Link::Acts
                && c.near != Nearness::Elsewhere
                && actor.as_ref().is_some_and(|a| a.name == c.agent.name)
        });
        let kind = means.kind(tolls, actor.as_ref(), harm, opens);
        let claim = claims::claim(self, cluster, &candidates, actor.as_ref(), harm);
        Character { kind, perpetrator: actor.map(|a| a.name), claim }
    }

    /// Whether one of their own killed them: "his comrades", "turned his gun on".
    fn is_insider(&self, cluster: &Cluster) -> bool {
        let inside = |i: usize| {
            self.scan.is_word(i, &["comrades", "colleagues", "insider", "fellow"])
                || self.scan.is_word(i, &["turned", "turns", "turning"])
                    && (i + 1..i + 4)
                        .any(|j| self.scan.is_word(j, &["gun", "guns", "weapon", "rifle"]))
        };
        cluster.mentions.iter().any(|(t, _)| self.tokens_of(*t).any(inside))
    }

    /// "Assailants" are "attackers" in an article that calls them so as well.
    fn by_its_word(&self, actor: Agent) -> Agent {
        let row = self.scan.actor(actor.at).map(|met| &met.actor.name);
        let Some(row) = row.filter(|_| actor.side == Side::Unnamed) else { return actor };
        let whole = 0..self.scan.tokens.len();
        let last = |met: &ActorMet<'_>| self.scan.tokens.lower(met.at + met.tokens - 1);
        let usual = |met: &ActorMet<'_>| met.actor.name == *row && last(met) == row.as_str();
        let met = self.scan.actors_in(whole).iter().take(MOST_WORDS).any(usual);
        let own = actor.name.ends_with(row.as_str());
        if met && !own { Agent { name: row.clone(), ..actor } } else { actor }
    }

    /// "Insurgents" are the one group that the article tells of as acting, if it
    /// tells of one.
    fn by_its_name(&self, actor: Agent) -> Agent {
        let common = ["insurgents", "militants", "rebels", "guerrillas"];
        let last = actor.name.rsplit(' ').next().unwrap_or_default();
        if actor.side != Side::Unnamed || !common.contains(&last) {
            return actor;
        }
        let news = |t: &usize| !self.is_habit(*t) && !self.told[*t].backward;
        let mut groups = (0..self.told.len())
            .filter(news)
            .flat_map(|t| &self.agents[self.told[t].sentence])
            .filter(|a| a.side == Side::Militant)
            .filter(|a| matches!(a.link, Link::Acts | Link::Claims | Link::Blamed));
        match groups.next() {
            Some(first) if groups.all(|other| other.name == first.name) => {
                Agent { link: actor.link, attacks: actor.attacks, ..first.clone() }
            }
            _ => actor,
        }
    }

    /// Whether officials vouch for the event's numbers.
    fn is_official(&self, cluster: &Cluster) -> bool {
        cluster.mentions.iter().any(|(t, _)| self.told[*t].voice == Voice::Official)
    }

    /// The actors who can have done it, nearest sentences first.
    fn candidates(&self, cluster: &Cluster) -> Vec<Candidate<'_>> {
        let mut found = Vec::new();
        for (told, near) in self.scope(cluster) {
            let agents = &self.agents[self.told[told].sentence];
            // "The area is known for raids blamed on herders" tells of no deed.
            let general = near == Nearness::Elsewhere && self.is_habit(told);
            let agents = agents.iter().filter(|a| !general || a.side != Side::Unnamed);
            found.extend(agents.map(|agent| Candidate { agent, near }));
        }
        found
    }

    pub(super) fn is_habit(&self, told: usize) -> bool {
        let period = self.told[told].whens.iter().any(|w| w.grain != Grain::Day);
        period || self.scan.has(self.tokens_of(told), Class::Habit)
    }

    /// The tokens of a told sentence.
    pub fn tokens_of(&self, told: usize) -> Range<usize> {
        self.scan.sentences[self.told[told].sentence].tokens.clone()
    }
}
