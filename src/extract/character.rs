//! What kind of an event it was, who did it, and whether they own up.

use std::ops::Range;

use super::agents::{Agent, Context, Link, agents};
use super::attribution::Attribution;
use super::claims;
use super::clusters::Cluster;
use super::dates::{Grain, When};
use super::event::{Claim, Kind, Status, Toll, Voice};
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
        Setting { scan, told, attributions, home, agents: all }
    }

    /// Reads the character of an event.
    pub fn character(&self, cluster: &Cluster, tolls: &[Toll]) -> Character {
        if cluster.period {
            return Character { kind: Kind::Other, perpetrator: None, claim: Claim::None };
        }
        let means = kinds::means(self, cluster);
        let candidates = self.candidates(cluster);
        let suffers =
            |c: &&Candidate<'_>| c.near == Nearness::Counts && c.agent.link == Link::Suffers;
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

    /// The sentences that bear on an event, by index into the told ones.
    pub fn scope(&self, cluster: &Cluster) -> Vec<(usize, Nearness)> {
        let counts: Vec<usize> = cluster.mentions.iter().map(|(t, _)| *t).collect();
        let main = cluster.status == Status::Current && !cluster.apart;
        let mut found: Vec<(usize, Nearness)> = Vec::new();
        let mut known = vec![false; self.told.len()];
        let mut add = |told: usize, near: Nearness| {
            if !std::mem::replace(&mut known[told], true) {
                found.push((told, near));
            }
        };
        counts.iter().for_each(|t| add(*t, Nearness::Counts));
        for told in &cluster.sentences {
            let near = if self.is_habit(*told) { Nearness::Elsewhere } else { Nearness::Tells };
            let aside = self.told[*told].elsewhere && near == Nearness::Tells;
            if (near == Nearness::Tells || main) && !aside {
                add(*told, near);
            }
        }
        let opening = (0..self.told.len().min(4)).filter(|t| self.opens(*t, cluster));
        opening.for_each(|t| add(t, Nearness::Opens));
        let rest = (0..self.told.len()).filter(|t| self.answers(*t));
        let rest = rest.filter(|t| self.bears_on(*t, cluster) && (main || self.is_plural(*t)));
        rest.for_each(|t| add(t, Nearness::Elsewhere));
        found.retain(|(t, near)| *near != Nearness::Elsewhere || self.answers(*t));
        found
    }

    /// Whether somebody claims, denies or is blamed in the sentence.
    fn answers(&self, told: usize) -> bool {
        let answers = |a: &Agent| matches!(a.link, Link::Claims | Link::Blamed | Link::Denies);
        self.agents[self.told[told].sentence].iter().any(answers)
    }

    /// Whether a sentence of the opening speaks for the event: of the main story,
    /// or of all attacks that it sums up.
    fn opens(&self, told: usize, cluster: &Cluster) -> bool {
        // The lead may sum up; later sentences with numbers tell of their own events.
        let lead = self.told.iter().position(|t| t.zone == Zone::Body);
        let counts_others = self.told[told].zone != Zone::Title
            && Some(told) != lead
            && !self.told[told].mentions.is_empty()
            && !cluster.mentions.iter().any(|(t, _)| *t == told);
        if counts_others && !self.is_plural(told) || self.is_elsewhere(told, cluster) {
            return false;
        }
        let sums = cluster.status == Status::Current && self.is_plural(told) && told < 2;
        let main = cluster.status == Status::Current && !cluster.apart;
        (main || sums)
            && !self.is_habit(told)
            && !self.told[told].backward
            && (sums || self.same_day(told, cluster))
    }

    /// "Attacks by …", "raids": the sentence tells of several deeds at once.
    fn is_plural(&self, told: usize) -> bool {
        let plural = |i: usize| {
            self.scan.is_word(i, &["attacks", "raids", "blasts", "bombings", "strikes", "assaults"])
        };
        self.tokens_of(told).any(plural)
    }

    /// Whether a claim or an accusation can be about the event: it stands in the
    /// story, counts nobody of another event, and names no earlier day first.
    fn bears_on(&self, told: usize, cluster: &Cluster) -> bool {
        let sentence = &self.told[told];
        let classes = &[Class::ClaimMade, Class::ClaimDenied, Class::Blame];
        let words = self.tokens_of(told);
        let at = words.clone().rev().find(|i| self.scan.is_any(*i, classes)).unwrap_or(words.end);
        let claims = self.agents[sentence.sentence].iter().any(|a| a.link == Link::Claims);
        let aside = self.aside(words, at);
        let mut whens = sentence
            .whens
            .iter()
            .filter(|w| !w.speech && w.tokens.start < at && !aside.contains(&w.tokens.start));
        let other_day = |w: &When| cluster.days.is_some_and(|d| !w.days.overlap(&d));
        let beside = |t: usize| t > at || aside.contains(&t);
        // "The city blamed separatists from Xinjiang": where they come from.
        let blames = sentence.mentions.is_empty()
            && !sentence.deed
            && self.tokens_of(told).any(|i| self.scan.is_word(i, &["from"]))
            && self.agents[sentence.sentence].iter().any(|a| a.link == Link::Blamed);
        sentence.zone == Zone::Body
            && (blames || !self.is_elsewhere(told, cluster))
            && (sentence.mentions.is_empty()
                || claims && sentence.mentions.iter().all(|p| beside(p.mention.trigger.start))
                || claims && sentence.whens.is_empty()
                || cluster.mentions.iter().any(|(t, _)| *t == told))
            && !whens.any(other_day)
    }

    /// "Al-Shabaab, *which killed 28 people last month,* claimed it": what is said
    /// beside the claim at the token.
    fn aside(&self, sentence: Range<usize>, claim: usize) -> Range<usize> {
        let comma = |i: usize| self.scan.is_word(i, &[","]);
        let opens = |i: &usize| comma(*i) && self.scan.is_word(*i + 1, &["which", "who", "whose"]);
        let Some(start) = (sentence.start..claim).find(opens) else { return claim..claim };
        (start + 1..claim).find(|i| comma(*i)).map_or(claim..claim, |end| start..end)
    }

    /// Whether the sentence names provinces, and none of the event's.
    fn is_elsewhere(&self, told: usize, cluster: &Cluster) -> bool {
        let (there, here) = (&self.told[told].places, &cluster.places);
        let fine =
            |places: &[PlaceCode]| !places.is_empty() && places.iter().all(|p| !p.is_country());
        fine(there)
            && fine(here)
            && !self.told[told].governed
            && !self.is_plural(told)
            && !there.iter().any(|p| here.contains(p))
    }

    /// Whether the days that the sentence names, if any, can be the event's.
    fn same_day(&self, told: usize, cluster: &Cluster) -> bool {
        let mut days = self.told[told].whens.iter().filter(|w| !w.speech).map(|w| w.days);
        let Some(own) = cluster.days else { return true };
        let mut any = false;
        let overlap = days.any(|d| {
            any = true;
            d.overlap(&own)
        });
        overlap || !any
    }

    fn is_habit(&self, told: usize) -> bool {
        let period = self.told[told].whens.iter().any(|w| w.grain != Grain::Day);
        period || self.scan.has(self.tokens_of(told), Class::Habit)
    }

    /// The tokens of a told sentence.
    pub fn tokens_of(&self, told: usize) -> Range<usize> {
        self.scan.sentences[self.told[told].sentence].tokens.clone()
    }
}
