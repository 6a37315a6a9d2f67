//! Finds the places that a text names and settles what each one means: by the
//! country that the article is about, the words around the name, and size.

use std::collections::HashMap;
use std::ops::Range;

use super::attribution::Attribution;
use super::scan::Scan;
use crate::article::zones::Zone;
use crate::lexicon::places::{Gazetteer, Level, Meaning};
use crate::lexicon::terms::Class;
use crate::lexicon::{Lexicon, PlaceCode};
use crate::text::fold::fold;
use crate::text::tokens::Shape;

/// What a place does in its sentence, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Where it happened.
    Scene,
    /// Where the speaker sits or what he governs.
    Speaker,
    /// Near where it happened: "20 km north of Mosul".
    Near,
    /// Where somebody came from or went to.
    Direction,
    /// The dateline.
    Dateline,
    /// "Afghan": points at a country, no more.
    Adjective,
}

/// A place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub tokens: Range<usize>,
    pub code: PlaceCode,
    pub level: Level,
    pub role: Role,
}

/// The places of an article, and the country that it is mostly about.
#[derive(Debug, Clone, Default)]
pub struct Sites {
    pub all: Vec<Site>,
    pub home: Option<PlaceCode>,
}

impl Sites {
    /// The sites that begin in a token range, in order.
    pub fn inside(&self, range: &Range<usize>) -> &[Site] {
        let first = self.all.partition_point(|s| s.tokens.start < range.start);
        let end = self.all.partition_point(|s| s.tokens.start < range.end);
        &self.all[first..end.max(first)]
    }
}

struct Candidate<'g> {
    tokens: Range<usize>,
    meanings: Vec<Meaning<'g>>,
    /// "province", "district" or the like stands beside it.
    cued: bool,
    /// A part of a longer capitalised name.
    in_name: bool,
}

/// Finds the sites of the whole article. `hint` is the publisher's country.
pub fn sites(
    scan: &Scan<'_, '_>,
    lexicon: &Lexicon,
    attributions: &[Vec<Attribution>],
    hint: Option<PlaceCode>,
) -> Sites {
    let mut candidates = candidates(scan, &lexicon.places);
    cue_by_towns(scan, &mut candidates);
    let home = home(&candidates, hint);
    let named = named_countries(&candidates);
    let mut all = Vec::new();
    for candidate in &candidates {
        if let Some(meaning) = candidate.choose(home, &named, scan) {
            let role = role(scan, candidate, meaning, attributions);
            all.push(Site {
                tokens: candidate.tokens.clone(),
                code: meaning.code,
                level: meaning.level,
                role,
            });
        }
    }
    settle_by_neighbours(&candidates, &mut all);
    let capitals = capitals(scan, lexicon, attributions, home);
    all.extend(capitals);
    all.sort_by_key(|s| s.tokens.start);
    spread_directions(scan, &mut all);
    settle_headers(scan, &mut all);
    Sites { all, home }
}

/// "in the capital", "the Somali capital": the country's first city, unnamed.
fn capitals(
    scan: &Scan<'_, '_>,
    lexicon: &Lexicon,
    attributions: &[Vec<Attribution>],
    home: Option<PlaceCode>,
) -> Vec<Site> {
    let words = scan.sentences.iter().filter(|s| s.zone.tells()).flat_map(|s| s.tokens.clone());
    let mut found = Vec::new();
    for at in words.filter(|i| scan.is_word(*i, &["capital"]) && *i > 0) {
        let nation = scan.nation(at - 1).or_else(|| {
            let own = scan.is_word(at - 1, &["'s", "’s"]) && at > 1;
            scan.nation(at - 2).filter(|_| own)
        });
        let plain = scan.is_word(at - 1, &["the"]) && !scan.is_word(at + 1, &["of"]);
        let country = nation.or(home.filter(|_| plain));
        let Some((_, code)) = country.and_then(|c| lexicon.places.capital(c)) else { continue };
        let tokens = at..at + 1;
        let sentence = scan.sentences.partition_point(|s| s.tokens.end <= at);
        let speaks = attributions
            .get(sentence)
            .is_some_and(|all| all.iter().any(|a| a.tokens.contains(&at)));
        let role = match speaks || is_said_from(scan, &(at - 1..at)) {
            true => Role::Speaker,
            false if scan.is_word(at.saturating_sub(2), AWAY) => Role::Direction,
            false => Role::Scene,
        };
        if !code.is_country() {
            found.push(Site { tokens, code, level: Level::Division, role });
        }
    }
    found
}

