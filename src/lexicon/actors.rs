//! The actors: armed groups, state forces, and the words for attackers whom
//! nobody names. The rows are in `data/actors.tsv`, which says how to add one.

use super::PlaceCode;
use super::phrases::Phrases;
use crate::text::Tokens;
use crate::text::tokens::Shape;

/// On which side an actor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Non-state armed groups.
    Militant,
    /// Armies, police, coalitions.
    State,
    /// "Gunmen", "bandits": militant, but no name.
    Unnamed,
}

/// One actor by its usual English name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub name: String,
    pub side: Side,
    /// Where it fights, its own country first.
    pub countries: Vec<PlaceCode>,
    /// It fights anywhere besides.
    pub anywhere: bool,
}

impl Actor {
    /// Whether it is known to fight in the country.
    pub fn fights_in(&self, country: PlaceCode) -> bool {
        self.anywhere || self.countries.contains(&country.country())
    }
}

/// All actors.
#[derive(Debug, Clone, Default)]
pub struct Actors {
    phrases: Phrases,
    aliases: Vec<Alias>,
    rows: Vec<Actor>,
}

/// A name, and whose it is.
#[derive(Debug, Clone, Default)]
struct Alias {
    /// Indices of the rows that have it, in the order of the table.
    rows: Vec<Owner>,
}

#[derive(Debug, Clone)]
struct Owner {
    row: u32,
    /// By word: how it must be written where the case matters.
    cased: Vec<Option<Box<str>>>,
}

/// What a name in a text can mean: one actor, or several that share the name.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// Tokens that the name covers.
    pub tokens: usize,
    /// The actor that is meant where the country does not tell.
    pub actor: &'a Actor,
    actors: &'a Actors,
    alias: &'a Alias,
}

impl<'a> Named<'a> {
    /// The actor of that name who fights in the country.
    pub fn fighting_in(&self, country: Option<PlaceCode>) -> &'a Actor {
        let rows = || self.alias.rows.iter().map(|o| &self.actors.rows[o.row as usize]);
        let meant = country.and_then(|c| rows().find(|a| !a.anywhere && a.fights_in(c)));
        meant.unwrap_or(self.actor)
    }
}

impl Actors {
    /// The actors that are compiled in.
    ///
    /// # Panics
    /// If the compiled-in table is malformed, which a test rules out.
    pub fn embedded() -> Actors {
        let mut actors = Actors::default();
        for (number, line) in include_str!("data/actors.tsv").lines().enumerate() {
            if !line.is_empty() && !line.starts_with('#') {
                let added = actors.add_row(line);
                added.unwrap_or_else(|fault| panic!("actors.tsv:{}: {fault}", number + 1));
            }
        }
        actors.phrases.seal();
        actors
    }

    /// The longest name of an actor that begins at token `i`.
    pub fn longest(&self, tokens: &Tokens<'_>, i: usize) -> Option<Named<'_>> {
        let found = self.phrases.longest(tokens, i)?;
        let alias = &self.aliases[found.row as usize];
        let owner = alias.rows.iter().find(|o| o.is_written(tokens, i..i + found.tokens))?;
        let actor = &self.rows[owner.row as usize];
        Some(Named { tokens: found.tokens, actor, actors: self, alias })
    }

    fn add_row(&mut self, line: &str) -> Result<(), String> {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, side, countries, aliases] = cells[..] else {
            return Err(format!("{} cells, not 4", cells.len()));
        };
        let row = self.rows.len() as u32;
        self.rows.push(Actor {
            name: name.to_owned(),
            side: read_side(side)?,
            countries: read_countries(countries)?,
            anywhere: countries.split(',').any(|c| c == "*"),
        });
        let own = if is_capitals(name) { name.to_owned() } else { name.to_lowercase() };
        self.add_alias(&own, row);
        for alias in aliases.split(" | ").filter(|a| !a.is_empty()) {
            self.add_alias(alias, row);
        }
        Ok(())
    }

    fn add_alias(&mut self, written: &str, row: u32) {
        let key = written.to_lowercase();
        let at = self.phrases.row_of(&key).unwrap_or_else(|| {
            self.aliases.push(Alias::default());
            let at = (self.aliases.len() - 1) as u32;
            self.phrases.add(&key, at);
            at
        });
        self.aliases[at as usize].rows.push(Owner { row, cased: cased(written) });
    }
}

