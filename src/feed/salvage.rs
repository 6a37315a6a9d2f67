//! The last reader: each item on its own, whatever surrounds it. Every start tag
//! gives one draft; whether it holds anything is checked later.

use std::time::Duration;

use crate::feed::Draft;
use crate::feed::elements::{self, Field};
use crate::feed::item::Raw;
use crate::feed::outline::{Shape, local};

pub(super) fn read(text: &str, shape: &Shape) -> Draft {
    let end = shape.end(text);
    let first = shape.starts.first().copied().unwrap_or(end);
    let head = &text[shape.begins..first];
    let mut ends = shape.starts.iter().skip(1).copied().chain([end]);
    let starts = shape.starts.iter().take(crate::feed::MOST_ITEMS);
    let items = starts.map(|start| raw(&text[*start..ends.next().unwrap_or(end)])).collect();
    let minutes =
        elements::first(head, "ttl").and_then(|field| field.content().trim().parse::<u32>().ok());
    Draft {
        title: elements::first(head, "title").map(|field| field.content()),
        ttl: minutes.map(|minutes| Duration::from_secs(60 * u64::from(minutes))),
        items,
    }
}

fn raw(source: &str) -> Raw {
    let mut raw = Raw::default();
    for field in elements::children(source) {
        take(&mut raw, &field);
    }
    raw
}

/// Files a child under what it tells; the first of its kind wins.
fn take(raw: &mut Raw, field: &Field<'_>) {
    let name = field.name.to_ascii_lowercase();
    let place = match name.as_str() {
        // Pictures and podcasts have titles and texts of their own.
        name if name.starts_with("media:") || name.starts_with("itunes:") => return,
        "content:encoded" => &mut raw.content,
        "link" | "rss:link" | "atom:link" => return take_link(raw, field),
        _ => match local(&name) {
            "title" => &mut raw.title,
            "description" | "summary" => &mut raw.summary,
            "content" | "encoded" | "body" => &mut raw.content,
            "guid" | "id" => &mut raw.guid,
            "pubdate" | "published" | "issued" | "date" => &mut raw.published,
            "updated" | "modified" | "created" if raw.published.is_empty() => &mut raw.published,
            _ => return,
        },
    };
    if place.is_empty() {
        *place = field.content();
    }
}

fn take_link(raw: &mut Raw, field: &Field<'_>) {
    if field.attribute("rel").is_some_and(|rel| rel != "alternate") || !raw.link.is_empty() {
        return;
    }
    raw.link = field.attribute("href").unwrap_or_else(|| field.content());
}
