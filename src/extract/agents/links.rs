//! How the words of an actor hang on the deeds of their sentence: by the verb
//! behind them, the preposition before them, or the noun that they stand before.

use std::ops::Range;

use super::{Context, Link, only_speaks};
use crate::extract::scan::Scan;
use crate::lexicon::actors::Side;
use crate::lexicon::codebook::Kind;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;

/// The link of an actor, and whether its act opens an attack.
pub fn link(
    scan: &Scan<'_, '_>,
    context: &Context<'_>,
    words: Range<usize>,
    side: Side,
) -> (Link, bool) {
    let sentence = &context.sentence;
    let start = whole_start(scan, sentence, words.start);
    if is_opposed(scan, sentence, words.start) || is_patron(scan, words.end) {
        return (Link::Named, false);
    }
    if let Some(link) = by_whom(scan, sentence, start) {
        return (link, true);
    }
    if is_blamed(scan, sentence, start, words.end) {
        return (Link::Blamed, false);
    }
    if only_speaks(context.said, words.start) {
        return (if side == Side::State { Link::Speaks } else { Link::Named }, false);
    }
    if context.harmed.iter().any(|h| h.contains(&words.start)) {
        return (Link::Suffers, false);
    }
    if let Some(attacks) = names_deed(scan, sentence, words.clone()) {
        return (Link::Acts, attacks);
    }
    if is_object(scan, sentence, start) {
        return (Link::Suffers, false);
    }
    let end = whole_end(scan, sentence, words.end);
    // "A Hezbollah office": the office does, or suffers, and not its owners.
    if scan.is(end, Class::Thing) && !scan.is_any(end, &[Class::Deed, Class::Act]) {
        return (Link::Named, false);
    }
    let (link, attacks) = predicate(scan, end, sentence.end);
    match link {
        Link::Named if is_foe(scan, sentence, start) => (Link::Fought, false),
        _ => (link, attacks),
    }
}

/// The first word of the noun phrase around an actor: "gunmen believed to belong
/// to *al-Qaeda*" begins with the gunmen, and does what they do.
fn whole_start(scan: &Scan<'_, '_>, sentence: &Range<usize>, at: usize) -> usize {
    let mut start = at;
    while start > sentence.start {
        let before = start - 1;
        let part = scan.tokens.is_hyphen(before)
            || scan.is_word(before, ARTICLES)
            || scan.is_word(before, BELONGS)
            || scan.is_word(before, GROUP)
            || scan.actor(before).is_some()
            || scan.is_any(scan.head(before), &[Class::Person, Class::Modifier])
                && !scan.is_any(scan.head(before), &[Class::KillEd, Class::Said])
                && !scan.is_word(before, &["suspect", "suspects", "accuse", "blame"]);
        if !part || at - before > 10 {
            break;
        }
        start -= 1;
    }
    start
}

const ARTICLES: &[&str] =
    &["the", "a", "an", "suspected", "alleged", "armed", "masked", "unidentified", "islamist"];
const BELONGS: &[&str] = &[
    "of",
    "from",
    "belonging",
    "belong",
    "to",
    "loyal",
    "linked",
    "affiliated",
    "believed",
    "thought",
    "allied",
];
const GROUP: &[&str] = &[
    "group",
    "members",
    "groups",
    "fighters",
    "cells",
    "faction",
    "terror",
    "terrorist",
    "militant",
    "outfit",
    "organization",
    "organisation",
    "extremist",
    "banned",
    "network",
    "rebel",
];

/// The end of the noun phrase: "Taliban *insurgents*", "Islamic State *(IS)*".
fn whole_end(scan: &Scan<'_, '_>, sentence: &Range<usize>, from: usize) -> usize {
    let mut end = from;
    while end < sentence.end {
        if scan.is_word(end, &["("]) {
            let close = (end..sentence.end.min(end + 8)).find(|i| scan.is_word(*i, &[")"]));
            let Some(close) = close else { break };
            end = close + 1;
        } else if scan.is_word(end, GROUP)
            || scan.is_word(end, &["'s", "’s", "\"", "”"])
            || scan.is(end, Class::Person) && !scan.is_any(end, ACTIVE)
        {
            end += scan.span(end);
        } else {
            break;
        }
    }
    end
}

/// "anti-Taliban", "non-Taliban", "former Taliban".
fn is_opposed(scan: &Scan<'_, '_>, sentence: &Range<usize>, at: usize) -> bool {
    let back = |n: usize| at.checked_sub(n).filter(|i| *i >= sentence.start);
    let hyphen = back(1).filter(|i| scan.tokens.is_hyphen(*i)).and_then(|_| back(2));
    hyphen.or(back(1)).is_some_and(|i| scan.is_word(i, &["anti", "ex", "former", "non", "ousted"]))
}

