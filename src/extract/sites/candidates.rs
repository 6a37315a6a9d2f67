//! The names in a text that may be places, what each could mean, and what it means:
//! by the country that the article is about (`home`), the words around the name, and size.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::roles::is_border;
use crate::extract::scan::Scan;
use crate::lexicon::PlaceCode;
use crate::lexicon::places::{Gazetteer, Level, Meaning};
use crate::lexicon::terms::Class;
use crate::text::fold::fold;
use crate::text::tokens::Shape;
use crate::text::words::{Lot, lot};

pub(super) struct Candidate<'g> {
    pub(super) tokens: Range<usize>,
    pub(super) meanings: Vec<Meaning<'g>>,
    /// "province", "district" or the like stands beside it.
    pub(super) cued: bool,
    /// A part of a longer capitalised name.
    pub(super) in_name: bool,
    /// "US troops", "a Turkish drone": only says whose they are.
    pub(super) borne: bool,
    /// "near the Niger border": the other side of it.
    pub(super) edge: bool,
}

pub(super) fn candidates<'g>(scan: &Scan<'_, '_>, places: &'g Gazetteer) -> Vec<Candidate<'g>> {
    let mut found = Vec::new();
    let mut known: FxHashMap<&str, bool> = FxHashMap::default();
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
    for last in possible_ends(scan, places, at..limit).into_iter().rev() {
        let written = &scan.tokens.source()[scan.bytes(at..last)];
        let capitals = written.bytes().all(|b| !b.is_ascii_lowercase());
        let mut meanings = places.meanings(&fold(written));
        meanings.retain(|m| !m.capitals || capitals);
        // "the Mali Khel area" is no part of Mali.
        let village = scan.is_word(last, VILLAGES);
        meanings.retain(|m| m.level != Level::Country || !village);
        let actor = scan.actor(at).is_some_and(|m| {
            // "Mara Salvatrucha" is no region; but "Iraqi army" still tells of Iraq.
            let kept = if m.tokens > last - at { Level::Country } else { Level::Division };
            m.tokens >= last - at && !meanings.iter().any(|m| m.level <= kept)
        });
        if !meanings.is_empty() && !actor {
            let tokens = at..last;
            let cued = is_cued(scan, &tokens);
            let in_name = is_in_name(scan, &tokens);
            let borne = is_borne(scan, &tokens);
            let land = meanings.iter().any(|m| m.level == Level::Country);
            let edge = land && is_edge(scan, &tokens) || is_border(scan, &tokens);
            without_regions(scan, last, &mut meanings);
            return Some(Candidate { tokens, meanings, cued, in_name, borne, edge });
        }
    }
    None
}

/// Words that make the name of a village of what stands before them.
const VILLAGES: &[&str] =
    &["khel", "kalay", "kali", "kot", "bazar", "bazaar", "banda", "garhi", "qala", "shah"];

/// Whether the name only says whose soldiers, aircraft or strikes they are.
fn is_borne(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    let forces = |i: usize| scan.is_any(i, &[Class::Person, Class::Modifier, Class::Deed]);
    scan.actor(tokens.start).is_some_and(|m| m.tokens > tokens.len())
        || scan.span(tokens.start) > tokens.len()
        || forces(tokens.end)
        || scan.tokens.is_hyphen(tokens.end)
}

/// "near the *Niger border*", "along *Syria's frontier*"; a border town lies in the land.
fn is_edge(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    let own = usize::from(scan.is_word(tokens.end, &["'s", "’s"]));
    let border = tokens.end + own;
    scan.is_word(border, &["border", "borders", "frontier"])
        && !scan.is_word(border + 1, AT_BORDERS)
}

/// What is called after the border that it lies at.
const AT_BORDERS: &Lot = &lot(&[
    "town",
    "city",
    "village",
    "district",
    "province",
    "region",
    "area",
    "areas",
    "state",
    "county",
    "crossing",
    "post",
    "posts",
    "guard",
    "guards",
    "police",
    "force",
    "forces",
    "troops",
    "patrol",
    "villages",
    "towns",
    "regions",
    "districts",
    "provinces",
    "checkpoint",
]);

