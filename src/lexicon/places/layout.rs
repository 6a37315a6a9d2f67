//! How the index over the spellings of places lies in its bytes, for `making`, which
//! writes it, and `index`, which reads it. All numbers are of 32 bits, the least byte
//! first. One after the other stand
//!
//! - the number of words of the longest spelling;
//! - the set of the first words of all spellings;
//! - the set of what spellings open with before their last word;
//! - for each bucket where its entries begin, and where those of the last one end;
//! - the entries: the hash of a spelling, and where it stands.

/// Spellings are grouped by so many upper bits of their hash.
pub const BUCKET_BITS: u32 = 16;

/// A set of hashes has a bit for each value of so many upper bits.
pub const SET_BITS: u32 = 20;

/// Bytes of an entry.
pub const ENTRY: usize = 8;

/// Where a spelling stands: the number of its table from this bit on, below it the byte
/// in the table's text.
pub const OFFSET_BITS: u32 = 28;

/// The bucket of a hash.
pub fn bucket(hash: u32) -> usize {
    (hash >> (32 - BUCKET_BITS)) as usize
}

/// The byte of a set that tells of a hash, and its bit there.
pub fn bit(hash: u32) -> (usize, u8) {
    let bit = hash >> (32 - SET_BITS);
    ((bit / 8) as usize, 1 << (bit % 8))
}
