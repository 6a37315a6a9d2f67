//! A push message through ntfy (<https://docs.ntfy.sh/publish/#publish-as-json>).
//! Published as JSON: its headers would not carry names beyond ASCII.

use serde_json::json;
use url::Url;

use super::secret::Secret;
use super::text::{Text, cut};
use super::{Refused, http, web_link};
use crate::alert::blind::AlarmType;
use crate::alert::message::{Dispatch, Message};
use crate::alert::rule::{AlertType, Severity};

/// Which topic of which server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The server, without the topic.
    pub server: Url,
    pub topic: String,
    /// An access token.
    pub token: Option<Secret>,
}

/// A longer message would become an attachment; the server counts bytes.
const LONGEST: usize = 3_800;

pub(super) async fn deliver(
    settings: &Settings,
    client: &reqwest::Client,
    dispatch: &Dispatch,
    text: &Text,
) -> Result<(), Refused> {
    let message = &dispatch.message;
    let body = json!({
        "topic": settings.topic,
        "title": cut(&text.title, 250),
        "message": cut(&text.body, LONGEST),
        "priority": priority(message),
        "tags": tags(message),
        "click": web_link(message),
    });
    let mut request = client.post(settings.server.clone()).body(body.to_string());
    if let Some(token) = &settings.token {
        request = request.bearer_auth(token.read()?);
    }
    http::send(request, &settings.server).await
}

/// 5 rings until it is seen, 3 is a plain notification.
fn priority(message: &Message) -> u8 {
    match (message, message.level()) {
        (Message::Attack(alert), _) if alert.kind == AlertType::Cancel => 3,
        (Message::Blind(alarm), _) if alarm.kind != AlarmType::Blind => 3,
        (_, Severity::Critical) => 5,
        (_, Severity::Warning) => 4,
        (_, Severity::Notice) => 3,
    }
}

/// The first is a sign that ntfy shows, the others are words to filter by.
fn tags(message: &Message) -> Vec<String> {
    let (sign, kind) = match message {
        Message::Attack(alert) => match alert.kind {
            AlertType::Alert => ("rotating_light", "alert"),
            AlertType::Update => ("arrows_counterclockwise", "update"),
            AlertType::Cancel => ("x", "cancel"),
        },
        Message::Blind(alarm) => match alarm.kind {
            AlarmType::Blind => ("see_no_evil", "blind"),
            AlarmType::BlindOver => ("eyes", "blind_over"),
            AlarmType::Test => ("bell", "test"),
        },
    };
    let mut tags = vec![sign.to_owned(), kind.to_owned()];
    if let Message::Attack(alert) = message {
        tags.extend(alert.places.iter().map(ToString::to_string));
    }
    tags
}
