//! The clause below another in which a number stands: "the bombing *which killed
//! three*, on Tuesday", "sentenced on Tuesday *for killing 12*". Its deed is taken as
//! known, and the days of the main clause need not be its own.

use std::ops::Range;

use super::aside::is_struck;
use crate::extract::dates::{Grain, When};
use crate::extract::frames::Mention;
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

/// A clause that counts people under a main clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Below {
    /// From the word that opens it to the comma or the sentence's end that closes it.
    tokens: Range<usize>,
    /// The noun that it tells of, where that is a deed: its days are the deed's.
    noun: Range<usize>,
    memory: Memory,
    /// "One year after bombers killed 279 on Easter Sunday": no day of it is of now.
    long_ago: bool,
    /// "Nadia Murad, *whose brothers were killed*, spoke on Tuesday": closed before the
    /// main verb, and of no deed.
    closed: bool,
}

/// What the main clause has to do with the deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Memory {
    None,
    /// It condemns, mourns, visits: of today's deed or of an earlier one.
    Mourned,
    /// It remembers, tries somebody for it, ranks a later one by it.
    Past,
}

impl Below {
    /// The clause of a mention, where it stands in one.
    pub(super) fn of(
        scan: &Scan<'_, '_>,
        mention: &Mention,
        sentence: &Range<usize>,
        whens: &[When],
    ) -> Option<Below> {
        let span = mention.span();
        // "Weeks after a ceasefire bombers killed nine *on Tuesday*": the day decides.
        let parted = |to: usize| (span.end..to).any(|i| scan.is_word(i, &[",", ";"]));
        let fresh = |w: &When| {
            let own = w.grain == Grain::Day && !w.speech && !w.relative;
            own && w.tokens.start >= span.end && !parted(w.tokens.start)
        };
        let opener = long_after(scan, &span, sentence).filter(|_| !whens.iter().any(fresh));
        if let Some(opener) = opener {
            return Some(Below::long_ago(scan, opener, &span, sentence));
        }
        if let Some(below) = Below::of_people(scan, mention, sentence) {
            return Some(below);
        }
        let opener = pronoun(scan, &span, sentence).or_else(|| object(scan, mention, sentence))?;
        let before = opener - usize::from(scan.is_word(opener - 1, &["in", "during", "of"]));
        let noun = deed(scan, sentence.start.max(before.saturating_sub(NEAR))..before, sentence);
        // "A memorial to 47 who died in the blasts *was unveiled*": the main verb.
        let finite = |i: usize| scan.is_any(i, &[Class::Be, Class::Have, Class::Said]);
        let subject = !(sentence.start..opener).any(|i| finite(i) || scan.is_any(i, ACTS));
        let close = (span.end..sentence.end)
            .find(|i| scan.is_word(*i, &[",", ";"]) || subject && scan.is(*i, Class::Be));
        let end = close.unwrap_or(sentence.end);
        // "The academy, where gunmen killed 19, *reopened*": the main verb comes behind.
        let behind = close.is_some() && scan.is_word(before - 1, &[","]);
        let verb = if behind { end..sentence.end.min(end + 4) } else { end..end };
        let led_after =
            noun.start > sentence.start && scan.is_word(noun.start - 1, &["after", "following"]);
        // "*Days after a bombing* that killed 21": another deed than the sentence's own.
        let long_since =
            led_after && noun.start > sentence.start + 1 && scan.is_word(noun.start - 2, UNITS);
        // "*three days* after an attack": the deed's.
        let lead = if long_since { noun.start.saturating_sub(4) } else { noun.start };
        let noun = lead.max(sentence.start)..noun.end;
        let memory = match (long_since, led_after) {
            (true, _) => Memory::Past,
            (false, true) => Memory::None,
            _ => {
                let example = is_example(scan, sentence, before, &noun);
                let past = example || is_charge(scan, mention, sentence);
                memory(scan, sentence.start..before, verb, past)
            }
        };
        let comma = close.is_some_and(|c| scan.is_word(c, &[","]));
        let closed = behind && comma && noun.is_empty();
        Some(Below { tokens: opener..end, noun, memory, long_ago: false, closed })
    }

    /// The clause behind "one year after" at `opener`, in which the people of `span` are.
    fn long_ago(
        scan: &Scan<'_, '_>,
        opener: usize,
        span: &Range<usize>,
        sentence: &Range<usize>,
    ) -> Below {
        let close = (span.end..sentence.end).find(|i| scan.is_word(*i, &[",", ";"]));
        let tokens = opener..close.unwrap_or(sentence.end);
        let noun = opener..opener;
        Below { tokens, noun, memory: Memory::Past, long_ago: true, closed: false }
    }

