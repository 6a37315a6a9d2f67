//! Mirrors that are slow, stale or tampered with, and the ways to reach them.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use watchfire::fetch::{Client, FetchError, Outcome, Polled, Request, Settings, poll};
use watchfire::source::state::{Cause, Health, MirrorState};
use watchfire::source::{Access, Source, SourceState};

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn client() -> Client {
    Client::new(Settings {
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        host_spacing: Duration::ZERO,
        ..Settings::default()
    })
    .unwrap()
}

/// The heads of the requests that came in.
type Heard = Arc<Mutex<Vec<String>>>;

/// A host that gives one answer to all requests; none where it is to stay silent.
async fn host(answer: Option<String>) -> (SocketAddr, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, heard) = (listener.local_addr().unwrap(), Heard::default());
    let kept = heard.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(converse(socket, answer.clone(), kept.clone()));
        }
    });
    (address, heard)
}

async fn converse(mut socket: TcpStream, answer: Option<String>, heard: Heard) {
    let head = head_of(&mut socket).await;
    heard.lock().unwrap().push(head);
    match answer {
        Some(answer) => drop(socket.write_all(answer.as_bytes()).await),
        None => std::future::pending().await,
    }
}

async fn head_of(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        match socket.read_u8().await {
            Ok(byte) => bytes.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&bytes).to_lowercase()
}

fn ok(body: &str) -> Option<String> {
    Some(format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ))
}

/// A feed of items: id, headline, date.
fn feed(items: &[(&str, &str, &str)]) -> String {
    let item = |(id, title, date): &(&str, &str, &str)| {
        format!(
            "<item><guid isPermaLink=\"false\">{id}</guid><title>{title}</title><pubDate>{date}</pubDate></item>"
        )
    };
    let items: String = items.iter().map(item).collect();
    format!("<rss version=\"2.0\"><channel><title>The Paper</title>{items}</channel></rss>")
}

const MONDAY: &str = "Mon, 23 Nov 2026 11:00:00 GMT";
const FRIDAY: &str = "Fri, 20 Nov 2026 11:00:00 GMT";

fn source(mirrors: &[SocketAddr]) -> Source {
    let mirrors: Vec<String> = mirrors.iter().map(|address| format!("http://{address}")).collect();
    let mirrors: Vec<&str> = mirrors.iter().map(String::as_str).collect();
    Source::new("The Paper", "/rss.xml", &mirrors).unwrap()
}

/// A source that has shown items with these ids, the newest on Monday.
fn known(ids: &[&str]) -> SourceState {
    let mut state = SourceState::default();
    let keys: Vec<String> = ids.iter().map(|id| format!("guid:{id}")).collect();
    state.history.remember(Some("The Paper"), keys.iter().map(String::as_str));
    state.history.newest = Some(now() - SignedDuration::from_hours(1));
    state.last_opinion = Some(now());
    state
}

fn served_by(polled: &Polled) -> Option<usize> {
    polled.settled.map(|place| polled.attempts[place].mirror)
}

#[tokio::test]
async fn a_slow_mirror_is_raced_by_the_next_and_not_blamed() {
    let (slow, heard) = host(None).await;
    let (quick, _) = host(ok(&feed(&[("1", "One", MONDAY)]))).await;
    let source = source(&[slow, quick]);
    let mut state = known(&["1"]);
    let mut usual = MirrorState::default();
    (0..9).for_each(|_| usual.note_latency(Duration::from_millis(5)));
    state.mirrors.insert(source.feed_url(0).clone(), usual);
    let polled = poll(&client(), &source, state, now(), 1).await;
    assert_eq!((served_by(&polled), heard.lock().unwrap().len()), (Some(1), 1));
    let outrun: Vec<bool> = polled.attempts.iter().map(|attempt| attempt.is_outrun).collect();
    assert_eq!(outrun, [true, false]);
    let slow = &polled.state.mirrors[source.feed_url(0)];
    assert_eq!(slow.health, Health::Up { failures: 0 });
    assert!(*slow.latency.back().unwrap() >= 500, "{:?}", slow.latency);
    assert_eq!(polled.state.sticky.as_ref(), Some(source.feed_url(1)));
}

