//! Who owns up: claims of responsibility in whatever words, denials, and the
//! reports in which a state tells of its own deeds.

use std::ops::Range;

use super::admissions::{admits, is_denied_at_home, owns_strike};
use super::agents::{Agent, Link, denies, is_record};
use super::attribution::{Attribution, owns_up};
use super::character::Setting;
use super::clusters::Cluster;
use super::dates::{Grain, When};
use super::event::{Claim, Voice};
use super::perpetrator::{Candidate, Harm, Nearness, is_mere_attacker};
use super::scan::Scan;
use super::tellings::Told;
use crate::article::zones::Zone;
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
        if let Some((link, at)) =
            spoken(scan, range.clone(), speaks_as_group(told, &attributions[index], scan))
            && !agents[index].iter().any(|a| a.link == link)
            && !(is_told_of_others(scan, &range, &agents[index]))
        {
            match speaker(&agents[index], &attributions[index], at) {
                Some(speaker) => agents[index][speaker].link = link,
                None if unlisted(scan, &range, at).is_some() && link == Link::Claims => {
                    agents[index].extend(unlisted(scan, &range, at));
                }
                None => {
                    // "Residents blamed X; its spokesman said it had no part in it".
                    let here = agents[index].iter().find(|a| a.side == Side::Militant && a.at < at);
                    let here = here.filter(|_| link == Link::Denies).cloned();
                    let group = here.or(last.clone()).filter(|_| has_pronoun(scan, range));
                    let group = group.map(|agent| Agent { link, attacks: false, at, ..agent });
                    agents[index].extend(group);
                }
            }
        }
        forget_old(told, &mut agents[index]);
        let named = agents[index].iter().rfind(|a| a.side == Side::Militant);
        last = named.cloned().or(last);
    }
}

/// "X, which claimed an attack *last year*": no claim of this deed.
fn forget_old(told: &Told, agents: &mut [Agent]) {
    let old = |at: usize| {
        let near = |w: &When| (at..at + OLD_REACH).contains(&w.tokens.start);
        told.whens.iter().any(|w| w.grain == Grain::Loose && near(w))
    };
    for agent in agents.iter_mut().filter(|a| a.link == Link::Claims && old(a.at)) {
        agent.link = Link::Named;
    }
}

/// Tokens from who claims to the time of the claimed deed, at most.
const OLD_REACH: usize = 14;

/// A group that tells of what a state did claims nothing.
fn is_told_of_others(scan: &Scan<'_, '_>, range: &Range<usize>, agents: &[Agent]) -> bool {
    let claims = [Class::ClaimMade, Class::ClaimDenied];
    let said = range.clone().any(|i| scan.is_any(i, &claims));
    let state = |a: &Agent| a.side == Side::State && a.link == Link::Acts && !a.plain;
    !said && agents.iter().any(state)
}

