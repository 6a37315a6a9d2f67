//! `watchfire status`: how each source stands, the worst first, why, and what to do.
//! Reads the store while a daemon may be writing to it.

use std::collections::{BTreeMap, HashMap};
use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::look::{BAD, FAINT, GOOD, Look, WARNING, one_line};
use super::settings::{self, ConfigFile};
use super::table::{Cell, Table};
use super::{Format, diagnostics, print};
use crate::config;
use crate::lexicon::Lexicon;
use crate::source::blind::{Blind, Kind};
use crate::source::standing::{self, Standing, Word};
use crate::source::state::{Health, MirrorState};
use crate::source::{Mirror, Source, SourceState};
use crate::store::Store;

/// What to show, and how.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    #[command(flatten)]
    file: ConfigFile,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// End with exit code 1 where watchfire is blind somewhere
    #[arg(long)]
    check: bool,
}

/// One source, and all that is known of it.
struct Line {
    source: Source,
    state: SourceState,
    standing: Standing,
    per_day: Option<f64>,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let lexicon = Lexicon::embedded();
    let settings = match settings::load(&options.file.config, &lexicon) {
        Ok(settings) => settings,
        Err(config::Error::Wrong(faults)) => return Ok(diagnostics(&faults)),
        Err(error) => return Err(error.into()),
    };
    let store = Store::read_only(&settings.store.path)?;
    let (states, blind) = (store.source_states()?, store.blind()?);
    let (per_day, now) = (store.items_per_day()?, Timestamp::now());
    let lines = lines(settings.sources, states, &blind, &per_day, now);
    match options.format {
        Format::Json => print(&format!("{:#}\n", as_json(&lines, &blind, now)))?,
        Format::Table => print(&as_table(&lines, now, Look::of_stdout()))?,
    }
    let is_blind = lines.iter().any(|line| line.standing.word < Word::Failing);
    Ok(if options.check && is_blind { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The worst first; sources that stand alike in the order of the configuration.
fn lines(
    sources: Vec<Source>,
    mut states: HashMap<String, SourceState>,
    blind: &[Blind],
    per_day: &HashMap<String, f64>,
    now: Timestamp,
) -> Vec<Line> {
    let is_outage = blind.iter().any(|blind| blind.kind == Kind::Outage);
    let line = |source: Source| {
        let state = states.remove(&source.name).unwrap_or_default();
        let standing = standing::of(&source, &state, is_outage, now);
        let per_day = per_day.get(&source.name).copied();
        Line { source, state, standing, per_day }
    };
    let mut lines: Vec<Line> = sources.into_iter().map(line).collect();
    lines.sort_by_key(|line| line.standing.word);
    lines
}

fn as_table(lines: &[Line], now: Timestamp, look: Look) -> String {
    let mut table =
        Table::new(&["source", "state", "good", "new", "a day", "next", "why, and what to do"]);
    for line in lines {
        let Standing { word, why, next_step } = &line.standing;
        let parts = [why, next_step].map(|part| one_line(part));
        let told = parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>();
        let mut told = told.join("\n-> ");
        told.extend(passed_over(line).map(|mirror| format!("\n{mirror}")));
        table.row(vec![
            line.source.name.as_str().into(),
            Cell::styled(style(*word), word.to_string()),
            good(&line.state, now).into(),
            ago(line.state.rhythm.last_new, now).into(),
            line.per_day.map(|count| format!("{count:.1}")).unwrap_or_default().into(),
            ahead(line.state.next_poll, now).into(),
            Cell::styled(if *word == Word::Up { FAINT } else { anstyle::Style::new() }, told),
        ]);
    }
    format!("{}\n\n{}", look.paint(headline(lines), summary(lines)), table.render(look))
}

/// "22 sources: 2 down, 1 quiet, 19 up".
fn summary(lines: &[Line]) -> String {
    let mut counts: BTreeMap<Word, usize> = BTreeMap::new();
    lines.iter().for_each(|line| *counts.entry(line.standing.word).or_default() += 1);
    let counts: Vec<String> =
        counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    let noun = if lines.len() == 1 { "source" } else { "sources" };
    let all_late = !lines.is_empty() && lines.iter().all(|line| line.standing.word == Word::Late);
    let dead = if all_late { ". The daemon does not seem to run" } else { "" };
    format!("{} {noun}: {}{dead}", lines.len(), counts.join(", "))
}

fn headline(lines: &[Line]) -> anstyle::Style {
    lines.first().map_or(GOOD, |line| style(line.standing.word))
}

fn style(word: Word) -> anstyle::Style {
    match word {
        Word::Outage | Word::Late | Word::Quarantined | Word::Down | Word::Differs => BAD,
        Word::Quiet | Word::Damaged | Word::Failing | Word::Held => WARNING,
        Word::Waiting => FAINT,
        Word::Up => GOOD,
    }
}

/// The mirror that serves a source, where it is not the preferred one.
fn passed_over(line: &Line) -> Option<String> {
    let sticky = line.state.sticky.as_ref()?;
    let is_first = line.source.mirrors.first().is_some_and(|mirror| mirror.url == *sticky);
    let serving = line.source.mirrors.iter().find(|mirror| mirror.url == *sticky)?;
    (!is_first).then(|| format!("served by {}", serving.host()))
}

/// When it was last good; a source that was never polled has not failed to be.
fn good(state: &SourceState, now: Timestamp) -> String {
    match state.last_good {
        None if state.last_poll.is_some() => "never".to_owned(),
        at => ago(at, now),
    }
}

/// "3 min ago"; empty where it never was.
fn ago(at: Option<Timestamp>, now: Timestamp) -> String {
    at.map(|at| format!("{} ago", span(now.as_second() - at.as_second()))).unwrap_or_default()
}

/// "in 3 min", "now".
fn ahead(at: Option<Timestamp>, now: Timestamp) -> String {
    match at.map(|at| at.as_second() - now.as_second()) {
        Some(left) if left > 0 => format!("in {}", span(left)),
        _ => "now".to_owned(),
    }
}

fn span(seconds: i64) -> String {
    match seconds.max(0) {
        s @ 0..120 => format!("{s} s"),
        s @ 120..7_200 => format!("{} min", s / 60),
        s @ 7_200..172_800 => format!("{} h", s / 3_600),
        s => format!("{} d", s / 86_400),
    }
}

fn as_json(lines: &[Line], blind: &[Blind], now: Timestamp) -> Value {
    let mut counts: BTreeMap<Word, usize> = BTreeMap::new();
    lines.iter().for_each(|line| *counts.entry(line.standing.word).or_default() += 1);
    let sources: Vec<Value> = lines.iter().map(source_json).collect();
    json!({"at": now, "counts": counts, "blind": blind, "sources": sources})
}

fn source_json(line: &Line) -> Value {
    let Line { source, state, standing, per_day } = line;
    let unknown = MirrorState::default();
    let mirrors = source.mirrors.iter().map(|mirror| {
        mirror_json(mirror, state.mirrors.get(&mirror.url).unwrap_or(&unknown), state)
    });
    json!({
        "source": source.name,
        "state": standing.word,
        "why": one_line(&standing.why),
        "next_step": standing.next_step,
        "last_poll": state.last_poll,
        "last_good": state.last_good,
        "last_new": state.rhythm.last_new,
        "quiet_after": state.rhythm.patience().and_then(|p| state.rhythm.last_new?.checked_add(p).ok()),
        "next_poll": state.next_poll,
        "pace": state.pace,
        "failed_polls": state.streak,
        "failing_since": state.failing_since,
        "items_per_day": per_day,
        "mirrors": mirrors.collect::<Vec<_>>(),
    })
}

fn mirror_json(mirror: &Mirror, known: &MirrorState, state: &SourceState) -> Value {
    let (word, failures, retry_at) = match &known.health {
        Health::Up { failures: 0 } if known.stale_since.is_some() => ("stale", 0, None),
        Health::Up { failures: 0 } => ("up", 0, None),
        Health::Up { failures } => ("failing", *failures, None),
        Health::Down { failures, retry_at, .. } => ("down", *failures, Some(*retry_at)),
    };
    json!({
        "url": mirror.url,
        "state": word,
        "serves": state.sticky.as_ref() == Some(&mirror.url),
        "last_asked": known.last_asked,
        "last_good": known.last_good,
        "failures": failures,
        "error_class": known.last_cause,
        "error": known.last_fault.as_deref().map(one_line),
        "retry_at": retry_at,
        "not_before": known.not_before,
        "latency_ms": known.usual_latency().map(|usual| usual.as_millis() as u64),
        "newest_item": known.newest,
        "stale_since": known.stale_since,
        "differs": known.differs,
        "moved": known.moved,
    })
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn a_span_is_told_in_its_largest_fitting_unit() {
        for (seconds, told) in [
            (-5, "0 s"),
            (119, "119 s"),
            (120, "2 min"),
            (7_199, "119 min"),
            (7_200, "2 h"),
            (200_000, "2 d"),
        ] {
            assert_eq!(span(seconds), told);
        }
    }
}
