//! What holds across modules, a file a subject.

mod config;
mod fetch;
mod notify;
mod orders;
mod rules;
mod script;
mod store;
mod timelines;
