//! When a sentence and each of its clauses was: which of the days that it names
//! belong to which number.

use std::ops::Range;

use jiff::civil::Date;

use super::clauses::{Below, Memory};
use super::placing::distance;
use super::{Told, past};
use crate::extract::calendar::{month_of, shifted, year_of};
use crate::extract::dates::{Grain, When, times};
use crate::extract::event::{Days, Outcome};
use crate::extract::frames::{Form, Mention};
use crate::extract::scan::Scan;
use crate::extract::sites::{Role, Sites};
use crate::lexicon::terms::Class;

/// The times of a sentence, or the one that it points back at.
pub(super) fn whens(
    scan: &Scan<'_, '_>,
    sites: &Sites,
    range: &Range<usize>,
    today: Date,
    found: &[Told],
) -> Vec<When> {
    let mut whens = without_dateline(scan, sites, range, times(scan, range.clone(), today));
    if whens.is_empty() && points_back(scan, range) {
        let last = || found.last().and_then(|t| t.whens.last());
        let day = |w: &&When| w.grain == Grain::Day && !w.speech;
        let days = || found.iter().rev().take(REACH).flat_map(|t| t.whens.iter().rev()).find(day);
        let told = if names_a_day(scan, range) { days().or_else(last) } else { last() };
        whens.extend(told.cloned());
    }
    from_told(scan, &mut whens, today, found);
    whens
}

/// Counts days such as "a day earlier" from the day that they lean on: that on which
/// somebody spoke ("Police said on Wednesday that 14 were killed *a day earlier*"), the one
/// told beside them ("on Tuesday, *a day after* …"), or that of a sentence before.
fn from_told(scan: &Scan<'_, '_>, whens: &mut Vec<When>, today: Date, found: &[Told]) {
    let recent = |w: &&When| w.grain == Grain::Day && (today - w.days.last()).get_days() <= 7;
    for i in 0..whens.len() {
        if !whens[i].relative || whens[i].grain != Grain::Day {
            continue;
        }
        let after = scan.is_word(whens[i].tokens.end - 1, &["after"]);
        let spoke = whens[..i].iter().rfind(|w| !after && w.speech && w.grain == Grain::Day);
        let beside = whens[..i].iter().rfind(|w| recent(w) && !w.relative && !w.speech);
        let behind = whens[i + 1..].iter().find(|w| after && !w.speech && recent(w));
        let before = || found.iter().rev().take(REACH).flat_map(|t| t.whens.iter().rev());
        let told = || before().find(|w| recent(w) && !w.speech && !w.relative);
        let base = spoke.or(beside).or(behind).or_else(told).map(|w| w.days.first());
        let back = i64::from((today - whens[i].days.last()).get_days());
        if let Some(base) = base {
            whens[i].days = Days::on(shifted(base, -back).min(today));
            whens[i].relative = false;
        } else if after {
            whens[i].relative = false;
        }
    }
    // "*The next day* they killed nine", where no day was told but "last month".
    if whens.iter().any(|w| w.relative && w.days.first() > today) {
        whens.retain(|w| !(w.relative && w.days.first() > today));
        let last = found.iter().rev().take(REACH).flat_map(|t| t.whens.last()).next();
        whens.extend(last.filter(|w| w.grain == Grain::Loose).cloned());
    }
}

/// Sentences back to which a day is looked for, at most.
const REACH: usize = 4;

/// "In that same year", "later the same day": the time of the sentence before.
fn points_back(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    range.clone().any(|i| {
        let same = scan.is_word(i, &["same"])
            || scan.is_word(i, &["that"]) && scan.is_word(i.saturating_sub(1), &["in", "during"]);
        same && scan.is_word(i + 1, &["year", "month", "week", "period", "day", "night"])
    })
}

/// "On the same day", "later the same evening".
fn names_a_day(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    let parts = ["day", "night", "evening", "morning", "afternoon"];
    range.clone().any(|i| scan.is_word(i, &["same"]) && scan.is_word(i + 1, &parts))
}

/// "KABUL, June 17 -": the day of writing is no day of the event.
fn without_dateline(
    scan: &Scan<'_, '_>,
    sites: &Sites,
    range: &Range<usize>,
    mut whens: Vec<When>,
) -> Vec<When> {
    let opens = sites.inside(range).first().is_some_and(|s| s.role == Role::Dateline);
    let limit = range.end.min(range.start + 14);
    let mark = (range.start..limit)
        .find(|i| scan.is_word(*i, &["—", "–", "-", ":", ")"]) && scan.tokens.get(*i).spaced);
    if let Some(mark) = mark.filter(|_| opens) {
        whens.retain(|w| w.tokens.end > mark);
    }
    whens
}