/// "al-Qaeda-linked gunmen", "Iran-backed": another is meant.
fn is_patron(scan: &Scan<'_, '_>, end: usize) -> bool {
    let after = end + usize::from(scan.tokens.is_hyphen(end));
    scan.is_word(
        after,
        &["linked", "affiliated", "aligned", "inspired", "backed", "allied", "held"],
    )
}

/// "killed by X", "attacks by suspected X"; "claimed by X". Who only holds,
/// backs or condemns is none.
fn by_whom(scan: &Scan<'_, '_>, sentence: &Range<usize>, start: usize) -> Option<Link> {
    let mut at = start;
    let skipped = |i: usize| {
        scan.tokens.get(i).shape == Shape::Number
            || scan.is_any(scan.head(i), &[Class::Adverb, Class::Modifier, Class::Vague])
            || scan.is_word(i, &["about", "around", "some", "two", "three", "several", "dozens"])
    };
    while at > sentence.start && start - at < 5 && skipped(at - 1) {
        at -= 1;
    }
    let by = at.checked_sub(1).filter(|i| *i >= sentence.start && scan.is_word(*i, &["by"]))?;
    if scan.is(scan.head(by), Class::ClaimMade) {
        return Some(Link::Claims);
    }
    let verb = by.checked_sub(1).filter(|i| *i >= sentence.start)?;
    if scan.is_word(verb, NO_DEED) {
        return Some(Link::Named);
    }
    Some(Link::Acts)
}

const NO_DEED: &[&str] = &[
    "backed",
    "led",
    "trained",
    "supported",
    "controlled",
    "held",
    "run",
    "ruled",
    "dominated",
    "owned",
    "condemned",
    "inspired",
    "followed",
    "occupied",
    "banned",
    "issued",
    "released",
    "published",
    "confirmed",
    "denied",
    "welcomed",
    "accompanied",
    "escorted",
    "guarded",
    "used",
    "rescued",
    "freed",
    "reported",
    "said",
    "announced",
    "governed",
    "seen",
    "wanted",
    "signed",
    "demanded",
    "posted",
    "circulated",
    "recruited",
    "funded",
    "armed",
    "cited",
    "arrested",
    "detained",
    "cordoned",
    "backing",
    "aided",
    "joined",
    "carried",
    "organised",
    "organized",
    "imposed",
    "manned",
    "commanded",
    "protected",
    "hired",
    "influenced",
    "favoured",
    "favored",
];

/// "suspected X", "blamed X", "X are suspected", "the hand of X", "believed to be X".
fn is_blamed(scan: &Scan<'_, '_>, sentence: &Range<usize>, start: usize, end: usize) -> bool {
    let from = start.saturating_sub(7).max(sentence.start);
    let stopped = |i: &usize| {
        scan.is_any(*i, &[Class::Said, Class::ClaimMade, Class::KillEd]) || scan.is_word(*i, STOPS)
    };
    let cue = |i: usize| {
        scan.is(i, Class::Blame) && !scan.is_word(i, &["suspected", "alleged"])
            || scan.is_word(i, &["suspect", "suspects", "suspecting"])
            || scan.is_word(i, &["suspected"]) && i > 0 && scan.is(i - 1, Class::Have)
    };
    let before = (from..start).rev().take_while(|i| !stopped(i)).any(cue);
    let hand = start.checked_sub(2).is_some_and(|i| {
        i >= sentence.start
            && (scan.is_word(i, &["work", "hand", "doing", "hands"])
                && scan.is_word(i + 1, &["of"])
                || scan.is_word(i, &["attributed", "ascribed"]) && scan.is_word(i + 1, &["to"])
                || scan.is_word(i.wrapping_sub(1), &["lay", "laid", "pinned"])
                    && scan.is_word(i + 1, &["to", "on"]))
    });
    let active = (end..sentence.end.min(end + 4)).any(|i| scan.is_any(i, ACTIVE));
    (before || hand) && !active
}

const STOPS: &[&str] = &[";", ".", "that", "but", "while", "after", "when"];

/// "Taliban *attack*", "al-Qaeda *bomber*", "RSF *drone strike*": the actor names
/// the deed. `None` where no deed follows; else whether it opens an attack.
fn names_deed(scan: &Scan<'_, '_>, sentence: &Range<usize>, words: Range<usize>) -> Option<bool> {
    let mut at = words.end;
    while at < sentence.end && at < words.end + 4 {
        if let Some(kind) = scan.term(at).and_then(|t| t.deed) {
            let noun = !scan.is_any(at, ACTIVE) || scan.is(at, Class::Person);
            let passive = at > words.end && scan.is(scan.head(at - 1), Class::Be);
            let opens = !matches!(kind, Kind::Clash | Kind::Operation | Kind::Unrest);
            return (noun && opens && !passive && !ends_in_ed(scan, at)).then_some(true);
        }
        let part = scan.is_word(at, &["'s", "’s", "-", "led", "deadly", "suicide", "terror"])
            || scan.is_word(at, &["style", "claimed", "overnight", "militant", "terrorist"])
            || scan.is_any(at, &[Class::Modifier]) && !scan.is(at, Class::Person);
        if !part {
            return None;
        }
        at += 1;
    }
    None
}

