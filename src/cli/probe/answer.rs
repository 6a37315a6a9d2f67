//! What a document gives, as `probe` shows it: the contract for programs, and a
//! table for people.

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::cli::look::{BAD, FAINT, GOOD, HEADING, Look, one_line};
use crate::cli::table::{Cell, Table};
use crate::cli::words;
use crate::feed::{Dialect, Doubt, Feed, Item, Reason, Stage};

/// One document. Every key is always there; the README explains them.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    pub path: String,
    pub format: Option<Dialect>,
    pub stage: Option<Stage>,
    pub encoding: Option<&'static str>,
    pub title: Option<String>,
    /// Item start tags met: stored, rejected and beyond the cap together.
    pub seen: usize,
    pub items: Vec<Shown>,
    pub rejected: Vec<Refused>,
    /// Items past the number that is read of one document.
    pub over_cap: usize,
    pub doubts: Vec<Doubted>,
    /// Times that a reader panicked on it and was caught.
    pub panics: u32,
    pub error: Option<String>,
}

/// What an address gave.
#[derive(Debug, Default, Serialize)]
pub(super) struct Visit {
    pub url: String,
    /// The addresses that were asked for the feed, in order.
    pub tried: Vec<Try>,
    /// The feed that was found.
    pub answer: Option<Answer>,
    /// The other places that were said to serve it.
    pub mirrors: Vec<Try>,
    /// TOML, ready for the configuration.
    pub source: Option<String>,
}

/// One address that was asked.
#[derive(Debug, Serialize)]
pub(super) struct Try {
    pub url: String,
    /// Items of the feed there.
    pub items: Option<usize>,
    /// Of a mirror: items that the feed has as well.
    pub shared: Option<usize>,
    /// When the newest of them came out.
    pub newest: Option<Timestamp>,
    pub error: Option<String>,
}

impl Try {
    pub fn of(url: &Url, feed: &Result<Feed, String>) -> Try {
        let read = feed.as_ref().ok();
        Try {
            url: url.to_string(),
            items: read.map(|feed| feed.items.len()),
            shared: None,
            newest: read.and_then(|feed| feed.items.iter().filter_map(|item| item.published).max()),
            error: feed.as_ref().err().cloned(),
        }
    }

    /// Whether a mirror serves the feed: some of its items are the feed's own.
    pub fn is_good(&self) -> bool {
        self.shared.is_some_and(|shared| shared > 0)
    }
}

impl Visit {
    pub fn render(&self, look: Look) -> String {
        let mut out = String::new();
        if self.answer.is_none() || self.tried.len() > 1 {
            out += &format!(
                "{}
",
                tries(&["address", "items", "", "newest", "fault"], &self.tried, look)
            );
        }
        let Some(answer) = &self.answer else {
            return out + &look.paint(BAD, "no feed was found") + "\n";
        };
        out += &answer.table(look);
        if !self.mirrors.is_empty() {
            let heads = ["mirror", "items", "shared", "newest", "fault"];
            out += &format!("\n{}", tries(&heads, &self.mirrors, look));
        }
        if let Some(source) = &self.source {
            out += &format!("\n{source}");
        }
        out
    }
}

fn tries(heads: &[&'static str], tries: &[Try], look: Look) -> String {
    let number = |number: Option<usize>| number.map(|n| n.to_string()).unwrap_or_default();
    let mut table = Table::new(heads);
    for one in tries {
        let foreign = (one.shared == Some(0)).then(|| "another feed: no item is shared".to_owned());
        let fault = one.error.as_deref().map(one_line).or(foreign).unwrap_or_default();
        table.row(vec![
            one_line(&one.url).into(),
            number(one.items).into(),
            number(one.shared).into(),
            one.newest.map(words::instant).unwrap_or_default().into(),
            Cell::styled(BAD, fault),
        ]);
    }
    table.render(look)
}

/// An item as it would be stored.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    pub id: Option<String>,
    pub link: Option<String>,
    pub title: String,
    pub date: Option<Timestamp>,
    /// Characters of its plain text.
    pub content_length: usize,
}

