//! Deals the numbers of one clause out to its places: "five and seven in Kunduz and
//! Takhar *respectively*", "four in *each* of them", "ten in Kunduz *and six in
//! Takhar*". What is not dealt out stays joint.

use std::ops::Range;

use super::codes;
use super::dealt::by_place;
use super::placing::lists;
use crate::extract::frames::{Mention, is_dated, place_behind};
use crate::extract::groups::{Group, Noun};
use crate::extract::scan::Scan;
use crate::extract::sites::Site;
use crate::lexicon::PlaceCode;
use crate::lexicon::terms::Class;

/// A part of a mention, with the places that its words give to it alone.
pub(super) type Share = (Mention, Option<Vec<PlaceCode>>);

/// The mention, or its parts where its words deal it out.
pub(super) fn shares(
    scan: &Scan<'_, '_>,
    mention: Mention,
    sentence: &Range<usize>,
    scenes: &[&Site],
) -> Vec<Share> {
    let lists = lists(scan, scenes);
    let dealt = respectively(scan, &mention, &lists);
    if let Some(dealt) = dealt.or_else(|| by_place(scan, &mention, sentence, &lists)) {
        return dealt;
    }
    let parts = split(scan, mention, &lists);
    parts.into_iter().flat_map(|part| each(scan, part, &lists)).collect()
}

/// Parts a mention whose groups lie in places of their own.
fn split(scan: &Scan<'_, '_>, mention: Mention, lists: &[Vec<&Site>]) -> Vec<Share> {
    let own: Vec<Option<Vec<PlaceCode>>> =
        mention.groups.iter().map(|g| own_place(scan, g, lists)).collect();
    // "ten died in Kunduz, nine in Takhar": the second has no verb of its own.
    let behind = |g: &Group| g.tokens.start >= mention.trigger.end && g.noun == Noun::None;
    let apart = |g: &Group, place: &Option<_>| place.is_some() || is_dated(scan, g.tokens.end);
    let gapped = mention.groups.first().is_some_and(|g| g.tokens.end <= mention.trigger.start)
        && mention.groups.iter().zip(&own).any(|(g, place)| behind(g) && apart(g, place));
    let parts = mention.groups.iter().zip(&own).filter(|(g, place)| apart(g, place)).count();
    if mention.groups.len() < 2 || parts < if gapped { 1 } else { 2 } {
        return vec![(mention, None)];
    }
    let part = |(group, place): (&Group, Option<Vec<PlaceCode>>)| {
        (Mention { groups: vec![group.clone()], ..mention.clone() }, place)
    };
    mention.groups.iter().zip(own).map(part).collect()
}

/// "six *in Takhar*": the list of places right behind the group.
fn own_place(scan: &Scan<'_, '_>, group: &Group, lists: &[Vec<&Site>]) -> Option<Vec<PlaceCode>> {
    let at = place_behind(scan, group.tokens.end);
    let near = |list: &&Vec<&Site>| list[0].tokens.start >= at && list[0].tokens.start <= at + 2;
    lists.iter().find(near).map(|list| codes(list.iter().copied()))
}

/// As many groups as places, and the word behind them: "five and seven in Kunduz and
/// Takhar respectively", "attacks in Kunduz and Takhar killed five and seven respectively".
fn respectively(
    scan: &Scan<'_, '_>,
    mention: &Mention,
    lists: &[Vec<&Site>],
) -> Option<Vec<Share>> {
    let span = mention.span();
    let list = lists.iter().find(|list| {
        let last = &list[list.len() - 1];
        let after = if list[0].tokens.start >= span.end { last.tokens.end } else { span.end };
        list.len() == mention.groups.len()
            && list.len() > 1
            && (after..after + 4).any(|i| scan.is(i, Class::Respectively))
    })?;
    let part = |(group, site): (&Group, &&Site)| {
        let mut group = group.clone();
        group.party = group.party.or(mention.groups.last().and_then(|g| g.party));
        (Mention { groups: vec![group], ..mention.clone() }, Some(vec![site.code]))
    };
    Some(mention.groups.iter().zip(list).map(part).collect())
}

/// "four people each in Kunduz and Takhar", "four in each of Kunduz and Takhar".
fn each(scan: &Scan<'_, '_>, (mention, own): Share, lists: &[Vec<&Site>]) -> Vec<Share> {
    let end = mention.groups.last().map_or(0, |g| g.tokens.end);
    let dealt = lists.iter().find(|list| {
        let start = list[0].tokens.start;
        let near = start.saturating_sub(5).max(end)..start;
        let whole = scan.is(end, Class::Each) && start <= end + 12;
        list.len() > 1 && start >= end && (whole || scan.has(near, Class::Each))
    });
    match dealt {
        Some(list) if own.is_none() => {
            list.iter().map(|site| (mention.clone(), Some(vec![site.code]))).collect()
        }
        _ => vec![(mention, own)],
    }
}
