//! Timelines told as outlets would tell them, read by the very extractor, each with
//! its events and alerts: `tests/timelines/*.txt`.
//!
//! A timeline is `### what holds`, then articles, then `events` and `alerts`. An
//! article is `>> id source [YYYY-]MM-DD HH:MM [met MM-DD HH:MM]`, in 2019 where no year is given, a title, the text;
//! it is met five minutes after it came out where nothing is said. Lines before the
//! first article are rules: `copies N` (so many outlets print the article), or TOML.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use watchfire::alert::rule::{Alert, Metric};
use watchfire::alert::{self, Rules};
use watchfire::article::Article;
use watchfire::assess::{Incoming, Known, assess};
use watchfire::config::{self, Sources};
use watchfire::correlate::event::Event;
use watchfire::extract;
use watchfire::extract::event::{Count, Outcome, Party, Status};
use watchfire::lexicon::{Lexicon, PlaceCode};

const RULES: &str = "[[watch]]\nname = \"north\"\nplaces = [\"AF-KDZ\", \"AF-BGL\", \"AF-TAK\", \"AF-BDG\"]\n\
    levels = [ { level = \"warning\", killed = 5 }, { level = \"critical\", killed = 20 } ]\n";

/// One timeline as it is written.
#[derive(Default)]
struct Story {
    fact: String,
    rules: String,
    copies: usize,
    /// Name and what came in, in order.
    articles: Vec<(String, Incoming)>,
    events: Vec<String>,
    alerts: Vec<String>,
}

/// What became of it: articles by event, and what is shown.
struct Course {
    events: Vec<Event>,
    shown: Vec<String>,
    alerts: Vec<String>,
    names: BTreeMap<String, String>,
}

fn stories() -> Vec<Story> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/timelines");
    let mut files: Vec<_> = fs::read_dir(home).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
    texts.flat_map(|text| text.split("\n### ").skip(1).map(story).collect::<Vec<_>>()).collect()
}

fn story(text: &str) -> Story {
    let (fact, rest) = text.split_once('\n').unwrap();
    let (rest, alerts) = rest.split_once("\nalerts\n").unwrap_or_else(|| {
        (
            rest.trim_end().strip_suffix("\nalerts").unwrap_or_else(|| panic!("{fact}: no alerts")),
            "",
        )
    });
    let (articles, events) =
        rest.split_once("\nevents").unwrap_or_else(|| panic!("{fact}: no events"));
    let mut parts =
        format!("\n{articles}\n").split("\n>> ").map(str::to_owned).collect::<Vec<_>>().into_iter();
    let rules = parts.next().unwrap();
    let copies = rules.trim().strip_prefix("copies ").and_then(|n| n.trim().parse().ok());
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let mut story = Story {
        fact: fact.to_owned(),
        rules: if rules.contains('[') { rules } else { RULES.to_owned() },
        copies: copies.unwrap_or(1),
        articles: parts.map(|part| article(&part)).collect(),
        events: lines(events),
        alerts: lines(alerts),
    };
    for n in 1..story.copies {
        let (name, first) = &story.articles[0];
        let mut article = first.article.clone();
        // Every third one has a headline of its own.
        article.source = format!("Outlet {n}");
        article.title = if n % 3 == 0 { format!("{} {n}", article.title) } else { article.title };
        let fetched = first.fetched + i64::try_from(n).unwrap().minutes();
        let copy = Incoming::new(article, vec![format!("{name}{n}")], fetched);
        story.articles.push((format!("{name}{n}"), copy));
    }
    story
}

fn article(part: &str) -> (String, Incoming) {
    let (head, text) = part.split_once('\n').unwrap();
    let head: Vec<&str> = head.split_whitespace().collect();
    let (title, text) = text.split_once('\n').unwrap_or((text, ""));
    let published = moment(head[2], head[3]);
    let met = (head.get(4) == Some(&"met")).then(|| moment(head[5], head[6]));
    let article = Article {
        title: title.trim().to_owned(),
        text: text.trim().to_owned(),
        published: Some(published),
        source: head[1].to_owned(),
        ..Article::default()
    };
    let fetched = met.unwrap_or(published + 5.minutes());
    (head[0].to_owned(), Incoming::new(article, vec![head[0].to_owned()], fetched))
}

