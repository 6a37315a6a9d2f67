//! Sorts what is told into events: same place and day is one event, another
//! place or day another, and a period or an old date is background.

use jiff::civil::Date;

use super::dates::{Grain, When};
use super::event::{Days, Outcome, Party, Status};
use super::frames::{Form, Stance};
use super::tellings::{Placed, Told};
use crate::article::zones::Zone;
use crate::lexicon::PlaceCode;

/// One event in the making.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Sorted; empty while no place is told.
    pub places: Vec<PlaceCode>,
    pub days: Option<Days>,
    pub status: Status,
    /// A total over a stretch of time.
    pub period: bool,
    /// Set apart by "elsewhere" or "another": takes no day from the main story.
    pub apart: bool,
    /// (index into the told sentences, index of its mention).
    pub mentions: Vec<(usize, usize)>,
    /// Sentences that tell of it, with or without numbers.
    pub sentences: Vec<usize>,
}

/// Sorts all mentions. `today` is the local day of publication.
pub fn clusters(told: &[Told], today: Date) -> Vec<Cluster> {
    let mut sorter = Sorter {
        told,
        today,
        main: main_day(told, today),
        found: Vec::new(),
        current: None,
        scene: None,
        court: is_court(told),
    };
    let (titles, body): (Vec<usize>, Vec<usize>) =
        (0..told.len()).partition(|t| told[*t].zone == Zone::Title);
    for index in body {
        sorter.sentence(index);
    }
    for index in titles {
        sorter.title(index);
    }
    sorter.settle_places();
    sorter.settle_near();
    sorter.settle_days();
    sorter.found
}

struct Sorter<'a> {
    told: &'a [Told],
    today: Date,
    /// The day of the main story.
    main: Option<Days>,
    found: Vec<Cluster>,
    current: Option<usize>,
    /// The scene that a sentence without numbers set for those after it.
    scene: Option<Vec<PlaceCode>>,
    /// The article is about a trial: what it tells without a day is long past.
    court: bool,
}

