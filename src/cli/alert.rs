//! `watchfire alert`: what was told, to whom it got, and what a person does about it.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::look::{BAD, CRITICAL, FAINT, GOOD, Look, WARNING, one_line};
use super::person::{self, Speaker};
use super::settings::ConfigFile;
use super::table::{Cell, Table};
use super::{Format, PARTLY, print, words};
use crate::alert::message::{Dispatch, Message};
use crate::alert::rule::Severity;
use crate::alert::silence::{Matcher, Order};
use crate::correlate::overrides::Act;
use crate::daemon::Settings;
use crate::notify::text::Template;
use crate::notify::{cap, log};
use crate::store::{Kind, Posting, Store};

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
    /// Show the newest alerts, and whom they did not reach
    List {
        /// At most so many
        #[arg(long, default_value_t = 50)]
        most: u32,
        /// Only those that somebody was to have and has not
        #[arg(long)]
        undelivered: bool,
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Show one alert whole
    Show {
        /// Its id, or the beginning of it
        id: String,
        #[arg(long, value_enum, default_value_t = Shape::Table)]
        format: Shape,
    },
    /// Call the event of an alert false: everybody who was told gets a cancel
    Cancel {
        /// The alert's id, or the beginning of it
        id: String,
        #[command(flatten)]
        speaker: Speaker,
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Hold back alerts for a while, show what holds, or end it
    Silence(Silencing),
    /// Send an alert again: to every sink that has not got it, or to those named
    Resend {
        /// Its id, or the beginning of it
        id: String,
        /// To these sinks, even if they have it
        #[arg(long)]
        sink: Vec<String>,
    },
}

#[derive(Debug, clap::Args)]
struct Silencing {
    /// Of this watch
    #[arg(long)]
    watch: Option<String>,
    /// In this place; a country holds its provinces
    #[arg(long)]
    place: Option<String>,
    /// That only this source reports
    #[arg(long)]
    source: Option<String>,
    /// Of this event
    #[arg(long)]
    event: Option<String>,
    /// For so long: "90m", "12h", "2d"; needed, and 30 days at most
    #[arg(long, value_name = "TIME")]
    r#for: Option<String>,
    /// Who says so [default: the user that is logged in]
    #[arg(long)]
    author: Option<String>,
    /// Why, in a few words
    #[arg(long)]
    comment: Option<String>,
    /// End the silence of that number
    #[arg(long, value_name = "NUMBER")]
    end: Option<i64>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How one alert is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shape {
    /// For people, with whom it reached
    Table,
    /// The line of the alert log
    Json,
    /// A document of the Common Alerting Protocol 1.2
    Cap,
    /// The words that people get
    Text,
}

/// The longest that alerts can be held back.
const LONGEST_SILENCE: SignedDuration = SignedDuration::from_hours(30 * 24);

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let settings = person::settings(&options.file)?;
    match &options.act {
        Action::List { most, undelivered, format } => list(&settings, *most, *undelivered, *format),
        Action::Show { id, format } => show(&settings, id, *format),
        Action::Cancel { id, speaker, format } => cancel(&settings, id, speaker, *format),
        Action::Silence(silencing) => silence(&settings, silencing),
        Action::Resend { id, sink } => resend(&settings, id, sink),
    }
}

fn list(
    settings: &Settings,
    most: u32,
    undelivered: bool,
    format: Format,
) -> anyhow::Result<ExitCode> {
    let store = Store::read_only(&settings.store.path)?;
    let missing = store.undelivered()?;
    let mut messages = store.messages(most)?;
    if undelivered {
        messages.retain(|message| lacks(&missing, message).next().is_some());
    }
    let look = Look::of_stdout();
    let mut table = Table::new(&["sent", "type", "level", "headline", "not delivered", "id"]);
    let mut out = String::new();
    for message in &messages {
        let value = log::value(message);
        let word = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let told: Vec<String> = lacks(&missing, message)
            .map(|posting| format!("{} ({})", posting.sink, posting.state))
            .collect();
        if format == Format::Json {
            let rows: Vec<_> = lacks(&missing, message).map(row).collect();
            out += &format!("{}\n", json!({"alert": value, "undelivered": rows}));
            continue;
        }
        let headline = one_line(message.headline());
        let cells = [words::instant(message.sent()), word("type"), word("level"), headline];
        if look.is_terminal {
            let [sent, kind, level, headline] = cells;
            table.row(vec![
                sent.into(),
                kind.into(),
                Cell::styled(style(message.level()), level),
                headline.into(),
                Cell::styled(BAD, one_line(&told.join(", "))),
                Cell::styled(FAINT, message.id()),
            ]);
        } else {
            let told = one_line(&told.join(", "));
            out += &format!("{}\t{told}\t{}\n", cells.join("\t"), message.id());
        }
    }
    print(&if look.is_terminal && format == Format::Table { table.render(look) } else { out })?;
    Ok(ExitCode::SUCCESS)
}

/// Where the message is still missing.
fn lacks<'p>(missing: &'p [Posting], message: &'p Message) -> impl Iterator<Item = &'p Posting> {
    missing.iter().filter(|posting| posting.alert == message.id())
}

fn style(level: Severity) -> anstyle::Style {
    match level {
        Severity::Critical => CRITICAL,
        Severity::Warning => WARNING,
        Severity::Notice => anstyle::Style::new(),
    }
}

fn row(posting: &Posting) -> serde_json::Value {
    json!({"sink": posting.sink, "state": posting.state, "tries": posting.tries,
           "next_try": (posting.state == "waiting").then_some(posting.next_try),
           "settled": posting.settled, "error": posting.error})
}

fn show(settings: &Settings, start: &str, shape: Shape) -> anyhow::Result<ExitCode> {
    let store = Store::read_only(&settings.store.path)?;
    let dispatch = dispatch(settings, &store, start)?;
    let text = Template::default().render(&dispatch);
    print(&match shape {
        Shape::Json => log::line(&dispatch.message),
        Shape::Cap => cap::document(&settings.alerts.sender, &dispatch, &text),
        Shape::Text => format!("{}\n\n{}", text.title, text.body),
        Shape::Table => {
            let postings = store.postings(dispatch.message.id())?;
            format!("{}\n\n{}\n{}", text.title, text.body, deliveries(&postings))
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn dispatch(settings: &Settings, store: &Store, start: &str) -> anyhow::Result<Dispatch> {
    let id = person::id(store, Kind::Message, start)?;
    let mut dispatch = store.dispatch(&id)?.context("the alert is gone")?;
    if let Message::Attack(alert) = &dispatch.message {
        let name = |code| settings.lexicon.places.division_name(code);
        let names = alert.places.iter().map(|code| name(*code).unwrap_or(code.as_str()).to_owned());
        dispatch.places = names.collect();
    }
    Ok(dispatch)
}

fn deliveries(postings: &[Posting]) -> String {
    let look = Look::of_stdout();
    let when = |at: Option<Timestamp>| at.map(words::instant).unwrap_or_default();
    if !look.is_terminal {
        let line = |p: &Posting| {
            let error = one_line(p.error.as_deref().unwrap_or_default());
            format!("{}\t{}\t{}\t{}\t{error}\n", p.sink, p.state, p.tries, when(p.settled))
        };
        return postings.iter().map(line).collect();
    }
    let mut table = Table::new(&["sink", "state", "tries", "when", "why"]);
    for posting in postings {
        let paint = if posting.state == "sent" { GOOD } else { BAD };
        table.row(vec![
            one_line(&posting.sink).into(),
            Cell::styled(paint, posting.state.as_str()),
            posting.tries.to_string().into(),
            when(posting.settled).into(),
            one_line(posting.error.as_deref().unwrap_or_default()).into(),
        ]);
    }
    table.render(look)
}

fn cancel(
    settings: &Settings,
    start: &str,
    speaker: &Speaker,
    format: Format,
) -> anyhow::Result<ExitCode> {
    let store = Store::read_only(&settings.store.path)?;
    let id = person::id(&store, Kind::Message, start)?;
    let dispatch = store.dispatch(&id)?.context("the alert is gone")?;
    let Message::Attack(alert) = &dispatch.message else {
        bail!("`{id}` tells of watchfire's own state, and is over when that is");
    };
    let event = store.event(&alert.event_id)?;
    if let Some(dismissal) = event.and_then(|event| event.dismissed) {
        bail!("its event was called false before, by {}", one_line(&dismissal.author));
    }
    let event = alert.event_id.clone();
    let act = Act::Dismiss { event: event.clone() };
    person::say(settings, &[event], speaker, Some(act), None)?.tell(format)?;
    Ok(ExitCode::SUCCESS)
}

fn silence(settings: &Settings, asked: &Silencing) -> anyhow::Result<ExitCode> {
    let now = Timestamp::now();
    if let Some(number) = asked.end {
        let mut store = Store::beside(&settings.store.path)?;
        if !store.end_silence(number, now)? {
            bail!("no silence {number} holds; `watchfire alert silence` shows those that do");
        }
        print(&format!("silence {number} is over\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let matcher = matcher(settings, asked)?;
    if matcher.is_empty() && asked.r#for.is_none() {
        return silences(settings, asked.format, now);
    }
    let order = order(asked, matcher, now)?;
    let number = Store::beside(&settings.store.path)?.silence(&order)?;
    let until = words::instant(order.until);
    print(&match asked.format {
        Format::Json => format!("{}\n", json!({"silence": number, "order": order})),
        Format::Table => format!("silence {number} holds until {until}\n"),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn matcher(settings: &Settings, asked: &Silencing) -> anyhow::Result<Matcher> {
    if let Some(watch) = &asked.watch
        && !settings.watches.iter().any(|known| known.name == *watch)
    {
        bail!("no watch is called `{}`", one_line(watch));
    }
    if let Some(source) = &asked.source
        && !settings.sources.iter().any(|known| known.name == *source)
    {
        bail!("no source is called `{}`", one_line(source));
    }
    let place =
        asked.place.as_ref().map(|name| settings.lexicon.places.resolve(name)).transpose()?;
    let store = Store::read_only(&settings.store.path)?;
    let event = asked.event.as_ref().map(|start| person::id(&store, Kind::Event, start));
    Ok(Matcher {
        watch: asked.watch.clone(),
        place,
        source: asked.source.clone(),
        event: event.transpose()?,
    })
}

fn order(asked: &Silencing, matcher: Matcher, now: Timestamp) -> anyhow::Result<Order> {
    if matcher.is_empty() {
        bail!(
            "a silence of everything is refused; say of what: --watch, --place, --source, --event"
        );
    }
    let Some(span) = &asked.r#for else {
        bail!("a silence without an end is refused; say for how long, such as --for 12h");
    };
    let span = crate::config::span(span).map_err(|why| anyhow::anyhow!("--for: {why}"))?;
    let span = SignedDuration::try_from(span)?;
    if span > LONGEST_SILENCE {
        bail!("a silence lasts 30 days at most");
    }
    let comment = asked.comment.clone().context("say why with --comment")?;
    let speaker = Speaker::new(asked.author.clone(), comment);
    Ok(Order {
        made: now,
        author: speaker.author()?,
        comment: speaker.comment()?,
        until: now.checked_add(span)?,
        matcher,
    })
}

fn silences(settings: &Settings, format: Format, now: Timestamp) -> anyhow::Result<ExitCode> {
    let store = Store::read_only(&settings.store.path)?;
    let mut out = String::new();
    for (number, order) in store.silences(now)? {
        if format == Format::Json {
            out += &format!("{}\n", json!({"silence": number, "order": order}));
            continue;
        }
        let Matcher { watch, place, source, event } = &order.matcher;
        let parts = [
            watch.as_ref().map(|watch| format!("watch {watch}")),
            place.map(|place| format!("place {place}")),
            source.as_ref().map(|source| format!("source {source}")),
            event.as_ref().map(|event| format!("event {event}")),
        ];
        let about: Vec<String> = parts.into_iter().flatten().collect();
        let until = words::instant(order.until);
        let (author, why) = (one_line(&order.author), one_line(&order.comment));
        out += &format!("{number}\tuntil {until}\t{}\t{author}\t{why}\n", about.join(", "));
    }
    print(if out.is_empty() { "no silence holds\n" } else { &out })?;
    Ok(ExitCode::SUCCESS)
}

fn resend(settings: &Settings, start: &str, named: &[String]) -> anyhow::Result<ExitCode> {
    let mut store = Store::beside(&settings.store.path)?;
    let id = person::id(&store, Kind::Message, start)?;
    let known = person::recipients(&settings.alerts);
    let is_known = |name: &String| known.iter().any(|recipient| recipient.sink == name);
    if let Some(unknown) = named.iter().find(|name| !is_known(name)) {
        bail!("no sink is called `{}`", one_line(unknown));
    }
    let lacking: Vec<String> = store
        .postings(&id)?
        .into_iter()
        .filter(|posting| posting.state != "sent" && is_known(&posting.sink))
        .map(|posting| posting.sink)
        .collect();
    let to: Vec<&str> =
        if named.is_empty() { &lacking } else { named }.iter().map(String::as_str).collect();
    if to.is_empty() {
        print("every sink has it\n")?;
        return Ok(PARTLY.into());
    }
    store.resend(&id, &to, Timestamp::now())?;
    print(&format!("{id} goes to {} again\n", to.join(", ")))?;
    Ok(ExitCode::SUCCESS)
}
