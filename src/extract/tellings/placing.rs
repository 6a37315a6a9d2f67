//! Where a counted clause was: the scenes of its sentence in lists, the nearest list,
//! and the time beside it.

use std::ops::Range;

use super::clauses::Below;
use super::scenes::codes;
use super::spot::spot;
use super::{Placed, apart, past, times};
use crate::extract::dates::{Grain, When};
use crate::extract::frames::Mention;
use crate::extract::scan::Scan;
use crate::extract::sites::Site;
use crate::lexicon::terms::Class;
use crate::text::words::{Lot, lot};

/// Gives a mention the scenes and the time of its clause.
pub(super) fn place(
    scan: &Scan<'_, '_>,
    mention: Mention,
    sentence: &Range<usize>,
    scenes: &[&Site],
    whens: &[When],
) -> Placed {
    let span = mention.span();
    let anchor = if mention.groups.len() == 1 { mention.groups[0].tokens.clone() } else { span };
    let lists = lists(scan, scenes);
    let whole = |list: &Vec<&Site>| list[0].tokens.start..list[list.len() - 1].tokens.end;
    let opener = apart::other_attack(scan, sentence);
    let other = opener.is_some_and(|at| mention.trigger.start > at)
        || apart::is_set_apart(scan, &mention, sentence);
    // A place behind "hours after" is the other attack's.
    let is_others = |place: &Range<usize>| !other && opener.is_some_and(|at| place.start > at);
    let below = Below::of(scan, &mention, sentence, whens);
    let nearest = lists
        .iter()
        .filter(|list| !is_of_a_part(scan, &anchor, &whole(list)) && !is_others(&whole(list)))
        .min_by_key(|list| farness(scan, &anchor, &whole(list), below.as_ref()));
    let (when, past) = times::of(scan, &mention, &anchor, sentence, (whens, below.as_ref()));
    let own_time = has_own_time(scan, &anchor, when.as_ref(), whens);
    let places = nearest
        .filter(|list| !own_time || whole(list).start >= anchor.start)
        .filter(|list| !is_of_next_clause(scan, &anchor, &whole(list), (when.as_ref(), whens)))
        .map(|list| codes(list.iter().copied()))
        .unwrap_or_default();
    let ahead = is_ahead(scan, &mention, sentence, whens);
    let spot = spot(scan, sentence, scenes, &anchor);
    let dated = when.as_ref().is_some_and(|w| w.grain == Grain::Day);
    let sum = past::sums_up(scan, &mention, sentence)
        || past::is_whole_war(scan, &mention, when.is_some())
        || !dated && past::in_a_campaign(scan, &mention)
        || when.is_none() && past::in_a_tally(scan, &mention, sentence);
    let several = apart::is_over_several(scan, &mention, sentence);
    let of_day = past::is_of_the_day(scan, &mention);
    let parted = apart::is_parted(scan, &mention, sentence);
    Placed {
        mention,
        places,
        when,
        spot,
        voice: None,
        dealt: false,
        sum,
        past,
        ahead,
        other,
        several,
        parted,
        own_time,
        of_day,
    }
}

/// How far a place is from the people counted: beyond another clause, outside their own, in
/// tokens.
fn farness(
    scan: &Scan<'_, '_>,
    anchor: &Range<usize>,
    place: &Range<usize>,
    below: Option<&Below>,
) -> (bool, bool, usize) {
    let outside = below.is_some_and(|b| !b.holds(place));
    let far = distance(scan, anchor, place) + of_clause_before(scan, anchor, place);
    (is_beyond(scan, anchor, place), outside, far)
}

/// Whether all that looks back in the sentence stands behind the number.
fn is_ahead(
    scan: &Scan<'_, '_>,
    mention: &Mention,
    sentence: &Range<usize>,
    whens: &[When],
) -> bool {
    whens.iter().any(|w| past::is_behind(scan, mention, w))
        || past::leads_back(scan, mention, sentence)
        || past::looks_back_behind(scan, mention, sentence)
}

/// "Three were stabbed there in October*, and an officer was killed in Rambouillet in April*":
/// a place in the clause behind, which has a day of its own.
fn is_of_next_clause(
    scan: &Scan<'_, '_>,
    anchor: &Range<usize>,
    place: &Range<usize>,
    (when, whens): (Option<&When>, &[When]),
) -> bool {
    let Some(own) = when else { return false };
    let border = |i: &usize| scan.is_word(*i, &["and"]) && scan.is_word(*i - 1, &[",", ";"]);
    let mut gap = own.tokens.end.max(anchor.end) + 1..place.start;
    let Some(opens) = gap.find(border) else { return false };
    whens.iter().any(|w| w.tokens.start > opens && !w.speech && w.grain != Grain::Period)
}

