//! Parts an article into zones: what tells the story, and what only stands
//! around it. Every paragraph gets exactly one zone; nothing is cut out of the
//! text, so that byte offsets hold.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::Article;
use crate::text::fold::fold;

/// What a paragraph is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    Title,
    /// The story.
    Body,
    /// The title again, inside the body.
    TitleAgain,
    /// The words under a picture.
    Caption,
    /// Who wrote it, and when.
    Byline,
    /// Share bars, teasers, mirror lists, newsletter lines, breadcrumbs.
    Boilerplate,
}

impl Zone {
    /// Whether the paragraph belongs to what the publisher reports.
    pub fn tells(self) -> bool {
        matches!(self, Zone::Title | Zone::Body)
    }
}

/// One paragraph: its zone and its byte range in `Article::document`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    pub zone: Zone,
    pub range: Range<usize>,
}

/// The paragraphs of `Article::document`, in order.
pub fn paragraphs(article: &Article, document: &str) -> Vec<Paragraph> {
    let title = fold(&article.title);
    let mut tail = false;
    let mut found = Vec::new();
    for range in blocks(document) {
        let zone = if range.end <= article.title.len() {
            Zone::Title
        } else {
            zone_of(&document[range.clone()], &title, &mut tail)
        };
        found.push(Paragraph { zone, range });
    }
    found
}

/// Byte ranges between blank lines, trimmed, none empty.
fn blocks(document: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let mut open = false;
    for line in document.split_inclusive('\n') {
        let text = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        if text.is_empty() {
            open = false;
        } else if open {
            found.last_mut().expect("a block is open").end = start + text.len();
        } else {
            found.push(start..start + text.len());
            open = true;
        }
        at += line.len();
    }
    found
}

/// Longer paragraphs, in bytes, are story: no caption or share bar is that long.
const LONGEST_MARKED: usize = 600;

/// The zone of one body paragraph. `tail` is set once the story has ended: from
/// there on only whole sentences count as story.
fn zone_of(text: &str, title: &str, tail: &mut bool) -> Zone {
    if text.len() > LONGEST_MARKED {
        return Zone::Body;
    }
    let folded = fold(text);
    if !title.is_empty() && folded == title {
        return Zone::TitleAgain;
    }
    match pattern_of(&folded) {
        Some(Mark::Caption) if folded.len() < 500 => return Zone::Caption,
        Some(Mark::Byline) if folded.len() < 160 => return Zone::Byline,
        _ if folded.len() < 500 && is_filed(text) => return Zone::Caption,
        Some(Mark::Tail) if folded.len() < 240 => {
            *tail = true;
            return Zone::Boilerplate;
        }
        _ => {}
    }
    let stray = is_address(text)
        || is_breadcrumb(text)
        || is_share_bar(text, &folded)
        || (*tail && !is_sentence(text));
    if stray { Zone::Boilerplate } else { Zone::Body }
}

/// "Troops stand guard in Gao on February 24. *(File)*", "… *[AFP/File]*": the words
/// under a picture from the archive.
fn is_filed(text: &str) -> bool {
    let text = text.trim_end_matches(['.', ' ', '*', '_']);
    let Some(open) = text.rfind(['(', '[']).filter(|_| text.ends_with([')', ']'])) else {
        return false;
    };
    let credit = fold(&text[open..]);
    credit.split(' ').count() <= 6 && credit.split(' ').any(|word| word == "file")
}

/// Lines that are hosts or links and no more.
fn is_address(text: &str) -> bool {
    let is_host = |word: &str| {
        let word = word.trim_matches([',', ';', '|', '•', '-', '*']);
        let bare = word.trim_start_matches("https://").trim_start_matches("http://");
        let labels: Vec<&str> = bare.split('/').next().unwrap_or("").split('.').collect();
        let last = labels.last().copied().unwrap_or("");
        word.is_empty()
            || labels.len() > 1
                && labels.iter().all(|l| {
                    !l.is_empty() && !l.contains(|c: char| !c.is_alphanumeric() && c != '-')
                })
                && last.len() > 1
                && last.chars().all(char::is_alphabetic)
    };
    let joins = |word: &str| matches!(word, "and" | "or" | "&");
    text.split_whitespace().all(|w| is_host(w) || joins(w))
}

/// What share bars are made of.
const SHARING: &[&str] = &[
    "bluesky",
    "comment",
    "comments",
    "copy",
    "email",
    "facebook",
    "flipboard",
    "instagram",
    "like",
    "line",
    "link",
    "linkedin",
    "mail",
    "mastodon",
    "messenger",
    "pinterest",
    "print",
    "reddit",
    "rss",
    "save",
    "share",
    "skype",
    "sms",
    "telegram",
    "threads",
    "tiktok",
    "tumblr",
    "tweet",
    "twitter",
    "viber",
    "vk",
    "wechat",
    "weibo",
    "whatsapp",
    "x",
    "youtube",
];

/// The networks among them: a short line that names one and is no sentence
/// ("Follow us on Telegram") is for sharing, too.
const NETWORKS: &[&str] = &[
    "facebook",
    "flipboard",
    "instagram",
    "linkedin",
    "mastodon",
    "pinterest",
    "reddit",
    "telegram",
    "tiktok",
    "tumblr",
    "twitter",
    "viber",
    "whatsapp",
    "youtube",
];