/// The time of a mention, and whether it is of a deed that is only remembered.
pub(super) fn of(
    scan: &Scan<'_, '_>,
    mention: &Mention,
    anchor: &Range<usize>,
    sentence: &Range<usize>,
    (whens, below): (&[When], Option<&Below>),
) -> (Option<When>, bool) {
    let told_later = |w: &When| is_of_the_count(scan, mention, w);
    let far = |w: &When| distance(scan, anchor, &w.tokens);
    let possible = whens
        .iter()
        .filter(|w| !past::ranks(scan, mention, w) && !past::is_behind(scan, mention, w))
        .filter(|w| !past::is_of_a_total(scan, mention, w));
    let fits = |w: &&When| {
        w.grain == Grain::Period
            && far(w) <= 16
            && !belongs_inside(scan, mention, w, sentence.start)
            || !w.speech
                && !told_later(w)
                && !is_of_another(scan, mention, w)
                && !is_of_a_deed_behind(scan, mention, w)
                && !belongs_below(scan, mention, w, sentence)
                && !belongs_inside(scan, mention, w, sentence.start)
                && !is_of_the_seizure(scan, mention, w)
    };
    let mut found: Vec<&When> = possible.filter(fits).collect();
    if let Some(below) = below {
        found.retain(|w| !below.is_closed_before(w));
        below.keep_own(&mut found);
    }
    let near_period = found.iter().find(|w| w.grain == Grain::Period && far(w) <= 16);
    let nearest = || found.iter().min_by_key(|w| (w.grain == Grain::Period, far(w)));
    let when = near_period.or_else(nearest).map(|w| (*w).clone());
    let when = when.map(|w| if happened_then(scan, mention, &w) { of_then(scan, w) } else { w });
    let past = match below.map(|b| b.memory()) {
        Some(Memory::Past) => true,
        Some(Memory::Mourned) => when.is_some(),
        Some(Memory::None) | None => false,
    };
    (when, past)
}

/// "the worst since March, *when* 134 were killed": the time of that deed.
fn happened_then(scan: &Scan<'_, '_>, mention: &Mention, when: &When) -> bool {
    let end = when.tokens.end + usize::from(scan.is_word(when.tokens.end, &[","]));
    when.grain == Grain::Period && scan.is_word(end, &["when"]) && mention.trigger.start > end
}

/// The day, month or year with which the period began.
fn of_then(scan: &Scan<'_, '_>, when: When) -> When {
    let first = when.days.first();
    let last = scan.tokens.lower(when.tokens.end - 1);
    let numbers = when.tokens.clone().filter(|i| scan.numeral(*i).is_some()).count();
    let year = last.len() == 4 && last.bytes().all(|b| b.is_ascii_digit());
    let (days, grain) = match (numbers, year, first.day()) {
        (1, true, 1) if when.tokens.len() == 2 => (year_of(first.year()), Grain::Loose),
        (0, ..) | (1, true, _) if first.day() == 1 => (month_of(first), Grain::Loose),
        _ => (Days::on(first), Grain::Day),
    };
    When { days, grain, ..when }
}

/// "The toll from Saturday's attack rose to 14 *on Monday*": the day of the count.
pub(super) fn is_of_the_count(scan: &Scan<'_, '_>, mention: &Mention, when: &When) -> bool {
    mention.form == Form::Toll
        && when.tokens.start >= mention.span().end
        && !scan.is_word(when.tokens.end, &["'s", "’s"])
}

/// "12 died at the scene, two in hospital and another *on Wednesday*": of the last alone.
fn is_of_another(scan: &Scan<'_, '_>, mention: &Mention, when: &When) -> bool {
    let start = when.tokens.start;
    let on = start - usize::from(start > 0 && scan.is_word(start - 1, &["on"]));
    let bare = on > 1
        && (scan.is_word(on - 1, &["another"]) || scan.numeral(on - 1).is_some())
        && scan.is_word(on - 2, &["and", ","]);
    bare && mention.span().end < on - 1
}

/// "killed 11 men blamed for the massacre of 20 *in July*": a time behind a clause
/// with harm of its own is that clause's.
fn belongs_below(
    scan: &Scan<'_, '_>,
    mention: &Mention,
    when: &When,
    sentence: &Range<usize>,
) -> bool {
    let gap = mention.span().end..when.tokens.start.min(sentence.end);
    // "hostages *it seized* on Monday", "*abducted in* 2016": the time of the capture.
    let bare = gap.start < gap.end && scan.is_word(gap.start, &["it", "they", "he", "she"]);
    if bare || seized_then(scan, &gap) {
        return mention.outcome != Outcome::Abducted;
    }
    let Some(below) = gap.clone().find(|i| scan.is_word(*i, SUBORDINATORS)) else { return false };
    // "a constable who had been on leave since July": no total over a period.
    let relative = scan.is_word(below, &["who", "which", "that", "whose", "where"]);
    let harm = (below..gap.end).any(|i| scan.is_any(i, HARM));
    harm || relative && when.grain == Grain::Period
}

