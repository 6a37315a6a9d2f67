//! The index over all spellings: from a folded name to the rows that bear it. It is
//! made with the program and read in place: only hashes and offsets, the rows stay
//! where they are compiled in.

use super::layout::{self, ENTRY, OFFSET_BITS};
use super::name::{self, Hash, Spelling};
use super::table::{Row, SOURCES};
use crate::text::fold::fold;

/// The index over the compiled-in tables.
pub static BUILT_IN: Index = Index::of(include_bytes!(concat!(env!("OUT_DIR"), "/places.index")));

/// Where each spelling stands, grouped by the upper bits of its hash. Numbers are four
/// bytes, the least first.
#[derive(Debug)]
pub struct Index {
    longest: &'static [u8],
    /// The hashes of all first words.
    first_words: &'static [u8],
    /// The hashes of what names open with before their last word.
    openings: &'static [u8],
    /// The entries of bucket `b` are those from `starts[b]` to `starts[b + 1]`.
    starts: &'static [u8],
    entries: &'static [u8],
}

/// A spelling, by its hash, where it stands.
struct Entry {
    hash: u32,
    source: usize,
    offset: usize,
}

impl Index {
    /// Reads what the build script made.
    const fn of(bytes: &'static [u8]) -> Index {
        const SET: usize = 1 << (layout::SET_BITS - 3);
        const STARTS: usize = 4 * ((1 << layout::BUCKET_BITS) + 1);
        let (longest, bytes) = bytes.split_at(4);
        let (first_words, bytes) = bytes.split_at(SET);
        let (openings, bytes) = bytes.split_at(SET);
        let (starts, entries) = bytes.split_at(STARTS);
        Index { longest, first_words, openings, starts, entries }
    }

    /// The rows with a spelling that is this folded name.
    pub fn named<'n>(
        &'static self,
        folded: &'n str,
    ) -> impl Iterator<Item = (Row<'static>, Spelling<'static>)> + use<'n> {
        self.entries(name::hash(folded))
            .map(|entry| SOURCES[entry.source].row_at(entry.offset))
            .filter(move |(_, spelling)| name::words(&fold(spelling.text)).eq(name::words(folded)))
    }

    /// Whether there is a spelling of this hash.
    pub fn has(&'static self, name: Hash) -> bool {
        self.entries(name.value()).next().is_some()
    }

    /// Whether a spelling may begin with this word.
    pub fn starts(&self, word: &str) -> bool {
        holds(self.first_words, Hash::default().and(word))
    }

    /// Whether a spelling may begin with these words, by their hash, and go on.
    pub fn goes_on(&self, opening: Hash) -> bool {
        holds(self.openings, opening)
    }

    /// The number of words of the longest spelling.
    pub fn longest(&self) -> usize {
        number(self.longest, 0) as usize
    }

    fn entries(&'static self, hash: u32) -> impl Iterator<Item = Entry> {
        let bucket = layout::bucket(hash);
        let start = |bucket| number(self.starts, bucket) as usize * ENTRY;
        let of_bucket = self.entries[start(bucket)..start(bucket + 1)].chunks_exact(ENTRY);
        let entries = of_bucket.map(|entry| {
            let at = number(entry, 1) as usize;
            let (source, offset) = (at >> OFFSET_BITS, at & ((1 << OFFSET_BITS) - 1));
            Entry { hash: number(entry, 0), source, offset }
        });
        entries.filter(move |entry| entry.hash == hash)
    }
}

/// The number at a place among numbers.
fn number(bytes: &[u8], place: usize) -> u32 {
    let bytes = bytes[4 * place..].first_chunk();
    u32::from_le_bytes(*bytes.expect("an index is made whole"))
}

/// Whether the set has the hash; sometimes says yes where it has not, never no where it
/// has.
fn holds(set: &[u8], hash: Hash) -> bool {
    let (byte, bit) = layout::bit(hash.value());
    set[byte] & bit != 0
}

#[cfg(test)]
mod tests {
    use crate::lexicon::places::making;
    use crate::lexicon::places::table::SOURCES;

    #[test]
    fn the_index_is_that_of_the_tables() {
        let files = SOURCES.iter().map(|source| (source.file, 1 + usize::from(source.populated)));
        assert!(files.eq(making::FILES), "making::FILES and table::SOURCES differ");
        let tables: Vec<_> =
            SOURCES.iter().map(|source| (source.text, 1 + usize::from(source.populated))).collect();
        let built_in = include_bytes!(concat!(env!("OUT_DIR"), "/places.index"));
        assert!(making::index(&tables) == built_in, "the build script made another index");
    }
}
