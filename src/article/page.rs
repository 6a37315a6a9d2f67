//! A web page to the article on it. Streams over the page for what its head
//! says; the main text is chosen by a readability tree, but only where the page
//! is small and flat enough for one to be built safely.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::Document;
use dom_smoothie::{Config, Readability};
use jiff::Timestamp;
use url::Url;

use crate::article::head::Head;
use crate::text::markup::{self, Piece, find_ignoring_case};
use crate::text::{charset, html};

/// An article as its page shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The headline, plain text on one line.
    pub title: String,
    /// The main text, plain; paragraphs, captions among them, parted by blank lines.
    pub text: String,
    /// When the page says that it came out.
    pub published: Option<Timestamp>,
    /// Who the page says wrote it.
    pub byline: Option<String>,
    /// Where the page says that it belongs, a whole http or https URL.
    pub canonical: Option<String>,
    /// How the main text was found.
    pub way: Way,
}

/// How the main text of a page was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Way {
    /// The publisher's own copy for machines.
    Embedded,
    /// The readability tree.
    Readable,
    /// All text of the narrowest element that holds the article.
    #[default]
    Whole,
}

/// Larger pages are read up to here.
const LARGEST: usize = 4 * 1024 * 1024;
/// The work of building a tree grows with the square of the depth.
const DEEPEST: usize = 512;
/// So does the work on a text that is in many pieces; real pages have a tenth.
const MOST_PIECES: usize = 100_000;

/// Reads a page. Never fails: the worst page gives an empty text.
pub fn read(bytes: &[u8], content_type: Option<&str>, url: Option<&Url>) -> Page {
    let decoded = charset::decode(&bytes[..bytes.len().min(LARGEST)], content_type);
    let source = decoded.text.as_str();
    let head = Head::of(source);
    let linked = head.linked_data.as_ref();
    let (text, way) = main_text(source, linked.map_or("", |data| &data.body), url);
    let canonical = head.canonical.as_deref().and_then(|link| whole(link, url));
    Page {
        title: head.title(),
        text,
        published: linked.and_then(|data| data.published).or(head.published),
        byline: linked.and_then(|data| data.byline.clone()).or(head.author),
        canonical,
        way,
    }
}

/// The publisher's own copy where it is whole, the readability tree's choice,
/// or everything in the article's element.
fn main_text(source: &str, embedded: &str, url: Option<&Url>) -> (String, Way) {
    const TOO_SHORT: usize = 140;
    let readable = readable(source, url).unwrap_or_default();
    let embedded = html::plain(embedded);
    // A teaser also goes by the name of a body, and a body without paragraphs
    // is read worse than the same words with them.
    let whole = embedded.len() >= TOO_SHORT && embedded.len() * 10 >= readable.len() * 6;
    let flat = !embedded.contains("\n\n")
        && readable.contains("\n\n")
        && readable.len() * 10 >= embedded.len() * 9;
    if whole && !flat {
        return (embedded, Way::Embedded);
    }
    if readable.len() >= TOO_SHORT {
        return (readable, Way::Readable);
    }
    (html::plain(narrowest(source)), Way::Whole)
}

/// The main text by readability; none where the page is too deep, the reader
/// panics, or nothing was found.
fn readable(source: &str, url: Option<&Url>) -> Option<String> {
    let shape = Shape::of(source);
    if shape.deepest > DEEPEST || shape.pieces > MOST_PIECES {
        return None;
    }
    let choose = || {
        let document = Document::from(source);
        prune(&document);
        let config =
            Config { char_threshold: 80, max_elements_to_parse: 50_000, ..Config::default() };
        let url = url.map(Url::as_str);
        let article = Readability::with_document(document, url, Some(config)).ok()?.parse().ok()?;
        Some(html::plain(&article.content))
    };
    catch_unwind(AssertUnwindSafe(choose)).ok()?
}

