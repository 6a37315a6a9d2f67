//! What the service manager is told: readiness, reloads, state, and that the work
//! moves on. Without a manager nothing happens.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sd_notify::NotifyState;

/// Proof of life of one thread: struck whenever it comes around.
#[derive(Debug, Default)]
pub(super) struct Beat(AtomicU64);

impl Beat {
    /// How often an idle thread comes around: more often than any manager looks.
    pub const EVERY: Duration = Duration::from_secs(1);

    pub fn strike(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Strikes since the start.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub(super) fn ready() {
    tell(&[NotifyState::Ready]);
}

pub(super) fn reloading() {
    // `Type=notify-reload` wants the time with it.
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_) => tell(&[NotifyState::Reloading]),
    }
}

pub(super) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

pub(super) fn alive() {
    tell(&[NotifyState::Watchdog]);
}

pub(super) fn status(text: &str) {
    tell(&[NotifyState::Status(text)]);
}

/// How often the manager is told that all moves on: three times within its patience,
/// so that one look that comes between two beats ends nothing.
pub(super) fn watchdog_every() -> Option<Duration> {
    sd_notify::watchdog_enabled().map(|patience| patience / 3)
}

/// A manager that does not listen must not stop the work.
fn tell(states: &[NotifyState<'_>]) {
    let _ = sd_notify::notify(states);
}
