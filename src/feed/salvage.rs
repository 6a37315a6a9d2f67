//! The tolerant reader: each item on its own, whatever surrounds it. Every start
//! tag gives one draft; whether it holds anything is checked later. It knows more
//! vocabularies than the strict reader, so it also fills that one's gaps.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::feed::elements::{self, Field};
use crate::feed::item::Raw;
use crate::feed::names::Space;
use crate::feed::outline::{Form, Shape, is_nearly, local};
use crate::feed::{Draft, MOST_ITEMS};
use crate::text::{html, markup, stamp};

pub(super) fn read(text: &str, shape: &Shape) -> Draft {
    let end = shape.end(text);
    let first = shape.starts.first().copied().unwrap_or(end);
    let head = Head::of(&text[shape.begins..first], shape);
    let mut ends = shape.starts.iter().skip(1).copied().chain([end]);
    let starts = shape.starts.iter().take(MOST_ITEMS);
    let items = starts.map(|start| {
        let mut reader = Reader::new(shape, &head.base);
        reader.item(&text[*start..ends.next().unwrap_or(end)]);
        reader.finish()
    });
    Draft { items: items.collect(), title: head.title, link: head.link, panics: 0 }
}

/// What stands before the items.
struct Head {
    title: Option<String>,
    link: Option<String>,
    /// The `xml:base` of the root and the channel, perhaps empty.
    base: String,
}

impl Head {
    fn of(source: &str, shape: &Shape) -> Head {
        let mut head = Head { title: None, link: None, base: String::new() };
        let Some(root) = elements::whole(source) else { return head };
        head.base = root.attribute("xml:base").unwrap_or_default();
        let channel = elements::first(source, "channel");
        if let Some(base) = channel.and_then(|channel| channel.attribute("xml:base")) {
            head.base = joined(&head.base, &base);
        }
        // The channel is no child like the others: its tags are passed over.
        for field in elements::children("", &without_parents(source)) {
            match (shape.names.space(field.name), local(field.name).to_ascii_lowercase().as_str()) {
                (Space::Feed | Space::Dc, "title") if head.title.is_none() => {
                    head.title = Some(text_of(&field, shape.form));
                }
                (Space::Feed, "link") if head.link.is_none() && is_alternate(&field) => {
                    head.link = Some(address_of(&field)).filter(|link| !link.is_empty());
                }
                _ => {}
            }
        }
        head
    }
}

/// The head without the tags of the root and the channel, so that what they hold
/// are children beside each other.
fn without_parents(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for (range, piece) in markup::pieces(source) {
        let is_parent = match piece {
            markup::Piece::Open { name, .. } => {
                let local = local(name);
                ["rss", "rdf", "feed", "channel"].iter().any(|of| local.eq_ignore_ascii_case(of))
            }
            _ => false,
        };
        if !is_parent {
            out.push_str(&source[range]);
        }
    }
    out
}

/// Where a child belongs. Of several for one place the lowest rank wins, then the
/// first; of dates the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Title,
    Summary,
    Content,
    Guid,
    Date,
    Link,
}

/// Fills a draft from the children of one item.
struct Reader<'a> {
    shape: &'a Shape,
    base: String,
    raw: Raw,
    /// The rank of what each place holds.
    ranks: [u8; 6],
}

