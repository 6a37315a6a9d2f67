//! Harm that nobody means as an attack: sentences of death carried out, and what nature
//! and disease do, told beside attacks.

use std::ops::Range;

use crate::extract::event::Party;
use crate::extract::frames::Mention;
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;
use crate::text::words::{Lot, lot};

/// "Iraq *hanged* 21 men *convicted* of terrorism", "*executed* three citizens *for
/// murder*", where nobody but a state acts.
pub(super) fn is_execution(
    scan: &Scan<'_, '_>,
    mention: &Mention,
    sentence: &Range<usize>,
) -> bool {
    let at = mention.trigger.start;
    if !scan.is_word(at, EXECUTES) {
        return false;
    }
    let crime = |i: usize| {
        let article = usize::from(scan.is_word(i + 1, &["the", "a"]));
        scan.is_word(i, &["for"]) && scan.is_word(i + 1 + article, CRIMES)
    };
    let law = |i: usize| {
        scan.is(i, Class::Verdict) || scan.is_word(i, &["convicted", "condemned"]) || crime(i)
    };
    let span = mention.span();
    let acts = |i: usize| i < at || (i - 2..i).any(|b| scan.is_word(b, &["by"]));
    // Courts hang; soldiers and policemen who execute are no court.
    let armed = |i: usize| {
        let force = [Party::Militant, Party::Security, Party::Foreign];
        scan.term(i).and_then(|t| t.party).is_some_and(|p| force.contains(&p))
            || scan.actor(i).is_some()
    };
    let mut others = sentence.clone().filter(|i| !span.contains(i) && acts(*i));
    sentence.clone().any(law) && !others.any(armed)
}

const EXECUTES: &[&str] = &[
    "executed",
    "executes",
    "executing",
    "hanged",
    "hangs",
    "hanging",
    "beheaded",
    "beheads",
    "beheading",
];

const CRIMES: &[&str] = &[
    "murder",
    "treason",
    "terrorism",
    "rape",
    "drug",
    "trafficking",
    "assassination",
    "killing",
    "bombing",
];

/// "*The outbreak has* killed 1,400", "60 were killed *in floods*": the clause itself says
/// what did it.
pub(super) fn is_of_nature(scan: &Scan<'_, '_>, mention: &Mention) -> bool {
    let helper = |i: &usize| scan.is_any(scan.head(*i), &[Class::Have, Class::Adverb]);
    let before = (0..mention.trigger.start).rev().take(4).find(|i| !helper(i));
    let behind = mention.span().end;
    let article = usize::from(scan.is_word(behind + 1, &["the", "a", "an"]));
    let noun = behind + 1 + article;
    let led = scan.is_word(behind, &["by", "in"])
        && scan.is_word(noun, NATURE)
        && !only_qualifies(scan, noun);
    before.is_some_and(|i| scan.is_word(i, NATURE)) || led
}

/// "a *lightning* raid", "*Ebola*-hit Beni", "a *cholera* treatment centre": a word of
/// mishap at `at` that only says which.
pub fn only_qualifies(scan: &Scan<'_, '_>, at: usize) -> bool {
    let next = at + scan.span(at);
    let stricken = scan.tokens.is_hyphen(next) && scan.is_word(next + 1, STRICKEN);
    let swift = scan.is_word(at, &["lightning"]) && scan.is(scan.head(next), Class::Deed);
    stricken || swift || scan.is_word(next, RELIEF)
}

const STRICKEN: &[&str] =
    &["hit", "stricken", "prone", "affected", "ravaged", "ridden", "battered", "torn", "plagued"];

/// Who helps against a mishap, and where.
const RELIEF: &Lot = &lot(&[
    "worker",
    "workers",
    "doctor",
    "doctors",
    "nurse",
    "nurses",
    "clinic",
    "clinics",
    "centre",
    "centres",
    "center",
    "centers",
    "treatment",
    "response",
    "responders",
    "relief",
    "team",
    "teams",
    "survivors",
    "vaccination",
    "vaccinators",
    "patients",
    "ward",
    "hospital",
    "aid",
    "warning",
    "workers'",
    "miners",
    "victims",
]);

const NATURE: &Lot = &lot(&[
    "outbreak",
    "epidemic",
    "pandemic",
    "virus",
    "disease",
    "cholera",
    "ebola",
    "covid",
    "coronavirus",
    "measles",
    "malaria",
    "flood",
    "floods",
    "flooding",
    "earthquake",
    "earthquakes",
    "quake",
    "cyclone",
    "hurricane",
    "typhoon",
    "landslide",
    "landslides",
    "mudslide",
    "mudslides",
    "avalanche",
    "tsunami",
    "drought",
    "famine",
    "heatwave",
    "lightning",
]);
