//! State forces that no row of the lexicon lists: "Iraqi security forces",
//! "Pakistani shells" (then the nation's forces), and plain "the army", "troops".

use std::ops::Range;

use super::{Context, written};
use crate::extract::event::Party;
use crate::extract::scan::Scan;
use crate::lexicon::PlaceCode;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;
use crate::text::words::{Lot, lot};

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
        let force = of_nation(scan, context, at)
            .or_else(|| plain(scan, context, at))
            .or_else(|| rulers(scan, context, at));
        at = force.as_ref().map_or(at + 1, |f| f.words.end.max(at + 1));
        found.extend(force);
    }
    found
}

/// "Turkish special forces", "Pakistani mortars", "the Pakistani side", "the
/// Russians shelled", "a Saudi-led air strike".
fn of_nation(scan: &Scan<'_, '_>, context: &Context<'_>, at: usize) -> Option<Force> {
    let nation = scan.nation(at).filter(|_| scan.actor(at).is_none())?;
    // "Niger State", "the Niger delta".
    if scan.is_word(at + 1, &["state", "delta", "province", "river", "region"]) {
        return None;
    }
    let end = context.sentence.end;
    let start = whole(scan, context.sentence.start, at);
    let foreign = context.home.is_some_and(|home| home.country() != nation.country());
    let behind = behind(scan, at, end);
    let led = &["that", "as", "after", "when", ":", "because"];
    let opens = start == context.sentence.start || scan.is_word(start - 1, led);
    let named = Nation { scan, code: nation, words: start..at + 1, behind, end };
    named
        .led()
        .or_else(|| named.doer(foreign))
        .or_else(|| named.force())
        .or_else(|| named.people())
        .or_else(|| named.country().filter(|_| foreign && opens))
        .or_else(|| named.arms(foreign))
}

/// A nation in the text and the words right behind it that can belong to it.
struct Nation<'s, 'l, 't> {
    scan: &'s Scan<'l, 't>,
    code: PlaceCode,
    words: Range<usize>,
    behind: Range<usize>,
    end: usize,
}

