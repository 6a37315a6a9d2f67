//! `replay --send`: tells of the events as they are read now what nobody was told.

use jiff::{SignedDuration, Timestamp};

use crate::alert::rule::{Alert, Outcome};
use crate::alert::{self, Rules, silence};
use crate::assess::Assessment;
use crate::cli::look::one_line;
use crate::cli::{person, words};
use crate::config::Config;
use crate::correlate::event::{Change, Event, EventId, What};
use crate::notify::log;
use crate::store::{self, Store};

/// Holds the events against the rules and against what was told of them, records what
/// is new and puts it into the outbox of every sink; the alerts, a line each.
pub(super) fn send(
    config: &Config,
    rules: &Rules<'_>,
    events: &[Event],
    jsonl: bool,
) -> anyhow::Result<String> {
    let mut store = Store::beside(&config.store.path)?;
    let sinks = person::recipients(&config.alerts);
    let ids: Vec<EventId> = events.iter().map(|event| event.id.clone()).collect();
    for _ in 0..20 {
        let now = Timestamp::now();
        let known = store.known_of(&ids)?;
        let untold = untold(rules, events, &known.alerts, now);
        let mut assessment = Assessment { alerts: untold, ..Assessment::default() };
        for alert in &assessment.alerts {
            if let Some(order) = silence::holding(&known.silences, alert, now) {
                assessment.silenced.insert(alert.id.clone(), order.reason());
            }
        }
        let is_told = |event: &&Event| assessment.alerts.iter().any(|a| a.event_id == event.id);
        let is_new = |event: &&Event| known.events.iter().all(|known| known.id != event.id);
        let founded = events.iter().filter(is_told).filter(is_new);
        assessment.events = founded.map(|e| Change { event: e.clone(), what: What::New }).collect();
        match store.record_replayed(&assessment, &sinks, now) {
            Ok(()) => return Ok(assessment.alerts.iter().map(|a| line(a, jsonl)).collect()),
            Err(store::Error::Overtaken(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    anyhow::bail!("the store is being written to without a pause; try again")
}

/// What is to be said now of each event; whoever asks for it wants old news too.
fn untold(rules: &Rules<'_>, events: &[Event], told: &[Alert], now: Timestamp) -> Vec<Alert> {
    let rules = Rules { late_after: SignedDuration::MAX, ..*rules };
    let told: Vec<&Alert> = told.iter().collect();
    let outcomes = events.iter().flat_map(|event| alert::decide(&rules, event, &told, now));
    let raised = outcomes.filter_map(|outcome| match outcome {
        Outcome::Raised(alert) => Some(*alert),
        Outcome::Quiet(_) => None,
    });
    raised.collect()
}

fn line(alert: &Alert, jsonl: bool) -> String {
    if jsonl {
        return format!("{{\"sent\":{}}}\n", log::line(&alert.clone().into()).trim_end());
    }
    let (level, kind) = (words::severity(alert.level), words::alert_type(alert.kind));
    format!("sent {kind} {level} {}\n", one_line(&alert.headline))
}
