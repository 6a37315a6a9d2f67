//! Where a lead stands beside what the store already holds of its article: a
//! summary never takes the place of a text that says more.

use crate::article::{choice, teaser};
use crate::assess::{Extent, Incoming, Known};
use crate::correlate::event::ArticleId;
use crate::store::{self, PageEnd, PageTry, Store};

/// Puts each lead of the batch that was not met in its place; whether any moved. One
/// that says nothing new is the article that is known; another goes before the text
/// that is known, until the page is read again.
pub(super) fn place(
    store: &Store,
    known: &Known,
    batch: &mut [Incoming],
) -> Result<bool, store::Error> {
    let mut has_moved = false;
    for item in batch {
        if item.extent != Extent::Lead || known.articles.contains_key(&item.id) {
            continue;
        }
        let alias =
            |key: &str| item.aliases().find(|a| a.key == key).and_then(|a| known.aliases.get(&a));
        // Its very words were placed before.
        if let Some(article) = alias(&format!("text:{}", item.id.0)) {
            item.id = article.clone();
            has_moved = true;
            continue;
        }
        let current = item.aliases().find_map(|alias| known.aliases.get(&alias)).cloned();
        let Some(current) = current else { continue };
        has_moved |= beside(store, current, item)?;
    }
    Ok(has_moved)
}

fn beside(store: &Store, current: ArticleId, item: &mut Incoming) -> Result<bool, store::Error> {
    let Some((_, fuller)) = store.fullest(&item.article.source, &current)? else {
        return Ok(false);
    };
    let lead = item.article.document();
    if fuller.text.len() <= item.article.text.len() {
        return Ok(false);
    }
    if teaser::is_covered(&lead, &fuller.document()) {
        item.id = current;
        return Ok(true);
    }
    let joined = choice::joined(&item.article, &fuller);
    let mut moved = Incoming::new(joined, std::mem::take(&mut item.keys), item.fetched);
    (moved.extent, moved.page) = (Extent::Joined, item.page.take());
    *item = moved;
    Ok(true)
}

/// Whether a page's text may still take the place of what it was read for: where the
/// source has told more meanwhile, that stays.
pub(super) fn place_page(
    store: &Store,
    tried: &mut PageTry,
    batch: &mut Vec<Incoming>,
) -> Result<(), store::Error> {
    let Some(item) = batch.first_mut() else { return Ok(()) };
    let known = store.met(std::slice::from_ref(item))?;
    let article_of = |alias| known.aliases.get(&alias);
    // A canonical place that is another article's already is a fault of the page.
    let is_own = |id: &ArticleId| *id == tried.article || tried.had.as_ref() == Some(id);
    let strangers: Vec<String> = item
        .aliases()
        .filter(|alias| alias.key.starts_with("path:"))
        .filter(|alias| known.aliases.get(alias).is_some_and(|id| !is_own(id)))
        .map(|alias| alias.key)
        .collect();
    let current = item.aliases().find_map(article_of);
    let is_outrun = current.is_some_and(|id| !is_own(id) && *id != item.id);
    item.keys.retain(|key| !strangers.contains(key));
    if is_outrun {
        let message = "the source has told more of it since".to_owned();
        tried.end = PageEnd::Kept { class: "superseded".to_owned(), message };
        batch.clear();
    }
    Ok(())
}
