//! How the groups of a sentence hang together: joined, or one a part of another.

use std::ops::Range;

use super::VERBS;
use crate::extract::event::{Count, Party};
use crate::extract::groups::{Group, Noun};
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

/// How a group hangs on the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    None,
    And,
    Including,
}

/// How group `i` hangs on the one before it, from the words between them.
pub fn link(scan: &Scan<'_, '_>, groups: &[Group], i: usize) -> Link {
    let Some(before) = i.checked_sub(1).map(|b| &groups[b]) else { return Link::None };
    let gap = past_abbreviation(scan, before.tokens.end)..groups[i].tokens.start;
    if groups[i].of_them && is_parenthesis(scan, &gap) {
        return Link::Including;
    }
    // "one of them*, a boy,* died".
    let who = before.of_them && before.count == Count::exactly(1) && groups[i].single;
    if who && gap.len() == 1 && scan.is_word(gap.start, &[","]) {
        return Link::Including;
    }
    if gap.is_empty() || is_parted(scan, groups, i, &gap) {
        return Link::None;
    }
    let one = before.single || before.count == Count::exactly(1);
    if one && names_a_post(scan, gap.clone()) || names_a_unit(scan, gap.clone()) {
        return Link::And;
    }
    if gap.len() > 9 {
        return Link::None;
    }
    if gap.clone().any(|t| scan.is(t, Class::Including)) {
        return including(scan, gap);
    }
    let joins = gap.clone().any(|t| {
        scan.is_word(t, &["and", "&", ",", "plus", "-", "–", "—", "("])
            || scan.is(t, Class::Excluding)
    });
    if is_apposition(groups, i, scan, &gap) {
        return Link::And;
    }
    let named = |t: usize| one && is_name(scan, t);
    let plain =
        gap.clone().all(|t| joins_words(scan, t) || named(t)) || names_a_place(scan, gap.clone());
    if !(joins && plain) {
        return Link::None;
    }
    if is_share(scan, &groups[i], &gap) { Link::Including } else { Link::And }
}

/// "twelve people, *including* five women": a part, where the words between tell no other
/// harm ("its driver *was among the dead and* four others were hurt").
fn including(scan: &Scan<'_, '_>, mut gap: Range<usize>) -> Link {
    let told = |t: usize| {
        scan.is(t, Class::Including) && scan.is_word(t, &["was", "were", "is", "are"])
            || scan.is_word(t, &["was", "were"]) && scan.is_word(t + 1, &["among"])
    };
    let clean = gap.all(|t| !scan.is_any(t, VERBS) && !told(t));
    if clean { Link::Including } else { Link::None }
}

/// Whether a joined group is a part of the one before it by its own words.
fn is_share(scan: &Scan<'_, '_>, group: &Group, gap: &Range<usize>) -> bool {
    let end = group.tokens.end;
    // "two of his sons, both schoolboys".
    let both = scan.is_word(gap.end - 1, &[","]) && scan.is_word(group.tokens.start, &["both"]);
    // "seven, three critically": a part of them.
    let worse = scan.is_word(end, SEVERELY) && group.noun == Noun::None;
    // "ten people, five soldiers *among them*, were killed".
    let among = scan.is_word(end, &["among", "amongst"]) && scan.is_word(end + 1, &["them"]);
    both || group.of_them || worse || among || scan.is_word(end, &["included"])
}

/// Whether the group speaks, or is one of those of whom the sentence opens: no list.
fn is_parted(scan: &Scan<'_, '_>, groups: &[Group], i: usize, gap: &Range<usize>) -> bool {
    scan.is(groups[i].tokens.end, Class::Said)
        || is_of(scan, &groups[i - 1]) && gap.clone().any(|t| scan.is_word(t, &[","]))
        || are_speakers(scan, groups, i, gap)
}

/// "*Of the 14* on board, nine died": the sentence opens with those of whom it tells.
fn is_of(scan: &Scan<'_, '_>, group: &Group) -> bool {
    let of = group.tokens.start.checked_sub(1);
    of.is_some_and(|of| scan.is_word(of, &["of"]) && scan.tokens.get(of).capital)
}

