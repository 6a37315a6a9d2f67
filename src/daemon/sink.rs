//! Those who tell: a thread that owns the alert log, a task for each other sink.
//! Each is given one message at a time and answers whether it has it; when to try
//! again is the writer's to decide. One that stands still holds up no other.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::JoinHandle;

use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;

use super::journal::chain;
use super::systemd::Beat;
use crate::alert::message::Dispatch;
use crate::notify::log::{AlertLog, Error};
use crate::notify::{Refused, Sender};

/// What the log's thread is asked to do.
pub(super) enum Order {
    Write(Box<Dispatch>),
    /// Go on in the file of that name, which may be another by now.
    Reopen(PathBuf),
}

/// What came of telling a sink something.
#[derive(Debug)]
pub(super) struct Delivery {
    pub sink: String,
    pub message: String,
    /// How often it was tried before.
    pub tries: u32,
    pub outcome: Result<(), Refused>,
}

/// The way to the log's thread; dropping the orders ends it.
pub(super) struct Log {
    pub orders: mpsc::Sender<Order>,
    pub thread: JoinHandle<()>,
}

/// Opens the log and starts its thread; deliveries are handed to `answer`.
pub(super) fn log(
    path: PathBuf,
    name: &'static str,
    beat: Arc<Beat>,
    answer: impl Fn(Delivery) + Send + 'static,
) -> Result<Log, Error> {
    let log = AlertLog::open(&path)?;
    let (orders, received) = mpsc::channel();
    let thread = std::thread::Builder::new()
        .name("alert-log".into())
        .spawn(move || serve(log, path, name, &received, &beat, &answer))
        .expect("the system has room for one more thread at start");
    Ok(Log { orders, thread })
}

fn serve(
    mut log: AlertLog,
    mut path: PathBuf,
    name: &str,
    orders: &Receiver<Order>,
    beat: &Beat,
    answer: &impl Fn(Delivery),
) {
    loop {
        match orders.recv_timeout(Beat::EVERY) {
            Ok(Order::Write(dispatch)) => {
                let written = log.write(&dispatch.message);
                // The log refuses all or nothing, and is never given up.
                let refused = |error: Error| Refused::Away { cause: chain(&error), after: None };
                answer(delivery(name, &dispatch, written.map(drop).map_err(refused)));
            }
            Ok(Order::Reopen(wanted)) => reopen(&mut log, &mut path, wanted),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        beat.strike();
    }
}

fn delivery(sink: &str, dispatch: &Dispatch, outcome: Result<(), Refused>) -> Delivery {
    let (sink, message) = (sink.to_owned(), dispatch.message.id().to_owned());
    Delivery { sink, message, tries: dispatch.tries, outcome }
}

/// A log that cannot be opened leaves the old one in use.
fn reopen(log: &mut AlertLog, path: &mut PathBuf, wanted: PathBuf) {
    let opened = match *path == wanted {
        true => log.reopen(),
        false => AlertLog::open(&wanted).map(|other| *log = other),
    };
    match opened {
        Ok(()) => *path = wanted,
        Err(error) => tracing::error!(error = %chain(&error), "alert log not reopened"),
    }
}

/// Starts the task of a sink, which ends once the way to it is dropped and what it
/// has in hand is answered for.
pub(super) fn task(
    runtime: &Handle,
    sender: Sender,
    answer: impl Fn(Delivery) + Send + 'static,
) -> UnboundedSender<Box<Dispatch>> {
    let (way, mut received) = tokio::sync::mpsc::unbounded_channel::<Box<Dispatch>>();
    runtime.spawn(async move {
        while let Some(dispatch) = received.recv().await {
            let outcome = sender.deliver(&dispatch).await;
            answer(delivery(sender.name(), &dispatch, outcome));
        }
    });
    way
}
