//! State forces that end what others began: "before police *shot him dead*", "troops
//! killed *the attackers*", "a soldier who killed 29 was *shot dead by police*". Whose
//! deed the attack was they do not tell.

use std::ops::Range;

use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

/// Whether the first verb of harm behind a subject has the attackers for its object.
pub fn kills_attackers(scan: &Scan<'_, '_>, from: usize, end: usize) -> bool {
    let reach = from..end.min(from + REACH);
    let stops = |i: &usize| scan.is_word(*i, &[",", ";", ".", "after", "when", "who"]);
    let mut clause = reach.take_while(|i| !stops(i));
    let Some(verb) = clause.find(|i| scan.is_any(*i, HARM)) else { return false };
    let object = verb + scan.span(verb);
    // "Opened fire *on the attackers*".
    let object = object + usize::from(scan.is_word(object, &["on", "at"]));
    is_attacker(scan, object) || scan.is_word(object, &["and"]) && is_attacker(scan, object + 2)
}

/// "Him", "the attackers", "all three gunmen", "the suspect".
fn is_attacker(scan: &Scan<'_, '_>, at: usize) -> bool {
    if scan.is_word(at, &["him", "her"]) {
        return !scan.is_any(scan.head(at + 1), &[Class::Person, Class::Thing]);
    }
    let definite = scan.is_word(at, &["the", "both", "all", "that"]);
    let noun = |i: usize| scan.is_word(i, ATTACKERS);
    definite && (at + 1..at + 4).any(noun)
}

/// Whether what is told "by" somebody at `by` was done to one who attacked before: "he
/// was killed", "a man who stabbed four was overpowered", "before being shot".
pub fn was_attacker(scan: &Scan<'_, '_>, sentence: &Range<usize>, by: usize) -> bool {
    let mut verb = by.saturating_sub(1).max(sentence.start);
    verb = scan.head(verb);
    let mut start = verb;
    while start > sentence.start && scan.is_any(scan.head(start - 1), &[Class::Be, Class::Adverb]) {
        start = scan.head(start - 1);
    }
    let Some(before) = start.checked_sub(1).filter(|i| *i >= sentence.start) else { return false };
    let pronoun = scan.is_word(before, &["he", "she"]);
    let being = scan.is_word(start.saturating_sub(1), &["before"]);
    let lone = scan.is_word(before, ATTACKERS);
    let subject = sentence.start..start;
    let acted = subject.clone().any(|i| {
        scan.is_word(i, &["who"]) && (i + 1..start.min(i + 4)).any(|v| scan.is_any(v, ACTED))
    });
    pronoun || being || lone || acted
}

/// "Four Taliban were killed *when they attacked* a post", "died *while storming* it":
/// the harmed began it.
pub fn attacked_first(scan: &Scan<'_, '_>, from: usize, end: usize) -> bool {
    let opener = |i: &usize| scan.is_word(*i, &["when", "as", "after", "while", "during"]);
    let Some(at) = (from..end.min(from + 14)).find(opener) else { return false };
    let pronoun = scan.is_word(at + 1, &["they", "he"]);
    let verb = at + 1 + usize::from(pronoun);
    let tried = scan.is_word(verb, &["tried", "attempted", "trying", "attempting", "had"]);
    let verb = verb + if tried { 1 + usize::from(scan.is_word(verb + 1, &["to"])) } else { 0 };
    let ing = scan.is_word(verb, &["attacking", "storming", "raiding", "ambushing", "overrunning"]);
    let finite = pronoun && scan.is_any(verb, &[Class::Storm, Class::Act]);
    (ing || finite || tried && scan.is_word(verb, &["storm", "overrun", "attack", "seize"]))
        && !scan.is_word(verb + scan.span(verb), &["by"])
}

/// Tokens from a subject to its verb, at most.
const REACH: usize = 8;

const HARM: &[Class] =
    &[Class::KillEd, Class::KillPres, Class::KillIng, Class::WoundEd, Class::Gunfire];

const ACTED: &[Class] =
    &[Class::KillEd, Class::KillPres, Class::WoundEd, Class::Gunfire, Class::Storm];

const ATTACKERS: &[&str] = &[
    "attacker",
    "attackers",
    "assailant",
    "assailants",
    "gunman",
    "gunmen",
    "shooter",
    "shooters",
    "suspect",
    "bomber",
    "bombers",
    "knifeman",
    "driver",
    "killer",
    "raiders",
    "perpetrator",
    "perpetrators",
    "intruders",
];
