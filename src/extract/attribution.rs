//! Who says it: finds the words of a sentence that only name its speaker, so
//! that the speaker's place is not taken for the event's and a boast not for a
//! count.

use std::ops::Range;

use super::event::{Party, Voice};
use super::scan::{ActorMet, Scan};
use crate::lexicon::actors::Side;
use crate::lexicon::terms::{Class, SpeakerKind};
use crate::text::tokens::Shape;

/// The words that name a speaker, and whose voice it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    pub tokens: Range<usize>,
    pub voice: Voice,
}

/// All attributions of a sentence, in order.
pub fn attributions(scan: &Scan<'_, '_>, sentence: Range<usize>) -> Vec<Attribution> {
    let mut found: Vec<Attribution> = Vec::new();
    let says = |i: &usize| {
        scan.is(*i, Class::Said) && !owns_up(scan, *i) && !is_rejected_claim(scan, &sentence, *i)
    };
    for at in sentence.clone().filter(says) {
        let ranges = [before(scan, &sentence, at), behind(scan, &sentence, at)];
        let read = ranges.into_iter().flatten().find_map(|range| {
            let voice = voice_of(scan, range.clone())?;
            Some(Attribution { tokens: range, voice })
        });
        found.extend(read);
    }
    found
}

/// "Islamic State *claimed* three car bombs that killed 15": it owns up to a deed; what
/// is told of the deed is the article's.
pub(super) fn owns_up(scan: &Scan<'_, '_>, at: usize) -> bool {
    if !scan.is_word(at, &["claimed", "claims", "claim"]) || scan.span(at) != 1 {
        return false;
    }
    let deed = (at + 1..at + 6)
        .take_while(|i| !scan.is_any(*i, HARM) && !scan.is(*i, Class::Person))
        .take_while(|i| !scan.is_word(*i, CONTENT) && scan.actor(*i).is_none())
        .find(|i| scan.is(*i, Class::Deed));
    deed.is_some_and(|i| !scan.is_word(i + 1, &["killed", "had", "was", "were"]))
}

/// "Officials rejected *a Taliban claim* of 40 dead": a noun, and who speaks is another.
pub(super) fn is_rejected_claim(scan: &Scan<'_, '_>, sentence: &Range<usize>, at: usize) -> bool {
    let before = at.saturating_sub(7).max(sentence.start)..at;
    scan.is_word(at, &["claim", "claims"])
        && scan.is_word(at + 1, &["of", "that", "to"])
        && before.into_iter().any(|i| scan.is_word(i, REJECTING))
}

const REJECTING: &[&str] = &[
    "rejected",
    "rejects",
    "rejecting",
    "denied",
    "denies",
    "denying",
    "dismissed",
    "dismissing",
    "refuted",
    "refuting",
    "disputed",
    "disputing",
    "contradicted",
    "questioned",
];

/// What opens the content of a claim that is a saying.
const CONTENT: &[&str] = &["that", "to", "it", "its", "they", "their", "he", "had", ",", ".", "in"];

/// "…, a local official said", "Police in Kabul said …": back to the comma or
/// the sentence's start. A name in apposition may stand between commas.
fn before(scan: &Scan<'_, '_>, sentence: &Range<usize>, at: usize) -> Option<Range<usize>> {
    if scan.is_word(at, &["according", "as", "sources"]) {
        return None;
    }
    let mut start = at;
    while start > sentence.start
        && (scan.is_any(scan.head(start - 1), &[Class::Have, Class::Be, Class::Adverb])
            || scan.is_word(start - 1, &["earlier"]))
    {
        start -= 1;
    }
    // A speaker with an apposition: "Karimi, the governor, said".
    let mut commas = usize::from(start > sentence.start && scan.is_word(start - 1, &[","])) * 2;
    while start > sentence.start {
        let stop = scan.is_word(start - 1, &[";", "“", "”", "\"", "that", "but", "while", "—"])
            || scan.is_any(start - 1, HARM);
        if stop || (scan.is_word(start - 1, &[","]) && commas == 0) {
            // "An NPA spokesman, Ka Oris, in a text message said": all of it is he.
            let described = !stop
                && start - sentence.start <= 12
                && (sentence.start..start).any(|i| scan.is(i, Class::Speaker))
                && !(sentence.start..start).any(|i| scan.is_any(i, HARM));
            start = if described { sentence.start } else { start };
            break;
        }
        commas = commas.saturating_sub(usize::from(scan.is_word(start - 1, &[","])));
        start -= 1;
    }
    // "Al-Shabaab*, which killed 148 people in Garissa, says*": what it did is no speaker.
    let aside = start > sentence.start + 1
        && scan.is_any(start - 1, HARM)
        && scan.is_word(at - 1, &[","])
        && scan.is_word(start - 2, &["which", "who"]);
    let relative = aside || scan.is_word(start, &["which", "who", "that"]);
    (start < at && !relative).then_some(start..at + 1)
}

/// "…, said the governor of Kunduz", "according to police in Kabul": up to the
/// next comma or clause.
fn behind(scan: &Scan<'_, '_>, sentence: &Range<usize>, at: usize) -> Option<Range<usize>> {
    let from = at + scan.span(at);
    let end = (from..sentence.end)
        .find(|i| {
            scan.is_word(*i, &[",", ";", ".", "that", "“", "\"", "after", "when", "as", "adding"])
                || scan.is_any(*i, HARM)
        })
        .unwrap_or(sentence.end);
    (end > from).then_some(at..appositions(scan, sentence, end))
}

