//! In which language an article is. Only English is read; what is plainly English
//! by its small words is not asked about further, what is not goes to a detector.

use super::event::Language;
use crate::article::Article;

/// Characters of the title and the text that are looked at.
const SAMPLE: usize = 2000;

/// So short a text tells nothing.
const SHORTEST: usize = 200;

/// English, unless a detector is sure of another language over enough text.
pub fn of(article: &Article) -> Language {
    let title = head(&article.title, SAMPLE);
    let rest = SAMPLE.saturating_sub(title.chars().count() + 1);
    let sample = format!("{title} {}", head(&article.text, rest));
    if sample.chars().count() <= SHORTEST || is_plainly_english(&sample) {
        return Language::English;
    }
    match whatlang::detect(&sample) {
        Some(info) if info.lang() != whatlang::Lang::Eng && info.is_reliable() => {
            Language::Other(info.lang().code().to_owned())
        }
        _ => Language::English,
    }
}

/// The first characters of a text.
fn head(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

/// Whether at least every eighth word is one of those by which English is held
/// together, and four different ones are met.
fn is_plainly_english(sample: &str) -> bool {
    let (mut words, mut own, mut met) = (0, 0, 0u32);
    for word in sample.split_ascii_whitespace() {
        words += 1;
        if let Some(which) = SMALL.iter().position(|small| *small == word) {
            own += 1;
            met |= 1 << which;
        }
    }
    own * 8 >= words && met.count_ones() >= 4
}

const SMALL: [&str; 16] = [
    "the", "of", "and", "was", "were", "that", "from", "with", "said", "who", "which", "been",
    "they", "their", "has", "had",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_languages_are_told() {
        let of = |text: &str| {
            let text = text.repeat(3);
            super::of(&Article { text, ..Article::default() })
        };
        for (text, language) in [
            (
                "The gunmen who stormed the post were killed, and the police said that six of \
                 them had been in the town with their families. ",
                Language::English,
            ),
            ("Six dead, two hurt: Kunduz blast. Police: bomb in cart. ", Language::English),
            (
                "Les assaillants ont attaqué le village dans la nuit de samedi à dimanche et \
                 ont tué douze personnes, a-t-on appris de source sécuritaire. ",
                Language::Other("fra".to_owned()),
            ),
            (
                "El ataque contra la patrulla dejó al menos ocho policías muertos, informaron \
                 las autoridades, que dijeron: \"the end of the war\". ",
                Language::Other("spa".to_owned()),
            ),
            (
                "قتل ستة أشخاص في هجوم على نقطة للشرطة في المدينة صباح يوم الاثنين. ",
                Language::Other("ara".to_owned()),
            ),
        ] {
            assert_eq!(of(text), language, "{text}");
        }
    }

    #[test]
    fn a_short_text_is_taken_for_english() {
        let text = "Douze morts dans une attaque".to_owned();
        assert_eq!(of(&Article { text, ..Article::default() }), Language::English);
    }
}
