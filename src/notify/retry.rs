//! When a message that a sink did not take is tried again, and when it is given up.
//! Pure: counts tries, so that no clock that steps can give up what waits.

use std::time::Duration;

use super::Refused;

/// The first pause; each is twice the one before.
const SHORTEST: Duration = Duration::from_secs(1);

/// The longest pause between two tries of one message.
pub const LONGEST: Duration = Duration::from_secs(600);

/// Tries after which a message is given up: about a week of refusals.
pub const MOST_TRIES: u32 = 1_000;

/// The longest that a sink which cannot be reached is left alone altogether.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// The longest that a sink which asks for time is left alone.
const LONGEST_WISH: Duration = Duration::from_secs(3_600);

/// What becomes of a message that was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Try it again after this.
    In(Duration),
    /// Give it up, for a person to see.
    Never,
}

/// What becomes of a message after `tries` earlier ones; `jitter` is any number and
/// keeps sinks from being tried in step.
pub fn next(refused: &Refused, tries: u32, jitter: u64) -> Next {
    let pause = match refused {
        Refused::Never { .. } => return Next::Never,
        _ if tries + 1 >= MOST_TRIES => return Next::Never,
        Refused::Away { after: Some(wish), .. } => (*wish).clamp(SHORTEST, LONGEST_WISH),
        Refused::Away { .. } | Refused::Later { .. } => {
            (SHORTEST * (1 << tries.min(10))).min(LONGEST)
        }
    };
    // Up to a quarter less.
    Next::In(pause - pause.mul_f64((jitter % 1_000) as f64 / 4_000.0))
}

/// How long a sink is left alone altogether after `streak` refusals in a row: what
/// else waits for it would meet the same.
pub fn rest(refused: &Refused, streak: u32) -> Duration {
    match refused {
        Refused::Away { after: Some(wish), .. } => (*wish).min(LONGEST_WISH),
        Refused::Away { .. } => (SHORTEST * (1 << streak.min(10))).min(LONGEST_REST),
        Refused::Later { .. } | Refused::Never { .. } => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{LONGEST, MOST_TRIES, Next, next, rest};
    use crate::notify::Refused;

    fn away(after: Option<u64>) -> Refused {
        Refused::Away { cause: "connection refused".into(), after: after.map(Duration::from_secs) }
    }

    fn later() -> Refused {
        Refused::Later { cause: "500".into() }
    }

    #[test]
    fn pauses_double_up_to_ten_minutes() {
        for (refused, tries, seconds) in [
            (later(), 0, 1),
            (later(), 1, 2),
            (later(), 9, 512),
            (later(), 10, 600),
            (away(None), 500, 600),
            (away(Some(30)), 5, 30),
            (away(Some(0)), 5, 1),
            (away(Some(1_000_000_000)), 0, 3_600),
        ] {
            assert_eq!(next(&refused, tries, 0), Next::In(Duration::from_secs(seconds)), "{tries}");
            let Next::In(least) = next(&refused, tries, 999) else { panic!("given up") };
            assert!(least.as_secs_f64() > seconds as f64 * 0.74, "{least:?}");
        }
    }

    #[test]
    fn only_what_can_never_be_taken_is_given_up_within_three_days() {
        let never = Refused::Never { cause: "400".into() };
        assert_eq!(next(&never, 0, 0), Next::Never);
        let pause = |tries| match next(&later(), tries, 999) {
            Next::In(pause) => pause,
            Next::Never => Duration::ZERO,
        };
        let borne: Duration = (0..MOST_TRIES).map(pause).sum();
        assert!(borne > Duration::from_secs(5 * 86_400), "{borne:?}");
        assert_eq!(next(&later(), MOST_TRIES - 1, 0), Next::Never);
        assert!(borne < LONGEST * MOST_TRIES);
    }

    #[test]
    fn a_sink_rests_only_when_nothing_reaches_it() {
        assert_eq!(rest(&later(), 9), Duration::ZERO);
        assert_eq!(rest(&away(None), 0), Duration::from_secs(1));
        assert_eq!(rest(&away(None), 50), Duration::from_secs(60));
        assert_eq!(rest(&away(Some(90)), 0), Duration::from_secs(90));
    }
}
