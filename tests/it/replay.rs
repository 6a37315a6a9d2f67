//! `watchfire replay`: articles of the past told again, a contract for programs.

use std::fs;
use std::path::Path;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use watchfire::alert::silence::{Matcher, Order};
use watchfire::alert::{LATE_AFTER, Rules};
use watchfire::article::Article;
use watchfire::assess::{Incoming, Known, assess, revise};
use watchfire::correlate::overrides::{Act, Override};
use watchfire::extract;
use watchfire::lexicon::Lexicon;
use watchfire::store::Store;

use crate::store::given::{poll, state};
use crate::support::answered;

const RULES: &str = "[[watch]]\nname = \"north\"\nplaces = [\"Kunduz\", \"Baghlan\"]\n\
    levels = [ { level = \"warning\", killed = 5 }, { level = \"critical\", killed = 20 } ]\n";

const ARTICLES: &str = r#"{"id":"a1","source":"Herald","published":"2019-01-10T08:00:00Z","fetched":"2019-01-10T08:05:00Z","title":"Blast in Kunduz kills eight","text":"A roadside bomb killed eight soldiers in Kunduz province on Thursday, police said."}
{"id":"a2","source":"Echo","published":"2019-01-10T08:30:00Z","fetched":"2019-01-10T08:35:00Z","title":"Blast in Kunduz kills eight","text":"A roadside bomb killed eight soldiers in Kunduz province on Thursday, police said."}
{"id":"a3"
{"id":"a4","source":"Gazette","published":"2019-01-10T12:00:00Z","fetched":"2019-01-10T12:05:00Z","title":"Toll of Kunduz bombing rises to 21","text":"The number of soldiers killed in a roadside bombing in Kunduz province on Thursday rose to 21, the governor's spokesman said."}
"#;

/// What the program says of the articles: exit code, lines, complaints.
fn replayed(articles: &str, rules: &str) -> (i32, Vec<Value>, String) {
    let home = tempfile::tempdir().unwrap();
    let (file, config) = (home.path().join("articles.jsonl"), home.path().join("w.toml"));
    fs::write(&file, articles).unwrap();
    fs::write(&config, rules).unwrap();
    let (file, config) = (file.to_str().unwrap(), config.to_str().unwrap());
    let (code, out, err) =
        answered(&["replay", "--articles", file, "--config", config, "--format", "jsonl"]);
    (code, out.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), err)
}

#[test]
fn a_replay_tells_alerts_and_then_events_and_names_bad_lines() {
    let (code, lines, complaints) = replayed(ARTICLES, RULES);
    assert_eq!(code, 3);
    assert!(complaints.contains("line 3 is not read"), "{complaints}");
    let [first, second, event] = lines.as_slice() else { panic!("{lines:#?}") };
    for (line, kind, level, best, after) in
        [(first, "alert", "warning", 8, "a1"), (second, "update", "critical", 21, "a4")]
    {
        let alert = &line["alert"];
        let told = (&alert["type"], &alert["level"], &alert["value"]["best"], &alert["after"]);
        assert_eq!(told.0, kind);
        assert_eq!(told.1, level);
        assert_eq!(told.2, best);
        assert_eq!(told.3, after);
        assert_eq!(alert["event_id"], event["event"]["id"]);
        assert_eq!(alert["schema"], 1);
    }
    assert_eq!(second["alert"]["references"], first["alert"]["id"]);
    let event = &event["event"];
    assert_eq!(event["where"], serde_json::json!(["AF-KDZ"]));
    assert_eq!(event["when"], serde_json::json!(["2019-01-10", "2019-01-10"]));
    assert_eq!(event["status"], "current");
    assert_eq!(event["reports"], serde_json::json!(["a1", "a2", "a4"]));
    assert_eq!(event["independent"], 2);
    let keys: Vec<&String> = event.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 7, "{keys:?}");
}

#[test]
fn the_clock_of_a_replay_is_when_articles_were_fetched() {
    let late = ARTICLES.replace("fetched\":\"2019-01-10", "fetched\":\"2019-01-20");
    let (_, lines, _) = replayed(&late, RULES);
    assert!(lines.iter().all(|line| line.get("alert").is_none()), "{lines:#?}");
}

