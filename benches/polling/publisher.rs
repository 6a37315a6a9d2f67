//! The publisher of all feeds, each on a loopback address of its own. Answers with or
//! without latency, by etag and date, and counts what it was asked.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_compression::tokio::write::GzipEncoder;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_ENCODING, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use tokio::io::AsyncWriteExt;

pub const FEEDS: usize = 200;
pub const ITEMS: usize = 30;

const CHANGED: &str = "Mon, 23 Nov 2026 12:00:00 GMT";

pub struct Publisher {
    feeds: Vec<Bytes>,
    bomb: Bytes,
    hollow: Bytes,
    crowd: Bytes,
    begun: Instant,
    latency_ms: AtomicU64,
    first_us: AtomicU64,
    last_us: AtomicU64,
    pub whole: AtomicU64,
    pub unchanged: AtomicU64,
}

impl Publisher {
    /// Begins to serve; the port is the same on every address.
    pub async fn open() -> (Arc<Publisher>, u16) {
        let publisher = Arc::new(Publisher {
            feeds: (0..FEEDS).map(feed).collect(),
            bomb: packed(std::iter::repeat_n(&[b' '; 1 << 20][..], 512)).await,
            hollow: Bytes::from(format!("<rss><channel>{}", "<item/>".repeat(1_000_000))),
            crowd: packed(crowd().iter().map(String::as_bytes)).await,
            begun: Instant::now(),
            latency_ms: AtomicU64::new(0),
            first_us: AtomicU64::new(u64::MAX),
            last_us: AtomicU64::new(0),
            whole: AtomicU64::new(0),
            unchanged: AtomicU64::new(0),
        });
        let any = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
        let listener = tokio::net::TcpListener::bind(any).await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let routes = Router::new().fallback(answer).with_state(publisher.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (publisher, port)
    }

    /// Forgets what it was asked.
    pub fn reset(&self, latency: Duration) {
        self.latency_ms.store(latency.as_millis() as u64, Ordering::SeqCst);
        self.first_us.store(u64::MAX, Ordering::SeqCst);
        for counter in [&self.last_us, &self.whole, &self.unchanged] {
            counter.store(0, Ordering::SeqCst);
        }
    }

    /// From the first request to the last answer.
    pub fn span(&self) -> Duration {
        let first = self.first_us.load(Ordering::SeqCst);
        Duration::from_micros(self.last_us.load(Ordering::SeqCst).saturating_sub(first))
    }

    fn now_us(&self) -> u64 {
        self.begun.elapsed().as_micros() as u64
    }
}

/// The address of a feed: every one on a host of its own.
pub fn url(number: usize, port: u16) -> String {
    format!("http://127.1.{}.{}:{port}/{number}", number / 250, number % 250 + 1)
}

async fn answer(State(publisher): State<Arc<Publisher>>, asked: Request) -> Response {
    publisher.first_us.fetch_min(publisher.now_us(), Ordering::SeqCst);
    let latency = publisher.latency_ms.load(Ordering::SeqCst);
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    let response = said(&publisher, &asked);
    publisher.last_us.fetch_max(publisher.now_us(), Ordering::SeqCst);
    response
}

fn said(publisher: &Publisher, asked: &Request) -> Response {
    let name = asked.uri().path().trim_matches('/');
    match name {
        "bomb" => return ([(CONTENT_ENCODING, "gzip")], publisher.bomb.clone()).into_response(),
        "hollow" => return publisher.hollow.clone().into_response(),
        "crowd" => return ([(CONTENT_ENCODING, "gzip")], publisher.crowd.clone()).into_response(),
        "endless" => {
            let piece = Bytes::from(vec![b'x'; 65_536]);
            let pieces = futures_util::stream::repeat(Ok::<_, std::convert::Infallible>(piece));
            return Body::from_stream(pieces).into_response();
        }
        _ => {}
    }
    let number: usize = name.parse().unwrap_or_default();
    let etag = format!("\"{number}\"");
    let headers = [(ETAG, etag.clone()), (LAST_MODIFIED, CHANGED.to_owned())];
    let sent = |name| asked.headers().get(name).and_then(|value| value.to_str().ok());
    let is_unchanged = match (sent(IF_NONE_MATCH), sent(IF_MODIFIED_SINCE)) {
        (Some(sent), _) => sent == etag,
        (None, date) => date == Some(CHANGED),
    };
    if is_unchanged {
        publisher.unchanged.fetch_add(1, Ordering::SeqCst);
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    publisher.whole.fetch_add(1, Ordering::SeqCst);
    (headers, publisher.feeds[number % FEEDS].clone()).into_response()
}

/// News of the last ten hours: one item in ten tells of an attack. Were their dates
/// fixed, each feed would be thought frozen from the next day on, and 200 alarms would
/// be told of that.
fn feed(number: usize) -> Bytes {
    let now = Timestamp::now();
    let mut xml = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Paper {number}</title>"
    );
    for item in 0..ITEMS {
        let text = match item % 10 {
            0 => attack(number, item),
            _ => String::new(),
        };
        let _ = write!(
            xml,
            "<item><title>Report {item} of paper {number}</title><guid>{number}-{item}</guid>\
             <link>http://127.1.0.{number}/d/{item}</link>\
             <pubDate>{}</pubDate><description>{text}{}</description></item>",
            date(now - minutes(60 * (item % 10) + number % 60)),
            prose(number, item)
        );
    }
    xml.push_str("</channel></rss>");
    Bytes::from(xml)
}

fn minutes(count: usize) -> SignedDuration {
    SignedDuration::from_mins(count as i64)
}

fn date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn attack(number: usize, item: usize) -> String {
    const PROVINCES: [&str; 8] =
        ["Kunduz", "Helmand", "Ghazni", "Nangarhar", "Badghis", "Khost", "Paktia", "Farah"];
    let (killed, wounded) = ((number + item) % 23 + 2, (number * 7 + item) % 31 + 2);
    let province = PROVINCES[(number + item / 10) % PROVINCES.len()];
    format!(
        "At least {killed} soldiers were killed and {wounded} wounded in an attack on a checkpoint in \
         {province} province on Sunday, officials said. "
    )
}

/// Some 1.6 kB of it, no two items alike.
fn prose(number: usize, item: usize) -> String {
    const SENTENCES: [&str; 12] = [
        "The ministry of trade of region {} said that {} companies had asked for new licences.",
        "Farmers near town {} expect a harvest of {} tonnes of wheat after the autumn rain.",
        "The council of district {} put off its vote on the water works for the {}th time.",
        "A train on line {} stood still for {} minutes because of snow on the rails.",
        "Teachers in town {} ask for smaller classes; there are {} children in some of them.",
        "The central bank of region {} left its rate unchanged at {} points on Monday.",
        "The football team of town {} won its match in front of {} spectators.",
        "Hospital number {} opened a new wing that has {} beds, the mayor said.",
        "Talks between the {} parties went on into their {}th day and nothing was decided yet.",
        "The price of bread in market {} rose by {} percent, traders said.",
        "Region {} will get {} buses that run on gas, the transport office said.",
        "The museum of town {} shows {} pictures that were thought lost for years.",
    ];
    let mut mixed = (number * ITEMS + item) as u64;
    let mut roll = |below: u64| {
        // SplitMix64.
        mixed = mixed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = mixed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % below
    };
    let sentence = |_| {
        let form = SENTENCES[roll(SENTENCES.len() as u64) as usize];
        let first = form.replacen("{}", &(roll(9_000) + 2).to_string(), 1);
        first.replacen("{}", &(roll(900) + 2).to_string(), 1) + " "
    };
    (0..19).map(sentence).collect()
}

/// Almost as many items as fit below the limit on decoded bytes, each of its own.
fn crowd() -> Vec<String> {
    let pieces = (0..50).map(|piece| {
        let items = (0..10_000).map(|n| format!("<item><guid>{:07}</guid></item>", piece * n));
        items.collect::<String>()
    });
    std::iter::once("<rss><channel>".to_owned()).chain(pieces).collect()
}

async fn packed<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Bytes {
    let mut encoder = GzipEncoder::new(Vec::new());
    for piece in pieces {
        encoder.write_all(piece).await.expect("memory takes it");
    }
    encoder.shutdown().await.expect("memory takes it");
    Bytes::from(encoder.into_inner())
}
