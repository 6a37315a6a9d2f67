//! `watchfire replay`: what articles of the past lead to with today's extractor and
//! rules, so that a rule can be tried on history before it is trusted. Sends nothing.

mod course;
mod given;
mod telling;

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;

use super::settings::ConfigFile;
use super::{PARTLY, diagnostics, print};
use crate::alert::Rules;
use crate::config::{self, Config, Sources};
use crate::lexicon::{Lexicon, PlaceCode};
use course::Course;

/// What to tell again.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Articles, one JSON object a line: id, source, published, fetched, title, text;
    /// "-" is standard input
    #[arg(long, value_name = "FILE")]
    articles: PathBuf,
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
    let (articles, bad) = given::read(&options.articles, &countries(&config))?;
    let names =
        |code: PlaceCode| lexicon.places.division_name(code).unwrap_or(code.as_str()).to_owned();
    let rules = Rules { watches: &config.watches, late_after: config.late_after, names: &names };
    let course = Course::of(&lexicon, &rules, &articles);
    print(&match options.format {
        Format::Jsonl => telling::lines(&course),
        Format::Table => telling::table(&course, &lexicon.places),
    })?;
    Ok(if bad == 0 { ExitCode::SUCCESS } else { PARTLY.into() })
}

/// The countries of the configured sources: hints for ambiguous names.
fn countries(config: &Config) -> HashMap<&str, PlaceCode> {
    let sources = config.sources.iter();
    sources.filter_map(|source| Some((source.name.as_str(), source.country?))).collect()
}
