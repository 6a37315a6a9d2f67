//! What the thread that owns the store does besides polls: alarms of our own blindness,
//! excuses for sources, and the store's housekeeping.

use std::time::Instant;

use jiff::Timestamp;

use super::{Desk, TIDY_EVERY};
use crate::daemon::{alarms, journal};
use crate::source::SourceState;
use crate::source::blind::Blind;
use crate::store;

impl Desk {
    /// What is not recorded now is made good by the next poll of the source.
    pub(super) fn excuse(&mut self, sources: &[(String, SourceState)]) -> Result<(), store::Error> {
        match self.store.excuse(sources, Timestamp::now()) {
            Err(error) if error.is_passing() => journal::store_refused(&error),
            outcome => outcome?,
        }
        Ok(())
    }

    /// What cannot be recorded now is recorded with the next change.
    pub(super) fn blind(&mut self, standing: Vec<Blind>) -> Result<(), store::Error> {
        match self.store.record_blind(&standing, Timestamp::now()) {
            Err(error) if error.is_passing() => journal::store_refused(&error),
            Err(error) => return Err(error),
            Ok(begun) => begun.iter().for_each(journal::blind),
        }
        self.blind = Some(standing);
        self.announce()
    }

    /// Has people told of it, and now and then that it is over.
    pub(super) fn announce(&mut self) -> Result<(), store::Error> {
        self.announced = Instant::now();
        self.look_out()?;
        let Some(standing) = &self.blind else { return Ok(()) };
        let sinks = self.post.recipients();
        let here = self.vigil.found();
        match alarms::announce(&mut self.store, standing, here, &sinks, Timestamp::now()) {
            Err(error) if error.is_passing() => journal::store_refused(&error),
            Err(error) => return Err(error),
            Ok(()) => {}
        }
        Ok(())
    }

    /// Looks at this machine and the sinks, now and then.
    fn look_out(&mut self) -> Result<(), store::Error> {
        match self.vigil.look(&self.store, Timestamp::now()) {
            // It is looked at again soon.
            Err(error) if error.is_passing() => journal::store_refused(&error),
            outcome => outcome?,
        }
        Ok(())
    }

    pub(super) fn tidy(&mut self) -> Result<(), store::Error> {
        if self.tidied.elapsed() < TIDY_EVERY {
            return Ok(());
        }
        self.tidied = Instant::now();
        match self.store.tidy() {
            Err(error) if !error.is_passing() => Err(error),
            _ => Ok(()),
        }
    }
}
