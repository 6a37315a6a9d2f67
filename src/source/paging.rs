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
mod tests;
