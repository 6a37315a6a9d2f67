//! Who vouches for the numbers of a sentence: its speaker, the one before, or the
//! group that claims the deed.

use std::ops::Range;

use super::Told;
use super::placing::distance;
use crate::extract::attribution::Attribution;
use crate::extract::calendar::weekday_number;
use crate::extract::event::{Party, Voice};
use crate::extract::frames::{Mention, side_at};
use crate::extract::scan::Scan;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;

/// Who has spoken so far, sentence by sentence.
pub(super) struct Voices {
    last: Voice,
    /// The armed group that opened the sentence before: who "they" are in this one.
    subject: Option<Voice>,
}

impl Voices {
    pub(super) fn new() -> Voices {
        Voices { last: Voice::Article, subject: None }
    }

    /// The voice of the next sentence; `quoting` is who is heard through it, where it is
    /// of a longer quotation.
    pub(super) fn of(
        &mut self,
        scan: &Scan<'_, '_>,
        said: &[Attribution],
        range: &Range<usize>,
        quoting: Option<&Voice>,
    ) -> Voice {
        let named = said.iter().any(|a| a.voice != Voice::Article);
        if let Some(speaker) = quoting.filter(|_| !named) {
            self.last = speaker.clone();
            return speaker.clone();
        }
        let voice = match own_spokesman(scan, said, &self.last) {
            Some(group) => group,
            None if claims_aloud(scan, range) => claimant(scan, range).unwrap_or(Voice::Article),
            None => voice(scan, said, &self.last, range),
        };
        let voice = match (&voice, &self.subject) {
            (Voice::Article, Some(group)) if they_say(scan, range) => group.clone(),
            _ => voice,
        };
        self.subject = fighting_subject(scan, range);
        self.last = claimant(scan, range).unwrap_or_else(|| voice.clone());
        voice
    }
}

/// Who is heard through the sentences of quotations that run over several: whoever is
/// named in one of them. "“*We took the base. We killed 27*,” the spokesman said."
pub(super) fn quotations(
    scan: &Scan<'_, '_>,
    attributions: &[Vec<Attribution>],
) -> Vec<Option<Voice>> {
    let mut found = vec![None; scan.sentences.len()];
    let mut start = 0;
    while start < scan.sentences.len() {
        let end = quotation_end(scan, start);
        let named = |i: usize| attributions[i].iter().map(|a| &a.voice);
        let speaker = (start..end).flat_map(named).find(|v| **v != Voice::Article);
        if let (Some(speaker), true) = (speaker, end > start + 1) {
            found[start..end].fill(Some(speaker.clone()));
        }
        start = end.max(start + 1);
    }
    found
}

/// The sentence after the quotation that opens in sentence `start`, of one paragraph.
fn quotation_end(scan: &Scan<'_, '_>, start: usize) -> usize {
    let paragraph = scan.sentences[start].paragraph;
    let mut open = false;
    for (i, sentence) in scan.sentences.iter().enumerate().skip(start).take(LONGEST_QUOTATION) {
        if sentence.paragraph != paragraph {
            return start + 1;
        }
        for at in sentence.tokens.clone() {
            match scan.tokens.text(at) {
                "“" => open = true,
                "”" => open = false,
                "\"" => open = !open,
                _ => {}
            }
        }
        if !open {
            return i + 1;
        }
    }
    start + 1
}

/// Sentences of one quotation, at most.
const LONGEST_QUOTATION: usize = 8;

/// The speaker of the sentence; "he said" is the speaker before.
fn voice(scan: &Scan<'_, '_>, found: &[Attribution], last: &Voice, range: &Range<usize>) -> Voice {
    match found.iter().map(|a| &a.voice).find(|v| **v != Voice::Article) {
        Some(voice) => voice.clone(),
        None if !found.is_empty() => last.clone(),
        None if quoted(scan, range) => last.clone(),
        None => Voice::Article,
    }
}

/// Who vouches for one number of a sentence that `whole` tells; `None` where it is he.
pub(super) fn of_number(
    scan: &Scan<'_, '_>,
    whole: &Voice,
    mention: &Mention,
    sentence: &Range<usize>,
    said: &[Attribution],
) -> Option<Voice> {
    let group = matches!(whole, Voice::Group(_));
    match () {
        () if group && accuses(scan, mention, sentence) => Some(Voice::Local),
        () if group && is_known_deed(scan, mention, sentence) => Some(Voice::Article),
        () => nearest_voice(scan, mention, said),
    }
}

