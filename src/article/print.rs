//! The fingerprint of a text, which copies and light rewrites of it share: 128
//! MinHash values over its word pairs, and the words it opens with, for
//! excerpts. The same on every machine and in every version; which article is
//! whose copy is decided elsewhere.

use super::Article;
use super::zones::{Zone, paragraphs};
use crate::text::fold::fold;

/// Values of a signature: the estimate is off by less than 0.09 nineteen times in twenty.
const VALUES: usize = 128;

/// Values in a band: two texts that share half of their pairs share one of the
/// 32 bands with a probability of 87 %, two that share a fifth with 5 %.
const ROWS: usize = 4;

/// Words in a shingle.
const SHINGLE: usize = 2;

/// Texts of fewer words say too little to be told apart by their words.
const SHORTEST: usize = 16;

/// Words after the dateline that an excerpt still has.
const OPENING: usize = 14;

/// What tells the permutations apart.
const PERMUTATIONS: [u64; VALUES] = {
    let mut permutations = [0; VALUES];
    let mut at = 0;
    while at < VALUES {
        permutations[at] = mix(at as u64 + 1);
        at += 1;
    }
    permutations
};

/// The fingerprint of one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// The least hash of all shingles under each of the permutations.
    values: [u32; VALUES],
    opening: u64,
}

impl Print {
    /// Of the story alone, title and what stands around it left out, numbers all
    /// alike: an agency's next version is still its story. `None` where it is too
    /// short.
    pub fn of(article: &Article) -> Option<Print> {
        let document = article.document();
        let story = paragraphs(article, &document).into_iter().filter(|p| p.zone == Zone::Body);
        let mut words = Vec::new();
        for (at, paragraph) in story.enumerate() {
            let text = &document[paragraph.range];
            let text = if at == 0 { without_dateline(text) } else { text };
            words.extend(fold(text).split(' ').map(word));
        }
        (words.len() >= SHORTEST).then(|| Print::of_words(&words))
    }

    fn of_words(words: &[u64]) -> Print {
        let mut values = [u32::MAX; VALUES];
        let hash = |shingle: &[u64]| shingle.iter().fold(0, |sum: u64, word| mix(sum ^ word));
        let mut shingles: Vec<u64> = words.windows(SHINGLE).map(hash).collect();
        // What is said again says nothing new, and each costs a mix for every value.
        shingles.sort_unstable();
        shingles.dedup();
        for hash in shingles {
            for (value, permutation) in values.iter_mut().zip(&PERMUTATIONS) {
                *value = (*value).min((mix(hash ^ permutation) >> 32) as u32);
            }
        }
        let opening = words.iter().take(OPENING).fold(1, |sum: u64, word| mix(sum ^ word));
        Print { values, opening }
    }

    /// Estimated share of word pairs that the two texts have in common, 0 to 1;
    /// 1 where one opens word for word as the other, as an excerpt does.
    pub fn likeness(&self, other: &Print) -> f64 {
        if self.opening == other.opening {
            return 1.0;
        }
        let equal = self.values.iter().zip(&other.values).filter(|(a, b)| a == b).count();
        equal as f64 / VALUES as f64
    }

    /// Texts that are alike share one of these, nearly surely; few others do.
    pub fn marks(&self) -> impl Iterator<Item = u64> {
        let bands = self.values.chunks_exact(ROWS).zip(2u64..);
        let bands =
            bands.map(|(rows, band)| rows.iter().fold(band, |sum, v| mix(sum ^ u64::from(*v))));
        std::iter::once(self.opening).chain(bands)
    }

    /// The fingerprint in 520 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let values = self.values.iter().flat_map(|value| value.to_le_bytes());
        values.chain(self.opening.to_le_bytes()).collect()
    }

    /// Reads what `to_bytes` wrote.
    pub fn from_bytes(bytes: &[u8]) -> Option<Print> {
        let (values, opening) = bytes.split_at_checked(VALUES * 4)?;
        let mut print =
            Print { values: [0; VALUES], opening: u64::from_le_bytes(opening.try_into().ok()?) };
        for (value, bytes) in print.values.iter_mut().zip(values.chunks_exact(4)) {
            *value = u32::from_le_bytes(bytes.try_into().ok()?);
        }
        Some(print)
    }
}

/// A hash of the word; all numbers have one.
fn word(word: &str) -> u64 {
    const NUMBERS: &[&str] = &[
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "dozen", "dozens", "fifteen", "twenty", "thirty",
    ];
    let is_number = word.contains(|c: char| c.is_ascii_digit()) || NUMBERS.contains(&word);
    let word = if is_number { "#" } else { word };
    // FNV-1a, then mixed.
    mix(word.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }))
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
const fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The paragraph without `KABUL, Jan 10 (Reuters) - `.
fn without_dateline(text: &str) -> &str {
    let head = &text[..text.floor_char_boundary(70)];
    let ends = [" — ", " – ", " - ", " -- "].iter().filter_map(|dash| {
        let at = head.find(dash)?;
        Some(at + dash.len())
    });
    let capitals = |head: &str| {
        head.split_whitespace().next().is_some_and(|word| {
            word.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) && word.len() > 2
        })
    };
    match ends.min() {
        Some(end) if capitals(head) || head[..end].contains('(') => &text[end..],
        _ => text,
    }
}
