//! The index over all spellings: from a folded name to the rows that bear it.
//! Built from the text at start in a few milliseconds; holds only hashes and
//! offsets, the rows stay where they are compiled in.

use std::fmt;

use super::name::{self, Hash, Spelling};
use super::table::{Row, Source};
use crate::text::fold::{fold, fold_into};

const BUCKET_BITS: u32 = 16;

/// Where each spelling stands, grouped by the upper bits of its hash.
pub struct Index {
    sources: &'static [Source],
    /// Bucket `b` is `entries[starts[b]..starts[b + 1]]`.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    /// The hashes of all first words.
    first_words: Bits,
    /// The hashes of what names open with before their last word.
    openings: Bits,
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
            first_words: Bits::none(),
            openings: Bits::none(),
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
    pub fn named<'n>(
        &self,
        folded: &'n str,
    ) -> impl Iterator<Item = (Row<'static>, Spelling<'static>)> + use<'_, 'n> {
        let hash = name::hash(folded);
        let bucket = bucket(hash);
        let range = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
        self.entries[range]
            .iter()
            .filter(move |entry| entry.hash == hash)
            .map(|entry| self.sources[entry.at.source()].row_at(entry.at.offset()))
            .filter(move |(_, spelling)| name::words(&fold(spelling.text)).eq(name::words(folded)))
    }

    /// Whether there is a spelling of this hash.
    pub fn has(&self, name: Hash) -> bool {
        let hash = name.value();
        let bucket = bucket(hash);
        let range = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
        self.entries[range].iter().any(|entry| entry.hash == hash)
    }

    /// Whether a spelling may begin with this word.
    pub fn starts(&self, word: &str) -> bool {
        self.first_words.has(Hash::default().and(word))
    }

    /// Whether a spelling may begin with these words, by their hash, and go on.
    pub fn goes_on(&self, opening: Hash) -> bool {
        self.openings.has(opening)
    }

    /// The number of words of the longest spelling.
    pub fn longest(&self) -> usize {
        self.longest
    }

    fn note_words(&mut self, folded: &str) {
        let (first, rest) = folded.split_once(' ').unwrap_or((folded, ""));
        let mut opening = Hash::default().and(first);
        self.first_words.add(opening);
        let mut words = 1;
        for word in rest.split(' ').filter(|w| !w.is_empty()) {
            self.openings.add(opening);
            opening = name::inner(word).map_or(opening, |w| opening.and(w));
            words += 1;
        }
        self.longest = self.longest.max(words);
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

/// A set of hashes that is sometimes wrong about having one, never about having none.
struct Bits(Vec<u64>);

impl Bits {
    const LOG: u32 = 20;

    fn none() -> Bits {
        Bits(vec![0; 1 << (Bits::LOG - 6)])
    }

    fn add(&mut self, hash: Hash) {
        let (slot, bit) = Bits::place(hash);
        self.0[slot] |= bit;
    }

    fn has(&self, hash: Hash) -> bool {
        let (slot, bit) = Bits::place(hash);
        self.0[slot] & bit != 0
    }

    fn place(hash: Hash) -> (usize, u64) {
        let bit = (hash.value() >> (32 - Bits::LOG)) as usize;
        (bit / 64, 1 << (bit % 64))
    }
}
