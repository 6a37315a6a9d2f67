//! `watchfire check`: what the configuration is understood to say, or what is wrong
//! with it.

mod past;

use std::process::ExitCode;

use serde_json::{Value, json};

use super::look::{FAINT, HEADING, Look, PLACE, one_line};
use super::settings::ConfigFile;
use super::table::{Cell, Table};
use super::{Format, diagnostics, print, words};
use crate::alert::rule::{Per, Watch};
use crate::config::{self, Config, WrittenPlace};
use crate::lexicon::PlaceCode;
use crate::lexicon::places::Gazetteer;
use crate::source::Source;
use past::Past;

/// What to check.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    #[command(flatten)]
    file: ConfigFile,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let gazetteer = Gazetteer::embedded();
    let config = match config::load(&options.file.config, &gazetteer) {
        Ok(config) => config,
        Err(config::Error::Wrong(faults)) => return Ok(diagnostics(&faults)),
        Err(error) => return Err(error.into()),
    };
    let look = Look::of_stdout();
    let past = Past::of(&config, &gazetteer);
    print(&match options.format {
        Format::Json => format!("{:#}\n", json(&config, &gazetteer, &past)),
        Format::Table if look.is_terminal => tables(&config, &gazetteer, &past, look),
        Format::Table => lines(&config, &gazetteer, &past),
    })?;
    if !config.warnings.is_empty() {
        diagnostics(&config.warnings);
    }
    Ok(ExitCode::SUCCESS)
}

/// For a terminal.
fn tables(config: &Config, gazetteer: &Gazetteer, past: &Past, look: Look) -> String {
    let mut out = format!(
        "{}\n{}\n\n{}\n",
        look.paint(FAINT, format!("store      {}", config.store.path.display())),
        look.paint(FAINT, format!("alert log  {}", config.alerts.log.display())),
        look.paint(HEADING, format!("{} sources", config.sources.len())),
    );
    let mut sources = Table::new(&["name", "country", "every", "feed, mirrors in their order"]);
    for source in &config.sources {
        let urls: Vec<&str> = source.mirrors.iter().map(|mirror| mirror.url.as_str()).collect();
        sources.row(vec![
            source.name.as_str().into(),
            country(source).into(),
            every(source).into(),
            Cell::styled(FAINT, urls.join("\n")),
        ]);
    }
    out += &sources.render(look);
    if !config.alerts.sinks.is_empty() {
        out += &format!(
            "\n{}\n{}",
            look.paint(HEADING, format!("{} sinks", config.alerts.sinks.len())),
            sinks(config).render(look)
        );
    }
    out += &format!("\n{}\n", look.paint(HEADING, format!("{} watches", config.watches.len())));
    let mut watches = Table::new(&["name", "places", "levels"]);
    for watch in &config.watches {
        let places = places_of(config, watch).map(|place| understood(gazetteer, place));
        watches.row(vec![
            watch.name.as_str().into(),
            Cell::styled(PLACE, places.collect::<Vec<_>>().join("\n")),
            levels(watch).join("\n").into(),
        ]);
    }
    out += &watches.render(look);
    out + &past.table(config, gazetteer, look)
}

fn sinks(config: &Config) -> Table {
    let mut table = Table::new(&["name", "type", "from level", "where", "secret"]);
    for sink in &config.alerts.sinks {
        let secrets: Vec<String> =
            sink.channel.secrets().iter().map(|secret| secret.place()).collect();
        table.row(vec![
            one_line(&sink.name).into(),
            sink.channel.kind().into(),
            words::severity(sink.least).into(),
            one_line(&sink.channel.place()).into(),
            Cell::styled(FAINT, one_line(&secrets.join(", "))),
        ]);
    }
    table
}