#[tokio::test]
async fn a_mirror_with_old_news_gives_way_to_a_fresh_one() {
    let (stale, _) = host(ok(&feed(&[("1", "One", FRIDAY)]))).await;
    let (fresh, _) = host(ok(&feed(&[("1", "One", FRIDAY), ("2", "Two", MONDAY)]))).await;
    let both = source(&[stale, fresh]);
    let polled = poll(&client(), &both, known(&["1", "2"]), now(), 1).await;
    assert_eq!(served_by(&polled), Some(1));
    assert_eq!(polled.state.mirrors[both.feed_url(0)].stale_since, Some(now()));
    assert_eq!(polled.state.sticky.as_ref(), Some(both.feed_url(1)));
    // Alone it still serves: old news is better than none.
    let alone = source(&[stale]);
    let polled = poll(&client(), &alone, known(&["1", "2"]), now(), 1).await;
    assert_eq!(served_by(&polled), Some(0));
}

#[tokio::test]
async fn a_second_mirror_is_asked_daily_and_brings_what_the_first_withholds() {
    let (frozen, _) = host(ok(&feed(&[("1", "One", MONDAY)]))).await;
    let (fresh, _) = host(ok(&feed(&[("1", "One", MONDAY), ("2", "Two", MONDAY)]))).await;
    let source = source(&[frozen, fresh]);
    let first = poll(&client(), &source, known(&["1"]), now(), 1).await;
    assert_eq!((served_by(&first), first.attempts.len()), (Some(0), 1));
    let day_later = now() + SignedDuration::from_hours(24);
    let second = poll(&client(), &source, first.state, day_later, 1).await;
    assert_eq!((served_by(&second), second.attempts.len()), (Some(1), 2));
    let Outcome::Fetched(fetched) = &second.outcome else { panic!("{:?}", second.outcome) };
    assert_eq!(fetched.feed.items.len(), 2);
}

#[tokio::test]
async fn two_mirrors_that_tell_one_item_differently_are_found_out() {
    let (honest, _) = host(ok(&feed(&[("1", "12 killed in Kunduz", MONDAY)]))).await;
    let (forged, _) = host(ok(&feed(&[("1", "None killed in Kunduz", MONDAY)]))).await;
    let source = source(&[honest, forged]);
    let mut state = known(&["1"]);
    for hours in [24, 26] {
        let at = now() + SignedDuration::from_hours(hours);
        state = poll(&client(), &source, state, at, 1).await.state;
    }
    let differs = state.mirrors[source.feed_url(1)].differs.clone().unwrap();
    assert_eq!(differs.key, "guid:1");
    assert!(differs.confirmed.is_some());
}

#[tokio::test]
async fn a_hijackers_redirect_is_followed_and_never_believed() {
    // It bears the publisher's title, which anybody knows; its host is another.
    let (other, heard) = host(ok(&feed(&[("casino", "Win", MONDAY)]))).await;
    let elsewhere = format!("http://127.0.0.1:{}/", other.port());
    let moved = format!(
        "HTTP/1.1 301 Moved\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    let (taken, _) = host(Some(moved)).await;
    let own = format!("http://localhost:{}/rss.xml", taken.port());
    let source = Source::new("The Paper", &own, &[]).unwrap();
    let polled = poll(&client(), &source, known(&["1"]), now(), 1).await;
    assert_eq!(polled.attempts[0].fault, Some(Cause::Foreign));
    assert_eq!(heard.lock().unwrap().len(), 1);
    assert_eq!(polled.state.mirrors[source.feed_url(0)].moved, None);
}

#[tokio::test]
async fn a_key_goes_to_the_publisher_and_to_nobody_else() {
    let (other, heard_there) = host(ok(&feed(&[("1", "One", MONDAY)]))).await;
    let moved =
        format!("HTTP/1.1 302 Found\r\nlocation: http://{other}/\r\ncontent-length: 0\r\n\r\n");
    let (first, heard_here) = host(Some(moved)).await;
    let access = Access {
        headers: vec![("x-api-key".into(), "secret".into())],
        user_agent: Some("our own".into()),
        ..Access::default()
    };
    let source = Source { access, ..source(&[first]) };
    let polled = poll(&client(), &source, SourceState::default(), now(), 1).await;
    assert_eq!(served_by(&polled), Some(0), "{:?}", polled.attempts);
    let (here, there) = (heard_here.lock().unwrap(), heard_there.lock().unwrap());
    assert!(
        here[0].contains("x-api-key: secret") && here[0].contains("user-agent: our own"),
        "{here:?}"
    );
    assert!(!there[0].contains("secret") && there[0].contains("user-agent: our own"), "{there:?}");
}

/// A SOCKS5 proxy that answers for every host itself; the hosts that it was asked for.
async fn socks() -> (SocketAddr, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, heard) = (listener.local_addr().unwrap(), Heard::default());
    let kept = heard.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut greeting = [0; 2];
            socket.read_exact(&mut greeting).await.unwrap();
            let mut methods = vec![0; usize::from(greeting[1])];
            socket.read_exact(&mut methods).await.unwrap();
            socket.write_all(&[5, 0]).await.unwrap();
            let mut asked = [0; 5];
            socket.read_exact(&mut asked).await.unwrap();
            // A name, and not an address: it was not resolved on this side.
            assert_eq!(asked[3], 3);
            let mut name = vec![0; usize::from(asked[4]) + 2];
            socket.read_exact(&mut name).await.unwrap();
            let name = String::from_utf8_lossy(&name[..name.len() - 2]).into_owned();
            kept.lock().unwrap().push(name);
            socket.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
            head_of(&mut socket).await;
            let answer = ok(&feed(&[("1", "One", MONDAY)])).unwrap();
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
    (address, heard)
}

