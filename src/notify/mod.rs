//! Tells people of what was recorded, one file a channel. Decides nothing: what is
//! told is what the outbox holds, and a channel answers only whether it has it.

pub mod alertmanager;
pub mod atom;
pub mod cap;
pub mod command;
pub mod email;
mod facts;
mod file;
mod http;
pub mod journald;
pub mod log;
pub mod ntfy;
pub mod retry;
pub mod secret;
pub mod text;
pub mod webhook;

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use crate::alert::message::{Dispatch, Message};
use crate::alert::rule::Severity;
use crate::fetch::NoClient;
use text::Template;

/// Where alerts go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The alert log, one JSON object a line.
    pub log: PathBuf,
    /// Everything else, in the order of the configuration; names differ.
    pub sinks: Vec<Sink>,
    /// In whose name documents are made.
    pub sender: String,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            log: "/var/log/watchfire/alerts.jsonl".into(),
            sinks: Vec::new(),
            sender: cap::SENDER.into(),
        }
    }
}

/// A channel to somebody, besides the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sink {
    /// Its name in the outbox.
    pub name: String,
    /// What is less severe is told only where it goes on with what was told.
    pub least: Severity,
    pub template: Template,
    /// The longest that one delivery may take.
    pub timeout: Duration,
    pub channel: Channel,
}

/// `timeout` where the operator says nothing.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// The kinds of channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    Journald(journald::Settings),
    Webhook(webhook::Settings),
    Alertmanager(alertmanager::Settings),
    Email(Box<email::Settings>),
    Ntfy(ntfy::Settings),
    Command(command::Settings),
    Cap(cap::Settings),
    Atom(atom::Settings),
}

/// Why a message was not taken, by what is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nothing reaches the channel, or it asks for time: other messages would meet
    /// the same.
    #[error("{cause}")]
    Away { cause: String, after: Option<Duration> },
    /// This message was not taken this time.
    #[error("{cause}")]
    Later { cause: String },
    /// This message will never be taken.
    #[error("{cause}")]
    Never { cause: String },
}

impl Channel {
    /// The kind in one word, as the configuration has it.
    pub fn kind(&self) -> &'static str {
        match self {
            Channel::Journald(_) => "journald",
            Channel::Webhook(_) => "webhook",
            Channel::Alertmanager(_) => "alertmanager",
            Channel::Email(_) => "email",
            Channel::Ntfy(_) => "ntfy",
            Channel::Command(_) => "command",
            Channel::Cap(_) => "cap",
            Channel::Atom(_) => "atom",
        }
    }

    /// Where it leads, without anything that may be secret.
    pub fn place(&self) -> String {
        match self {
            Channel::Journald(settings) => settings.socket.display().to_string(),
            Channel::Webhook(settings) => http::host(&settings.url),
            Channel::Alertmanager(settings) => http::host(&settings.url),
            Channel::Email(settings) => {
                format!("{} by {}:{}", settings.to, settings.host, settings.port)
            }
            Channel::Ntfy(settings) => http::host(&settings.server),
            Channel::Command(settings) => settings.program.display().to_string(),
            Channel::Cap(settings) => settings.directory.display().to_string(),
            Channel::Atom(settings) => settings.path.display().to_string(),
        }
    }

    /// The secrets that it reads.
    pub fn secrets(&self) -> Vec<&secret::Secret> {
        let secret = match self {
            Channel::Webhook(settings) => settings.secret.as_ref(),
            Channel::Alertmanager(settings) => settings.token.as_ref(),
            Channel::Email(settings) => settings.login.as_ref().map(|login| &login.password),
            Channel::Ntfy(settings) => settings.token.as_ref(),
            Channel::Journald(_) | Channel::Command(_) | Channel::Cap(_) | Channel::Atom(_) => None,
        };
        secret.into_iter().collect()
    }
}

/// A sink that can be told things.
#[derive(Debug, Clone)]
pub struct Sender {
    sink: Sink,
    client: reqwest::Client,
}

/// Makes every sink ready.
///
/// # Errors
/// When this machine can have no HTTPS client.
pub fn senders(sinks: &[Sink]) -> Result<Vec<Sender>, NoClient> {
    if sinks.is_empty() {
        // Nobody needs a client, nor the certificates that it reads.
        return Ok(Vec::new());
    }
    let client = http::client()?;
    Ok(sinks.iter().map(|sink| Sender { sink: sink.clone(), client: client.clone() }).collect())
}

impl Sender {
    /// Its name in the outbox.
    pub fn name(&self) -> &str {
        &self.sink.name
    }

    /// Tells the message; it returns within the sink's time.
    ///
    /// # Errors
    /// Why the sink does not have it, or may not have it.
    pub async fn deliver(&self, dispatch: &Dispatch) -> Result<(), Refused> {
        let told = tokio::time::timeout(self.sink.timeout, self.tell(dispatch)).await;
        told.unwrap_or_else(|_| {
            let seconds = self.sink.timeout.as_secs();
            Err(Refused::Away { cause: format!("no answer within {seconds} s"), after: None })
        })
    }

    async fn tell(&self, dispatch: &Dispatch) -> Result<(), Refused> {
        let Sender { sink, client } = self;
        let text = sink.template.render(dispatch);
        match &sink.channel {
            Channel::Journald(settings) => journald::deliver(settings, dispatch, &text),
            Channel::Webhook(settings) => {
                webhook::deliver(settings, client, dispatch, &text, Timestamp::now()).await
            }
            Channel::Alertmanager(settings) => {
                alertmanager::deliver(settings, client, dispatch, &text).await
            }
            Channel::Email(settings) => {
                email::deliver(settings, dispatch, &text, sink.timeout).await
            }
            Channel::Ntfy(settings) => ntfy::deliver(settings, client, dispatch, &text).await,
            Channel::Command(settings) => command::deliver(settings, dispatch, &text).await,
            Channel::Cap(settings) => cap::deliver(settings, dispatch, &text),
            Channel::Atom(settings) => atom::deliver(settings, dispatch, &sink.template),
        }
    }
}

/// The first link that leads to the web.
fn web_link(message: &Message) -> Option<String> {
    let Message::Attack(alert) = message else { return None };
    alert.links.iter().find(|link| is_web(link)).cloned()
}

fn is_web(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}