/// What stands before "the capital" when it is not there that it happened.
const AWAY: &[&str] = &["from", "to", "toward", "towards", "of", "for", "against", "leaving"];

/// "BAGHDAD - Two bombs …", "KIRKUK - A roadside bomb …": what looks like a dateline
/// far below the opening, or in three paragraphs, heads a scene of a round-up.
fn settle_headers(scan: &Scan<'_, '_>, all: &mut [Site]) {
    let paragraph = |s: &Site| {
        let sentence = scan.sentences.partition_point(|x| x.tokens.end <= s.tokens.start);
        scan.sentences.get(sentence).map_or(0, |x| x.paragraph)
    };
    let mut headed: Vec<usize> =
        all.iter().filter(|s| s.role == Role::Dateline).map(paragraph).collect();
    headed.dedup();
    let many = headed.len() >= 3;
    for site in all.iter_mut().filter(|s| s.role == Role::Dateline) {
        if many || paragraph(site) > OPENING {
            site.role = Role::Scene;
        }
    }
}

/// Paragraphs, the title's among them, in which a dateline may stand.
const OPENING: usize = 4;

/// "hailed from Wazirabad, Mandi Bahauddin and Gujranwala": a list is in one role.
fn spread_directions(scan: &Scan<'_, '_>, all: &mut [Site]) {
    for i in 1..all.len() {
        let gap = all[i - 1].tokens.end..all[i].tokens.start;
        let listed = gap.len() <= 3
            && gap.clone().any(|t| scan.is_word(t, &["and", ","]))
            && gap.clone().all(|t| scan.is_word(t, &["and", ",", "the"]));
        let ends = scan.is_word(all[i].tokens.end, &["and", ",", "."]);
        // "from Motihari in Bihar".
        let within = gap.len() == 1 && scan.is_word(gap.start, &["in"]);
        if (listed && ends || within)
            && all[i - 1].role == Role::Direction
            && all[i].role == Role::Scene
        {
            all[i].role = Role::Direction;
        }
    }
}

/// "Camden, N.J.", "Tyler, Tex.": after a comma and a place that lies in it, a name
/// that is otherwise a word is the division.
fn cue_by_towns(scan: &Scan<'_, '_>, candidates: &mut [Candidate<'_>]) {
    for i in 1..candidates.len() {
        let (before, after) = candidates.split_at_mut(i);
        let (Some(town), Some(division)) = (before.last(), after.first_mut()) else { continue };
        let beside = town.tokens.end + 1 == division.tokens.start;
        let holds = |m: &Meaning<'_>| {
            m.level == Level::Division && town.meanings.iter().any(|t| t.code == m.code)
        };
        if beside && scan.is_word(town.tokens.end, &[","]) && division.meanings.iter().any(holds) {
            division.cued = true;
        }
    }
}

/// Divisions that are looked at to settle a name; no article names more.
const MOST_NEIGHBOURS: usize = 200;

/// A name with several meanings means the one that lies in a division named close
/// by ("Qarabagh district of Ghazni"), else in one that the article names at all.
fn settle_by_neighbours(candidates: &[Candidate<'_>], all: &mut [Site]) {
    let divisions: Vec<(usize, PlaceCode)> = all
        .iter()
        .filter(|s| s.level == Level::Division && s.role != Role::Dateline)
        .map(|s| (s.tokens.start, s.code))
        .take(MOST_NEIGHBOURS)
        .collect();
    for site in all.iter_mut().filter(|s| matches!(s.level, Level::District | Level::Town)) {
        let at = candidates.partition_point(|c| c.tokens.start < site.tokens.start);
        let Some(candidate) = candidates.get(at) else { continue };
        let possible = |code: &PlaceCode| candidate.meanings.iter().any(|m| m.code == *code);
        let nearest = divisions
            .iter()
            .filter(|(_, code)| possible(code))
            .min_by_key(|(at, _)| at.abs_diff(site.tokens.start));
        if let Some((_, code)) = nearest {
            site.code = *code;
        }
    }
}

fn candidates<'g>(scan: &Scan<'_, '_>, places: &'g Gazetteer) -> Vec<Candidate<'g>> {
    let mut found = Vec::new();
    let mut known: HashMap<&str, bool> = HashMap::new();
    for sentence in scan.sentences.iter().filter(|s| s.zone.tells()) {
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            let word = scan.tokens.text(at);
            let token = scan.tokens.get(at);
            let may = token.shape == Shape::Word
                && (token.capital || word == "al")
                && *known.entry(word).or_insert_with(|| places.starts_name(&fold(word)));
            let met = if may { longest(scan, places, at, sentence.tokens.end) } else { None };
            at = match met {
                Some(candidate) => {
                    let end = candidate.tokens.end;
                    found.push(candidate);
                    end
                }
                None => at + 1,
            };
        }
    }
    found
}

