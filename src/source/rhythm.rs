//! How often a source publishes, learned from when its items appear: how often it is
//! worth asking, and when its silence is no longer its habit.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const HOUR: u64 = 3600;
const DAY: i64 = 24 * 3600;

/// The pauses between the items of a source, bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rhythm {
    /// When something new last appeared.
    pub last_new: Option<Timestamp>,
    /// Pauses between two appearances, in seconds, the newest last.
    pub gaps: VecDeque<u32>,
    /// The longest pause that ended on each of the last days on which one did: the
    /// day since 1970 and the seconds. A newsroom that sleeps at night is not dead.
    pub longest: VecDeque<(i32, u32)>,
}

impl Rhythm {
    const GAPS: usize = 200;
    const DAYS: usize = 14;
    /// Fewer pauses say nothing.
    const ENOUGH: usize = 5;

    /// Learns from the first document of a source: the dates of its items.
    pub fn begin(&mut self, published: impl IntoIterator<Item = Timestamp>, now: Timestamp) {
        let mut dates: Vec<i64> = published.into_iter().map(Timestamp::as_second).collect();
        // A date of the future or of an archive is no pause between two items.
        dates.retain(|at| (now.as_second() - 60 * DAY..=now.as_second()).contains(at));
        dates.sort_unstable();
        dates.dedup();
        for pair in dates.windows(2) {
            self.note(pair[1] - pair[0], pair[1]);
        }
        let last = dates.last().and_then(|at| Timestamp::from_second(*at).ok());
        self.last_new = last.or(Some(now));
    }

    /// Something new appeared.
    pub fn appeared(&mut self, now: Timestamp) {
        if let Some(last) = self.last_new {
            self.note(now.as_second() - last.as_second(), now.as_second());
        }
        self.last_new = Some(now);
    }

    fn note(&mut self, gap: i64, at: i64) {
        // Not after a clock was set back.
        let Some(gap) = u32::try_from(gap).ok().filter(|gap| *gap > 0) else { return };
        self.gaps.push_back(gap);
        let excess = self.gaps.len().saturating_sub(Self::GAPS);
        self.gaps.drain(..excess);
        let day = i32::try_from(at.div_euclid(DAY)).unwrap_or_default();
        match self.longest.back_mut() {
            Some((known, longest)) if *known == day => *longest = gap.max(*longest),
            _ => self.longest.push_back((day, gap)),
        }
        let excess = self.longest.len().saturating_sub(Self::DAYS);
        self.longest.drain(..excess);
    }

    /// The interval that fits the source, given the one that the user asks for: an
    /// eighth of its usual pause, but never more than three times what was asked.
    /// The one attack of a quiet source is what it is watched for.
    pub fn interval(&self, every: Duration) -> Duration {
        const LONGEST_STRETCH: u32 = 3;
        let usual = self.quantile(0.5).unwrap_or_default();
        (usual / 8).clamp(every, every.saturating_mul(LONGEST_STRETCH))
    }

    /// The pause after which the source is quieter than it ever is: three times the
    /// pause that 95 of 100 do not exceed, at least six hours, and longer by a
    /// quarter than any of the last two weeks. None while too little is known.
    pub fn patience(&self) -> Option<Duration> {
        let usual = self.quantile(0.95)?;
        let longest = self.longest.iter().map(|(_, gap)| *gap).max().unwrap_or_default();
        let longest = Duration::from_secs(u64::from(longest));
        Some((3 * usual).max(Duration::from_secs(6 * HOUR)).max(longest + longest / 4))
    }

    /// Since when the source is quieter than it ever is.
    pub fn quiet_since(&self, now: Timestamp) -> Option<Timestamp> {
        let from = self.last_new?.checked_add(self.patience()?).ok()?;
        (from <= now).then_some(from)
    }

