//! Requests and polls against publishers on loopback, sound and hostile.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_compression::tokio::write::{
    BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder,
};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request as Asked;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use watchfire::fetch::{
    Client, FetchError, Names, Outcome, Payload, Polled, Request, Settings, poll,
};
use watchfire::source::state::Cause;
use watchfire::source::{Source, SourceState};

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn settings() -> Settings {
    Settings {
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        connect_timeout: Duration::from_secs(5),
        wire_limit: 1024 * 1024,
        decoded_limit: 4 * 1024 * 1024,
        ..Settings::default()
    }
}

fn client() -> Client {
    Client::new(settings()).unwrap()
}

/// A publisher that answers each request by a function, on a port of its own.
async fn publisher<F, R>(answer: F) -> SocketAddr
where
    F: Fn(Asked) -> R + Clone + Send + Sync + 'static,
    R: IntoResponse,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = Router::new()
        .fallback(any(move |asked: Asked| std::future::ready(answer(asked).into_response())));
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    address
}

/// A publisher that writes bytes of any kind, again and again when `endless`.
async fn raw_publisher(head: &'static str, piece: Vec<u8>, endless: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let piece = piece.clone();
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                _ = socket.read(&mut asked).await;
                _ = socket.write_all(head.as_bytes()).await;
                while socket.write_all(&piece).await.is_ok() && endless {}
                // Silence, not an end: the other side has to lose patience.
                std::future::pending::<()>().await;
            });
        }
    });
    address
}

/// An address at which nothing listens.
async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

fn rss(titles: &[&str]) -> String {
    let items: String = titles
        .iter()
        .map(|title| {
            format!(
                "<item><title>{title}</title><guid>{title}</guid><link>/d/{title}</link></item>"
            )
        })
        .collect();
    format!("<rss version=\"2.0\"><channel><title>The Paper</title>{items}</channel></rss>")
}

fn source(mirrors: &[SocketAddr]) -> Source {
    let mirrors: Vec<String> = mirrors.iter().map(|address| format!("http://{address}")).collect();
    let mirrors: Vec<&str> = mirrors.iter().map(String::as_str).collect();
    Source::new("The Paper", "/rss.xml", &mirrors).unwrap()
}

async fn polled(source: &Source, state: SourceState) -> Polled {
    poll(&client(), source, state, now(), 1).await
}

async fn get(url: &str) -> Result<Vec<u8>, FetchError> {
    got(&client(), url).await
}

async fn got(client: &Client, url: &str) -> Result<Vec<u8>, FetchError> {
    let answer = client.get(&Request::page(url.parse().unwrap()), now()).await?;
    let Payload::Whole { bytes, .. } = answer.payload else { panic!("nothing was conditional") };
    Ok(bytes)
}

fn faults(polled: &Polled) -> Vec<Option<Cause>> {
    polled.attempts.iter().map(|attempt| attempt.fault).collect()
}

#[tokio::test]
async fn a_refused_and_a_parked_mirror_give_way_to_a_third_that_is_remembered() {
    let parked =
        publisher(|_| "<!DOCTYPE html><html><head><title>For sale</title></head></html>").await;
    let works = publisher(|_| rss(&["one", "two"])).await;
    let source = source(&[nobody().await, parked, works]);
    let first = polled(&source, SourceState::default()).await;
    assert_eq!(faults(&first), [Some(Cause::Connect), Some(Cause::Parked), None]);
    assert!(first.attempts[1].message.contains("For sale"));
    let Outcome::Fetched(fetched) = &first.outcome else { panic!("{:?}", first.outcome) };
    assert_eq!((fetched.mirror, fetched.feed.items.len()), (2, 2));
    assert_eq!(fetched.keys[0], ["guid:one", "path:/d/one"]);
    let second = polled(&source, first.state).await;
    assert_eq!(second.attempts.iter().map(|a| a.mirror).collect::<Vec<_>>(), [2]);
}

