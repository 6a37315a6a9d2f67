//! The relative clause in which a number stands: "the bombing *which killed three
//! and injured 264*, on Tuesday". It tells of the deed before its pronoun, and the
//! days of the main clause need not be its own.

use std::ops::Range;

use crate::extract::dates::When;
use crate::extract::frames::Mention;
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

/// A relative clause that counts people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relative {
    /// From its pronoun to the comma or the sentence's end that closes it.
    tokens: Range<usize>,
    /// Where the noun that it tells of can begin.
    noun: usize,
    /// The main clause remembers that deed, ranks a later one by it, or tries
    /// somebody for it.
    remembered: bool,
}

impl Relative {
    /// The clause of a mention, where it stands in one.
    pub(super) fn of(
        scan: &Scan<'_, '_>,
        mention: &Mention,
        sentence: &Range<usize>,
    ) -> Option<Relative> {
        let span = mention.span();
        let earliest = sentence.start.max(span.start.saturating_sub(REACH));
        let opens = |i: &usize| scan.is_word(*i, &["which", "that"]);
        let pronoun = (earliest..span.start).rev().find(opens)?;
        if (pronoun..span.start).any(|i| breaks(scan, i)) || pronoun < sentence.start + 2 {
            return None;
        }
        let led = scan.is_word(pronoun - 1, &["in", "during", "of"]);
        let before = pronoun - usize::from(led);
        let deed = |i: usize| scan.is_any(scan.head(i), &[Class::Deed, Class::War]);
        let first = (before.saturating_sub(NEAR).max(sentence.start)..before).find(|i| deed(*i))?;
        // "Said that", "fears that": no pronoun.
        let that = scan.is_word(pronoun, &["that"]);
        if that && !deed(before - 1) && !scan.is_word(before - 1, &[","]) {
            return None;
        }
        let noun = (sentence.start..first).rev().find(|i| scan.is_word(*i, PREPOSITIONS));
        let noun = noun.map_or(sentence.start, |i| i + 1);
        let close = (span.end..sentence.end).find(|i| scan.is_word(*i, &[",", ";"]));
        let end = close.unwrap_or(sentence.end);
        let main = sentence.start..before;
        let remembered = main.clone().any(|i| remembers(scan, i));
        Some(Relative { tokens: pronoun..end, noun, remembered })
    }

    /// Keeps the times that can be the clause's: those in it, else those in the noun
    /// before it; else none where the deed is only remembered.
    pub(super) fn keep_own(&self, whens: &mut Vec<&When>) {
        let inside = |w: &&When| self.tokens.contains(&w.tokens.start);
        let noun = |w: &&When| (self.noun..self.tokens.start).contains(&w.tokens.start);
        if whens.iter().any(inside) {
            whens.retain(|w| inside(w));
        } else if self.remembered {
            whens.retain(|w| noun(w));
        }
    }

    pub(super) fn is_remembered(&self) -> bool {
        self.remembered
    }
}

/// Tokens from a noun or a pronoun to the number, at most.
const REACH: usize = 12;

/// Tokens between a deed and its pronoun ("the bombing of the embassy in Nairobi,
/// which"), at most.
const NEAR: usize = 9;

const PREPOSITIONS: &[&str] =
    &["over", "for", "of", "in", "on", "about", "after", "since", "to", "with", "from", "at"];

fn breaks(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.is_word(i, &[";", "while", "but", "as", "when", "after", "\"", "“"])
        || scan.is(i, Class::Said)
}

/// "Anniversary", "since", "charged": the deed behind it is not of today.
fn remembers(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.is(i, Class::Verdict) || scan.is_word(i, MEMORY)
}

const MEMORY: &[&str] = &[
    "since",
    "remember",
    "remembering",
    "memory",
    "memorial",
    "commemorating",
    "commemoration",
    "tribute",
    "arrested",
    "detained",
    "charged",
    "masterminding",
    "mastermind",
    "wanted",
    "trial",
    "court",
    "extradite",
    "prosecutors",
    "similar",
    "reminiscent",
    "recalled",
    "recalling",
    "inquiry",
];
