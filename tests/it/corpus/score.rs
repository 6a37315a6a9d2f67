//! How near a reading comes to what is annotated. Events are paired by their
//! places and status; tolls are compared as two sides, victims and militants,
//! because a reader acts on those; a number counts only when it is exact.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// An event in the fields of the corpus.
#[derive(Debug, Clone, Deserialize)]
pub struct Event {
    #[serde(rename = "where")]
    places: BTreeSet<String>,
    when: Option<(String, String)>,
    status: String,
    kind: String,
    perpetrator: Option<String>,
    claim: String,
    tolls: Vec<Toll>,
}

#[derive(Debug, Clone, Deserialize)]
struct Toll {
    party: String,
    outcome: String,
    low: Option<u64>,
    best: Option<u64>,
    high: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Victims,
    Militants,
}

/// Low, best and high of a side; a bound is `None` where one of its parts is open.
type Interval = (Option<u64>, u64, Option<u64>);
type Cells = BTreeMap<(Side, String), Interval>;

/// Hits among what was found and what was to be found.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    hits: usize,
    found: usize,
    wanted: usize,
}

impl Tally {
    fn add(&mut self, hits: usize, found: usize, wanted: usize) {
        self.hits += hits;
        self.found += found;
        self.wanted += wanted;
    }

    fn sets<T: Ord>(&mut self, found: &BTreeSet<T>, wanted: &BTreeSet<T>) {
        self.add(found.intersection(wanted).count(), found.len(), wanted.len());
    }

    /// The harmonic mean of precision and recall.
    fn f1(self) -> f64 {
        2.0 * self.hits as f64 / (self.found + self.wanted).max(1) as f64
    }

    fn share(self) -> f64 {
        self.hits as f64 / self.wanted.max(1) as f64
    }
}

/// Counts over all articles so far.
#[derive(Debug, Default)]
pub struct Scores {
    events: Tally,
    places: Tally,
    tolls: Tally,
    intervals: Tally,
    alerts: Tally,
    killed: Tally,
    quiet: Tally,
    perpetrator: Tally,
    claim: Tally,
    kind: Tally,
    day: Tally,
}

impl Scores {
    /// Counts one article: what is annotated and what was read.
    pub fn add(&mut self, wanted: &[Event], found: &[Event]) {
        let pairs = pairs(wanted, found);
        self.events.add(pairs.len(), found.len(), wanted.len());
        let (now_wanted, now_found) = (current(wanted), current(found));
        self.places.sets(&places(&now_found), &places(&now_wanted));
        self.add_tolls(&now_wanted, &now_found);
        self.alerts.sets(&crossings(&now_found), &crossings(&now_wanted));
        if now_wanted.iter().all(|e| e.killed() == 0) {
            let silent = now_found.iter().all(|e| e.killed() == 0);
            self.quiet.add(usize::from(silent), 1, 1);
        }
        for (a, b) in pairs.iter().filter(|(a, _)| a.status == "current") {
            self.perpetrator.add(usize::from(same_author(a, b)), 1, 1);
            self.claim.add(usize::from(a.claim == b.claim), 1, 1);
            self.kind.add(usize::from(a.kind == b.kind), 1, 1);
            self.day.add(usize::from(a.when == b.when), 1, 1);
        }
    }

    fn add_tolls(&mut self, wanted: &[&Event], found: &[&Event]) {
        let best = |events: &[&Event]| bag(events, |(_, best, _)| best);
        let (b_wanted, b_found) = (best(wanted), best(found));
        self.tolls.add(common(&b_wanted, &b_found), size(&b_found), size(&b_wanted));
        let (i_wanted, i_found) = (bag(wanted, |all| all), bag(found, |all| all));
        self.intervals.add(common(&i_wanted, &i_found), size(&i_found), size(&i_wanted));
        let killed: BTreeMap<_, _> = b_wanted
            .into_iter()
            .filter(|((_, (side, outcome), _), _)| *side == Side::Victims && outcome == "killed")
            .collect();
        self.killed.add(common(&killed, &b_found), 0, size(&killed));
    }

    /// Every score by its name, 0 to 1.
    pub fn measured(&self) -> [(&'static str, f64); 11] {
        [
            ("events", self.events.f1()),
            ("where", self.places.f1()),
            ("tolls", self.tolls.f1()),
            ("interval", self.intervals.f1()),
            ("alerts", self.alerts.f1()),
            ("killed", self.killed.share()),
            ("quiet", self.quiet.share()),
            ("perpetrator", self.perpetrator.share()),
            ("claim", self.claim.share()),
            ("kind", self.kind.share()),
            ("day", self.day.share()),
        ]
    }
}

impl Event {
    /// The tolls of the two sides; a side without any number is absent.
    fn cells(&self) -> Cells {
        let mut cells = Cells::new();
        for side in [Side::Victims, Side::Militants] {
            for outcome in ["killed", "wounded", "abducted"] {
                if let Some(sum) = self.sum(side, outcome).filter(|(_, best, _)| *best > 0) {
                    cells.insert((side, outcome.to_owned()), sum);
                }
            }
        }
        cells
    }

    fn sum(&self, side: Side, outcome: &str) -> Option<Interval> {
        self.tolls
            .iter()
            .filter(|t| (t.party == "militant") == (side == Side::Militants))
            .filter(|t| t.outcome == outcome)
            .map(|t| (Some(t.low.unwrap_or(0)), t.best.or(t.low).or(t.high).unwrap_or(0), t.high))
            .reduce(|a, b| (plus(a.0, b.0), a.1 + b.1, plus(a.2, b.2)))
    }

