//! What a state says of a deed that is laid to it: it reports the dead as its own work,
//! it tells what it struck, or it denies. Claims of groups are left to `claims`.

use super::agents::{Agent, Link, denies};
use super::attribution::Attribution;
use super::character::Setting;
use super::clusters::Cluster;
use super::event::Voice;
use super::perpetrator::{Harm, Nearness};
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;

/// Whether a state tells of its own deed: its officials report the dead as
/// militants, or its own forces speak of the others.
pub(super) fn admits(
    setting: &Setting<'_, '_, '_>,
    cluster: &Cluster,
    actor: &Agent,
    harm: Harm,
) -> bool {
    let scope = setting.scope(cluster);
    let near = || scope.iter().filter(|(_, near)| *near != Nearness::Elsewhere);
    let voices = |counts: bool| {
        let of = move |near: &Nearness| !counts || *near == Nearness::Counts;
        let sentences = near().filter(move |(_, n)| of(n)).map(|(t, _)| setting.told[*t].sentence);
        sentences.flat_map(|s| &setting.attributions[s]).collect::<Vec<_>>()
    };
    let heard = if voices(true).is_empty() { voices(false) } else { voices(true) };
    let own = actor.plain || actor.home;
    let official = heard.iter().any(|a| a.voice == Voice::Official);
    let others =
        heard.iter().any(|a| matches!(a.voice, Voice::Local | Voice::Medical | Voice::Group(_)));
    let itself = |a: &Agent| {
        a.link == Link::Speaks
            && a.side == Side::State
            && (a.plain && actor.name.ends_with(&format!(" {}", a.name))
                || a.name == actor.name
                || a.nation.is_some() && a.nation == actor.nation)
    };
    // "Turkey's defence ministry said" of what Turkish jets did.
    let of_nation = |a: &&Attribution| {
        let same = |i: usize| setting.scan.nation(i).is_some_and(|n| actor.nation == Some(n));
        a.voice == Voice::Official && a.tokens.clone().any(same)
    };
    let speaks = near().any(|(t, _)| setting.agents[setting.told[*t].sentence].iter().any(itself))
        || heard.iter().any(of_nation);
    harm.militants && (speaks || own && !harm.civilians && (official || !others))
}

/// "*Russia denied* it was responsible": the state by its country's name.
pub(super) fn is_denied_at_home(setting: &Setting<'_, '_, '_>, actor: &Agent) -> bool {
    let scan = setting.scan;
    let Some(nation) = actor.nation.filter(|_| !actor.plain) else { return false };
    setting.told.iter().any(|told| {
        let range = scan.sentences[told.sentence].tokens.clone();
        let denies_at = |i: usize| scan.is(i, Class::ClaimDenied) || denies(scan, i, range.end);
        let own = |i: usize| (i.saturating_sub(3)..i).any(|n| scan.nation(n) == Some(nation));
        let said = |i: &usize| scan.is_word(*i, &["denied", "denies", "rejected"]);
        range.clone().filter(said).any(|i| own(i) && denies_at(i))
    })
}

/// "The coalition *said its planes had hit* a gathering", "a spokesman *confirmed a
/// strike*": it did what it is told to have done.
pub(super) fn owns_strike(setting: &Setting<'_, '_, '_>, actor: &Agent) -> bool {
    let scan = setting.scan;
    let same = |a: &Agent, at: usize| {
        let own = a.name == actor.name || a.nation.is_some() && a.nation == actor.nation;
        a.side == Side::State && own && a.at < at && at < a.at + 10
    };
    setting.told.iter().any(|told| {
        let agents = &setting.agents[told.sentence];
        let range = scan.sentences[told.sentence].tokens.clone();
        let owns = |at: usize| {
            let near = at + 1..range.end.min(at + 6);
            let own = near.clone().any(|i| scan.is_word(i, &["it", "its", "they", "their"]));
            let did = near.clone().any(|i| scan.is_word(i, STRUCK));
            let confirmed = scan.is_word(at, &["confirmed", "acknowledged", "admitted"])
                && near.into_iter().any(|i| scan.is_word(i, &["strike", "raid", "airstrike"]));
            own && did || confirmed
        };
        agents.iter().any(|a| a.side == Side::State)
            && scan
                .all(range.clone(), Class::Said)
                .any(|i| agents.iter().any(|a| same(a, i)) && owns(i))
    })
}

const STRUCK: &[&str] = &[
    "struck",
    "hit",
    "targeted",
    "bombed",
    "attacked",
    "shelled",
    "fired",
    "launched",
    "destroyed",
    "conducted",
];
