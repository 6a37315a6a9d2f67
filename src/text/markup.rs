//! Tags out of text that was meant to be XML or HTML. Never fails: what is no
//! tag is text. Linear in the input, and no tree is built, so neither depth nor
//! size of hostile markup can hurt. What the tags mean is left to others.

use std::ops::Range;

/// A piece of markup, borrowed from the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// `<name attributes>`; `empty` when it closes itself with `/>`.
    Open { name: &'a str, attributes: &'a str, empty: bool },
    /// `</name>`.
    Close { name: &'a str },
    /// Character data with its references undecoded.
    Text(&'a str),
    /// The inside of a CDATA section.
    Verbatim(&'a str),
    /// A comment, processing instruction or document type.
    Other,
}

/// The pieces of a text, each with the bytes it covers; together they cover all.
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces { text, at: 0, next_cdata_end: 0, next_angle: 0, next_comment_end: 0 }
}

/// The iterator behind [`pieces`].
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// The last `]]>` found, so that a thousand open sections are not a thousand scans.
    next_cdata_end: usize,
    /// The last `>` found, for the same reason.
    next_angle: usize,
    /// The last `-->` found, likewise.
    next_comment_end: usize,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = (Range<usize>, Piece<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        if start >= self.text.len() {
            return None;
        }
        let (piece, end) = self.markup(start).unwrap_or_else(|| self.run_of_text(start));
        self.at = end;
        Some((start..end, piece))
    }
}

impl<'a> Pieces<'a> {
    /// The byte at which the next piece begins.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Continues at this byte, which must be a character boundary further on.
    pub fn skip_to(&mut self, at: usize) {
        self.at = self.at.max(at);
    }

    fn run_of_text(&self, start: usize) -> (Piece<'a>, usize) {
        let bytes = self.text.as_bytes();
        // The character at `start` is text even where it is a `<`.
        let mut end = start + 1;
        while end < bytes.len() && !(bytes[end] == b'<' && begins_markup(&bytes[end..])) {
            end += 1;
        }
        (Piece::Text(&self.text[start..end]), end)
    }

    fn markup(&mut self, start: usize) -> Option<(Piece<'a>, usize)> {
        let rest = &self.text[start..];
        if !begins_markup(rest.as_bytes()) {
            return None;
        }
        match rest.as_bytes()[1] {
            b'!' if let Some(length) = cdata_opening(rest) => Some(self.cdata(start, length)),
            b'!' if rest.starts_with("<!--") => self.comment(start),
            b'!' if starts_with_ignoring_case(rest, "<!doctype") => self.document_type(start),
            b'!' => self.angle_after(start).map(|end| (Piece::Other, end + 1)),
            b'?' => self.instruction(start),
            b'/' => {
                // A closing tag that lost its `>` ends where the next tag begins.
                let end = rest[2..].find(['>', '<']).map_or(rest.len(), |end| end + 2);
                let name = name_of(&rest[2..end]);
                let past = end + usize::from(rest[end..].starts_with('>'));
                Some((Piece::Close { name }, start + past))
            }
            _ => tag(rest).map(|(piece, length)| (piece, start + length)),
        }
    }

    fn comment(&mut self, start: usize) -> Option<(Piece<'a>, usize)> {
        let inner = start + "<!--".len();
        if self.next_comment_end < inner {
            let found = self.text[inner..].find("-->").map(|at| inner + at);
            self.next_comment_end = found.unwrap_or(self.text.len());
        }
        let end = self.next_comment_end;
        // A comment cannot hold another: the first one's end is damaged.
        if end < self.text.len() && !self.text[inner..end].contains("<!--") {
            return Some((Piece::Other, end + "-->".len()));
        }
        self.angle_after(start).map(|end| (Piece::Other, end + 1))
    }

    /// A processing instruction; one that lost its end goes up to the next tag.
    fn instruction(&mut self, start: usize) -> Option<(Piece<'a>, usize)> {
        let close = self.angle_after(start)?;
        let inside = &self.text[start + 1..close];
        let end = inside.find('<').filter(|_| !inside.ends_with('?'));
        Some((Piece::Other, end.map_or(close + 1, |end| start + 1 + end)))
    }

    fn angle_after(&mut self, start: usize) -> Option<usize> {
        // The first look is at byte 0, where there cannot be one yet.
        if self.next_angle <= start {
            let found = self.text[start..].find('>').map(|at| start + at);
            self.next_angle = found.unwrap_or(self.text.len());
        }
        (self.next_angle < self.text.len()).then_some(self.next_angle)
    }

