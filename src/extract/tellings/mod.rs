//! Puts every casualty mention into its context: where, when, who says so, and
//! whether the sentence looks back. One telling is one mention so placed.

mod apart;
mod aside;
mod clauses;
mod dealt;
mod genres;
mod harmless;
mod heirs;
mod past;
mod placing;
mod scenes;
mod shares;
mod spot;
mod things;
mod times;
mod voices;

use std::ops::Range;

use jiff::civil::Date;

use super::attribution::Attribution;
use super::dates::{Grain, When};
use super::event::{Outcome, Voice};
use super::frames::{Mention, Stance, mentions};
use super::scan::Scan;
use super::sites::{Role, Site, Sites};
use crate::article::zones::Zone;
use crate::lexicon::PlaceCode;
use crate::lexicon::terms::Class;
use crate::text::words::{Lot, lot};
use genres::is_labelled;
pub use harmless::only_qualifies;
use placing::place;
use scenes::{codes, near, scenes};
use shares::shares;
use spot::{introduces, is_in_a_quarter, is_nationwide, points_at_unit};
use voices::{Voices, quotations};

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
    /// "An annual report", "fell by 27 per cent": figures of many months.
    pub survey: bool,
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
    /// "In the same city", "in the province", "there": where the story was so far.
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
    /// Its main clause is about a court, a grave or a museum.
    pub aside: bool,
    /// "The killings in Muatide followed …": opens with the deed that the story is about.
    pub resumes: bool,
    /// It tells of a deed.
    pub deed: bool,
    /// "In the deadliest of the attacks": a part of a total told before.
    pub one_of: bool,
    /// "The siege ended": of an attack that lasted.
    pub siege: bool,
    /// "A hospital in Kabul": what it tells of for the first time, and where.
    pub things: Vec<(String, Vec<PlaceCode>)>,
    /// "The hospital": what it takes as known.
    pub points: Vec<String>,
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
    /// Told of an earlier deed that the sentence only remembers.
    pub past: bool,
    /// Told before the words that look back: "killed 11, a day after a bomb that …".
    pub ahead: bool,
    /// Of another attack than the rest of its sentence: "hours after a bomb killed seven".
    pub other: bool,
    /// Over several attacks: "in three separate raids".
    pub several: bool,
    /// "The day's toll": of all its attacks.
    pub of_day: bool,
    /// A clause with a day of its own behind another's.
    pub own_time: bool,
    /// Behind a "while" that parts it from another clause of harm.
    pub parted: bool,
}

impl Placed {
    /// A mention whose clause tells neither place nor time.
    fn bare(mention: Mention) -> Placed {
        Placed {
            mention,
            places: Vec::new(),
            when: None,
            spot: None,
            voice: None,
            dealt: false,
            sum: false,
            past: false,
            ahead: false,
            other: false,
            several: false,
            parted: false,
            own_time: false,
            of_day: false,
        }
    }
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
    let mut voices = Voices::new();
    let mut room = MOST_MENTIONS;
    let quoting = quotations(scan, attributions);
    for (index, sentence) in scan.sentences.iter().enumerate() {
        if !sentence.zone.tells() {
            continue;
        }
        let range = sentence.tokens.clone();
        let quoting = quoting[index].as_ref();
        let voice = voices.of(scan, &attributions[index], &range, quoting);
        let mut telling = Told::of(scan, sites, index, voice);
        telling.whens = times::whens(scan, sites, &range, today, &found);
        telling.mentions = placed(scan, sites, &attributions[index], &telling, room);
        let Told { mentions, whens, .. } = &mut telling;
        for when in whens {
            when.speech |= mentions.iter().any(|p| times::is_of_the_count(scan, &p.mention, when));
        }
        heirs::inherit(scan, found.last(), &mut telling);
        heirs::parts_of_a_total(&found, &mut telling);
        heirs::captives_found_dead(scan, found.last(), &mut telling);
        if telling.mentions.is_empty() && voices::confirms(scan, &range) {
            voices::believe(found.last_mut(), &telling.voice);
        }
        heirs::none_survived(scan, found.last_mut(), &mut telling);
        sum_on(scan, &found, &mut telling);
        heirs::share_of_told(found.last(), &mut telling);
        telling.war = scan.has(range, Class::War) && telling.mentions.iter().any(is_many);
        room -= telling.mentions.len();
        found.push(telling);
    }
    found
}

