//! JSON Feed, and what is nearly one: numeric ids, no version, no title. A document
//! that is no JSON is read item by item, as far as each is some.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::feed::capped::Capped;
use crate::feed::item::Raw;
use crate::feed::{Dialect, Draft, MOST_ITEMS, Stage};
use crate::text::html::clean;

/// A document as it was read.
pub(super) struct Read {
    pub dialect: Dialect,
    pub stage: Stage,
    pub draft: Draft,
    /// Items in the whole document.
    pub seen: usize,
}

#[derive(Debug, Deserialize)]
struct Document {
    #[serde(default)]
    version: Value,
    #[serde(default)]
    title: Value,
    #[serde(default)]
    home_page_url: Value,
    items: Capped<Value, MOST_ITEMS>,
}

/// The items of a document; none where it is no feed.
pub(super) fn read(text: &str) -> Option<Read> {
    let text = text.trim();
    match serde_json::from_str::<Document>(text) {
        Ok(document) => sound(&document),
        Err(_) => salvaged(text),
    }
}

fn sound(document: &Document) -> Option<Read> {
    let version = document.version.as_str().unwrap_or_default();
    let items = &document.items.kept;
    let looks_so = items.iter().any(|item| item.get("url").is_some() || item.get("id").is_some());
    if !version.contains("jsonfeed") && !looks_so {
        return None;
    }
    let draft = Draft {
        title: Some(escaped(&written(Some(&document.title)))).filter(|title| !title.is_empty()),
        panics: 0,
        link: document.home_page_url.as_str().map(str::to_owned),
        items: items.iter().map(raw).collect(),
    };
    let dialect = Dialect::of_json(version);
    Some(Read { dialect, stage: Stage::Clean, draft, seen: document.items.seen })
}

