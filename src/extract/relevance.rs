//! Whether what was counted came of an attack at all: accidents, disasters,
//! sport, films, drills and verdicts have dead too.

use std::collections::BTreeSet;
use std::ops::Range;

use super::bare_report;
use super::character::Setting;
use super::clusters::Cluster;
use super::dates::{Grain, When};
use super::event::{Party, Report, Status};
use super::scan::Scan;
use super::tellings::{Told, only_qualifies};
use crate::article::zones::Zone;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;
use crate::text::words::{Lot, lot};

/// Weighs the words around an event's numbers: deeds and armed actors for an
/// attack, accidents, beasts and games against one.
pub fn is_attack(scan: &Scan<'_, '_>, told: &[Told], genre: &Genre, cluster: &Cluster) -> bool {
    let own: Vec<usize> = cluster.mentions.iter().map(|(t, _)| *t).collect();
    let mut weight = weigh(scan, told, &own);
    if weight.deeds() == 0 && weight.mishaps > 0 {
        return false;
    }
    if weight.deeds() == 0 {
        weight = weigh(scan, told, &of_same_paragraphs(told, cluster));
    }
    let certain = weight.hostile > 0 && weight.mishaps == 0;
    if !certain {
        let opening: Vec<usize> = (0..told.len().min(OPENING)).collect();
        weight = weight.plus(weigh(scan, told, &opening));
    }
    // A few sentences may leave the deed to the verb; a whole article does not.
    let untold = weight.deeds() == 0 && told.len() > OPENING && {
        let all: Vec<usize> = (0..told.len()).collect();
        weigh(scan, told, &all).deeds() == 0
    };
    let attack = weight.hostile > weight.mishaps
        || weight.mishaps == 0
        || is_told_as_attack(scan, told, &own);
    let dated = cluster.mentions.iter().any(|(t, m)| is_dated(scan, &told[*t], *m));
    attack && !untold && !genre.is_drill(dated) && (dated || !genre.is_game(weight.deeds()))
}

/// The sentences of an event in the paragraphs that count its people.
fn of_same_paragraphs(told: &[Told], cluster: &Cluster) -> Vec<usize> {
    let counted: BTreeSet<usize> =
        cluster.mentions.iter().map(|(t, _)| told[*t].paragraph).collect();
    let near = cluster.sentences.iter().copied();
    near.filter(|t| counted.contains(&told[*t].paragraph)).collect()
}

/// Sentences in which an article says what it is about.
const OPENING: usize = 4;

/// What speaks for an attack and for a mishap in some sentences.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    /// Deeds that somebody means, and armed people.
    hostile: usize,
    /// Deeds that can be accidents too.
    either: usize,
    mishaps: usize,
}

impl Weight {
    fn plus(self, other: Weight) -> Weight {
        Weight {
            hostile: self.hostile + other.hostile,
            either: self.either + other.either,
            mishaps: self.mishaps + other.mishaps,
        }
    }

    fn deeds(self) -> usize {
        self.hostile + self.either
    }
}

fn weigh(scan: &Scan<'_, '_>, told: &[Told], indices: &[usize]) -> Weight {
    let mut weight = Weight::default();
    // Each sentence is looked at once, however many numbers it holds.
    for same in indices.chunk_by(|a, b| a == b) {
        let range = scan.sentences[told[same[0]].sentence].tokens.clone();
        let armed = armed(scan, &range);
        let count = |class: Class| scan.all(range.clone(), class).count();
        let either = scan.all(range.clone(), Class::Deed).filter(|i| scan.is(*i, Class::Either));
        let either = either.count();
        let hostile = count(Class::Deed) - either + armed;
        let accidents = scan.all(range.clone(), Class::Accident);
        let accidents = accidents.filter(|i| !only_qualifies(scan, *i)).count();
        let of_roads = if hostile + either == 0 { roads_killed(scan, &range) } else { 0 };
        let mishaps = accidents + 2 * count(Class::Beast) + of_roads;
        weight.hostile += hostile * same.len();
        weight.either += either * same.len();
        // A roof that collapsed under a bomb is the bomb's doing.
        if hostile < mishaps {
            weight.mishaps += mishaps * 2 * same.len();
        }
    }
    weight
}

