//! `watchfire read --batch`: one article a line in, one reading a line out. A line
//! that is no article costs itself alone.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::PARTLY;
use super::look::one_line;
use super::read::instant;
use crate::article::Article;
use crate::extract;
use crate::extract::event::{Dropped, Language, Reading, Report};
use crate::lexicon::{Lexicon, PlaceCode};

/// Reads the articles of a file, or of standard input where it is called `-`.
pub(super) fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let lexicon = Lexicon::embedded();
    let mut input: Box<dyn BufRead> = match path == Path::new("-") {
        true => Box::new(io::stdin().lock()),
        false => {
            let file = File::open(path);
            Box::new(BufReader::new(
                file.with_context(|| format!("cannot open `{}`", path.display()))?,
            ))
        }
    };
    let mut output = BufWriter::new(io::stdout().lock());
    let (mut number, mut bad) = (0, 0);
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        number += 1;
        if !line.trim_ascii().is_empty() {
            match answer(&lexicon, &line) {
                Ok(answer) => {
                    serde_json::to_writer(&mut output, &answer).map_err(io::Error::from)?;
                    output.write_all(b"\n")?;
                }
                Err(fault) => {
                    bad += 1;
                    eprintln!("watchfire: line {number} is not read: {fault}");
                }
            }
        }
        line.clear();
    }
    output.flush()?;
    Ok(if bad == 0 { ExitCode::SUCCESS } else { PARTLY.into() })
}

fn answer(lexicon: &Lexicon, line: &[u8]) -> Result<Answer, String> {
    let row: Row = serde_json::from_slice(line).map_err(|fault| one_line(&fault.to_string()))?;
    let id = row.id.clone();
    let article = row.into_article();
    let reading = catch_unwind(AssertUnwindSafe(|| extract::events(lexicon, &article)));
    let reading = reading.map_err(|_| "the reader failed on it, please report it".to_owned())?;
    Ok(Answer::new(id, reading))
}

/// One article of a batch.
#[derive(Debug, Deserialize)]
struct Row {
    id: serde_json::Value,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default, deserialize_with = "published")]
    published: Option<Timestamp>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    country: Option<PlaceCode>,
}

/// As `--published` takes it: an instant, or a day.
fn published<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(value)?;
    let wrong = |why| D::Error::custom(format!("`published` is no time: {why}"));
    text.map(|text| instant(&text).map_err(wrong)).transpose()
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

/// What was read out of an article, as a line of a batch has it.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    /// As the article had it.
    id: serde_json::Value,
    events: Vec<Report>,
    dropped: Vec<Dropped>,
    doubts: Vec<String>,
    language: Language,
}

impl Answer {
    pub fn new(id: serde_json::Value, reading: Reading) -> Answer {
        let Reading { events, dropped, doubts, language } = reading;
        Answer { id, events, dropped, doubts, language }
    }
}

#[cfg(test)]
mod tests {
    use super::Row;

    #[test]
    fn a_row_came_out_at_an_instant_or_on_a_day() {
        for (published, wanted) in [
            ("\"2019-01-08T14:00:00Z\"", Ok(Some("2019-01-08T14:00:00Z"))),
            ("\"2019-01-08\"", Ok(Some("2019-01-08T12:00:00Z"))),
            ("null", Ok(None)),
            ("\"yesterday\"", Err(())),
        ] {
            let line = format!("{{\"id\": 1, \"published\": {published}}}");
            let row = serde_json::from_str::<Row>(&line).map_err(|_| ());
            let wanted = wanted.map(|at| at.map(|at| at.parse().unwrap()));
            assert_eq!(row.map(|row| row.published), wanted, "{published}");
        }
    }
}