impl Sorter<'_> {
    fn sentence(&mut self, index: usize) {
        let told = &self.told[index];
        let counted: Vec<usize> = (0..told.mentions.len())
            .filter(|m| told.mentions[*m].mention.stance == Stance::Told)
            .collect();
        let mut met: Vec<usize> = Vec::new();
        for m in counted {
            let mut placed = told.mentions[m].clone();
            if told.governed && self.has_scene() {
                placed.places.clear();
            }
            if placed.places.is_empty()
                && let Some(scene) = &self.scene
            {
                placed.places.clone_from(scene);
            }
            let own = !told.mentions[m].places.is_empty() && !told.governed;
            let again = self.told_before(&placed).filter(|_| !own && !told.elsewhere);
            let cluster = again.unwrap_or_else(|| self.cluster_for(index, &placed, &met));
            self.found[cluster].mentions.push((index, m));
            if self.found[cluster].sentences.last() != Some(&index) {
                self.found[cluster].sentences.push(index);
            }
            met.push(cluster);
            if self.found[cluster].status == Status::Current {
                self.current = Some(cluster);
            }
        }
        if met.is_empty() {
            self.bare_sentence(index);
        } else {
            self.scene = None;
        }
    }

    /// The news that holds the very same number already: a sentence that names no
    /// place of its own and counts as many tells it again.
    fn told_before(&self, placed: &Placed) -> Option<usize> {
        let days = placed.when.as_ref().map(|w| w.days);
        let possible = |c: &Cluster| {
            let same_day = c.days.zip(days).is_none_or(|(a, b)| a.overlap(&b));
            c.status == Status::Current && !c.period && same_day
        };
        let same = |c: &Cluster| {
            c.mentions.iter().map(|(t, m)| &self.told[*t].mentions[*m]).any(|p| {
                p.mention.outcome == placed.mention.outcome
                    && total(p) == total(placed)
                    && total(p) > 2
                    && is_victims(p) == is_victims(placed)
            })
        };
        self.found.iter().rposition(|c| possible(c) && same(c))
    }

    /// The title tells again what the body tells: its numbers go to the event that
    /// has them, else to the first of the day, and stand alone only where the body
    /// counts nobody.
    fn title(&mut self, index: usize) {
        let told = &self.told[index];
        for (m, placed) in
            told.mentions.iter().enumerate().filter(|(_, p)| p.mention.stance == Stance::Told)
        {
            let same = |c: &Cluster| {
                c.mentions.iter().map(|(t, m)| &self.told[*t].mentions[*m]).any(|p| {
                    p.mention.outcome == placed.mention.outcome
                        && total(p) == total(placed)
                        && is_victims(p) == is_victims(placed)
                })
            };
            let current = |c: &Cluster| c.status == Status::Current;
            let target =
                self.found.iter().position(same).or_else(|| self.found.iter().position(current));
            let cluster = target.unwrap_or_else(|| self.cluster_for(index, placed, &[]));
            self.found[cluster].mentions.push((index, m));
            self.found[cluster].sentences.push(index);
        }
    }

    /// A sentence without numbers adds its words to the event of its place.
    fn bare_sentence(&mut self, index: usize) {
        let told = &self.told[index];
        let named = self.found.iter().position(|c| {
            !told.places.is_empty() && c.places == told.places && c.status == Status::Current
        });
        let target = named.or(self.current.filter(|_| told.places.is_empty()));
        if let Some(cluster) = target {
            self.found[cluster].sentences.push(index);
        }
        let divided = !told.places.is_empty() && told.places.iter().all(|p| !p.is_country());
        if divided && told.zone == Zone::Body {
            self.set_scene(index);
        }
    }

    /// A scene without numbers: of the unplaced event just told, or of what comes.
    fn set_scene(&mut self, index: usize) {
        let told = &self.told[index];
        let open = self.current.filter(|c| {
            self.is_unplaced(*c) && self.found[*c].status == Status::Current && !told.elsewhere
        });
        match open {
            Some(cluster) if !self.found[cluster].mentions.is_empty() => {
                let days =
                    told.whens.iter().find(|w| !w.speech && w.grain == Grain::Day).map(|w| w.days);
                let found = &mut self.found[cluster];
                found.places.clone_from(&told.places);
                found.days = days.or(found.days);
                found.sentences.push(index);
            }
            _ => self.scene = Some(told.places.clone()),
        }
    }

    fn cluster_for(&mut self, index: usize, placed: &Placed, met: &[usize]) -> usize {
        let told = &self.told[index];
        let (status, period) = self.status(told, placed.when.as_ref());
        if period {
            return self.period_cluster(placed, status);
        }
        let days = placed.when.as_ref().filter(|w| w.grain != Grain::Period).map(|w| w.days);
        let fresh = told.elsewhere && met.is_empty();
        if !fresh && let Some(known) = self.known(placed, days, status, met) {
            let cluster = &mut self.found[known];
            cluster.days = cluster.days.or(days);
            if cluster.places.is_empty()
                || cluster.places.iter().all(|p| p.is_country()) && !placed.places.is_empty()
            {
                cluster.places.clone_from(&placed.places);
            }
            return known;
        }
        let places = match (placed.places.is_empty(), self.current) {
            (true, Some(current)) if !fresh || told.places.is_empty() => {
                self.found[current].places.clone()
            }
            _ => placed.places.clone(),
        };
        self.add(Cluster {
            places,
            days,
            status,
            period: false,
            apart: fresh,
            mentions: vec![],
            sentences: vec![],
        })
    }

    /// Whether the story so far has told where it is.
    fn has_scene(&self) -> bool {
        let placed =
            |c: &Cluster| c.status == Status::Current && c.places.iter().any(|p| !p.is_country());
        self.scene.is_some() || self.current.is_some_and(|c| placed(&self.found[c]))
    }

    fn add(&mut self, cluster: Cluster) -> usize {
        self.found.push(cluster);
        self.found.len() - 1
    }

    fn period_cluster(&mut self, placed: &Placed, status: Status) -> usize {
        let days = placed.when.as_ref().map(|w| w.days);
        let same =
            self.found.iter().position(|c| c.period && c.days == days && c.places == placed.places);
        same.unwrap_or_else(|| {
            self.add(Cluster {
                places: placed.places.clone(),
                days,
                status,
                period: true,
                apart: true,
                mentions: vec![],
                sentences: vec![],
            })
        })
    }

    /// Whether the event is news, by its day: 48 hours, or the main story.
    fn status(&self, told: &Told, when: Option<&When>) -> (Status, bool) {
        let Some(when) = when else {
            let past = self.court || told.backward && self.has_main();
            return (if past { Status::Background } else { Status::Current }, false);
        };
        let age = (self.today - when.days.last()).get_days();
        let again = |c: &Cluster| c.status == Status::Current && c.days == Some(when.days);
        if when.grain != Grain::Period && self.found.iter().any(again) {
            return (Status::Current, false);
        }
        match when.grain {
            Grain::Period => (Status::Background, true),
            Grain::Loose => {
                let old = self.has_main() || age > 7;
                (if old { Status::Background } else { Status::Current }, false)
            }
            Grain::Day => {
                let old = age > 2 && (self.has_main() || age > 7);
                (if old { Status::Background } else { Status::Current }, false)
            }
        }
    }

    fn has_main(&self) -> bool {
        self.court || self.found.iter().any(|c| c.status == Status::Current)
    }

    /// The event known so far that the mention belongs to.
    fn known(
        &self,
        placed: &Placed,
        days: Option<Days>,
        status: Status,
        met: &[usize],
    ) -> Option<usize> {
        let fits = |i: &usize| {
            let c = &self.found[*i];
            let own = c.days.or(self.main.filter(|_| {
                c.status == Status::Current
                    && !c.apart
                    && c.mentions.iter().any(|(t, _)| self.told[*t].zone == Zone::Body)
            }));
            let same_day = match (own, days) {
                (Some(a), Some(b)) => a.overlap(&b),
                _ => true,
            };
            !c.period && c.status == status && same_day
        };
        let all: Vec<usize> = (0..self.found.len()).rev().filter(fits).collect();
        if placed.places.is_empty() {
            let recent = self.current.filter(|c| all.contains(c)).or(all.first().copied());
            return met.last().copied().filter(|m| all.contains(m)).or(recent);
        }
        let exact = all.iter().find(|i| self.found[**i].places == placed.places).copied();
        exact.or_else(|| {
            all.iter().find(|i| self.is_unplaced(**i) && self.repeats(**i, placed)).copied()
        })
    }

    fn is_unplaced(&self, i: usize) -> bool {
        self.found[i].places.iter().all(|p| p.is_country())
    }

    /// Whether the mention tells again, or adds nothing against, a number that
    /// the unplaced event holds.
    fn repeats(&self, i: usize, placed: &Placed) -> bool {
        let (mine, outcome) = (total(placed), placed.mention.outcome);
        let others: Vec<u32> = self.found[i]
            .mentions
            .iter()
            .map(|(t, m)| &self.told[*t].mentions[*m])
            .filter(|p| p.mention.outcome == outcome && is_victims(p) == is_victims(placed))
            .map(total)
            .collect();
        others.is_empty() || others.contains(&mine)
    }

    /// Unplaced events take the place of the only placed one, or stand aside.
    fn settle_places(&mut self) {
        let is_open = |c: &Cluster| c.status == Status::Current && !c.period && !c.apart;
        let placed: Vec<usize> = (0..self.found.len())
            .filter(|i| is_open(&self.found[*i]) && !self.is_unplaced(*i))
            .collect();
        let unplaced: Vec<usize> = (0..self.found.len())
            .filter(|i| is_open(&self.found[*i]) && self.is_unplaced(*i))
            .collect();
        let [target] = placed[..] else { return };
        for from in unplaced.into_iter().rev() {
            let same_day = match (self.found[from].days, self.found[target].days) {
                (Some(a), Some(b)) => a.overlap(&b),
                _ => true,
            };
            if same_day {
                self.merge(from, target);
            }
        }
    }

    /// An event without a place takes the one that its sentences are near to.
    fn settle_near(&mut self) {
        for cluster in self.found.iter_mut().filter(|c| c.places.iter().all(|p| p.is_country())) {
            let near =
                cluster.sentences.iter().map(|t| &self.told[*t].near).find(|n| !n.is_empty());
            if let Some(near) = near {
                cluster.places.clone_from(near);
            }
        }
    }

    fn merge(&mut self, from: usize, into: usize) {
        let taken = std::mem::take(&mut self.found[from].mentions);
        let sentences = std::mem::take(&mut self.found[from].sentences);
        let days = self.found[from].days;
        let target = &mut self.found[into];
        target.mentions.extend(taken);
        target.mentions.sort_unstable();
        target.sentences.extend(sentences);
        target.sentences.sort_unstable();
        target.days = target.days.or(days);
    }

    /// Events of the main story without a day of their own take its day.
    fn settle_days(&mut self) {
        let main = self.main;
        for cluster in &mut self.found {
            if cluster.days.is_none() && cluster.status == Status::Current && !cluster.apart {
                cluster.days = main;
            }
        }
    }
}

