//! `watchfire extract-page`: a page on standard input to the article on it, as JSON.
//! The daemon starts it for each page; it is the process that may be killed.

use std::fs;
use std::io;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use url::Url;

use crate::pages::worker;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The `Content-Type` that the page came with
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// Where the page came from
    #[arg(long)]
    url: Option<Url>,
    /// Say on standard error what it cost: milliseconds, and MiB at most
    #[arg(long)]
    cost: bool,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let begun = Instant::now();
    let (input, output) = (io::stdin().lock(), io::stdout().lock());
    worker::serve(input, output, options.content_type.as_deref(), options.url.as_ref())?;
    if options.cost {
        eprintln!("{} {}", begun.elapsed().as_millis(), most_memory().unwrap_or_default());
    }
    Ok(ExitCode::SUCCESS)
}

/// The most memory that this process has held, in MiB.
fn most_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib / 1024)
}
