//! What a place does in its sentence: where it happened, where the speaker sits,
//! where somebody came from.

use std::ops::Range;

use super::Role;
use super::candidates::Candidate;
use super::states::{is_government, is_whose};
use crate::article::zones::Zone;
use crate::extract::attribution::Attribution;
use crate::extract::scan::Scan;
use crate::lexicon::places::{Level, Meaning};
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;
use crate::text::words::{Lot, lot};

pub(super) fn role(
    scan: &Scan<'_, '_>,
    candidate: &Candidate<'_>,
    meaning: &Meaning<'_>,
    attributions: &[Vec<Attribution>],
) -> Role {
    let tokens = &candidate.tokens;
    if meaning.adjective || meaning.level == Level::Country && qualifies(scan, tokens) {
        return Role::Adjective;
    }
    let sentence = scan.sentences.partition_point(|s| s.tokens.end <= tokens.start);
    if is_dateline(scan, tokens, sentence) {
        return Role::Dateline;
    }
    let speaks = attributions
        .get(sentence)
        .is_some_and(|all| all.iter().any(|a| a.tokens.contains(&tokens.start)));
    let state = meaning.level == Level::Country && scan.is(tokens.end, Class::Said);
    if speaks || state || is_office(scan, tokens) || is_said_from(scan, tokens) {
        return Role::Speaker;
    }
    if meaning.level <= Level::Division && is_community(scan, tokens) {
        return Role::Adjective;
    }
    if is_led_from(scan, tokens, meaning)
        || is_crossed_into(scan, tokens)
        || candidate.edge
        || is_cared_for(scan, tokens, sentence)
    {
        return Role::Direction;
    }
    // "The north of Afghanistan" is in it, "north of Mosul" is not.
    let near = meaning.level > Level::Country && is_bearing(scan, tokens);
    if near { Role::Near } else { Role::Scene }
}

/// "*US* troops", "*Saudi*-led": the name of a country that only says whose.
fn qualifies(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    // "US troops" may be one term, which then begins at the name itself.
    let noun = if scan.span(tokens.start) > tokens.len() { tokens.start } else { tokens.end };
    let led = ["backed", "led", "made", "trained", "funded", "sponsored"];
    scan.is_any(noun, &[Class::Person, Class::Modifier, Class::Deed])
        || scan.is_word(tokens.end, &led)
        || scan.tokens.is_hyphen(tokens.end)
        || is_whose(scan, tokens)
}

/// "*to* the neighbouring province of Shabwa", "*for* al-Qaeda-held Abyan": where somebody
/// came from or went to; but "the toll *from* the Kabul bombing" is of Kabul.
fn is_led_from(scan: &Scan<'_, '_>, tokens: &Range<usize>, meaning: &Meaning<'_>) -> bool {
    let hyphen = |i: usize| scan.tokens.is_hyphen(i);
    let compound = |i: usize| hyphen(i) || hyphen(i + 1) || i > 0 && hyphen(i - 1);
    let leads = |i: usize| scan.is_word(i, LEADS_TO_NAME) || compound(i);
    let Some(head) = (0..tokens.start).rev().take(7).find(|i| !leads(*i)) else { return false };
    let wide = tokens.start - head > 1;
    let held = wide && hyphen(tokens.start.saturating_sub(2)) && scan.is_word(head, &["for"]);
    let narrow = !wide && scan.is_word(head, &["for", "with", "against", "left"]) || held;
    // "a bus *bound for Mogadishu struck* a mine".
    let noun = scan.is(tokens.end, Class::Deed) && !scan.tokens.lower(tokens.end).ends_with("ed");
    let noun = noun && !scan.is_word(tokens.end, &["struck", "hit", "blew", "went", "came"]);
    let of_deed = noun && meaning.level > Level::Country;
    !of_deed && (narrow || scan.is_word(head, &["from", "to", "toward", "towards"]))
}

const LEADS_TO_NAME: &Lot = &lot(&[
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
]);

