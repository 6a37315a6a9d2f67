//! `watchfire read`: articles in, attacks out.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::extract;
use crate::extract::event::{Dropped, Language, Report};
use crate::lexicon::{Lexicon, PlaceCode};

/// What to read.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// JSON lines, one article each: id, title, text, published, source, country
    #[arg(long, value_name = "ARTICLES.jsonl")]
    batch: Option<PathBuf>,
}

/// Runs the command.
pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let Some(path) = &options.batch else { bail!("nothing to read") };
    let lexicon = Lexicon::embedded();
    let input: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(path).with_context(|| format!("cannot open `{}`", path.display()))?;
        Box::new(BufReader::new(file))
    };
    let mut output = BufWriter::new(io::stdout().lock());
    for (number, line) in input.lines().enumerate() {
        let line = line.with_context(|| format!("line {} is not text", number + 1))?;
        if line.trim().is_empty() {
            continue;
        }
        let row: Row = serde_json::from_str(&line)
            .with_context(|| format!("line {} is not an article", number + 1))?;
        let id = row.id.clone();
        let reading = extract::events(&lexicon, &row.into_article());
        let answer = Answer {
            id,
            events: reading.events,
            dropped: reading.dropped,
            doubts: reading.doubts,
            language: reading.language,
        };
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// One article of a batch.
#[derive(Debug, Deserialize)]
struct Row {
    id: serde_json::Value,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    published: Option<Timestamp>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    country: Option<PlaceCode>,
}

impl Row {
    fn into_article(self) -> Article {
        Article {
            title: self.title.unwrap_or_default(),
            text: self.text.unwrap_or_default(),
            published: self.published,
            country: self.country,
            source: self.source.unwrap_or_default(),
            link: None,
        }
    }
}

/// What was read out of it.
#[derive(Debug, Serialize)]
struct Answer {
    id: serde_json::Value,
    events: Vec<Report>,
    dropped: Vec<Dropped>,
    doubts: Vec<String>,
    language: Language,
}
