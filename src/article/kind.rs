//! What a page is, whatever its status said: an article, or what publishers and
//! those between show instead of one with a friendly 200. The words of such pages
//! are rows of `data/walls.tsv`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::text::fold::fold;

/// What a page shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An article.
    #[default]
    Article,
    /// A list of articles, or a front page.
    Index,
    /// A question about cookies and nothing behind it.
    Consent,
    /// The beginning of an article, and the price of the rest.
    Paywall,
    /// "Not found", with the status of a page that was.
    Missing,
    /// A question whether the reader is a person.
    Wall,
    /// Next to no text.
    Empty,
}

/// What the decision rests on.
#[derive(Debug)]
pub(super) struct Signs<'a> {
    /// The headline as the page tells it best.
    pub title: &'a str,
    /// Its `<title>`.
    pub page_title: &'a str,
    /// The main text.
    pub text: &'a str,
    /// How much of the text is in links, in percent.
    pub linked: usize,
    /// It says to machines that it is an article.
    pub says_article: bool,
    /// It does not say that it has to be paid for.
    pub is_free: bool,
    /// It lies at the root of its host.
    pub is_front: bool,
}

/// An article longer than this, in bytes, is one, whatever words it holds.
const LONGEST_WALL: usize = 2_500;

/// What the page is.
pub(super) fn of(signs: &Signs<'_>) -> Kind {
    if let Some(kind) = told_by_words(signs) {
        return kind;
    }
    match () {
        () if signs.is_front => Kind::Index,
        () if !signs.says_article && signs.linked > 50 => Kind::Index,
        () if is_empty(signs.text) => Kind::Empty,
        () if is_about_cookies(signs.text) => Kind::Consent,
        () => Kind::Article,
    }
}

/// The kind that a row names. A title is enough unless an article follows it.
fn told_by_words(signs: &Signs<'_>) -> Option<Kind> {
    const SHORT: usize = 600;
    let is_long = signs.text.len() > LONGEST_WALL;
    if is_long {
        return None;
    }
    let titles = [fold(signs.title), fold(signs.page_title)];
    let text = fold(signs.text);
    let is_plain = !(signs.says_article && signs.text.len() > SHORT);
    let row = ROWS.iter().find(|row| match row.place {
        Place::Title => is_plain && titles.iter().any(|title| row.fits(title)),
        Place::Text => row.fits(&text),
    });
    match row.map(|row| row.kind) {
        None if !signs.is_free && signs.text.len() <= SHORT => Some(Kind::Paywall),
        kind => kind,
    }
}

/// No sentence and hardly a word: a page that a script would have filled.
fn is_empty(text: &str) -> bool {
    text.split_whitespace().take(12).count() < 12
}

/// Most of what it says is about data and who may have them.
fn is_about_cookies(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "cookie",
        "cookies",
        "consent",
        "privacy",
        "partners",
        "preferences",
        "advertising",
        "personalised",
        "personalized",
        "accept",
    ];
    let folded = fold(text);
    let all = folded.split(' ').count();
    let such = folded.split(' ').filter(|word| WORDS.contains(word)).count();
    text.len() <= LONGEST_WALL && such >= 4 && such * 100 >= all * 6
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Title,
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Is,
    Start,
    Has,
}

/// A row of the data.
struct Row {
    kind: Kind,
    place: Place,
    how: How,
    what: &'static str,
}

impl Row {
    fn fits(&self, folded: &str) -> bool {
        let ends_word = |rest: &str| rest.is_empty() || rest.starts_with(' ');
        match self.how {
            How::Is => folded == self.what,
            How::Start => folded.strip_prefix(self.what).is_some_and(ends_word),
            How::Has => folded.match_indices(self.what).any(|(at, _)| {
                (at == 0 || folded[..at].ends_with(' '))
                    && ends_word(&folded[at + self.what.len()..])
            }),
        }
    }
}

static ROWS: LazyLock<Vec<Row>> =
    LazyLock::new(|| include_str!("data/walls.tsv").lines().filter_map(row).collect());

