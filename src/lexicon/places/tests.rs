//! The data held to its form, and names held to their codes.

mod rows;

use std::collections::HashSet;

use rows::{COMMON, NAMES, RESOLVED};

use super::table::SOURCES;
use super::*;

fn code(text: &str) -> PlaceCode {
    text.parse().unwrap()
}

fn own(name: &str, place: &str, variants: &[&str]) -> OwnPlace {
    OwnPlace {
        name: name.into(),
        code: code(place),
        variants: variants.iter().map(|v| (*v).into()).collect(),
    }
}

#[test]
fn every_row_has_a_code_in_use_and_names_that_fold_to_something() {
    let gazetteer = Gazetteer::embedded();
    for source in &SOURCES {
        for row in source.rows() {
            let place: PlaceCode = row.code();
            assert!(
                gazetteer.division_name(place).is_some(),
                "{}: {row:?}: no such code",
                source.file
            );
            for spelling in row.spellings() {
                assert!(!fold(spelling.text).is_empty(), "{}: {row:?}: empty name", source.file);
                assert_eq!(spelling.text, spelling.text.trim(), "{}: {row:?}: blanks", source.file);
            }
        }
    }
}

#[test]
fn rows_are_sorted_and_no_name_is_told_twice_of_one_division() {
    for source in &SOURCES {
        let mut last = String::new();
        let mut seen = HashSet::new();
        for row in source.rows() {
            let key = format!("{}\t{}", row.code(), fold(row.name()));
            let sorted_by_code = row.code().as_str() >= last.split('\t').next().unwrap_or_default();
            assert!(sorted_by_code, "{}: {key} stands after {last}", source.file);
            assert!(seen.insert(key.clone()), "{}: {key} stands twice", source.file);
            last = key;
        }
    }
}

/// Spellings of Afghan places that no table holds, and what resolving says of its rule.
#[test]
fn a_name_is_known_by_its_sound_and_says_why_it_is_one_code() {
    let gazetteer = Gazetteer::embedded();
    for (name, want, why) in [
        ("AF-KDZ", "AF-KDZ", Why::Code),
        ("Kunduz", "AF-KDZ", Why::Larger),
        ("Banyas", "SY-TA", Why::Alone),
        ("Kharkivska", "UA-63", Why::Alone),
        ("Soccsksargen", "PH", Why::Alone),
    ] {
        let resolved = gazetteer.settle(name).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((resolved.code, resolved.why), (code(want), why), "{name}");
    }
    for (name, want) in [("khwajah sabz push", "AF-FYB"), ("chahar sadah", "AF-GHO")] {
        assert!(gazetteer.meanings(name).iter().any(|m| m.code == code(want)), "{name}");
    }
    assert!(gazetteer.settle("Kunduuz").is_err(), "a slip in a configuration is told");
    let qarabagh: Vec<_> = gazetteer.meanings("qarah bagh").iter().map(|m| m.code).collect();
    assert!(qarabagh.contains(&code("AF-GHA")) && qarabagh.contains(&code("AF-KAB")));
}

#[test]
fn divisions_and_countries_of_one_code_are_one_row() {
    let mut seen = HashSet::new();
    for row in SOURCES[..2].iter().flat_map(|source| source.rows()) {
        assert!(seen.insert(row.code()), "{row:?} has a code that stands before");
    }
}

#[test]
fn every_time_zone_is_known_and_every_capital_lies_in_its_country() {
    let gazetteer = Gazetteer::embedded();
    for row in SOURCES[..2].iter().flat_map(|source| source.rows()) {
        let zone = gazetteer.timezone(row.code());
        assert!(jiff::tz::TimeZone::get(zone).is_ok(), "{row:?}: no zone {zone}");
        if let Some((capital, place)) = gazetteer.capital(row.code()) {
            assert_eq!(place.country(), row.code().country(), "{row:?}: {capital}");
        }
    }
}

