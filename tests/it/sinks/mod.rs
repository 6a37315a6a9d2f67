//! Each channel against what it talks to: servers on loopback that remember what
//! they heard, and the real programs where the machine has them.

mod alertmanager;
mod documents;
mod faults;
mod mail;
pub mod receiver;

use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use watchfire::alert::message::{Dispatch, Message};
use watchfire::alert::rule::{Alert, AlertType, Severity};
use watchfire::notify::secret::Secret;
use watchfire::notify::text::Template;
use watchfire::notify::{
    Channel, Refused, Sender, Sink, command, journald, ntfy, senders, webhook,
};

use crate::store::given::{alert, event};
use receiver::{Answer, Receiver};

pub fn sender(channel: Channel) -> Sender {
    sender_within(Duration::from_secs(30), channel)
}

fn sender_within(timeout: Duration, channel: Channel) -> Sender {
    let sink = Sink {
        name: "desk".into(),
        least: Severity::Notice,
        template: Template::default(),
        timeout,
        channel,
    };
    senders(&[sink]).unwrap().remove(0)
}

/// An alert of 11 killed, at its event, by its place's name.
pub fn dispatch() -> Dispatch {
    let mut dispatch = Dispatch::from(Message::from(first()));
    dispatch.event = Some(event("e1", 1, &["a1"], 10));
    dispatch.places = vec!["Kunduz".into()];
    dispatch
}

fn first() -> Alert {
    Alert { links: vec!["https://news.example/1?a=b&c=d".into()], ..alert("x1", "e1") }
}

/// What follows it: `x2`, on the same matter.
pub fn follows(kind: AlertType, level: Severity) -> Dispatch {
    let next = Alert {
        id: "x2".into(),
        kind,
        level,
        previous_level: Some(Severity::Warning),
        references: Some("x1".into()),
        ..first()
    };
    Dispatch { message: next.into(), earlier: vec![first().into()], ..dispatch() }
}

/// A program that the environment names, for a test that needs a real one.
pub fn installed(variable: &str) -> Option<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from);
    if named.is_none() {
        eprintln!("SKIPPED: {variable} does not name the program that this test talks to");
    }
    named
}

fn hook(receiver: &Receiver, secret: Option<Secret>) -> Sender {
    let url = format!("{}/hooks/desk", receiver.url).parse().unwrap();
    sender(Channel::Webhook(webhook::Settings { url, secret }))
}

#[tokio::test]
async fn a_webhook_is_signed_and_has_the_id_of_the_alert_at_every_try() {
    let receiver = Receiver::start(|_| Answer::status(204)).await;
    let home = tempfile::tempdir().unwrap();
    let key = home.path().join("key");
    fs::write(&key, "whsec_c2VjcmV0\n").unwrap();
    let desk = hook(&receiver, Some(Secret::File(key.clone())));
    desk.deliver(&dispatch()).await.unwrap();
    desk.deliver(&dispatch()).await.unwrap();
    let heard = receiver.heard();
    assert_eq!(heard.len(), 2);
    for request in &heard {
        assert_eq!(
            (request.path.as_str(), request.header("webhook-id").as_str()),
            ("/hooks/desk", "x1")
        );
        let stamp = request.header("webhook-timestamp");
        let signed = format!("x1.{stamp}.{}", request.body);
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"secret");
        let told = request.header("webhook-signature");
        let told = STANDARD.decode(told.strip_prefix("v1,").unwrap()).unwrap();
        hmac::verify(&key, signed.as_bytes(), &told).unwrap();
        let body = request.json();
        assert_eq!(body["type"], "watchfire.alert");
        assert_eq!(body["data"]["headline"], "At least 11 killed in Kunduz");
        assert_eq!(body["data"]["schema"], 1);
        let text = body["data"]["text"].as_str().unwrap();
        let toll = "at least 10 of the security forces killed, say officials";
        assert!(text.contains(toll), "{text}");
    }

    // Without its key nothing is sent, and it is tried again.
    fs::remove_file(&key).unwrap();
    let refused = desk.deliver(&dispatch()).await.unwrap_err();
    assert!(matches!(&refused, Refused::Away { cause, .. } if cause.contains("cannot be read")));
    assert_eq!(receiver.heard().len(), 2);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Receiver::start(|_| Answer::status(200)).await;
    let to = other.url.clone();
    let receiver =
        Receiver::start(move |_| Answer { location: Some(to.clone()), ..Answer::status(307) })
            .await;
    let refused = hook(&receiver, None).deliver(&dispatch()).await.unwrap_err();
    assert!(matches!(&refused, Refused::Never { cause } if cause.contains("not followed")));
    assert!(other.heard().is_empty());
}

#[tokio::test]
async fn what_a_server_says_reaches_no_terminal_and_the_address_no_log() {
    let receiver = Receiver::start(|_| Answer::says(400, "no\u{1b}[2J\nsuch thing")).await;
    let refused = hook(&receiver, None).deliver(&dispatch()).await.unwrap_err().to_string();
    assert!(refused.ends_with("answered 400: no[2J such thing"), "{refused}");
    drop(receiver);
    let url = "http://127.0.0.1:9/hooks/secret-token?key=k".parse().unwrap();
    let closed = sender(Channel::Webhook(webhook::Settings { url, secret: None }));
    let refused = closed.deliver(&dispatch()).await.unwrap_err().to_string();
    assert!(refused.starts_with("127.0.0.1:9: "), "{refused}");
    assert!(!refused.contains("secret-token"), "{refused}");
}

