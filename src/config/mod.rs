//! Reads the configuration: TOML in, each module's own settings out, or everything
//! that is wrong with it, each fault with its place and what would be right.
//! Opens nothing but the file; whether a feed answers is for the daemon to see.

mod access;
mod diagnostic;
mod mail;
mod patience;
mod place;
mod sink;
mod source;
mod span;
mod table;
mod watch;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use jiff::SignedDuration;
use toml::de::DeTable;

use crate::alert::LATE_AFTER;
use crate::alert::rule::Watch;
use crate::lexicon::PlaceCode;
use crate::lexicon::places::{Gazetteer, OwnPlace};
use crate::source::Source;
use crate::{fetch, notify, store};

pub use diagnostic::{Diagnostic, Diagnostics};

use diagnostic::Gravity;
use table::{Faults, Table, Text};

/// Everything that the operator decides.
#[derive(Debug, Clone)]
pub struct Config {
    pub store: store::Settings,
    pub alerts: notify::Settings,
    /// News of older events is recorded and does not alert.
    pub late_after: SignedDuration,
    pub fetch: fetch::Settings,
    /// In the order of the file; never empty where they are needed.
    pub sources: Vec<Source>,
    pub watches: Vec<Watch>,
    /// Places that the operator adds to the gazetteer.
    pub places: Vec<OwnPlace>,
    /// Each place of each watch as it was written, for `watchfire check`.
    pub written: Vec<WrittenPlace>,
    /// What is allowed and probably not meant.
    pub warnings: Diagnostics,
}

/// A place of a watch as the operator wrote it, and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenPlace {
    pub watch: String,
    pub written: String,
    pub code: PlaceCode,
}

/// Why there is no configuration to go by.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "there is no configuration at `{}`; copy the annotated sample config/watchfire.toml there, or name another file with --config", .0.display()
    )]
    Missing(PathBuf),
    #[error(
        "the configuration `{}` cannot be read; see that it is a file that the user who runs watchfire may read", path.display()
    )]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("`{}` is longer than {} MiB and cannot be a configuration; name another file with --config", .0.display(), LARGEST >> 20)]
    TooLarge(PathBuf),
    #[error("{0}")]
    Wrong(Diagnostics),
}

/// Longer than any list of feeds.
const LARGEST: u64 = 4 << 20;

/// Whether the configuration is to say what is polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sources {
    Needed,
    /// The articles come from elsewhere.
    Optional,
}

/// Reads and checks the configuration at `path`.
pub fn load(path: &Path, gazetteer: &Gazetteer) -> Result<Config, Error> {
    load_with(path, gazetteer, Sources::Needed)
}

/// The same; `sources` says whether it must name any.
pub fn load_with(path: &Path, gazetteer: &Gazetteer, sources: Sources) -> Result<Config, Error> {
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Error::Missing(path.to_owned()));
        }
        Err(error) => return Err(unreadable(error)),
    };
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::TooLarge(path.to_owned()));
    }
    of_bytes(&bytes, &path.display().to_string(), gazetteer, sources).map_err(Error::Wrong)
}

/// Checks the bytes of a configuration; `file` is its name in the diagnostics.
pub fn parse_bytes(bytes: &[u8], file: &str, gazetteer: &Gazetteer) -> Result<Config, Diagnostics> {
    of_bytes(bytes, file, gazetteer, Sources::Needed)
}

fn of_bytes(
    bytes: &[u8],
    file: &str,
    gazetteer: &Gazetteer,
    sources: Sources,
) -> Result<Config, Diagnostics> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => parse_with(text, file, gazetteer, sources),
        Err(error) => {
            let at = error.valid_up_to();
            let text = String::from_utf8_lossy(bytes);
            let fault = Diagnostic::at(at..at + 1, "the file is not UTF-8", "save it as UTF-8");
            Err(Diagnostics::new(Gravity::Error, file, &text, vec![fault]))
        }
    }
}

/// Reads a span of time as the configuration writes it, "12h"; what is wrong otherwise.
pub fn span(text: &str) -> Result<std::time::Duration, String> {
    span::parse(text).map_err(|error| error.to_string())
}

/// Checks the text of a configuration; `file` is its name in the diagnostics.
pub fn parse(text: &str, file: &str, gazetteer: &Gazetteer) -> Result<Config, Diagnostics> {
    parse_with(text, file, gazetteer, Sources::Needed)
}

