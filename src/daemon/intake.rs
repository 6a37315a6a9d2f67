//! From the items of a feed to articles with an identity. Whether they are new is
//! for `assess`.

use jiff::Timestamp;

use crate::article::Article;
use crate::article::hash::content_hash;
use crate::assess::Incoming;
use crate::correlate::event::ArticleId;
use crate::feed::{Feed, Item, Reason};
use crate::source::Source;
use crate::store::Unusable;

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
    let article = Article {
        title: item.title,
        text,
        published: item.published,
        country: source.country,
        source: source.name.clone(),
        link: item.link,
    };
    Incoming { id: id_of(&article), article, keys, fetched: now, agency: None }
}

/// Half of the content hash: 128 bits, which no two articles will ever share.
fn id_of(article: &Article) -> ArticleId {
    let mut hex = content_hash(article).to_hex();
    hex.truncate(32);
    ArticleId(hex)
}

/// What a feed listed and no article came of, each with its reason.
pub(super) fn unusable(feed: &Feed) -> Vec<Unusable> {
    let rejected = feed.rejected.iter().map(|rejected| {
        let reason = match rejected.reason {
            Reason::Empty => "neither title, text, link nor id",
        };
        nameless(format!("item {} of the feed", rejected.index + 1), reason)
    });
    let over = (feed.over_cap > 0).then(|| {
        nameless(format!("{} items at the end of the feed", feed.over_cap), "too many in one feed")
    });
    rejected.chain(over).collect()
}

fn nameless(title: String, reason: &str) -> Unusable {
    Unusable { keys: Vec::new(), title, link: None, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{incoming, unusable};
    use crate::feed;
    use crate::source::Source;

    fn fed(xml: &str) -> feed::Feed {
        let base = "https://a.example/rss".parse().unwrap();
        feed::read(xml.as_bytes(), None, &base, "2026-11-23T00:00:00Z".parse().unwrap()).unwrap()
    }

    #[test]
    fn every_item_is_an_article_or_has_a_reason() {
        let feed = fed("<rss version='2.0'><channel><title>A</title>\
            <item><title>One</title><guid>1</guid><description>Two.</description></item>\
            <item></item></channel></rss>");
        assert_eq!(unusable(&feed).len(), 1);
        assert_eq!(unusable(&feed)[0].title, "item 2 of the feed");
        let source = Source::new("A", "https://a.example/rss", &[]).unwrap();
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let batch = incoming(&source, feed.items, vec![vec!["guid:1".into()]], now);
        assert_eq!(batch.len(), 1);
        assert_eq!((batch[0].article.title.as_str(), batch[0].id.0.len()), ("One", 32));
    }
}