impl Nation<'_, '_, '_> {
    fn with(&self, words: Range<usize>, name: String, weapon: bool) -> Option<Force> {
        Some(Force { words, name, nation: Some(self.code), weapon, plain: false })
    }

    /// "Saudi-led air strike".
    fn led(&self) -> Option<Force> {
        let (scan, at) = (self.scan, self.words.end);
        let led = scan.tokens.is_hyphen(at) && scan.is_word(at + 1, &["led"]);
        let armed = (at + 2..self.end.min(at + 5)).any(|i| is_arm(scan, i));
        let name = format!("{}-led coalition", american(&written(scan, self.words.clone())));
        let words = self.words.start..at + 2;
        (led && armed).then_some(Force { words, name, nation: None, weapon: true, plain: false })
    }

    /// "A strike carried out *by Israel*", "missiles fired *by Russia*".
    fn doer(&self, foreign: bool) -> Option<Force> {
        let scan = self.scan;
        let the = usize::from(scan.is_word(self.words.start.saturating_sub(1), &["the"]));
        let by = self.words.start.checked_sub(2 + the)?;
        let done = scan.is_word(by + 1, &["by"])
            && (scan.is(scan.head(by), Class::Act) || scan.is_word(by, &["out", "conducted"]));
        let next = self.words.end;
        let bare = next >= self.end
            || scan.tokens.get(next).shape != Shape::Word
            || scan.is_word(next, APART)
            || scan.is_any(next, &[Class::Said, Class::Be, Class::Have]);
        let name = written(scan, self.words.clone());
        (foreign && done && bare).then(|| self.with(self.words.clone(), name, false))?
    }

    /// "Turkish special forces", "Pakistan's army".
    fn force(&self) -> Option<Force> {
        let last = self.behind.clone().find(|i| is_force(self.scan, *i))?;
        let words = self.words.start..(last + self.scan.span(last)).min(self.end);
        if self.scan.is_word(words.end, OFFICES) || self.scan.is_word(words.end - 1, OFFICES) {
            return None;
        }
        let rest = written(self.scan, self.behind.start..words.end);
        let name = format!("{} {rest}", written(self.scan, self.words.clone()));
        self.with(words, name, false)
    }

    /// "The Russians shelled": a people that acts, by its adjective.
    fn people(&self) -> Option<Force> {
        let (scan, at) = (self.scan, self.words.end);
        let many = scan.tokens.text(at - 1).strip_suffix('s');
        let many = many.filter(|p| p.ends_with(['n', 'i']))?;
        let acts = &[Class::Act, Class::KillEd, Class::KillPres];
        let next = (at..at + 2).find(|i| !scan.is_any(*i, &[Class::Have, Class::Adverb]))?;
        let name = format!("{many} forces");
        scan.is_any(next, acts).then(|| self.with(self.words.clone(), name, false))?
    }

    /// "*Israel kills* three", "*Turkey bombed* a camp": a foreign state, by its name.
    fn country(&self) -> Option<Force> {
        let (scan, at) = (self.scan, self.words.end);
        let noun = scan.is_any(at + 1, &[Class::KillPres, Class::KillEd, Class::Be]);
        let strikes = scan.is(at, Class::KillPres) || scan.is_word(at, STRIKES) && !noun;
        let name = written(scan, self.words.clone());
        strikes.then(|| self.with(self.words.clone(), name, false))?
    }

    /// "Pakistani mortars", "from the Pakistani side".
    fn arms(&self, foreign: bool) -> Option<Force> {
        let (scan, start) = (self.scan, self.words.start);
        let arms = self.behind.clone().any(|i| is_arm(scan, i) || foreign && is_raid(scan, i));
        let side = scan.is_word(self.words.end, &["side"])
            && scan.is_word(start.saturating_sub(2), &["from"]);
        let name = written(scan, self.words.clone());
        // "Somalia air strike" is where, "Somali air strike" is who.
        let adjective = name.ends_with(['i', 'n', 'h', 'e', 'S', '.']);
        let arms = arms && (foreign || adjective);
        let name = format!("{} forces", american(&name));
        (arms || side).then(|| self.with(self.words.clone(), name, true))?
    }
}

const STRIKES: &[&str] = &[
    "strikes", "struck", "bombs", "bombed", "shells", "shelled", "attacked", "launched", "fired",
    "killed", "pounded", "raided", "hit",
];

/// The words behind a nation that can be its forces or weapons.
fn behind(scan: &Scan<'_, '_>, at: usize, end: usize) -> Range<usize> {
    let from = at + 1 + usize::from(scan.is_word(at + 1, &["'s", "’s"]));
    let stop = (from..end.min(from + 4)).find(|i| {
        scan.tokens.get(*i).shape != Shape::Word && !scan.tokens.is_hyphen(*i)
            || scan.is_word(*i, APART)
            || scan.actor(*i).is_some()
            || scan.is_any(*i, &[Class::Said, Class::Be, Class::Have])
    });
    from..stop.unwrap_or(end.min(from + 4)).max(from)
}

/// The first word of a nation's name: "South Sudanese".
fn whole(scan: &Scan<'_, '_>, first: usize, at: usize) -> usize {
    let compass = at > first && scan.is_word(at - 1, &["south", "north", "central"]);
    if compass && scan.tokens.get(at - 1).capital { at - 1 } else { at }
}

/// Fighters of no army and no named group: "Christian militias", "vigilantes".
pub fn irregulars(scan: &Scan<'_, '_>, context: &Context<'_>) -> Vec<Range<usize>> {
    let word = |i: &usize| scan.actor(*i).is_none() && scan.is_word(*i, IRREGULARS);
    // "Men *armed with* rifles", but "shot two men armed with knives".
    let armed = |i: &usize| {
        scan.is_word(*i, &["men", "people", "youths"])
            && scan.actor(*i).is_none()
            && (scan.is_word(i + 1, &["armed", "carrying", "wielding", "dressed", "disguised"])
                || (i + 1..i + 5).any(|u| scan.is_word(u, &["uniform", "uniforms", "fatigues"])))
    };
    let found = context.sentence.clone().filter(|i| word(i) || armed(i));
    found.map(|i| i..i + 1).collect()
}