/// The longest name of a place that begins at `at`.
fn longest<'g>(
    scan: &Scan<'_, '_>,
    places: &'g Gazetteer,
    at: usize,
    end: usize,
) -> Option<Candidate<'g>> {
    let limit = end.min(at + 2 * places.max_words());
    let mut stop = at;
    while stop < limit && joins_name(scan, at, stop) {
        stop += 1;
    }
    for last in (at + 1..=stop).rev() {
        if scan.tokens.get(last - 1).shape == Shape::Mark {
            continue;
        }
        let written = &scan.tokens.source()[scan.bytes(at..last)];
        let capitals = written.bytes().all(|b| !b.is_ascii_lowercase());
        let mut meanings = places.meanings(&fold(written));
        meanings.retain(|m| !m.capitals || capitals);
        let actor = scan.actor(at).is_some_and(|m| {
            // "Mara Salvatrucha" is no region; but "Iraqi army" still tells of Iraq.
            let kept = if m.tokens > last - at { Level::Country } else { Level::Division };
            m.tokens >= last - at && !meanings.iter().any(|m| m.level <= kept)
        });
        if !meanings.is_empty() && !actor {
            let tokens = at..last;
            let cued = is_cued(scan, &tokens);
            let in_name = is_in_name(scan, &tokens);
            return Some(Candidate { tokens, meanings, cued, in_name });
        }
    }
    None
}

fn joins_name(scan: &Scan<'_, '_>, start: usize, i: usize) -> bool {
    let token = scan.tokens.get(i);
    let word = token.shape == Shape::Word && !scan.is_word(i, &["'s", "’s"]);
    (word && (i == start || token.spaced || scan.tokens.is_hyphen(i - 1)))
        || scan.tokens.is_hyphen(i)
}

const UNITS: &[&str] = &[
    "province",
    "district",
    "city",
    "town",
    "village",
    "governorate",
    "state",
    "region",
    "county",
    "provinces",
    "districts",
    "division",
    "area",
    "valley",
    "municipality",
    "department",
    "prefecture",
    "subdistrict",
    "neighbourhood",
    "neighborhood",
    "cities",
    "towns",
    "states",
    "governorates",
    "regions",
    "island",
    "oblast",
    "tehsil",
    "township",
    "agency",
    "camp",
];

fn is_cued(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    let before = tokens.start.checked_sub(1);
    let of =
        before.is_some_and(|b| scan.is_word(b, &["of"]) && b > 0 && scan.is_word(b - 1, UNITS));
    scan.is_word(tokens.end, UNITS) || of
}

/// "Jamshid Kabul said", "General Farah": a neighbour that is capitalised, no
/// unit and not parted by a comma makes it a person's name.
fn is_in_name(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    let capital = |i: usize| {
        let token = scan.tokens.get(i);
        token.shape == Shape::Word
            && token.capital
            && !scan.is_word(i, UNITS)
            && scan.actor(i).is_none()
            && !scan.is_any(i, &[Class::KillEd, Class::Deed, Class::Said, Class::KillPres])
    };
    let next =
        tokens.end < scan.tokens.len() && scan.tokens.get(tokens.end).spaced && capital(tokens.end);
    // "Gozar-e-Sayed": the second half of a name.
    let glued = tokens.start > 1
        && scan.tokens.is_hyphen(tokens.start - 1)
        && scan.is_word(tokens.start - 2, &["e", "i", "ye", "ul"]);
    let before = tokens.start > 0
        && scan.tokens.get(tokens.start).spaced
        && capital(tokens.start - 1)
        && !starts_sentence(scan, tokens.start - 1);
    next || before || glued
}

