//! What holds across modules, a file a subject.

mod cli;
mod config;
mod copies;
mod corpus;
mod daemon;
mod deeds;
mod demo;
mod feeds;
mod fetch;
mod layers;
mod notify;
mod orders;
mod pages;
mod persons;
mod phrases;
mod probe;
mod reading;
mod replay;
mod rules;
mod script;
mod sinks;
mod site;
mod store;
mod stories;
mod support;
mod timelines;
