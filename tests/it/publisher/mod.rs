//! A publisher that misbehaves on purpose, on loopback: it says byte for byte what a
//! row of a table wants it to say, and keeps what it was asked.

mod feeds;
mod transport;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use watchfire::fetch::{Client, Outcome, Polled, Settings, poll};
use watchfire::source::standing::{self, Word};
use watchfire::source::state::{Cause, Pace};
use watchfire::source::{Source, SourceState};
use watchfire::store::{self, Poll, Store};

/// What the publisher was asked.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Heard {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What it says, in pieces.
#[derive(Debug, Clone)]
pub enum Piece {
    Bytes(Vec<u8>),
    /// The same again and again, as long as somebody reads.
    Endless(Vec<u8>),
    /// Nothing, and the line stays open.
    Silence,
    /// The line is cut with a reset.
    Reset,
}

pub type Reply = Vec<Piece>;

/// Answers the request of that number, from 0.
pub type Says = fn(usize, &Heard, &Scene) -> Reply;

/// Who is around.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// Listens where nobody may go.
    pub canary: SocketAddr,
    pub seed: u64,
}

/// A whole answer with its length.
pub fn http(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status} Said\r\ncontent-length: {}\r\n", body.len());
    headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    vec![Piece::Bytes(bytes)]
}

/// A feed of items with these ids.
pub fn rss(ids: &[&str]) -> String {
    headed("", ids)
}

/// A feed with more in its head.
pub fn headed(head: &str, ids: &[&str]) -> String {
    let items: String = ids
        .iter()
        .map(|id| {
            format!("<item><title>News {id}</title><guid>{id}</guid><link>/d/{id}</link></item>")
        })
        .collect();
    format!("<rss version=\"2.0\"><channel><title>The Paper</title>{head}{items}</channel></rss>")
}

/// One way to misbehave, and what has to come of it.
pub struct Row {
    pub name: &'static str,
    pub says: Says,
    /// The fault of each poll, in turn; as many polls are made, each when it is due.
    pub faults: &'static [Option<Cause>],
    /// Requests that arrived in all.
    pub asked: usize,
    /// Items that came in the last poll that brought any.
    pub items: usize,
    /// What the next poll goes by, and after how many seconds it may come.
    pub next: (Pace, std::ops::RangeInclusive<i64>),
    /// How the source stands then.
    pub word: Word,
}

pub fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn settings() -> Settings {
    const MIB: u64 = 1024 * 1024;
    Settings {
        // The canary, also on loopback, is not in it.
        allow_networks: vec!["127.0.0.1/32".parse().unwrap()],
        host_spacing: Duration::ZERO,
        wire_limit: MIB,
        decoded_limit: 4 * MIB,
        ..Settings::default()
    }
}

/// For publishers that fall silent: whoever speaks does so at once.
fn hasty() -> Settings {
    let brief = Duration::from_millis(400);
    Settings { first_byte_timeout: brief, idle_timeout: brief, ..settings() }
}

async fn serve(listener: TcpListener, says: Says, scene: Scene, heard: Arc<Mutex<Vec<Heard>>>) {
    while let Ok((socket, _)) = listener.accept().await {
        let heard = heard.clone();
        tokio::spawn(async move {
            let _ = converse(socket, says, scene, &heard).await;
        });
    }
}

/// Answers one request and hangs up.
async fn converse(
    mut socket: TcpStream,
    says: Says,
    scene: Scene,
    heard: &Mutex<Vec<Heard>>,
) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0; 1];
        if socket.read(&mut byte).await? == 0 {
            return Ok(());
        }
        bytes.push(byte[0]);
    }
    let asked = parse(&bytes);
    let number = {
        let mut heard = heard.lock().unwrap();
        heard.push(asked.clone());
        heard.len() - 1
    };
    for piece in says(number, &asked, &scene) {
        match piece {
            Piece::Bytes(bytes) => socket.write_all(&bytes).await?,
            Piece::Endless(bytes) => loop {
                socket.write_all(&bytes).await?;
            },
            Piece::Silence => std::future::pending().await,
            Piece::Reset => {
                socket.set_zero_linger()?;
                return Ok(());
            }
        }
    }
    socket.shutdown().await
}

fn parse(bytes: &[u8]) -> Heard {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let mut lines = text.lines();
    let path = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    Heard { path, headers: headers.collect() }
}

