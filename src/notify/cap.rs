//! An alert as a document of the Common Alerting Protocol 1.2 (OASIS standard,
//! 1 July 2010), for the systems that read it. `status` is `Actual` for attacks,
//! `Test` for tests and `System` for watchfire's own state, as the standard means
//! these words.

use std::fmt::Write;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use quick_xml::escape::escape;

use super::text::Text;
use super::{Refused, file, web_link};
use crate::alert::blind::AlarmType;
use crate::alert::message::{Dispatch, Message};
use crate::alert::rule::{AlertType, Severity};
use crate::correlate::event::Certainty;
use crate::lexicon::PlaceCode;

/// Where documents are put, and in whose name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// A file an alert, called by its id.
    pub directory: PathBuf,
    /// Names the sender to the world; no blank, comma, `<` or `&` (CAP 3.2.1).
    pub sender: String,
}

/// `sender` where the operator says nothing.
pub const SENDER: &str = "watchfire";

/// News is old after this.
const EXPIRES: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn deliver(
    settings: &Settings,
    dispatch: &Dispatch,
    text: &Text,
) -> Result<(), Refused> {
    let name = format!("{}.cap.xml", dispatch.message.id());
    file::put(&settings.directory.join(name), document(&settings.sender, dispatch, text).as_bytes())
}

/// The whole document.
pub fn document(sender: &str, dispatch: &Dispatch, text: &Text) -> String {
    let message = &dispatch.message;
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str("<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n");
    element(&mut out, 1, "identifier", message.id());
    element(&mut out, 1, "sender", sender);
    element(&mut out, 1, "sent", &stamp(message.sent()));
    element(&mut out, 1, "status", status(message));
    element(&mut out, 1, "msgType", kind(message));
    element(&mut out, 1, "source", "watchfire");
    element(&mut out, 1, "scope", "Private");
    element(&mut out, 1, "addresses", addresses(message));
    element(&mut out, 1, "note", message.reason());
    let references = references(sender, dispatch);
    if !references.is_empty() {
        element(&mut out, 1, "references", &references);
    }
    info(&mut out, dispatch, text);
    out.push_str("</alert>\n");
    out
}

fn info(out: &mut String, dispatch: &Dispatch, text: &Text) {
    let message = &dispatch.message;
    out.push_str("  <info>\n");
    element(out, 2, "language", "en-US");
    let attack = matches!(message, Message::Attack(_));
    element(out, 2, "category", if attack { "Security" } else { "Infra" });
    element(out, 2, "event", event(message));
    element(out, 2, "urgency", urgency(message));
    element(out, 2, "severity", severity(message.level()));
    element(out, 2, "certainty", certainty(message));
    element(
        out,
        2,
        "expires",
        &stamp(message.sent().checked_add(EXPIRES).unwrap_or(message.sent())),
    );
    element(out, 2, "headline", message.headline());
    element(out, 2, "description", &text.body);
    if let Some(link) = web_link(message) {
        element(out, 2, "web", &link);
    }
    if let Message::Attack(alert) = message {
        let number = |count: Option<u32>| count.map(|n| n.to_string()).unwrap_or_default();
        parameter(out, "watch", &alert.watch);
        parameter(out, "event_id", &alert.event_id.0);
        parameter(out, "metric", &format!("{:?}", alert.metric).to_lowercase());
        parameter(out, "low", &number(Some(alert.value.low())));
        parameter(out, "best", &number(Some(alert.value.best())));
        parameter(out, "high", &number(alert.value.high()));
        parameter(out, "independent", &alert.independent.to_string());
    }
    area(out, dispatch);
    out.push_str("  </info>\n");
}

