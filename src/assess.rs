//! The one pure call from articles to alerts, for the daemon, the replay and the
//! tests alike. Composes the stages; each decision is made in its own module.

mod copies;
mod incoming;
mod reach;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::alert::rule::{Alert, Outcome, Quiet};
use crate::alert::{self, Rules, hold, silence, window};
use crate::article::Article;
use crate::article::print::Print;
use crate::correlate::event::{ArticleId, Change, Event, EventId};
use crate::correlate::overrides::{self, Override};
use crate::correlate::{self, Told};
use crate::extract::event::Reading;

pub use copies::{COPY, Copies};
pub use incoming::{Extent, Incoming, Wanted, as_they_came_out};
pub use reach::{Reach, reach};

/// Sorts the articles into new, changed and known, reads those that need it with
/// `read`, merges what they tell and decides what to announce. The order of the
/// batch decides nothing; the verdicts come in it.
pub fn assess(
    read: impl Fn(&Article) -> Reading,
    rules: &Rules<'_>,
    incoming: &[Incoming],
    known: &Known,
    now: Timestamp,
) -> Assessment {
    let verdicts = verdicts(read, incoming, known);
    let events = correlate::merge(&known.events, &known.overrides, &told(incoming, &verdicts), now);
    let mut assessment = judge(rules, events, known, now);
    assessment.verdicts = verdicts;
    assessment
}

/// What follows from a person's word on events: the newest of `known.overrides`, on
/// events that are all among the known.
pub fn revise(rules: &Rules<'_>, known: &Known, now: Timestamp) -> Assessment {
    judge(rules, overrides::revise(&known.events, &known.overrides, now), known, now)
}

/// Decides what of the changes is to be told, what an order of silence holds back and
/// what waits.
fn judge(rules: &Rules<'_>, events: Vec<Change>, known: &Known, now: Timestamp) -> Assessment {
    let mut assessment = Assessment { events, ..Assessment::default() };
    let (raised, quiet) = announcements(rules, &assessment.events, known, now);
    let (raised, together) = alert::bound(raised, &known.alerts, now);
    assessment.alerts = raised;
    assessment.quiet = quiet;
    assessment.quiet.extend(together);
    let sums = sums(rules, &assessment, known, now);
    sort_out(sums, &mut assessment.alerts, &mut assessment.quiet);
    for alert in &assessment.alerts {
        if let Some(order) = silence::holding(&known.silences, alert, now) {
            assessment.silenced.insert(alert.id.clone(), order.reason());
        } else if let Some(hold) = hold::of(rules.watches, alert, now) {
            assessment.held.insert(alert.id.clone(), hold);
        }
    }
    assessment
}

/// What is to be said of each event for itself.
fn announcements(
    rules: &Rules<'_>,
    changes: &[Change],
    known: &Known,
    now: Timestamp,
) -> (Vec<Alert>, Vec<Quiet>) {
    let mut history: HashMap<&EventId, Vec<&Alert>> = HashMap::new();
    for alert in known.alerts.iter().filter(|alert| alert.window.is_none()) {
        for event in std::iter::once(&alert.event_id).chain(&alert.events) {
            let of_event = history.entry(event).or_default();
            if of_event.last().is_none_or(|last| last.id != alert.id) {
                of_event.push(alert);
            }
        }
    }
    let (mut alerts, mut quiet) = (Vec::new(), Vec::new());
    for change in changes {
        let past = history.get(&change.event.id).map_or(&[][..], Vec::as_slice);
        sort_out(alert::decide(rules, &change.event, past, now), &mut alerts, &mut quiet);
    }
    (alerts, quiet)
}

/// What is to be said of events of several days together.
fn sums(rules: &Rules<'_>, assessment: &Assessment, known: &Known, now: Timestamp) -> Vec<Outcome> {
    if window::longest(rules.watches).is_none() || assessment.events.is_empty() {
        return Vec::new();
    }
    let changed: BTreeSet<&EventId> = assessment.events.iter().map(|c| &c.event.id).collect();
    let mut ledger: BTreeMap<&EventId, &Event> = BTreeMap::new();
    let standing = known.ledger.iter().chain(&known.events);
    ledger.extend(standing.map(|event| (&event.id, event)));
    ledger.extend(assessment.events.iter().map(|change| (&change.event.id, &change.event)));
    let ledger: Vec<&Event> = ledger.into_values().collect();
    let alerts: Vec<&Alert> = known.alerts.iter().chain(&assessment.alerts).collect();
    window::decide(rules, &ledger, &changed, &alerts, now)
}

fn sort_out(outcomes: Vec<Outcome>, alerts: &mut Vec<Alert>, quiet: &mut Vec<Quiet>) {
    for outcome in outcomes {
        match outcome {
            Outcome::Raised(alert) => alerts.push(*alert),
            Outcome::Quiet(silence) => quiet.push(silence),
        }
    }
}

