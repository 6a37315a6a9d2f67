//! JSON Feed, and what is nearly one: numeric ids, no version, no title.

use serde_json::Value;

use crate::feed::item::Raw;
use crate::feed::{Dialect, Draft, MOST_ITEMS};
use crate::text::html::clean;

/// The items that are read, and how many there are; none where it is no feed.
pub(super) fn read(text: &str) -> Option<(Dialect, Draft, usize)> {
    let document: Value = serde_json::from_str(text.trim()).ok()?;
    let items = document.get("items")?.as_array()?;
    let version = document.get("version").and_then(Value::as_str).unwrap_or_default();
    let says_so = version.contains("jsonfeed");
    let looks_so = items.iter().any(|item| item.get("url").is_some() || item.get("id").is_some());
    if !says_so && !looks_so {
        return None;
    }
    let draft = Draft {
        title: document.get("title").map(|title| escaped(&written(Some(title)))),
        ttl: None,
        link: document.get("home_page_url").and_then(Value::as_str).map(str::to_owned),
        items: items.iter().take(MOST_ITEMS).map(raw).collect(),
    };
    Some((Dialect::of_json(version), draft, items.len()))
}

fn raw(item: &Value) -> Raw {
    let text = |name: &str| written(item.get(name));
    let first = |one: String, two: String| if one.is_empty() { two } else { one };
    Raw {
        guid: text("id"),
        link: first(text("url"), text("external_url")),
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
