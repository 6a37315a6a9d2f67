//! What attackers without a name are called: the article's own word for them, in the
//! plural where it has one ("raiders", "Islamist rebels"), less what only says that
//! nobody knows them.

use std::ops::Range;

use crate::extract::scan::Scan;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;

/// The name of attackers by the words that the article has for them; `usual` is that
/// of their row.
pub fn name(scan: &Scan<'_, '_>, words: Range<usize>, usual: &str) -> String {
    let last = words.end - 1;
    let lone = scan.is_word(last, &["gunman", "attacker", "assailant"]);
    if lone {
        return scan.tokens.lower(last).to_owned();
    }
    let bodies = scan.is_word(last, &["groups", "organizations", "organisations", "forces"]);
    // "Drug gang", and "hitmen" rather than gunmen.
    if scan.is_word(last, &["gang", "cartel"]) && words.len() > 1 || scan.is_word(last, HIRED) {
        return scan.tokens.source()[scan.bytes(words)].to_lowercase();
    }
    if usual == "gunmen" || bodies || !is_plural(scan.tokens.lower(last)) {
        return usual.to_owned();
    }
    let first = words.clone().find(|i| !scan.is_word(*i, UNKNOWN)).unwrap_or(last);
    // "Islamist rebels", "Fulani herders": what they are called by.
    let creed = first.checked_sub(1).filter(|i| scan.is_word(*i, CREEDS)).unwrap_or(first);
    let rest = scan.tokens.source()[scan.bytes(creed..words.end)].to_owned();
    match scan.tokens.get(creed).capital && !scan.is_word(creed, PROPER) {
        true => rest.to_lowercase(),
        false => rest,
    }
}

/// "A *gang of* bandits", "groups of rebels": who they are stands behind.
pub fn is_body_of_next(scan: &Scan<'_, '_>, end: usize) -> bool {
    let body = scan.is_word(end - 1, &["gang", "gangs", "group", "groups", "band", "bands"]);
    let unnamed = |i: usize| scan.actor(i).is_some_and(|m| scan.side(m.actor) == Side::Unnamed);
    body && scan.is_word(end, &["of"]) && (end + 1..end + 3).any(unnamed)
}

const HIRED: &[&str] = &["hitmen", "hitman", "assassins", "sicarios"];

/// Whether the word before `end` only says of what creed the attackers behind it are.
pub fn is_creed_of_next(scan: &Scan<'_, '_>, end: usize) -> bool {
    let next = scan.actor(end).is_some_and(|met| scan.side(met.actor) == Side::Unnamed);
    next && scan.is_word(end - 1, CREEDS)
}

/// "An Afghan *soldier* shot dead four": one man of a force, who acts for himself.
pub fn lone_soldiers(scan: &Scan<'_, '_>, sentence: Range<usize>) -> Vec<Range<usize>> {
    let lone = |i: &usize| scan.is_word(*i, LONE) && scan.actor(*i).is_none();
    let with_nation = |i: usize| {
        let of_name =
            |b: &usize| scan.nation(*b).is_some() || scan.is_word(*b, &["united", "states"]);
        let first = (sentence.start..i).rev().take(3).take_while(of_name).last();
        first.unwrap_or(i)..i + 1
    };
    let single = |words: &Range<usize>| {
        (words.start.saturating_sub(3).max(sentence.start)..words.start)
            .any(|i| scan.is_word(i, &["a", "an", "another", "one"]))
    };
    sentence.clone().filter(lone).map(with_nation).filter(single).collect()
}

/// "A soldier *who killed* 29": what he did, whatever was done to him then.
pub fn killed_others(scan: &Scan<'_, '_>, end: usize) -> bool {
    let kills = &[Class::KillEd, Class::KillPres, Class::WoundEd];
    let verb = end + 1;
    let number = scan.numeral(verb + scan.span(verb)).is_some();
    scan.is_word(end, &["who"]) && scan.is_any(verb, kills) && number
}

/// Whether a name is that of one soldier or policeman.
pub fn is_lone(name: &str) -> bool {
    LONE.contains(&name.rsplit(' ').next().unwrap_or(name))
}

const LONE: &[&str] = &["soldier", "policeman", "constable", "conscript", "guard", "bodyguard"];

fn is_plural(word: &str) -> bool {
    word.ends_with('s') || word.ends_with("men")
}

/// What is said of people whom nobody knows.
const UNKNOWN: &[&str] = &["suspected", "unidentified", "unknown", "alleged", "the"];

const CREEDS: &[&str] = &[
    "islamist",
    "jihadist",
    "islamic",
    "fulani",
    "communist",
    "leftist",
    "marxist",
    "tuareg",
    "kurdish",
    "baloch",
];

/// Words that keep their capital.
const PROPER: &[&str] =
    &["islamist", "islamic", "fulani", "marxist", "tuareg", "kurdish", "baloch"];
