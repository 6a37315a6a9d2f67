//! State forces that no row of the lexicon lists: "Iraqi security forces",
//! "Pakistani shells" (then the nation's forces), and plain "the army", "troops".

use std::ops::Range;

use super::{Context, written};
use crate::extract::event::Party;
use crate::extract::scan::Scan;
use crate::lexicon::PlaceCode;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;

/// A state force by its words.
pub struct Force {
    pub words: Range<usize>,
    pub name: String,
    pub nation: Option<PlaceCode>,
    /// Only its weapon is named: who fires it acts.
    pub weapon: bool,
    /// No nation is named: "the army".
    pub plain: bool,
}

/// All such forces of a sentence, in order.
pub fn forces(scan: &Scan<'_, '_>, context: &Context<'_>) -> Vec<Force> {
    let mut found: Vec<Force> = Vec::new();
    let mut at = context.sentence.start;
    while at < context.sentence.end {
        let force = of_nation(scan, context, at).or_else(|| plain(scan, context, at));
        at = force.as_ref().map_or(at + 1, |f| f.words.end.max(at + 1));
        found.extend(force);
    }
    found
}

/// "Turkish special forces", "Pakistani mortars", "the Pakistani side".
fn of_nation(scan: &Scan<'_, '_>, context: &Context<'_>, at: usize) -> Option<Force> {
    let nation = scan.nation(at).filter(|_| scan.actor(at).is_none())?;
    let end = context.sentence.end;
    let possessive = usize::from(scan.is_word(at + 1, &["'s", "’s"]));
    let from = at + 1 + possessive;
    let start = whole(scan, context.sentence.start, at);
    if scan.tokens.is_hyphen(at + 1) && scan.is_word(at + 2, &["led"]) {
        let name = format!("{}-led coalition", american(&written(scan, start..at + 1)));
        let armed = (at + 3..end.min(at + 6)).any(|i| is_arm(scan, i));
        let words = start..at + 3;
        return armed.then_some(Force { words, name, nation: None, weapon: true, plain: false });
    }
    let stop = (from..end.min(from + 4)).find(|i| {
        scan.tokens.get(*i).shape != Shape::Word && !scan.tokens.is_hyphen(*i)
            || scan.is_word(*i, APART)
            || scan.actor(*i).is_some()
            || scan.is_any(*i, &[Class::Said, Class::Be, Class::Have])
    });
    let stop = stop.unwrap_or(end.min(from + 4));
    if let Some(last) = (from..stop).find(|i| is_force(scan, *i)) {
        let words = start..(last + scan.span(last)).min(end);
        let name = if possessive == 1 {
            joined(scan, at, words.clone())
        } else {
            written(scan, words.clone())
        };
        return Some(Force {
            words,
            name: american(&name),
            nation: Some(nation),
            weapon: false,
            plain: false,
        });
    }
    if let Some(people) = people(scan, at) {
        let name = format!("{people} forces");
        return Some(Force {
            words: at..at + 1,
            name,
            nation: Some(nation),
            weapon: false,
            plain: false,
        });
    }
    let foreign = context.home.is_some_and(|home| home.country() != nation.country());
    let arms = (from..stop).any(|i| is_arm(scan, i) || foreign && is_raid(scan, i));
    let side = scan.is_word(at + 1, &["side"]) && scan.is_word(at.saturating_sub(2), &["from"]);
    (arms || side).then(|| {
        let nation_name = written(scan, start..at + 1);
        let usual = american(&nation_name);
        let name = if usual == nation_name { format!("{nation_name} forces") } else { usual };
        Force { words: start..at + 1, name, nation: Some(nation), weapon: true, plain: false }
    })
}

/// "The Russians shelled": a people that acts, by its adjective.
fn people<'t>(scan: &Scan<'_, 't>, at: usize) -> Option<&'t str> {
    let many = scan.tokens.text(at).strip_suffix('s').filter(|p| p.ends_with(['n', 'i']))?;
    let acts = &[Class::Act, Class::KillEd, Class::KillPres];
    let next = (at + 1..at + 3).find(|i| !scan.is_any(*i, &[Class::Have, Class::Adverb]))?;
    scan.is_any(next, acts).then_some(many)
}

