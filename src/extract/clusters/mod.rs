//! Sorts what is told into events: same place and day is one event, another
//! place or day another, a new deed somewhere else in the same province too, and
//! a period or an old date is background.

mod counts;
mod known;
mod parts;
mod past;
mod settle;
mod status;

use jiff::civil::Date;

use super::dates::{Grain, When};
use super::event::{Days, Status};
use super::frames::Stance;
use super::tellings::{Placed, Told};
use crate::article::zones::Zone;
use crate::lexicon::PlaceCode;
pub use counts::{OUTCOMES, is_victims, replaces};
use counts::{is_later_toll, same_kind, tells_same};

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
    /// Opened as one of the attacks that a number told before is over.
    pub part: bool,
    /// (index into the told sentences, index of its mention).
    pub mentions: Vec<(usize, usize)>,
    /// Mentions that only add up what is told of several events.
    pub totals: Vec<(usize, usize)>,
    /// Sentences that tell of it, with or without numbers.
    pub sentences: Vec<usize>,
}

/// Sorts all mentions. `today` is the local day of publication.
pub fn clusters(told: &[Told], today: Date) -> Vec<Cluster> {
    let mut sorter = Sorter {
        told,
        today,
        main: status::main_day(told, today),
        found: Vec::new(),
        current: None,
        last: None,
        scene: None,
        opened: None,
        court: status::is_retrospect(told, today),
    };
    let (titles, body): (Vec<usize>, Vec<usize>) =
        (0..told.len()).partition(|t| told[*t].zone == Zone::Title);
    for index in body {
        sorter.sentence(index);
    }
    for index in titles {
        sorter.title(index);
    }
    sorter.settle();
    sorter.found
}

struct Sorter<'a> {
    told: &'a [Told],
    today: Date,
    /// The day of the main story.
    main: Option<Days>,
    found: Vec<Cluster>,
    /// The news told last.
    current: Option<usize>,
    /// The event counted last, of whatever status.
    last: Option<usize>,
    scene: Option<Scene>,
    /// The paragraph that a sentence such as "Separately, a car was fired upon"
    /// opened, while nobody was counted in it yet.
    opened: Option<usize>,
    /// The article looks back: what it tells without a day is long past.
    court: bool,
}

/// What a sentence without numbers set for those after it.
struct Scene {
    places: Vec<PlaceCode>,
    /// Of its own paragraph only.
    when: Option<When>,
    sentence: usize,
    paragraph: usize,
}