/// "five bombers *- four women and a man -*": told between dashes or in brackets, and
/// as many as the group before it.
fn is_apposition(groups: &[Group], i: usize, scan: &Scan<'_, '_>, gap: &Range<usize>) -> bool {
    let whole = groups[i - 1].count.best();
    let mut sum = 0u32;
    let mut sums = groups[i..].iter().take(5).map(|g| {
        sum = sum.saturating_add(g.count.best());
        (sum, g.tokens.end)
    });
    let last = sums.find(|(sum, _)| *sum >= whole).filter(|(sum, _)| *sum == whole);
    let mark = |t: usize| scan.is_word(t, &["-", "–", "—", "(", "--"]);
    let close = |t: usize| mark(t) || scan.is_word(t, &[")"]);
    let parted = last.is_some_and(|(_, end)| close(end));
    whole > 1 && gap.len() == 1 && mark(gap.start) && parted
}

/// "wounded 47, *a police officer and a doctor* said", "20, *the agency, NEMA,* said":
/// behind a comma, and all that follows up to the verb is still who says it.
fn are_speakers(scan: &Scan<'_, '_>, groups: &[Group], i: usize, gap: &Range<usize>) -> bool {
    let end = groups[i].tokens.end;
    let said = (end..end + 12).find(|t| scan.is(*t, Class::Said) || scan.is_word(*t, &[".", ";"]));
    let Some(said) = said.filter(|t| scan.is(*t, Class::Said)) else { return false };
    let name = |t: usize| scan.tokens.get(t).capital && scan.term(t).is_none();
    let comma = (end..said).find(|t| scan.is_word(*t, &[","])).unwrap_or(said);
    let plain = |t: usize| {
        name(t)
            || scan.is(t, Class::Person)
            || scan.is_word(t, &["and", "a", "an", "the", "of", "in"])
    };
    // "killing six people, *the governor of the Donetsk region said*".
    let office = scan.is_word(end, &["of", "for"])
        && comma == said
        && (end + 1..said).all(|t| {
            let noun = scan.is_any(scan.head(t), &[Class::Person, Class::Modifier, Class::Thing]);
            name(t) || noun || scan.is_word(t, SEATS)
        });
    if groups[i].single && gap.len() == 1 && scan.is_word(gap.start, &[","]) && office {
        return true;
    }
    groups[i].single
        && scan.is_word(gap.start, &[","])
        && (end..comma).all(plain)
        && (comma..said).all(|t| name(t) || scan.is_word(t, &[","]))
}

/// What an official is the head of.
const SEATS: &[&str] = &[
    "the",
    "province",
    "region",
    "regional",
    "district",
    "state",
    "city",
    "town",
    "county",
    "provincial",
    "police",
    "council",
    "hospital",
    "department",
    "union",
    "party",
    "local",
    "border",
    "military",
    "rescue",
    "service",
    "services",
    "area",
];

/// Past the "(BIFF)" behind a name, and past "aged 34".
fn past_abbreviation(scan: &Scan<'_, '_>, end: usize) -> usize {
    if scan.is_word(end, &["aged"]) && scan.numeral(end + 1).is_none_or(|n| n.tokens == 1) {
        return end + 2;
    }
    let short = scan.is_word(end, &["("])
        && scan.is_word(end + 2, &[")"])
        && scan.tokens.text(end + 1).bytes().all(|b| b.is_ascii_uppercase());
    if short { end + 3 } else { end }
}

/// "six children *–* three of them": a part told between dashes or in brackets.
fn is_parenthesis(scan: &Scan<'_, '_>, gap: &Range<usize>) -> bool {
    let but = |t: usize| scan.is_word(t, &["all", "but", "except"]);
    !gap.is_empty() && gap.clone().all(|t| scan.is_word(t, &["-", "–", "—", "(", ","]) || but(t))
}

/// "four soldiers *of the army and* their interpreter".
fn names_a_unit(scan: &Scan<'_, '_>, gap: Range<usize>) -> bool {
    let (first, last) = (gap.start, gap.end - 1);
    let unit = |t: usize| {
        scan.is_word(t, &["the", "same", "a"])
            || scan.is_any(t, &[Class::Person, Class::Modifier])
            || scan.actor(t).is_some()
            || scan.tokens.get(t).capital
            || scan.tokens.is_hyphen(t)
            || scan.is_word(t, &["(", ")", "inspired", "linked", "affiliated", "backed"])
    };
    gap.len() > 2
        && gap.len() <= 16
        && scan.is_word(first, &["of", "from"])
        && scan.is_word(last, &["and", ","])
        && (first + 1..last).all(unit)
}

