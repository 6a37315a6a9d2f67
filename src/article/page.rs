//! A web page to the article on it. Streams over the page for what its head
//! says; the main text is chosen by a readability tree, but only where the page
//! is small and flat enough for one to be built safely.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::Document;
use dom_smoothie::{Config, Readability};
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::text::markup::{self, Piece, attribute, find_ignoring_case, floor_boundary};
use crate::text::{charset, html, stamp};

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
        let holds_headline = !dom_query::Selection::from(node.clone()).select("h1").is_empty();
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

/// What the page says of itself outside its main text.
#[derive(Debug, Default)]
struct Head {
    linked_data: Option<LinkedData>,
    shared_title: Option<String>,
    page_title: Option<String>,
    headline: Option<String>,
    published: Option<Timestamp>,
    author: Option<String>,
    canonical: Option<String>,
}

impl Head {
    fn of(source: &str) -> Head {
        let mut head = Head::default();
        let mut open_script = false;
        let mut pieces = markup::pieces(source);
        while let Some((_, piece)) = pieces.next() {
            let Piece::Open { name, attributes, .. } = piece else { continue };
            let at = pieces.position();
            match name.to_ascii_lowercase().as_str() {
                "meta" => head.meta(attributes),
                "link"
                    if attribute(attributes, "rel")
                        .is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) =>
                {
                    head.canonical = head.canonical.or(value(attributes, "href"));
                }
                "title" if head.page_title.is_none() => {
                    head.page_title = Some(html::line(until_close(source, at, "title")))
                }
                "h1" if head.headline.is_none() => {
                    head.headline = Some(html::line(until_close(source, at, "h1")))
                }
                "time" if head.published.is_none() => {
                    head.published =
                        value(attributes, "datetime").and_then(|text| stamp::parse(&text));
                }
                "script" if !open_script => {
                    let script = until_close(source, at, "script");
                    // One that is never closed would be looked through again and again.
                    open_script = script.is_empty() && !source[at..].starts_with("</");
                    pieces.skip_to(at + script.len());
                    if attribute(attributes, "type").is_some_and(|kind| kind.contains("ld+json")) {
                        head.linked_data = head.linked_data.or_else(|| LinkedData::of(script));
                    }
                }
                _ => {}
            }
        }
        head
    }

    fn meta(&mut self, attributes: &str) {
        let name = value(attributes, "property").or_else(|| value(attributes, "name"));
        let name =
            name.or_else(|| value(attributes, "itemprop")).unwrap_or_default().to_ascii_lowercase();
        let Some(content) = value(attributes, "content").filter(|content| !content.is_empty())
        else {
            return;
        };
        match name.as_str() {
            "og:title" => self.shared_title = Some(html::line(&content)),
            "og:url" => self.canonical = self.canonical.take().or(Some(content)),
            "author" | "article:author" if !content.starts_with("http") => {
                self.author = Some(html::line(&content))
            }
            // What a head says is believed before any `<time>` in the page.
            "article:published_time"
            | "datepublished"
            | "date"
            | "pubdate"
            | "dc.date.issued"
            | "parsely-pub-date" => {
                self.published = self.published.or_else(|| stamp::parse(&content));
            }
            _ => {}
        }
    }

    fn title(&self) -> String {
        let linked = self.linked_data.as_ref().map(|data| data.headline.clone());
        let told = [linked, self.shared_title.clone(), self.headline.clone()];
        let told = told.into_iter().flatten().find(|title| !title.is_empty());
        told.unwrap_or_else(|| without_site(self.page_title.as_deref().unwrap_or("")).to_owned())
    }
}

/// A page's title without the name of its site: `Headline | Paper`.
fn without_site(title: &str) -> &str {
    let cut =
        [" | ", " — ", " – ", " - ", " :: "].iter().filter_map(|mark| title.rfind(mark)).max();
    // A headline is longer than a name; one that is not may itself hold a dash.
    cut.filter(|at| *at >= 20 && title.len() - at < 40).map_or(title, |at| &title[..at])
}

fn value(attributes: &str, name: &str) -> Option<String> {
    attribute(attributes, name)
        .map(|value| html::clean(&html::decode_references(value)).trim().to_owned())
}

fn until_close<'a>(source: &'a str, at: usize, name: &str) -> &'a str {
    const FURTHEST: usize = 1024 * 1024;
    let rest = &source[at..floor_boundary(source, at + FURTHEST)];
    &rest[..find_ignoring_case(rest, &format!("</{name}")).unwrap_or(0)]
}

fn whole(link: &str, url: Option<&Url>) -> Option<String> {
    let whole = url.map_or_else(|| Url::parse(link), |base| base.join(link)).ok()?;
    matches!(whole.scheme(), "http" | "https").then(|| whole.into())
}

/// An article in schema.org's words.
#[derive(Debug, Default)]
struct LinkedData {
    headline: String,
    body: String,
    published: Option<Timestamp>,
    byline: Option<String>,
}

impl LinkedData {
    fn of(script: &str) -> Option<LinkedData> {
        let script = script.trim().trim_start_matches("<!--").trim_end_matches("-->");
        // Some publishers break their strings over lines, which JSON forbids.
        let document: Value = serde_json::from_str(script)
            .or_else(|_| serde_json::from_str(&script.replace(['\n', '\r', '\t'], " ")))
            .ok()?;
        let article = article_in(&document)?;
        let text = |name: &str| article.get(name).and_then(Value::as_str).unwrap_or("");
        Some(LinkedData {
            headline: html::line(text("headline")),
            body: text("articleBody").to_owned(),
            published: stamp::parse(text("datePublished")),
            byline: article.get("author").and_then(names),
        })
    }
}

/// The first article in a document, which may be a list or a graph.
fn article_in(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(values) => values.iter().find_map(article_in),
        Value::Object(fields) => {
            let is_article = fields.contains_key("articleBody")
                || fields.get("@type").is_some_and(is_article_type);
            if is_article { Some(value) } else { fields.get("@graph").and_then(article_in) }
        }
        _ => None,
    }
}

fn is_article_type(kind: &Value) -> bool {
    match kind {
        Value::String(kind) => kind.ends_with("Article") || kind.ends_with("BlogPosting"),
        Value::Array(kinds) => kinds.iter().any(is_article_type),
        _ => false,
    }
}

fn names(author: &Value) -> Option<String> {
    let name = |author: &Value| -> Option<String> {
        let name = author.get("name").unwrap_or(author).as_str()?;
        Some(html::line(name)).filter(|name| !name.is_empty() && !name.starts_with("http"))
    };
    match author {
        Value::Array(authors) => {
            let all: Vec<String> = authors.iter().filter_map(name).collect();
            Some(all.join(", ")).filter(|all| !all.is_empty())
        }
        author => name(author),
    }
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
