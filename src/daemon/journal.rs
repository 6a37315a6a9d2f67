//! What the operator reads of the loops: one line a turn, fields not prose. Nothing
//! that came over the network reaches a line with a character that acts.

use std::time::Duration;

use super::Settings;
use super::pages::{PageTurn, Read};
use super::turn::{End, Recorded, Turn};
use crate::alert::blind::{Alarm, AlarmType};
use crate::alert::rule::{Alert, Severity};
use crate::assess::Verdict;
use crate::fetch::Attempt;
use crate::notify::Refused;
use crate::notify::retry::Next;
use crate::source::blind::Blind;
use crate::source::state::Cause;
use crate::store::{self, Outcome, PageEnd};
use crate::text::html;

/// An error with its causes, on one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    shown(&causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
}

/// A text on one line that cannot steer a terminal.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 300;
    html::clean(text).chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

pub(super) fn ready(settings: &Settings) {
    tracing::info!(
        store = %settings.store.path.display(),
        log = %settings.alerts.log.display(),
        sources = settings.sources.len(),
        watches = settings.watches.len(),
        "ready"
    );
}

/// A turn, and the alerts that it raised.
pub(super) fn turn(turn: &Turn) {
    let (source, took) = (&turn.source.name, millis(turn.took));
    // Where no mirror served, the turn's own line tells the last.
    let last = turn.settled.is_none().then(|| turn.attempts.len().saturating_sub(1));
    let failed = turn
        .attempts
        .iter()
        .enumerate()
        .filter(|(place, attempt)| attempt.fault.is_some() && Some(*place) != last);
    failed.for_each(|(_, attempt)| mirror_failed(source, attempt));
    match &turn.end {
        End::Recorded(recorded) => outcome(turn, recorded, took),
        End::Unrecorded { message } => {
            tracing::error!(source, took, error = message, "poll not recorded");
        }
        End::Abandoned => tracing::debug!(source, "poll abandoned"),
    }
}

fn outcome(turn: &Turn, recorded: &Recorded, took: u64) {
    let source = &turn.source.name;
    let settled = turn.settled.and_then(|place| turn.attempts.get(place));
    let mirror = settled.or(turn.attempts.last());
    let mirror = mirror.map(|attempt| attempt.url.as_str()).unwrap_or_default();
    let next =
        recorded.state.next_poll.map(|at| at.strftime("%FT%TZ").to_string()).unwrap_or_default();
    match &recorded.outcome {
        Outcome::Failed(cause) => {
            let error = recorded.message.as_deref().unwrap_or_default();
            let streak = recorded.state.streak;
            tracing::warn!(
                source,
                mirror,
                cause = word(*cause),
                error,
                streak,
                next,
                took,
                "poll failed"
            );
        }
        Outcome::Unchanged => tracing::debug!(source, mirror, next, took, "unchanged"),
        Outcome::Read => {
            let fates = Fates::of(&recorded.assessment.verdicts);
            let Fates { new, updated, duplicate, rejected } = fates;
            let rejected = rejected + recorded.unusable;
            let (events, alerts) =
                (recorded.assessment.events.len(), recorded.assessment.alerts.len());
            if new + updated + rejected > 0 {
                tracing::info!(
                    source, mirror, new, updated, duplicate, rejected, events, alerts, took,
                    "polled"
                );
            } else {
                tracing::debug!(source, mirror, duplicate, took, "polled");
            }
        }
    }
    recorded.assessment.alerts.iter().for_each(alert);
}

fn mirror_failed(source: &str, attempt: &Attempt) {
    let (mirror, error) = (attempt.url.as_str(), shown(&attempt.message));
    let (cause, took) = (attempt.fault.map(word), millis(attempt.took));
    tracing::warn!(source, mirror, cause, error, took, "mirror failed");
}

/// The class of a failure in one word.
fn word(cause: Cause) -> String {
    format!("{cause:?}").to_lowercase()
}

fn alert(alert: &Alert) {
    let places = alert.places.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let (id, watch, headline) = (&alert.id, &alert.watch, shown(&alert.headline));
    let kind = format!("{:?}", alert.kind).to_lowercase();
    match alert.level {
        Severity::Notice => tracing::info!(id, kind, watch, places, headline, "notice"),
        Severity::Warning => tracing::warn!(id, kind, watch, places, headline, "warning"),
        Severity::Critical => tracing::error!(id, kind, watch, places, headline, "critical"),
    }
}