/// Of several speakers in one sentence, the one nearest to the number.
fn nearest_voice(scan: &Scan<'_, '_>, mention: &Mention, said: &[Attribution]) -> Option<Voice> {
    if let Some(group) = boaster(scan, mention) {
        return Some(group);
    }
    // "It killed 50; the army said nine had died": of the clause between semicolons.
    let apart = |a: &Attribution| {
        let (from, to) =
            (a.tokens.end.min(mention.span().end), a.tokens.start.max(mention.span().start));
        (from..to).any(|i| scan.is_word(i, &[";"]))
    };
    let speakers = || said.iter().filter(|a| a.voice != Voice::Article);
    let within = speakers().any(|a| !apart(a));
    // "X killed 30; its spokesman denied it": of the other clause he says nothing.
    if !within && speakers().next().is_some() {
        return Some(Voice::Article);
    }
    let several = speakers().any(|a| speakers().any(|b| a.voice != b.voice));
    let heard = speakers().filter(|a| !(within && apart(a)));
    let nearest = heard.min_by_key(|a| distance(scan, &mention.span(), &a.tokens));
    nearest.filter(|_| several).map(|a| a.voice.clone())
}

/// "The rebels said *army shelling* killed four villagers": a group that tells what its
/// enemies did boasts of nothing, and is a witness.
fn accuses(scan: &Scan<'_, '_>, mention: &Mention, sentence: &Range<usize>) -> bool {
    let start = mention.span().start.min(mention.trigger.start);
    let said = (sentence.start..start).find(|i| scan.is(*i, Class::Said));
    let Some(said) = said else { return false };
    let state = |p: Option<Party>| matches!(p, Some(Party::Security | Party::Foreign));
    let harmed = mention.groups.iter().chain(&mention.parts).any(|g| state(g.party));
    let own = |i: usize| scan.is_word(i, &["it", "they", "its", "their", "his", "our", "we"]);
    let words = said + 1..start;
    let mut acting = words.clone().filter(|i| own(*i) || side_at(scan, *i).is_some());
    let counted = |i: usize| (i.saturating_sub(3)..i).any(|n| scan.numeral(n).is_some());
    let enemy = acting.next().is_some_and(|i| !own(i) && !counted(i) && state(side_at(scan, i)));
    let alone = words.into_iter().all(|i| side_at(scan, i) != Some(Party::Militant));
    enemy && alone && !harmed
}

/// "Said it was behind *a bombing that killed 75*": it owns up to a deed that is known,
/// and how many died there the article tells. "Said it killed 75" is a boast.
fn is_known_deed(scan: &Scan<'_, '_>, mention: &Mention, sentence: &Range<usize>) -> bool {
    let start = mention.span().start.min(mention.trigger.start);
    let owns = |i: &usize| scan.is_word(*i, OWNING) && owns_known(scan, *i, start);
    let Some(at) = (sentence.start..start).rev().find(owns) else { return false };
    if scan.is_word(at, ADMITTING) {
        return !(at + scan.span(at)..start).any(|i| scan.is(i, Class::Said));
    }
    let Some(deed) = (at + 1..start).find(|i| scan.is(scan.head(*i), Class::Deed)) else {
        return scan.is(mention.trigger.start, Class::DeathOf);
    };
    let told = |i: usize| scan.is(i, Class::Said) || scan.is_word(i, &["it", "they", ";"]);
    let relative = (deed + 1..=start).any(|i| scan.is_word(i, &["that", "which", "where"]));
    relative && !(deed + 1..start).any(told)
}

/// "The governor *confirmed the deaths*": what a group told before is more than a boast.
pub(super) fn confirms(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    let what = &["deaths", "toll", "killings", "figure", "casualties", "number", "losses", "dead"];
    range.clone().filter(|i| scan.is_word(*i, &["confirmed", "confirms"])).any(|i| {
        let negated = (i.saturating_sub(4)..i).any(|n| scan.is(n, Class::Negation));
        !negated && (i + 1..range.end.min(i + 5)).any(|o| scan.is_word(o, what))
    })
}

/// What a group told is heard from whoever confirms it as well.
pub(super) fn believe(before: Option<&mut Told>, voice: &Voice) {
    let Some(before) = before.filter(|b| matches!(b.voice, Voice::Group(_))) else { return };
    if matches!(voice, Voice::Official | Voice::Medical | Voice::Local) {
        for placed in &mut before.mentions {
            placed.voice = Some(voice.clone());
        }
    }
}