impl Owner {
    /// Whether the words of the text have the case that the alias asks for; words
    /// all in capitals, as in a headline, have every case.
    fn is_written(&self, tokens: &Tokens<'_>, words: std::ops::Range<usize>) -> bool {
        words.filter(|i| !tokens.is_hyphen(*i)).zip(&self.cased).all(|(i, cased)| {
            let written = tokens.text(i);
            cased.as_ref().is_none_or(|c| **c == *written || c.to_uppercase() == *written)
        })
    }
}

/// The words of an alias whose case matters: those with a capital.
fn cased(alias: &str) -> Vec<Option<Box<str>>> {
    let tokens = Tokens::of(alias);
    let words = (0..tokens.len()).filter(|i| !tokens.is_hyphen(*i));
    let cased = |i: usize| {
        let word = tokens.text(i);
        let matters = tokens.get(i).shape == Shape::Word && word.contains(char::is_uppercase);
        matters.then(|| Box::from(word))
    };
    words.map(cased).collect()
}

fn is_capitals(name: &str) -> bool {
    !name.contains(char::is_lowercase)
}

fn read_side(text: &str) -> Result<Side, String> {
    match text {
        "militant" => Ok(Side::Militant),
        "state" => Ok(Side::State),
        "unnamed" => Ok(Side::Unnamed),
        _ => Err(format!("no side `{text}`")),
    }
}

fn read_countries(text: &str) -> Result<Vec<PlaceCode>, String> {
    text.split(',')
        .filter(|code| *code != "*")
        .map(|code| code.parse().map_err(|e: super::place::NotACode| e.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(text: &str, country: &str) -> Option<String> {
        let actors = Actors::embedded();
        let named = actors.longest(&Tokens::of(text), 0)?;
        Some(named.fighting_in(country.parse().ok()).name.clone())
    }

    #[test]
    fn a_group_is_known_by_its_aliases() {
        for (text, name) in [
            ("al-Shabaab fighters", "al-Shabaab"),
            ("Al Shabab", "al-Shabaab"),
            ("Tehreek-e-Taliban Pakistan", "Pakistani Taliban"),
            ("Taliban militants", "Taliban"),
            ("unidentified gunmen", "gunmen"),
            ("ISIS-K", "Islamic State-Khorasan"),
            ("People’s Protection Units", "YPG"),
            ("NSCN (IM)", "NSCN"),
            ("CJNG", "Jalisco New Generation Cartel"),
        ] {
            assert_eq!(name_of(text, "").as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn an_abbreviation_is_no_common_word() {
        for text in ["let", "is", "eta", "ola", "fact", "tigers", "rangers", "Is"] {
            assert_eq!(name_of(text, ""), None, "{text}");
        }
        assert_eq!(name_of("LET", "").as_deref(), Some("Lashkar-e-Taiba"));
        assert_eq!(name_of("IS", "").as_deref(), Some("Islamic State"));
    }

    #[test]
    fn a_shared_name_is_settled_by_the_country() {
        for (text, country, name) in [
            ("JEM", "SD", "Justice and Equality Movement"),
            ("JEM", "IN", "Jaish-e-Mohammad"),
            ("JeM", "", "Jaish-e-Mohammad"),
            ("regime forces", "MM", "Myanmar military"),
            ("regime forces", "SY", "Syrian regime forces"),
            ("Resistance Front", "AF", "National Resistance Front"),
        ] {
            assert_eq!(name_of(text, country).as_deref(), Some(name), "{text} in {country}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_says_nothing_twice() {
        let lines = || include_str!("data/actors.tsv").lines().filter(|l| !l.starts_with('#'));
        let rows: Vec<Vec<&str>> =
            lines().filter(|l| !l.is_empty()).map(|l| l.split('\t').collect()).collect();
        let key = |row: &[&str]| (row[1].to_owned(), row[0].to_lowercase());
        for pair in rows.windows(2) {
            assert!(key(&pair[0]) < key(&pair[1]), "{} before {}", pair[0][0], pair[1][0]);
        }
        for row in &rows {
            let mut aliases: Vec<&str> = row[3].split(" | ").collect();
            let before = aliases.len();
            aliases.sort_unstable();
            aliases.dedup();
            assert_eq!(aliases.len(), before, "{} repeats an alias", row[0]);
        }
        let groups = rows.iter().filter(|r| r[1] == "militant").count();
        assert!(groups >= 300, "{groups} armed groups");
    }
}