#[tokio::test]
async fn validators_go_back_to_the_mirror_that_gave_them_and_to_no_other() {
    type Heard = Vec<(u8, Option<String>)>;
    let heard: Arc<Mutex<Heard>> = Arc::default();
    let mirror = |number: u8| {
        let heard = Arc::clone(&heard);
        publisher(move |asked: Asked| {
            let sent = asked.headers().get("if-none-match").map(|v| v.to_str().unwrap().to_owned());
            heard.lock().unwrap().push((number, sent.clone()));
            let etag = format!("\"{number}\"");
            match sent {
                Some(sent) if sent == etag => {
                    (StatusCode::NOT_MODIFIED, [("etag", etag)], String::new())
                }
                _ => (StatusCode::OK, [("etag", etag)], rss(&["one"])),
            }
        })
    };
    let source = source(&[mirror(1).await, mirror(2).await]);
    let first = polled(&source, SourceState::default()).await;
    let second = polled(&source, first.state).await;
    assert!(matches!(second.outcome, Outcome::NotModified { mirror: 0 }));
    assert_eq!(faults(&second), [None]);
    // The source now prefers the other mirror, which must not see the first one's.
    let mut state = second.state;
    state.sticky = Some(source.feed_url(1).clone());
    state.mirrors.get_mut(source.feed_url(0)).unwrap().good_streak = 0;
    let third = polled(&source, state).await;
    assert!(matches!(third.outcome, Outcome::Fetched(_)));
    let told = |number, sent: Option<&str>| (number, sent.map(str::to_owned));
    assert_eq!(*heard.lock().unwrap(), [told(1, None), told(1, Some("\"1\"")), told(2, None)]);
    let week_later = now() + jiff::SignedDuration::from_hours(7 * 24);
    let fourth = poll(&client(), &source, third.state, week_later, 1).await;
    assert!(matches!(fourth.outcome, Outcome::Fetched(_)), "old validators are not sent");
}

#[tokio::test]
async fn validators_are_not_sent_where_a_redirect_leads() {
    let end = publisher(|asked: Asked| {
        assert!(asked.headers().get("if-none-match").is_none());
        rss(&["one"])
    })
    .await;
    let moved = Arc::new(Mutex::new(false));
    let flag = Arc::clone(&moved);
    let start = publisher(move |_| match *flag.lock().unwrap() {
        false => (HeaderMap::new(), rss(&["one"])).into_response(),
        true => (StatusCode::MOVED_PERMANENTLY, [("location", format!("http://{end}/rss.xml"))])
            .into_response(),
    })
    .await;
    let source = source(&[start]);
    let mut first = polled(&source, SourceState::default()).await.state;
    let validators = watchfire::source::state::Validators {
        url: source.feed_url(0).clone(),
        etag: Some("\"x\"".into()),
        last_modified: None,
        since: now(),
    };
    first.mirrors.get_mut(source.feed_url(0)).unwrap().validators = Some(validators);
    *moved.lock().unwrap() = true;
    let second = polled(&source, first).await;
    let Outcome::Fetched(fetched) = &second.outcome else { panic!("{:?}", second.attempts) };
    assert_eq!(fetched.moved.as_ref().unwrap().port(), Some(end.port()));
}

#[tokio::test]
async fn an_answer_that_is_not_this_source_is_passed_over() {
    let works = publisher(|_| rss(&["one"])).await;
    for (name, body, cause) in [
        ("another feed", rss(&["casino"]).replace("The Paper", "Casino"), Cause::Foreign),
        ("an empty feed", rss(&[]), Cause::Empty),
        ("nothing", String::new(), Cause::Empty),
        ("text", "go away".to_owned(), Cause::Broken),
    ] {
        let other = publisher(move |_| body.clone()).await;
        let source = source(&[other, works]);
        let mut state = SourceState::default();
        state.history.remember(Some("The Paper"), ["guid:one"].into_iter());
        let polled = polled(&source, state).await;
        assert_eq!(faults(&polled), [Some(cause), None], "{name}");
    }
}

