//! `watchfire status`: what an operator sees of sources that are well and of those that
//! are not, while a daemon holds the store.

use std::path::Path;

use serde_json::Value;
use watchfire::store::Store;

use crate::support::{Home, Host, Says, answered, feed, four_provinces};

fn run(home: &Home, command: &[&str]) -> (i32, String, String) {
    let file = home.file();
    let file = Path::new(&file).to_str().unwrap();
    answered(&[command, &["--config", file]].concat())
}

/// Three sources: one served, one refused, one that a page answers for.
async fn three() -> Home {
    let served = Host::start(Says::Feed(feed(&[four_provinces()]))).await;
    let parked = Host::start(Says::Page).await;
    let home = Home::of(&[&served.url]);
    let other = |name: &str, url: &str| {
        format!("[[source]]\nname = \"{name}\"\nfeed = \"{url}/rss.xml\"\n")
    };
    let text = home.configuration(&[&served.url]);
    home.configure(&format!(
        "{text}{}{}",
        other("Refused", &Host::closed().await),
        other("For Sale", &parked.url)
    ));
    home
}

#[tokio::test(flavor = "multi_thread")]
async fn status_tells_the_worst_first_with_what_to_do() {
    let home = three().await;
    let (code, _, told) = run(&home, &["status"]);
    assert_eq!(code, 1, "there is no store yet: {told}");
    let rounds = tokio::task::spawn_blocking(move || {
        for _ in 0..2 {
            assert_eq!(run(&home, &["run", "--once"]).0, 3);
        }
        home
    });
    let home = rounds.await.unwrap();
    // As a daemon would, somebody holds the store while it is looked at.
    let now = jiff::Timestamp::now();
    let _daemon = Store::open(&home.store(), now).unwrap();

    let (code, table, _) = run(&home, &["status"]);
    assert_eq!(code, 0);
    let places: Vec<usize> =
        ["Refused", "For Sale", "Herald"].iter().map(|name| table.find(name).unwrap()).collect();
    assert!(places[0] < places[2] && places[1] < places[2], "{table}");
    assert!(table.starts_with("3 sources: 2 down, 1 up"), "{table}");
    assert!(table.contains("-> see whether the site opens"), "{table}");

    let (code, json, _) = run(&home, &["status", "--format", "json", "--check"]);
    assert_eq!(code, 1, "somewhere it is blind");
    let read: Value = serde_json::from_str(&json).unwrap();
    let of = |name: &str| {
        let sources = read["sources"].as_array().unwrap();
        sources.iter().find(|source| source["source"] == name).unwrap()
    };
    assert_eq!(of("Herald")["state"], "up");
    assert_eq!(of("Herald")["mirrors"][0]["serves"], true);
    assert_eq!(of("Refused")["mirrors"][0]["error_class"], "connect");
    assert_eq!(of("For Sale")["mirrors"][0]["error_class"], "parked");
    assert_eq!(of("For Sale")["failed_polls"], 2);
    assert_eq!(read["blind"].as_array().unwrap().len(), 2);
}
