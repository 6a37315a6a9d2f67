//! Which mirror of a source to ask, in which order, and when a second one besides.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::source::schedule::DAY;
use crate::source::state::{Health, MirrorState, SourceState, later};
use crate::source::{Mirror, Source};

const HOUR: Duration = Duration::from_secs(3600);

/// The mirrors to try in this poll, best first, as indices into the source's.
/// The preferred mirror when its daily probe is due; the sticky one; the other
/// healthy ones; stale ones; those whose probe is due. When all are resting, the one
/// whose probe is due soonest is tried still. A host that asked to be left alone is
/// not in the list, so the list can be empty.
pub fn order(source: &Source, state: &SourceState, now: Timestamp) -> Vec<usize> {
    let mut ranked: Vec<((u8, Timestamp), usize)> = Vec::new();
    let mut resting: Option<(Timestamp, usize)> = None;
    for (index, mirror) in source.mirrors.iter().enumerate() {
        let unknown = MirrorState::default();
        let known = state.mirrors.get(&mirror.url).unwrap_or(&unknown);
        if is_held(known, now) {
            continue;
        }
        match (rank(index, mirror, known, state, now), &known.health) {
            (Some(rank), _) => ranked.push((rank, index)),
            (None, Health::Down { retry_at, .. }) => {
                resting = resting.into_iter().chain([(*retry_at, index)]).min();
            }
            (None, Health::Up { .. }) => {}
        }
    }
    if ranked.is_empty() {
        return resting.map(|(_, index)| index).into_iter().collect();
    }
    ranked.sort_by_key(|(rank, index)| (*rank, *index));
    ranked.into_iter().map(|(_, index)| index).collect()
}

/// Whether its host asked to be left alone. Further away than any wait that is ever
/// kept is a clock that was set back.
fn is_held(known: &MirrorState, now: Timestamp) -> bool {
    known.not_before.is_some_and(|at| at > now && at <= later(now, DAY))
}

/// The place of a mirror in the order; none while it rests.
fn rank(
    index: usize,
    mirror: &Mirror,
    known: &MirrorState,
    state: &SourceState,
    now: Timestamp,
) -> Option<(u8, Timestamp)> {
    let sticky = state.sticky.as_ref();
    if index == 0 && sticky.is_some_and(|sticky| *sticky != mirror.url) && probe_due(known, now) {
        return Some((0, Timestamp::MIN));
    }
    match known.health {
        Health::Up { .. } if known.stale_since.is_some() => Some((3, Timestamp::MIN)),
        Health::Up { .. } if sticky == Some(&mirror.url) => Some((1, Timestamp::MIN)),
        Health::Up { .. } => Some((2, Timestamp::MIN)),
        Health::Down { retry_at, .. } if retry_at <= now => Some((4, retry_at)),
        Health::Down { .. } => None,
    }
}

/// Whether the preferred mirror, left for another, is to be asked first again:
/// a day after it was last asked, and at once after a good answer, which a
/// second one has to confirm. A stale one is found fresh by a second opinion.
fn probe_due(known: &MirrorState, now: Timestamp) -> bool {
    let is_trusted = known.stale_since.is_none();
    is_trusted && known.good_streak > 0 || known.last_asked.is_none_or(|at| later(at, DAY) <= now)
}

/// How long the headers of a mirror are waited for before the next mirror is asked
/// too: twice what it usually takes, at most eight seconds.
pub fn hedge_after(known: Option<&MirrorState>) -> Duration {
    const LONGEST: Duration = Duration::from_secs(8);
    const SHORTEST: Duration = Duration::from_millis(500);
    let usual = known.and_then(MirrorState::usual_latency);
    usual.map_or(LONGEST, |usual| (2 * usual).clamp(SHORTEST, LONGEST))
}

/// The URL at which a mirror is asked: where it has moved for good, once that was
/// met for a day and its content was the source's each time. The old address is
/// asked again weekly: a redirect that ended must not be followed for ever.
pub fn address<'a>(mirror: &'a Url, known: Option<&'a MirrorState>, now: Timestamp) -> &'a Url {
    const TIMES: u32 = 3;
    let moved = known.and_then(|known| known.moved.as_ref());
    let is_settled = |since: Timestamp, last: Timestamp| {
        later(since, DAY) <= last && now >= last && now < later(last, 7 * DAY)
    };
    moved.filter(|m| m.times >= TIMES && is_settled(m.since, m.last)).map_or(mirror, |m| &m.to)
}

