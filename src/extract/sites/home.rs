//! The country that an article is about, and those that it names.

use std::collections::{BTreeSet, HashMap};

use super::candidates::Candidate;
use super::pairs::is_several;
use crate::lexicon::PlaceCode;
use crate::lexicon::places::{Level, Meaning};

/// The countries that the article names, as such or by one of their divisions.
pub(super) fn named_countries(
    candidates: &[Candidate<'_>],
    home: Option<PlaceCode>,
) -> Vec<PlaceCode> {
    let plain = |c: &Candidate<'_>| {
        let ours = c.meanings.iter().any(|m| Some(m.code.country()) == home);
        if ours && is_several(c) {
            return home;
        }
        let mut wide = c.meanings.iter().filter(|m| m.level <= Level::Division && !m.common);
        wide.next().filter(|_| !c.in_name || c.cued).map(|m| m.code.country())
    };
    // Each candidate looks at all of them: a bound keeps a text of names alone linear.
    candidates.iter().filter_map(plain).take(MOST_NAMED).collect()
}

/// Names that are looked at for the countries of an article; no article has more.
const MOST_NAMED: usize = 400;

/// The country with the most evidence.
pub(super) fn home(candidates: &[Candidate<'_>], hint: Option<PlaceCode>) -> Option<PlaceCode> {
    let mut votes: HashMap<PlaceCode, f32> = HashMap::new();
    let certain = certain(candidates, hint);
    for candidate in candidates {
        let doubt = if candidate.in_name && !candidate.cued { 0.1 } else { 1.0 };
        let sure = |m: &&Meaning<'_>| certain.contains(&m.code.country());
        let any = !is_several(candidate) || !candidate.meanings.iter().any(|m| sure(&m));
        let meanings = || candidate.meanings.iter().filter(|m| any || sure(m));
        let share: f32 = meanings().map(weight).sum();
        for meaning in meanings() {
            let abroad = candidate.borne && ABROAD.contains(&meaning.code.as_str());
            let weight = if abroad || candidate.edge { BORNE } else { weight(meaning) };
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

/// Countries that a name without another meaning tells of: a name with several is of one
/// of these, if it can be ("Beni" among the Congolese is not Bolivia's).
fn certain(candidates: &[Candidate<'_>], hint: Option<PlaceCode>) -> BTreeSet<PlaceCode> {
    let tells = |c: &&Candidate<'_>| {
        let abroad = |m: &Meaning<'_>| c.borne && ABROAD.contains(&m.code.as_str());
        let plain = |m: &Meaning<'_>| {
            let known = m.level <= Level::Division || m.population >= KNOWN;
            known && !m.common && !abroad(m)
        };
        // "Congolese" is of two countries, and of no third.
        let of_one = !is_several(c) || c.meanings.iter().all(|m| m.level == Level::Country);
        c.meanings.iter().any(plain) && (!c.in_name || c.cued) && !c.edge && of_one
    };
    let named = candidates.iter().filter(tells).flat_map(|c| &c.meanings);
    named.map(|m| m.code.country()).chain(hint.map(|h| h.country())).collect()
}

/// Inhabitants of a town whose name alone tells of its country.
const KNOWN: u32 = 50_000;

/// Countries whose forces strike in others: a strike of theirs says little of where.
const ABROAD: &[&str] = &[
    "US", "GB", "FR", "RU", "SA", "TR", "AE", "DE", "CA", "AU", "IT", "NL", "DK", "KE", "UG", "BI",
    "IL", "IR",
];

const BORNE: f32 = 0.25;

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
