//! The words of attack reports: casualty verbs, people, deeds, speakers, bounds.
//! The rows are in `data/terms.tsv` and `data/answers.tsv`; what a word does in a sentence is decided
//! in `extract`.

use super::classes::CLASSES;
pub use super::classes::{Class, Classes};
use super::codebook::{Kind, Party};
use super::phrases::Phrases;
use crate::text::Tokens;

/// The tables of terms, with their names.
const TABLES: [(&str, &str); 2] = [
    ("terms.tsv", include_str!("data/terms.tsv")),
    ("answers.tsv", include_str!("data/answers.tsv")),
];

/// Whose voice a word for a speaker stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeakerKind {
    Official,
    Medical,
    Local,
    Media,
}

/// A vague count: `low`, `best`, and `high` where it is not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VagueCount {
    pub low: u32,
    pub best: u32,
    pub high: Option<u32>,
}

/// Everything that one phrase can be.
#[derive(Debug, Clone, Default)]
pub struct Term {
    pub classes: Classes,
    /// Whose people a `Person` is.
    pub party: Option<Party>,
    /// Whose people a `Modifier` makes of a general noun ("*police* members").
    pub modifier: Option<Party>,
    pub deed: Option<Kind>,
    pub speaker: Option<SpeakerKind>,
    pub vague: Option<VagueCount>,
}

impl Term {
    /// Whether the phrase can be this.
    #[inline]
    pub fn is(&self, class: Class) -> bool {
        self.classes.has(class)
    }

    /// Whether the phrase can be any of these.
    #[inline]
    pub fn is_any(&self, classes: &[Class]) -> bool {
        self.classes.meet(Classes::of(classes))
    }
}

/// A term met in a text.
#[derive(Debug, Clone, Copy)]
pub struct Met<'a> {
    pub tokens: usize,
    pub term: &'a Term,
}

/// All terms.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    phrases: Phrases,
    rows: Vec<Term>,
}

impl Terms {
    /// The terms that are compiled in.
    ///
    /// # Panics
    /// If the compiled-in table is malformed, which a test rules out.
    pub fn embedded() -> Terms {
        let mut terms = Terms::default();
        for (table, text) in TABLES {
            for (number, line) in text.lines().enumerate() {
                if !line.is_empty() && !line.starts_with('#') {
                    terms
                        .add_row(line)
                        .unwrap_or_else(|fault| panic!("{table}:{}: {fault}", number + 1));
                }
            }
        }
        terms.phrases.seal();
        terms
    }

    /// The longest term that begins at token `i`.
    pub fn longest<'a>(&'a self, tokens: &Tokens<'_>, i: usize) -> Option<Met<'a>> {
        let found = self.phrases.longest(tokens, i)?;
        Some(Met { tokens: found.tokens, term: &self.rows[found.row as usize] })
    }

    fn add_row(&mut self, line: &str) -> Result<(), String> {
        let cells: Vec<&str> = line.split('\t').collect();
        let [classes, detail, phrases] = cells[..] else {
            return Err(format!("{} cells, not 3", cells.len()));
        };
        for phrase in phrases.split(" | ").flat_map(forms) {
            let row = self.row_for(&phrase);
            for class in classes.split('+') {
                self.rows[row].take(class, detail)?;
            }
        }
        Ok(())
    }

    fn row_for(&mut self, phrase: &str) -> usize {
        if let Some(row) = self.phrases.row_of(phrase) {
            return row as usize;
        }
        self.rows.push(Term::default());
        self.phrases.add(phrase, (self.rows.len() - 1) as u32);
        self.rows.len() - 1
    }
}

/// `guard/s` is "guard" and "guards", `gunman/men` "gunman" and "gunmen".
fn forms(phrase: &str) -> Vec<String> {
    let Some((head, rest)) = phrase.split_once('/') else { return vec![phrase.to_owned()] };
    let (suffix, tail) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
    let other = match suffix {
        "women" => format!("{}women", head.strip_suffix("woman").unwrap_or(head)),
        "men" => format!("{}men", head.strip_suffix("man").unwrap_or(head)),
        _ => format!("{head}{suffix}"),
    };
    vec![format!("{head}{tail}"), format!("{other}{tail}")]
}