fn ends_in_ed(scan: &Scan<'_, '_>, at: usize) -> bool {
    scan.tokens.lower(at).ends_with("ed")
}

/// "killed X", "against X", "targeting X", "attack on X".
fn is_object(scan: &Scan<'_, '_>, sentence: &Range<usize>, start: usize) -> bool {
    let mut at = start;
    let skipped = |i: usize| {
        scan.tokens.get(i).shape == Shape::Number
            || scan.is_any(scan.head(i), &[Class::Vague, Class::AtLeast, Class::MoreThan])
            || scan.is_word(i, &["some", "several", "key", "senior", "top", "two", "three", "four"])
    };
    while at > sentence.start && start - at < 5 && skipped(at - 1) {
        at -= 1;
    }
    let Some(before) = at.checked_sub(1).filter(|i| *i >= sentence.start) else { return false };
    let head = scan.head(before);
    scan.is_any(head, &[Class::KillEd, Class::KillIng, Class::KillPres, Class::WoundEd])
        || scan.is_any(head, &[Class::WoundIng, Class::DeathOf, Class::AbductEd])
        || scan.is_word(before, &["against", "targeting", "targeted", "attacked", "bombed"])
        || scan.is_word(before, &["eliminating", "fighting", "hunting", "hunt", "pursuing"])
        || scan.is_word(before, &["on", "upon"])
            && scan.term(scan.head(before.saturating_sub(1))).is_some_and(|t| t.deed.is_some())
}

/// "clashes with X", "fighting between A and X".
fn is_foe(scan: &Scan<'_, '_>, sentence: &Range<usize>, start: usize) -> bool {
    let clash = scan
        .all(sentence.clone(), Class::Deed)
        .any(|i| scan.term(i).and_then(|t| t.deed) == Some(Kind::Clash));
    let before = start.checked_sub(1).filter(|i| *i >= sentence.start);
    clash && before.is_some_and(|i| scan.is_word(i, &["with", "between", "and"]))
}

/// Words that make of what stands before them the doer.
const ACTIVE: &[Class] = &[
    Class::KillPres,
    Class::KillEd,
    Class::KillIng,
    Class::WoundEd,
    Class::WoundIng,
    Class::AbductEd,
    Class::AbductPres,
    Class::AbductIng,
    Class::Act,
    Class::ClaimMade,
    Class::ClaimDenied,
];

/// What the verb behind the noun phrase makes of it.
fn predicate(scan: &Scan<'_, '_>, from: usize, end: usize) -> (Link, bool) {
    let mut at = from;
    let mut aside = false;
    while at < end && at < from + 14 {
        if is_record(scan, at, end) {
            return (Link::Named, false);
        }
        if scan.is_any(at, &[Class::ClaimMade]) {
            return (Link::Claims, false);
        }
        if scan.is(at, Class::ClaimDenied) {
            return (Link::Denies, false);
        }
        if scan.is(at, Class::Be) {
            return passive(scan, at + scan.span(at), end);
        }
        if let Some(acts) = active(scan, at, end, aside || at > from && !is_verb(scan, at)) {
            return acts;
        }
        if scan.is_any(at, &[Class::Said, Class::Blame]) {
            return (Link::Speaks, false);
        }
        if scan.is_word(at, &[";", ":", ".", "?", "!", "and", "but", "as"]) {
            break;
        }
        if scan.is_word(at, &[","]) && !scan.is_word(at + 1, &["who", "which", "that"]) {
            match after_apposition(scan, at, end) {
                Some(next) => at = next,
                None => break,
            }
            continue;
        }
        aside = scan.is_word(at, &["in", "during", "after", "of", "from", "with", "against", "by"])
            || aside && scan.is_word(at, &["the", "a", "an", "their", "its"])
            || aside && scan.is_any(at, &[Class::Modifier]);
        at += scan.span(at);
    }
    (Link::Named, false)
}

