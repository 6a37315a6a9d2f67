//! The thread that owns the alert log: writes what it is given, answers for each
//! alert whether the log has it. When to try again is the writer's to decide.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;

use super::systemd::Beat;
use crate::alert::rule::Alert;
use crate::notify::log::{AlertLog, Error, Written};

/// What the thread is asked to do.
pub(super) enum Order {
    Write(Box<Alert>),
    /// Go on in the file of that name, which may be another by now.
    Reopen(PathBuf),
}

/// What came of an order to write.
pub(super) struct Delivery {
    pub alert: String,
    pub outcome: Result<Written, Error>,
}

/// The way to the thread; dropping it ends the thread.
pub(super) struct Sink {
    pub orders: Sender<Order>,
    pub thread: JoinHandle<()>,
}

/// Opens the log and starts the thread; deliveries are handed to `answer`.
pub(super) fn start(
    path: PathBuf,
    beat: Arc<Beat>,
    answer: impl Fn(Delivery) + Send + 'static,
) -> Result<Sink, Error> {
    let log = AlertLog::open(&path)?;
    let (orders, received) = channel();
    let thread = std::thread::Builder::new()
        .name("alert-log".into())
        .spawn(move || serve(log, path, &received, &beat, &answer))
        .expect("the system has room for one more thread at start");
    Ok(Sink { orders, thread })
}

fn serve(
    mut log: AlertLog,
    mut path: PathBuf,
    orders: &Receiver<Order>,
    beat: &Beat,
    answer: &impl Fn(Delivery),
) {
    loop {
        match orders.recv_timeout(Beat::EVERY) {
            Ok(Order::Write(alert)) => {
                let outcome = log.write(&alert);
                answer(Delivery { alert: alert.id, outcome });
            }
            Ok(Order::Reopen(wanted)) => reopen(&mut log, &mut path, wanted),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        beat.strike();
    }
}

/// A log that cannot be opened leaves the old one in use.
fn reopen(log: &mut AlertLog, path: &mut PathBuf, wanted: PathBuf) {
    let opened = match *path == wanted {
        true => log.reopen(),
        false => AlertLog::open(&wanted).map(|other| *log = other),
    };
    match opened {
        Ok(()) => *path = wanted,
        Err(error) => {
            tracing::error!(error = %super::journal::chain(&error), "alert log not reopened")
        }
    }
}
