//! Polls 200 feeds of 30 items over loopback, everything new and then nothing changed,
//! with and without latency: a bare loop of reqwest and feed-rs, newsboat, watchfire.
//! Then hostile publishers among sound ones, for what they cost in memory. Prints one
//! table, and how it stands against the bars.
//!
//!     cargo bench --bench polling            # WATCHFIRE=PATH for another binary
//!
//! `wall` is the whole process, `span` from its first request to its last answer as the
//! publisher saw it, `peak` the most memory it held. newsboat is left out where it is
//! not installed.

mod bare;
mod publisher;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use publisher::{FEEDS, Publisher, url};

const AT_ONCE: usize = 16;

/// What one run cost.
#[derive(Debug, Clone, Copy)]
struct Cost {
    wall: Duration,
    peak_kib: u64,
}

/// Runs a program to its end and watches its memory. One that fails ends the bench.
fn measure(command: &mut Command, home: &Path) -> Cost {
    let told = home.join("stderr");
    let begun = Instant::now();
    let errors = fs::File::create(&told).expect("the directory is there");
    let child = command.stdout(Stdio::null()).stderr(errors).spawn();
    let mut child = child.expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0;
    loop {
        let peak = fs::read_to_string(&status).unwrap_or_default();
        let peak = peak
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        peak_kib = peak_kib.max(peak.unwrap_or(0));
        if let Some(status) = child.try_wait().expect("the child is ours") {
            let wall = begun.elapsed();
            let told = fs::read_to_string(&told).unwrap_or_default();
            // 3: not every source could be polled, which is what hostile ones are for.
            assert!(status.success() || status.code() == Some(3), "{command:?} failed: {told}");
            return Cost { wall, peak_kib };
        }
        std::thread::sleep(Duration::from_millis(2));
    }
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
    command.arg("-x").arg("reload").arg("-u").arg(home.join("urls"));
    command.arg("-c").arg(home.join("cache.db"));
    command.arg("-C").arg(home.join("newsboat.conf")).env("HOME", home).env("LC_ALL", "C.UTF-8");
    command
}

fn say(name: &str, what: &str, latency: Duration, publisher: &Publisher, cost: Cost) {
    let (whole, unchanged) = (&publisher.whole, &publisher.unchanged);
    println!(
        "{name:<13} {what:<10} {:>4} ms  wall {:>7.3} s  span {:>7.3} s  peak {:>4} MiB  200: {:>3}  304: {:>3}",
        latency.as_millis(),
        cost.wall.as_secs_f64(),
        publisher.span().as_secs_f64(),
        cost.peak_kib / 1024,
        whole.load(Ordering::SeqCst),
        unchanged.load(Ordering::SeqCst),
    );
}

/// Holds a figure against its bar.
fn hold(what: &str, figure: f64, most: f64, unit: &str) {
    let word = if figure <= most { "met   " } else { "MISSED" };
    println!("{word} {what}: {figure:.2} {unit}, at most {most:.2}");
}

type Bar = (String, f64, f64, &'static str);

fn compare(publisher: &Publisher, port: u16, bars: &mut Vec<Bar>) {
    let urls: Vec<String> = (0..FEEDS).map(|number| url(number, port)).collect();
    let has_newsboat = Command::new("newsboat").arg("-v").output().is_ok();
    for latency in [Duration::ZERO, Duration::from_millis(150)] {
        let home = tempfile::tempdir().expect("a place for files");
        fs::write(home.path().join("urls"), urls.join("\n")).expect("it is ours");
        let settings = format!("reload-threads {AT_ONCE}\n");
        fs::write(home.path().join("newsboat.conf"), settings).expect("it is ours");
        let configuration = configure(home.path(), &urls);
        for what in ["all new", "unchanged"] {
            let run = |name: &str, mut command: Command| {
                publisher.reset(latency);
                let cost = measure(&mut command, home.path());
                say(name, what, latency, publisher, cost);
                cost
            };
            let bare = run("bare loop", run_bare(home.path()));
            let newsboat = has_newsboat.then(|| run("newsboat", run_newsboat(home.path())));
            let ours = run("watchfire", run_watchfire(&configuration));
            let served = &publisher.whole.load(Ordering::SeqCst);
            let unchanged = publisher.unchanged.load(Ordering::SeqCst);
            assert_eq!(served + unchanged, FEEDS as u64, "watchfire asked every feed once");
            let seconds = |cost: Cost| cost.wall.as_secs_f64();
            let of = format!("{what}, {} ms", latency.as_millis());
            match (what, newsboat) {
                ("unchanged", _) => bars.push((
                    format!("{of}: within twice the bare loop"),
                    seconds(ours),
                    2.0 * seconds(bare),
                    "s",
                )),
                (_, Some(newsboat)) => bars.push((
                    format!("{of}: faster than newsboat"),
                    seconds(ours),
                    seconds(newsboat),
                    "s",
                )),
                _ => {}
            }
            bars.push((format!("{of}: memory"), ours.peak_kib as f64 / 1024.0, 60.0, "MiB"));
        }
    }
}

/// Twenty sound feeds alone, then with each kind of hostile one beside them.
fn endure(publisher: &Publisher, port: u16, bars: &mut Vec<Bar>) {
    const SOUND: u32 = 20;
    let mut alone = None;
    for hostile in ["alone", "bomb", "endless", "hollow", "crowd"] {
        let home = tempfile::tempdir().expect("a place for files");
        let mut urls: Vec<String> = (0..SOUND).map(|number| url(number as usize, port)).collect();
        if hostile != "alone" {
            urls.push(format!("http://127.2.0.1:{port}/{hostile}"));
        }
        let configuration = configure(home.path(), &urls);
        publisher.reset(Duration::ZERO);
        let cost = measure(&mut run_watchfire(&configuration), home.path());
        say("20 feeds and", hostile, Duration::ZERO, publisher, cost);
        let (read, last) = sound(&home.path().join("w.db"));
        assert_eq!(read, SOUND, "{hostile}: every sound feed was read");
        let (normal, usual) = *alone.get_or_insert((cost.peak_kib, last));
        if hostile != "alone" {
            let more = cost.peak_kib.saturating_sub(normal) as f64 / 1024.0;
            bars.push((format!("{hostile}: memory above normal"), more, 32.0, "MiB"));
            let late = last - usual;
            bars.push((format!("{hostile}: delay of the last sound feed"), late, 5.0, "s"));
        }
    }
}

/// How many sound feeds were read, and how many seconds after the first poll began the
/// last of them was done.
fn sound(store: &Path) -> (u32, f64) {
    let conn = rusqlite::Connection::open(store).expect("the store is there");
    conn.query_row(
        "SELECT count(*), max(unixepoch(started, 'subsec') + took_ms / 1000.0)
                          - (SELECT min(unixepoch(started, 'subsec')) FROM polls)
           FROM polls WHERE class = 'ok' AND mirror LIKE 'http://127.1.%'",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
    .expect("polls are recorded")
}

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("the system gives threads");
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, command, urls, etags] = &arguments[..]
        && command == "bare"
    {
        return runtime.block_on(bare::poll(Path::new(urls), Path::new(etags), AT_ONCE));
    }
    let (publisher, port) = runtime.block_on(Publisher::open());
    let mut bars = Vec::new();
    compare(&publisher, port, &mut bars);
    endure(&publisher, port, &mut bars);
    println!();
    bars.iter().for_each(|(what, figure, most, unit)| hold(what, *figure, *most, unit));
}
