//! The texts of the last days that others may be copies of, found by their prints.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use crate::article::print::Print;
use crate::correlate::event::ArticleId;

/// From this likeness on, two texts are one and its copy. Measured on the texts of
/// `tests/copies/texts.jsonl`: rewrites have 0.49 and more, other texts of one
/// agency's form 0.34 and less.
pub const COPY: f64 = 0.42;

/// A text that comes out again after a week is another: a form that was filled in
/// anew, an anniversary.
const FRESH: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Texts that are looked at for one; the forms that share more say nothing.
const MOST: usize = 32;

/// Texts with words of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copies {
    originals: HashMap<ArticleId, Original>,
    by_mark: HashMap<u64, Vec<ArticleId>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Original {
    print: Print,
    out: Timestamp,
}

impl Copies {
    /// Takes in a text that is nobody's copy; `out` is when it came out.
    pub fn insert(&mut self, id: ArticleId, print: Print, out: Timestamp) {
        for mark in print.marks() {
            let sharing = self.by_mark.entry(mark).or_default();
            if sharing.len() < MOST && !sharing.contains(&id) {
                sharing.push(id.clone());
            }
        }
        self.originals.insert(id, Original { print, out });
    }

    /// Whether the text is among them.
    pub fn holds(&self, id: &ArticleId) -> bool {
        self.originals.contains_key(id)
    }

    /// The text that is most like the one that came out at `out`, with the likeness
    /// in thousandths.
    pub fn original(&self, print: &Print, out: Timestamp) -> Option<(u32, &ArticleId)> {
        let sharing: BTreeSet<&ArticleId> =
            print.marks().filter_map(|mark| self.by_mark.get(&mark)).flatten().collect();
        let alike = sharing.into_iter().take(MOST).filter_map(|id| {
            let original = self.originals.get(id)?;
            let likeness = print.likeness(&original.print);
            let fresh = out.duration_since(original.out).abs() <= FRESH;
            (fresh && likeness >= COPY).then_some(((likeness * 1000.0) as u32, id))
        });
        alike.max()
    }
}
