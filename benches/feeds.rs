//! The corpus of damaged feeds as files, for comparing readers; and single-byte
//! mutants of it by the million, for proving that no item is lost unsaid.
//!
//! ```sh
//! cargo bench --bench feeds -- corpus DIRECTORY
//! cargo bench --bench feeds -- mutants COUNT [SEED]
//! ```

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;

#[path = "../tests/it/feeds/charsets.rs"]
mod charsets;
#[path = "../tests/it/feeds/corpus.rs"]
mod corpus;
#[path = "../tests/it/feeds/faults.rs"]
mod faults;
#[path = "../tests/it/feeds/mutants.rs"]
mod mutants;
#[path = "../tests/it/feeds/seeds.rs"]
mod seeds;

fn main() -> ExitCode {
    // `cargo bench` adds a flag of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let number = |at: usize| arguments.get(at).and_then(|text| text.parse::<u64>().ok());
    match (arguments.first().map(String::as_str), arguments.get(1)) {
        (Some("corpus"), Some(directory)) => write(Path::new(directory)),
        (Some("mutants") | None, _) => run(number(1).unwrap_or(10_000), number(2).unwrap_or(1)),
        _ => {
            eprintln!("usage: feeds corpus DIRECTORY | feeds mutants COUNT [SEED]");
            ExitCode::from(2)
        }
    }
}

/// The corpus as files, and a list of them with their content types and titles.
fn write(directory: &Path) -> ExitCode {
    fs::create_dir_all(directory).expect("the directory can be made");
    let mut list = String::new();
    for case in corpus::all() {
        let path = directory.join(format!("{}.xml", case.name.replace('/', "_")));
        fs::write(&path, &case.bytes).expect("the directory can be written to");
        let row = serde_json::json!({
            "path": path, "content_type": case.content_type, "titles": case.titles,
        });
        list += &format!("{row}\n");
    }
    fs::write(directory.join("corpus.jsonl"), list).expect("the directory can be written to");
    ExitCode::SUCCESS
}

fn run(count: u64, seed: u64) -> ExitCode {
    // What the reader catches itself is no failure here.
    std::panic::set_hook(Box::new(|panic| {
        if !watchfire::feed::is_guarded() {
            eprintln!("{panic}");
        }
    }));
    let cases = corpus::with_borders();
    let now = Timestamp::now();
    let mut dice = mutants::Dice::new(seed);
    let (mut lost, mut panics) = (0u64, 0u64);
    for done in 1..=count {
        let case = &cases[dice.below(cases.len())];
        let (bytes, change) = mutants::mutant(&case.bytes, &mut dice);
        match catch_unwind(AssertUnwindSafe(|| mutants::fault(case, &bytes, now))) {
            Ok(None) => {}
            Ok(Some(fault)) => {
                lost += 1;
                println!("{}, {change}: {fault}", case.name);
            }
            Err(_) => {
                panics += 1;
                println!("{}, {change}: a panic", case.name);
            }
        }
        if done % 100_000 == 0 {
            eprintln!("{done} mutants: {lost} with items lost, {panics} panics");
        }
    }
    println!(
        "{count} mutants of {} feeds, seed {seed}: {lost} with items lost, {panics} panics",
        cases.len()
    );
    if lost + panics == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
