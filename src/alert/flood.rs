//! A source that alone reports very many attacks at once: a mirror in strange hands, an
//! archive with today's date, a feed of a war game. Nothing is left out, but what goes
//! beyond a bound is told together.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::alert::rule::{Alert, AlertType, Quiet, Silence};

/// Alerts within the hour that may rest on one source alone, each for itself.
const BURST: usize = 20;

/// The hour.
pub const SPAN: SignedDuration = SignedDuration::from_hours(1);

/// Puts those of the alerts together that are too many; `before` are earlier ones.
/// Returns what is to be sent, and which events are told with others.
pub fn bound(raised: Vec<Alert>, before: &[Alert], now: Timestamp) -> (Vec<Alert>, Vec<Quiet>) {
    let mut by_source: BTreeMap<String, Vec<&Alert>> = BTreeMap::new();
    for alert in raised.iter().filter(|alert| is_lonely(alert)) {
        by_source.entry(alert.sources[0].clone()).or_default().push(alert);
    }
    let mut together: BTreeMap<(String, String), Vec<Alert>> = BTreeMap::new();
    for (source, mut alerts) in by_source {
        let recent = |alert: &&Alert| {
            is_lonely(alert) && alert.sources[0] == source && now.duration_since(alert.sent) < SPAN
        };
        let room = BURST.saturating_sub(before.iter().rev().filter(recent).count());
        alerts.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.id.cmp(&b.id)));
        for alert in alerts.split_off(room.min(alerts.len())) {
            together.entry((source.clone(), alert.watch.clone())).or_default().push(alert.clone());
        }
    }
    together.retain(|_, alerts| alerts.len() > 1);
    let held: BTreeSet<&str> = together.values().flatten().map(|alert| alert.id.as_str()).collect();
    let mut sent: Vec<Alert> =
        raised.iter().filter(|alert| !held.contains(alert.id.as_str())).cloned().collect();
    let mut quiet = Vec::new();
    for ((source, _), alerts) in &together {
        sent.push(one_for_all(source, alerts));
        quiet.extend(alerts.iter().map(|alert| Quiet {
            event_id: alert.event_id.clone(),
            watch: Some(alert.watch.clone()),
            reason: Silence::Together,
        }));
    }
    (sent, quiet)
}

/// Whether the alert tells of one new event that one source alone reports.
fn is_lonely(alert: &Alert) -> bool {
    alert.kind == AlertType::Alert
        && alert.window.is_none()
        && alert.events.is_empty()
        && alert.sources.len() == 1
        && alert.independent <= 1
}

fn weight(alert: &Alert) -> (crate::alert::rule::Severity, u32) {
    (alert.level, alert.value.best())
}

/// The worst of them speaks for all.
fn one_for_all(source: &str, alerts: &[Alert]) -> Alert {
    let (worst, n) = (&alerts[0], alerts.len());
    let ids: Vec<&str> = alerts.iter().map(|alert| alert.id.as_str()).collect();
    let id = blake3::hash(format!("together\n{}", ids.join("\n")).as_bytes()).to_hex();
    let places: BTreeSet<_> = alerts.iter().flat_map(|alert| &alert.places).copied().collect();
    Alert {
        id: id[..24].to_owned(),
        places: places.into_iter().collect(),
        joint: false,
        headline: format!(
            "{n} more attacks that {source} alone reports; the worst: {}",
            worst.headline
        ),
        reason: format!(
            "more than {BURST} alerts within the hour rest on `{source}` alone: told together in `{}`",
            worst.watch
        ),
        events: alerts.iter().map(|alert| alert.event_id.clone()).collect(),
        ..worst.clone()
    }
}
