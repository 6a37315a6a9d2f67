//! What the words of a sentence say of how a deed was done: weapons, storming,
//! murder, protest. What kind of event they add up to is left to the module above.

use std::ops::Range;

use crate::article::zones::Zone;
use crate::extract::agents::Link;
use crate::extract::character::Setting;
use crate::extract::dates::{Grain, When};
use crate::extract::event::Kind;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;

/// What a word says of how it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Sign {
    Suicide = 1,
    Air = 2,
    Shell = 4,
    Bomb = 8,
    /// Shots, blades, fire.
    Gun = 16,
    /// Storming, raids, ambushes, sieges.
    Storm = 32,
    Murder = 64,
    Abduction = 128,
    Clash = 256,
    Operation = 512,
    Unrest = 1024,
    /// Bodies that turned up.
    Found = 2048,
    /// "It began with a car bomb": more came after.
    Opening = 4096,
    /// "Strikes": from the air, where a state strikes.
    Strike = 8192,
    /// "Attack", "assault", "hit": of no kind by itself.
    Attack = 16384,
}

/// The signs of some sentences.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signs(u16);

impl Signs {
    pub fn has(self, sign: Sign) -> bool {
        self.0 & sign as u16 != 0
    }

    pub fn any(self, signs: &[Sign]) -> bool {
        signs.iter().any(|s| self.has(*s))
    }

    /// All signs of both.
    pub fn with(self, other: Signs) -> Signs {
        Signs(self.0 | other.0)
    }

    pub fn without(self, sign: Sign) -> Signs {
        Signs(self.0 & !(sign as u16))
    }

    pub fn and(self, sign: Sign) -> Signs {
        Signs(self.0 | sign as u16)
    }

    pub fn add(&mut self, sign: Sign) {
        self.0 |= sign as u16;
    }
}

pub const WEAPONS: &[Sign] =
    &[Sign::Suicide, Sign::Air, Sign::Shell, Sign::Bomb, Sign::Gun, Sign::Storm];

/// Reads the signs of one sentence; words that count the harmed are none, but for
/// the bombers of an event with `victims`.
pub fn read(setting: &Setting<'_, '_, '_>, told: usize, victims: bool, signs: &mut Signs) {
    let scan = setting.scan;
    let range = setting.tokens_of(told);
    let harmed: Vec<Range<usize>> = setting.told[told]
        .mentions
        .iter()
        .flat_map(|p| p.mention.groups.iter().chain(&p.mention.parts))
        .map(|g| g.tokens.clone())
        .collect();
    let mut at = range.start;
    let range = at..second_deed(setting, told, &range).unwrap_or(range.end);
    while at < range.end {
        if let Some(end) = recalled(setting, told, at) {
            at = end;
            continue;
        }
        let free = !harmed.iter().any(|h| h.contains(&at));
        let bomber = victims && scan.term(at).is_some_and(|t| t.deed == Some(Kind::SuicideBombing));
        let shot = scan.is_any(at, &[Class::Storm, Class::Gunfire]) && scan.actor(at).is_none();
        if free || bomber || shot {
            signs_at(setting, told, at, signs);
        }
        at += scan.span(at);
    }
    of_whole(setting, range, signs);
}

/// "RSF attack kills 20*, army bombs Nyala*": where a title goes on to a second deed.
fn second_deed(setting: &Setting<'_, '_, '_>, told: usize, range: &Range<usize>) -> Option<usize> {
    let scan = setting.scan;
    let title = setting.told[told].zone == Zone::Title;
    let cut = range.clone().find(|i| title && scan.is_word(*i, &[",", ";"]))?;
    let verb = &[Class::KillPres, Class::Act, Class::KillEd];
    let kills = |mut part: Range<usize>| part.any(|i| scan.is_any(i, verb));
    let agents = &setting.agents[setting.told[told].sentence];
    let another = agents.iter().any(|a| a.at > cut) && agents.iter().any(|a| a.at < cut);
    (another && kills(range.start..cut) && kills(cut..range.end)).then_some(cut)
}

