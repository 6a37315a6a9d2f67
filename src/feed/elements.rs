//! The child elements of an item, or of a feed's head, found without trust in
//! how they nest.

use crate::feed::outline::{is_nearly, local};
use crate::text::html::decode_references;
use crate::text::markup::{self, Piece, attribute};

/// One child element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    /// As written, with its prefix.
    pub name: &'a str,
    pub attributes: &'a str,
    /// The source between its tags.
    pub inner: &'a str,
}

impl Field<'_> {
    /// What a sound reader would hand on: character data decoded once, markup as written.
    pub fn content(&self) -> String {
        let mut out = String::with_capacity(self.inner.len());
        for (range, piece) in markup::pieces(self.inner) {
            match piece {
                Piece::Text(text) => out.push_str(&decode_references(text)),
                Piece::Verbatim(text) => out.push_str(text),
                Piece::Open { .. } | Piece::Close { .. } => out.push_str(&self.inner[range]),
                Piece::Other => {}
            }
        }
        out
    }

    /// Its source as markup, where the publisher says that it is some: a reference
    /// in it stands for a character and never for a tag.
    pub fn markup(&self) -> String {
        let mut out = String::with_capacity(self.inner.len());
        for (range, piece) in markup::pieces(self.inner) {
            match piece {
                Piece::Verbatim(text) => out.push_str(text),
                Piece::Other => {}
                _ => out.push_str(&self.inner[range]),
            }
        }
        out
    }

    /// The value of an attribute, decoded.
    pub fn attribute(&self, name: &str) -> Option<String> {
        attribute(self.attributes, name).map(decode_references)
    }
}

/// The element whose opening tag stands at the start of `source`, up to its end.
pub(super) fn whole(source: &str) -> Option<Field<'_>> {
    let (range, piece) = markup::pieces(source).next()?;
    let Piece::Open { name, attributes, .. } = piece else { return None };
    Some(Field { name, attributes, inner: &source[range.end..] })
}

/// The children of an element called `parent` in what follows its opening tag. A
/// child ends at its own closing tag, at its parent's, or where a child begins
/// that cannot stand inside it.
pub(super) fn children<'a>(parent: &str, inner: &'a str) -> Vec<Field<'a>> {
    /// More than any item has.
    const MOST: usize = 500;
    /// Children that were never closed and are cut where the next one begins.
    const MOST_CUT: usize = 12;
    let mut fields = Vec::new();
    let mut from = 0;
    for cut in 0..=MOST_CUT {
        let (unclosed, end) = scan(parent, inner, from, MOST, &mut fields);
        let Some((field, start)) = unclosed else { break };
        // The first tag after it that only a feed has ends a child without an end.
        let next = next_child(&inner[start..end]).map(|at| start + at).filter(|_| cut < MOST_CUT);
        fields.push(Field { inner: &inner[start..next.unwrap_or(end)], ..field });
        match next {
            Some(next) => from = next,
            None => break,
        }
    }
    fields
}

type Unclosed<'a> = Option<(Field<'a>, usize)>;

/// Reads children from a byte on; the one that was open at the end, and the end.
fn scan<'a>(
    parent: &str,
    source: &'a str,
    from: usize,
    most: usize,
    fields: &mut Vec<Field<'a>>,
) -> (Unclosed<'a>, usize) {
    let mut open: Unclosed<'a> = None;
    let mut pieces = markup::pieces(source);
    pieces.skip_to(from);
    for (range, piece) in pieces {
        if fields.len() >= most {
            return (None, range.start);
        }
        match piece {
            Piece::Open { name, attributes, empty } => {
                if open.as_ref().is_some_and(|(field, _)| !ends_before(field.name, name)) {
                    continue;
                }
                close(&mut open, fields, source, range.start);
                let field = Field { name, attributes, inner: "" };
                match empty {
                    true => fields.push(field),
                    false => open = Some((field, range.end)),
                }
            }
            Piece::Close { name } if name.eq_ignore_ascii_case(parent) => {
                return (open, range.start);
            }
            Piece::Close { name } if open.as_ref().is_some_and(|(field, _)| ends(field, name)) => {
                close(&mut open, fields, source, range.start);
            }
            _ => {}
        }
    }
    (open, source.len())
}

/// The first element of a name in a text, up to its closing tag or the next tag.
pub(super) fn first<'a>(source: &'a str, wanted: &str) -> Option<Field<'a>> {
    let mut pieces = markup::pieces(source);
    let opens = |piece: &Piece<'a>| matches!(piece, Piece::Open { name, .. } if name.eq_ignore_ascii_case(wanted));
    let (opening, piece) = pieces.find(|(_, piece)| opens(piece))?;
    let Piece::Open { name, attributes, .. } = piece else { return None };
    let end = pieces.find(|(_, piece)| matches!(piece, Piece::Open { .. } | Piece::Close { .. }));
    let inner = &source[opening.end..end.map_or(source.len(), |(range, _)| range.start)];
    Some(Field { name, attributes, inner })
}

fn close<'a>(open: &mut Unclosed<'a>, fields: &mut Vec<Field<'a>>, source: &'a str, end: usize) {
    if let Some((field, start)) = open.take() {
        fields.push(Field { inner: &source[start..end], ..field });
    }
}

/// Whether a closing tag is a field's own, perhaps with a letter damaged in one of
/// the two. Names as short as `p` and `h1` are no evidence.
fn ends(field: &Field<'_>, closing: &str) -> bool {
    field.name.eq_ignore_ascii_case(closing)
        || (field.name.len() >= 4 && closing.len() >= 4 && is_nearly(field.name, closing))
}

/// Where the first tag begins that stands in feeds and never in the HTML inside them.
fn next_child(source: &str) -> Option<usize> {
    let mut pieces = markup::pieces(source);
    let begins = |piece: &Piece<'_>| match piece {
        Piece::Open { name, .. } => {
            let name = name.to_ascii_lowercase();
            is_of_a_feed(&name) || matches!(name.as_str(), "title" | "link" | "id")
        }
        _ => false,
    };
    pieces.find(|(_, piece)| begins(piece)).map(|(range, _)| range.start)
}

/// Whether an element that is open was never closed, given what begins now.
fn ends_before(open: &str, begins: &str) -> bool {
    let open = local(open).to_ascii_lowercase();
    let begins = begins.to_ascii_lowercase();
    match open.as_str() {
        // Only these hold a title and an id of their own.
        "source" | "author" | "image" | "group" | "contributor" => false,
        "title" | "guid" | "pubdate" | "link" | "id" | "published" | "updated" => {
            is_of_a_feed(&begins) || begins == "link" || begins == "id"
        }
        _ => is_of_a_feed(&begins) && begins != "content" && begins != "summary",
    }
}

/// Names that stand in feeds and never in the HTML inside them.
fn is_of_a_feed(name: &str) -> bool {
    matches!(
        name,
        "guid"
            | "pubdate"
            | "description"
            | "content:encoded"
            | "dc:date"
            | "dc:creator"
            | "published"
            | "updated"
            | "summary"
            | "content"
            | "category"
            | "comments"
            | "enclosure"
            | "issued"
            | "modified"
    )
}
