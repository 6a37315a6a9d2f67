//! watchfire watches news feeds and raises an alert when an attack in a watched
//! province crosses a casualty threshold.

pub mod lexicon;
pub mod text;