/// The items of a document that is damaged or cut, each up to where the next begins.
/// One that is no JSON by itself gives the strings that it still holds.
fn salvaged(text: &str) -> Option<Read> {
    // Without its key the array is looked for behind the document's own brace.
    let whole = || text.contains("jsonfeed.org/version").then_some(text.len().min(1));
    let items = text.find("\"items\"").or_else(whole)?;
    let starts = starts(text, items);
    if starts.is_empty() {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let pieces = starts.iter().zip(ends).take(MOST_ITEMS);
    let head = &text[..starts[0]];
    let draft = Draft {
        title: Some(string_of(head, "title")).filter(|title| !title.is_empty()),
        panics: 0,
        link: Some(string_of(head, "home_page_url")).filter(|link| !link.is_empty()),
        items: pieces.map(|(start, end)| piece(&text[*start..end])).collect(),
    };
    let dialect = Dialect::of_json(&string_of(text, "version"));
    Some(Read { dialect, stage: Stage::Salvaged, draft, seen: starts.len() })
}

/// Where items begin: objects with a key of their own that only items have. The
/// authors and pictures of an item are objects too.
fn starts(text: &str, from: usize) -> Vec<usize> {
    let mut starts = Vec::new();
    // Hostile nesting is looked into only so often.
    let mut budget = 8 * text.len() + 64 * 1024;
    // Up to here all is accounted for, where that can be told.
    let mut past = Some(from);
    let mut at = from;
    let tells = |text: &str| TELLING.iter().any(|key| text.contains(&format!("\"{key}\"")));
    while let Some(next) = text[at..].find('{').map(|found| at + found) {
        at = next + 1;
        let look = look(&text[next..], budget);
        budget = budget.saturating_sub(look.looked);
        if look.is_item {
            // An item whose opening is lost has left its keys here.
            starts.extend(past.filter(|past| tells(&text[*past..next])));
            past = None;
            starts.push(next);
            // Damage inside of it would give a false end.
            let whole = look.end.map(|end| &text[next..next + end]);
            if whole.is_some_and(|whole| serde_json::from_str::<IgnoredAny>(whole).is_ok()) {
                at = next + look.looked;
                past = Some(at);
            }
        }
    }
    starts.extend(past.filter(|past| tells(&text[*past..])));
    starts
}

/// Keys that only items have.
const TELLING: [&str; 4] = ["id", "content_html", "content_text", "date_published"];

/// What a look into an object finds.
struct Look {
    is_item: bool,
    /// Its length, where it is closed.
    end: Option<usize>,
    /// Bytes that were looked at.
    looked: usize,
}

/// Reads the keys of the object at the start of a text, as far as they can be.
fn look(text: &str, budget: usize) -> Look {
    const DEEPEST: usize = 64;
    let bytes = text.as_bytes();
    let mut look = Look { is_item: false, end: None, looked: 0 };
    let mut open = Vec::new();
    let mut at = 0;
    while at < bytes.len().min(budget) {
        match bytes[at] {
            b'{' | b'[' if open.len() == DEEPEST => break,
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            // One that closes something else has lost its opening.
            close if open.last() == Some(&close) => {
                open.pop();
                if open.is_empty() {
                    at += 1;
                    look.end = Some(at);
                    break;
                }
            }
            b'"' => {
                let end = string_end(&bytes[at + 1..]);
                let is_key =
                    bytes[at + 1 + end..].iter().skip(1).find(|b| !b.is_ascii_whitespace())
                        == Some(&b':');
                let word = text.get(at + 1..at + 1 + end).unwrap_or_default();
                if is_key && open.len() > 1 && open.last() == Some(&b']') {
                    // An array holds no keys: its bracket is damage.
                    open.pop();
                }
                look.is_item |= open.len() == 1 && is_key && TELLING.contains(&word);
                at += end + 1;
            }
            _ => {}
        }
        at += 1;
    }
    look.looked = at;
    look
}

/// The length of a string up to its closing quote, or to the end of the line.
fn string_end(bytes: &[u8]) -> usize {
    let mut is_escaped = false;
    let end = bytes.iter().position(|byte| {
        let ends = *byte == b'\n' || (*byte == b'"' && !is_escaped);
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    });
    end.unwrap_or(bytes.len())
}

fn piece(text: &str) -> Raw {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    if let Some(Ok(item @ Value::Object(_))) = values.next() {
        return raw(&item);
    }
    let text = |name: &str| string_of(text, name);
    let fields =
        ["id", "url", "title", "summary", "content_html", "content_text", "date_published"];
    let [guid, link, title, summary, html, plain, published] = fields.map(text);
    let content = if html.is_empty() { escaped(&plain) } else { html };
    let (title, summary) = (escaped(&title), escaped(&summary));
    Raw { guid, link, title, summary, content, published, says_something: true, ..Raw::default() }
}

/// The string that stands behind a key, wherever that is.
fn string_of(text: &str, key: &str) -> String {
    let key = format!("\"{key}\"");
    let value = text.find(&key).map(|at| text[at + key.len()..].trim_start());
    let value = value.and_then(|rest| rest.strip_prefix(':')).map(str::trim_start);
    let Some(value) = value.filter(|value| value.starts_with('"')) else { return String::new() };
    let inner = &value[1..=string_end(&value.as_bytes()[1..])];
    let whole = serde_json::from_str::<String>(&format!("\"{inner}\""));
    clean(&whole.unwrap_or_else(|_| inner.replace("\\\"", "\"")))
}

fn raw(item: &Value) -> Raw {
    let text = |name: &str| written(item.get(name));
    let first = |one: String, two: String| if one.is_empty() { two } else { one };
    let attachment = || written(item.pointer("/attachments/0/url"));
    Raw {
        guid: text("id"),
        link: first(first(text("url"), text("external_url")), attachment()),
        title: escaped(&text("title")),
        summary: escaped(&text("summary")),
        content: first(text("content_html"), escaped(&text("content_text"))),
        published: first(text("date_published"), text("date_modified")),
        says_something: item.as_object().is_some_and(|fields| !fields.is_empty()),
        ..Raw::default()
    }
}

fn written(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => clean(text),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Plain text as HTML, which is what the later steps expect.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
