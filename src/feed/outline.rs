//! A first look at a document: which form it has, where its items begin, how
//! deep it nests. Decides which readers are shown it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use strsim::osa_distance;

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

    /// The end of what is read of the document.
    pub fn end(&self, text: &str) -> usize {
        self.starts.get(MOST_ITEMS).copied().unwrap_or(text.len())
    }

    /// Whether a tag of this name begins or ends an item.
    pub fn is_item(&self, name: &str) -> bool {
        is_item_name(local(name)) && self.names.space(name) == Space::Feed
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
    head.starts_with('{')
        || (!head.starts_with('<') && (has("jsonfeed.org/version") || has("\"items\"")))
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
    let names = Names::of_root(&root);
    let root = if root.ends_with(':') { String::new() } else { root };
    let mut shape = Shape {
        form,
        dialect,
        root,
        begins,
        starts: Vec::new(),
        seen: 0,
        deepest: 0,
        total: text.len(),
        names,
    };
    let mut depth = 0usize;
    let mut between = Between::default();
    let mut pieces = markup::pieces(text);
    pieces.skip_to(begins);
    for (range, piece) in pieces {
        match piece {
            Piece::Open { name, attributes, empty } => {
                shape.names.declare(attributes);
                if shape.is_item(name) {
                    if let Some(start) = between.misspelt {
                        shape.begin(start);
                    }
                    shape.begin(range.start);
                    between = Between { in_item: !empty, ..Between::default() };
                } else if !between.in_item {
                    between.note(name, range.start, shape.seen > 0);
                }
                depth += usize::from(!empty);
                shape.deepest = shape.deepest.max(depth);
            }
            Piece::Close { name } => {
                depth = depth.saturating_sub(1);
                if shape.is_item(name) {
                    if let Some(start) = between.lost_start() {
                        shape.begin(start);
                    }
                    between = Between::default();
                }
            }
            _ => {}
        }
    }
    if let Some(start) = between.misspelt.filter(|_| between.titles > 0 && shape.seen > 0) {
        shape.begin(start);
    }
    shape
}

impl Shape {
    fn begin(&mut self, start: usize) {
        self.seen += 1;
        if self.starts.len() <= MOST_ITEMS {
            self.starts.push(start);
        }
    }
}

/// What stands between two items, should it turn out to be one whose start tag is
/// damaged: its end tag gives it away.
#[derive(Debug, Default)]
struct Between {
    in_item: bool,
    start: Option<usize>,
    /// Where a tag begins that was meant to be an item's.
    misspelt: Option<usize>,
    titles: usize,
}

impl Between {
    fn note(&mut self, name: &str, at: usize, after_item: bool) {
        let bare = local(name).to_ascii_lowercase();
        self.titles += usize::from(bare == "title");
        let is_misspelt = is_nearly_item(&bare);
        if is_misspelt {
            self.misspelt = Some(at);
        }
        let begins = match after_item {
            true => self.start.is_none(),
            // In the head the second title is an item's; its picture has one too,
            // but the tag that was meant to be `<item>` is better evidence.
            false => is_misspelt || (self.titles == 2 && bare == "title"),
        };
        if begins {
            self.start = Some(at);
        }
    }

    fn lost_start(&self) -> Option<usize> {
        self.start.filter(|_| !self.in_item)
    }
}

fn is_item_name(local: &str) -> bool {
    local.eq_ignore_ascii_case("item") || local.eq_ignore_ascii_case("entry")
}

fn is_nearly_item(name: &str) -> bool {
    name != "items" && ["item", "entry"].iter().any(|item| is_nearly(name, item))
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
