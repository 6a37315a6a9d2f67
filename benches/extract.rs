//! What reading costs: `cargo bench --bench extract`, on one core.
//!
//! Articles a second over the corpus and over articles of 3 kB made of it, beside a
//! plain search for the same phrases over the same bytes: what a program would cost
//! that looked for words and understood nothing. Then texts that nobody writes, in two
//! lengths: a cost that grows with the square of the length shows as a second figure
//! far above the first. Time is the processor's for this thread, so that a busy
//! machine does not count.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use aho_corasick::AhoCorasick;
use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use watchfire::article::Article;
use watchfire::extract;
use watchfire::lexicon::Lexicon;

/// Every figure is the best of the rounds that fit into so many seconds.
const ENOUGH: f64 = 3.0;

/// No text may cost more, in seconds for a megabyte.
const MOST: f64 = 1.0;

#[derive(Deserialize)]
struct Row {
    title: String,
    text: String,
    published: Timestamp,
}

fn main() {
    let begun = seconds();
    let lexicon = Lexicon::embedded();
    say("start of the lexicon", format!("{:.0} ms", (seconds() - begun) * 1e3));
    let articles = corpus();
    // The first article builds what is built once.
    let begun = seconds();
    black_box(extract::events(&lexicon, &articles[0]));
    say("the first article", format!("{:.0} ms", (seconds() - begun) * 1e3));
    say("memory with the lexicon, private", format!("{} MiB", private_memory()));
    reading(&lexicon, &articles);
    reading(&lexicon, &of_three_kilobytes(&articles));
    let mut worst: f64 = 0.0;
    for (name, piece) in HOSTILE {
        let cost = [250_000, 1_000_000].map(|bytes| seconds_per_mb(&lexicon, piece, bytes));
        say(name, format!("{:.2} s/MB at 1/4 MB, {:.2} at 1 MB", cost[0], cost[1]));
        worst = worst.max(cost[0]).max(cost[1]);
    }
    say("the dearest text", format!("{worst:.2} s/MB"));
    assert!(worst <= MOST, "a text costs more than {MOST} s/MB");
}

/// Pieces that are repeated without an end of a sentence, but for the last ones.
const HOSTILE: [(&str, &str); 24] = [
    ("one sentence of tolls", "12 killed in Kunduz, "),
    ("one sentence of speakers", "police in Kabul said "),
    ("one line without a blank", "attack"),
    ("one letter", "x"),
    ("single letters", "a "),
    ("hyphens", "a-"),
    ("numbers alone", "17 "),
    ("numbers in words", "one hundred and "),
    ("ranges", "between 10 and 12 "),
    ("names of places", "on Monday Kunduz Baghlan Takhar Farah Aleppo Mosul "),
    ("openings of names", "New South Al San Deir El Port Saint "),
    ("names of people", "Ahmad Khan Zadran and "),
    ("names of groups", "Taliban, Islamic State, al-Shabaab and Boko Haram killed "),
    ("parts without a whole", "including five women and "),
    ("quotes", "“12 killed,” he said, "),
    ("parentheses", "(in Kabul (12 dead) "),
    ("open parentheses", "("),
    ("dates", "on 12 June 2018, "),
    ("weekdays", "Monday Tuesday "),
    ("captions", "(Photo: AP) "),
    ("emoji", "💥👩‍👩‍👧 "),
    ("marks on marks", "k̶̡̛i̵̢l̴̨l̷͎e̸d "),
    ("paragraphs of one name", "Kabul\n\n"),
    ("an event each", "A bomb killed 12 people in Kunduz on Monday.\n\n17 died in Mosul.\n\n"),
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
    say(&format!("articles of {mean:.1} kB"), format!("{:.0} a second", count / read));
    say("kilobytes a second", format!("{:.0}", bytes as f64 / 1e3 / read));
    let name = format!("the same searched for {} phrases", words.len());
    say(&name, format!("{:.0} a second, {:.0} times as fast", count / searched, read / searched));
}

/// The articles put together until each has 3 kB, less a tenth.
fn of_three_kilobytes(articles: &[Article]) -> Vec<Article> {
    let mut found: Vec<Article> = Vec::new();
    for article in articles {
        match found.last_mut().filter(|last| last.document().len() < 2_700) {
            Some(last) => last.text += &format!("\n\n{}\n\n{}", article.title, article.text),
            None => found.push(article.clone()),
        }
    }
    found
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

/// The piece again and again, behind a story that shows the language.
fn seconds_per_mb(lexicon: &Lexicon, piece: &str, bytes: usize) -> f64 {
    let story = "The gunmen who stormed the post in Kunduz were killed, the police said. ";
    let mut text = story.repeat(30);
    while text.len() + piece.len() <= bytes {
        text += piece;
    }
    let article = Article { title: "x".into(), text, ..Article::default() };
    let begun = seconds();
    black_box(extract::events(lexicon, &article));
    (seconds() - begun) * 1e6 / bytes as f64
}

/// Seconds of the fastest round.
fn fastest(mut round: impl FnMut()) -> f64 {
    let begun = seconds();
    let mut best = f64::MAX;
    while seconds() - begun < ENOUGH {
        let round_begun = seconds();
        round();
        best = best.min(seconds() - round_begun);
    }
    best
}

/// Processor seconds of this thread.
fn seconds() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
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
