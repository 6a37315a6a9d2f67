//! Which count to trust: one toll out of what several voices say of an event.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use crate::article::credit;
use crate::correlate::event::{ArticleId, Certainty, Sighting};
use crate::correlate::{is_victim, settle};
use crate::extract::event::{Count, Outcome, Party, Report, Status, Toll, Voice};

/// Everyone but the militants, together; `None` where nothing is told.
pub fn victims(report: &Report, outcome: Outcome) -> Option<Count> {
    total(&report.tolls, outcome, is_victim)
}

/// The militants alone.
pub fn militants(report: &Report, outcome: Outcome) -> Option<Count> {
    total(&report.tolls, outcome, |party| !is_victim(party))
}

/// The counts of one outcome over the parties that pass, together.
pub fn total(tolls: &[Toll], outcome: Outcome, party: impl Fn(Party) -> bool) -> Option<Count> {
    let cells = tolls.iter().filter(|t| t.outcome == outcome && party(t.party));
    cells.map(|t| t.count).reduce(Count::plus)
}

/// What the voices come to.
pub struct Reconciled {
    /// At most one a party and outcome, in that order.
    pub tolls: Vec<Toll>,
    /// Whether voices of equal weight differ on the victims.
    pub disputed: bool,
}

/// How well founded a number is, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Footing {
    /// The attacker says so, alone.
    Claim,
    /// Residents, witnesses.
    Hearsay,
    /// The article in its own words, or in another outlet's.
    Told,
    /// Government, army, police, hospitals.
    Official,
}

/// One voice's number for one outcome.
struct Figure<'a> {
    count: Count,
    footing: Footing,
    at: Timestamp,
    sighting: &'a Sighting,
}

/// What the outlets say now: of one source and of one story the newest alone. What
/// is recalled as context speaks only while nobody reports it as news.
pub fn voices<'a>(sightings: impl Iterator<Item = &'a Sighting>) -> Vec<&'a Sighting> {
    newest(news(sightings), |mark| matches!(mark, Mark::Source(_) | Mark::Story(_)))
}

/// Those that do not copy one another: of one text and of one agency, too, the
/// newest alone. An agency's older number in a slow outlet is no second report, but
/// neither does it speak for the agency; so it is only not counted.
pub fn origins<'a>(sightings: impl Iterator<Item = &'a Sighting>) -> Vec<&'a Sighting> {
    newest(sightings.collect(), |_| true)
}

/// Those that tell it as news, if any do.
fn news<'a>(sightings: impl Iterator<Item = &'a Sighting>) -> Vec<&'a Sighting> {
    let mut all: Vec<&Sighting> = sightings.collect();
    if all.iter().any(|s| s.report.status == Status::Current) {
        all.retain(|s| s.report.status == Status::Current);
    }
    all
}

