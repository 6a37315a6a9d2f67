//! Whether a text that a feed carries is the article or only leads to it, and
//! whether such a lead says anything that the article does not. What teasers end
//! in is a row of `data/teasers.tsv`.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::text::fold::fold;
use crate::text::markup::floor_boundary;
use crate::text::numerals;
use crate::text::tokens::Tokens;

/// Whether the text only leads to an article. `has_body`: the feed keeps
/// summaries and bodies apart, and this is a body. Lengths are in characters; a body
/// may be short, since news of the last minute are.
pub fn is_teaser(text: &str, has_body: bool) -> bool {
    const SHORT: usize = 1_200;
    const SHORT_BODY: usize = 500;
    const SHORT_IN_PARAGRAPHS: usize = 800;
    let paragraphs = text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()).count();
    let length = text.chars().count();
    let is_long = match has_body {
        true => length >= SHORT_BODY && paragraphs >= 2 || length >= SHORT,
        false => length >= SHORT || (length >= SHORT_IN_PARAGRAPHS && paragraphs >= 4),
    };
    !is_long || leads_on(text)
}

/// Whether the text ends as teasers do: cut off, or with an invitation.
fn leads_on(text: &str) -> bool {
    const LOOKED_AT: usize = 160;
    let text = strip_feed_credit(text.trim_end());
    if is_cut_off(text) {
        return true;
    }
    let tail = fold(&text[floor_boundary(text, text.len().saturating_sub(LOOKED_AT))..]);
    ENDINGS.iter().any(|ending| {
        tail.strip_suffix(ending).is_some_and(|before| before.is_empty() || before.ends_with(' '))
    })
}

fn is_cut_off(text: &str) -> bool {
    let bare = text.trim_end_matches(['"', '”', '’', '\'', ']', ')', ' ', '»', '→', '>']);
    bare.ends_with('…') || bare.ends_with("...")
}

/// The text without the paragraph that blog software puts under each item: "The
/// post X appeared first on Y."
fn strip_feed_credit(text: &str) -> &str {
    let (before, last) = text.rsplit_once("\n\n").unwrap_or((text, ""));
    let folded = fold(last);
    let is_credit = folded.starts_with("the post ") && folded.contains(" appeared first on ");
    if is_credit { before.trim_end() } else { text }
}

/// Whether a lead says nothing that the article leaves out: each number of it is
/// there, and nearly all its words are.
pub fn is_covered(lead: &str, article: &str) -> bool {
    const ENOUGH: usize = 80;
    let lead = strip_feed_credit(lead.trim_end());
    if !numbers(lead).is_subset(&numbers(article)) {
        return false;
    }
    let (lead, article) = (fold(lead), fold(article));
    let said: HashSet<&str> = article.split(' ').collect();
    let words: HashSet<&str> = lead.split(' ').filter(|word| !word.is_empty()).collect();
    let known = words.iter().filter(|word| said.contains(**word)).count();
    known * 100 >= words.len() * ENOUGH
}

/// The numbers of a text, in digits or in words.
fn numbers(text: &str) -> HashSet<u32> {
    let tokens = Tokens::of(text);
    (0..tokens.len()).filter_map(|i| Some(numerals::read(&tokens, i)?.value)).collect()
}

static ENDINGS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = include_str!("data/teasers.tsv").lines();
    lines.filter(|line| !line.starts_with('#') && !line.is_empty()).collect()
});

#[cfg(test)]
mod tests {
    use super::{ENDINGS, is_covered, is_teaser, leads_on};
    use crate::text::fold::fold;

    #[test]
    fn an_item_leads_to_an_article_or_is_one() {
        let sentence =
            "Officials said that the road to the capital was open again by noon on Friday.";
        let long = [sentence; 20].join(" ");
        let parted = [sentence; 12].join("\n\n");
        for (text, has_body, wanted) in [
            ("", false, true),
            ("", true, true),
            (sentence, false, true),
            (sentence, true, true),
            (&long, false, false),
            (&parted, false, false),
            (&[sentence; 7].join("\n\n"), true, false),
            (&[sentence; 7].join("\n\n"), false, true),
            (&format!("{long} Read more »"), false, true),
            (&format!("{long} Then the […]"), true, true),
            (&format!("{long}…"), true, true),
            (&format!("{parted}\n\nThe post Road open appeared first on The Herald."), true, false),
            (
                &format!("{parted} [...]\n\nThe post Road open appeared first on The Herald."),
                true,
                true,
            ),
        ] {
            assert_eq!(is_teaser(text, has_body), wanted, "{} {has_body}", text.len());
        }
    }

    #[test]
    fn every_ending_of_the_data_is_one_and_no_sentence_is() {
        for ending in ENDINGS.iter() {
            assert_eq!(fold(ending), *ending, "not folded");
            assert!(leads_on(&format!("Ten died. {ending} >>")), "{ending}");
        }
        assert!(ENDINGS.is_sorted(), "{ENDINGS:?}");
        for text in
            ["He wanted to read more books.", "They had no more", "Ten died.", "There was one more"]
        {
            assert!(!leads_on(text), "{text}");
        }
    }

    #[test]
    fn a_lead_with_another_number_says_something_new() {
        let article = "Ten killed in Kunduz\n\nAt least 10 soldiers were killed in Kunduz on Thursday, \
            when fighters stormed a checkpoint, officials said.";
        for (lead, wanted) in [
            ("At least 10 soldiers were killed in Kunduz, officials said", true),
            ("", true),
            ("At least ten soldiers were killed in Kunduz, officials said", true),
            ("At least 12 soldiers were killed in Kunduz, officials said", false),
            ("A mosque in Khost was hit by an explosion during prayers", false),
        ] {
            assert_eq!(is_covered(lead, article), wanted, "{lead}");
        }
    }
}