/// For a pipe: a line a fact, its fields parted by tabs.
fn lines(config: &Config, gazetteer: &Gazetteer, past: &Past) -> String {
    let mut lines = vec![
        format!("store\t{}", config.store.path.display()),
        format!("log\t{}", config.alerts.log.display()),
    ];
    for source in &config.sources {
        for mirror in &source.mirrors {
            let (name, country, every) = (&source.name, country(source), every(source));
            lines.push(format!("source\t{name}\t{country}\t{every}\t{}", mirror.url));
        }
    }
    for sink in &config.alerts.sinks {
        let (name, kind, place) = (&sink.name, sink.channel.kind(), sink.channel.place());
        lines.push(format!("sink\t{name}\t{kind}\t{}\t{place}", words::severity(sink.least)));
    }
    for watch in &config.watches {
        for place in places_of(config, watch) {
            let WrittenPlace { watch, written, code } = place;
            let name = name(gazetteer, *code);
            lines.push(format!("place\t{watch}\t{written}\t{code}\t{name}"));
        }
        for level in levels(watch) {
            lines.push(format!("level\t{}\t{level}", watch.name));
        }
    }
    lines.extend(past.lines(config, gazetteer));
    lines.join("\n") + "\n"
}

fn json(config: &Config, gazetteer: &Gazetteer, past: &Past) -> Value {
    let sources = config.sources.iter().map(|source| {
        let mirrors: Vec<&str> = source.mirrors.iter().map(|mirror| mirror.url.as_str()).collect();
        json!({"name": source.name, "country": source.country,
               "every_seconds": source.every.as_secs(), "mirrors": mirrors})
    });
    let watches = config.watches.iter().map(|watch| {
        let places = places_of(config, watch).map(|WrittenPlace { written, code, .. }| {
            json!({"written": written, "code": code, "name": gazetteer.division_name(*code),
                   "country": gazetteer.division_name(code.country())})
        });
        let levels = watch.levels.iter().map(|level| {
            json!({"level": level.severity, "metric": level.metric, "threshold": level.threshold,
                   "within_days": level.within.map(|within| within.days)})
        });
        json!({"name": watch.name, "places": places.collect::<Vec<_>>(),
               "levels": levels.collect::<Vec<_>>(), "says": past::sentence(watch, gazetteer),
               "past": past.json(watch)})
    });
    let sinks = config.alerts.sinks.iter().map(|sink| {
        json!({"name": sink.name, "type": sink.channel.kind(), "level": sink.least,
               "where": sink.channel.place(), "timeout_seconds": sink.timeout.as_secs()})
    });
    json!({
        "store": config.store.path,
        "log": config.alerts.log,
        "allow_networks": config.fetch.allow_networks.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "sinks": sinks.collect::<Vec<_>>(),
        "sources": sources.collect::<Vec<_>>(),
        "watches": watches.collect::<Vec<_>>(),
        "warnings": config.warnings.found().len(),
    })
}

fn places_of<'a>(config: &'a Config, watch: &'a Watch) -> impl Iterator<Item = &'a WrittenPlace> {
    config.written.iter().filter(|place| place.watch == watch.name)
}

/// "Kunduz: AF-KDZ, Kunduz, Afghanistan".
fn understood(gazetteer: &Gazetteer, place: &WrittenPlace) -> String {
    format!("{}: {}, {}", place.written, place.code, name(gazetteer, place.code))
}

/// "Kunduz, Afghanistan"; of a country "Afghanistan, all of it".
fn name(gazetteer: &Gazetteer, code: PlaceCode) -> String {
    let name = |code| gazetteer.division_name(code).unwrap_or("?");
    match code.is_country() {
        true => format!("{}, all of it", name(code)),
        false => format!("{}, {}", name(code), name(code.country())),
    }
}

fn country(source: &Source) -> String {
    source.country.map(String::from).unwrap_or_default()
}

/// As the configuration would write it.
fn every(source: &Source) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];
    let seconds = source.every.as_secs();
    let unit = UNITS.iter().find(|(size, _)| seconds.is_multiple_of(*size));
    unit.map(|(size, unit)| format!("{}{unit}", seconds / size)).unwrap_or_default()
}

fn levels(watch: &Watch) -> Vec<String> {
    let levels = watch.levels.iter().map(|level| {
        let (severity, metric) = (words::severity(level.severity), words::metric(level.metric));
        let within = level.within.map(|within| match within.per {
            Per::Watch => format!(" within {} days", within.days),
            Per::Place => format!(" within {} days in one place", within.days),
        });
        format!("{severity} from {} {metric}{}", level.threshold, within.unwrap_or_default())
    });
    levels.collect()
}
