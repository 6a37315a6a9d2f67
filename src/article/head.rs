//! What a page says of itself outside its main text: its headline, date, author
//! and place, and the publisher's own copy of the article for machines.

use jiff::Timestamp;
use serde_json::Value;

use crate::text::markup::{self, Piece, attribute, find_ignoring_case, floor_boundary};
use crate::text::{html, stamp};

/// What the page says of itself outside its main text.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub linked_data: Option<LinkedData>,
    shared_title: Option<String>,
    page_title: Option<String>,
    headline: Option<String>,
    pub published: Option<Timestamp>,
    pub author: Option<String>,
    pub canonical: Option<String>,
    /// It calls itself an article, or gives the date on which one came out.
    marks_article: bool,
}

impl Head {
    pub fn of(source: &str) -> Head {
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
            "og:type" => self.marks_article |= content.eq_ignore_ascii_case("article"),
            "og:url" => self.canonical = self.canonical.take().or(Some(content)),
            "author" | "article:author" if !content.starts_with("http") => {
                self.author = Some(html::line(&content))
            }
            // What a head says is believed before any `<time>` in the page.
            "article:published_time" => {
                self.marks_article = true;
                self.published = self.published.or_else(|| stamp::parse(&content));
            }
            "datepublished" | "date" | "pubdate" | "dc.date.issued" | "parsely-pub-date" => {
                self.published = self.published.or_else(|| stamp::parse(&content));
            }
            _ => {}
        }
    }

    /// Whether the page says to machines that it is an article.
    pub fn says_article(&self) -> bool {
        self.marks_article || self.linked_data.is_some()
    }

    /// Its `<title>`, with the name of the site; empty where there is none.
    pub fn page_title(&self) -> &str {
        self.page_title.as_deref().unwrap_or_default()
    }

    /// The headline as the page tells it best.
    pub fn title(&self) -> String {
        let linked = self.linked_data.as_ref().map(|data| data.headline.clone());
        let told = [linked, self.shared_title.clone(), self.headline.clone()];
        let told = told.into_iter().flatten().find(|title| !title.is_empty());
        told.unwrap_or_else(|| without_site(self.page_title()).to_owned())
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

/// An article in schema.org's words.
#[derive(Debug, Default)]
pub(super) struct LinkedData {
    headline: String,
    pub body: String,
    pub published: Option<Timestamp>,
    pub byline: Option<String>,
    /// It does not say that it has to be paid for.
    pub is_free: bool,
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
            is_free: article.get("isAccessibleForFree").is_none_or(|free| !is_no(free)),
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

/// `false` as it is written: some publishers make it a word.
fn is_no(value: &Value) -> bool {
    *value == Value::Bool(false)
        || value.as_str().is_some_and(|word| word.eq_ignore_ascii_case("false"))
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
