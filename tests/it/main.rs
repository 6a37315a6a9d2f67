//! The tests that see the crate from outside, a file a subject.

mod config;
mod fetch;
mod orders;
mod rules;
mod script;
mod store;
mod timelines;
