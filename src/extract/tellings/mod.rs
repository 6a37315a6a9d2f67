//! Puts every casualty mention into its context: where, when, who says so, and
//! whether the sentence looks back. One telling is one mention so placed.

mod past;
mod shares;
mod spot;

use std::ops::Range;

use jiff::civil::Date;

use super::attribution::Attribution;
use super::dates::{Grain, When, times};
use super::event::Voice;
use super::frames::{Form, Mention, mentions};
use super::scan::Scan;
use super::sites::{Role, Site, Sites};
use crate::article::zones::Zone;
use crate::lexicon::PlaceCode;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;
use shares::shares;
use spot::{introduces, is_nationwide, points_at_unit, spot};

/// One sentence of the story with everything that was found in it.
pub struct Told {
    /// Index into `Scan::sentences`.
    pub sentence: usize,
    /// As `Sentence::paragraph`.
    pub paragraph: usize,
    pub zone: Zone,
    pub mentions: Vec<Placed>,
    /// Scenes of the whole sentence, sorted, without repeats.
    pub places: Vec<PlaceCode>,
    /// The places are only those of its speakers.
    pub governed: bool,
    /// Courts, verdicts, convictions.
    pub court: bool,
    pub whens: Vec<When>,
    pub voice: Voice,
    /// Places that it happened near, for want of better ones.
    pub near: Vec<PlaceCode>,
    /// "He had put it at 59", "earlier said": numbers that no longer hold.
    pub stale: bool,
    /// "The war has killed more than 100,000": many, in a conflict, without a day.
    pub war: bool,
    /// "This year", "in recent weeks": things are added up.
    pub period: bool,
    /// "In a different province": not where the story was so far.
    pub other_place: bool,
    /// "In the same city", "there": where the story was so far.
    pub same_place: bool,
    /// "Elsewhere", "in a separate attack".
    pub elsewhere: bool,
    /// "A second bomb", "gunmen": a deed that was not told of before.
    pub introduces: bool,
    /// "In Cumilla, …": opens with its place.
    pub fronted: bool,
    /// "Other officials", "however": a number here disputes those before.
    pub rival: bool,
    /// "The raid comes after …", courts, anniversaries.
    pub backward: bool,
}

/// A mention with the places and the time that its clause names.
#[derive(Debug, Clone)]
pub struct Placed {
    pub mention: Mention,
    /// Empty where the clause names none.
    pub places: Vec<PlaceCode>,
    pub when: Option<When>,
    /// The town, district or quarter that the clause names, in lower case.
    pub spot: Option<String>,
    /// Who says it, where the sentence has several speakers.
    pub voice: Option<Voice>,
    /// Its words give it a place of its own among others.
    pub dealt: bool,
    /// A sum over a war or a run of attacks, or a rate.
    pub sum: bool,
}

/// No article counts the harmed in more clauses; what comes after is not read, so
/// that the work of sorting them stays bounded.
pub const MOST_MENTIONS: usize = 400;

