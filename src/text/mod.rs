//! Plain text as the other stages need it: names folded for comparison,
//! sentences, tokens and numerals. Knows nothing of places, people or attacks.

pub mod fold;
