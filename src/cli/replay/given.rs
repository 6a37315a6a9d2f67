//! Articles given in a file, one JSON object a line. A line that is no article
//! costs itself alone.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use anyhow::Context;
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::super::look::one_line;
use super::super::read::instant;
use crate::article::Article;
use crate::assess::Incoming;
use crate::lexicon::PlaceCode;

/// An article as it was given.
pub(super) struct Given {
    /// What the file calls it.
    pub id: Value,
    pub incoming: Incoming,
}

/// The articles of a file in the order in which they were fetched, and the number
/// of lines that were none; each of those is told on standard error.
pub(super) fn read(
    path: &Path,
    countries: &HashMap<&str, PlaceCode>,
) -> anyhow::Result<(Vec<Given>, u32)> {
    let mut input: Box<dyn BufRead> = match path == Path::new("-") {
        true => Box::new(io::stdin().lock()),
        false => {
            let file = File::open(path);
            Box::new(BufReader::new(
                file.with_context(|| format!("cannot open `{}`", path.display()))?,
            ))
        }
    };
    let (mut given, mut number, mut bad) = (Vec::new(), 0, 0);
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        number += 1;
        if !line.trim_ascii().is_empty() {
            match article(&line, countries) {
                Ok(article) => given.push(article),
                Err(fault) => {
                    bad += 1;
                    eprintln!("watchfire: line {number} is not read: {fault}");
                }
            }
        }
        line.clear();
    }
    // Stable: articles fetched at one moment stay as the file has them.
    given.sort_by_key(|given| given.incoming.fetched);
    Ok((given, bad))
}

fn article(line: &[u8], countries: &HashMap<&str, PlaceCode>) -> Result<Given, String> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let row: Row = serde_json::from_slice(line).map_err(|fault| one_line(&fault.to_string()))?;
    let fetched =
        row.fetched.or(row.published).ok_or("it has neither `fetched` nor `published`")?;
    let source = row.source.unwrap_or_default();
    let key = match &row.id {
        Value::String(id) if !id.is_empty() => id.clone(),
        Value::Number(id) => id.to_string(),
        _ => return Err("`id` is neither a text nor a number".to_owned()),
    };
    let article = Article {
        title: row.title.unwrap_or_default(),
        text: row.text.unwrap_or_default(),
        published: row.published,
        country: row.country.or_else(|| countries.get(source.as_str()).copied()),
        source,
        link: row.link,
    };
    Ok(Given { id: row.id, incoming: Incoming::new(article, vec![key], fetched) })
}

#[derive(Debug, Deserialize)]
struct Row {
    id: Value,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default, deserialize_with = "moment")]
    published: Option<Timestamp>,
    #[serde(default, deserialize_with = "moment")]
    fetched: Option<Timestamp>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    country: Option<PlaceCode>,
    #[serde(default, alias = "url")]
    link: Option<String>,
}

/// An instant, or a day.
fn moment<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(value)?;
    let wrong = |why| D::Error::custom(format!("a time is not understood: {why}"));
    text.map(|text| instant(&text).map_err(wrong)).transpose()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::article;

    #[test]
    fn a_line_is_an_article_or_says_why_not() {
        for (line, wanted) in [
            (r#"{"id":"a","fetched":"2019-01-10T10:00:00Z","title":"t","extra":1}"#, Ok("a")),
            (r#"{"id":7,"published":"2019-01-10","text":"t"}"#, Ok("7")),
            (r#"{"id":"a","title":"t"}"#, Err("neither `fetched` nor `published`")),
            (r#"{"id":null,"fetched":"2019-01-10"}"#, Err("`id` is neither")),
            (r#"{"id":"a","fetched":"soon"}"#, Err("a time is not understood")),
            ("{", Err("EOF")),
        ] {
            let read = article(line.as_bytes(), &HashMap::new());
            match (read, wanted) {
                (Ok(given), Ok(key)) => assert_eq!(given.incoming.keys, [key], "{line}"),
                (Err(fault), Err(part)) => assert!(fault.contains(part), "{fault}"),
                (read, _) => panic!("{line}: {:?}", read.map(|given| given.id)),
            }
        }
    }
}
