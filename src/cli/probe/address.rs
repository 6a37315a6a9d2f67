//! An address: the feed there or the feeds that the page there names, the mirrors
//! beside it, and the source that would watch them.

use anyhow::{Context, bail};
use jiff::Timestamp;
use url::{Position, Url};

use super::answer::{Answer, Try, Visit};
use crate::cli::look::one_line;
use crate::feed::{self, Feed, NotAFeed};
use crate::fetch::{Client, Payload, Request, Settings};
use crate::source::alias::{self, Identity};
use crate::source::{BadSource, Source};

/// Where feeds usually lie, for a page that names none.
const USUAL: [&str; 5] = ["/feed", "/rss.xml", "/rss", "/atom.xml", "/index.xml"];

/// Feeds of a page that are looked at.
const MOST_TRIED: usize = 8;

/// Looks at an address and at its mirrors.
pub(super) async fn visit(
    settings: Settings,
    address: &str,
    mirrors: &[String],
) -> anyhow::Result<Visit> {
    let url = url_of(address)?;
    let client = Client::new(settings)?;
    let mut visit = Visit { url: url.to_string(), ..Visit::default() };
    let Some((url, feed)) = find(&client, url, &mut visit.tried).await else {
        return Ok(visit);
    };
    let source = source(&url, &feed, mirrors)?;
    for (index, mirror) in source.mirrors.iter().enumerate().skip(1) {
        let answer = fetched(&client, &mirror.url).await;
        visit.mirrors.push(compared(&source, index, &feed, answer));
    }
    visit.source = Some(ready(source, &visit.mirrors));
    visit.answer = Some(Answer::of_feed(url.to_string(), feed));
    Ok(visit)
}

/// An address as people write it, with or without its scheme.
fn url_of(address: &str) -> anyhow::Result<Url> {
    let whole =
        if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    let url =
        Url::parse(&whole).with_context(|| format!("`{}` is no address", one_line(address)))?;
    if !matches!(url.scheme(), "http" | "https") {
        bail!("`{}` is no address that is polled: only http and https are", one_line(address));
    }
    Ok(url)
}

/// What one address gave: the feed with the address that it is to be polled at, or why
/// it is none.
struct Fetched {
    url: Url,
    feed: Result<Feed, String>,
    /// The feeds that a page links to.
    linked: Vec<Url>,
    is_page: bool,
}

async fn fetched(client: &Client, url: &Url) -> Fetched {
    let now = Timestamp::now();
    let failed =
        |why: String| Fetched { url: url.clone(), feed: Err(why), linked: vec![], is_page: false };
    let request = Request { accept: Request::FEED, ..Request::page(url.clone()) };
    let response = match client.get(&request, now).await {
        Ok(response) => response,
        Err(fault) => return failed(format!("{:#}", anyhow::Error::new(fault))),
    };
    let Payload::Whole { bytes, content_type, .. } = response.payload else {
        return failed("it answered that nothing changed, unasked".to_owned());
    };
    let came_from = response.url.clone();
    let read = move || feed::read(&bytes, content_type.as_deref(), &came_from, now);
    let read = match tokio::task::spawn_blocking(read).await {
        Ok(read) => read,
        Err(_) => return failed("the reader failed on it, please report it".to_owned()),
    };
    // Only what has moved for good is polled at another address than was asked.
    let url = response.moved.unwrap_or_else(|| url.clone());
    match read {
        Ok(feed) => Fetched { url, feed: Ok(feed), linked: vec![], is_page: false },
        Err(fault) => {
            let why = fault.to_string();
            let (linked, is_page) = match fault {
                NotAFeed::Html { feeds, .. } => (feeds, true),
                NotAFeed::Empty | NotAFeed::Unknown { .. } => (vec![], false),
            };
            Fetched { url, feed: Err(why), linked, is_page }
        }
    }
}

/// The feed at an address, or the first good one that the page there names; each
/// address that was asked is noted.
async fn find(client: &Client, url: Url, tried: &mut Vec<Try>) -> Option<(Url, Feed)> {
    let first = fetched(client, &url).await;
    tried.push(Try::of(&first.url, &first.feed));
    if let Ok(feed) = first.feed {
        return Some((first.url, feed));
    }
    let usual = || USUAL.iter().filter_map(|path| url.join(path).ok()).collect();
    let candidates = match first.linked {
        linked if linked.is_empty() && first.is_page => usual(),
        linked => linked,
    };
    let mut found = None;
    for candidate in candidates.into_iter().take(MOST_TRIED) {
        let next = fetched(client, &candidate).await;
        tried.push(Try::of(&next.url, &next.feed));
        match next.feed {
            // The first is the one that the page means; a feed without items is none.
            Ok(feed) if found.is_none() && !feed.items.is_empty() => found = Some((next.url, feed)),
            _ => {}
        }
    }
    found
}

