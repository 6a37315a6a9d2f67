//! Looks at what watchfire sees with besides its sources: its disk, its clock, its own
//! loop and its sinks. Gathers values; what of them is told, and when, `alert::blind`
//! decides.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use rustix::fs::statvfs;
use rustix::time::{ClockId, clock_gettime};

use super::Settings;
use crate::alert::blind::{self, Blindness, Room, Subject};
use crate::store::{self, Store};

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(15);

/// How long a sink may refuse before the others are told.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// What systemd's time service keeps while it runs, and once the clock is set by it.
const TIMESYNC: &str = "/run/systemd/timesync";

/// What has to be remembered from one look to the next.
pub(super) struct Vigil {
    looked: Instant,
    /// Wall clock, and time since boot with sleep, at the last look.
    clocks: (Timestamp, Duration),
    polled: Instant,
    shortest_interval: Duration,
    paths: Vec<PathBuf>,
    found: Vec<Blindness>,
}

impl Vigil {
    pub fn new(settings: &Settings) -> Vigil {
        let mut vigil = Vigil {
            looked: Instant::now(),
            clocks: (Timestamp::now(), since_boot()),
            polled: Instant::now(),
            shortest_interval: Duration::ZERO,
            paths: Vec::new(),
            found: Vec::new(),
        };
        vigil.configure(settings);
        vigil
    }

    pub fn configure(&mut self, settings: &Settings) {
        let every = settings.sources.iter().map(|source| source.every);
        self.shortest_interval = every.min().unwrap_or(Duration::MAX / 8);
        self.paths = [&settings.store.path, &settings.alerts.log].map(|path| parent(path)).into();
        self.polled = Instant::now();
    }

    /// A poll came in, whatever it came to.
    pub fn saw_a_poll(&mut self) {
        self.polled = Instant::now();
    }

    /// What was the matter at the last look.
    pub fn found(&self) -> &[Blindness] {
        &self.found
    }

    /// Looks anew, if the last look is a while ago.
    pub fn look(&mut self, store: &Store, now: Timestamp) -> Result<(), store::Error> {
        if self.looked.elapsed() < EVERY {
            return Ok(());
        }
        self.looked = Instant::now();
        let mut found: Vec<Blindness> = Vec::new();
        found.extend(self.paths.iter().find_map(|path| of_disk(path, now)));
        found.extend(self.of_clock(now));
        if blind::stands_still(self.polled.elapsed(), self.shortest_interval) {
            let since = now.checked_sub(self.polled.elapsed()).unwrap_or(now);
            let cause = "no poll came to an end for a long time";
            found.push(blindness(Subject::Heartbeat, since, cause, "restart watchfire"));
        }
        found.extend(of_sinks(store, now)?);
        self.found = found;
        Ok(())
    }

    fn of_clock(&mut self, now: Timestamp) -> Option<Blindness> {
        let (wall, boot) = std::mem::replace(&mut self.clocks, (now, since_boot()));
        let passed = self.clocks.1.saturating_sub(boot);
        let passed = SignedDuration::try_from(passed).unwrap_or_default();
        let of = |cause: &str| {
            let step = "see that the time service of this machine works";
            Some(blindness(Subject::Clock, now, cause, step))
        };
        if blind::is_impossible(now) {
            return of(&format!("the clock shows {now:.0}"));
        }
        if blind::stepped(now.duration_since(wall), passed) {
            return of(&format!("the clock was set from {:.0} to {now:.0}", wall + passed));
        }
        let timesync = Path::new(TIMESYNC);
        if timesync.is_dir() && !timesync.join("synchronized").exists() {
            return of("the clock is not synchronised");
        }
        None
    }
}

fn of_disk(directory: &Path, now: Timestamp) -> Option<Blindness> {
    let disk = statvfs(directory).ok()?;
    let room = Room { free: disk.f_bavail * disk.f_frsize, all: disk.f_blocks * disk.f_frsize };
    let cause = format!("{} MiB are left for `{}`", room.free >> 20, directory.display());
    let step = "free some space there: without it alerts cannot be recorded";
    room.is_nearly_none().then(|| blindness(Subject::Disk, now, &cause, step))
}

fn of_sinks(store: &Store, now: Timestamp) -> Result<Vec<Blindness>, store::Error> {
    let failing = store.sink_health()?.into_iter().filter_map(|sink| {
        let since = sink.failing_since.filter(|since| now.duration_since(*since) >= PATIENCE)?;
        let why = super::journal::shown(sink.error.as_deref().unwrap_or_default());
        let step = "mend it; `watchfire notify status` shows what waits";
        Some(blindness(Subject::Sink(sink.sink), since, &why, step))
    });
    Ok(failing.collect())
}

fn blindness(subject: Subject, since: Timestamp, cause: &str, next_step: &str) -> Blindness {
    Blindness { subject, since, cause: format!("{cause}; {next_step}") }
}

fn parent(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_owned()
}

/// Unlike `Instant`, it goes on while the machine sleeps.
fn since_boot() -> Duration {
    Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap_or_default()
}
