//! Which sentences bear on an event: those that count its people, those beside them,
//! the opening of its story, and the claims and accusations that are about it and not
//! about another attack of the article.

use std::ops::Range;

use super::agents::{Agent, Link};
use super::character::Setting;
use super::clusters::Cluster;
use super::dates::When;
use super::event::Status;
use super::perpetrator::Nearness;
use super::tellings::Told;
use crate::article::zones::Zone;
use crate::lexicon::PlaceCode;
use crate::lexicon::actors::Side;
use crate::lexicon::codebook::Kind;
use crate::lexicon::terms::Class;

impl Setting<'_, '_, '_> {
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
        let before = counts.iter().filter_map(|t| self.tells_before(*t, cluster));
        before.for_each(|t| add(t, Nearness::Tells));
        for told in &cluster.sentences {
            let near = if self.is_habit(*told) { Nearness::Elsewhere } else { Nearness::Tells };
            let answer = self.answers(*told) && !self.is_about(*told, cluster);
            let aside = self.told[*told].elsewhere && near == Nearness::Tells || answer;
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

    /// "Gunmen attacked a post in Kirkuk. *Four policemen were killed*": the sentence right
    /// before one that counts, in its paragraph, that counts nobody itself.
    pub(super) fn tells_before(&self, told: usize, cluster: &Cluster) -> Option<usize> {
        let before = told.checked_sub(1)?;
        let (one, two) = (&self.told[before], &self.told[told]);
        let told_of = one.zone == Zone::Body
            && one.paragraph == two.paragraph
            && one.mentions.is_empty()
            && !one.backward
            && self.same_day(before, cluster)
            && !self.is_habit(before)
            && !self.is_elsewhere(before, cluster);
        told_of.then_some(before)
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
            && self.is_about(told, cluster)
            && (sentence.mentions.is_empty()
                || claims && sentence.mentions.iter().all(|p| beside(p.mention.trigger.start))
                || claims && sentence.whens.is_empty()
                || cluster.mentions.iter().any(|(t, _)| *t == told))
            && !whens.any(other_day)
    }

    /// Whether a claim is about this event rather than another of the article: that of its
    /// own paragraph, or the story's, unless only the one told last was such a deed.
    fn is_about(&self, claim: usize, cluster: &Cluster) -> bool {
        let counts = |t: &usize| !self.told[*t].mentions.is_empty();
        let own = |t: usize| {
            cluster.sentences.contains(&t) || cluster.mentions.iter().any(|(m, _)| *m == t)
        };
        let counted = cluster.mentions.iter().any(|(m, _)| *m == claim);
        let all = |i: usize| self.scan.is_word(i, &["these", "both", "them"]);
        let plural = self.is_plural(claim) || self.tokens_of(claim).any(all);
        if plural || counted || !self.told[claim].places.is_empty() {
            return true;
        }
        let paragraph = self.told[claim].paragraph;
        let beside = |t: &usize| self.told[*t].paragraph == paragraph;
        if let Some(scene) = (0..claim).rev().take_while(beside).find(counts) {
            return own(scene);
        }
        let before = self.counting.partition_point(|t| *t < claim);
        let counting = &self.counting[..before];
        let (Some(lead), Some(last)) = (counting.first(), counting.last()) else { return true };
        self.is_of_lead(claim, *lead, *last, cluster)
    }

    /// Of the story that `lead` opened, or of the deed told `last`.
    fn is_of_lead(&self, claim: usize, lead: usize, last: usize, cluster: &Cluster) -> bool {
        let own = |t: usize| {
            cluster.sentences.contains(&t) || cluster.mentions.iter().any(|(m, _)| *m == t)
        };
        if self.same_deed(claim, last, lead) {
            return own(last);
        }
        let several = self.is_plural(lead) && !self.of_others(claim, cluster);
        several || own(lead) || !self.is_elsewhere(lead, cluster)
    }

    /// Whether the event's own words name another group than the one that claims.
    fn of_others(&self, claim: usize, cluster: &Cluster) -> bool {
        let claims = &self.agents[self.told[claim].sentence];
        let same = |a: &Agent| claims.iter().any(|c| c.name == a.name);
        let acts = |a: &Agent| a.side == Side::Militant && a.link == Link::Acts && !same(a);
        let counts = |t: &usize| self.agents[self.told[*t].sentence].iter().any(acts);
        cluster.mentions.iter().any(|(t, _)| counts(t))
    }

    /// "Claimed the *bombing*": the deed of the sentence `one`, and not of `other`.
    fn same_deed(&self, claim: usize, one: usize, other: usize) -> bool {
        let kinds = |t: usize| -> Vec<Kind> {
            let deeds = self.tokens_of(t).filter_map(|i| self.scan.term(i).and_then(|t| t.deed));
            deeds.filter(|k| *k != Kind::ArmedAssault).collect()
        };
        let (one, other) = (kinds(one), kinds(other));
        kinds(claim).iter().any(|k| one.contains(k) && !other.contains(k))
    }

    /// "Al-Shabaab, *which killed 28 people last month,* claimed it": what is said
    /// beside the claim at the token.
    fn aside(&self, sentence: Range<usize>, claim: usize) -> Range<usize> {
        let comma = |i: usize| self.scan.is_word(i, &[","]);
        let opens = |i: &usize| comma(*i) && self.scan.is_word(*i + 1, &["which", "who", "whose"]);
        let Some(start) = (sentence.start..claim).find(opens) else { return claim..claim };
        (start + 1..claim).find(|i| comma(*i)).map_or(claim..claim, |end| start..end)
    }

    /// The places of a sentence: its own, those told before it in its paragraph, or, of a
    /// title, those of the lead.
    fn scene_of(&self, told: usize) -> &[PlaceCode] {
        let sentence = &self.told[told];
        let country = sentence.places.iter().all(|p| p.is_country());
        let title = sentence.zone == Zone::Title && country;
        if !sentence.places.is_empty() && !title {
            return &sentence.places;
        }
        let placed = |t: &&Told| t.zone == sentence.zone && !t.places.is_empty();
        let found = match sentence.zone {
            Zone::Title => self.told.iter().find(|t| t.zone == Zone::Body),
            _ => {
                let before = self.told[..told].iter().rev();
                before.take_while(|t| t.paragraph == sentence.paragraph).find(placed)
            }
        };
        found.map_or(&[], |t| &t.places)
    }

    /// Whether the sentence names provinces, and none of the event's.
    pub(super) fn is_elsewhere(&self, told: usize, cluster: &Cluster) -> bool {
        let (there, here) = (self.scene_of(told), &cluster.places);
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
}
