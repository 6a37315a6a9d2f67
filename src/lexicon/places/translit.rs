//! Afghan names in whatever English spelling: one sound is written in many ways
//! ("Qarah Bagh", "Karabagh"; "Dowlatabad", "Daulat Abad"). Asked only when no
//! spelling of the tables is the name, and only for places of Afghanistan, whose
//! districts have no settled spelling at all.

use std::collections::HashMap;
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

static BY_SOUND: LazyLock<HashMap<String, Vec<Found>>> = LazyLock::new(|| {
    let mut by_sound: HashMap<String, Vec<Found>> = HashMap::new();
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
    static FIRST: LazyLock<std::collections::HashSet<String>> = LazyLock::new(|| {
        let rows = SOURCES.iter().flat_map(|source| source.rows_of("AF"));
        let spelled = rows.flat_map(|row| row.spellings());
        spelled.filter_map(|s| fold(s.text).split(' ').next().map(letters)).collect()
    });
    word.len() > 2 && FIRST.contains(&letters(word))
}

/// The name as it is said: words joined, links and kinds left out.
fn sound(folded: &str) -> Option<String> {
    let words = folded.split(' ').filter(|word| !WITHOUT.contains(word));
    let joined: String = words.map(letters).collect();
    (joined.len() >= SHORTEST).then(|| single(&joined))
}

/// One writing for the sounds of a word that English has several for.
fn letters(word: &str) -> String {
    const SAME: [(&str, &str); 22] = [
        ("chahar", "char"),
        ("tch", "ch"),
        ("ck", "k"),
        ("gh", "g"),
        ("q", "k"),
        ("v", "w"),
        ("oo", "u"),
        ("ou", "u"),
        ("ow", "au"),
        ("aw", "au"),
        ("ee", "i"),
        ("ei", "ai"),
        ("ey", "ai"),
        ("ay", "ai"),
        ("iy", "i"),
        ("o", "u"),
        ("e", "i"),
        ("y", "i"),
        ("ii", "i"),
        ("uu", "u"),
        ("aai", "ai"),
        ("aia", "aa"),
    ];
    let mut word = word.to_owned();
    for (written, said) in SAME {
        if word.contains(written) {
            word = word.replace(written, said);
        }
    }
    for end in ["ah", "ih"] {
        if word.len() > 3 && word.ends_with(end) {
            word.truncate(word.len() - 2);
            word.push('a');
        }
    }
    single(&word)
}

/// No letter twice in a row.
fn single(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
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
