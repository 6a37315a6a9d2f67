//! `watchfire extract-page`: a page on standard input to the article on it, as JSON.
//! The daemon starts it for each page; it is the process that may be killed.

use std::io;
use std::process::ExitCode;

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
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let (input, output) = (io::stdin().lock(), io::stdout().lock());
    worker::serve(input, output, options.content_type.as_deref(), options.url.as_ref())?;
    Ok(ExitCode::SUCCESS)
}
