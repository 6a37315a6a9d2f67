//! The daemon as a whole: feeds on loopback in, alerts in the log out.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc;
use watchfire::alert::rule::{AlertType, Severity};
use watchfire::daemon::{self, Control, End, Lines, Notice, Span, Tally, Turn};
use watchfire::source::Source;
use watchfire::store::{Outcome, Store};

use crate::site::{self, Site};
use crate::store::given::shown;
use crate::support::{Home, Host, Says, feed, four_provinces, watchfire};

const NORTH: [&str; 3] = ["AF-BDG", "AF-BGL AF-TAK", "AF-KDZ"];

/// Polls every source once, from opening the store to closing it.
pub async fn once(home: &Home) -> (Tally, Vec<Turn>) {
    once_by(home.settings()).await
}

async fn once_by(settings: daemon::Settings) -> (Tally, Vec<Turn>) {
    let (_open, controls) = mpsc::channel(1);
    let (notices, mut heard) = mpsc::unbounded_channel();
    let load: daemon::Load = Arc::new(|| Err("not asked for".into()));
    let lines = Lines { controls, notices, load };
    let tally = daemon::run(settings, Span::Once, lines).await.unwrap();
    let mut turns = Vec::new();
    while let Some(notice) = heard.recv().await {
        if let Notice::Turn(turn) = notice {
            turns.push(*turn);
        }
    }
    (tally, turns)
}