/// "*Cyclist* killed in Berlin", "*Climber* killed on Nanga Parbat": of roads and mountains,
/// where the sentence tells of no deed.
fn roads_killed(scan: &Scan<'_, '_>, range: &Range<usize>) -> usize {
    let killed = |i: &usize| scan.is(i + 1, Class::KillEd) && scan.is_word(i + 1, &["killed"]);
    range.clone().filter(|i| scan.is_word(*i, OF_ROADS) && killed(i)).count()
}

const OF_ROADS: &Lot = &lot(&[
    "cyclist",
    "biker",
    "motorist",
    "motorcyclist",
    "pedestrian",
    "climber",
    "hiker",
    "skier",
    "mountaineer",
]);

/// Armed people and groups of a sentence, but for those of a state.
fn armed(scan: &Scan<'_, '_>, range: &Range<usize>) -> usize {
    let groups = scan.actors_in(range.clone()).iter();
    let groups = groups.filter(|m| scan.side(m.actor) != Side::State).count();
    let people = scan.all(range.clone(), Class::Person);
    // "No insurgent activity" tells of nobody.
    let many = |i: usize| {
        let word = scan.tokens.lower(i + scan.span(i) - 1);
        word.ends_with('s') || word.ends_with("men")
    };
    let militant = |i: &usize| {
        let militant = scan.term(*i).is_some_and(|t| t.party == Some(Party::Militant));
        militant && many(*i) && scan.actor(*i).is_none()
    };
    let killers = scan.all(range.clone(), Class::KillEd).filter(|i| has_killer(scan, *i));
    groups + people.filter(militant).count() + killers.count()
}

/// "*Militiamen* killed six rangers", "a *man* shot dead": somebody does it.
fn has_killer(scan: &Scan<'_, '_>, verb: usize) -> bool {
    let before = scan.head(verb.saturating_sub(1));
    let party = scan.term(before).filter(|t| t.is(Class::Person)).and_then(|t| t.party);
    // "A *pilot* killed 12 when he crashed": of others it is their weapon that tells.
    let armed = matches!(party, Some(Party::Security | Party::Foreign));
    let shot =
        scan.is_word(verb, &["shot", "stabbed", "hacked", "gunned", "slaughtered", "beheaded"]);
    verb > 0
        && party.is_some_and(|p| p != Party::Militant)
        && (armed || shot)
        && is_active(scan, verb)
}

/// "Soldiers killed *six*": somebody is killed by the verb, which is no participle.
fn is_active(scan: &Scan<'_, '_>, verb: usize) -> bool {
    let object = verb + scan.span(verb);
    scan.numeral(object).is_some()
        || scan.is_any(object, &[Class::AtLeast, Class::Vague, Class::MoreThan])
        || scan.is_word(object, &["a", "an", "him", "her", "them"])
}

/// Whether a sentence of the story that counts the event's people tells more of a deed
/// than of a mishap: no words beside it make it one.
fn is_told_as_attack(scan: &Scan<'_, '_>, told: &[Told], own: &[usize]) -> bool {
    let body = own.iter().filter(|t| told[**t].zone == Zone::Body);
    body.into_iter().any(|t| {
        let weight = weigh(scan, told, &[*t]);
        weight.hostile > 0 && weight.mishaps == 0
    })
}

/// Whether a clause that counts people names its day beside a deed that somebody
/// means: no film and no match does.
fn is_dated(scan: &Scan<'_, '_>, told: &Told, mention: usize) -> bool {
    let day = told.mentions[mention].when.as_ref().is_some_and(|w| w.grain == Grain::Day);
    let range = scan.sentences[told.sentence].tokens.clone();
    let deed = |i: usize| scan.is(i, Class::Deed) && !scan.is(i, Class::Either);
    let armed = |i: usize| scan.actor(i).is_some_and(|m| scan.side(m.actor) != Side::State);
    day && told.zone == Zone::Body
        && range.clone().any(|i| deed(i) || armed(i))
        && !scan.has(range, Class::Feigned)
}