/// What no single word says: bombs that are driven, bodies that turned up, "it began
/// with".
fn of_whole(setting: &Setting<'_, '_, '_>, range: Range<usize>, signs: &mut Signs) {
    let scan = setting.scan;
    if is_driven_bomb(setting, range.clone()) {
        signs.add(Sign::Suicide);
    }
    let bodies = scan.all(range.clone(), Class::Body).next().is_some()
        && range.clone().any(|i| {
            scan.is_word(
                i,
                &["found", "discovered", "recovered", "dumped", "unearthed", "floating"],
            )
        });
    if bodies {
        signs.add(Sign::Found);
    }
    let opened = |i: usize| {
        scan.is_word(i, &["began", "started", "opened", "begun", "followed"])
            && scan.is_word(i + 1, &["with", "by", "when"])
    };
    if range.clone().any(opened) {
        signs.add(Sign::Opening);
    }
}

/// "Fired on *protesters*", "shot 34 *striking* miners".
pub fn is_crowd(setting: &Setting<'_, '_, '_>, told: usize) -> bool {
    let strike = |i: usize| {
        setting.scan.is_word(i, &["striking"])
            && setting.scan.is_word(i + 1, &["miners", "workers", "teachers", "students"])
    };
    setting.tokens_of(told).any(|i| setting.scan.is_word(i, CROWD) || strike(i))
}

const CROWD: &[&str] = &[
    "protester",
    "protesters",
    "protestors",
    "demonstrator",
    "demonstrators",
    "marchers",
    "crowd",
    "crowds",
    "strikers",
];

/// "a commander, *who was killed by a drone in 2020*": where the clause ends.
fn recalled(setting: &Setting<'_, '_, '_>, told: usize, at: usize) -> Option<usize> {
    let (scan, range) = (setting.scan, setting.tokens_of(told));
    if !scan.is_word(at, &["who", "which", "that"]) {
        return None;
    }
    let end = (at..range.end).find(|i| scan.is_word(*i, &[",", ";"])).unwrap_or(range.end);
    // "The group *that carries out regular suicide bombings*".
    if scan.has(at..end, Class::Habit) {
        return Some(end);
    }
    if scan.is_word(at, &["that"]) {
        return None;
    }
    let old = |w: &When| w.grain != Grain::Day && (at..end).contains(&w.tokens.start);
    setting.told[told].whens.iter().any(old).then_some(end)
}

fn signs_at(setting: &Setting<'_, '_, '_>, told: usize, at: usize, signs: &mut Signs) {
    let scan = setting.scan;
    if scan.is(at, Class::Storm) {
        signs.add(Sign::Storm);
    }
    // "Rockets fired at a town" are no shots.
    let shell = |i: usize| scan.term(i).is_some_and(|t| t.deed == Some(Kind::Shelling));
    let fired = || scan.is_word(at, &["fired"]) && (at.saturating_sub(4)..at).any(shell);
    // "Bodies with bullet wounds": how they were found.
    let behind = at + scan.span(at);
    let found = scan.is_word(behind, &["wound", "wounds", "riddled"])
        || scan.tokens.is_hyphen(behind) && scan.is_word(behind + 1, &["riddled"]);
    if scan.is(at, Class::Gunfire) && !fired() && !found {
        signs.add(Sign::Gun);
    }
    if scan.is_word(at, &["strike", "strikes"]) {
        signs.add(Sign::Strike);
    }
    let backed = || {
        (at.saturating_sub(4)..at)
            .any(|i| scan.is_word(i, &["support", "backed", "supported", "help", "backing"]))
    };
    let sign = match scan.term(at).and_then(|t| t.deed) {
        Some(Kind::SuicideBombing) if !would_be(setting, at) => Sign::Suicide,
        Some(Kind::Airstrike) if !backed() => Sign::Air,
        Some(Kind::Shelling) => Sign::Shell,
        Some(Kind::Bombing) if accused(setting, told, at) => Sign::Air,
        Some(Kind::Bombing) if !clears(setting, at) => Sign::Bomb,
        Some(Kind::Assassination) => Sign::Murder,
        Some(Kind::Abduction) => Sign::Abduction,
        Some(Kind::Clash) => Sign::Clash,
        Some(Kind::Operation) => Sign::Operation,
        Some(Kind::Unrest) => Sign::Unrest,
        Some(Kind::ArmedAssault) => Sign::Attack,
        None if scan.is_word(at, &["bombed"]) && by_state(setting, told, at) => Sign::Air,
        None if scan.is_word(at, &["bombed"]) => Sign::Bomb,
        _ => return,
    };
    signs.add(sign);
}

