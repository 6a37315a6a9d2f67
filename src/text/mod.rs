//! Plain text as the other stages need it: names folded for comparison, tokens,
//! sentences and numerals. Knows nothing of places, people or attacks.

pub mod fold;
pub mod numerals;
pub mod sentences;
pub mod tokens;

pub use tokens::{Token, Tokens};