/// Plays a row: polls as often as it says, each time when the source is due, records
/// each poll, and holds everything against the row.
async fn play(row: &Row, client: &Client, scene_seed: u64, canary: SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let me = listener.local_addr().unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let scene = Scene { canary, seed: scene_seed };
    tokio::spawn(serve(listener, row.says, scene, heard.clone()));
    let source = Source::new(row.name, &format!("http://{me}/rss.xml"), &[]).unwrap();
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("w.db");
    let mut store = Store::open(&path, now()).unwrap();
    store.configure(std::slice::from_ref(&source), now()).unwrap();

    let mut state = SourceState::default();
    let (mut at, mut items) = (now(), 0);
    for (turn, fault) in row.faults.iter().enumerate() {
        at = state.next_poll.unwrap_or(at);
        let polled = poll(client, &source, state, at, turn as u64).await;
        let found = polled.attempts.first().and_then(|attempt| attempt.fault);
        let said = polled.attempts.first().map(|attempt| attempt.message.clone());
        assert_eq!(found, *fault, "{}, poll {turn}: {said:?}", row.name);
        if let Outcome::Fetched(fetched) = &polled.outcome {
            items = fetched.feed.items.len();
        }
        record(&mut store, &source, &polled, at);
        state = polled.state;
    }

    assert_eq!(heard.lock().unwrap().len(), row.asked, "{}: requests", row.name);
    assert_eq!(items, row.items, "{}: items", row.name);
    let wait = state.next_poll.unwrap().as_second() - at.as_second();
    assert!(row.next.1.contains(&wait), "{}: next poll after {wait} s", row.name);
    assert_eq!(state.pace, row.next.0, "{}: after {wait} s", row.name);
    let standing = standing::of(&source, &state, false, at);
    assert_eq!(standing.word, row.word, "{}: {}", row.name, standing.why);
    let needs_a_hand = standing.word != Word::Up;
    assert!(!needs_a_hand || !standing.next_step.is_empty(), "{}: no next step", row.name);
    assert_eq!(store.source_states().unwrap()[row.name], state, "{}: stored", row.name);
    assert_eq!(classes(&path), wanted_classes(row), "{}: rows", row.name);
}

fn record(store: &mut Store, source: &Source, polled: &Polled, at: Timestamp) {
    let attempt = polled.attempts.last();
    let fault = attempt.and_then(|attempt| attempt.fault);
    let outcome = match (&polled.outcome, fault) {
        (Outcome::Fetched(_), _) => store::Outcome::Read,
        (Outcome::NotModified { .. }, _) => store::Outcome::Unchanged,
        (Outcome::Failed, fault) => store::Outcome::Failed(fault.unwrap_or(Cause::Busy)),
    };
    let poll = Poll {
        source: &source.name,
        started: at,
        took: Duration::ZERO,
        outcome,
        mirror: attempt.map(|attempt| &attempt.url),
        message: attempt.map(|attempt| attempt.message.as_str()),
        feed: None,
        state: &polled.state,
    };
    store.record(&poll, &[], &Default::default(), &[], at).unwrap();
}

/// Whether each recorded poll went well, or its class; each with words for a person.
fn classes(path: &std::path::Path) -> Vec<String> {
    let conn = Connection::open(path).unwrap();
    let mut rows = conn.prepare("SELECT class, message FROM polls ORDER BY id").unwrap();
    let told = rows.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    let told: Vec<(String, String)> = told.unwrap().collect::<Result<_, _>>().unwrap();
    assert!(told.iter().all(|(_, message)| !message.is_empty()), "{told:?}");
    let good = |class: String| if class == "unchanged" { "ok".to_owned() } else { class };
    told.into_iter().map(|(class, _)| good(class)).collect()
}

fn wanted_classes(row: &Row) -> Vec<String> {
    let class = |fault: &Option<Cause>| match fault {
        Some(cause) => format!("{cause:?}").to_lowercase(),
        None => "ok".to_owned(),
    };
    row.faults.iter().map(class).collect()
}

/// Somebody who listens where nobody may go: on loopback, which is not the internet.
async fn canary() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((IpAddr::from([127, 0, 0, 2]), 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

async fn play_all(rows: &[Row], settings: Settings) {
    let client = Client::new(settings).unwrap();
    let (listener, address) = canary().await;
    let plays = rows.iter().zip(1..).map(|(row, seed)| play(row, &client, seed, address));
    futures_util::future::join_all(plays).await;
    let visit = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(visit.is_err(), "somebody went where nobody may go");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_answer_is_survived_recorded_and_told() {
    transport::pack().await;
    play_all(&transport::rows(), settings()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_silence_is_survived_recorded_and_told() {
    play_all(&transport::silences(), hasty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_document_is_survived_recorded_and_told() {
    play_all(&feeds::rows(), settings()).await;
}

#[test]
fn there_are_enough_behaviours_and_no_two_of_one_name() {
    let all = [transport::rows(), transport::silences(), feeds::rows()];
    let names: Vec<&str> = all.iter().flatten().map(|row| row.name).collect();
    let unique: std::collections::HashSet<&str> = names.iter().copied().collect();
    assert_eq!(unique.len(), names.len());
    assert!(names.len() >= 50, "{}", names.len());
}