/// Whether a group itself tells the sentence: by its name, or "a spokesman for the
/// group said".
fn speaks_as_group(told: &Told, said: &[Attribution], scan: &Scan<'_, '_>) -> bool {
    let has = |a: &Attribution, words: &[&str]| a.tokens.clone().any(|i| scan.is_word(i, words));
    let own = |a: &Attribution| {
        has(a, &["spokesman", "spokesperson", "spokeswoman", "statement"])
            && has(a, &["group", "outfit", "movement", "rebels", "militants", "insurgents"])
    };
    matches!(told.voice, Voice::Group(_)) || said.iter().any(own)
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

/// A group that no row lists, by its name before the claim: "Ahrar-ul-Hind has
/// claimed responsibility". The name must hold a word that groups go by.
fn unlisted(scan: &Scan<'_, '_>, range: &Range<usize>, claim: usize) -> Option<Agent> {
    let mut end = claim;
    while end > range.start
        && (scan.is_any(scan.head(end - 1), &[Class::Have, Class::Adverb])
            || scan.is_word(end - 1, &[","]))
    {
        end -= 1;
    }
    let mut start = end;
    while start > range.start && in_name(scan, start - 1) {
        start -= 1;
    }
    while start < end && !scan.tokens.get(start).capital {
        start += 1;
    }
    // "A group called the Sons of the South": named so, whatever the name.
    let the = usize::from(scan.is_word(start.saturating_sub(1), &["the"]));
    let called = scan.is_word(start.saturating_sub(1 + the), &["called", "named", "itself"]);
    let group = called || (start..end).any(|i| scan.is_word(i, GROUP_WORDS));
    (group && (called || end - start > 1) && start < end).then(|| Agent {
        name: scan.tokens.source()[scan.bytes(start..end)].to_owned(),
        side: Side::Militant,
        link: Link::Claims,
        attacks: false,
        nation: None,
        at: start,
        plain: false,
        home: true,
    })
}

/// Capitals, hyphens and the small words between them.
fn in_name(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.tokens.get(i).capital
        || scan.tokens.is_hyphen(i)
        || scan.is_word(i, &["of", "the", "for", "al", "ul", "e", "i", "in", "and", "'s"])
}

const GROUP_WORDS: &[&str] = &[
    "army",
    "front",
    "brigade",
    "brigades",
    "movement",
    "group",
    "jaish",
    "lashkar",
    "harakat",
    "ansar",
    "jamaat",
    "liberation",
    "battalion",
    "resistance",
    "tehreek",
    "union",
    "organization",
    "organisation",
    "cartel",
    "guard",
    "guards",
    "jihad",
    "ul",
    "mujahideen",
    "revolutionary",
    "soldiers",
    "company",
    "hind",
    "fighters",
    "rebels",
    "hizb",
    "jund",
    "islamic",
    "defenders",
];

/// Whether the sentence claims or denies in somebody's name, and at which token.
fn spoken(scan: &Scan<'_, '_>, range: Range<usize>, group: bool) -> Option<(Link, usize)> {
    let first =
        |class: Class| scan.all(range.clone(), class).find(|i| !is_record(scan, *i, range.end));
    if first(Class::ClaimNone).is_some() {
        return None;
    }
    let free = || range.clone().find(|i| denies(scan, *i, range.end));
    if let Some(at) = first(Class::ClaimDenied).or_else(free) {
        return Some((Link::Denies, at));
    }
    let named = |i: &usize| owns_up(scan, *i) && !is_record(scan, i.saturating_sub(1), range.end);
    if let Some(at) = first(Class::ClaimMade).or_else(|| range.clone().find(named)) {
        return Some((Link::Claims, at));
    }
    // "The Taliban accused the army of killing 12": no deed of theirs.
    let accuses = |i: usize| {
        scan.is_word(i, &["accused", "accuses", "accusing", "blamed", "blames", "blaming"])
            || scan.is_word(i, &["condemned", "condemns", "condemning", "denounced", "deplored"])
    };
    // "Said his fighters would attack": no deed yet.
    let threat = |i: usize| scan.is_word(i, &["would", "will", "threatened"]);
    let group = group && !range.clone().any(|i| accuses(i) || threat(i));
    let harm = range.clone().any(|i| {
        scan.is_any(i, &[Class::KillEd, Class::KillIng, Class::KillPres, Class::Deed, Class::Act])
            || scan.is_word(i, &["responsible", "toll"])
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
    // "Nigerian soldiers", and "the army" that denies it: of one state.
    let same = |a: &Agent| {
        let state = a.side == Side::State && actor.side == Side::State;
        a.name == actor.name || state && a.nation.is_some() && a.nation == actor.nation
    };
    let of_actor = |link: Link| candidates.iter().any(|c| c.agent.link == link && same(c.agent));
    match actor.side {
        Side::Unnamed if is_mere_attacker(&actor.name) && !is_vouched(setting, cluster) => {
            Claim::None
        }
        Side::Unnamed => Claim::Attributed,
        _ if of_actor(Link::Denies) => Claim::Denied,
        Side::Militant if of_actor(Link::Claims) => Claim::Claimed,
        Side::Militant => Claim::Attributed,
        Side::State if of_actor(Link::Claims) => Claim::Claimed,
        Side::State if is_denied_at_home(setting, actor) => Claim::Denied,
        Side::State if owns_strike(setting, actor) => Claim::Claimed,
        Side::State if admits(setting, cluster, actor, harm) => Claim::Claimed,
        Side::State => Claim::Attributed,
    }
}

/// Whether somebody speaks for the deed: in its own sentences or in the one that
/// counts first.
fn is_vouched(setting: &Setting<'_, '_, '_>, cluster: &Cluster) -> bool {
    let scope = setting.scope(cluster);
    let near = scope.iter().filter(|(_, near)| *near != Nearness::Elsewhere).map(|(t, _)| *t);
    let lead = setting.told.iter().position(|t| t.zone == Zone::Body && !t.mentions.is_empty());
    near.chain(lead).any(|t| setting.told[t].voice != Voice::Article)
}
