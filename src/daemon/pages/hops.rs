//! Asks for a page, redirect by redirect, and at each host as that host wants to be
//! asked: its robots.txt is read before anything else of it.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::daemon::turn::{Means, ask};
use crate::daemon::writer::{PageRequest, Request};
use crate::fetch::Trail;
use crate::pages::robots::{Leave, Robots};
use crate::pages::{Came, Fault, Hop, Reader, unanswered};
use crate::source::paging::{Trouble, host_of};
use crate::source::{Access, Mirror, Source};

/// What was asked, and what came.
pub(super) struct Asked {
    /// The rules of hosts, where they were asked for anew.
    pub robots: Vec<(String, Robots)>,
    /// The pause that the first host asks for.
    pub delay: Duration,
    pub came: Result<Came, Fault>,
}

/// Asks for a page; nothing where the writer ended.
pub(super) async fn ask_for(
    means: &Means,
    reader: &Reader,
    source: Option<&Source>,
    url: &Url,
    now: Timestamp,
) -> Option<Asked> {
    let mut trail = Trail::from(url.clone());
    let (mut robots, mut first_pause) = (Vec::new(), None);
    loop {
        let at = trail.end().clone();
        let (pause, hop) = call(means, reader, source, &at, &mut robots, now).await?;
        let delay = *first_pause.get_or_insert(pause);
        let came = match hop {
            Err(fault) => Err(fault),
            Ok(Hop::Here(came)) => Ok(*came),
            Ok(Hop::There(redirect)) => match trail.follow(redirect) {
                Ok(()) => continue,
                Err(fault) => Err(unanswered(&fault)),
            },
        };
        return Some(Asked { robots, delay, came });
    }
}

/// Asks one host, where its rules let us: the pause that it wants, and what it answers.
async fn call(
    means: &Means,
    reader: &Reader,
    source: Option<&Source>,
    at: &Url,
    robots: &mut Vec<(String, Robots)>,
    now: Timestamp,
) -> Option<(Duration, Result<Hop, Fault>)> {
    let access = source.map(|source| access(source, at)).unwrap_or_default();
    let (rules, is_new) = rules(means, reader, at, &access, robots, now).await?;
    if is_new {
        robots.push((host_of(at), rules.clone()));
    }
    let pause = match leave(rules, at, now).await {
        Ok(pause) => pause,
        Err(fault) => return Some((Duration::ZERO, Err(fault))),
    };
    // The pause that a host asks for is also due after its robots.txt.
    if is_new && !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
    Some((pause, reader.page(at, &access, now).await))
}

/// The rules of the host at which a page lies, and whether they were asked for anew;
/// nothing where the writer ended.
async fn rules(
    means: &Means,
    reader: &Reader,
    page: &Url,
    access: &Access,
    just_read: &[(String, Robots)],
    now: Timestamp,
) -> Option<(Robots, bool)> {
    let host = host_of(page);
    if let Some((_, robots)) = just_read.iter().find(|(known, _)| *known == host) {
        return Some((robots.clone(), false));
    }
    let kept = ask(means, |reply| Request::Page(PageRequest::Robots(host, reply))).await?;
    Some(match kept.filter(|robots| robots.holds(now)) {
        Some(robots) => (robots, false),
        None => (reader.robots(page, access, now).await, true),
    })
}

/// The pause that the rules ask for, where they let the page be asked for. A long file
/// takes a while to judge by, and others go on meanwhile.
async fn leave(robots: Robots, page: &Url, now: Timestamp) -> Result<Duration, Fault> {
    let left = robots.expires.as_second() - now.as_second();
    let page = page.clone();
    let leave = tokio::task::spawn_blocking(move || robots.leave(&page)).await;
    match leave.unwrap_or(Leave::Unknown { why: "they could not be read".to_owned() }) {
        Leave::Given { delay } => Ok(delay),
        Leave::Refused => {
            let message = "its host's robots.txt asks not to".to_owned();
            Err(Fault { trouble: Trouble::Robots, message, retry_after: None })
        }
        Leave::Unknown { why } => {
            let message = format!("its host's robots.txt cannot be had: {why}");
            let retry_after = u64::try_from(left).ok().map(Duration::from_secs);
            Err(Fault { trouble: Trouble::RobotsUnknown, message, retry_after })
        }
    }
}

/// As the source is reached; what it is sent besides is for its own hosts alone.
fn access(source: &Source, page: &Url) -> Access {
    let is_own = page.host_str().is_some_and(|host| source.owns_host(host));
    let headers = if is_own { source.access.headers.clone() } else { Vec::new() };
    let is_there = |mirror: &Mirror| mirror.url.origin() == page.origin();
    let access = match source.mirrors.iter().position(is_there) {
        Some(mirror) => source.access_of(mirror),
        None => source.access.clone(),
    };
    Access { headers, ..access }
}
