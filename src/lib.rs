//! watchfire watches news feeds and raises an alert when an attack in a watched
//! province crosses a casualty threshold.

pub mod alert;
pub mod article;
pub mod assess;
pub mod cli;
pub mod config;
pub mod correlate;
pub mod daemon;
pub mod extract;
pub mod feed;
pub mod fetch;
pub mod lexicon;
pub mod notify;
pub mod pages;
pub mod source;
pub mod store;
pub mod text;
