//! Cuts a text into words, numbers and marks, keeping every byte offset.
//!
//! Hyphens and dashes are tokens of their own (`12-year-old` is five tokens), so
//! that a phrase can be matched whether or not its writer hyphenates it. A
//! possessive `'s` is parted from its word; other apostrophes stay inside.

use std::ops::Range;

use super::words::{Look, Words};

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Letters, with inner apostrophes and dots (`U.S.`, `didn't`).
    Word,
    /// Digits, with thousands separators and a decimal point (`1,250`, `7.62`).
    Number,
    /// One mark.
    Mark,
}

/// A piece of the text: byte range, shape, and how it sits between its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub start: u32,
    pub end: u32,
    pub shape: Shape,
    /// Whether white space (or the start of the text) is before it.
    pub spaced: bool,
    /// Whether it begins with an upper-case letter.
    pub capital: bool,
}

/// A text with its tokens. The lower-case copy folds ASCII only, so that it has
/// the same offsets as the text.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    text: &'a str,
    lower: String,
    items: Vec<Token>,
    /// By token, of its lower-case letters.
    looks: Vec<Look>,
}

impl<'a> Tokens<'a> {
    /// Cuts the text. Linear in its length.
    pub fn of(text: &'a str) -> Tokens<'a> {
        let lower = text.to_ascii_lowercase();
        let mut cutter = Cutter { text, at: 0, items: Vec::with_capacity(text.len() / 5) };
        while cutter.step() {}
        let items = cutter.items;
        let look = |t: &Token| Look::of(&lower.as_bytes()[t.start as usize..t.end as usize]);
        let looks = items.iter().map(look).collect();
        Tokens { text, lower, items, looks }
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether the text held nothing but white space.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The token at an index below `len`.
    pub fn get(&self, i: usize) -> Token {
        self.items[i]
    }

    /// The token as written; empty past the end.
    pub fn text(&self, i: usize) -> &'a str {
        self.items.get(i).map_or("", |t| &self.text[t.start as usize..t.end as usize])
    }

    /// The token with its ASCII letters in lower case; empty past the end.
    pub fn lower(&self, i: usize) -> &str {
        self.items.get(i).map_or("", |t| &self.lower[t.start as usize..t.end as usize])
    }

    /// Whether the token, with its ASCII letters in lower case, is one of the words;
    /// never past the end.
    #[inline(always)]
    pub fn is_one_of<W: Words + ?Sized>(&self, i: usize, words: &W) -> bool {
        match self.looks.get(i) {
            Some(look) => words.hold(*look, || self.lower(i).as_bytes()),
            None => false,
        }
    }

    /// Bytes of the text from token `first` up to, not including, token `end`.
    pub fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        match (self.items.get(tokens.start), tokens.end.checked_sub(1)) {
            (Some(first), Some(last)) if last >= tokens.start && last < self.items.len() => {
                first.start as usize..self.items[last].end as usize
            }
            _ => 0..0,
        }
    }

    /// The whole text.
    pub fn source(&self) -> &'a str {
        self.text
    }

    /// Whether the token is a hyphen or dash set without spaces, as in `six-year`.
    pub fn is_hyphen(&self, i: usize) -> bool {
        self.items.get(i).is_some_and(|t| !t.spaced && t.shape == Shape::Mark)
            && matches!(self.text(i), "-" | "‐" | "‑" | "–")
            && self.items.get(i + 1).is_some_and(|t| !t.spaced)
    }
}

struct Cutter<'a> {
    text: &'a str,
    at: usize,
    items: Vec<Token>,
}