/// The first word of a nation's name: "South Sudanese".
fn whole(scan: &Scan<'_, '_>, first: usize, at: usize) -> usize {
    let compass = at > first && scan.is_word(at - 1, &["south", "north", "central"]);
    if compass && scan.tokens.get(at - 1).capital { at - 1 } else { at }
}

/// Fighters of no army and no named group: "Christian militias", "vigilantes".
pub fn irregulars(scan: &Scan<'_, '_>, context: &Context<'_>) -> Vec<Range<usize>> {
    let word = |i: &usize| {
        scan.actor(*i).is_none()
            && scan.is_word(
                *i,
                &["militia", "militias", "militiamen", "vigilantes", "mercenaries", "clansmen"],
            )
    };
    let pro = |i: &usize| {
        (i.saturating_sub(3)..*i)
            .any(|b| scan.is_word(b, &["government", "pro", "allied", "loyal"]))
    };
    context.sentence.clone().filter(word).filter(|i| !pro(i)).map(|i| i..i + 1).collect()
}

/// Words that part a nation from a force or a weapon behind it.
const APART: &[&str] = &[
    "when", "where", "a", "an", "the", "in", "on", "of", "and", "as", "after", "at", "by", "with",
    "said", "who", "that", "for", "from", "to", "near", "killed", "but", "or", "before", "while",
];

/// "Pakistan's army" by the words behind the possessive.
fn joined(scan: &Scan<'_, '_>, nation: usize, words: Range<usize>) -> String {
    format!("{} {}", scan.tokens.text(nation), written(scan, nation + 2..words.end))
}

/// "Troops", "the army", "police": forces of the place, by the plain word.
fn plain(scan: &Scan<'_, '_>, context: &Context<'_>, at: usize) -> Option<Force> {
    let free = scan.actor(at).is_none() && scan.head(at) == at;
    let term = scan.term(at).filter(|_| free)?;
    let people = term.is(Class::Person) && term.party == Some(Party::Security);
    let bare = scan.is_word(
        at,
        &[
            "troops",
            "soldiers",
            "police",
            "army",
            "military",
            "navy",
            "commandos",
            "marines",
            "policemen",
            "officers",
            "security",
            "forces",
            "paramilitary",
            "gendarmes",
        ],
    );
    let last = at + scan.span(at) - 1;
    if scan.is_word(last, &["official", "officials", "chief", "source", "sources", "officer"]) {
        return None;
    }
    let whole = people && bare || scan.is_word(at, &["military", "army", "navy", "forces"]);
    whole.then(|| {
        let words = at..at + scan.span(at);
        let name = written(scan, words.clone()).to_lowercase();
        Force { words, name, nation: context.home.map(|h| h.country()), weapon: false, plain: true }
    })
}

fn is_force(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.is_word(
        i,
        &[
            "forces",
            "army",
            "troops",
            "military",
            "police",
            "soldiers",
            "commandos",
            "navy",
            "coastguard",
            "gendarmes",
            "gendarmerie",
            "paratroopers",
            "marines",
            "regime",
        ],
    ) || scan.term(i).is_some_and(|t| scan.is_word(i, &["security"]) && t.is(Class::Person))
}

/// Whether the word is the deed or the weapon of a state.
pub fn is_armed(scan: &Scan<'_, '_>, i: usize) -> bool {
    is_arm(scan, i) || is_raid(scan, i)
}

/// Weapons that only states are taken to have.
fn is_arm(scan: &Scan<'_, '_>, i: usize) -> bool {
    let deed = scan.term(i).and_then(|t| t.deed);
    use crate::lexicon::codebook::Kind;
    matches!(deed, Some(Kind::Airstrike | Kind::Shelling))
        || scan.is_word(
            i,
            &[
                "warplanes",
                "warplane",
                "jets",
                "fire",
                "gunfire",
                "snipers",
                "strike",
                "strikes",
                "bombardment",
                "artillery",
            ],
        )
}

fn is_raid(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.is_word(i, &["raid", "raids", "attack", "attacks", "operation", "incursion", "invasion"])
}

/// America's name where only its adjective is written.
fn american(name: &str) -> String {
    match name {
        "US" | "U.S." | "U.S" | "American" => "United States".to_owned(),
        _ => name.to_owned(),
    }
}