/// Reads all sentences of the story.
pub fn told(
    scan: &Scan<'_, '_>,
    sites: &Sites,
    attributions: &[Vec<Attribution>],
    today: Date,
) -> Vec<Told> {
    let mut found: Vec<Told> = Vec::new();
    let mut last_voice = Voice::Article;
    let mut subject: Option<Voice> = None;
    let mut counted = 0;
    for (index, sentence) in scan.sentences.iter().enumerate() {
        if !sentence.zone.tells() {
            continue;
        }
        let range = sentence.tokens.clone();
        let scenes = scenes(scan, sites, &range);
        let whens = times(scan, range.clone(), today);
        let mut whens = without_dateline(scan, sites, &range, whens);
        if whens.is_empty() && points_back(scan, &range) {
            whens.extend(found.last().and_then(|t: &Told| t.whens.last().cloned()));
        }
        let said = &attributions[index];
        let voice = match own_spokesman(scan, said, &last_voice) {
            Some(group) => group,
            None if claims_aloud(scan, &range) => claimant(scan, &range).unwrap_or(Voice::Article),
            None => voice(scan, said, &last_voice, &range),
        };
        let voice = match (&voice, &subject) {
            (Voice::Article, Some(group)) if they_say(scan, &range) => group.clone(),
            _ => voice,
        };
        subject = fighting_subject(scan, &range);
        last_voice = claimant(scan, &range).unwrap_or_else(|| voice.clone());
        let room = MOST_MENTIONS.saturating_sub(counted);
        let placed: Vec<Placed> = mentions(scan, range.clone())
            .into_iter()
            .flat_map(|m| shares(scan, m, &scenes))
            .take(room)
            .map(|(m, own)| {
                let placed = place(scan, m, &range, &scenes, &whens);
                let voice = nearest_voice(scan, &placed.mention, said);
                let dealt = own.is_some();
                Placed { dealt, voice, places: own.unwrap_or(placed.places), ..placed }
            })
            .collect();
        counted += placed.len();
        let many = placed.iter().any(|p| p.mention.groups.iter().any(|g| g.count.best() >= MANY));
        found.push(Told {
            sentence: index,
            war: many && scan.has(range.clone(), Class::War),
            paragraph: sentence.paragraph,
            zone: sentence.zone,
            mentions: placed,
            governed: !scenes.is_empty() && scenes.iter().all(|s| s.role == Role::Speaker),
            places: codes(scenes.iter().copied()),
            court: scan.has(range.clone(), Class::Verdict),
            whens,
            voice,
            near: codes(near(sites, &range)),
            stale: is_stale(scan, &range),
            elsewhere: scan.has(range.clone(), Class::Elsewhere),
            period: scan.has(range.clone(), Class::Period),
            other_place: is_nationwide(scan, &range)
                || points_at_unit(
                    scan,
                    &range,
                    &["different", "another", "neighbouring", "neighboring", "other"],
                ),
            same_place: points_at_unit(scan, &range, &["same", "this"])
                || range.clone().any(|i| scan.is_word(i, &["there", "here"])),
            introduces: introduces(scan, &range),
            fronted: scenes.iter().any(|s| {
                s.role == Role::Scene && s.tokens.start <= range.start + 3 && !s.code.is_country()
            }) && scan.is_word(range.start, &["in", "at", "near"]),
            rival: range.clone().any(|i| scan.is_word(i, RIVAL)),
            backward: scan.has(range.clone(), Class::Backward) || scan.has(range, Class::Verdict),
        });
    }
    found
}

/// "Homs: a car bomb went off in the Zahraa quarter": a header says where all is.
fn header<'a>(scan: &Scan<'_, '_>, sites: &'a Sites, range: &Range<usize>) -> Option<&'a Site> {
    let first = sites.inside(range).first()?;
    let opens = first.tokens.start <= range.start + 1 && first.role == Role::Scene;
    let mark = first.tokens.end;
    let closed = scan.is_word(mark, &[":"])
        || scan.is_word(mark, &["-", "–", "—"]) && scan.tokens.get(mark).spaced;
    (opens && closed).then_some(first)
}

/// The sites of a sentence that can be scenes: where none is, the speakers' places.
fn scenes<'a>(scan: &Scan<'_, '_>, sites: &'a Sites, range: &Range<usize>) -> Vec<&'a Site> {
    if let Some(header) = header(scan, sites, range) {
        return vec![header];
    }
    let inside = || sites.inside(range).iter();
    let of_role = |role: Role| inside().filter(move |s| s.role == role).collect::<Vec<_>>();
    let mut scenes = of_role(Role::Scene);
    if scenes.iter().all(|s| s.code.is_country()) {
        let governed: Vec<_> =
            of_role(Role::Speaker).into_iter().filter(|s| !s.code.is_country()).collect();
        let harm = range
            .clone()
            .any(|i| scan.is_any(i, &[Class::KillEd, Class::WoundEd, Class::KillIng, Class::Deed]));
        if !governed.is_empty() && harm {
            scenes = governed;
        }
    }
    // A country beside one of its own divisions says nothing more.
    let divided: Vec<PlaceCode> =
        scenes.iter().filter(|s| !s.code.is_country()).map(|s| s.code.country()).collect();
    scenes.retain(|s| !(s.code.is_country() && divided.contains(&s.code)));
    scenes
}

/// The sites that the sentence is only near to.
fn near<'a>(sites: &'a Sites, range: &Range<usize>) -> impl Iterator<Item = &'a Site> {
    sites.inside(range).iter().filter(|s| s.role == Role::Near)
}

/// "had put", "had earlier said", "initially reported".
fn is_stale(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    range.clone().any(|i| {
        let had = scan.is_word(i, &["had"]) && scan.is(i + 1, Class::Said);
        let before = scan.is_word(i, &["earlier", "initially", "previously"])
            && (scan.is(i + 1, Class::Said) || i > range.start && scan.is(i - 1, Class::Said));
        had || before
    })
}

fn codes<'a>(sites: impl Iterator<Item = &'a Site>) -> Vec<PlaceCode> {
    let mut found: Vec<PlaceCode> = sites.map(|s| s.code).collect();
    found.sort();
    found.dedup();
    found
}