#[test]
fn a_replay_of_nothing_is_nothing_and_a_fault_in_the_rules_is_told() {
    assert_eq!(replayed("", RULES).0, 0);
    let (code, lines, complaints) = replayed(ARTICLES, "[[watch]]\nname = \"north\"\n");
    assert_eq!((code, lines.len()), (1, 0));
    assert!(complaints.contains("places"), "{complaints}");
}

#[test]
fn a_replay_of_the_store_shows_what_other_rules_would_have_told() {
    let home = tempfile::tempdir().unwrap();
    let (path, config) = (home.path().join("w.db"), home.path().join("w.toml"));
    let rules = format!("[store]\npath = {path:?}\n{RULES}");
    fs::write(&config, &rules).unwrap();
    let at: Timestamp = "2019-01-10T09:00:00Z".parse().unwrap();
    let article = Article {
        title: "Blast in Kunduz kills eight".into(),
        text: "A roadside bomb killed eight soldiers in Kunduz province on Thursday, police said."
            .into(),
        published: Some(at),
        source: "Example".into(),
        ..Article::default()
    };
    let lexicon = Lexicon::embedded();
    let batch = [Incoming::new(article, vec!["k".into()], at)];
    let none = Rules { watches: &[], late_after: LATE_AFTER, names: &|code| code.to_string() };
    let read = |article: &Article| extract::events(&lexicon, article);
    let assessment = assess(read, &none, &batch, &Known::default(), at);
    let state = state();
    let mut store = Store::open(&path, at).unwrap();
    store.record(&poll(&state), &batch, &assessment, &[], at).unwrap();
    drop(store);
    let config = config.to_str().unwrap();
    let replay = |more: &[&str]| {
        let told = ["replay", "--config", config, "--format", "jsonl", "--from"];
        answered(&[&told[..], more].concat())
    };
    let (code, out, complaints) = replay(&["2019-01-10"]);
    assert_eq!((code, complaints.as_str()), (0, ""));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 3, "{out}");
    for (line, start) in lines.iter().zip(["{\"alert\":", "{\"event\":", "{\"came\":"]) {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!(replay(&["2019-01-11"]).1, "");
    // It is not sent unless that is asked for, and then once.
    let sent = |path: &Path| Store::read_only(path).unwrap().messages(9).unwrap().len();
    assert_eq!(sent(&path), 0);
    let told = replay(&["2019-01-10", "--send"]);
    let told = (told.0, told.1.lines().filter(|line| line.starts_with("{\"sent\":")).count());
    assert_eq!((told, sent(&path)), ((0, 1), 1));
    let again = replay(&["2019-01-10", "--send"]).1;
    assert!(!again.contains("{\"sent\":") && again.lines().count() == 2, "{again}");

    // What persons said then holds.
    let mut store = Store::open(&path, at).unwrap();
    let order = Order {
        made: at,
        author: "Ana".into(),
        comment: "drill".into(),
        until: at + SignedDuration::from_hours(2),
        matcher: Matcher { watch: Some("north".into()), ..Matcher::default() },
    };
    store.silence(&order).unwrap();
    let event = store.events_since(date(2019, 1, 1)).unwrap().remove(0).id;
    let word = Override {
        made: at + SignedDuration::from_hours(1),
        author: "Ana".into(),
        comment: "a film".into(),
        act: Act::Dismiss { event: event.clone() },
    };
    let known = store.known_of(&[event]).unwrap();
    let said = Known { overrides: vec![word.clone()], ..known };
    let assessment = revise(&none, &said, word.made);
    store.record_word(Some(&word), None, &assessment, &[], word.made).unwrap();
    drop(store);
    let out = replay(&["2019-01-10"]).1;
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].contains("\"silenced\":\"silenced by Ana until"), "{out}");
    assert!(
        lines[1].contains("\"type\":\"cancel\"") && lines[1].contains("\"after\":null"),
        "{out}"
    );
    assert_eq!(replay(&["2019-01-09", "--to", "2019-01-10"]).1, "");
}

