//! `watchfire places`: what a name of a place means, and why.

use std::process::ExitCode;

use serde_json::json;

use super::look::{BAD, FAINT, GOOD, Look, PLACE, one_line};
use super::table::{Cell, Table};
use super::{Format, print};
use crate::lexicon::PlaceCode;
use crate::lexicon::places::{Gazetteer, Level, Meaning};
use crate::text::fold::fold;

/// Which name.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// A name or a code: "Kunduz", "Mazar-i-Sharif", "AF-BGL", "AF"
    #[arg(required = true)]
    name: Vec<String>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let gazetteer = Gazetteer::embedded();
    let name = options.name.join(" ");
    let meanings = gazetteer.meanings(&fold(&name));
    let resolved = gazetteer.resolve(&name);
    match options.format {
        Format::Json => {
            let rows: Vec<_> = meanings.iter().map(|meaning| row(&gazetteer, meaning)).collect();
            let code = resolved.as_ref().ok();
            print(&format!("{:#}\n", json!({"name": name, "code": code, "meanings": rows})))?;
        }
        Format::Table => {
            let look = Look::of_stdout();
            let told = match &resolved {
                Ok(code) => look.paint(GOOD, stands_for(&gazetteer, &name, *code)),
                Err(error) => look.paint(BAD, one_line(&error.to_string())),
            };
            print(&format!("{told}\n"))?;
            if !meanings.is_empty() {
                print(&format!("\n{}", table(&gazetteer, &meanings, look)))?;
            }
        }
    }
    Ok(if resolved.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

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
    let mut table = Table::new(&["code", "place", "what", "country", "inhabitants", "in a text"]);
    for meaning in meanings {
        table.row(vec![
            Cell::styled(PLACE, meaning.code.as_str()),
            meaning.name.into(),
            level(meaning.level).into(),
            gazetteer.division_name(meaning.code.country()).unwrap_or("?").into(),
            if meaning.population > 0 { meaning.population.to_string() } else { String::new() }
                .into(),
            Cell::styled(FAINT, caution(meaning)),
        ]);
    }
    table.render(look)
}

fn row(gazetteer: &Gazetteer, meaning: &Meaning<'_>) -> serde_json::Value {
    json!({
        "code": meaning.code,
        "name": meaning.name,
        "level": level(meaning.level),
        "country": gazetteer.division_name(meaning.code.country()),
        "population": meaning.population,
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
