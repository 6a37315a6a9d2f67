//! Where the log goes: to the journal when standard error is the journal's, else to
//! standard error as text. `WATCHFIRE_LOG` says how much, as in `watchfire=debug`.

use std::io::{self, IsTerminal};
use std::os::unix::fs::MetadataExt;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

const USUAL: &str = "warn,watchfire=info";

/// Starts the log; a second call in one process changes nothing.
pub(super) fn start() {
    let asked = std::env::var("WATCHFIRE_LOG").unwrap_or_else(|_| USUAL.to_owned());
    let filter = EnvFilter::try_new(asked).unwrap_or_else(|_| EnvFilter::new(USUAL));
    let journal = stderr_is_the_journals().then(|| tracing_journald::layer().ok()).flatten();
    let output = match journal {
        Some(journal) => journal.boxed(),
        None => text().boxed(),
    };
    let _ = Registry::default().with(output).with(filter).try_init();
}

fn text<S>() -> impl Layer<S>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    fmt::layer().with_writer(io::stderr).with_target(false).with_ansi(io::stderr().is_terminal())
}

/// The service manager names the journal's socket by device and inode.
fn stderr_is_the_journals() -> bool {
    let Ok(named) = std::env::var("JOURNAL_STREAM") else { return false };
    let Ok(stderr) = std::fs::metadata("/proc/self/fd/2") else { return false };
    named == format!("{}:{}", stderr.dev(), stderr.ino())
}
