//! `quiet` and `wait` of a `[[watch]]`: what is told later.

use jiff::SignedDuration;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::diagnostic::Diagnostic;
use super::table::{Faults, Table, Text};
use super::{span, watch};
use crate::alert::hold::{LONGEST_WAIT, Patience, QuietHours};
use crate::alert::rule::Severity;

const KEYS: &[&str] = &["from", "to", "zone", "below"];

pub(super) fn read(faults: &mut Faults, table: &Table<'_>) -> Patience {
    let quiet = table.table(faults, "quiet", "`quiet`", KEYS);
    Patience {
        quiet: quiet.and_then(|quiet| hours(faults, &quiet)),
        wait: table.text(faults, "wait").and_then(|text| wait(faults, &text)),
    }
}

fn wait(faults: &mut Faults, text: &Text<'_>) -> Option<SignedDuration> {
    let span = span::read(faults, text, "how long an alert waits for what may follow")?;
    let wait = SignedDuration::try_from(span).ok()?;
    if wait > LONGEST_WAIT {
        let message = format!("`{}` is too long for an alert to wait", text.value);
        let label = format!("write at most \"{}s\"", LONGEST_WAIT.as_secs());
        faults.push(Diagnostic::at(text.span.clone(), message, label));
        return None;
    }
    Some(wait)
}

fn hours(faults: &mut Faults, table: &Table<'_>) -> Option<QuietHours> {
    let from = table.required_text(faults, "from");
    let to = table.required_text(faults, "to");
    let zone = table.required_text(faults, "zone");
    let (from_at, to_at) = (
        from.and_then(|text| time(faults, &text)),
        to.as_ref().and_then(|text| time(faults, text)),
    );
    let zone = zone.and_then(|text| self::zone(faults, &text));
    let below = match table.text(faults, "below") {
        Some(text) => below(faults, &text)?,
        None => Severity::Critical,
    };
    let (from, (to, end)) = (from_at?, (to?, to_at?));
    if from == end {
        let label = "hours that never end are no quiet hours; use `watchfire alert silence`";
        faults.push(Diagnostic::at(to.span, "`from` and `to` are the same", label));
        return None;
    }
    Some(QuietHours { from, to: end, zone: zone?, below })
}

fn time(faults: &mut Faults, text: &Text<'_>) -> Option<Time> {
    let time = Time::strptime("%H:%M", text.value.trim()).ok();
    if time.is_none() {
        let message = format!("`{}` is not a time of the day", text.value);
        faults.push(Diagnostic::at(text.span.clone(), message, "write it as \"22:00\""));
    }
    time
}

fn zone(faults: &mut Faults, text: &Text<'_>) -> Option<TimeZone> {
    let zone = TimeZone::get(text.value.trim()).ok();
    if zone.is_none() {
        let message = format!("no time zone is called `{}`", text.value);
        let label = "write its name in the IANA list, such as \"Asia/Kabul\" or \"UTC\"";
        faults.push(Diagnostic::at(text.span.clone(), message, label));
    }
    zone
}

/// What is critical always passes, and below the lowest level there is nothing.
fn below(faults: &mut Faults, text: &Text<'_>) -> Option<Severity> {
    let below = watch::severity(faults, text)?;
    if below == Severity::Notice {
        let label = "write \"warning\" or \"critical\", or leave `quiet` out";
        faults.push(Diagnostic::at(text.span.clone(), "nothing is less severe", label));
        return None;
    }
    Some(below)
}
