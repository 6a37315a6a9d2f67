//! `watchfire probe`: what a feed holds and what would be stored of it, before it
//! is watched; for an address also its mirrors and a source ready to be configured.

mod answer;
mod disk;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use url::Url;

use super::Format;

/// What to look at.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// A feed as a file, or - for standard input
    #[arg(long, value_name = "FEED", required_unless_present = "batch")]
    file: Option<PathBuf>,
    /// A file with one path a line, or -: one JSON line out for each
    #[arg(long, value_name = "LIST", conflicts_with = "file")]
    batch: Option<PathBuf>,
    /// The `Content-Type` that the bytes were served with
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// The address that the bytes came from, for relative links
    #[arg(long, value_name = "URL")]
    base: Option<Url>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let disk =
        disk::Disk { content_type: options.content_type.as_deref(), base: options.base.as_ref() };
    match (&options.batch, &options.file) {
        (Some(list), _) => disk.batch(list),
        (None, Some(path)) => disk.one(path, options.format),
        (None, None) => bail!("there is nothing to probe"),
    }
}
