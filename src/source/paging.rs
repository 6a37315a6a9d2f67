//! The pages of a source's items: which of them are wanted, and what is to be
//! done after one could not be had. Decides on values; `pages` asks.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Source;
use super::state::Cause;

/// Which items of a source have their pages read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pages {
    /// Those of which the feed carries a summary only.
    #[default]
    Auto,
    /// All.
    Always,
    /// None.
    Never,
}

impl Pages {
    /// Every choice, as the configuration writes it.
    pub const NAMES: [&str; 3] = ["auto", "always", "never"];

    /// The choice of that name.
    pub fn named(name: &str) -> Option<Pages> {
        match name {
            "auto" => Some(Pages::Auto),
            "always" => Some(Pages::Always),
            "never" => Some(Pages::Never),
            _ => None,
        }
    }
}

/// Pages of items older than this are left alone: the archive of a revived feed
/// is no reason to ask its host for a thousand of them.
const OLDEST: Duration = Duration::from_secs(4 * 24 * 3600);

/// Pages that one source has read within an hour.
pub const MOST_OF_A_SOURCE: u32 = 60;
/// Pages that one host is asked for within an hour, whichever sources link to it.
pub const MOST_OF_A_HOST: u32 = 180;

/// The page of an item, where it is wanted. `is_teaser`: the feed carries a
/// summary only.
pub fn wanted(
    pages: Pages,
    is_teaser: bool,
    link: Option<&str>,
    published: Option<Timestamp>,
    now: Timestamp,
) -> Option<Url> {
    let is_wanted = match pages {
        Pages::Auto => is_teaser,
        Pages::Always => true,
        Pages::Never => false,
    };
    let age = now.as_second() - published.unwrap_or(now).as_second();
    let is_fresh = age <= OLDEST.as_secs() as i64;
    let url = Url::parse(link?).ok().filter(|_| is_wanted && is_fresh)?;
    let is_web = matches!(url.scheme(), "http" | "https");
    // A front page is nobody's article, and a picture or a recording has no text.
    let leads_somewhere = url.path() != "/" || url.query().is_some();
    (is_web && leads_somewhere && !is_media(url.path())).then_some(url)
}

fn is_media(path: &str) -> bool {
    const ENDS: [&str; 14] = [
        "jpg", "jpeg", "png", "gif", "webp", "svg", "mp3", "m4a", "mp4", "m3u8", "webm", "avi",
        "zip", "pdf",
    ];
    path.rsplit_once('.').is_some_and(|(_, end)| ENDS.contains(&end.to_ascii_lowercase().as_str()))
}

/// Where a page lies, as its host is counted: scheme, host and port.
pub fn host_of(page: &Url) -> String {
    page.origin().ascii_serialization()
}

/// A page that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub id: i64,
    pub source: String,
    pub host: String,
}

/// Pages tried within the last hour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spent {
    pub of_source: HashMap<String, u32>,
    pub of_host: HashMap<String, u32>,
}

/// Of the pages that wait, in their order, those to ask for now: at most `room`,
/// one a host, none of a host that is being asked, none beyond what a source and a
/// host may cost.
pub fn pick(waiting: &[Waiting], busy: &HashSet<String>, spent: Spent, room: usize) -> Vec<i64> {
    let mut asked: HashSet<&str> = busy.iter().map(String::as_str).collect();
    let Spent { mut of_source, of_host } = spent;
    let mut chosen = Vec::new();
    for page in waiting {
        let of_source = of_source.entry(page.source.clone()).or_default();
        let of_host = of_host.get(&page.host).copied().unwrap_or_default();
        let is_within = *of_source < MOST_OF_A_SOURCE && of_host < MOST_OF_A_HOST;
        if chosen.len() < room && is_within && asked.insert(&page.host) {
            *of_source += 1;
            chosen.push(page.id);
        }
    }
    chosen
}

/// Why a page is not read, as far as the next step depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// No name, no connection, no handshake, too slow, broken off.
    Unreachable,
    /// An address or a form of URL that is never asked for.
    Refused,
    /// 401, 402, 403, 451.
    Denied,
    /// 404.
    NotFound,
    /// 410.
    Gone,
    /// 429, or 503 with a time to wait.
    Busy,
    /// 5xx.
    Server,
    /// Another status that is no success.
    Status,
    /// A circle, a chain without end, or a redirect that must not be followed.
    Redirect,
    /// Larger than is read.
    TooLarge,
    /// A document of a kind that is no page.
    NoPage,
    /// The host's robots.txt asks not to.
    Robots,
    /// The host's robots.txt could not be had.
    RobotsUnknown,
    /// Its reader was stopped or failed.
    Unread,
    /// A question whether we are a person.
    Wall,
    /// "Not found", with a status that says otherwise.
    Missing,
    /// Next to no text.
    Empty,
    /// It does not tell yet what its feed does.
    Behind,
}