/// `Facebook   Twitter   WhatsApp`, `Share on Facebook`, `Follow us on Telegram`.
fn is_share_bar(text: &str, folded: &str) -> bool {
    let words = || folded.split(' ');
    let counts = |w: &str| w.chars().all(char::is_numeric);
    let only = words().all(|w| SHARING.binary_search(&w).is_ok() || counts(w));
    let ended = text.trim_end_matches(['"', '”', '’', ')']).ends_with(['.', '!', '?', ':']);
    let short = text.len() < 100 && !ended;
    let lettered = folded.contains(char::is_alphabetic);
    lettered
        && (only || short && words().any(|w| NETWORKS.contains(&w)) && !folded.contains(" killed"))
}

/// `News / Afghanistan`, `Home > World > Asia`.
fn is_breadcrumb(text: &str) -> bool {
    text.len() < 80
        && text.contains(['/', '>', '»', '›'])
        && !text.contains(['.', '!', '?'])
        && !text.contains("://")
        && text.split(['/', '>', '»', '›']).all(|part| part.split_whitespace().count() <= 3)
}

/// Ends like a sentence and has the length of one.
fn is_sentence(text: &str) -> bool {
    let ended = text.trim_end_matches(['"', '”', '’', '\'', ')']).ends_with(['.', '!', '?']);
    ended && text.split_whitespace().count() >= 6
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Caption,
    Byline,
    Tail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Start,
    Has,
    Is,
}

struct Row {
    mark: Mark,
    how: How,
    what: &'static str,
}

static ROWS: LazyLock<Vec<Row>> =
    LazyLock::new(|| include_str!("data/boilerplate.tsv").lines().filter_map(row).collect());

/// One search for the words that may stand anywhere: few paragraphs have any.
static ANYWHERE: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let anywhere = ROWS.iter().filter(|row| row.how == How::Has).map(|row| row.what);
    AhoCorasick::new(anywhere).expect("a test builds it")
});

fn row(line: &'static str) -> Option<Row> {
    let mut cells = line.split('\t');
    let mark = match cells.next()? {
        "caption" => Mark::Caption,
        "byline" => Mark::Byline,
        "tail" => Mark::Tail,
        _ => return None,
    };
    let how = match cells.next()? {
        "start" => How::Start,
        "has" => How::Has,
        _ => How::Is,
    };
    Some(Row { mark, how, what: cells.next()? })
}

fn pattern_of(folded: &str) -> Option<Mark> {
    let anywhere = ANYWHERE.is_match(folded);
    ROWS.iter().find(|row| row.fits(folded, anywhere)).map(|row| row.mark)
}

impl Row {
    /// Whether the folded paragraph has the row's words where it asks for them;
    /// `anywhere` tells whether it has the words of any row that asks for no place.
    fn fits(&self, folded: &str, anywhere: bool) -> bool {
        match self.how {
            How::Start => folded.strip_prefix(self.what).is_some_and(ends_word),
            How::Has => {
                anywhere
                    && folded.match_indices(self.what).any(|(at, _)| {
                        (at == 0 || folded[..at].ends_with(' '))
                            && ends_word(&folded[at + self.what.len()..])
                    })
            }
            How::Is => folded == self.what,
        }
    }
}

fn ends_word(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zones(title: &str, text: &str) -> Vec<Zone> {
        let article = Article { title: title.into(), text: text.into(), ..Article::default() };
        paragraphs(&article, &article.document()).iter().map(|p| p.zone).collect()
    }

    #[test]
    fn a_page_is_parted_into_story_and_surroundings() {
        use Zone::*;
        for (text, expected) in [
            (
                "Ten died.\n\nSHARE THIS ARTICLE\n\nSome TV News Roku",
                vec![Body, Boilerplate, Boilerplate],
            ),
            (
                "News   /   Afghanistan\n\nDozens die\n\nTen died.",
                vec![Boilerplate, TitleAgain, Body],
            ),
            ("Police stand guard. (Photo by AFP)\n\nTen died.", vec![Caption, Body]),
            ("Troops stand guard in Gao on 24 February. (File)\n\nTen died.", vec![Caption, Body]),
            ("Two died, as told in the police (case) file.\n\nTen died.", vec![Body, Body]),
            (
                "Facebook   Twitter   WhatsApp\n\nTen died.\n\nFollow Some TV on Telegram",
                vec![Boilerplate, Body, Boilerplate],
            ),
            ("Ten died.\n\nwww.a.example\nwww.b.example, c.example", vec![Body, Boilerplate]),
            ("By our correspondent | KABUL, April 22\n\nTen died.", vec![Byline, Body]),
            (
                "Ten died.\n\nThe site can also be accessed at the following addresses:\n\nwww.example.org\n\nThen six more people died of wounds.",
                vec![Body, Boilerplate, Boilerplate, Body],
            ),
            (
                "Read More: 12 killed in a blast\n\nTen died in it, they all said.",
                vec![Boilerplate, Body],
            ),
        ] {
            assert_eq!(zones("Dozens die", text)[1..], expected, "{text}");
        }
        assert_eq!(zones("Dozens die", "Ten died.")[0], Title);
        assert_eq!(zones("", ""), vec![]);
    }

    #[test]
    fn the_words_of_sharing_are_sorted() {
        assert!(SHARING.is_sorted());
    }

    #[test]
    fn every_row_of_the_data_is_read() {
        let lines = include_str!("data/boilerplate.tsv");
        let rows = lines.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).count();
        assert_eq!(ROWS.len(), rows);
        for row in ROWS.iter() {
            assert_eq!(fold(row.what), row.what, "not folded");
        }
    }
}
