//! Numbers that the sentence of an attack tells beside it: of a war, of a run of
//! attacks, of every day. They are sums or rates and never the toll of the news.

use std::ops::Range;

use crate::extract::dates::{Grain, When};
use crate::extract::frames::{Form, Mention};
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

/// Whether the clause of a mention sums up more than one attack.
pub(super) fn sums_up(scan: &Scan<'_, '_>, mention: &Mention, sentence: &Range<usize>) -> bool {
    in_a_run(scan, mention, sentence)
        || of_such(scan, mention)
        || in_a_war(scan, mention, sentence)
        || in_a_week(scan, mention, sentence)
        || is_rate(scan, mention)
}

/// "40 were killed *in attacks across Nigeria this week*": the toll of many days.
fn in_a_week(scan: &Scan<'_, '_>, mention: &Mention, sentence: &Range<usize>) -> bool {
    let behind = mention.trigger.end..sentence.end.min(mention.trigger.end + 14);
    let place = |words: &[&str]| behind.clone().find(|i| scan.is_word(*i, words));
    let across = place(&["across", "throughout", "around", "nationwide"]);
    let deeds = place(ATTACKS).or(place(LASTING)).or(place(&["incidents"]));
    let (Some(deeds), Some(across)) = (deeds, across) else { return false };
    let week = (across..behind.end).find(|i| {
        let this = scan.is_word(*i, &["this", "last"]);
        let past = scan.is_word(*i, &["past"]) && scan.is_word(i.saturating_sub(1), &["the"]);
        (this || past) && scan.is_word(i + 1, &["week"])
    });
    deeds < across && week.is_some()
}

/// Whether as many are only counted over a war ("thousands", "30,000"): no attack of
/// these times killed so many.
/// A numeral with a day of its own may be a wild one of a single attack.
pub(super) fn is_whole_war(scan: &Scan<'_, '_>, mention: &Mention, dated: bool) -> bool {
    let least = |vague: bool| if vague { THOUSANDS } else { WHOLE_WAR };
    let many = mention.groups.iter().any(|g| g.count.best() >= least(g.vague));
    many && (!dated || is_perfect(scan, mention) || mention.groups.iter().all(|g| g.vague))
}

const WHOLE_WAR: u32 = 5000;

const THOUSANDS: u32 = 2000;

/// "the latest in a string of *raids that have killed* 70", "amid *fighting that has
/// killed* 300": what a run of attacks has done up to now.
fn in_a_run(scan: &Scan<'_, '_>, mention: &Mention, sentence: &Range<usize>) -> bool {
    let at = mention.trigger.start;
    if at >= sentence.start + 3 && in_many_attacks(scan, mention, sentence.start..at) {
        return true;
    }
    if at < sentence.start + 3 || !scan.is_word(at - 1, &["has", "have"]) {
        return false;
    }
    let relative = scan.is_word(at - 2, &["that", "which"]);
    let noun = at - 3 - usize::from(scan.is_word(at - 3, &[","]));
    let opening = sentence.start.max(noun.saturating_sub(12))..noun;
    let many = opening.clone().any(|i| scan.is_word(i, RUNS));
    // "attacks in major cities that have killed hundreds".
    let vague = scan.is_word(at - 1, &["have"])
        && mention.groups.iter().all(|g| g.vague)
        && opening.clone().any(|i| scan.is_word(i, ATTACKS));
    relative && (vague || scan.is_word(noun, LASTING) || scan.is_word(noun, ATTACKS) && many)
}

/// "*had* taken part in *attacks that* killed *dozens*".
fn in_many_attacks(scan: &Scan<'_, '_>, mention: &Mention, before: Range<usize>) -> bool {
    let at = before.end;
    scan.is_word(at - 1, &["that", "which"])
        && scan.is_word(at - 2, ATTACKS)
        && mention.groups.iter().all(|g| g.vague)
        && before.clone().any(|i| scan.is_word(i, &["has", "have", "had"]))
}

const RUNS: &[&str] = &[
    "string", "series", "wave", "spate", "latest", "amid", "campaign", "months", "weeks", "years",
];

const LASTING: &[&str] = &[
    "fighting",
    "violence",
    "insurgency",
    "conflict",
    "war",
    "unrest",
    "bloodshed",
    "campaign",
    "rebellion",
    "revolt",
    "militancy",
    "feud",
    "crackdown",
];

const ATTACKS: &[&str] = &[
    "attacks",
    "raids",
    "bombings",
    "clashes",
    "strikes",
    "killings",
    "blasts",
    "ambushes",
    "shootings",
    "airstrikes",
    "operations",
    "assaults",
];

