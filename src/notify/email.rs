//! E-mail over SMTP, a message a recipient. All that concerns one matter is one
//! thread in the reader's program, and a repeat has the id of the first.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lettre::message::Mailbox;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::Refused;
use super::secret::Secret;
use super::text::Text;
use crate::alert::message::{Dispatch, Message};
use crate::alert::rule::Severity;

/// Through which server, from whom to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    pub from: Mailbox,
    pub to: Mailbox,
    pub login: Option<Login>,
}

/// Whether and when the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte, port 465.
    Tls,
    /// Before anything is said that matters, port 587; never without.
    Starttls,
    /// Not at all; for a server on this machine.
    None,
}

/// Who asks the server to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub user: String,
    pub password: Secret,
}

pub(super) async fn deliver(
    settings: &Settings,
    dispatch: &Dispatch,
    text: &Text,
    timeout: Duration,
) -> Result<(), Refused> {
    let mail = compose(settings, dispatch, text)?;
    let sent = transport(settings, timeout)?.send(mail).await;
    sent.map(drop).map_err(|error| refused(&settings.host, &error))
}

/// A connection is made for each message: alerts are rare, and one kept open would
/// be dead when it is needed.
fn transport(
    settings: &Settings,
    timeout: Duration,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, Refused> {
    let parameters = || {
        TlsParameters::new(settings.host.clone()).map_err(|error| refused(&settings.host, &error))
    };
    let tls = match settings.encryption {
        Encryption::Tls => Tls::Wrapper(parameters()?),
        Encryption::Starttls => Tls::Required(parameters()?),
        Encryption::None => Tls::None,
    };
    let mut transport =
        AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.clone())
            .port(settings.port)
            .timeout(Some(timeout))
            .tls(tls);
    if let Some(login) = &settings.login {
        let password = login.password.read()?;
        transport = transport.credentials(Credentials::new(login.user.clone(), password));
    }
    Ok(transport.build())
}

fn compose(
    settings: &Settings,
    dispatch: &Dispatch,
    text: &Text,
) -> Result<lettre::Message, Refused> {
    let message = &dispatch.message;
    let domain = settings.from.email.domain();
    let id = |id: &str| format!("<{id}@{domain}>");
    let mut mail = lettre::Message::builder()
        .from(settings.from.clone())
        .to(settings.to.clone())
        .subject(&text.title)
        .date(SystemTime::try_from(message.sent()).unwrap_or(UNIX_EPOCH))
        .message_id(Some(id(message.id())))
        .header(AutoSubmitted)
        .header(ContentType::TEXT_PLAIN);
    if let Some(first) = message.references() {
        mail = mail.in_reply_to(id(first)).references(id(first));
    }
    if message.level() == Severity::Critical && !is_test(message) {
        mail = mail.header(Importance);
    }
    mail.body(text.body.clone())
        .map_err(|error| Refused::Never { cause: format!("no mail can be made of it: {error}") })
}

fn is_test(message: &Message) -> bool {
    matches!(message, Message::Blind(alarm) if alarm.kind == crate::alert::blind::AlarmType::Test)
}

/// What SMTP's answer means: 4xx is for later, 5xx for good (RFC 5321, 4.2.1).
fn refused(host: &str, error: &smtp::Error) -> Refused {
    let cause = format!("{host}: {}", told(error));
    if error.is_permanent() {
        // A login that is refused is mended by a person, and the alert is wanted then.
        let code = error.status().map(|code| code.to_string()).unwrap_or_default();
        return match ["530", "534", "535", "538"].contains(&code.as_str()) {
            true => Refused::Away { cause, after: None },
            false => Refused::Never { cause },
        };
    }
    match error.is_transient() {
        true => Refused::Later { cause },
        false => Refused::Away { cause, after: None },
    }
}

/// The error with its causes, on one line.
fn told(error: &smtp::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        let more = source.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        cause = source.source();
    }
    let clean = crate::text::html::clean(&words);
    super::text::cut(&clean.split_whitespace().collect::<Vec<_>>().join(" "), 300).to_owned()
}

/// Nobody's holiday message is to answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[derive(Clone)]
struct Importance;

impl Header for Importance {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Importance")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Importance)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "high".to_owned())
    }
}
