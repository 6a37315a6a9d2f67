//! The command line: one file a subcommand. Parses, calls, prints; decides nothing.

mod alert;
mod batch;
mod check;
mod demo;
mod event;
mod extract;
mod logs;
mod look;
mod notify;
mod person;
mod places;
mod probe;
mod read;
mod replay;
mod run;
mod settings;
mod status;
mod table;
mod words;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::config::Diagnostics;
use crate::feed;

/// The work was done, but a part of it failed: a source with `run --once`, a line
/// with `read --batch` or `replay --articles`.
const PARTLY: u8 = 3;

/// Watches news feeds and alerts when an attack in a watched province crosses a
/// casualty threshold.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 done; 1 could not be done, or a check failed; 2 the command line is wrong;\n\
                  3 done in part (a source or a line failed).\n\
                  First steps: `watchfire demo`."
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Watch: poll the sources, raise the alerts
    Run(run::Options),
    /// Show how each source stands: what is late, failing, quiet or taken over, and why
    Status(status::Options),
    /// Show what the configuration is understood to say, or what is wrong with it
    Check(check::Options),
    /// Show alerts and whom they reached; cancel, silence, send again
    Alert(alert::Options),
    /// Show events; correct, merge and split them
    Event(event::Options),
    /// Try the sinks, or show how they are
    Notify(notify::Options),
    /// Read an article: the attacks that it reports, with tolls and evidence
    Read(read::Options),
    /// Tell again what articles of the past lead to, with today's extractor and rules
    Replay(replay::Options),
    /// Look at a feed: what would be stored of it, and what not
    Probe(probe::Options),
    /// See the whole job done on publishers that live only on this machine
    Demo(demo::Options),
    /// Show what a name of a place means
    Places(places::Options),
    /// Read one page from standard input, within hard limits; the daemon starts it
    #[command(hide = true)]
    ExtractPage(extract::Options),
}

/// For whom the output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs
    Json,
}

/// Runs the command.
///
/// # Errors
/// What the command could not do, for the operator.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    hush_guarded_panics();
    match arguments.command {
        Command::Run(options) => run::run(&options),
        Command::Status(options) => status::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Alert(options) => alert::run(&options),
        Command::Event(options) => event::run(&options),
        Command::Notify(options) => notify::run(&options),
        Command::Read(options) => read::run(&options),
        Command::Replay(options) => replay::run(&options),
        Command::Probe(options) => probe::run(&options),
        Command::Demo(options) => demo::run(&options),
        Command::Places(options) => places::run(&options),
        Command::ExtractPage(options) => extract::run(&options),
    }
}

/// A panic that the feed reader is guarded against is counted where it is caught; a
/// trace of it in the log would only look like a crash.
fn hush_guarded_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !feed::is_guarded() {
            usual(panic);
        }
    }));
}

/// Writes to standard output; a closed pipe is an error and not a panic.
fn print(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()
}

/// Prints what is wrong with a configuration.
fn diagnostics(faults: &Diagnostics) -> ExitCode {
    let choice = anstream::AutoStream::choice(&std::io::stderr());
    eprintln!("{}", faults.render(choice != anstream::ColorChoice::Never));
    ExitCode::FAILURE
}
