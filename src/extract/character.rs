//! What kind of an event it was, who did it, and whether they own up.

use std::ops::Range;

use super::attribution::Attribution;
use super::clusters::Cluster;
use super::event::{Claim, Kind, Party, Toll, Voice};
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
}

impl Setting<'_, '_, '_> {
    /// Reads the character of an event.
    pub fn character(&self, cluster: &Cluster, tolls: &[Toll]) -> Character {
        let own = self.ranges(cluster);
        let actor = self.perpetrator(&own, tolls);
        let kind = if cluster.period {
            Kind::Other
        } else {
            self.kind(&own, cluster, tolls, actor.map(|a| self.scan.side(a.actor)))
        };
        let perpetrator = actor.filter(|_| !cluster.period).map(|a| a.actor.name.clone());
        let claim = self.claim(perpetrator.as_deref(), actor, &own, cluster);
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
        if seen.iter().all(weak)
            && !cluster.apart
            && cluster.status == super::event::Status::Current
        {
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

    /// The attacker: who does the deed in the event's own words, else in the
    /// article's opening.
    fn perpetrator(&self, own: &[Range<usize>], tolls: &[Toll]) -> Option<ActorMet<'_>> {
        let state = tolls.iter().any(|t| t.party == Party::Militant)
            && tolls.iter().all(|t| t.party == Party::Militant);
        let wanted = |m: &ActorMet<'_>| (self.scan.side(m.actor) == Side::State) == state;
        let agents = |ranges: &mut dyn Iterator<Item = Range<usize>>| -> Vec<ActorMet<'_>> {
            ranges.flat_map(|r| self.agents(r)).collect()
        };
        let mut near = agents(&mut own.iter().cloned());
        near.extend(agents(&mut self.opening()));
        let named = near.iter().find(|m| wanted(m) && self.scan.side(m.actor) != Side::Unnamed);
        let air = own.iter().flat_map(|r| self.deeds(r.clone())).any(|k| k == Kind::Airstrike);
        let any_state = near.iter().find(|m| air && self.scan.side(m.actor) == Side::State);
        if air {
            return any_state.copied();
        }
        named.or(near.iter().find(|m| wanted(m))).copied()
    }

    /// Actors of a sentence that are said to attack: not those who only speak,
    /// and not those who are only killed.
    fn agents(&self, range: Range<usize>) -> Vec<ActorMet<'_>> {
        let sentence = self.scan.sentences.partition_point(|s| s.tokens.end <= range.start);
        let speaks = |i: usize| {
            self.attributions[sentence]
                .iter()
                .any(|a| a.tokens.contains(&i) && !matches!(a.voice, Voice::Group(_)))
        };
        let actors = self.scan.actors.iter().filter(|m| range.contains(&m.at)).copied();
        let mut found: Vec<ActorMet<'_>> = actors.filter(|m| !speaks(m.at)).collect();
        found.sort_by_key(|m| !self.acts(m, &range));
        found
    }

    /// A deed or a verb of harm follows within a few words, or "by" stands before.
    fn acts(&self, met: &ActorMet<'_>, range: &Range<usize>) -> bool {
        let after = met.at + met.tokens;
        let by = met.at > range.start && self.scan.is_word(met.at - 1, &["by"]);
        let deed = (after..range.end.min(after + 6)).any(|i| {
            self.scan.is_any(
                i,
                &[Class::Deed, Class::KillPres, Class::KillEd, Class::KillIng, Class::ClaimMade],
            )
        });
        by || deed
    }

    fn claim(
        &self,
        perpetrator: Option<&str>,
        actor: Option<ActorMet<'_>>,
        own: &[Range<usize>],
        cluster: &Cluster,
    ) -> Claim {
        let (Some(_), Some(actor)) = (perpetrator, actor) else { return Claim::None };
        let side = self.scan.side(actor.actor);
        if side == Side::Unnamed {
            return Claim::None;
        }
        let all: Vec<Range<usize>> =
            match cluster.apart || cluster.status == super::event::Status::Background {
                true => own.to_vec(),
                false => self
                    .told
                    .iter()
                    .filter(|t| t.zone == Zone::Body)
                    .map(|t| self.scan.sentences[t.sentence].tokens.clone())
                    .collect(),
            };
        let has = |class: Class| all.iter().any(|r| self.scan.has(r.clone(), class));
        if has(Class::ClaimDenied) {
            return Claim::Denied;
        }
        if side == Side::State {
            return self.admitted(own);
        }
        if has(Class::ClaimMade) && !has(Class::ClaimNone) {
            Claim::Claimed
        } else {
            Claim::Attributed
        }
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
