use super::*;

fn code(text: &str) -> PlaceCode {
    text.parse().unwrap()
}

#[test]
fn smoke() {
    let gazetteer = Gazetteer::embedded();
    for (name, want) in [("Kunduz", "AF-KDZ"), ("Mazar-i-Sharif", "AF-BAL"), ("Al Anbar", "IQ-AN")]
    {
        let found = gazetteer.meanings(&fold(name));
        assert!(found.iter().any(|m| m.code == code(want)), "{name}: {found:?}");
    }
}
