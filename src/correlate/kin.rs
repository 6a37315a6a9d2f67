//! What two outlets may call the same attack: which kinds go together, and who
//! attacked whom.

use std::collections::BTreeSet;

use jiff::civil::date;

use crate::correlate::event::Sighting;
use crate::correlate::{settle, toll};
use crate::extract::event::{Kind, Outcome, Party, Report, Toll};
use crate::text::fold::fold;

/// How near two kinds are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kinship {
    /// Never one attack.
    Apart,
    /// One attack only if much else agrees.
    Loose,
    /// Two outlets' words for one attack.
    Close,
    Same,
}

/// Who attacked, as far as the report lets one say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attacker {
    State,
    Militants,
    Unclear,
}

/// Pairs of kinds that may be one attack, either way round; others are apart.
const KIN: &[(Kind, Kind, Kinship)] = &[
    (Kind::ArmedAssault, Kind::Clash, Kinship::Close),
    (Kind::ArmedAssault, Kind::Assassination, Kinship::Close),
    (Kind::ArmedAssault, Kind::Abduction, Kinship::Close),
    (Kind::ArmedAssault, Kind::Operation, Kinship::Close),
    (Kind::ArmedAssault, Kind::Bombing, Kinship::Loose),
    (Kind::ArmedAssault, Kind::SuicideBombing, Kinship::Loose),
    (Kind::ArmedAssault, Kind::Shelling, Kinship::Loose),
    (Kind::ArmedAssault, Kind::Unrest, Kinship::Loose),
    (Kind::Clash, Kind::Operation, Kinship::Close),
    (Kind::Clash, Kind::Shelling, Kinship::Loose),
    (Kind::Clash, Kind::Airstrike, Kinship::Loose),
    (Kind::Clash, Kind::Unrest, Kinship::Loose),
    (Kind::Operation, Kind::Airstrike, Kinship::Close),
    (Kind::Operation, Kind::Shelling, Kinship::Loose),
    (Kind::Operation, Kind::Unrest, Kinship::Loose),
    (Kind::Bombing, Kind::SuicideBombing, Kinship::Close),
    (Kind::Bombing, Kind::Assassination, Kinship::Loose),
    (Kind::Bombing, Kind::Shelling, Kinship::Loose),
    (Kind::SuicideBombing, Kind::Assassination, Kinship::Loose),
    (Kind::Airstrike, Kind::Shelling, Kinship::Close),
    (Kind::Assassination, Kind::Abduction, Kinship::Loose),
];

/// How near the two kinds are; `other` is loosely near to all.
pub fn kinship(a: Kind, b: Kind) -> Kinship {
    if a == b {
        return Kinship::Same;
    }
    if a == Kind::Other || b == Kind::Other {
        return Kinship::Loose;
    }
    let pair = KIN.iter().find(|(x, y, _)| (*x, *y) == (a, b) || (*x, *y) == (b, a));
    pair.map_or(Kinship::Apart, |row| row.2)
}

/// Whether the same side can have attacked in both: an operation against
/// militants is not an attack on police. Who began a fight is told by each side in
/// its own way, and so is a raid that cost so many of the raiders.
pub fn sides_agree(a: &Sighting, b: &Sighting) -> bool {
    let opposed = matches!(
        (attacker(a), attacker(b)),
        (Attacker::State, Attacker::Militants) | (Attacker::Militants, Attacker::State)
    );
    let is_clash = [a, b].iter().any(|s| s.report.kind == Kind::Clash);
    let fell = |s: &Sighting| toll::militants(&s.report, Outcome::Killed).map(|c| c.best());
    let as_many = fell(a).is_some_and(|n| n >= FEW_FALL && fell(b) == Some(n));
    !opposed || is_clash || as_many
}

/// So many militants fall in two attacks of one day by chance no more.
const FEW_FALL: u32 = 3;

fn attacker(sighting: &Sighting) -> Attacker {
    let report = &sighting.report;
    if let Some(name) = report.perpetrator.as_deref() {
        return match () {
            () if is_state(name) => Attacker::State,
            () if is_taliban_in_power(name, sighting) => Attacker::Unclear,
            () => Attacker::Militants,
        };
    }
    match report.kind {
        Kind::Operation | Kind::Airstrike => Attacker::State,
        Kind::SuicideBombing => Attacker::Militants,
        Kind::ArmedAssault | Kind::Bombing if tells_of_state_victims(report) => Attacker::Militants,
        _ => Attacker::Unclear,
    }
}

fn tells_of_state_victims(report: &Report) -> bool {
    let of_state = |t: &Toll| t.party == Party::Security && t.outcome == Outcome::Killed;
    report.tolls.iter().any(|t| of_state(t) && t.count.best() > 0)
}

fn is_taliban_in_power(name: &str, sighting: &Sighting) -> bool {
    let country = sighting.report.places.first().map(|place| place.country());
    fold(name).contains("taliban")
        && country.is_some_and(|c| c.as_str() == "AF")
        && settle::window(sighting).last() >= date(2021, 8, 15)
}