#[test]
fn check_shows_what_the_last_thirty_days_would_have_told() {
    let home = tempfile::tempdir().unwrap();
    let (path, config) = (home.path().join("w.db"), home.path().join("w.toml"));
    let source = "[[source]]\nname = \"Example\"\nfeed = \"https://example.org/rss\"\n";
    let levels = "levels = [ { level = \"warning\", killed = 5 }, \
        { level = \"critical\", killed = 12, within = \"7d\" }, \
        { level = \"critical\", killed = 8, within = \"14d\", per = \"place\" } ]\n";
    let rules = format!(
        "[store]\npath = {path:?}\n{source}[[watch]]\nname = \"north\"\nplaces = [\"Kunduz\", \"Baghlan\"]\n{levels}"
    );
    fs::write(&config, rules).unwrap();
    let now = Timestamp::now();
    let lexicon = Lexicon::embedded();
    let none = Rules { watches: &[], late_after: LATE_AFTER, names: &|code| code.to_string() };
    let mut store = Store::open(&path, now).unwrap();
    let mut known = Known::default();
    // Eight and six make fourteen in a week; four are too few, forty too long ago.
    for (days, place, killed) in [
        (3, "Kunduz", 8),
        (2, "Baghlan", 6),
        (12, "Kunduz", 4),
        (45, "Kunduz", 40),
        (3, "Kabul", 9),
    ] {
        let at = now - SignedDuration::from_hours(24 * days);
        let day = jiff::tz::TimeZone::UTC.to_datetime(at).date().strftime("%-d %B %Y");
        let article = Article {
            title: format!("Blast in {place} number {days}"),
            text: format!(
                "A bomb killed {killed} soldiers in {place} province on {day}, police said."
            ),
            published: Some(at),
            source: "Example".into(),
            ..Article::default()
        };
        let batch = [Incoming::new(article, vec![format!("k{days}{place}")], at)];
        let read = |article: &Article| extract::events(&lexicon, article);
        let assessment = assess(read, &none, &batch, &known, at);
        known.record(&batch, &assessment);
        let state = state();
        store.record(&poll(&state), &batch, &assessment, &[], at).unwrap();
    }
    drop(store);
    let (code, out, complaints) = answered(&["check", "--config", config.to_str().unwrap()]);
    assert_eq!(code, 0, "{complaints}");
    let past: Vec<String> = out
        .lines()
        .filter(|line| line.starts_with("past\t"))
        .map(|line| line.split('\t').skip(3).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        past,
        [
            "warning 8 killed AF-KDZ",
            "critical 12 killed within 14 days in all AF-KDZ",
            "warning 6 killed AF-BGL",
            "critical 14 killed within 7 days all together"
        ],
        "{out}"
    );
}

#[test]
fn check_says_each_watch_in_one_sentence() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("w.toml");
    let source = "[[source]]\nname = \"Example\"\nfeed = \"https://example.org/rss\"\n";
    let store = home.path().join("none.db");
    let levels = "levels = [ { level = \"warning\", killed = 5 }, \
        { level = \"critical\", killed = 40, within = \"7d\" } ]\nparties = [\"civilian\"]\n\
        quiet = { from = \"22:00\", to = \"06:00\", zone = \"Asia/Kabul\" }\nwait = \"30s\"\n";
    let rules = format!(
        "[store]\npath = {store:?}\n{source}[[watch]]\nname = \"north\"\nplaces = [\"Kunduz\", \"Baghlan\"]\n{levels}"
    );
    fs::write(&config, rules).unwrap();
    let (code, out, complaints) = answered(&["check", "--config", config.to_str().unwrap()]);
    assert_eq!(code, 0, "{complaints}");
    let sentence = "says\tnorth\tTells, for Kunduz or Baghlan, of one attack warning from 5 killed; \
        of all together critical from 40 killed within 7 days; counts civilians alone, by the best \
        figure, a toll of several places together counts in full for each; from 22:00 to 06:00 in \
        Asia/Kabul what is less than critical waits until 06:00; what is less than critical waits \
        30 s for what may follow.";
    assert!(out.contains(sentence), "{out}");
}
