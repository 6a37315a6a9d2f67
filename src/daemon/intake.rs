//! From the items of a feed to articles with an identity. Whether they are new is
//! for `assess`.

use jiff::Timestamp;

use crate::article::Article;
use crate::article::teaser;
use crate::assess::{Extent, Incoming, Wanted};
use crate::feed::Item;
use crate::source::{Source, paging};

/// The items of a feed as they are assessed, in the feed's order. `keys` are their
/// alias keys, in the same order.
pub(super) fn incoming(
    source: &Source,
    items: Vec<Item>,
    keys: Vec<Vec<String>>,
    now: Timestamp,
) -> Vec<Incoming> {
    items.into_iter().zip(keys).map(|(item, keys)| one(source, item, keys, now)).collect()
}

fn one(source: &Source, item: Item, keys: Vec<String>, now: Timestamp) -> Incoming {
    let text = item.text().to_owned();
    let is_lead = teaser::is_teaser(&text, !item.content.is_empty());
    let link = item.link.as_deref();
    let page = paging::wanted(source.pages, is_lead, link, item.published, now);
    let page = page.map(|url| Wanted { url, lead: text.clone() });
    let article = Article {
        title: item.title,
        text,
        published: item.published,
        country: source.country,
        source: source.name.clone(),
        link: item.link,
    };
    let mut incoming = Incoming::new(article, keys, now);
    incoming.page = page;
    if is_lead {
        incoming.extent = Extent::Lead;
        // By its words it is known again when a fuller text has taken its place.
        incoming.keys.push(format!("text:{}", incoming.id.0));
    }
    incoming
}

#[cfg(test)]
mod tests {
    use super::incoming;
    use crate::feed;
    use crate::source::Source;

    #[test]
    fn an_item_is_the_same_article_wherever_and_whenever_it_is_met() {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let met = |host: &str, bar: &str| {
            let base = format!("https://{host}/rss").parse().unwrap();
            let xml = format!(
                "<rss version='2.0'><channel><title>A</title><item><title>One</title>\
                 <guid>1</guid><description>Two soldiers went home.\n\n{bar}</description>\
                 </item></channel></rss>"
            );
            let feed = feed::read(xml.as_bytes(), None, &base, now).unwrap();
            let source = Source::new(host, base.as_str(), &[]).unwrap();
            incoming(&source, feed.items, vec![vec!["guid:1".into()]], now).remove(0)
        };
        let (a, b) = (met("a.example", ""), met("b.example", "Share this article"));
        assert_eq!(a.id, b.id);
        assert_eq!((a.article.title.as_str(), a.id.0.len()), ("One", 32));
        assert_ne!(a.article.source, b.article.source);
    }
}
