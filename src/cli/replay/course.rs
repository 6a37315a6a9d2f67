//! The course that things take when articles come in one after the other.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use serde_json::Value;

use super::given::Given;
use crate::alert::Rules;
use crate::alert::rule::Alert;
use crate::alert::silence::Order;
use crate::article::Article;
use crate::assess::{Assessment, Incoming, Known, assess, revise};
use crate::correlate::event::{ArticleId, Event};
use crate::correlate::overrides::Override;
use crate::extract;
use crate::extract::event::Reading;
use crate::lexicon::Lexicon;

/// What persons said then; it holds from when they said it.
#[derive(Default)]
pub(super) struct Words {
    /// Oldest first.
    pub overrides: Vec<Override>,
    pub silences: Vec<Order>,
}

/// What came of articles.
pub(super) struct Course {
    /// Every alert in order, with the article that it came after; none where a
    /// person's word raised it.
    pub alerts: Vec<(Alert, Value)>,
    /// Why some of them would be told to nobody, by id.
    pub silenced: BTreeMap<String, String>,
    /// Those that any article still tells of, the earliest day first.
    pub events: Vec<Event>,
    /// Under which names the file has each article.
    names: HashMap<ArticleId, Vec<Value>>,
}

impl Course {
    /// Takes the articles as they were fetched: what one source gave at one moment is
    /// one poll. A person's word comes between them when it was said.
    pub fn of(lexicon: &Lexicon, rules: &Rules<'_>, articles: &[Given], words: &Words) -> Course {
        let read = |article: &Article| {
            let reading = catch_unwind(AssertUnwindSafe(|| extract::events(lexicon, article)));
            let doubts = || vec!["the reader failed on it".to_owned()];
            reading.unwrap_or_else(|_| Reading { doubts: doubts(), ..Reading::default() })
        };
        let mut known = Known::default();
        let (mut alerts, mut silenced) = (Vec::new(), BTreeMap::new());
        let mut said = words.overrides.iter().peekable();
        for poll in articles.chunk_by(|a, b| poll_of(a) == poll_of(b)) {
            let batch: Vec<Incoming> = poll.iter().map(|given| given.incoming.clone()).collect();
            let now = batch[0].fetched;
            while let Some(word) = said.next_if(|word| word.made <= now) {
                let assessment = speak(rules, &mut known, word);
                silenced.extend(assessment.silenced);
                alerts.extend(assessment.alerts.into_iter().map(|alert| (alert, Value::Null)));
            }
            known.silences = held_then(words, now);
            let assessment = assess(read, rules, &batch, &known, now);
            known.record(&batch, &assessment);
            silenced.extend(assessment.silenced);
            let raised = assessment.alerts.into_iter();
            alerts.extend(raised.map(|alert| {
                let after = after(&known, &alert, poll);
                (alert, after)
            }));
        }
        for word in said {
            let assessment = speak(rules, &mut known, word);
            silenced.extend(assessment.silenced);
            alerts.extend(assessment.alerts.into_iter().map(|alert| (alert, Value::Null)));
        }
        Course { alerts, silenced, events: standing(known), names: names(articles) }
    }

    /// The articles that report the event, as the file calls them.
    pub fn reports(&self, event: &Event) -> Vec<&Value> {
        let mut listed = HashSet::new();
        let names = event.sightings.iter().filter_map(|s| self.names.get(&s.article)).flatten();
        names.filter(|name| listed.insert(name.to_string())).collect()
    }
}

/// What follows from a person's word when it is said.
fn speak(rules: &Rules<'_>, known: &mut Known, word: &Override) -> Assessment {
    known.overrides.push(word.clone());
    known.silences.clear();
    let assessment = revise(rules, known, word.made);
    known.record(&[], &assessment);
    assessment
}

/// The orders of silence that had been given by then and held.
fn held_then(words: &Words, now: Timestamp) -> Vec<Order> {
    words.silences.iter().filter(|order| order.made <= now && now < order.until).cloned().collect()
}

fn poll_of(given: &Given) -> (Timestamp, &str) {
    (given.incoming.fetched, &given.incoming.article.source)
}

/// The last article of the poll that tells of what the alert is about.
fn after(known: &Known, alert: &Alert, poll: &[Given]) -> Value {
    let event = known.events.iter().find(|event| event.id == alert.event_id);
    let sightings = event.map_or(&[][..], |event| &event.sightings);
    let articles: HashSet<&ArticleId> = sightings.iter().map(|s| &s.article).collect();
    let tells = |given: &&Given| articles.contains(&given.incoming.id);
    let last = poll.iter().rfind(tells).or(poll.last());
    last.map_or(Value::Null, |given| given.id.clone())
}

fn standing(known: Known) -> Vec<Event> {
    let mut events = known.events;
    events.retain(|event| !event.is_withdrawn());
    events.sort_by(|a, b| {
        let key = |event: &Event| (event.when.map(|days| days.first()), event.first_seen);
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    events
}

fn names(articles: &[Given]) -> HashMap<ArticleId, Vec<Value>> {
    let mut names: HashMap<ArticleId, Vec<Value>> = HashMap::new();
    for given in articles {
        names.entry(given.incoming.id.clone()).or_default().push(given.id.clone());
    }
    names
}

/// How often an event's reports come from each source, for a person's overview.
pub(super) fn sources(event: &Event) -> BTreeMap<&str, usize> {
    let mut sources = BTreeMap::new();
    for sighting in &event.sightings {
        *sources.entry(sighting.source.as_str()).or_default() += 1;
    }
    sources
}
