//! `[[sink]]`: to whom alerts go besides the log, and in what words.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use url::Url;

use super::diagnostic::Diagnostic;
use super::source::name;
use super::table::{Faults, Table, Text, did_you_mean, nearest};
use super::watch::severity;
use super::{mail, span};
use crate::alert::rule::Severity;
use crate::notify::secret::Secret;
use crate::notify::text::{self, Template};
use crate::notify::{
    Channel, Sink, TIMEOUT, alertmanager, atom, cap, command, journald, log, ntfy, webhook,
};

/// What every sink may have.
const COMMON: &[&str] = &["name", "type", "level", "timeout", "title", "text"];

/// The types of sinks, and what each may have besides.
const TYPES: &[(&str, &[&str])] = &[
    ("journald", &["socket"]),
    ("webhook", &["url", "secret_file", "secret_credential"]),
    ("alertmanager", &["url", "token_file", "token_credential", "stands_for"]),
    (
        "email",
        &["server", "encryption", "from", "to", "user", "password_file", "password_credential"],
    ),
    ("ntfy", &["url", "token_file", "token_credential"]),
    ("command", &["run"]),
    ("cap", &["directory"]),
    ("atom", &["path"]),
];

/// The longest that one delivery may take.
const LONGEST_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(120);

pub(super) fn read(
    faults: &mut Faults,
    warnings: &mut Faults,
    top: &Table<'_>,
    alerts: Option<&Table<'_>>,
) -> (Vec<Sink>, String) {
    let own = Template::default();
    let template = alerts.map_or(own.clone(), |table| template(faults, table, &own));
    let sender = alerts.map_or(cap::SENDER.to_owned(), |table| sender(faults, table));
    let mut all: Vec<&str> = COMMON.to_vec();
    for key in TYPES.iter().flat_map(|(_, keys)| *keys) {
        if !all.contains(key) {
            all.push(key);
        }
    }
    let mut names = HashMap::new();
    let mut sinks = Vec::new();
    for table in top.tables(faults, "sink", "[[sink]]", &all) {
        let name = name(faults, &table, &mut names).filter(|name| is_free(faults, &table, name));
        let of = Of { table: &table, sender: &sender };
        let channels = channels(faults, &of);
        let template = self::template(faults, &table, &template);
        let (least, timeout) = (least(faults, &table), timeout(faults, &table));
        let Some(name) = name else { continue };
        let is_one = channels.len() == 1;
        for (channel, whom) in channels {
            note_unreadable(warnings, &table, &channel);
            // Each recipient is a sink of its own: one that is refused holds up no other.
            let name = if is_one { name.clone() } else { format!("{name} {whom}") };
            sinks.push(Sink { name, least, template: template.clone(), timeout, channel });
        }
    }
    (sinks, sender)
}

/// A sink's table, and in whose name documents are made.
pub(super) struct Of<'a> {
    pub table: &'a Table<'a>,
    sender: &'a str,
}

fn is_free(faults: &mut Faults, table: &Table<'_>, name: &str) -> bool {
    let is_free = !name.eq_ignore_ascii_case(log::SINK);
    if !is_free {
        let message = format!("`{name}` is the name of the alert log");
        faults.push(Diagnostic::at(table.span_of("name"), message, "write another"));
    }
    is_free
}