/// An article that was stored without a reading: what it tells was not judged.
pub(super) fn unread(source: &str, title: &str, why: &str) {
    let title = shown(title);
    tracing::error!(source, title, error = why, "article not read");
}

/// What people are told of watchfire's own blindness.
pub(super) fn alarm(alarm: &Alarm) {
    let (id, headline) = (&alarm.id, shown(&alarm.headline));
    match alarm.kind {
        AlarmType::Blind => tracing::error!(id, headline, reason = shown(&alarm.reason), "blind"),
        _ => tracing::info!(id, headline, "blind no more"),
    }
}

pub(super) fn undelivered(sink: &str, alert: &str, refused: &Refused, next: Next) {
    let error = shown(&refused.to_string());
    match next {
        Next::In(pause) => {
            let pause = pause.as_secs();
            tracing::warn!(sink, alert, error, pause, "not delivered, tried again later");
        }
        Next::Never => tracing::error!(
            sink,
            alert,
            error,
            "not delivered and given up; `watchfire alert resend` sends it again"
        ),
    }
}

/// A page, and the alerts that it raised.
pub(super) fn page(turn: &PageTurn) {
    let (source, url, took) = (&turn.source, turn.url.as_str(), millis(turn.took));
    match &turn.read {
        Read::Recorded { end, assessment, .. } => {
            page_end(turn, end, assessment.events.len());
            assessment.alerts.iter().for_each(alert);
        }
        Read::Unrecorded { message } => {
            tracing::error!(source, url, took, error = message, "page not recorded");
        }
        Read::Outdated => tracing::debug!(source, url, took, "page outdated"),
        Read::Abandoned => tracing::debug!(source, url, "page abandoned"),
    }
}

fn page_end(turn: &PageTurn, end: &PageEnd, events: usize) {
    let (source, url, took) = (&turn.source, turn.url.as_str(), millis(turn.took));
    match end {
        PageEnd::Read { wire, .. } => tracing::info!(source, url, wire, events, took, "page read"),
        PageEnd::Kept { class, message } => {
            let why = shown(message);
            tracing::info!(source, url, class, why, took, "page not used");
        }
        PageEnd::Again { class, message, next_try, .. } => {
            let (error, next) = (shown(message), next_try.strftime("%FT%TZ").to_string());
            tracing::info!(source, url, class, error, next, took, "page not read yet");
        }
        PageEnd::GivenUp { class, message } => {
            tracing::warn!(source, url, class, error = shown(message), took, "page given up");
        }
    }
}

pub(super) fn store_refused(error: &store::Error) {
    tracing::error!(error = chain(error), "store refused for now");
}

/// An alarm that was not there before.
pub(super) fn blind(blind: &Blind) {
    let (source, why) = (blind.source.as_deref().unwrap_or("all sources"), shown(&blind.why));
    let kind = blind.kind.to_string();
    tracing::warn!(source, kind, why, next_step = blind.next_step, "blind");
}

pub(super) fn reloaded(outcome: &Result<(), String>) {
    match outcome {
        Ok(()) => tracing::info!("configuration reloaded"),
        // Its diagnostics have lines of their own; they come from the operator's file.
        Err(faults) => {
            tracing::error!("configuration not reloaded, the old one stays:\n{faults}");
        }
    }
}

fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

/// How many articles came to what.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fates {
    pub new: usize,
    pub updated: usize,
    pub duplicate: usize,
    pub rejected: usize,
}

impl Fates {
    pub fn of(verdicts: &[Verdict]) -> Fates {
        let mut fates = Fates::default();
        for verdict in verdicts {
            *match verdict {
                Verdict::New { .. } => &mut fates.new,
                Verdict::Updated { .. } => &mut fates.updated,
                Verdict::Duplicate { .. } => &mut fates.duplicate,
                Verdict::Rejected { .. } => &mut fates.rejected,
            } += 1;
        }
        fates
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn no_character_of_a_line_acts() {
        let line = shown("a\u{1b}[31mb\nc\u{9b}d\u{202e}e\u{0}");
        assert_eq!(line, "a[31mb cde");
    }
}
