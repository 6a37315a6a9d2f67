//! The data held to its form, and names held to their codes.

use std::collections::HashSet;

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

/// Names as outlets write them, and the codes that must be among their meanings.
const NAMES: &[(&str, &str)] = &[
    // Afghanistan
    ("Kunduz", "AF-KDZ"),
    ("Kondoz", "AF-KDZ"),
    ("Qunduz", "AF-KDZ"),
    ("Paktia", "AF-PIA"),
    ("Paktya", "AF-PIA"),
    ("Paktiya", "AF-PIA"),
    ("Paktika", "AF-PKA"),
    ("Ningarhar", "AF-NAN"),
    ("Hilmand", "AF-HEL"),
    ("Jawzjan", "AF-JOW"),
    ("Sar-e Pol", "AF-SAR"),
    ("Sar-i-Pul", "AF-SAR"),
    ("Saripul", "AF-SAR"),
    ("Oruzgan", "AF-URU"),
    ("Urozgan", "AF-URU"),
    ("Wardak", "AF-WAR"),
    ("Maidan Wardak", "AF-WAR"),
    ("Daikundi", "AF-DAY"),
    ("Nooristan", "AF-NUR"),
    ("Panjsher", "AF-PAN"),
    ("Hirat", "AF-HER"),
    ("Farah", "AF-FRA"),
    ("Ghowr", "AF-GHO"),
    ("Konar", "AF-KNR"),
    ("Khowst", "AF-KHO"),
    ("Parvan", "AF-PAR"),
    ("Dasht-e-Archi", "AF-KDZ"),
    ("Dasht-e Archi", "AF-KDZ"),
    ("Chahar Dara", "AF-KDZ"),
    ("Imam Sahib", "AF-KDZ"),
    ("Qal’ah-ye Zal", "AF-KDZ"),
    ("Gereshk", "AF-HEL"),
    ("Nahri Saraj", "AF-HEL"),
    ("Nahr-e Saraj", "AF-HEL"),
    ("Musa Qal'ah", "AF-HEL"),
    ("Nad-e Ali", "AF-HEL"),
    ("Now Zad", "AF-HEL"),
    ("Lashkargah", "AF-HEL"),
    ("Lashkar Gah", "AF-HEL"),
    ("Marjah", "AF-HEL"),
    ("Sangin", "AF-HEL"),
    ("Zharay", "AF-KAN"),
    ("Panjwa'i", "AF-KAN"),
    ("Spin Boldak", "AF-KAN"),
    ("Shah Wali Kot", "AF-KAN"),
    ("Qarabagh", "AF-GHA AF-KAB"),
    ("Andar", "AF-GHA"),
    ("Mazar-i-Sharif", "AF-BAL"),
    ("Mazar-e-Sharif", "AF-BAL"),
    ("Mazār-e Sharīf", "AF-BAL"),
    ("Mazar Sharif", "AF-BAL"),
    ("Pul-e-Khumri", "AF-BGL"),
    ("Baghlan-e-Markazi", "AF-BGL"),
    ("Qala-i-Naw", "AF-BDG"),
    ("Bala Murghab", "AF-BDG"),
    ("Taluqan", "AF-TAK"),
    ("Fayzabad", "AF-BDS AF-JOW"),
    ("Jalalabad", "AF-NAN"),
    ("Surkh-Rōd", "AF-NAN"),
    ("Torkham", "AF-NAN PK-KP"),
    ("Tarin Kowt", "AF-URU"),
    ("Sayyidabad", "AF-WAR"),
    ("Baraki Barak", "AF-LOG"),
    ("Mohammad Agha", "AF-LOG"),
    ("Pul-i-Alam", "AF-LOG"),
    ("Zurmat", "AF-PIA"),
    ("Gardez", "AF-PIA"),
    ("Sabari", "AF-KHO"),
    ("Mihtarlam", "AF-LAG"),
    ("Shindand", "AF-HER"),
    ("Dasht-e-Barchi", "AF-KAB"),
    ("Wazir Akbar Khan", "AF-KAB"),
    ("Bagram", "AF-PAR"),
    ("Shah Joy", "AF-ZAB"),
    // Pakistan, India, Bangladesh, Sri Lanka, Nepal
    ("Khyber Pakhtunkhwa", "PK-KP"),
    ("KP", "PK-KP"),
    ("KPK", "PK-KP"),
    ("NWFP", "PK-KP"),
    ("FATA", "PK-KP"),
    ("North Waziristan", "PK-KP"),
    ("Khyber district", "PK-KP"),
    ("Bajaur", "PK-KP"),
    ("Swat", "PK-KP"),
    ("Parachinar", "PK-KP"),
    ("Peshawar", "PK-KP"),
    ("Quetta", "PK-BA"),
    ("Baluchistan", "PK-BA"),
    ("Karachi", "PK-SD"),
    ("Punjab", "PK-PB IN-PB"),
    ("Lahore", "PK-PB"),
    ("Muzaffarabad", "PK-JK"),
    ("Kashmir", "IN-JK PK-JK"),
    ("Srinagar", "IN-JK"),
    ("Pulwama", "IN-JK"),
    ("Sukma", "IN-CG"),
    ("Gadchiroli", "IN-MH"),
    ("Orissa", "IN-OD"),
    ("Manipur", "IN-MN"),
    ("Kolkata", "IN-WB"),
    ("Calcutta", "IN-WB"),
    ("Bombay", "IN-MH"),
    ("New Delhi", "IN-DL"),
    ("Dhaka", "BD-C"),
    ("Cox's Bazar", "BD-B"),
    ("Chattogram", "BD-B"),
    ("Jaffna", "LK-4"),
    ("Colombo", "LK-1"),
    ("Batticaloa", "LK-5"),
    ("Kathmandu", "NP-P3"),
    // The Middle East
    ("Anbar", "IQ-AN"),
    ("Al Anbar", "IQ-AN"),
    ("al-Anbar", "IQ-AN"),
    ("Fallujah", "IQ-AN"),
    ("Mosul", "IQ-NI"),
    ("Ninewa", "IQ-NI"),
    ("Salahuddin", "IQ-SD"),
    ("Salah ad-Din", "IQ-SD"),
    ("Tuz Khurmatu", "IQ-SD"),
    ("Baqubah", "IQ-DI"),
    ("Sadr City", "IQ-BG"),
    ("Abu Ghraib", "IQ-BG"),
    ("Erbil", "IQ-AR"),
    ("Zakho", "IQ-DA"),
    ("Deir ez-Zor", "SY-DY"),
    ("Deir al-Zor", "SY-DY"),
    ("Deir Ezzor", "SY-DY"),
    ("Raqqa", "SY-RA"),
    ("Aleppo", "SY-HL"),
    ("Kobani", "SY-HL"),
    ("Idlib", "SY-ID"),
    ("Douma", "SY-RD"),
    ("Palmyra", "SY-HI"),
    ("Hodeidah", "YE-HU"),
    ("Marib", "YE-MA"),
    ("Sana'a", "YE-SA"),
    ("Aden", "YE-AD"),
    ("Hadramout", "YE-HD"),
    ("Khan Younis", "PS-KYS"),
    ("Deir al-Balah", "PS-DEB"),
    ("Jabalia", "PS-NGZ"),
    ("Rafah", "PS-RFH EG-SIN"),
    ("Gaza", "PS PS-GZA"),
    ("Jenin", "PS-JEN"),
    ("West Bank", "PS"),
    ("Eshkol", "IL-D"),
    ("Tel Aviv", "IL-TA"),
    ("Sinai", "EG"),
    ("El-Arish", "EG-SIN"),
    ("Cizre", "TR-73"),
    ("Diyarbakır", "TR-21"),
    ("Istanbul", "TR-34"),
    ("Şırnak", "TR-73"),
    ("Bint Jbeil", "LB-NA"),
    ("Bekaa Valley", "LB-BI"),
    ("Zahedan", "IR-11"),
    ("Sistan-Baluchestan", "IR-11"),
    ("Qatif", "SA-04"),
    // Africa
    ("Cabo Delgado", "MZ-P"),
    ("Mocimboa da Praia", "MZ-P"),
    ("Mocímboa da Praia", "MZ-P"),
    ("Palma", "MZ-P"),
    ("Maiduguri", "NG-BO"),
    ("Konduga", "NG-BO"),
    ("Jos", "NG-PL"),
    ("Plateau State", "NG-PL"),
    ("Niger State", "NG-NI"),
    ("Zamfara", "NG-ZA"),
    ("Mogadishu", "SO-BN"),
    ("Lower Shabelle", "SO-SH"),
    ("Beledweyne", "SO-HI"),
    ("Kismayo", "SO-JH"),
    ("Puntland", "SO"),
    ("Mandera", "KE-24"),
    ("Mpeketoni", "KE-21"),
    ("Westgate mall", "KE-30"),
    ("Beni", "CD-NK BO-B"),
    ("Rutshuru", "CD-NK"),
    ("Djugu", "CD-IT"),
    ("Ogossagou", "ML-5"),
    ("Timbuktu", "ML-6"),
    ("Menaka", "ML-9"),
    ("Djibo", "BF-12"),
    ("Soum", "BF-12"),
    ("Barsalogho", "BF-05"),
    ("Diffa", "NE-2"),
    ("Tillabéri", "NE-6"),
    ("El-Fasher", "SD-DN"),
    ("Darfur", "SD"),
    ("El Geneina", "SD-DW"),
    ("Maroua", "CM-EN"),
    ("Bamenda", "CM-NW"),
    ("N'Djamena", "TD-ND"),
    ("Bria", "CF-HK"),
    ("Juba", "SS-EC"),
    ("Malakal", "SS-NU"),
    ("Tigray", "ET-TI"),
    ("Mekelle", "ET-TI"),
    ("Derna", "LY-DR"),
    ("Benghazi", "LY-BA"),
    ("Gatumba", "BI-BL"),
    ("Kampala", "UG-C"),
    ("Kasserine", "TN-42"),
    ("Algiers", "DZ-16"),
    // The rest of the world
    ("Jolo", "PH-SLU"),
    ("Marawi", "PH-LAS"),
    ("Manila", "PH-00"),
    ("Davao City", "PH-DAS"),
    ("Zamboanga", "PH-ZAS"),
    ("Pattani", "TH-94"),
    ("Sungai Kolok", "TH-96"),
    ("Rakhine", "MM-16"),
    ("Maungdaw", "MM-16"),
    ("Donetsk", "UA-14"),
    ("Mariupol", "UA-14"),
    ("Kharkov", "UA-63"),
    ("Kiev", "UA-30"),
    ("Makhachkala", "RU-DA"),
    ("Nazran", "RU-IN"),
    ("Grozny", "RU-CE"),
    ("Moscow", "RU-MOW"),
    ("Tumaco", "CO-NAR"),
    ("Catatumbo", "CO-NSA"),
    ("Acapulco", "MX-GRO"),
    ("Ciudad Juárez", "MX-CHH"),
    ("Port-au-Prince", "HT-OU"),
    ("Cité Soleil", "HT-OU"),
    ("Guayaquil", "EC-G"),
    ("London", "GB-LND"),
    ("Manchester", "GB-ENG"),
    ("Paris", "FR-IDF"),
    ("Nice", "FR-PAC"),
    ("Madrid", "ES-MD"),
    ("Brussels", "BE-BRU"),
    ("Berlin", "DE-BE"),
    ("New York", "US-NY"),
    ("Las Vegas", "US-NV"),
    ("Christchurch", "NZ-CAN"),
    ("Urumqi", "CN-XJ"),
    ("Stepanakert", "AZ-XA"),
    ("Timika", "ID-PT"),
    ("Ivory Coast", "CI"),
    ("DR Congo", "CD"),
    ("DRC", "CD"),
    ("Burma", "MM"),
    ("U.S.", "US"),
    ("UAE", "AE"),
];

