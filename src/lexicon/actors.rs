//! The actors: armed groups, state forces, and the words for attackers whom
//! nobody names. The rows are in `data/actors.tsv`.

use super::PlaceCode;
use super::phrases::Phrases;
use crate::text::Tokens;

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
    /// Where it fights; empty is anywhere.
    pub countries: Vec<PlaceCode>,
}

/// All actors.
#[derive(Debug, Clone, Default)]
pub struct Actors {
    phrases: Phrases,
    rows: Vec<Actor>,
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

    /// The longest name of an actor that begins at token `i`: tokens covered and
    /// the actor.
    pub fn longest(&self, tokens: &Tokens<'_>, i: usize) -> Option<(usize, &Actor)> {
        let found = self.phrases.longest(tokens, i)?;
        Some((found.tokens, &self.rows[found.row as usize]))
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
        });
        for alias in std::iter::once(name.to_lowercase().as_str()).chain(aliases.split(" | ")) {
            if self.phrases.row_of(alias).is_none() {
                self.phrases.add(alias, row);
            }
        }
        Ok(())
    }
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
    if text == "*" {
        return Ok(Vec::new());
    }
    text.split(',')
        .map(|code| code.parse().map_err(|e: super::place::NotACode| e.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_known_by_its_aliases() {
        let actors = Actors::embedded();
        for (text, name) in [
            ("al-Shabaab fighters", "al-Shabaab"),
            ("Al Shabab", "al-Shabaab"),
            ("Tehreek-e-Taliban Pakistan", "Pakistani Taliban"),
            ("Taliban militants", "Taliban"),
            ("unidentified gunmen", "gunmen"),
            ("ISIS-K", "Islamic State-Khorasan"),
        ] {
            let (_, actor) = actors.longest(&Tokens::of(text), 0).expect(text);
            assert_eq!(actor.name, name, "{text}");
        }
    }
}