    /// A document type, with its internal subset when there is one.
    fn document_type(&mut self, start: usize) -> Option<(Piece<'a>, usize)> {
        let close = self.angle_after(start)? - start;
        let rest = &self.text[start..];
        let subset = rest[..close].contains('[').then(|| {
            let window = floor_boundary(rest, 64 * 1024);
            let end = rest[..window].find("]>").map(|at| at + 1);
            // The end of a CDATA section is none of its own: that one is lost.
            end.filter(|end| !rest[..end - 1].ends_with(']'))
        });
        Some((Piece::Other, start + subset.flatten().unwrap_or(close) + 1))
    }

    fn cdata(&mut self, start: usize, opening: usize) -> (Piece<'a>, usize) {
        let inner = start + opening;
        if self.next_cdata_end < inner {
            let found = self.text[inner..].find("]]>").map(|at| inner + at);
            self.next_cdata_end = found.unwrap_or(self.text.len());
        }
        let end = self.next_cdata_end;
        let closed = self.text[end..].starts_with("]]>");
        let again = next_cdata(&self.text[inner..end]).map(|at| inner + at);
        if closed && again.is_none() {
            return (Piece::Verbatim(&self.text[inner..end]), end + 3);
        }
        // Never closed: it ends with the element of the feed that it stands in.
        let reach = again.unwrap_or(end);
        let end = element_end(&self.text[inner..reach]).map_or(reach, |at| inner + at);
        (Piece::Verbatim(&self.text[inner..end]), end)
    }
}

/// The value of an attribute, its references undecoded; names match in any case.
pub fn attribute<'a>(attributes: &'a str, wanted: &str) -> Option<&'a str> {
    attributes_of(attributes).find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, v)| v)
}

/// The attributes of an opening tag, in order, as written.
pub fn attributes_of(mut rest: &str) -> impl Iterator<Item = (&str, &str)> {
    std::iter::from_fn(move || {
        rest =
            rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\''));
        // A stray `=` would otherwise be an attribute without a name, for ever.
        rest = rest.trim_start_matches('=');
        if rest.is_empty() {
            return None;
        }
        let end =
            rest.find(|c: char| c.is_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_start().strip_prefix('=') else {
            rest = after;
            return Some((name, ""));
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        rest = after;
        Some((name, value))
    })
}

/// The last character boundary at or before a byte.
pub fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where a needle of lower-case ASCII first stands in a text, in any case.
pub fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    let needle = needle.as_bytes();
    text.as_bytes().windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle))
}

/// Whether a text begins with a prefix of ASCII, in any case.
pub fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.as_bytes()
        .get(..prefix.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
}

fn begins_markup(bytes: &[u8]) -> bool {
    match bytes {
        [b'<', b'/', c, ..] => c.is_ascii_alphabetic() || *c == b'_',
        [b'<', c, ..] => c.is_ascii_alphabetic() || matches!(c, b'_' | b'!' | b'?'),
        _ => false,
    }
}

fn tag(rest: &str) -> Option<(Piece<'_>, usize)> {
    let bytes = rest.as_bytes();
    let name = name_of(&rest[1..]);
    let end = tag_end(bytes, 1 + name.len())?;
    let inner = &rest[1 + name.len()..end];
    let empty = inner.ends_with('/');
    let attributes = inner.strip_suffix('/').unwrap_or(inner).trim();
    // A tag that lost its `>` ends where the next one begins.
    let length = end + usize::from(bytes[end] == b'>');
    Some((Piece::Open { name, attributes, empty }, length))
}

/// The byte of the `>` that ends a tag, quotes respected, or of the `<` that
/// begins the next tag when there is none.
fn tag_end(bytes: &[u8], from: usize) -> Option<usize> {
    const LONGEST_VALUE: usize = 16 * 1024;
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'>' | b'<' => return Some(at),
            quote @ (b'"' | b'\'') if follows_equals(&bytes[from..at]) => {
                let window = &bytes[at + 1..bytes.len().min(at + 1 + LONGEST_VALUE)];
                let close = window.iter().position(|b| *b == quote);
                match close.filter(|close| !has_closing_tag(&window[..*close])) {
                    Some(close) => at += close + 2,
                    None => at += 1,
                }
            }
            _ => at += 1,
        }
    }
    None
}

/// Whether what seems to be a value runs over the ends of elements: its own end is lost.
fn has_closing_tag(value: &[u8]) -> bool {
    value.windows(2).any(|two| two == b"</")
}

/// The length of what opens a CDATA section, perhaps with a letter damaged.
fn cdata_opening(rest: &str) -> Option<usize> {
    let bracket = rest.get(2..)?.bytes().take(9).position(|b| b == b'[')?;
    let word = rest.get(2..2 + bracket)?;
    let (length, word) = match word.is_empty() {
        true => {
            let second = rest[3..].bytes().take(8).position(|b| b == b'[')?;
            (3 + second + 1, rest.get(3..3 + second)?)
        }
        // The first bracket is the one that is lost.
        false => (2 + bracket + 1, word),
    };
    let matches = word.chars().zip("CDATA".chars()).filter(|(a, b)| a.eq_ignore_ascii_case(b));
    let fits = word.len().abs_diff(5) <= 1 && (matches.count() >= 4 || is_one_short(word));
    fits.then_some(length)
}