const RESOLVED: &[(&str, &str)] = &[
    ("Kunduz", "AF-KDZ"),
    ("Baghlan", "AF-BGL"),
    ("AF-TAK", "AF-TAK"),
    ("af-tak", "AF-TAK"),
    ("Badghis", "AF-BDG"),
    ("Afghanistan", "AF"),
    ("AF", "AF"),
    ("Kunduz province", "AF-KDZ"),
    ("Mexico", "MX"),
    ("Niger", "NE"),
    ("Luxembourg", "LU"),
    ("Darfur", "SD"),
    ("Lashkar Gah", "AF-HEL"),
    ("Borno State", "NG-BO"),
    ("Mosul", "IQ-NI"),
    ("Cabo Delgado", "MZ-P"),
    ("Khyber Pakhtunkhwa", "PK-KP"),
    ("Gaza Strip", "PS"),
    ("Paris", "FR-IDF"),
    ("Herat", "AF-HER"),
    ("Al Anbar", "IQ-AN"),
    ("Kandahar", "AF-KAN"),
    ("Farah", "AF-FRA"),
    (" Ghazni ", "AF-GHA"),
];

const COMMON: &[&str] = &[
    "Farah",
    "Reading",
    "Mobile",
    "Bath",
    "Nice",
    "Major",
    "Ali",
    "Ahmad",
    "Jan",
    "Mohammad",
    "Rahim",
    "Same",
    "Best",
    "Man",
    "Bar",
    "Young",
    "Independence",
    "Union",
    "Center",
    "Liberty",
    "Mission",
    "Bell",
    "Delta",
    "Post",
    "Central",
    "Hassan",
    "Hit",
    "Van",
    "Batman",
    "Most",
    "Time",
    "Vice",
    "Justice",
    "College",
    "University",
    "Martinez",
    "Torres",
    "Vladimir",
    "Rodriguez",
    "Jackson",
    "Lincoln",
    "Salim",
    "Bari",
    "Bay",
    "Chad",
    "US",
    "Tank",
    "Independent",
];