#[test]
fn names_mean_their_codes() {
    let gazetteer = Gazetteer::embedded();
    let mut wrong = Vec::new();
    for (name, want) in NAMES {
        let found = gazetteer.meanings(&fold(name));
        for want in want.split(' ').map(code) {
            if !found.iter().any(|m| m.code == want) {
                wrong.push(format!("{name} is not {want}, but {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn resolved_names_are_one_code() {
    let gazetteer = Gazetteer::embedded();
    let wrong: Vec<_> = RESOLVED
        .iter()
        .filter(|(name, want)| gazetteer.resolve(name) != Ok(code(want)))
        .map(|(name, want)| format!("{name} is not {want}, but {:?}", gazetteer.resolve(name)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_name_of_several_places_asks_which() {
    let gazetteer = Gazetteer::embedded();
    for (name, among) in
        [("Punjab", ["IN-PB", "PK-PB"]), ("Congo", ["CD", "CG"]), ("Georgia", ["GE", "US-GA"])]
    {
        let Err(Unresolved::Ambiguous { candidates, .. }) = gazetteer.resolve(name) else {
            panic!("{name}: {:?}", gazetteer.resolve(name));
        };
        assert_eq!(
            candidates.iter().map(|c| c.code.to_string()).collect::<Vec<_>>(),
            among,
            "{name}"
        );
    }
    let message = gazetteer.resolve("Punjab").unwrap_err().to_string();
    assert_eq!(message, "`Punjab` could be IN-PB (Punjab, India) or PK-PB (Punjab, Pakistan)");
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    let gazetteer = Gazetteer::embedded();
    for (name, nearest) in
        [("Kunduzz", "Kunduz"), ("Badgis province", "Badghis"), ("Afganistan", "Afghanistan")]
    {
        match gazetteer.resolve(name) {
            Err(Unresolved::Unknown { nearest: told, .. }) => {
                assert_eq!(told[0], nearest, "{name}")
            }
            Ok(place) => assert_eq!(gazetteer.division_name(place), Some(nearest), "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
    assert!(matches!(gazetteer.resolve(""), Err(Unresolved::Unknown { .. })));
    assert!(matches!(gazetteer.resolve("AF-XXX"), Err(Unresolved::Unknown { .. })));
}

#[test]
fn words_and_names_of_people_are_marked_or_absent() {
    let gazetteer = Gazetteer::embedded();
    for word in COMMON {
        for meaning in gazetteer.meanings(&fold(word)) {
            let weak = meaning.common || meaning.adjective || meaning.capitals;
            assert!(weak, "{word} is taken for {meaning:?}");
        }
    }
    for word in [
        "said", "police", "army", "khan", "monday", "march", "the", "of", "taliban", "boko", "nato",
    ] {
        assert_eq!(gazetteer.meanings(word), [], "{word}");
    }
}

#[test]
fn a_city_comes_before_the_districts_of_its_name() {
    let gazetteer = Gazetteer::embedded();
    for (name, first) in
        [("barcelona", "ES-CT"), ("hyderabad", "IN-TS"), ("sangin", "AF-HEL"), ("kunduz", "AF-KDZ")]
    {
        assert_eq!(gazetteer.meanings(name)[0].code, code(first), "{name}");
    }
}

#[test]
fn an_adjective_is_told_from_the_name() {
    let gazetteer = Gazetteer::embedded();
    for (word, place) in
        [("Afghan", "AF"), ("Nigerien", "NE"), ("Nigerian", "NG"), ("Chechen", "RU-CE")]
    {
        let found = gazetteer.meanings(&fold(word));
        assert!(found.iter().any(|m| m.code == code(place) && m.adjective), "{word}: {found:?}");
    }
    assert!(gazetteer.meanings("us").iter().all(|m| m.capitals));
    assert!(!gazetteer.meanings("afghanistan")[0].adjective);
}

#[test]
fn the_operators_rows_come_first() {
    let gazetteer =
        Gazetteer::embedded().with_rows(&[own("Sector Nine", "AF-KDZ", &["Kabul Gate", "Sangin"])]);
    for name in ["sector nine", "kabul gate", "sangin"] {
        let found = gazetteer.meanings(name);
        assert_eq!(found.len(), 1, "{name}");
        assert_eq!((found[0].code, found[0].name), (code("AF-KDZ"), "Sector Nine"));
    }
    assert!(gazetteer.starts_name("sector"));
    assert_eq!(gazetteer.resolve("Sector Nine"), Ok(code("AF-KDZ")));
}

#[test]
fn the_first_word_of_every_name_is_known_to_start_one() {
    let gazetteer = Gazetteer::embedded();
    for row in SOURCES.iter().flat_map(|source| source.rows()) {
        for spelling in row.spellings() {
            let folded = fold(spelling.text);
            assert!(folded.split(' ').count() < gazetteer.max_words(), "{folded}");
            assert!(gazetteer.starts_name(folded.split(' ').next().unwrap()), "{folded}");
        }
    }
}

#[test]
fn a_division_is_known_by_its_country() {
    let gazetteer = Gazetteer::embedded();
    assert_eq!(gazetteer.divisions(code("AF")).count(), 34);
    assert!(gazetteer.is_division(code("AF-TAK")) && !gazetteer.is_division(code("AF")));
    assert!(!gazetteer.is_division(code("AF-XXX")));
    assert_eq!(gazetteer.division_name(code("AF-WAR")), Some("Maidan Wardak"));
    assert_eq!(gazetteer.division_name(code("AF")), Some("Afghanistan"));
    assert_eq!(gazetteer.capital(code("AF")), Some(("Kabul", code("AF-KAB"))));
    for (place, zone) in [
        ("AF-KDZ", "Asia/Kabul"),
        ("US-CA", "America/Los_Angeles"),
        ("CD-NK", "Africa/Lubumbashi"),
        ("ID-PA", "Asia/Jayapura"),
        ("XK", "Europe/Belgrade"),
        ("AQ", "UTC"),
    ] {
        assert_eq!(gazetteer.timezone(code(place)), zone, "{place}");
    }
}
