//! Settles the numbers of one event: which repeat, which are parts, which add,
//! which dispute, and which is the toll.

mod dispute;
mod shares;
mod weigh;

use super::clusters::{Cluster, OUTCOMES, is_victims, replaces};
use super::event::{Count, Dropped, Evidence, Outcome, Party, Reason, Toll};
use super::frames::{Form, Mention, Origin, STABBED};
use super::groups::{Group, Noun};
use super::scan::Scan;
use super::tellings::{Placed, Told, is_stale, total};
use crate::article::zones::Zone;
use crate::lexicon::PlaceCode;
use crate::lexicon::terms::Class;

/// The tolls of an event, and what was dropped on the way.
/// `alone`: it is the only event of the day in the article, so that a boast
/// without a place can only be of it.
pub fn tolls(
    scan: &Scan<'_, '_>,
    told: &[Told],
    cluster: &Cluster,
    home: Option<PlaceCode>,
    alone: bool,
) -> (Vec<Toll>, Vec<Dropped>) {
    let mut tolls = Vec::new();
    let mut dropped = Vec::new();
    for outcome in OUTCOMES {
        let mut sides = Vec::new();
        for victims in [true, false] {
            let mut ledger = Ledger {
                scan,
                home,
                outcome,
                attackers: attackers(told, cluster, outcome),
                cells: Vec::new(),
                boast: None,
                weak: None,
                shares: Vec::new(),
                others: Vec::new(),
                stale: Vec::new(),
                dropped: Vec::new(),
            };
            for body in [true, false] {
                ledger.zone(told, cluster, victims, body);
            }
            if alone || ledger.boast.as_ref().is_some_and(|(_, e)| e.beside) {
                ledger.close();
            }
            ledger.settle_weak();
            ledger.settle_shares(victims);
            sides.push(ledger.cells.into_iter().map(|c| c.toll).collect::<Vec<_>>());
            dropped.extend(ledger.dropped);
        }
        dropped.extend(without_both_sides(&mut sides));
        tolls.extend(sides.into_iter().flatten());
    }
    let mut tolls = merged(tolls);
    let deadly = |t: &Toll| t.outcome == Outcome::Killed && t.party != Party::Militant;
    if tolls.iter().any(deadly) {
        tolls.retain(|t| t.evidence.iter().any(|e| e.rule != STABBED));
    }
    side_with_the_dead(&mut tolls, told, cluster);
    without_the_dead(&mut tolls, died_of_wounds(told, cluster));
    // What is left of a total whose parts are all told is nobody.
    tolls.retain(|t| t.count.best() > 0 || t.count.high().is_some_and(|high| high > 0));
    (tolls, dropped)
}

/// The wounded of whom nothing is said are of those who died with them, where these
/// were of one party: "eight policemen were killed and seven wounded", wherever the
/// second number stands.
fn side_with_the_dead(tolls: &mut [Toll], told: &[Told], cluster: &Cluster) {
    let of = |outcome: Outcome| {
        let victims = tolls.iter().filter(move |t| t.outcome == outcome);
        victims.map(|t| t.party).filter(|p| *p != Party::Militant).collect::<Vec<_>>()
    };
    let (dead, hurt) = (of(Outcome::Killed), of(Outcome::Wounded));
    let ([side], [Party::Unknown]) = (&dead[..], &hurt[..]) else { return };
    let side = *side;
    let wounded = cluster.mentions.iter().map(|(t, m)| &told[*t].mentions[*m].mention);
    let mut groups = wounded.filter(|m| m.outcome == Outcome::Wounded).flat_map(|m| &m.groups);
    let bare = groups.all(|g| g.party.is_none() || g.more);
    if bare || side == Party::Civilian {
        let hurt =
            tolls.iter_mut().find(|t| t.outcome == Outcome::Wounded && t.party == Party::Unknown);
        hurt.into_iter().for_each(|t| t.party = side);
    }
}

