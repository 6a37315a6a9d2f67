//! Where a sentence is: the sites that can be scenes, under a header or not.

use std::ops::Range;

use crate::extract::scan::Scan;
use crate::extract::sites::{Role, Site, Sites};
use crate::lexicon::PlaceCode;
use crate::lexicon::terms::Class;

/// "Homs: a car bomb went off in the Zahraa quarter": a header says where all is.
fn header<'a>(scan: &Scan<'_, '_>, sites: &'a Sites, range: &Range<usize>) -> Option<&'a Site> {
    let first = sites.inside(range).first()?;
    let opens = first.tokens.start <= range.start + 1 && first.role == Role::Scene;
    let mark = first.tokens.end;
    let closed = scan.is_word(mark, &[":"])
        || scan.is_word(mark, &["-", "–", "—"]) && scan.tokens.get(mark).spaced;
    // "Kenya: blast kills eight in Mandera": a country's header says less than the line.
    let of_it =
        |s: &Site| s.role == Role::Scene && !s.code.is_country() && s.code.country() == first.code;
    let finer = first.code.is_country() && sites.inside(range).iter().any(of_it);
    (opens && closed && !finer).then_some(first)
}

/// The sites of a sentence that can be scenes: where none is, the speakers' places.
pub(super) fn scenes<'a>(
    scan: &Scan<'_, '_>,
    sites: &'a Sites,
    range: &Range<usize>,
) -> Vec<&'a Site> {
    if let Some(header) = header(scan, sites, range) {
        return vec![header];
    }
    let inside = || sites.inside(range).iter();
    let of_role = |role: Role| inside().filter(move |s| s.role == role).collect::<Vec<_>>();
    let mut scenes = of_role(Role::Scene);
    if scenes.iter().all(|s| s.code.is_country()) {
        let governed: Vec<_> =
            of_role(Role::Speaker).into_iter().filter(|s| !s.code.is_country()).collect();
        let harm = range.clone().any(|i| scan.is_any(i, HARM));
        if !governed.is_empty() && harm {
            scenes = governed;
        }
    }
    // A country beside one of its own divisions says nothing more.
    let divided: Vec<PlaceCode> =
        scenes.iter().filter(|s| !s.code.is_country()).map(|s| s.code.country()).collect();
    scenes.retain(|s| !(s.code.is_country() && divided.contains(&s.code)));
    scenes
}

/// The sites that the sentence is only near to.
pub(super) fn near<'a>(sites: &'a Sites, range: &Range<usize>) -> impl Iterator<Item = &'a Site> {
    sites.inside(range).iter().filter(|s| s.role == Role::Near)
}

/// The codes of sites, sorted, without repeats.
pub(super) fn codes<'a>(sites: impl Iterator<Item = &'a Site>) -> Vec<PlaceCode> {
    let mut found: Vec<PlaceCode> = sites.map(|s| s.code).collect();
    found.sort();
    found.dedup();
    found
}

const HARM: &[Class] =
    &[Class::KillEd, Class::WoundEd, Class::KillIng, Class::Deed, Class::Body, Class::Dead];
