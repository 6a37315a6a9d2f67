//! Names of places as an operator writes them in a configuration: one code,
//! or an error that says what could have been meant.

use std::fmt;

use super::{Gazetteer, Level, Meaning, PlaceCode, TABLES};
use crate::text::fold::fold;

/// A place that a name of several could mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub code: PlaceCode,
    /// The name of the division or country of that code.
    pub name: String,
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code, self.name)
    }
}

/// Why a name is not one place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// No place has the name; the nearest names of divisions and countries, best first.
    #[error("no place is called `{text}`{}", hint(nearest))]
    Unknown { text: String, nearest: Vec<String> },
    /// Several have it: write the code instead.
    #[error("`{text}` could be {}", listed(candidates))]
    Ambiguous { text: String, candidates: Vec<Candidate> },
}

/// The code that a name stands for, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    pub code: PlaceCode,
    pub why: Why,
}

/// Why a name is one code, told as the end of "because ...".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("it is written as a code")]
    Code,
    #[error("a row of your configuration says so")]
    Own,
    #[error("nothing else is called so")]
    Alone,
    #[error("a country or division comes before smaller places of its name")]
    Larger,
    #[error("all places called so lie there")]
    Together,
    #[error("the country holds the other places of its name")]
    Whole,
    #[error("a large city comes before the small towns of its name")]
    City,
}

impl Gazetteer {
    /// The one code that a name or code stands for. Countries and divisions win
    /// over regions, these over districts and towns; a district or town stands
    /// for its division.
    pub fn resolve(&self, text: &str) -> Result<PlaceCode, Unresolved> {
        self.settle(text).map(|resolved| resolved.code)
    }

    /// What `resolve` says, with the rule behind it.
    pub fn settle(&self, text: &str) -> Result<Resolved, Unresolved> {
        let text = text.trim();
        if let Ok(code) = text.to_uppercase().parse::<PlaceCode>()
            && self.division_name(code).is_some()
            && (text.len() > 3 || !text.contains(char::is_lowercase))
        {
            return Ok(Resolved { code, why: Why::Code });
        }
        let (meanings, smaller) = self.meanings_as_written(text);
        match one_of(&meanings) {
            Some(Resolved { code, .. }) if self.is_own(text) => {
                Ok(Resolved { code, why: Why::Own })
            }
            Some(Resolved { code, why: Why::Alone }) if smaller => {
                Ok(Resolved { code, why: Why::Larger })
            }
            Some(resolved) => Ok(resolved),
            None if meanings.is_empty() => {
                Err(Unresolved::Unknown { text: text.to_owned(), nearest: self.nearest(text) })
            }
            None => Err(Unresolved::Ambiguous {
                text: text.to_owned(),
                candidates: self.candidates(&meanings),
            }),
        }
    }

    /// The meanings of the most general kind; "Kunduz province" is also looked
    /// for without its last word. Also tells whether there are less general ones.
    fn meanings_as_written(&self, text: &str) -> (Vec<Meaning<'_>>, bool) {
        const KINDS: [&str; 12] = [
            "province",
            "state",
            "region",
            "governorate",
            "district",
            "county",
            "oblast",
            "department",
            "division",
            "prefecture",
            "city",
            "territory",
        ];
        let folded = fold(text);
        let mut found = self.nouns(&folded);
        if found.is_empty()
            && let Some((name, kind)) = folded.rsplit_once(' ')
            && KINDS.contains(&kind)
        {
            found = self.nouns(name);
        }
        let best = found.iter().map(|m| rank(m.level)).min();
        let all = found.len();
        found.retain(|m| Some(rank(m.level)) == best);
        let smaller = found.len() < all;
        (found, smaller)
    }

    fn nouns(&self, folded: &str) -> Vec<Meaning<'_>> {
        // What only sounds like a place is a slip of the pen in a configuration.
        if !self.is_spelled(folded) {
            return Vec::new();
        }
        let mut found = self.meanings(folded);
        found.retain(|m| !m.adjective);
        found
    }

    fn candidates(&self, meanings: &[Meaning]) -> Vec<Candidate> {
        let mut codes: Vec<PlaceCode> = meanings.iter().map(|m| m.code).collect();
        codes.sort();
        codes.dedup();
        codes.into_iter().map(|code| Candidate { code, name: self.full_name(code) }).collect()
    }

    /// "Kunduz, Afghanistan"; for a country its name.
    fn full_name(&self, code: PlaceCode) -> String {
        let name = |code| self.division_name(code).unwrap_or("?");
        if code.is_country() {
            name(code).to_owned()
        } else {
            format!("{}, {}", name(code), name(code.country()))
        }
    }

    fn nearest(&self, text: &str) -> Vec<String> {
        const ENOUGH: f64 = 0.8;
        let folded = fold(text);
        let mut near: Vec<(f64, String)> = TABLES
            .rows()
            .map(|row| {
                let spelled = row.spellings().map(|s| strsim::jaro_winkler(&folded, &fold(s.text)));
                (spelled.fold(0.0, f64::max), row)
            })
            .filter(|(alike, _)| *alike >= ENOUGH)
            .map(|(alike, row)| (alike, row.name().to_owned()))
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        near.dedup_by(|a, b| a.1 == b.1);
        near.into_iter().take(3).map(|(_, name)| name).collect()
    }
}

/// Countries and divisions are asked for alike, and so are districts and towns.
fn rank(level: Level) -> u8 {
    match level {
        Level::Country | Level::Division => 0,
        Level::Region => 1,
        Level::District | Level::Town => 2,
    }
}

/// The code of all meanings: one code, a country whose parts the others are, or
/// a city beside which the others are villages.
fn one_of(meanings: &[Meaning]) -> Option<Resolved> {
    const CITY: u32 = 100_000;
    const TIMES: u32 = 10;
    let first = meanings.first()?;
    let settled = |code, why| Some(Resolved { code, why });
    if meanings.iter().all(|m| m.code == first.code) {
        let why = if meanings.len() == 1 { Why::Alone } else { Why::Together };
        return settled(first.code, why);
    }
    if first.level == Level::Country {
        let parts = meanings.iter().all(|m| m.code.country() == first.code);
        return if parts { settled(first.code, Why::Whole) } else { None };
    }
    let largest = meanings.iter().max_by_key(|m| m.population)?;
    let alone = meanings.iter().filter(|m| m.code != largest.code).all(|m| {
        m.level == Level::Town && m.population.saturating_mul(TIMES) <= largest.population
    });
    if largest.population >= CITY && alone { settled(largest.code, Why::City) } else { None }
}

fn hint(nearest: &[String]) -> String {
    if nearest.is_empty() {
        String::new()
    } else {
        format!(": did you mean {}", nearest.join(", "))
    }
}

fn listed(candidates: &[Candidate]) -> String {
    candidates.iter().map(Candidate::to_string).collect::<Vec<_>>().join(" or ")
}