/// "killed 15 in revenge for an attack *last Wednesday in which* six died".
fn is_of_a_deed_behind(scan: &Scan<'_, '_>, mention: &Mention, when: &When) -> bool {
    let end = when.tokens.end;
    let which = scan.is_word(end, &["in"]) && scan.is_word(end + 1, &["which"])
        || scan.is_word(end, &["that", "which"]);
    let back = mention.span().end..when.tokens.start;
    which
        && back.len() > 3
        && back.rev().take(5).any(|i| {
            scan.is(i, Class::Deed) && scan.is_word(i.saturating_sub(1), &["a", "an", "the"])
        })
}

/// "hostages *abducted in* 2016": only the capture stands between.
fn seized_then(scan: &Scan<'_, '_>, gap: &Range<usize>) -> bool {
    let verb = scan.head(gap.start);
    let on = |i: usize| scan.is_word(i, &["in", "on", "last", "late", "early", "during"]);
    gap.start < gap.end
        && scan.is(verb, Class::AbductEd)
        && (verb + scan.span(verb)..gap.end).all(on)
}

/// "five workers *seized last month* have been killed", "*who were abducted in May* were
/// found dead": a time between the people and their verb that tells of something else.
fn is_of_the_seizure(scan: &Scan<'_, '_>, mention: &Mention, when: &When) -> bool {
    let [group] = &mention.groups[..] else { return false };
    let (opener, verb) = (group.tokens.end, mention.trigger.start);
    if opener >= when.tokens.start || when.tokens.end >= verb {
        return false;
    }
    let helper = |i: usize| scan.is_any(scan.head(i), &[Class::Be, Class::Have, Class::Adverb]);
    // "abducted last month *in Kano* was found dead".
    let place = |i: usize| {
        scan.is_word(
            i,
            &["in", "at", "near", "from", "of", "province", "state", "district", "city"],
        ) || scan.tokens.get(i).capital
    };
    let closed = (when.tokens.end..verb).all(|i| helper(i) || place(i) || scan.is_word(i, &[","]));
    let seized = (opener..when.tokens.start.min(opener + 4))
        .any(|i| scan.is_any(i, &[Class::AbductEd, Class::Capture]));
    closed && seized
}

/// "a scholar *who* gave a speech in 2012*, has been* killed": a time inside a relative
/// clause that is closed before the verb.
fn belongs_inside(scan: &Scan<'_, '_>, mention: &Mention, when: &When, start: usize) -> bool {
    let verb = mention.trigger.start;
    if is_remembered(scan, mention, when, start) {
        return true;
    }
    let comma = (when.tokens.end..verb).find(|i| scan.is_word(*i, &[","]));
    let Some(comma) = comma else { return false };
    let helper = |i: usize| scan.is_any(scan.head(i), &[Class::Be, Class::Have, Class::Adverb]);
    // "the group, *which has fought since 2023*, struck a market, killing three".
    let told_then = scan.is_word(comma + 1, &["when", "which", "where"]);
    let lasting = when.grain == Grain::Period && !told_then;
    let closed = (comma + 1..verb).all(helper);
    let clause = (start..when.tokens.start).rev().take_while(|i| !scan.is_word(*i, &[";"]));
    let opener = clause.into_iter().find(|i| scan.is_word(*i, &["who", "which", "whose"]));
    let aside = opener.is_some_and(|i| i > start && scan.is_word(i - 1, &[","]));
    comma + 1 < verb && opener.is_some() && (closed || lasting && aside)
}

/// "At a funeral for a lawyer *who was shot the day before,* a bomber killed 70": a time at
/// the end of a clause that tells of harm before the sentence's own.
fn is_remembered(scan: &Scan<'_, '_>, mention: &Mention, when: &When, start: usize) -> bool {
    let end = when.tokens.end;
    let then = scan.is_word(end + 1, &["when", "in"]);
    if !scan.is_word(end, &[","]) || then || mention.span().start <= end {
        return false;
    }
    let back = (start.max(when.tokens.start.saturating_sub(8))..when.tokens.start).rev();
    let opener = back.clone().find(|i| scan.is_word(*i, &["who", "which"]));
    opener.is_some_and(|o| (o..when.tokens.start).any(|i| scan.is_any(i, HARM)))
}

const SUBORDINATORS: &[&str] =
    &["who", "which", "that", "whose", "blamed", "linked", "accused", "after", "since", "where"];

const HARM: &[Class] = &[
    Class::KillEd,
    Class::KillIng,
    Class::Die,
    Class::DeathOf,
    Class::WoundEd,
    Class::AbductEd,
    Class::Deed,
];