/// "puts the number of victims *of such killings* at 240".
fn of_such(scan: &Scan<'_, '_>, mention: &Mention) -> bool {
    mention.span().any(|i| {
        scan.is_word(i, &["of", "in"])
            && scan.is_word(i + 1, &["such"])
            && (scan.is_word(i + 2, ATTACKS) || scan.is_word(i + 2, LASTING))
    })
}

/// "took *the day's toll* to 125": of all the attacks of the day.
pub(super) fn is_of_the_day(scan: &Scan<'_, '_>, mention: &Mention) -> bool {
    let at = mention.trigger.start;
    mention.form == Form::Toll
        && (at.saturating_sub(3)..at)
            .any(|i| scan.is_word(i, &["day"]) && scan.is_word(i + 1, &["'s", "’s"]))
}

/// "112 politicians *have been murdered in the campaign*".
pub(super) fn in_a_campaign(scan: &Scan<'_, '_>, mention: &Mention) -> bool {
    let at = mention.trigger.end;
    scan.is_word(at, &["in", "during"])
        && scan.is_word(at + 1, &["the"])
        && scan.is_word(at + 2, &["campaign", "war", "conflict", "insurgency", "feud", "rebellion"])
        && is_perfect(scan, mention)
        // "in the war *zone*", "the campaign *rally bombing*", "the insurgency*-hit* state".
        && !scan.tokens.is_hyphen(at + 3)
        && !scan.is_any(scan.head(at + 3), &[Class::Deed, Class::Person])
        && !scan.is_word(at + 3, &["zone", "rally", "rallies", "trail"])
}

/// "3,500 have died *in the 17-year war*".
fn in_a_war(scan: &Scan<'_, '_>, mention: &Mention, sentence: &Range<usize>) -> bool {
    let behind = mention.trigger.end..sentence.end.min(mention.trigger.end + 8);
    behind.into_iter().any(|i| {
        let years = scan.is_word(i, &["year", "years", "decade"]) && scan.tokens.is_hyphen(i - 1);
        let lasting = (i + 1..i + 4).any(|t| scan.is_word(t, LASTING));
        years && lasting
    })
}

/// "about 30 people are killed *a day*".
fn is_rate(scan: &Scan<'_, '_>, mention: &Mention) -> bool {
    let at = mention.span().end;
    let unit = |i: usize| scan.is_word(i, &["day", "week", "month", "year"]);
    let every = scan.is_word(at, &["a", "every", "each", "per"]) && unit(at + 1);
    let once = ["ago", "earlier", "before", "after", "later", "on", "in", "old", "-", "when"];
    every && !scan.is_word(at + 2, &once)
}

/// "the deadliest attack *since May*", "the fifth attack *this month*": the time ranks
/// the attack, and nobody is counted over it who is told before it.
pub(super) fn ranks(scan: &Scan<'_, '_>, mention: &Mention, when: &When) -> bool {
    let start = when.tokens.start;
    let words = start.saturating_sub(7)..start;
    let since = scan.is_word(start, &["since"]) && words.clone().any(|i| scan.is_word(i, MOST));
    let ordinal = scan.is_word(start, &["this", "since", "in"])
        && words
            .clone()
            .filter(|i| scan.is_word(*i, ORDINALS) || scan.is_word(*i, MOST))
            .any(|i| (i + 1..start).all(|t| !scan.is(t, Class::Said)));
    let end = when.tokens.end + usize::from(scan.is_word(when.tokens.end, &[","]));
    let told_then = scan.is_word(end, &["when", "which"])
        || scan.is_word(end, &["in"]) && scan.is_word(end + 1, &["which"]);
    let behind = mention.trigger.start >= when.tokens.end;
    // "the worst attack *since March,* killed 14": the comma closes the rank.
    let closed = scan.is_word(when.tokens.end, &[",", "and"]);
    let ahead = behind && (since && !closed || told_then);
    (since || ordinal) && !ahead
}

/// "Two were shot dead, *bringing to 40 the number killed since October*", "a feud *that has
/// cost 40 lives this year*": the time of the total alone.
pub(super) fn is_of_a_total(scan: &Scan<'_, '_>, mention: &Mention, when: &When) -> bool {
    let end = mention.span().end;
    when.grain == Grain::Period
        && mention.form != Form::Toll
        && end < when.tokens.start
        && (end..when.tokens.start).any(|i| {
            let lasting =
                scan.is_word(i, &["that", "which"]) && scan.is_word(i + 1, &["has", "have"]);
            lasting || scan.is_word(i, &["bringing", "raising", "taking"])
        })
}

