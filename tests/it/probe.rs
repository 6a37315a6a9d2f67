//! `watchfire probe`: bytes on disk by the contract for programs, and addresses with
//! their mirrors on loopback.

use std::fs;
use std::path::Path;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{Home, answered, feed};

const RSS: &str = "<rss version=\"2.0\"><channel><title>Herald</title><link>https://herald.example/</link>\
    <item><title>Ten &amp; more</title><link>/1</link><guid>g1</guid><description>Some text.</description>\
    <pubDate>Fri, 23 Nov 2018 10:30 +0430</pubDate></item><item/>\
    <item><title>Undated</title><link>javascript:x</link><pubDate>soon</pubDate></item></channel></rss>";

#[test]
fn a_feed_on_disk_is_shown_by_contract() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("feed.xml");
    fs::write(&path, RSS).unwrap();
    let path = path.to_str().unwrap();
    let (code, out, _) = answered(&["probe", "--file", path, "--format", "json"]);
    let wanted = json!({
        "path": path,
        "format": "rss2.0",
        "stage": "clean",
        "encoding": "UTF-8",
        "title": "Herald",
        "seen": 3,
        "items": [
            {
                "id": "g1",
                "link": "https://herald.example/1",
                "title": "Ten & more",
                "date": "2018-11-23T06:00:00Z",
                "content_length": 10,
            },
            { "id": null, "link": null, "title": "Undated", "date": null, "content_length": 0 },
        ],
        "rejected": [{ "index": 1, "reason": "empty" }],
        "over_cap": 0,
        "doubts": [{ "item": 1, "doubt": "bad_link" }, { "item": 1, "doubt": "unreadable_date" }],
        "panics": 0,
        "error": null,
    });
    assert_eq!((code, serde_json::from_str::<Value>(&out).unwrap()), (0, wanted));
    let (code, out, _) = answered(&["probe", "--file", path]);
    assert_eq!(code, 0);
    assert!(out.contains("rss2.0, clean, UTF-8: 2 items, 1 not kept"), "{out}");
    assert!(out.contains("item 1 is not kept: there is nothing in it"), "{out}");
}

#[test]
fn a_batch_answers_every_line_whatever_it_names() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    fs::write(at("good.xml"), RSS).unwrap();
    fs::write(at("page.html"), "<html><link rel=alternate type=application/rss+xml href=/r>")
        .unwrap();
    fs::write(at("empty"), "").unwrap();
    fs::write(
        at("koi8"),
        b"<rss><channel><item><title>\xeb\xc1\xc2\xd5\xcc</title></item></channel></rss>",
    )
    .unwrap();
    let names = ["good.xml", "page.html", "empty", "missing", "koi8"].map(at);
    let list = at("list");
    fs::write(&list, format!("{}\r\n\n{}\n", names.join("\n"), directory.path().display()))
        .unwrap();
    let (code, out, _) =
        answered(&["probe", "--batch", &list, "--content-type", "text/xml; charset=koi8-r"]);
    let rows: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((code, rows.len()), (3, 6));
    let error = |row: usize| rows[row]["error"].as_str().unwrap_or_default().to_owned();
    assert_eq!(rows[0]["items"].as_array().map(Vec::len), Some(2));
    assert!(error(1).contains("a web page where a feed should be"), "{}", error(1));
    assert!(error(2).contains("an empty answer"), "{}", error(2));
    assert!(error(3).contains("cannot be read"), "{}", error(3));
    assert_eq!(rows[4]["items"][0]["title"], "Кабул");
    assert!(error(5).contains("no regular file"), "{}", error(5));
    for row in &rows {
        for key in ["path", "format", "stage", "title", "items", "rejected", "doubts", "error"] {
            assert!(row.get(key).is_some(), "{key}: {row}");
        }
    }
    fs::write(&list, at("good.xml")).unwrap();
    assert_eq!(answered(&["probe", "--batch", &list]).0, 0);
    assert_eq!(answered(&["probe", "--batch", &at("none")]).0, 1);
}

