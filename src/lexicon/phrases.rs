//! Finds the phrases of a table in tokens: the longest that begins at a token.
//! A space in a phrase also matches a hyphen between its words.

use rustc_hash::FxHashMap;

use crate::text::Tokens;

/// Phrases by their first word, each with the index of its row.
#[derive(Debug, Clone, Default)]
pub struct Phrases {
    by_first: FxHashMap<Box<str>, Vec<Phrase>>,
}

#[derive(Debug, Clone)]
struct Phrase {
    rest: Vec<Box<str>>,
    row: u32,
}

/// A phrase met in a text: how many tokens it covers, and its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub tokens: usize,
    pub row: u32,
}

impl Phrases {
    /// Adds a lower-case phrase for a row; false if the phrase is empty.
    pub fn add(&mut self, phrase: &str, row: u32) -> bool {
        let mut words = words(phrase).into_iter();
        let Some(first) = words.next() else { return false };
        let rest = words.collect();
        self.by_first.entry(first).or_default().push(Phrase { rest, row });
        true
    }

    /// Puts longer phrases first, so that the first match is the longest.
    pub fn seal(&mut self) {
        for phrases in self.by_first.values_mut() {
            phrases.sort_by_key(|p| std::cmp::Reverse(p.rest.len()));
        }
    }

    /// The row of exactly this phrase, if there is one.
    pub fn row_of(&self, phrase: &str) -> Option<u32> {
        let mut words = words(phrase).into_iter();
        let known = self.by_first.get(&words.next()?)?;
        let rest: Vec<Box<str>> = words.collect();
        known.iter().find(|p| p.rest == rest).map(|p| p.row)
    }

    /// The longest phrase that begins at token `i`.
    pub fn longest(&self, tokens: &Tokens<'_>, i: usize) -> Option<Found> {
        let known = self.by_first.get(tokens.lower(i))?;
        known.iter().find_map(|phrase| {
            let end = phrase.ends(tokens, i + 1)?;
            Some(Found { tokens: end - i, row: phrase.row })
        })
    }
}

impl Phrase {
    /// The token after the phrase whose second word is looked for at `at`.
    fn ends(&self, tokens: &Tokens<'_>, mut at: usize) -> Option<usize> {
        for word in &self.rest {
            if tokens.is_hyphen(at) {
                at += 1;
            }
            if !is_same(tokens.lower(at), word) {
                return None;
            }
            at += 1;
        }
        Some(at)
    }
}

/// The words of a phrase, cut as a text is cut, without the hyphens between them.
fn words(phrase: &str) -> Vec<Box<str>> {
    let tokens = Tokens::of(phrase);
    let words = (0..tokens.len()).filter(|i| tokens.text(*i) != "-");
    words.map(|i| Box::from(tokens.text(i))).collect()
}

/// Whether a word of the text is the word of a phrase: an apostrophe may be curly.
fn is_same(written: &str, word: &str) -> bool {
    written == word || written.contains('’') && written.replace('’', "'") == word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins_across_hyphens() {
        let mut phrases = Phrases::default();
        for (row, phrase) in ["car", "car bomb", "pro government militia"].iter().enumerate() {
            phrases.add(phrase, row as u32);
        }
        phrases.seal();
        for (text, found) in [
            ("car bomb", Some((2, 1))),
            ("Car-bomb", Some((3, 1))),
            ("car park", Some((1, 0))),
            ("pro-government militia", Some((4, 2))),
            ("scar", None),
        ] {
            let found = found.map(|(tokens, row)| Found { tokens, row });
            assert_eq!(phrases.longest(&Tokens::of(text), 0), found, "{text}");
        }
        assert_eq!(phrases.row_of("car bomb"), Some(1));
        assert_eq!(phrases.row_of("car bombs"), None);
    }
}