/// "Sudan's army *bombed* a market": states bomb from the air.
fn by_state(setting: &Setting<'_, '_, '_>, told: usize, at: usize) -> bool {
    let agents = &setting.agents[setting.told[told].sentence];
    let before = agents.iter().rfind(|a| a.at < at && at < a.at + 8);
    let passive = setting.scan.is(setting.scan.head(at.saturating_sub(1)), Class::Be);
    before.is_some_and(|a| a.side == Side::State && a.link == Link::Acts) && !passive
}

/// "Accused the army of *bombing* a market".
fn accused(setting: &Setting<'_, '_, '_>, told: usize, at: usize) -> bool {
    let of = setting.scan.is_word(at, &["bombing"])
        && setting.scan.is_word(at.saturating_sub(1), &["of"]);
    let agents = || setting.agents[setting.told[told].sentence].iter();
    let before = agents().rfind(|a| a.at < at && at < a.at + 5).filter(|_| of);
    before.is_some_and(|a| a.side == Side::State && a.link == Link::Blamed)
}

/// "*Drove* a truck *full of explosives* into a base": a bomber, whatever he is called.
fn is_driven_bomb(setting: &Setting<'_, '_, '_>, range: Range<usize>) -> bool {
    let scan = setting.scan;
    let loaded = |i: usize| {
        scan.is_word(i, &["explosives", "explosive"])
            && (i.saturating_sub(3)..i + 3).any(|l| scan.is_word(l, LOADED))
    };
    let driven = |i: usize| scan.is_word(i, DRIVEN);
    range.clone().any(driven)
        && range.clone().any(loaded)
        && range.into_iter().any(|i| scan.is_word(i, VEHICLES))
}

const LOADED: &[&str] = &["packed", "laden", "filled", "loaded", "full", "rigged", "stuffed"];

const DRIVEN: &[&str] = &[
    "drove", "rammed", "crashed", "ploughed", "plowed", "driven", "ramming", "drives", "rams",
    "slammed", "driving",
];

const VEHICLES: &[&str] = &[
    "car",
    "truck",
    "vehicle",
    "lorry",
    "van",
    "motorbike",
    "motorcycle",
    "tanker",
    "pickup",
    "minibus",
    "boat",
    "rickshaw",
    "jeep",
];

/// "Would-be suicide bombers".
fn would_be(setting: &Setting<'_, '_, '_>, at: usize) -> bool {
    (at.saturating_sub(4)..at).any(|i| setting.scan.is_word(i, &["would", "potential", "failed"]))
}

/// "Mine clearers", "bomb disposal", "clears land mines", "bomb-making".
fn clears(setting: &Setting<'_, '_, '_>, at: usize) -> bool {
    let scan = setting.scan;
    let end = at + scan.span(at);
    let hyphen = usize::from(scan.tokens.is_hyphen(end));
    // "At a gold mine": a place of work.
    let near = at.saturating_sub(2)..at;
    let works = scan.is_word(at, &["mine", "mines"])
        && near
            .clone()
            .any(|i| scan.is_word(i, &["at", "gold", "coal", "copper", "diamond", "jade"]));
    if works {
        return true;
    }
    scan.is_word(
        end + hyphen,
        &["clearers", "clearing", "disposal", "clearance", "squad", "experts"],
    ) || (at.saturating_sub(2)..at).any(|i| scan.is_word(i, &["clears", "clearing", "defused"]))
        || scan.is_word(end + hyphen, &["attacks"]) && scan.is_word(at.saturating_sub(1), &["for"])
}
