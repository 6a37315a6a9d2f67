//! Prometheus's Alertmanager, by its API v2 (`POST /api/v2/alerts`): an alert
//! appears, changes and resolves there, and its own routing tells people.
//!
//! Alertmanager knows an alert by its labels. Those of one matter stay the same but
//! for the severity, by which it routes: when that changes, the old one is resolved
//! in the same breath.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::CONTENT_TYPE;
use serde::Serialize;
use url::Url;

use super::secret::Secret;
use super::text::Text;
use super::{Refused, http, web_link};
use crate::alert::blind::AlarmType;
use crate::alert::message::{Dispatch, Message};
use crate::alert::rule::{AlertType, Severity};

/// Which Alertmanager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Its address, below which `api/v2/alerts` lies.
    pub url: Url,
    /// A bearer token, for one behind a proxy that asks for it.
    pub token: Option<Secret>,
    /// How long an alert stands there after the last word on it.
    pub stands_for: SignedDuration,
}

/// `stands_for` where the operator says nothing.
pub const STANDS_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A blindness stands until it is over.
const BLIND_FOR: SignedDuration = SignedDuration::from_hours(24 * 365);

/// Long enough to be routed.
const TEST_FOR: SignedDuration = SignedDuration::from_mins(5);

/// One alert as the API takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Posted {
    labels: BTreeMap<&'static str, String>,
    annotations: BTreeMap<&'static str, String>,
    starts_at: Timestamp,
    ends_at: Timestamp,
    #[serde(rename = "generatorURL", skip_serializing_if = "Option::is_none")]
    generator_url: Option<String>,
}

pub(super) async fn deliver(
    settings: &Settings,
    client: &reqwest::Client,
    dispatch: &Dispatch,
    text: &Text,
) -> Result<(), Refused> {
    let body = serde_json::to_string(&posted(settings, dispatch, text))
        .expect("texts and times serialise");
    let url = endpoint(&settings.url);
    let mut request = client.post(url.clone()).header(CONTENT_TYPE, "application/json");
    if let Some(token) = &settings.token {
        request = request.bearer_auth(token.read()?);
    }
    http::send(request.body(body), &url).await
}

fn endpoint(base: &Url) -> Url {
    let mut url = base.clone();
    let path = base.path().trim_end_matches('/').trim_end_matches("/api/v2/alerts").to_owned();
    url.set_path(&format!("{path}/api/v2/alerts"));
    url
}

/// The message itself, and the end of whatever of the matter stands there otherwise.
fn posted(settings: &Settings, dispatch: &Dispatch, text: &Text) -> Vec<Posted> {
    let message = &dispatch.message;
    let starts_at = dispatch.earlier.first().map_or(message.sent(), Message::sent);
    let labels = labels(message);
    let mut all: Vec<Posted> = Vec::new();
    for earlier in &dispatch.earlier {
        let old = self::labels(earlier);
        if old != labels && !all.iter().any(|posted| posted.labels == old) {
            let end = ended(message).max(starts_at);
            all.push(one(earlier, old, &Text::plain(earlier), starts_at, end));
        }
    }
    let ends_at = match is_over(message) {
        true => ended(message).max(starts_at),
        false => match message {
            Message::Attack(_) => saturating(message.sent(), settings.stands_for),
            Message::Blind(alarm) if alarm.kind == AlarmType::Test => {
                saturating(message.sent(), TEST_FOR)
            }
            Message::Blind(_) => saturating(message.sent(), BLIND_FOR),
        },
    };
    all.push(one(message, labels, text, starts_at, ends_at));
    all
}

fn one(
    message: &Message,
    labels: BTreeMap<&'static str, String>,
    text: &Text,
    starts_at: Timestamp,
    ends_at: Timestamp,
) -> Posted {
    let mut annotations = BTreeMap::from([
        ("summary", text.title.clone()),
        ("description", text.body.clone()),
        ("reason", message.reason().to_owned()),
        ("id", message.id().to_owned()),
    ]);
    if let Message::Attack(alert) = message {
        let places: Vec<&str> = alert.places.iter().map(|place| place.as_str()).collect();
        annotations.insert("places", places.join(" "));
        annotations.insert("certainty", format!("{:?}", alert.certainty).to_lowercase());
    }
    Posted { labels, annotations, starts_at, ends_at, generator_url: web_link(message) }
}

fn labels(message: &Message) -> BTreeMap<&'static str, String> {
    let severity = match message.level() {
        Severity::Critical => "critical",
        Severity::Warning => "warning",
        Severity::Notice => "info",
    };
    let mut labels = BTreeMap::from([
        ("job", "watchfire".to_owned()),
        ("severity", severity.to_owned()),
        ("matter", message.matter().to_owned()),
    ]);
    match message {
        Message::Attack(alert) => {
            labels.insert("alertname", "WatchfireAttack".to_owned());
            labels.insert("watch", alert.watch.clone());
            labels.insert("event", alert.event_id.0.clone());
        }
        Message::Blind(alarm) if alarm.kind == AlarmType::Test => {
            labels.insert("alertname", "WatchfireTest".to_owned());
        }
        Message::Blind(alarm) => {
            labels.insert("alertname", "WatchfireBlind".to_owned());
            labels.insert("subject", alarm.subject.to_string());
        }
    }
    labels
}

/// Whether nothing of the matter stands any more.
fn is_over(message: &Message) -> bool {
    match message {
        Message::Attack(alert) => alert.kind == AlertType::Cancel,
        Message::Blind(alarm) => alarm.kind == AlarmType::BlindOver,
    }
}

/// Alertmanager takes an alert for resolved whose end is past; a clock that is a
/// little behind ours must not see it as still to come.
fn ended(message: &Message) -> Timestamp {
    saturating(message.sent(), SignedDuration::from_secs(-5))
}

fn saturating(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(at)
}