fn newest<'a>(mut all: Vec<&'a Sighting>, counts: fn(&Mark<'a>) -> bool) -> Vec<&'a Sighting> {
    all.sort_by_key(|s| std::cmp::Reverse(settle::order(s)));
    let mut heard = HashSet::new();
    // Each marks the source, the story and the agency that have spoken.
    all.retain(|s| {
        let marks: Vec<Mark<'_>> = marks(s).filter(counts).collect();
        let new = marks.iter().all(|mark| !heard.contains(mark));
        if new {
            heard.extend(marks);
        }
        new
    });
    all
}

/// What two reports have in common that makes them one voice.
#[derive(PartialEq, Eq, Hash)]
enum Mark<'a> {
    Source(&'a str),
    Story(&'a ArticleId),
    Text(&'a ArticleId),
    Agency(&'a str),
}

fn marks(sighting: &Sighting) -> impl Iterator<Item = Mark<'_>> {
    let source = Some(sighting.source.as_str()).filter(|source| !source.is_empty());
    let text = sighting.copy_of.as_ref().unwrap_or(&sighting.story);
    // The agency's own feed and those who print it are one.
    let agency = sighting.agency.as_deref().or_else(|| credit::named(&sighting.source));
    let marks = [source.map(Mark::Source), agency.map(Mark::Agency)];
    marks.into_iter().flatten().chain([Mark::Story(&sighting.story), Mark::Text(text)])
}

/// Whether one of the two has it from the other, or both from a third.
fn are_one_origin(a: &Sighting, b: &Sighting) -> bool {
    marks(a).any(|mark| marks(b).any(|other| mark == other))
}

/// The trusted toll of an event, cell by cell.
pub fn reconcile(sightings: &[Sighting]) -> Reconciled {
    let mut tolls = Vec::new();
    let mut disputed = false;
    for outcome in [Outcome::Killed, Outcome::Wounded, Outcome::Abducted] {
        for side in [is_victim as fn(Party) -> bool, |party| !is_victim(party)] {
            let figures = figures(sightings, outcome, side);
            let Some(winner) = winner(&figures) else { continue };
            let standing = standing(&figures, winner);
            let bounds = bounds(&standing, winner);
            disputed |= side(Party::Unknown) && is_disputed(&standing, winner);
            tolls.extend(split(&figures, winner, bounds, outcome, side));
        }
    }
    tolls.sort_by_key(|t: &Toll| (t.party, t.outcome));
    Reconciled { tolls, disputed }
}

/// How well founded the event as a whole is.
pub fn certainty(sightings: &[Sighting]) -> Certainty {
    let told =
        |s: &Sighting, side: fn(Party) -> bool| s.report.tolls.iter().any(|toll| side(toll.party));
    let of_victims = sightings.iter().any(|s| told(s, is_victim));
    // Who counts the attackers' dead alone confirms nothing of the victims.
    let confirms =
        |s: &&Sighting| !of_victims || told(s, is_victim) || !told(s, |party| !is_victim(party));
    // That officials spoke stays so when an outlet tells it again in its own words.
    let heard = news(sightings.iter().filter(confirms));
    let footing = heard.iter().map(|s| best_footing(&s.report)).max();
    match (footing, origins(heard.into_iter()).len()) {
        (None | Some(Footing::Claim), _) => Certainty::Unknown,
        (Some(Footing::Official), 2..) => Certainty::Observed,
        (Some(Footing::Official), _) | (_, 2..) => Certainty::Likely,
        _ => Certainty::Possible,
    }
}

fn best_footing(report: &Report) -> Footing {
    let victims: Vec<&Toll> = report.tolls.iter().filter(|t| is_victim(t.party)).collect();
    let tolls = if victims.is_empty() { report.tolls.iter().collect() } else { victims };
    let best = tolls.iter().map(|t| footing(std::slice::from_ref(*t))).max();
    let best = best.unwrap_or(Footing::Told);
    let absurd = tolls.iter().any(|t| is_absurd(&t.count));
    if absurd { best.min(Footing::Told) } else { best }
}

fn figures<'a>(
    sightings: &'a [Sighting],
    outcome: Outcome,
    side: fn(Party) -> bool,
) -> Vec<Figure<'a>> {
    let of = |sighting: &'a Sighting| figure(sighting, outcome, side);
    let speak = |claims: bool| {
        let speaks =
            move |s: &&'a Sighting| of(s).is_some_and(|f| (f.footing == Footing::Claim) == claims);
        voices(sightings.iter().filter(speaks)).into_iter().filter_map(of)
    };
    // What a group claims is the group's word, whatever the outlet writes later.
    let mut figures: Vec<Figure<'a>> = speak(false).chain(speak(true)).collect();
    let news = |f: &Figure<'_>| f.sighting.report.status == Status::Current;
    if figures.iter().any(news) {
        figures.retain(news);
    }
    figures.sort_by_key(|f| settle::order(f.sighting));
    // Told at once where it stands alone, it gives way to the first sound number.
    if figures.iter().any(|f| !is_absurd(&f.count)) {
        figures.retain(|f| !is_absurd(&f.count));
    }
    figures
}

/// More people than any one attack has met.
const ABSURD: u32 = 10_000;

/// Whether nobody should believe the number, whoever says it.
pub fn is_absurd(count: &Count) -> bool {
    count.best() > ABSURD
}

fn figure(sighting: &Sighting, outcome: Outcome, side: fn(Party) -> bool) -> Option<Figure<'_>> {
    let cells: Vec<Toll> = sighting
        .report
        .tolls
        .iter()
        .filter(|t| t.outcome == outcome && side(t.party))
        .cloned()
        .collect();
    let count = cells.iter().map(|t| t.count).reduce(Count::plus)?;
    let footing = footing(&cells);
    // What a group says of its enemies bounds the toll from above and no more.
    let count = if footing == Footing::Claim && count.best() > 0 {
        Count::boasted(count.high().unwrap_or(count.best()))
    } else {
        count
    };
    Some(Figure { count, footing, at: settle::at(sighting), sighting })
}