    /// Victims killed that are certain, else the best figure, else the most told.
    fn killed(&self) -> u64 {
        let Some((low, best, _)) = self.sum(Side::Victims, "killed") else { return 0 };
        low.filter(|low| *low > 0).unwrap_or(best)
    }
}

fn plus(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    Some(a? + b?)
}

fn current(events: &[Event]) -> Vec<&Event> {
    events.iter().filter(|e| e.status == "current").collect()
}

fn places(events: &[&Event]) -> BTreeSet<String> {
    events.iter().flat_map(|e| e.places.iter().cloned()).collect()
}

/// Pairs events of equal places and status, best agreement of tolls first.
fn pairs<'a>(wanted: &'a [Event], found: &'a [Event]) -> Vec<(&'a Event, &'a Event)> {
    let mut options = Vec::new();
    for (i, a) in wanted.iter().enumerate() {
        for (j, b) in found.iter().enumerate() {
            if a.places == b.places && a.status == b.status {
                options.push((Reverse(agreement(a, b)), i, j));
            }
        }
    }
    options.sort();
    let (mut left, mut right) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (_, i, j) in options {
        if !left.contains(&i) && !right.contains(&j) {
            left.insert(i);
            right.insert(j);
            pairs.push((&wanted[i], &found[j]));
        }
    }
    pairs
}

/// In hundredths: a same number is worth one, a side only one has costs a
/// tenth, the same days decide between equals.
fn agreement(a: &Event, b: &Event) -> i64 {
    let (left, right) = (a.cells(), b.cells());
    let same = left.iter().filter(|(k, v)| right.get(k).is_some_and(|w| w.1 == v.1)).count();
    let both = left.keys().filter(|k| right.contains_key(k)).count();
    let alone = left.len() + right.len() - 2 * both;
    100 * same as i64 - 10 * alone as i64 + i64::from(a.when == b.when)
}

type Bag<V> = BTreeMap<(BTreeSet<String>, (Side, String), V), usize>;

fn bag<V: Ord>(events: &[&Event], of: impl Fn(Interval) -> V) -> Bag<V> {
    let mut bag = Bag::new();
    for event in events {
        for (cell, interval) in event.cells() {
            *bag.entry((event.places.clone(), cell, of(interval))).or_default() += 1;
        }
    }
    bag
}

fn size<V>(bag: &Bag<V>) -> usize {
    bag.values().sum()
}

fn common<V: Ord>(a: &Bag<V>, b: &Bag<V>) -> usize {
    a.iter().map(|(key, n)| b.get(key).map_or(0, |m| *n.min(m))).sum()
}

/// Which places cross which number of victims killed: what an alert would rest on.
fn crossings(events: &[&Event]) -> BTreeSet<(String, u64)> {
    let mut found = BTreeSet::new();
    for event in events {
        for threshold in [1, 5, 10, 20, 50].into_iter().filter(|t| event.killed() >= *t) {
            found.extend(event.places.iter().map(|place| (place.clone(), threshold)));
        }
    }
    found
}

/// Whether two names mean one author: one may be the longer form of the other,
/// and the forces of a state go by many names.
fn same_author(a: &Event, b: &Event) -> bool {
    let (a, b) = (author(a), author(b));
    let longer = |x: &str, y: &str| !y.is_empty() && x.contains(y);
    a == b || (!a.is_empty() && longer(&b, &a)) || longer(&a, &b) || (is_state(&a) && is_state(&b))
}

fn author(event: &Event) -> String {
    const TAILS: [&str; 3] = [" militants", " fighters", " insurgents"];
    let name = event.perpetrator.as_deref().unwrap_or_default().to_lowercase();
    let name = name.trim().trim_start_matches("the ").replace("suspected ", "");
    let short = TAILS.iter().find_map(|tail| name.strip_suffix(tail)).unwrap_or(&name);
    usual(short).to_owned()
}

/// One name for the groups that have several in common use.
fn usual(name: &str) -> &str {
    match name {
        "isis"
        | "is"
        | "isil"
        | "daesh"
        | "islamic state group"
        | "is-k"
        | "isis-k"
        | "islamic state khorasan"
        | "islamic state khorasan province" => "islamic state",
        "iswap" => "islamic state west africa province",
        "ttp" | "tehrik-i-taliban pakistan" | "tehreek-e-taliban pakistan" => "pakistani taliban",
        "al shabaab" | "shabaab" => "al-shabaab",
        "al qaeda" | "al-qaida" => "al-qaeda",
        "bla" => "baloch liberation army",
        "pkk" | "kurdistan workers' party" => "kurdistan workers party",
        "adf" => "allied democratic forces",
        "unidentified gunmen" | "unknown gunmen" | "armed men" => "gunmen",
        "unidentified attackers" => "attackers",
        name => name,
    }
}

fn is_state(name: &str) -> bool {
    const WORDS: [&str; 15] = [
        "army",
        "forces",
        "police",
        "military",
        "troops",
        "nato",
        "coalition",
        "government",
        "ministry",
        "navy",
        "rangers",
        "guards",
        "guard",
        "corps",
        "soldiers",
    ];
    name.contains("air force") || name.split_whitespace().any(|word| WORDS.contains(&word))
}
