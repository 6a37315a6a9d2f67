//! The documents that a host can answer with.

use watchfire::source::standing::Word;
use watchfire::source::state::{Cause, Pace};

use super::{Row, Says, headed, http, rss};

const USUAL: std::ops::RangeInclusive<i64> = 269..=330;

fn good(name: &'static str, items: usize, says: Says) -> Row {
    let next = (Pace::Every, USUAL);
    Row { name, says, faults: &[None], asked: 1, items, next, word: Word::Up }
}

fn asks(name: &'static str, pace: Pace, wait: std::ops::RangeInclusive<i64>, says: Says) -> Row {
    Row { next: (pace, wait), ..good(name, 1, says) }
}

/// A good poll, then one that brings this fault.
fn then(name: &'static str, faults: &'static [Option<Cause>], says: Says) -> Row {
    let (next, asked) = ((Pace::Backoff, USUAL), faults.len());
    Row { name, says, faults, asked, items: 1, next, word: Word::Failing }
}

pub fn rows() -> Vec<Row> {
    let mut rows = wishes();
    rows.extend(strangers());
    rows.extend(damage());
    rows
}

fn wishes() -> Vec<Row> {
    vec![
        asks("ttl", Pace::Feed, 3600..=3960, |_, _, _| {
            http(200, &[], headed("<ttl>60</ttl>", &["1"]))
        }),
        asks("hourly", Pace::Feed, 3600..=3960, |_, _, _| {
            http(200, &[], headed("<sy:updatePeriod>hourly</sy:updatePeriod>", &["1"]))
        }),
        // From 12:00 on the half hour: half an hour is left.
        asks("hourly from a base", Pace::Feed, 1800..=1980, |_, _, _| {
            let head = "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateBase>2000-01-01T00:30:00Z</sy:updateBase>";
            http(200, &[], headed(head, &["1"]))
        }),
        // At 12:05 it is an hour that is skipped.
        asks("skipped hours", Pace::Skip, 7200..=7320, |_, _, _| {
            http(200, &[], headed("<skipHours><hour>12</hour><hour>13</hour></skipHours>", &["1"]))
        }),
        asks("skipped days", Pace::Skip, 43_200..=43_320, |_, _, _| {
            http(200, &[], headed("<skipDays><day>Monday</day></skipDays>", &["1"]))
        }),
        asks("all hours skipped", Pace::Every, USUAL, |_, _, _| {
            let hours: String = (0..24).map(|hour| format!("<hour>{hour}</hour>")).collect();
            http(200, &[], headed(&format!("<skipHours>{hours}</skipHours>"), &["1"]))
        }),
        asks("a ttl without sense", Pace::Every, USUAL, |_, _, _| {
            http(200, &[], headed("<ttl>99999999999999999999</ttl>", &["1"]))
        }),
    ]
}

fn strangers() -> Vec<Row> {
    vec![
        then("parked", &[None, Some(Cause::Parked)], |n, _, _| match n {
            0 => http(200, &[], rss(&["1"])),
            _ => http(
                200,
                &[("content-type", "text/html")],
                "<!DOCTYPE html><html><head><title>For sale</title>",
            ),
        }),
        Row {
            word: Word::Quarantined,
            next: (Pace::Backoff, 539..=660),
            ..then(
                "seized for good",
                &[None, Some(Cause::Parked), Some(Cause::Parked)],
                |n, _, _| match n {
                    0 => http(200, &[], rss(&["1"])),
                    _ => http(200, &[], "<html><h1>This domain has been seized</h1></html>"),
                },
            )
        },
        then("another feed", &[None, Some(Cause::Foreign)], |n, _, _| match n {
            0 => http(200, &[], rss(&["1"])),
            _ => http(200, &[], rss(&["casino"]).replace("The Paper", "Casino")),
        }),
        then("a feed without entries", &[None, Some(Cause::Empty)], |n, _, _| match n {
            0 => http(200, &[], rss(&["1"])),
            _ => http(200, &[], rss(&[])),
        }),
        then("an error as JSON", &[None, Some(Cause::Broken)], |n, _, _| match n {
            0 => http(200, &[], rss(&["1"])),
            _ => http(200, &[("content-type", "application/json")], "{\"error\": \"quota\"}"),
        }),
        then("plain words", &[None, Some(Cause::Broken)], |n, _, _| match n {
            0 => http(200, &[], rss(&["1"])),
            _ => http(200, &[], "go away"),
        }),
        Row {
            faults: &[None, None],
            asked: 2,
            ..good("all new under the known title", 2, |n, _, _| match n {
                0 => http(200, &[], rss(&["1"])),
                _ => http(200, &[], rss(&["8", "9"])),
            })
        },
    ]
}

fn damage() -> Vec<Row> {
    vec![
        good("an entity bomb", 1, |_, _, _| {
            let bomb = "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
                        <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]>";
            http(200, &[], format!("{bomb}{}", rss(&["1"])))
        }),
        good("a file of this machine", 1, |_, _, _| {
            let entity = "<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
            http(200, &[], format!("{entity}{}", rss(&["1"])))
        }),
        good("two thousand items and some", 2_000, |_, _, _| {
            let ids: Vec<String> = (0..2_050).map(|n| n.to_string()).collect();
            http(200, &[], rss(&ids.iter().map(String::as_str).collect::<Vec<_>>()))
        }),
        good("characters that act", 1, |_, _, _| {
            http(200, &[], rss(&["1"]).replace("News 1", "News\u{1b}[31m \u{202e}one\0"))
        }),
        good("a title of a million characters", 1, |_, _, _| {
            http(200, &[], rss(&["1"]).replace("News 1", &"long ".repeat(200_000)))
        }),
        good("a hundred thousand attributes", 1, |_, _, _| {
            let attributes: String = (0..60_000).map(|n| format!(" a{n}=\"\"")).collect();
            http(200, &[], rss(&["1"]).replacen("<item>", &format!("<item{attributes}>"), 1))
        }),
        Row {
            faults: &[None, None, None],
            asked: 3,
            items: 1,
            ..good("another id each time", 1, |n, _, _| http(200, &[], rss(&[&n.to_string()])))
        },
    ]
}