fn footing(cells: &[Toll]) -> Footing {
    let boast = |t: &Toll| t.count.best() == 0 && t.count.high() > Some(0);
    if cells.iter().all(boast) {
        return Footing::Claim;
    }
    let admits = cells.iter().all(|t| t.party == Party::Militant);
    let of_voice = |voice: &Voice| match voice {
        Voice::Official | Voice::Medical => Footing::Official,
        // What another outlet or an agency says is what an outlet says.
        Voice::Article | Voice::Media => Footing::Told,
        Voice::Local => Footing::Hearsay,
        Voice::Group(_) if admits => Footing::Hearsay,
        Voice::Group(_) => Footing::Claim,
    };
    let voices = cells.iter().flat_map(|t| &t.evidence).map(|e| of_voice(&e.voice));
    voices.max().unwrap_or(Footing::Told)
}

/// Goes through the figures as they came out. A higher one takes over at once,
/// because tolls rise; a lower one needs a reason.
fn winner<'f, 'a>(figures: &'f [Figure<'a>]) -> Option<&'f Figure<'a>> {
    let strongest = figures.iter().map(|f| f.footing).max()?;
    let floor = strongest.min(Footing::Told);
    figures
        .iter()
        .filter(|f| f.footing >= floor)
        .reduce(|held, next| if outweighs(next, held) { next } else { held })
}

/// An official number this much newer takes over even when it is lower.
const SETTLED: SignedDuration = SignedDuration::from_hours(6);

fn outweighs(next: &Figure<'_>, held: &Figure<'_>) -> bool {
    let (new, old) = (next.count.best(), held.count.best());
    if new == old {
        return next.footing >= held.footing;
    }
    let official = next.footing == Footing::Official;
    if new > old {
        let slightly = new - old <= 2.max(old / 5);
        // "Up to 15" does not raise 12.
        let promises = !next.count.is_low_untold() || held.count.is_low_untold();
        return promises && (official || held.footing < Footing::Official || !slightly);
    }
    // "At least 20" does not take back 21.
    let takes_back = official && next.count.high().is_some();
    next.sighting.corrects
        || (takes_back && held.footing < Footing::Official)
        || (takes_back && next.at.duration_since(held.at) >= SETTLED)
}

/// Counts this much apart are two views of one moment and not a toll that moved.
const A_MOMENT: SignedDuration = SignedDuration::from_hours(1);

/// The figures that still stand beside the winner, and the winner: a toll that rises
/// leaves behind what was founded earlier and lower, and one that was put right what
/// it answers. What a group claims is answered by nobody.
fn standing<'f, 'a>(figures: &'f [Figure<'a>], winner: &'f Figure<'a>) -> Vec<&'f Figure<'a>> {
    let best = winner.count.best();
    let first = figures.iter().filter(|f| f.footing > Footing::Claim && f.count.best() == best);
    let since = first.map(|f| f.at).min().unwrap_or(winner.at);
    let left_behind = |f: &Figure<'_>| {
        let older = winner.at.duration_since(f.at);
        let officials = [f, winner].iter().all(|f| f.footing == Footing::Official);
        let answered = f.at < winner.at && winner.sighting.corrects
            || f.count.best() > best && officials && older >= SETTLED;
        let rose = f.count.best() < best && since.duration_since(f.at) >= A_MOMENT;
        f.footing > Footing::Claim && winner.footing > Footing::Claim && (answered || rose)
    };
    figures.iter().filter(|f| f.sighting == winner.sighting || !left_behind(f)).collect()
}

