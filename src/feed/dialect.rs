//! Which version of which format a document says that it is.

use serde::{Deserialize, Serialize};

use crate::feed::outline::local;
use crate::text::markup::{attribute, attributes_of};

/// The versions of the formats. One that is not told, or that never was, is the
/// family's own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialect {
    /// RSS of no known version.
    #[serde(rename = "rss")]
    Rss,
    /// Netscape's first, in RDF.
    #[serde(rename = "rss0.90")]
    Rss090,
    /// Netscape's second and Userland's first.
    #[serde(rename = "rss0.91")]
    Rss091,
    /// Userland.
    #[serde(rename = "rss0.92")]
    Rss092,
    /// Userland.
    #[serde(rename = "rss0.93")]
    Rss093,
    /// Userland.
    #[serde(rename = "rss0.94")]
    Rss094,
    /// The RSS-DEV group's, in RDF.
    #[serde(rename = "rss1.0")]
    Rss10,
    /// What most publishers write.
    #[serde(rename = "rss2.0")]
    Rss20,
    /// Atom of no known version.
    #[serde(rename = "atom")]
    Atom,
    /// The draft that many took for final.
    #[serde(rename = "atom0.3")]
    Atom03,
    /// RFC 4287.
    #[serde(rename = "atom1.0")]
    Atom10,
    /// Microsoft's Channel Definition Format of 1997.
    #[serde(rename = "cdf")]
    Cdf,
    /// JSON Feed of no known version.
    #[serde(rename = "json")]
    Json,
    /// JSON Feed 1.
    #[serde(rename = "json1.0")]
    Json10,
    /// JSON Feed 1.1.
    #[serde(rename = "json1.1")]
    Json11,
}

impl Dialect {
    /// Of a JSON Feed, from its `version`.
    pub(super) fn of_json(version: &str) -> Dialect {
        match version.trim_end_matches('/').rsplit('/').next().unwrap_or_default() {
            "1" | "1.0" => Dialect::Json10,
            "1.1" => Dialect::Json11,
            _ => Dialect::Json,
        }
    }

    /// Of an XML document, from its root's name and attributes.
    pub(super) fn of_root(name: &str, attributes: &str) -> Dialect {
        let version = attribute(attributes, "version").unwrap_or_default().trim();
        let mut namespaces = attributes_of(attributes)
            .take(100)
            .filter(|(name, _)| name.to_ascii_lowercase().starts_with("xmlns"))
            .map(|(_, value)| value.trim());
        match local(name).to_ascii_lowercase().as_str() {
            "rss" => of_version(version),
            "rdf" => namespaces.find_map(of_rdf_namespace).unwrap_or(Dialect::Rss),
            "channel" => Dialect::Cdf,
            _ if version == "0.3" => Dialect::Atom03,
            _ => namespaces.find_map(of_atom_namespace).unwrap_or(Dialect::Atom),
        }
    }
}

fn of_version(version: &str) -> Dialect {
    match version {
        "0.90" | "0.9" => Dialect::Rss090,
        "0.91" => Dialect::Rss091,
        "0.92" => Dialect::Rss092,
        "0.93" => Dialect::Rss093,
        "0.94" => Dialect::Rss094,
        "1.0" => Dialect::Rss10,
        version if version.starts_with('2') => Dialect::Rss20,
        _ => Dialect::Rss,
    }
}

fn of_rdf_namespace(uri: &str) -> Option<Dialect> {
    match uri.trim_end_matches('/') {
        "http://purl.org/rss/1.0" | "https://purl.org/rss/1.0" => Some(Dialect::Rss10),
        "http://my.netscape.com/rdf/simple/0.9" | "http://channel.netscape.com/rdf/simple/0.9" => {
            Some(Dialect::Rss090)
        }
        _ => None,
    }
}

fn of_atom_namespace(uri: &str) -> Option<Dialect> {
    match uri.trim_end_matches('/').to_ascii_lowercase().as_str() {
        "http://www.w3.org/2005/atom" | "https://www.w3.org/2005/atom" => Some(Dialect::Atom10),
        "http://purl.org/atom/ns#" => Some(Dialect::Atom03),
        _ => None,
    }
}
