//! What polling costs at the very least: a loop of reqwest and feed-rs that asks with
//! the etags in a file, parses, writes the etags, and keeps nothing.

use std::fs;
use std::path::Path;

use futures_util::StreamExt;

use crate::publisher::ITEMS;

pub async fn poll(urls: &Path, etags: &Path, at_once: usize) {
    let known: Vec<String> =
        fs::read_to_string(etags).unwrap_or_default().lines().map(str::to_owned).collect();
    let urls = fs::read_to_string(urls).expect("the list is there");
    let client = reqwest::Client::new();
    let asked = urls.lines().enumerate().map(|(number, url)| {
        let (client, etag) = (client.clone(), known.get(number).cloned());
        async move { (number, ask(&client, url, etag).await) }
    });
    let mut etags_now: Vec<(usize, String)> =
        futures_util::stream::iter(asked).buffer_unordered(at_once).collect().await;
    etags_now.sort_unstable();
    let lines: Vec<String> = etags_now.into_iter().map(|(_, etag)| etag).collect();
    fs::write(etags, lines.join("\n")).expect("the directory is there");
}

/// The etag that came.
async fn ask(client: &reqwest::Client, url: &str, etag: Option<String>) -> String {
    let mut request = client.get(url);
    if let Some(etag) = etag {
        request = request.header("if-none-match", etag);
    }
    let answer = request.send().await.expect("the publisher answers");
    let etag = answer.headers().get("etag").and_then(|etag| etag.to_str().ok());
    let etag = etag.unwrap_or_default().to_owned();
    if answer.status() == 200 {
        let bytes = answer.bytes().await.expect("it goes on to the end");
        let feed = tokio::task::spawn_blocking(move || feed_rs::parser::parse(&bytes[..])).await;
        assert_eq!(feed.expect("no panic").expect("it is sound").entries.len(), ITEMS);
    }
    etag
}
