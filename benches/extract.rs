//! What reading costs: `cargo bench --bench extract`, on one core.
//!
//! Articles a second over the corpus, beside a plain search for the same phrases
//! over the same bytes: what a program would cost that looked for words and
//! understood nothing. Then texts that nobody writes, in two lengths: a cost that
//! grows with the square of the length shows as a second figure far above the first.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use aho_corasick::AhoCorasick;
use jiff::Timestamp;
use serde::Deserialize;
use watchfire::article::Article;
use watchfire::extract;
use watchfire::lexicon::Lexicon;

/// Every figure is the best of the rounds that fit into this time.
const ENOUGH: Duration = Duration::from_secs(3);

#[derive(Deserialize)]
struct Row {
    title: String,
    text: String,
    published: Timestamp,
}

fn main() {
    let begun = Instant::now();
    let lexicon = Lexicon::embedded();
    say("start of the lexicon", format!("{:.1} ms", begun.elapsed().as_secs_f64() * 1e3));
    let articles = corpus();
    // The first article builds what is built once.
    black_box(extract::events(&lexicon, &articles[0]));
    say("memory with the lexicon, private", format!("{} MiB", private_memory()));
    reading(&lexicon, &articles);
    for (name, piece) in HOSTILE {
        let cost: Vec<String> = [250_000, 1_000_000]
            .into_iter()
            .map(|bytes| format!("{:.2}", seconds_per_mb(&lexicon, piece, bytes)))
            .collect();
        say(name, format!("{} s/MB at 1/4 MB, {} at 1 MB", cost[0], cost[1]));
    }
}

/// Pieces that are repeated without an end of a sentence.
const HOSTILE: [(&str, &str); 6] = [
    ("one sentence of tolls", "12 killed in Kunduz, "),
    ("one sentence of speakers", "police in Kabul said "),
    ("one line without a blank", "attack"),
    ("numbers alone", "17 "),
    ("names of places", "on Monday Kunduz Baghlan Takhar Farah Aleppo Mosul "),
    ("parts without a whole", "including five women and "),
];

fn reading(lexicon: &Lexicon, articles: &[Article]) {
    let bytes: usize = articles.iter().map(|a| a.document().len()).sum();
    let read = fastest(|| {
        for article in articles {
            black_box(extract::events(lexicon, article));
        }
    });
    let words = phrases();
    let search = AhoCorasick::builder().ascii_case_insensitive(true).build(&words).unwrap();
    let documents: Vec<_> = articles.iter().map(Article::document).collect();
    let searched = fastest(|| {
        for document in &documents {
            black_box(search.find_overlapping_iter(&**document).count());
        }
    });
    let count = articles.len() as f64;
    let mean = bytes as f64 / count / 1e3;
    say("articles a second", format!("{:.0} of {mean:.1} kB", count / read));
    say("kilobytes a second", format!("{:.0}", bytes as f64 / 1e3 / read));
    let name = format!("the same bytes searched for {} phrases", words.len());
    say(
        &name,
        format!("{:.0} articles a second, {:.0} times as fast", count / searched, read / searched),
    );
}

fn corpus() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "jsonl"));
    files.sort();
    let texts = files.iter().map(|f| fs::read_to_string(f).unwrap());
    texts.flat_map(|t| t.lines().map(article).collect::<Vec<_>>()).collect()
}

fn article(line: &str) -> Article {
    let Row { title, text, published } = serde_json::from_str(line).unwrap();
    Article { title, text, published: Some(published), ..Article::default() }
}

/// The phrases of the lexicon's own table of terms.
fn phrases() -> Vec<String> {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lexicon/data/terms.tsv");
    let text = fs::read_to_string(table).unwrap();
    let lines = text.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
    let cells = lines.flat_map(|l| l.split(['\t', '|']));
    cells.map(|c| c.trim().to_owned()).filter(|c| c.len() > 2).collect()
}

fn seconds_per_mb(lexicon: &Lexicon, piece: &str, bytes: usize) -> f64 {
    let text: String = piece.chars().cycle().take(bytes).collect();
    let article = Article { title: "x".into(), text, ..Article::default() };
    let begun = Instant::now();
    black_box(extract::events(lexicon, &article));
    begun.elapsed().as_secs_f64() * 1e6 / bytes as f64
}

/// Seconds of the fastest round.
fn fastest(mut round: impl FnMut()) -> f64 {
    let begun = Instant::now();
    let mut best = f64::MAX;
    while begun.elapsed() < ENOUGH {
        let round_begun = Instant::now();
        round();
        best = best.min(round_begun.elapsed().as_secs_f64());
    }
    best
}

/// Memory that belongs to this process alone; 0 where the system does not tell.
fn private_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("RssAnon:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn say(name: &str, figure: impl std::fmt::Display) {
    println!("{name:<44} {figure}");
}
