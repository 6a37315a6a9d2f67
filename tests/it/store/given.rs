//! What the tests of the store record, and how they look at it.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::date;
use rusqlite::Connection;
use watchfire::alert::rule::{Alert, AlertType, Metric, Severity};
use watchfire::article::Article;
use watchfire::assess::{Assessment, Extent, Incoming, Verdict};
use watchfire::correlate::event::{
    ArticleId, Certainty, Change, Event, EventId, Scene, Sighting, What,
};
use watchfire::extract::event::{
    Claim, Count, Days, Evidence, Kind, Outcome, Party, Reading, Report, Status, Toll, Voice,
};
use watchfire::source::SourceState;
use watchfire::source::state::{MirrorState, Validators};
use watchfire::store::{self, Error, Poll, Recipient, Store};

/// The alert log, as the outbox knows it.
pub const LOG: Recipient<'static> = Recipient::of_all("log");

pub const FEED: &str = "https://news.example/rss.xml";

pub fn now() -> Timestamp {
    "2026-11-23T06:00:00Z".parse().unwrap()
}

pub fn report(place: &str, killed: u32) -> Report {
    let words =
        Evidence { range: 0..4, sentence: 0..9, rule: "killed".into(), voice: Voice::Official };
    let toll =
        |party, outcome, count| Toll { party, outcome, count, evidence: vec![words.clone()] };
    Report {
        places: vec![place.parse().unwrap()],
        when: Some(Days::on(date(2026, 11, 22))),
        status: Status::Current,
        kind: Kind::ArmedAssault,
        perpetrator: Some("gunmen".into()),
        claim: Claim::None,
        tolls: vec![
            toll(Party::Security, Outcome::Killed, Count::at_least(killed)),
            toll(Party::Civilian, Outcome::Killed, Count::exactly(1)),
            toll(Party::Militant, Outcome::Killed, Count::exactly(25)),
            toll(Party::Security, Outcome::Wounded, Count::exactly(11)),
        ],
        evidence: vec![words.clone()],
    }
}

pub fn article(title: &str) -> Article {
    Article {
        title: title.into(),
        text: "Gunmen stormed a post.".into(),
        published: Some(now()),
        country: Some("AF".parse().unwrap()),
        source: "Example".into(),
        link: Some("https://news.example/1".into()),
    }
}

pub fn reading(killed: u32) -> Reading {
    Reading { events: vec![report("AF-KDZ", killed)], ..Reading::default() }
}

pub fn event(id: &str, revision: u32, articles: &[&str], killed: u32) -> Event {
    let sighting = |article: &&str| Sighting {
        article: ArticleId((*article).into()),
        source: "Example".into(),
        ordinal: 0,
        published: Some(now()),
        fetched: now(),
        title: "Post stormed in Kunduz".into(),
        link: None,
        agency: None,
        story: ArticleId((*article).into()),
        copy_of: None,
        corrects: false,
        scene: Scene::default(),
        report: report("AF-KDZ", killed),
    };
    let told = report("AF-KDZ", killed);
    Event {
        id: EventId(id.into()),
        places: told.places,
        when: told.when,
        status: told.status,
        kind: told.kind,
        perpetrator: told.perpetrator,
        claim: told.claim,
        tolls: told.tolls,
        sightings: articles.iter().map(sighting).collect(),
        independent: 1,
        disputed: false,
        certainty: Certainty::Likely,
        sum_of: vec![],
        campaign: None,
        merged_into: None,
        dismissed: None,
        first_seen: now(),
        last_changed: now(),
        revision,
    }
}

pub fn alert(id: &str, event: &str) -> Alert {
    Alert {
        id: id.into(),
        kind: AlertType::Alert,
        sent: now(),
        level: Severity::Warning,
        previous_level: None,
        watch: "north".into(),
        places: vec!["AF-KDZ".parse().unwrap()],
        joint: false,
        metric: Metric::Killed,
        value: Count::at_least(11),
        event_id: EventId(event.into()),
        references: None,
        headline: "At least 11 killed in Kunduz".into(),
        reason: "killed 11 >= 5".into(),
        sources: vec!["Example".into()],
        links: vec![],
        independent: 1,
        certainty: Certainty::Likely,
        window: None,
        events: vec![],
    }
}