fn starts_sentence(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.sentences.binary_search_by_key(&i, |s| s.tokens.start).is_ok()
}

/// The countries that the article names, as such or by one of their divisions.
fn named_countries(candidates: &[Candidate<'_>]) -> Vec<PlaceCode> {
    let plain = |c: &Candidate<'_>| {
        let mut wide = c.meanings.iter().filter(|m| m.level <= Level::Division && !m.common);
        wide.next().filter(|_| !c.in_name || c.cued).map(|m| m.code.country())
    };
    candidates.iter().filter_map(plain).collect()
}

/// The country with the most evidence.
fn home(candidates: &[Candidate<'_>], hint: Option<PlaceCode>) -> Option<PlaceCode> {
    let mut votes: HashMap<PlaceCode, f32> = HashMap::new();
    for candidate in candidates {
        let doubt = if candidate.in_name && !candidate.cued { 0.1 } else { 1.0 };
        let share: f32 = candidate.meanings.iter().map(weight).sum();
        for meaning in &candidate.meanings {
            let weight = weight(meaning);
            *votes.entry(meaning.code.country()).or_default() +=
                doubt * weight * weight / share.max(0.1);
        }
    }
    if let Some(hint) = hint {
        *votes.entry(hint.country()).or_default() += 1.0;
    }
    let best = votes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    best.map(|(country, _)| country)
}

/// How much a meaning speaks for its country.
fn weight(meaning: &Meaning<'_>) -> f32 {
    let weight = match meaning.level {
        Level::Country if meaning.adjective => 1.0,
        Level::Country => 1.5,
        Level::Region => 1.5,
        Level::Division => 2.0,
        Level::District => 0.7,
        Level::Town => 0.3 + (meaning.population as f32 / 1e6).min(0.7),
    };
    if meaning.common { weight * 0.1 } else { weight }
}

/// Institutions, units and papers that carry a place's name and may be anywhere.
const NAMED_AFTER: &[&str] = &[
    "bank",
    "times",
    "post",
    "express",
    "news",
    "tv",
    "television",
    "radio",
    "highway",
    "sea",
    "corps",
    "brigade",
    "battalion",
    "regiment",
    "rifles",
    "accord",
    "accords",
    "agreement",
    "declaration",
    "process",
    "summit",
    "front",
    "tribune",
    "herald",
    "airlines",
    "airways",
    "company",
    "league",
    "party",
    "cartel",
    "gang",
];

impl<'g> Candidate<'g> {
    /// Whether the words before it announce a place.
    fn placed(&self, scan: &Scan<'_, '_>) -> bool {
        let before = self.tokens.start.checked_sub(1);
        before.is_none_or(|b| {
            scan.is_word(
                b,
                &[
                    "in", "at", "near", "outside", "around", "of", "from", "to", "across", "into",
                    "inside", "eastern", "western", "northern", "southern", "central", ",",
                ],
            ) || starts_sentence(scan, self.tokens.start)
        })
    }

    fn choose(
        &self,
        home: Option<PlaceCode>,
        named: &[PlaceCode],
        scan: &Scan<'_, '_>,
    ) -> Option<&Meaning<'g>> {
        let small = |m: &Meaning<'_>| matches!(m.level, Level::Town | Level::District);
        let located = self.tokens.start > 0
            && scan
                .is_word(self.tokens.start - 1, &["in", "at", "near", "outside", "around", "of"]);
        let fits = |m: &&Meaning<'g>| {
            let at_home = Some(m.code.country()) == home;
            let cued = self.cued || (located && at_home && m.population > 20_000);
            let named_after = scan.tokens.get(self.tokens.end.min(scan.tokens.len() - 1)).capital
                && scan.is_word(self.tokens.end, NAMED_AFTER);
            let in_name = named_after
                || self.in_name
                    && !self.cued
                    && (small(m) || !at_home && m.level == Level::Division);
            let abroad = small(m) && !at_home && home.is_some();
            // A division of a country that nothing else points at needs a preposition.
            let stray = m.level == Level::Division
                && !at_home
                && home.is_some()
                && !self.cued
                && !self.placed(scan)
                && named.iter().filter(|c| **c == m.code.country()).count() < 2;
            let remote =
                stray || abroad && m.population < 1_000_000 && !named.contains(&m.code.country());
            (!m.common || cued) && !(in_name || remote)
        };
        let mut fitting: Vec<&Meaning<'g>> = self.meanings.iter().filter(fits).collect();
        if fitting.iter().any(|m| Some(m.code.country()) == home) {
            fitting.retain(|m| Some(m.code.country()) == home);
        }
        let best = fitting.first().copied()?;
        let clear = fitting.iter().all(|m| m.code == best.code) || best.level < Level::District;
        let top = fitting.iter().copied().max_by_key(|m| m.population)?;
        Some(if clear { best } else { top })
    }
}

