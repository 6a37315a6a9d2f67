//! Lists of words, and the question whether a word is in one. The rules of reading
//! ask it thousands of times an article, mostly to hear no.

/// A list of words in lower case.
pub trait Words {
    /// Whether the list has the word.
    fn hold(&self, word: &[u8]) -> bool;
}

impl Words for [&str] {
    #[inline]
    fn hold(&self, word: &[u8]) -> bool {
        self.iter().any(|w| is_same(w.as_bytes(), word))
    }
}

/// A short list written where it is asked is compared without a call.
impl<const N: usize> Words for [&str; N] {
    #[inline(always)]
    fn hold(&self, word: &[u8]) -> bool {
        self.iter().any(|w| is_same(w.as_bytes(), word))
    }
}

/// A long list, with a filter before it that most words do not pass.
#[derive(Debug)]
pub struct Lot {
    words: &'static [&'static str],
    /// One bit for each trait of a word.
    filter: [u64; 4],
}

/// A list of many words, none empty.
pub const fn lot(words: &'static [&'static str]) -> Lot {
    let mut filter = [0; 4];
    let mut at = 0;
    while at < words.len() {
        let bit = shape(words[at].as_bytes());
        filter[bit / 64] |= 1 << (bit % 64);
        at += 1;
    }
    Lot { words, filter }
}

impl Lot {
    /// The words, in their order.
    pub fn words(&self) -> &'static [&'static str] {
        self.words
    }
}

impl Words for Lot {
    #[inline]
    fn hold(&self, word: &[u8]) -> bool {
        if word.is_empty() {
            return false;
        }
        let bit = shape(word);
        self.filter[bit / 64] & 1 << (bit % 64) != 0 && self.words.hold(word)
    }
}

/// What a word is like by its length, its first and its last letter: 0 to 255.
#[inline(always)]
const fn shape(word: &[u8]) -> usize {
    let (first, last) = (word[0] as usize, word[word.len() - 1] as usize);
    (first.wrapping_mul(31) ^ last.wrapping_mul(7) ^ word.len().wrapping_mul(67)) & 255
}

/// Equality that looks at the first letter before it calls for the rest.
#[inline(always)]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.first() == b.first() && a == b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_its_words_and_no_others() {
        const LOT: Lot = lot(&["province", "town", "’s", "a", "towns"]);
        for word in ["province", "town", "’s", "a", "towns"] {
            assert!(LOT.hold(word.as_bytes()), "{word}");
            assert!(LOT.words().hold(word.as_bytes()), "{word}");
        }
        for word in ["", "provinces", "own", "to", "twon", "b", "'s"] {
            assert!(!LOT.hold(word.as_bytes()), "{word}");
            assert!(!LOT.words().hold(word.as_bytes()), "{word}");
        }
    }
}