/// "Adamawa *State*" is Nigeria's: other countries call theirs regions.
fn without_regions(scan: &Scan<'_, '_>, end: usize, meanings: &mut Vec<Meaning<'_>>) {
    let state = scan.is_word(end, &["state"]);
    let has_states = |m: &Meaning<'_>| STATES.contains(&m.code.country().as_str());
    if state && meanings.iter().any(|m| m.level == Level::Division && has_states(m)) {
        meanings.retain(|m| m.level != Level::Division || has_states(m));
    }
}

/// Countries whose first-level divisions are states.
const STATES: &[&str] =
    &["NG", "IN", "US", "MX", "BR", "SS", "SD", "MM", "VE", "AU", "MY", "SO", "DE", "ET"];

/// Where a name that begins with the range's first token can end in it.
fn possible_ends(scan: &Scan<'_, '_>, places: &Gazetteer, range: Range<usize>) -> Vec<usize> {
    let mut reach = places.reach();
    let mut ends = Vec::new();
    for i in range.clone().take_while(|i| joins_name(scan, range.start, *i)) {
        if scan.tokens.get(i).shape == Shape::Mark {
            continue;
        }
        let folded = fold(scan.tokens.text(i));
        let may_end = folded.split(' ').fold(false, |_, word| reach.ends_with(word));
        ends.extend(may_end.then_some(i + 1));
        if !reach.goes_on() {
            break;
        }
    }
    ends
}

fn joins_name(scan: &Scan<'_, '_>, start: usize, i: usize) -> bool {
    let token = scan.tokens.get(i);
    let word = token.shape == Shape::Word && !scan.is_word(i, &["'s", "’s"]);
    (word && (i == start || token.spaced || scan.tokens.is_hyphen(i - 1)))
        || scan.tokens.is_hyphen(i)
}

pub(super) const UNITS: &Lot = &lot(&[
    "province",
    "sector",
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
]);

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
    // A headline has no full stop: what follows its last word is the story.
    let next = tokens.end < scan.tokens.len()
        && scan.tokens.get(tokens.end).spaced
        && capital(tokens.end)
        && !starts_sentence(scan, tokens.end);
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

pub(super) fn starts_sentence(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.sentences.binary_search_by_key(&i, |s| s.tokens.start).is_ok()
}

/// Institutions, units and papers that carry a place's name and may be anywhere.
const NAMED_AFTER: &Lot = &lot(&[
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
]);

/// Parts of a city.
const QUARTERS: &[&str] =
    &["district", "neighbourhood", "neighborhood", "area", "quarter", "suburb", "ward", "street"];

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

    pub(super) fn choose(
        &self,
        home: Option<PlaceCode>,
        named: &[PlaceCode],
        scan: &Scan<'_, '_>,
    ) -> Option<&Meaning<'g>> {
        let small = |m: &Meaning<'_>| matches!(m.level, Level::Town | Level::District);
        let located = self.tokens.start > 0
            && scan
                .is_word(self.tokens.start - 1, &["in", "at", "near", "outside", "around", "of"]);
        // A name of home's is no other country's division, even where it is a word.
        let ours = self.meanings.iter().any(|m| Some(m.code.country()) == home);
        let foreign =
            |m: &Meaning<'_>| m.level == Level::Division && Some(m.code.country()) != home;
        let rivals = ours && self.meanings.iter().any(foreign);
        let fits = |m: &&Meaning<'g>| {
            let at_home = Some(m.code.country()) == home;
            let cued =
                self.cued || (located && at_home && (m.population > 20_000 || rivals && small(m)));
            let named_after = scan.tokens.get(self.tokens.end.min(scan.tokens.len() - 1)).capital
                && scan.is_word(self.tokens.end, NAMED_AFTER);
            let in_name = named_after
                || self.in_name
                    && !self.cued
                    && (small(m) || !at_home && m.level == Level::Division);
            let abroad = small(m) && !at_home && home.is_some();
            // "the Madina district of Mogadishu" is not the city of that name.
            let quarter =
                abroad && m.level == Level::Town && scan.is_word(self.tokens.end, QUARTERS);
            // A division of a country that nothing else points at needs a preposition.
            let stray = m.level == Level::Division
                && !at_home
                && home.is_some()
                && !self.cued
                && !self.placed(scan)
                && named.iter().filter(|c| **c == m.code.country()).count() < 2;
            let remote =
                stray || abroad && m.population < 1_000_000 && !named.contains(&m.code.country());
            (!m.common || cued) && !(in_name || remote || quarter || ours && foreign(m))
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