/// "nine died, *two weeks after* a bomb that killed 23": the time is of what stands
/// behind it.
pub(super) fn is_behind(scan: &Scan<'_, '_>, mention: &Mention, when: &When) -> bool {
    scan.is_word(when.tokens.end - 1, &["after"]) && mention.span().start < when.tokens.start
}

/// "were found dead *two weeks after* they had vanished": all that looks back in the
/// sentence stands behind the number.
pub(super) fn leads_back(scan: &Scan<'_, '_>, mention: &Mention, sentence: &Range<usize>) -> bool {
    let back = |i: &usize| scan.is(*i, Class::Backward);
    let first = sentence.clone().find(back);
    let after = |i: usize| scan.is_word(i + scan.span(i) - 1, &["after"]);
    first.is_some_and(|i| i >= mention.span().end && after(i))
}

/// "446 *have been killed*, according to an AFP *tally*": what somebody has been adding up.
pub(super) fn in_a_tally(scan: &Scan<'_, '_>, mention: &Mention, sentence: &Range<usize>) -> bool {
    let tally = |i: usize| {
        scan.is_word(i, &["according"])
            && (i + 2..sentence.end.min(i + 8))
                .any(|t| scan.is_word(t, &["tally", "count", "tallies"]))
    };
    is_perfect(scan, mention) && sentence.clone().any(tally)
}

/// "*have been* killed": up to now, on no day.
pub(super) fn is_perfect(scan: &Scan<'_, '_>, mention: &Mention) -> bool {
    let at = mention.trigger.start;
    (at.saturating_sub(3)..at).any(|i| scan.is_word(i, &["have", "has"]))
}

/// "killed 21 *in response to* the raids", "shot six, *the worst since* May": the words
/// that look back stand behind the number, which is of now.
pub(super) fn looks_back_behind(
    scan: &Scan<'_, '_>,
    mention: &Mention,
    sentence: &Range<usize>,
) -> bool {
    let back = |i: usize| {
        let words = i..i + scan.span(i);
        let cause = |w: usize| scan.is_word(w, CAUSES);
        scan.is_word(i, &["the", "deadliest"]) || words.into_iter().any(cause)
    };
    let mut behind = scan.all(mention.span().end..sentence.end, Class::Backward).peekable();
    let mut before = scan.all(sentence.start..mention.span().end, Class::Backward);
    behind.peek().is_some() && before.next().is_none() && behind.all(back)
}

/// Whether the sentence looks back at an earlier deed; "in response to *the raids*" names
/// those that the story tells of.
pub(super) fn looks_back(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> bool {
    scan.all(sentence.clone(), Class::Backward).any(|i| {
        let end = i + scan.span(i);
        let cause = (i..end).any(|w| scan.is_word(w, CAUSES));
        let at = end - usize::from(scan.is_word(end - 1, &["the"]));
        let known = scan.is_word(at, &["the", "those", "these"])
            && (at + 1..at + 4).any(|w| scan.is(w, Class::Deed));
        // "helicopters followed *them*", "a blast followed *by gunfire*".
        let chased =
            scan.is_word(end - 1, &["followed"]) && scan.is_word(end, &["them", "him", "by"]);
        !(cause && known || chased)
    })
}

/// Words that give what came before as the cause.
const CAUSES: &[&str] = &["response", "retaliation", "revenge", "retribution", "avenge"];

const MOST: &[&str] = &[
    "deadliest",
    "worst",
    "bloodiest",
    "biggest",
    "largest",
    "heaviest",
    "first",
    "gravest",
    "highest",
];

const ORDINALS: &[&str] = &[
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "11th", "12th", "latest",
];

/// "An earlier version of this report said that nine were killed."
pub fn is_taken_back(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    let text = |at: usize| scan.is_word(at, &["this", "the", "our"]) && scan.is_word(at + 1, TEXTS);
    range.clone().any(|i| {
        let version = scan.is_word(i, &["earlier", "previous", "first", "original"])
            && scan.is_word(i + 1, &["version", "versions"])
            && scan.is_word(i + 2, &["of"])
            && text(i + 3);
        let itself = text(i)
            && scan.is_word(i + 2, &["previously", "originally", "initially", "earlier"])
            && scan.is(i + 3, Class::Said);
        version || itself
    })
}

/// What an outlet calls its own words.
const TEXTS: &[&str] = &["article", "story", "report", "dispatch", "post", "item"];
