//! "The capital": the country's first city where the text does not name it.

use super::roles::is_said_from;
use super::{Role, Site};
use crate::extract::attribution::Attribution;
use crate::extract::scan::Scan;
use crate::lexicon::places::Level;
use crate::lexicon::{Lexicon, PlaceCode};

/// "in the capital", "the Somali capital": the country's first city, unnamed.
pub(super) fn capitals(
    scan: &Scan<'_, '_>,
    lexicon: &Lexicon,
    attributions: &[Vec<Attribution>],
    home: Option<PlaceCode>,
) -> Vec<Site> {
    let words = scan.sentences.iter().filter(|s| s.zone.tells()).flat_map(|s| s.tokens.clone());
    let mut found = Vec::new();
    for at in words.filter(|i| scan.is_word(*i, &["capital"]) && *i > 0) {
        let nation = scan.nation(at - 1).or_else(|| {
            let own = scan.is_word(at - 1, &["'s", "’s"]) && at > 1;
            scan.nation(at - 2).filter(|_| own)
        });
        let plain = scan.is_word(at - 1, &["the"]) && !scan.is_word(at + 1, &["of"]);
        let country = nation.or(home.filter(|_| plain));
        let Some((_, code)) = country.and_then(|c| lexicon.places.capital(c)) else { continue };
        let tokens = at..at + 1;
        let sentence = scan.sentences.partition_point(|s| s.tokens.end <= at);
        let speaks = attributions
            .get(sentence)
            .is_some_and(|all| all.iter().any(|a| a.tokens.contains(&at)));
        let role = match speaks || is_said_from(scan, &(at - 1..at)) {
            true => Role::Speaker,
            false if scan.is_word(at.saturating_sub(2), AWAY) => Role::Direction,
            false => Role::Scene,
        };
        if !code.is_country() {
            found.push(Site { tokens, code, level: Level::Division, role });
        }
    }
    found
}

/// What stands before "the capital" when it is not there that it happened.
const AWAY: &[&str] = &["from", "to", "toward", "towards", "of", "for", "against", "leaving"];