const IRREGULARS: &[&str] =
    &["militia", "militias", "militiamen", "vigilantes", "mercenaries", "clansmen", "tribesmen"];

/// Whether a name is that of such fighters, and not only "men armed with rifles".
pub fn is_irregular(name: &str) -> bool {
    IRREGULARS.contains(&name)
}

/// Who speaks for a force, and where it is housed: not the force.
const OFFICES: &[&str] = &[
    "chief",
    "chiefs",
    "official",
    "officials",
    "source",
    "sources",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "minister",
    "ministry",
    "officer",
    "headquarters",
    "station",
    "base",
    "post",
    "checkpoint",
    "academy",
    "school",
    "barracks",
    "camp",
    "hospital",
    "commander",
    "commissioner",
    "convoy",
    "vehicle",
    "vehicles",
    "position",
    "positions",
    "outpost",
];

/// Words that part a nation from a force or a weapon behind it.
const APART: &Lot = &lot(&[
    "when", "where", "a", "an", "the", "in", "on", "of", "and", "as", "after", "at", "by", "with",
    "said", "who", "that", "for", "from", "to", "near", "killed", "but", "or", "before", "while",
]);

/// "*Regime* barrel bombs", "*government* artillery": by the weapon of whoever rules.
fn rulers(scan: &Scan<'_, '_>, context: &Context<'_>, at: usize) -> Option<Force> {
    let rules = scan.is_word(at, &["regime", "government", "junta"]) && scan.actor(at).is_none();
    let next = scan.head(at + 1);
    let strike = scan.is_word(at + 1, &["strike", "strikes", "fire"]);
    let armed = at + 1 < context.sentence.end && is_arm(scan, next) && !strike;
    let name = format!("{} forces", scan.tokens.lower(at));
    let nation = context.home.map(|h| h.country());
    let words = at..at + 1;
    (rules && armed).then_some(Force { words, name, nation, weapon: true, plain: true })
}

/// "Troops", "the army", "police": forces of the place, by the plain word.
fn plain(scan: &Scan<'_, '_>, context: &Context<'_>, at: usize) -> Option<Force> {
    let free = scan.actor(at).is_none() && scan.head(at) == at;
    let term = scan.term(at).filter(|_| free)?;
    let people = term.is(Class::Person) && term.party == Some(Party::Security);
    let bare = people && scan.is_word(at, BARE);
    let whole = bare || scan.is_word(at, &["military", "army", "navy", "forces"]);
    let last = at + scan.span(at) - 1;
    let official = || {
        scan.is_word(last + 1, &["source", "sources", "official", "officials"])
            || scan
                .is_word(last, &["official", "officials", "chief", "source", "sources", "officer"])
    };
    if !whole || official() || is_dress(scan, at, last) {
        return None;
    }
    let words = at..at + scan.span(at);
    let name = written(scan, words.clone()).to_lowercase();
    let nation = context.home.map(|h| h.country());
    Some(Force { words, name, nation, weapon: false, plain: true })
}

/// "Men in *army uniform*", "dressed as *soldiers*": not those themselves.
fn is_dress(scan: &Scan<'_, '_>, at: usize, last: usize) -> bool {
    let worn = scan.is_word(last + 1, &["uniform", "uniforms", "fatigues", "clothes"]);
    let posing = |i: usize| scan.is_word(i, &["dressed", "disguised", "posing", "clad"]);
    worn || at >= 2 && scan.is_word(at - 1, &["as", "like"]) && posing(at - 2)
}

/// The plain words for the forces of a state.
const BARE: &Lot = &lot(&[
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
]);

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
