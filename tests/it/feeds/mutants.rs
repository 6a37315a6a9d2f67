//! Feeds with single bytes deleted or changed, and the check that no item of them is
//! lost without a word.

use jiff::Timestamp;
use url::Url;
use watchfire::feed;

use super::corpus::Case;

/// A source of numbers that are the same for the same seed (xorshift).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0) % end.max(1)
    }
}

/// The bytes with one deleted, one changed, or one bit of one turned; and what was done.
pub fn mutant(bytes: &[u8], dice: &mut Dice) -> (Vec<u8>, String) {
    let mut bytes = bytes.to_vec();
    let at = dice.below(bytes.len());
    let done = match dice.below(3) {
        0 => {
            bytes.remove(at);
            format!("byte {at} deleted")
        }
        1 => {
            bytes[at] = u8::try_from(dice.below(256)).unwrap();
            format!("byte {at} set to {:#04x}", bytes[at])
        }
        _ => {
            bytes[at] ^= 1 << dice.below(8);
            format!("a bit of byte {at} turned: {:#04x}", bytes[at])
        }
    };
    (bytes, done)
}

/// What is wrong with how a mutant was read: an item less than there were, sums that
/// do not agree, or more than one item out of recognition.
pub fn fault(case: &Case, bytes: &[u8], now: Timestamp) -> Option<String> {
    let base = Url::parse("https://herald.example/feed").unwrap();
    let feed = match feed::read(bytes, case.content_type.as_deref(), &base, now) {
        Ok(feed) => feed,
        Err(fault) => return Some(format!("refused: {fault}")),
    };
    let accounted = feed.items.len() + feed.rejected.len() + feed.over_cap;
    if feed.seen != accounted {
        return Some(format!("{} seen, {accounted} accounted for", feed.seen));
    }
    if accounted < case.titles.len() {
        return Some(format!("{accounted} of {} items accounted for", case.titles.len()));
    }
    let known = |title: &String| feed.items.iter().any(|item| item.title == *title);
    // A damaged label costs the letters of a legacy encoding, and not the items.
    if case.name.starts_with("charset-") {
        return None;
    }
    let lost: Vec<&String> = case.titles.iter().filter(|title| !known(title)).collect();
    (lost.len() > 1).then(|| format!("{:?}: titles {lost:?} are lost", feed.stage))
}