fn alerted_places(home: &Home) -> Vec<String> {
    let alerts = home.alerts();
    let mut places: Vec<String> = alerts
        .iter()
        .map(|alert| alert.places.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        .collect();
    places.sort();
    places
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_at_the_third_mirror_raises_its_three_warnings_once() {
    let parked = Host::start(Says::Page).await;
    let third = Host::start(Says::Feed(feed(&[four_provinces()]))).await;
    let closed = Host::closed().await;
    let home = Home::of(&[&closed, &parked.url, &third.url]);

    let (tally, turns) = once(&home).await;
    assert_eq!((tally.failed, tally.articles, tally.alerts), (0, 1, 3));
    assert_eq!(turns[0].attempts.len(), 3);
    assert_eq!(alerted_places(&home), NORTH);
    for alert in home.alerts() {
        assert_eq!((alert.kind, alert.level), (AlertType::Alert, Severity::Warning));
        assert_eq!(alert.joint, alert.places.len() == 2, "{}", alert.headline);
    }

    // Started anew on the same store; then with the story at another mirror, and
    // with another id there.
    assert_eq!(once(&home).await.0.articles, 0);
    third.now_says(Says::Status(503));
    parked.now_says(Says::Feed(feed(&[four_provinces()])));
    assert_eq!(once(&home).await.0, Tally { polls: 1, ..Tally::default() });
    let (_, title, text) = four_provinces();
    parked.now_says(Says::Feed(feed(&[("story-2", title, text)])));
    let (tally, _) = once(&home).await;
    assert_eq!((tally.failed, tally.articles, tally.alerts), (0, 0, 0));
    assert_eq!(home.alerts().len(), 3);
    let counts = Store::read_only(&home.store()).unwrap().counts().unwrap();
    assert_eq!((counts.articles, counts.alerts), (1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_sources_are_asked_at_once_than_may_be() {
    const AT_ONCE: usize = 3;
    let site = Site::start().await;
    let home = Home::of(&[&site.url]);
    let mut settings = home.settings();
    settings.fetch.at_once = AT_ONCE;
    settings.sources.clear();
    for number in 1..=20 {
        let url = format!("{}/rss.xml", site.at_host(number).await);
        settings.sources.push(Source::new(&number.to_string(), &url, &[]).unwrap());
    }
    let news = feed(&[four_provinces()]).into_bytes();
    for (status, body, outcome) in
        [(200, news, Outcome::Read), (304, Vec::new(), Outcome::Unchanged)]
    {
        let headers = vec![("etag", "\"1\"".to_owned())];
        site.says("/rss.xml", site::Says::Whole { status, headers, body });
        let (tally, turns) = once_by(settings.clone()).await;
        assert_eq!((tally.polls, tally.failed), (20, 0));
        let is_so = |turn: &Turn| matches!(&turn.end, End::Recorded(r) if r.outcome == outcome);
        assert!(turns.iter().all(is_so), "{status}");
        assert!((2..=AT_ONCE).contains(&site.most_at_once()), "{}", site.most_at_once());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_poll_may_bring_copies_before_their_originals() {
    let item = |number: i64, hours: i64, words: &str| {
        let stamp = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hours);
        format!(
            "<item><title>Ten killed in Kunduz</title><guid isPermaLink=\"false\">{number}</guid>\
             <pubDate>{}</pubDate><description>{words}</description></item>",
            stamp.strftime("%a, %d %b %Y %H:%M:%S +0000")
        )
    };
    let text = "At least ten soldiers were killed and four wounded when gunmen stormed a checkpoint \
        in the northern province of Kunduz on Monday night, officials said, adding that the fighting \
        went on for hours and that reinforcements had been sent from the provincial capital. ";
    // As feeds have it, the newest first: each a little longer than the one before.
    let items: String = (0..6)
        .map(|n| item(n, n + 1, &format!("{}The {}th report.", text.repeat(3), 6 - n)))
        .collect();
    let same = item(6, 9, &format!("{}The 6th report.", text.repeat(3)));
    let host = Host::start(Says::Feed(format!(
        "<rss version=\"2.0\"><channel><title>Herald</title>{items}{same}</channel></rss>"
    )))
    .await;
    let home = Home::of(&[&host.url]);
    let (tally, _) = once(&home).await;
    assert_eq!((tally.failed, tally.articles), (0, 6));
    let fates = "SELECT fate, count(*) FROM items GROUP BY fate ORDER BY fate";
    assert_eq!(shown(&home.store(), fates), "duplicate|1\nstored|6");
    let copies = "SELECT count(*) > 3 FROM articles WHERE copy_of IS NOT NULL";
    assert_eq!(shown(&home.store(), copies), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_nobody_serves_is_a_failure_with_a_row() {
    let parked = Host::start(Says::Page).await;
    let home = Home::of(&[&Host::closed().await, &parked.url]);
    let (tally, turns) = once(&home).await;
    assert_eq!((tally.polls, tally.failed), (1, 1));
    let End::Recorded(recorded) = &turns[0].end else { panic!("{:?}", turns[0].end) };
    let message = recorded.message.as_deref().unwrap();
    assert!(message.contains("refused") && message.contains("For sale"), "{message}");
    let state = &Store::read_only(&home.store()).unwrap().source_states().unwrap()["Herald"];
    assert_eq!(state.streak, 1);
    assert!(state.next_poll.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_stays_silent_is_told_of_once() {
    let home = Home::of(&[&Host::closed().await]);
    let told = || fs::read_to_string(home.log()).unwrap();
    once(&home).await;
    assert_eq!(told(), "", "one failure may be anything");
    once(&home).await;
    once(&home).await;
    let lines = told();
    assert_eq!(lines.lines().count(), 1, "{lines}");
    assert!(lines.contains("the source `Herald` cannot be relied on"), "{lines}");
    assert!(lines.contains("see whether the site opens"), "{lines}");
    let standing = Store::read_only(&home.store()).unwrap().blind().unwrap();
    assert_eq!(standing[0].source.as_deref(), Some("Herald"));
}

/// Lets a daemon run until so many sources had their turn.
async fn turns(home: &Home, most: usize) -> Vec<Turn> {
    let (control, controls) = mpsc::channel(1);
    let (notices, mut heard) = mpsc::unbounded_channel();
    let load: daemon::Load = Arc::new(|| Err("not asked for".into()));
    let lines = Lines { controls, notices, load };
    let daemon = tokio::spawn(daemon::run(home.settings(), Span::Forever, lines));
    let mut turns = Vec::new();
    while turns.len() < most {
        if let Notice::Turn(turn) = heard.recv().await.unwrap() {
            turns.push(*turn);
        }
    }
    control.send(Control::Stop).await.unwrap();
    daemon.await.unwrap().unwrap();
    turns
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_our_own_is_told_once_and_blames_nobody() {
    let mut hosts = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        hosts.push(Host::start(Says::Feed(feed(&[(name, "Rain in Balkh", vec![])]))).await);
    }
    let home = Home::of(&[&hosts[0].url]);
    let more: String = (1..hosts.len())
        .map(|n| format!("[[source]]\nname = \"S{n}\"\nfeed = \"{}/rss.xml\"\n", hosts[n].url))
        .collect();
    home.configure(&(home.configuration(&[&hosts[0].url]) + &more));
    let all_due = || {
        let conn = rusqlite::Connection::open(home.store()).unwrap();
        let due =
            "UPDATE sources SET state = json_set(state, '$.next_poll', '2026-01-01T00:00:00Z')";
        conn.execute(due, []).unwrap();
    };
    once(&home).await;

    // A hotel's network: whatever is asked for, its own page answers.
    hosts.iter().for_each(|host| host.now_says(Says::Page));
    all_due();
    assert_eq!(turns(&home, 5).await.len(), 5);
    let told = fs::read_to_string(home.log()).unwrap();
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains("this machine's own connection is down"), "{told}");
    let standing = Store::read_only(&home.store()).unwrap().blind().unwrap();
    assert_eq!(standing.iter().map(|blind| blind.source.as_deref()).collect::<Vec<_>>(), [None]);

    // Still there after a restart: still nobody's fault. Then it ends.
    all_due();
    turns(&home, 5).await;
    hosts.iter().zip(["a", "b", "c", "d", "e"]).for_each(|(host, name)| {
        host.now_says(Says::Feed(feed(&[(name, "Rain in Balkh", vec![])])));
    });
    all_due();
    turns(&home, 5).await;
    let store = Store::read_only(&home.store()).unwrap();
    assert_eq!(store.blind().unwrap(), []);
    assert!(store.source_states().unwrap().values().all(|state| state.streak == 0));
    let told = fs::read_to_string(home.log()).unwrap();
    assert!(!told.contains("cannot be relied on"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_polls_nothing_early() {
    let host = Host::start(Says::Feed(feed(&[four_provinces()]))).await;
    let home = Home::of(&[&host.url]);
    once(&home).await;
    let (control, controls) = mpsc::channel(4);
    let (notices, mut heard) = mpsc::unbounded_channel();
    let load: daemon::Load = Arc::new(|| Err("line 1: no such key".into()));
    let daemon = tokio::spawn(daemon::run(
        home.settings(),
        Span::Forever,
        Lines { controls, notices, load },
    ));
    assert!(matches!(heard.recv().await, Some(Notice::Ready)));
    // The loop has been around before it answers this.
    control.send(Control::Reload).await.unwrap();
    match heard.recv().await {
        Some(Notice::Reloaded(Err(faults))) => assert_eq!(faults, "line 1: no such key"),
        other => panic!("{other:?}"),
    }
    control.send(Control::Stop).await.unwrap();
    assert_eq!(daemon.await.unwrap().unwrap().polls, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_takes_over_new_sources_and_keeps_the_schedule_of_the_old() {
    let old = Host::start(Says::Feed(feed(&[four_provinces()]))).await;
    let new = Host::start(Says::Feed(feed(&[("x", "Rain in Balkh", vec![])]))).await;
    let home = Home::of(&[&old.url]);
    let text = home.configuration(&[&old.url]);
    let before = home.settings();
    home.configure(&format!(
        "{text}[[source]]\nname = \"Other\"\nfeed = \"{}/rss.xml\"\n",
        new.url
    ));
    let after = home.settings();
    let (control, controls) = mpsc::channel(4);
    let (notices, mut heard) = mpsc::unbounded_channel();
    let load: daemon::Load = Arc::new(move || Ok(after.clone()));
    let daemon =
        tokio::spawn(daemon::run(before, Span::Forever, Lines { controls, notices, load }));
    let mut polled = Vec::new();
    let mut is_reloaded = false;
    while polled.len() < 2 {
        match heard.recv().await.unwrap() {
            Notice::Turn(turn) => {
                polled.push(turn.source.name.clone());
                if !is_reloaded {
                    control.send(Control::Reload).await.unwrap();
                    is_reloaded = true;
                }
            }
            Notice::Reloaded(outcome) => outcome.unwrap(),
            Notice::Ready | Notice::Page(_) => {}
        }
    }
    assert_eq!(polled, ["Herald", "Other"]);
    control.send(Control::Stop).await.unwrap();
    daemon.await.unwrap().unwrap();
}

/// A daemon in a process of its own, and the lines that it logs.
struct Process {
    child: Child,
    log: Receiver<String>,
}

impl Process {
    fn start(home: &Home) -> Process {
        Process::start_with(home, &[])
    }

    fn start_with(home: &Home, environment: &[(&str, &str)]) -> Process {
        let mut child = watchfire(&["run", "--config", home.file().to_str().unwrap()])
            .envs(environment.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (line, log) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        thread::spawn(move || stderr.lines().try_for_each(|text| line.send(text.unwrap())));
        Process { child, log }
    }

    /// Waits for a line that holds `words`; a daemon that never says them is ended.
    fn wait_for(&mut self, words: &str) {
        let mut seen = Vec::new();
        while let Ok(line) = self.log.recv_timeout(Duration::from_secs(20)) {
            if line.contains(words) {
                return;
            }
            seen.push(line);
        }
        self.signal("-KILL");
        panic!("no `{words}` in:\n{}", seen.join("\n"));
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Its exit code, none where a signal ended it.
    fn end(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_daemon_goes_on_where_it_was_and_tells_nothing_twice() {
    let host = Host::start(Says::Feed(feed(&[four_provinces()]))).await;
    let home = Home::of(&[&host.url]);
    let mut process = Process::start(&home);
    // The alerts are on disk before they are logged; their lines may not be.
    process.wait_for("Badghis");
    process.signal("-KILL");
    process.end();
    let (tally, _) = once(&home).await;
    assert_eq!((tally.articles, tally.alerts, tally.failed), (0, 0, 0));
    assert_eq!(alerted_places(&home), NORTH);
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_reload_and_end_a_daemon() {
    let host = Host::start(Says::Feed(feed(&[four_provinces()]))).await;
    let home = Home::of(&[&host.url]);
    let good = home.configuration(&[&host.url]);
    let mut process = Process::start(&home);
    process.wait_for("polled");
    // What a poll raised is told once it is on disk, a message at a time.
    let told = async {
        while fs::read_to_string(home.log()).unwrap().lines().count() < NORTH.len() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), told).await.expect("all alerts in the log");

    home.configure(&good.replace("Kunduz", "Kunduuz"));
    process.signal("-HUP");
    process.wait_for("the old one stays");
    process.wait_for("no place is called `Kunduuz`");
    process.wait_for("did you mean `Kunduz`");

    let rotated = home.directory.path().join("alerts.jsonl.1");
    fs::rename(home.log(), rotated).unwrap();
    home.configure(&good);
    process.signal("-HUP");
    process.wait_for("configuration reloaded");

    process.signal("-TERM");
    let started = std::time::Instant::now();
    assert_eq!(process.end(), Some(0));
    assert!(started.elapsed().as_secs() < 10);
    assert_eq!(fs::read_to_string(home.log()).unwrap(), "", "the log was opened anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_manager_hears_that_all_moves_on() {
    let host = Host::start(Says::Feed(feed(&[four_provinces()]))).await;
    let home = Home::of(&[&host.url]);
    let path = home.directory.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The daemon goes on telling that it lives: the wait for one word needs an end of
    // its own.
    let hears = |wanted: &str| {
        let mut buffer = [0; 512];
        let (begun, mut heard) = (std::time::Instant::now(), Vec::new());
        while begun.elapsed() < Duration::from_secs(60) {
            let Ok(length) = socket.recv(&mut buffer) else { break };
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            if text.lines().any(|line| line.starts_with(wanted)) {
                return text;
            }
            heard.push(text);
        }
        panic!("no {wanted} in {heard:#?}");
    };
    // It looks every third of this, and an idle thread comes around every second: a
    // machine with other work to do may be a second late.
    let environment = [("NOTIFY_SOCKET", path.to_str().unwrap()), ("WATCHDOG_USEC", "6000000")];
    let process = Process::start_with(&home, &environment);
    hears("READY=1");
    let status =
        hears("STATUS=1 sources, 0 failing; since the start 1 polls, 1 articles, 3 alerts");
    assert!(!status.contains("READY"));
    hears("WATCHDOG=1");
    process.signal("-HUP");
    hears("RELOADING=1");
    hears("READY=1");
    process.signal("-TERM");
    hears("STOPPING=1");
    assert_eq!(process.end(), Some(0));
}
