//! Puts damaged markup right, so that the strict reader takes it: tags balanced,
//! references and characters made legal, the root, its version and its
//! namespaces written as they should be, old Atom turned into new. What is never
//! read of a feed is left out: the strict reader stumbles over much of it.

use std::collections::BTreeSet;

use crate::feed::outline::{Form, Shape, is_nearly, local};
use crate::text::html::{clean, decode_references};
use crate::text::markup::{self, Piece, attributes_of};

/// The document rewritten, without the items beyond the cap.
pub(super) fn repaired(text: &str, shape: &Shape) -> String {
    let text = &text[..shape.end(text)];
    let mut writer = Writer { shape, out: root_tag(text, shape), open: Vec::new() };
    if shape.root.is_empty()
        && shape.form == Form::Rss
        && !begins_with_channel(&text[shape.begins..])
    {
        writer.open("channel", "", false);
    }
    let mut pieces = markup::pieces(text);
    pieces.skip_to(shape.begins);
    for (_, piece) in pieces {
        match piece {
            Piece::Open { name, .. } if name == shape.root => {}
            Piece::Open { name, attributes, empty } => writer.open(name, attributes, empty),
            Piece::Close { name } => writer.close(name),
            Piece::Text(text) => writer.text(&decode_references(text)),
            Piece::Verbatim(text) => writer.text(text),
            Piece::Other => {}
        }
    }
    writer.finish()
}

/// The document as it is written, and the elements that are open in it.
struct Writer<'a> {
    shape: &'a Shape,
    out: String,
    open: Vec<Open>,
}

struct Open {
    name: String,
    /// Neither it nor what it holds is written.
    muted: bool,
}

impl Writer<'_> {
    fn open(&mut self, name: &str, attributes: &str, empty: bool) {
        let written = self.name(name);
        if self.shape.is_item(name) {
            // An item inside an item is an item that was never closed.
            if let Some(at) = self.open.iter().position(|open| open.name == written) {
                self.close_down_to(at);
            }
        }
        let muted = self.muted() || is_unread(&written);
        let empty = empty || is_void(name);
        if !muted {
            self.out.push('<');
            self.out.push_str(&written);
            self.attributes(attributes);
            self.out.push_str(if empty { "/>" } else { ">" });
        }
        if !empty {
            self.open.push(Open { name: written, muted });
        }
    }

    fn close(&mut self, name: &str) {
        let name = self.name(name);
        let is_damaged = |open: &Open| name.len() >= 4 && is_nearly(&open.name, &name);
        let exact = self.open.iter().rposition(|open| open.name == name);
        if let Some(at) = exact.or_else(|| self.open.iter().rposition(is_damaged)) {
            self.close_down_to(at);
        }
    }

    fn text(&mut self, text: &str) {
        if !self.muted() {
            escape(&clean(text), &mut self.out);
        }
    }

    fn finish(mut self) -> String {
        self.close_down_to(0);
        self.out.push_str(match self.shape.form {
            Form::Atom => "</feed>",
            Form::Rdf => "</rdf:RDF>",
            Form::Rss | Form::Json => "</rss>",
        });
        self.out
    }

    fn close_down_to(&mut self, at: usize) {
        while self.open.len() > at {
            let Some(open) = self.open.pop() else { return };
            if !open.muted {
                self.out.push_str("</");
                self.out.push_str(&open.name);
                self.out.push('>');
            }
        }
    }

    fn muted(&self) -> bool {
        self.open.last().is_some_and(|open| open.muted)
    }

    /// The name as the strict reader knows it.
    fn name(&self, name: &str) -> String {
        const KNOWN: [&str; 24] = [
            "rss",
            "channel",
            "item",
            "title",
            "link",
            "description",
            "guid",
            "pubDate",
            "ttl",
            "lastBuildDate",
            "feed",
            "entry",
            "id",
            "summary",
            "content",
            "published",
            "updated",
            "content:encoded",
            "dc:date",
            "published:issued",
            "updated:modified",
            "published:created",
            "subtitle:tagline",
            "image",
        ];
        let prefix = self.shape.root.split_once(':').map_or("", |(prefix, _)| prefix);
        let bare = name
            .split_once(':')
            .filter(|(of_name, _)| *of_name == prefix || *of_name == "rss")
            .map_or(name, |(_, local)| local);
        let known = KNOWN.iter().find_map(|known| match known.split_once(':') {
            Some((new, old)) if new != "content" && new != "dc" => {
                (self.shape.form == Form::Atom && bare.eq_ignore_ascii_case(old)).then_some(new)
            }
            _ => bare.eq_ignore_ascii_case(known).then_some(*known),
        });
        known.unwrap_or(bare).to_owned()
    }

    fn attributes(&mut self, attributes: &str) {
        /// More than any element of a feed has.
        const MOST: usize = 40;
        let mut seen = BTreeSet::new();
        for (name, value) in attributes_of(attributes).take(MOST) {
            let fine =
                name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_'));
            let fine = fine && name.starts_with(|c: char| c.is_ascii_alphabetic());
            if !fine || name.starts_with("xmlns") || name == "xml:base" || !seen.insert(name) {
                continue;
            }
            let value = decode_references(value);
            let value = match name {
                "type" if self.shape.form == Form::Atom => text_type(&value),
                _ => &value,
            };
            self.out.push_str(&format!(" {name}=\""));
            escape(&clean(value), &mut self.out);
            self.out.push('"');
        }
    }
}

