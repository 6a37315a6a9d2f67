//! The plan of the house as a test: who may import whom, and what the core may not
//! touch. Read from the source, so that a new arrow has to be drawn here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Modules in the order in which data flows, with what each may import besides
/// itself. The core first, then the shell.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("lexicon", &["text"]),
    ("source", &["lexicon", "text"]),
    ("feed", &["text"]),
    ("article", &["lexicon", "text"]),
    ("extract", &["article", "lexicon", "text"]),
    ("correlate", &["article", "extract", "lexicon", "text"]),
    ("alert", &["article", "correlate", "extract", "lexicon"]),
    ("assess", &["alert", "article", "correlate", "extract", "lexicon"]),
    ("fetch", &["feed", "source", "text"]),
    ("pages", &["article", "fetch", "source", "text"]),
    (
        "store",
        &[
            "alert",
            "article",
            "assess",
            "correlate",
            "extract",
            "feed",
            "lexicon",
            "source",
            "text",
        ],
    ),
    ("notify", &["alert", "correlate", "extract", "fetch", "lexicon", "text"]),
    ("config", &["alert", "extract", "fetch", "lexicon", "notify", "source", "store", "text"]),
    (
        "daemon",
        &[
            "alert",
            "article",
            "assess",
            "correlate",
            "extract",
            "feed",
            "fetch",
            "lexicon",
            "notify",
            "pages",
            "source",
            "store",
            "text",
        ],
    ),
    (
        "cli",
        &[
            "alert",
            "article",
            "assess",
            "config",
            "correlate",
            "daemon",
            "extract",
            "feed",
            "fetch",
            "lexicon",
            "notify",
            "pages",
            "source",
            "store",
            "text",
        ],
    ),
];

const CORE: &[&str] =
    &["text", "lexicon", "source", "feed", "article", "extract", "correlate", "alert", "assess"];

/// Clock, network, disk, tasks and log are the shell's.
const SHELL_ONLY: &[&str] = &[
    "tokio",
    "reqwest",
    "rusqlite",
    "axum",
    "tracing",
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "SystemTime",
    "Instant",
    "Timestamp::now",
    "Zoned::now",
    "async fn",
];

/// Every file of a module: `src/x.rs` and all below `src/x/`.
fn files_of(module: &str) -> Vec<PathBuf> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let single = sources.join(format!("{module}.rs"));
    found.extend(single.exists().then_some(single));
    let mut open = vec![sources.join(module)];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.extension().and_then(|end| end.to_str()) {
                Some("rs") => found.push(path),
                None => open.push(path),
                Some(_) => {}
            }
        }
    }
    assert!(!found.is_empty(), "{module}");
    found
}

/// The lines of code before the tests, comments left out.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let is_test_file =
        path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests");
    let code =
        if is_test_file { "" } else { text.split("#[cfg(test)]").next().unwrap_or_default() };
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules of this crate that the code names: `crate::x` and `crate::{x, y::z}`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let name = |text: &str| -> String {
            text.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
        };
        match rest.strip_prefix('{') {
            None => drop(found.insert(name(rest))),
            Some(list) => {
                let mut depth = 0;
                let mut item = String::new();
                for c in list.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => drop(found.insert(name(&std::mem::take(&mut item)))),
                        _ if depth == 0 => item.push(c),
                        _ => {}
                    }
                }
                found.insert(name(&item));
            }
        }
    }
    found.remove("");
    found
}

#[test]
fn the_arrows_point_one_way() {
    for (module, may) in MAY_IMPORT {
        for file in files_of(module) {
            for import in imports(&code_of(&file)) {
                let is_drawn = import == *module || may.contains(&import.as_str());
                assert!(
                    is_drawn,
                    "{} imports `{import}`, which `{module}` may not",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn no_arrow_makes_a_circle() {
    let place = |name: &str| MAY_IMPORT.iter().position(|(module, _)| *module == name).unwrap();
    for (module, may) in MAY_IMPORT {
        for import in *may {
            assert!(place(import) < place(module), "{module} -> {import}");
        }
    }
}

#[test]
fn every_module_has_its_place_in_the_plan() {
    let library = include_str!("../../src/lib.rs");
    let modules =
        library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let modules: BTreeSet<&str> = modules.collect();
    let planned: BTreeSet<&str> = MAY_IMPORT.iter().map(|(module, _)| *module).collect();
    assert_eq!(modules, planned);
}

#[test]
fn the_core_has_no_clock_no_network_no_disk_and_no_log() {
    for module in CORE {
        for file in files_of(module) {
            let code = code_of(&file);
            for word in SHELL_ONLY {
                assert!(!code.contains(word), "{} uses `{word}`", file.display());
            }
        }
    }
}

#[test]
fn all_sql_is_in_the_store() {
    for (module, _) in MAY_IMPORT.iter().filter(|(module, _)| *module != "store") {
        for file in files_of(module) {
            let code = code_of(&file);
            assert!(!code.contains("rusqlite"), "{}", file.display());
        }
    }
}

#[test]
fn imports_are_found_in_every_form() {
    let code = "use crate::a::b;\nuse crate::{c, d::{e, f}, g};\nfn x() { crate::h::i() }";
    let found: Vec<String> = imports(code).into_iter().collect();
    assert_eq!(found, ["a", "c", "d", "g", "h"]);
}