impl Trouble {
    /// Of an answer with this status and cause.
    pub fn of(cause: Cause, status: Option<u16>) -> Trouble {
        match (cause, status) {
            (Cause::Busy, _) => Trouble::Busy,
            (_, Some(401 | 402 | 403 | 451)) => Trouble::Denied,
            (_, Some(404)) => Trouble::NotFound,
            (_, Some(410)) => Trouble::Gone,
            (_, Some(500..=599)) => Trouble::Server,
            (_, Some(_)) => Trouble::Status,
            (Cause::Refused, _) => Trouble::Refused,
            (Cause::Redirect, _) => Trouble::Redirect,
            (Cause::TooLarge, _) => Trouble::TooLarge,
            _ => Trouble::Unreachable,
        }
    }

    /// Whether the host as a whole asks for a pause.
    pub fn is_of_the_host(self) -> bool {
        matches!(self, Trouble::Busy)
    }

    /// Whether another mirror may well give the page.
    fn may_differ_elsewhere(self) -> bool {
        matches!(
            self,
            Trouble::Unreachable
                | Trouble::Refused
                | Trouble::Denied
                | Trouble::NotFound
                | Trouble::Gone
                | Trouble::Server
                | Trouble::Status
                | Trouble::Redirect
                | Trouble::RobotsUnknown
                | Trouble::Wall
                | Trouble::Missing
        )
    }

    /// The pauses after the first try, the second and so on; after the last of
    /// them it is tried once more.
    fn pauses(self) -> &'static [u64] {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 3600;
        match self {
            // A publisher's caches learn of a page later than its feed does.
            Trouble::NotFound | Trouble::Missing | Trouble::Empty | Trouble::Behind => {
                &[2 * MINUTE, 10 * MINUTE, HOUR]
            }
            // As often as not it is this machine that reaches nobody.
            Trouble::Unreachable => {
                &[MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR]
            }
            Trouble::Server => &[MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 3 * HOUR],
            Trouble::Busy | Trouble::RobotsUnknown => {
                &[5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR]
            }
            Trouble::Denied | Trouble::Wall => &[30 * MINUTE, 3 * HOUR],
            // A reader may have been stopped for what others did to the machine.
            Trouble::Status | Trouble::Redirect | Trouble::Unread => &[30 * MINUTE],
            Trouble::Refused
            | Trouble::Gone
            | Trouble::TooLarge
            | Trouble::NoPage
            | Trouble::Robots => &[],
        }
    }
}

/// When a page is read again after it was queued: what tells of an attack is written
/// on for hours, and its feed does not always say so.
const AGAIN_AFTER: [Duration; 2] = [Duration::from_secs(30 * 60), Duration::from_secs(3 * 3600)];

/// When a page that was read now is read again, if ever.
pub fn again(is_urgent: bool, queued: Timestamp, now: Timestamp) -> Option<Timestamp> {
    const SOONEST: Duration = Duration::from_secs(10 * 60);
    let soonest = now.checked_add(SOONEST).ok()?;
    let times = AGAIN_AFTER.iter().filter_map(|after| queued.checked_add(*after).ok());
    times.filter(|at| is_urgent && *at > soonest).min()
}

/// The same page at the next of the source's mirrors, in their order; none where it
/// lies elsewhere, or the source has no other.
pub fn elsewhere(source: &Source, page: &Url) -> Option<Url> {
    let places = places(source, page)?;
    let here = places.iter().position(|place| place.origin() == page.origin())?;
    let next = &places[(here + 1) % places.len()];
    let mut moved = page.clone();
    moved.set_scheme(next.scheme()).ok()?;
    moved.set_host(next.host_str()).ok()?;
    moved.set_port(next.port()).ok()?;
    (moved != *page).then_some(moved)
}

/// How many places there are to ask for a page.
pub fn breadth(source: &Source, page: &Url) -> u32 {
    places(source, page).map_or(1, |places| u32::try_from(places.len()).unwrap_or(u32::MAX))
}

/// Where a source's page may lie: its mirrors, and where it is linked to.
fn places(source: &Source, page: &Url) -> Option<Vec<Url>> {
    if !source.owns_host(page.host_str()?) {
        return None;
    }
    let mut places: Vec<Url> = Vec::new();
    for place in source.mirrors.iter().map(|mirror| &mirror.url).chain([page]) {
        if !places.iter().any(|known| known.origin() == place.origin()) {
            places.push(place.clone());
        }
    }
    Some(places)
}

