//! What kind of an event it was. What the sentences with its numbers say goes
//! before the title and the lead, these before the rest. Where bombs and guns are
//! told together it was an assault that the bomb opened; a bomb or shell alone
//! decides before the victim's rank.

mod signs;

use crate::article::zones::Zone;
use crate::extract::agents::{Agent, Link};
use crate::extract::character::Setting;
use crate::extract::clusters::Cluster;
use crate::extract::event::{Kind, Outcome, Party, Status, Toll};
use crate::extract::perpetrator::Harm;
use crate::lexicon::actors::Side;
use crate::text::tokens::Shape;
use signs::{Sign, Signs, WEAPONS, is_crowd, read};

/// How the sentences of an event say that it was done.
#[derive(Default)]
pub struct Means {
    /// Those with its numbers.
    counts: Signs,
    /// The title and the lead, of the main story.
    front: Signs,
    /// All others that tell of it.
    rest: Signs,
    /// Those harmed, or met in the opening, protested.
    crowd: bool,
    /// A single victim, by name.
    named: bool,
    /// The title or the lead tells of this event, and not of another.
    leads: bool,
}

/// Gathers what the event's sentences say of the means.
pub fn means(setting: &Setting<'_, '_, '_>, cluster: &Cluster) -> Means {
    let main = cluster.status == Status::Current && !cluster.apart;
    let mut means = Means { named: is_named(setting, cluster), ..Means::default() };
    let body = |t: usize| setting.told[t].zone == Zone::Body;
    let victims = |t: usize, m: usize| {
        let groups = &setting.told[t].mentions[m].mention.groups;
        groups.iter().any(|g| g.party != Some(Party::Militant))
    };
    let some = cluster.mentions.iter().any(|(t, m)| body(*t) && victims(*t, *m));
    let counts = |told: usize| {
        body(told) && cluster.mentions.iter().any(|(t, m)| *t == told && (!some || victims(*t, *m)))
    };
    let lead = (0..setting.told.len()).find(|t| body(*t));
    let before: Vec<usize> =
        cluster.mentions.iter().filter_map(|(t, _)| setting.tells_before(*t, cluster)).collect();
    for told in nearby(setting, cluster, lead.into_iter().chain(before.iter().copied())) {
        let opens = setting.told[told].zone == Zone::Title || Some(told) == lead;
        let tells = cluster.sentences.contains(&told) || before.contains(&told);
        // What is told of another province is of another event.
        if !tells && setting.is_elsewhere(told, cluster) {
            continue;
        }
        means.leads |= main && opens && tells;
        means.crowd |= (counts(told) || main && opens) && is_crowd(setting, told);
        let signs = match () {
            () if counts(told) => &mut means.counts,
            () if main && opens => &mut means.front,
            () if tells || main && told < 3 => &mut means.rest,
            () => continue,
        };
        read(setting, told, some, signs);
    }
    means
}