pub fn id(id: &str) -> ArticleId {
    ArticleId(id.into())
}

pub fn incoming(id: &str, source: &str, keys: &[&str]) -> Incoming {
    Incoming {
        id: ArticleId(id.into()),
        article: Article { source: source.into(), ..article("Post stormed in Kunduz") },
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        fetched: now(),
        agency: Some("AFP".into()),
        print: OnceLock::from(None),
        extent: Extent::Whole,
        page: None,
    }
}

pub fn new(article: &str, killed: u32) -> Verdict {
    Verdict::New { article: id(article), copy_of: None, reading: reading(killed) }
}

pub fn changed(event: Event, what: What) -> Change {
    Change { event, what }
}

pub fn state() -> SourceState {
    let url: url::Url = FEED.parse().unwrap();
    let validators = Validators {
        url: url.clone(),
        etag: Some("W/\"1\"".into()),
        last_modified: None,
        since: now(),
    };
    let mirror = MirrorState {
        validators: Some(validators),
        last_good: Some(now()),
        ..MirrorState::default()
    };
    SourceState {
        mirrors: [(url, mirror)].into(),
        last_poll: Some(now()),
        last_good: Some(now()),
        next_poll: Some(now() + Duration::from_secs(300)),
        ..SourceState::default()
    }
}

pub fn poll(state: &SourceState) -> Poll<'_> {
    Poll {
        source: "Example",
        started: now(),
        took: Duration::from_millis(120),
        outcome: store::Outcome::Read,
        mirror: state.mirrors.keys().next(),
        message: None,
        feed: None,
        state,
    }
}

/// One poll that brings one article, one event and one alert.
pub fn record_one(store: &mut Store) -> Result<(), Error> {
    record_numbered(store, 1)
}

/// The same, with article, event and alert of that number.
pub fn record_numbered(store: &mut Store, n: u32) -> Result<(), Error> {
    record_numbered_to(store, n, &[LOG], now())
}

/// The same, to be told to these at that time.
pub fn record_numbered_to(
    store: &mut Store,
    n: u32,
    sinks: &[Recipient<'_>],
    at: Timestamp,
) -> Result<(), Error> {
    let (article, event_id) = (format!("a{n}"), format!("e{n}"));
    let keys = [format!("guid-{n}"), format!("path-{n}")];
    let batch = [incoming(&article, "Example", &keys.each_ref().map(String::as_str))];
    let assessment = Assessment {
        verdicts: vec![new(&article, 10)],
        events: vec![changed(event(&event_id, 1, &[&article], 10), What::New)],
        alerts: vec![alert(&format!("x{n}"), &event_id)],
        ..Assessment::default()
    };
    store.record(&poll(&state()), &batch, &assessment, sinks, at)
}

/// The ids of what the sink was not told and that is due, in the order of telling.
pub fn due(store: &Store, sink: &str, now: Timestamp) -> Vec<String> {
    let due = store.due(sink, now, 100).unwrap();
    due.iter().map(|dispatch| dispatch.message.id().to_owned()).collect()
}

/// What `sqlite3` shows of a query: cells parted by `|`, one row a line.
pub fn shown(path: &Path, query: &str) -> String {
    let conn = Connection::open(path).unwrap();
    let mut statement = conn.prepare(query).unwrap();
    let columns = statement.column_count();
    let rows = statement
        .query_map([], |row| {
            let cell = |at| row.get_ref(at).map(text);
            Ok((0..columns).map(cell).collect::<Result<Vec<_>, _>>()?.join("|"))
        })
        .unwrap();
    rows.map(Result::unwrap).collect::<Vec<_>>().join("\n")
}

pub fn text(value: rusqlite::types::ValueRef<'_>) -> String {
    use rusqlite::types::ValueRef::{Blob, Integer, Null, Real, Text};
    match value {
        Null => String::new(),
        Integer(n) => n.to_string(),
        Real(x) => x.to_string(),
        Text(bytes) | Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}