fn role(
    scan: &Scan<'_, '_>,
    candidate: &Candidate<'_>,
    meaning: &Meaning<'_>,
    attributions: &[Vec<Attribution>],
) -> Role {
    let tokens = &candidate.tokens;
    // "US troops" may be one term, which then begins at the name itself.
    let noun = if scan.span(tokens.start) > tokens.len() { tokens.start } else { tokens.end };
    let qualifies = meaning.level == Level::Country
        && (scan.is_any(noun, &[Class::Person, Class::Modifier, Class::Deed])
            || scan.tokens.is_hyphen(tokens.end));
    if meaning.adjective || qualifies {
        return Role::Adjective;
    }
    let sentence = scan.sentences.partition_point(|s| s.tokens.end <= tokens.start);
    if is_dateline(scan, tokens, sentence) {
        return Role::Dateline;
    }
    let speaks = attributions
        .get(sentence)
        .is_some_and(|all| all.iter().any(|a| a.tokens.contains(&tokens.start)));
    if speaks || is_office(scan, tokens) || is_said_from(scan, tokens) {
        return Role::Speaker;
    }
    if meaning.level <= Level::Division && is_community(scan, tokens) {
        return Role::Adjective;
    }
    // "to the neighbouring province of Shabwa".
    let head = (0..tokens.start).rev().take(5).find(|i| !scan.is_word(*i, LEADS_TO_NAME));
    let from = head.is_some_and(|i| {
        let wide = tokens.start - i > 1;
        let narrow = !wide && scan.is_word(i, &["for", "with", "against", "left"]);
        narrow || scan.is_word(i, &["from", "to", "toward", "towards"])
    });
    if from || is_border(scan, tokens) || is_cared_for(scan, tokens, sentence) {
        return Role::Direction;
    }
    // "The north of Afghanistan" is in it, "north of Mosul" is not.
    let near = meaning.level > Level::Country && is_bearing(scan, tokens);
    if near { Role::Near } else { Role::Scene }
}

const LEADS_TO_NAME: &[&str] = &[
    "of",
    "the",
    "province",
    "city",
    "town",
    "district",
    "state",
    "region",
    "neighbouring",
    "neighboring",
    "nearby",
    "adjacent",
    "eastern",
    "western",
    "northern",
    "southern",
    "capital",
];

/// "near the border with Manipur", "bordering on the strongholds of Helmand": the
/// other side.
fn is_border(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    let near = (tokens.start.saturating_sub(5)..tokens.start).rev();
    let mut words = near.take_while(|i| !scan.is_word(*i, &[",", ".", ";"]));
    words.any(|i| {
        scan.is_word(i, &["bordering", "borders", "frontier"])
            || scan.is_word(i, &["border"]) && scan.is_word(i + 1, &["with", "to", "of"])
    })
}

/// "being treated at a hospital in Kabul", "flown to Nairobi": where the hurt are.
fn is_cared_for(scan: &Scan<'_, '_>, tokens: &Range<usize>, sentence: usize) -> bool {
    let Some(this) = scan.sentences.get(sentence) else { return false };
    let hospital = (tokens.start.saturating_sub(4)..tokens.start)
        .any(|i| scan.is_word(i, &["hospital", "hospitals", "clinic", "morgue", "mortuary"]));
    let care = |i: usize| scan.is_word(i, CARE);
    hospital && (this.tokens.start..tokens.start).any(care)
}