/// What was stored before. It needs to hold only what the articles in hand can
/// touch: articles with their ids and keys, events of the weeks around their
/// days, every event in which one of those articles is sighted, and the alerts
/// of these events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    pub articles: HashMap<ArticleId, KnownArticle>,
    /// Which article a source means by a key, in its newest version.
    pub aliases: HashMap<Alias, ArticleId>,
    /// The texts that others may be copies of.
    pub copies: Copies,
    pub events: Vec<Event>,
    /// Where levels add up days: all events of these days in the watched places; their
    /// sightings may be left out.
    pub ledger: Vec<Event>,
    /// In the order in which they were raised: of the events, those of the last hour,
    /// and sums over the days that levels add up.
    pub alerts: Vec<Alert>,
    /// What persons said of events, oldest first.
    pub overrides: Vec<Override>,
    /// What persons asked not to be told of.
    pub silences: Vec<silence::Order>,
}

/// What needs to be remembered of an article that was met before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownArticle {
    /// The article that it is a version or a copy of; itself where it is the first.
    pub story: ArticleId,
}

/// What one source calls one article.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alias {
    /// The publisher's configured name.
    pub source: String,
    pub key: String,
}

/// All that follows from a batch of articles, to be recorded in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assessment {
    /// One an article, in the order in which they were given.
    pub verdicts: Vec<Verdict>,
    /// Every event that is new or changed, as it stands after the whole batch.
    pub events: Vec<Change>,
    /// To be sent, in this order.
    pub alerts: Vec<Alert>,
    /// Why some of them are recorded and told to nobody, by id.
    pub silenced: BTreeMap<String, String>,
    /// Which of them wait, by id.
    pub held: BTreeMap<String, hold::Hold>,
    /// Why the other changed events raised nothing.
    pub quiet: Vec<Quiet>,
}

/// What an article turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Not met before; `copy_of` is the article whose words it mostly has, where it tells
    /// of an attack.
    New { article: ArticleId, copy_of: Option<ArticleId>, reading: Reading },
    /// A later version of an article of the same source.
    Updated {
        article: ArticleId,
        of: ArticleId,
        story: ArticleId,
        copy_of: Option<ArticleId>,
        reading: Reading,
    },
    /// Met before, in this source or another; nothing was read.
    Duplicate { of: ArticleId },
    /// Not an article.
    Rejected { reason: Rejection },
}

/// Why something that a feed listed is not an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// Neither title nor text holds a letter.
    Empty,
}

impl Known {
    /// The articles and their stories: what events may have sighted.
    pub fn ids(&self) -> BTreeSet<&str> {
        let stories = self.articles.values().map(|known| &known.story);
        self.articles.keys().chain(stories).map(|id| id.0.as_str()).collect()
    }

    /// Takes over what an assessment of `incoming` came to, as a store would.
    pub fn record(&mut self, incoming: &[Incoming], assessment: &Assessment) {
        for (item, verdict) in incoming.iter().zip(&assessment.verdicts) {
            let Some(met) = verdict.article() else { continue };
            if let Some(print) = verdict.print(item) {
                self.copies.insert(met.clone(), print.clone(), item.out());
            }
            if let Some(story) = verdict.story() {
                self.articles.insert(met.clone(), KnownArticle { story: story.clone() });
            }
            for alias in item.aliases() {
                // A stale mirror does not bring an old version back.
                let newer = verdict.story().is_some();
                let entry = self.aliases.entry(alias).or_insert_with(|| met.clone());
                if newer {
                    *entry = met.clone();
                }
            }
        }
        for change in &assessment.events {
            match self.events.iter_mut().find(|e| e.id == change.event.id) {
                Some(event) => *event = change.event.clone(),
                None => self.events.push(change.event.clone()),
            }
        }
        self.alerts.extend(assessment.alerts.iter().cloned());
    }
}

impl Verdict {
    /// The article that the item is, or is a copy of; `None` for a rejected one.
    pub fn article(&self) -> Option<&ArticleId> {
        match self {
            Verdict::New { article, .. } | Verdict::Updated { article, .. } => Some(article),
            Verdict::Duplicate { of } => Some(of),
            Verdict::Rejected { .. } => None,
        }
    }

    /// The first version of what was read; `None` where nothing was.
    pub fn story(&self) -> Option<&ArticleId> {
        match self {
            Verdict::New { article, .. } => Some(article),
            Verdict::Updated { story, .. } => Some(story),
            Verdict::Duplicate { .. } | Verdict::Rejected { .. } => None,
        }
    }

    /// The version that it takes the place of.
    fn replaces(&self) -> Option<&ArticleId> {
        match self {
            Verdict::Updated { of, .. } => Some(of),
            _ => None,
        }
    }

    /// The article whose words it mostly has, if that is another.
    pub fn copy_of(&self) -> Option<&ArticleId> {
        match self {
            Verdict::New { copy_of, .. } | Verdict::Updated { copy_of, .. } => copy_of.as_ref(),
            Verdict::Duplicate { .. } | Verdict::Rejected { .. } => None,
        }
    }

