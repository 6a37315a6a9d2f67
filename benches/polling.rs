//! Polls 200 feeds of 30 items over loopback, everything new and then nothing changed,
//! with and without latency: a bare loop of reqwest and feed-rs, newsboat, watchfire.
//! Then hostile publishers among sound ones, for what they cost in memory. Prints one
//! table.
//!
//!     cargo bench --bench polling            # WATCHFIRE=PATH for another binary
//!
//! `wall` is the whole process, `span` from its first request to its last answer as the
//! publisher saw it, `peak` the most memory it held. newsboat is left out where it is
//! not installed.

use std::fmt::Write as _;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_compression::tokio::write::GzipEncoder;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_ENCODING, ETAG, IF_NONE_MATCH};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;

const FEEDS: usize = 200;
const ITEMS: usize = 30;
const AT_ONCE: usize = 16;

/// The publisher of all feeds, each on a host of its own: 127.1.0.N.
struct Publisher {
    feeds: Vec<Bytes>,
    bomb: Bytes,
    crowd: Bytes,
    begun: Instant,
    latency_ms: AtomicU64,
    first_us: AtomicU64,
    last_us: AtomicU64,
    whole: AtomicU64,
    unchanged: AtomicU64,
}

impl Publisher {
    fn reset(&self, latency: Duration) {
        self.latency_ms.store(latency.as_millis() as u64, Ordering::SeqCst);
        self.first_us.store(u64::MAX, Ordering::SeqCst);
        for counter in [&self.last_us, &self.whole, &self.unchanged] {
            counter.store(0, Ordering::SeqCst);
        }
    }

    fn now_us(&self) -> u64 {
        self.begun.elapsed().as_micros() as u64
    }

    /// From the first request to the last answer.
    fn span(&self) -> Duration {
        let first = self.first_us.load(Ordering::SeqCst);
        Duration::from_micros(self.last_us.load(Ordering::SeqCst).saturating_sub(first))
    }
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
    if asked.headers().get(IF_NONE_MATCH).is_some_and(|sent| sent == etag.as_str()) {
        publisher.unchanged.fetch_add(1, Ordering::SeqCst);
        return (axum::http::StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response();
    }
    publisher.whole.fetch_add(1, Ordering::SeqCst);
    ([(ETAG, etag)], publisher.feeds[number % FEEDS].clone()).into_response()
}

fn feed(number: usize) -> Bytes {
    let mut xml = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Paper {number}</title>"
    );
    for item in 0..ITEMS {
        let (killed, wounded) = ((number + item) % 23 + 2, (number * 7 + item) % 31 + 2);
        let text: String = (0..8)
            .map(|part| format!(
                "Officials in town {number} said in part {part} of their report {item} that talks on water, roads \
                 and schools went on for {} hours and that nothing was decided yet. ", part + 2
            ))
            .collect();
        let _ = write!(
            xml,
            "<item><title>Report {item} of paper {number}</title><guid>{number}-{item}</guid>\
             <link>http://127.1.0.{number}/d/{item}</link><pubDate>Mon, 23 Nov 2026 0{}:00:00 GMT</pubDate>\
             <description>At least {killed} soldiers were killed and {wounded} wounded in an attack on a \
             checkpoint in Kunduz province on Sunday, officials said. {text}</description></item>",
            item % 10
        );
    }
    xml.push_str("</channel></rss>");
    Bytes::from(xml)
}

async fn packed(piece: &[u8], times: usize) -> Bytes {
    let mut encoder = GzipEncoder::new(Vec::new());
    for _ in 0..times {
        encoder.write_all(piece).await.expect("memory takes it");
    }
    encoder.shutdown().await.expect("memory takes it");
    Bytes::from(encoder.into_inner())
}

