//! Finds the places that a text names, settles what each one means and what it does
//! in its sentence.

mod candidates;
mod capitals;
mod home;
mod pairs;
mod roles;
mod states;

use std::ops::Range;

use super::attribution::Attribution;
use super::scan::Scan;
use crate::lexicon::places::{Level, Meaning};
use crate::lexicon::{Lexicon, PlaceCode};
use candidates::{Candidate, candidates};
use capitals::capitals;
use home::{home, named_countries};
use roles::role;

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

/// Finds the sites of the whole article. `hint` is the publisher's country.
pub fn sites(
    scan: &Scan<'_, '_>,
    lexicon: &Lexicon,
    attributions: &[Vec<Attribution>],
    hint: Option<PlaceCode>,
) -> Sites {
    let mut candidates = candidates(scan, &lexicon.places);
    cue_by_towns(scan, &mut candidates);
    cue_by_list(scan, &mut candidates);
    pairs::agree(scan, &mut candidates);
    let home = home(&candidates, hint);
    let named = named_countries(&candidates, home);
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
    // A sentence that has a scene speaks of the capital by the way.
    let scenes: Vec<usize> = all
        .iter()
        .filter(|s| s.role == Role::Scene && !s.code.is_country())
        .map(|s| sentence_of(scan, s.tokens.start))
        .collect();
    let mut capitals = capitals(scan, lexicon, attributions, home);
    capitals.retain(|c| scenes.binary_search(&sentence_of(scan, c.tokens.start)).is_err());
    all.extend(capitals);
    all.sort_by_key(|s| s.tokens.start);
    spread_directions(scan, &mut all);
    settle_headers(scan, &mut all);
    Sites { all, home }
}

/// The sentence that holds a token.
fn sentence_of(scan: &Scan<'_, '_>, at: usize) -> usize {
    scan.sentences.partition_point(|s| s.tokens.end <= at)
}

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
        // "from Motihari in Bihar"; but "on the road to Geneina in West Darfur" is in it.
        let same = all[i - 1].code.country() == all[i].code || all[i - 1].code == all[i].code;
        let to = all[i - 1].tokens.start.saturating_sub(2);
        let road = scan.is_word(to, &["road", "highway", "route"]);
        let within = same && !road && gap.len() == 1 && scan.is_word(gap.start, &["in"]);
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

/// "Farah, Herat and Ghor *provinces*": the unit is that of all the names before it. One
/// unit ("Karim Wardak, Kunduz *province*") is that of the last name alone.
fn cue_by_list(scan: &Scan<'_, '_>, candidates: &mut [Candidate<'_>]) {
    let mut listed = false;
    for i in (1..candidates.len()).rev() {
        let (before, after) = candidates.split_at_mut(i);
        let (Some(first), Some(last)) = (before.last_mut(), after.first()) else { continue };
        let joined = first.tokens.end + 1 == last.tokens.start
            && scan.is_word(first.tokens.end, &["and", ",", "or"]);
        listed = joined && (listed || scan.is_word(last.tokens.end, MANY_UNITS));
        if listed {
            first.cued = true;
            first.in_name = false;
        }
    }
}

const MANY_UNITS: &[&str] =
    &["states", "provinces", "districts", "governorates", "regions", "counties", "departments"];

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
