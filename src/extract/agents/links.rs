//! How the words of an actor hang on the deeds of their sentence: by the verb
//! behind them, the preposition before them, or the noun that they stand before.

use std::ops::Range;

use super::blame::{is_blamed, is_claimant};
use super::doers::by_whom;
use super::predicate::{ACTIVE, ends_in_ed, predicate};
use super::{Context, Link, only_speaks, replies};
use crate::extract::scan::Scan;
use crate::lexicon::actors::Side;
use crate::lexicon::codebook::Kind;
use crate::lexicon::terms::Class;
use crate::text::tokens::Shape;
use crate::text::words::{Lot, lot};

/// The link of an actor, and whether its act opens an attack.
pub fn link(
    scan: &Scan<'_, '_>,
    context: &Context<'_>,
    words: Range<usize>,
    side: Side,
) -> (Link, bool) {
    let start = whole_start(scan, &context.sentence, words.start);
    let phrase = Phrase { scan, context, words, start, side };
    let told = phrase.by_preposition().or_else(|| phrase.by_role()).or_else(|| phrase.by_noun());
    told.unwrap_or_else(|| phrase.by_verb())
}

/// An actor in the noun phrase of its sentence.
struct Phrase<'s, 'l, 't> {
    scan: &'s Scan<'l, 't>,
    context: &'s Context<'s>,
    /// The words that name it.
    words: Range<usize>,
    /// Where the phrase around them begins.
    start: usize,
    side: Side,
}

impl Phrase<'_, '_, '_> {
    /// "Anti-X", "X-linked", "killed by X", "blamed X", "a claim by X".
    fn by_preposition(&self) -> Option<(Link, bool)> {
        let (scan, sentence, words) = (self.scan, &self.context.sentence, &self.words);
        if is_opposed(scan, sentence, words.start) || is_patron(scan, words.clone()) {
            return Some((Link::Named, false));
        }
        if let Some(link) = by_whom(scan, sentence, self.start, self.side) {
            return Some((link, true));
        }
        if self.fires() {
            return Some((Link::Acts, true));
        }
        if is_blamed(scan, sentence, self.start, words.clone()) {
            return Some((Link::Blamed, false));
        }
        let claims = self.side == Side::Militant && is_claimant(scan, words.end);
        claims.then_some((Link::Claims, false))
    }

    /// Who only speaks, and who is counted among the harmed.
    fn by_role(&self) -> Option<(Link, bool)> {
        if only_speaks(self.context.said, self.words.start) {
            let state = self.side == Side::State;
            return Some((if state { Link::Speaks } else { Link::Named }, false));
        }
        let harmed = self.context.harmed.iter().any(|h| h.contains(&self.words.start));
        harmed
            .then(|| if self.struck_first() { (Link::Acts, true) } else { (Link::Suffers, false) })
    }

    /// "X attack", "in X", "clashes between X and Y", "killed X".
    fn by_noun(&self) -> Option<(Link, bool)> {
        let (scan, sentence, words) = (self.scan, &self.context.sentence, &self.words);
        let deed = scan.term(words.end).is_some_and(|t| t.deed.is_some());
        // "Treated as a terrorist attack": of what kind it was, and not whose.
        if deed && words.len() == 1 && scan.is_word(words.start, &["terrorist"]) {
            return Some((Link::Named, false));
        }
        if let Some(attacks) = names_deed(scan, sentence, words.clone()) {
            return Some((Link::Acts, attacks));
        }
        // "A bomb in Turkey killed four": a place.
        let before = self.start.checked_sub(1).filter(|i| *i >= sentence.start);
        if !deed && before.is_some_and(|i| scan.is_word(i, INSIDE)) {
            return Some((Link::Named, false));
        }
        if is_object(scan, sentence, self.start) {
            return Some((Link::Suffers, false));
        }
        let fights = self.side != Side::State && is_one_of_two(scan, sentence, self.start);
        fights.then_some((Link::Fought, false))
    }

    /// What the verb behind the phrase says.
    fn by_verb(&self) -> (Link, bool) {
        let (scan, sentence, start) = (self.scan, &self.context.sentence, self.start);
        let end = whole_end(scan, sentence, self.words.end);
        // "A Hezbollah office": the office does, or suffers, and not its owners.
        if scan.is(end, Class::Thing) && !scan.is_any(end, &[Class::Deed, Class::Act]) {
            return (Link::Named, false);
        }
        let state = self.side == Side::State;
        let opens = opens_clause(scan, sentence, start);
        let (link, attacks) = predicate(scan, end, sentence.end, opens);
        match link {
            Link::Suffers if !state && self.struck_first() => (Link::Acts, true),
            Link::Named if comes_killing(scan, sentence, start, end) => (Link::Acts, true),
            Link::Named if is_foe(scan, sentence, start, self.side) => (Link::Fought, false),
            Link::Acts if state && replies::kills_attackers(scan, end, sentence.end) => {
                (Link::Replies, false)
            }
            _ => (link, attacks),
        }
    }

    /// "Shelling *from X*", "rockets from X": whose fire it was.
    fn fires(&self) -> bool {
        let scan = self.scan;
        let near = self.words.start.saturating_sub(5)..self.words.start;
        let Some(from) = near.rev().find(|i| scan.is_word(*i, &["from"])) else { return false };
        let fire = scan.head(from.saturating_sub(1));
        let shells = scan.term(fire).is_some_and(|t| t.deed == Some(Kind::Shelling));
        shells || scan.is_word(fire, &["fire", "gunfire"])
    }

    /// Whether the harmed are told to have attacked before.
    fn struck_first(&self) -> bool {
        replies::attacked_first(self.scan, self.words.end, self.context.sentence.end)
    }
}