/// The channel, or one a recipient with the recipient's name.
fn channels(faults: &mut Faults, of: &Of<'_>) -> Vec<(Channel, String)> {
    let Some(kind) = of.table.required_text(faults, "type") else { return Vec::new() };
    let Some((kind, keys)) = TYPES.iter().find(|(known, _)| *known == kind.value) else {
        let known: Vec<&str> = TYPES.iter().map(|(known, _)| *known).collect();
        let label = did_you_mean(&nearest(kind.value, &known))
            .unwrap_or_else(|| format!("it may be {}", known.join(", ")));
        let message = format!("there is no sink of type `{}`", kind.value);
        faults.push(Diagnostic::at(kind.span, message, label));
        return Vec::new();
    };
    for (other, others) in TYPES.iter().filter(|(other, _)| other != kind) {
        for key in others.iter().filter(|key| !keys.contains(key) && of.table.has(key)) {
            let message = format!("`{key}` says nothing to a sink of type `{kind}`");
            let label = format!("a sink of type `{other}` has it");
            let fault = Diagnostic::at(of.table.span_of(key), message, label);
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
    }
    if *kind == "email" {
        return mail::read(faults, of.table);
    }
    channel(faults, of, kind).map(|channel| (channel, String::new())).into_iter().collect()
}

fn channel(faults: &mut Faults, of: &Of<'_>, kind: &str) -> Option<Channel> {
    let Of { table, sender } = of;
    Some(match kind {
        "journald" => {
            let socket = table.text(faults, "socket").map(|text| text.value.into());
            let socket = socket.unwrap_or_else(|| journald::Settings::default().socket);
            Channel::Journald(journald::Settings { socket })
        }
        "webhook" => {
            let secret = secret(faults, table, "secret_file", "secret_credential");
            Channel::Webhook(webhook::Settings { url: url(faults, table)?, secret })
        }
        "alertmanager" => {
            let token = secret(faults, table, "token_file", "token_credential");
            let stands_for = stands_for(faults, table);
            let url = url(faults, table)?;
            Channel::Alertmanager(alertmanager::Settings { url, token, stands_for })
        }
        "ntfy" => {
            let token = secret(faults, table, "token_file", "token_credential");
            let (server, topic) = topic(faults, table)?;
            Channel::Ntfy(ntfy::Settings { server, topic, token })
        }
        "command" => Channel::Command(run(faults, table)?),
        "cap" => {
            let directory = path(faults, table, "directory")?;
            Channel::Cap(cap::Settings { directory, sender: (*sender).to_owned() })
        }
        _ => {
            let path = path(faults, table, "path")?;
            Channel::Atom(atom::Settings { path, sender: (*sender).to_owned() })
        }
    })
}

/// An address of http or https, told without what may be secret in it.
fn url(faults: &mut Faults, table: &Table<'_>) -> Option<Url> {
    let text = table.required_text(faults, "url")?;
    let mut fault = |message: &str, label: &str| {
        faults.push(Diagnostic::at(text.span.clone(), message, label));
    };
    let url = match text.value.parse::<Url>() {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => url,
        _ => {
            fault("`url` is no address of http or https", "write it as \"https://host/path\"");
            return None;
        }
    };
    if !url.username().is_empty() || url.password().is_some() {
        fault("`url` holds a user or a password", "put it into a file, and name that");
        return None;
    }
    Some(url)
}

/// The last part of the path names the topic.
fn topic(faults: &mut Faults, table: &Table<'_>) -> Option<(Url, String)> {
    let url = url(faults, table)?;
    let topic = url.path().trim_matches('/').to_owned();
    let is_topic = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if topic.is_empty() || !topic.chars().all(is_topic) {
        let message = "`url` names no topic";
        let label = "write it as \"https://ntfy.example/topic\"";
        faults.push(Diagnostic::at(table.span_of("url"), message, label));
        return None;
    }
    let mut server = url;
    server.set_path("/");
    server.set_query(None);
    Some((server, topic))
}

fn run(faults: &mut Faults, table: &Table<'_>) -> Option<command::Settings> {
    if !table.has("run") {
        faults.push(table.missing("run"));
        return None;
    }
    let words = table.texts(faults, "run")?;
    let Some((program, arguments)) = words.split_first() else {
        let message = "`run` names no program";
        faults.push(Diagnostic::at(table.span_of("run"), message, "write its path first"));
        return None;
    };
    if !Path::new(program.value).is_absolute() {
        let message = format!("`{}` is no absolute path", program.value);
        let label = "write it as \"/usr/local/bin/page\"";
        faults.push(Diagnostic::at(program.span.clone(), message, label));
        return None;
    }
    let arguments = arguments.iter().map(|word| word.value.to_owned()).collect();
    Some(command::Settings { program: program.value.into(), arguments })
}

fn path(faults: &mut Faults, table: &Table<'_>, key: &str) -> Option<PathBuf> {
    table.required_text(faults, key).map(|text| text.value.into())
}

/// The secret in a file or from the service manager; not both.
pub(super) fn secret(
    faults: &mut Faults,
    table: &Table<'_>,
    file: &str,
    credential: &str,
) -> Option<Secret> {
    let path = table.text(faults, file);
    let name = table.text(faults, credential);
    if let (Some(_), Some(name)) = (&path, &name) {
        let message = format!("`{file}` and `{credential}` name two secrets");
        faults.push(Diagnostic::at(name.span.clone(), message, "leave one of them"));
    }
    if let Some(bad) = name.as_ref().filter(|name| name.value.contains('/')) {
        let message = "the name of a credential has no `/`";
        faults.push(Diagnostic::at(bad.span.clone(), message, "write the name, not a path"));
    }
    let file = path.map(|path| Secret::File(path.value.into()));
    file.or_else(|| name.map(|name| Secret::Credential(name.value.to_owned())))
}

/// Whoever checks a configuration may not be who runs it: a warning.
fn note_unreadable(warnings: &mut Faults, table: &Table<'_>, channel: &Channel) {
    for secret in channel.secrets() {
        let Secret::File(path) = secret else { continue };
        if let Err(error) = std::fs::File::open(path) {
            let message = format!("the secret in `{}` cannot be read: {error}", path.display());
            let label = "alerts wait for it, and do not go to this sink before";
            warnings.push(Diagnostic::at(table.span.clone(), message, label));
        }
    }
}

fn least(faults: &mut Faults, table: &Table<'_>) -> Severity {
    let level = table.text(faults, "level");
    level.and_then(|text| severity(faults, &text)).unwrap_or(Severity::Notice)
}

fn timeout(faults: &mut Faults, table: &Table<'_>) -> std::time::Duration {
    let written = table.text(faults, "timeout");
    let read = written
        .and_then(|text| Some((span::read(faults, &text, "how long a delivery may take")?, text)));
    match read {
        Some((span, text)) if span > LONGEST_TIMEOUT => {
            let message = "a delivery may take two minutes at most";
            faults.push(Diagnostic::at(text.span, message, "write a shorter time"));
            TIMEOUT
        }
        Some((span, _)) => span,
        None => TIMEOUT,
    }
}

fn stands_for(faults: &mut Faults, table: &Table<'_>) -> SignedDuration {
    let written = table.text(faults, "stands_for");
    let span = written.and_then(|text| span::read(faults, &text, "how long an alert stands"));
    span.and_then(|span| SignedDuration::try_from(span).ok()).unwrap_or(alertmanager::STANDS_FOR)
}

/// The table's own templates, or those above it.
fn template(faults: &mut Faults, table: &Table<'_>, above: &Template) -> Template {
    let mut read = |key: &str, above: &str| {
        let written = table.text(faults, key);
        let Some(written) = written else { return above.to_owned() };
        if let Err(bad) = text::check(written.value) {
            faults.push(bad_template(&written, key, &bad));
        }
        written.value.to_owned()
    };
    Template { title: read("title", &above.title), body: read("text", &above.body) }
}

/// The fault at its line, where the text has several.
fn bad_template(written: &Text<'_>, key: &str, bad: &text::BadTemplate) -> Diagnostic {
    let message = format!("the template in `{key}` cannot be used (its line {})", bad.line);
    Diagnostic::at(written.span.clone(), message, bad.what.clone())
}

/// What CAP takes for a sender (3.2.1), and an Atom id.
fn sender(faults: &mut Faults, table: &Table<'_>) -> String {
    let Some(text) = table.text(faults, "sender") else { return cap::SENDER.to_owned() };
    let is_allowed = |c: char| c.is_ascii_graphic() && !matches!(c, ',' | '<' | '&' | '"');
    if text.value.is_empty() || !text.value.chars().all(is_allowed) {
        let message = "`sender` is one word without commas, `<` and `&`";
        let label = "write it as \"watchfire@example.org\"";
        faults.push(Diagnostic::at(text.span, message, label));
    }
    text.value.to_owned()
}

/// Whether the host is this machine.
pub(super) fn is_local(host: &str) -> bool {
    host == "localhost"
        || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}