#[tokio::test]
async fn every_kind_of_failure_moves_on_to_the_next_mirror_and_moves_no_validator() {
    let works = publisher(|_| rss(&["one"])).await;
    for (status, cause) in [
        (403, Cause::Status),
        (404, Cause::Status),
        (410, Cause::Gone),
        (429, Cause::Busy),
        (451, Cause::Status),
        (500, Cause::Status),
        (503, Cause::Status),
        (304, Cause::Status),
    ] {
        let bad = publisher(move |_| StatusCode::from_u16(status).unwrap()).await;
        let source = source(&[bad, works]);
        let polled = polled(&source, SourceState::default()).await;
        assert_eq!(faults(&polled), [Some(cause), None], "{status}");
        assert_eq!(polled.state.mirrors[source.feed_url(0)].validators, None);
    }
}

#[tokio::test]
async fn a_busy_host_is_left_alone_for_as_long_as_it_asks() {
    let busy = publisher(|_| (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "600")])).await;
    let source = source(&[busy]);
    let first = polled(&source, SourceState::default()).await;
    assert!(matches!(first.outcome, Outcome::Failed));
    assert!(first.state.next_poll.unwrap().as_second() >= now().as_second() + 600);
    let second = polled(&source, first.state).await;
    assert!(second.attempts.is_empty());
}

#[tokio::test]
async fn every_encoding_is_read() {
    let text = rss(&["one"]).repeat(50).into_bytes();
    let mut packed: Vec<(&str, Vec<u8>)> = vec![("identity", text.clone())];
    macro_rules! pack {
        ($name:literal, $encoder:ty) => {{
            let mut encoder = <$encoder>::new(Vec::new());
            encoder.write_all(&text).await.unwrap();
            encoder.shutdown().await.unwrap();
            packed.push(($name, encoder.into_inner()));
        }};
    }
    pack!("gzip", GzipEncoder<Vec<u8>>);
    pack!("br", BrotliEncoder<Vec<u8>>);
    pack!("zstd", ZstdEncoder<Vec<u8>>);
    pack!("deflate", ZlibEncoder<Vec<u8>>);
    pack!("deflate", DeflateEncoder<Vec<u8>>);
    for (encoding, body) in packed {
        let body = Bytes::from(body);
        let address = publisher(move |_| ([("content-encoding", encoding)], body.clone())).await;
        assert_eq!(get(&format!("http://{address}/")).await.unwrap(), text, "{encoding}");
    }
    for encoding in ["gzip, gzip", "compress", "gzip"] {
        let address = publisher(move |_| ([("content-encoding", encoding)], "plain")).await;
        let fault = get(&format!("http://{address}/")).await.unwrap_err();
        assert!(matches!(fault, FetchError::Body { .. }), "{encoding}: {fault}");
    }
}

#[tokio::test]
async fn bombs_and_endless_bodies_are_cut_off() {
    let zeros = vec![b' '; 64 * 1024 * 1024];
    macro_rules! bomb {
        ($name:literal, $encoder:ty) => {{
            let mut encoder = <$encoder>::new(Vec::new());
            encoder.write_all(&zeros).await.unwrap();
            encoder.shutdown().await.unwrap();
            let body = Bytes::from(encoder.into_inner());
            let address = publisher(move |_| ([("content-encoding", $name)], body.clone())).await;
            let fault = get(&format!("http://{address}/")).await.unwrap_err();
            assert!(matches!(fault, FetchError::TooLarge { .. }), "{}: {fault}", $name);
        }};
    }
    bomb!("gzip", GzipEncoder<Vec<u8>>);
    bomb!("br", BrotliEncoder<Vec<u8>>);
    bomb!("zstd", ZstdEncoder<Vec<u8>>);
    let large = publisher(|_| Body::from(vec![b'x'; 2 * 1024 * 1024])).await;
    let endless = raw_publisher("HTTP/1.1 200 OK\r\n\r\n", vec![b'x'; 65536], true).await;
    // Empty stored blocks: bytes for ever, and nothing once decoded.
    let empty_blocks = [0u8, 0, 0, 0xFF, 0xFF].repeat(10_000);
    let hollow =
        raw_publisher("HTTP/1.1 200 OK\r\ncontent-encoding: deflate\r\n\r\n", empty_blocks, true)
            .await;
    for address in [large, endless, hollow] {
        let fault = get(&format!("http://{address}/")).await.unwrap_err();
        assert!(matches!(fault, FetchError::TooLarge { .. }), "{fault}");
    }
}