/// The speaker of the sentence; "he said" is the speaker before.
fn voice(scan: &Scan<'_, '_>, found: &[Attribution], last: &Voice, range: &Range<usize>) -> Voice {
    match found.iter().map(|a| &a.voice).find(|v| **v != Voice::Article) {
        Some(voice) => voice.clone(),
        None if !found.is_empty() => last.clone(),
        None if quoted(scan, range) => last.clone(),
        None => Voice::Article,
    }
}

/// "In that same year": the time of the sentence before.
fn points_back(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    range.clone().any(|i| {
        let same = scan.is_word(i, &["same"])
            || scan.is_word(i, &["that"]) && scan.is_word(i.saturating_sub(1), &["in", "during"]);
        same && scan.is_word(i + 1, &["year", "month", "week", "period"])
    })
}

/// "KABUL, June 17 -": the day of writing is no day of the event.
fn without_dateline(
    scan: &Scan<'_, '_>,
    sites: &Sites,
    range: &Range<usize>,
    mut whens: Vec<When>,
) -> Vec<When> {
    let opens = sites.inside(range).first().is_some_and(|s| s.role == Role::Dateline);
    let limit = range.end.min(range.start + 14);
    let mark = (range.start..limit)
        .find(|i| scan.is_word(*i, &["—", "–", "-", ":", ")"]) && scan.tokens.get(*i).spaced);
    if let Some(mark) = mark.filter(|_| opens) {
        whens.retain(|w| w.tokens.end > mark);
    }
    whens
}

/// Of several speakers in one sentence, the one nearest to the number.
fn nearest_voice(scan: &Scan<'_, '_>, mention: &Mention, said: &[Attribution]) -> Option<Voice> {
    let speakers = || said.iter().filter(|a| a.voice != Voice::Article);
    let several = speakers().any(|a| speakers().any(|b| a.voice != b.voice));
    let nearest = speakers().min_by_key(|a| distance(scan, &mention.span(), &a.tokens));
    nearest.filter(|_| several).map(|a| a.voice.clone())
}

/// "Its spokesman", "the group's spokesman": of the group that spoke before.
fn own_spokesman(scan: &Scan<'_, '_>, said: &[Attribution], last: &Voice) -> Option<Voice> {
    let own = |a: &Attribution| {
        a.tokens
            .clone()
            .any(|i| scan.is_word(i, &["its", "their", "group", "insurgents", "militants"]))
    };
    (matches!(last, Voice::Group(_)) && said.iter().any(own)).then(|| last.clone())
}

/// "said its fighters had killed 16": what follows is the claimant's own count.
fn claims_aloud(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    let aloud = |i: usize| scan.is_word(i, &["said", "says", "saying"]);
    scan.all(range.clone(), Class::ClaimMade).any(aloud)
}

/// Who claims an attack in the sentence: "he said" behind it is that group.
fn claimant(scan: &Scan<'_, '_>, range: &Range<usize>) -> Option<Voice> {
    let claims = scan.has(range.clone(), Class::ClaimMade);
    let group =
        scan.actors_in(range.clone()).iter().find(|m| scan.side(m.actor) == Side::Militant)?;
    claims.then(|| Voice::Group(group.actor.name.clone()))
}

/// "They said", "it claimed" at the head of a sentence.
fn they_say(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    scan.is_word(range.start, &["they", "it"]) && scan.is(range.start + 1, Class::Said)
}

/// The armed group that opens a sentence: who "they" are in the next one.
fn fighting_subject(scan: &Scan<'_, '_>, range: &Range<usize>) -> Option<Voice> {
    let opening = range.start..range.end.min(range.start + 8);
    let met = scan.actors_in(opening).first()?;
    (scan.side(met.actor) == Side::Militant).then(|| Voice::Group(met.actor.name.clone()))
}

fn quoted(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    range.clone().take(1).any(|i| scan.is_word(i, &["“", "\""]))
}

