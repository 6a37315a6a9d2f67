//! What is known before an article is read: places, actors, casualty words.
//! Holds data and answers look-ups; decides nothing about a text.

pub mod actors;
pub mod codebook;
mod phrases;
pub mod place;
pub mod places;
pub mod terms;

pub use place::PlaceCode;

use actors::Actors;
use places::Gazetteer;
use terms::Terms;

/// Everything that is known, loaded once.
#[derive(Debug, Clone)]
pub struct Lexicon {
    pub terms: Terms,
    pub actors: Actors,
    pub places: Gazetteer,
}

impl Lexicon {
    /// What is compiled in.
    pub fn embedded() -> Lexicon {
        Lexicon {
            terms: Terms::embedded(),
            actors: Actors::embedded(),
            places: Gazetteer::embedded(),
        }
    }
}
