//! Afghan names in whatever English spelling: one sound is written in many ways
//! ("Qarah Bagh", "Karabagh"; "Dowlatabad", "Daulat Abad"). Asked only when no
//! spelling of the tables is the name, and only for places of Afghanistan, whose
//! districts have no settled spelling at all.

use std::collections::{BTreeMap, HashSet};
use std::ops::Bound;
use std::sync::LazyLock;

use super::name::Spelling;
use super::table::{Row, SOURCES};
use crate::text::fold::fold;

/// Shorter keys meet words and names of people too easily.
const SHORTEST: usize = 5;

/// Links, and words of the country's own languages for what kind of place it is;
/// the English ones are a cue of the text and stay outside the name.
const WITHOUT: [&str; 14] = [
    "e",
    "i",
    "ye",
    "yi",
    "wa",
    "o",
    "u",
    "al",
    "ul",
    "shahr",
    "shahar",
    "markaz",
    "bazar",
    "woluswali",
];

type Found = (Row<'static>, Spelling<'static>);

/// A name or a word as it is said, in ASCII letters.
type Sound = Vec<u8>;

static BY_SOUND: LazyLock<BTreeMap<Sound, Vec<Found>>> = LazyLock::new(|| {
    let mut by_sound: BTreeMap<Sound, Vec<Found>> = BTreeMap::new();
    let rows = SOURCES.iter().flat_map(|source| source.rows_of("AF"));
    for row in rows.filter(|row| !row.code().is_country()) {
        for spelling in row.spellings().filter(|s| !s.common && !s.adjective && !s.capitals) {
            if let Some(sound) = sound(&fold(spelling.text)) {
                let found = by_sound.entry(sound).or_default();
                if found.iter().all(|(known, _)| *known != row) {
                    found.push((row, spelling));
                }
            }
        }
    }
    by_sound
});

/// The rows whose name sounds like this folded one. Each counts as an ordinary
/// word, too: a text means the place only where it says so ("district").
pub fn alike(folded: &str) -> Vec<Found> {
    let found = sound(folded).and_then(|sound| BY_SOUND.get(&sound));
    let doubtful = |(row, spelling): &Found| (*row, Spelling { common: true, ..*spelling });
    found.into_iter().flatten().map(doubtful).collect()
}

/// Whether a name that only sounds like a known one may begin with this word.
pub fn starts(word: &str) -> bool {
    static FIRST: LazyLock<HashSet<Sound>> = LazyLock::new(|| {
        let rows = SOURCES.iter().flat_map(|source| source.rows_of("AF"));
        let spelled = rows.flat_map(|row| row.spellings());
        spelled.filter_map(|s| fold(s.text).split(' ').next().map(letters)).collect()
    });
    word.len() > 2 && FIRST.contains(&letters(word))
}

/// Takes one more word of a name into the sound of those before it; whether a
/// known name begins with that sound, and whether it is all of one.
pub fn goes_on(sound: &mut Sound, word: &str) -> (bool, bool) {
    if !WITHOUT.contains(&word) {
        push_single(sound, &letters(word));
    }
    let from = (Bound::Included(&**sound), Bound::Unbounded);
    let next = BY_SOUND.range::<[u8], _>(from).next();
    let known = next.map(|(known, _)| known).filter(|known| known.starts_with(sound));
    (known.is_some(), known.is_some_and(|known| known.len() == sound.len()))
}

/// The name as it is said: words joined, links and kinds left out.
fn sound(folded: &str) -> Option<Sound> {
    let words = folded.split(' ').filter(|word| !WITHOUT.contains(word));
    let mut joined = Sound::new();
    words.for_each(|word| joined.extend(letters(word)));
    (joined.len() >= SHORTEST).then(|| single(&joined))
}

/// The sounds of a word that English writes in several ways, and the one that stands
/// for them, no longer than the others; in this order.
const SAME: [(&[u8], &[u8]); 22] = [
    (b"chahar", b"char"),
    (b"tch", b"ch"),
    (b"ck", b"k"),
    (b"gh", b"g"),
    (b"q", b"k"),
    (b"v", b"w"),
    (b"oo", b"u"),
    (b"ou", b"u"),
    (b"ow", b"au"),
    (b"aw", b"au"),
    (b"ee", b"i"),
    (b"ei", b"ai"),
    (b"ey", b"ai"),
    (b"ay", b"ai"),
    (b"iy", b"i"),
    (b"o", b"u"),
    (b"e", b"i"),
    (b"y", b"i"),
    (b"ii", b"i"),
    (b"uu", b"u"),
    (b"aai", b"ai"),
    (b"aia", b"aa"),
];

/// One writing for the sounds of a word that English has several for.
fn letters(word: &str) -> Sound {
    let mut word = word.as_bytes().to_vec();
    let mut seen = alphabet(&word);
    for (written, said) in SAME {
        // Most words lack the letters of most pairs.
        if alphabet(written) & !seen == 0 && rewrite(&mut word, written, said) {
            seen |= alphabet(said);
        }
    }
    if word.len() > 3 && (word.ends_with(b"ah") || word.ends_with(b"ih")) {
        word.truncate(word.len() - 2);
        word.push(b'a');
    }
    single(&word)
}

/// The letters of a word, one bit for each.
#[inline(always)]
fn alphabet(word: &[u8]) -> u32 {
    word.iter().fold(0, |seen, letter| seen | 1 << (letter % 32))
}

/// Writes `said` for `written`, from left to right; false where it is not written.
fn rewrite(word: &mut Sound, written: &[u8], said: &[u8]) -> bool {
    let meets = |at: &usize| word[*at] == written[0] && word[*at..].starts_with(written);
    let Some(first) = (0..word.len()).find(meets) else { return false };
    let (mut from, mut to) = (first, first);
    while from < word.len() {
        let (size, taken) = if word[from..].starts_with(written) {
            word[to..to + said.len()].copy_from_slice(said);
            (said.len(), written.len())
        } else {
            word[to] = word[from];
            (1, 1)
        };
        to += size;
        from += taken;
    }
    word.truncate(to);
    true
}

/// No letter twice in a row.
fn single(word: &[u8]) -> Sound {
    let mut out = Sound::with_capacity(word.len());
    push_single(&mut out, word);
    out
}

fn push_single(out: &mut Sound, word: &[u8]) {
    for letter in word {
        if out.last() != Some(letter) {
            out.push(*letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sound;

    #[test]
    fn spellings_of_one_name_sound_alike() {
        for (one, other) in [
            ("qarah bagh", "karabagh"),
            ("dowlatabad", "daulat abad"),
            ("chahar sadah", "char sada"),
            ("khwajah sabz posh", "khwaja sabz push"),
            ("pushtrud", "pusht rod"),
            ("khulm bazar", "kholm"),
        ] {
            assert_eq!(sound(one), sound(other), "{one} and {other}");
        }
        for (one, other) in [("kunduz", "kunar"), ("balkh", "balkhab"), ("farah", "faryab")] {
            assert_ne!(sound(one), sound(other), "{one} and {other}");
        }
        assert_eq!(sound("khan"), None, "too short to tell");
    }
}
