//! Plain text as the other stages need it: names folded for comparison, tokens,
//! sentences and numerals. Knows nothing of places, people or attacks.

pub mod charset;
mod codepage;
pub mod fold;
pub mod html;
pub mod markup;
mod months;
pub mod numerals;
pub mod sentences;
pub mod stamp;
pub mod tokens;
mod wide;
pub mod words;

pub use tokens::{Token, Tokens};
