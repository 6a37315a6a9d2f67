//! Finds the phrases of a table in tokens: the longest that begins at a token.
//! A space in a phrase also matches a hyphen between its words.

use rustc_hash::FxHashMap;

use crate::text::Tokens;

/// A word of the phrases, by number.
type Word = u32;

/// Phrases by their first two words, each with the index of its row.
#[derive(Debug, Clone, Default)]
pub struct Phrases {
    words: FxHashMap<Box<str>, Word>,
    /// By word: what it begins.
    firsts: Vec<First>,
    /// By the first two words.
    longer: FxHashMap<(Word, Word), Vec<Phrase>>,
}

/// What a word begins: the phrase that is this word alone, and longer ones.
#[derive(Debug, Clone, Copy, Default)]
struct First {
    alone: Option<u32>,
    longer: bool,
}

#[derive(Debug, Clone)]
struct Phrase {
    /// From the third word on.
    rest: Box<[Word]>,
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
        let numbers: Vec<Word> = words(phrase).into_iter().map(|w| self.number(w)).collect();
        match *numbers {
            [] => return false,
            [word] => self.firsts[word as usize].alone = Some(row),
            [first, second, ref rest @ ..] => {
                self.firsts[first as usize].longer = true;
                let phrase = Phrase { rest: rest.into(), row };
                self.longer.entry((first, second)).or_default().push(phrase);
            }
        }
        true
    }

    /// Puts longer phrases first, so that the first match is the longest.
    pub fn seal(&mut self) {
        for phrases in self.longer.values_mut() {
            phrases.sort_by_key(|p| std::cmp::Reverse(p.rest.len()));
        }
    }

    /// The row of exactly this phrase, if there is one.
    pub fn row_of(&self, phrase: &str) -> Option<u32> {
        let words = words(phrase);
        let numbers: Option<Vec<Word>> = words.iter().map(|w| self.words.get(w).copied()).collect();
        match *numbers? {
            [] => None,
            [word] => self.firsts[word as usize].alone,
            [first, second, ref rest @ ..] => {
                let known = self.longer.get(&(first, second))?;
                known.iter().find(|p| *p.rest == *rest).map(|p| p.row)
            }
        }
    }

    /// The longest phrase that begins at token `i`.
    pub fn longest(&self, tokens: &Tokens<'_>, i: usize) -> Option<Found> {
        let word = *self.words.get(tokens.lower(i))?;
        let first = self.firsts[word as usize];
        let longer = if first.longer { self.longer_at(tokens, i, word) } else { None };
        longer.or_else(|| Some(Found { tokens: 1, row: first.alone? }))
    }

    /// The longest phrase of more than the word at token `i`.
    fn longer_at(&self, tokens: &Tokens<'_>, i: usize, first: Word) -> Option<Found> {
        let (second, at) = self.next(tokens, i)?;
        self.longer.get(&(first, second))?.iter().find_map(|phrase| {
            let last = phrase.rest.iter().try_fold(at, |at, word| {
                self.next(tokens, at).filter(|(next, _)| next == word).map(|(_, at)| at)
            })?;
            Some(Found { tokens: last + 1 - i, row: phrase.row })
        })
    }

    /// The known word behind token `at`, past a hyphen, and where it is.
    fn next(&self, tokens: &Tokens<'_>, at: usize) -> Option<(Word, usize)> {
        let next = at + 1 + usize::from(tokens.is_hyphen(at + 1));
        let written = tokens.lower(next);
        let known = self.words.get(written);
        // An apostrophe may be curly.
        let curly = || self.words.get(&*written.replace('’', "'"));
        let number = if written.is_ascii() { known } else { known.or_else(curly) };
        number.map(|number| (*number, next))
    }

    fn number(&mut self, word: Box<str>) -> Word {
        let next = self.words.len() as Word;
        let number = *self.words.entry(word).or_insert(next);
        if number == next {
            self.firsts.push(First::default());
        }
        number
    }
}

/// The words of a phrase, cut as a text is cut, without the hyphens between them.
fn words(phrase: &str) -> Vec<Box<str>> {
    let tokens = Tokens::of(phrase);
    let words = (0..tokens.len()).filter(|i| tokens.text(*i) != "-");
    words.map(|i| Box::from(tokens.text(i))).collect()
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
