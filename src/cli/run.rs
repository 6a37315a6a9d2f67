//! `watchfire run`: the daemon.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::look::one_line;
use super::settings::{self, ConfigFile};
use super::{PARTLY, diagnostics, logs};
use crate::config;
use crate::daemon::{self, Lines, Settings, Span, Tally, signals};
use crate::lexicon::Lexicon;
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
    let waiting = Store::read_only(&store.path)?.undelivered()?;
    let waits = waiting.into_iter().filter(|posting| posting.state == "waiting");
    let untold: BTreeSet<String> = waits.map(|posting| posting.sink).collect();
    Ok(ended(tally, &untold))
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
fn ended(tally: Tally, untold: &BTreeSet<String>) -> ExitCode {
    let Tally { polls, failed, articles, alerts } = tally;
    eprintln!("watchfire: {polls} polls, {failed} failed, {articles} articles, {alerts} alerts");
    for sink in untold {
        let sink = one_line(sink);
        eprintln!("watchfire: `{sink}` did not take every alert; the next run tries again");
    }
    if failed == 0 && untold.is_empty() { ExitCode::SUCCESS } else { PARTLY.into() }
}