/// "has also carried out bombings", "has claimed many such attacks": what it did
/// before, and not this deed.
pub fn is_record(scan: &Scan<'_, '_>, at: usize, end: usize) -> bool {
    let plural = |i: &usize| {
        scan.is_word(
            *i,
            &["attacks", "bombings", "raids", "ambushes", "killings", "kidnappings", "strikes"],
        ) || scan.is_word(*i, &["assaults", "abductions", "massacres", "beheadings", "similar"])
    };
    let Some(deeds) = (at + 1..end.min(at + 7)).find(plural) else { return false };
    let mut between = at + 1..deeds;
    let done = |i: usize| {
        scan.is_any(i, &[Class::Act, Class::ClaimMade, Class::Deed])
            || scan.is_word(
                i,
                &["committed", "conducted", "made", "staged", "waged", "claimed", "carried"],
            )
    };
    let these = ["these", "both", "the", "two", "three", "its", "their", "thursday", "'s", "’s"];
    scan.is_word(at, &["has", "have"])
        && between.clone().any(done)
        && !between.any(|i| scan.is_word(i, &these))
}

/// Whether a deed is told by a verb that cannot be its noun.
fn is_verb(scan: &Scan<'_, '_>, at: usize) -> bool {
    let noun = &["attack", "attacks", "raid", "raids", "ambush", "ambushes", "strikes", "storm"];
    ends_in_ed(scan, at) || scan.is(at, Class::Act) && !scan.is_word(at, noun)
}

/// Behind ", a banned outfit formed in 1978, …" or ", Zabihullah Mujahid, …".
fn after_apposition(scan: &Scan<'_, '_>, comma: usize, end: usize) -> Option<usize> {
    let close = (comma + 1..end.min(comma + 18)).find(|i| scan.is_word(*i, &[","]))?;
    let next = close + 1;
    let verb = scan.is_any(next, ACTIVE)
        || scan.is_any(next, &[Class::Be, Class::Have, Class::Said, Class::Deed, Class::Adverb]);
    (verb && next < end).then_some(next)
}

/// "was killed" suffers, "was behind" is blamed, "were attacking" acts.
fn passive(scan: &Scan<'_, '_>, from: usize, end: usize) -> (Link, bool) {
    let mut at = from;
    while at < end && scan.is_any(at, &[Class::Adverb, Class::Be, Class::Have]) {
        at += scan.span(at);
    }
    let harmed = &[Class::KillEd, Class::WoundEd, Class::AbductEd, Class::Dead];
    if scan.is_any(at, harmed) || scan.is(at, Class::Deed) && ends_in_ed(scan, at) {
        (Link::Suffers, false)
    } else if scan.is_any(at, &[Class::KillIng, Class::AbductIng]) {
        (Link::Acts, false)
    } else if scan.is(at, Class::Blame) || scan.is_word(at, &["behind", "responsible"]) {
        (Link::Blamed, false)
    } else {
        (Link::Named, false)
    }
}

/// What an active verb at the token makes of its subject; `None` where there is
/// none. `aside` holds inside a phrase such as "in a raid".
fn active(scan: &Scan<'_, '_>, at: usize, end: usize, aside: bool) -> Option<(Link, bool)> {
    let after = at + scan.span(at);
    if scan.is_any(at, &[Class::KillPres, Class::KillIng, Class::AbductPres, Class::AbductIng]) {
        return Some((Link::Acts, false));
    }
    let either = scan.is_word(at, &["hit", "struck", "shot", "bombed", "targeted", "ambushed"]);
    if scan.is_any(at, &[Class::KillEd, Class::WoundEd, Class::AbductEd])
        || either && !has_object(scan, after, end)
    {
        let acts = has_object(scan, after, end);
        return Some((if acts { Link::Acts } else { Link::Suffers }, false));
    }
    if scan.is(at, Class::Act) && !aside {
        return Some((Link::Acts, true));
    }
    let kind = scan.term(at).and_then(|t| t.deed).filter(|_| !aside)?;
    if scan.is_word(after, &["by"]) {
        return Some((Link::Suffers, false));
    }
    Some(match kind {
        Kind::Clash => (Link::Fought, false),
        Kind::Operation => (Link::Acts, false),
        _ => (Link::Acts, true),
    })
}

/// Whether an object follows a verb form that can be active or passive:
/// "Taliban killed *12*", but "Taliban killed *in a raid*".
fn has_object(scan: &Scan<'_, '_>, mut at: usize, end: usize) -> bool {
    while at < end && scan.is(at, Class::Adverb) {
        at += scan.span(at);
    }
    let stops = scan.is_word(
        at,
        &[
            "in",
            "by",
            "as",
            "during",
            "after",
            "when",
            "near",
            "on",
            "at",
            ",",
            ".",
            "and",
            "while",
            "over",
            "following",
            "across",
            "since",
            "were",
            "was",
            "amid",
            "with",
        ],
    );
    at < end && !stops
}
