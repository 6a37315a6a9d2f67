//! Where an article comes from: a file, an address, standard input; text or a page.

use std::fs::File;
use std::io::{self, Read};

use anyhow::{Context, bail};
use jiff::Timestamp;
use url::Url;

use crate::article::Article;
use crate::article::kind::Kind;
use crate::article::page::{self, Page};
use crate::fetch::{Client, Payload, Request, Settings};
use crate::pages::worker::Workers;
use crate::text::charset;
use crate::text::html;

/// Longer than any article.
const LARGEST: u64 = 16 << 20;

/// Reads what `name` names.
pub(super) fn article(name: &str) -> anyhow::Result<Article> {
    if name.starts_with("http://") || name.starts_with("https://") {
        return fetched(name);
    }
    let bytes = match name {
        "-" => bytes(io::stdin().lock()).context("standard input cannot be read")?,
        path => {
            File::open(path).and_then(bytes).with_context(|| format!("`{path}` cannot be read"))?
        }
    };
    if bytes.len() as u64 > LARGEST {
        bail!("`{name}` is longer than {} MiB and cannot be an article", LARGEST >> 20);
    }
    if is_page(&bytes) {
        return Ok(of_page(page::read(&bytes, None, None), None));
    }
    let text = charset::decode(&bytes, None).text;
    if !is_text(&text) {
        bail!("`{name}` is not text: watchfire reads plain text and HTML pages");
    }
    Ok(of_text(&text))
}

/// Whether the beginning holds next to nothing that no writer types.
fn is_text(text: &str) -> bool {
    let sample = || text.chars().take(4096);
    // Escapes and the like may be somebody's trick inside a text; they are shown harmless.
    let odd = |c: &char| matches!(c, '\u{fffd}' | '\0'..='\u{8}');
    sample().filter(odd).count() * 20 <= sample().count()
}

fn bytes(input: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn fetched(address: &str) -> anyhow::Result<Article> {
    let url = Url::parse(address).with_context(|| format!("`{address}` is no address"))?;
    let client = Client::new(Settings::default())?;
    let request = Request::page(url);
    let runtime = super::super::run::runtime()?;
    let response = runtime
        .block_on(client.get(&request, Timestamp::now()))
        .with_context(|| format!("`{address}` cannot be read"))?;
    match response.payload {
        Payload::Whole { bytes, content_type, .. } => {
            let workers = Workers::of_this_program();
            let (kind, url) = (content_type.as_deref(), Some(&response.url));
            let page = runtime.block_on(workers.read(&bytes, kind, url));
            let page = page.with_context(|| format!("`{address}` cannot be read"))?;
            if let Some(what) = no_article(page.kind) {
                bail!("`{address}` shows {what}: `{}`", page.title);
            }
            Ok(of_page(page, url))
        }
        Payload::NotModified => bail!("`{address}` answered that nothing changed, unasked"),
    }
}

/// What a page shows on which there is nothing to read.
fn no_article(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Article | Kind::Index | Kind::Paywall => None,
        Kind::Consent => Some("a question about cookies"),
        Kind::Missing => Some("that there is no such page"),
        Kind::Wall => Some("a question whether a person asks"),
        Kind::Empty => Some("next to no text"),
    }
}

/// Whether the bytes begin as a web page does, blanks and a byte order mark aside.
fn is_page(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let start = start[..start.len().min(64)].to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<!--", "<?xml", "<article", "<div", "<p>"]
        .iter()
        .any(|tag| start.starts_with(tag.as_bytes()))
}

fn of_page(page: Page, url: Option<&Url>) -> Article {
    Article {
        title: page.title,
        text: page.text,
        published: page.published,
        link: url.map(Url::to_string).or(page.canonical),
        ..Article::default()
    }
}

/// The first line is the title where a blank line follows it.
fn of_text(text: &str) -> Article {
    let text = html::clean(text).replace("\r\n", "\n");
    let text = text.trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (title, body) = match rest.split_once('\n') {
        Some((second, body)) if second.trim().is_empty() => (first.trim(), body),
        _ => ("", text),
    };
    Article { title: title.to_owned(), text: body.trim().to_owned(), ..Article::default() }
}

#[cfg(test)]
mod tests {
    use super::{is_page, is_text, of_text};

    #[test]
    fn a_binary_file_is_not_text() {
        for (text, wanted) in [
            ("Ten died.\n\nSix fled.", true),
            ("", true),
            ("د ده تن ووژل شول", true),
            ("\u{7f}ELF\u{2}\u{1}\u{1}\u{0}\u{0}\u{0}", false),
            ("ab\u{fffd}\u{fffd}cd", false),
        ] {
            assert_eq!(is_text(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn a_first_line_before_a_blank_one_is_the_title() {
        for (text, title, body) in [
            ("Title\n\nOne.\n\nTwo.\n", "Title", "One.\n\nTwo."),
            ("Title\r\n\r\nOne.\r\n", "Title", "One."),
            ("One.\nTwo.", "", "One.\nTwo."),
            ("One.", "", "One."),
            ("", "", ""),
        ] {
            let article = of_text(text);
            assert_eq!((article.title.as_str(), article.text.as_str()), (title, body), "{text:?}");
        }
    }

    #[test]
    fn a_page_is_known_by_its_beginning() {
        for (bytes, wanted) in [
            ("\u{feff} <!DOCTYPE HTML><p>", true),
            ("<HTML lang=en>", true),
            ("5 < 6 soldiers", false),
            ("Title\n\n<b>bold</b>", false),
        ] {
            assert_eq!(is_page(bytes.as_bytes()), wanted, "{bytes}");
        }
    }
}
