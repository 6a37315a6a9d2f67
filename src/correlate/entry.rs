//! An article with what it reports, on its way to the events.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use jiff::Timestamp;

use crate::correlate::event::{ArticleId, Sighting};
use crate::correlate::{Told, correction, likeness, scene, settle, toll};
use crate::extract::event::{Outcome, Reason, Report};
use crate::text::fold::fold;

/// What an article says, to be given its places.
pub struct Entry {
    /// When it came out, when it came in, and its id: the order that decides.
    pub order: (Timestamp, Timestamp, ArticleId),
    pub source: String,
    /// The version of the same source that it takes the place of.
    pub replaces: Option<ArticleId>,
    pub sightings: Vec<Sighting>,
}

impl Entry {
    pub fn of(told: &Told<'_>) -> Entry {
        let out = match told.id == told.story {
            true => settle::told_at(told.article.published, told.fetched),
            false => told.fetched,
        };
        Entry {
            order: (out, told.fetched, told.id.clone()),
            source: told.article.source.clone(),
            replaces: told.replaces.cloned(),
            sightings: sightings(told),
        }
    }

    /// Whether the sighting is of the version that this one takes the place of.
    pub fn supersedes(&self, old: &Sighting) -> bool {
        self.replaces.as_ref() == Some(&old.article) && self.source == old.source
    }
}

/// The words of a title that tell one attack from another, as hashes, sorted.
pub fn words(title: &str) -> Vec<u64> {
    let hash = |word: &str| {
        let mut hasher = rustc_hash::FxHasher::default();
        word.hash(&mut hasher);
        hasher.finish()
    };
    let folded = fold(title);
    let kept = folded.split(' ').filter(|word| word.len() >= 4 && !likeness::is_common(word));
    let mut words: Vec<u64> = kept.map(hash).collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn sightings(told: &Told<'_>) -> Vec<Sighting> {
    let scenes = scene::scenes(told.article, told.reading);
    (0..)
        .zip(told.reading.events.iter().zip(scenes))
        .map(|(ordinal, (report, scene))| Sighting {
            article: told.id.clone(),
            source: told.article.source.clone(),
            ordinal,
            published: told.article.published,
            fetched: told.fetched,
            title: told.article.title.clone(),
            link: told.article.link.clone(),
            agency: told.agency.map(str::to_owned),
            story: told.story.clone(),
            copy_of: told.copy_of.cloned(),
            corrects: corrects(told, report),
            scene,
            report: report.clone(),
        })
        .collect()
}

/// Whether the article itself replaces a higher number by the report's: only
/// then may its lower count overrule the higher one of another outlet.
fn corrects(told: &Told<'_>, report: &Report) -> bool {
    let told_now = toll::victims(report, Outcome::Killed).map_or(0, |count| count.best());
    let document = told.article.document();
    let dropped = told.reading.dropped.iter().filter(|d| d.reason == Reason::Superseded);
    let superseded = dropped
        .filter_map(|d| document.get(d.range.clone()))
        .filter_map(|words| words.split(|c: char| !c.is_ascii_digit()).find(|w| !w.is_empty()))
        .filter_map(|digits| digits.parse::<u32>().ok());
    let sentences: BTreeSet<(usize, usize)> = report
        .tolls
        .iter()
        .filter(|toll| toll.outcome == Outcome::Killed)
        .flat_map(|toll| &toll.evidence)
        .map(|evidence| (evidence.sentence.start, evidence.sentence.end))
        .collect();
    let given_up = sentences
        .into_iter()
        .filter_map(|(start, end)| document.get(start..end))
        .flat_map(correction::given_up);
    superseded.chain(given_up).any(|number| number > told_now)
}
