//! When to poll a source again. Pure decisions over `SourceState`; every instant and
//! every grain of chance comes in as an argument.

use std::time::Duration;

use jiff::Timestamp;

use crate::source::Source;
use crate::source::hints::LONGEST_FRESHNESS;
use crate::source::state::{Cause, Health, MirrorState, Pace, SourceState, later};

pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(3600);
pub(super) const DAY: Duration = Duration::from_secs(24 * 3600);

/// No source is polled more often, whatever it or the user says.
pub const FLOOR: Duration = Duration::from_secs(10);
/// The longest pause after failures.
pub const LONGEST_BACKOFF: Duration = Duration::from_secs(6 * 3600);
/// How often it is tried whether this machine reaches anybody again.
pub const OUTAGE_PROBE: Duration = Duration::from_secs(30);

/// When to poll again after a good answer, and what that goes by: the longest of the
/// user's interval, the source's own rhythm, and what the headers (`fresh_for`) and
/// the feed ask; later where the feed asks to skip that hour. The user's ceiling
/// overrules all of it. Chance moves the instant by up to a tenth, but never before
/// what was asked.
pub fn after_good(
    source: &Source,
    state: &SourceState,
    fresh_for: Option<Duration>,
    now: Timestamp,
    seed: u64,
) -> (Timestamp, Pace) {
    let every = source.every.max(FLOOR);
    let headers = fresh_for.unwrap_or_default().min(LONGEST_FRESHNESS);
    let feed = state.hints.wait(now);
    let wishes = [
        (every, Pace::Every),
        (state.rhythm.interval(every), Pace::Rhythm),
        (headers, Pace::Headers),
        (feed, Pace::Feed),
    ];
    // The first of equals tells: a wish no longer than the user's changes nothing.
    let (pause, pace) =
        wishes.into_iter().rev().max_by_key(|(pause, _)| *pause).unwrap_or_default();
    let asked = headers.max(feed);
    let pause = jittered(pause, seed).max(asked.mul_f64(1.0 + 0.1 * share(seed)));
    if let Some(ceiling) = source.at_least_every.map(|ceiling| ceiling.max(FLOOR)) {
        let highest = jittered(ceiling.mul_f64(0.95), seed).min(ceiling);
        let is_overruled = pause > ceiling;
        let pause = if is_overruled { highest } else { pause };
        return (later(now, pause), if is_overruled { Pace::Ceiling } else { pace });
    }
    let at = later(now, pause);
    match state.hints.open_from(at) {
        open if open > at => (later(open, jittered(MINUTE, seed)), Pace::Skip),
        _ => (at, pace),
    }
}

/// When to poll again after a poll that brought nothing: after a pause that doubles up
/// to six hours, for ever; with a ceiling, up to six times that. Never before a host
/// that asked to be left alone allows it.
pub fn after_bad(
    source: &Source,
    state: &SourceState,
    now: Timestamp,
    seed: u64,
) -> (Timestamp, Pace) {
    let every = source.every.max(FLOOR);
    let every = source.at_least_every.map_or(every, |ceiling| every.min(ceiling.max(FLOOR)));
    let longest = source.at_least_every.map_or(LONGEST_BACKOFF, |ceiling| 6 * ceiling);
    let longest = longest.min(LONGEST_BACKOFF).max(every);
    let doublings = state.streak.saturating_sub(1).min(16);
    let pause = every.saturating_mul(2u32.pow(doublings)).min(longest);
    let (at, held) = (later(now, jittered(pause, seed)), held_until(source, state, now));
    if held > at {
        // Hosts that were asked for the same pause are not all asked in the same second.
        return (later(held, jittered(FLOOR, seed)), Pace::Held);
    }
    (at, Pace::Backoff)
}

/// The instant before which no mirror may be asked at all.
fn held_until(source: &Source, state: &SourceState, now: Timestamp) -> Timestamp {
    let holds = |mirror: &MirrorState| match mirror.health {
        Health::Down { cause: Cause::Gone, retry_at, .. } => retry_at,
        _ => mirror.not_before.unwrap_or(now),
    };
    let known = source.mirrors.iter().map(|mirror| state.mirrors.get(&mirror.url));
    known.map(|known| known.map_or(now, holds)).min().unwrap_or(now)
}

/// The state of a source whose poll failed because this machine reaches nobody: as it
/// was before, and tried again soon.
pub fn excused(before: SourceState, now: Timestamp, seed: u64) -> SourceState {
    SourceState {
        last_poll: Some(now),
        next_poll: Some(later(now, jittered(OUTAGE_PROBE, seed))),
        pace: Pace::Outage,
        ..before
    }
}

/// A pause moved by up to a tenth either way.
fn jittered(pause: Duration, seed: u64) -> Duration {
    pause.mul_f64(0.9 + 0.2 * share(seed))
}

/// Chance as a share of one.
fn share(seed: u64) -> f64 {
    // SplitMix64, so that seeds that differ by one differ in the result.
    let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// How long until the source is due; nothing when it is, or never was polled.
/// An instant further away than any pause can be is a clock that was set back.
pub fn due_in(state: &SourceState, now: Timestamp) -> Duration {
    let wait = state.next_poll.map_or(0, |at| at.as_millisecond() - now.as_millisecond());
    let wait = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
    if wait > 8 * DAY + HOUR { Duration::ZERO } else { wait }
}

#[cfg(test)]
mod tests;
