//! Where items begin, also where the tag that begins one is damaged: its end tag
//! gives it away, or what is left of its name.

use crate::feed::MOST_ITEMS;
use crate::feed::outline::{is_nearly, local};

/// The borders of the items of a document, as far as its tags have been told.
#[derive(Debug, Default)]
pub(super) struct Borders {
    /// The bytes at which items begin, one more than are read.
    starts: Vec<usize>,
    /// How many there are.
    seen: usize,
    between: Between,
}

/// What stands between two items, should it turn out to be one itself.
#[derive(Debug, Default)]
struct Between {
    in_item: bool,
    start: Option<usize>,
    /// Where a tag begins that was meant to be an item's.
    misspelt: Option<usize>,
    titles: usize,
}

impl Borders {
    /// The opening tag of an item.
    pub fn item_opens(&mut self, at: usize, is_empty: bool) {
        if let Some(start) = self.between.misspelt {
            self.begin(start);
        }
        self.begin(at);
        self.between = Between { in_item: !is_empty, ..Between::default() };
    }

    /// The closing tag of an item. One without an opening tag is the end of an item all
    /// the same, where something stands before it.
    pub fn item_closes(&mut self) {
        let between = std::mem::take(&mut self.between);
        if let Some(start) = between.start.filter(|_| !between.in_item) {
            self.begin(start);
        }
    }

    /// Any other opening tag.
    pub fn other_opens(&mut self, name: &str, at: usize) {
        if self.between.in_item {
            return;
        }
        let bare = local(name).to_ascii_lowercase();
        let is_title = bare == "title";
        let is_misspelt = is_nearly_item(&bare);
        let between = &mut self.between;
        between.titles += usize::from(is_title);
        if is_misspelt {
            between.misspelt = Some(at);
        }
        let begins = match self.seen > 0 {
            true => between.start.is_none(),
            // In the head the second title is an item's; its picture has one too, but
            // the tag that was meant to be `<item>` is better evidence.
            false => is_misspelt || (between.titles == 2 && is_title),
        };
        if begins {
            between.start = Some(at);
        }
    }

    /// The bytes at which items begin, one more than are read, and how many there are.
    pub fn finish(mut self) -> (Vec<usize>, usize) {
        let has_title = self.between.titles > 0 && self.seen > 0;
        if let Some(start) = self.between.misspelt.filter(|_| has_title) {
            self.begin(start);
        }
        (self.starts, self.seen)
    }

    fn begin(&mut self, start: usize) {
        self.seen += 1;
        if self.starts.len() <= MOST_ITEMS {
            self.starts.push(start);
        }
    }
}

fn is_nearly_item(name: &str) -> bool {
    name != "items" && ["item", "entry"].iter().any(|item| is_nearly(name, item))
}
