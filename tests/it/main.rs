//! What holds across modules, a file a subject.

mod config;
mod fetch;
mod orders;
mod rules;
mod script;
mod notify;
mod store;
mod timelines;
