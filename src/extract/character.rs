//! What kind of an event it was, who did it, and whether they own up.

use std::ops::Range;

use super::agents::{Agent, Link, agents};
use super::attribution::Attribution;
use super::clusters::Cluster;
use super::event::{Claim, Kind, Party, Status, Toll, Voice};
use super::scan::Scan;
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
    /// By sentence of the scan: who acts in it.
    agents: Vec<Vec<Agent>>,
    /// Who claims or is blamed, anywhere in the body.
    answers: Vec<Agent>,
    /// What the body says of claims.
    body: Claims,
}

/// Whether a text claims, denies, or says that nobody claims.
#[derive(Debug, Clone, Copy)]
struct Claims {
    made: bool,
    none: bool,
    denied: bool,
}

impl Claims {
    fn of(scan: &Scan<'_, '_>, ranges: &[Range<usize>]) -> Claims {
        let has = |class: Class| ranges.iter().any(|r| scan.has(r.clone(), class));
        Claims {
            made: has(Class::ClaimMade),
            none: has(Class::ClaimNone),
            denied: has(Class::ClaimDenied),
        }
    }
}

impl<'s, 'l, 't> Setting<'s, 'l, 't> {
    /// Looks over the whole article once.
    pub fn new(
        scan: &'s Scan<'l, 't>,
        told: &'s [Told],
        attributions: &'s [Vec<Attribution>],
        home: Option<PlaceCode>,
    ) -> Setting<'s, 'l, 't> {
        let of = |(i, said): (usize, &Vec<Attribution>)| {
            agents(scan, scan.sentences[i].tokens.clone(), said)
        };
        let all: Vec<Vec<Agent>> = attributions.iter().enumerate().map(of).collect();
        let body: Vec<usize> =
            told.iter().filter(|t| t.zone == Zone::Body).map(|t| t.sentence).collect();
        let answers = body.iter().flat_map(|s| &all[*s]).filter(|a| a.link == Link::Answers);
        let ranges: Vec<Range<usize>> =
            body.iter().map(|s| scan.sentences[*s].tokens.clone()).collect();
        Setting {
            scan,
            told,
            attributions,
            home,
            answers: answers.cloned().collect(),
            body: Claims::of(scan, &ranges),
            agents: all,
        }
    }

    /// Reads the character of an event.
    pub fn character(&self, cluster: &Cluster, tolls: &[Toll]) -> Character {
        let own = self.ranges(cluster);
        let actor = self.perpetrator(&own, cluster, tolls);
        let side = actor.as_ref().map(|a| a.side);
        let kind = if cluster.period { Kind::Other } else { self.kind(&own, cluster, tolls, side) };
        let actor = actor.filter(|_| !cluster.period);
        let claim = self.claim(actor.as_ref(), &own, cluster);
        let perpetrator = actor.map(|a| a.name);
        Character { kind, perpetrator, claim }
    }

    /// Token ranges of the event's sentences: those with its numbers first.
    fn ranges(&self, cluster: &Cluster) -> Vec<Range<usize>> {
        let counted = cluster.mentions.iter().map(|(t, _)| *t);
        let mut order: Vec<usize> = counted.collect();
        order.dedup();
        order.extend(
            cluster.sentences.iter().filter(|s| !cluster.mentions.iter().any(|(t, _)| t == *s)),
        );
        order.into_iter().map(|t| self.tokens_of(t)).collect()
    }

    fn tokens_of(&self, told: usize) -> Range<usize> {
        self.scan.sentences[self.told[told].sentence].tokens.clone()
    }

    /// The first three sentences of the article, the title among them.
    fn opening(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        (0..self.told.len().min(3)).map(|t| self.tokens_of(t))
    }

    fn kind(
        &self,
        own: &[Range<usize>],
        cluster: &Cluster,
        tolls: &[Toll],
        side: Option<Side>,
    ) -> Kind {
        let mut seen: Vec<Kind> = own.iter().take(2).flat_map(|r| self.deeds(r.clone())).collect();
        if seen.is_empty() {
            seen = own.iter().flat_map(|r| self.deeds(r.clone())).collect();
        }
        let weak = |k: &Kind| matches!(k, Kind::ArmedAssault | Kind::Clash | Kind::Operation);
        if seen.iter().all(weak) && !cluster.apart && cluster.status == Status::Current {
            seen.extend(self.opening().flat_map(|r| self.deeds(r)));
        }
        let militants_only = !tolls.is_empty() && tolls.iter().all(|t| t.party == Party::Militant);
        for kind in [Kind::SuicideBombing, Kind::Airstrike, Kind::Shelling, Kind::Bombing] {
            if seen.contains(&kind) {
                return kind;
            }
        }
        if side == Some(Side::State) || (militants_only && side != Some(Side::Militant)) {
            return Kind::Operation;
        }
        let order = [
            Kind::Assassination,
            Kind::ArmedAssault,
            Kind::Abduction,
            Kind::Clash,
            Kind::Operation,
            Kind::Unrest,
        ];
        let possible =
            |k: &Kind| seen.contains(k) && (*k != Kind::Operation || side != Some(Side::Militant));
        order.into_iter().find(possible).unwrap_or(Kind::ArmedAssault)
    }

    fn deeds(&self, range: Range<usize>) -> Vec<Kind> {
        range.filter_map(|i| self.scan.term(i).and_then(|t| t.deed)).collect()
    }

    /// The attacker: who does the deed in the event's own words, who answers for
    /// it anywhere, or who does it in the article's opening.
    fn perpetrator(
        &self,
        own: &[Range<usize>],
        cluster: &Cluster,
        tolls: &[Toll],
    ) -> Option<Agent> {
        let counted = self.counted(cluster);
        let mut near = self.agents(counted.clone());
        let news = cluster.status == Status::Current && !cluster.apart;
        near.extend(self.agents(own.to_vec()).into_iter().filter(|a| a.link > Link::Named));
        if news {
            near.extend(
                self.agents(self.opening().collect()).into_iter().filter(|a| a.link > Link::Named),
            );
            near.extend(self.answers.iter().cloned());
        }
        let air =
            own.iter().take(2).flat_map(|r| self.deeds(r.clone())).any(|k| k == Kind::Airstrike);
        let only_militants = !tolls.is_empty() && tolls.iter().all(|t| t.party == Party::Militant);
        let state = near.iter().filter(|a| a.side == Side::State).max_by_key(|a| a.link);
        if air || only_militants {
            return state.cloned().or_else(|| (only_militants && !air).then(security_forces));
        }
        let best = |side: Side| {
            near.iter()
                .rev()
                .filter(|a| a.side == side && a.link > Link::Named)
                .max_by_key(|a| a.link)
        };
        let suffered = tolls.iter().any(|t| matches!(t.party, Party::Security | Party::Foreign));
        best(Side::Militant)
            .or_else(|| best(Side::Unnamed))
            .or(state.filter(|a| a.link > Link::Named && !suffered))
            .cloned()
    }

    /// Token ranges of the sentences with the event's numbers.
    fn counted(&self, cluster: &Cluster) -> Vec<Range<usize>> {
        let mut told: Vec<usize> = cluster.mentions.iter().map(|(t, _)| *t).collect();
        told.dedup();
        told.into_iter().map(|t| self.tokens_of(t)).collect()
    }

    fn agents(&self, ranges: Vec<Range<usize>>) -> Vec<Agent> {
        let sentence = |range: Range<usize>| {
            self.scan.sentences.partition_point(|s| s.tokens.end <= range.start)
        };
        ranges.into_iter().flat_map(|r| self.agents[sentence(r)].clone()).collect()
    }

    fn claim(&self, actor: Option<&Agent>, own: &[Range<usize>], cluster: &Cluster) -> Claim {
        let Some(actor) = actor else { return Claim::None };
        let side = actor.side;
        if side == Side::Unnamed {
            return Claim::None;
        }
        let claims = match cluster.apart || cluster.status == Status::Background {
            true => Claims::of(self.scan, own),
            false => self.body,
        };
        if claims.denied {
            return Claim::Denied;
        }
        if side == Side::State {
            return self.admitted(own);
        }
        if claims.made && !claims.none { Claim::Claimed } else { Claim::Attributed }
    }

    /// State forces own up where an official tells it.
    fn admitted(&self, own: &[Range<usize>]) -> Claim {
        let official = own.iter().any(|r| {
            let sentence = self.scan.sentences.partition_point(|s| s.tokens.end <= r.start);
            self.attributions[sentence].iter().any(|a| a.voice == Voice::Official)
        });
        if official { Claim::Claimed } else { Claim::Attributed }
    }
}

/// Militants die and nobody says by whose hand: state forces, unnamed.
fn security_forces() -> Agent {
    Agent { name: "security forces".to_owned(), side: Side::State, link: Link::Named }
}
