//! People counted by their place in a row ("a fourth man", "the third was wounded")
//! or as a share of those before ("half of them children").

use std::ops::Range;

use super::event::Count;
use super::groups::{Group, Noun, harmed_behind};
use super::phrase::Phrase;
use super::scan::Scan;

/// The number of an ordinal: "a *fourth* person" is the fourth.
pub fn ordinal(scan: &Scan<'_, '_>, i: usize) -> Option<u32> {
    let place = ORDINALS.iter().position(|w| *w == scan.tokens.lower(i))?;
    u32::try_from(place).ok().map(|n| n + 2)
}

const ORDINALS: &[&str] =
    &["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

/// "*the fourth* was wounded", "*a third* died": one more, of whom the verb tells.
pub fn in_a_row(scan: &Scan<'_, '_>, at: usize, end: usize) -> Option<Group> {
    let place = ordinal(scan, at + 1)?;
    harmed_behind(scan, at + 2, end).then(|| Group {
        more: true,
        single: true,
        ordinal: Some(place),
        ..Group::of(at..at + 2, at..at + 2, Count::exactly(1))
    })
}

/// "24 people, *half of them children*": a share of the group before.
pub fn half(scan: &Scan<'_, '_>, before: &Group, at: usize, end: usize) -> Option<Group> {
    let whole = before.count.best();
    let share = scan.is_word(at, &["half"])
        && scan.is_word(at + 1, &["of"])
        && scan.is_word(at + 2, &["them", "whom"])
        && !before.vague
        && whole > 1;
    if !share {
        return None;
    }
    let were = usize::from(scan.is_word(at + 3, &["were", "are"]));
    let phrase = Phrase::read(scan, at + 3 + were, end);
    let counted: Range<usize> = at..at + 1;
    (phrase.noun == Noun::People && !phrase.thing).then(|| Group {
        party: phrase.party(),
        noun: Noun::People,
        of_them: true,
        kin: phrase.kin,
        ..Group::of(at..phrase.end, counted, Count::exactly(whole / 2))
    })
}
