//! The main text of a page by a readability tree, but only where the page is
//! small and flat enough for one to be built safely. What stands around an
//! article is taken out before, and the words under its pictures are kept apart.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::{Document, NodeRef, Selection};
use dom_smoothie::{Config, Readability};
use url::Url;

use crate::text::html;
use crate::text::markup::{self, Piece, find_ignoring_case};

/// The work of building a tree grows with the square of the depth.
const DEEPEST: usize = 512;
/// Many pieces, all of them deep; real pages have a twentieth.
const MOST_WORK: usize = 4_000_000;
/// With the square of the attributes of one tag, too; real tags have a dozen.
const MOST_ATTRIBUTES: usize = 500;
/// So does the work on a text that is in many pieces; real pages have a tenth.
const MOST_PIECES: usize = 100_000;

/// What a tree gave.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// The main text, plain, paragraphs parted by blank lines.
    pub text: String,
    /// The words under pictures, in the order of the page.
    pub captions: Vec<String>,
    /// How much of the text is in links, in percent.
    pub linked: usize,
}

/// The main text by readability; none where the page is too deep, the reader
/// panics, or nothing was found.
pub(super) fn readable(source: &str, url: Option<&Url>) -> Option<Chosen> {
    let shape = Shape::of(source);
    let Shape { deepest, pieces, attributes } = shape;
    let is_large = pieces > MOST_PIECES || deepest * pieces > MOST_WORK;
    if deepest > DEEPEST || is_large || attributes > MOST_ATTRIBUTES {
        return None;
    }
    let choose = || {
        let document = Document::from(source);
        prune(&document);
        let captions = take_captions(&document);
        let config =
            Config { char_threshold: 80, max_elements_to_parse: 50_000, ..Config::default() };
        let url = url.map(Url::as_str);
        let article = Readability::with_document(document, url, Some(config)).ok()?.parse().ok()?;
        let linked = linked_share(&article.content);
        Some(Chosen { text: html::plain(&article.content), captions, linked })
    };
    catch_unwind(AssertUnwindSafe(choose)).ok()?
}

/// Removes what surrounds an article. Never what holds the headline or a large
/// share of the text: publishers name their elements as they like.
fn prune(document: &Document) {
    const AROUND: &str = "nav, footer, aside, form, noscript, iframe, [role=navigation], [role=dialog], \
        [aria-modal=true], [hidden], [class*=cookie], [id*=cookie], [class*=consent], [id*=consent], \
        [class*=gdpr], [id*=gdpr], [class*=newsletter], [class*=subscribe], [class*=related], \
        [id*=related], [class*=recommended], [class*=share], [class*=sharing], [class*=social], \
        [class*=comments], [id*=comments], [id*=disqus], [class*=most-read], [class*=popular], \
        [class*=trending], [class*=breadcrumb], [class*=read-also], [class*=also-read], \
        [class*=promo], [class*=advert], [class*=sponsor], [class*=tag-list], [class*=tags]";
    let all = document.select("body").text().len();
    for node in document.select(AROUND).nodes() {
        let name = node.node_name().unwrap_or_default().to_ascii_lowercase();
        let kept = matches!(name.as_str(), "html" | "body" | "main" | "article" | "figcaption");
        if !kept && is_aside(node, all) {
            node.remove_from_parent();
        }
    }
}

/// Whether an element may go: no headline in it, and no large share of the text.
fn is_aside(node: &NodeRef<'_>, all: usize) -> bool {
    let holds_headline = !Selection::from(*node).select("h1").is_empty();
    !holds_headline && node.text().len() * 10 < all * 4
}

/// Takes the words under pictures out of the tree, each once.
fn take_captions(document: &Document) -> Vec<String> {
    const CAPTIONS: &str =
        "figcaption, [class*=caption], [itemprop=caption], [class*=photo-credit]";
    /// Longer ones are text that a publisher puts into such an element.
    const LONGEST: usize = 600;
    let all = document.select("body").text().len();
    let mut captions: Vec<String> = Vec::new();
    for node in document.select(CAPTIONS).nodes() {
        let name = node.node_name().unwrap_or_default().to_ascii_lowercase();
        // A frame around picture and words (`wp-caption`) goes with all that is in it.
        let holds_more = matches!(name.as_str(), "html" | "body" | "main" | "article" | "section");
        let text = html::line(&node.html());
        if holds_more || text.len() > LONGEST || !is_aside(node, all) {
            continue;
        }
        node.remove_from_parent();
        if !text.is_empty() && !captions.iter().any(|caption| caption.contains(&text)) {
            captions.push(text);
        }
    }
    captions
}

