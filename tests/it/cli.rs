//! The commands as a person or a script meets them: what they print, and the code
//! with which they end.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Home, Host, Says, answered, feed, four_provinces, watchfire};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/config/watchfire.toml");

fn fed(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = watchfire(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_sample_configuration_is_understood() {
    let (code, lines, faults) = answered(&["check", "--config", SAMPLE]);
    assert_eq!((code, faults.as_str()), (0, ""));
    let has = |line: &str| assert!(lines.lines().any(|found| found == line), "{line}\n{lines}");
    has("source\tPress TV\tIR\t5m\thttps://www.presstv.ir/rss.xml");
    has("place\tnorthern provinces\tAF-TAK\tAF-TAK\tTakhar, Afghanistan");
    has("level\tnorthern provinces\tcritical from 20 killed");
    let sources = lines.lines().filter_map(|line| line.strip_prefix("source\t"));
    let mut names: Vec<&str> = sources.filter_map(|rest| rest.split('\t').next()).collect();
    names.dedup();
    assert!(names.len() >= 13, "{names:?}");
    let (code, json, _) = answered(&["check", "--config", SAMPLE, "--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, json["watches"][0]["places"][0]["code"].as_str()), (0, Some("AF-KDZ")));
}

#[test]
fn a_batch_gives_an_object_a_line_and_a_bad_line_costs_itself_alone() {
    let article = r#"{"id": 7, "title": "t", "published": "2019-01-10T14:00:00Z", "country": "AF", "text": "Gunmen killed six policemen in Kunduz on Thursday."}"#;
    let input = format!("{article}\n{{\"id\": \n\n{{\"title\": \"no id\"}}\n{article}\n");
    let (code, out, faults) = fed(&["read", "--batch", "-"], &input);
    assert_eq!(code, 3);
    let answers: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0]["id"], 7);
    assert_eq!(answers[0]["events"][0]["where"], serde_json::json!(["AF-KDZ"]));
    assert!(answers[0]["events"][0]["tolls"][0]["evidence"].is_array());
    assert!(
        faults.contains("line 2 is not read") && faults.contains("line 4 is not read"),
        "{faults}"
    );
    assert_eq!(fed(&["read", "--batch", "-"], article).0, 0);
}

#[test]
fn an_article_is_told_with_its_evidence_marked() {
    let text = "Six killed in Kunduz\n\nAt least six policemen were killed in a Taliban attack in Kunduz on Thursday, officials said.\n";
    let arguments = ["read", "-", "--published", "2019-01-10", "--country", "Afghanistan"];
    let (code, out, _) = fed(&arguments, text);
    assert_eq!(code, 0);
    for words in
        ["Kunduz (AF-KDZ)", "Thu 10 Jan 2019", "at least 6 killed", "[At least six] policemen"]
    {
        assert!(out.contains(words), "{words}\n{out}");
    }
    let page = format!(
        "<!DOCTYPE html><html><head><title>Six killed</title></head><body><article><h1>Six killed</h1><p>{}</p></article></body></html>",
        text.lines().last().unwrap()
    );
    assert!(fed(&arguments, &page).1.contains("at least 6 killed"));
    let json = [&arguments[..], &["--format", "json"]].concat();
    let json: Value = serde_json::from_str(&fed(&json, text).1).unwrap();
    assert_eq!(json["events"][0]["tolls"][0]["low"], 6);
}

#[test]
fn an_article_in_another_language_is_said_to_be_so() {
    let text = "Attaque au Mali\n\n".to_owned()
        + &"Au moins douze soldats ont été tués et sept autres blessés jeudi dans une attaque \
contre leur camp dans le nord du Mali, ont annoncé les autorités du pays. Le gouvernement a décrété \
un deuil de trois jours et promis que les responsables seraient poursuivis devant la justice. "
            .repeat(4);
    let (code, out, _) = fed(&["read", "-"], &text);
    assert_eq!(code, 0);
    assert!(out.contains("not in English (fra)") && out.contains("stores it"), "{out}");
}

#[test]
fn many_names_are_told_a_line_each() {
    let (code, out, _) = fed(&["places", "--batch", "-"], "Kunduz\n\nNowhereland\n");
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((code, lines.len()), (0, 2));
    assert_eq!(lines[0]["code"], "AF-KDZ");
    assert!(lines[0]["why"].as_str().unwrap().contains("comes before"), "{}", lines[0]);
    assert!(lines[1]["code"].is_null());
}

#[test]
fn nothing_in_an_article_acts_on_the_terminal() {
    let text = "A\u{1b}[2Jb\u{9b}31m\u{202e}c\n\nSix \u{1b}]0;x\u{7} men were killed in Kunduz.\n";
    let (code, out, _) = fed(&["read", "-", "--explain"], text);
    assert_eq!(code, 0);
    let acts = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!out.contains(acts), "{out:?}");
}

#[test]
fn a_place_is_explained() {
    let (code, out, _) = answered(&["places", "Kunduz"]);
    assert!(code == 0 && out.contains("AF-KDZ") && out.contains("Afghanistan"), "{out}");
    let (code, out, _) = answered(&["places", "Kunduuz"]);
    assert!(code == 1 && out.contains("did you mean Kunduz"), "{out}");
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let write = |name: &str, text: &str| {
        fs::write(path(name), text).unwrap();
        path(name)
    };
    let empty = write("empty.toml", "");
    let source = "[[source]]\nname = \"A\"\nfeed = \"https://a.example/rss\"\n";
    let twice = write("twice.toml", &format!("{source}{source}"));
    let watch = |place: &str, killed: u32| {
        format!(
            "{source}[[watch]]\nname = \"w\"\nplaces = [\"{place}\"]\nlevels = [ {{ level = \"warning\", killed = {killed} }} ]\n"
        )
    };
    let unknown = write("unknown.toml", &watch("Kunduuz", 5));
    let zero = write("zero.toml", &watch("Kunduz", 0));
    let key = write("key.toml", &watch("Kunduz", 5).replace("feed", "fead"));
    let blank = write("blank.txt", " \n\n ");
    let missing = path("missing");
    let rows: &[(&[&str], &[&str])] = &[
        (&["check", "--config", &missing], &["there is no configuration at", "--config"]),
        (&["check", "--config", home.path().to_str().unwrap()], &["cannot be read"]),
        (&["check", "--config", &empty], &["no [[source]]", "empty.toml:1:1"]),
        (&["check", "--config", &twice], &["`A` is used twice", "twice.toml:5:8", "first here"]),
        (
            &["check", "--config", &unknown],
            &["no place is called `Kunduuz`", "did you mean", "unknown.toml:6:11"],
        ),
        (&["check", "--config", &zero], &["zero.toml:7:"]),
        (&["check", "--config", &key], &["unknown key `fead`", "`feed`"]),
        (&["run", "--config", &unknown], &["no place is called `Kunduuz`"]),
        (&["run", "--config", &missing], &["there is no configuration at"]),
        (&["read", &missing], &["cannot be read", "No such file"]),
        (&["read", &blank], &["is empty", "neither its title nor its text"]),
        (&["read", "http://127.0.0.1:9/x"], &["cannot be read", "127.0.0.1"]),
        (&["read", "--batch", &missing], &["cannot open"]),
    ];
    for (arguments, words) in rows {
        let (code, _, told) = answered(arguments);
        assert_eq!(code, 1, "{arguments:?}: {told}");
        for word in *words {
            assert!(told.contains(word), "{arguments:?}: no `{word}` in\n{told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_round_says_by_its_code_whether_anything_failed() {
    let host = Host::start(Says::Feed(feed(&[four_provinces()]))).await;
    let home = Home::of(&[&host.url]);
    let file = home.file();
    let run = ["run", "--once", "--config", file.to_str().unwrap()];
    let (code, _, log) = answered(&run);
    assert_eq!(code, 0, "{log}");
    assert!(log.contains("1 polls, 0 failed, 1 articles, 3 alerts"), "{log}");

    for (says, words) in [
        (Says::Status(500), "500"),
        (Says::Page, "a web page, titled `For sale`, where a feed should be"),
    ] {
        host.now_says(says);
        let (code, _, log) = answered(&run);
        assert!(code == 3 && log.contains(words), "{code} {log}");
    }
    // Public addresses alone are asked unless the configuration allows others.
    let text = home.configuration(&[&host.url]).replace("[\"127.0.0.0/8\"]", "[]");
    home.configure(&text);
    let (code, _, log) = answered(&run);
    assert!(code == 3 && log.contains("127.0.0.1"), "{code} {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_cannot_be_used_is_left_as_it_is() {
    let home = Home::of(&[&Host::closed().await]);
    let file = home.file();
    let run = ["run", "--once", "--config", file.to_str().unwrap()];
    answered(&run);
    let newer = rusqlite::Connection::open(home.store()).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let (code, _, told) = answered(&run);
    assert!(code == 1 && told.contains("newer than") && told.contains("version 99"), "{told}");

    fs::write(home.store(), "not a database, but somebody's notes").unwrap();
    let (code, _, told) = answered(&run);
    assert!(code == 1 && told.contains("is not a watchfire store"), "{told}");
    assert!(fs::read_to_string(home.store()).unwrap().starts_with("not a database"));

    // Root may write whatever the mode says.
    let is_root =
        fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    if !is_root {
        fs::remove_file(home.store()).unwrap();
        fs::set_permissions(home.directory.path(), fs::Permissions::from_mode(0o500)).unwrap();
        let (code, _, told) = answered(&run);
        assert!(code == 1 && told.contains("read-only"), "{told}");
        fs::set_permissions(home.directory.path(), fs::Permissions::from_mode(0o700)).unwrap();
    }
}