/// Whether a word is CDATA with a letter lost or one too many.
fn is_one_short(word: &str) -> bool {
    let word = word.to_ascii_uppercase();
    let (short, long) =
        if word.len() < 5 { (word.as_str(), "CDATA") } else { ("CDATA", word.as_str()) };
    let skipping = |at: usize| {
        let kept = long.char_indices().filter(|(i, _)| *i != at).map(|(_, c)| c);
        kept.eq(short.chars())
    };
    long.len() == short.len() + 1 && long.char_indices().any(|(at, _)| skipping(at))
}

fn follows_equals(before: &[u8]) -> bool {
    before.iter().rev().find(|b| !b.is_ascii_whitespace()) == Some(&b'=')
}

fn name_of(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '_' | '-' | '.')));
    &text[..end.unwrap_or(text.len())]
}

fn next_cdata(text: &str) -> Option<usize> {
    text.match_indices("<![")
        .map(|(at, _)| at)
        .find(|at| starts_with_ignoring_case(&text[*at..], "<![cdata["))
}

/// The first closing tag of an element in which feeds keep character data, whatever
/// its prefix.
fn element_end(text: &str) -> Option<usize> {
    const HOLDERS: [&str; 8] =
        ["title", "description", "encoded", "content", "summary", "link", "item", "entry"];
    let holds = |at: &usize| {
        let name = name_of(&text[at + 2..]);
        let local = name.rsplit(':').next().unwrap_or(name);
        HOLDERS.iter().any(|holder| local.eq_ignore_ascii_case(holder))
    };
    text.match_indices("</").map(|(at, _)| at).find(holds)
}

#[cfg(test)]
mod tests {
    use super::{Piece, attribute, attributes_of, pieces};

    fn shown(text: &str) -> String {
        let mut out = String::new();
        let mut covered = 0;
        for (range, piece) in pieces(text) {
            assert_eq!(range.start, covered, "{text}");
            assert!(range.end > range.start, "{text}");
            covered = range.end;
            out += &match piece {
                Piece::Open { name, empty: true, .. } => format!("[{name}/]"),
                Piece::Open { name, .. } => format!("[{name}]"),
                Piece::Close { name } => format!("[/{name}]"),
                Piece::Text(text) => text.to_owned(),
                Piece::Verbatim(text) => format!("({text})"),
                Piece::Other => "~".to_owned(),
            };
        }
        assert_eq!(covered, text.len(), "{text}");
        out
    }

    #[test]
    fn what_is_no_tag_is_text() {
        for (text, wanted) in [
            ("a < b & c <3", "a < b & c <3"),
            ("<a href='x>y'>t</a>", "[a]t[/a]"),
            ("<br/><br /><B>", "[br/][br/][B]"),
            ("<a href=it's>t</a>", "[a]t[/a]"),
            ("<a <b>x", "[a][b]x"),
            ("x</a<b>", "x[/a][b]"),
            ("<p", "<p"),
            ("<!-- <a> -->x<!-- y>z", "~x~z"),
            ("<!DOCTYPE r [<!ENTITY a 'b'>]>x", "~x"),
            ("<![CDATA[<a>]]>x", "(<a>)x"),
            (
                "<title><![CDATA[one</title><b><![CDATA[two]]></b>",
                "[title](one)[/title][b](two)[/b]",
            ),
            ("<![CDATA[open", "(open)"),
            ("<![CDTA[<a>]]>x", "(<a>)x"),
            ("<![CxATA[<a>]]>x", "(<a>)x"),
            ("<!CDATA[<a>]]>x", "(<a>)x"),
            ("<![if IE]>x<![endif]>", "~x~"),
            ("<a href=\"x><b>y</b><c d=\"1\">z", "[a][b]y[/b][c]z"),
            ("<?xml version=\"1.0\"<a>x", "~[a]x"),
            ("<?php echo '<b>' ?>x", "~[b]' ?>x"),
            ("<!-- a -x><b><!-- c --></b>", "~[b]~[/b]"),
            ("<é>", "<é>"),
            ("<", "<"),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }

    #[test]
    fn attributes_are_found_however_written() {
        let written = " a = \"1\" B='2' c=3 d e=\"un";
        let all: Vec<_> = attributes_of(written).collect();
        assert_eq!(all, [("a", "1"), ("B", "2"), ("c", "3"), ("d", ""), ("e", "un")]);
        assert_eq!(attribute(written, "b"), Some("2"));
        assert!(attributes_of("=== / ' \" = x").count() <= 3);
    }
}