const INSIDE: &[&str] = &["in", "near", "across", "inside", "into", "throughout", "outside"];

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
const BELONGS: &Lot = &lot(&[
    "of",
    "from",
    "belonging",
    "belong",
    "be",
    "to",
    "loyal",
    "linked",
    "affiliated",
    "believed",
    "thought",
    "allied",
]);
const GROUP: &Lot = &lot(&[
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
]);

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
fn is_patron(scan: &Scan<'_, '_>, words: Range<usize>) -> bool {
    let end = words.end;
    let the = usize::from(scan.is_word(words.start.saturating_sub(1), &["the"]));
    // "The Falcons, *an offshoot of the PKK*, claimed it".
    let of = words.start.saturating_sub(1 + the);
    if scan.is_word(of, &["of"]) && scan.is_word(of.saturating_sub(1), BRANCHES) {
        return is_apposition(scan, of);
    }
    let after = end + usize::from(scan.tokens.is_hyphen(end));
    scan.is_word(
        after,
        &["linked", "affiliated", "aligned", "inspired", "backed", "allied", "held"],
    ) || scan.is_word(after, &["affiliate", "offshoot", "ally", "branch", "franchise"])
        && (scan.actor(after + 1).is_some()
            || scan.is_word(after + 1, &[","]) && scan.actor(after + 2).is_some()
            || is_apposition(scan, end))
}

const BRANCHES: &[&str] =
    &["offshoot", "affiliate", "branch", "ally", "splinter", "faction", "wing", "arm", "franchise"];

/// "JNIM, *an al-Qaeda affiliate*,": who is meant stands before.
fn is_apposition(scan: &Scan<'_, '_>, end: usize) -> bool {
    let from = end.saturating_sub(5);
    let article = (from..end).rev().find(|i| scan.is_word(*i, &["a", "an", "the"]));
    article.is_some_and(|i| i > 0 && scan.is_word(i - 1, &[","]))
}

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

/// Whether a noun phrase begins its clause, as a subject does.
fn opens_clause(scan: &Scan<'_, '_>, sentence: &Range<usize>, start: usize) -> bool {
    let before = start.checked_sub(1).filter(|i| *i >= sentence.start);
    before.is_none_or(|i| {
        scan.is(scan.head(i), Class::Said)
            || scan.tokens.get(i).shape == Shape::Number
            || scan.is_word(
                i,
                &["that", "when", "as", "after", ":", ";", "\"", "“", "while", "where", "-", "—"],
            )
    })
}

/// "Twelve were killed *when soldiers entered* the village": those who came did it.
fn comes_killing(scan: &Scan<'_, '_>, sentence: &Range<usize>, start: usize, end: usize) -> bool {
    let opener = start.checked_sub(1).filter(|i| *i > sentence.start);
    let led = opener.is_some_and(|i| scan.is_word(i, &["when", "after", "as"]));
    let harm = |i: usize| scan.is_any(i, &[Class::KillEd, Class::Die, Class::WoundEd]);
    let reach = end..sentence.end.min(end + 6);
    led && (sentence.start..start).any(harm)
        && reach.clone().any(|i| scan.is_word(i, &["entered", "arrived", "came", "landed"]))
        && !reach.into_iter().any(|i| scan.is_word(i, &[","]))
}

/// "*Clashes between A and X* killed 15": of two who fight, neither began.
fn is_one_of_two(scan: &Scan<'_, '_>, sentence: &Range<usize>, start: usize) -> bool {
    let near = start.saturating_sub(10).max(sentence.start)..start;
    let Some(between) = near.clone().rev().find(|i| scan.is_word(*i, &["between"])) else {
        return false;
    };
    let first = between + 1 == start || scan.is_word(between + 1, &["the"]) && between + 2 == start;
    let second = scan.is_word(start - 1, &["and"])
        || scan.is_word(start - 2, &["and"]) && scan.is_word(start - 1, &["the", "rival"]);
    let fought = |i: usize| scan.term(i).and_then(|t| t.deed) == Some(Kind::Clash);
    let before = between.saturating_sub(4).max(sentence.start)..between;
    (first || second) && before.into_iter().any(|i| fought(scan.head(i)))
}

/// "clashes with X", "fighting between A and X". In what is said to be between two
/// sides the state is not the one who began.
fn is_foe(scan: &Scan<'_, '_>, sentence: &Range<usize>, start: usize, side: Side) -> bool {
    let clash = scan
        .all(sentence.clone(), Class::Deed)
        .any(|i| scan.term(i).and_then(|t| t.deed) == Some(Kind::Clash));
    let before = start.checked_sub(1).filter(|i| *i >= sentence.start);
    let words: &[&str] = match side {
        Side::State => &["with"],
        _ => &["with", "between", "and"],
    };
    clash && before.is_some_and(|i| scan.is_word(i, words))
}
