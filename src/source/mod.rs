//! A publisher: where its feed lies, which of its mirrors to ask next and when,
//! and whether an answer is really its own. Decides on values; `fetch` asks.

pub mod alias;
pub mod blind;
pub mod choice;
pub mod hints;
pub mod history;
pub mod integrity;
pub mod outage;
pub mod paging;
pub mod proof;
pub mod record;
pub mod rhythm;
pub mod schedule;
pub mod standing;
pub mod state;

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::lexicon::PlaceCode;
use crate::text::fold::fold;

pub use paging::Pages;
pub use state::SourceState;

/// How often a source is polled when nothing else is said.
pub const EVERY: Duration = Duration::from_secs(5 * 60);

/// One publisher as configured: one schedule, one feed, its mirrors in order of preference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The publisher's name, as people write it.
    pub name: String,
    /// The name as a key: lower case, words joined by `-`; unique in a configuration.
    pub id: String,
    /// The country that the publisher sits in or covers, where one is given.
    pub country: Option<PlaceCode>,
    /// The feed as configured: a path such as `/rss.xml`, or a whole URL.
    pub feed: String,
    /// Where the feed is served, the preferred place first; never empty.
    pub mirrors: Vec<Mirror>,
    /// The interval that the user asked for.
    pub every: Duration,
    /// Which items have their pages read.
    #[serde(default)]
    pub pages: Pages,
    /// The longest interval that the user allows, whatever the publisher asks.
    #[serde(default)]
    pub at_least_every: Option<Duration>,
    /// How its hosts are reached.
    #[serde(default)]
    pub access: Access,
}

/// How the hosts of a source are reached, where that is not the usual way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Access {
    /// `http://`, `https://`, `socks5://` or `socks5h://`.
    pub proxy: Option<Url>,
    /// A file of PEM certificates that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Sent in place of the usual one.
    pub user_agent: Option<String>,
    /// Sent with every request to a host of the source, and to no other.
    pub headers: Vec<(String, String)>,
}

/// One place that serves the feed of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mirror {
    /// The whole URL of the feed at this mirror.
    pub url: Url,
    /// The proxy of this mirror alone, in place of the source's.
    #[serde(default)]
    pub proxy: Option<Url>,
}

/// Why a source cannot be polled as configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSource {
    /// The name has no letter or digit to make an id of.
    #[error("the name `{0}` has no letter or digit")]
    Name(String),
    /// A path alone does not say where the feed is.
    #[error("the feed `{0}` is a path: give at least one mirror, or the whole URL")]
    NoMirror(String),
    /// The text is no URL, or one that cannot be polled.
    #[error("`{text}` is not an address of a feed: {reason}")]
    Url {
        /// The text as configured.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Source {
    /// A source from its configured words. A mirror is a host (`www.a.org`), a
    /// scheme and host (`https://www.a.org`), into which the feed's path is put,
    /// or a whole URL of the feed. A feed that is itself a whole URL is the
    /// first mirror.
    pub fn new(name: &str, feed: &str, mirrors: &[&str]) -> Result<Source, BadSource> {
        let id = fold(name).replace(' ', "-");
        if id.is_empty() {
            return Err(BadSource::Name(name.to_owned()));
        }
        let whole = feed.contains("://").then(|| address(feed)).transpose()?;
        let path = match &whole {
            Some(url) => url[url::Position::BeforePath..url::Position::AfterQuery].to_owned(),
            None => format!("/{}", feed.trim_start_matches('/')),
        };
        let mut found: Vec<Mirror> = whole.map(Mirror::at).into_iter().collect();
        for text in mirrors {
            let mirror = Mirror::at(mirror_url(text, &path)?);
            if !found.contains(&mirror) {
                found.push(mirror);
            }
        }
        if found.is_empty() {
            return Err(BadSource::NoMirror(feed.to_owned()));
        }
        let (name, feed) = (name.to_owned(), feed.to_owned());
        Ok(Source {
            name,
            id,
            country: None,
            feed,
            mirrors: found,
            every: EVERY,
            pages: Pages::Auto,
            at_least_every: None,
            access: Access::default(),
        })
    }

    /// The feed's whole URL at the mirror of this index.
    pub fn feed_url(&self, mirror: usize) -> &Url {
        &self.mirrors[mirror].url
    }

    /// How the mirror of this index is reached.
    pub fn access_of(&self, mirror: usize) -> Access {
        let proxy = self.mirrors[mirror].proxy.clone().or_else(|| self.access.proxy.clone());
        Access { proxy, ..self.access.clone() }
    }

    /// Whether a host is this publisher's, a `www.`, `m.` or `amp.` before it ignored.
    pub fn owns_host(&self, host: &str) -> bool {
        let host = bare_host(host);
        self.mirrors.iter().filter_map(|mirror| mirror.url.host_str()).any(|h| bare_host(h) == host)
    }
}