impl Sorter<'_> {
    fn sentence(&mut self, index: usize) {
        let told = &self.told[index];
        let counted =
            (0..told.mentions.len()).filter(|m| told.mentions[*m].mention.stance == Stance::Told);
        self.place_resumed(index);
        let mut met: Vec<usize> = Vec::new();
        for m in counted {
            let placed = self.in_scene(index, m, !met.is_empty());
            if let Some(news) = self.current.filter(|_| placed.of_day) {
                self.found[news].totals.push((index, m));
                continue;
            }
            let own = !told.mentions[m].places.is_empty() && !told.governed;
            let again =
                self.told_before(&placed).filter(|_| !own && !self.apart(index) && met.is_empty());
            let again = again.or_else(|| self.whole_of(&placed)).or_else(|| self.of_them(&placed));
            let again = again.or_else(|| self.twin(index, m)).or_else(|| raised(&placed, &met));
            let cluster = again.unwrap_or_else(|| self.cluster_for(index, &placed, &met));
            self.place_finer(cluster, &placed);
            self.found[cluster].mentions.push((index, m));
            self.add_sentences(cluster, index);
            met.push(cluster);
            self.last = Some(cluster);
            if self.found[cluster].status == Status::Current {
                self.current = Some(cluster);
            }
        }
        if met.is_empty() {
            self.bare_sentence(index);
        } else {
            self.scene = None;
            self.opened = None;
        }
    }

    /// A known number told again with a province: that is where it was.
    fn place_finer(&mut self, cluster: usize, placed: &Placed) {
        let known = &mut self.found[cluster];
        let within =
            |p: &PlaceCode| !p.is_country() && known.places.iter().all(|k| *k == p.country());
        if !placed.places.is_empty() && !known.places.is_empty() && placed.places.iter().all(within)
        {
            known.places.clone_from(&placed.places);
        }
    }

    /// The sentence tells of the event, and so does the one that set its scene in
    /// the same paragraph.
    fn add_sentences(&mut self, cluster: usize, index: usize) {
        let paragraph = self.told[index].paragraph;
        let scene = self.scene.as_ref().filter(|s| s.paragraph == paragraph).map(|s| s.sentence);
        for sentence in scene.into_iter().chain([index]) {
            if !self.found[cluster].sentences.contains(&sentence) {
                self.found[cluster].sentences.push(sentence);
            }
        }
    }

    /// Whether the sentence, or the one that opened its paragraph, turns to another
    /// event.
    fn apart(&self, index: usize) -> bool {
        let told = &self.told[index];
        told.elsewhere || self.opened == Some(told.paragraph)
    }

    /// The mention with the place and time that the sentences before lend it.
    /// `met`: another number of the sentence has found its event, which is this one's.
    fn in_scene(&self, index: usize, m: usize, met: bool) -> Placed {
        let told = &self.told[index];
        let mut placed = told.mentions[m].clone();
        let news = |c: &Cluster| c.status == Status::Current && c.places == placed.places;
        if told.governed && self.has_scene() && !self.found.iter().any(news) {
            placed.places.clear();
        }
        if let Some(places) = self.pointed_at(index).filter(|_| placed.places.is_empty()) {
            placed.places = places;
            return placed;
        }
        let Some(scene) = &self.scene else { return placed };
        let same = scene.paragraph == told.paragraph;
        let period = placed.when.as_ref().is_some_and(|w| w.grain == Grain::Period);
        if placed.places.is_empty() && !met && (same || !period) && !told.other_place {
            placed.places.clone_from(&scene.places);
        }
        // The day of a verdict is no day of what it is about.
        let set = &self.told[scene.sentence];
        let judged = self.court && set.court && !set.deed;
        if placed.when.is_none() && same && !judged && !placed.past {
            placed.when.clone_from(&scene.when);
        }
        placed
    }

    /// The title tells again what the body tells: its numbers go to the event that
    /// has them, else to the first of the day, and stand alone only where the body
    /// counts nobody.
    fn title(&mut self, index: usize) {
        let told = &self.told[index];
        for (m, placed) in
            told.mentions.iter().enumerate().filter(|(_, p)| p.mention.stance == Stance::Told)
        {
            let same = |c: &Cluster| self.counts(c).any(|p| tells_same(p, placed));
            let current = |c: &Cluster| c.status == Status::Current;
            let there = |c: &Cluster| current(c) && c.places == placed.places;
            let place = |fits: &dyn Fn(&Cluster) -> bool| self.found.iter().position(fits);
            let target = place(&same).or_else(|| place(&there)).or_else(|| place(&current));
            let cluster = target.unwrap_or_else(|| self.cluster_for(index, placed, &[]));
            self.found[cluster].mentions.push((index, m));
            self.found[cluster].sentences.push(index);
        }
    }

    /// The numbers of its own that the event is told with.
    fn counts(&self, cluster: &Cluster) -> impl Iterator<Item = &Placed> {
        let all = cluster.mentions.iter().map(|(t, m)| &self.told[*t].mentions[*m]);
        all.filter(|p| !p.mention.form.is_share())
    }

    /// A sentence without numbers adds its words to the event of its place.
    fn bare_sentence(&mut self, index: usize) {
        let told = &self.told[index];
        if told.elsewhere && self.opens(index) {
            self.opened = Some(told.paragraph);
        }
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
        } else if told.zone == Zone::Body {
            self.set_time(index);
        }
    }

    /// A scene without numbers: of the unplaced event just told, or of what comes.
    fn set_scene(&mut self, index: usize) {
        let told = &self.told[index];
        let when = told.whens.iter().find(|w| !w.speech && w.grain != Grain::Period).cloned();
        let open = self.current.filter(|c| {
            self.is_unplaced(*c) && self.found[*c].status == Status::Current && !self.apart(index)
        });
        match open {
            Some(cluster) if !self.found[cluster].mentions.is_empty() => {
                self.place_beside(cluster, &told.places);
                let found = &mut self.found[cluster];
                found.places.clone_from(&told.places);
                let day = when.filter(|w| w.grain == Grain::Day).map(|w| w.days);
                found.days = day.or(found.days);
                found.sentences.push(index);
            }
            _ => {
                let (places, paragraph) = (told.places.clone(), told.paragraph);
                self.scene = Some(Scene { places, when, sentence: index, paragraph });
            }
        }
    }

    /// "*The killings in Muatide* followed a raid on Nanjaba": where the news without a place
    /// was.
    fn place_resumed(&mut self, index: usize) {
        let told = &self.told[index];
        let news = self.current.filter(|c| told.resumes && self.is_unplaced(*c));
        let divided = told.places.len() == 1 && !told.places[0].is_country();
        if let Some(news) = news.filter(|c| divided && self.may_be_in(*c, &told.places)) {
            self.found[news].places.clone_from(&told.places);
        }
    }

    /// What the same sentence told of, and had no place for either, was there too.
    fn place_beside(&mut self, cluster: usize, places: &[PlaceCode]) {
        let last = |c: &Cluster| c.mentions.last().map(|(t, _)| *t);
        let told = last(&self.found[cluster]);
        for i in (0..self.found.len()).filter(|i| *i != cluster) {
            let beside = last(&self.found[i]) == told && self.is_unplaced(i);
            if beside && self.found[i].status == Status::Current && self.may_be_in(i, places) {
                self.found[i].places = places.to_vec();
            }
        }
    }

    /// "Before dawn on Monday troops came": the day of what its paragraph tells next.
    fn set_time(&mut self, index: usize) {
        let told = &self.told[index];
        let when = told.whens.iter().find(|w| !w.speech && w.grain != Grain::Period).cloned();
        let past = |w: &When| w.grain == Grain::Loose || !told.backward;
        let Some(when) = when.filter(past) else { return };
        let places = self.scene.as_ref().filter(|s| s.paragraph == told.paragraph);
        let places = places.map(|s| s.places.clone()).unwrap_or_default();
        let paragraph = told.paragraph;
        self.scene = Some(Scene { places, when: Some(when), sentence: index, paragraph });
    }

    /// Whether the sentence is the first of its paragraph.
    fn opens(&self, index: usize) -> bool {
        let paragraph = self.told[index].paragraph;
        index.checked_sub(1).is_none_or(|before| self.told[before].paragraph != paragraph)
    }

    fn cluster_for(&mut self, index: usize, placed: &Placed, met: &[usize]) -> usize {
        let told = &self.told[index];
        if placed.sum {
            return self.period_cluster(index, placed, Status::Background);
        }
        // "Residents had earlier said that 100 died": of the news told so far.
        let set_aside = told.stale && told.places.is_empty() && !self.is_of_own_day(placed);
        if let Some(news) = self.current.filter(|_| set_aside) {
            return news;
        }
        if let Some(past) = self.goes_on(index, placed) {
            return past;
        }
        let (status, period) = match placed.past && !self.is_fresh(placed) {
            true => (Status::Background, false),
            false => self.status(told, placed),
        };
        let vague_period = status == Status::Background && placed.when.is_none() && told.period;
        if self.goes_on_surveying(placed) {
            return self.period_cluster(index, placed, Status::Background);
        }
        if period || vague_period {
            return self.period_cluster(index, placed, status);
        }
        let days = placed.when.as_ref().map(|w| w.days);
        if let Some(known) = self.other_told(placed, status) {
            return known;
        }
        let opened = |c: &usize| self.found[*c].apart;
        let other = placed.other && !met.iter().any(opened);
        let other = other || placed.parted && self.is_of_another_spot(index, placed, met);
        let fresh = other || (self.apart(index) || told.other_place) && met.is_empty();
        if !fresh && let Some(known) = self.known(told, placed, days, status, met) {
            let cluster = &mut self.found[known];
            cluster.days = cluster.days.or(days);
            if cluster.places.is_empty()
                || cluster.places.iter().all(|p| p.is_country()) && !placed.places.is_empty()
            {
                cluster.places.clone_from(&placed.places);
            }
            return known;
        }
        let lends = self.current.filter(|_| {
            placed.places.is_empty()
                && !told.other_place
                && (status == Status::Current || told.same_place || self.follows_pointer(index))
                && (!fresh || told.places.is_empty())
        });
        let there = status == Status::Background && lends.is_some();
        let news = || lends.map_or(&placed.places, |c| &self.found[c].places).clone();
        let places = if there { self.places_so_far(index, placed) } else { news() };
        let part = self.is_part_of_known(told, placed, &places);
        self.add(Cluster { apart: fresh, part, ..Cluster::new(places, days, status) })
    }

    /// Whether the story so far has told where it is.
    fn has_scene(&self) -> bool {
        let placed =
            |c: &Cluster| c.status == Status::Current && c.places.iter().any(|p| !p.is_country());
        self.scene.as_ref().is_some_and(|s| !s.places.is_empty())
            || self.current.is_some_and(|c| placed(&self.found[c]))
    }

    fn add(&mut self, cluster: Cluster) -> usize {
        self.found.push(cluster);
        self.found.len() - 1
    }
}

/// "Two died, *bringing the number of dead to 22*": the number of the same event, of
/// whatever day its words name.
fn raised(placed: &Placed, met: &[usize]) -> Option<usize> {
    let period = placed.when.as_ref().is_some_and(|w| w.grain == Grain::Period);
    met.last().copied().filter(|_| replaces(placed) && !period && !placed.sum)
}

impl Cluster {
    /// An event of these places and days that holds nothing yet.
    pub fn new(places: Vec<PlaceCode>, days: Option<Days>, status: Status) -> Cluster {
        Cluster {
            places,
            days,
            status,
            period: false,
            apart: false,
            part: false,
            mentions: vec![],
            totals: vec![],
            sentences: vec![],
        }
    }
}
