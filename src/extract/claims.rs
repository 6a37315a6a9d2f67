//! Who owns up: claims of responsibility in whatever words, denials, and the
//! reports in which a state tells of its own deeds.

use std::ops::Range;

use super::agents::{Agent, Link};
use super::attribution::Attribution;
use super::character::Setting;
use super::clusters::Cluster;
use super::event::{Claim, Voice};
use super::perpetrator::{Candidate, Harm, Nearness};
use super::scan::Scan;
use super::tellings::Told;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;

/// Finds the claims that no verb behind a name tells: "the group said it was
/// behind", and what a group itself reports of a deed.
pub fn resolve(
    scan: &Scan<'_, '_>,
    told: &[Told],
    attributions: &[Vec<Attribution>],
    agents: &mut [Vec<Agent>],
) {
    let mut last: Option<Agent> = None;
    for told in told {
        let index = told.sentence;
        let range = scan.sentences[index].tokens.clone();
        if let Some((link, at)) = spoken(scan, range.clone(), &told.voice)
            && !agents[index].iter().any(|a| a.link == link)
        {
            match speaker(&agents[index], &attributions[index], at) {
                Some(speaker) => agents[index][speaker].link = link,
                None => {
                    let group = last.clone().filter(|_| has_pronoun(scan, range));
                    let group = group.map(|agent| Agent { link, attacks: false, at, ..agent });
                    agents[index].extend(group);
                }
            }
        }
        let named = agents[index].iter().rfind(|a| a.side == Side::Militant);
        last = named.cloned().or(last);
    }
}

/// The group that claims or denies at the token: the one in the words of its
/// speaker, else the nearest before that is not the one accused.
fn speaker(agents: &[Agent], said: &[Attribution], at: usize) -> Option<usize> {
    let group = |a: &&Agent| a.side == Side::Militant && a.link != Link::Blamed;
    let speaks = |a: &Agent| {
        said.iter().any(|s| s.tokens.contains(&a.at) && matches!(s.voice, Voice::Group(_)))
    };
    let spoken = agents.iter().position(|a| group(&a) && speaks(a));
    spoken
        .or_else(|| agents.iter().rposition(|a| group(&a) && a.at < at && a.link != Link::Suffers))
}

/// Whether the sentence claims or denies in somebody's name, and at which token.
fn spoken(scan: &Scan<'_, '_>, range: Range<usize>, voice: &Voice) -> Option<(Link, usize)> {
    let first = |class: Class| scan.all(range.clone(), class).next();
    if first(Class::ClaimNone).is_some() {
        return None;
    }
    if let Some(at) = first(Class::ClaimDenied) {
        return Some((Link::Denies, at));
    }
    if let Some(at) = first(Class::ClaimMade) {
        return Some((Link::Claims, at));
    }
    let group = matches!(voice, Voice::Group(_));
    let harm = range.clone().any(|i| {
        scan.is_any(i, &[Class::KillEd, Class::KillIng, Class::KillPres, Class::Deed, Class::Act])
    });
    (group && harm && first(Class::Negation).is_none()).then_some((Link::Claims, range.start))
}

/// "The group", "it", "its spokesman": whoever was named before.
fn has_pronoun(scan: &Scan<'_, '_>, mut range: Range<usize>) -> bool {
    range.any(|i| {
        scan.is_word(
            i,
            &[
                "it",
                "its",
                "they",
                "their",
                "group",
                "outfit",
                "organisation",
                "organization",
                "militants",
                "insurgents",
                "rebels",
                "jihadists",
                "movement",
                "he",
                "spokesman",
            ],
        )
    })
}

/// The claim of an event whose perpetrator is known.
pub fn claim(
    setting: &Setting<'_, '_, '_>,
    cluster: &Cluster,
    candidates: &[Candidate<'_>],
    actor: Option<&Agent>,
    harm: Harm,
) -> Claim {
    let Some(actor) = actor else { return Claim::None };
    let of_actor =
        |link: Link| candidates.iter().any(|c| c.agent.link == link && c.agent.name == actor.name);
    match actor.side {
        Side::Unnamed => Claim::Attributed,
        _ if of_actor(Link::Denies) => Claim::Denied,
        Side::Militant if of_actor(Link::Claims) => Claim::Claimed,
        Side::Militant => Claim::Attributed,
        Side::State if admits(setting, cluster, actor, harm) => Claim::Claimed,
        Side::State => Claim::Attributed,
    }
}

/// Whether a state tells of its own deed: its officials report the dead as
/// militants, or its own forces speak of the others.
fn admits(setting: &Setting<'_, '_, '_>, cluster: &Cluster, actor: &Agent, harm: Harm) -> bool {
    let scope = setting.scope(cluster);
    let near = || scope.iter().filter(|(_, near)| *near != Nearness::Elsewhere);
    let voices = || near().flat_map(|(t, _)| &setting.attributions[setting.told[*t].sentence]);
    let own = actor.nation.is_none()
        || actor.nation.map(|n| n.country()) == setting.home.map(|h| h.country());
    let official = voices().any(|a| a.voice == Voice::Official);
    let others =
        voices().any(|a| matches!(a.voice, Voice::Local | Voice::Medical | Voice::Group(_)));
    let itself =
        |a: &Agent| a.link == Link::Speaks && a.nation == actor.nation && a.side == Side::State;
    let speaks = near().any(|(t, _)| setting.agents[setting.told[*t].sentence].iter().any(itself));
    harm.militants && (speaks || own && !harm.civilians && (official || !others))
}