/// The sentences of an event, those of the opening, and `more`, in order.
fn nearby(
    setting: &Setting<'_, '_, '_>,
    cluster: &Cluster,
    more: impl Iterator<Item = usize>,
) -> Vec<usize> {
    let counts = cluster.mentions.iter().map(|(t, _)| *t);
    let told = cluster.sentences.iter().copied().chain(0..setting.told.len().min(3));
    let mut found: Vec<usize> = counts.chain(told).chain(more).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether one or two victims are named: a capital behind or in the words that
/// count them.
fn is_named(setting: &Setting<'_, '_, '_>, cluster: &Cluster) -> bool {
    let scan = setting.scan;
    let mentions = cluster.mentions.iter().map(|(t, m)| &setting.told[*t].mentions[*m].mention);
    let killed = mentions.filter(|m| m.outcome == Outcome::Killed);
    let capital = |i: usize| {
        scan.tokens.get(i).capital
            && scan.tokens.get(i).shape == Shape::Word
            && scan.nation(i).is_none()
            && scan.actor(i).is_none()
            && i > 0
            && !scan.is_word(i - 1, &["in", "at", "near", "of", "from", "on", "outside"])
    };
    let name = |g: &crate::extract::groups::Group| {
        let range = g.tokens.start..(g.tokens.end + 3).min(scan.tokens.len());
        let office = || g.tokens.clone().any(|i| scan.is_word(i, OFFICES));
        let written =
            || range.clone().zip(range.clone().skip(1)).any(|(a, b)| capital(a) && capital(b));
        g.single && (office() || written())
    };
    killed.flat_map(|m| &m.groups).any(name)
}

/// Whoever holds one of these is killed for it, named or not.
const OFFICES: &[&str] = &[
    "candidate",
    "mayor",
    "governor",
    "judge",
    "prosecutor",
    "lawmaker",
    "senator",
    "minister",
    "politician",
    "councillor",
    "councilor",
    "councilman",
    "ambassador",
    "diplomat",
    "deputy",
    "elder",
    "imam",
    "cleric",
    "priest",
    "pastor",
    "preacher",
    "bishop",
    "mullah",
    "rabbi",
    "sarpanch",
    "headman",
    "legislator",
];

/// So many times more are taken than killed where taking them was the aim of a raid.
const TAKEN_MOST: u32 = 12;

impl Means {
    /// The signs of the nearest sentences that tell of a weapon.
    fn nearest(&self) -> Signs {
        let layers = match self.leads {
            true => [self.counts, self.front, self.rest],
            false => [self.counts, self.rest, self.front],
        };
        let found = layers.into_iter().find(|s| s.any(WEAPONS)).unwrap_or(self.counts);
        // A bomb, and in the story's own words a bomber.
        let bomber = self.leads && self.front.with(self.rest).has(Sign::Suicide);
        if found.has(Sign::Bomb) && self.seen().has(Sign::Air) {
            return found.and(Sign::Air);
        }
        match found.has(Sign::Bomb) && bomber {
            true => found.and(Sign::Suicide),
            false => found,
        }
    }

    /// What the sentences with numbers and, of the main story, the opening say.
    fn seen(&self) -> Signs {
        if self.leads { self.counts.with(self.front) } else { self.counts }
    }

    /// It came from the air.
    pub fn air(&self) -> bool {
        self.nearest().has(Sign::Air)
    }

    /// Aircraft that only come up later are none of an attack by men on the ground.
    pub fn on_the_ground(&mut self) {
        if !self.counts.has(Sign::Air) {
            self.front = self.front.without(Sign::Air);
            self.rest = self.rest.without(Sign::Air);
        }
    }

    /// A bomb or a bomber, and no gun.
    pub fn bomb(&self) -> bool {
        let near = self.nearest();
        near.any(&[Sign::Suicide, Sign::Bomb]) && !near.any(&[Sign::Air, Sign::Gun, Sign::Storm])
    }

    /// The kind of the event, where it is known who did it and who came to harm.
    /// `opens`: its actor is told to have opened an attack.
    pub fn kind(&self, tolls: &[Toll], actor: Option<&Agent>, harm: Harm, opens: bool) -> Kind {
        let side = actor.map(|a| a.side);
        let told = self.seen().any(WEAPONS) || self.seen().has(Sign::Abduction);
        if self.counts.has(Sign::Found)
            && !told
            && !self.counts.has(Sign::Attack)
            && actor.is_none()
        {
            return Kind::Other;
        }
        if side == Some(Side::State) {
            let foreign = actor.is_some_and(|a| !a.plain && !a.home);
            return self.of_state(harm, foreign);
        }
        let near = self.nearest();
        let seen = self.seen();
        if seen.has(Sign::Unrest) && side.is_none() && !near.any(&[Sign::Bomb, Sign::Suicide]) {
            return Kind::Unrest;
        }
        let fought = self.crowd && seen.has(Sign::Clash) && side != Some(Side::Militant);
        if fought && !near.any(WEAPONS) {
            return Kind::Unrest;
        }
        // "Jets struck hours after a rocket wounded two": the rocket is the group's.
        if near.has(Sign::Air) && near.has(Sign::Shell) && side == Some(Side::Militant) {
            return Kind::Shelling;
        }
        self.by_weapon(near).unwrap_or_else(|| self.by_hand(tolls, actor, near, opens))
    }

    /// A state attacks: from the air, with shells, else on the ground.
    fn of_state(&self, harm: Harm, foreign: bool) -> Kind {
        let (near, seen) = (self.nearest(), self.seen());
        let ground = seen.any(&[Sign::Operation, Sign::Storm, Sign::Gun, Sign::Clash]);
        let air = if harm.militants_only { seen.has(Sign::Air) } else { near.has(Sign::Air) };
        match () {
            () if air && (self.counts.has(Sign::Air) || !ground) => Kind::Airstrike,
            () if (seen.has(Sign::Unrest) || self.crowd) && !harm.militants => Kind::Unrest,
            () if near.has(Sign::Shell) && !harm.militants_only => Kind::Shelling,
            () if seen.has(Sign::Strike) && !ground => Kind::Airstrike,
            () if near.any(&[Sign::Air, Sign::Bomb]) && !harm.militants_only && !ground => {
                Kind::Airstrike
            }
            () if !harm.militants && !ground && foreign => Kind::Shelling,
            () => Kind::Operation,
        }
    }

    /// Bombs and shells, and what was stormed after them.
    fn by_weapon(&self, near: Signs) -> Option<Kind> {
        let stormed = near.any(&[Sign::Gun, Sign::Storm])
            || self.leads && self.front.has(Sign::Storm) && !near.has(Sign::Shell)
            || self.counts.with(self.front).with(self.rest).has(Sign::Opening)
                && !self.counts.any(&[Sign::Suicide, Sign::Bomb]);
        let kind = match () {
            () if near.has(Sign::Suicide) => Kind::SuicideBombing,
            () if near.has(Sign::Air) => return Some(Kind::Airstrike),
            () if near.has(Sign::Shell) => Kind::Shelling,
            () if near.has(Sign::Bomb) => Kind::Bombing,
            () => return None,
        };
        Some(if stormed { Kind::ArmedAssault } else { kind })
    }

    /// No bomb, no shell: what the guns, or nothing, say.
    fn by_hand(&self, tolls: &[Toll], actor: Option<&Agent>, near: Signs, opens: bool) -> Kind {
        let sum = |outcome: Outcome| -> u32 {
            let of = tolls.iter().filter(|t| t.outcome == outcome && t.party != Party::Militant);
            of.map(|t| t.count.best()).fold(0, u32::saturating_add)
        };
        let (killed, taken) = (sum(Outcome::Killed), sum(Outcome::Abducted));
        let soldiers = tolls.iter().any(|t| t.party == Party::Security);
        let seen = self.seen();
        let raid = near.has(Sign::Storm) || seen.has(Sign::Attack);
        let some = taken > killed && !soldiers && !(raid && killed > 0)
            || taken > killed.saturating_mul(TAKEN_MOST);
        if some || killed == 0 && seen.has(Sign::Abduction) {
            return Kind::Abduction;
        }
        let murder = seen.has(Sign::Murder) || self.named && !near.has(Sign::Storm);
        if murder && (1..=3).contains(&killed) {
            return Kind::Assassination;
        }
        let opened = opens || actor.is_some_and(|a| a.link == Link::Claims && near.any(WEAPONS));
        if seen.has(Sign::Clash) && !opened && !near.any(&[Sign::Gun, Sign::Storm]) {
            return Kind::Clash;
        }
        let fell = tolls.iter().any(|t| t.party == Party::Militant);
        if actor.is_none() && fell && killed == 0 && seen.has(Sign::Operation) {
            return Kind::Operation;
        }
        Kind::ArmedAssault
    }
}