/// An item that would not be stored.
#[derive(Debug, Serialize)]
pub(super) struct Refused {
    pub index: usize,
    pub reason: Reason,
}

/// What of an item is not believed or left out.
#[derive(Debug, Serialize)]
pub(super) struct Doubted {
    /// Its place in `items`.
    pub item: usize,
    pub doubt: Doubt,
}

impl Answer {
    pub fn of_feed(path: String, feed: Feed) -> Answer {
        let doubts = feed.items.iter().enumerate().flat_map(|(item, read)| {
            read.doubts.iter().map(move |doubt| Doubted { item, doubt: *doubt })
        });
        let rejected = feed.rejected.iter();
        Answer {
            path,
            format: Some(feed.dialect),
            stage: Some(feed.stage),
            encoding: Some(feed.encoding),
            doubts: doubts.collect(),
            title: feed.title,
            seen: feed.seen,
            items: feed.items.into_iter().map(shown).collect(),
            rejected: rejected
                .map(|one| Refused { index: one.index, reason: one.reason })
                .collect(),
            over_cap: feed.over_cap,
            panics: feed.panics,
            error: None,
        }
    }

    pub fn of_error(path: String, error: String) -> Answer {
        Answer {
            path,
            format: None,
            stage: None,
            encoding: None,
            title: None,
            seen: 0,
            items: Vec::new(),
            rejected: Vec::new(),
            over_cap: 0,
            doubts: Vec::new(),
            panics: 0,
            error: Some(error),
        }
    }

    pub fn table(&self, look: Look) -> String {
        if let Some(error) = &self.error {
            return format!("{}\n", look.paint(BAD, one_line(error)));
        }
        let mut out = self.head(look);
        if !self.items.is_empty() {
            let mut table = Table::new(&["date", "title", "text", "link or id", "doubts"]);
            for (at, item) in self.items.iter().enumerate() {
                table.row(self.row(at, item));
            }
            out += "\n";
            out += &table.render(look);
        }
        for refused in &self.rejected {
            let reason = format!("item {} is not kept: {}", refused.index, refused.reason.words());
            out += &format!("{}\n", look.paint(BAD, reason));
        }
        out
    }

    fn head(&self, look: Look) -> String {
        let title = self.title.as_deref().map(one_line).unwrap_or_default();
        let title = if title.is_empty() { "(no title)".to_owned() } else { title };
        let name = |value: serde_json::Result<serde_json::Value>| {
            value.ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
        };
        let format = name(serde_json::to_value(self.format));
        let stage = name(serde_json::to_value(self.stage));
        let counts = format!(
            "{format}, {stage}, {}: {} items, {} not kept, {} beyond the cap",
            self.encoding.unwrap_or_default(),
            self.items.len(),
            self.rejected.len(),
            self.over_cap
        );
        let style = if self.rejected.is_empty() { GOOD } else { FAINT };
        format!("{}\n{}\n", look.paint(HEADING, title), look.paint(style, counts))
    }

    fn row(&self, at: usize, item: &Shown) -> Vec<Cell> {
        let doubts = self.doubts.iter().filter(|doubted| doubted.item == at);
        let doubts: Vec<&str> = doubts.map(|doubted| doubted.doubt.words()).collect();
        let name = item.link.as_deref().or(item.id.as_deref()).unwrap_or_default();
        vec![
            item.date.map(words::instant).unwrap_or_default().into(),
            one_line(&item.title).into(),
            item.content_length.to_string().into(),
            Cell::styled(FAINT, one_line(name)),
            doubts.join("\n").into(),
        ]
    }
}

fn shown(item: Item) -> Shown {
    Shown {
        content_length: item.text().chars().count(),
        id: item.guid,
        link: item.link,
        title: item.title,
        date: item.published,
    }
}