#[tokio::test]
async fn a_silent_host_is_not_waited_for() {
    let brief = Duration::from_millis(150);
    let hasty = Settings { first_byte_timeout: brief, idle_timeout: brief, ..settings() };
    let client = Client::new(hasty).unwrap();
    for (head, stage) in [
        ("", "the first byte"),
        ("HTTP/1.1 200 OK\r\nx-slow: ", "the first byte"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf", "the next piece of its answer"),
    ] {
        let address = raw_publisher(head, Vec::new(), false).await;
        let fault = got(&client, &format!("http://{address}/")).await.unwrap_err();
        assert!(matches!(&fault, FetchError::Timeout { stage: at, .. } if *at == stage), "{fault}");
    }
    let hasty = Settings { total_timeout: brief, ..settings() };
    let drip = raw_publisher("HTTP/1.1 200 OK\r\n\r\n", Vec::new(), false).await;
    let fault = got(&Client::new(hasty).unwrap(), &format!("http://{drip}/")).await.unwrap_err();
    assert!(fault.to_string().contains("the whole request"), "{fault}");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_document() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            _ = socket.read(&mut asked).await;
            _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").await;
        }
    });
    let fault = get(&format!("http://{address}/")).await.unwrap_err();
    assert!(matches!(fault, FetchError::Body { .. }), "{fault}");
}

#[tokio::test]
async fn a_redirect_is_followed_five_times_and_nowhere_it_must_not_go() {
    let address = publisher(|asked: Asked| -> Response {
        let to = |location: &str| {
            (StatusCode::FOUND, [("location", location.to_owned())]).into_response()
        };
        match asked.uri().path() {
            "/loop" => to("/pool"),
            "/pool" => to("/loop"),
            "/self" => to("/self"),
            "/file" => to("file:///etc/passwd"),
            "/script" => to("javascript:alert(1)"),
            "/login" => to("http://user:secret@example.org/"),
            "/inside" => to("http://10.0.0.1/"),
            "/metadata" => to("http://[::ffff:169.254.169.254]/"),
            "/broken" => to("http://["),
            "/nowhere" => StatusCode::FOUND.into_response(),
            "/end" => "arrived".into_response(),
            path => match path.trim_start_matches('/').parse::<u8>() {
                Ok(1) => to("/end"),
                Ok(n) => to(&format!("/{}", n - 1)),
                Err(_) => StatusCode::NOT_FOUND.into_response(),
            },
        }
    })
    .await;
    for (path, wanted) in [
        ("5", ""),
        ("6", "five before"),
        ("loop", "in a circle"),
        ("self", "in a circle"),
        ("file", "only http and https"),
        ("script", "only http and https"),
        ("login", "carries a login"),
        ("inside", "a private address, 10.0.0.1"),
        ("metadata", "a link-local address"),
        ("broken", "no URL"),
        ("nowhere", "leads nowhere"),
    ] {
        let came = get(&format!("http://{address}/{path}")).await;
        let said = came.err().map(|fault| fault.to_string()).unwrap_or_default();
        assert!(said.contains(wanted) && said.is_empty() == wanted.is_empty(), "{path}: {said}");
        assert!(!said.contains("secret"), "{said}");
    }
}

