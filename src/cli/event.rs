//! `watchfire event`: attacks as all their reports have them, and a person's word
//! on them, which outlives every new reading.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde_json::json;

use super::look::{BAD, FAINT, Look, PLACE, one_line};
use super::person::{self, Speaker};
use super::settings::ConfigFile;
use super::table::{Cell, Table};
use super::{Format, print, words};
use crate::correlate::event::{ArticleId, Event, EventId};
use crate::correlate::overrides::{self, Act, Field};
use crate::daemon::Settings;
use crate::extract::event::{Count, Days, Outcome, Party};
use crate::lexicon::PlaceCode;
use crate::lexicon::codebook;
use crate::store::{Kind, Store, Word};

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
    /// Show the events of the last days
    List {
        /// Since this day [default: a week ago]
        #[arg(long)]
        since: Option<Date>,
        /// In this place; a country holds its provinces
        #[arg(long)]
        place: Option<String>,
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Show one event with its reports and what persons said of it
    Show {
        /// Its id, or the beginning of it
        id: String,
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Say what a part of an event is, whatever its reports say
    Correct(Correcting),
    /// Say that two events are one
    Merge {
        /// The event that goes
        id: String,
        /// The event that it is
        into: String,
        #[command(flatten)]
        speaker: Speaker,
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Say that the reports of some articles are an event of their own
    Split {
        /// The event that they leave
        id: String,
        /// An article whose report leaves; more than one may be named
        #[arg(long = "article", required = true)]
        articles: Vec<String>,
        #[command(flatten)]
        speaker: Speaker,
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Take back a correction or a cancel, by the number that `event show` tells
    Undo {
        /// The event
        id: String,
        /// The number of the word
        number: i64,
        #[command(flatten)]
        speaker: Speaker,
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
}

#[derive(Debug, clap::Args)]
struct Correcting {
    /// The event's id, or the beginning of it
    id: String,
    /// Where: a name or code; several share the toll
    #[arg(long)]
    place: Vec<String>,
    /// On which day, 2026-11-23
    #[arg(long)]
    day: Option<Date>,
    /// What: `bombing`, `armed_assault` ...
    #[arg(long)]
    kind: Option<String>,
    /// Who did it; an empty name for unknown
    #[arg(long)]
    perpetrator: Option<String>,
    /// How many were killed: 12, "12-15" or "12+"
    #[arg(long)]
    killed: Option<String>,
    /// How many were wounded, likewise
    #[arg(long)]
    wounded: Option<String>,
    /// How many were abducted, likewise
    #[arg(long)]
    abducted: Option<String>,
    /// Whose people: security, foreign, civilian, militant, unknown
    #[arg(long, default_value = "unknown")]
    party: String,
    #[command(flatten)]
    speaker: Speaker,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let settings = person::settings(&options.file)?;
    let store = Store::read_only(&settings.store.path)?;
    match &options.act {
        Action::List { since, place, format } => {
            list(&settings, &store, *since, place.as_deref(), *format)?;
        }
        Action::Show { id, format } => show(&settings, &store, id, *format)?,
        Action::Correct(asked) => correct(&settings, &store, asked)?,
        Action::Merge { id, into, speaker, format } => {
            let (event, into) = (event(&store, id)?, event(&store, into)?);
            if event.id == into.id {
                bail!("`{}` is one event already", event.id.0);
            }
            let act = overrides::merging(&event, &into.id);
            if event.sightings.is_empty() {
                bail!("`{}` has no reports that could go", event.id.0);
            }
            let events = [event.id, into.id];
            person::say(&settings, &events, speaker, Some(act), None)?.tell(*format)?;
        }
        Action::Split { id, articles, speaker, format } => {
            let event = event(&store, id)?;
            let act = overrides::splitting(&event, &named(&event, articles)?);
            let act = act.context("an event keeps one report at least: name fewer articles")?;
            person::say(&settings, &[event.id], speaker, Some(act), None)?.tell(*format)?;
        }
        Action::Undo { id, number, speaker, format } => {
            let event = event(&store, id)?;
            let said = store.words_on(&event.id)?;
            let said = said.iter().find(|word| word.number == *number);
            if said.is_some_and(|word| matches!(word.said.act, Act::Pin { .. })) {
                bail!("reports were moved by that word; move them with `event merge` or `split`");
            }
            person::say(&settings, &[event.id], speaker, None, Some(*number))?.tell(*format)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn event(store: &Store, start: &str) -> anyhow::Result<Event> {
    let id = EventId(person::id(store, Kind::Event, start)?);
    store.event(&id)?.context("the event is gone")
}

/// The articles of the event whose ids begin so.
fn named(event: &Event, starts: &[String]) -> anyhow::Result<Vec<ArticleId>> {
    let mut articles = Vec::new();
    for start in starts {
        let found: Vec<&ArticleId> = event
            .sightings
            .iter()
            .map(|sighting| &sighting.article)
            .filter(|article| !start.is_empty() && article.0.starts_with(start))
            .collect();
        match found[..] {
            [one] => articles.push(one.clone()),
            [] => bail!("no report of the event is of an article `{start}`"),
            _ => bail!("`{start}` may be several articles; write more of the id"),
        }
    }
    Ok(articles)
}

fn correct(settings: &Settings, store: &Store, asked: &Correcting) -> anyhow::Result<()> {
    let event = event(store, &asked.id)?;
    let fields = fields(settings, asked)?;
    if fields.is_empty() {
        bail!("nothing is corrected; say what: --killed, --wounded, --place, --day, --kind ...");
    }
    let mut told = person::Said::default();
    for field in fields {
        let act = Act::Correct { event: event.id.clone(), field };
        let ids = [event.id.clone()];
        told.join(person::say(settings, &ids, &asked.speaker, Some(act), None)?);
    }
    told.tell(asked.format)
}

fn fields(settings: &Settings, asked: &Correcting) -> anyhow::Result<Vec<Field>> {
    let mut fields = Vec::new();
    if !asked.place.is_empty() {
        let resolve = |name: &String| settings.lexicon.places.resolve(name);
        let places = asked.place.iter().map(resolve).collect::<Result<Vec<_>, _>>()?;
        fields.push(Field::Places(places));
    }
    fields.extend(asked.day.map(|day| Field::When(Some(Days::on(day)))));
    if let Some(kind) = &asked.kind {
        fields.push(Field::Kind(word::<codebook::Kind>(kind, "kind of event")?));
    }
    if let Some(name) = &asked.perpetrator {
        let name = one_line(name);
        fields.push(Field::Perpetrator((!name.is_empty()).then_some(name)));
    }
    let party: Party = word(&asked.party, "party")?;
    for (written, outcome) in [
        (&asked.killed, Outcome::Killed),
        (&asked.wounded, Outcome::Wounded),
        (&asked.abducted, Outcome::Abducted),
    ] {
        if let Some(written) = written {
            fields.push(Field::Toll { party, outcome, count: count(written)? });
        }
    }
    Ok(fields)
}

/// A word of a closed list, as documents write it.
fn word<T: serde::de::DeserializeOwned>(written: &str, what: &str) -> anyhow::Result<T> {
    let read = serde_json::from_value(json!(written));
    read.map_err(|_| anyhow::anyhow!("`{}` is no {what}", one_line(written)))
}

/// "12", "12-15", "12+".
fn count(written: &str) -> anyhow::Result<Count> {
    let wrong =
        || format!("`{}` is no number of people: write 12, 12-15 or 12+", one_line(written));
    let number = |text: &str| text.trim().parse::<u32>().with_context(wrong);
    if let Some(low) = written.strip_suffix('+') {
        return Ok(Count::at_least(number(low)?));
    }
    match written.split_once('-') {
        None => Ok(Count::exactly(number(written)?)),
        Some((low, high)) => Ok(Count::between(number(low)?, number(high)?)),
    }
}

fn list(
    settings: &Settings,
    store: &Store,
    since: Option<Date>,
    place: Option<&str>,
    format: Format,
) -> anyhow::Result<()> {
    let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
    let since = since.unwrap_or(today.saturating_sub(7.days()));
    let place = place.map(|name| settings.lexicon.places.resolve(name)).transpose()?;
    let lies = |p: &PlaceCode| place.is_none_or(|place| *p == place || p.country() == place);
    let mut events = store.events_since(since)?;
    events.retain(|event| event.places.iter().any(lies));
    events.sort_by_key(|event| (event.when.map(|days| days.first()), event.first_seen));
    let look = Look::of_stdout();
    let mut table = Table::new(&["day", "where", "what", "toll", "reports", "id"]);
    let mut out = String::new();
    for event in &events {
        let toll = words::tolls(&event.tolls);
        let codes: Vec<&str> = event.places.iter().map(PlaceCode::as_str).collect();
        let day = event.when.map(|days| days.first().to_string()).unwrap_or_default();
        if format == Format::Json {
            out += &format!("{}\n", json!(event));
        } else if look.is_terminal {
            table.row(vec![
                words::days(event.when).into(),
                Cell::styled(PLACE, words::places(&settings.lexicon.places, &event.places)),
                what(event).into(),
                toll.into(),
                event.sightings.len().to_string().into(),
                Cell::styled(FAINT, event.id.0.as_str()),
            ]);
        } else {
            let toll = toll.replace('\n', "; ");
            let what = what(event).replace('\n', ", ");
            let (codes, id) = (codes.join(" "), &event.id.0);
            out += &format!("{day}\t{codes}\t{what}\t{toll}\t{}\t{id}\n", event.sightings.len());
        }
    }
    print(&if look.is_terminal && format == Format::Table { table.render(look) } else { out })?;
    Ok(())
}

/// The kind, and what takes the event out of the ordinary.
fn what(event: &Event) -> String {
    let mut what = words::kind(event.kind).to_owned();
    if event.dismissed.is_some() {
        what += "\ncalled false";
    } else if event.is_withdrawn() {
        what += "\nwithdrawn";
    }
    what
}

fn show(settings: &Settings, store: &Store, start: &str, format: Format) -> anyhow::Result<()> {
    let event = event(store, start)?;
    let words = store.words_on(&event.id)?;
    if format == Format::Json {
        let words: Vec<_> = words.iter().map(word_row).collect();
        print(&format!("{:#}\n", json!({"event": event, "persons": words})))?;
        return Ok(());
    }
    let look = Look::of_stdout();
    let fact = |name: &str, value: String| format!("{name:<12}{}\n", value.replace('\n', ", "));
    let mut out = fact("event", event.id.0.clone());
    out += &fact("where", words::places(&settings.lexicon.places, &event.places));
    out += &fact("when", words::days(event.when));
    out += &fact("what", what(&event));
    out += &fact("by", words::perpetrator(event.perpetrator.as_deref(), event.claim));
    out += &fact("toll", words::tolls(&event.tolls));
    out += &fact("certainty", format!("{:?}", event.certainty).to_lowercase());
    out += &fact("independent", event.independent.to_string());
    out += &fact("disputed", if event.disputed { "yes" } else { "no" }.to_owned());
    if let Some(into) = &event.merged_into {
        out += &fact("goes on in", into.0.clone());
    }
    out += "\n";
    for sighting in &event.sightings {
        let (title, source) = (one_line(&sighting.title), one_line(&sighting.source));
        let toll = words::tolls(&sighting.report.tolls).replace('\n', "; ");
        let id = look.paint(FAINT, &sighting.article.0);
        out += &format!("{source}: {title}\n    {toll}\n    article {id}\n");
    }
    for word in &words {
        out += &said(word, look);
    }
    print(&out)?;
    Ok(())
}

fn word_row(word: &Word) -> serde_json::Value {
    json!({"number": word.number, "word": word.said, "revoked": word.revoked})
}

fn said(word: &Word, look: Look) -> String {
    let act = match &word.said.act {
        Act::Correct { field, .. } => format!("{}", json!(field)),
        Act::Dismiss { .. } => look.paint(BAD, "called false"),
        Act::Pin { reports, .. } => format!("was given {} reports", reports.len()),
    };
    let taken_back = word.revoked.map(|_| ", taken back").unwrap_or_default();
    let (author, comment) = (one_line(&word.said.author), one_line(&word.said.comment));
    let when = words::instant(word.said.made);
    format!("\nword {}{taken_back}, {when}, {author}: {comment}\n    {act}\n", word.number)
}