/// The source that would watch a feed: a path and the hosts that serve it, or whole URLs.
fn source(url: &Url, feed: &Feed, mirrors: &[String]) -> Result<Source, BadSource> {
    let host = url.host_str().unwrap_or_default();
    let named =
        feed.title.as_deref().map(one_line).filter(|t| t.chars().any(char::is_alphanumeric));
    let name = named.unwrap_or_else(|| host.trim_start_matches("www.").to_owned());
    let mirrors: Vec<&str> = mirrors.iter().map(String::as_str).collect();
    Source::new(&name, url.as_str(), &mirrors)
}

/// A mirror's answer beside the feed that it should be.
fn compared(source: &Source, mirror: usize, feed: &Feed, answer: Fetched) -> Try {
    let own = keys(source, feed);
    let mut row = Try::of(source.feed_url(mirror), &answer.feed);
    if let Ok(other) = &answer.feed {
        let known =
            |keys: &Vec<String>| keys.iter().any(|key| own.iter().flatten().any(|k| k == key));
        row.shared = Some(keys(source, other).iter().filter(|keys| known(keys)).count());
    }
    row
}

fn keys(source: &Source, feed: &Feed) -> Vec<Vec<String>> {
    let identity = |item: &'_ feed::Item| -> (Option<String>, Option<String>, String) {
        (item.guid.clone(), item.link.clone(), item.title.clone())
    };
    let owned: Vec<_> = feed.items.iter().map(identity).collect();
    let identities: Vec<Identity<'_>> = owned
        .iter()
        .map(|(guid, link, title)| Identity { guid: guid.as_deref(), link: link.as_deref(), title })
        .collect();
    alias::keys(source, &identities)
}

/// The source with the mirrors that serve it; the others in remarks, so that nobody
/// takes them over unseen.
fn ready(mut source: Source, answers: &[Try]) -> String {
    let mut remarks = String::new();
    for answer in answers.iter().filter(|answer| !answer.is_good()) {
        source.mirrors.retain(|mirror| mirror.url.as_str() != answer.url);
        let why = answer.error.as_deref().unwrap_or("another feed: no item is shared");
        remarks += &format!("# not taken: {}: {}\n", one_line(&answer.url), one_line(why));
    }
    block(&source) + &remarks
}

/// The source as it is written into the configuration.
fn block(source: &Source) -> String {
    let path = |url: &Url| url[Position::BeforePath..].to_owned();
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let urls: Vec<&Url> = source.mirrors.iter().map(|mirror| &mirror.url).collect();
    let is_one_path = urls.iter().all(|url| path(url) == path(urls[0]));
    let mut block = format!("[[source]]\nname    = {}\n", text(&source.name));
    match urls.len() {
        1 => block += &format!("feed    = {}\n", text(urls[0].as_str())),
        _ => {
            let origin = |url: &&Url| text(&url[..Position::BeforePath]);
            let whole = |url: &&Url| text(url.as_str());
            let feed = if is_one_path { path(urls[0]) } else { urls[0].to_string() };
            let mirrors: Vec<String> = match is_one_path {
                true => urls.iter().map(origin).collect(),
                false => urls.iter().skip(1).map(whole).collect(),
            };
            block += &format!("feed    = {}\nmirrors = [{}]\n", text(&feed), mirrors.join(", "));
        }
    }
    block
}

#[cfg(test)]
mod tests {
    use super::block;
    use crate::source::Source;

    #[test]
    fn a_source_is_written_as_it_is_configured() {
        for (feed, mirrors, wanted) in [
            ("https://a.org/rss?x=1", &[][..], "feed    = \"https://a.org/rss?x=1\"\n"),
            (
                "https://a.org/rss",
                &["b.org"],
                "feed    = \"/rss\"\nmirrors = [\"https://a.org\", \"https://b.org\"]\n",
            ),
            (
                "https://a.org/rss",
                &["https://b.org/other"],
                "feed    = \"https://a.org/rss\"\nmirrors = [\"https://b.org/other\"]\n",
            ),
        ] {
            let source = Source::new("A \"B\"", feed, mirrors).unwrap();
            let written = block(&source);
            assert!(written.ends_with(wanted), "{written}");
            let read: toml::Table = toml::from_str(&written).unwrap();
            assert_eq!(read["source"][0]["name"].as_str(), Some("A \"B\""));
        }
    }
}
