//! How far a name of a place can go on, word by word: so that of the words of a
//! text only those runs are looked up that can be a name.

use std::collections::HashSet;

use super::index::Index;
use super::name::{self, Hash};
use super::translit;

/// A name as far as its words were given. Sometimes says that a name can end or go
/// on where none does, never the reverse.
pub struct Reach<'g> {
    index: &'static Index,
    own: &'g HashSet<String>,
    /// The name as written.
    whole: Way,
    /// The name without the Arabic article that it was given with.
    bare: Option<Way>,
    /// One of the operator's names begins like this.
    is_own: bool,
    /// How it sounds, where an Afghan name can sound like it.
    sound: Option<Vec<u8>>,
    words: usize,
}

impl<'g> Reach<'g> {
    pub(super) fn new(index: &'static Index, own: &'g HashSet<String>) -> Reach<'g> {
        let (whole, sound) = (Way::default(), Some(Vec::new()));
        Reach { index, own, whole, bare: None, is_own: false, sound, words: 0 }
    }

    /// Takes the next folded word; whether a name can end with it.
    pub fn ends_with(&mut self, folded_word: &str) -> bool {
        let word = &*name::latin(folded_word);
        self.words += 1;
        let whole = self.whole.ends_with(self.index, word);
        let bare = self.bare.as_mut().is_some_and(|way| way.ends_with(self.index, word));
        if self.words == 1 {
            self.is_own = self.own.contains(word);
            if name::is_article(word) {
                // With its article a name is not asked for by its sound.
                (self.bare, self.sound) = (Some(Way::default()), None);
            }
        }
        let said = self.sound.as_mut().map(|sound| translit::goes_on(sound, word));
        let (alike, all) = said.unwrap_or_default();
        self.sound = self.sound.take().filter(|_| alike);
        whole || bare || all || self.is_own
    }

    /// Whether a name can have more words.
    pub fn goes_on(&self) -> bool {
        let bare = self.bare.as_ref().is_some_and(|way| way.open);
        self.whole.open || bare || self.sound.is_some() || self.is_own
    }
}

/// One way to read the words, by the hash of those so far.
struct Way {
    hash: Hash,
    first: bool,
    open: bool,
}

impl Default for Way {
    fn default() -> Way {
        Way { hash: Hash::default(), first: true, open: true }
    }
}

impl Way {
    /// Whether this word may be the last.
    fn ends_with(&mut self, index: &'static Index, word: &str) -> bool {
        if !self.open {
            return false;
        }
        let whole = self.hash.and(word);
        let inner = if self.first { Some(word) } else { name::inner(word) };
        self.first = false;
        self.hash = inner.map_or(self.hash, |w| self.hash.and(w));
        self.open = index.goes_on(self.hash);
        index.has(whole)
    }
}
