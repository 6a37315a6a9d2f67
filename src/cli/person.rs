//! What the commands over alerts and events share: who speaks, the store beside a
//! running daemon, ids by their beginning, and the places' names.

use anyhow::{Context, bail};
use jiff::Timestamp;

use super::settings::{self, ConfigFile};
use super::{Format, print};
use crate::alert::Rules;
use crate::alert::rule::Severity;
use crate::assess::{self, Assessment};
use crate::correlate::event::EventId;
use crate::correlate::overrides::{Act, Override};
use crate::daemon::Settings;
use crate::lexicon::{Lexicon, PlaceCode};
use crate::notify::{self, log};
use crate::store::{self, Kind, Recipient, Store};

/// Who speaks, and why.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Speaker {
    /// Who says so [default: the user that is logged in]
    #[arg(long)]
    author: Option<String>,
    /// Why, in a few words
    #[arg(long)]
    comment: String,
}

impl Speaker {
    pub fn new(author: Option<String>, comment: String) -> Speaker {
        Speaker { author, comment }
    }

    pub fn author(&self) -> anyhow::Result<String> {
        let user =
            || ["SUDO_USER", "USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
        let author = self.author.clone().or_else(user).map(|name| super::look::one_line(&name));
        author.filter(|name| !name.is_empty()).context("nobody is named; say who with --author")
    }

    pub fn comment(&self) -> anyhow::Result<String> {
        let comment = super::look::one_line(&self.comment);
        if comment.is_empty() {
            bail!("an empty comment explains nothing; say why with --comment");
        }
        Ok(comment)
    }
}

/// What the configuration says.
pub(super) fn settings(file: &ConfigFile) -> anyhow::Result<Settings> {
    Ok(settings::load(&file.config, &Lexicon::embedded())?)
}

/// Who is told of what a command decides.
pub(super) fn recipients(alerts: &notify::Settings) -> Vec<Recipient<'_>> {
    let log = Recipient { sink: log::SINK, least: Severity::Notice, hears_all: true };
    let sinks = alerts.sinks.iter();
    let others = sinks.map(|sink| Recipient { least: sink.least, ..Recipient::of_all(&sink.name) });
    std::iter::once(log).chain(others).collect()
}

/// The id that begins so.
pub(super) fn id(store: &Store, kind: Kind, start: &str) -> anyhow::Result<String> {
    let what = match kind {
        Kind::Message => "alert",
        Kind::Event => "event",
    };
    let mut found = store.ids(kind, start)?;
    match (found.len(), found.iter().any(|id| id == start)) {
        (_, true) => Ok(start.to_owned()),
        (1, _) if start.len() >= 4 => Ok(found.remove(0)),
        (0 | 1, _) => {
            bail!("there is no {what} `{start}`; `watchfire {what} list` shows those there are")
        }
        _ => bail!("`{start}` may be any of {}; write more of the id", found.join(", ")),
    }
}

/// What a person's word came to.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub assessment: Assessment,
}

/// Records a person's word on `events`, or takes back the one of that number, with all
/// that follows; a poll that comes in between is waited for.
pub(super) fn say(
    settings: &Settings,
    events: &[EventId],
    speaker: &Speaker,
    act: Option<Act>,
    revoked: Option<i64>,
) -> anyhow::Result<Said> {
    let mut store = Store::beside(&settings.store.path)?;
    let (author, comment) = (speaker.author()?, speaker.comment()?);
    let said = act.map(|act| Override { made: Timestamp::now(), author, comment, act });
    for _ in 0..20 {
        let now = Timestamp::now();
        let mut known = store.known_of(events)?;
        if let Some(number) = revoked {
            let words = events.iter().map(|event| store.words_on(event));
            let words = words.collect::<Result<Vec<_>, _>>()?.concat();
            let word = words.into_iter().find(|word| word.number == number);
            let word = word.filter(|word| word.revoked.is_none());
            let word = word.context("there is no such word of a person on that event")?;
            known.overrides.retain(|said| *said != word.said);
        }
        known.overrides.extend(said.clone());
        let places = &settings.lexicon.places;
        let names =
            |code: PlaceCode| places.division_name(code).unwrap_or(code.as_str()).to_owned();
        let rules =
            Rules { watches: &settings.watches, late_after: settings.late_after, names: &names };
        let assessment = assess::revise(&rules, &known, now);
        let sinks = recipients(&settings.alerts);
        match store.record_word(said.as_ref(), revoked, &assessment, &sinks, now) {
            Ok(()) => return Ok(Said { assessment }),
            Err(store::Error::Overtaken(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    bail!("the store is being written to without a pause; try again")
}

impl Said {
    /// With what came of another word after it: of each event the newest state.
    pub fn join(&mut self, later: Said) {
        let Assessment { events, alerts, .. } = later.assessment;
        for change in events {
            self.assessment.events.retain(|known| known.event.id != change.event.id);
            self.assessment.events.push(change);
        }
        self.assessment.alerts.extend(alerts);
    }

    /// Tells what changed and what is sent.
    pub fn tell(&self, format: Format) -> anyhow::Result<()> {
        let Assessment { events, alerts, .. } = &self.assessment;
        if format == Format::Json {
            let told = serde_json::json!({"events": events, "alerts": alerts});
            return Ok(print(&format!("{told:#}\n"))?);
        }
        let mut out = String::new();
        for change in events {
            let (id, revision) = (&change.event.id.0, change.event.revision);
            out += &format!("event\t{id}\trevision {revision}\n");
        }
        for alert in alerts {
            let kind = format!("{:?}", alert.kind).to_lowercase();
            let headline = super::look::one_line(&alert.headline);
            out += &format!("{kind}\t{}\t{headline}\n", alert.id);
        }
        if events.is_empty() {
            out += "nothing is other than it was\n";
        }
        Ok(print(&out)?)
    }
}