/// How much of the text of a piece of HTML is in links, in percent.
pub(super) fn linked_share(html: &str) -> usize {
    let (mut inside, mut linked, mut all) = (false, 0, 0);
    for (_, piece) in markup::pieces(html) {
        match piece {
            Piece::Open { name, .. } if name.eq_ignore_ascii_case("a") => inside = true,
            Piece::Close { name } if name.eq_ignore_ascii_case("a") => inside = false,
            Piece::Text(text) => {
                let length = text.trim().len();
                all += length;
                linked += if inside { length } else { 0 };
            }
            _ => {}
        }
    }
    (linked * 100).checked_div(all).unwrap_or(0)
}

/// What a tree of the page would be like, counted without building it.
struct Shape {
    /// What a page leaves open counts as open, as a tree builder would have it.
    deepest: usize,
    /// Tags and references.
    pieces: usize,
    /// The most that one tag has, or might have.
    attributes: usize,
}

impl Shape {
    fn of(source: &str) -> Shape {
        let mut shape = Shape {
            deepest: 0,
            pieces: source.bytes().filter(|byte| *byte == b'&').count(),
            attributes: 0,
        };
        let mut depth = 0usize;
        for (_, piece) in markup::pieces(source) {
            shape.pieces += 1;
            if let Piece::Open { attributes, .. } = piece {
                // Without values they are parted by blanks.
                let parted = attributes.bytes().filter(|b| *b == b'=' || b.is_ascii_whitespace());
                shape.attributes =
                    shape.attributes.max(attribute_count(attributes, parted.count()));
            }
            match piece {
                Piece::Open { name, empty: false, .. } if nests(name) => depth += 1,
                Piece::Close { name } if nests(name) => depth = depth.saturating_sub(1),
                _ => {}
            }
            shape.deepest = shape.deepest.max(depth);
        }
        shape
    }
}

/// How many attributes a tag has; counted one by one only where there may be many.
fn attribute_count(attributes: &str, at_most: usize) -> usize {
    if at_most <= MOST_ATTRIBUTES {
        return at_most;
    }
    markup::attributes_of(attributes).take(MOST_ATTRIBUTES + 1).count()
}

/// Whether an element stays open until it is closed.
fn nests(name: &str) -> bool {
    const DO_NOT: [&str; 22] = [
        "br", "hr", "img", "input", "meta", "link", "source", "wbr", "area", "base", "col",
        "embed", "track", "param", "p", "li", "td", "tr", "th", "option", "dt", "dd",
    ];
    !DO_NOT.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// The source of the element that holds the article, as far as its name tells.
pub(super) fn narrowest(source: &str) -> &str {
    let between = |name: &str| {
        let start = find_ignoring_case(source, &format!("<{name}"))?;
        let close = format!("</{name}");
        let end = source.to_ascii_lowercase().rfind(&close).filter(|end| *end > start);
        Some(&source[start..end.unwrap_or(source.len())])
    };
    ["article", "main", "body"].into_iter().find_map(between).unwrap_or(source)
}

#[cfg(test)]
mod tests {
    use super::{Shape, linked_share};

    #[test]
    fn the_shape_of_a_page_is_counted_without_a_tree() {
        assert_eq!(Shape::of("<div><p><p><br><b>x</b></div>").deepest, 2);
        assert_eq!(Shape::of("&amp;<b>x</b>").pieces, 5);
    }

    #[test]
    fn links_are_weighed_against_the_rest() {
        for (html, wanted) in
            [("<p>abcd <a href=x>efgh</a>", 50), ("<a>ab</a><a>cd</a>", 100), ("<p>ab", 0), ("", 0)]
        {
            assert_eq!(linked_share(html), wanted, "{html}");
        }
    }
}