impl Term {
    fn take(&mut self, class: &str, detail: &str) -> Result<(), String> {
        let (_, class) = CLASSES
            .iter()
            .find(|(name, _)| *name == class)
            .ok_or_else(|| format!("no class `{class}`"))?;
        self.classes = self.classes.with(*class);
        match class {
            // A word first listed for one party keeps it: the specific lists come first.
            Class::Person => self.party = self.party.or(Some(party(detail)?)),
            Class::Modifier => self.modifier = self.modifier.or(Some(party(detail)?)),
            Class::Deed => self.deed = self.deed.or(Some(kind(detail)?)),
            Class::Speaker => self.speaker = self.speaker.or(Some(speaker(detail)?)),
            Class::Vague => self.vague = Some(vague(detail)?),
            _ => {}
        }
        Ok(())
    }
}

fn party(name: &str) -> Result<Party, String> {
    Ok(match name {
        "security" => Party::Security,
        "foreign" => Party::Foreign,
        "civilian" => Party::Civilian,
        "militant" => Party::Militant,
        "unknown" => Party::Unknown,
        _ => return Err(format!("no party `{name}`")),
    })
}

fn kind(name: &str) -> Result<Kind, String> {
    Ok(match name {
        "armed_assault" => Kind::ArmedAssault,
        "bombing" => Kind::Bombing,
        "suicide_bombing" => Kind::SuicideBombing,
        "airstrike" => Kind::Airstrike,
        "shelling" => Kind::Shelling,
        "assassination" => Kind::Assassination,
        "abduction" => Kind::Abduction,
        "clash" => Kind::Clash,
        "operation" => Kind::Operation,
        "unrest" => Kind::Unrest,
        _ => return Err(format!("no kind `{name}`")),
    })
}

fn speaker(name: &str) -> Result<SpeakerKind, String> {
    Ok(match name {
        "official" => SpeakerKind::Official,
        "medical" => SpeakerKind::Medical,
        "local" => SpeakerKind::Local,
        "media" => SpeakerKind::Media,
        _ => return Err(format!("no speaker `{name}`")),
    })
}

fn vague(detail: &str) -> Result<VagueCount, String> {
    let bounds: Vec<Option<u32>> = detail.split('/').map(|n| n.parse().ok()).collect();
    match bounds[..] {
        [Some(low), Some(best), high] if low <= best => Ok(VagueCount { low, best, high }),
        _ => Err(format!("`{detail}` is not low/best/high")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_terms_load() {
        let terms = Terms::embedded();
        let met = terms.longest(&Tokens::of("gunned down"), 0).unwrap();
        assert!(met.term.is(Class::KillEd) && met.tokens == 2);
        let police = terms.longest(&Tokens::of("police"), 0).unwrap().term;
        assert_eq!(police.party, Some(Party::Security));
        assert_eq!(police.speaker, Some(SpeakerKind::Official));
        assert_eq!(terms.rows.iter().filter(|t| t.classes == Classes::NONE).count(), 0);
    }

    #[test]
    fn no_table_says_a_phrase_of_a_class_twice() {
        for (name, table) in TABLES {
            let mut said = std::collections::HashSet::new();
            for row in table.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
                let (class, phrases) = row.rsplit_once('\t').unwrap();
                for phrase in phrases.split(" | ") {
                    assert!(said.insert((class, phrase)), "{name}: {class} {phrase}");
                }
            }
        }
    }

    #[test]
    fn a_phrase_may_give_two_forms() {
        for (phrase, both) in [
            ("guard/s", ["guard", "guards"]),
            ("gunman/men", ["gunman", "gunmen"]),
            ("council woman/women", ["council woman", "council women"]),
            ("brother/s in law", ["brother in law", "brothers in law"]),
        ] {
            assert_eq!(forms(phrase), both, "{phrase}");
        }
        assert_eq!(forms("police"), ["police"]);
    }

    #[test]
    fn every_class_fits_and_is_used() {
        assert!(CLASSES.len() <= 128);
        let terms = Terms::embedded();
        for (name, class) in CLASSES {
            assert!(terms.rows.iter().any(|t| t.is(*class)), "{name} has no phrase");
        }
    }
}
