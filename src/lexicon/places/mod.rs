//! What a name of a place can mean: every country, every first-level division
//! of the world, and the districts, towns and regions that news names instead.
//! Tells all meanings of a name; choosing among them by the text around it is
//! for the reader of the text.

mod index;
mod layout;
#[cfg(test)]
mod making;
mod name;
mod reach;
mod resolve;
mod table;
#[cfg(test)]
mod tests;
mod translit;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::PlaceCode;
use crate::text::fold::fold;
use index::BUILT_IN as INDEX;
pub use reach::Reach;
pub use resolve::{Candidate, Resolved, Unresolved, Why};
use table::{Row, Tables};

/// How large a place is, the most general first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A country of ISO 3166-1, and Kosovo (`XK`).
    Country,
    /// An area over several divisions or with no border of its own ("Darfur",
    /// "Waziristan"): its code is the division where one holds it, else the country.
    Region,
    /// A first-level division under its present ISO 3166-2 code.
    Division,
    /// A district, quarter, site or other place below a division, whose
    /// inhabitants are not told.
    District,
    /// A city, town or village, with its inhabitants where they are known.
    Town,
}

/// One thing that a name can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning<'a> {
    /// The division it lies in, or the country where it lies in none.
    pub code: PlaceCode,
    pub level: Level,
    /// Inhabitants; 0 where unknown and for everything but towns.
    pub population: u32,
    /// The usual English name of this very place, whichever spelling was asked for.
    pub name: &'a str,
    /// The spelling asked for is also an ordinary word or a person's name
    /// ("Farah", "Reading"): a place only where the text says so.
    pub common: bool,
    /// The spelling is an adjective or the name of the people ("Afghan"): it
    /// points at the country, but nothing need have happened there.
    pub adjective: bool,
    /// The spelling is a place only in capitals: "US", but not "us".
    pub capitals: bool,
}

/// A place that the operator adds: it takes precedence over every built-in
/// meaning of its names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnPlace {
    /// The name as it is to be shown.
    pub name: String,
    /// The division or country that it counts as.
    pub code: PlaceCode,
    /// Further spellings.
    #[serde(default)]
    pub variants: Vec<String>,
}

/// All known places. Copies share one table.
#[derive(Debug, Clone)]
pub struct Gazetteer {
    own: Arc<Own>,
}

#[derive(Debug, Default)]
struct Own {
    places: Vec<OwnPlace>,
    by_name: HashMap<String, Vec<usize>>,
    first_words: HashSet<String>,
    longest: usize,
}

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::embedded);

impl Gazetteer {
    /// The places compiled into the program.
    pub fn embedded() -> Gazetteer {
        Gazetteer { own: Arc::default() }
    }

    /// The same with the operator's own places added.
    pub fn with_rows(self, rows: &[OwnPlace]) -> Gazetteer {
        let mut own = Own { places: self.own.places.clone(), ..Own::default() };
        own.places.extend_from_slice(rows);
        for (at, place) in own.places.iter().enumerate() {
            for spelled in std::iter::once(&place.name).chain(&place.variants) {
                let key = name::key(&name::latin(&fold(spelled)));
                own.longest = own.longest.max(key.split(' ').count());
                own.first_words.extend(key.split(' ').next().map(str::to_owned));
                own.by_name.entry(key).or_default().push(at);
            }
        }
        Gazetteer { own: Arc::new(own) }
    }

