//! A first look at a document: which form it has, where its items begin, how
//! deep it nests. Decides which readers are shown it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::feed::MOST_ITEMS;
use crate::text::markup::{self, Piece, starts_with_ignoring_case};

/// The family of formats of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// RSS 0.91 to 2.0, rooted in `rss`.
    Rss,
    /// RSS 0.90 and 1.0, rooted in `RDF`.
    Rdf,
    /// Atom 0.3 and 1.0.
    Atom,
    /// JSON Feed.
    Json,
}

/// What a document is at first sight.
pub(super) enum Outline {
    Xml(Shape),
    Json,
    Html,
    None,
}

/// What an XML feed looks like from above.
#[derive(Debug)]
pub(super) struct Shape {
    pub form: Form,
    /// The root's name as written; empty when the root is missing.
    pub root: String,
    /// The byte at which the root begins.
    pub begins: usize,
    /// The bytes at which items begin, one more than are read.
    pub starts: Vec<usize>,
    /// Item start tags in the whole document.
    pub seen: usize,
    pub deepest: usize,
    /// Bytes of the whole document.
    pub total: usize,
}

impl Shape {
    /// The document without its declaration and without the items beyond the cap.
    pub fn within_cap<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let text = without_declaration(text);
        let skipped = self.total - text.len();
        match self.starts.get(MOST_ITEMS) {
            None => Cow::Borrowed(text),
            Some(at) => {
                let channel = if self.form == Form::Rss { "</channel>" } else { "" };
                Cow::Owned(format!("{}{channel}</{}>", &text[..at - skipped], self.root))
            }
        }
    }

    /// The end of what is read of the document.
    pub fn end(&self, text: &str) -> usize {
        self.starts.get(MOST_ITEMS).copied().unwrap_or(text.len())
    }

    /// Whether a tag of this name begins or ends an item.
    pub fn is_item(&self, name: &str) -> bool {
        is_item(self.form, &self.root, name)
    }
}

/// Looks over a whole document, once.
pub(super) fn of(text: &str) -> Outline {
    if text.trim_start().starts_with('{') {
        return Outline::Json;
    }
    match root(text) {
        Root::Feed(form, name, begins) => Outline::Xml(survey(text, form, name, begins)),
        Root::Html => Outline::Html,
        Root::None => Outline::None,
    }
}

enum Root {
    Feed(Form, String, usize),
    Html,
    None,
}

/// The first tag that says what the document is. A feed may stand behind blanks,
/// warnings of its server or an HTML comment, but not inside a page.
fn root(text: &str) -> Root {
    const WINDOW: usize = 256 * 1024;
    let window = &text[..markup::floor_boundary(text, WINDOW)];
    let mut html = false;
    for (range, piece) in markup::pieces(window) {
        let Piece::Open { name, .. } = piece else { continue };
        let local = local(name).to_ascii_lowercase();
        match local.as_str() {
            "rss" => return Root::Feed(Form::Rss, name.to_owned(), range.start),
            "rdf" => return Root::Feed(Form::Rdf, name.to_owned(), range.start),
            "feed" => return Root::Feed(Form::Atom, name.to_owned(), range.start),
            "channel" | "item" if !html => {
                return Root::Feed(Form::Rss, String::new(), range.start);
            }
            "entry" if !html => return Root::Feed(Form::Atom, String::new(), range.start),
            "html" | "head" | "body" => return Root::Html,
            "p" | "div" | "script" | "meta" | "title" | "center" | "h1" | "b" | "br" => html = true,
            _ => {}
        }
    }
    if html { Root::Html } else { Root::None }
}

fn survey(text: &str, form: Form, root: String, begins: usize) -> Shape {
    let mut shape =
        Shape { form, root, begins, starts: Vec::new(), seen: 0, deepest: 0, total: text.len() };
    let mut depth = 0usize;
    let mut pieces = markup::pieces(text);
    pieces.skip_to(begins);
    for (range, piece) in pieces {
        match piece {
            Piece::Open { name, empty, .. } => {
                if shape.is_item(name) {
                    shape.seen += 1;
                    if shape.starts.len() <= MOST_ITEMS {
                        shape.starts.push(range.start);
                    }
                }
                depth += usize::from(!empty);
                shape.deepest = shape.deepest.max(depth);
            }
            Piece::Close { .. } => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    shape
}

fn is_item(form: Form, root: &str, name: &str) -> bool {
    let wanted = if form == Form::Atom { "entry" } else { "item" };
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let ours = prefix.is_empty()
        || root.split_once(':').is_some_and(|(of_root, _)| of_root == prefix)
        || matches!(prefix, "rss" | "atom" | "a");
    ours && local.eq_ignore_ascii_case(wanted)
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

/// The document without its XML declaration: the text is UTF-8 now, whatever it
/// says, and the strict reader panics on some of what is declared.
fn without_declaration(text: &str) -> &str {
    if !starts_with_ignoring_case(text, "<?xml") {
        return text;
    }
    text.find("?>").map_or(text, |end| &text[end + 2..])
}
