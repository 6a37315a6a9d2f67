//! `watchfire places`: what a name of a place means, and why.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};

use super::look::{BAD, FAINT, GOOD, HEADING, Look, PLACE, one_line};
use super::settings;
use super::table::{Cell, Table};
use super::{Format, print};
use crate::lexicon::places::{Gazetteer, Level, Meaning, Resolved, Unresolved};
use crate::lexicon::{Lexicon, PlaceCode};
use crate::text::fold::fold;

/// Which name.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// A name or a code: "Kunduz", "Mazar-i-Sharif", "AF-BGL", "AF"
    #[arg(required_unless_present = "batch")]
    name: Vec<String>,
    /// Many: a name a line of the file (- is standard input), a JSON object a line out
    #[arg(long, value_name = "FILE", conflicts_with = "name")]
    batch: Option<PathBuf>,
    /// A configuration whose own [[place]] rows count too
    #[arg(long, short, value_name = "FILE")]
    config: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let gazetteer = gazetteer(options)?;
    if let Some(file) = &options.batch {
        return many(&gazetteer, file);
    }
    let name = options.name.join(" ");
    let resolved = gazetteer.settle(&name);
    match options.format {
        Format::Json => print(&format!("{:#}\n", object(&gazetteer, &name)))?,
        Format::Table => print(&told(&gazetteer, &name, &resolved, Look::of_stdout()))?,
    }
    Ok(if resolved.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn gazetteer(options: &Options) -> anyhow::Result<Gazetteer> {
    match &options.config {
        None => Ok(Gazetteer::embedded()),
        Some(path) => Ok(settings::load(path, &Lexicon::embedded())?.lexicon.places.clone()),
    }
}

fn many(gazetteer: &Gazetteer, file: &PathBuf) -> anyhow::Result<ExitCode> {
    let input: Box<dyn BufRead> = match file.to_str() {
        Some("-") => Box::new(io::stdin().lock()),
        _ => Box::new(BufReader::new(
            File::open(file).with_context(|| format!("`{}` cannot be read", file.display()))?,
        )),
    };
    for line in input.lines() {
        let line = line.with_context(|| format!("`{}` is not text", file.display()))?;
        if !line.trim().is_empty() {
            print(&format!("{}\n", object(gazetteer, line.trim())))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn object(gazetteer: &Gazetteer, name: &str) -> Value {
    let resolved = gazetteer.settle(name);
    let meanings = gazetteer.meanings(&fold(name));
    let rows: Vec<Value> = meanings.iter().map(|meaning| row(gazetteer, meaning)).collect();
    let why = match &resolved {
        Ok(resolved) => resolved.why.to_string(),
        Err(error) => error.to_string(),
    };
    json!({"name": name, "code": resolved.ok().map(|r| r.code), "why": why, "meanings": rows})
}

/// For a person: the answer, the reason, every meaning.
fn told(
    gazetteer: &Gazetteer,
    name: &str,
    resolved: &Result<Resolved, Unresolved>,
    look: Look,
) -> String {
    let meanings = gazetteer.meanings(&fold(name));
    let mut out = match resolved {
        Ok(resolved) => format!(
            "{}\n{} {}\n",
            look.paint(GOOD, stands_for(gazetteer, name, resolved.code)),
            look.paint(HEADING, "Why:"),
            resolved.why
        ),
        Err(error) => format!("{}\n", look.paint(BAD, one_line(&error.to_string()))),
    };
    if !meanings.is_empty() {
        out.push_str(&format!("\n{}", table(gazetteer, &meanings, look)));
    }
    if meanings.len() > 1 {
        out.push_str(&format!("\n{}\n", look.paint(FAINT, IN_A_TEXT)));
    }
    out
}

/// How a text settles what a configuration cannot.
const IN_A_TEXT: &str = "In an article the name means the one that the text points at: a division \
named beside it, the country\nthat the article is about, a word such as \"district\", \
and of what is left the largest.";

fn stands_for(gazetteer: &Gazetteer, name: &str, code: PlaceCode) -> String {
    let place = gazetteer.division_name(code).unwrap_or("?");
    let country = match code.is_country() {
        true => "a country".to_owned(),
        false => gazetteer.division_name(code.country()).unwrap_or("?").to_owned(),
    };
    let zone = gazetteer.timezone(code);
    format!("In a [[watch]] `{}` stands for {code}: {place}, {country} ({zone}).", one_line(name))
}

fn table(gazetteer: &Gazetteer, meanings: &[Meaning<'_>], look: Look) -> String {
    let mut table = Table::new(&[
        "code",
        "place",
        "what",
        "lies in",
        "inhabitants",
        "also written",
        "in a text",
    ]);
    for meaning in meanings {
        let inhabitants = match meaning.population {
            0 => String::new(),
            known => known.to_string(),
        };
        table.row(vec![
            Cell::styled(PLACE, meaning.code.as_str()),
            meaning.name.into(),
            level(meaning.level).into(),
            lies_in(gazetteer, meaning).into(),
            inhabitants.into(),
            Cell::styled(FAINT, others(gazetteer, meaning).join(", ")),
            Cell::styled(FAINT, caution(meaning)),
        ]);
    }
    table.render(look)
}

/// "Kunduz, Afghanistan"; a division lies in its country, a country in nothing.
fn lies_in(gazetteer: &Gazetteer, meaning: &Meaning<'_>) -> String {
    let country = gazetteer.division_name(meaning.code.country()).unwrap_or("?");
    match gazetteer.division_name(meaning.code) {
        _ if meaning.level == Level::Country => String::new(),
        Some(division) if meaning.level > Level::Division && division != country => {
            format!("{division}, {country}")
        }
        _ => country.to_owned(),
    }
}

/// The other spellings of the very place, without its adjectives.
fn others<'a>(gazetteer: &'a Gazetteer, meaning: &Meaning<'a>) -> Vec<&'a str> {
    gazetteer.spellings(meaning).into_iter().filter(|spelled| *spelled != meaning.name).collect()
}

fn row(gazetteer: &Gazetteer, meaning: &Meaning<'_>) -> Value {
    json!({
        "code": meaning.code,
        "name": meaning.name,
        "level": level(meaning.level),
        "division": gazetteer.division_name(meaning.code),
        "country": gazetteer.division_name(meaning.code.country()),
        "population": meaning.population,
        "also": others(gazetteer, meaning),
        "common": meaning.common,
        "adjective": meaning.adjective,
        "capitals": meaning.capitals,
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Country => "country",
        Level::Region => "region",
        Level::Division => "province or state",
        Level::District => "district",
        Level::Town => "town or site",
    }
}

/// When a text that says the name does not mean the place.
fn caution(meaning: &Meaning<'_>) -> &'static str {
    match meaning {
        Meaning { adjective: true, .. } => "points at the country, nothing need happen there",
        Meaning { common: true, .. } => "also a word or a person's name",
        Meaning { capitals: true, .. } => "only in capitals",
        _ => "",
    }
}
