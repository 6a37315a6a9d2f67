//! What the names in a document mean, whatever prefix its author chose, declared
//! or forgot. A prefix goes by its namespace, and without one by custom.

use std::collections::BTreeMap;

use crate::feed::outline::local;
use crate::text::markup::attributes_of;

/// The vocabularies of which something is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS or Atom itself.
    Feed,
    /// `content:encoded`.
    Content,
    /// Dublin Core, elements and terms.
    Dc,
    /// Media RSS.
    Media,
    /// Podcasts.
    Itunes,
    /// Markup that stands for itself.
    Xhtml,
    /// Everything else.
    Other,
}

/// The prefixes of a document.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The root's own prefix, perhaps empty.
    root: String,
    spaces: BTreeMap<String, Space>,
}

impl Names {
    /// The names of a document whose root is called so.
    pub fn of_root(root: &str) -> Names {
        let prefix = root.split_once(':').map_or("", |(prefix, _)| prefix);
        // In RDF the root is not of the feed's vocabulary.
        let of_feed = !local(root).eq_ignore_ascii_case("rdf");
        let root = if of_feed { prefix.to_ascii_lowercase() } else { String::new() };
        Names { root, spaces: BTreeMap::new() }
    }

    /// Notes what an opening tag declares.
    pub fn declare(&mut self, attributes: &str) {
        /// More than any element declares.
        const MOST: usize = 60;
        if !attributes.contains(':') {
            return;
        }
        for (name, value) in attributes_of(attributes).take(MOST) {
            let Some((xmlns, prefix)) = name.split_once(':') else { continue };
            if xmlns.eq_ignore_ascii_case("xmlns") && self.spaces.len() < MOST {
                let prefix = prefix.to_ascii_lowercase();
                self.spaces.entry(prefix).or_insert_with(|| of_uri(value));
            }
        }
    }

    /// The vocabulary of a name as written. A name without a prefix is the feed's.
    pub fn space(&self, name: &str) -> Space {
        let Some((prefix, _)) = name.split_once(':') else { return Space::Feed };
        let prefix = prefix.to_ascii_lowercase();
        match self.spaces.get(&prefix) {
            // A misspelt namespace is no reason to forget what the prefix always means.
            Some(Space::Other) | None => self.by_custom(&prefix),
            Some(space) => *space,
        }
    }

    fn by_custom(&self, prefix: &str) -> Space {
        match prefix {
            "rss" | "atom" | "a" | "a10" => Space::Feed,
            prefix if !prefix.is_empty() && prefix == self.root => Space::Feed,
            "content" => Space::Content,
            "dc" | "dcterms" | "dct" => Space::Dc,
            "media" => Space::Media,
            "itunes" => Space::Itunes,
            "xhtml" | "html" | "h" => Space::Xhtml,
            _ => Space::Other,
        }
    }
}

/// The vocabulary of a namespace, by what is telling in its name: publishers get
/// schemes, slashes, cases and years wrong.
fn of_uri(uri: &str) -> Space {
    const KNOWN: [(&str, Space); 15] = [
        ("rss/1.0/modules/content", Space::Content),
        ("rss/1.0/modules/", Space::Other),
        ("purl.org/dc/", Space::Dc),
        ("yahoo.com/mrss", Space::Media),
        ("video.search.yahoo.com", Space::Media),
        ("itunes.com/dtds/podcast", Space::Itunes),
        ("www.w3.org/1999/xhtml", Space::Xhtml),
        ("purl.org/rss/", Space::Feed),
        ("purl.org/net/rss", Space::Feed),
        ("netscape.com/", Space::Feed),
        ("backend.userland.com/", Space::Feed),
        ("law.harvard.edu/", Space::Feed),
        ("purl.org/atom/ns", Space::Feed),
        ("www.w3.org/2005/atom", Space::Feed),
        ("example.com/necho", Space::Feed),
    ];
    let uri = uri.to_ascii_lowercase();
    let known = KNOWN.iter().find(|(part, _)| uri.contains(part));
    known.map_or(Space::Other, |(_, space)| *space)
}

#[cfg(test)]
mod tests {
    use super::{Names, Space};

    #[test]
    fn a_prefix_goes_by_its_namespace_and_else_by_custom() {
        let mut names = Names::of_root("x:feed");
        names.declare(
            "xmlns:q='http://purl.org/dc/elements/1.1/' xmlns:dc='http://a.org/' \
             xmlns:r=\"http://purl.org/rss/1.0/\" XMLNS:M='http://search.yahoo.com/mrss'",
        );
        for (name, wanted) in [
            ("title", Space::Feed),
            ("x:title", Space::Feed),
            ("q:date", Space::Dc),
            ("dc:date", Space::Dc),
            ("r:item", Space::Feed),
            ("m:title", Space::Media),
            ("content:encoded", Space::Content),
            ("g:price", Space::Other),
        ] {
            assert_eq!(names.space(name), wanted, "{name}");
        }
        assert_eq!(Names::of_root("rdf:RDF").space("rdf:li"), Space::Other);
    }
}
