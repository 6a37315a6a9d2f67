//! `watchfire replay`: what articles of the past lead to with today's extractor and
//! rules, so that a rule can be tried on history before it is trusted. Reads the store
//! or a file; writes and sends nothing unless told to.

mod course;
mod given;
mod send;
mod telling;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::read::instant;
use super::settings::ConfigFile;
use super::{PARTLY, diagnostics, print};
use crate::alert::Rules;
use crate::alert::rule::Alert;
use crate::assess::Incoming;
use crate::config::{self, Config, Sources};
use crate::lexicon::{Lexicon, PlaceCode};
use crate::store::Store;
use course::{Course, Words};
use given::Given;

/// What to tell again.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Articles, one JSON object a line: id, source, published, fetched, title, text;
    /// "-" is standard input
    #[arg(long, value_name = "FILE", required_unless_present = "from", conflicts_with = "from")]
    articles: Option<PathBuf>,
    /// Those that the store got from this day or time on
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Timestamp>,
    /// And before this one; default: until now
    #[arg(long, value_name = "TIME", value_parser = moment, requires = "from")]
    to: Option<Timestamp>,
    /// Record and send what is to be told of the events as they are read now and was
    /// not; alerts of an older time too
    #[arg(long, requires = "from")]
    send: bool,
    #[command(flatten)]
    file: ConfigFile,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// For whom the output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs: a line an alert, in order, and then a line an event
    Jsonl,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let lexicon = Lexicon::embedded();
    let config = &options.file.config;
    let config = match config::load_with(config, &lexicon.places, Sources::Optional) {
        Ok(config) => config,
        Err(config::Error::Wrong(faults)) => return Ok(diagnostics(&faults)),
        Err(error) => return Err(error.into()),
    };
    let places = lexicon.places.clone().with_rows(&config.places);
    let lexicon = Lexicon { places, ..lexicon };
    let past = match (options.from, &options.articles) {
        (Some(from), _) => Past::stored(&config, from, options.to.unwrap_or(Timestamp::now()))?,
        (None, Some(file)) => Past::given(file, &config)?,
        (None, None) => unreachable!("the command line asks for one of the two"),
    };
    let names =
        |code: PlaceCode| lexicon.places.division_name(code).unwrap_or(code.as_str()).to_owned();
    let rules = Rules { watches: &config.watches, late_after: config.late_after, names: &names };
    let course = Course::of(&lexicon, &rules, &past.articles, &past.words);
    let before = past.alerts.as_deref();
    print(&match options.format {
        Format::Jsonl => telling::lines(&course, before),
        Format::Table => telling::table(&course, before, &lexicon.places),
    })?;
    if options.send {
        print(&send::send(&config, &rules, &course.events, options.format == Format::Jsonl)?)?;
    }
    Ok(if past.bad == 0 { ExitCode::SUCCESS } else { PARTLY.into() })
}

/// What is told again.
struct Past {
    articles: Vec<Given>,
    /// Lines that were no article.
    bad: u32,
    /// What was decided then; `None` where nobody was asked then.
    alerts: Option<Vec<Alert>>,
    /// What persons said.
    words: Words,
}

impl Past {
    fn given(file: &Path, config: &Config) -> anyhow::Result<Past> {
        let (articles, bad) = given::read(file, &countries(config))?;
        Ok(Past { articles, bad, alerts: None, words: Words::default() })
    }

    fn stored(config: &Config, from: Timestamp, to: Timestamp) -> anyhow::Result<Past> {
        let store = Store::read_only(&config.store.path)?;
        let articles = store.articles_between(from, to)?;
        let given = |incoming: Incoming| Given { id: incoming.id.0.clone().into(), incoming };
        let alerts = Some(store.alerts_between(from, to)?);
        let silences = store.silences(Timestamp::MIN)?.into_iter().map(|(_, order)| order);
        let mut overrides = store.words()?;
        overrides.retain(|word| word.made < to);
        let words = Words { overrides, silences: silences.collect() };
        Ok(Past { articles: articles.into_iter().map(given).collect(), bad: 0, alerts, words })
    }
}

/// A time, or the beginning of a day.
fn moment(text: &str) -> Result<Timestamp, String> {
    let day = text.parse::<Date>().ok();
    let begins = day.and_then(|day| day.to_zoned_datetime(TimeZone::UTC).ok());
    begins.map_or_else(|| instant(text), |begin| Ok(begin.timestamp()))
}

/// The countries of the configured sources: hints for ambiguous names.
fn countries(config: &Config) -> HashMap<&str, PlaceCode> {
    let sources = config.sources.iter();
    sources.filter_map(|source| Some((source.name.as_str(), source.country?))).collect()
}
