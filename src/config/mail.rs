//! `[[sink]]` of type `email`: the server, and a sink for each recipient.

use lettre::message::Mailbox;

use super::diagnostic::Diagnostic;
use super::sink::{is_local, secret};
use super::table::{Faults, Table, Text, did_you_mean, nearest};
use crate::notify::Channel;
use crate::notify::email::{Encryption, Login, Settings};

const ENCRYPTIONS: [(&str, Encryption, u16); 3] = [
    ("tls", Encryption::Tls, 465),
    ("starttls", Encryption::Starttls, 587),
    ("none", Encryption::None, 25),
];

/// One channel a recipient, with the recipient's address.
pub(super) fn read(faults: &mut Faults, table: &Table<'_>) -> Vec<(Channel, String)> {
    let server = server(faults, table);
    let from = table.required_text(faults, "from").and_then(|text| mailbox(faults, &text));
    let login = login(faults, table);
    let recipients = recipients(faults, table);
    let (Some((host, port, encryption)), Some(from)) = (server, from) else { return Vec::new() };
    let to_one = |to: Mailbox| {
        let (host, from, login) = (host.clone(), from.clone(), login.clone());
        let whom = to.email.to_string();
        (Channel::Email(Box::new(Settings { host, port, encryption, from, to, login })), whom)
    };
    recipients.into_iter().map(to_one).collect()
}

/// Host, port and encryption; without one only to this machine.
fn server(faults: &mut Faults, table: &Table<'_>) -> Option<(String, u16, Encryption)> {
    let text = table.required_text(faults, "server")?;
    let (host, port) = match text.value.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && !host.contains(':') => (host, Some(port)),
        _ => (text.value, None),
    };
    let (_, encryption, usual) = encryption(faults, table);
    let port = match port.map(str::parse::<u16>) {
        None => usual,
        Some(Ok(port)) if port > 0 => port,
        Some(_) => {
            let message = "`server` has no port after its colon";
            faults.push(Diagnostic::at(text.span, message, "write it as \"mail.example:587\""));
            return None;
        }
    };
    if encryption == Encryption::None && !is_local(host) {
        let message = "alerts and passwords would cross the network for all to read";
        let label = "set `encryption` to \"starttls\" or \"tls\"";
        faults.push(Diagnostic::at(table.span_of("encryption"), message, label));
        return None;
    }
    Some((host.to_owned(), port, encryption))
}

fn encryption(faults: &mut Faults, table: &Table<'_>) -> (&'static str, Encryption, u16) {
    let Some(text) = table.text(faults, "encryption") else { return ENCRYPTIONS[1] };
    let found = ENCRYPTIONS.iter().find(|(name, ..)| *name == text.value);
    if found.is_none() {
        let names = ENCRYPTIONS.map(|(name, ..)| name);
        let label = did_you_mean(&nearest(text.value, &names))
            .unwrap_or_else(|| format!("it may be {}", names.join(", ")));
        let message = format!("there is no encryption `{}`", text.value);
        faults.push(Diagnostic::at(text.span, message, label));
    }
    *found.unwrap_or(&ENCRYPTIONS[1])
}

fn login(faults: &mut Faults, table: &Table<'_>) -> Option<Login> {
    let user = table.text(faults, "user");
    let password = secret(faults, table, "password_file", "password_credential");
    match (user, password) {
        (Some(user), Some(password)) => Some(Login { user: user.value.to_owned(), password }),
        (None, None) => None,
        (Some(user), None) => {
            let label = "add `password_file` or `password_credential`";
            faults.push(Diagnostic::at(user.span, "a user without a password", label));
            None
        }
        (None, Some(_)) => {
            let message = "a password without a user";
            faults.push(Diagnostic::at(table.span.clone(), message, "add `user`"));
            None
        }
    }
}

fn recipients(faults: &mut Faults, table: &Table<'_>) -> Vec<Mailbox> {
    if !table.has("to") {
        faults.push(table.missing("to"));
        return Vec::new();
    }
    let written = table.texts(faults, "to").unwrap_or_default();
    if written.is_empty() {
        let message = "`to` names nobody";
        faults.push(Diagnostic::at(table.span_of("to"), message, "write [\"desk@example.org\"]"));
    }
    let mut all: Vec<Mailbox> = Vec::new();
    for text in &written {
        let Some(to) = mailbox(faults, text) else { continue };
        if all.iter().any(|other| other.email == to.email) {
            let message = format!("`{}` is there twice", to.email);
            faults.push(Diagnostic::at(text.span.clone(), message, "remove one of the two"));
            continue;
        }
        all.push(to);
    }
    all
}

fn mailbox(faults: &mut Faults, text: &Text<'_>) -> Option<Mailbox> {
    let read = text.value.parse::<Mailbox>();
    if let Err(error) = &read {
        let message = format!("`{}` is no e-mail address: {error}", text.value);
        let label = "write it as \"desk@example.org\" or \"Desk <desk@example.org>\"";
        faults.push(Diagnostic::at(text.span.clone(), message, label));
    }
    read.ok()
}
