//! `watchfire read`: one article in, the attacks that it reports out.

mod input;
mod picture;
mod telling;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::batch::{self, Answer};
use super::look::Look;
use super::{Format, print};
use crate::extract;
use crate::lexicon::places::Gazetteer;
use crate::lexicon::{Lexicon, PlaceCode};

/// What to read.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// A text or HTML file, an http(s) address, or - for standard input. Of a text
    /// the first line is the title where a blank line follows
    #[arg(value_name = "FILE|URL|-", required_unless_present = "batch")]
    article: Option<String>,
    /// When it came out, as 2026-11-23 or 2026-11-23T14:00:00Z; names of days are
    /// resolved against it
    #[arg(long, value_name = "TIME", value_parser = instant)]
    published: Option<Timestamp>,
    /// The country that the publisher covers, by code or name: a hint for places
    #[arg(long, value_name = "COUNTRY", value_parser = place)]
    country: Option<PlaceCode>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Show also the rule behind each number, and what was not counted and why
    #[arg(long)]
    explain: bool,
    /// JSON lines, one article each: id, title, text, published, source, country
    #[arg(long, value_name = "ARTICLES.jsonl", conflicts_with_all = ["article", "published", "country", "explain"])]
    batch: Option<PathBuf>,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    if let Some(path) = &options.batch {
        return batch::run(path);
    }
    let Some(name) = &options.article else { bail!("there is nothing to read") };
    let mut article = input::article(name)?;
    article.published = options.published.or(article.published);
    article.country = options.country;
    if !article.document().chars().any(char::is_alphabetic) {
        bail!("`{name}` is empty: neither its title nor its text holds a letter");
    }
    let lexicon = Lexicon::embedded();
    let reading = extract::events(&lexicon, &article);
    print(&match options.format {
        Format::Json => {
            let answer = Answer::new(name.as_str().into(), reading);
            serde_json::to_string_pretty(&answer)? + "\n"
        }
        Format::Table => {
            let look = Look::of_stdout();
            let (article, reading) = (&article, &reading);
            telling::Telling { article, reading, lexicon: &lexicon, look }.render(options.explain)
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A day alone is its noon, so that "today" is that day in most of the world.
pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    let day = || -> Option<Timestamp> {
        let day: jiff::civil::Date = text.parse().ok()?;
        Some(day.at(12, 0, 0, 0).to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
    };
    let instant = text.parse().ok().or_else(day);
    instant.ok_or_else(|| "write it as 2026-11-23 or 2026-11-23T14:00:00Z".to_owned())
}

fn place(text: &str) -> Result<PlaceCode, String> {
    let code = Gazetteer::embedded().resolve(text).map_err(|error| error.to_string())?;
    Ok(code.country())
}

#[cfg(test)]
mod tests {
    use super::{instant, place};

    #[test]
    fn a_day_is_its_noon() {
        assert_eq!(instant("2026-11-23").unwrap().to_string(), "2026-11-23T12:00:00Z");
        assert_eq!(instant("2026-11-23T01:02:03Z").unwrap().to_string(), "2026-11-23T01:02:03Z");
        assert!(instant("Monday").is_err());
    }

    #[test]
    fn a_country_is_told_by_code_name_or_part() {
        for text in ["AF", "Afghanistan", "Kunduz"] {
            assert_eq!(place(text).unwrap().as_str(), "AF", "{text}");
        }
        assert!(place("Nowhereland").is_err());
    }
}