/// Gives a mention the scenes and the time of its clause.
fn place(
    scan: &Scan<'_, '_>,
    mention: Mention,
    sentence: &Range<usize>,
    scenes: &[&Site],
    whens: &[When],
) -> Placed {
    let span = mention.span();
    let anchor = if mention.groups.len() == 1 { mention.groups[0].tokens.clone() } else { span };
    let lists = lists(scan, scenes);
    let places = lists
        .iter()
        .min_by_key(|list| {
            distance(scan, &anchor, &(list[0].tokens.start..list[list.len() - 1].tokens.end))
        })
        .map(|list| codes(list.iter().copied()))
        .unwrap_or_default();
    let told_later = |w: &When| {
        mention.form == Form::Toll
            && w.tokens.start > mention.trigger.end
            && !scan.is_word(w.tokens.end, &["'s", "’s"])
    };
    let when = whens
        .iter()
        .filter(|w| !w.speech && !told_later(w) && !belongs_below(scan, &mention, w, sentence))
        .filter(|w| !past::ranks(scan, &mention, w))
        .min_by_key(|w| (w.grain == Grain::Period, distance(scan, &anchor, &w.tokens)))
        .cloned();
    let period = whens
        .iter()
        .find(|w| w.grain == Grain::Period && distance(scan, &anchor, &w.tokens) <= 16)
        .filter(|w| !past::ranks(scan, &mention, w))
        .cloned();
    let spot = spot(scan, sentence, scenes, &anchor);
    let sum = past::sums_up(scan, &mention, sentence);
    let when = period.or(when);
    Placed { mention, places, when, spot, voice: None, dealt: false, sum }
}

/// "killed 11 men blamed for the massacre of 20 *in July*": a time behind a clause
/// with harm of its own is that clause's.
fn belongs_below(
    scan: &Scan<'_, '_>,
    mention: &Mention,
    when: &When,
    sentence: &Range<usize>,
) -> bool {
    let gap = mention.span().end..when.tokens.start.min(sentence.end);
    let Some(below) = gap.clone().find(|i| scan.is_word(*i, SUBORDINATORS)) else { return false };
    // "a constable who had been on leave since July": no total over a period.
    let relative = scan.is_word(below, &["who", "which", "that", "whose", "where"]);
    let harm = (below..gap.end).any(|i| scan.is_any(i, HARM));
    harm || relative && when.grain == Grain::Period
}

const SUBORDINATORS: &[&str] =
    &["who", "which", "that", "whose", "blamed", "linked", "accused", "after", "since", "where"];

const HARM: &[Class] = &[
    Class::KillEd,
    Class::KillIng,
    Class::Die,
    Class::DeathOf,
    Class::WoundEd,
    Class::AbductEd,
    Class::Deed,
];

/// Scenes grouped into lists: those that only commas, "and" and words such as
/// "province" part belong together and share what is said of them.
fn lists<'a>(scan: &Scan<'_, '_>, scenes: &[&'a Site]) -> Vec<Vec<&'a Site>> {
    let mut found: Vec<Vec<&Site>> = Vec::new();
    for site in scenes {
        let joined = found.last().and_then(|list| list.last()).is_some_and(|before: &&Site| {
            let mut gap = before.tokens.end..site.tokens.start;
            gap.len() <= 8 && gap.all(|i| is_joint(scan, i))
        });
        match found.last_mut() {
            Some(list) if joined => list.push(site),
            _ => found.push(vec![site]),
        }
    }
    found
}

fn is_joint(scan: &Scan<'_, '_>, i: usize) -> bool {
    scan.is_word(
        i,
        &[
            ",",
            "and",
            "or",
            "&",
            "in",
            "of",
            "the",
            "province",
            "provinces",
            "district",
            "districts",
            "city",
            "town",
            "eastern",
            "western",
            "northern",
            "southern",
            "central",
            "neighboring",
            "neighbouring",
            "state",
            "states",
            "northeastern",
            "northwestern",
            "southeastern",
            "southwestern",
            "'s",
            "’s",
            "capital",
            "governorate",
            "region",
            "village",
            "area",
            "-",
            "'",
            "as",
            "well",
            "(",
            ")",
            "north",
            "south",
            "east",
            "west",
            "near",
            "outside",
            "nearby",
            "county",
            "adjacent",
            "restive",
            "volatile",
            "adjoining",
            "also",
            "at",
        ],
    )
}

/// Tokens between two ranges; clause borders count more.
pub(super) fn distance(scan: &Scan<'_, '_>, a: &Range<usize>, b: &Range<usize>) -> usize {
    let gap = if a.end <= b.start {
        a.end..b.start
    } else if b.end <= a.start {
        b.end..a.start
    } else {
        return 0;
    };
    let borders = gap
        .clone()
        .filter(|i| {
            scan.is_word(*i, &[";", "while", "but", "and", "when", "after"])
                || scan.is(*i, Class::Said)
        })
        .count();
    gap.len() + 8 * borders
}

/// No single attack of these decades killed as many but a handful: so many dead of a
/// war, without a day, are its total.
const MANY: u32 = 300;

const RIVAL: &[&str] =
    &["however", "other", "but", "different", "disputed", "while", "whereas", "another"];