impl<'a> Reader<'a> {
    fn new(shape: &'a Shape, base: &str) -> Reader<'a> {
        Reader { shape, base: base.to_owned(), raw: Raw::default(), ranks: [u8::MAX; 6] }
    }

    fn item(&mut self, source: &str) {
        let Some(item) = elements::whole(source) else { return };
        if self.shape.is_item(item.name) {
            self.attributes(&item);
            self.children(item.name, item.inner);
        } else {
            // Its start tag is lost, and this may be its first child.
            self.children("item", source);
            self.children("entry", item.inner);
        }
    }

    fn finish(mut self) -> Raw {
        /// Past this rank a link leads to something beside the article.
        const LAST_OF_LINKS: u8 = 2;
        let is_permalink = !self.raw.guid_is_no_link && self.raw.guid.trim().starts_with("http");
        if self.ranks[Place::Link as usize] > LAST_OF_LINKS && is_permalink {
            self.raw.link = self.raw.guid.clone();
        }
        self.raw.base = self.base;
        self.raw
    }

    fn attributes(&mut self, item: &Field<'_>) {
        if let Some(base) = item.attribute("xml:base") {
            self.base = joined(&self.base, &base);
        }
        for (name, place, rank) in [
            // What RSS 1.0 knows an item by.
            ("rdf:about", Place::Guid, 1),
            ("rdf:about", Place::Link, 6),
            ("about", Place::Guid, 4),
            ("href", Place::Link, 2),
            ("lastmod", Place::Date, 4),
        ] {
            if let Some(value) = item.attribute(name) {
                self.raw.says_something |= !value.trim().is_empty();
                self.put(place, rank, value);
            }
        }
    }

    fn children(&mut self, parent: &str, inner: &str) {
        for field in elements::children(parent, inner) {
            self.take(&field);
        }
    }

    /// Files a child under what it tells.
    fn take(&mut self, field: &Field<'_>) {
        let name = local(field.name).to_ascii_lowercase();
        let space = self.shape.names.space(field.name);
        // An element that is empty is something all the same: its publisher meant an item.
        self.raw.says_something = true;
        match (space, name.as_str()) {
            (Space::Media, "group" | "content") => {
                self.put(Place::Link, 8, field.attribute("url").unwrap_or_default());
                return self.children(field.name, field.inner);
            }
            (Space::Media, "player") | (Space::Feed, "enclosure") => {
                return self.put(Place::Link, 7, field.attribute("url").unwrap_or_default());
            }
            (Space::Feed, "link" | "a") => return self.link(field),
            (Space::Feed, "guid") => {
                self.raw.guid_is_no_link = field
                    .attribute("isPermaLink")
                    .is_some_and(|said| said.trim().eq_ignore_ascii_case("false"));
            }
            (Space::Feed, "content") => {
                self.put(Place::Link, 6, field.attribute("src").unwrap_or_default());
            }
            _ => {}
        }
        let Some((place, rank)) = place_of(space, &name) else { return };
        let value = match place {
            Place::Title | Place::Summary | Place::Content => text_of(field, self.form(space)),
            _ => field.content(),
        };
        // A date that nobody can read is better than none, and worse than any other.
        let unread = place == Place::Date && stamp::parse(&value).is_none();
        self.put(place, rank + if unread { 10 } else { 0 }, value);
    }

    /// How the texts of a vocabulary are written.
    fn form(&self, space: Space) -> Form {
        if space == Space::Feed { self.shape.form } else { Form::Rss }
    }

    fn link(&mut self, field: &Field<'_>) {
        let base = field.attribute("xml:base").map(|base| joined(&self.base, &base));
        let mut address = address_of(field);
        if let Some(base) = base {
            address = joined(&base, &address);
        }
        let rank = match is_alternate(field) {
            true if is_page(field) => 0,
            true => 1,
            false => return,
        };
        self.put(Place::Link, rank, address);
    }

    fn put(&mut self, place: Place, rank: u8, value: String) {
        let (known, is_date) = (self.ranks[place as usize], place == Place::Date);
        // Of two dates of one kind the second was put there later.
        let is_better = rank < known || (is_date && rank == known);
        if !is_better || value.trim().is_empty() {
            return;
        }
        self.ranks[place as usize] = rank;
        *match place {
            Place::Title => &mut self.raw.title,
            Place::Summary => &mut self.raw.summary,
            Place::Content => &mut self.raw.content,
            Place::Guid => &mut self.raw.guid,
            Place::Date => &mut self.raw.published,
            Place::Link => &mut self.raw.link,
        } = value;
    }
}

fn place_of(space: Space, name: &str) -> Option<(Place, u8)> {
    let place = match (space, name) {
        (Space::Feed, "title") => (Place::Title, 0),
        (Space::Dc | Space::Itunes, "title") => (Place::Title, 2),
        (Space::Media, "title") => (Place::Title, 3),
        (Space::Feed, "description" | "summary") => (Place::Summary, 0),
        (Space::Feed, "abstract" | "excerpt") => (Place::Summary, 1),
        (Space::Dc, "description" | "abstract") | (Space::Itunes, "summary") => (Place::Summary, 2),
        (Space::Media, "description") => (Place::Summary, 3),
        (Space::Itunes, "subtitle") | (Space::Feed, "subtitle") => (Place::Summary, 4),
        (Space::Media, "text") => (Place::Summary, 5),
        (Space::Content, "encoded") => (Place::Content, 0),
        (Space::Feed, "content" | "encoded") => (Place::Content, 1),
        (Space::Xhtml | Space::Feed, "body" | "div") => (Place::Content, 2),
        (Space::Feed, "fullitem" | "fulltext") => (Place::Content, 3),
        (Space::Feed, "guid" | "id") => (Place::Guid, 0),
        (Space::Dc, "identifier") => (Place::Guid, 2),
        (Space::Feed, "pubdate" | "published") => (Place::Date, 0),
        (Space::Feed, "issued") => (Place::Date, 1),
        (Space::Dc, "date" | "issued" | "available") => (Place::Date, 2),
        (Space::Feed, "date") => (Place::Date, 2),
        (Space::Feed, "updated" | "modified") | (Space::Dc, "modified") => (Place::Date, 3),
        (_, "created" | "pubdate" | "published" | "updated") => (Place::Date, 4),
        (Space::Other, "origlink") => (Place::Link, 5),
        (Space::Feed, name) => nearly_known(name)?,
        _ => return None,
    };
    Some(place)
}

/// The place of a name in which a letter is damaged; of the last rank.
fn nearly_known(name: &str) -> Option<(Place, u8)> {
    const KNOWN: [(&str, Place); 9] = [
        ("title", Place::Title),
        ("description", Place::Summary),
        ("summary", Place::Summary),
        ("content", Place::Content),
        ("guid", Place::Guid),
        ("pubdate", Place::Date),
        ("published", Place::Date),
        ("updated", Place::Date),
        ("link", Place::Link),
    ];
    let known = KNOWN.iter().find(|(known, _)| is_nearly(name, known));
    known.map(|(_, place)| (*place, 9))
}

/// The text of an element as HTML, whatever its publisher wrote it in.
fn text_of(field: &Field<'_>, form: Form) -> String {
    let said = field.attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
    let mode = field.attribute("mode").unwrap_or_default().to_ascii_lowercase();
    if mode == "base64" {
        return decoded(&field.content()).unwrap_or_default();
    }
    match (form, said.as_str()) {
        (_, "xhtml" | "application/xhtml+xml") => field.markup(),
        // Atom writes what is neither text nor XML in base64 (RFC 4287, 4.1.3.3).
        (Form::Atom, kind) if is_binary(kind) => {
            decoded(&field.content()).unwrap_or_else(|| field.content())
        }
        (Form::Atom, _) if mode == "xml" => field.markup(),
        (Form::Atom, "" | "text" | "text/plain") => html::from_plain(&field.content()),
        _ => field.content(),
    }
}

/// Whether a media type is neither text nor XML.
fn is_binary(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_xml = kind.ends_with("/xml") || kind.ends_with("+xml");
    kind.contains('/') && !kind.starts_with("text/") && !is_xml && !kind.contains("html")
}

fn decoded(text: &str) -> Option<String> {
    let written: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = STANDARD.decode(written).ok()?;
    String::from_utf8(bytes).ok()
}

fn is_alternate(link: &Field<'_>) -> bool {
    link.attribute("rel").is_none_or(|rel| {
        let rel = rel.trim().to_ascii_lowercase();
        rel.is_empty() || rel.rsplit('/').next() == Some("alternate")
    })
}

/// Whether a link leads to what people read, as far as it says.
fn is_page(link: &Field<'_>) -> bool {
    link.attribute("type").is_none_or(|said| said.is_empty() || said.contains("html"))
}

/// The address that a link carries: as its content in RSS, as an attribute in Atom.
fn address_of(link: &Field<'_>) -> String {
    let attribute = link.attribute("href").or_else(|| link.attribute("rdf:resource"));
    attribute.unwrap_or_else(|| link.content()).trim().to_owned()
}

/// An address put on a base, where the base is whole; else the address.
fn joined(base: &str, address: &str) -> String {
    let whole = url::Url::parse(base.trim()).and_then(|base| base.join(address.trim()));
    whole.map_or_else(|_| address.trim().to_owned(), String::from)
}
