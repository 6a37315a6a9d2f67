//! Timelines as lines of text: what the outlets reported in January 2019, and
//! what watchfire made of it.
//!
//! An article is `10T14:00 source id [key=K] [wire=AGENCY] [met=13T10:00]
//! [title=words_of_it] [was=12] | report | report`. Two lines with one id are one
//! text; `was` is a number that the article says it corrects. A report is
//! `[bg] BGL+TAK 10 assault [by Name]: 16 security killed [voice], ...` with days
//! `10`, `9-10` or `?`, and counts `16`, `10+`, `<9` and `0<40` for a boast.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::OnceLock;

use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use watchfire::alert::hold::Patience;
use watchfire::alert::rule::{Counts, Level, Metric, Severity, Watch};
use watchfire::alert::{self, Rules};
use watchfire::article::Article;
use watchfire::assess::{Assessment, Extent, Incoming, Known, assess};
use watchfire::correlate::event::{ArticleId, Event};
use watchfire::extract::event::{
    Claim, Count, Days, Dropped, Evidence, Kind, Outcome, Party, Reading, Reason, Report, Status,
    Toll, Voice,
};
use watchfire::lexicon::PlaceCode;

/// What a run of articles left behind.
pub struct Outcomes {
    pub known: Known,
    /// "a1: warning killed 10/10/+ KDZ (north)", in order.
    pub alerts: Vec<String>,
    pub last: Assessment,
}

/// Gives the articles to `assess` one by one, each at the time it was met.
pub fn run(watches: &[Watch], lines: &[&str]) -> Outcomes {
    let batches: Vec<Vec<&str>> = lines.iter().map(|line| vec![*line]).collect();
    run_batches(watches, &batches)
}

/// Gives each batch to `assess` as one poll, at the time its last was met.
pub fn run_batches(watches: &[Watch], batches: &[Vec<&str>]) -> Outcomes {
    let mut out =
        Outcomes { known: Known::default(), alerts: Vec::new(), last: Assessment::default() };
    for lines in batches {
        let incoming: Vec<Incoming> = lines.iter().map(|line| article(line)).collect();
        let now = incoming.iter().map(|i| i.fetched).max().unwrap();
        let rules = Rules { watches, late_after: alert::LATE_AFTER, names: &name };
        let assessment = assess(read, &rules, &incoming, &out.known, now);
        let after = incoming.iter().map(|i| i.id.0.as_str()).collect::<Vec<_>>().join("+");
        out.alerts.extend(assessment.alerts.iter().map(|a| show_alert(&after, a)));
        out.known.record(&incoming, &assessment);
        out.last = assessment;
    }
    out
}

/// The text of an article of these timelines is its reading.
fn read(article: &Article) -> Reading {
    serde_json::from_str(&article.text).unwrap()
}

/// A watch called `name` over the places, warning at 5 and critical at 20 killed.
pub fn watch(name: &str, places: &str) -> Watch {
    let level = |severity, threshold| Level {
        severity,
        metric: Metric::Killed,
        threshold: NonZeroU32::new(threshold).unwrap(),
        within: None,
    };
    Watch {
        name: name.to_owned(),
        places: self::places(places),
        levels: vec![level(Severity::Warning, 5), level(Severity::Critical, 20)],
        counts: Counts::default(),
        patience: Patience::default(),
    }
}

/// "BGL+TAK 10 killed 16/16/16 [a1 b1]", sorted; background and disputed marked.
pub fn show_events(known: &Known) -> Vec<String> {
    // What a late report joined to another event is that event.
    let events = known.events.iter().filter(|event| event.merged_into.is_none());
    let mut shown: Vec<String> = events.map(show_event).collect();
    shown.sort();
    shown
}

fn show_event(event: &Event) -> String {
    let days = event.when.map_or("?".to_owned(), |days| match days.first() == days.last() {
        true => days.first().day().to_string(),
        false => format!("{}-{}", days.first().day(), days.last().day()),
    });
    let killed = show_count(alert::measure(event, Metric::Killed));
    let wounded = alert::measure(event, Metric::Wounded);
    let wounded = match wounded.best() {
        0 => String::new(),
        _ => format!(" wounded {}", show_count(wounded)),
    };
    let mark = if event.status == Status::Background { "bg " } else { "" };
    let disputed = if event.disputed { " disputed" } else { "" };
    let articles: Vec<&str> = event.sightings.iter().map(|s| s.article.0.as_str()).collect();
    let places = show_places(&event.places);
    format!("{mark}{places} {days} killed {killed}{wounded}{disputed} [{}]", articles.join(" "))
}

fn show_alert(after: &str, alert: &alert::rule::Alert) -> String {
    let level = format!("{:?}", alert.level).to_lowercase();
    let kind = format!("{:?}", alert.kind).to_lowercase();
    let joint = if alert.joint { " joint" } else { "" };
    let (places, best) = (show_places(&alert.places), alert.value.best());
    format!("{after}: {kind} {level} {places}{joint} {best} ({})", alert.watch)
}

fn show_places(places: &[PlaceCode]) -> String {
    let shown: Vec<&str> = places.iter().map(|p| p.as_str().trim_start_matches("AF-")).collect();
    shown.join("+")
}

fn show_count(count: Count) -> String {
    let low = if count.is_low_untold() { "?".to_owned() } else { count.low().to_string() };
    format!("{low}/{}/{}", count.best(), count.high().map_or("+".to_owned(), |h| h.to_string()))
}

