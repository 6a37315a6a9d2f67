//! The index over all spellings: from a folded name to the rows that bear it.
//! Built from the text at start in a few milliseconds; holds only hashes and
//! offsets, the rows stay where they are compiled in.

use std::fmt;

use super::name::{self, Spelling};
use super::table::{Row, Source};
use crate::text::fold::fold;

const BUCKET_BITS: u32 = 16;
const FIRST_WORD_BITS: u32 = 20;

/// Where each spelling stands, grouped by the upper bits of its hash.
pub struct Index {
    sources: &'static [Source],
    /// Bucket `b` is `entries[starts[b]..starts[b + 1]]`.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    /// One bit for each hash of a first word.
    first_words: Vec<u64>,
    longest: usize,
}

#[derive(Clone, Copy, Default)]
struct Entry {
    hash: u32,
    at: At,
}

/// A spelling: its source in the upper four bits, its byte offset there below.
#[derive(Clone, Copy, Default)]
struct At(u32);

impl At {
    const OFFSET_BITS: u32 = 28;

    fn new(source: usize, offset: usize) -> At {
        At((source as u32) << Self::OFFSET_BITS | offset as u32)
    }

    fn source(self) -> usize {
        (self.0 >> Self::OFFSET_BITS) as usize
    }

    fn offset(self) -> usize {
        (self.0 & ((1 << Self::OFFSET_BITS) - 1)) as usize
    }
}

impl Index {
    /// Indexes every spelling of every row.
    pub fn over(sources: &'static [Source]) -> Index {
        let mut index = Index {
            sources,
            starts: Vec::new(),
            entries: Vec::new(),
            first_words: vec![0; 1 << (FIRST_WORD_BITS - 6)],
            longest: 0,
        };
        let mut unordered = Vec::with_capacity(1 << 17);
        let mut folded = String::new();
        for (number, source) in sources.iter().enumerate() {
            for (offset, spelling) in source.spellings() {
                fold_into(spelling.text, &mut folded);
                index.note_words(&folded);
                unordered.push(Entry { hash: name::hash(&folded), at: At::new(number, offset) });
            }
        }
        index.group(&unordered);
        index
    }

    /// The rows with a spelling that is this folded name.
    pub fn named(&self, folded: &str) -> Vec<(Row<'static>, Spelling<'static>)> {
        let hash = name::hash(folded);
        let bucket = bucket(hash);
        let range = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
        self.entries[range]
            .iter()
            .filter(|entry| entry.hash == hash)
            .map(|entry| self.sources[entry.at.source()].row_at(entry.at.offset()))
            .filter(|(_, spelling)| name::words(&fold(spelling.text)).eq(name::words(folded)))
            .collect()
    }

    /// Whether a spelling may begin with this word.
    pub fn starts(&self, word: &str) -> bool {
        let (slot, bit) = first_word(word);
        self.first_words[slot] & bit != 0
    }

    /// The number of words of the longest spelling.
    pub fn longest(&self) -> usize {
        self.longest
    }

    fn note_words(&mut self, folded: &str) {
        let (slot, bit) = first_word(folded.split(' ').next().unwrap_or_default());
        self.first_words[slot] |= bit;
        self.longest = self.longest.max(folded.bytes().filter(|b| *b == b' ').count() + 1);
    }

    fn group(&mut self, unordered: &[Entry]) {
        let mut starts = vec![0u32; (1 << BUCKET_BITS) + 1];
        for entry in unordered {
            starts[bucket(entry.hash) + 1] += 1;
        }
        for bucket in 1..starts.len() {
            starts[bucket] += starts[bucket - 1];
        }
        let mut next = starts.clone();
        self.entries = vec![Entry::default(); unordered.len()];
        for entry in unordered {
            let slot = &mut next[bucket(entry.hash)];
            self.entries[*slot as usize] = *entry;
            *slot += 1;
        }
        self.starts = starts;
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("spellings", &self.entries.len()).finish_non_exhaustive()
    }
}

fn bucket(hash: u32) -> usize {
    (hash >> (32 - BUCKET_BITS)) as usize
}

fn first_word(word: &str) -> (usize, u64) {
    let bit = (name::hash(word) >> (32 - FIRST_WORD_BITS)) as usize;
    (bit / 64, 1 << (bit % 64))
}

/// What `fold` returns, without its cost for the ASCII names that nearly all are.
fn fold_into(text: &str, out: &mut String) {
    out.clear();
    if !text.is_ascii() {
        out.push_str(&fold(text));
        return;
    }
    let mut gap = false;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(byte.to_ascii_lowercase() as char);
        } else if byte != b'\'' && byte != b'`' {
            gap = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{fold, fold_into};

    #[test]
    fn the_quick_folding_is_the_folding() {
        let mut quick = String::new();
        for text in [
            "Sana'a",
            "Mazar-e Sharif",
            "  N'Djamena. ",
            "Sar-e Pol",
            "U.S.",
            "",
            "São Tomé",
            "--a",
        ] {
            fold_into(text, &mut quick);
            assert_eq!(quick, fold(text), "{text}");
        }
    }
}
