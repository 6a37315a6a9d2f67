//! `watchfire probe`: what a feed holds and what would be stored of it, before it
//! is watched; for an address also its mirrors and a source ready to be configured.

mod address;
mod answer;
mod disk;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use url::Url;

use super::look::Look;
use super::settings;
use super::{Format, PARTLY, diagnostics, print};
use crate::config;
use crate::fetch::Settings;
use crate::lexicon::Lexicon;

/// What to look at.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// The address of a feed, or of a page that names its feeds
    #[arg(required_unless_present_any = ["file", "batch"], conflicts_with_all = ["file", "batch"])]
    url: Option<String>,
    /// Another host or address that serves the same feed; may be repeated
    #[arg(long, value_name = "HOST|URL", requires = "url")]
    mirror: Vec<String>,
    /// A configuration whose `[fetch]` to go by
    #[arg(long, short, value_name = "FILE", requires = "url")]
    config: Option<PathBuf>,
    /// A feed as a file, or - for standard input
    #[arg(long, value_name = "FEED")]
    file: Option<PathBuf>,
    /// A file with one path a line, or -: one JSON line out for each
    #[arg(long, value_name = "LIST", conflicts_with = "file")]
    batch: Option<PathBuf>,
    /// The `Content-Type` that the bytes on disk were served with
    #[arg(long, value_name = "TYPE", conflicts_with = "url")]
    content_type: Option<String>,
    /// The address that the bytes on disk came from, for relative links
    #[arg(long, value_name = "URL", conflicts_with = "url")]
    base: Option<Url>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let disk =
        disk::Disk { content_type: options.content_type.as_deref(), base: options.base.as_ref() };
    match (&options.url, &options.batch, &options.file) {
        (Some(url), ..) => online(options, url),
        (None, Some(list), _) => disk.batch(list),
        (None, None, Some(path)) => disk.one(path, options.format),
        (None, None, None) => bail!("there is nothing to probe"),
    }
}

/// 1 where no feed was found, 3 where a mirror does not serve it.
fn online(options: &Options, url: &str) -> anyhow::Result<ExitCode> {
    let fetch = match &options.config {
        None => Settings::default(),
        Some(path) => match settings::load(path, &Lexicon::embedded()) {
            Ok(settings) => settings.fetch,
            Err(config::Error::Wrong(faults)) => return Ok(diagnostics(&faults)),
            Err(error) => return Err(error.into()),
        },
    };
    let runtime = super::run::runtime()?;
    let visit = runtime.block_on(address::visit(fetch, url, &options.mirror));
    runtime.shutdown_background();
    let visit = visit?;
    print(&match options.format {
        Format::Json => serde_json::to_string_pretty(&visit)? + "\n",
        Format::Table => visit.render(Look::of_stdout()),
    })?;
    Ok(match (&visit.answer, visit.mirrors.iter().all(|mirror| mirror.is_good())) {
        (None, _) => ExitCode::FAILURE,
        (Some(_), false) => PARTLY.into(),
        (Some(_), true) => ExitCode::SUCCESS,
    })
}