fn moment(day: &str, time: &str) -> Timestamp {
    let part = |text: &str, at: usize| text.split(['-', ':']).nth(at).unwrap().parse().unwrap();
    let (year, day) = match day.split_once('-') {
        Some((year, day)) if year.len() == 4 => (year.parse().unwrap(), day),
        _ => (2019, day),
    };
    let at = date(year, part(day, 0), part(day, 1)).at(part(time, 0), part(time, 1), 0, 0);
    TimeZone::UTC.to_timestamp(at).unwrap()
}

fn course(lexicon: &Lexicon, story: &Story) -> Course {
    let config = config::parse_with(&story.rules, &story.fact, &lexicon.places, Sources::Optional);
    let config = config.unwrap_or_else(|faults| panic!("{faults}"));
    let names =
        |code: PlaceCode| lexicon.places.division_name(code).unwrap_or(code.as_str()).to_owned();
    let rules = Rules { watches: &config.watches, late_after: config.late_after, names: &names };
    let mut known = Known::default();
    let mut alerts = Vec::new();
    let mut ids = BTreeMap::new();
    for (name, incoming) in &story.articles {
        ids.entry(incoming.id.0.clone()).or_insert_with(|| name.clone());
        let batch = [incoming.clone()];
        let read = |article: &Article| extract::events(lexicon, article);
        let assessment = assess(read, &rules, &batch, &known, incoming.fetched);
        alerts.extend(assessment.alerts.iter().map(|alert| show_alert(name, alert)));
        known.record(&batch, &assessment);
    }
    let events: Vec<Event> = known.events.into_iter().filter(|e| e.merged_into.is_none()).collect();
    let mut shown: Vec<String> = events.iter().map(|event| show(event, &ids)).collect();
    shown.sort();
    Course { events, shown, alerts, names: ids }
}

fn show(event: &Event, names: &BTreeMap<String, String>) -> String {
    let day = |day: jiff::civil::Date| match day.year() {
        2019 => day.strftime("%m-%d").to_string(),
        _ => day.to_string(),
    };
    let when = event.when.map_or("?".to_owned(), |days| match days.first() == days.last() {
        true => day(days.first()),
        false => format!("{}..{}", day(days.first()), day(days.last())),
    });
    let mark = if event.status == Status::Background { "bg " } else { "" };
    let places: Vec<&str> = event.places.iter().map(|place| place.as_str()).collect();
    let mut shown = format!("{mark}{} {when}", places.join("+"));
    shown += &format!(" killed {}", count(alert::measure(event, Metric::Killed)));
    for (word, metric) in [("wounded", Metric::Wounded), ("abducted", Metric::Abducted)] {
        let told = alert::measure(event, metric);
        if told.best() > 0 {
            shown += &format!(" {word} {}", count(told));
        }
    }
    let militants = |t: &&watchfire::extract::event::Toll| {
        t.party == Party::Militant && t.outcome == Outcome::Killed
    };
    if let Some(toll) = event.tolls.iter().find(militants) {
        shown += &format!(" militants {}", count(toll.count));
    }
    shown += &format!(" by {}", event.independent);
    if event.disputed {
        shown += " disputed";
    }
    let articles: Vec<&str> =
        event.sightings.iter().map(|s| names[&s.article.0].as_str()).collect();
    match articles.len() {
        n @ 9.. => shown + &format!(" [{n} articles]"),
        _ => shown + &format!(" [{}]", articles.join(" ")),
    }
}

