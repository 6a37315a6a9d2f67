//! Lists of words, and the question whether a word is in one. The rules of reading
//! ask it thousands of times an article, mostly to hear no.

/// What a word looks like, in a few bytes: most words are told from a listed one by it
/// alone, before their letters are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// One of 256 kinds, by the length and the first and last letter.
    kind: u8,
    len: u8,
    first: u8,
}

impl Look {
    /// The look of a word; that of the empty word is no listed word's.
    #[inline(always)]
    pub const fn of(word: &[u8]) -> Look {
        if word.is_empty() {
            return Look { kind: 0, len: 0, first: 0 };
        }
        let (first, last) = (word[0], word[word.len() - 1]);
        let len = if word.len() > 255 { 255 } else { word.len() as u8 };
        let kind = first.wrapping_mul(31) ^ last.wrapping_mul(7) ^ len.wrapping_mul(67);
        Look { kind, len, first }
    }

    /// Whether a word of this look can be the listed one.
    #[inline(always)]
    fn fits(self, listed: &str) -> bool {
        let listed = listed.as_bytes();
        self.len as usize == listed.len() && listed.first() == Some(&self.first)
    }
}

/// A list of words in lower case, none longer than 254 bytes.
pub trait Words {
    /// Whether the list has the word, which has this look.
    fn hold<'w>(&self, look: Look, word: impl Fn() -> &'w [u8]) -> bool;
}

impl Words for [&str] {
    #[inline]
    fn hold<'w>(&self, look: Look, word: impl Fn() -> &'w [u8]) -> bool {
        self.iter().any(|w| look.fits(w) && w.as_bytes() == word())
    }
}

/// A short list written where it is asked is compared without a call.
impl<const N: usize> Words for [&str; N] {
    #[inline(always)]
    fn hold<'w>(&self, look: Look, word: impl Fn() -> &'w [u8]) -> bool {
        self.iter().any(|w| look.fits(w) && w.as_bytes() == word())
    }
}

/// A long list, with a filter before it that most words do not pass.
#[derive(Debug)]
pub struct Lot {
    words: &'static [&'static str],
    /// One bit for each kind of look.
    filter: [u64; 4],
}

/// A list of many words, none empty.
pub const fn lot(words: &'static [&'static str]) -> Lot {
    let mut filter = [0; 4];
    let mut at = 0;
    while at < words.len() {
        let kind = Look::of(words[at].as_bytes()).kind as usize;
        filter[kind / 64] |= 1 << (kind % 64);
        at += 1;
    }
    Lot { words, filter }
}

impl Lot {
    /// The words, in their order.
    pub fn words(&self) -> &'static [&'static str] {
        self.words
    }

    /// Whether the list has the word.
    pub fn has(&self, word: &str) -> bool {
        self.hold(Look::of(word.as_bytes()), || word.as_bytes())
    }
}

impl Words for Lot {
    #[inline]
    fn hold<'w>(&self, look: Look, word: impl Fn() -> &'w [u8]) -> bool {
        let kind = usize::from(look.kind);
        self.filter[kind / 64] & 1 << (kind % 64) != 0 && self.words.hold(look, word)
    }
}

/// Several lists asked as one: what is in any of them.
#[derive(Debug)]
pub struct AnyOf {
    lots: &'static [&'static Lot],
    /// As a lot's, over all of them.
    filter: [u64; 4],
}

/// The union of lists, which stay the only place where their words are written.
pub const fn any_of(lots: &'static [&'static Lot]) -> AnyOf {
    let mut filter = [0; 4];
    let mut at = 0;
    while at < lots.len() {
        let mut part = 0;
        while part < filter.len() {
            filter[part] |= lots[at].filter[part];
            part += 1;
        }
        at += 1;
    }
    AnyOf { lots, filter }
}

impl Words for AnyOf {
    #[inline]
    fn hold<'w>(&self, look: Look, word: impl Fn() -> &'w [u8]) -> bool {
        let kind = usize::from(look.kind);
        let may = self.filter[kind / 64] & 1 << (kind % 64) != 0;
        may && self.lots.iter().any(|lot| lot.hold(look, &word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_its_words_and_no_others() {
        const LOT: Lot = lot(&["province", "town", "’s", "a", "towns"]);
        for word in ["province", "town", "’s", "a", "towns"] {
            assert!(LOT.has(word), "{word}");
            assert!(LOT.words().hold(Look::of(word.as_bytes()), || word.as_bytes()), "{word}");
        }
        const BOTH: AnyOf = any_of(&[&LOT, &OTHER]);
        const OTHER: Lot = lot(&["camp"]);
        let in_both = |word: &str| BOTH.hold(Look::of(word.as_bytes()), || word.as_bytes());
        assert!(in_both("camp") && in_both("towns") && !in_both("camps"));
        for word in ["", "provinces", "own", "to", "twon", "b", "'s"] {
            assert!(!LOT.has(word), "{word}");
        }
    }
}
