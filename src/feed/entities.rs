//! The entities that a document type declares, put in their places. Only plain
//! ones, and only so many: none that names another, a tag or a file, so that
//! nothing can grow out of them or be read through them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::text::html::decode_references;
use crate::text::markup::{self, Piece, find_ignoring_case, floor_boundary};

/// The text with its own entities replaced, where it declares some.
pub(super) fn expanded(text: &str) -> Cow<'_, str> {
    /// Where a document type may stand.
    const WINDOW: usize = 64 * 1024;
    /// What all replacements together may add.
    const MOST_ADDED: usize = 256 * 1024;
    let window = &text[..floor_boundary(text, WINDOW)];
    let Some(doctype) = find_ignoring_case(window, "<!doctype") else { return text.into() };
    let entities = declared(&window[doctype..]);
    if entities.is_empty() {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut left = MOST_ADDED;
    for (range, piece) in markup::pieces(text) {
        let source = &text[range];
        match piece {
            Piece::Text(_) | Piece::Open { .. } => replace(source, &entities, &mut left, &mut out),
            _ => out.push_str(source),
        }
    }
    out.into()
}

/// Names and values, those that are fit to be used.
fn declared(doctype: &str) -> BTreeMap<&str, String> {
    /// More than a feed needs.
    const MOST: usize = 300;
    const LONGEST: usize = 1_000;
    let mut found = BTreeMap::new();
    for (at, _) in doctype.match_indices("<!ENTITY").take(MOST) {
        let rest = doctype[at + "<!ENTITY".len()..].trim_start();
        let Some((name, rest)) = rest.split_once(char::is_whitespace) else { continue };
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = quote.and_then(|quote| rest[1..].split_once(quote)).map(|(value, _)| value);
        let Some(value) = value.filter(|value| value.len() <= LONGEST) else { continue };
        let value = decode_references(value);
        let plain = !value.contains(['&', '<', '%']);
        if plain && !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        {
            found.entry(name).or_insert(value);
        }
    }
    found
}

fn replace(source: &str, entities: &BTreeMap<&str, String>, left: &mut usize, out: &mut String) {
    let mut rest = source;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(64).position(|b| b == b';').unwrap_or(0);
        let value = rest.get(1..end.max(1)).and_then(|name| entities.get(name));
        match value.filter(|value| value.len() <= *left) {
            Some(value) => {
                *left -= value.len();
                out.push_str(value);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::expanded;

    #[test]
    fn only_what_cannot_grow_is_replaced() {
        for (doctype, text, wanted) in [
            (
                "<!ENTITY a 'Kabul'>",
                "<t x='&a;'>&a; &b; &amp;</t>",
                "<t x='Kabul'>Kabul &b; &amp;</t>",
            ),
            ("<!ENTITY a \"&#65;\">", "&a;", "A"),
            ("<!ENTITY a 'x'><!ENTITY b '&a;&a;'>", "&b;", "&b;"),
            ("<!ENTITY a SYSTEM 'file:///etc/passwd'>", "&a;", "&a;"),
            ("<!ENTITY % a 'x'>", "&a;", "&a;"),
            ("<!ENTITY a '<b>'>", "&a;", "&a;"),
            ("<!ENTITY a 'x'>", "<![CDATA[&a;]]>", "<![CDATA[&a;]]>"),
        ] {
            let all = format!("<!DOCTYPE rss [{doctype}]>{text}");
            assert!(expanded(&all).ends_with(wanted), "{}", expanded(&all));
        }
        let large =
            format!("<!DOCTYPE r [<!ENTITY a '{}'>]>{}", "x".repeat(900), "&a;".repeat(9_000));
        assert!(expanded(&large).len() < 300_000);
    }
}
