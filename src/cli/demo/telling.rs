//! The demo's words.

use std::collections::HashMap;
use std::path::Path;

use super::outcome::{Check, Outcome};
use crate::alert::rule::{Alert, AlertType, Severity, Silence};
use crate::assess::Verdict;
use crate::cli::look::{BAD, CRITICAL, FAINT, GOOD, HEADING, Look, PLACE, WARNING, one_line};
use crate::cli::table::{Cell, Table};
use crate::cli::words;
use crate::correlate::event::{ArticleId, Event};
use crate::daemon::{End, Recorded, Settings, Tally, Turn};

pub(super) fn opening(settings: &Settings, look: Look) -> String {
    format!(
        "{}\n{}\n\n{}\n",
        look.paint(HEADING, "watchfire demo"),
        look.paint(
            FAINT,
            format!(
                "{} publishers on 127.0.0.1, a configuration, a store and an alert log of their own; \
                 no network.",
                settings.sources.len()
            )
        ),
        look.paint(HEADING, "1. Polling"),
    )
}

/// How each source was found, and what became of its items.
pub(super) fn polls(turns: &[Turn], look: Look) -> String {
    let mut holders = HashMap::new();
    turns.iter().map(|turn| poll(turn, &mut holders, look)).collect::<String>()
}

fn poll<'a>(turn: &'a Turn, holders: &mut HashMap<&'a ArticleId, &'a str>, look: Look) -> String {
    let mut out = format!("   {}\n", look.paint(PLACE, &turn.source.name));
    for attempt in &turn.attempts {
        let sign = match attempt.fault {
            Some(_) => look.paint(BAD, "✗"),
            None => look.paint(GOOD, "✓"),
        };
        let host = attempt.url.authority();
        out += &format!("   {sign} {host}  {}\n", look.paint(FAINT, one_line(&attempt.message)));
    }
    if let End::Recorded(recorded) = &turn.end {
        out += &items(recorded, &turn.source.name, holders, look);
    }
    out
}

fn items<'a>(
    recorded: &'a Recorded,
    source: &'a str,
    holders: &mut HashMap<&'a ArticleId, &'a str>,
    look: Look,
) -> String {
    let mut out = String::new();
    for (item, verdict) in recorded.batch.iter().zip(&recorded.assessment.verdicts) {
        let fate = match verdict {
            Verdict::New { article, reading, .. } => {
                holders.insert(article, source);
                match reading.events.len() {
                    0 => look.paint(FAINT, "stored, no attack in it"),
                    1 => look.paint(GOOD, "stored, tells of 1 event"),
                    n => look.paint(GOOD, format!("stored, tells of {n} events")),
                }
            }
            Verdict::Updated { .. } => look.paint(GOOD, "stored as a new version"),
            Verdict::Duplicate { of } => {
                let holder = holders.get(of).copied().unwrap_or("another source");
                look.paint(WARNING, format!("the same article as {holder}'s"))
            }
            Verdict::Rejected { .. } => look.paint(BAD, "no article"),
        };
        out += &format!("       {}: {fate}\n", one_line(&item.article.title));
    }
    out
}

/// The events as the store has them.
pub(super) fn events(outcome: &Outcome, settings: &Settings, look: Look) -> String {
    let mut table = Table::new(&["where", "when", "toll as trusted", "told by", "then"]);
    for event in &outcome.events {
        let then = match announced(outcome, event) {
            Some(alert) => Cell::styled(style(alert.level), words::severity(alert.level)),
            None => {
                Cell::styled(FAINT, outcome.quiet.get(&event.id).map_or("", |why| silence(*why)))
            }
        };
        table.row(vec![
            Cell::styled(PLACE, words::places(&settings.lexicon.places, &event.places)),
            words::days(event.when).into(),
            words::tolls(&event.tolls).into(),
            tellers(event).into(),
            then,
        ]);
    }
    format!(
        "\n{}\n{}",
        look.paint(HEADING, "2. Events, merged over all reports"),
        table.render(look)
    )
}

fn announced<'a>(outcome: &'a Outcome, event: &Event) -> Option<&'a Alert> {
    outcome.alerts.iter().rfind(|alert| alert.event_id == event.id)
}