    /// Appearances a week, as far as the remembered pauses tell.
    pub fn weekly(&self) -> Option<f64> {
        let known: u64 = self.gaps.iter().map(|gap| u64::from(*gap)).sum();
        (self.gaps.len() >= Self::ENOUGH)
            .then(|| self.gaps.len() as f64 * (7 * 24 * HOUR) as f64 / known.max(1) as f64)
    }

    fn quantile(&self, share: f64) -> Option<Duration> {
        if self.gaps.len() < Self::ENOUGH {
            return None;
        }
        let mut sorted: Vec<u32> = self.gaps.iter().copied().collect();
        sorted.sort_unstable();
        let place = (share * (sorted.len() - 1) as f64).round() as usize;
        Some(Duration::from_secs(u64::from(sorted[place])))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::Rhythm;

    const MINUTE: i64 = 60;
    const HOUR: i64 = 3600;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    /// A rhythm of items that appeared at these seconds.
    fn beaten(seconds: impl IntoIterator<Item = i64>) -> Rhythm {
        let mut rhythm = Rhythm::default();
        seconds.into_iter().for_each(|second| rhythm.appeared(at(second)));
        rhythm
    }

    #[test]
    fn a_quiet_source_is_asked_less_often_but_never_a_third() {
        let every = Duration::from_secs(300);
        for (gap, wanted) in [
            (10 * MINUTE, 300),
            (40 * MINUTE, 300),
            (80 * MINUTE, 600),
            (5 * HOUR, 900),
            (400 * HOUR, 900),
        ] {
            let rhythm = beaten((0..10).map(|n| n * gap));
            assert_eq!(rhythm.interval(every).as_secs(), wanted, "{gap}");
        }
        assert_eq!(beaten([0, HOUR, 2 * HOUR]).interval(every), every, "too little is known");
    }

    #[test]
    fn silence_is_told_from_the_nightly_pause() {
        // Every 20 minutes from 6 to 22 o'clock, for three days.
        let day = |n: i64| (0..49).map(move |k| n * 24 * HOUR + 6 * HOUR + k * 20 * MINUTE);
        let rhythm = beaten((0..3).flat_map(day));
        let evening = 2 * 24 * HOUR + 22 * HOUR;
        assert_eq!(rhythm.last_new, Some(at(evening)));
        assert_eq!(rhythm.quiet_since(at(evening + 8 * HOUR)), None);
        let from = at(evening + 10 * HOUR);
        assert_eq!(rhythm.quiet_since(at(evening + 11 * HOUR)), Some(from));
        // A source that never sleeps is quiet after six hours.
        let busy = beaten((0..500).map(|n| n * 5 * MINUTE));
        let last = busy.last_new.unwrap();
        assert_eq!(busy.quiet_since(at(499 * 5 * MINUTE + 5 * HOUR)), None);
        let later = last.checked_add(Duration::from_secs(7 * 3600)).unwrap();
        assert!(busy.quiet_since(later).is_some());
        assert_eq!(busy.weekly(), Some(7.0 * 24.0 * 12.0));
    }

    #[test]
    fn the_first_document_tells_of_the_past() {
        let mut rhythm = Rhythm::default();
        let dates = [5, 0, 1, 2, 2, 3, 4].map(|n| at(n * HOUR));
        rhythm.begin(dates.into_iter().chain([at(900 * HOUR), at(-9_000 * HOUR)]), at(6 * HOUR));
        assert_eq!(rhythm.gaps, [3600; 5]);
        assert_eq!(rhythm.last_new, Some(at(5 * HOUR)));
        let mut undated = Rhythm::default();
        undated.begin([], at(0));
        assert_eq!((undated.last_new, undated.patience()), (Some(at(0)), None));
    }

    #[test]
    fn what_is_remembered_is_bounded_and_a_clock_set_back_teaches_nothing() {
        let mut rhythm = beaten((0..10_000).map(|n| n * HOUR));
        assert_eq!((rhythm.gaps.len(), rhythm.longest.len()), (200, 14));
        let before = rhythm.gaps.clone();
        rhythm.appeared(at(-HOUR));
        assert_eq!(rhythm.gaps, before);
    }
}
