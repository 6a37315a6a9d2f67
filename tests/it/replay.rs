//! `watchfire replay`: articles of the past told again, a contract for programs.

use std::fs;

use serde_json::Value;

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