/// "tried to *cross into* Afghanistan", "fled into Chad": where somebody went.
fn is_crossed_into(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    let from = tokens.start.saturating_sub(4);
    let into = (from..tokens.start).find(|i| scan.is_word(*i, &["into"]));
    into.is_some_and(|i| {
        i > 0
            && scan.is_word(
                i - 1,
                &["cross", "crossed", "crossing", "fled", "flee", "fleeing", "escaped", "escape"],
            )
    })
}

/// "near the border with Manipur", "bordering on the strongholds of Helmand": the
/// other side.
pub(super) fn is_border(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
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

const CARE: &Lot = &lot(&[
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
]);

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
pub(super) fn is_said_from(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
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
    // "herders *attack Benue community*": a village there.
    let struck = |i: usize| scan.is_any(scan.head(i), &[Class::Deed, Class::KillPres]);
    let located = tokens.start > 0
        && (scan.is_word(tokens.start - 1, &["in", "at", "of", "near"])
            || struck(tokens.start - 1));
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
    held || titled || is_government(scan, tokens) || is_seat(scan, tokens)
}

/// "The head of the appeal court *of Rashidan district of Ghazni province* was killed in
/// Kabul": where he held office, if the sentence goes on to say where it was.
fn is_seat(scan: &Scan<'_, '_>, tokens: &Range<usize>) -> bool {
    let of = tokens.start > 0 && scan.is_word(tokens.start - 1, &["of", "for"]);
    let inside = |i: &usize| {
        scan.tokens.get(*i).capital || scan.is(*i, Class::Thing) || scan.is_word(*i, OF_OFFICES)
    };
    let chain = (tokens.start.saturating_sub(12)..tokens.start).rev().take_while(inside);
    let first = chain.last().unwrap_or(tokens.start);
    let held = (first.saturating_sub(1)..tokens.start)
        .any(|i| scan.is_word(i, OFFICES) && scan.is_word(i + 1, &["of", "for"]));
    let sentence = scan.sentences.partition_point(|s| s.tokens.end <= tokens.start);
    let end = scan.sentences.get(sentence).map_or(tokens.end, |s| s.tokens.end);
    let verb = (tokens.end..end.min(tokens.end + 14)).find(|i| scan.is(*i, Class::KillEd));
    let elsewhere = verb.is_some_and(|v| {
        (v + 1..end.saturating_sub(1).min(v + 16))
            .any(|i| scan.is_word(i, &["in", "near", "at"]) && scan.tokens.get(i + 1).capital)
    });
    of && held && elsewhere
}

const OFFICES: &[&str] = &[
    "head",
    "chief",
    "governor",
    "chairman",
    "director",
    "commander",
    "judge",
    "mayor",
    "prosecutor",
    "leader",
    "president",
    "member",
    "secretary",
];

const OF_OFFICES: &[&str] = &[
    "of",
    "for",
    "the",
    "court",
    "appeal",
    "district",
    "province",
    "provincial",
    "council",
    "police",
    "department",
    "office",
    "directorate",
    "local",
    "peace",
    "high",
    "bureau",
    "branch",
];

/// `KABUL (AFP) —`, `LASHKAR GAH, Afghanistan -`, `Kabul, July 30:` at the head
/// of a paragraph.
fn is_dateline(scan: &Scan<'_, '_>, tokens: &Range<usize>, sentence: usize) -> bool {
    let Some(this) = scan.sentences.get(sentence) else { return false };
    let opens = this.zone == Zone::Body
        && tokens.start < this.tokens.start + 6
        && (sentence == 0
            || scan.sentences[sentence - 1].paragraph != this.paragraph
            || is_shouted(scan, this.tokens.start));
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

/// "KABUL, Afghanistan (May 2) –" behind a letterhead.
fn is_shouted(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.tokens.text(i).len() >= 4 && scan.tokens.text(i).bytes().all(|b| b.is_ascii_uppercase())
}

fn dateline_word(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.tokens.get(i).capital
        || scan.tokens.get(i).shape != Shape::Word
        || scan.is_word(i, &["i", "e", "al", "e", "and"])
}
