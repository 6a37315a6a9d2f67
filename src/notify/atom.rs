//! The newest alerts as an Atom feed (RFC 4287) in a file, for whoever pulls. Each
//! entry says all of its message; an update is an entry of its own.

use std::fmt::Write;
use std::path::PathBuf;

use quick_xml::escape::escape;

use super::cap::allowed;
use super::text::Template;
use super::{Refused, file, web_link};
use crate::alert::message::{Dispatch, Message};

/// Where the feed lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub path: PathBuf,
    /// Whose feed it is; a part of every id.
    pub sender: String,
}

pub(super) fn deliver(
    settings: &Settings,
    dispatch: &Dispatch,
    template: &Template,
) -> Result<(), Refused> {
    file::put(&settings.path, document(&settings.sender, dispatch, template).as_bytes())
}

/// The feed with the dispatch's newest messages, newest first.
pub fn document(sender: &str, dispatch: &Dispatch, template: &Template) -> String {
    let updated = dispatch.recent.iter().map(Message::sent).max();
    let updated = updated.unwrap_or(dispatch.message.sent());
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    out.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    element(&mut out, 1, "id", &format!("urn:watchfire:{sender}:alerts"));
    element(&mut out, 1, "title", "Alerts of watchfire");
    element(&mut out, 1, "updated", &format!("{updated:.0}"));
    let _ = writeln!(out, "  <author><name>{}</name></author>", escape(allowed(sender).as_str()));
    let _ = writeln!(
        out,
        "  <generator version=\"{0}\">watchfire</generator>",
        env!("CARGO_PKG_VERSION")
    );
    for message in &dispatch.recent {
        // The one in hand is told with all that is known of it.
        match message.id() == dispatch.message.id() {
            true => entry(&mut out, sender, dispatch, template),
            false => entry(&mut out, sender, &Dispatch::from(message.clone()), template),
        }
    }
    out.push_str("</feed>\n");
    out
}

fn entry(out: &mut String, sender: &str, dispatch: &Dispatch, template: &Template) {
    let message = &dispatch.message;
    let text = template.render(dispatch);
    out.push_str("  <entry>\n");
    element(out, 2, "id", &format!("urn:watchfire:{sender}:{}", message.id()));
    element(out, 2, "title", &text.title);
    element(out, 2, "published", &format!("{:.0}", message.sent()));
    element(out, 2, "updated", &format!("{:.0}", message.sent()));
    if let Some(link) = web_link(message) {
        let _ = writeln!(out, "    <link rel=\"alternate\" href=\"{}\"/>", escape(link.as_str()));
    }
    for term in terms(message) {
        let _ = writeln!(out, "    <category term=\"{}\"/>", escape(allowed(&term).as_str()));
    }
    element(out, 2, "summary", message.headline());
    element(out, 2, "content", &text.body);
    out.push_str("  </entry>\n");
}

/// What a reader may filter by: type, level, places, watch.
fn terms(message: &Message) -> Vec<String> {
    let value = super::log::value(message);
    let mut terms: Vec<String> = ["type", "level", "watch", "subject"]
        .iter()
        .filter_map(|key| value[*key].as_str().map(str::to_owned))
        .collect();
    if let Message::Attack(alert) = message {
        terms.extend(alert.places.iter().map(ToString::to_string));
    }
    terms
}

fn element(out: &mut String, depth: usize, tag: &str, text: &str) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}<{tag}>{}</{tag}>", escape(allowed(text).as_str()));
}
