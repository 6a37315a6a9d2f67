//! When two writings of a place's name are the same name, beyond folding:
//! linking words and Arabic articles vary from one outlet to the next.

use std::borrow::Cow;

/// One spelling of a row, with what its marks say. `*` marks a spelling that is
/// also an ordinary word or a person's name, `~` an adjective, `^` one that
/// counts only in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelling<'a> {
    pub text: &'a str,
    pub common: bool,
    pub adjective: bool,
    pub capitals: bool,
}

impl<'a> Spelling<'a> {
    pub fn parse(marked: &'a str) -> Spelling<'a> {
        let text = marked.trim_start_matches(['*', '~', '^']);
        let marks = &marked[..marked.len() - text.len()];
        Spelling {
            text,
            common: marks.contains('*'),
            adjective: marks.contains('~'),
            capitals: marks.contains('^'),
        }
    }
}

/// A folded name with the letters that have no accent to drop written as the
/// data writes them: "diyarbakır" as "diyarbakir".
pub fn latin(folded: &str) -> Cow<'_, str> {
    if folded.is_ascii() {
        return Cow::Borrowed(folded);
    }
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        match c {
            'ı' => out.push('i'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ø' => out.push('o'),
            'ə' => out.push('a'),
            'æ' => out.push_str("ae"),
            'þ' => out.push_str("th"),
            'ß' => out.push_str("ss"),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// The words by which a folded name is compared: the first and the last as they
/// are, those between by what `inner` makes of them.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    let last = folded.split(' ').count() - 1;
    folded.split(' ').enumerate().filter_map(move |(at, word)| {
        let inside = at != 0 && at != last;
        if inside { inner(word) } else { Some(word) }
    })
}

/// A word inside a name: the Persian link ("mazar e sharif", "mazar i sharif") is
/// left out and every form of the Arabic article is one ("deir ez zor", "deir al zor").
pub fn inner(word: &str) -> Option<&str> {
    match word {
        "e" | "i" | "ye" => None,
        _ if is_article(word) => Some("al"),
        _ => Some(word),
    }
}

/// The words of a name in one string, to key a map by.
pub fn key(folded: &str) -> String {
    words(folded).collect::<Vec<_>>().join(" ")
}

/// A hash of the words: equal for all writings of one name.
pub fn hash(folded: &str) -> u32 {
    words(folded).fold(Hash::default(), Hash::and).value()
}

/// The hash of a name as far as its words were given.
#[derive(Debug, Clone, Copy)]
pub struct Hash(u64);

impl Default for Hash {
    fn default() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    const PRIME: u64 = 0x0000_0100_0000_01b3;

    /// The hash with one word more.
    pub fn and(self, word: &str) -> Hash {
        let letters = word.bytes().chain([b' ']);
        Hash(letters.fold(self.0, |hash, b| (hash ^ u64::from(b)).wrapping_mul(Hash::PRIME)))
    }

    pub fn value(self) -> u32 {
        // The last bytes reach only the low half of the product: mix them upwards.
        let hash = self.0 ^ self.0 >> 29;
        (hash.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32
    }
}

/// Whether a folded word is the Arabic article in one of its assimilated forms.
pub fn is_article(word: &str) -> bool {
    matches!(
        word,
        "al" | "el"
            | "ul"
            | "ad"
            | "an"
            | "ar"
            | "as"
            | "ash"
            | "at"
            | "az"
            | "ed"
            | "en"
            | "er"
            | "es"
            | "esh"
            | "et"
            | "ez"
    )
}

/// The folded name after its leading article, where it has one.
pub fn without_article(folded: &str) -> Option<&str> {
    let (first, rest) = folded.split_once(' ')?;
    is_article(first).then_some(rest)
}