/// What the words of the whole article say of its kind, counted once.
#[derive(Debug, Clone, Copy)]
pub struct Genre {
    /// Words of sport and stage alone, and those that they share with war.
    games: usize,
    shared: usize,
    /// Words of drills in the title, and in all.
    feigned_title: usize,
    feigned: usize,
    /// Whether it names an armed group.
    named: bool,
    short: bool,
}

impl Genre {
    pub fn of(scan: &Scan<'_, '_>, told: &[Told]) -> Genre {
        let words = |t: &Told| scan.sentences[t.sentence].tokens.clone();
        let count = |class: Class| -> usize {
            told.iter().map(|t| scan.all(words(t), class).count()).sum()
        };
        let titles = told.iter().filter(|t| t.zone == Zone::Title);
        let group = |t: &Told| {
            scan.actors_in(words(t)).iter().any(|m| scan.side(m.actor) == Side::Militant)
        };
        Genre {
            games: count(Class::NotNews) + scores(scan, told),
            shared: count(Class::Stage),
            feigned_title: titles.map(|t| scan.all(words(t), Class::Feigned).count()).sum(),
            feigned: count(Class::Feigned),
            named: told.iter().any(group),
            short: told.len() <= OPENING,
        }
    }

    /// A drill: its words in the title and the story, and no group that has a name; or
    /// again and again, and nobody killed on a day.
    fn is_drill(&self, dated: bool) -> bool {
        let title = self.feigned_title > 0 && self.feigned > self.feigned_title;
        !dated && self.feigned >= 2 || title && !self.named
    }

    /// Sport and stage: their own words, or many of those that they share with war and
    /// no deed beside the numbers.
    fn is_game(&self, deeds: usize) -> bool {
        let (games, shared) = (self.games, self.shared);
        let short = self.short && games >= 2;
        short || games >= 3 || games > 0 && games + shared >= 3 || shared >= 3 && deeds < 2
    }
}

/// "beat Barcelona 4-0", "a 2-1 win": results of games.
fn scores(scan: &Scan<'_, '_>, told: &[Told]) -> usize {
    let tokens = told.iter().flat_map(|t| scan.sentences[t.sentence].tokens.clone());
    tokens.filter(|i| is_score(scan, *i)).count()
}

