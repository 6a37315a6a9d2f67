//! Whether an answer is this source's content. A domain that was lost, seized
//! or parked answers 200 as well.

use crate::source::history::History;
use crate::source::state::Cause;
use crate::text::fold::fold;

/// What a feed shows of whose it is.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The feed's title, plain text.
    pub title: Option<&'a str>,
    /// The alias keys of each of its items.
    pub keys: &'a [Vec<String>],
    /// Whether it came from a host that is not configured, by a redirect. Whoever
    /// took a domain over knows the title; there only items prove.
    pub is_elsewhere: bool,
}

/// Accepts a feed as the source's, or says what it is instead: `Empty`, or
/// `Foreign`. A source without history accepts any feed, so the first answer is
/// taken on trust; later ones must share an item's key, or the title, with
/// what the source carried before.
pub fn prove(history: &History, evidence: &Evidence<'_>) -> Result<(), Cause> {
    if history.is_empty() {
        return Ok(());
    }
    if evidence.keys.is_empty() {
        return Err(Cause::Empty);
    }
    let shares_an_item = history.met(evidence.keys).any(|met| met);
    if shares_an_item
        || !evidence.is_elsewhere && same_title(history.title.as_deref(), evidence.title)
    {
        return Ok(());
    }
    Err(Cause::Foreign)
}

/// Whether two titles name one feed. Titles that any feed could bear prove nothing.
fn same_title(known: Option<&str>, shown: Option<&str>) -> bool {
    const ANYBODYS: [&str; 16] = [
        "",
        "rss",
        "rss feed",
        "feed",
        "news",
        "latest news",
        "home",
        "homepage",
        "untitled",
        "top stories",
        "world",
        "world news",
        "all news",
        "headlines",
        "latest",
        "breaking news",
    ];
    let (Some(known), Some(shown)) = (known, shown) else { return false };
    let known = fold(known);
    known == fold(shown) && !ANYBODYS.contains(&known.as_str())
}

#[cfg(test)]
mod tests {
    use super::{Evidence, prove};
    use crate::source::history::History;
    use crate::source::state::Cause;

    #[test]
    fn only_content_of_the_source_is_accepted() {
        let mut known = History::default();
        known.remember(Some("Press TV"), ["guid:1", "path:/d/2"].into_iter());
        let mut generic = History::default();
        generic.remember(Some("RSS Feed"), ["guid:1"].into_iter());
        let none = History::default();
        for (history, title, keys, wanted) in [
            (&none, Some("Any"), &["guid:9"][..], Ok(())),
            (&none, None, &[], Ok(())),
            (&known, None, &["guid:9", "path:/d/2"], Ok(())),
            (&known, Some("PRESS TV."), &["guid:9"], Ok(())),
            (&known, Some("Casino bonus"), &["guid:9"], Err(Cause::Foreign)),
            (&known, Some("Press TV"), &[], Err(Cause::Empty)),
            (&generic, Some("RSS Feed"), &["guid:9"], Err(Cause::Foreign)),
        ] {
            let keys: Vec<Vec<String>> = keys.iter().map(|key| vec![(*key).to_owned()]).collect();
            let evidence = Evidence { title, keys: &keys, is_elsewhere: false };
            assert_eq!(prove(history, &evidence), wanted, "{title:?}");
        }
        // Behind a redirect to somebody else's host the title proves nothing.
        for (key, wanted) in [("guid:9", Err(Cause::Foreign)), ("guid:1", Ok(()))] {
            let keys = [vec![key.to_owned()]];
            let evidence = Evidence { title: Some("Press TV"), keys: &keys, is_elsewhere: true };
            assert_eq!(prove(&known, &evidence), wanted, "{key}");
        }
    }
}