/// The root with its version and the namespaces of every prefix in use.
fn root_tag(text: &str, shape: &Shape) -> String {
    let mut tag = match shape.form {
        Form::Atom => "<feed xmlns=\"http://www.w3.org/2005/Atom\"",
        Form::Rdf => "<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\"",
        Form::Rss | Form::Json => "<rss version=\"2.0\"",
    }
    .to_owned();
    for prefix in prefixes(text, shape) {
        tag.push_str(&format!(" xmlns:{prefix}=\"{}\"", namespace(prefix)));
    }
    tag.push('>');
    tag
}

fn prefixes<'a>(text: &'a str, shape: &Shape) -> BTreeSet<&'a str> {
    /// More than any feed uses.
    const MOST: usize = 64;
    let mut found = BTreeSet::from(["rdf"]);
    let mut pieces = markup::pieces(text);
    pieces.skip_to(shape.begins);
    for (_, piece) in pieces {
        let Piece::Open { name, attributes, .. } = piece else { continue };
        let names =
            std::iter::once(name).chain(attributes_of(attributes).take(40).map(|(name, _)| name));
        let fresh = names.filter_map(|name| name.split_once(':')).map(|(prefix, _)| prefix);
        found.extend(fresh.filter(|prefix| is_prefix(prefix)));
        if found.len() > MOST {
            break;
        }
    }
    found
}

fn is_prefix(prefix: &str) -> bool {
    prefix.starts_with(|c: char| c.is_ascii_alphabetic())
        && prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        && !prefix.starts_with("xml")
}

fn namespace(prefix: &str) -> String {
    match prefix {
        "rdf" => "http://www.w3.org/1999/02/22-rdf-syntax-ns#".to_owned(),
        "content" => "http://purl.org/rss/1.0/modules/content/".to_owned(),
        "dc" => "http://purl.org/dc/elements/1.1/".to_owned(),
        "atom" => "http://www.w3.org/2005/Atom".to_owned(),
        other => format!("urn:prefix:{other}"),
    }
}

/// Atom's type of a text, out of the media types that older feeds put there.
fn text_type(written: &str) -> &str {
    match written {
        "text/html" => "html",
        "application/xhtml+xml" => "xhtml",
        "text/plain" => "text",
        other => other,
    }
}

/// Elements of which nothing is ever read.
fn is_unread(name: &str) -> bool {
    const UNREAD: [&str; 9] = [
        "author",
        "contributor",
        "managingEditor",
        "webMaster",
        "category",
        "enclosure",
        "comments",
        "generator",
        "image",
    ];
    let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
    let foreign =
        !prefix.is_empty() && !matches!(prefix, "content" | "dc" | "atom" | "rdf" | "xhtml");
    UNREAD.iter().any(|unread| name.eq_ignore_ascii_case(unread)) || name == "dc:creator" || foreign
}

/// Elements of HTML that are never closed. `link` is one, but feeds have their own.
fn is_void(name: &str) -> bool {
    const VOID: [&str; 7] = ["br", "hr", "img", "input", "meta", "wbr", "embed"];
    VOID.iter().any(|void| name.eq_ignore_ascii_case(void))
}

fn begins_with_channel(text: &str) -> bool {
    matches!(markup::pieces(text).next(), Some((_, Piece::Open { name, .. })) if local(name).eq_ignore_ascii_case("channel"))
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}
