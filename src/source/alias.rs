//! The names under which one item is known inside its source, whichever mirror
//! carried it. Two items that share a key are one article; never across sources.

use std::collections::HashMap;

use url::Url;

use crate::source::{Source, bare_host};
use crate::text::fold::fold;

/// What an item says of its identity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The publisher's own id, as written.
    pub guid: Option<&'a str>,
    /// Where it links to, as a whole URL.
    pub link: Option<&'a str>,
    /// Its headline.
    pub title: &'a str,
}

/// The alias keys of every item of one feed, in the feed's order. Each item has
/// at least one unless it has neither id, link nor title. A key that stands for
/// two different items of the feed is given to neither.
pub fn keys(source: &Source, items: &[Identity<'_>]) -> Vec<Vec<String>> {
    let claims: Vec<Claims> = items.iter().map(|item| Claims::of(source, item)).collect();
    let ambiguous = ambiguous(&claims);
    claims.into_iter().map(|claims| claims.keys(&ambiguous)).collect()
}

/// The key of the place where a page says that it belongs, when that is one of the
/// source's own hosts.
pub fn of_page(source: &Source, canonical: &str) -> Option<String> {
    place(source, canonical).filter(|key| key.starts_with("path:"))
}

/// The keys that an item could have.
#[derive(Debug, PartialEq, Eq)]
struct Claims {
    guid: Option<String>,
    guid_path: Option<String>,
    link_path: Option<String>,
    title: String,
}

impl Claims {
    fn of(source: &Source, item: &Identity<'_>) -> Claims {
        let guid = item.guid.map(str::trim).filter(|guid| !guid.is_empty());
        Claims {
            guid: guid.map(|guid| format!("guid:{guid}")),
            guid_path: guid.and_then(|guid| place(source, guid)),
            link_path: item.link.and_then(|link| place(source, link)),
            title: fold(item.title),
        }
    }

    fn all(&self) -> impl Iterator<Item = &String> {
        [&self.guid, &self.guid_path, &self.link_path].into_iter().flatten()
    }

    fn keys(self, ambiguous: &HashMap<String, bool>) -> Vec<String> {
        let mut keys: Vec<String> = Vec::with_capacity(3);
        for key in self.all() {
            if !ambiguous[key] && !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        // A last resort, so that an item without a usable id is still new only once.
        if keys.is_empty() && !self.title.is_empty() {
            keys.push(format!("title:{}", self.title));
        }
        keys
    }
}

/// Every key of the feed, and whether it stands for items that differ.
fn ambiguous(claims: &[Claims]) -> HashMap<String, bool> {
    let mut first: HashMap<&String, &Claims> = HashMap::new();
    let mut ambiguous: HashMap<String, bool> = HashMap::new();
    for claim in claims {
        for key in claim.all() {
            let differs = *first.entry(key).or_insert(claim) != claim;
            *ambiguous.entry(key.clone()).or_default() |= differs;
        }
    }
    ambiguous
}

/// A URL as a place inside the source: `path:/2026/11/x?id=5` on any of its own
/// hosts, `link:other.org/x` on another's. None for text that is no URL and for
/// a front page.
fn place(source: &Source, text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/amp").or_else(|| path.strip_suffix(".amp")).unwrap_or(path);
    let query = kept_query(&url);
    if path.is_empty() && query.is_empty() {
        return None;
    }
    let host = url.host_str()?;
    Some(match source.owns_host(host) {
        true => format!("path:{path}{query}"),
        false => format!("link:{}{path}{query}", bare_host(host)),
    })
}

/// The query without what only tells where the reader came from, sorted.
fn kept_query(url: &Url) -> String {
    let mut kept: Vec<&str> =
        url.query().unwrap_or("").split('&').filter(|pair| is_kept(pair)).collect();
    kept.sort_unstable();
    if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) }
}

