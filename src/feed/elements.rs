//! The child elements of an item, or of a feed's head, found without trust in
//! how they nest.

use crate::feed::outline::local;
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

impl<'a> Field<'a> {
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

    /// The value of an attribute, decoded.
    pub fn attribute(&self, name: &str) -> Option<String> {
        attribute(self.attributes, name).map(decode_references)
    }
}

/// The children of what begins with the opening tag at the start of `source`. A
/// child ends at its own closing tag, at its parent's, or where a child begins
/// that cannot stand inside it.
pub(super) fn children(source: &str) -> Vec<Field<'_>> {
    /// More than any item has.
    const MOST: usize = 500;
    let mut fields = Vec::new();
    let mut open: Option<(Field<'_>, usize)> = None;
    let mut pieces = markup::pieces(source);
    let parent = match pieces.next() {
        Some((_, Piece::Open { name, empty: false, .. })) => name,
        _ => return fields,
    };
    let mut end = source.len();
    for (range, piece) in pieces {
        if fields.len() >= MOST {
            break;
        }
        match piece {
            Piece::Open { name, attributes, empty } => {
                if open.as_ref().is_some_and(|(field, _)| !ends_before(field.name, name)) {
                    continue;
                }
                close(&mut open, &mut fields, source, range.start);
                let field = Field { name, attributes, inner: "" };
                match empty {
                    true => fields.push(field),
                    false => open = Some((field, range.end)),
                }
            }
            Piece::Close { name } if name.eq_ignore_ascii_case(parent) => {
                end = range.start;
                break;
            }
            Piece::Close { name }
                if open
                    .as_ref()
                    .is_some_and(|(field, _)| field.name.eq_ignore_ascii_case(name)) =>
            {
                close(&mut open, &mut fields, source, range.start);
            }
            _ => {}
        }
    }
    close(&mut open, &mut fields, source, end);
    fields
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

fn close<'a>(
    open: &mut Option<(Field<'a>, usize)>,
    fields: &mut Vec<Field<'a>>,
    source: &'a str,
    end: usize,
) {
    if let Some((field, start)) = open.take() {
        fields.push(Field { inner: &source[start..end], ..field });
    }
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