    /// "gathered to remember *the 191 people killed* in 2004", "a memorial for *the 72 who
    /// died* in Lahore": people of whom the main clause says something else, before them.
    fn of_people(scan: &Scan<'_, '_>, mention: &Mention, sentence: &Range<usize>) -> Option<Below> {
        let [group] = &mention.groups[..] else { return None };
        let (start, end) = (group.tokens.start, group.tokens.end);
        let who = scan.is_word(end, &["who", "whom"]);
        let bare = mention.trigger.start == end
            && scan.is(end, Class::KillEd)
            && scan.is_word(mention.trigger.end, &["by", "in", "when", "on", "during", "at"]);
        let known = start > sentence.start + 2 && (who || bare);
        let main = sentence.start..start;
        if !known || !main.clone().any(|i| remembers(scan, sentence, i)) {
            return None;
        }
        let close = (end..sentence.end).find(|i| scan.is_word(*i, &[",", ";"]));
        let tokens = end..close.unwrap_or(sentence.end);
        Some(Below { tokens, noun: end..end, memory: Memory::Past, long_ago: false, closed: false })
    }

    /// Keeps the times that can be the clause's: those in it, else those in the noun
    /// before it; else none where the deed is only remembered.
    pub(super) fn keep_own(&self, whens: &mut Vec<&When>) {
        let inside = |w: &&When| self.tokens.contains(&w.tokens.start);
        let noun = |w: &&When| self.noun.contains(&w.tokens.start);
        if self.long_ago {
            whens.retain(|w| w.grain != Grain::Day);
        } else if whens.iter().any(inside) {
            whens.retain(|w| inside(w));
        } else if self.memory == Memory::Past {
            whens.retain(|w| noun(w));
        } else if self.closed {
            whens.retain(|w| w.tokens.start < self.tokens.end);
        }
    }

    /// Whether the clause is closed before a time that adds things up.
    pub(super) fn is_closed_before(&self, when: &When) -> bool {
        when.grain == Grain::Period && when.tokens.start > self.tokens.end
    }

    /// Whether a place is of the clause: named in it.
    pub(super) fn holds(&self, place: &Range<usize>) -> bool {
        self.tokens.contains(&place.start)
    }

    pub(super) fn memory(&self) -> Memory {
        self.memory
    }
}

/// What the main clause, before the clause and in its verb behind it, has to do with the
/// deed. `past`: the deed is one of an earlier time by its own words.
fn memory(
    scan: &Scan<'_, '_>,
    mut before: Range<usize>,
    mut verb: Range<usize>,
    past: bool,
) -> Memory {
    let since = |i: usize| scan.is_word(i, &["since"]);
    let remembered = before.clone().any(|i| remembers(scan, &before, i))
        || verb.any(|i| recalls(scan, i) || since(i));
    if remembered || past {
        Memory::Past
    } else if before.any(|i| scan.is(i, Class::Mourning)) {
        Memory::Mourned
    } else {
        Memory::None
    }
}

/// "… *which* killed", "*who* had killed": the pronoun that leads to the number.
fn pronoun(scan: &Scan<'_, '_>, span: &Range<usize>, sentence: &Range<usize>) -> Option<usize> {
    let earliest = (sentence.start + 2).max(span.start.saturating_sub(REACH));
    let opens = |i: &usize| scan.is_word(*i, PRONOUNS);
    let found = (earliest..span.start + 1).rev().find(opens)?;
    let broken = (found..span.start).any(|i| breaks(scan, i));
    // "Said that", "fears that": no pronoun.
    let noun = |i: usize| {
        scan.is_any(scan.head(i), &[Class::Deed, Class::War, Class::Person, Class::General])
            || scan.is_word(i, &[",", "group", "gang", "cell", "those", "one", "ones"])
            || scan.tokens.get(i).capital
    };
    let that = scan.is_word(found, &["that"]);
    (!broken && (!that || noun(found - 1))).then_some(found)
}

/// "Two brothers *suspected of killing* 12 people were shot dead": the harm of the main
/// clause is the news, and theirs is known.
fn is_charge(scan: &Scan<'_, '_>, mention: &Mention, sentence: &Range<usize>) -> bool {
    let at = mention.trigger.start;
    let charged = at >= sentence.start + 2
        && scan.is_word(at - 1, &["for", "of", "with"])
        && scan.is_word(at - 2, CHARGED);
    let mut others = (sentence.start..at).chain(mention.span().end..sentence.end);
    charged && others.any(|i| scan.is_any(i, &[Class::KillEd, Class::Die]))
}

const CHARGED: &[&str] =
    &["suspected", "accused", "wanted", "blamed", "charged", "convicted", "guilty", "responsible"];