#[tokio::test]
async fn an_onion_is_reached_through_its_proxy_alone() {
    let (proxy, heard) = socks().await;
    let plain = Source::new("The Paper", "http://paperpaperpaper.onion/rss.xml", &[]).unwrap();
    let refused = poll(&client(), &plain, SourceState::default(), now(), 1).await;
    assert_eq!(refused.attempts[0].fault, Some(Cause::Refused));
    assert!(refused.attempts[0].message.contains("proxy"), "{}", refused.attempts[0].message);
    let mut hidden = plain;
    hidden.mirrors[0].proxy = format!("socks5h://{proxy}").parse().ok();
    let polled = poll(&client(), &hidden, SourceState::default(), now(), 1).await;
    assert_eq!(served_by(&polled), Some(0), "{:?}", polled.attempts);
    assert_eq!(*heard.lock().unwrap(), ["paperpaperpaper.onion"]);
}

#[tokio::test]
async fn a_proxy_is_no_way_into_the_house() {
    let (proxy, heard) = host(ok("inside")).await;
    let access = Access { proxy: format!("http://{proxy}").parse().ok(), ..Access::default() };
    for url in [
        "http://intranet/",
        "http://printer.local/",
        "http://localhost/",
        "http://db.internal./",
        "http://10.0.0.1/",
        "http://169.254.169.254/",
    ] {
        let request = Request { access: access.clone(), ..Request::page(url.parse().unwrap()) };
        let strict = Client::new(Settings::default()).unwrap();
        let fault = strict.get(&request, now()).await.unwrap_err();
        assert!(
            matches!(fault, FetchError::Url { .. } | FetchError::Refused { .. }),
            "{url}: {fault}"
        );
    }
    assert_eq!(heard.lock().unwrap().len(), 0);
    let public = Request { access, ..Request::page("http://paper.example/x".parse().unwrap()) };
    assert!(client().get(&public, now()).await.is_ok());
    assert!(heard.lock().unwrap()[0].starts_with("get http://paper.example/x "));
}

#[tokio::test]
async fn certificates_that_are_not_there_are_that_sources_fault_alone() {
    let (address, heard) = host(ok(&feed(&[("1", "One", MONDAY)]))).await;
    let access = Access { ca_file: Some("/nowhere/ca.pem".into()), ..Access::default() };
    let source = Source { access, ..source(&[address]) };
    let polled = poll(&client(), &source, SourceState::default(), now(), 1).await;
    assert_eq!(polled.attempts[0].fault, Some(Cause::Access));
    assert!(polled.attempts[0].message.contains("/nowhere/ca.pem"));
    assert_eq!(heard.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn a_host_that_asked_for_peace_is_left_alone_by_all_its_sources() {
    let busy =
        "HTTP/1.1 429 Busy\r\nretry-after: 900\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let (address, heard) = host(Some(busy.to_owned())).await;
    let client = client();
    let first = poll(&client, &source(&[address]), SourceState::default(), now(), 1).await;
    assert_eq!(first.attempts[0].fault, Some(Cause::Busy));
    let other = Source::new("Other", &format!("http://{address}/other.xml"), &[]).unwrap();
    let minute_later = now() + SignedDuration::from_mins(1);
    let second = poll(&client, &other, SourceState::default(), minute_later, 1).await;
    assert_eq!((second.attempts[0].fault, heard.lock().unwrap().len()), (Some(Cause::Busy), 1));
    let next = second.state.next_poll.unwrap();
    assert!(next >= now() + SignedDuration::from_mins(15), "{next}");
}
