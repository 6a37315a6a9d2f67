//! Feeds as bytes on disk: one, or a list of them with a line out for each.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use jiff::Timestamp;
use url::Url;

use super::answer::Answer;
use crate::cli::look::Look;
use crate::cli::{Format, PARTLY, print};
use crate::feed;

/// More than the daemon takes over the wire, decoded.
const LARGEST: u64 = 64 << 20;

/// How the bytes are said to have come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Disk<'a> {
    pub content_type: Option<&'a str>,
    pub base: Option<&'a Url>,
}

impl Disk<'_> {
    /// One file; failure where it is no feed.
    pub fn one(self, path: &Path, format: Format) -> anyhow::Result<ExitCode> {
        let answer = self.answer(&path.to_string_lossy(), path);
        print(&match format {
            Format::Json => serde_json::to_string_pretty(&answer)? + "\n",
            Format::Table => answer.table(Look::of_stdout()),
        })?;
        Ok(if answer.error.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// One JSON line for each line of the list that is not blank, whatever it names.
    pub fn batch(self, list: &Path) -> anyhow::Result<ExitCode> {
        let mut input: Box<dyn BufRead> = match list == Path::new("-") {
            true => Box::new(io::stdin().lock()),
            false => {
                let file = File::open(list);
                Box::new(BufReader::new(
                    file.with_context(|| format!("cannot open `{}`", list.display()))?,
                ))
            }
        };
        let mut output = BufWriter::new(io::stdout().lock());
        let mut bad = 0;
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line)? > 0 {
            let named = line.strip_suffix(b"\n").unwrap_or(&line);
            let named = named.strip_suffix(b"\r").unwrap_or(named);
            if !named.trim_ascii().is_empty() {
                let answer = self.answer(&String::from_utf8_lossy(named), &path_of(named));
                bad += usize::from(answer.error.is_some());
                serde_json::to_writer(&mut output, &answer).map_err(io::Error::from)?;
                output.write_all(b"\n")?;
            }
            line.clear();
        }
        output.flush()?;
        Ok(if bad == 0 { ExitCode::SUCCESS } else { PARTLY.into() })
    }

    fn answer(self, name: &str, path: &Path) -> Answer {
        match bytes(path) {
            Ok(bytes) => self.read(name, &bytes),
            Err(fault) => Answer::of_error(name.to_owned(), format!("cannot be read: {fault}")),
        }
    }

    fn read(self, name: &str, bytes: &[u8]) -> Answer {
        // No address is known: the feed's own may stand in for it.
        let unknown = || Url::parse("file:///").expect("it is a URL");
        let base = self.base.cloned().unwrap_or_else(unknown);
        let read = || feed::read(bytes, self.content_type, &base, Timestamp::now());
        let name = name.to_owned();
        match catch_unwind(AssertUnwindSafe(read)) {
            Ok(Ok(feed)) => Answer::of_feed(name, feed),
            Ok(Err(fault)) => Answer::of_error(name, fault.to_string()),
            Err(_) => {
                Answer::of_error(name, "the reader failed on it, please report it".to_owned())
            }
        }
    }
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> std::path::PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> std::path::PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// The bytes of a file, or of standard input where it is called `-`. A pipe or a
/// device might never end, so only a regular file is opened.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let refused = |why| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)?;
    } else if !std::fs::metadata(path)?.is_file() {
        return refused("it is no regular file".to_owned());
    } else {
        File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > LARGEST {
        return refused(format!("it is longer than {} MiB", LARGEST >> 20));
    }
    Ok(bytes)
}