async fn publish() -> (Arc<Publisher>, u16) {
    // Almost as many items as fit below the limit on decoded bytes.
    let items = "<item><guid>1</guid></item>".repeat(10_000);
    let publisher = Arc::new(Publisher {
        feeds: (0..FEEDS).map(feed).collect(),
        bomb: packed(&vec![b' '; 1 << 20], 512).await,
        crowd: packed(format!("<rss><channel>{items}").as_bytes(), 59).await,
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

fn url(number: usize, port: u16) -> String {
    format!("http://127.1.{}.{}:{port}/{number}", number / 250, number % 250 + 1)
}

/// What one run cost.
struct Cost {
    wall: Duration,
    peak_kib: u64,
}

/// Runs a program to its end and watches its memory.
fn measure(command: &mut Command) -> Cost {
    let begun = Instant::now();
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0;
    loop {
        let peak = fs::read_to_string(&status).unwrap_or_default();
        let peak = peak
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        peak_kib = peak_kib.max(peak.unwrap_or(0));
        if child.try_wait().expect("the child is ours").is_some() {
            return Cost { wall: begun.elapsed(), peak_kib };
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The bare loop: asks with the etags in a file, parses, writes the etags; keeps nothing.
async fn bare(urls: &Path, etags: &Path) {
    let known: Vec<String> =
        fs::read_to_string(etags).unwrap_or_default().lines().map(str::to_owned).collect();
    let urls = fs::read_to_string(urls).expect("the list is there");
    let client = reqwest::Client::new();
    let asked = urls.lines().enumerate().map(|(number, url)| {
        let (client, etag) = (client.clone(), known.get(number).cloned());
        async move {
            let mut request = client.get(url);
            if let Some(etag) = etag {
                request = request.header("if-none-match", etag);
            }
            let answer = request.send().await.expect("the publisher answers");
            let etag = answer
                .headers()
                .get("etag")
                .and_then(|etag| etag.to_str().ok())
                .unwrap_or("")
                .to_owned();
            if answer.status() == 200 {
                let bytes = answer.bytes().await.expect("it goes on to the end");
                let feed =
                    tokio::task::spawn_blocking(move || feed_rs::parser::parse(&bytes[..])).await;
                assert_eq!(feed.expect("no panic").expect("it is sound").entries.len(), ITEMS);
            }
            (number, etag)
        }
    });
    let mut etags_now: Vec<(usize, String)> =
        futures_util::stream::iter(asked).buffer_unordered(AT_ONCE).collect().await;
    etags_now.sort_unstable();
    let lines: Vec<String> = etags_now.into_iter().map(|(_, etag)| etag).collect();
    fs::write(etags, lines.join("\n")).expect("the directory is there");
}

fn watchfire() -> PathBuf {
    std::env::var_os("WATCHFIRE")
        .map_or_else(|| env!("CARGO_BIN_EXE_watchfire").into(), PathBuf::from)
}

fn configure(home: &Path, feeds: &[String]) -> PathBuf {
    let mut text = format!(
        "[store]\npath = \"{0}/w.db\"\n[alerts]\nlog = \"{0}/alerts.jsonl\"\n[fetch]\nat_once = {AT_ONCE}\n\
         allow_networks = [\"127.0.0.0/8\"]\n",
        home.display()
    );
    for (number, feed) in feeds.iter().enumerate() {
        let _ = write!(
            text,
            "[[source]]\nname = \"Paper {number}\"\npages = \"never\"\nfeed = \"{feed}\"\n"
        );
    }
    text.push_str("[[watch]]\nname = \"w\"\nplaces = [\"Balkh\"]\nlevels = [ { level = \"warning\", killed = 900 } ]\n");
    let path = home.join("watchfire.toml");
    fs::write(&path, text).expect("the directory is there");
    path
}

fn run_watchfire(configuration: &Path) -> Command {
    let mut command = Command::new(watchfire());
    command.args(["run", "--once", "--config"]).arg(configuration).env("WATCHFIRE_LOG", "error");
    command
}

fn run_bare(home: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("it runs"));
    command.arg("bare").arg(home.join("urls")).arg(home.join("etags"));
    command
}

fn run_newsboat(home: &Path) -> Command {
    let mut command = Command::new("newsboat");
    command
        .arg("-x")
        .arg("reload")
        .arg("-u")
        .arg(home.join("urls"))
        .arg("-c")
        .arg(home.join("cache.db"));
    command.arg("-C").arg(home.join("newsboat.conf")).env("HOME", home).env("LC_ALL", "C.UTF-8");
    command
}

fn say(name: &str, what: &str, latency: Duration, publisher: &Publisher, cost: &Cost) {
    let (whole, unchanged) = (&publisher.whole, &publisher.unchanged);
    println!(
        "{name:<12} {what:<10} {:>4} ms  wall {:>7.3} s  span {:>7.3} s  peak {:>4} MiB  200: {:>3}  304: {:>3}",
        latency.as_millis(),
        cost.wall.as_secs_f64(),
        publisher.span().as_secs_f64(),
        cost.peak_kib / 1024,
        whole.load(Ordering::SeqCst),
        unchanged.load(Ordering::SeqCst),
    );
}

fn compare(publisher: &Publisher, port: u16) {
    let urls: Vec<String> = (0..FEEDS).map(|number| url(number, port)).collect();
    let has_newsboat = Command::new("newsboat").arg("-v").output().is_ok();
    for latency in [Duration::ZERO, Duration::from_millis(150)] {
        let home = tempfile::tempdir().expect("a place for files");
        fs::write(home.path().join("urls"), urls.join("\n")).expect("it is ours");
        let settings = format!("reload-threads {AT_ONCE}\n");
        fs::write(home.path().join("newsboat.conf"), settings).expect("it is ours");
        let configuration = configure(home.path(), &urls);
        for what in ["all new", "unchanged"] {
            let mut runs = vec![
                ("bare loop", run_bare(home.path())),
                ("watchfire", run_watchfire(&configuration)),
            ];
            if has_newsboat {
                runs.insert(1, ("newsboat", run_newsboat(home.path())));
            }
            for (name, mut command) in runs {
                publisher.reset(latency);
                let cost = measure(&mut command);
                say(name, what, latency, publisher, &cost);
            }
        }
    }
}

/// Twenty sound feeds alone, then with each kind of hostile one beside them.
fn endure(publisher: &Publisher, port: u16) {
    for hostile in ["", "bomb", "endless", "crowd"] {
        let home = tempfile::tempdir().expect("a place for files");
        let mut urls: Vec<String> = (0..20).map(|number| url(number, port)).collect();
        if !hostile.is_empty() {
            urls.push(format!("http://127.2.0.1:{port}/{hostile}"));
        }
        let configuration = configure(home.path(), &urls);
        publisher.reset(Duration::ZERO);
        let cost = measure(&mut run_watchfire(&configuration));
        let what = if hostile.is_empty() { "alone" } else { hostile };
        say("20 feeds and", what, Duration::ZERO, publisher, &cost);
    }
}

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("the system gives threads");
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, command, urls, etags] = &arguments[..]
        && command == "bare"
    {
        return runtime.block_on(bare(Path::new(urls), Path::new(etags)));
    }
    let (publisher, port) = runtime.block_on(publish());
    compare(&publisher, port);
    endure(&publisher, port);
}