fn count(count: Count) -> String {
    let low = count.low_told().map_or("?".to_owned(), |low| low.to_string());
    format!("{low}/{}/{}", count.best(), count.high().map_or("+".to_owned(), |h| h.to_string()))
}

fn show_alert(after: &str, alert: &Alert) -> String {
    let name = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let (kind, level, metric) = (
        name(serde_json::to_value(alert.kind).unwrap()),
        name(serde_json::to_value(alert.level).unwrap()),
        name(serde_json::to_value(alert.metric).unwrap()),
    );
    let places: Vec<&str> = alert.places.iter().map(|place| place.as_str()).collect();
    let joint = if alert.joint { " joint" } else { "" };
    let (places, best) = (places.join("+"), alert.value.best());
    format!("{after}: {kind} {level} {places}{joint} {metric} {best} ({})", alert.watch)
}

#[test]
fn every_timeline_leads_to_its_events_and_alerts() {
    let lexicon = Lexicon::embedded();
    let only = std::env::var("TIMELINE").unwrap_or_default();
    let mut wrong = Vec::new();
    for story in stories().iter().filter(|story| story.fact.contains(&only)) {
        let course = course(&lexicon, story);
        let mut wanted = story.events.clone();
        wanted.sort();
        if course.shown != wanted || course.alerts != story.alerts {
            let (events, alerts) = (course.shown.join("\n"), course.alerts.join("\n"));
            wrong.push(format!("### {}\nevents\n{events}\nalerts\n{alerts}", story.fact));
        }
    }
    assert!(wrong.is_empty(), "these came out so:\n{}", wrong.join("\n"));
}

#[test]
fn reports_are_put_together_as_they_belong() {
    let lexicon = Lexicon::embedded();
    let stories = stories();
    assert!(stories.len() >= 60, "{} timelines", stories.len());
    let (mut precision, mut recall) = (0.0, 0.0);
    let n = stories.len() as f64;
    for story in &stories {
        let course = course(&lexicon, story);
        let found: Vec<BTreeSet<&str>> = course
            .events
            .iter()
            .map(|e| e.sightings.iter().map(|s| course.names[&s.article.0].as_str()).collect())
            .collect();
        let gold: Vec<BTreeSet<&str>> =
            story.events.iter().map(|line| named(&course, line)).collect();
        precision += agreement(&found, &gold) / n;
        recall += agreement(&gold, &found) / n;
    }
    println!("{n} timelines: B-cubed precision {precision:.4}, recall {recall:.4}");
    assert!(precision >= 0.97 && recall >= 0.95, "precision {precision:.4}, recall {recall:.4}");
}

/// Extended B-cubed (Amigó et al. 2009): of the articles that are put together, how
/// many belong together, as often as they are put together; averaged over the pairs
/// of each article, then over the articles.
fn agreement(found: &[BTreeSet<&str>], gold: &[BTreeSet<&str>]) -> f64 {
    let together = |events: &[BTreeSet<&str>], one: &str, other: &str| {
        events.iter().filter(|e| e.contains(one) && e.contains(other)).count() as f64
    };
    let articles: BTreeSet<&str> = found.iter().flatten().copied().collect();
    let of_one = |one: &&str| {
        let fellows = articles.iter().filter(|other| together(found, one, other) > 0.0);
        let shares: Vec<f64> = fellows
            .map(|other| {
                let met = together(found, one, other);
                met.min(together(gold, one, other)) / met
            })
            .collect();
        shares.iter().sum::<f64>() / shares.len() as f64
    };
    match articles.len() {
        0 => 1.0,
        n => articles.iter().map(of_one).sum::<f64>() / n as f64,
    }
}

/// The articles that a line of events names.
fn named<'c>(course: &'c Course, line: &'c str) -> BTreeSet<&'c str> {
    let list = line.rsplit_once('[').unwrap().1.trim_end_matches(']');
    match list.ends_with("articles") {
        true => course.names.values().map(String::as_str).collect(),
        false => list.split_whitespace().collect(),
    }
}