/// What is to be done about a page that could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Ask again after this.
    Again(Duration),
    /// Ask at the next mirror, soon.
    Elsewhere(Duration),
    /// Never again.
    GiveUp,
}

/// What follows on `trouble` after so many tries, the last included, where there are
/// `breadth` places to ask. A host that names a time is not asked before it.
pub fn next(trouble: Trouble, tries: u32, breadth: u32, retry_after: Option<Duration>) -> Next {
    const SOON: Duration = Duration::from_secs(1);
    let breadth = if trouble.may_differ_elsewhere() { breadth.max(1) } else { 1 };
    if !tries.is_multiple_of(breadth) {
        return Next::Elsewhere(SOON);
    }
    let pauses = trouble.pauses();
    match pauses.get((tries / breadth).saturating_sub(1) as usize) {
        Some(seconds) => {
            let pause = Duration::from_secs(*seconds);
            Next::Again(retry_after.map_or(pause, |asked| asked.max(Duration::from_secs(1))))
        }
        None => Next::GiveUp,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use url::Url;

    use std::collections::{HashMap, HashSet};

    use super::{
        MOST_OF_A_HOST, MOST_OF_A_SOURCE, Next, Pages, Spent, Trouble, Waiting, again, breadth,
        elsewhere, next, pick, wanted,
    };
    use crate::source::Source;
    use crate::source::state::Cause;

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_page_is_wanted_where_the_feed_has_less() {
        let link = "https://a.org/2026/x.html";
        for (pages, is_teaser, link, wanted_page) in [
            (Pages::Auto, true, link, true),
            (Pages::Auto, false, link, false),
            (Pages::Always, false, link, true),
            (Pages::Never, true, link, false),
            (Pages::Auto, true, "https://a.org/", false),
            (Pages::Auto, true, "https://a.org/?p=7", true),
            (Pages::Auto, true, "https://a.org/photo.JPG", false),
            (Pages::Auto, true, "ftp://a.org/x", false),
            (Pages::Auto, true, "x", false),
        ] {
            let page = wanted(pages, is_teaser, Some(link), None, now());
            assert_eq!(page.is_some(), wanted_page, "{pages:?} {is_teaser} {link}");
        }
        for (published, fresh) in [("2026-11-20T12:00:00Z", true), ("2026-11-01T12:00:00Z", false)]
        {
            let page = wanted(Pages::Auto, true, Some(link), published.parse().ok(), now());
            assert_eq!(page.is_some(), fresh, "{published}");
        }
        assert_eq!(wanted(Pages::Auto, true, None, None, now()), None);
    }

    #[test]
    fn one_page_a_host_is_asked_for_and_no_source_takes_all() {
        let page = |id, source: &str, host: &str| Waiting {
            id,
            source: source.into(),
            host: format!("https://{host}"),
        };
        let waiting = [
            page(1, "A", "a.org"),
            page(2, "A", "a.org"),
            page(3, "B", "b.org"),
            page(4, "C", "a.org"),
            page(5, "D", "d.org"),
            page(6, "A", "other.org"),
        ];
        let chosen = |busy: &[&str], spent: Spent, room| {
            let busy: HashSet<String> = busy.iter().map(|h| format!("https://{h}")).collect();
            pick(&waiting, &busy, spent, room)
        };
        assert_eq!(chosen(&[], Spent::default(), 9), [1, 3, 5, 6]);
        assert_eq!(chosen(&["a.org"], Spent::default(), 2), [3, 5]);
        let source = HashMap::from([("A".to_owned(), MOST_OF_A_SOURCE)]);
        let host = HashMap::from([("https://d.org".to_owned(), MOST_OF_A_HOST)]);
        assert_eq!(chosen(&[], Spent { of_source: source, of_host: host }, 9), [3, 4]);
        assert_eq!(chosen(&[], Spent::default(), 0), [0; 0]);
    }

    #[test]
    fn every_choice_has_its_name() {
        assert!(Pages::NAMES.iter().all(|name| Pages::named(name).is_some()));
        assert_eq!(Pages::named("sometimes"), None);
    }

    #[test]
    fn a_page_is_asked_for_again_as_long_as_there_is_hope() {
        let minutes = |n: u64| Next::Again(Duration::from_secs(n * 60));
        let hour = Some(Duration::from_secs(3600));
        for (trouble, tries, retry_after, wanted) in [
            (Trouble::NotFound, 1, None, minutes(2)),
            (Trouble::NotFound, 3, None, minutes(60)),
            (Trouble::NotFound, 4, None, Next::GiveUp),
            (Trouble::Gone, 1, None, Next::GiveUp),
            (Trouble::Robots, 1, None, Next::GiveUp),
            (Trouble::Unread, 1, None, minutes(30)),
            (Trouble::Unread, 2, None, Next::GiveUp),
            (Trouble::Denied, 1, None, minutes(30)),
            (Trouble::Denied, 3, None, Next::GiveUp),
            (Trouble::Server, 5, None, minutes(180)),
            (Trouble::Server, 6, None, Next::GiveUp),
            (Trouble::Busy, 1, hour, minutes(60)),
            (Trouble::Busy, 6, hour, Next::GiveUp),
            (Trouble::Unreachable, 7, None, minutes(720)),
            (Trouble::Unreachable, u32::MAX, None, Next::GiveUp),
        ] {
            assert_eq!(next(trouble, tries, 1, retry_after), wanted, "{trouble:?} {tries}");
        }
        // All mirrors are asked before a pause.
        let soon = Next::Elsewhere(Duration::from_secs(1));
        for (trouble, tries, wanted) in [
            (Trouble::Denied, 1, soon),
            (Trouble::Denied, 2, soon),
            (Trouble::Denied, 3, minutes(30)),
            (Trouble::Gone, 2, soon),
            (Trouble::Gone, 3, Next::GiveUp),
            (Trouble::Robots, 1, Next::GiveUp),
            (Trouble::Busy, 1, minutes(5)),
        ] {
            assert_eq!(next(trouble, tries, 3, None), wanted, "{trouble:?} {tries}");
        }
    }

    #[test]
    fn a_page_moves_through_the_mirrors_and_comes_back() {
        let source = Source::new("A", "/rss", &["https://a.ir", "a.com", "http://a.org:8080"]);
        let source = source.unwrap();
        let mut page = Url::parse("https://a.ir/2026/x?id=1").unwrap();
        let mut seen = Vec::new();
        for _ in 0..3 {
            page = elsewhere(&source, &page).unwrap();
            seen.push(page.to_string());
        }
        let wanted = [
            "https://a.com/2026/x?id=1",
            "http://a.org:8080/2026/x?id=1",
            "https://a.ir/2026/x?id=1",
        ];
        assert_eq!(seen, wanted);
        assert_eq!(breadth(&source, &page), 3);
        // Linked under a name that is no mirror's, and on another's host.
        let amp = Url::parse("https://amp.a.ir/2026/x").unwrap();
        assert_eq!(
            (elsewhere(&source, &amp).unwrap().as_str(), breadth(&source, &amp)),
            ("https://a.ir/2026/x", 4)
        );
        let other = Url::parse("https://other.org/x").unwrap();
        assert_eq!((elsewhere(&source, &other), breadth(&source, &other)), (None, 1));
        let lone = Source::new("B", "https://b.org/rss", &[]).unwrap();
        assert_eq!(elsewhere(&lone, &"https://b.org/x".parse().unwrap()), None);
    }

    #[test]
    fn what_tells_of_an_attack_is_read_again_twice() {
        let queued = now();
        let after = |minutes: i64| queued + jiff::SignedDuration::from_mins(minutes);
        for (urgent, minutes, wanted) in [
            (true, 0, Some(after(30))),
            (true, 25, Some(after(180))),
            (true, 31, Some(after(180))),
            (true, 181, None),
            (false, 0, None),
        ] {
            assert_eq!(again(urgent, queued, after(minutes)), wanted, "{urgent} {minutes}");
        }
    }

    #[test]
    fn an_answer_names_its_trouble() {
        for (cause, status, wanted) in [
            (Cause::Dns, None, Trouble::Unreachable),
            (Cause::Timeout, None, Trouble::Unreachable),
            (Cause::Status, Some(403), Trouble::Denied),
            (Cause::Status, Some(404), Trouble::NotFound),
            (Cause::Gone, Some(410), Trouble::Gone),
            (Cause::Busy, Some(429), Trouble::Busy),
            (Cause::Busy, Some(503), Trouble::Busy),
            (Cause::Status, Some(503), Trouble::Server),
            (Cause::Status, Some(418), Trouble::Status),
            (Cause::Refused, None, Trouble::Refused),
            (Cause::TooLarge, None, Trouble::TooLarge),
            (Cause::Redirect, None, Trouble::Redirect),
        ] {
            assert_eq!(Trouble::of(cause, status), wanted, "{cause:?} {status:?}");
        }
    }
}
