//! The corpus of feeds: every seed with every fault that can be put into it. Each case
//! knows the titles that a good reader finds in it.

use super::charsets;
use super::faults::FAULTS;
use super::seeds::{self, TITLES};

/// One document of the corpus.
#[derive(Debug, Clone)]
pub struct Case {
    /// The fault and the seed: `bare-ampersand/rss2.0`.
    pub name: String,
    pub bytes: Vec<u8>,
    pub content_type: Option<String>,
    /// The titles of its items, in order.
    pub titles: Vec<String>,
}

/// All cases.
pub fn all() -> Vec<Case> {
    let mut cases = sound();
    for seed in seeds::xml() {
        for fault in FAULTS {
            let Some(bytes) = (fault.inflict)(&seed.text).filter(|b| b != seed.text.as_bytes())
            else {
                continue;
            };
            cases.push(Case {
                name: format!("{}/{}", fault.name, seed.name),
                bytes,
                content_type: None,
                titles: titles(),
            });
        }
    }
    cases.extend(charsets::all());
    cases
}

/// The cases of which a byte more may be damaged: not those that have already lost a
/// border of an item or of the feed, for a second loss would leave no trace of one.
pub fn with_borders() -> Vec<Case> {
    const WITHOUT: [&str; 8] = [
        "item-left-open/",
        "item-start-lost/",
        "root-misspelt/",
        "truncated/",
        "truncated-in-tag/",
        "inside-html/",
        "inside-pre/",
        "escaped-whole/",
    ];
    let is_whole = |case: &Case| !WITHOUT.iter().any(|fault| case.name.starts_with(fault));
    all().into_iter().filter(is_whole).collect()
}

/// The seeds as they are.
pub fn sound() -> Vec<Case> {
    let case = |seed: seeds::Seed| Case {
        name: format!("sound/{}", seed.name),
        bytes: seed.text.into_bytes(),
        content_type: None,
        titles: titles(),
    };
    seeds::all().into_iter().map(case).collect()
}

fn titles() -> Vec<String> {
    TITLES.map(str::to_owned).to_vec()
}
