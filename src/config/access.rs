//! How the hosts of a source are reached: proxies, headers, certificates.

use std::path::{Path, PathBuf};

use toml::de::DeValue;
use url::Url;

use super::diagnostic::Diagnostic;
use super::table::{Faults, Table, Text, text};
use crate::source::Access;

/// A key longer than this is no key of a feed.
const LONGEST_HEADER: usize = 4096;

/// The keys of a source that say how its hosts are reached.
pub(super) fn read(faults: &mut Faults, table: &Table<'_>) -> Access {
    Access {
        proxy: table.text(faults, "proxy").and_then(|text| proxy(faults, &text)),
        ca_file: table.text(faults, "ca_file").and_then(|text| ca_file(faults, &text)),
        user_agent: table.text(faults, "user_agent").and_then(|text| {
            let value = header_value(faults, &text, "user_agent")?;
            (!value.is_empty()).then_some(value)
        }),
        headers: headers(faults, table),
    }
}

/// The mirrors of a source: each a text, or a table with a proxy of its own.
pub(super) fn mirrors<'a>(faults: &mut Faults, table: &Table<'a>) -> Vec<(Text<'a>, Option<Url>)> {
    let mut mirrors = Vec::new();
    for item in table.list(faults, "mirrors").unwrap_or_default() {
        match item.get_ref() {
            DeValue::Table(inner) => {
                let keys = ["url", "proxy"];
                let inner = Table::new(faults, inner, item.span(), "a mirror", &keys);
                let proxy = inner.text(faults, "proxy").and_then(|text| proxy(faults, &text));
                mirrors.extend(inner.required_text(faults, "url").map(|url| (url, proxy)));
            }
            _ => mirrors.extend(text(faults, "mirrors", item).map(|text| (text, None))),
        }
    }
    mirrors
}

fn proxy(faults: &mut Faults, text: &Text<'_>) -> Option<Url> {
    const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];
    let url = Url::parse(text.value).ok();
    let url = url.filter(|url| SCHEMES.contains(&url.scheme()) && url.has_host());
    if url.is_none() {
        let message = "this is no address of a proxy".to_owned();
        let label = "write it as \"socks5h://127.0.0.1:9050\" or \"http://proxy.example:3128\"";
        faults.push(Diagnostic::at(text.span.clone(), message, label));
    }
    url
}

/// The file need not be there yet: a source whose certificates are missing fails alone
/// and says so, and the others are watched.
fn ca_file(faults: &mut Faults, text: &Text<'_>) -> Option<PathBuf> {
    let path = Path::new(text.value);
    if !path.is_absolute() {
        let message = format!("`{}` is not the whole path of a file", text.value);
        faults.push(Diagnostic::at(text.span.clone(), message, "begin it with `/`"));
        return None;
    }
    Some(path.to_owned())
}

fn headers(faults: &mut Faults, table: &Table<'_>) -> Vec<(String, String)> {
    /// These say how the body is to be read, or what is already known: not for others.
    const OURS: [&str; 8] = [
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "if-modified-since",
        "if-none-match",
        "transfer-encoding",
        "user-agent",
    ];
    let mut found = Vec::new();
    for (name, value) in table.entries(faults, "headers") {
        let lower = name.value.to_ascii_lowercase();
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if lower.is_empty() || !lower.chars().all(is_token) || OURS.contains(&lower.as_str()) {
            let message = format!("`{}` cannot be set as a header", name.value);
            let label = "a name such as \"X-Api-Key\"; the agent has a key `user_agent`";
            faults.push(Diagnostic::at(name.span, message, label));
            continue;
        }
        found.extend(header_value(faults, &value, name.value).map(|value| (lower, value)));
    }
    found
}

fn header_value(faults: &mut Faults, text: &Text<'_>, name: &str) -> Option<String> {
    let value = text.value.trim();
    if value.len() > LONGEST_HEADER || value.chars().any(|c| !(' '..='~').contains(&c)) {
        let message = format!("`{name}` cannot be sent as a header");
        faults.push(Diagnostic::at(text.span.clone(), message, "one line of plain ASCII"));
        return None;
    }
    Some(value.to_owned())
}