/// "a leader *of the party, Karim Wali, and* two aides": where he served and his name.
fn names_a_post(scan: &Scan<'_, '_>, gap: Range<usize>) -> bool {
    let (first, last) = (gap.start, gap.end - 1);
    let told = |t: usize| {
        let free = !scan.is_any(t, VERBS) && scan.actor(t).is_none() && !scan.is(t, Class::Be);
        free && !scan.is_word(t, &[";", "when", "after", "while", "who", "but", "that"])
    };
    // "the ambassador *to the DRC,* a guard, and a driver".
    let accredited = scan.is_word(first, &["to", "of"])
        && scan.is_word(last, &[","])
        && gap.len() <= 7
        && scan.is_word(gap.end, &["a", "an"])
        && (first + 1..last).all(|t| scan.is_word(t, &["the"]) || scan.tokens.get(t).capital)
        && (gap.end..gap.end + 9).any(|t| scan.is_word(t, &["and"]));
    if accredited {
        return true;
    }
    gap.len() <= 14
        && scan.is_word(first, &["of", "for", ","])
        && scan.is_word(last, &["and"])
        && gap.clone().any(|t| scan.tokens.get(t).capital)
        && gap.clone().all(told)
}

/// "the commander *Karim Wali* and two guards".
fn is_name(scan: &Scan<'_, '_>, t: usize) -> bool {
    scan.tokens.get(t).capital && scan.term(t).is_none() && scan.actor(t).is_none()
}

const SEVERELY: &[&str] = &["critically", "seriously", "severely", "badly", "gravely"];

fn joins_words(scan: &Scan<'_, '_>, t: usize) -> bool {
    let head = scan.head(t);
    scan.is_word(t, &["and", "&", ",", "plus", "also"]) || scan.is(head, Class::Excluding)
}

/// "ten *in Kunduz and* six": only a place stands between.
fn names_a_place(scan: &Scan<'_, '_>, gap: Range<usize>) -> bool {
    let (first, last) = (gap.start, gap.end - 1);
    scan.is_word(first, &["in", "at", "from"])
        && scan.is_word(last, &["and", ","])
        && (first + 1..last).all(|i| {
            scan.tokens.get(i).capital
                || scan.is_word(
                    i,
                    &["province", "district", "city", "state", "in", "the", "of", ",", "-"],
                )
        })
}

/// "five people, a mother and her four children, were killed": the groups after
/// the first add up to it. Before its verb at `verb` a comma closes what one opened:
/// "two teachers, a nurse and a clerk were killed" are four.
pub fn is_broken_down(scan: &Scan<'_, '_>, groups: &[Group], verb: usize) -> bool {
    let [whole, rest @ ..] = groups else { return false };
    let end = rest.last().map_or(0, |g| g.tokens.end);
    let plural = (end..verb).any(|i| scan.is_word(i, &["were", "are", "have"]));
    let and = |i: usize| scan.is_word(i, &["and"]);
    let named = !matches!(whole.party, None | Some(Party::Unknown));
    let ones = rest.len() > 1 && rest.iter().all(|g| g.single) && named;
    let open = scan.is_word(whole.tokens.end, &[","]) && end < verb && plural;
    if ones && open && scan.is(end, Class::Be) && rest.iter().any(|g| and(g.tokens.start - 1)) {
        return false;
    }
    let sum: u32 = rest.iter().map(|g| g.count.best()).fold(0, u32::saturating_add);
    // "3 police, 2 soldiers, 1 guard" only look like a whole and its parts.
    let listed = matches!(whole.party, Some(Party::Security | Party::Foreign));
    // So do "three children, a woman and two men".
    let family = |t: usize| scan.is_word(t, &["family", "members", "relatives"]);
    let kin = whole.kin && !whole.tokens.clone().any(family);
    let commas: &[&str] = if listed || kin { &[] } else { &[","] };
    let parted = scan.is_word(whole.tokens.end, &["-", "–", "—", ":", "("])
        || scan.is_word(whole.tokens.end, commas);
    parted && !rest.is_empty() && sum == whole.count.best() && whole.count.best() > 1
}