fn tellers(event: &Event) -> String {
    let mut names: Vec<&str> = event.sightings.iter().map(|told| told.source.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.join("\n")
}

fn silence(why: Silence) -> &'static str {
    match why {
        Silence::Unwatched => "not watched",
        Silence::BelowLevels => "below every level",
        Silence::ClaimOnly => "claimed only",
        Silence::Background => "background: no alert",
        Silence::Late => "older than 72 h: no alert",
        Silence::Total => "a total of events above",
        Silence::Dismissed => "called false",
        Silence::Announced => "announced before",
        Silence::FewReports => "too few independent reports",
        Silence::Joint => "a toll of several places",
        Silence::Grouped => "announced as one event",
        Silence::Together => "announced with others",
    }
}

/// The alert log, a block a line.
pub(super) fn alerts(outcome: &Outcome, look: Look) -> String {
    let mut out = format!("\n{}\n", look.paint(HEADING, "3. Alerts, as the log has them"));
    for alert in &outcome.alerts {
        out += &block(alert, look);
    }
    out
}

fn block(alert: &Alert, look: Look) -> String {
    let kind = match alert.kind {
        AlertType::Alert => "",
        AlertType::Update => " (update)",
        AlertType::Cancel => " (cancelled)",
    };
    let level = look.paint(style(alert.level), words::severity(alert.level).to_uppercase());
    let reason = look.paint(FAINT, one_line(&alert.reason));
    format!("   {level}{kind}  {}\n      {reason}\n", one_line(&alert.headline))
}

fn style(level: Severity) -> anstyle::Style {
    match level {
        Severity::Notice => GOOD,
        Severity::Warning => WARNING,
        Severity::Critical => CRITICAL,
    }
}

/// Whether all is as it should be, where everything lies, what to try.
pub(super) fn closing(checks: &[Check], again: &Tally, home: &Path, look: Look) -> String {
    let mut out = format!(
        "\n{}\n   Stopped, started on the same store, polled again: {} new articles, {} new alerts.\n",
        look.paint(HEADING, "4. Once more"),
        again.articles,
        again.alerts
    );
    out += &format!("\n{}\n", look.paint(HEADING, "5. As it should be?"));
    for Check { what, holds } in checks {
        let sign = if *holds { look.paint(GOOD, "✓") } else { look.paint(BAD, "✗ NOT SO:") };
        out += &format!("   {sign} {what}\n");
    }
    let home = home.display();
    out += &format!("\n{}\n", look.paint(HEADING, "6. See for yourself"));
    for (line, why) in [
        (
            format!(
                "sqlite3 -box {home}/demo.db 'SELECT day, places, killed_low, killed_best, headline FROM v_events'"
            ),
            "events",
        ),
        (
            format!(
                "sqlite3 -box {home}/demo.db 'SELECT source, status, mirror, mirror_error FROM v_sources'"
            ),
            "health of feeds and mirrors",
        ),
        (format!("jq -c '[.level, .places, .value]' {home}/alerts.jsonl"), "the alert log"),
        (format!("watchfire check --config {home}/watchfire.toml"), "the configuration"),
        ("watchfire demo --keep".to_owned(), "the same, with a feed that grows"),
    ] {
        out += &format!("   {line}  {}\n", look.paint(FAINT, format!("# {why}")));
    }
    out
}

pub(super) fn staying(look: Look) -> String {
    let note = "The Oxus Wire publishes every few seconds and is polled every ten. Ctrl-C ends.";
    format!("\n{}\n   {}\n", look.paint(HEADING, "7. Going on"), look.paint(FAINT, note))
}

/// What a turn brought, nothing where it brought nothing.
pub(super) fn news(turn: &Turn, look: Look) -> String {
    let End::Recorded(recorded) = &turn.end else { return String::new() };
    let mut out = String::new();
    for (item, verdict) in recorded.batch.iter().zip(&recorded.assessment.verdicts) {
        if verdict.reading().is_some() {
            let (source, title) = (&turn.source.name, one_line(&item.article.title));
            out += &format!("   {}  {title}\n", look.paint(PLACE, source));
        }
    }
    recorded.assessment.alerts.iter().for_each(|alert| out += &block(alert, look));
    out
}

pub(super) fn farewell(tally: Tally, look: Look) -> String {
    let Tally { polls, articles, alerts, .. } = tally;
    let line =
        format!("Ended with nothing lost: {polls} polls, {articles} articles, {alerts} alerts.");
    format!("\n{}\n", look.paint(GOOD, line))
}