/// The end of the appositions behind a speaker's name: ", an army spokesman based
/// in Balkh province, …".
fn appositions(scan: &Scan<'_, '_>, sentence: &Range<usize>, end: usize) -> usize {
    let described = scan.is_word(end, &[","])
        && (end + 1..sentence.end.min(end + 5))
            .any(|i| scan.term(i).is_some_and(|t| t.is(Class::Speaker)))
        && (scan.is_word(
            end + 1,
            &[
                "a",
                "an",
                "the",
                "who",
                "head",
                "chief",
                "spokesman",
                "spokeswoman",
                "spokesperson",
                "deputy",
                "governor",
            ],
        ) || scan.is(end + 1, Class::Speaker));
    if !described {
        return end;
    }
    (end + 1..sentence.end)
        .find(|i| scan.is_word(*i, &[",", ";", ".", "that", "and"]) || scan.is_any(*i, HARM))
        .unwrap_or(sentence.end)
}

const HARM: &[Class] = &[
    Class::KillEd,
    Class::KillIng,
    Class::Die,
    Class::Dead,
    Class::WoundEd,
    Class::WoundIng,
    Class::AbductEd,
    Class::DeathOf,
];

fn voice_of(scan: &Scan<'_, '_>, range: Range<usize>) -> Option<Voice> {
    let group = range.clone().find_map(|i| {
        let met = scan.actor(i).filter(|m| m.at == i && scan.side(m.actor) == Side::Militant)?;
        speaks_for_itself(scan, &range, i..i + met.tokens).then_some(met)
    });
    let kinds: Vec<SpeakerKind> =
        range.clone().filter_map(|i| scan.term(i).and_then(|t| t.speaker)).collect();
    if let Some(met) = group.or_else(|| the_group(scan, &range)) {
        return Some(Voice::Group(met.actor.name.clone()));
    }
    for (kind, voice) in [
        (SpeakerKind::Medical, Voice::Medical),
        (SpeakerKind::Local, Voice::Local),
        (SpeakerKind::Official, Voice::Official),
        (SpeakerKind::Media, Voice::Media),
    ] {
        if kinds.contains(&kind) {
            return Some(voice);
        }
    }
    // "a website used by separatists said".
    let fighters = range.clone().find(|i| {
        scan.term(*i).is_some_and(|t| t.is(Class::Person) && t.party == Some(Party::Militant))
            && speaks_for_itself(scan, &range, *i..*i + scan.span(*i))
    });
    if let Some(at) = fighters {
        return Some(Voice::Group(scan.tokens.lower(at).to_owned()));
    }
    // "Kenya said nine had died": its government.
    if range.len() <= 4 && range.clone().any(|i| scan.nation(i).is_some()) {
        return Some(Voice::Official);
    }
    let named = range.clone().any(|i| scan.tokens.get(i).capital && i != range.start);
    let pronoun = range.clone().any(|i| scan.is_word(i, &["he", "she", "they", "it"]));
    (named || pronoun).then_some(Voice::Article)
}

/// "Al-Shabaab attacked a base. *The group* said it killed 100": the armed group that opens
/// this sentence or the one before, and no watchdog that speaks of it.
fn the_group<'l>(scan: &Scan<'l, '_>, range: &Range<usize>) -> Option<ActorMet<'l>> {
    let the = |i: usize| scan.is_word(i, &["the"]) && scan.is_word(i + 1, &["group", "movement"]);
    let plain = |i: usize| !scan.is_word(i + 2, &["of", "for", "on"]);
    range.clone().find(|i| the(*i) && plain(*i))?;
    let this = scan.sentences.partition_point(|s| s.tokens.end <= range.start);
    let opens = |index: usize| {
        let words = scan.sentences.get(index)?.tokens.clone();
        let met = *scan.actors_in(words.start..words.end.min(range.start)).first()?;
        let held = scan.tokens.is_hyphen(met.at + met.tokens);
        let head = met.at <= words.start + 2 && !held;
        (head && scan.side(met.actor) == Side::Militant).then_some(met)
    };
    opens(this).or_else(|| opens(this.checked_sub(1)?))
}

/// Whether a group in the words of a speaker is the speaker, and not what he
/// fights ("anti-Taliban"), lives beside ("houses around the Taliban post") or is
/// run by ("the Hamas-run health ministry").
fn speaks_for_itself(scan: &Scan<'_, '_>, range: &Range<usize>, name: Range<usize>) -> bool {
    let (before, after) = (range.start..name.start, name.end..range.end.min(name.end + 3));
    let counted = |i: usize| scan.tokens.get(i).shape == Shape::Number || scan.is_any(i, HARM);
    let other = before.clone().any(|i| {
        counted(i)
            || scan.is_word(
                i,
                &["anti", "against", "around", "near", "by", "fighting", "with", "from", "blamed"],
            )
    });
    let run = after.clone().any(|i| {
        scan.is(i, Class::Thing)
            || scan.is_word(
                i,
                &[
                    "run",
                    "controlled",
                    "held",
                    "health",
                    "affiliated",
                    "civil",
                    "ministry",
                    "media",
                ],
            )
    });
    let officer = (name.end..range.end).any(|i| {
        scan.term(i).is_some_and(|t| t.speaker == Some(SpeakerKind::Official))
            && !scan
                .is_word(i, &["spokesman", "spokesperson", "spokeswoman", "commander", "statement"])
    });
    !(other || run || officer)
}
