//! `watchfire notify`: whether the sinks work, and how they have been.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;
use clap::Subcommand;
use jiff::Timestamp;
use serde_json::json;

use super::look::{BAD, GOOD, Look, one_line};
use super::settings::ConfigFile;
use super::table::{Cell, Table};
use super::{Format, person, print, words};
use crate::alert::blind;
use crate::alert::message::Dispatch;
use crate::daemon::Settings;
use crate::notify::log::{AlertLog, SINK};
use crate::notify::{Sender, senders};
use crate::store::Store;

/// What to do.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    #[command(flatten)]
    file: ConfigFile,
    #[command(subcommand)]
    act: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Send a test through every sink, and say which took it
    Test {
        /// Only through these
        #[arg(long)]
        sink: Vec<String>,
        /// Write a line of the type `test` into the alert log too
        #[arg(long)]
        log: bool,
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Show what waits for each sink, and since when it fails
    Status {
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
}

/// How a sink took the test.
struct Outcome {
    sink: String,
    kind: &'static str,
    place: String,
    /// In milliseconds.
    took: u128,
    error: Option<String>,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let settings = person::settings(&options.file)?;
    match &options.act {
        Action::Test { sink, log, format } => test(&settings, sink, *log, *format),
        Action::Status { format } => status(&settings, *format),
    }
}

fn test(
    settings: &Settings,
    named: &[String],
    log: bool,
    format: Format,
) -> anyhow::Result<ExitCode> {
    let sinks = &settings.alerts.sinks;
    if let Some(unknown) = named.iter().find(|name| !sinks.iter().any(|sink| sink.name == **name)) {
        bail!("no sink is called `{}`", one_line(unknown));
    }
    let alarm = blind::test(fastrand::u64(..), Timestamp::now());
    let dispatch = Dispatch::from(crate::alert::message::Message::from(alarm));
    let mut outcomes = Vec::new();
    if log {
        outcomes.push(write(settings, &dispatch));
    }
    let is_asked = |sender: &Sender| named.is_empty() || named.iter().any(|n| n == sender.name());
    let senders = senders(sinks)?.into_iter().zip(sinks).filter(|(sender, _)| is_asked(sender));
    outcomes.extend(super::run::runtime()?.block_on(async {
        let tries = senders.map(|(sender, sink)| {
            let (kind, place) = (sink.channel.kind(), sink.channel.place());
            attempt(sender, kind, place, &dispatch)
        });
        futures_util::future::join_all(tries).await
    }));
    if outcomes.is_empty() {
        bail!("there is no sink besides the alert log; add a [[sink]], or try the log with --log");
    }
    print(&told(&outcomes, format))?;
    let is_good = outcomes.iter().all(|outcome| outcome.error.is_none());
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn attempt(sender: Sender, kind: &'static str, place: String, test: &Dispatch) -> Outcome {
    let clock = Instant::now();
    let error = sender.deliver(test).await.err().map(|refused| refused.to_string());
    let sink = sender.name().to_owned();
    Outcome { sink, kind, place, took: clock.elapsed().as_millis(), error }
}

fn write(settings: &Settings, test: &Dispatch) -> Outcome {
    let clock = Instant::now();
    let written = AlertLog::open(&settings.alerts.log).and_then(|mut log| log.write(&test.message));
    Outcome {
        sink: SINK.to_owned(),
        kind: "log",
        place: settings.alerts.log.display().to_string(),
        took: clock.elapsed().as_millis(),
        error: written.err().map(|error| format!("{:#}", anyhow::Error::new(error))),
    }
}

fn told(outcomes: &[Outcome], format: Format) -> String {
    let look = Look::of_stdout();
    let mut table = Table::new(&["sink", "type", "where", "outcome", "ms"]);
    let mut out = String::new();
    for Outcome { sink, kind, place, took, error } in outcomes {
        let word = error.as_ref().map_or("took it".to_owned(), |error| one_line(error));
        let (sink, place) = (one_line(sink), one_line(place));
        if format == Format::Json {
            let row = json!({"sink": sink, "type": kind, "where": place, "ok": error.is_none(),
                             "error": error, "milliseconds": took});
            out += &format!("{row}\n");
        } else if look.is_terminal {
            table.row(vec![
                sink.into(),
                (*kind).into(),
                place.into(),
                Cell::styled(if error.is_none() { GOOD } else { BAD }, word),
                took.to_string().into(),
            ]);
        } else {
            out += &format!("{sink}\t{kind}\t{place}\t{word}\t{took}\n");
        }
    }
    if look.is_terminal && format == Format::Table { table.render(look) } else { out }
}

fn status(settings: &Settings, format: Format) -> anyhow::Result<ExitCode> {
    let health = Store::read_only(&settings.store.path)?.sink_health()?;
    let look = Look::of_stdout();
    let when = |at: Option<Timestamp>| at.map(words::instant).unwrap_or_default();
    let mut table =
        Table::new(&["sink", "type", "last took one", "fails since", "waiting", "dead", "why"]);
    let mut out = String::new();
    for sink in &health {
        let (waiting, dead) = (sink.waiting.to_string(), sink.dead.to_string());
        let error = one_line(sink.error.as_deref().unwrap_or_default());
        let (good, since) = (when(sink.last_good), when(sink.failing_since));
        let (name, kind) = (one_line(&sink.sink), &sink.kind);
        if format == Format::Json {
            let row = json!({"sink": sink.sink, "type": sink.kind, "last_good": sink.last_good,
                             "failing_since": sink.failing_since, "streak": sink.streak,
                             "waiting": sink.waiting, "dead": sink.dead, "error": sink.error});
            out += &format!("{row}\n");
        } else if look.is_terminal {
            let paint = if sink.streak > 0 || sink.dead > 0 { BAD } else { GOOD };
            table.row(vec![
                Cell::styled(paint, name),
                kind.as_str().into(),
                good.into(),
                since.into(),
                waiting.into(),
                dead.into(),
                error.into(),
            ]);
        } else {
            out += &format!("{name}\t{kind}\t{good}\t{since}\t{waiting}\t{dead}\t{error}\n");
        }
    }
    print(&if look.is_terminal && format == Format::Table { table.render(look) } else { out })?;
    let is_well = health.iter().all(|sink| sink.streak == 0 && sink.dead == 0);
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