impl Told {
    /// All that its words tell of a sentence, without times and numbers.
    fn of(scan: &Scan<'_, '_>, sites: &Sites, index: usize, voice: Voice) -> Told {
        let sentence = &scan.sentences[index];
        let range = sentence.tokens.clone();
        let scenes = scenes(scan, sites, &range);
        let has = |class: Class| scan.has(range.clone(), class);
        let fronts = |s: &&Site| {
            s.role == Role::Scene && s.tokens.start <= range.start + 3 && !s.code.is_country()
        };
        Told {
            sentence: index,
            paragraph: sentence.paragraph,
            zone: sentence.zone,
            mentions: Vec::new(),
            governed: !scenes.is_empty()
                && scenes.iter().all(|s| s.role == Role::Speaker && !is_of_mayor(scan, s)),
            places: codes(scenes.iter().copied()),
            court: scan
                .all(range.clone(), Class::Verdict)
                .any(|i| !aside::is_struck(scan, &range, i))
                || sentence.zone == Zone::Title && is_labelled(scan, &range),
            survey: has(Class::Survey),
            whens: Vec::new(),
            voice,
            near: codes(near(sites, &range)),
            stale: is_stale(scan, &range),
            war: false,
            period: has(Class::Period),
            other_place: is_nationwide(scan, &range)
                || has(Class::Elsewhere) && is_in_a_quarter(scan, &range)
                || points_at_unit(scan, &range, apart::OTHER)
                    && apart::points_elsewhere(scan, &range),
            same_place: points_at_unit(scan, &range, &["same", "this"])
                || spot::points_at_known(scan, &range)
                || range.clone().any(|i| scan.is_word(i, &["there", "here"])),
            elsewhere: apart::turns_elsewhere(scan, &range),
            introduces: introduces(scan, &range),
            fronted: scenes.iter().any(fronts) && scan.is_word(range.start, &["in", "at", "near"]),
            rival: range.clone().any(|i| scan.is_word(i, RIVAL)),
            backward: past::looks_back(scan, &range) || has(Class::Verdict),
            aside: aside::is_aside(scan, &range),
            resumes: apart::resumes(scan, &range),
            deed: has(Class::Deed),
            one_of: apart::is_one_of(scan, &range),
            siege: range.clone().any(|i| scan.is_word(i, &["siege", "standoff"])),
            things: things::introduced(scan, &range, &scenes),
            points: things::known(scan, &range),
        }
    }
}

/// The mentions of a sentence, `room` at most, each with its place, time and voice.
fn placed(
    scan: &Scan<'_, '_>,
    sites: &Sites,
    said: &[Attribution],
    telling: &Told,
    room: usize,
) -> Vec<Placed> {
    // Where no more is counted, nothing is read.
    if room == 0 {
        return Vec::new();
    }
    let range = scan.sentences[telling.sentence].tokens.clone();
    let scenes = scenes(scan, sites, &range);
    let taken_back = past::is_taken_back(scan, &range);
    let mut found: Vec<Placed> = mentions(scan, range.clone())
        .into_iter()
        .map(|m| match m {
            m if taken_back => Mention { stance: Stance::TakenBack, ..m },
            m if harmless::is_execution(scan, &m, &range) || harmless::is_of_nature(scan, &m) => {
                Mention { stance: Stance::NoAttack, ..m }
            }
            m => m,
        })
        .flat_map(|m| shares(scan, m, &range, &scenes))
        .take(room)
        .map(|(m, own)| {
            let placed = place(scan, m, &range, &scenes, &telling.whens);
            let voice = voices::of_number(scan, &telling.voice, &placed.mention, &range, said);
            let dealt = own.is_some();
            Placed { dealt, voice, places: own.unwrap_or(placed.places), ..placed }
        })
        .collect();
    dealt::set_totals_aside(&mut found);
    found
}

