//! What leaves the house: an alert on an attack, or a word on watchfire's own
//! blindness. One noun for the outbox and every channel.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::blind::Alarm;
use super::rule::{Alert, Severity};
use crate::correlate::event::Event;

/// Something to be told to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Message {
    /// An attack, or a correction of what was said of one.
    Attack(Box<Alert>),
    /// Watchfire cannot see something, or can again; or a test of the channels.
    Blind(Box<Alarm>),
}

impl Message {
    /// Stable: the same decision has the same id on every machine.
    pub fn id(&self) -> &str {
        match self {
            Message::Attack(alert) => &alert.id,
            Message::Blind(alarm) => &alarm.id,
        }
    }

    /// The id of the first message on the same matter; its own where it is the first.
    pub fn matter(&self) -> &str {
        self.references().unwrap_or(self.id())
    }

    /// The message that it updates, cancels or ends.
    pub fn references(&self) -> Option<&str> {
        match self {
            Message::Attack(alert) => alert.references.as_deref(),
            Message::Blind(alarm) => alarm.references.as_deref(),
        }
    }

    /// When it was decided.
    pub fn sent(&self) -> Timestamp {
        match self {
            Message::Attack(alert) => alert.sent,
            Message::Blind(alarm) => alarm.sent,
        }
    }

    /// How loud it is.
    pub fn level(&self) -> Severity {
        match self {
            Message::Attack(alert) => alert.level,
            Message::Blind(alarm) => alarm.level,
        }
    }

    /// One plain sentence.
    pub fn headline(&self) -> &str {
        match self {
            Message::Attack(alert) => &alert.headline,
            Message::Blind(alarm) => &alarm.headline,
        }
    }

    /// Why it is told, in one sentence.
    pub fn reason(&self) -> &str {
        match self {
            Message::Attack(alert) => &alert.reason,
            Message::Blind(alarm) => &alarm.reason,
        }
    }
}

impl From<Alert> for Message {
    fn from(alert: Alert) -> Message {
        Message::Attack(Box::new(alert))
    }
}

impl From<Alarm> for Message {
    fn from(alarm: Alarm) -> Message {
        Message::Blind(Box::new(alarm))
    }
}

/// A message with all that a channel may want to tell it well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    pub message: Message,
    /// The earlier messages on the same matter, oldest first.
    pub earlier: Vec<Message>,
    /// The event as it stands, of an alert on one.
    pub event: Option<Event>,
    /// The names of the alert's places, in their order.
    pub places: Vec<String>,
    /// The newest messages before and with it, newest first, for a channel that
    /// shows several.
    pub recent: Vec<Message>,
    /// How often it was tried before.
    pub tries: u32,
}

impl From<Message> for Dispatch {
    /// A message that stands alone.
    fn from(message: Message) -> Dispatch {
        let recent = vec![message.clone()];
        let (earlier, places) = (Vec::new(), Vec::new());
        Dispatch { message, earlier, event: None, places, recent, tries: 0 }
    }
}