/// The first day that the story names in its first sentences.
fn main_day(told: &[Told], today: Date) -> Option<Days> {
    let body = told.iter().filter(|t| t.zone == Zone::Body && !t.backward).take(6);
    let recent = |w: &&When| w.grain == Grain::Day && (today - w.days.last()).get_days() <= 7;
    let days: Vec<&When> = body.flat_map(|t| &t.whens).filter(recent).collect();
    let event = days.iter().find(|w| !w.speech).or(days.first());
    event.map(|w| w.days)
}

/// People of the mention, by best count.
pub fn total(placed: &Placed) -> u32 {
    placed.mention.groups.iter().map(|g| g.count.best()).fold(0, u32::saturating_add)
}

/// Whether a mention counts victims and not attackers.
pub fn is_victims(placed: &Placed) -> bool {
    placed.mention.groups.iter().any(|g| g.party != Some(Party::Militant))
}

/// Whether a mention replaces what was counted before.
pub fn replaces(placed: &Placed) -> bool {
    placed.mention.form == Form::Toll
}

/// Outcomes in the order in which tolls are written.
pub const OUTCOMES: [Outcome; 3] = [Outcome::Killed, Outcome::Wounded, Outcome::Abducted];

/// A court or a sentence in the first three sentences of the article.
fn is_court(told: &[Told]) -> bool {
    told.iter().take(3).filter(|t| t.court).count() >= 2
}