    /// By what copies of the item are to be known: of one that tells of an attack in
    /// words of its own. What tells of none, whoever prints it, makes no report.
    pub fn print<'i>(&self, item: &'i Incoming) -> Option<&'i Print> {
        let tells = self.reading().is_some_and(|reading| !reading.events.is_empty());
        if tells && self.copy_of().is_none() { item.print() } else { None }
    }

    /// What was read out of it; `None` where nothing was.
    pub fn reading(&self) -> Option<&Reading> {
        match self {
            Verdict::New { reading, .. } | Verdict::Updated { reading, .. } => Some(reading),
            Verdict::Duplicate { .. } | Verdict::Rejected { .. } => None,
        }
    }
}

/// What the batch taught so far, before what was known.
struct Met<'a> {
    known: &'a Known,
    stories: HashMap<&'a ArticleId, ArticleId>,
    aliases: HashMap<Alias, &'a ArticleId>,
    copies: Copies,
}

fn verdicts(
    read: impl Fn(&Article) -> Reading,
    incoming: &[Incoming],
    known: &Known,
) -> Vec<Verdict> {
    let mut met =
        Met { known, stories: HashMap::new(), aliases: HashMap::new(), copies: Copies::default() };
    let mut verdicts: Vec<Option<Verdict>> = vec![None; incoming.len()];
    for index in as_they_came_out(incoming) {
        verdicts[index] = Some(verdict(&read, &incoming[index], &mut met));
    }
    verdicts.into_iter().map(|v| v.expect("every index was visited")).collect()
}

fn verdict<'a>(
    read: impl Fn(&Article) -> Reading,
    item: &'a Incoming,
    met: &mut Met<'a>,
) -> Verdict {
    let Article { title, text, .. } = &item.article;
    if !title.chars().chain(text.chars()).any(char::is_alphabetic) {
        return Verdict::Rejected { reason: Rejection::Empty };
    }
    let older = item.aliases().find_map(|alias| met.alias(&alias));
    if met.story(&item.id).is_some() {
        met.learn(item, older.is_none());
        return Verdict::Duplicate { of: item.id.clone() };
    }
    let reading = read(&item.article);
    let copy_of = if reading.events.is_empty() { None } else { met.original(item) };
    let article = item.id.clone();
    let verdict = match older.cloned() {
        None => Verdict::New { article, copy_of, reading },
        Some(of) => {
            let story = met.story(&of).unwrap_or(&of).clone();
            let copy_of = copy_of.filter(|original| *original != story);
            Verdict::Updated { article, of, story, copy_of, reading }
        }
    };
    if let Some(print) = verdict.print(item) {
        met.copies.insert(item.id.clone(), print.clone(), item.out());
    }
    met.stories.extend(verdict.story().map(|story| (&item.id, story.clone())));
    met.learn(item, true);
    verdict
}

impl<'a> Met<'a> {
    fn story(&self, article: &ArticleId) -> Option<&ArticleId> {
        let earlier = || self.known.articles.get(article).map(|known| &known.story);
        self.stories.get(article).or_else(earlier)
    }

    /// The article that the item is a copy of; it came out before, or arrived before.
    fn original(&self, item: &Incoming) -> Option<ArticleId> {
        let print = item.print()?;
        let found = [&self.copies, &self.known.copies];
        let found = found.iter().filter_map(|copies| copies.original(print, item.out())).max();
        found.map(|(_, id)| id.clone())
    }

    fn alias(&self, alias: &Alias) -> Option<&'a ArticleId> {
        self.aliases.get(alias).copied().or_else(|| self.known.aliases.get(alias))
    }

    /// Takes the item's keys for its own, all or those that are free.
    fn learn(&mut self, item: &'a Incoming, all: bool) {
        for alias in item.aliases() {
            if all || self.alias(&alias).is_none() {
                self.aliases.insert(alias, &item.id);
            }
        }
    }
}

/// What is to be merged: of several versions in one batch the newest alone, in
/// place of what its oldest replaces.
fn told<'a>(incoming: &'a [Incoming], verdicts: &'a [Verdict]) -> Vec<Told<'a>> {
    let read = || incoming.iter().zip(verdicts);
    let replaced: HashMap<&ArticleId, Option<&ArticleId>> = read()
        .filter(|(_, verdict)| verdict.reading().is_some())
        .map(|(item, verdict)| (&item.id, verdict.replaces()))
        .collect();
    let outdated: HashSet<(&str, &ArticleId)> = read()
        .filter_map(|(item, verdict)| Some((item.article.source.as_str(), verdict.replaces()?)))
        .collect();
    let mut told = Vec::new();
    for (item, verdict) in read() {
        let (Some(reading), Some(story)) = (verdict.reading(), verdict.story()) else { continue };
        if outdated.contains(&(item.article.source.as_str(), &item.id)) {
            continue;
        }
        let mut replaces = verdict.replaces();
        while let Some(older) = replaces.and_then(|of| replaced.get(of)) {
            replaces = *older;
        }
        let (article, agency) = (&item.article, item.agency.as_deref());
        let Incoming { id, fetched, .. } = item;
        let (fetched, copy_of) = (*fetched, verdict.copy_of());
        told.push(Told { id, article, reading, fetched, agency, story, copy_of, replaces });
    }
    told
}