impl Mirror {
    /// A mirror reached as its source is.
    pub fn at(url: Url) -> Mirror {
        Mirror { url, proxy: None }
    }

    /// The host with its port where that is not the usual one: what is asked one
    /// request at a time.
    pub fn host(&self) -> String {
        host_of(&self.url)
    }
}

/// The host of a URL, with its port where that is not the usual one.
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A host without the prefix that marks one of its editions.
fn bare_host(host: &str) -> &str {
    let host = host.trim_end_matches('.');
    ["www.", "m.", "amp.", "mobile."].iter().find_map(|p| host.strip_prefix(p)).unwrap_or(host)
}

fn mirror_url(text: &str, path: &str) -> Result<Url, BadSource> {
    let spelled = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = address(&spelled)?;
    if url.path() != "/" || url.query().is_some() {
        return Ok(url);
    }
    url.join(path).map_err(|fault| bad(text, fault))
}

fn address(text: &str) -> Result<Url, BadSource> {
    let mut url = Url::parse(text).map_err(|fault| bad(text, fault))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad(text, "only http and https are polled"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad(text, "a name or password has no place in it"));
    }
    if matches!(url.host(), Some(Host::Domain("")) | None) {
        return Err(bad(text, "it names no host"));
    }
    url.set_fragment(None);
    Ok(url)
}

fn bad(text: &str, reason: impl ToString) -> BadSource {
    BadSource::Url { text: text.to_owned(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn a_mirror_is_a_host_put_into_the_path_or_a_whole_url() {
        let urls = |feed: &str, mirrors: &[&str]| -> Vec<String> {
            let source = Source::new("Press TV", feed, mirrors).unwrap();
            source.mirrors.iter().map(|mirror| mirror.url.to_string()).collect()
        };
        for (feed, mirrors, wanted) in [
            (
                "/rss.xml",
                &["https://a.ir", "b.com"][..],
                &["https://a.ir/rss.xml", "https://b.com/rss.xml"][..],
            ),
            ("rss.xml", &["http://a.ir:8080/"], &["http://a.ir:8080/rss.xml"]),
            ("https://a.ir/rss?x=1", &[], &["https://a.ir/rss?x=1"]),
            (
                "https://a.ir/rss?x=1",
                &["b.com", "a.ir"],
                &["https://a.ir/rss?x=1", "https://b.com/rss?x=1"],
            ),
            ("/rss.xml", &["https://a.ir/other/feed"], &["https://a.ir/other/feed"]),
        ] {
            assert_eq!(urls(feed, mirrors), wanted, "{feed}");
        }
    }

    #[test]
    fn a_bad_source_says_what_is_wrong() {
        for (name, feed, mirrors, wanted) in [
            ("!", "/a", &["a.org"][..], "no letter"),
            ("A", "/a", &[], "at least one mirror"),
            ("A", "ftp://a.org/x", &[], "only http and https"),
            ("A", "/a", &["https://u:p@a.org"], "password"),
            ("A", "/a", &["https://"], "not an address"),
            ("A", "/a", &["file:///etc/passwd"], "only http"),
        ] {
            let fault = Source::new(name, feed, mirrors).unwrap_err().to_string();
            assert!(fault.contains(wanted), "{fault}");
        }
    }

    #[test]
    fn a_source_owns_the_editions_of_its_hosts() {
        let source =
            Source::new("Press TV", "/rss.xml", &["www.presstv.ir", "presstv.com"]).unwrap();
        assert_eq!(source.id, "press-tv");
        for (host, owned) in [
            ("presstv.ir", true),
            ("m.presstv.com", true),
            ("evil-presstv.ir", false),
            ("ir", false),
        ] {
            assert_eq!(source.owns_host(host), owned, "{host}");
        }
    }
}