/// A host that serves a feed and a page that names it.
async fn publisher(text: &'static str, id: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let document = feed(&[(id, "Ten killed", vec![text.to_owned()])]);
    let page = "<html><head><link rel=alternate type=\"application/rss+xml\" href=\"/none.xml\">\
        <link rel=alternate type=\"application/rss+xml\" href=\"/rss.xml\"></head></html>";
    let routes = Router::new()
        .route("/rss.xml", get(move || async move { ([(CONTENT_TYPE, "text/xml")], document) }))
        .route("/", get(move || async move { ([(CONTENT_TYPE, "text/html")], page) }))
        .route("/bare", get(|| async { ([(CONTENT_TYPE, "text/html")], "<html><p>Hello</html>") }));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

fn probed(home: &Home, arguments: &[&str]) -> (i32, Value) {
    let file = home.file();
    let mut all = vec!["probe", "--format", "json", "--config", file.to_str().unwrap()];
    all.extend(arguments);
    let (code, out, faults) = answered(&all);
    (code, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{faults}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_leads_to_its_feed_and_the_feed_to_a_source() {
    let main = publisher("Gunmen killed ten people.", "a").await;
    let same = publisher("Gunmen killed ten people.", "a").await;
    let other = publisher("Something else altogether.", "b").await;
    let closed = crate::support::Host::closed().await;
    let home = Home::of(&[&main]);
    let (code, row) = probed(&home, &[&main, "--mirror", &same]);
    assert_eq!(code, 0, "{row}");
    assert_eq!(row["tried"].as_array().map(Vec::len), Some(3));
    assert!(row["tried"][0]["error"].as_str().unwrap().contains("/none.xml"), "{row}");
    assert_eq!(row["answer"]["path"], format!("{main}/rss.xml"));
    assert_eq!(row["answer"]["items"][0]["title"], "Ten killed");
    assert_eq!(row["mirrors"][0]["shared"], 1);
    let block = row["source"].as_str().unwrap();
    assert!(block.contains("feed    = \"/rss.xml\""), "{block}");
    checks(&home, block);

    let (code, row) =
        probed(&home, &[&format!("{main}/rss.xml"), "--mirror", &closed, "--mirror", &other]);
    assert_eq!(code, 3, "{row}");
    assert!(row["mirrors"][0]["error"].is_string(), "{row}");
    // A mirror that does not serve it is not written where it would be taken over unseen.
    let block = row["source"].as_str().unwrap();
    assert!(block.contains(&format!("feed    = \"{main}/rss.xml\"")), "{block}");
    assert_eq!(block.matches("# not taken: ").count(), 2, "{block}");
    assert!(block.contains("another feed") && !block.contains("mirrors ="), "{block}");
    checks(&home, block);
    let (code, row) = probed(&home, &[&format!("{main}/bare")]);
    assert_eq!(code, 0, "{row}");
    assert_eq!(row["tried"].as_array().map(Vec::len), Some(6));
    let (code, row) = probed(&home, &[&closed]);
    assert_eq!((code, &row["answer"]), (1, &Value::Null));
    // Without leave nothing on this machine is asked.
    let (code, out, _) = answered(&["probe", &main]);
    assert_eq!(code, 1);
    assert!(out.contains("loopback"), "{out}");
}

/// The block is a source that `check` takes.
fn checks(home: &Home, block: &str) {
    let text = home.configuration(&["https://a.example"]);
    let (before, after) = text.split_once("[[source]]").unwrap();
    let (_, watch) = after.split_once("[[watch]]").unwrap();
    let path = home.directory.path().join("probed.toml");
    fs::write(&path, format!("{before}{block}[[watch]]{watch}")).unwrap();
    let (code, out, faults) = answered(&["check", "--config", Path::new(&path).to_str().unwrap()]);
    assert_eq!(code, 0, "{out}{faults}");
}