/// Removes what surrounds an article. Never what holds the headline or a large
/// share of the text: publishers name their elements as they like.
fn prune(document: &Document) {
    const AROUND: &str = "nav, footer, aside, form, noscript, iframe, [role=navigation], [role=dialog], \
        [class*=cookie], [id*=cookie], [class*=consent], [id*=consent], [class*=newsletter], \
        [class*=related], [class*=recommended], [class*=share], [class*=social], [class*=comments], \
        [class*=most-read], [class*=trending], [class*=breadcrumb]";
    let all = document.select("body").text().len();
    for node in document.select(AROUND).nodes() {
        let name = node.node_name().unwrap_or_default().to_ascii_lowercase();
        let kept = matches!(name.as_str(), "html" | "body" | "main" | "article" | "figcaption");
        let holds_headline = !dom_query::Selection::from(*node).select("h1").is_empty();
        if !kept && !holds_headline && node.text().len() * 10 < all * 4 {
            node.remove_from_parent();
        }
    }
}

/// What a tree of the page would be like, counted without building it.
struct Shape {
    /// What a page leaves open counts as open, as a tree builder would have it.
    deepest: usize,
    /// Tags and references.
    pieces: usize,
}

impl Shape {
    fn of(source: &str) -> Shape {
        let mut shape =
            Shape { deepest: 0, pieces: source.bytes().filter(|byte| *byte == b'&').count() };
        let mut depth = 0usize;
        for (_, piece) in markup::pieces(source) {
            shape.pieces += 1;
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

/// Whether an element stays open until it is closed.
fn nests(name: &str) -> bool {
    const DO_NOT: [&str; 22] = [
        "br", "hr", "img", "input", "meta", "link", "source", "wbr", "area", "base", "col",
        "embed", "track", "param", "p", "li", "td", "tr", "th", "option", "dt", "dd",
    ];
    !DO_NOT.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// The source of the element that holds the article, as far as its name tells.
fn narrowest(source: &str) -> &str {
    let between = |name: &str| {
        let start = find_ignoring_case(source, &format!("<{name}"))?;
        let close = format!("</{name}");
        let end = source.to_ascii_lowercase().rfind(&close).filter(|end| *end > start);
        Some(&source[start..end.unwrap_or(source.len())])
    };
    ["article", "main", "body"].into_iter().find_map(between).unwrap_or(source)
}

fn whole(link: &str, url: Option<&Url>) -> Option<String> {
    let whole = url.map_or_else(|| Url::parse(link), |base| base.join(link)).ok()?;
    matches!(whole.scheme(), "http" | "https").then(|| whole.into())
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Page, Shape, Way, read};

    const ONE: &str = "Officials said that the fighters came early on Thursday and struck two checkpoints at once, \
        killing ten soldiers and wounding eleven others in the district.";
    const TWO: &str = "A spokesman for the governor said that reinforcements had been sent to the area, and that \
        the road to the provincial capital was open again by noon.";

    fn page(html: &str) -> Page {
        read(html.as_bytes(), Some("text/html"), Some(&Url::parse("https://a.org/d/1").unwrap()))
    }

    fn article(head: &str, body: &str) -> String {
        format!(
            "<!DOCTYPE html><html><head><title>Ten killed in attack on checkpoints | The Paper</title>{head}</head>\
             <body><nav><a href=/>Home</a><a href=/w>World</a></nav><article><h1>Ten killed in attack</h1>{body}</article>\
             <div class=related><h3>More</h3><p>Something else entirely, which happened elsewhere.</p></div>\
             <footer><p>Copyright The Paper</p></footer></body></html>"
        )
    }

    #[test]
    fn the_main_text_is_found_among_the_rest() {
        let figure = "<figure><img src=x><figcaption>A checkpoint in 2018. (Photo by AFP)</figcaption></figure>";
        let page = page(&article("", &format!("{figure}<p>{ONE}</p><p>{TWO}</p><p>{ONE}</p>")));
        assert_eq!(page.way, Way::Readable);
        assert!(page.text.contains(&format!("{ONE}\n\n{TWO}\n\n{ONE}")), "{}", page.text);
        assert!(
            !page.text.contains("Something else") && !page.text.contains("Copyright"),
            "{}",
            page.text
        );
        assert!(
            page.text
                .split("\n\n")
                .all(|p| !p.contains("Photo by") || p == "A checkpoint in 2018. (Photo by AFP)")
        );
        assert_eq!(page.title, "Ten killed in attack");
    }

    #[test]
    fn the_publishers_own_copy_is_preferred_where_it_is_whole() {
        let data = |body: &str| {
            let json = serde_json::json!({"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, {
                "@type": ["NewsArticle"], "headline": "Ten &amp; more killed", "articleBody": body,
                "datePublished": "2018-11-29T10:00:00+04:30", "author": [{"name": "Ann B."}, {"name": "C. D."}]}]});
            format!("<script type=\"application/ld+json\">{json}</script>")
        };
        let body = format!("<p>{ONE}</p><p>{TWO}</p>");
        let page_of = |embedded: &str| page(&article(&data(embedded), &body));
        let whole = page_of(&format!("{ONE}\n\n{TWO}"));
        assert_eq!((whole.way, whole.text), (Way::Embedded, format!("{ONE}\n\n{TWO}")));
        assert_eq!(whole.title, "Ten & more killed");
        assert_eq!(whole.byline.as_deref(), Some("Ann B., C. D."));
        assert_eq!(whole.published.unwrap().to_string(), "2018-11-29T05:30:00Z");
        let teaser = page_of("Ten killed …");
        assert_eq!(teaser.way, Way::Readable);
        let flat = page_of(&format!("{ONE} {TWO}"));
        assert!(flat.text.contains("\n\n"), "{:?}", flat.way);
    }

    #[test]
    fn the_head_tells_title_date_author_and_place() {
        let head = "<meta property=og:title content=\"Ten &quot;soldiers&quot; killed\">\
            <meta name=author content='Ann B.'><link rel=canonical href=\"/d/1?x=1&amp;y=2\">\
            <meta property=\"article:published_time\" content=\"2018-11-29T05:30:00Z\">";
        let page = page(&article(head, &format!("<time datetime=2001-01-01>x</time><p>{ONE}</p>")));
        assert_eq!(page.title, "Ten \"soldiers\" killed");
        assert_eq!(page.byline.as_deref(), Some("Ann B."));
        assert_eq!(page.canonical.as_deref(), Some("https://a.org/d/1?x=1&y=2"));
        assert_eq!(page.published.unwrap().to_string(), "2018-11-29T05:30:00Z");
    }

    #[test]
    fn a_title_loses_the_name_of_its_site() {
        for (title, wanted) in [
            (
                "Ten killed in attack on checkpoints | The Paper",
                "Ten killed in attack on checkpoints",
            ),
            ("Ten killed - two hurt", "Ten killed - two hurt"),
            ("", ""),
        ] {
            assert_eq!(page(&format!("<title>{title}</title><p>x")).title, wanted);
        }
    }

    #[test]
    fn a_deep_page_is_read_without_a_tree() {
        let started = std::time::Instant::now();
        for unit in ["<div>", "<b><i>", "<table><tr><td>", "<a><p>", "<noscript>", "<h1>"] {
            let page = page(&format!("<body>{}{ONE}", unit.repeat(30_000)));
            assert!(page.text.contains("Officials said"), "{unit}");
        }
        page(&"<script>".repeat(100_000));
        page(&"<div class=share>x</div>".repeat(20_000));
        page(&"&#".repeat(1_000_000));
        // Just shallow enough for a tree.
        let nested = page(&format!("<body>{}<p>{ONE}</p><p>{TWO}</p>", "<div>".repeat(500)));
        assert!(nested.text.contains("Officials said"));
        assert_eq!(Shape::of("<div><p><p><br><b>x</b></div>").deepest, 2);
        assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    }

    #[test]
    fn the_worst_page_gives_an_empty_text() {
        for html in [
            "",
            "\0\0",
            "<",
            "<html>",
            "<script>",
            "<script type=ld+json>{",
            "<title>",
            "<body></body>",
        ] {
            assert_eq!(page(html).text.trim_matches(['<', '\0', '{']), "", "{html}");
        }
    }
}
