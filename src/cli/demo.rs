//! `watchfire demo`: the whole job on publishers that live only on this machine,
//! through the very code path of the daemon, with a configuration written for it.

mod outcome;
mod publisher;
mod story;
mod telling;

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs};

use anyhow::Context;
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::look::Look;
use super::{logs, print, run as daemon_command, settings};
use crate::daemon::{self, Lines, Notice, Settings, Span, Tally, Turn, signals};
use crate::lexicon::Lexicon;
use outcome::Outcome;
use publisher::Publisher;
use story::Days;

/// How to show it.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Go on until Ctrl-C, with a feed that grows
    #[arg(long)]
    keep: bool,
    /// Where to put configuration, store and alert log, in place of a new directory
    /// for temporary files
    #[arg(long, value_name = "DIRECTORY")]
    dir: Option<PathBuf>,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    // The demo tells what happens in words of its own.
    if env::var_os("WATCHFIRE_LOG").is_some() {
        logs::start();
    }
    let home = home(options.dir.as_deref())?;
    daemon_command::runtime()?.block_on(show(&home, options.keep))
}

/// The directory that the demo works in, with nothing of an earlier demo in it.
fn home(asked: Option<&Path>) -> anyhow::Result<PathBuf> {
    let home = match asked {
        Some(directory) => directory.to_owned(),
        None => env::temp_dir().join(format!("watchfire-demo-{:06x}", fastrand::u32(..1 << 24))),
    };
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&home)
        .with_context(|| format!("the directory `{}` cannot be made", home.display()))?;
    for left in ["demo.db", "demo.db-wal", "demo.db-shm", "demo.db.lock", "alerts.jsonl"] {
        let _ = fs::remove_file(home.join(left));
    }
    Ok(home)
}

async fn show(home: &Path, keep: bool) -> anyhow::Result<ExitCode> {
    let look = Look::of_stdout();
    let now = Timestamp::now();
    let days = Days::before(now);
    let stage = Stage::set(days).await?;
    let file = home.join("watchfire.toml");
    fs::write(&file, stage.configuration(home)?)
        .with_context(|| format!("`{}` cannot be written", file.display()))?;
    let lexicon = Lexicon::embedded();
    let settings = settings::load(&file, &lexicon)?;
    print(&telling::opening(&settings, look))?;

    let (first, turns) = once(&settings).await?;
    print(&telling::polls(&turns, look))?;
    let (again, _) = once(&settings).await?;
    let outcome = Outcome::read(&settings, turns, first, again, now)?;
    print(&telling::events(&outcome, &settings, look))?;
    print(&telling::alerts(&outcome, look))?;
    let checks = outcome.checks();
    print(&telling::closing(&checks, &again, home, look))?;
    if keep {
        stay(settings, &stage.wire, days, look).await?;
    }
    Ok(if checks.iter().all(|check| check.holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The hosts of the demo.
struct Stage {
    closed: std::net::SocketAddr,
    parked: std::net::SocketAddr,
    herald: Publisher,
    courier: Publisher,
    wire: Publisher,
    gazette: Publisher,
}

impl Stage {
    async fn set(days: Days) -> std::io::Result<Stage> {
        let pause = Duration::from_millis;
        Ok(Stage {
            herald: Publisher::start("Hindu Kush Herald", story::herald(days), pause(0)).await?,
            courier: Publisher::start("Kabul Courier", story::courier(days), pause(150)).await?,
            wire: Publisher::start("Oxus Wire", story::wire(days), pause(300)).await?,
            gazette: Publisher::start("Sports Gazette", story::gazette(days), pause(450)).await?,
            parked: publisher::parked().await?,
            // Given back last, so that none of the others is there by now.
            closed: publisher::closed().await?,
        })
    }

    fn configuration(&self, home: &Path) -> anyhow::Result<String> {
        let home = home.canonicalize()?;
        let (store, log) = (home.join("demo.db"), home.join("alerts.jsonl"));
        let Stage { closed, parked, herald, courier, wire, gazette } = self;
        let source = |name: &str, feed: &str| {
            format!(
                "\n[[source]]\nname = \"{name}\"\ncountry = \"AF\"\n{feed}\nevery = \"10s\"\npages = \"never\"\n"
            )
        };
        let alone =
            |publisher: &Publisher| format!("feed = \"http://{}/rss.xml\"", publisher.address);
        let mirrored = format!(
            "feed = \"/rss.xml\"\nmirrors = [\"http://{closed}\", \"http://{parked}\", \"http://{}\"]",
            herald.address
        );
        Ok([
            format!("[store]\npath = {store:?}\n\n[alerts]\nlog = {log:?}\n"),
            "\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\n".to_owned(),
            source("Hindu Kush Herald", &mirrored),
            source("Kabul Courier", &alone(courier)),
            source("Oxus Wire", &alone(wire)),
            source("Sports Gazette", &alone(gazette)),
            "\n[[watch]]\nname = \"northern provinces\"\n\
             places = [\"Kunduz\", \"Baghlan\", \"AF-TAK\", \"Badghis\", \"Faryab\"]\n\
             levels = [ { level = \"warning\", killed = 5 }, { level = \"critical\", killed = 20 } ]\n"
                .to_owned(),
        ]
        .concat())
    }
}

/// The daemon, from opening the store to closing it, each source polled once.
async fn once(settings: &Settings) -> anyhow::Result<(Tally, Vec<Turn>)> {
    let (_keep_open, controls) = mpsc::channel(1);
    let (notices, mut heard) = mpsc::unbounded_channel();
    let tally =
        daemon::run(settings.clone(), Span::Once, lines(settings, controls, notices)).await?;
    let mut turns = Vec::new();
    while let Some(notice) = heard.recv().await {
        if let Notice::Turn(turn) = notice {
            turns.push(*turn);
        }
    }
    Ok((tally, turns))
}

fn lines(
    settings: &Settings,
    controls: mpsc::Receiver<daemon::Control>,
    notices: mpsc::UnboundedSender<Notice>,
) -> Lines {
    let same = settings.clone();
    Lines { controls, notices, load: Arc::new(move || Ok(same.clone())) }
}

/// The daemon until Ctrl-C, while one of the publishers goes on publishing.
async fn stay(settings: Settings, wire: &Publisher, days: Days, look: Look) -> anyhow::Result<()> {
    const EVERY: Duration = Duration::from_secs(6);
    print(&telling::staying(look))?;
    let (notices, mut heard) = mpsc::unbounded_channel();
    let lines = lines(&settings, signals::listen()?, notices);
    let press = wire.clone();
    let press = tokio::spawn(async move {
        for number in 0.. {
            tokio::time::sleep(EVERY).await;
            press.publish(story::later(days, number, Timestamp::now()));
        }
    });
    let reporter = tokio::spawn(async move {
        while let Some(notice) = heard.recv().await {
            if let Notice::Turn(turn) = notice {
                print(&telling::news(&turn, look))?;
            }
        }
        std::io::Result::Ok(())
    });
    let tally = daemon::run(settings, Span::Forever, lines).await;
    press.abort();
    reporter.await??;
    print(&telling::farewell(tally?, look))?;
    Ok(())
}
