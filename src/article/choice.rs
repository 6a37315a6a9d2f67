//! Which of two texts of one article is to go by: what the feed carries, or what
//! its page shows.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::Article;
use super::kind::Kind;
use super::page::Page;
use super::zones;
use crate::text::fold::fold;
use crate::text::markup::floor_boundary;

/// Why the text that is known stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// The page shows a list of articles, or the front of its site.
    Index,
    /// The page asks about cookies first.
    Consent,
    /// The page shows the beginning only.
    Paywall,
    /// The page says that there is none.
    Missing,
    /// The page asks whether the reader is a person.
    Wall,
    /// The page holds next to no text.
    Empty,
    /// The page says less than what is known.
    Shorter,
    /// The page tells of something else.
    Other,
}

/// The article with the text of its page, or why it stays as it is. The feed's
/// own headline stays, unless it is cut off; so does its date.
pub fn with_page(known: &Article, page: &Page) -> Result<Article, Kept> {
    if let Some(kept) = no_article(page.kind) {
        return Err(kept);
    }
    let title = title(&known.title, &page.title);
    let fuller = Article {
        title: title.to_owned(),
        text: page.text.clone(),
        published: known.published.or(page.published),
        ..known.clone()
    };
    match () {
        () if !is_same(known, page) => Err(Kept::Other),
        () if told(&fuller) < told(known) => Err(Kept::Shorter),
        () => Ok(fuller),
    }
}

/// A lead that says something new, before the text of the page that led to it
/// once: so that nothing of either is lost until the page is read again.
pub fn joined(lead: &Article, known: &Article) -> Article {
    Article { text: format!("{}\n\n{}", lead.text.trim_end(), known.text), ..lead.clone() }
}

/// Whether a page says so much less than it did that it is no newer version: it is
/// behind a wall by now, or its tree was cut.
pub fn is_cut(had: &Article, now: &Article) -> bool {
    told(now) * 10 < told(had) * 7
}

fn no_article(kind: Kind) -> Option<Kept> {
    Some(match kind {
        Kind::Article => return None,
        Kind::Index => Kept::Index,
        Kind::Consent => Kept::Consent,
        Kind::Paywall => Kept::Paywall,
        Kind::Missing => Kept::Missing,
        Kind::Wall => Kept::Wall,
        Kind::Empty => Kept::Empty,
    })
}

fn title<'a>(known: &'a str, page: &'a str) -> &'a str {
    let cut = known.strip_suffix('…').or_else(|| known.strip_suffix("...")).map(str::trim_end);
    match cut {
        _ if known.is_empty() => page,
        Some(start) if !start.is_empty() && fold(page).starts_with(&fold(start)) => page,
        _ => known,
    }
}

/// Whether the page tells what the item tells: the same headline, or most of the
/// words that say something.
fn is_same(known: &Article, page: &Page) -> bool {
    const COMPARED: usize = 20_000;
    let title = fold(&known.title);
    if !title.is_empty() && title == fold(&page.title) {
        return true;
    }
    let lead = fold(&format!("{} {}", known.title, known.text));
    let told = format!("{} {} {}", page.title, page.captions.join(" "), page.text);
    let told = fold(&told[..floor_boundary(&told, COMPARED.max(lead.len() * 2))]);
    let told: HashSet<&str> = told.split(' ').collect();
    // Short words are anybody's.
    let words: HashSet<&str> =
        lead.split(' ').filter(|word| word.chars().count() >= 4 || is_number(word)).collect();
    let shared = words.iter().filter(|word| told.contains(**word)).count();
    shared * 100 >= words.len() * 45
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.chars().all(char::is_numeric)
}

/// How much of the article tells the story: letters and digits of its body.
fn told(article: &Article) -> usize {
    let document = article.document();
    let body = zones::paragraphs(article, &document);
    let body = body.into_iter().filter(|paragraph| paragraph.zone == zones::Zone::Body);
    body.map(|p| document[p.range].chars().filter(|c| c.is_alphanumeric()).count()).sum()
}

#[cfg(test)]
mod tests {
    use super::{Kept, is_cut, joined, with_page};
    use crate::article::Article;
    use crate::article::kind::Kind;
    use crate::article::page::Page;

    const BODY: &str = "Ten soldiers were killed when fighters stormed a checkpoint in Kunduz on Thursday, \
        officials said.\n\nEleven others were wounded, and the road to the capital was closed.";

    fn item(title: &str, text: &str) -> Article {
        Article { title: title.into(), text: text.into(), ..Article::default() }
    }

    fn page(title: &str, text: &str) -> Page {
        Page { title: title.into(), text: text.into(), ..Page::default() }
    }

    #[test]
    fn the_fuller_text_of_the_same_article_wins() {
        let lead = "Ten soldiers were killed when fighters stormed a checkpoint";
        for (title, text, page_title, page_text, wanted) in [
            (
                "Ten killed in Kunduz",
                lead,
                "Ten killed in Kunduz",
                BODY,
                Ok("Ten killed in Kunduz"),
            ),
            ("Ten killed in Kunduz", lead, "Checkpoint stormed", BODY, Ok("Ten killed in Kunduz")),
            (
                "Ten killed in…",
                "",
                "Ten killed in Kunduz raid",
                BODY,
                Ok("Ten killed in Kunduz raid"),
            ),
            ("", lead, "Ten killed in Kunduz raid", BODY, Ok("Ten killed in Kunduz raid")),
            ("Ten killed in Kunduz", BODY, "Ten killed in Kunduz", lead, Err(Kept::Shorter)),
            (
                "Rain expected",
                "Heavy showers over Balkh this weekend",
                "Ten killed",
                BODY,
                Err(Kept::Other),
            ),
            // A share bar does not make a text longer.
            (
                "Ten killed",
                BODY,
                "Ten killed",
                &format!("{lead}\n\nShare this article\n\nRead more: x"),
                Err(Kept::Shorter),
            ),
        ] {
            let chosen = with_page(&item(title, text), &page(page_title, page_text));
            assert_eq!(
                chosen.as_ref().map(|a| a.title.as_str()).map_err(|k| *k),
                wanted,
                "{page_title}"
            );
        }
    }

    #[test]
    fn what_is_no_article_replaces_none() {
        let known = item("Ten killed in Kunduz", "");
        for (kind, kept) in [
            (Kind::Index, Kept::Index),
            (Kind::Consent, Kept::Consent),
            (Kind::Paywall, Kept::Paywall),
            (Kind::Missing, Kept::Missing),
            (Kind::Wall, Kept::Wall),
            (Kind::Empty, Kept::Empty),
        ] {
            let page = Page { kind, ..page("Ten killed in Kunduz", BODY) };
            assert_eq!(with_page(&known, &page), Err(kept));
        }
    }

    #[test]
    fn a_page_that_lost_its_text_is_no_newer_version() {
        let half = BODY.split("\n\n").nth(1).unwrap();
        assert!(is_cut(&item("Ten killed", BODY), &item("Ten killed", half)));
        assert!(!is_cut(&item("Ten killed", BODY), &item("Twelve killed", BODY)));
    }

    #[test]
    fn a_new_lead_goes_before_the_text_that_is_known() {
        let joined = joined(&item("Toll rises to 12", "Two more died."), &item("Ten killed", BODY));
        assert_eq!(joined.title, "Toll rises to 12");
        assert!(joined.text.starts_with("Two more died.\n\nTen soldiers"));
    }
}
