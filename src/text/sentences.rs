//! Finds sentences in tokens. Abbreviations, initials and initialisms do not end
//! one; a blank line (a paragraph's end) always does.

use std::ops::Range;

use super::tokens::{Shape, Tokens};

/// Words after which a dot belongs to the word. Lower case, without the dot.
const ABBREVIATIONS: &[&str] = &[
    "adm", "al", "approx", "apr", "aug", "ave", "brig", "bros", "capt", "cmdr", "co", "col",
    "corp", "cpl", "dec", "dept", "det", "dr", "etc", "feb", "fr", "gen", "gov", "hon", "inc",
    "insp", "jan", "jr", "jul", "jun", "lt", "ltd", "maj", "mar", "mohd", "mr", "mrs", "ms", "mt",
    "no", "nov", "oct", "pfc", "prof", "pvt", "rep", "rev", "sen", "sep", "sept", "sgt", "sr",
    "st", "supt", "vs",
];

/// Token ranges of the sentences, in order, none empty, covering every token.
pub fn sentences(tokens: &Tokens<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for i in 0..tokens.len() {
        if i + 1 == tokens.len() || breaks_after(tokens, i) {
            found.push(start..i + 1);
            start = i + 1;
        }
    }
    found
}

fn breaks_after(tokens: &Tokens<'_>, i: usize) -> bool {
    let (this, next) = (tokens.get(i), tokens.get(i + 1));
    let between = &tokens.source().as_bytes()[this.end as usize..next.start as usize];
    let lines = between.iter().filter(|b| **b == b'\n').count();
    if lines >= 2 {
        return true;
    }
    let line_end = lines == 1;
    match tokens.text(i) {
        "!" | "?" | "…" => starts_sentence(tokens, i + 1) || line_end,
        "." => line_end || (!is_abbreviated(tokens, i) && starts_sentence(tokens, i + 1)),
        "”" | "\"" | "’" | "'" | ")" | "»" => {
            i > 0 && ends_sentence(tokens, i - 1) && starts_sentence(tokens, i + 1)
        }
        _ => this.shape == Shape::Word && ends_with_initialism(tokens, i),
    }
}

/// `… in the U.S. The army …`: the initialism's own dot ends the sentence where a
/// word that only starts sentences follows.
fn ends_with_initialism(tokens: &Tokens<'_>, i: usize) -> bool {
    tokens.text(i).ends_with('.')
        && tokens.get(i + 1).capital
        && matches!(tokens.lower(i + 1), "the" | "in" | "on" | "he" | "she" | "it" | "they" | "a")
}

fn ends_sentence(tokens: &Tokens<'_>, i: usize) -> bool {
    matches!(tokens.text(i), "." | "!" | "?") && !(i > 0 && is_abbreviated(tokens, i))
}

/// Whether the dot at `i` belongs to an abbreviation or an initial before it.
fn is_abbreviated(tokens: &Tokens<'_>, i: usize) -> bool {
    if i == 0 || tokens.get(i).spaced {
        return false;
    }
    let before = tokens.get(i - 1);
    let word = tokens.lower(i - 1);
    let initial = before.capital && before.end - before.start == 1;
    before.shape == Shape::Word && (initial || ABBREVIATIONS.binary_search(&word).is_ok())
}

/// Whether a sentence can begin with this token: a capital, a digit or an opening mark.
fn starts_sentence(tokens: &Tokens<'_>, i: usize) -> bool {
    let token = tokens.get(i);
    let opening =
        matches!(tokens.text(i), "\"" | "“" | "‘" | "'" | "(" | "[" | "-" | "–" | "—" | "*" | "•");
    token.spaced && (token.capital || token.shape == Shape::Number || opening)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        let tokens = Tokens::of(text);
        sentences(&tokens).into_iter().map(|s| &text[tokens.bytes(s)]).collect()
    }

    #[test]
    fn the_abbreviations_are_sorted() {
        assert!(ABBREVIATIONS.is_sorted());
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        for (text, expected) in [
            ("Ten died. Six fled.", vec!["Ten died.", "Six fled."]),
            ("Mr. Panahi and Gen. D. Wahedi spoke.", vec!["Mr. Panahi and Gen. D. Wahedi spoke."]),
            ("He left the U.S. The army said so.", vec!["He left the U.S.", "The army said so."]),
            ("The U.S. Army said so.", vec!["The U.S. Army said so."]),
            ("At 8 a.m. on Friday it blew up.", vec!["At 8 a.m. on Friday it blew up."]),
            ("“It was not.” Nobody else spoke.", vec!["“It was not.”", "Nobody else spoke."]),
            ("One line\n\nanother", vec!["One line", "another"]),
            ("Killed 7. Hurt 3.", vec!["Killed 7.", "Hurt 3."]),
            ("No. 12 died", vec!["No. 12 died"]),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }
}
