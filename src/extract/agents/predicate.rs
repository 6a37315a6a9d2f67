//! What the verb behind an actor's name makes of it: the doer, one of two who
//! fight, one to whom it was done, a speaker.

use super::Link;
use crate::extract::scan::Scan;
use crate::lexicon::codebook::Kind;
use crate::lexicon::terms::Class;

/// Words that make of what stands before them the doer.
pub const ACTIVE: &[Class] = &[
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

/// What the verb behind the noun phrase makes of it; `subject` where it opens its clause.
pub fn predicate(scan: &Scan<'_, '_>, from: usize, end: usize, subject: bool) -> (Link, bool) {
    let mut at = from;
    let mut aside = false;
    while at < end && at < from + if subject { 20 } else { 14 } {
        let jail = scan.is_word(at, &["freed"]) && (at..end).any(|i| scan.is_word(i, PRISON));
        let ending = scan.is_word(at, ANSWERS) && at < from + 3 && !jail;
        // "Forces *ended* a siege that killed 21": who answers an attack did not make it.
        if let Some(told) = verb(scan, at, end, aside || at > from && !is_verb(scan, at), ending) {
            return told;
        }
        // "Mali's army *and its allies* executed 12", "came on motorbikes *and opened fire*".
        let joint = joint_verb(scan, at, end).filter(|_| subject && at == from);
        let more = subject && scan.is_word(at, &["and"]) && acts_next(scan, at + 1, end);
        if let Some(next) = joint.or(more.then_some(at + 1)) {
            (at, aside) = (next, false);
            continue;
        }
        if scan.is_word(at, &[";", ":", ".", "?", "!", "and", "but", "as"]) {
            break;
        }
        // "Gunmen freed inmates of a jail*, killing* two warders".
        if subject && scan.is_word(at, &[","]) && kills_behind(scan, at, end) {
            return (Link::Acts, true);
        }
        if scan.is_word(at, &[","]) {
            let relative = scan.is_word(at + 1, &["who", "which", "that"]);
            let Some(next) = after_apposition(scan, at, end).or(relative.then_some(at + 1)) else {
                break;
            };
            at = next;
            continue;
        }
        aside = scan.is_word(at, &["in", "during", "after", "of", "from", "with", "against", "by"])
            || aside && scan.is_word(at, &["the", "a", "an", "their", "its"])
            || aside && scan.is_any(at, &[Class::Modifier]);
        at += scan.span(at);
    }
    (Link::Named, false)
}

/// Whether a comma from `at` on leads to "killing", with no other verb before it.
fn kills_behind(scan: &Scan<'_, '_>, at: usize, end: usize) -> bool {
    let finite = &[Class::Said, Class::Be, Class::Have, Class::KillEd, Class::Die];
    let own = |i: &usize| !scan.is_any(*i, finite) && !scan.is_word(*i, &[";", "and", "but"]);
    let mut clause = (at..end.min(at + 12)).take_while(own);
    clause.any(|i| scan.is_word(i, &[","]) && scan.is(i + 1, Class::KillIng))
}

/// What the word at `at` says of the subject, where it says something; `ending` where it
/// ends what others began.
fn verb(
    scan: &Scan<'_, '_>,
    at: usize,
    end: usize,
    aside: bool,
    ending: bool,
) -> Option<(Link, bool)> {
    if is_record(scan, at, end) || scan.is(at, Class::ClaimNone) {
        return Some((Link::Named, false));
    }
    if scan.is(at, Class::ClaimMade) || claims(scan, at, end) {
        return Some((Link::Claims, false));
    }
    if scan.is(at, Class::ClaimDenied) || denies(scan, at, end) {
        return Some((Link::Denies, false));
    }
    if scan.is(at, Class::Die) {
        return Some((Link::Suffers, false));
    }
    if scan.is(at, Class::Be) {
        return Some(passive(scan, at + scan.span(at), end));
    }
    if ending {
        return Some((Link::Named, false));
    }
    // Who blames others tells of no deed of his own.
    let told = match () {
        () if scan.is(at, Class::Blame) => Some((Link::Named, false)),
        () if scan.is(at, Class::Said) => Some((Link::Speaks, false)),
        () => None,
    };
    active(scan, at, end, aside).or(told)
}

/// The verb behind a second subject that "and" joins at `at` to the first.
fn joint_verb(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<usize> {
    let other = at + 1;
    let noun = scan.is_word(at, &["and"]) && !scan.is_any(other, ACTIVE);
    let breaks = |i: &usize| {
        scan.is_any(*i, &[Class::Said, Class::Be, Class::Have])
            || scan.is_word(*i, &[",", ";", "in", "of", "by", "at", "on", "and"])
    };
    let near = (other..end.min(other + 6)).take_while(|i| !breaks(i));
    let kills = &[Class::KillEd, Class::KillPres, Class::AbductEd, Class::Act];
    near.filter(|_| noun).find(|i| scan.is_any(*i, kills) && !scan.is(*i, Class::Person))
}

/// Whether a verb of an attack stands at `at`, of the subject before.
fn acts_next(scan: &Scan<'_, '_>, mut at: usize, end: usize) -> bool {
    while at < end && scan.is(at, Class::Adverb) {
        at += scan.span(at);
    }
    let kills = &[Class::KillEd, Class::KillPres, Class::AbductEd, Class::AbductPres];
    let acts = scan.is(at, Class::Act) && is_verb(scan, at);
    at < end && (acts || scan.is_any(at, kills) && has_object(scan, at + scan.span(at), end))
}

/// "claimed the snooker hall bombing": a claim of a deed by its name.
pub fn claims(scan: &Scan<'_, '_>, at: usize, end: usize) -> bool {
    let named = |i: &usize| scan.is(*i, Class::Deed) && !ends_in_ed(scan, *i);
    let stops = |i: &usize| {
        scan.is_any(*i, &[Class::Said, Class::KillEd, Class::Be, Class::Have])
            || scan.is_word(*i, &["that", "and", ",", "it", "they"])
    };
    let object = || (at + 2..end.min(at + 7)).take_while(|i| !stops(i));
    scan.is_word(at, &["claimed", "claims", "claiming"])
        && scan.is_word(at + 1, &["the", "both", "two", "thursday", "monday", "last"])
        && object().any(|i| named(&i))
}

/// "denied that its men were behind", "rejected the accusations": a denial in free
/// words.
pub fn denies(scan: &Scan<'_, '_>, at: usize, end: usize) -> bool {
    let said = scan.is_word(at, &["denied", "denies", "denying", "rejected", "disowned"]);
    let deed = |i: usize| {
        scan.is_word(
            i,
            &[
                "involvement",
                "responsibility",
                "role",
                "carrying",
                "accusation",
                "accusations",
                "allegation",
                "allegations",
                "behind",
                "hand",
                "link",
                "part",
                "killing",
                "killings",
                "attacking",
                "charge",
                "charges",
                "responsible",
                "having",
                "shelling",
                "bombing",
                "firing",
                "shooting",
                "planting",
                "carried",
                "attacked",
                "complicity",
            ],
        )
    };
    said && (at + 1..end.min(at + 9)).any(deed)
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
    // "Groups such as X have attacked Shias *before*".
    let done_before = || {
        let last = (at + 1..end.min(at + 9)).find(|i| scan.is_word(*i, &["before", "previously"]));
        last.is_some_and(|i| scan.is_word(i + 1, &[".", ",", ";", "in", "there"]) || i + 1 >= end)
    };
    if scan.is_word(at, &["has", "have"]) && done_before() {
        return true;
    }
    let Some(deeds) = (at + 1..end.min(at + 7)).find(plural) else { return false };
    let mut between = at + 1..deeds;
    let done = |i: usize| {
        scan.is_any(i, &[Class::Act, Class::ClaimMade, Class::Deed])
            || scan.is_word(
                i,
                &["committed", "conducted", "made", "staged", "waged", "claimed", "carried"],
            )
    };
    let some = between.clone().any(|i| scan.is_word(i, &["some", "many", "several", "previous"]));
    let these = ["these", "both", "the", "two", "three", "its", "their", "thursday", "'s", "’s"];
    scan.is_word(at, &["has", "have"])
        && between.clone().any(done)
        && (some || !between.any(|i| scan.is_word(i, &these)))
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
    } else if scan.is(at, Class::Blame)
        || scan.is_word(at, &["behind", "responsible"])
        || (at..at + 2).any(|i| scan.is_word(i, &["authors", "author", "perpetrators", "culprits"]))
    {
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
    // "*Abducted and killed* 21".
    let second = at + 1;
    if scan.is_word(at, &["and"])
        && scan.is_any(second, &[Class::KillEd, Class::WoundEd, Class::AbductEd])
    {
        at = second + scan.span(second);
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

/// Whether the word has the form of a past participle.
pub fn ends_in_ed(scan: &Scan<'_, '_>, at: usize) -> bool {
    scan.tokens.lower(at).ends_with("ed")
}

/// "Gunmen *freed prisoners* in an attack on a jail": no answer to an attack.
const PRISON: &[&str] = &["prison", "jail", "prisoners", "inmates", "detainees"];

/// Verbs of those who come after an attack.
const ANSWERS: &[&str] = &[
    "end",
    "ends",
    "ended",
    "repel",
    "repelled",
    "repulsed",
    "foiled",
    "thwarted",
    "rescued",
    "freed",
    "evacuated",
    "recovered",
    "defused",
    "repulse",
    "rescue",
];
