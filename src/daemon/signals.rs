//! The signals of the system as words: HUP reloads, TERM and INT stop.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::Control;

/// Hands on every signal until nobody listens. Must be called inside a runtime.
///
/// # Errors
/// When the system does not let the process listen.
pub fn listen() -> io::Result<mpsc::Receiver<Control>> {
    let (controls, receiver) = mpsc::channel(4);
    let mut hangup = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        loop {
            let control = tokio::select! {
                Some(()) = hangup.recv() => Control::Reload,
                Some(()) = terminate.recv() => Control::Stop,
                Some(()) = interrupt.recv() => Control::Stop,
                else => return,
            };
            if controls.send(control).await.is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}
