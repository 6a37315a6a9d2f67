//! Names of months in the languages of publishers; the data is `data/months.tsv`.

use std::sync::OnceLock;

/// The month that a lower-case word names, from 1; the beginning of a name is enough.
pub(super) fn of(word: &str) -> Option<i8> {
    const SHORTEST: usize = 3;
    let word = word.trim_matches(['.', ',', '\'']);
    let number = |(_, month): &(&str, i8)| *month;
    let exact = names().iter().find(|(name, _)| *name == word).map(number);
    let long_enough =
        word.chars().count() >= SHORTEST && !word.starts_with(|c: char| c.is_ascii_digit());
    let begun =
        || names().iter().find(|(name, _)| long_enough && name.starts_with(word)).map(number);
    exact.or_else(begun)
}

/// Every name with its month, in the order of the data.
fn names() -> &'static [(&'static str, i8)] {
    static NAMES: OnceLock<Vec<(&str, i8)>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let rows = include_str!("data/months.tsv").lines().filter(|row| !row.starts_with('#'));
        let cells = rows.flat_map(|row| row.split('\t').skip(1).zip(1i8..));
        cells.flat_map(|(cell, month)| cell.split('|').map(move |name| (name, month))).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::{names, of};

    #[test]
    fn every_language_has_its_twelve_months() {
        let rows = include_str!("data/months.tsv").lines().filter(|row| !row.starts_with('#'));
        for row in rows {
            assert_eq!(row.split('\t').count(), 13, "{row}");
            assert_eq!(row.to_lowercase(), row);
        }
        for month in 1..=12 {
            assert!(names().iter().filter(|(_, of)| *of == month).count() >= 20, "{month}");
        }
    }

    #[test]
    fn a_name_or_its_beginning_is_known() {
        for (word, wanted) in [
            ("nov", Some(11)),
            ("sept.", Some(9)),
            ("märz", Some(3)),
            ("août", Some(8)),
            ("ιούλ", Some(7)),
            ("július", Some(7)),
            ("нояб.", Some(11)),
            ("ekim", Some(10)),
            ("ma", None),
            ("mon", None),
            ("t", None),
            ("", None),
        ] {
            assert_eq!(of(word), wanted, "{word}");
        }
    }
}