fn row(line: &'static str) -> Option<Row> {
    let mut cells = line.split('\t');
    let kind = match cells.next()? {
        "consent" => Kind::Consent,
        "paywall" => Kind::Paywall,
        "missing" => Kind::Missing,
        "wall" => Kind::Wall,
        _ => return None,
    };
    let place = match cells.next()? {
        "title" => Place::Title,
        "text" => Place::Text,
        _ => return None,
    };
    let how = match cells.next()? {
        "is" => How::Is,
        "start" => How::Start,
        "has" => How::Has,
        _ => return None,
    };
    Some(Row { kind, place, how, what: cells.next()? })
}

#[cfg(test)]
mod tests {
    use super::{Kind, Place, ROWS, Signs, of};
    use crate::text::fold::fold;

    const STORY: &str = "Ten soldiers were killed when fighters stormed a checkpoint in the north of the \
        country on Thursday, officials said. The road to the provincial capital was closed for hours.";

    fn signs<'a>(title: &'a str, text: &'a str) -> Signs<'a> {
        Signs {
            title,
            page_title: title,
            text,
            linked: 0,
            says_article: false,
            is_free: true,
            is_front: false,
        }
    }

    #[test]
    fn what_stands_in_place_of_an_article_is_known() {
        let cookies = "We and our 812 partners store cookies on your device. Accept all cookies, or manage \
            your consent preferences. You can withdraw consent under privacy settings at any time.";
        for (title, text, wanted) in [
            ("Ten killed in attack", STORY, Kind::Article),
            ("Just a moment...", "Checking your browser before accessing the site.", Kind::Wall),
            ("Attention Required! | Cloudflare", STORY, Kind::Wall),
            (
                "404 - Page not found",
                "Try the search, or go back to the front page of the site and look there.",
                Kind::Missing,
            ),
            (
                "The Herald",
                "Sorry, the page you are looking for does not exist. It may have moved.",
                Kind::Missing,
            ),
            ("Before you continue", STORY, Kind::Consent),
            ("The Herald", cookies, Kind::Consent),
            ("Ten killed", &format!("{STORY} Subscribe to continue reading."), Kind::Paywall),
            ("Ten killed", "Loading, please wait", Kind::Empty),
            // Words of walls inside news.
            ("Access denied to site of attack, inspectors say", STORY, Kind::Article),
            ("Victims not found after landslide", STORY, Kind::Article),
        ] {
            assert_eq!(of(&signs(title, text)), wanted, "{title}");
        }
    }

    #[test]
    fn a_front_page_and_a_list_are_no_article() {
        assert_eq!(of(&Signs { is_front: true, ..signs("Herald", STORY) }), Kind::Index);
        assert_eq!(of(&Signs { linked: 80, ..signs("World", STORY) }), Kind::Index);
        let linked = Signs { linked: 80, says_article: true, ..signs("World", STORY) };
        assert_eq!(of(&linked), Kind::Article);
    }

    #[test]
    fn what_has_to_be_paid_for_is_one_unless_it_is_there_whole() {
        assert_eq!(of(&Signs { is_free: false, ..signs("Ten killed", STORY) }), Kind::Paywall);
        let whole = STORY.repeat(8);
        assert_eq!(of(&Signs { is_free: false, ..signs("Ten killed", &whole) }), Kind::Article);
    }

    #[test]
    fn every_row_is_read_is_folded_and_fits_what_it_names() {
        let lines = include_str!("data/walls.tsv");
        let rows = lines.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
        assert_eq!(ROWS.len(), rows);
        for row in ROWS.iter() {
            assert_eq!(fold(row.what), row.what, "not folded");
            assert!(row.fits(row.what) && !row.fits(&format!("x{}", row.what)), "{}", row.what);
            // A title is a phrase of its own; in a text one word would be anybody's.
            assert!(row.place == Place::Title || row.what.contains(' '), "{}", row.what);
        }
    }
}