fn is_score(scan: &Scan<'_, '_>, i: usize) -> bool {
    let few = |i: usize| {
        let text = if i < scan.tokens.len() { scan.tokens.text(i) } else { "" };
        (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    let pair = i > 0 && scan.tokens.is_hyphen(i) && few(i - 1) && few(i + 1);
    let named = i > 1 && scan.tokens.get(i - 2).capital;
    let behind = |words: &[&str]| scan.is_word(i + 2, words);
    pair && (named && behind(&["in", "on", "at", "to", "after", "with", "by", ",", "."])
        || behind(RESULTS))
}

const RESULTS: &[&str] = &[
    "win",
    "victory",
    "defeat",
    "loss",
    "draw",
    "lead",
    "triumph",
    "rout",
    "drubbing",
    "aggregate",
];

/// Sentences of a report that has room for its one event only.
const BRIEF: usize = 5;

/// "captured a Taliban leader", "detained suspected insurgents": armed men taken.
fn seizes(scan: &Scan<'_, '_>, told: &Told) -> bool {
    let range = scan.sentences[told.sentence].tokens.clone();
    let takes = |i: usize| {
        scan.is_word(i, &["captured", "detained", "apprehended", "arrested", "seized", "found"])
    };
    let armed = |i: usize| {
        scan.term(i).is_some_and(|t| t.party == Some(Party::Militant))
            || scan.actor(i).is_some_and(|m| scan.side(m.actor) == Side::Militant)
    };
    range.clone().any(takes) && range.into_iter().any(armed)
}

/// "A *coalition security force detained* several insurgents": soldiers' work of these
/// days, no arrest by the police, no memory and no trial.
fn raids(scan: &Scan<'_, '_>, told: &Told) -> bool {
    let words = scan.sentences[told.sentence].tokens.clone();
    let long = |w: &When| w.grain != Grain::Day && !w.speech;
    let past = told.backward || told.court || told.aside || told.whens.iter().any(long);
    let force = |i: &usize| {
        scan.is_word(*i, &["force", "forces", "troops", "patrol", "soldiers"])
            && !scan.is_word(i.saturating_sub(1), &["police", "relief", "if"])
    };
    let takes = |i: usize| scan.is_word(i, &["captured", "detained", "apprehended"]);
    let acts = |i: usize| takes(i + 1) || scan.is(i + 1, Class::Adverb) && takes(i + 2);
    told.zone == Zone::Body
        && !past
        && words.into_iter().filter(force).any(acts)
        && seizes(scan, told)
}

/// Whether the title or the lead tells that nothing came of it: a second bomb may be
/// defused after the first one went off.
fn opens_averted(scan: &Scan<'_, '_>, told: &[Told]) -> bool {
    let lead = told.iter().position(|t| t.zone == Zone::Body);
    let mut opening = told.iter().take(lead.map_or(0, |lead| lead + 1));
    opening.any(|t| is_averted(scan, t))
}

/// "Engineers defused 40 mines", "a bomb hoax": nothing came of it.
fn is_averted(scan: &Scan<'_, '_>, told: &Told) -> bool {
    let mut range = scan.sentences[told.sentence].tokens.clone();
    range.any(|i| scan.is_word(i, AVERTED))
}

const AVERTED: &[&str] =
    &["defused", "defuses", "defuse", "hoax", "hoaxes", "foiled", "foils", "thwarted", "thwarts"];

/// Whether a sentence doubts, denies or looks back.
fn is_unsure(scan: &Scan<'_, '_>, told: &Told, seized: bool) -> bool {
    let range = scan.sentences[told.sentence].tokens.clone();
    scan.has(range.clone(), Class::Hypothetical)
        || scan.has(range, Class::Negation) && !seized
        || told.backward
}

/// News of an attack that counts nobody: a place and a deed in the opening.
pub fn untolled(setting: &Setting<'_, '_, '_>, told: &[Told]) -> Option<Report> {
    let scan = setting.scan;
    let opening: Vec<usize> = (0..told.len().min(3)).collect();
    let weight = weigh(scan, told, &opening);
    let genre = Genre::of(scan, told);
    let brief = told.len() <= BRIEF;
    let seized = brief && opening.iter().any(|t| raids(scan, &told[*t]));
    let raid = (0..told.len().min(BRIEF)).find(|t| raids(scan, &told[*t]));
    if raid.is_none() && weight.deeds() + usize::from(seized) < 2
        || weight.mishaps > 0
        || genre.is_game(weight.deeds())
        || genre.is_drill(false)
        || opens_averted(scan, told)
    {
        return None;
    }
    let placed = |t: &usize| {
        let told = &told[*t];
        let divided = !told.places.is_empty() && told.places.iter().all(|p| !p.is_country());
        divided && !told.backward
    };
    let raid = raid.filter(placed);
    let placed = raid.or_else(|| opening.iter().copied().find(placed))?;
    let day = told[placed].whens.iter().find(|w| w.grain == Grain::Day).map(|w| w.days);
    if raid.is_none()
        && day.is_none()
        && (!brief || opening.iter().any(|t| is_unsure(scan, &told[*t], seized)))
    {
        return None;
    }
    let places = told[placed].places.clone();
    let cluster = Cluster { sentences: vec![placed], ..Cluster::new(places, day, Status::Current) };
    let character = setting.character(&cluster, &[]);
    let (perpetrator, claim) = (character.perpetrator, character.claim);
    Some(bare_report(cluster.places, cluster.days, character.kind, perpetrator, claim))
}
