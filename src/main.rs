//! Parses the command line, runs, prints the error chain, sets the exit code.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = watchfire::cli::Arguments::parse();
    match watchfire::cli::run(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("watchfire: {error:#}");
            ExitCode::FAILURE
        }
    }
}
