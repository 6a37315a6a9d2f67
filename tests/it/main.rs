//! What holds across modules, a file a subject.

mod config;
mod fetch;
mod store;