const CARE: &[&str] = &[
    "treated",
    "treatment",
    "taken",
    "rushed",
    "admitted",
    "flown",
    "evacuated",
    "airlifted",
    "condition",
    "discharged",
    "brought",
    "transferred",
    "moved",
    "shifted",
    "ferried",
    "died",
    "succumbed",
    "recovering",
    "care",
    "carried",
    "received",
    "referred",
];

/// "southwest of Mogadishu", "30 km from Mosul": beside the place, not in it.
fn is_bearing(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    tokens.start >= 2
        && scan.is_word(tokens.start - 1, &["of", "from"])
        && scan.is_word(
            tokens.start - 2,
            &[
                "north",
                "south",
                "east",
                "west",
                "northeast",
                "northwest",
                "southeast",
                "southwest",
                "km",
                "kilometers",
                "kilometres",
                "miles",
            ],
        )
}

/// "said at the base in Kandahar", "told reporters in Kabul", "by phone from Dori".
fn is_said_from(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    let back = (tokens.start.saturating_sub(7)..tokens.start).rev();
    let mut words = back.take_while(|i| {
        scan.tokens.get(*i).shape == Shape::Word
            && !scan.is_word(*i, &["that", "in which", "killed", "attack", "had", "was", "were"])
    });
    let prepared = tokens.start > 0 && scan.is_word(tokens.start - 1, &["in", "at", "from"]);
    prepared && words.any(|i| scan.is_word(i, &["said", "told", "says"]))
}

/// "the Amhara ethnic group", "Amhara and Oromo residents": people, not a place.
fn is_community(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    let located = tokens.start > 0 && scan.is_word(tokens.start - 1, &["in", "at", "of", "near"]);
    let people = |i: usize| {
        scan.is_word(
            i,
            &[
                "ethnic",
                "people",
                "community",
                "communities",
                "residents",
                "tribe",
                "tribes",
                "tribesmen",
                "militia",
                "militias",
                "militiamen",
                "fighters",
                "nationalists",
                "rebels",
                "farmers",
                "herders",
                "civilians",
                "villagers",
                "minority",
                "clan",
            ],
        )
    };
    let joined = scan.is_word(tokens.end, &["and"]) && people(tokens.end + 2);
    people(tokens.end) && (!located || scan.is_word(tokens.end, &["ethnic"])) || joined
}

/// "the governor of Kunduz", "Kunduz police chief".
fn is_office(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    let held = tokens.start >= 2
        && scan.is_word(tokens.start - 1, &["of", "for"])
        && scan.is_word(
            tokens.start - 2,
            &[
                "governor",
                "chief",
                "spokesman",
                "mayor",
                "head",
                "commander",
                "leader",
                "president",
                "minister",
            ],
        );
    let titled = scan.is_word(tokens.end, &["governor", "spokesman"])
        || (scan.is_word(tokens.end, &["police", "provincial"])
            && scan.is_word(tokens.end + 1, &["chief", "spokesman", "council", "governor"]));
    held || titled
}

/// `KABUL (AFP) —`, `LASHKAR GAH, Afghanistan -`, `Kabul, July 30:` at the head
/// of a paragraph.
fn is_dateline(scan: &Scan<'_, '_>, tokens: &Range<usize>, sentence: usize) -> bool {
    let Some(this) = scan.sentences.get(sentence) else { return false };
    let opens = this.zone == Zone::Body
        && tokens.start < this.tokens.start + 6
        && (sentence == 0 || scan.sentences[sentence - 1].paragraph != this.paragraph);
    let limit = this.tokens.end.min(this.tokens.start + 14);
    let is_mark = |i: &usize| {
        scan.is_word(*i, &["—", "–", "--", ":", "(", "-", "/"])
            && (scan.tokens.get(*i).spaced || scan.is_word(*i, &[":", "—"]))
    };
    let mut marks = (this.tokens.start..limit).filter(is_mark);
    opens
        && marks.any(|mark| {
            tokens.end <= mark && (this.tokens.start..mark).all(|i| dateline_word(scan, i))
        })
}

fn dateline_word(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.tokens.get(i).capital
        || scan.tokens.get(i).shape != Shape::Word
        || scan.is_word(i, &["i", "e", "al", "e", "and"])
}