/// How many of the wounded are told to have died since.
fn died_of_wounds(told: &[Told], cluster: &Cluster) -> u32 {
    let placed = || cluster.mentions.iter().map(|(t, m)| &told[*t].mentions[*m]);
    let weak = |p: &&Placed| p.mention.form == Form::Weak;
    let dead = |p: &&Placed| p.mention.outcome == Outcome::Killed && !weak(p);
    // A pronoun's death is one of the wounded where nobody else died.
    let others = placed().any(|p| dead(&p));
    placed()
        .filter(|p| p.mention.origin == Origin::Wounded && !(others && weak(p)))
        .flat_map(|p| &p.mention.groups)
        .map(|g| g.count.best())
        .fold(0, u32::saturating_add)
}

/// Takes those who died out of the wounded, where enough were told.
fn without_the_dead(tolls: &mut Vec<Toll>, died: u32) {
    let enough = |t: &&mut Toll| t.outcome == Outcome::Wounded && t.count.best() >= died;
    if let Some(wounded) = tolls.iter_mut().find(enough).filter(|_| died > 0) {
        wounded.count = minus(wounded.count, died);
    }
    tolls.retain(|t| t.count.best() > 0 || t.count.high() != Some(0));
}

/// The numbers that the event's mentions give of attackers, and of nobody else.
fn attackers(told: &[Told], cluster: &Cluster, outcome: Outcome) -> Vec<u32> {
    let all = cluster.mentions.iter().map(|(t, m)| &told[*t].mentions[*m]);
    all.filter(|p| p.mention.outcome == outcome && !p.mention.form.is_share())
        .filter(|p| !is_victims(p))
        .map(total)
        .collect()
}

/// "18 people are dead: five of our soldiers and 13 militants": what is left of a
/// total over both sides, once the victims are told by party, is the attackers'.
fn without_both_sides(sides: &mut [Vec<Toll>]) -> Vec<Dropped> {
    let [victims, militants] = sides else { return vec![] };
    let attackers: u32 = militants.iter().map(|t| t.count.best()).fold(0, u32::saturating_add);
    let told = victims.len() > 1;
    let is_rest = |t: &Toll| {
        told && attackers > 0 && t.party == Party::Unknown && t.count.best() == attackers
    };
    let Some(rest) = victims.iter().position(is_rest) else { return vec![] };
    let evidence = victims.remove(rest).evidence;
    evidence.into_iter().map(|e| Dropped { range: e.range, reason: Reason::Total }).collect()
}

/// At most one toll a party and outcome.
fn merged(tolls: Vec<Toll>) -> Vec<Toll> {
    let mut found: Vec<Toll> = Vec::new();
    for toll in tolls {
        match found.iter_mut().find(|t| t.party == toll.party && t.outcome == toll.outcome) {
            Some(known) => {
                known.count = known.count.plus(toll.count);
                known.evidence.extend(toll.evidence);
            }
            None => found.push(toll),
        }
    }
    found
}

struct Cell {
    toll: Toll,
    vague: bool,
}

/// The numbers of one side and outcome, as they are read.
struct Ledger<'s, 'l, 't> {
    scan: &'s Scan<'l, 't>,
    home: Option<PlaceCode>,
    outcome: Outcome,
    /// The numbers of attackers alone that the event is told with.
    attackers: Vec<u32>,
    cells: Vec<Cell>,
    boast: Option<(u32, Entry)>,
    /// A pronoun's, for want of anybody counted.
    weak: Option<Entry>,
    /// "17 soldiers were among the dead": taken out of the whole once it is known.
    shares: Vec<Entry>,
    /// The numbers told as "others".
    others: Vec<u32>,
    /// Numbers that no longer held when they were told.
    stale: Vec<u32>,
    dropped: Vec<Dropped>,
}

