//! Pages: how well their main text is found, and that nothing a page does stops
//! the program. The pages of `tests/pages` are texts of our own in the layouts of
//! publishers; beside each lies what a reader would call the article.

use std::collections::HashMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use url::Url;
use watchfire::article::kind::Kind;
use watchfire::article::page::{Page, Way};
use watchfire::pages::worker::{Unread, Workers};
use watchfire::text::fold::fold;

use crate::support::watchfire;

pub fn workers() -> Workers {
    Workers::of(env!("CARGO_BIN_EXE_watchfire").into())
}

async fn read(html: &[u8], content_type: Option<&str>) -> Result<Page, Unread> {
    let url = Url::parse("https://herald.example/2026/11/story.html").unwrap();
    workers().read(html, content_type, Some(&url)).await
}

/// The harmonic mean of how much of the text was found and how much of what was
/// found belongs to it, in words.
fn f1(found: &str, wanted: &str) -> f64 {
    let words = |text: &str| {
        let mut words: HashMap<String, usize> = HashMap::new();
        let text = fold(text);
        text.split(' ').for_each(|word| *words.entry(word.to_owned()).or_default() += 1);
        words
    };
    let (found, wanted) = (words(found), words(wanted));
    let shared: usize =
        wanted.iter().map(|(word, n)| (*n).min(found.get(word).copied().unwrap_or(0))).sum();
    2.0 * shared as f64 / (found.values().sum::<usize>() + wanted.values().sum::<usize>()) as f64
}

#[tokio::test]
async fn the_main_text_of_pages_in_many_layouts_is_found() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut paths: Vec<_> = fs::read_dir(directory).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "html"));
    paths.sort();
    assert!(paths.len() >= 20, "{}", paths.len());
    let mut sum = 0.0;
    for path in &paths {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let content_type = name.contains("1252").then_some("text/html; charset=windows-1252");
        let wanted = fs::read_to_string(path.with_extension("txt")).unwrap();
        let (title, wanted) = wanted.split_once("\n\n").unwrap();
        let started = Instant::now();
        let page = read(&fs::read(path).unwrap(), content_type).await.unwrap();
        let score = f1(&page.text, wanted);
        println!("{name:28} {score:.3} {:?} {} ms", page.way, started.elapsed().as_millis());
        assert_eq!(page.kind, Kind::Article, "{name}");
        assert_eq!(fold(&page.title), fold(title), "{name}");
        assert!(score >= 0.9, "{name}: {}", page.text);
        sum += score;
    }
    let mean = sum / paths.len() as f64;
    println!("{:28} {mean:.4}", "mean");
    assert!(mean >= 0.98, "{mean}");
}

#[tokio::test]
async fn a_hostile_page_is_read_or_given_up_and_never_waited_for() {
    let sentence = "Ten soldiers were killed on Thursday when fighters stormed a checkpoint. ";
    let story = sentence.repeat(8);
    let junk: String = (0..30_000).map(|n| format!("<a{n} b{n}=c{n}>")).collect();
    for (name, html) in [
        ("80 KB of nested div", format!("{}{story}", "<div>".repeat(16_000))),
        ("b and i for ever", format!("{}{story}", "<b><i>".repeat(25_000))),
        ("tables in tables", format!("{}{story}", "<table><tr><td>".repeat(8_000))),
        ("just flat enough", format!("{}{story}", "<div><p>x".repeat(480).repeat(40))),
        ("10 MB", format!("<p>{story}</p>{}", "<p>word word word</p>\n".repeat(480_000))),
        ("script junk", format!("<p>{story}</p>{}", "<script>var a = '<p>';".repeat(50_000))),
        ("unclosed attributes", format!("<p>{story}</p>{}", "<p a=\"".repeat(100_000))),
        ("unknown elements", format!("<p>{story}</p>{junk}")),
        (
            "attributes",
            format!("<p {}>{story}", (0..100_000).map(|n| format!("a{n}=1 ")).collect::<String>()),
        ),
        ("references", "&amp;&#x41;&".repeat(400_000)),
        ("form feeds", "\u{c}\u{0}<\u{c}".repeat(400_000)),
    ] {
        let started = Instant::now();
        match read(html.as_bytes(), Some("text/html")).await {
            Ok(page) => assert!(page.text.len() <= html.len(), "{name}"),
            Err(Unread::Ended(_) | Unread::TooSlow(_)) => {}
            Err(other) => panic!("{name}: {other}"),
        }
        println!("{name:24} {} ms", started.elapsed().as_millis());
    }
}

#[tokio::test]
async fn a_deep_page_still_gives_its_text() {
    let story =
        "Ten soldiers were killed on Thursday when fighters stormed a checkpoint. ".repeat(8);
    let page = read(format!("{}{story}", "<div>".repeat(16_000)).as_bytes(), None).await.unwrap();
    assert_eq!(page.way, Way::Whole);
    assert!(page.text.contains("fighters stormed a checkpoint"));
}

#[tokio::test]
async fn a_worker_that_is_none_says_so() {
    let gone = Workers::of("/nonexistent/watchfire".into()).read(b"x", None, None).await;
    assert!(matches!(gone, Err(Unread::NoProcess(_))), "{gone:?}");
    let garbled = Workers::of("/bin/true".into()).read(b"x", None, None).await;
    assert!(matches!(garbled, Err(Unread::Garbled)), "{garbled:?}");
    let failed = Workers::of("/bin/false".into()).read(b"x", None, None).await;
    assert!(matches!(failed, Err(Unread::Ended(_))), "{failed:?}");
}

#[tokio::test]
async fn a_worker_that_does_not_end_is_ended() {
    let home = tempfile::tempdir().unwrap();
    let (program, pid) = (home.path().join("stuck"), home.path().join("pid"));
    fs::write(&program, format!("#!/bin/sh\necho $$ > {}\nexec sleep 600\n", pid.display()))
        .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    // Long enough for the script to begin on any machine, far shorter than it lasts.
    let workers = Workers::of(program).within(Duration::from_secs(2));
    let stuck = loop {
        match workers.read(b"<p>x", None, None).await {
            // A process that another test was starting still held the file open.
            Err(Unread::NoProcess(busy)) if busy.kind() == ErrorKind::ExecutableFileBusy => {}
            read => break read,
        }
    };
    assert!(matches!(stuck, Err(Unread::TooSlow(_))), "{stuck:?}");
    let pid = fs::read_to_string(pid).unwrap();
    assert!(!Path::new("/proc").join(pid.trim()).exists(), "{pid}");
}

#[test]
fn a_worker_is_bounded_by_the_system() {
    // It waits for its input; meanwhile its limits are looked up.
    let mut child =
        watchfire(&["extract-page"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let limits = format!("/proc/{}/limits", child.id());
    let of = |name: &str| {
        let text = fs::read_to_string(&limits).unwrap();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
        line.split_whitespace().rev().find_map(|word| word.parse::<u64>().ok())
    };
    let started = Instant::now();
    while of("Max cpu time").is_none() && started.elapsed().as_secs() < 60 {
        std::thread::yield_now();
    }
    assert_eq!(of("Max address space"), Some(192 * 1024 * 1024));
    assert_eq!(of("Max cpu time"), Some(5));
    child.stdin.take().unwrap().write_all(b"<p>Ten died.").unwrap();
    let output = child.wait_with_output().unwrap();
    let page: Page = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(page.text, "Ten died.");
}
