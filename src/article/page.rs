//! A web page to the article on it, or to what it shows instead of one. Streams
//! over the page for what its head says; the main text is chosen by `tree`.
//! Whether the text is better than what is known already is `choice`'s.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::article::head::Head;
use crate::article::kind::{self, Kind, Signs};
use crate::article::tree::{self, Chosen};
use crate::text::{charset, html};

/// An article as its page shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Whether there is an article at all.
    pub kind: Kind,
    /// The headline, plain text on one line.
    pub title: String,
    /// The main text, plain; paragraphs parted by blank lines.
    pub text: String,
    /// The words under its pictures, where the page marks them as such; they are
    /// not in the text.
    pub captions: Vec<String>,
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
pub const LARGEST: usize = 4 * 1024 * 1024;
/// Reads a page. Never fails: the worst page gives an empty text.
pub fn read(bytes: &[u8], content_type: Option<&str>, url: Option<&Url>) -> Page {
    let decoded = charset::decode(&bytes[..bytes.len().min(LARGEST)], content_type);
    let source = decoded.text.as_ref();
    let head = Head::of(source);
    let linked = head.linked_data.as_ref();
    let (chosen, way) = main_text(source, linked.map_or("", |data| &data.body), url);
    let canonical = head.canonical.as_deref().and_then(|link| whole(link, url));
    let title = head.title();
    let kind = kind::of(&Signs {
        title: &title,
        page_title: head.page_title(),
        text: &chosen.text,
        linked: chosen.linked,
        says_article: head.says_article(),
        is_free: linked.is_none_or(|data| data.is_free),
        is_front: url.is_some_and(|url| url.path() == "/" && url.query().is_none()),
    });
    Page {
        kind,
        title,
        text: chosen.text,
        captions: chosen.captions,
        published: linked.and_then(|data| data.published).or(head.published),
        byline: linked.and_then(|data| data.byline.clone()).or(head.author),
        canonical,
        way,
    }
}

/// The publisher's own copy where it is whole, the readability tree's choice,
/// or everything in the article's element.
fn main_text(source: &str, embedded: &str, url: Option<&Url>) -> (Chosen, Way) {
    const TOO_SHORT: usize = 140;
    let readable = tree::readable(source, url).unwrap_or_default();
    let embedded = html::plain(embedded);
    // A teaser also goes by the name of a body, and a body without paragraphs
    // is read worse than the same words with them.
    let whole = embedded.len() >= TOO_SHORT && embedded.len() * 10 >= readable.text.len() * 6;
    let flat = !embedded.contains("\n\n")
        && readable.text.contains("\n\n")
        && readable.text.len() * 10 >= embedded.len() * 9;
    if whole && !flat {
        return (Chosen { text: embedded, linked: 0, ..readable }, Way::Embedded);
    }
    if readable.text.len() >= TOO_SHORT {
        return (readable, Way::Readable);
    }
    let narrowest = tree::narrowest(source);
    let (text, linked) = (html::plain(narrowest), tree::linked_share(narrowest));
    (Chosen { text, linked, captions: readable.captions }, Way::Whole)
}

fn whole(link: &str, url: Option<&Url>) -> Option<String> {
    let whole = url.map_or_else(|| Url::parse(link), |base| base.join(link)).ok()?;
    matches!(whole.scheme(), "http" | "https").then(|| whole.into())
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Kind, Page, Way, read};

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
        assert_eq!(page.captions, ["A checkpoint in 2018. (Photo by AFP)"]);
        assert!(!page.text.contains("Photo by"), "{}", page.text);
        assert_eq!(page.kind, Kind::Article);
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