    /// Everything that a folded name can mean: the most general level first;
    /// districts and towns together, the largest first and one for each division. Linking words do not matter ("mazar i
    /// sharif", "deir al zor"), nor does an Arabic article before a place of a
    /// country that uses one ("al anbar"), nor how the sounds of an Afghan name are spelled.
    pub fn meanings(&self, folded: &str) -> Vec<Meaning<'_>> {
        let folded = &*name::latin(folded);
        if !self.own.places.is_empty()
            && let Some(places) = self.own.by_name.get(&name::key(folded))
        {
            return places.iter().map(|at| own_meaning(&self.own.places[*at])).collect();
        }
        let mut found: Vec<_> = INDEX.named(folded).collect();
        if !found.is_empty() {
            with_alike(&mut found, folded);
            return ordered(found);
        }
        if let Some(bare) = name::without_article(folded) {
            let found = INDEX.named(bare);
            return ordered(found.filter(|(row, _)| uses_articles(row.code())).collect());
        }
        ordered(translit::alike(folded))
    }

    /// The country that a folded name or adjective is, `capitals` being whether it
    /// is written in capitals only.
    pub fn country(&self, folded: &str, capitals: bool) -> Option<PlaceCode> {
        let folded = &*name::latin(folded);
        if !self.own.places.is_empty() && self.own.by_name.contains_key(&name::key(folded)) {
            return None;
        }
        let written = |(row, spelling): &(Row<'_>, name::Spelling<'_>)| {
            row.level() == Level::Country && (capitals || !spelling.capitals)
        };
        let mut named = INDEX.named(folded).peekable();
        let row = match named.peek() {
            Some(_) => named.find(written),
            None => {
                let bare = INDEX.named(name::without_article(folded)?);
                bare.filter(|(row, _)| uses_articles(row.code())).find(written)
            }
        };
        row.map(|(row, _)| row.code().country())
    }

    /// Follows a name word by word, as far as one can go on.
    pub fn reach(&self) -> Reach<'_> {
        Reach::new(&INDEX, &self.own.first_words)
    }

    /// Whether the operator's own places say what this name means.
    fn is_own(&self, text: &str) -> bool {
        self.own.by_name.contains_key(&name::key(&name::latin(&fold(text))))
    }

    /// Whether a table or the operator has the name in this very spelling.
    fn is_spelled(&self, folded: &str) -> bool {
        let folded = &*name::latin(folded);
        let known = |name: &str| INDEX.named(name).next().is_some();
        self.is_own(folded) || known(folded) || name::without_article(folded).is_some_and(known)
    }

    /// Every spelling of the very place that a meaning is, without the adjectives.
    pub fn spellings<'a>(&'a self, meaning: &Meaning<'a>) -> Vec<&'a str> {
        let is_it = |p: &&OwnPlace| p.code == meaning.code && p.name == meaning.name;
        if let Some(place) = self.own.places.iter().find(is_it) {
            return std::iter::once(&place.name).chain(&place.variants).map(|s| &**s).collect();
        }
        let folded = fold(meaning.name);
        let row = INDEX
            .named(&name::latin(&folded))
            .find(|(row, _)| row.code() == meaning.code && row.name() == meaning.name);
        row.into_iter()
            .flat_map(|(row, _)| row.spellings())
            .filter(|spelled| !spelled.adjective)
            .map(|spelled| spelled.text)
            .collect()
    }

    /// The number of words of the longest name.
    pub fn max_words(&self) -> usize {
        // A linking word in the text may be one that the name was written without.
        INDEX.longest().max(self.own.longest) + 1
    }

    /// Whether a name may begin with this folded word. Sometimes says yes where
    /// none does, never no where one does.
    pub fn starts_name(&self, folded_word: &str) -> bool {
        let folded_word = &*name::latin(folded_word);
        // "N.J." is one word of a text and two of its name.
        let folded_word = folded_word.split(' ').next().unwrap_or_default();
        INDEX.starts(folded_word)
            || name::is_article(folded_word)
            || translit::starts(folded_word)
            || self.own.first_words.contains(folded_word)
    }

    /// The usual English name of a division or country.
    pub fn division_name(&self, code: PlaceCode) -> Option<&str> {
        TABLES.find(code).map(|row| row.name())
    }

    /// Whether the code is one of a first-level division in use.
    pub fn is_division(&self, code: PlaceCode) -> bool {
        !code.is_country() && TABLES.find(code).is_some()
    }

    /// The divisions of a country, ordered by code.
    pub fn divisions(&self, country: PlaceCode) -> impl Iterator<Item = PlaceCode> {
        TABLES.divisions_of(country)
    }

    /// The IANA time zone at a place: the division's, else its country's main
    /// one, else `UTC`.
    pub fn timezone(&self, code: PlaceCode) -> &str {
        TABLES.timezone(code)
    }

    /// The name of a country's capital and the division it lies in.
    pub fn capital(&self, country: PlaceCode) -> Option<(&str, PlaceCode)> {
        TABLES.capital(country)
    }
}

/// A small place of Afghanistan may share its name with others that are only
/// spelled otherwise.
fn with_alike(found: &mut Vec<(Row<'static>, name::Spelling<'static>)>, folded: &str) {
    let small = |row: &Row<'static>| row.level() >= Level::District;
    let afghan = |row: &Row<'static>| row.code().country().as_str() == "AF" && small(row);
    if found.iter().any(|(row, _)| afghan(row)) && found.iter().all(|(row, _)| small(row)) {
        let alike = translit::alike(folded).into_iter().filter(|(row, _)| small(row));
        let new: Vec<_> =
            alike.filter(|(row, _)| found.iter().all(|(known, _)| known != row)).collect();
        found.extend(new);
    }
}

fn ordered(mut found: Vec<(Row<'static>, name::Spelling<'static>)>) -> Vec<Meaning<'static>> {
    found.sort_by_key(|(row, _)| (row.level(), std::cmp::Reverse(row.population())));
    let mut meanings: Vec<Meaning> = Vec::with_capacity(found.len());
    for one in found.into_iter().map(meaning) {
        let told = meanings.iter_mut().find(|m| m.code == one.code && m.level >= Level::District);
        match told {
            // A district and its town, or two villages: one place for who asks where.
            Some(told) if one.level >= Level::District => {
                told.level = told.level.max(one.level);
                told.population = told.population.max(one.population);
                told.common &= one.common;
            }
            _ => meanings.push(one),
        }
    }
    meanings.sort_by_key(|m| (m.level.min(Level::District), std::cmp::Reverse(weight(m))));
    meanings
}

/// A district whose inhabitants are not told counts as a fair town: it comes
/// before the villages of its name and after the cities.
fn weight(meaning: &Meaning) -> u32 {
    const DISTRICT: u32 = 50_000;
    if meaning.level == Level::District {
        meaning.population.max(DISTRICT)
    } else {
        meaning.population
    }
}

fn meaning((row, spelling): (Row<'static>, name::Spelling<'static>)) -> Meaning<'static> {
    Meaning {
        code: row.code(),
        level: row.level(),
        population: row.population(),
        name: row.name(),
        common: spelling.common,
        adjective: spelling.adjective,
        capitals: spelling.capitals,
    }
}

fn own_meaning(place: &OwnPlace) -> Meaning<'_> {
    Meaning {
        code: place.code,
        level: Level::District,
        population: 0,
        name: &place.name,
        common: false,
        adjective: false,
        capitals: false,
    }
}

/// Whether places of this country are written with and without the article.
fn uses_articles(code: PlaceCode) -> bool {
    const COUNTRIES: [&str; 25] = [
        "AE", "BH", "DJ", "DZ", "EG", "EH", "ER", "IL", "IQ", "IR", "JO", "KM", "KW", "LB", "LY",
        "MA", "MR", "OM", "PS", "QA", "SA", "SD", "SY", "TN", "YE",
    ];
    COUNTRIES.binary_search(&code.country().as_str()).is_ok()
}
