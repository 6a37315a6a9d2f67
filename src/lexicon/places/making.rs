//! Makes the index over the spellings of places. The build script does it, for it takes
//! longer than a program may take to start; `index` reads what it made.

use super::layout::{self, BUCKET_BITS, ENTRY, OFFSET_BITS, SET_BITS};
use super::name;
use crate::text::fold::fold_into;

/// One table: its text, and the column in which the names of a row stand.
pub type Table<'t> = (&'t str, usize);

/// The tables, by their files in `data/places`: the order is that of `table::SOURCES`.
pub const FILES: [(&str, usize); 7] = [
    ("countries.tsv", 1),
    ("divisions.tsv", 1),
    ("regions.tsv", 1),
    ("districts_af.tsv", 1),
    ("districts.tsv", 1),
    ("admin2.tsv", 1),
    ("towns.tsv", 2),
];

/// The index over the tables, as `layout` has it.
pub fn index(tables: &[Table<'_>]) -> Vec<u8> {
    let mut words = Words { first: set(), openings: set(), longest: 0 };
    let mut entries: Vec<(u32, u32)> = Vec::with_capacity(1 << 17);
    let mut folded = String::new();
    for (number, table) in (0..).zip(tables) {
        for (offset, spelling) in spellings(*table) {
            fold_into(spelling, &mut folded);
            words.note(&folded);
            entries.push((name::hash(&folded), number << OFFSET_BITS | offset as u32));
        }
    }
    // Those of one bucket stay in the order of the tables.
    entries.sort_by_key(|(hash, _)| layout::bucket(*hash));
    let begin = |bucket| entries.partition_point(|(hash, _)| layout::bucket(*hash) < bucket) as u32;
    let mut bytes = Vec::with_capacity(entries.len() * ENTRY + (1 << 20));
    bytes.extend(words.longest.to_le_bytes());
    bytes.extend([words.first, words.openings].concat());
    bytes.extend((0..=1 << BUCKET_BITS).flat_map(|bucket| begin(bucket).to_le_bytes()));
    bytes.extend(
        entries.iter().flat_map(|(hash, at)| [hash.to_le_bytes(), at.to_le_bytes()]).flatten(),
    );
    bytes
}

fn set() -> Vec<u8> {
    vec![0; 1 << (SET_BITS - 3)]
}

/// Every spelling without its marks, and the byte at which it stands with them.
fn spellings((text, column): Table<'_>) -> impl Iterator<Item = (usize, &str)> {
    let rows = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let names = rows.map(move |row| row.split('\t').nth(column).unwrap_or_default());
    let base = text.as_ptr().addr();
    names
        .flat_map(|names| names.split('|'))
        .map(move |marked| (marked.as_ptr().addr() - base, name::Spelling::parse(marked).text))
}

/// What is noted of the words of all spellings.
struct Words {
    first: Vec<u8>,
    openings: Vec<u8>,
    longest: u32,
}

impl Words {
    fn note(&mut self, folded: &str) {
        let (first, rest) = folded.split_once(' ').unwrap_or((folded, ""));
        let mut opening = name::Hash::default().and(first);
        add(&mut self.first, opening);
        let mut words = 1;
        for word in rest.split(' ').filter(|word| !word.is_empty()) {
            add(&mut self.openings, opening);
            opening = name::inner(word).map_or(opening, |word| opening.and(word));
            words += 1;
        }
        self.longest = self.longest.max(words);
    }
}

fn add(set: &mut [u8], hash: name::Hash) {
    let (byte, bit) = layout::bit(hash.value());
    set[byte] |= bit;
}
