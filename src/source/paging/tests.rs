//! When a page is asked for, and when again.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

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
    for (published, fresh) in [("2026-11-20T12:00:00Z", true), ("2026-11-01T12:00:00Z", false)] {
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
    let wanted =
        ["https://a.com/2026/x?id=1", "http://a.org:8080/2026/x?id=1", "https://a.ir/2026/x?id=1"];
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