/// The plain names of the places in these timelines.
pub fn name(place: PlaceCode) -> String {
    let names = HashMap::from([
        ("AF", "Afghanistan"),
        ("AF-KDZ", "Kunduz"),
        ("AF-BGL", "Baghlan"),
        ("AF-TAK", "Takhar"),
        ("AF-BDG", "Badghis"),
    ]);
    names.get(place.as_str()).map_or_else(|| place.to_string(), |name| (*name).to_owned())
}

/// One line of a timeline.
pub fn article(line: &str) -> Incoming {
    let mut parts = line.split('|').map(str::trim);
    let head: Vec<&str> = parts.next().unwrap().split_whitespace().collect();
    let option = |name: &str| head.iter().find_map(|word| word.strip_prefix(name));
    let mut reading = Reading { events: parts.map(report).collect(), ..Reading::default() };
    let was = option("was=").unwrap_or_default();
    if !was.is_empty() {
        reading.dropped.push(Dropped { range: 0..was.len(), reason: Reason::Superseded });
    }
    let published = moment(head[0]);
    Incoming {
        id: ArticleId(head[2].to_owned()),
        article: Article {
            title: format!("{was} {}", option("title=").unwrap_or_default().replace('_', " ")),
            text: serde_json::to_string(&reading).unwrap(),
            published: Some(published),
            source: head[1].to_owned(),
            link: Some(format!("https://{}.example/{}", head[1], head[2])),
            ..Article::default()
        },
        keys: option("key=").map(str::to_owned).into_iter().collect(),
        fetched: option("met=").map_or(published + 5.minutes(), moment),
        agency: option("wire=").map(str::to_owned),
        print: OnceLock::from(None),
        extent: Extent::Whole,
        page: None,
    }
}

fn moment(text: &str) -> Timestamp {
    let (day, time) = text.split_once('T').unwrap();
    let (hour, minute) = time.split_once(':').unwrap();
    let at = date(2019, 1, day.parse().unwrap());
    let at = at.at(hour.parse().unwrap(), minute.parse().unwrap(), 0, 0);
    TimeZone::UTC.to_timestamp(at).unwrap()
}

fn report(text: &str) -> Report {
    let (head, tolls) = text.split_once(':').unwrap();
    let (head, perpetrator) = match head.split_once(" by ") {
        Some((head, name)) => (head, Some(name.to_owned())),
        None => (head, None),
    };
    let mut words: Vec<&str> = head.split_whitespace().collect();
    let status = if words[0] == "bg" { Status::Background } else { Status::Current };
    words.retain(|word| *word != "bg");
    Report {
        places: places(words[0]),
        when: days(words[1]),
        status,
        kind: kind(words[2]),
        claim: if perpetrator.is_some() { Claim::Attributed } else { Claim::None },
        perpetrator,
        tolls: tolls.split(',').filter(|t| !t.trim().is_empty()).map(toll).collect(),
        evidence: Vec::new(),
    }
}

fn places(text: &str) -> Vec<PlaceCode> {
    let code = |p: &str| if p.len() == 2 { p.to_owned() } else { format!("AF-{p}") };
    let mut places: Vec<PlaceCode> = text.split('+').map(|p| code(p).parse().unwrap()).collect();
    places.sort();
    places
}

fn days(text: &str) -> Option<Days> {
    let day = |text: &str| date(2019, 1, text.parse().unwrap());
    match text.split_once('-') {
        _ if text == "?" => None,
        Some((first, last)) => Some(Days::between(day(first), day(last))),
        None => Some(Days::on(day(text))),
    }
}

fn kind(text: &str) -> Kind {
    match text {
        "assault" => Kind::ArmedAssault,
        "bombing" => Kind::Bombing,
        "suicide" => Kind::SuicideBombing,
        "clash" => Kind::Clash,
        "operation" => Kind::Operation,
        "other" => Kind::Other,
        _ => panic!("no kind `{text}`"),
    }
}

fn toll(text: &str) -> Toll {
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = |text: &str| text.parse::<u32>().unwrap();
    let count = match words[0] {
        open if open.ends_with('+') => Count::at_least(number(open.trim_end_matches('+'))),
        boast if boast.starts_with("0<") => Count::boasted(number(&boast[2..])),
        most if most.starts_with('<') => Count::at_most(number(&most[1..])),
        exact => Count::exactly(number(exact)),
    };
    let voice = match words.get(3).copied() {
        None | Some("official") => Voice::Official,
        Some("article") => Voice::Article,
        Some("local") => Voice::Local,
        Some(group) => Voice::Group(group.to_owned()),
    };
    let evidence = Evidence { range: 0..0, sentence: 0..0, rule: String::new(), voice };
    Toll { party: party(words[1]), outcome: outcome(words[2]), count, evidence: vec![evidence] }
}

fn party(text: &str) -> Party {
    match text {
        "security" => Party::Security,
        "civilian" => Party::Civilian,
        "militant" => Party::Militant,
        "people" => Party::Unknown,
        _ => panic!("no party `{text}`"),
    }
}

fn outcome(text: &str) -> Outcome {
    match text {
        "killed" => Outcome::Killed,
        "wounded" => Outcome::Wounded,
        "abducted" => Outcome::Abducted,
        _ => panic!("no outcome `{text}`"),
    }
}