/// One area for all places: their toll is one.
fn area(out: &mut String, dispatch: &Dispatch) {
    let Message::Attack(alert) = &dispatch.message else { return };
    let codes = || alert.places.iter().map(PlaceCode::as_str);
    let names = match dispatch.places.is_empty() {
        true => codes().collect::<Vec<_>>().join(", "),
        false => dispatch.places.join(", "),
    };
    out.push_str("    <area>\n");
    element(out, 3, "areaDesc", if names.is_empty() { "unknown" } else { &names });
    for code in codes() {
        named(out, 3, "geocode", "ISO3166-2", code);
    }
    out.push_str("    </area>\n");
}

/// `sender,identifier,sent` of each earlier message, parted by blanks (CAP 3.2.1).
fn references(sender: &str, dispatch: &Dispatch) -> String {
    let earlier = dispatch.earlier.iter();
    let triples = earlier.map(|one| format!("{sender},{},{}", one.id(), stamp(one.sent())));
    triples.collect::<Vec<_>>().join(" ")
}

fn status(message: &Message) -> &'static str {
    match message {
        Message::Attack(_) => "Actual",
        Message::Blind(alarm) if alarm.kind == AlarmType::Test => "Test",
        Message::Blind(_) => "System",
    }
}

fn kind(message: &Message) -> &'static str {
    match message {
        Message::Attack(alert) => match alert.kind {
            AlertType::Alert => "Alert",
            AlertType::Update => "Update",
            AlertType::Cancel => "Cancel",
        },
        Message::Blind(alarm) if alarm.kind == AlarmType::BlindOver => "Cancel",
        Message::Blind(_) => "Alert",
    }
}

/// `scope` is `Private`: it needs addressees (CAP 3.2.1).
fn addresses(message: &Message) -> &str {
    match message {
        Message::Attack(alert) if !alert.watch.contains([' ', '"', ',']) => &alert.watch,
        _ => "subscribers",
    }
}

fn event(message: &Message) -> &'static str {
    match message {
        Message::Attack(_) => "Attack",
        Message::Blind(alarm) if alarm.kind == AlarmType::Test => "Test",
        Message::Blind(_) => "Loss of sight",
    }
}

/// What is reported has happened: responsive action should be taken soon.
fn urgency(message: &Message) -> &'static str {
    match (message, message.level()) {
        (Message::Attack(alert), _) if alert.kind == AlertType::Cancel => "Past",
        (Message::Blind(alarm), _) if alarm.kind != AlarmType::Blind => "Past",
        (_, Severity::Critical) => "Immediate",
        (_, Severity::Warning) => "Expected",
        (_, Severity::Notice) => "Future",
    }
}

fn severity(level: Severity) -> &'static str {
    match level {
        Severity::Critical => "Extreme",
        Severity::Warning => "Severe",
        Severity::Notice => "Moderate",
    }
}

fn certainty(message: &Message) -> &'static str {
    match message {
        Message::Attack(alert) => match alert.certainty {
            Certainty::Observed => "Observed",
            Certainty::Likely => "Likely",
            Certainty::Possible => "Possible",
            Certainty::Unknown => "Unknown",
        },
        Message::Blind(_) => "Observed",
    }
}

/// The standard wants whole seconds and an offset, of UTC written `-00:00` (3.3.2).
pub(super) fn stamp(at: Timestamp) -> String {
    TimeZone::UTC.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S-00:00").to_string()
}

fn parameter(out: &mut String, name: &str, value: &str) {
    named(out, 2, "parameter", name, value);
}

fn named(out: &mut String, depth: usize, tag: &str, name: &str, value: &str) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}<{tag}>");
    element(out, depth + 1, "valueName", name);
    element(out, depth + 1, "value", value);
    let _ = writeln!(out, "{indent}</{tag}>");
}

fn element(out: &mut String, depth: usize, tag: &str, text: &str) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}<{tag}>{}</{tag}>", escape(allowed(text).as_str()));
}

/// Only characters that XML 1.0 allows.
pub(super) fn allowed(text: &str) -> String {
    let is_allowed = |c: &char| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    crate::text::html::clean(text).chars().filter(is_allowed).collect()
}
