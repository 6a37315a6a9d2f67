//! What a source carried lately: by it is known whether an answer is the source's own,
//! and whether it brings anything new.

use std::borrow::Cow;
use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a source carried lately, bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    /// The feed's title, when it last had one.
    pub title: Option<String>,
    /// The alias keys of recent items, the newest last.
    keys: Keys,
    /// The date of the newest item that any mirror has shown.
    pub newest: Option<Timestamp>,
}

/// Alias keys, a line each: with every poll all of them are copied and written, and
/// only where a document came are they looked into.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Keys(String);

impl History {
    /// Keys kept of a source; a busy feed of 200 items is held more than once over.
    pub const CAPACITY: usize = 1_000;

    /// Whether nothing is known yet.
    pub fn is_empty(&self) -> bool {
        self.keys.0.is_empty()
    }

    /// Which of the items, each with its alias keys, were met lately.
    pub fn met<'h>(&'h self, items: &'h [Vec<String>]) -> impl Iterator<Item = bool> + 'h {
        let known: HashSet<&str> = self.keys.0.lines().collect();
        items.iter().map(move |keys| keys.iter().any(|key| known.contains(&*line(key))))
    }

    /// Remembers what an accepted answer carried.
    pub fn remember<'a>(&mut self, title: Option<&str>, keys: impl Iterator<Item = &'a str>) {
        if let Some(title) = title.filter(|title| !title.is_empty()) {
            self.title = Some(title.to_owned());
        }
        let fresh: Vec<Cow<'a, str>> = keys.take(Self::CAPACITY).map(line).collect();
        let again: HashSet<&str> = fresh.iter().map(|key| &**key).collect();
        let known = self.keys.0.lines().filter(|key| !again.contains(key));
        let all: Vec<&str> = known.chain(fresh.iter().map(|key| &**key)).collect();
        let kept = &all[all.len().saturating_sub(Self::CAPACITY)..];
        self.keys = Keys(kept.iter().flat_map(|key| [key, "\n"]).collect());
    }
}

/// The key without line ends, which a publisher's id may have.
fn line(key: &str) -> Cow<'_, str> {
    match key.contains(['\n', '\r']) {
        true => Cow::Owned(key.replace(['\n', '\r'], " ")),
        false => Cow::Borrowed(key),
    }
}

#[cfg(test)]
mod tests {
    use super::History;

    fn met(history: &History, key: &str) -> bool {
        history.met(&[vec!["none".to_owned(), key.to_owned()]]).any(|met| met)
    }

    #[test]
    fn history_is_bounded_and_keeps_the_newest() {
        let mut history = History::default();
        assert!(history.is_empty());
        let many: Vec<String> = (0..3_000).map(|n| n.to_string()).collect();
        for chunk in many.chunks(100) {
            history.remember(Some("T"), chunk.iter().map(String::as_str));
        }
        history.remember(None, ["2999"].into_iter());
        assert_eq!(history.keys.0.lines().count(), History::CAPACITY);
        assert_eq!(history.keys.0.lines().last().unwrap(), "2999");
        assert_eq!(history.title.as_deref(), Some("T"));
        assert!(met(&history, "2000") && !met(&history, "1999") && !met(&history, ""));
    }

    #[test]
    fn a_key_of_several_lines_is_one_key() {
        let mut history = History::default();
        history.remember(None, ["guid:a\nb", "guid:c"].into_iter());
        assert!(met(&history, "guid:a\nb") && !met(&history, "b"));
        history.remember(None, ["guid:a\nb"].into_iter());
        assert_eq!(history.keys.0, "guid:c\nguid:a b\n");
    }
}
