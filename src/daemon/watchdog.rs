//! The service manager's watchdog: what it is told hangs on every thread that must move.

use tokio::time::{Instant, Interval, MissedTickBehavior};

use super::systemd;
use super::writer::Writer;

/// Tells the manager that all is well only when every thread came around since.
pub(super) struct Watchdog {
    pub tick: Interval,
    writer: u64,
    log: u64,
}

impl Watchdog {
    /// One, where the manager asks for it.
    pub fn new(writer: &Writer) -> Option<Watchdog> {
        let every = systemd::watchdog_every()?;
        let mut tick = tokio::time::interval_at(Instant::now() + every, every);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Some(Watchdog { tick, writer: writer.beat.count(), log: writer.log_beat.count() })
    }

    /// Whether the threads have come around since it was last asked.
    pub fn all_moved(&mut self, writer: &Writer) -> bool {
        let (now, log) = (writer.beat.count(), writer.log_beat.count());
        let moved = now != self.writer && log != self.log;
        (self.writer, self.log) = (now, log);
        moved
    }
}
