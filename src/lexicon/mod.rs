//! What is known before an article is read: places, actors, casualty words.
//! Holds data and answers look-ups; decides nothing about a text.

pub mod actors;
mod classes;
pub mod codebook;
mod phrases;
pub mod place;
pub mod places;
pub mod terms;

pub use place::PlaceCode;

use std::sync::LazyLock;

use actors::Actors;
use places::Gazetteer;
use terms::Terms;

/// Everything that is known. Copies share what was loaded.
#[derive(Debug, Clone)]
pub struct Lexicon {
    pub terms: &'static LazyLock<Terms>,
    pub actors: &'static LazyLock<Actors>,
    pub places: Gazetteer,
}

static TERMS: LazyLock<Terms> = LazyLock::new(Terms::embedded);
static ACTORS: LazyLock<Actors> = LazyLock::new(Actors::embedded);

impl Lexicon {
    /// What is compiled in; each part is loaded when it is first asked for.
    pub fn embedded() -> Lexicon {
        Lexicon { terms: &TERMS, actors: &ACTORS, places: Gazetteer::embedded() }
    }
}
