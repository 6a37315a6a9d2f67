//! What can be decided only once all is told: which numbers merely add up the
//! events, where an event without a place was, and on which day.

use std::collections::BTreeSet;

use super::{Cluster, Sorter, same_kind, tells_same};
use crate::article::zones::Zone;
use crate::extract::dates::{Grain, When};
use crate::extract::event::{Party, Status};
use crate::extract::tellings::{Placed, Told, total};
use crate::lexicon::PlaceCode;

/// Whether a place is one of some, or in one, or holds one; nowhere told is anywhere.
fn there_is(places: &[PlaceCode], place: &PlaceCode) -> bool {
    let same = |p: &PlaceCode| p == place || p.country() == *place || *p == place.country();
    places.is_empty() || places.iter().any(same)
}

/// So many are hardly the sum of two attacks' numbers by chance.
const NO_CHANCE: u32 = 9;

/// Sentences of the body that may sum up what follows.
const OPENING: usize = 6;

impl Sorter<'_> {
    pub(super) fn settle(&mut self) {
        self.settle_remembered();
        self.settle_parts();
        self.settle_totals();
        self.settle_places();
        self.settle_headlines();
        self.settle_near();
        self.settle_days();
    }

    /// What was taken as known is the news after all where the news has the same
    /// number, or where there is none and the story names a fresh day of a deed.
    fn settle_remembered(&mut self) {
        let placed = |(t, m): &(usize, usize)| &self.told[*t].mentions[*m];
        let known = |c: &Cluster| {
            c.status == Status::Background
                && c.days.is_none()
                && !c.mentions.is_empty()
                && c.mentions.iter().map(placed).all(|p| p.past)
        };
        let Some(past) = self.found.iter().position(known) else { return };
        let news = |c: &Cluster| c.status == Status::Current && !c.mentions.is_empty();
        let first = placed(&self.found[past].mentions[0]);
        let same = |c: &Cluster| news(c) && self.counts(c).any(|p| tells_same(p, first));
        if let Some(target) = self.found.iter().position(same) {
            self.merge(past, target);
        } else if !self.court && !self.found.iter().any(news) {
            let fresh = |w: &&When| {
                let age = (self.today - w.days.last()).get_days();
                w.grain == Grain::Day && !w.speech && !w.relative && age <= 2
            };
            let places = &self.found[past].places;
            let there =
                |t: &Told| t.places.is_empty() || t.places.iter().any(|p| there_is(places, p));
            let tells =
                |t: &&Told| t.deed && t.zone == Zone::Body && t.mentions.is_empty() && there(t);
            let mut days = self.told.iter().filter(tells).flat_map(|t| &t.whens).filter(fresh);
            if let Some(days) = days.next().map(|w| w.days) {
                self.found[past].days = Some(days);
                self.found[past].status = Status::Current;
            }
        }
    }

    /// Sets the numbers of title and opening aside that are the sum of several
    /// events' own.
    fn settle_totals(&mut self) {
        let opening: Vec<usize> = (0..self.told.len())
            .filter(|t| self.told[*t].zone == Zone::Body)
            .take(OPENING)
            .chain((0..self.told.len()).filter(|t| self.told[*t].zone == Zone::Title))
            .collect();
        for home in 0..self.found.len() {
            let all = self.found[home].mentions.clone();
            for (t, m) in all.into_iter().filter(|(t, _)| opening.contains(t)) {
                let placed = &self.told[t].mentions[m];
                let gone = !self.found[home].mentions.contains(&(t, m));
                if !gone && (self.is_sum(&opening, home, (t, m)) || self.is_one_of(home, placed)) {
                    self.set_aside(home, t, m);
                }
            }
        }
    }

    /// Whether an event at one of the places of a joint number holds that very number.
    fn is_one_of(&self, home: usize, placed: &Placed) -> bool {
        let places = &self.found[home].places;
        let inside = |c: &Cluster| {
            c.places.len() < places.len() && c.places.iter().all(|p| places.contains(p))
        };
        places.len() > 1
            && self.found.iter().any(|c| {
                c.status == Status::Current
                    && !c.places.is_empty()
                    && inside(c)
                    && self.counts(c).any(|p| tells_same(p, placed))
            })
    }

    /// Whether the number is what two or more events of the day come to together,
    /// each with one of the numbers that it is told with.
    fn is_sum(&self, opening: &[usize], home: usize, (at, m): (usize, usize)) -> bool {
        let placed = &self.told[at].mentions[m];
        let wide = placed.places.iter().all(|p| p.is_country());
        // "In two separate attacks in the North and …": not all names are known.
        let several = self.told[at].elsewhere;
        let within = |c: &Cluster| c.places.iter().all(|p| placed.places.contains(p));
        let covers = |c: &Cluster| wide || several || within(c);
        self.adds_up(opening, placed, 2, &covers)
            // "Missiles hit a hospital in Kyiv and cities across Ukraine, killing 36": with
            // the place of one of the parts.
            || !wide && self.has_own_part(home, at, placed)
                && self.adds_up(opening, placed, if total(placed) < NO_CHANCE { 3 } else { 2 }, &|_| true)
    }

    /// Whether the event of a number is told with a smaller one in a later sentence.
    fn has_own_part(&self, home: usize, at: usize, placed: &Placed) -> bool {
        self.found[home].mentions.iter().any(|(t, m)| {
            let own = &self.told[*t].mentions[*m];
            let whole = own.mention.groups.iter().all(|g| !g.of_them && !g.definite);
            let later = *t != at && self.told[*t].zone == Zone::Body;
            later && same_kind(own, placed) && whole && total(own) < total(placed)
        })
    }

    /// Whether a number is the sum of one number each of `least` events or more.
    fn adds_up(
        &self,
        opening: &[usize],
        placed: &Placed,
        least: usize,
        covers: &dyn Fn(&Cluster) -> bool,
    ) -> bool {
        let news = |c: &&Cluster| c.status == Status::Current && !c.period && covers(c);
        let mut parts = 0;
        let mut sums: BTreeSet<u32> = BTreeSet::from([0]);
        for cluster in self.found.iter().filter(news) {
            let later = cluster.mentions.iter().filter(|(t, _)| {
                let placed = cluster.places.iter().any(|p| !p.is_country());
                let title = self.told[*t].zone == Zone::Title;
                !self.told[*t].stale && !title && (!opening.contains(t) || placed)
            });
            let own: Vec<u32> = later
                .map(|(t, m)| &self.told[*t].mentions[*m])
                .filter(|p| same_kind(p, placed) && total(p) < total(placed))
                .filter(|p| !p.mention.form.is_share() && may_be_part(p, placed))
                .map(total)
                .collect();
            if !own.is_empty() {
                parts += 1;
                let with = |s: &u32| own.iter().map(|n| s.saturating_add(*n)).collect::<Vec<_>>();
                sums = sums.iter().flat_map(with).filter(|s| *s <= total(placed)).collect();
            }
        }
        !placed.dealt && parts >= least && sums.contains(&total(placed))
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
            if same_day && self.may_be_in(from, &self.found[target].places) {
                self.merge(from, target);
            }
        }
    }

    pub(super) fn merge(&mut self, from: usize, into: usize) {
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

    /// An event whose place only the headline names is there, unless others are.
    fn settle_headlines(&mut self) {
        let open = |c: &Cluster| c.status == Status::Current && !c.period && !c.apart;
        let unplaced: Vec<usize> = (0..self.found.len())
            .filter(|i| open(&self.found[*i]) && self.is_unplaced(*i))
            .collect();
        let [home] = unplaced[..] else { return };
        let divided = |t: &&Told| !t.places.is_empty() && t.places.iter().all(|p| !p.is_country());
        let titles = || self.told.iter().filter(|t| t.zone == Zone::Title);
        let Some(title) = titles().find(|t| divided(t) && !t.governed) else { return };
        let taken = |places: &[PlaceCode]| {
            self.found.iter().any(|c| c.status == Status::Current && c.places == places)
        };
        // "Davao blast kills 14; army says 12 slain in Sulu": the place beside its number.
        let beside = |(t, m): &(usize, usize)| {
            let own = &self.told[*t].mentions[*m].places;
            (self.told[*t].zone == Zone::Title && !own.is_empty()).then(|| own.clone())
        };
        let own = self.found[home].mentions.iter().find_map(beside);
        let places = own.unwrap_or_else(|| title.places.clone());
        if !taken(&places) {
            self.found[home].places = places;
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

/// Whether people of the part's party can be among those of the sum's.
fn may_be_part(part: &Placed, sum: &Placed) -> bool {
    let party = |p: &Placed| {
        let mut parties = p.mention.groups.iter().map(|g| g.party.unwrap_or(Party::Unknown));
        let first = parties.next().unwrap_or(Party::Unknown);
        if parties.all(|p| p == first) { first } else { Party::Unknown }
    };
    let armed = |p: &Placed| p.mention.groups.iter().any(|g| g.party == Some(Party::Militant));
    if armed(sum) && !armed(part) {
        return false;
    }
    let (part, sum) = (party(part), party(sum));
    sum == Party::Unknown || part == Party::Unknown || part == sum
}