/// The mirror to ask besides the one that answered with nothing new, so that a
/// mirror that was frozen or tampered with is found out: daily, hourly while the
/// source is quieter than it ever is, and again to confirm that two mirrors differ.
/// The one asked longest ago is next.
pub fn second_opinion(
    source: &Source,
    state: &SourceState,
    answered: usize,
    now: Timestamp,
) -> Option<usize> {
    let is_doubtful = state.rhythm.quiet_since(now).is_some() || awaits_confirmation(state);
    let every = if is_doubtful { HOUR } else { DAY };
    if state.last_opinion.is_some_and(|last| later(last, every) > now && last <= now) {
        return None;
    }
    let known = |index: usize| state.mirrors.get(source.feed_url(index));
    let may_be_asked = |index: &usize| {
        known(*index).is_none_or(|mirror| {
            let is_down = matches!(mirror.health, Health::Down { retry_at, .. } if retry_at > now);
            !is_down && !is_held(mirror, now)
        })
    };
    let others = (0..source.mirrors.len()).filter(|index| *index != answered);
    others
        .filter(may_be_asked)
        .min_by_key(|index| (known(*index).and_then(|m| m.last_asked), *index))
}

fn awaits_confirmation(state: &SourceState) -> bool {
    let differs = state.mirrors.values().filter_map(|mirror| mirror.differs.as_ref());
    differs.into_iter().any(|differs| differs.confirmed.is_none())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::{SignedDuration, Timestamp};

    use super::{address, hedge_after, second_opinion};
    use crate::source::state::{Differs, Health, MirrorState, Moved, SourceState};
    use crate::source::{Source, state::Cause};

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + hour * 3600).unwrap()
    }

    #[test]
    fn a_slow_mirror_is_waited_for_twice_as_long_as_usual() {
        for (latency, wanted) in [
            (&[][..], 8_000),
            (&[10, 10, 10, 10], 8_000),
            (&[10, 10, 10, 10, 10], 500),
            (&[900, 700, 800, 900, 1_500], 3_000),
            (&[9_000; 20], 8_000),
        ] {
            let mut known = MirrorState::default();
            latency.iter().for_each(|ms| known.note_latency(Duration::from_millis(*ms)));
            assert_eq!(hedge_after(Some(&known)).as_millis(), wanted, "{latency:?}");
        }
        assert_eq!(hedge_after(None).as_secs(), 8);
    }

    #[test]
    fn a_move_is_followed_once_it_lasted_and_checked_again_weekly() {
        let here = "https://a.org/rss".parse().unwrap();
        let to: url::Url = "https://b.org/feed".parse().unwrap();
        let moved = |times, last| Moved { to: to.clone(), since: at(0), last: at(last), times };
        for (moved, now, is_followed) in [
            (moved(1, 0), 1, false),
            (moved(9, 23), 24, false),
            (moved(2, 30), 31, false),
            (moved(9, 24), 25, true),
            (moved(9, 24), 24 + 7 * 24, false),
            (moved(9, 24), 0, false),
        ] {
            let known = MirrorState { moved: Some(moved), ..MirrorState::default() };
            let asked = address(&here, Some(&known), at(now));
            assert_eq!(asked == &to, is_followed, "{now}");
        }
        assert_eq!(address(&here, None, at(0)), &here);
    }

    #[test]
    fn a_second_mirror_is_asked_daily_and_hourly_in_doubt() {
        let source = Source::new("A", "/rss", &["a.org", "b.org", "c.org"]).unwrap();
        let asked_at = |hour| MirrorState { last_asked: Some(at(hour)), ..MirrorState::default() };
        let mut state = SourceState::default();
        assert_eq!(second_opinion(&source, &state, 0, at(0)), Some(1));
        state.mirrors.insert(source.feed_url(1).clone(), asked_at(0));
        state.last_opinion = Some(at(0));
        assert_eq!(second_opinion(&source, &state, 0, at(23)), None);
        assert_eq!(second_opinion(&source, &state, 0, at(24)), Some(2));
        // Two mirrors were seen to differ: that is looked at again after an hour.
        let differs = Differs { key: "guid:1".into(), since: at(0), confirmed: None };
        state.mirrors.get_mut(source.feed_url(1)).unwrap().differs = Some(differs);
        assert_eq!(second_opinion(&source, &state, 0, at(1)), Some(2));
        let down = Health::Down { since: at(0), failures: 3, cause: Cause::Dns, retry_at: at(9) };
        let resting = MirrorState { health: down, ..MirrorState::default() };
        state.mirrors.insert(source.feed_url(2).clone(), resting);
        assert_eq!(second_opinion(&source, &state, 0, at(1)), Some(1));
        let alone = Source::new("A", "/rss", &["a.org"]).unwrap();
        assert_eq!(second_opinion(&alone, &state, 0, at(99) + SignedDuration::ZERO), None);
    }
}
