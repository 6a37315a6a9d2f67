//! Feeds inside of pages: a server wrapped its answer, or somebody saved what a
//! browser showed of it.

use crate::feed::outline::{self, Shape};
use crate::text::html::decode_references;
use crate::text::markup::{self, Piece, find_ignoring_case, floor_boundary};

/// How far into a page a feed is looked for.
const WINDOW: usize = 256 * 1024;

/// What a feed begins with, or is known by where its beginning is damaged.
const ROOTS: [&str; 6] = ["rss", "rdf:rdf", "feed", "channel", "item", "entry"];

/// A feed that stands in a page as it is, where it has items.
pub(super) fn raw(page: &str) -> Option<Shape> {
    let window = &page[..floor_boundary(page, WINDOW)];
    let places = ROOTS.iter().filter_map(|root| find_ignoring_case(window, &format!("<{root}")));
    places.min().and_then(|at| outline::inside(page, at))
}

/// The text of a feed that a page shows with its tags escaped.
pub(super) fn escaped(page: &str) -> Option<String> {
    let window = &page[..floor_boundary(page, WINDOW)];
    let roots = ROOTS.iter().map(|root| format!("&lt;{root}"));
    let places = roots.filter_map(|root| find_ignoring_case(window, &root));
    let shown = &page[places.min()?..];
    let mut out = String::with_capacity(shown.len());
    for (_, piece) in markup::pieces(shown) {
        match piece {
            Piece::Text(text) => out.push_str(&decode_references(text)),
            Piece::Close { name: "pre" | "textarea" | "body" } => break,
            // What is left are the colours of the page.
            _ => {}
        }
    }
    Some(out)
}
