//! CAP 1.2 and Atom documents against the schemas of their standards, with
//! `xmllint` and `jing` where the machine has them, and against the rules that no
//! schema can say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use watchfire::alert::blind;
use watchfire::alert::message::{Dispatch, Message};
use watchfire::alert::rule::{Alert, AlertType, Severity};
use watchfire::notify::text::Template;
use watchfire::notify::{Channel, atom, cap};

use super::{dispatch, follows, installed, sender};
use crate::store::given::{alert, now};

const HOSTILE: &str = "<b>&amp; \"x\" ]]> \u{0}\u{1b}[2J\u{fffe}\u{202e} گ";

fn samples() -> Vec<(&'static str, Dispatch)> {
    let hostile = Alert {
        headline: HOSTILE.into(),
        reason: HOSTILE.into(),
        watch: HOSTILE.into(),
        links: vec!["javascript:alert(1)".into(), "https://news.example/?a&b=\"<".into()],
        ..alert("x3", "e1")
    };
    vec![
        ("alert", dispatch()),
        ("update", follows(AlertType::Update, Severity::Critical)),
        ("cancel", follows(AlertType::Cancel, Severity::Warning)),
        ("hostile", Message::from(hostile).into()),
        ("test", Message::from(blind::test(7, now())).into()),
    ]
}

/// Runs the validator over the document; what it complains of, if anything.
fn complaint(program: &Path, arguments: &[&str], document: &Path) -> Option<String> {
    let told = Command::new(program).args(arguments).arg(document).output().unwrap();
    let text = [told.stdout, told.stderr].map(|out| String::from_utf8_lossy(&out).into_owned());
    (!told.status.success()).then(|| text.concat())
}

fn schema(name: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/schema").join(name).display().to_string()
}

fn element<'a>(document: &'a str, tag: &str) -> &'a str {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let Some((_, rest)) = document.split_once(&open) else { return "" };
    rest.split_once(&close).unwrap().0
}

#[test]
fn a_cap_document_is_valid_by_the_schema_of_the_standard() {
    let Some(xmllint) = installed("WATCHFIRE_XMLLINT") else { return };
    let home = tempfile::tempdir().unwrap();
    let schema = schema("cap-1.2.xsd");
    let check = |document: &str| {
        let path = home.path().join("x.xml");
        fs::write(&path, document).unwrap();
        complaint(&xmllint, &["--noout", "--nonet", "--schema", &schema], &path)
    };
    for (name, dispatch) in samples() {
        let text = Template::default().render(&dispatch);
        let document = cap::document("watchfire@desk.example", &dispatch, &text);
        assert_eq!(check(&document), None, "{name}\n{document}");
        // The schema can refuse.
        assert!(check(&document.replace("<scope>Private</scope>", "")).is_some());
        assert!(check(&document.replace("-00:00</sent>", "Z</sent>")).is_some());
        assert!(check(&document.replace("<category>", "<category>X")).is_some());
    }
}

#[test]
fn a_cap_document_keeps_the_rules_that_a_schema_cannot_say() {
    for (name, status, kind, certainty, references) in [
        ("alert", "Actual", "Alert", "Likely", ""),
        ("update", "Actual", "Update", "Likely", "w@d,x1,2026-11-23T06:00:00-00:00"),
        ("cancel", "Actual", "Cancel", "Likely", "w@d,x1,2026-11-23T06:00:00-00:00"),
        ("test", "Test", "Alert", "Observed", ""),
    ] {
        let (_, dispatch) = samples().into_iter().find(|(sample, _)| *sample == name).unwrap();
        let document = cap::document("w@d", &dispatch, &Template::default().render(&dispatch));
        assert_eq!(element(&document, "identifier"), dispatch.message.id());
        assert_eq!(element(&document, "sent"), "2026-11-23T06:00:00-00:00");
        assert_eq!(element(&document, "status"), status);
        assert_eq!(element(&document, "msgType"), kind);
        assert_eq!(element(&document, "certainty"), certainty);
        assert_eq!(element(&document, "references"), references);
        assert!(!element(&document, "addresses").is_empty(), "{document}");
    }
    let (_, first) = &samples()[0];
    let document = cap::document("w@d", first, &Template::default().render(first));
    assert_eq!(element(&document, "areaDesc"), "Kunduz");
    assert!(document.contains("<valueName>ISO3166-2</valueName>\n        <value>AF-KDZ</value>"));
}

#[test]
fn a_feed_is_valid_by_the_grammar_of_the_standard() {
    let Some(jing) = installed("WATCHFIRE_JING") else { return };
    let home = tempfile::tempdir().unwrap();
    let schema = schema("atom.rnc");
    let check = |document: &str| {
        let path = home.path().join("x.xml");
        fs::write(&path, document).unwrap();
        complaint(&jing, &["-c", &schema], &path)
    };
    let (_, mut dispatch) = samples().remove(0);
    dispatch.recent = samples().into_iter().map(|(_, sample)| sample.message).collect();
    let document = atom::document("watchfire@desk.example", &dispatch, &Template::default());
    assert_eq!(check(&document), None, "{document}");
    assert!(check(&document.replacen("<updated>", "<updatet>", 1)).is_some());
    let unnamed = document.replacen("<id>urn:watchfire:watchfire@desk.example:x1</id>", "", 1);
    assert!(check(&unnamed).is_some());
}

#[test]
fn our_own_feed_reads_our_feed() {
    let (_, mut dispatch) = samples().remove(0);
    dispatch.recent = samples().into_iter().map(|(_, sample)| sample.message).collect();
    let document = atom::document("w@d", &dispatch, &Template::default());
    let base = "https://desk.example/a.atom".parse().unwrap();
    let feed = watchfire::feed::read(document.as_bytes(), None, &base, now()).unwrap();
    assert_eq!(feed.items.len(), 5, "{document}");
    assert_eq!(feed.items[0].title, "[warning] At least 11 killed in Kunduz");
    assert!(!document.contains("javascript:"));
}

#[tokio::test]
async fn documents_are_put_where_the_operator_says_whole() {
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    let sender_name = || "w@d".to_owned();
    let directory = home.path().to_owned();
    let files = sender(Channel::Cap(cap::Settings { directory, sender: sender_name() }));
    let feed = sender(Channel::Atom(atom::Settings { path: at("a.atom"), sender: sender_name() }));
    for (_, sample) in samples() {
        files.deliver(&sample).await.unwrap();
        feed.deliver(&sample).await.unwrap();
    }
    let mut names: Vec<_> = fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let test = format!("{}.cap.xml", blind::test(7, now()).id);
    let mut wanted = ["a.atom", "x1.cap.xml", "x2.cap.xml", "x3.cap.xml", &test];
    wanted.sort_unstable();
    assert_eq!(names, wanted);
}