/// The same; `sources` says whether it must name any.
pub fn parse_with(
    text: &str,
    file: &str,
    gazetteer: &Gazetteer,
    sources: Sources,
) -> Result<Config, Diagnostics> {
    let (document, syntax) = DeTable::parse_recoverable(text);
    if !syntax.is_empty() {
        let faults = syntax.iter().map(|error| {
            Diagnostic::at(error.span().unwrap_or(0..0), one_line(error.message()), "")
        });
        return Err(Diagnostics::new(Gravity::Error, file, text, faults.collect()));
    }
    let mut faults = Faults::new();
    let mut warnings = Faults::new();
    let config = read(&mut faults, &mut warnings, document.get_ref(), gazetteer, sources);
    if !faults.is_empty() {
        return Err(Diagnostics::new(Gravity::Error, file, text, faults));
    }
    Ok(Config { warnings: Diagnostics::new(Gravity::Warning, file, text, warnings), ..config })
}

/// What the tables say; only worth anything when no fault was found.
fn read(
    faults: &mut Faults,
    warnings: &mut Faults,
    document: &DeTable<'_>,
    gazetteer: &Gazetteer,
    need: Sources,
) -> Config {
    let keys = ["store", "alerts", "sink", "fetch", "source", "watch", "place"];
    let top = Table::new(faults, document, 0..0, "", &keys);
    let alert_keys =
        top.table(faults, "alerts", "[alerts]", &["log", "late_after", "title", "text", "sender"]);
    let places = place::read(faults, &top);
    let gazetteer = gazetteer.clone().with_rows(&places);
    if need == Sources::Needed {
        source::require(faults, &top);
    }
    let sources = source::read(faults, &top, &gazetteer);
    let (watches, written) = watch::read(faults, warnings, &top, &gazetteer);
    let (sinks, sender) = sink::read(faults, warnings, &top, alert_keys.as_ref());
    Config {
        store: store(faults, &top),
        alerts: alerts(faults, alert_keys.as_ref(), sinks, sender),
        late_after: late_after(faults, alert_keys.as_ref()),
        fetch: fetch(faults, &top),
        sources,
        watches,
        places,
        written,
        warnings: Diagnostics::new(Gravity::Warning, "", "", Vec::new()),
    }
}

fn store(faults: &mut Faults, top: &Table<'_>) -> store::Settings {
    let table = top.table(faults, "store", "[store]", &["path"]);
    let path = table.filter(|table| table.has("path"));
    let path = path.and_then(|table| table.required_text(faults, "path"));
    path.map(|path| store::Settings { path: path.value.into() }).unwrap_or_default()
}

fn alerts(
    faults: &mut Faults,
    table: Option<&Table<'_>>,
    sinks: Vec<notify::Sink>,
    sender: String,
) -> notify::Settings {
    let log = table.filter(|table| table.has("log"));
    let log = log.and_then(|table| table.required_text(faults, "log"));
    notify::Settings {
        log: log.map_or(notify::Settings::default().log, |log| log.value.into()),
        sinks,
        sender,
    }
}

fn late_after(faults: &mut Faults, table: Option<&Table<'_>>) -> SignedDuration {
    let written = table.and_then(|table| table.text(faults, "late_after"));
    let span = written.and_then(|text| span::read(faults, &text, "how old news may be"));
    span.and_then(|span| SignedDuration::try_from(span).ok()).unwrap_or(LATE_AFTER)
}

fn fetch(faults: &mut Faults, top: &Table<'_>) -> fetch::Settings {
    let usual = fetch::Settings::default();
    let keys = ["allow_networks", "host_spacing", "at_once"];
    let Some(table) = top.table(faults, "fetch", "[fetch]", &keys) else { return usual };
    let networks = table.texts(faults, "allow_networks").unwrap_or_default();
    let spacing = table.text(faults, "host_spacing");
    let spacing = spacing.and_then(|text| span::read(faults, &text, "the time between requests"));
    fetch::Settings {
        allow_networks: networks.iter().filter_map(|text| network(faults, text)).collect(),
        host_spacing: spacing.unwrap_or(usual.host_spacing),
        at_once: table.count(faults, "at_once", 256).unwrap_or(usual.at_once),
        ..usual
    }
}

fn network(faults: &mut Faults, text: &Text<'_>) -> Option<IpNet> {
    let written = text.value.trim();
    let single = || written.parse::<std::net::IpAddr>().ok().map(IpNet::from);
    let network = written.parse::<IpNet>().ok().or_else(single);
    if network.is_none() {
        let message = format!("`{}` is not a network", text.value);
        let label = "write it as \"10.0.0.0/8\" or \"fd00::/8\"";
        faults.push(Diagnostic::at(text.span.clone(), message, label));
    }
    network
}

/// Messages of the TOML parser have a line for each thing that they expected.
fn one_line(message: &str) -> String {
    message.lines().map(str::trim).collect::<Vec<_>>().join(", ")
}
