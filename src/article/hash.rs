//! The normalised content hash: one article, through whichever mirror and with
//! whatever share bar around it, has one hash; one changed number in it has
//! another.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::Article;
use super::zones::{Zone, paragraphs};

/// 256 bits over the normal form of an article.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash in 64 lower-case hex digits.
    pub fn to_hex(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }

    /// Reads 64 hex digits.
    pub fn from_hex(hex: &str) -> Option<ContentHash> {
        blake3::Hash::from_hex(hex).ok().map(|h| ContentHash(*h.as_bytes()))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

/// Hashes the normal form: title and story paragraphs only (no captions, share
/// bars, mirror lists, bylines), compatibility forms resolved, case folded, and
/// nothing kept but letters and digits. Paragraph borders do not count.
pub fn content_hash(article: &Article) -> ContentHash {
    let document = article.document();
    let mut hasher = blake3::Hasher::new();
    let mut piece = String::new();
    for paragraph in paragraphs(article, &document) {
        let text = &document[paragraph.range];
        match paragraph.zone {
            Zone::Title => normal_form(without_outlet(text), &mut piece),
            Zone::Body => normal_form(text, &mut piece),
            _ => continue,
        }
        hasher.update(piece.as_bytes());
    }
    ContentHash(*hasher.finalize().as_bytes())
}

/// Letters and digits of the text, folded, into `out`.
fn normal_form(text: &str, out: &mut String) {
    out.clear();
    if text.is_ascii() {
        let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
        out.extend(kept.map(|byte| char::from(byte.to_ascii_lowercase())));
        return;
    }
    let folded = text.nfkc().flat_map(char::to_lowercase);
    out.extend(folded.filter(|c| c.is_alphanumeric()));
}

/// The title without the outlet's name that mirrors and aggregators append
/// (`Ten die in blast - Some News`).
fn without_outlet(title: &str) -> &str {
    let cut = [" | ", " - ", " – ", " — "].iter().filter_map(|mark| title.rfind(mark)).max();
    match cut {
        Some(at)
            if names_an_outlet(&title[at..]) && title[..at].split_whitespace().count() >= 4 =>
        {
            &title[..at]
        }
        _ => title,
    }
}

/// At most four words, none of them with a digit: a number could be the toll.
fn names_an_outlet(suffix: &str) -> bool {
    suffix.split_whitespace().skip(1).count() <= 4 && !suffix.contains(|c: char| c.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(title: &str, text: &str) -> ContentHash {
        content_hash(&Article { title: title.into(), text: text.into(), ..Article::default() })
    }

    #[test]
    fn an_article_has_one_hash_through_every_mirror() {
        let first = hash(
            "Ten die in Kunduz raid",
            "Ten soldiers’ lives were lost — officials said.\n\nSHARE THIS ARTICLE\n\nwww.a.example",
        );
        for (title, text) in [
            ("Ten die in Kunduz raid", "Ten soldiers' lives were lost - officials said."),
            (
                "Ten die in Kunduz raid - Some News",
                "Ten soldiers' lives were lost – officials said.\n\nREAD MORE: eleven dead\n\nwww.b.example",
            ),
            (
                "TEN DIE IN KUNDUZ RAID",
                "Ten die in Kunduz raid\n\nA house. (Photo by AFP)\n\nTen soldiers' lives\nwere lost, officials said.",
            ),
        ] {
            assert_eq!(hash(title, text), first, "{title} / {text}");
        }
    }

    #[test]
    fn a_changed_number_changes_the_hash() {
        let first = hash("Ten die", "10 soldiers died.");
        assert_ne!(first, hash("Ten die", "11 soldiers died."));
        assert_ne!(first, hash("Eleven die", "10 soldiers died."));
    }

    #[test]
    fn hex_reads_back() {
        let first = hash("a", "b");
        assert_eq!(ContentHash::from_hex(&first.to_hex()), Some(first));
        assert_eq!(ContentHash::from_hex("zz"), None);
    }
}
