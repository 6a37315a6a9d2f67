//! The door of each host: one request at a time, some time between two, none while the
//! host asked to be left alone. Polls and page fetches pass the same doors, so that
//! no publisher meets more of us than one reader.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

/// All doors. Clones share them.
#[derive(Debug, Clone)]
pub struct HostGate {
    spacing: Duration,
    doors: Arc<Mutex<HashMap<String, Door>>>,
}

#[derive(Debug, Clone, Default)]
struct Door {
    /// When the last request ended; held while one is under way.
    last: Arc<tokio::sync::Mutex<Option<Instant>>>,
    /// The host asked not to be asked before.
    closed_until: Option<Timestamp>,
}

/// The right to ask a host, until it is dropped.
#[derive(Debug)]
pub struct Pass {
    last: OwnedMutexGuard<Option<Instant>>,
}

impl Drop for Pass {
    fn drop(&mut self) {
        *self.last = Some(Instant::now());
    }
}

/// The host asked to be left alone for so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed(pub Duration);

impl HostGate {
    /// Hosts remembered before those that nobody waits for are forgotten.
    const MANY: usize = 1_000;

    pub fn new(spacing: Duration) -> HostGate {
        HostGate { spacing, doors: Arc::default() }
    }

    /// Waits for the turn to ask the host, or says for how long it is closed.
    pub async fn enter(&self, host: &str, now: Timestamp) -> Result<Pass, Closed> {
        let last = {
            let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
            self.forget_idle(&mut doors, now);
            Arc::clone(&doors.entry(host.to_owned()).or_default().last)
        };
        self.check(host, now)?;
        let last = last.lock_owned().await;
        if let Some(ended) = *last {
            tokio::time::sleep_until(ended + self.spacing).await;
        }
        // Whoever went before may have been told to leave it alone.
        self.check(host, now)?;
        Ok(Pass { last })
    }

    /// Whether the host may be asked at all.
    fn check(&self, host: &str, now: Timestamp) -> Result<(), Closed> {
        let doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
        let closed_until = doors.get(host).and_then(|door| door.closed_until);
        closed_until.and_then(|until| left(until, now)).map_or(Ok(()), |left| Err(Closed(left)))
    }

    /// Keeps the door closed until `until`, as the host asked.
    pub fn close(&self, host: &str, until: Timestamp) {
        let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
        let door = doors.entry(host.to_owned()).or_default();
        door.closed_until = door.closed_until.max(Some(until));
    }

    fn forget_idle(&self, doors: &mut HashMap<String, Door>, now: Timestamp) {
        if doors.len() < Self::MANY {
            return;
        }
        doors.retain(|_, door| {
            let is_closed = door.closed_until.is_some_and(|until| left(until, now).is_some());
            let is_idle = door
                .last
                .try_lock()
                .is_ok_and(|last| last.is_none_or(|ended| ended.elapsed() >= self.spacing));
            // Another holder of the lock may be about to wait for it.
            is_closed || !is_idle || Arc::strong_count(&door.last) > 1
        });
    }
}

/// What is left of a wait; further away than any wait that is kept is a clock that
/// was set back.
fn left(until: Timestamp, now: Timestamp) -> Option<Duration> {
    let left = until.as_millisecond() - now.as_millisecond();
    let left = Duration::from_millis(u64::try_from(left).ok().filter(|left| *left > 0)?);
    (left <= super::headers::LONGEST_RETRY_AFTER).then_some(left)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::{SignedDuration, Timestamp};
    use tokio::time::Instant;

    use super::{Closed, HostGate};

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn a_host_is_asked_one_request_at_a_time_with_a_pause_between() {
        let pause = Duration::from_millis(15);
        let gate = HostGate::new(pause);
        let tasks = (0..5).map(|_| {
            let gate = gate.clone();
            tokio::spawn(async move {
                let pass = gate.enter("a.org", now()).await.unwrap();
                let started = Instant::now();
                tokio::time::sleep(Duration::from_millis(2)).await;
                let ended = Instant::now();
                drop(pass);
                (started, ended)
            })
        });
        let mut spans = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            spans.push(task.await.unwrap());
        }
        spans.sort_unstable();
        for pair in spans.windows(2) {
            assert!(pair[1].0 >= pair[0].1 + pause, "{pair:?}");
        }
    }

    #[tokio::test]
    async fn hosts_do_not_wait_for_each_other_and_a_request_given_up_frees_its_host() {
        let gate = HostGate::new(Duration::ZERO);
        let first = gate.enter("a.org", now()).await.unwrap();
        let _other = gate.enter("b.org", now()).await.unwrap();
        let waiting = tokio::time::timeout(Duration::ZERO, gate.enter("a.org", now())).await;
        assert!(waiting.is_err());
        drop(first);
        gate.enter("a.org", now()).await.unwrap();
    }

    #[tokio::test]
    async fn who_waits_at_a_door_that_closes_meanwhile_is_turned_away() {
        let gate = HostGate::new(Duration::ZERO);
        let first = gate.enter("a.org", now()).await.unwrap();
        let closes = async {
            tokio::task::yield_now().await;
            gate.close("a.org", now() + SignedDuration::from_secs(60));
            drop(first);
        };
        let (told, ()) = tokio::join!(gate.enter("a.org", now()), closes);
        assert_eq!(told.map(drop), Err(Closed(Duration::from_secs(60))));
    }

    #[tokio::test]
    async fn a_closed_host_is_not_asked_and_doors_are_forgotten() {
        let gate = HostGate::new(Duration::ZERO);
        let later = |seconds| now() + SignedDuration::from_secs(seconds);
        gate.close("a.org", later(600));
        gate.close("a.org", later(300));
        let closed = gate.enter("a.org", later(100)).await.map(drop);
        assert_eq!(closed, Err(Closed(Duration::from_secs(500))));
        assert!(gate.enter("a.org", later(600)).await.is_ok());
        // The clock was set back by a year.
        assert!(gate.enter("a.org", later(-365 * 86_400)).await.is_ok());
        for n in 0..3_000 {
            drop(gate.enter(&format!("h{n}.org"), now()).await);
        }
        let doors = gate.doors.lock().unwrap();
        assert!(doors.len() <= HostGate::MANY && doors.contains_key("a.org"), "{}", doors.len());
    }
}
