//! What a template can name of a message: its facts in plain words.

use serde::Serialize;

use super::is_web;
use crate::alert::blind::{Alarm, AlarmType};
use crate::alert::message::{Dispatch, Message};
use crate::alert::rule::{Alert, AlertType, Severity};
use crate::correlate::event::Certainty;
use crate::extract::event::{Count, Outcome, Party, Toll, Voice};

/// What a template can name.
#[derive(Debug, Serialize)]
pub(super) struct Facts<'a> {
    id: &'a str,
    /// `alert`, `update`, `cancel`, `blind`, `blind_over`, `test`.
    r#type: &'static str,
    level: &'static str,
    /// Empty where nothing was announced before.
    previous_level: &'static str,
    sent: String,
    headline: &'a str,
    reason: &'a str,
    watch: &'a str,
    /// Names, in the alert's order.
    places: Vec<String>,
    codes: Vec<&'a str>,
    joint: bool,
    metric: &'static str,
    low: u32,
    best: u32,
    /// None: open.
    high: Option<u32>,
    /// The number in words: "at least 10 killed".
    toll: String,
    /// A line a side: whose, how many, who says so.
    tolls: Vec<String>,
    perpetrator: &'a str,
    /// `unknown`, `possible`, `likely`, `observed`.
    certainty: &'static str,
    independent: u32,
    sources: Vec<&'a str>,
    links: Vec<&'a str>,
    /// A line for each thing that is other than in the last message.
    changes: Vec<String>,
    /// What watchfire is blind to.
    subject: String,
}

impl<'a> Facts<'a> {
    pub fn of(dispatch: &'a Dispatch) -> Facts<'a> {
        match &dispatch.message {
            Message::Attack(alert) => Facts::of_attack(alert, dispatch),
            Message::Blind(alarm) => Facts::of_alarm(alarm),
        }
    }

    fn of_attack(alert: &'a Alert, dispatch: &'a Dispatch) -> Facts<'a> {
        let codes: Vec<&str> = alert.places.iter().map(|place| place.as_str()).collect();
        let places = match dispatch.places.is_empty() {
            true => codes.iter().map(|code| (*code).to_owned()).collect(),
            false => dispatch.places.clone(),
        };
        let event = dispatch.event.as_ref();
        Facts {
            id: &alert.id,
            r#type: match alert.kind {
                AlertType::Alert => "alert",
                AlertType::Update => "update",
                AlertType::Cancel => "cancel",
            },
            level: alert.level.word(),
            previous_level: alert.previous_level.map(Severity::word).unwrap_or_default(),
            sent: format!("{:.0}", alert.sent),
            headline: &alert.headline,
            reason: &alert.reason,
            watch: &alert.watch,
            places,
            codes,
            joint: alert.joint,
            metric: alert.metric.word(),
            low: alert.value.low(),
            best: alert.value.best(),
            high: alert.value.high(),
            toll: format!("{} {}", number(&alert.value), alert.metric.word()),
            tolls: event.map(|event| event.tolls.iter().map(toll).collect()).unwrap_or_default(),
            perpetrator: event.and_then(|event| event.perpetrator.as_deref()).unwrap_or_default(),
            certainty: certainty(alert.certainty),
            independent: alert.independent,
            sources: alert.sources.iter().map(String::as_str).collect(),
            links: alert.links.iter().map(String::as_str).filter(|link| is_web(link)).collect(),
            changes: dispatch
                .earlier
                .iter()
                .rev()
                .find_map(attack)
                .map_or_else(Vec::new, |last| changes(last, alert)),
            subject: String::new(),
        }
    }

    fn of_alarm(alarm: &'a Alarm) -> Facts<'a> {
        Facts {
            id: &alarm.id,
            r#type: match alarm.kind {
                AlarmType::Blind => "blind",
                AlarmType::BlindOver => "blind_over",
                AlarmType::Test => "test",
            },
            level: alarm.level.word(),
            previous_level: "",
            sent: format!("{:.0}", alarm.sent),
            headline: &alarm.headline,
            reason: &alarm.reason,
            watch: "",
            places: Vec::new(),
            codes: Vec::new(),
            joint: false,
            metric: "",
            low: 0,
            best: 0,
            high: None,
            toll: String::new(),
            tolls: Vec::new(),
            perpetrator: "",
            certainty: "observed",
            independent: 0,
            sources: Vec::new(),
            links: Vec::new(),
            changes: Vec::new(),
            subject: alarm.subject.to_string(),
        }
    }
}

fn attack(message: &Message) -> Option<&Alert> {
    match message {
        Message::Attack(alert) => Some(alert),
        Message::Blind(_) => None,
    }
}

/// What is other than it was told last.
fn changes(last: &Alert, alert: &Alert) -> Vec<String> {
    let mut changes = Vec::new();
    let told = |alert: &Alert| format!("{} {}", number(&alert.value), alert.metric.word());
    let mut note = |what: &str, before: String, after: String| {
        if before != after {
            changes.push(format!("{what}: {after}, before {before}"));
        }
    };
    note("toll", told(last), told(alert));
    note("level", last.level.word().into(), alert.level.word().into());
    note("certainty", certainty(last.certainty).into(), certainty(alert.certainty).into());
    let reports = |alert: &Alert| alert.independent.to_string();
    note("independent reports", reports(last), reports(alert));
    let new: Vec<&str> = alert
        .sources
        .iter()
        .filter(|source| !last.sources.contains(source))
        .map(String::as_str)
        .collect();
    if !new.is_empty() {
        changes.push(format!("reported now also by {}", new.join(", ")));
    }
    changes
}

/// "at least 10 of the security forces killed, say officials".
fn toll(toll: &Toll) -> String {
    let whom = match toll.party {
        Party::Security => " of the security forces",
        Party::Foreign => " of foreign forces",
        Party::Civilian => " civilians",
        Party::Militant => " of the attackers",
        Party::Unknown => " people",
    };
    let fate = match toll.outcome {
        Outcome::Killed => "killed",
        Outcome::Wounded => "wounded",
        Outcome::Abducted => "abducted",
    };
    let mut voices: Vec<String> = Vec::new();
    for evidence in &toll.evidence {
        let voice = voice(&evidence.voice);
        if !voices.contains(&voice) {
            voices.push(voice);
        }
    }
    let by = if voices.is_empty() { String::new() } else { format!(", say {}", voices.join(", ")) };
    format!("{}{whom} {fate}{by}", number(&toll.count))
}

fn voice(voice: &Voice) -> String {
    match voice {
        Voice::Article => "the reports themselves".to_owned(),
        Voice::Official => "officials".to_owned(),
        Voice::Medical => "hospitals or rescuers".to_owned(),
        Voice::Local => "residents or witnesses".to_owned(),
        Voice::Media => "other outlets".to_owned(),
        Voice::Group(name) => format!("{name} (a claim)"),
    }
}

fn number(count: &Count) -> String {
    let best = count.best();
    match (count.is_low_untold(), count.low(), count.high()) {
        (true, _, Some(high)) if high == best => format!("up to {best}"),
        (false, 0, Some(high)) if best == 0 && high > 0 => format!("up to {high} (only claimed)"),
        (false, low, None) if low == best => format!("at least {best}"),
        (_, low, Some(high)) if low == best && high == best => best.to_string(),
        (_, low, Some(high)) => format!("{best} ({low} to {high})"),
        (_, low, None) => format!("{best} ({low} or more)"),
    }
}

fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Unknown => "unknown",
        Certainty::Possible => "possible",
        Certainty::Likely => "likely",
        Certainty::Observed => "observed",
    }
}