/// "killed 27 in Haditha on Monday*, and 60 died on February 23*": a clause that begins with
/// its people and has a day of its own, so that no place before it is its.
fn has_own_time(
    scan: &Scan<'_, '_>,
    anchor: &Range<usize>,
    when: Option<&When>,
    whens: &[When],
) -> bool {
    let Some(own) = when else { return false };
    let opens = (anchor.start.saturating_sub(4)..anchor.start)
        .rev()
        .find(|i| scan.is_word(*i, &["and"]) && *i > 0 && scan.is_word(*i - 1, &[",", ";"]));
    let Some(opens) = opens else { return false };
    let before = |w: &When| w.tokens.end <= opens && !w.speech && w.grain != Grain::Period;
    own.tokens.start > opens && whens.iter().any(before)
}

/// "53 were killed in separate attacks, *including a bombing in Quetta*": the place of one
/// attack of several.
fn is_of_a_part(scan: &Scan<'_, '_>, anchor: &Range<usize>, place: &Range<usize>) -> bool {
    let mut gap = anchor.end..place.start;
    let including = gap.find(|i| scan.is(*i, Class::Including));
    including.is_some_and(|i| {
        let article = i + scan.span(i);
        scan.is_word(article, &["a", "an", "one"])
            && (article + 1..place.start.min(article + 6)).any(|t| scan.is(t, Class::Deed))
    })
}

/// "killing one *while* a bomb in Mosul killed another": the place of another clause.
fn is_beyond(scan: &Scan<'_, '_>, anchor: &Range<usize>, place: &Range<usize>) -> bool {
    (anchor.end..place.start).any(|i| scan.is_word(i, &["while", ";", "whereas"]))
}

/// "killed seven in Maiduguri*, and four more died* when another bomber struck in Potiskum": how
/// much farther the place of the clause before is.
fn of_clause_before(scan: &Scan<'_, '_>, anchor: &Range<usize>, place: &Range<usize>) -> usize {
    let anew = |i: usize| scan.is_word(i, &["another", "second", "separate", "third"]);
    let afresh = (anchor.end..anchor.end + 8).any(anew);
    let opens = afresh
        && anchor.start >= 2
        && scan.is_word(anchor.start - 1, &["and"])
        && scan.is_word(anchor.start - 2, &[",", ";"]);
    if opens && place.end < anchor.start { CLAUSE } else { 0 }
}

/// How many tokens a clause's border counts for a place told before it.
const CLAUSE: usize = 12;

/// Scenes grouped into lists: those that only commas, "and" and words such as
/// "province" part belong together and share what is said of them.
pub(super) fn lists<'a>(scan: &Scan<'_, '_>, scenes: &[&'a Site]) -> Vec<Vec<&'a Site>> {
    let mut found: Vec<Vec<&Site>> = Vec::new();
    for site in scenes {
        let joined = found.last().and_then(|list| list.last()).is_some_and(|before: &&Site| {
            let mut gap = before.tokens.end..site.tokens.start;
            gap.len() <= 8 && gap.all(|i| is_joint(scan, i))
        });
        match found.last_mut() {
            Some(list) if joined => list.push(site),
            _ => found.push(vec![site]),
        }
    }
    found
}

fn is_joint(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.is_word(i, JOINTS)
}

const JOINTS: &Lot = &lot(&[
    ",",
    "and",
    "or",
    "&",
    "in",
    "of",
    "the",
    "province",
    "provinces",
    "district",
    "districts",
    "city",
    "town",
    "eastern",
    "western",
    "northern",
    "southern",
    "central",
    "neighboring",
    "neighbouring",
    "state",
    "states",
    "northeastern",
    "northwestern",
    "southeastern",
    "southwestern",
    "'s",
    "’s",
    "capital",
    "governorate",
    "region",
    "village",
    "area",
    "-",
    "'",
    "as",
    "well",
    "(",
    ")",
    "north",
    "south",
    "east",
    "west",
    "near",
    "outside",
    "nearby",
    "county",
    "adjacent",
    "restive",
    "volatile",
    "adjoining",
    "also",
    "at",
]);

/// Tokens between two ranges; clause borders count more.
pub(super) fn distance(scan: &Scan<'_, '_>, a: &Range<usize>, b: &Range<usize>) -> usize {
    let gap = if a.end <= b.start {
        a.end..b.start
    } else if b.end <= a.start {
        b.end..a.start
    } else {
        return 0;
    };
    let borders = gap
        .clone()
        .filter(|i| {
            scan.is_word(*i, &[";", "while", "but", "and", "when", "after"])
                || scan.is(*i, Class::Said)
        })
        .count();
    gap.len() + 8 * borders
}