#[tokio::test]
async fn the_house_is_not_reached_however_it_is_written() {
    let canary = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = canary.local_addr().unwrap().port();
    let strict = Client::new(Settings::default()).unwrap();
    for host in [
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "localhost",
        "LOCALHOST",
        "0.0.0.0",
        "１２７.0.0.1",
    ] {
        let fault = got(&strict, &format!("http://{host}:{port}/")).await.unwrap_err();
        assert!(matches!(fault, FetchError::Refused { .. }), "{host}: {fault}");
        assert!(fault.to_string().contains("allow_networks"), "{fault}");
    }
    let silent = tokio::time::timeout(Duration::from_millis(50), canary.accept()).await;
    assert!(silent.is_err(), "somebody connected");
    let fault =
        strict.get(&Request::page("ftp://example.org/".parse().unwrap()), now()).await.unwrap_err();
    assert!(matches!(fault, FetchError::Url { .. }), "{fault}");
}

/// A name that stands for another address each time that it is asked for.
fn changing(answers: &'static [&'static [&'static str]]) -> Names {
    let asked = AtomicUsize::new(0);
    Names::of(move |_| {
        let turn = asked.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        Ok(answers[turn].iter().map(|address| address.parse().unwrap()).collect())
    })
}

#[tokio::test]
async fn a_name_that_turns_to_the_house_between_two_requests_is_not_followed() {
    // Here 127.0.0.1 is the internet, and 127.0.0.2 the house.
    let settings = Settings { allow_networks: vec!["127.0.0.1/32".parse().unwrap()], ..settings() };
    let outside = publisher(|asked: Asked| match asked.uri().path() {
        "/away" => (StatusCode::FOUND, [("location", "/here"), ("connection", "close")], ""),
        _ => (StatusCode::OK, [("x-a", "b"), ("connection", "close")], "hello"),
    })
    .await;
    let port = outside.port();
    let inside = TcpListener::bind(("127.0.0.2", port)).await.unwrap();
    let url = |path: &str| format!("http://rebinds.example:{port}/{path}");
    let is_refused = |came: Result<Vec<u8>, FetchError>| match came {
        Err(fault @ FetchError::Refused { .. }) => assert_eq!(fault.cause(), Cause::Refused),
        other => panic!("{other:?}"),
    };

    let names = changing(&[&["127.0.0.1"], &["127.0.0.2"], &["127.0.0.2", "127.0.0.1"]]);
    let client = Client::with_names(settings.clone(), names).unwrap();
    assert_eq!(got(&client, &url("")).await.unwrap(), b"hello");
    is_refused(got(&client, &url("")).await);
    // Of a mixed answer only what may be reached is dialled.
    assert_eq!(got(&client, &url("")).await.unwrap(), b"hello");

    // It turns within one request, between a redirect and where that leads.
    let names = changing(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let client = Client::with_names(settings, names).unwrap();
    is_refused(got(&client, &url("away")).await);
    let silent = tokio::time::timeout(Duration::from_millis(50), inside.accept()).await;
    assert!(silent.is_err(), "somebody went into the house");
}

#[tokio::test]
async fn a_failed_connection_says_what_failed() {
    let nobody = nobody().await;
    let fault = get(&format!("http://{nobody}/")).await.unwrap_err();
    assert!(matches!(fault, FetchError::Connect { .. }), "{fault:?}");
    assert!(fault.to_string().to_lowercase().contains("refused"), "{fault}");
    let plain = publisher(|_| "no TLS here").await;
    let fault = get(&format!("https://{plain}/")).await.unwrap_err();
    assert!(matches!(fault, FetchError::Tls { .. }), "{fault:?}");
    // A label this long is refused by the resolver itself; nothing is asked of the network.
    let fault = get(&format!("http://{}.invalid/", "x".repeat(64))).await.unwrap_err();
    assert!(matches!(fault, FetchError::Dns { .. }), "{fault:?}");
}
