//! The loops: polls each source when it is due, has the answers read, judged and
//! recorded, and sends what the outbox holds. Acts and waits only: when to poll is
//! decided by `source`, what an article is worth by `assess`.
//!
//! One task a poll, one thread that owns the store, one that owns the alert log, a
//! task a sink; values travel between them through channels.

mod alarms;
mod intake;
mod journal;
mod leads;
mod opening;
mod pages;
mod post;
mod reader;
mod roster;
mod scheduler;
pub mod signals;
mod sink;
mod systemd;
mod turn;
mod vigil;
mod watchdog;
mod writer;

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::mpsc;

use crate::alert::rule::Watch;
use crate::fetch::NoClient;
use crate::lexicon::Lexicon;
use crate::pages::worker::Workers;
use crate::source::Source;
use crate::{fetch, notify, store};

pub use pages::{PageTurn, Read};
pub use turn::{End, Recorded, Turn};

/// What the daemon goes by.
#[derive(Debug, Clone)]
pub struct Settings {
    pub store: store::Settings,
    pub alerts: notify::Settings,
    pub fetch: fetch::Settings,
    pub sources: Vec<Source>,
    pub watches: Vec<Watch>,
    /// With the operator's own places.
    pub lexicon: Arc<Lexicon>,
    /// News of older events does not alert.
    pub late_after: SignedDuration,
    /// Read the pages, each in a process of its own.
    pub workers: Workers,
}

/// How long to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Until told to stop.
    Forever,
    /// Until every source was polled once, due or not.
    Once,
}

/// What the operator can ask of a running daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Read the configuration again, open the alert log anew.
    Reload,
    /// Finish what is begun, and end.
    Stop,
}

/// What a running daemon tells whoever listens.
#[derive(Debug)]
pub enum Notice {
    /// The store and the log are open; the first polls begin.
    Ready,
    /// A source had its turn.
    Turn(Box<Turn>),
    /// A page had its turn.
    Page(Box<PageTurn>),
    /// The configuration was read again, or why the old one stays.
    Reloaded(Result<(), String>),
}

/// Reads the configuration anew: the settings, or every fault of it in one text.
pub type Load = Arc<dyn Fn() -> Result<Settings, String> + Send + Sync>;

/// How a daemon is reached from outside.
pub struct Lines {
    pub controls: mpsc::Receiver<Control>,
    /// Nobody need listen.
    pub notices: mpsc::UnboundedSender<Notice>,
    pub load: Load,
}

/// How many polls came to what, from start to end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub polls: u64,
    /// Polls in which no mirror served the source, or whose result could not be stored.
    pub failed: u64,
    pub articles: u64,
    pub alerts: u64,
}

/// Why the daemon could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Log(#[from] notify::log::Error),
    #[error(transparent)]
    Client(#[from] NoClient),
    #[error("the thread of the {0} ended unasked; this is a fault of watchfire, please report it")]
    Died(&'static str),
    #[error(
        "not everything could be finished in time; what was recorded is safe, the rest is polled again"
    )]
    Late,
}

/// Runs until the span is over or a stop is asked for; everything begun is then
/// finished or undone.
///
/// # Errors
/// When the store, the log or the client cannot be opened, or the store fails in a
/// way that only a restart can mend.
pub async fn run(settings: Settings, span: Span, lines: Lines) -> Result<Tally, Error> {
    scheduler::Scheduler::start(settings, span, lines).await?.run().await
}