/// Words that only the name of a state's forces holds.
const STATE: &[&str] = &[
    "army",
    "police",
    "military",
    "forces",
    "force",
    "troops",
    "soldiers",
    "navy",
    "nato",
    "coalition",
    "government",
    "guards",
    "guard",
    "gendarmerie",
    "marines",
    "airforce",
    "isaf",
    "amisom",
    "commandos",
    "rangers",
    "us",
    "u s",
];

/// Words that turn a name back into that of an armed group ("Rapid Support
/// Forces" is one on its own).
const ARMED_GROUP: &[&str] =
    &["rapid support", "democratic forces", "rebel", "backed", "taliban", "houthi", "militia"];

fn is_state(name: &str) -> bool {
    let name = fold(name);
    let words: BTreeSet<&str> = name.split(' ').collect();
    STATE.iter().any(|word| words.contains(word))
        && !ARMED_GROUP.iter().any(|group| name.contains(group))
}

/// Words that name no group in particular.
const NAMELESS: &[&str] = &[
    "gunmen",
    "gunman",
    "militants",
    "militant",
    "insurgents",
    "bandits",
    "attackers",
    "attacker",
    "terrorists",
    "rebels",
    "assailants",
    "extremists",
    "jihadists",
    "fighters",
    "bomber",
    "suicide bomber",
    "armed men",
    "unknown",
    "suspected militants",
    "islamists",
    "raiders",
    "robbers",
    "dacoits",
    "kidnappers",
    "abductors",
    "guerrillas",
    "infiltrators",
    "soldier",
    "policeman",
];

/// Whether two names can mean the same attacker; `None` where one says nothing.
pub fn same_name(a: Option<&str>, b: Option<&str>) -> Option<bool> {
    let (a, b) = (proper(a?)?, proper(b?)?);
    Some(a == b || a.contains(&b) || b.contains(&a))
}

/// The name folded; `None` where it names no group in particular.
pub fn proper(name: &str) -> Option<String> {
    let name = fold(name);
    let name = name.strip_prefix("the ").unwrap_or(&name);
    let name = match name {
        "isis" | "isil" | "is" | "daesh" | "islamic state group" => "islamic state",
        "al shabab" | "shabaab" => "al shabaab",
        "herdsmen" | "fulani herdsmen" | "armed herders" | "armed herdsmen" => "herders",
        "naxals" | "naxalites" => "maoists",
        other => other,
    };
    (!name.is_empty() && !is_nameless(name)).then(|| name.to_owned())
}

/// "Gunmen", "masked gunmen", "Islamist rebels".
fn is_nameless(name: &str) -> bool {
    let (more, last) = name.rsplit_once(' ').unwrap_or(("", name));
    NAMELESS.contains(&name)
        || NAMELESS.contains(&last) && more.split(' ').all(|word| MERE.contains(&word))
}

/// What is said of attackers without telling who they are.
const MERE: &[&str] = &[
    "armed",
    "masked",
    "hooded",
    "suspected",
    "unidentified",
    "unknown",
    "islamist",
    "islamic",
    "jihadist",
    "muslim",
    "extremist",
    "rebel",
    "militant",
    "insurgent",
    "violent",
];

#[cfg(test)]
mod tests {
    use super::{KIN, Kinship, is_state, kinship, same_name};
    use crate::extract::event::Kind;

    #[test]
    fn a_pair_of_kinds_stands_in_the_table_once() {
        for (i, (a, b, kin)) in KIN.iter().enumerate() {
            assert!(a != b && *kin != Kinship::Same && *kin != Kinship::Apart, "{a:?} {b:?}");
            assert_eq!(kinship(*a, *b), kinship(*b, *a));
            for (x, y, _) in &KIN[i + 1..] {
                assert!((a, b) != (x, y) && (a, b) != (y, x), "{a:?} {b:?} twice");
            }
        }
        assert_eq!(kinship(Kind::Bombing, Kind::Clash), Kinship::Apart);
        assert_eq!(kinship(Kind::Other, Kind::Clash), Kinship::Loose);
    }

    #[test]
    fn a_name_tells_state_from_armed_group() {
        for (name, state) in [
            ("Afghan security forces", true),
            ("NATO", true),
            ("Israeli army", true),
            ("US", true),
            ("Taliban", false),
            ("Rapid Support Forces", false),
            ("Taliban forces", false),
            ("US-backed fighters", false),
            ("gunmen", false),
        ] {
            assert_eq!(is_state(name), state, "{name}");
        }
    }

    #[test]
    fn names_agree_unless_two_groups_are_named() {
        for (a, b, same) in [
            (Some("Taliban"), Some("the Taliban"), Some(true)),
            (Some("ISIS"), Some("Islamic State"), Some(true)),
            (Some("Islamic State"), Some("Islamic State Khorasan"), Some(true)),
            (Some("Taliban"), Some("Islamic State"), Some(false)),
            (Some("Taliban"), Some("gunmen"), None),
            (Some("Taliban"), Some("Islamist rebels"), None),
            (Some("armed bandits"), Some("bandits"), None),
            (Some("Fulani herders"), Some("herders"), Some(true)),
            (Some("Naxals"), Some("Maoists"), Some(true)),
            (Some("Taliban"), None, None),
        ] {
            assert_eq!(same_name(a, b), same, "{a:?} {b:?}");
        }
    }
}