/// Whether the words at `at` take a deed upon somebody that all know of: "behind a
/// bombing", "responsible for an ambush", but "carried out *the* attack".
fn owns_known(scan: &Scan<'_, '_>, at: usize, end: usize) -> bool {
    let known = &["the", "this", "that", "both", "these", "those"];
    let dated =
        |i: usize| scan.is_word(i, &["'s", "’s"]) || weekday_number(scan.tokens.lower(i)).is_some();
    match () {
        () if scan.is_word(at, &["behind"]) => {
            scan.is_word(at.saturating_sub(1), &["was", "were", "is", "are", "been", "being"])
        }
        () if scan.is_word(at, &["responsible", "blame"]) => true,
        () if scan.is_word(at, ADMITTING) => true,
        () => {
            let object = at + 1..end.min(at + 5);
            object.clone().any(|i| scan.is_word(i, known)) || object.into_iter().any(dated)
        }
    }
}

const OWNING: &[&str] = &[
    "behind",
    "responsible",
    "blame",
    "out",
    "staged",
    "conducted",
    "mounted",
    "launched",
    "perpetrated",
    "orchestrated",
    "planned",
    "admitted",
    "admits",
    "acknowledged",
    "confessed",
];

/// "Admitted that it killed nine": what somebody admits is known.
const ADMITTING: &[&str] = &["admitted", "admits", "acknowledged", "confessed"];

/// "dismissed *the rebels' claim that* 57 were killed": theirs, in whoever's mouth.
fn boaster(scan: &Scan<'_, '_>, mention: &Mention) -> Option<Voice> {
    let start = mention.span().start;
    let back = (start.saturating_sub(CLAIM_REACH)..start).rev();
    let claim =
        back.take_while(|i| !scan.is_word(*i, &[".", ";", ",", "saying", "but"])).find(|i| {
            scan.is_word(*i, &["claim", "claims", "assertion", "boast"])
                && scan.is_word(*i + 1, &["that", "of", "to"])
                && (scan.is_word(i.saturating_sub(1), &["'s", "’s", "'", "’", "their", "its"])
                    || scan.actor(i.saturating_sub(1)).is_some()
                    || scan.term(i.saturating_sub(1)).is_some_and(|t| t.is(Class::Person)))
        })?;
    let owner = claim.saturating_sub(5)..claim;
    let named = scan.actors_in(owner.clone());
    let group = named.iter().find(|m| scan.side(m.actor) == Side::Militant);
    if let Some(met) = group {
        return Some(Voice::Group(met.actor.name.clone()));
    }
    let fighters = owner.rev().find(|i| {
        scan.is_word(*i, &["group"])
            || scan
                .term(*i)
                .is_some_and(|t| t.is(Class::Person) && t.party == Some(Party::Militant))
    })?;
    Some(Voice::Group(scan.tokens.lower(fighters).to_owned()))
}

/// Tokens between "claim that" and its number.
const CLAIM_REACH: usize = 10;

/// "Its spokesman", "the group's spokesman": of the group that spoke before.
fn own_spokesman(scan: &Scan<'_, '_>, said: &[Attribution], last: &Voice) -> Option<Voice> {
    let own = |a: &Attribution| {
        a.tokens
            .clone()
            .any(|i| scan.is_word(i, &["its", "their", "group", "insurgents", "militants"]))
    };
    (matches!(last, Voice::Group(_)) && said.iter().any(own)).then(|| last.clone())
}

/// "said its fighters had killed 16": what follows is the claimant's own count.
fn claims_aloud(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    let aloud = |i: usize| scan.is_word(i, &["said", "says", "saying"]);
    scan.all(range.clone(), Class::ClaimMade).any(aloud)
}

/// Who claims an attack in the sentence: "he said" behind it is that group.
fn claimant(scan: &Scan<'_, '_>, range: &Range<usize>) -> Option<Voice> {
    let claims = scan.has(range.clone(), Class::ClaimMade);
    let group =
        scan.actors_in(range.clone()).iter().find(|m| scan.side(m.actor) == Side::Militant)?;
    claims.then(|| Voice::Group(group.actor.name.clone()))
}

/// "They said", "it claimed" at the head of a sentence.
fn they_say(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    scan.is_word(range.start, &["they", "it"]) && scan.is(range.start + 1, Class::Said)
}

/// The armed group that opens a sentence: who "they" are in the next one.
fn fighting_subject(scan: &Scan<'_, '_>, range: &Range<usize>) -> Option<Voice> {
    let opening = range.start..range.end.min(range.start + 8);
    let met = scan.actors_in(opening).first()?;
    (scan.side(met.actor) == Side::Militant).then(|| Voice::Group(met.actor.name.clone()))
}

fn quoted(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    range.clone().take(1).any(|i| scan.is_word(i, &["“", "\""]))
}