/// One number as told: party by party, with what vouches for it.
#[derive(Clone)]
struct Entry {
    parts: Vec<(Party, Count)>,
    vague: bool,
    evidence: Evidence,
    form: Form,
    definite: bool,
    /// "a woman": one of those hurt, and no count of them.
    single: bool,
    /// "more than 20".
    exceeds: bool,
    /// "five more": by no noun.
    bare: bool,
    /// "two others": beside those told before.
    others: bool,
    /// All of whom the clause tells, of whatever side.
    whole: u32,
    of_them: bool,
    /// "a fourth man": his place among those told.
    ordinal: Option<u32>,
    /// Of people counted among the wounded or the missing before.
    since: bool,
    rival: bool,
    stale: bool,
    /// Its sentence says that it takes an earlier number's place.
    corrects: bool,
    /// Its sentence says that another voice speaks.
    another: bool,
    /// "later said".
    later: bool,
    /// "12 people": all the victims, of whatever party.
    whole_people: bool,
    /// Told in the paragraph of another number of the event.
    beside: bool,
}

impl Ledger<'_, '_, '_> {
    /// Takes all mentions of the body, or those of the title where the body had none.
    fn zone(&mut self, told: &[Told], cluster: &Cluster, victims: bool, body: bool) {
        if !body && !self.cells.is_empty() {
            return;
        }
        let outcomes = cluster.mentions.iter().map(|(t, m)| told[*t].mentions[*m].mention.outcome);
        let hurt = outcomes.into_iter().any(|o| o == Outcome::Wounded);
        let mut broken_down = None;
        for (t, m) in &cluster.mentions {
            let (sentence, placed) = (&told[*t], &told[*t].mentions[*m]);
            if body && placed.mention.form.is_share() {
                self.shares.extend(self.share(sentence, placed));
                continue;
            }
            let fits =
                placed.mention.outcome == self.outcome && (sentence.zone == Zone::Body) == body;
            if fits && self.breaks_down(told, cluster, *t, victims) {
                broken_down = Some(*t);
            }
            if fits
                && broken_down != Some(*t)
                && let Some(mut entry) = self.entry(sentence, placed, victims)
            {
                entry.since &= placed.mention.origin == Origin::Missing || hurt;
                entry.beside = cluster
                    .mentions
                    .iter()
                    .any(|(other, _)| other != t && told[*other].paragraph == sentence.paragraph);
                self.take(entry);
            }
        }
    }

    /// "Five men died at the scene and a woman was pronounced dead in hospital", where
    /// six were counted before: a sentence that tells the known number in parts.
    fn breaks_down(
        &self,
        told: &[Told],
        cluster: &Cluster,
        sentence: usize,
        victims: bool,
    ) -> bool {
        let own = cluster.mentions.iter().filter(|(t, _)| *t == sentence);
        // "Two died later, bringing the toll to six" tells no parts.
        let counts: Vec<u32> = own
            .map(|(t, m)| &told[*t].mentions[*m])
            .filter(|p| p.mention.form != Form::Toll)
            .filter(|p| p.mention.outcome == self.outcome && is_victims(p) == victims)
            .map(total)
            .collect();
        counts.len() >= 2 && counts.iter().fold(0, |a: u32, b| a.saturating_add(*b)) == self.total()
    }

    /// The part of a mention that concerns this side.
    fn entry(&self, told: &Told, placed: &Placed, victims: bool) -> Option<Entry> {
        let mention = &placed.mention;
        let mut parties = self.parties(&mention.groups, &mention.parts);
        // "Two died at the scene" after "two suspects were shot": the very same two.
        // So are "31 bodies" where 31 attackers were told, and of victims another number.
        let bodies = |g: &Group| g.noun == Noun::Dead && self.total() != total(placed);
        let bare =
            mention.groups.iter().all(|g| (g.noun == Noun::None || bodies(g)) && g.party.is_none());
        // "the three men were killed" after "three suspected insurgents".
        let men = |g: &Group| {
            g.definite && !g.single && self.scan.is_word(g.tokens.end - 1, &["men", "suspects"])
        };
        let bare = bare || mention.groups.iter().all(men);
        if bare && self.attackers.contains(&total(placed)) {
            parties.iter_mut().for_each(|(party, _)| *party = Party::Militant);
        }
        let parts: Vec<(Party, Count)> =
            parties.into_iter().filter(|(p, _)| (*p != Party::Militant) == victims).collect();
        let first = mention.groups.first()?;
        let sentence = &self.scan.sentences[told.sentence].tokens;
        let has = |words: &[&str]| first.tokens.clone().any(|i| self.scan.is_word(i, words));
        (!parts.is_empty()).then(|| Entry {
            parts,
            vague: first.vague || mention.rule == "heavy",
            evidence: Evidence {
                range: self.scan.bytes(first.counted.clone()),
                sentence: self.scan.bytes(sentence.clone()),
                rule: mention.rule.to_owned(),
                voice: placed.voice.as_ref().unwrap_or(&told.voice).clone(),
            },
            form: mention.form,
            definite: first.definite && !first.single && !replaces(placed),
            single: mention.groups.len() == 1 && first.single,
            exceeds: self.scan.has(first.tokens.clone(), Class::MoreThan),
            bare: first.noun == Noun::None,
            others: has(&["other", "others"]),
            whole: total(placed),
            of_them: first.of_them,
            ordinal: first.ordinal,
            since: mention.origin != Origin::Untold,
            rival: told.rival,
            corrects: dispute::corrects(self.scan, sentence),
            another: dispute::is_another(self.scan, sentence),
            later: dispute::is_later(self.scan, sentence),
            whole_people: dispute::is_whole(mention),
            beside: false,
            // "had said eight, but the final toll was 11": the last number holds.
            stale: told.stale
                && (told.mentions.len() == 1
                    || self.clause_is_stale(mention)
                    || told.mentions.last().is_some_and(|l| l.mention.trigger != mention.trigger)),
        })
    }

    /// "…, but police *had on Monday put the toll at five*".
    fn clause_is_stale(&self, mention: &Mention) -> bool {
        let at = mention.trigger.start;
        let but = (at.saturating_sub(8)..at).rev().find(|i| self.scan.is_word(*i, &["but", ","]));
        but.is_some_and(|but| is_stale(self.scan, &(but..at)))
    }

    /// Counts by party: groups added up, parts taken out of them where they tell
    /// another party.
    fn parties(&self, groups: &[Group], parts: &[Group]) -> Vec<(Party, Count)> {
        let mut found: Vec<(Party, Count)> = Vec::new();
        for group in groups {
            add(&mut found, self.party(group), group.count);
        }
        let whole: Vec<(Party, u32)> = found.iter().map(|(p, c)| (*p, c.best())).collect();
        for part in parts {
            let party = self.party(part);
            // "15 officers and four civilians, including a priest": one of the four.
            if groups.len() > 1 && whole.iter().any(|(p, c)| *p == party && *c > part.count.best())
            {
                continue;
            }
            // "six officers, among them a woman": by sex or age, and still an officer.
            let open = |p: Party| if part.kin { p == Party::Unknown } else { is_open(p) };
            let from = found
                .iter()
                .position(|(p, c)| *p != party && c.best() >= part.count.best() && open(*p));
            if party != Party::Unknown
                && let Some(from) = from
            {
                let (side, count) = found[from];
                found[from] = (side, minus(count, part.count.best()));
                add(&mut found, party, Count::exactly(part.count.best()));
            }
        }
        found.retain(|(_, c)| c.best() > 0 || c.high() != Some(0));
        found
    }

    /// The party of a group; a soldier of another country is foreign.
    fn party(&self, group: &Group) -> Party {
        match group.party.unwrap_or(Party::Unknown) {
            Party::Security if group.nation.is_some_and(|n| Some(n) != self.home) => Party::Foreign,
            party => party,
        }
    }

    fn total(&self) -> u32 {
        self.cells.iter().map(|c| c.toll.count.best()).fold(0, u32::saturating_add)
    }
}

fn is_open(party: Party) -> bool {
    matches!(party, Party::Unknown | Party::Civilian | Party::Security)
}

fn add(found: &mut Vec<(Party, Count)>, party: Party, count: Count) {
    match found.iter_mut().find(|(p, _)| *p == party) {
        Some((_, known)) => *known = known.plus(count),
        None => found.push((party, count)),
    }
}

/// The count without `n` of its people; its openness stays.
fn minus(count: Count, n: u32) -> Count {
    let less = |v: u32| v.saturating_sub(n);
    Count::around(Some(less(count.low())), less(count.best()), count.high().map(less))
}
