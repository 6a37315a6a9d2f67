//! A first look at a document: which form it has, where its items begin, how
//! deep it nests. Decides which readers are shown it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use strsim::osa_distance;

use crate::feed::borders::Borders;
use crate::feed::names::{Names, Space};
use crate::feed::{Dialect, MOST_ITEMS};
use crate::text::markup::{self, Piece, attribute, starts_with_ignoring_case};

/// The family of formats of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// RSS 0.91 to 2.0, rooted in `rss`; CDF, rooted in `channel`.
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
    pub dialect: Dialect,
    /// The root's name as written; empty when the root is missing.
    pub root: String,
    /// The byte at which the root begins.
    pub begins: usize,
    /// The bytes at which items begin, one more than are read.
    pub starts: Vec<usize>,
    /// Items in the whole document.
    pub seen: usize,
    pub deepest: usize,
    /// Bytes of the whole document.
    pub total: usize,
    pub names: Names,
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

    /// What stands before the first item.
    pub fn head<'a>(&self, text: &'a str) -> &'a str {
        let end = self.starts.first().copied().unwrap_or(text.len());
        text.get(self.begins..end).unwrap_or_default()
    }

    /// What stands behind the last item, with that item: RSS lets a channel go on there.
    pub fn tail<'a>(&self, text: &'a str) -> &'a str {
        let last = self.starts.last().filter(|_| self.seen <= MOST_ITEMS);
        last.map_or("", |last| &text[*last..])
    }

    /// The end of what is read of the document.
    pub fn end(&self, text: &str) -> usize {
        self.starts.get(MOST_ITEMS).copied().unwrap_or(text.len())
    }

    /// Whether a tag of this name begins or ends an item.
    pub fn is_item(&self, name: &str) -> bool {
        is_item(&self.names, name)
    }
}

/// Looks over a whole document, once.
pub(super) fn of(text: &str) -> Outline {
    if is_json(text) {
        return Outline::Json;
    }
    match root(text) {
        Root::Feed(form, dialect, name, begins) => {
            Outline::Xml(survey(text, form, dialect, name, begins))
        }
        Root::Html => Outline::Html,
        Root::None => Outline::None,
    }
}

/// A document that opens like an object, or that names JSON Feed where damage took
/// its opening.
fn is_json(text: &str) -> bool {
    const HEAD: usize = 1_000;
    let head = text[..markup::floor_boundary(text, HEAD)].trim_start();
    let has = |sign: &str| head.contains(sign);
    let opens =
        head.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}']));
    opens || (!head.starts_with('<') && (has("jsonfeed.org/version") || has("\"items\"")))
}

/// The feed that begins at a byte of a text of another kind, where it has items.
pub(super) fn inside(text: &str, from: usize) -> Option<Shape> {
    let Root::Feed(form, dialect, name, begins) = root(&text[from..]) else { return None };
    let shape = survey(text, form, dialect, name, from + begins);
    (shape.seen > 0).then_some(shape)
}

enum Root {
    Feed(Form, Dialect, String, usize),
    Html,
    None,
}

/// The first tag that says what the document is. A feed may stand behind blanks,
/// warnings of its server or an HTML comment; one inside a page is looked for later.
fn root(text: &str) -> Root {
    const WINDOW: usize = 256 * 1024;
    let window = &text[..markup::floor_boundary(text, WINDOW)];
    let mut html = false;
    for (range, piece) in markup::pieces(window) {
        let Piece::Open { name, attributes, .. } = piece else { continue };
        let found = |form, name: &str| {
            let dialect = Dialect::of_root(name, attributes);
            Root::Feed(form, dialect, name.to_owned(), range.start)
        };
        // Without a root its prefix is the first element's, and that a root of none.
        let prefix = &name[..name.len() - local(name).len()];
        let rootless = |form, dialect| Root::Feed(form, dialect, prefix.to_owned(), range.start);
        match local(name).to_ascii_lowercase().as_str() {
            "rss" => return found(Form::Rss, name),
            "rdf" => return found(Form::Rdf, name),
            "feed" => return found(Form::Atom, name),
            "channel" if !html && attribute(attributes, "href").is_some() => {
                return rootless(Form::Rss, Dialect::Cdf);
            }
            "channel" | "item" if !html => return rootless(Form::Rss, Dialect::Rss),
            "entry" if !html => return rootless(Form::Atom, Dialect::Atom),
            "html" | "head" | "body" => return Root::Html,
            "p" | "div" | "script" | "meta" | "center" | "h1" | "b" | "br" => html = true,
            _ => {}
        }
    }
    if html { Root::Html } else { Root::None }
}

fn survey(text: &str, form: Form, dialect: Dialect, root: String, begins: usize) -> Shape {
    let mut names = Names::of_root(&root);
    let mut borders = Borders::default();
    let (mut depth, mut deepest) = (0usize, 0);
    let mut pieces = markup::pieces(text);
    pieces.skip_to(begins);
    for (range, piece) in pieces {
        match piece {
            Piece::Open { name, attributes, empty } => {
                names.declare(attributes);
                match is_item(&names, name) {
                    true => borders.item_opens(range.start, empty),
                    false => borders.other_opens(name, range.start),
                }
                depth += usize::from(!empty);
                deepest = deepest.max(depth);
            }
            Piece::Close { name } => {
                depth = depth.saturating_sub(1);
                if is_item(&names, name) {
                    borders.item_closes();
                }
            }
            _ => {}
        }
    }
    let (starts, seen) = borders.finish();
    let root = if root.ends_with(':') { String::new() } else { root };
    Shape { form, dialect, root, begins, starts, seen, deepest, total: text.len(), names }
}

fn is_item(names: &Names, name: &str) -> bool {
    is_item_name(local(name)) && names.space(name) == Space::Feed
}

fn is_item_name(local: &str) -> bool {
    local.eq_ignore_ascii_case("item") || local.eq_ignore_ascii_case("entry")
}

/// Whether two short names differ by one letter, or two that changed places.
pub(super) fn is_nearly(name: &str, other: &str) -> bool {
    name.len().abs_diff(other.len()) <= 1 && name.len() < 20 && osa_distance(name, other) == 1
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
