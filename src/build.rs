//! Makes the index over the names of places, once for all starts of the program.

// Of what the program shares with it, the script needs a part.
#![allow(dead_code)]

use std::path::Path;
use std::{env, fs};

#[path = "text/fold.rs"]
mod fold;
#[path = "lexicon/places/layout.rs"]
mod layout;
#[path = "lexicon/places/making.rs"]
mod making;
#[path = "lexicon/places/name.rs"]
mod name;

/// Where the program has it.
mod text {
    pub(crate) use crate::fold;
}

const PLACES: &str = "src/lexicon/places";
const TABLES: &str = "src/lexicon/data/places";

fn main() {
    for source in ["src/build.rs", "src/text/fold.rs", PLACES] {
        println!("cargo::rerun-if-changed={source}");
    }
    println!("cargo::rerun-if-changed={TABLES}");
    let read = |file: &str| fs::read_to_string(Path::new(TABLES).join(file)).expect("a table");
    let texts: Vec<(String, usize)> =
        making::FILES.iter().map(|(file, column)| (read(file), *column)).collect();
    let tables: Vec<_> = texts.iter().map(|(text, column)| (text.as_str(), *column)).collect();
    let out = env::var_os("OUT_DIR").expect("cargo says where");
    fs::write(Path::new(&out).join("places.index"), making::index(&tables)).expect("cargo's place");
}