/// "*the mayor of Mykolaiv* said missiles had killed one": who speaks of their own town.
fn is_of_mayor(scan: &Scan<'_, '_>, site: &Site) -> bool {
    let (start, end) = (site.tokens.start, site.tokens.end);
    let mayor = |i: usize| scan.is_word(i, &["mayor"]);
    start >= 2 && scan.is_word(start - 1, &["of"]) && mayor(start - 2)
        || mayor(end)
        || scan.is_word(end, &["'s", "’s"]) && mayor(end + 1)
}

/// "446 have been killed in Lebanon, by our count. *Fourteen soldiers have been killed* in
/// Israel": the sums of a war go on.
fn sum_on(scan: &Scan<'_, '_>, found: &[Told], telling: &mut Told) {
    let counted = found.iter().rev().take(SUMS_REACH).find(|t| !t.mentions.is_empty());
    let sums = |p: &Placed| p.sum || p.when.as_ref().is_some_and(|w| w.grain == Grain::Period);
    // "Unrest has shaken the country *since April*. About 200 people have died."
    let lasting = found.last().is_some_and(|t| {
        let long = |w: &When| (w.days.last() - w.days.first()).get_days() > A_WEEK;
        let period = t.whens.iter().any(|w| w.grain == Grain::Period && !w.speech && long(w));
        t.paragraph == telling.paragraph && t.mentions.is_empty() && period
    });
    if !lasting && !counted.is_some_and(|t| t.mentions.iter().any(sums)) {
        return;
    }
    let end = scan.sentences[telling.sentence].tokens.end;
    // "Nine have been killed *in an air strike*": one deed, told for the first time.
    let afresh = |p: &Placed| introduces(scan, &(p.mention.trigger.end..end));
    let goes_on = |p: &&mut Placed| {
        p.when.is_none() && past::is_perfect(scan, &p.mention) && !(lasting && afresh(p))
    };
    telling.mentions.iter_mut().filter(goes_on).for_each(|p| p.sum = true);
}

/// What has lasted no longer is still the news.
const A_WEEK: i32 = 7;

/// Sentences between two sums of one war, at most.
const SUMS_REACH: usize = 2;

/// People of the mention, by best count.
pub fn total(placed: &Placed) -> u32 {
    placed.mention.groups.iter().map(|g| g.count.best()).fold(0, u32::saturating_add)
}

fn is_many(placed: &Placed) -> bool {
    let dead = placed.mention.outcome == Outcome::Killed;
    dead && placed.mention.groups.iter().any(|g| g.count.best() >= MANY)
}

/// "had put", "had earlier said", "initially reported".
pub(super) fn is_stale(scan: &Scan<'_, '_>, range: &Range<usize>) -> bool {
    let opens = scan.is_word(range.start, &["earlier", "initially", "previously"])
        && (range.start..range.end.min(range.start + 10)).any(|i| scan.is(i, Class::Said));
    opens
        || range.clone().any(|i| {
            if !scan.is_word(i, &["had", "earlier", "initially", "previously"]) {
                return false;
            }
            let first = scan.is_word(i + 1, &["earlier", "initially", "previously", "first"]);
            let also = usize::from(scan.is_word(i + 1, &["also", "originally"]));
            // "had on Monday put".
            let day = if scan.is_word(i + 1, &["on"]) { 2 } else { 0 };
            let verb = i + 1 + also + day;
            let told = scan.is(verb, Class::Said)
                || scan.is_word(verb, &["given", "counted"])
                    && (verb..range.end.min(verb + 5)).any(|t| scan.is(t, Class::Toll));
            let had = scan.is_word(i, &["had"]) && (told || first);
            let before = scan.is_word(i, &["earlier", "initially", "previously"])
                && (scan.is(i + 1, Class::Said) || i > range.start && scan.is(i - 1, Class::Said));
            had || before
        })
}

/// No single attack of these decades killed as many but a handful: so many dead of a
/// war, without a day, are its total.
const MANY: u32 = 300;

const RIVAL: &Lot =
    &lot(&["however", "other", "but", "different", "disputed", "while", "whereas", "another"]);