impl Cutter<'_> {
    /// Takes one token; false at the end.
    fn step(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start();
        let spaced = self.at == 0 || trimmed.len() < rest.len();
        self.at += rest.len() - trimmed.len();
        let Some(first) = trimmed.chars().next() else { return false };
        let (length, shape) = if first.is_ascii_digit() {
            (number_length(trimmed), Shape::Number)
        } else if first.is_alphanumeric() {
            (word_length(trimmed), Shape::Word)
        } else if is_possessive(trimmed) && !spaced {
            (first.len_utf8() + 1, Shape::Word)
        } else {
            (first.len_utf8(), Shape::Mark)
        };
        let (start, end) = (self.at as u32, (self.at + length) as u32);
        self.items.push(Token { start, end, shape, spaced, capital: first.is_uppercase() });
        self.at += length;
        true
    }
}

/// Bytes of the number at the head of the text. A comma belongs to it only
/// before exactly three digits, a dot only between digits.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = digits(0);
    while at < bytes.len() {
        let run = digits(at + 1);
        let joins = match bytes[at] {
            b',' => run == 3,
            b'.' => run > 0,
            _ => false,
        };
        if !joins {
            break;
        }
        at += 1 + run;
    }
    at
}

/// Bytes of the word at the head of the text: letters and digits, an apostrophe
/// between letters unless it is a possessive, dots of an initialism.
fn word_length(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|(_, n)| *n);
        let joined = c.is_alphanumeric()
            || is_combining(c)
            || (is_quote(c) && next.is_some_and(char::is_alphabetic) && !is_possessive(&text[i..]));
        if joined {
            end = i + c.len_utf8();
        } else if c == '.' && in_initialism(text, i) {
            end = i + 1;
        } else {
            break;
        }
    }
    end
}

/// Whether the dot at `i` ends a letter of an initialism such as `U.S.` or `a.m.`
fn in_initialism(text: &str, i: usize) -> bool {
    let bytes = text.as_bytes();
    let single = i >= 1 && bytes[i - 1].is_ascii_alphabetic() && (i == 1 || bytes[i - 2] == b'.');
    let after_pair = i >= 3 && bytes[i - 2] == b'.';
    let before_pair = bytes.get(i + 1).is_some_and(u8::is_ascii_alphabetic)
        && bytes.get(i + 2).is_none_or(|b| *b == b'.');
    single && (after_pair || before_pair)
}

fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`')
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c) || ('\u{64b}'..='\u{65f}').contains(&c)
}

/// Whether the text begins with `'s` (or `’s`) at the end of a word.
fn is_possessive(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_quote)
        && matches!(chars.next(), Some('s' | 'S'))
        && !chars.next().is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::Tokens;

    fn cut(text: &str) -> Vec<&str> {
        let tokens = Tokens::of(text);
        (0..tokens.len()).map(|i| tokens.text(i)).collect()
    }

    #[test]
    fn a_text_is_cut_into_words_numbers_and_marks() {
        for (text, pieces) in [
            ("A 12-year-old boy.", vec!["A", "12", "-", "year", "-", "old", "boy", "."]),
            ("1,250 dead, 7.62 mm", vec!["1,250", "dead", ",", "7.62", "mm"]),
            ("In 2018, 10 died", vec!["In", "2018", ",", "10", "died"]),
            ("Kabul's U.S. base", vec!["Kabul", "'s", "U.S.", "base"]),
            ("Press TV’s site", vec!["Press", "TV", "’s", "site"]),
            ("didn't Sana'a", vec!["didn't", "Sana'a"]),
            ("at 8 a.m. on 1.5", vec!["at", "8", "a.m.", "on", "1.5"]),
            ("10–12 killed.", vec!["10", "–", "12", "killed", "."]),
            ("", vec![]),
        ] {
            assert_eq!(cut(text), pieces, "{text}");
        }
    }

    #[test]
    fn offsets_point_into_the_text() {
        let text = "Ünï “12” ’s — x\u{301}y";
        let tokens = Tokens::of(text);
        for i in 0..tokens.len() {
            let range = tokens.bytes(i..i + 1);
            assert_eq!(&text[range], tokens.text(i));
        }
    }
}