/// The trusted best, inside the least and the most that anybody says.
fn bounds(figures: &[&Figure<'_>], winner: &Figure<'_>) -> Count {
    let founded = || figures.iter().filter(|f| f.footing > Footing::Claim);
    let lows = founded().filter(|f| !f.count.is_low_untold()).map(|f| f.count.low());
    let low = match lows.min() {
        None if winner.footing == Footing::Claim => Some(0),
        low => low,
    };
    let most = |f: &&Figure<'_>| f.count.high().unwrap_or(f.count.best());
    let most_told = figures.iter().map(most).max().unwrap_or(0);
    // "At least 10" is closed by another voice's 12, not by another's 8.
    let open = founded().any(|f| f.count.high().is_none() && f.count.best() == most_told);
    let high = (most_told > winner.count.best() || !open).then_some(most_told);
    Count::around(low, winner.count.best(), high)
}

/// Whether a voice of equal weight that does not merely come earlier rules out
/// the winner's number.
fn is_disputed(figures: &[&Figure<'_>], winner: &Figure<'_>) -> bool {
    let floor = winner.footing.min(Footing::Told);
    figures.iter().any(|f| {
        let late_enough = f.at.duration_since(winner.at) > -SETTLED;
        let another = !are_one_origin(f.sighting, winner.sighting);
        another && f.footing >= floor && late_enough && exclude(&f.count, &winner.count)
    })
}

fn exclude(a: &Count, b: &Count) -> bool {
    let above = |x: &Count, y: &Count| y.high().is_some_and(|high| x.low() > high);
    above(a, b) || above(b, a)
}

/// The bounds of the whole, told by party as the most particular of those who
/// agree with the winner tells it. "16 people" and "16 soldiers" are 16.
fn split(
    figures: &[Figure<'_>],
    winner: &Figure<'_>,
    bounds: Count,
    outcome: Outcome,
    side: fn(Party) -> bool,
) -> Vec<Toll> {
    let cells = |f: &Figure<'_>| -> Vec<Toll> {
        let tolls = f.sighting.report.tolls.iter();
        tolls.filter(|t| t.outcome == outcome && side(t.party)).cloned().collect()
    };
    let unknown = |f: &Figure<'_>| {
        let cells = cells(f);
        cells.iter().filter(|t| t.party == Party::Unknown).map(|t| t.count.best()).sum::<u32>()
    };
    let agreeing = figures.iter().filter(|f| {
        f.count.best() == winner.count.best() && f.footing >= winner.footing.min(Footing::Told)
    });
    let source = agreeing
        .min_by_key(|f| (unknown(f), std::cmp::Reverse(settle::order(f.sighting))))
        .unwrap_or(winner);
    fit(cells(source), bounds)
}

/// Widens the largest cell until the cells add up to the bounds.
fn fit(mut cells: Vec<Toll>, bounds: Count) -> Vec<Toll> {
    cells.sort_by_key(|t| std::cmp::Reverse(t.count.best()));
    let Some((first, rest)) = cells.split_first_mut() else { return cells };
    let sum = |part: fn(&Count) -> u32| rest.iter().map(|t| part(&t.count)).sum::<u32>();
    let best = bounds.best().saturating_sub(sum(Count::best));
    let high = bounds.high().map(|h| h.saturating_sub(sum(|c| c.high().unwrap_or(c.best()))));
    let low = match bounds.is_low_untold() {
        true => None,
        false => Some(bounds.low().saturating_sub(sum(Count::low))),
    };
    first.count = Count::around(low, best, high);
    if high.is_some() {
        // The whole is closed, so no part stays open.
        for toll in rest {
            let count = toll.count;
            toll.count =
                Count::around(Some(count.low()), count.best(), count.high().or(Some(count.best())));
        }
    }
    cells
}