/// "One year *after* bombers killed 279", "weeks *since* gunmen shot".
fn long_after(scan: &Scan<'_, '_>, span: &Range<usize>, sentence: &Range<usize>) -> Option<usize> {
    let earliest = (sentence.start + 1).max(span.start.saturating_sub(REACH));
    // "Shut *last month* after a gunman killed a guard": no stretch of time.
    let named = |i: usize| i > 1 && scan.is_word(i - 2, &["last", "this"]);
    let opens = |i: &usize| {
        scan.is_word(*i, &["after", "since"]) && scan.is_word(*i - 1, LONG) && !named(*i)
    };
    let found = (earliest..span.start).rev().find(opens)?;
    let clause = found + 1..span.start;
    (!clause.clone().any(|i| scan.is_word(i, &[","]) || breaks(scan, i))).then_some(found)
}

/// Stretches of time after which nothing is of today.
const LONG: &[&str] = &["week", "weeks", "month", "months", "year", "years", "decade", "decades"];

/// Stretches after which a deed is another's.
const UNITS: &[&str] = &["days", "weeks", "months", "years", "week", "month", "year"];

/// "For *killing* 12", "over the *murder of* five": the verb or noun itself.
fn object(scan: &Scan<'_, '_>, mention: &Mention, sentence: &Range<usize>) -> Option<usize> {
    let at = mention.trigger.start;
    if at < sentence.start + 2 {
        return None;
    }
    let gerund = scan.is(at, Class::KillIng) && scan.is_word(at - 1, &["for", "of", "in"]);
    let led = |i: usize| scan.is_word(i, LEADS) || scan.is(i, Class::Mourning);
    let nominal = scan.is(at, Class::DeathOf) && (at - 2..at).any(led);
    (gerund || nominal).then_some(at)
}

/// The deed before a clause, from the preposition that leads to it; empty where
/// there is none.
fn deed(scan: &Scan<'_, '_>, near: Range<usize>, sentence: &Range<usize>) -> Range<usize> {
    let is_deed = |i: &usize| scan.is_any(scan.head(*i), &[Class::Deed, Class::War]);
    let Some(first) = near.clone().find(is_deed) else { return near.end..near.end };
    let back = (sentence.start.max(first.saturating_sub(REACH))..first).rev();
    let start = back.clone().find(|i| scan.is_word(*i, LEADS)).map_or(sentence.start, |i| i + 1);
    start..near.end
}

/// "Stronger than those that killed", "attacks, among them a bombing that killed".
fn is_example(
    scan: &Scan<'_, '_>,
    sentence: &Range<usize>,
    before: usize,
    noun: &Range<usize>,
) -> bool {
    let ahead = sentence.start.max(before.saturating_sub(4))..before;
    let those = scan.is_word(before - 1, &["those", "one", "ones"])
        && ahead.clone().any(|i| scan.is_word(i, &["than", "like", "to"]));
    let listed = sentence.start.max(noun.start.saturating_sub(3))..(noun.start + 1).min(before);
    let among = listed.into_iter().any(|i| {
        scan.is_word(i, &["including"])
            || scan.is_word(i, &["among"]) && scan.is_word(i + 1, &["them"])
    });
    // "It has carried out many attacks in Turkey, including a shooting in Adana that killed".
    let perfect = |i: usize| scan.is_word(i, &["has", "have"]);
    let of_many = noun.clone().find(|i| scan.is_word(*i, &["including"]));
    let of_many = of_many.is_some_and(|i| (sentence.start..i).any(perfect));
    those || (among || of_many) && !noun.is_empty()
}

/// Tokens from a noun or a pronoun to the number, at most.
const REACH: usize = 12;

/// Tokens between a deed and its pronoun ("the bombing of the embassy in Nairobi,
/// which"), at most.
const NEAR: usize = 9;

const PRONOUNS: &[&str] = &["which", "that", "who", "whom", "whose", "where"];

const LEADS: &[&str] = &[
    "over",
    "for",
    "of",
    "in",
    "on",
    "about",
    "after",
    "since",
    "to",
    "with",
    "from",
    "at",
    "behind",
    "following",
];

const ACTS: &[Class] = &[Class::Act, Class::KillEd, Class::KillPres, Class::Die, Class::WoundEd];

fn breaks(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.is_word(i, &[";", "while", "but", "as", "when", "after", "\"", "“"])
        || scan.is(i, Class::Said)
}

/// "Anniversary", "since", "charged": the deed behind it is not of today.
fn remembers(scan: &Scan<'_, '_>, sentence: &Range<usize>, i: usize) -> bool {
    recalls(scan, i) && !is_struck(scan, sentence, i) || scan.is_word(i, &["since"])
}

fn recalls(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.is_any(i, &[Class::Verdict, Class::Aftermath])
}
