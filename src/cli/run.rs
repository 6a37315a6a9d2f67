//! `watchfire run`: the daemon.

use std::process::ExitCode;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::settings::{self, ConfigFile};
use super::{PARTLY, diagnostics, logs};
use crate::config;
use crate::daemon::{self, Lines, Settings, Span, Tally, signals};
use crate::lexicon::Lexicon;
use crate::notify::log::SINK;
use crate::store::Store;

/// How to run.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    #[command(flatten)]
    file: ConfigFile,
    /// Poll every source once, finish all work, and end
    #[arg(long)]
    once: bool,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    logs::start();
    let path = options.file.config.clone();
    let lexicon = Lexicon::embedded();
    let settings = match settings::load(&path, &lexicon) {
        Ok(settings) => settings,
        Err(config::Error::Wrong(faults)) => return Ok(diagnostics(&faults)),
        Err(error) => return Err(error.into()),
    };
    let load: daemon::Load = Arc::new(move || {
        settings::load(&path, &lexicon).map_err(|error| format!("{:#}", anyhow::Error::new(error)))
    });
    let span = if options.once { Span::Once } else { Span::Forever };
    let store = settings.store.clone();
    let runtime = runtime()?;
    let tally = runtime.block_on(serve(settings, span, load));
    // A name that is still being resolved must not hold up the end.
    runtime.shutdown_background();
    let tally = tally?;
    if !options.once {
        return Ok(ExitCode::SUCCESS);
    }
    let is_told = Store::read_only(&store.path)?.next_due(SINK)?.is_none();
    Ok(ended(tally, is_told))
}

/// Two threads for the loops; more for what blocks (names being resolved, feeds
/// being parsed), so that a dead resolver does not hold up the healthy sources.
pub(super) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(32)
        .enable_all()
        .build()
}

async fn serve(settings: Settings, span: Span, load: daemon::Load) -> anyhow::Result<Tally> {
    let controls = signals::listen()?;
    let (notices, _) = mpsc::unbounded_channel();
    Ok(daemon::run(settings, span, Lines { controls, notices, load }).await?)
}

/// A line that a script's user reads, and the code that the script reads.
fn ended(tally: Tally, is_told: bool) -> ExitCode {
    let Tally { polls, failed, articles, alerts } = tally;
    eprintln!("watchfire: {polls} polls, {failed} failed, {articles} articles, {alerts} alerts");
    if !is_told {
        eprintln!("watchfire: the alert log could not take every alert; the next run tries again");
    }
    if failed == 0 && is_told { ExitCode::SUCCESS } else { PARTLY.into() }
}