#[tokio::test]
async fn ntfy_hears_priority_tags_and_a_link() {
    let receiver = Receiver::start(|_| Answer::status(200)).await;
    let home = tempfile::tempdir().unwrap();
    let token = home.path().join("token");
    fs::write(&token, "tk_1\n").unwrap();
    let settings = ntfy::Settings {
        server: receiver.url.parse().unwrap(),
        topic: "attacks".into(),
        token: Some(Secret::File(token)),
    };
    let phone = sender(Channel::Ntfy(settings));
    phone.deliver(&dispatch()).await.unwrap();
    phone.deliver(&follows(AlertType::Cancel, Severity::Critical)).await.unwrap();
    let heard = receiver.heard();
    assert_eq!(heard[0].header("authorization"), "Bearer tk_1");
    let first = heard[0].json();
    assert_eq!(first["topic"], "attacks");
    assert_eq!(first["title"], "[warning] At least 11 killed in Kunduz");
    assert_eq!(first["priority"], 4);
    assert_eq!(first["tags"], serde_json::json!(["rotating_light", "alert", "AF-KDZ"]));
    assert_eq!(first["click"], "https://news.example/1?a=b&c=d");
    assert_eq!(heard[1].json()["priority"], 3);
}

#[tokio::test]
async fn the_journal_has_a_field_for_each_thing() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("socket");
    let socket = UnixDatagram::bind(&path).unwrap();
    let journal = sender(Channel::Journald(journald::Settings { socket: path }));
    journal.deliver(&dispatch()).await.unwrap();
    let mut entry = [0; 64 << 10];
    let length = socket.recv(&mut entry).unwrap();
    let entry = String::from_utf8_lossy(&entry[..length]).into_owned();
    for field in [
        "MESSAGE=At least 11 killed in Kunduz",
        "PRIORITY=4",
        "SYSLOG_IDENTIFIER=watchfire",
        "WATCHFIRE_ID=x1",
        "WATCHFIRE_TYPE=alert",
        "WATCHFIRE_LEVEL=warning",
        "WATCHFIRE_PLACES=AF-KDZ",
        "WATCHFIRE_WATCH=north",
        "WATCHFIRE_BEST=11",
        "WATCHFIRE_EVENT_ID=e1",
    ] {
        assert!(entry.lines().any(|line| line == field), "{field} in\n{entry}");
    }
    // A text of several lines is told with its length.
    assert!(entry.contains("WATCHFIRE_TEXT\n"), "{entry}");

    let gone = sender(Channel::Journald(journald::Settings { socket: home.path().join("none") }));
    assert!(matches!(gone.deliver(&dispatch()).await, Err(Refused::Away { .. })));
}

fn script(directory: &Path, text: &str) -> Sender {
    let program = directory.join("sink.sh");
    fs::write(&program, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let arguments = vec!["one two".into()];
    sender(Channel::Command(command::Settings { program, arguments }))
}

#[tokio::test]
async fn a_command_is_given_the_alert_and_answers_with_its_code() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let line = format!("cat > {0}; echo \"$1 $WATCHFIRE_ID\" >> {0}", out.display());
    script(home.path(), &line).deliver(&dispatch()).await.unwrap();
    let told = fs::read_to_string(&out).unwrap();
    let (alert, rest) = told.split_once('\n').unwrap();
    let alert: serde_json::Value = serde_json::from_str(alert).unwrap();
    assert_eq!((alert["id"].as_str(), alert["type"].as_str()), (Some("x1"), Some("alert")));
    assert_eq!(rest, "one two x1\n");

    for (line, wanted) in [
        ("exit 75", "later"),
        ("echo >&2 'no such\x1b[2J number'; exit 2", "never"),
        ("kill -9 $$", "later"),
        // It reads nothing, and says a lot.
        ("yes | head -c 500000 >&2; exit 0", "done"),
    ] {
        let told = match script(home.path(), line).deliver(&dispatch()).await {
            Ok(()) => "done",
            Err(Refused::Later { .. }) => "later",
            Err(Refused::Never { cause }) => {
                assert_eq!(cause, "it ended with 2: no such[2J number");
                "never"
            }
            Err(Refused::Away { .. }) => "away",
        };
        assert_eq!(told, wanted, "{line}");
    }
    let none = command::Settings { program: home.path().join("none"), arguments: vec![] };
    let refused = sender(Channel::Command(none)).deliver(&dispatch()).await;
    assert!(matches!(refused, Err(Refused::Away { .. })));
}

#[tokio::test]
async fn a_delivery_ends_in_its_time_whatever_it_waits_for() {
    let settings =
        command::Settings { program: "/bin/sleep".into(), arguments: vec!["600".into()] };
    let slow = sender_within(Duration::from_secs(1), Channel::Command(settings));
    let refused = slow.deliver(&dispatch()).await.unwrap_err();
    assert_eq!(refused, Refused::Away { cause: "no answer within 1 s".into(), after: None });
}
