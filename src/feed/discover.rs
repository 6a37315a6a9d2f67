//! The feeds that a web page names as its own.

use url::Url;

use crate::text::html;
use crate::text::markup::{self, Piece, attribute, floor_boundary};

/// A feed that a page links to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// A whole http or https URL.
    pub url: Url,
    /// What the page calls it, plain text, perhaps empty.
    pub title: String,
    /// Whether the page declares it to be its feed, and does not merely link to
    /// something that looks like one.
    pub is_declared: bool,
}

/// The feeds of a page that came from `base`, the declared before the guessed, each
/// once.
pub fn linked(page: &str, base: &Url) -> Vec<Linked> {
    /// How far into a page links are looked for.
    const WINDOW: usize = 1024 * 1024;
    /// More than any page has.
    const MOST: usize = 20;
    let mut base = base.clone();
    let mut found: Vec<Linked> = Vec::new();
    for (_, piece) in markup::pieces(&page[..floor_boundary(page, WINDOW)]) {
        let Piece::Open { name, attributes, .. } = piece else { continue };
        let is_declared = match name.to_ascii_lowercase().as_str() {
            "base" => {
                let own = value(attributes, "href").and_then(|href| base.join(&href).ok());
                base = own.unwrap_or(base);
                continue;
            }
            "link" if is_feed_link(attributes) => true,
            "a" if value(attributes, "href").is_some_and(|href| looks_like_feed(&href)) => false,
            _ => continue,
        };
        let href = value(attributes, "href").unwrap_or_default();
        let Ok(url) = base.join(href.trim()) else { continue };
        let is_known = found.iter().any(|one| one.url == url);
        if matches!(url.scheme(), "http" | "https") && !is_known && found.len() < MOST {
            let title = value(attributes, "title").unwrap_or_default();
            found.push(Linked { url, title: html::line(&title), is_declared });
        }
    }
    found.sort_by_key(|one| !one.is_declared);
    found
}

fn value(attributes: &str, name: &str) -> Option<String> {
    attribute(attributes, name).map(html::decode_references)
}

/// `<link rel="alternate" type="application/rss+xml">` and its like.
fn is_feed_link(attributes: &str) -> bool {
    let lower = |name: &str| value(attributes, name).unwrap_or_default().to_ascii_lowercase();
    let (rel, kind) = (lower("rel"), lower("type"));
    let mut rels = rel.split_ascii_whitespace();
    let is_feed_type = ["rss", "atom", "rdf+xml", "feed+json"].iter().any(|of| kind.contains(of));
    let is_plain_type =
        matches!(kind.as_str(), "text/xml" | "application/xml" | "application/json");
    rels.any(|rel| match rel {
        "alternate" => {
            // Translations and WordPress's interface are alternates as well.
            is_feed_type
                || (is_plain_type
                    && looks_like_feed(&value(attributes, "href").unwrap_or_default()))
        }
        "feed" => true,
        _ => false,
    })
}

/// Whether an address has the shape of a feed's.
fn looks_like_feed(href: &str) -> bool {
    let href = href.trim().to_ascii_lowercase();
    let path = href.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let has_end =
        [".rss", ".rdf", ".atom", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json"];
    matches!(last, "feed" | "rss" | "atom" | "feeds" | "rss2")
        || has_end.iter().any(|end| last.ends_with(end))
        || href.contains("feed=rss")
        || href.contains("feed=atom")
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::linked;

    #[test]
    fn a_page_names_its_feeds() {
        let base = Url::parse("https://a.org/news/index.html").unwrap();
        for (page, wanted) in [
            (
                "<link rel=alternate type=application/rss+xml href=rss.xml>",
                "https://a.org/news/rss.xml",
            ),
            (
                "<LINK REL='Alternate stylesheet' TYPE='Application/Atom+XML' HREF='/a?x=1&amp;y=2'>",
                "https://a.org/a?x=1&y=2",
            ),
            ("<base href='https://b.org/'><link rel=feed href=f>", "https://b.org/f"),
            (
                "<link rel=alternate type=application/feed+json href=//c.org/f.json>",
                "https://c.org/f.json",
            ),
            (
                "<link rel=alternate hreflang=fa href=/fa><link rel=alternate type=application/json href=/wp-json/1>",
                "",
            ),
            (
                "<a href='/comments/feed/'>c</a><link rel=alternate type=text/xml href=/feed>",
                "https://a.org/feed https://a.org/comments/feed/",
            ),
            ("<a href='/about'>x</a><a href='javascript:rss'>y</a><a href='ftp://a.org/rss'>", ""),
            ("<link rel=alternate type=application/rss+xml href=/r><a href=/r>", "https://a.org/r"),
        ] {
            let found: Vec<String> =
                linked(page, &base).iter().map(|one| one.url.to_string()).collect();
            assert_eq!(found.join(" "), wanted, "{page}");
        }
    }
}