fn is_kept(pair: &str) -> bool {
    const PREFIXES: [&str; 6] = ["utm_", "at_", "mc_", "pk_", "ns_", "hsa_"];
    const NAMES: [&str; 18] = [
        "fbclid",
        "gclid",
        "dclid",
        "msclkid",
        "igshid",
        "yclid",
        "ref",
        "ref_src",
        "cmpid",
        "cmp",
        "ocid",
        "xtor",
        "smid",
        "ncid",
        "ftag",
        "spm",
        "traffic_source",
        "amp",
    ];
    let name = pair.split('=').next().unwrap_or("").to_ascii_lowercase();
    !name.is_empty()
        && !PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        && !NAMES.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::{Identity, keys};
    use crate::source::Source;

    fn keys_of(items: &[(&str, &str, &str)]) -> Vec<Vec<String>> {
        let source = Source::new("A", "/rss", &["www.a.ir", "a.com"]).unwrap();
        let some = |text: &'static str| Some(text).filter(|text| !text.is_empty());
        let leak = |text: &str| some(Box::leak(text.to_owned().into_boxed_str()));
        let items: Vec<Identity<'_>> = items
            .iter()
            .map(|(guid, link, title)| Identity { guid: leak(guid), link: leak(link), title })
            .collect();
        keys(&source, &items)
    }

    #[test]
    fn one_item_has_the_same_keys_on_every_mirror() {
        for (one, two) in [
            (
                ("", "https://www.a.ir/d/1/x?utm_source=rss", ""),
                ("", "http://m.a.com/d/1/x/#top", ""),
            ),
            (("https://a.ir/d/1", "", ""), ("", "https://a.com/d/1?at_medium=RSS", "")),
            (("tag:a,1", "https://a.ir/d/1", ""), ("tag:a,1", "https://b.org/else", "")),
            (("", "https://a.ir/d/1/amp/", ""), ("", "https://amp.a.ir/d/1", "")),
            (("", "https://a.ir/d?b=2&a=1", ""), ("", "https://a.ir/d?a=1&b=2&fbclid=9", "")),
            (("", "", "Dozens  killed!"), ("", "https://a.ir/", "dozens killed")),
        ] {
            let (one, two) = (keys_of(&[one]).remove(0), keys_of(&[two]).remove(0));
            assert!(one.iter().any(|key| two.contains(key)), "{one:?} {two:?}");
        }
    }

    #[test]
    fn different_items_share_no_key() {
        for (one, two) in [
            (("", "https://a.ir/d/1", ""), ("", "https://a.ir/d/2", "")),
            (("", "https://a.ir/d?id=1", ""), ("", "https://a.ir/d?id=2", "")),
            (("", "https://a.ir/d/1", ""), ("", "https://other.org/d/1", "")),
            (("", "https://a.ir/", "one"), ("", "https://a.ir/", "two")),
        ] {
            let (one, two) = (keys_of(&[one]).remove(0), keys_of(&[two]).remove(0));
            assert!(!one.iter().any(|key| two.contains(key)), "{one:?} {two:?}");
        }
    }

    #[test]
    fn a_key_repeated_in_one_feed_is_nobodys() {
        let keys = keys_of(&[
            ("1", "https://a.ir/live", "one"),
            ("2", "https://a.ir/live", "two"),
            ("same", "https://a.ir/x", "three"),
            ("same", "https://a.ir/y", "four"),
            ("", "https://a.ir/live", "five"),
        ]);
        assert_eq!(keys[0], ["guid:1"]);
        assert_eq!(keys[1], ["guid:2"]);
        assert_eq!(keys[2], ["path:/x"]);
        assert_eq!(keys[3], ["path:/y"]);
        assert_eq!(keys[4], ["title:five"]);
        let twice = keys_of(&[("1", "https://a.ir/x", "t"), ("1", "https://a.ir/x", "t")]);
        assert_eq!(twice[0], ["guid:1", "path:/x"]);
        assert_eq!(twice[0], twice[1]);
    }
}
