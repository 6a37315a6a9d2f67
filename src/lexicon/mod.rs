//! What is known before an article is read: places, actors, casualty words.
//! Holds data and answers look-ups; decides nothing about a text.

pub mod actors;
mod phrases;
pub mod place;
pub mod terms;
pub mod places;

pub use place::PlaceCode;
