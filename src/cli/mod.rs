//! The command line: one file a subcommand. Parses, calls, prints; decides nothing.

mod read;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Watches news feeds and alerts when an attack in a watched province crosses a
/// casualty threshold.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read articles: the attacks they report, with tolls and evidence
    Read(read::Options),
}

/// Runs the command.
///
/// # Errors
/// What the command could not do, for the operator.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        Command::Read(options) => read::run(&options),
    }
}
